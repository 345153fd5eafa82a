"""Printing: gather the lines in one view of the book, anchor them, draw, and record that it was printed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

import msgspec
from sqlalchemy import Connection

from app.actions.papers import PaperLeft, RecordPrint
from app.domain.action import Authority, Ref, Refusal, Subject
from app.domain.slip import unsigned_roles
from app.domain.words import N_, Says, says
from app.forms.gathering import PRINTS, Gathering, Print, Refusing, print_of
from app.forms.gathering.desk import recovery_lines
from app.forms.labels import STOCKS
from app.forms.sheet import Anchor, Drawn, Form, Language, Paper, Sheet
from app.services.desk import Desk, Refused
from app.store import anchors
from app.store.reads.forms import Records
from app.store.reads.prints import PrintLine, kept_lines, named, paper, prints_of
from app.store.reads.visible import Viewer, viewer_of

ON_LABELS = frozenset({"carrier_labels", "media_labels", "badges"})
"""Prints that lie on sheets or rolls of labels."""
NOT_KEPT = "-"
"""Stands for the digest of a print that holds a secret of its own."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A form on its way to the printer: its bytes, which print it is, characters no font had, how many pages."""

    pdf: bytes
    paper: int
    missing: tuple[str, ...]
    pages: int
    code: str = ""
    anchor: str = ""
    is_reprint: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrangement:
    """How a print lies on what is in the printer, never what it says: millimetres right and up, paper, labels."""

    offset: tuple[float, float] = (0.0, 0.0)
    paper: Paper = "A4"
    stock: str = "a4-70x37"
    first_label: int = 1


@dataclass(frozen=True, slots=True)
class _Gathered:
    what: Print
    content: Any
    sheet: Sheet
    levels: tuple[str, ...]
    slip: int | None
    awaited: bool


def print_form(  # noqa: PLR0913 - what a clerk chooses beside the form: language, printer's offset, labels
    desk: Desk,
    form_code: str,
    of: Ref,
    *,
    language: str | None = None,
    printed_by: str | None = None,
    offset: tuple[float, float] = (0.0, 0.0),
    start_label: int = 1,
    stock: str | None = None,
    paper_size: Paper = "A4",
    more: Mapping[str, Any] | None = None,
    kept: bool = False,
) -> Printed:
    """Print a form of a subject as the register stands now; raises `Refused` when it cannot be made of it.

    `kept` where it is only looked at first: `has_left` notes that a copy of it was made.
    """
    sheet = Sheet(
        language=Language(language or _language(desk)),
        unit="",
        printed_by=printed_by or desk.actor.name,
        printed_at=desk.now().astimezone(),
        paper=paper_size,
        offset_mm=offset,
        first_label=start_label,
    )
    sheet = replace(sheet, stock=stock) if stock else sheet
    try:
        gathered = desk.read(_gathered, form_code, of, sheet, _viewer(desk), desk.today(), more or {})
    except Refusing as refusing:
        raise Refused([Refusal("form_can_be_made", refusing.reason, subject=of)]) from refusing
    drawn = gathered.what.form.draw(gathered.content, gathered.sheet)
    lines = {"sheet": msgspec.to_builtins(gathered.sheet), "content": msgspec.to_builtins(gathered.content)}
    if gathered.what.titles:
        lines["levels"] = list(gathered.levels)
    return _recorded(
        desk, gathered.what, of, drawn, gathered.sheet, lines, slip=gathered.slip, awaited=gathered.awaited, kept=kept
    )


def _language(desk: Desk) -> str:
    return desk.read(lambda connection: Records(connection).register().language)


def _viewer(desk: Desk) -> Viewer:
    return desk.read(viewer_of, desk.actor.id, desk.today())


def _gathered(
    connection: Connection, code: str, of: Ref, sheet: Sheet, viewer: Viewer, today: Any, more: Mapping[str, Any]
) -> _Gathered:
    """The lines and where the book stood, from one view of it."""
    records = Records(connection, viewer)
    if not records.shows(of):
        raise Refusing(says(N_("This is not for you: hand it to the registry.")))
    g = Gathering(records, sheet.language, today, more)
    what = print_of(code, g, of)
    content = what.gather(g, of)
    signed = anchors.anchor_now(connection)
    slip = of.id if of.kind is Subject.SLIP else None
    return _Gathered(
        what,
        content,
        replace(
            sheet,
            unit=records.register().unit,
            anchor=Anchor(signed.register, signed.seq, signed.short, signed.code) if what.keeps else None,
        ),
        records.levels_read(),
        slip,
        _comes_back(records, what, slip),
    )


