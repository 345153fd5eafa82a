"""Pages of the register books: the incoming register, the log of loans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reportlab.platypus import Flowable, Spacer

from app.forms import sentences as s
from app.forms import terms as t
from app.forms.blocks import labelled, note, signatures
from app.forms.fields import Field, field_rows
from app.forms.lines import Signature, number, tick
from app.forms.page import Head, compose
from app.forms.sheet import Drawn, Sheet
from app.forms.tables import Column, Rows
from app.forms.text import MM

_TO_SIGN: Final = 11 * MM
"""The height of a line that two people sign in."""


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
    columns = (
        Column(
            (t.INCOMING_NUMBER, t.OUR_NUMBER_STAMPED),
            33,
            lambda line: _two(line.number, sheet.yes_no(line.stamped) or tick(line.stamped)),
            whole=True,
        ),
        Column((t.RECEIVED_ON, t.OPENED_AT), 26, lambda line: _two(line.received, line.opened_at)),
        Column((t.SENDER, t.ENVELOPE_CHANNEL), 32, lambda line: _two(line.sender, line.envelope)),
        Column((t.SENDERS_REFERENCE, t.COPY_NUMBERS), 30, lambda line: _two(line.reference, line.copy_numbers)),
        Column((t.DOCUMENT_TITLE, t.REMARKS), 48, lambda line: _two(line.title, line.remark)),
        Column((t.ATTACHMENTS, t.RETURN_BY), 20, lambda line: _two(line.attachments, line.return_by)),
        Column((t.COPIES, t.PAGES), 14, lambda line: _two(str(line.copies), number(line.pages)), "right"),
        Column((t.LEVEL, t.PERIOD), 18, lambda line: _two(line.level, line.period)),
        Column((t.OFFICE, t.WRAPPING_INTACT), 24, lambda line: _two(line.office, sheet.yes_no(line.intact))),
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


@dataclass(frozen=True, kw_only=True, slots=True)
class LoanLine:
    """One loan of one copy, from the handing out to the return (domain.md 4.14)."""

    slip: str
    borrower: str = ""
    department: str = ""
    title: str = ""
    reference: str = ""
    number: str = ""
    copy: str = ""
    level: str = ""
    size: str = ""
    manner: str = ""
    lent: str = ""
    due: str = ""
    signed: str = ""
    lent_by: str = ""
    returned: str = ""
    intact: bool | None = None
    taken_back_by: str = ""
    remark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoanLog:
    """A page of the log: a year's loans, or those of one person, document or copy."""

    head: Head
    year: str = ""
    of: str = ""
    lines: tuple[LoanLine, ...] = ()
    signatures: tuple[Signature, ...] = (Signature(role="clerk"), Signature(role="checked_by"))


def draw_loan_log(content: LoanLog, sheet: Sheet) -> Drawn:
    """One line a loan, signed by both at the handing out and at the return."""
    columns = (
        Column((t.LOAN_NUMBER, t.MANNER), 24, lambda line: _two(line.slip, sheet.word(line.manner))),
        Column((t.BORROWER, t.DEPARTMENT), 28, lambda line: _two(line.borrower, line.department)),
        Column((t.DOCUMENT_TITLE, t.REFERENCE), 44, lambda line: _two(line.title, line.reference)),
        Column((t.CONTROL_NUMBER, t.COPY_NUMBER), 30, lambda line: _two(line.number, line.copy), whole=True),
        Column((t.LEVEL, t.PAGES_OR_CAPACITY), 20, lambda line: _two(line.level, line.size)),
        Column((t.LENT_ON, t.DUE_ON), 20, lambda line: _two(line.lent, line.due)),
        Column(t.BORROWERS_SIGNATURE, 24, lambda line: line.signed, to_sign=True),
        Column(t.LENT_BY, 20, lambda line: line.lent_by),
        Column((t.RETURNED_ON, t.PAGES_INTACT), 20, lambda line: _two(line.returned, sheet.yes_no(line.intact))),
        Column(t.RETURNERS_SIGNATURE, 24, lambda _line: "", to_sign=True),
        Column(t.TAKEN_BACK_BY, 20, lambda line: line.taken_back_by),
        Column(t.REMARKS, 26, lambda line: line.remark),
    )
    lent, out = len(content.lines), sum(not line.returned for line in content.lines)
    counts = ((t.LENT, lent), (t.BACK, lent - out), (t.STILL_OUT, out))
    total = sheet.listed((f"{sheet.say(term)} {n} ({sheet.count(n, t.ITEM)})" for term, n in counts), clauses=True)
    fields = (Field(t.YEAR_BOOK, content.year), Field(t.LOANS_OF, content.of))

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, fields, 0.22),
            Spacer(1, 2 * MM),
            Rows(sheet, columns, content.lines, size=7.2, ruled=True, numbered=True, least=_TO_SIGN),
            labelled(sheet, t.TOTALS, total),
            note(sheet, s.REGISTER_RULE),
            *signatures(sheet, content.signatures, 2),
        ]

    return compose(sheet, content.head, t.LOAN_LOG, "4.14", body, landscape=True)


def _two(upper: str, lower: str) -> str:
    """The two values of a stacked column; a dash keeps the lower one in its place."""
    return f"{upper or '—'}\n{lower}" if lower else upper
