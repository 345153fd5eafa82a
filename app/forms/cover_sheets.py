"""Cover sheets: the Chinese one with its reading record on the back, and the coloured ones of the United States."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from reportlab.platypus import Flowable, Spacer

from app.forms import sentences as s
from app.forms import terms as t
from app.forms.blocks import note
from app.forms.codes import bar_code_width, put_bar_code, qr_size
from app.forms.fields import Field, FieldRow, heading
from app.forms.labels import ink_on
from app.forms.page import LEFT, RIGHT, footer
from app.forms.paragraph import Text
from app.forms.sheet import Drawn, Language, Sheet
from app.forms.tables import Column, Rows
from app.forms.terms import Term
from app.forms.text import DIM, INK, MM, PaperCanvas, Span, Style, begun, put, put_within

_READERS: Final = 15
_EVENTS: Final = 7


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
    caveats: str = ""
    may_copy: bool | None = None
    return_by: str = ""
    readers: tuple[ReadingLine, ...] = ()
    everybody_signs: bool = False
    """Whether the regime has everybody written down who comes to know it."""
    events: tuple[EventLine, ...] = ()


KEPT_COLOURS: Final = {"SF 703": "#F47B20", "SF 704": "#C8102E", "SF 705": "#1F4E9E"}
"""What such a sheet was drawn in when it was signed; a reprint is no other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UsCoverSheet:
    """A Standard Form cover sheet with the copy's particulars; everything on it is unclassified."""

    standard_form: str
    level: str
    number: str
    code: str
    colour: str = ""
    """Empty on one that was kept before the regime said it; then it is the colour of the Standard Form."""
    copy: str = ""
    date: str = ""
    originator: str = ""
    short_title: str = ""
    caveats: str = ""
    pages: str = ""
    declassify_on: str = ""


def _stack(canvas: PaperCanvas, flowables: Sequence[Flowable], x: float, top: float, width: float) -> float:
    """Draw flowables one below the other; gives where the last one ends."""
    for flowable in flowables:
        _, height = flowable.wrapOn(canvas, width, top)
        flowable.drawOn(canvas, x, top - height)
        top -= height
    return top


