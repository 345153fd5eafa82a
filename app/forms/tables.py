"""Tables and grids: fields with their labels, rows that run over pages, tables to fill in by hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from reportlab.platypus import Flowable

from app.forms.sheet import Language, Sheet
from app.forms.terms import BLANK_BELOW, NO, Term
from app.forms.text import (
    DIM,
    LINE,
    MM,
    SOFT,
    Align,
    PaperCanvas,
    Span,
    Style,
    TextLine,
    height_of,
    longest_word,
    measure,
    put,
    put_lines,
    wrap,
)

LEADING: Final = 1.32
_PAD: Final = 1.1 * MM
_CELL_LINES: Final = 12
_KEPT_WITH_SIGNATURES: Final = 2
_NUMBER_SHARE: Final = 9
_FIGURES_GAP: Final = 1.4 * MM
"""Air behind figures set to the right, or they run together with the words of the next column."""
_WIDEN: Final = 1.7
"""How much wider than declared a column may grow, so that no date, number or level in it is torn."""
_NARROWEST: Final = 0.65
"""How much of its declared width a column keeps, whatever the others need."""
_WORD: Final = re.compile(r"[^\s\u2e80-\U0010ffff]+")
"""A word of letters and figures; between ideographs a line may end anywhere."""
_ONE_WORD: Final = 4
"""So many ideographs of a label are read as one word: 序号, 份号, 核对相符."""
_SMALLER: Final = 0.78
"""A word too long for a row of fixed height is set smaller on two lines: who read a copy is not cut short."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label or labels one over the other, its share of the width, what stands in it."""

    label: Term | tuple[Term, ...]
    share: float
    value: Callable[[Any], str]
    align: Align = "left"
    scale: float = 1.0
    whole: bool = False
    """Whether each line in it is a number that is read as one, however many scripts it is written in."""
    to_sign: bool = False
    """Whether a hand writes in it: it gives none of its width to the others."""


def _sides(column: Column) -> float:
    """What stays free at both sides of a cell."""
    return 2 * _PAD + (_FIGURES_GAP if column.align == "right" else 0.0)


def _widest(texts: Iterable[str], style: Style, *, whole: bool) -> float:
    """The widest piece of a column's cells that should not be torn: a line of a number, else a word."""
    pieces = {piece for text in set(texts) for piece in (text.split("\n") if whole else _WORD.findall(text))}
    longest = max(map(len, pieces), default=0)
    width = measure if whole else _word
    return max((width(piece, style) for piece in pieces if len(piece) * 2 > longest), default=0.0)


def _word(word: str, style: Style) -> float:
    return longest_word((Span(word, style),))


