"""Tables and grids: fields with their labels, rows that run over pages, tables to fill in by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from app.forms.sheet import Language, Sheet
from app.forms.terms import BLANK_BELOW, NO, Term
from app.forms.text import DIM, INK, LINE, SOFT, Align, PaperCanvas, Span, Style, Text, TextLine, put, put_line, wrap

LEADING: Final = 1.32
_PAD: Final = 1.1 * mm
_CELL_LINES: Final = 12
_FIELD_LINES: Final = 16
_KEPT_WITH_SIGNATURES: Final = 2
_NUMBER_SHARE: Final = 9


def _height(lines: Sequence[TextLine]) -> float:
    return sum(line.size for line in lines) * LEADING


def _put_lines(
    canvas: PaperCanvas, lines: Sequence[TextLine], x: float, top: float, width: float, align: Align
) -> None:
    left = x + {"left": 0.0, "center": width / 2, "right": width}[align]
    for line in lines:
        put_line(canvas, left, top - line.size * (LEADING / 2 + 0.36), line, align)
        top -= line.size * LEADING


@dataclass(frozen=True, slots=True)
class Field:
    """A label and its value; an empty value leaves room to write."""

    label: Term
    value: str = ""
    wide: bool = False


class FieldRow(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """One line of a form: a wide field or two beside each other, over a hairline."""

    def __init__(
        self, sheet: Sheet, fields: Sequence[Field], label_share: float = 0.38, max_lines: int = _FIELD_LINES
    ) -> None:
        super().__init__()
        self._sheet, self._fields, self._share, self._most = sheet, fields, label_share, max_lines
        self._cells: list[tuple[tuple[TextLine, ...], tuple[TextLine, ...], float, float]] = []

    def wrap(self, width: float, _height_left: float) -> tuple[float, float]:
        """The room of the tallest field."""
        gap = 5 * mm
        column = (width - gap) / 2
        label_width = column * self._share
        self._cells = []
        for index, field in enumerate(self._fields):
            x = index * (column + gap)
            room = (width if field.wide else column) - label_width - 2 * mm
            label = wrap(self._sheet.spans(field.label, Style(8.2), "\u2002"), label_width, 4)
            value = wrap((Span(field.value, Style(9.4)),), room, self._most)
            self._cells.append((label, value, x, x + label_width + 2 * mm))
        self.width = width
        tallest = max(max(_height(label), _height(value)) for label, value, _, _ in self._cells)
        self.height = max(tallest + 2 * _PAD, 6.2 * mm)
        return width, self.height

    def draw(self) -> None:
        """Draw labels, values and the hairline to write on."""
        if self.canv.counting:
            return
        gap = 5 * mm
        column = (self.width - gap) / 2
        for field, (label, value, x, value_x) in zip(self._fields, self._cells, strict=True):
            end = self.width if field.wide else x + column
            top = self.height - _PAD
            _put_lines(self.canv, label, x, top - 0.8, value_x - x, "left")
            _put_lines(self.canv, value, value_x, top, end - value_x, "left")
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


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label or labels one over the other, its share of the width, what stands in it."""

    label: Term | tuple[Term, ...]
    share: float
    value: Callable[[Any], str]
    align: Align = "left"


