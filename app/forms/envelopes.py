"""Envelope labels: the inner one for the registry that opens it, the outer one for everybody on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.forms import terms as t
from app.forms.codes import bar_code_width, put_bar_code
from app.forms.fields import Field, FieldRow
from app.forms.paragraph import Text
from app.forms.sheet import Drawn, Sheet
from app.forms.terms import Term
from app.forms.text import DIM, INK, MM, PaperCanvas, Span, Style, begun, put_within

_HEIGHT: Final = 124 * MM
_SIDE: Final = 16 * MM
_PAD: Final = 6 * MM


@dataclass(frozen=True, kw_only=True, slots=True)
class EnvelopeLabels:
    """One dispatch's labels; what each may show is the regime's wrapping rule (domain.md 4.13)."""

    addressee: str
    addressee_address: str = ""
    attention: str = ""
    sender: str = ""
    sender_address: str = ""
    mark: str = ""
    colour: str = INK
    seal_number: str = ""
    code: str = ""
    urgency: str = ""
    seal_places: str = ""
    handling: tuple[str, ...] = ()
    on_the_way: tuple[str, ...] = ()
    layers: int = 1
    inner_marked: bool = True
    outer_marked: bool = False


def draw_envelope_labels(content: EnvelopeLabels, sheet: Sheet) -> Drawn:
    """The labels one above the other, to be cut apart; one only where one cover is enough."""
    width, height = sheet.size
    out, canvas = begun(t.ENVELOPE_LABELS.en, sheet.size)
    canvas.translate(*sheet.offset)
    top = height - 14 * MM
    if content.layers > 1:
        _label(canvas, sheet, content, top, inner=True)
        cut = top - _HEIGHT - 5 * MM
        canvas.setStrokeColor(DIM)
        canvas.setDash(3, 3)
        canvas.line(_SIDE, cut, width - _SIDE, cut)
        canvas.setDash()
        put_within(canvas, width / 2, cut + 1 * MM, sheet.say(t.CUT_HERE, " · "), 80 * MM, Style(6.8, DIM), "center")
        top = cut - 5 * MM
    _label(canvas, sheet, content, top, inner=False)
    canvas.showPage()
    canvas.save()
    return Drawn(out.getvalue(), tuple(sorted(canvas.missing)), 1)


def _label(canvas: PaperCanvas, sheet: Sheet, content: EnvelopeLabels, top: float, *, inner: bool) -> None:
    """One label: addresses always, the level only where the regime has it, handling notes inside, couriers' outside."""
    width = sheet.size[0] - 2 * _SIDE
    marked = content.inner_marked if inner else content.outer_marked
    canvas.setStrokeColor(content.colour if marked else INK)
    canvas.setLineWidth(1.2 if marked else 0.8)
    canvas.rect(_SIDE, top - _HEIGHT, width, _HEIGHT, stroke=1, fill=0)
    y = top - _PAD
    left, right = _SIDE + _PAD, _SIDE + width - _PAD
    if content.layers > 1:
        which = t.INNER_COVER if inner else t.OUTER_COVER
        put_within(canvas, right, y - 3 * MM, sheet.say(which, " · "), 60 * MM, Style(8, DIM), "right")
    if marked:
        put_within(canvas, left, y - 6 * MM, content.mark, 90 * MM, Style(20, content.colour, bold=True))
    if content.urgency:
        put_within(canvas, right, y - 9 * MM, sheet.word(content.urgency), 60 * MM, Style(12, bold=True), "right")
    y -= 13 * MM
    y = _address(canvas, sheet, t.TO, (content.addressee, content.addressee_address, content.attention), y, 16)
    y = _address(canvas, sheet, t.FROM, (content.sender, content.sender_address), y - 3 * MM, 11)
    rows = [Field(t.SEAL_NUMBER, content.seal_number)]
    if content.seal_places and (inner or content.layers == 1):
        rows += [Field(t.SEAL_PLACES, content.seal_places)]
    row = FieldRow(sheet, rows, 0.4, max_lines=4)
    row.wrapOn(canvas, width - 2 * _PAD, 30 * MM)
    row.drawOn(canvas, left, y - row.height)
    foot = top - _HEIGHT + _PAD
    room = width - 2 * _PAD
    if content.code:
        put_bar_code(canvas, content.code, right - bar_code_width(content.code) + 2 * MM, foot - 1 * MM, 14 * MM)
        room -= bar_code_width(content.code)
    notes = content.handling[:4] if inner or (content.layers == 1 and marked) else ()
    for note in reversed(notes):
        put_within(canvas, left, foot, note, room, Style(9, bold=True))
        foot += 5 * MM
    for word in () if inner else content.on_the_way[:2]:  # large: it is for whoever sorts the mail
        put_within(canvas, left, foot, word, room, Style(14, bold=True))
        foot += 7 * MM


def _address(canvas: PaperCanvas, sheet: Sheet, label: Term, lines: Sequence[str], y: float, size: float) -> float:
    """An address in full, never a box number alone; gives where the next thing may stand."""
    left, room = _SIDE + _PAD, sheet.size[0] - 2 * _SIDE - 2 * _PAD
    put_within(canvas, left, y, sheet.say(label, " · "), room, Style(7.6, DIM))
    y -= 1 * MM
    for index, line in enumerate(filter(None, lines)):
        text = _in_full(line, room, size if index == 0 else size * 0.75, bold=index == 0)
        text.draw_at(canvas, left, y)
        y -= text.height
    return y - 3 * MM


def _in_full(line: str, room: float, size: float, *, bold: bool) -> Text:
    """A line of an address over as many lines as it needs, set smaller from the third on: who opens it is never cut."""
    for scale in (1.0, 0.75, 0.6):
        text = Text(Span(line, Style(size * scale, bold=bold)), leading=1.4, max_lines=4)
        if text.wrap(room, _HEIGHT)[1] <= 2.4 * size * 1.4:
            break
    return text