def _comes_back(records: Records, what: Print, slip: int | None) -> bool:
    return what.signed and (slip is None or bool(unsigned_roles(records.slip(slip))))


def _recorded(  # noqa: PLR0913 - a print and what is noted of it
    desk: Desk,
    what: Print,
    of: Ref,
    drawn: Drawn,
    sheet: Sheet,
    lines: Mapping[str, Any],
    *,
    slip: int | None = None,
    awaited: bool = False,
    kept: bool = False,
    reprint_of: int | None = None,
) -> Printed:
    receipt = desk.perform(
        RecordPrint(
            form=what.code,
            version=what.form.version,
            of=str(of),
            lines_kept=msgspec.json.encode(lines, order="sorted").decode() if what.keeps else "",
            pdf=hashlib.sha256(drawn.pdf).hexdigest() if what.keeps else NOT_KEPT,
            anchor=sheet.anchor.seq if sheet.anchor else 0,
            pages=drawn.pages,
            language=str(sheet.language),
            slip=slip,
            reprint_of=reprint_of,
            awaited=awaited,
            kept=kept,
        ),
        authority=Authority(slip=slip),
    )
    anchor = sheet.anchor.qr if sheet.anchor else ""
    paper, is_reprint = receipt.subjects[0].id, reprint_of is not None
    return Printed(drawn.pdf, paper, drawn.missing, drawn.pages, what.code, anchor, is_reprint)


# --- again -------------------------------------------------------------------------------------------------------


def has_left(desk: Desk, paper_id: int, to: str) -> None:
    """Note that a print that was only looked at went to the `printer` or to a `file`; once is enough."""
    line = _paper(desk, paper_id)
    if not line.is_kept:
        return
    what = PRINTS[line.form]
    awaited = line.reprint_of is None and desk.read(lambda c: _comes_back(Records(c), what, line.slip))
    desk.perform(PaperLeft(to=to, awaited=awaited), [Ref(Subject.PAPER, paper_id)], Authority(slip=line.slip))


def shown_again(desk: Desk, paper_id: int) -> Printed:
    """A print to look at again: as it was drawn while no copy of it has left, a reprint from then on; as above."""
    is_kept = _paper(desk, paper_id).is_kept
    return first_print(desk, paper_id) if is_kept else reprint(desk, paper_id, kept=True)


def reprint(
    desk: Desk,
    paper_id: int,
    *,
    printed_by: str | None = None,
    offset: tuple[float, float] | None = None,
    kept: bool = False,
) -> Printed:
    """Draw the kept lines of a print again, marked as a reprint, with an anchor of today; raises `Refused`."""
    first = _paper(desk, paper_id)
    if first.reprint_of is not None:
        first = _paper(desk, first.reprint_of)
    lines = _kept(desk, first)
    what = PRINTS[first.form]
    signed = desk.read(anchors.anchor_now)
    sheet = replace(
        _sheet(lines),
        reprint=True,
        printed_by=printed_by or desk.actor.name,
        printed_at=desk.now().astimezone(),
        anchor=Anchor(signed.register, signed.seq, signed.short, signed.code),
    )
    sheet = replace(sheet, offset_mm=offset) if offset is not None else sheet
    drawn = what.form.draw(_content(what.form, lines), sheet)
    again = {"sheet": msgspec.to_builtins(sheet), "lines_of": first.id}
    return _recorded(desk, what, first.of, drawn, sheet, again, slip=first.slip, reprint_of=first.id, kept=kept)


def first_print(desk: Desk, paper_id: int) -> Printed:
    """A print that was drawn, the same bytes from what was kept: no reprint, and noted once.

    Raises `Refused` when they do not have the noted digest.
    """
    noted = _paper(desk, paper_id)
    drawn = _drawn(desk, noted)
    if hashlib.sha256(drawn.pdf).hexdigest() != noted.pdf:
        sentence = N_("What was kept of this print no longer gives the bytes that were drawn; print the form anew.")
        raise _refused("print_is_the_same", sentence)
    return Printed(drawn.pdf, noted.id, drawn.missing, drawn.pages, noted.form)


def arranged(desk: Desk, paper_id: int, on: Arrangement) -> bytes:
    """The same print on other paper, moved, or from another label on; it is still that print, noted once."""
    return _drawn(desk, _paper(desk, paper_id), on).pdf