class Rows(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """A table over as many pages as it needs: header repeated, a line that says the rest is blank, signatures kept.

    `head` is what may not be parted from the first row; `tail` what may not be parted from the last rows: nobody signs
    a page that shows nothing.
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
        least: float = 0.0,
        head: Flowable | None = None,
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
            *(
                ((str(index),) if numbered else ("",)) + ("",) * (len(self._columns) - 1)
                for index in range(len(lines) + 1, len(lines) + blank_rows + 1)
            ),
        ]
        self._least = max(least, 8 * MM if blank_rows else 5.4 * MM)
        self._head = head
        self.tail: list[Flowable] = []
        self.flowing = True
        self.page_height = 0.0
        self._measured_at = 0.0
        self._header: list[tuple[TextLine, ...]] = []
        self._cells: Sequence[list[tuple[TextLine, ...]]] = []
        self._heights: Sequence[float] = []
        self._edges: list[float] = []

    def _measure(self, width: float) -> None:
        if width == self._measured_at:
            return
        self._edges = [0.0]
        for share in self._shares(width):
            self._edges.append(self._edges[-1] + share)
        rooms = [
            end - start - _sides(column)
            for column, (start, end) in zip(self._columns, pairwise(self._edges), strict=True)
        ]
        self._header = [self._label(column, room) for column, room in zip(self._columns, rooms, strict=True)]
        self._cells = [
            [self._cell(text, room, style) for text, room, style in zip(texts, rooms, self._cell_styles, strict=True)]
            for texts in self._texts
        ]
        self._heights = [max(self._least, max(map(height_of, row)) + 2 * _PAD) for row in self._cells]
        self._measured_at = width

    @property
    def _cell_styles(self) -> list[Style]:
        return [Style(self._style.size * column.scale) for column in self._columns]

    def _cell(self, text: str, room: float, style: Style) -> tuple[TextLine, ...]:
        lines = wrap((Span(text, style),), room, self._most)
        if self._most > 1 or len(wrap((Span(text, style),), room, 2)) == 1:
            return lines
        return wrap((Span(text, Style(style.size * _SMALLER)),), room, 2)

    def _shares(self, width: float) -> list[float]:
        """The width of each column: as declared, but not so narrow that a word of its label or its cells is torn."""
        scale = width / sum(column.share for column in self._columns)
        wanted = [column.share * scale for column in self._columns]
        least = [
            have if column.to_sign else max(have * _NARROWEST, self._need(column, inside, have))
            for column, inside, have in zip(self._columns, self._longest_inside(), wanted, strict=True)
        ]
        short = sum(max(0.0, need - have) for need, have in zip(least, wanted, strict=True))
        spare = sum(max(0.0, have - need) for need, have in zip(least, wanted, strict=True))
        give, get = min(1.0, short / spare) if spare else 0.0, min(1.0, spare / short) if short else 0.0
        return [have + (need - have) * (get if have < need else give) for need, have in zip(least, wanted, strict=True)]

    def _need(self, column: Column, inside: float, have: float) -> float:
        """The width that tears no word of the label, nor of the cells as far as they may widen their column."""
        label = max(longest_word(self._label_spans(column)), self._short_labels(column))
        return max(label, min(inside, have * _WIDEN - _sides(column))) + _sides(column) + 0.2

    def _short_labels(self, column: Column) -> float:
        """The width of those of its labels that are one word."""
        if self._sheet.language is Language.EN:
            return 0.0
        terms = column.label if isinstance(column.label, tuple) else (column.label,)
        return max((measure(term.zh, self._label_style) for term in terms if len(term.zh) <= _ONE_WORD), default=0.0)

    def _longest_inside(self) -> list[float]:
        """The widest word in the cells of each column."""
        if self._most == 1 or not self._texts:
            return [0.0] * len(self._columns)
        return [
            _widest(texts, style, whole=column.whole)
            for column, texts, style in zip(
                self._columns, zip(*self._texts, strict=True), self._cell_styles, strict=True
            )
        ]

    def _label(self, column: Column, room: float) -> tuple[TextLine, ...]:
        return wrap(self._label_spans(column), room, 8)

    @property
    def _label_style(self) -> Style:
        return Style(self._style.size * 0.95, bold=self._sheet.language is not Language.BOTH)

    def _label_spans(self, column: Column) -> list[Span]:
        style = self._label_style
        terms = column.label if isinstance(column.label, tuple) else (column.label,)
        spans: list[Span] = []
        for index, term in enumerate(terms):
            both = self._sheet.spans(term, style, "\n")
            spans += [Span("\n", style), *both] if index else both
        return spans

    @property
    def _header_height(self) -> float:
        return max(map(height_of, self._header)) + 2 * _PAD

    def _above(self, width: float) -> float:
        """The room of what stands over the table."""
        return float(self._head.wrapOn(None, width, self.page_height)[1]) if self._head else 0.0

    @property
    def _mark_height(self) -> float:
        return 6 * MM if self._closed else 0.0

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """The room of the header, all rows, the closing line and the tail."""
        self._measure(width)
        self.width = width
        tail = sum(flowable.wrapOn(None, width, height)[1] for flowable in self.tail)
        self.height = self._above(width) + self._header_height + sum(self._heights) + self._mark_height + tail
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """As many rows as fit; the last ones wait for what is signed below them."""
        self._measure(width)
        fitting, used = 0, self._above(width) + self._header_height
        while fitting < len(self._heights) and used + self._heights[fitting] <= height:
            used += self._heights[fitting]
            fitting += 1
        kept = self._kept_with_tail(width)
        if fitting == len(self._heights) and kept == 0 and self.tail:
            return [self._part(0, fitting), *self.tail]
        fitting = min(fitting, len(self._heights) - kept)
        if fitting < 1:
            return []
        rest = self._part(fitting, len(self._heights))
        rest.tail = self.tail
        return [self._part(0, fitting, goes_on=True), rest]

    def _kept_with_tail(self, width: float) -> int:
        """How many of the last rows go to the next page with the tail: two, or fewer if that is more than a page."""
        tail = sum(flowable.wrapOn(None, width, self.page_height)[1] for flowable in self.tail)
        fixed = self._header_height + self._mark_height + tail
        for kept in range(min(_KEPT_WITH_SIGNATURES, len(self._heights)), 0, -1):
            if not self.page_height or fixed + sum(self._heights[-kept:]) <= self.page_height:
                return kept
        return 0

    def _part(self, start: int, end: int, *, goes_on: bool = False) -> Rows:
        part = Rows(
            self._sheet,
            self._columns,
            (),
            size=self._style.size,
            ruled=self._ruled,
            closed=self._closed and not goes_on,
            head=None if start else self._head,
        )
        part.flowing, part.page_height = self.flowing, self.page_height
        part._measured_at, part._edges, part._header = self._measured_at, self._edges, self._header
        part._texts, part._cells = self._texts[start:end], self._cells[start:end]
        part._heights = self._heights[start:end]
        return part

    def draw(self) -> None:
        """Draw the header, the rows, the closing line and the tail."""
        canvas = self.canv
        if not canvas.counting:
            self._draw_rows(canvas)
        top = self.height - self._above(self.width) - self._header_height - sum(self._heights) - self._mark_height
        for flowable in self.tail:
            flowable.wrapOn(canvas, self.width, top)
            top -= flowable.height
            flowable.drawOn(canvas, 0, top)

    def _draw_rows(self, canvas: PaperCanvas) -> None:
        top = self.height - self._above(self.width)
        if self._head:
            self._head.drawOn(canvas, 0, top)
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
                canvas.line(x, self.height - self._above(self.width), x, top)
        if self._closed:
            self._draw_mark(canvas, top)

    def _draw_row(
        self, canvas: PaperCanvas, cells: Sequence[tuple[TextLine, ...]], top: float, *, align_middle: bool = False
    ) -> None:
        tallest = max(map(height_of, cells))
        for column, lines, (start, end) in zip(self._columns, cells, pairwise(self._edges), strict=True):
            sink = (tallest - height_of(lines)) / 2 if align_middle else 0.0
            put_lines(canvas, lines, start + _PAD, top - _PAD - sink, end - start - _sides(column), column.align)

    def _draw_mark(self, canvas: PaperCanvas, top: float) -> None:
        text = self._sheet.say(BLANK_BELOW, " · ")
        y = top - self._mark_height * 0.62
        put(canvas, self.width / 2, y, f"——  {text}  ——", Style(7.6, DIM), "center")
