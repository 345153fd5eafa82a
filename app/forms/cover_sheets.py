"""Cover sheets: the Chinese one with its reading record on the back, and the coloured ones of the United States."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from reportlab.lib.units import mm
from reportlab.platypus import Flowable

from app.forms import sentences as s
from app.forms import terms as t
from app.forms.codes import bar_code_width, put_bar_code, qr_size
from app.forms.labels import ink_on
from app.forms.page import LEFT, RIGHT, footer
from app.forms.sheet import Drawn, Language, Sheet
from app.forms.tables import Column, Field, FieldRow, Rows, heading
from app.forms.terms import Term
from app.forms.text import DIM, INK, PaperCanvas, Span, Style, Text, put, put_within

COVER_COLOURS: Final = {"SF 703": "#F47B20", "SF 704": "#C8102E", "SF 705": "#1F4E9E"}
"""The orange, red and blue of the Standard Forms, as a house printer gives them; the words carry the level."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadingLine:
    """Who read the copy when; printed as far as known, signed by hand."""

    name: str
    department: str = ""
    read_at: str = ""
    returned: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventLine:
    """One event of the copy: received, lent, circulated, returned, inspected."""

    date: str
    event: str
    person: str = ""
    remark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CoverSheet:
    """What lies on top of one copy (domain.md 4.6)."""

    number: str
    code: str
    serial: str = ""
    mark: str = ""
    colour: str = INK
    copy: str = ""
    title: str = ""
    reference: str = ""
    originator: str = ""
    scope: str = ""
    pages: str = ""
    attachments: str = ""
    issued_to: str = ""
    date: str = ""
    lifts: str = ""
    may_copy: bool | None = None
    return_by: str = ""
    readers: tuple[ReadingLine, ...] = ()
    events: tuple[EventLine, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class UsCoverSheet:
    """A Standard Form cover sheet with the copy's particulars; everything on it is unclassified."""

    standard_form: str
    level: str
    number: str
    code: str
    copy: str = ""
    date: str = ""
    originator: str = ""
    short_title: str = ""
    caveats: str = ""
    pages: str = ""
    declassify_on: str = ""


def _canvas(sheet: Sheet, title: Term) -> tuple[BytesIO, PaperCanvas]:
    out = BytesIO()
    canvas = PaperCanvas(out, pagesize=sheet.size, invariant=1)
    canvas.setTitle(title.en)
    canvas.setAuthor("")
    canvas.setCreator("Custos")
    canvas.translate(*sheet.offset)
    return out, canvas


def _stack(canvas: PaperCanvas, flowables: Sequence[Flowable], x: float, top: float, width: float) -> float:
    """Draw flowables one below the other; gives where the last one ends."""
    for flowable in flowables:
        _, height = flowable.wrapOn(canvas, width, top)
        flowable.drawOn(canvas, x, top - height)
        top -= height + flowable.getSpaceAfter()
    return top


def draw_cover_sheet(content: CoverSheet, sheet: Sheet) -> Drawn:
    """Front: 份号 and mark at the top left, particulars, copying rule. Back: who read it, what happened to it."""
    out, canvas = _canvas(sheet, t.COVER_SHEET)
    _front(canvas, content, sheet)
    canvas.showPage()
    canvas.translate(*sheet.offset)
    _back(canvas, content, sheet)
    canvas.showPage()
    canvas.save()
    return Drawn(out.getvalue(), tuple(sorted(canvas.missing)), 2)


def _foot(sheet: Sheet) -> float:
    return 8 * mm + max(qr_size(sheet.anchor.qr) if sheet.anchor else 0.0, 16 * mm) + 1.5 * mm


def _front(canvas: PaperCanvas, content: CoverSheet, sheet: Sheet) -> None:
    width, height = sheet.size
    bottom = _foot(sheet) + 4 * mm
    _frame(canvas, content.colour, width, height, bottom)
    left, right = 20 * mm, width - 20 * mm
    top = height - 22 * mm
    serial_room = right - left - 44 * mm
    put_within(canvas, left, top, content.serial, serial_room, Style(12))
    put_within(
        canvas, left, top - 8 * mm, content.mark, serial_room, Style(18, content.colour, bold=True), smallest=0.5
    )
    if content.copy:
        text = sheet.say(Term(f"Copy {content.copy}", f"份号 {content.copy}"), " · ")
        put_within(canvas, right, top, text, 80 * mm, Style(9.5), "right")
    put_bar_code(canvas, content.code, right - bar_code_width(content.code) + 2 * mm, top - 17.5 * mm, 15 * mm)
    middle = (left + right) / 2
    both = sheet.language is Language.BOTH
    put(canvas, middle, top - 37 * mm, t.COVER_SHEET.zh if both else sheet.say(t.COVER_SHEET), Style(26), "center")
    if both:
        put(canvas, middle, top - 44 * mm, t.COVER_SHEET.en.upper(), Style(9, DIM), "center")
    warning = Text(Span(sheet.say(s.COVER_WARNING, "\n"), Style(10, content.colour, bold=True)), align="center")
    y = _stack(canvas, [warning], left, top - 49 * mm, right - left) - 4 * mm
    _stack(canvas, _cover_fields(content, sheet), left + 4 * mm, y, right - left - 8 * mm)
    foot = Text(Span(sheet.say(s.COVER_STAYS, "\n"), Style(7.6, DIM)), align="center")
    _, tall = foot.wrapOn(canvas, right - left, 30 * mm)
    foot.drawOn(canvas, left, bottom + 5 * mm)
    del tall
    footer(canvas, sheet, width, _foot(sheet), 1, 2)


def _frame(canvas: PaperCanvas, colour: str, width: float, height: float, bottom: float) -> None:
    canvas.setStrokeColor(colour)
    for inset, line in ((12 * mm, 2.4), (14 * mm, 0.7)):
        canvas.setLineWidth(line)
        low = bottom + inset - 12 * mm
        canvas.rect(inset, low, width - 2 * inset, height - inset - low, stroke=1, fill=0)


def _cover_fields(content: CoverSheet, sheet: Sheet) -> list[Flowable]:
    copying = (
        "" if content.may_copy is None else sheet.say(t.COPYING_ALLOWED if content.may_copy else t.COPYING_FORBIDDEN)
    )
    fields = (
        (t.SHORT_TITLE, content.title, 3),
        (t.REFERENCE, content.reference, 1),
        (t.CONTROL_NUMBER, content.number, 1),
        (t.ORIGINATOR, content.originator, 1),
        (t.SCOPE, content.scope, 3),
        (t.PAGES_ATTACHMENTS, " / ".join(filter(None, (content.pages, content.attachments))), 1),
        (t.ISSUED_TO, content.issued_to, 1),
        (t.ISSUED_ON, content.date, 1),
        (t.LIFTS_ON, content.lifts, 1),
        (t.COPYING, copying, 1),
        (t.RETURN_BY, content.return_by, 1),
    )
    return [FieldRow(sheet, [Field(label, value, wide=True)], 0.62, max_lines=most) for label, value, most in fields]


def _back(canvas: PaperCanvas, content: CoverSheet, sheet: Sheet) -> None:
    width, height = sheet.size
    room = width - LEFT - RIGHT
    readers = (
        Column(t.NAME, 26, lambda line: line.name),
        Column(t.DEPARTMENT, 30, lambda line: line.department),
        Column(t.READ_AT, 32, lambda line: line.read_at),
        Column(t.SIGNATURE, 28, lambda _line: ""),
        Column(t.RETURNED_ON, 26, lambda line: line.returned),
        Column(t.RECEIVERS_SIGNATURE, 28, lambda _line: ""),
    )
    events = (
        Column(t.DATE, 26, lambda line: line.date),
        Column(t.EVENT, 50, lambda line: sheet.word(line.event)),
        Column(t.PERSON, 34, lambda line: line.person),
        Column(t.SIGNATURE, 30, lambda _line: ""),
        Column(t.REMARKS, 30, lambda line: line.remark),
    )
    head = " · ".join(filter(None, (content.mark, content.number, content.copy)))
    put_within(canvas, LEFT, height - 14 * mm, head, room, Style(9, content.colour, bold=True))
    _stack(
        canvas,
        [
            heading(sheet, t.READING_RECORD, 12),
            _hand_table(sheet, readers, content.readers[-12:], 12),
            heading(sheet, t.REGISTER_EVENTS, 12),
            _hand_table(sheet, events, content.events[-7:], 7),
        ],
        LEFT,
        height - 18 * mm,
        room,
    )
    footer(canvas, sheet, width, _foot(sheet), 2, 2)


def _hand_table(sheet: Sheet, columns: Sequence[Column], lines: Sequence[Any], rows: int) -> Rows:
    return Rows(
        sheet, columns, lines, size=8, blank_rows=max(0, rows - len(lines)), ruled=True, closed=False, most_lines=2
    )


def draw_us_cover_sheet(content: UsCoverSheet, sheet: Sheet) -> Drawn:
    """The coloured border with the level above and below, and the copy's particulars inside."""
    out, canvas = _canvas(sheet, t.COVER_SHEET)
    width, height = sheet.size
    colour = COVER_COLOURS[content.standard_form]
    side, band = 16 * mm, 27 * mm
    canvas.setFillColor(colour)
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    canvas.setFillColor("#FFFFFF")
    canvas.rect(side, band, width - 2 * side, height - 2 * band, stroke=0, fill=1)
    for y in (height - band * 0.62, band * 0.38):
        put_within(
            canvas, width / 2, y, content.level, width - 2 * side, Style(32, ink_on(colour), bold=True), "center"
        )
    left, room, middle = side + 20 * mm, width - 2 * side - 40 * mm, width / 2
    heading_ink = colour if ink_on(colour) == "#FFFFFF" else INK
    put_within(canvas, middle, height - band - 22 * mm, s.US_COVER, room, Style(21, heading_ink, bold=True), "center")
    put_within(canvas, middle, height - band - 31 * mm, s.US_COVER_FOR, room, Style(12, heading_ink), "center")
    words = Text(Span(s.US_COVER_DUTY, Style(10.5)), align="center", leading=1.5)
    y = _stack(canvas, [words], left, height - band - 41 * mm, room) - 6 * mm
    fields = (
        (t.CONTROL_NUMBER, content.number, 1),
        (t.COPY_WORD, content.copy, 1),
        (t.MATERIAL_DATE, content.date, 1),
        (t.ORIGINATOR, content.originator, 2),
        (t.UNCLASSIFIED_TITLE, content.short_title, 3),
        (t.CAVEATS, content.caveats, 2),
        (t.PAGES, content.pages, 1),
        (t.DECLASSIFY_ON, content.declassify_on, 1),
    )
    rows = [FieldRow(sheet, [Field(label, value, wide=True)], 0.7, max_lines=most) for label, value, most in fields]
    _stack(canvas, rows, left, y, room)
    put_bar_code(canvas, content.code, middle - bar_code_width(content.code) / 2, band + 24 * mm, 16 * mm)
    _us_foot(canvas, content, sheet, left, room, band)
    canvas.showPage()
    canvas.save()
    return Drawn(out.getvalue(), tuple(sorted(canvas.missing)), 1)


def _us_foot(  # noqa: PLR0913 - a place and what stands there
    canvas: PaperCanvas, content: UsCoverSheet, sheet: Sheet, left: float, room: float, band: float
) -> None:
    """The number of the form, and where the book stood; its code would not be seen on the colour."""
    middle = left + room / 2
    put_within(canvas, middle, band + 15 * mm, s.COVER_STAYS.en, room, Style(7.6, DIM), "center")
    printed = t.REPRINTED if sheet.reprint else t.PRINTED
    at = f"{sheet.say(printed)} {sheet.printed_at:%Y-%m-%d %H:%M} · {sheet.printed_by}"
    anchor = f"{sheet.say(t.ENTRY)} {sheet.anchor.seq} · {sheet.anchor.text}" if sheet.anchor else ""
    put_within(
        canvas,
        middle,
        band + 10 * mm,
        " · ".join(filter(None, (anchor, at))),
        room + 24 * mm,
        Style(6.8, DIM),
        "center",
    )
    put_within(
        canvas,
        middle,
        band + 5 * mm,
        f"After Standard Form {content.standard_form[3:]}",
        room,
        Style(6.8, DIM),
        "center",
    )