def stocks() -> Mapping[str, tuple[str, int]]:
    """The sheets and rolls of labels by code: what they are called, how many labels each has."""
    return {code: (stock.name, stock.per_page) for code, stock in STOCKS.items()}


def _drawn(desk: Desk, line: PrintLine, on: Arrangement | None = None) -> Drawn:
    sheet = kept_lines(line)
    kept = _kept(desk, _paper(desk, sheet["lines_of"]) if "lines_of" in sheet else line)
    form = PRINTS[line.form].form
    where = _sheet(sheet)
    if on is not None:
        where = replace(where, offset_mm=on.offset, paper=on.paper, stock=on.stock, first_label=on.first_label)
    return form.draw(_content(form, kept), where)


class NothingToPrint(Exception):
    """What was named is not in this register, or the form is not known; `why` says which."""

    def __init__(self, why: Says) -> None:
        super().__init__(why.msgid)
        self.why = why


def print_again(desk: Desk, form_code: str, of: Sequence[str]) -> Printed:
    """Print a form of what is named by number or code: a reprint where it was printed before, else the first print."""
    if form_code not in PRINTS:
        sentence = N_("There is no form {form}; the forms are {forms}.")
        raise NothingToPrint(says(sentence, form=form_code, forms=tuple(PRINTS)))
    refs = []
    for text in of:
        ref = desk.read(named, text)
        if ref is None:
            raise NothingToPrint(says(N_("Nothing in this register is called {text}."), text=text))
        refs.append(ref)
    if not refs:
        raise NothingToPrint(says(N_("Name what the form is about.")))
    earlier = desk.read(prints_of, refs[0])
    made = [line for line in reversed(earlier) if line.form == form_code and line.lines and not line.is_kept]
    first = next(iter(made), None)
    try:
        if first is not None and len(refs) == 1:
            return reprint(desk, first.id)
        many = {"carriers": [ref.id for ref in refs]} if len(refs) > 1 else {}
        return print_form(desk, form_code, refs[0], more=many)
    except Refused as refused:
        raise NothingToPrint(refused.refusals[0].reason) from refused


def recovery_sheet(*, unit: str, register: int, recovery: str, language: str, today: date) -> bytes:
    """The recovery sheet of a register that was just begun; it is drawn from nothing but what set-up holds."""
    what = PRINTS["recovery_sheet"]
    content = recovery_lines(unit, register, recovery, today)
    sheet = Sheet(
        language=Language(language), unit=unit, printed_by="", printed_at=datetime.combine(today, time(), UTC)
    )
    drawn: Drawn = what.form.draw(content, sheet)
    return drawn.pdf


def _paper(desk: Desk, number: int) -> PrintLine:
    found = desk.read(paper, number)
    if found is None:
        raise _refused("print_is_known", N_("Nothing was printed under the number {number}."), number=number)
    return found


def _kept(desk: Desk, line: PrintLine) -> Mapping[str, Any]:
    """What a print kept; refused when nothing, when another version drew it, or its titles are not for these eyes."""
    kept = kept_lines(line)
    if not kept:
        raise _refused("print_kept_its_lines", N_("Of this print no lines were kept; print the form anew."))
    form = PRINTS[line.form].form
    if line.version != form.version:
        raise _refused(
            "form_can_be_drawn", N_("This program draws version {now} of the form; it was printed in version {then}."),
            now=form.version, then=line.version,
        )  # fmt: skip
    viewer = _viewer(desk)
    hidden = [level for level in kept.get("levels", ()) if not viewer.is_cleared(*level.split("/", 1))]
    if hidden or not desk.read(lambda connection: Records(connection, viewer).shows(line.of)):
        raise _refused("reader_is_cleared", N_("There are titles on this print that are not for you."))
    return kept


def _refused(rule: str, sentence: str, **values: Any) -> Refused:
    return Refused([Refusal(rule, says(sentence, **values))])


def _content(form: Form, kept: Mapping[str, Any]) -> Any:
    return msgspec.convert(kept["content"], type=form.content)


def _sheet(kept: Mapping[str, Any]) -> Sheet:
    sheet: Sheet = msgspec.convert(kept["sheet"], type=Sheet)
    return sheet


verify_anchor = anchors.verify_anchor
"""What a scanned or typed anchor says about the book: `desk.read(verify_anchor, text)`."""


def title_of(form_code: str, language: str) -> str:
    """What people call a form, in Chinese or English; a code no form has stays a code."""
    known = PRINTS.get(form_code)
    if known is None:
        return form_code
    return known.form.title.zh if language.startswith("zh") else known.form.title.en
