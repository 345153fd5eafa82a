"""Notices that go to somebody and should be answered: discrepancy notice and tracer."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.platypus import Flowable, Spacer

from app.forms import sentences as s
from app.forms import terms as t
from app.forms.blocks import note, signatures
from app.forms.fields import Field, field_rows, heading
from app.forms.lines import Signature
from app.forms.page import Head, compose
from app.forms.paragraph import Text
from app.forms.sheet import Drawn, Sheet
from app.forms.tables import Column, Rows
from app.forms.text import MM, Span, Style


@dataclass(frozen=True, kw_only=True, slots=True)
class DiscrepancyNotice:
    """What a sender's parcel should have held and did (domain.md 4.30)."""

    head: Head
    sender: str = ""
    address: str = ""
    seal_number: str = ""
    expected: str = ""
    found: str = ""
    missing_copies: str = ""
    surplus_copies: str = ""
    wrapping: str = ""
    found_at: str = ""
    found_by: tuple[str, ...] = ()
    photographs: str = ""
    request: str = ""
    answer: str = ""
    answered: str = ""
    given_back: str = ""
    signatures: tuple[Signature, ...] = ()
    sealed: bool = True


def draw_discrepancy_notice(content: DiscrepancyNotice, sheet: Sheet) -> Drawn:
    """The notice in two copies: one goes to the sender, one stays until it is answered."""
    what_it_held = (
        Field(t.SHOULD_HOLD, content.expected, wide=True),
        Field(t.DID_HOLD, content.found, wide=True),
        Field(t.MISSING_COPIES, content.missing_copies),
        Field(t.SURPLUS_COPIES, content.surplus_copies),
        Field(t.FOUND_AT, content.found_at),
        Field(t.PHOTOGRAPHS, content.photographs),
        Field(t.FOUND_BY, sheet.listed(content.found_by), wide=True),
        Field(t.REQUEST, content.request, wide=True),
    )
    # An envelope given back unopened was not counted: nothing of it is asked, and its sender owes no answer.
    counted = not content.given_back or bool(content.found_at)
    fields = (
        Field(t.SENDER, content.sender, wide=True),
        *((Field(t.ADDRESS, content.address, wide=True),) if content.address else ()),
        Field(t.SEAL_NUMBER, content.seal_number),
        Field(t.WRAPPING_STATE, content.wrapping),
        *(what_it_held if counted else ()),
        *((Field(t.GIVEN_BACK, content.given_back, wide=True),) if content.given_back else ()),
    )
    answer = (Field(t.ANSWER, content.answer, wide=True), Field(t.DATE, content.answered))

    def answering() -> list[Flowable]:
        return [
            Spacer(1, 4 * MM),
            heading(sheet, t.SENDERS_ANSWER),
            *field_rows(sheet, answer),
            *signatures(sheet, _answering("sender", sealed=content.sealed), 2),
        ]

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, fields),
            *signatures(sheet, content.signatures, 2),
            *(answering() if counted else []),
            Spacer(1, 3 * MM),
            note(sheet, s.COPIES_OF_DISCREPANCY if counted else s.COPIES_OF_GIVEN_BACK),
        ]

    return compose(sheet, content.head, t.DISCREPANCY_NOTICE, "4.30", body)


def _answering(role: str, *, sealed: bool) -> tuple[Signature, ...]:
    """The boxes of whoever answers: a hand, and the seal of the unit where its papers bear one."""
    return (Signature(role=role), *((Signature(role="unit_seal"),) if sealed else ()))


@dataclass(frozen=True, kw_only=True, slots=True)
class TracerItem:
    """One carrier that should be back, or whose receipt should be."""

    number: str
    copy: str = ""
    sent: str = ""
    due: str = ""
    days_over: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Tracer:
    """A reminder that a carrier or a receipt is overdue (domain.md 4.31)."""

    head: Head
    to: str = ""
    about: str = "receipt"
    items: tuple[TracerItem, ...] = ()
    reminder: int = 1
    answer_by: str = ""
    result: str = ""
    signatures: tuple[Signature, ...] = ()
    sealed: bool = True
    answering: str = "receiver"
    """Who signs the strip: a receiver's unit seals it, a borrower is a person."""


def draw_tracer(content: Tracer, sheet: Sheet) -> Drawn:
    """The letter, its list, and the strip that comes back signed."""
    columns = (
        Column(t.CONTROL_NUMBER, 52, lambda item: item.number, whole=True),
        Column(t.COPY_NUMBER, 20, lambda item: item.copy),
        Column(t.LENT_OR_SENT, 30, lambda item: item.sent),
        Column(t.SHOULD_BE_BACK, 30, lambda item: item.due),
        Column(t.DAYS_OVER, 20, lambda item: str(item.days_over), "right"),
    )
    sealed = content.sealed and content.answering == "receiver"
    letter = s.TRACER_FOR_RECEIPT if content.about == "receipt" else s.TRACER_FOR_RETURN
    fields = (
        Field(t.TRACED, content.to, wide=True),
        Field(t.REMINDER_NUMBER, str(content.reminder)),
        Field(t.ANSWER_BY, content.answer_by),
    )

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, fields),
            Spacer(1, 4 * MM),
            Text(Span(sheet.say(letter, "\n"), Style(10)), leading=1.5),
            Spacer(1, 4 * MM),
            Rows(sheet, columns, content.items, numbered=True),
            *signatures(sheet, content.signatures, 2),
            Spacer(1, 2 * MM),
            heading(sheet, t.TRACER_ANSWER),
            *field_rows(sheet, (Field(t.RESULT, content.result, wide=True),)),
            *signatures(sheet, _answering(content.answering, sealed=sealed), 2),
        ]

    return compose(sheet, content.head, t.TRACER, "4.31", body)
