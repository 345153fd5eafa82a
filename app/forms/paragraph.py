"""Text as a block of a page: it wraps in its frame and may be parted between lines."""

from __future__ import annotations

from reportlab.platypus import Flowable

from app.forms.text import Align, PaperCanvas, Span, TextLine, put_line, wrap


class Text(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """Text that wraps in its frame, in one style or several."""

    def __init__(
        self,
        *spans: Span | str,
        align: Align = "left",
        leading: float = 1.32,
        max_lines: int = 400,
        space_before: float = 0,
        space_after: float = 0,
    ) -> None:
        super().__init__()
        self.spans = tuple(Span(span) if isinstance(span, str) else span for span in spans)
        self.align = align
        self.leading = leading
        self.max_lines = max_lines
        self._before, self._after = space_before, space_after
        self._lines: tuple[TextLine, ...] = ()

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """The room the text takes at that width."""
        self._lines = wrap(self.spans, width, self.max_lines)
        self.width = width
        self.height = self._before + sum(line.size for line in self._lines) * self.leading + self._after
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """The lines that fit and the rest."""
        self.wrap(width, height)
        fitting, used = 0, self._before
        while fitting < len(self._lines) and used + self._lines[fitting].size * self.leading <= height:
            used += self._lines[fitting].size * self.leading
            fitting += 1
        if fitting in (0, len(self._lines)):
            return []
        return [_TextLines(self, self._lines[:fitting]), _TextLines(self, self._lines[fitting:])]

    def draw(self) -> None:
        """Draw the wrapped lines."""
        self.draw_at(self.canv, 0.0, self.height)

    def draw_at(self, canvas: PaperCanvas, x: float, top: float) -> None:
        """Draw the wrapped lines below `top`."""
        left = x + {"left": 0.0, "center": self.width / 2, "right": self.width}[self.align]
        top -= self._before
        for line in self._lines:
            put_line(canvas, left, top - line.size * (self.leading / 2 + 0.36), line, self.align)
            top -= line.size * self.leading


class _TextLines(Text):
    """Lines already measured, on their side of a page break."""

    def __init__(self, text: Text, lines: tuple[TextLine, ...]) -> None:
        super().__init__(*text.spans, align=text.align, leading=text.leading)
        self._lines = lines

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        self.height = sum(line.size for line in self._lines) * self.leading
        return width, self.height