def draw_cover_sheet(content: CoverSheet, sheet: Sheet) -> Drawn:
    """Front: 份号 and mark at the top left, particulars, copying rule. Back: who read it, what happened to it."""
    out, canvas = begun(t.COVER_SHEET.en, sheet.size)
    canvas.translate(*sheet.offset)
    backs = max(1, -(-len(content.readers) // _READERS), -(-len(content.events) // _EVENTS))
    _front(canvas, content, sheet, backs + 1)
    canvas.showPage()
    for page in range(1, backs + 1):
        canvas.translate(*sheet.offset)
        _back(canvas, content, sheet, page, backs + 1)
        canvas.showPage()
    canvas.save()
    return Drawn(out.getvalue(), tuple(sorted(canvas.missing)), backs + 1)


def _foot(sheet: Sheet) -> float:
    return 8 * MM + max(qr_size(sheet.anchor.qr) if sheet.anchor else 0.0, 16 * MM) + 1.5 * MM


def _front(canvas: PaperCanvas, content: CoverSheet, sheet: Sheet, pages: int) -> None:
    width, height = sheet.size
    bottom = _foot(sheet) + 4 * MM
    _frame(canvas, content.colour, width, height, bottom)
    left, right = 20 * MM, width - 20 * MM
    top = height - 22 * MM
    serial_room = right - left - 44 * MM
    put_within(canvas, left, top, content.serial, (right - left) * 0.48, Style(12))
    put_within(
        canvas, left, top - 8 * MM, content.mark, serial_room, Style(18, content.colour, bold=True), smallest=0.5
    )
    if content.copy:
        text = sheet.say(Term(f"Copy {content.copy}", f"份号 {content.copy}"), " · ")
        put_within(canvas, right, top, text, (right - left) * 0.48, Style(9.5), "right")
    put_bar_code(canvas, content.code, right - bar_code_width(content.code) + 2 * MM, top - 17.5 * MM, 15 * MM)
    middle = (left + right) / 2
    both = sheet.language is Language.BOTH
    put(canvas, middle, top - 37 * MM, t.COVER_SHEET.zh if both else sheet.say(t.COVER_SHEET), Style(26), "center")
    if both:
        put(canvas, middle, top - 44 * MM, t.COVER_SHEET.en.upper(), Style(9, DIM), "center")
    warning = Text(Span(sheet.say(s.COVER_WARNING, "\n"), Style(10, content.colour, bold=True)), align="center")
    y = _stack(canvas, [warning], left, top - 49 * MM, right - left) - 4 * MM
    _stack(
        canvas,
        _cover_fields(content, sheet, right - left - 8 * MM, y - bottom - 16 * MM),
        left + 4 * MM,
        y,
        right - left - 8 * MM,
    )
    foot = Text(Span(sheet.say(s.COVER_STAYS, "\n"), Style(7.6, DIM)), align="center")
    foot.wrapOn(canvas, right - left, 30 * MM)
    foot.drawOn(canvas, left, bottom + 5 * MM)
    footer(canvas, sheet, width, _foot(sheet), 1, pages)


def _frame(canvas: PaperCanvas, colour: str, width: float, height: float, bottom: float) -> None:
    canvas.setStrokeColor(colour)
    for inset, line in ((12 * MM, 2.4), (14 * MM, 0.7)):
        canvas.setLineWidth(line)
        low = bottom + inset - 12 * MM
        canvas.rect(inset, low, width - 2 * inset, height - inset - low, stroke=1, fill=0)


def _cover_fields(content: CoverSheet, sheet: Sheet, width: float, height: float) -> list[Flowable]:
    """The particulars in full; where all of them are long, each is cut to what the page has room for."""
    copying = (
        "" if content.may_copy is None else sheet.say(t.COPYING_ALLOWED if content.may_copy else t.COPYING_FORBIDDEN)
    )
    fields = (
        (t.SHORT_TITLE, content.title, 3),
        (t.REFERENCE, content.reference, 2),
        (t.CONTROL_NUMBER, content.number, 2),
        (t.ORIGINATOR, content.originator, 3),
        (t.SCOPE, content.scope, 8),
        (t.PAGES_ATTACHMENTS, " / ".join(filter(None, (content.pages, content.attachments))), 1),
        (t.ISSUED_TO, content.issued_to, 3),
        (t.ISSUED_ON, content.date, 1),
        (t.LIFTS_ON, content.lifts, 1),
        *(((t.CAVEATS, content.caveats, 2),) if content.caveats else ()),
        (t.COPYING, copying, 1),
        (t.RETURN_BY, content.return_by, 1),
    )
    for lines in (8, 3, 2, 1):
        rows: list[Flowable] = [
            FieldRow(sheet, [Field(label, value, wide=True)], 0.62, min(most, lines), 10.8)
            for label, value, most in fields
        ]
        if sum(row.wrap(width, height)[1] for row in rows) <= height:
            break
    return rows


def _back(canvas: PaperCanvas, content: CoverSheet, sheet: Sheet, page: int, pages: int) -> None:
    width, height = sheet.size
    room = width - LEFT - RIGHT
    readers = (
        Column(t.NAME, 32, lambda line: line.name),
        Column(t.DEPARTMENT, 31, lambda line: line.department),
        Column(t.READ_AT, 28, lambda line: line.read_at),
        Column(t.SIGNATURE, 27, lambda _line: "", to_sign=True),
        Column(t.RETURNED_ON, 23, lambda line: line.returned),
        Column(t.RECEIVERS_SIGNATURE, 29, lambda _line: "", to_sign=True),
    )
    events = (
        Column(t.DATE, 26, lambda line: line.date),
        Column(t.EVENT, 50, lambda line: sheet.word(line.event)),
        Column(t.PERSON, 34, lambda line: line.person),
        Column(t.SIGNATURE, 30, lambda _line: "", to_sign=True),
        Column(t.REMARKS, 30, lambda line: line.remark),
    )
    head = " · ".join(filter(None, (content.mark, content.number, content.copy)))
    put_within(canvas, LEFT, height - 14 * MM, head, room, Style(9, content.colour, bold=True))
    _stack(
        canvas,
        [
            heading(sheet, t.READING_RECORD, 12),
            *([note(sheet, s.EVERYBODY_WHO_KNOWS)] if content.everybody_signs else []),
            _hand_table(
                sheet, readers, content.readers[(page - 1) * _READERS : page * _READERS], _READERS, numbered=True
            ),
            Spacer(1, 4 * MM),
            heading(sheet, t.REGISTER_EVENTS, 12),
            _hand_table(sheet, events, content.events[(page - 1) * _EVENTS : page * _EVENTS], _EVENTS),
        ],
        LEFT,
        height - 18 * MM,
        room,
    )
    footer(canvas, sheet, width, _foot(sheet), page + 1, pages)


def _hand_table(
    sheet: Sheet, columns: Sequence[Column], lines: Sequence[Any], rows: int, *, numbered: bool = False
) -> Rows:
    return Rows(
        sheet,
        columns,
        lines,
        size=8,
        blank_rows=max(0, rows - len(lines)),
        ruled=True,
        closed=False,
        most_lines=1,
        numbered=numbered,
    )


def draw_us_cover_sheet(content: UsCoverSheet, sheet: Sheet) -> Drawn:
    """The coloured border with the level above and below, and the copy's particulars inside."""
    if sheet.language is Language.ZH:
        sheet = replace(sheet, language=Language.BOTH)  # the sheet itself is English whatever the register's paper is
    out, canvas = begun(t.COVER_SHEET.en, sheet.size)
    canvas.translate(*sheet.offset)
    width, height = sheet.size
    colour = content.colour or KEPT_COLOURS.get(content.standard_form, INK)
    side, band = 16 * MM, 27 * MM
    canvas.setFillColor(colour)
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    canvas.setFillColor("#FFFFFF")
    canvas.rect(side, band, width - 2 * side, height - 2 * band, stroke=0, fill=1)
    for y in (height - band * 0.62, band * 0.38):
        put_within(
            canvas, width / 2, y, content.level, width - 2 * side, Style(32, ink_on(colour), bold=True), "center"
        )
    left, room, middle = side + 20 * MM, width - 2 * side - 40 * MM, width / 2
    heading_ink = colour if ink_on(colour) == "#FFFFFF" else INK
    put_within(canvas, middle, height - band - 22 * MM, s.US_COVER, room, Style(21, heading_ink, bold=True), "center")
    put_within(canvas, middle, height - band - 31 * MM, s.US_COVER_FOR, room, Style(12, heading_ink), "center")
    words = Text(Span(s.US_COVER_DUTY, Style(10.5)), align="center", leading=1.5)
    y = _stack(canvas, [words], left + 8 * MM, height - band - 41 * MM, room - 16 * MM) - 6 * MM
    fields = (
        (t.CONTROL_NUMBER, content.number, 2),
        (t.COPY_WORD, content.copy, 1),
        (t.MATERIAL_DATE, content.date, 1),
        (t.ORIGINATOR, content.originator, 2),
        (t.UNCLASSIFIED_TITLE, content.short_title, 3),
        (t.CAVEATS, content.caveats, 2),
        (t.PAGES, content.pages, 1),
        (t.DECLASSIFY_ON, content.declassify_on, 1),
    )
    rows = [FieldRow(sheet, [Field(label, value, wide=True)], 0.7, most, 11.0) for label, value, most in fields]
    _stack(canvas, rows, left, y, room)
    put_bar_code(canvas, content.code, middle - bar_code_width(content.code) / 2, band + 24 * MM, 16 * MM)
    _us_foot(canvas, content, sheet, left, room, band)
    canvas.showPage()
    canvas.save()
    return Drawn(out.getvalue(), tuple(sorted(canvas.missing)), 1)


def _us_foot(canvas: PaperCanvas, content: UsCoverSheet, sheet: Sheet, left: float, room: float, band: float) -> None:
    """The number of the form, and where the book stood; its code would not be seen on the colour."""
    middle = left + room / 2
    put_within(canvas, middle, band + 15 * MM, s.COVER_STAYS.en, room, Style(7.6, DIM), "center")
    printed = t.REPRINTED if sheet.reprint else t.PRINTED
    at = f"{sheet.say(printed)} {sheet.printed_at:%Y-%m-%d %H:%M} · {sheet.printed_by}"
    anchor = f"{sheet.say(t.ENTRY)} {sheet.anchor.seq} · {sheet.anchor.text}" if sheet.anchor else ""
    put_within(
        canvas,
        middle,
        band + 10 * MM,
        " · ".join(filter(None, (anchor, at))),
        room + 24 * MM,
        Style(6.8, DIM),
        "center",
    )
    put_within(
        canvas,
        middle,
        band + 5 * MM,
        f"After Standard Form {content.standard_form[3:]}",
        room,
        Style(6.8, DIM),
        "center",
    )
