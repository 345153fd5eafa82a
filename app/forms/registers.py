"""Pages of the register books: the incoming register."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.platypus import Flowable, Spacer

from app.forms import sentences as s
from app.forms import terms as t
from app.forms.blocks import note, signatures
from app.forms.fields import Field, field_rows
from app.forms.lines import Signature, number, tick
from app.forms.page import Head, compose
from app.forms.sheet import Drawn, Sheet
from app.forms.tables import Column, Rows
from app.forms.text import MM


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingLine:
    """One document received: the classic columns, then what classified mail adds (domain.md 4.1)."""

    number: str
    received: str = ""
    sender: str = ""
    reference: str = ""
    title: str = ""
    attachments: str = ""
    copies: int = 1
    level: str = ""
    office: str = ""
    signed_by: str = ""
    reply: str = ""
    filed: str = ""
    volume: str = ""
    period: str = ""
    copy_numbers: str = ""
    pages: int | None = None
    envelope: str = ""
    intact: bool | None = None
    opened_by: str = ""
    opened_at: str = ""
    stamped: bool | None = None
    return_by: str = ""
    remark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class IncomingRegister:
    """A page of the yearly book."""

    head: Head
    year: str = ""
    book: str = ""
    span: str = ""
    lines: tuple[IncomingLine, ...] = ()
    signatures: tuple[Signature, ...] = (Signature(role="clerk"), Signature(role="checked_by"))


def draw_incoming_register(content: IncomingRegister, sheet: Sheet) -> Drawn:
    """The book's page: two lines to an entry, so that twenty-three columns can be read."""

    def yes_no(answer: bool | None) -> str:  # noqa: FBT001 - an answer is what it is
        return "" if answer is None else sheet.say(t.YES if answer else t.NO_WORD)

    columns = (
        Column(
            (t.INCOMING_NUMBER, t.OUR_NUMBER_STAMPED),
            33,
            lambda line: _two(line.number, yes_no(line.stamped) or tick(line.stamped)),
        ),
        Column((t.RECEIVED_ON, t.OPENED_AT), 26, lambda line: _two(line.received, line.opened_at)),
        Column((t.SENDER, t.ENVELOPE_CHANNEL), 32, lambda line: _two(line.sender, line.envelope)),
        Column((t.SENDERS_REFERENCE, t.COPY_NUMBERS), 30, lambda line: _two(line.reference, line.copy_numbers)),
        Column((t.DOCUMENT_TITLE, t.REMARKS), 48, lambda line: _two(line.title, line.remark)),
        Column((t.ATTACHMENTS, t.RETURN_BY), 20, lambda line: _two(line.attachments, line.return_by)),
        Column((t.COPIES, t.PAGES), 14, lambda line: _two(str(line.copies), number(line.pages)), "right"),
        Column((t.LEVEL, t.PERIOD), 18, lambda line: _two(line.level, line.period)),
        Column((t.OFFICE, t.WRAPPING_INTACT), 24, lambda line: _two(line.office, yes_no(line.intact))),
        Column((t.SIGNED_BY, t.OPENED_BY), 24, lambda line: _two(line.signed_by, line.opened_by)),
        Column((t.REPLY_NUMBER, t.FILED_ON), 22, lambda line: _two(line.reply, line.filed)),
        Column(t.VOLUME, 16, lambda line: line.volume),
    )
    fields = (
        Field(t.YEAR_BOOK, " ".join(filter(None, (content.year, content.book)))),
        Field(t.SPAN, content.span),
    )

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, fields, 0.22),
            Spacer(1, 2 * MM),
            Rows(sheet, columns, content.lines, size=7.2, ruled=True),
            note(sheet, s.REGISTER_RULE),
            *signatures(sheet, content.signatures, 2),
        ]

    return compose(sheet, content.head, t.INCOMING_REGISTER, "4.1", body, landscape=True)


def _two(upper: str, lower: str) -> str:
    """The two values of a stacked column; a dash keeps the lower one in its place."""
    return f"{upper or '—'}\n{lower}" if lower else upper