class Rows(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """A table over as many pages as it needs: header repeated, a line that says the rest is blank, signatures kept.

    `tail` is what may not be parted from the last rows: nobody signs a page that shows nothing.
    """

    def __init__(  # noqa: PLR0913 - a table has this many sides
        self,
        sheet: Sheet,
        columns: Sequence[Column],
        lines: Sequence[Any],
        *,
        size: float = 8.0,
        blank_rows: int = 0,
        ruled: bool = False,
        closed: bool = True,
        numbered: bool = False,
        most_lines: int = _CELL_LINES,
    ) -> None:
        super().__init__()
        number = (Column(NO, _NUMBER_SHARE, lambda _line: ""),) if numbered else ()
        self._sheet, self._columns, self._style = sheet, (*number, *columns), Style(size)
        self._ruled, self._closed, self._most = ruled, closed, most_lines
        self._texts: Sequence[tuple[str, ...]] = [
            *(
                (*((str(index),) if numbered else ()), *(column.value(line) for column in columns))
                for index, line in enumerate(lines, 1)
            ),
            *(("",) * len(self._columns) for _ in range(blank_rows)),
        ]
        self._least = 8 * mm if blank_rows else 5.4 * mm
        self.tail: list[Flowable] = []
        self.flowing = True
        self._measured_at = 0.0
        self._header: list[tuple[TextLine, ...]] = []
        self._cells: Sequence[list[tuple[TextLine, ...]]] = []
        self._heights: Sequence[float] = []
        self._edges: list[float] = []

    def _measure(self, width: float) -> None:
        if width == self._measured_at:
            return
        scale = width / sum(column.share for column in self._columns)
        self._edges = [0.0]
        for column in self._columns:
            self._edges.append(self._edges[-1] + column.share * scale)
        rooms = [end - start - 2 * _PAD for start, end in pairwise(self._edges)]
        self._header = [self._label(column, room) for column, room in zip(self._columns, rooms, strict=True)]
        self._cells = [
            [wrap((Span(text, self._style),), room, self._most) for text, room in zip(texts, rooms, strict=True)]
            for texts in self._texts
        ]
        self._heights = [max(self._least, max(map(_height, row)) + 2 * _PAD) for row in self._cells]
        self._measured_at = width

    def _label(self, column: Column, room: float) -> tuple[TextLine, ...]:
        style = Style(self._style.size * 0.95, bold=self._sheet.language is not Language.BOTH)
        terms = column.label if isinstance(column.label, tuple) else (column.label,)
        spans: list[Span] = []
        for index, term in enumerate(terms):
            both = self._sheet.spans(term, style, "\n")
            spans += [Span("\n", style), *both] if index else both
        return wrap(spans, room, 8)

    @property
    def _header_height(self) -> float:
        return max(map(_height, self._header)) + 2 * _PAD

    @property
    def _mark_height(self) -> float:
        return 6 * mm if self._closed else 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The room of the header, all rows, the closing line and the tail."""
        self._measure(width)
        self.width = width
        tail = sum(flowable.wrapOn(None, width, height)[1] for flowable in self.tail)
        self.height = self._header_height + sum(self._heights) + self._mark_height + tail
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """As many rows as fit; the last ones wait for what is signed below them."""
        self._measure(width)
        fitting, used = 0, self._header_height
        while fitting < len(self._heights) and used + self._heights[fitting] <= height:
            used += self._heights[fitting]
            fitting += 1
        fitting = min(fitting, len(self._heights) - _KEPT_WITH_SIGNATURES)
        if fitting < 1:
            return []
        first, rest = self._part(0, fitting), self._part(fitting, len(self._heights))
        first._closed = False
        rest.tail = self.tail
        return [first, rest]

    def _part(self, start: int, end: int) -> Rows:
        part = Rows(self._sheet, self._columns, ())
        part.__dict__.update({key: value for key, value in self.__dict__.items() if key.startswith("_")})
        part.flowing = self.flowing
        part._texts, part._cells = self._texts[start:end], self._cells[start:end]
        part._heights = self._heights[start:end]
        return part

    def draw(self) -> None:
        """Draw the header, the rows, the closing line and the tail."""
        canvas = self.canv
        if not canvas.counting:
            self._draw_rows(canvas)
        top = self.height - self._header_height - sum(self._heights) - self._mark_height
        for flowable in self.tail:
            flowable.wrapOn(canvas, self.width, top)
            top -= flowable.height
            flowable.drawOn(canvas, 0, top)

    def _draw_rows(self, canvas: PaperCanvas) -> None:
        top = self.height
        canvas.setFillColor(SOFT)
        canvas.rect(0, top - self._header_height, self.width, self._header_height, stroke=0, fill=1)
        self._draw_row(canvas, self._header, top, align_middle=True)
        top -= self._header_height
        edges = [top]
        for cells, height in zip(self._cells, self._heights, strict=True):
            self._draw_row(canvas, cells, top)
            top -= height
            edges.append(top)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.4)
        for edge in edges:
            canvas.line(0, edge, self.width, edge)
        if self._ruled:
            for x in self._edges:
                canvas.line(x, self.height, x, top)
        if self._closed:
            self._draw_mark(canvas, top)

    def _draw_row(
        self, canvas: PaperCanvas, cells: Sequence[tuple[TextLine, ...]], top: float, *, align_middle: bool = False
    ) -> None:
        tallest = max(map(_height, cells))
        for column, lines, (start, end) in zip(self._columns, cells, pairwise(self._edges), strict=True):
            sink = (tallest - _height(lines)) / 2 if align_middle else 0.0
            _put_lines(canvas, lines, start + _PAD, top - _PAD - sink, end - start - 2 * _PAD, column.align)

    def _draw_mark(self, canvas: PaperCanvas, top: float) -> None:
        text = self._sheet.say(BLANK_BELOW, " · ")
        y = top - self._mark_height * 0.62
        put(canvas, self.width / 2, y, f"——  {text}  ——", Style(7.6, DIM), "center")


def heading(sheet: Sheet, term: Term, size: float = 9.5) -> Text:
    """A line over a part of the form."""
    spans = sheet.spans(term, Style(size, INK, bold=True), "\u2002")
    return Text(*spans, space_after=1 * mm)
