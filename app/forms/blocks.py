"""Blocks that forms share: totals in figures and words, differences, boxes to sign in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reportlab.platypus import Flowable, Spacer

from app.forms import terms as t
from app.forms.fields import heading
from app.forms.lines import CarrierLine, Difference, Signature, Sum, sum_of, sums_by_kind, sums_by_level
from app.forms.paragraph import Text
from app.forms.sheet import Sheet
from app.forms.tables import Column, Rows
from app.forms.terms import Term
from app.forms.text import (
    DIM,
    INK,
    LEADING,
    LINE,
    MM,
    NOTE,
    PaperCanvas,
    Span,
    Style,
    TextLine,
    measure,
    put_line,
    put_within,
    wrap,
)

_BOX: Final = 23 * MM
_GAP: Final = 3 * MM
_PAD: Final = 1.8 * MM
_BOX_LINES: Final = 10
_NAME_LINE: Final = 4 * MM
_ROLE: Final = Style(8.4, bold=True)
_ROLE_SMALLEST: Final = 0.8
_NAME: Final = Style(8.6, DIM)
_STAMPED: Final = frozenset({"unit_seal", "receipt_back"})
"""Boxes that take a stamp instead of a hand."""
_SIGNED_AND_SEALED: Final = frozenset({"giving_head", "receiving_head"})
"""Boxes of a deed: the head of each unit signs, and the unit seals (domain.md 4.19)."""


class Boxes(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """Boxes to sign in, side by side; a signature given at the desk is printed with its time."""

    def __init__(self, sheet: Sheet, signatures: Sequence[Signature], across: int = 3, *, fixed: bool = False) -> None:
        super().__init__()
        self._sheet, self._signatures = sheet, signatures
        self._across = across if fixed else min(across, max(1, len(signatures)))
        self._texts: list[tuple[TextLine, ...]] = []
        self._named_below: list[bool] = []
        self._heights: list[float] = []

    @property
    def _box_width(self) -> float:
        return (self.width - (self._across - 1) * _GAP) / self._across

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """As high as the longest opinion in each row needs."""
        self.width = width
        room = self._box_width - 2 * _PAD
        self._texts = [wrap(self._words(one), room, _BOX_LINES) for one in self._signatures]
        self._named_below = [self._needs_two_lines(one, room) for one in self._signatures]
        heights = [
            _BOX + sum(line.size for line in lines) * LEADING - 3 * MM + below * _NAME_LINE
            for lines, below in zip(self._texts, self._named_below, strict=True)
        ]
        rows = range(0, len(heights), self._across)
        self._heights = [max(_BOX, *heights[row : row + self._across]) for row in rows]
        self.height = sum(self._heights) + _GAP * len(self._heights)
        return width, self.height

    def _needs_two_lines(self, one: Signature, room: float) -> bool:
        """Whether role and name would be cut if they stood on one line; then the name stands below."""
        role = measure(self._sheet.word(one.role), _ROLE) * _ROLE_SMALLEST
        return bool(one.name) and role + measure(one.name, _NAME) + _PAD > room

    def split(self, width: float, height: float) -> list[Flowable]:
        """Whole rows of boxes that fit, and the rest."""
        self.wrap(width, height)
        fitting, used = 0, 0.0
        while fitting < len(self._heights) and used + self._heights[fitting] + _GAP <= height:
            used += self._heights[fitting] + _GAP
            fitting += 1
        if fitting in {0, len(self._heights)}:
            return []
        cut = fitting * self._across
        parts = (self._signatures[:cut], self._signatures[cut:])
        return [Boxes(self._sheet, part, self._across, fixed=True) for part in parts]

    def _words(self, one: Signature) -> tuple[Span, ...]:
        spans = [Span(one.opinion, Style(8.4))] if one.opinion else []
        if one.signed:
            text = f"{self._sheet.say(t.SIGNED_AT_DESK)} {one.signed}"
            spans.append(Span(("\n" if spans else "") + text, Style(7.4, INK)))
        return tuple(spans)

    def draw(self) -> None:
        """Draw the boxes row by row."""
        if self.canv.counting:
            return
        top = self.height
        for row, height in enumerate(self._heights):
            for place in range(self._across):
                index = row * self._across + place
                if index < len(self._signatures):
                    self._draw_box(self.canv, index, place * (self._box_width + _GAP), top, height)
            top -= height + _GAP

    def _draw_box(self, canvas: PaperCanvas, index: int, x: float, top: float, height: float) -> None:
        one, width = self._signatures[index], self._box_width
        canvas.setStrokeColor(DIM)
        canvas.setLineWidth(0.5)
        canvas.rect(x, top - height, width, height, stroke=1, fill=0)
        role = self._sheet.word(one.role)
        inner = width - 2 * _PAD
        below = self._named_below[index]
        beside = 0.0 if below or not one.name else measure(one.name, _NAME) + _PAD
        put_within(canvas, x + _PAD, top - 4.2 * MM, role, inner - beside, _ROLE, smallest=_ROLE_SMALLEST)
        y = top - 6.2 * MM
        if below:
            y -= _NAME_LINE
            put_within(canvas, x + _PAD, top - 4.2 * MM - _NAME_LINE, one.name, inner, _NAME)
        else:
            put_within(canvas, x + width - _PAD, top - 4.2 * MM, one.name, beside, _NAME, "right")
        for line in self._texts[index]:
            put_line(canvas, x + _PAD, y - line.size * (LEADING / 2 + 0.36), line)
            y -= line.size * LEADING
        foot = top - height + 2 * MM
        hand = t.SIGN_AND_SEAL if one.role in _SIGNED_AND_SEALED else t.SIGN_HERE
        cells = (hand, t.DATE) if one.role not in _STAMPED else (t.SEAL_HERE, t.DATE)
        put_within(canvas, x + _PAD, foot, self._sheet.say(cells[0]), inner * 0.5, NOTE, smallest=0.6)
        put_within(canvas, x + width * 0.6, foot, self._sheet.say(cells[1]), width * 0.18, NOTE, smallest=0.6)
        if one.place:
            put_within(canvas, x + _PAD, foot + 3.4 * MM, one.place, inner, NOTE)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.4)
        canvas.line(x + _PAD, foot + 3 * MM, x + width - _PAD, foot + 3 * MM)


def signatures(sheet: Sheet, boxes: Sequence[Signature], across: int = 3) -> list[Flowable]:
    """The boxes under some air; nothing when nobody signs."""
    return [Spacer(1, 3 * MM), Boxes(sheet, boxes, across)] if boxes else []


def totals(sheet: Sheet, lines: Sequence[CarrierLine]) -> list[Flowable]:
    """What the list adds up to, by level and by kind, in figures and in words."""
    everything = sum_of(lines)
    sums = [*sums_by_level(lines), *sums_by_kind(lines), everything]
    columns = (
        Column(t.SUM_OF, 34, lambda one: sheet.word(one.name)),
        Column(t.ITEMS, 18, lambda one: str(one.items), "right"),
        Column(t.ITEMS_IN_WORDS, 60, lambda one: sheet.count(one.items, t.ITEM)),
        Column(t.PAGES, 18, lambda one: str(one.pages) if one.paged else "—", "right"),
        Column(t.PAGES_IN_WORDS, 66, lambda one: pages_in_words(sheet, one)),
    )
    table = Rows(sheet, columns, sums, size=7.8, closed=False)
    table.flowing = False
    return [Spacer(1, 2 * MM), heading(sheet, t.TOTALS), table]


def pages_in_words(sheet: Sheet, one: Sum) -> str:
    """The pages in words, and how many items have none on record: an unknown number is not zero."""
    words = [sheet.count(one.pages, t.PAGE)] if one.paged else []
    if one.unpaged:
        words.append(
            sheet.say(
                Term(f"pages not on record: {one.unpaged} {t.ITEM.of(one.unpaged)}", f"{one.unpaged}件未登记页数"),
                " · ",
            )
        )
    return sheet.listed(words, clauses=True) or "—"


def pages_in_figures_and_words(sheet: Sheet, one: Sum) -> str:
    """The same with the figure before it; no figure where nobody wrote down the pages."""
    words = pages_in_words(sheet, one)
    return f"{one.pages} ({words})" if one.paged else words


def differences(sheet: Sheet, found: Sequence[Difference]) -> list[Flowable]:
    """What does not agree and why; an empty list is said in words, so that nobody adds to it later."""
    if not found:
        return [Spacer(1, 2 * MM), labelled(sheet, t.DIFFERENCES, sheet.say(t.NONE))]
    columns = (
        Column(t.DIFFERENCE, 30, lambda one: sheet.word(one.kind)),
        Column(t.CONTROL_NUMBER, 40, lambda one: one.number, whole=True),
        Column(t.FOUND, 44, lambda one: one.found),
        Column(t.EXPLANATION, 74, lambda one: one.explanation),
    )
    table = Rows(sheet, columns, found, size=7.8, closed=False, numbered=True)
    table.flowing = False
    return [Spacer(1, 2 * MM), heading(sheet, t.DIFFERENCES), table]


def labelled(sheet: Sheet, label: Term, text: str, max_lines: int = 30) -> Text:
    """A label and running text that wraps in the frame."""
    spans = (*sheet.spans(label, Style(8.6, bold=True)), Span("\u3000" + text, Style(8.6)))
    return Text(*spans, max_lines=max_lines, space_before=1.5 * MM, space_after=1 * MM)


def note(sheet: Sheet, term: Term, style: Style = NOTE) -> Text:
    """A sentence of the form itself, Chinese over English where both are asked for."""
    return Text(Span(sheet.say(term, "\n"), style), space_before=1 * MM, space_after=1 * MM)
