"""Fields of a form: a label and its value over a hairline, and headings over parts of the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.platypus import Flowable

from app.forms.paragraph import Text
from app.forms.sheet import Sheet
from app.forms.terms import Term
from app.forms.text import INK, LINE, MM, Span, Style, TextLine, height_of, measure, put_lines, wrap

_PAD: Final = 1.1 * MM
_FIELD_LINES: Final = 16


@dataclass(frozen=True, slots=True)
class Field:
    """A label and its value; an empty value leaves room to write."""

    label: Term
    value: str = ""
    wide: bool = False


class FieldRow(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """One line of a form: a wide field or two beside each other, over a hairline."""

    def __init__(
        self,
        sheet: Sheet,
        fields: Sequence[Field],
        label_share: float = 0.38,
        max_lines: int = _FIELD_LINES,
        size: float = 9.4,
    ) -> None:
        super().__init__()
        self._sheet, self._fields, self._share = sheet, fields, label_share
        self._most, self._size = max_lines, size
        self._cells: list[tuple[tuple[TextLine, ...], tuple[TextLine, ...], float, float]] = []

    def wrap(self, width: float, _height_left: float) -> tuple[float, float]:
        """The room of the tallest field."""
        gap = 5 * MM
        column = (width - gap) / 2
        label_width = column * self._share
        self._cells = []
        for index, field in enumerate(self._fields):
            x = index * (column + gap)
            room = (width if field.wide else column) - label_width - 2 * MM
            label = wrap(self._label(field.label, label_width), label_width, 4)
            value = wrap((Span(field.value, Style(self._size)),), room, self._most)
            self._cells.append((label, value, x, x + label_width + 2 * MM))
        self.width = width
        tallest = max(max(height_of(label), height_of(value)) for label, value, _, _ in self._cells)
        self.height = max(tallest + 2 * _PAD, self._size * 1.87)
        return width, self.height

    def _label(self, term: Term, room: float) -> tuple[Span, ...]:
        """The label; its English goes below the Chinese where both do not fit beside each other."""
        style = Style(self._size * 0.87)
        spans = self._sheet.spans(term, style, "\u2002")
        fits = sum(measure(span.text, span.style) for span in spans) <= room
        return spans if fits else self._sheet.spans(term, style, "\n")

    def draw(self) -> None:
        """Draw labels, values and the hairline to write on."""
        if self.canv.counting:
            return
        gap = 5 * MM
        column = (self.width - gap) / 2
        for field, (label, value, x, value_x) in zip(self._fields, self._cells, strict=True):
            end = self.width if field.wide else x + column
            top = self.height - _PAD
            put_lines(self.canv, label, x, top - 0.8, value_x - x, "left")
            put_lines(self.canv, value, value_x, top, end - value_x, "left")
            self.canv.setStrokeColor(LINE)
            self.canv.setLineWidth(0.4)
            self.canv.line(x, 0, end, 0)


def field_rows(sheet: Sheet, fields: Sequence[Field], label_share: float = 0.38) -> list[Flowable]:
    """The fields in their order, two to a line, wide ones and long ones on their own."""
    rows: list[Flowable] = []
    waiting: list[Field] = []
    for field in fields:
        if field.wide:
            if waiting:
                rows.append(FieldRow(sheet, waiting, label_share))
            rows.append(FieldRow(sheet, [field], label_share))
            waiting = []
            continue
        waiting.append(field)
        if len(waiting) == 2:
            rows.append(FieldRow(sheet, waiting, label_share))
            waiting = []
    if waiting:
        rows.append(FieldRow(sheet, waiting, label_share))
    return rows


def heading(sheet: Sheet, term: Term, size: float = 9.5) -> Text:
    """A line over a part of the form."""
    spans = sheet.spans(term, Style(size, INK, bold=True), "\u2002")
    text = Text(*spans, space_after=1 * MM)
    text.keepWithNext = True
    return text
