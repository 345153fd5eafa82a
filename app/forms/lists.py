"""Lists that are checked item by item and signed: delivery, handover, opening muster."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.platypus import Flowable, Spacer

from app.forms import sentences as s
from app.forms import terms as t
from app.forms.blocks import differences, labelled, note, pages_in_figures_and_words, signatures, totals
from app.forms.fields import Field, field_rows
from app.forms.lines import CarrierLine, Difference, Signature, number, sum_of, tick
from app.forms.page import Head, compose
from app.forms.sheet import Drawn, Sheet
from app.forms.tables import Column, Rows
from app.forms.terms import Term
from app.forms.text import BODY, MM


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryItem:
    """One item of a parcel: numbers, never a classified title; `short_title` is unclassified."""

    reference: str
    copy: str = ""
    copies: int = 1
    pages: int | None = None
    kind: str = "paper"
    short_title: str = ""
    date: str = ""
    level: str = ""
    agrees: bool | None = None
    remark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryList:
    """What a parcel holds; `receipt` makes it the copy that comes back signed (domain.md 4.12)."""

    head: Head
    sender: str = ""
    sender_address: str = ""
    addressee: str = ""
    addressee_address: str = ""
    items: tuple[DeliveryItem, ...] = ()
    seal_number: str = ""
    channel: str = ""
    couriers: tuple[str, ...] = ()
    sent: str = ""
    receipt_due: str = ""
    remark: str = ""
    signatures: tuple[Signature, ...] = ()
    receipt: bool = False


def draw_delivery_list(content: DeliveryList, sheet: Sheet) -> Drawn:
    """The list inside the parcel, or the receipt of the same lines that comes back."""
    columns = (
        Column(t.REFERENCE, 40, lambda item: item.reference, whole=True),
        Column(t.SHORT_TITLE, 31, lambda item: item.short_title),
        Column(t.MATERIAL_DATE, 20, lambda item: item.date),
        Column(t.LEVEL, 23, lambda item: item.level),
        Column(t.COPY_NUMBER, 15, lambda item: item.copy),
        Column(t.COPIES, 11, lambda item: str(item.copies), "right"),
        Column(t.PAGES, 11, lambda item: number(item.pages), "right"),
        Column(t.AGREES, 17, lambda item: tick(item.agrees), "center", 1.4),
        Column(t.REMARKS, 24, lambda item: item.remark),
    )
    from_where = (Field(t.ADDRESS, content.sender_address, wide=True),) if content.sender_address else ()
    fields = (
        Field(t.FROM, content.sender, wide=True),
        *from_where,
        Field(t.TO, content.addressee, wide=True),
        Field(t.ADDRESS, content.addressee_address, wide=True),
        Field(t.SEAL_NUMBER, content.seal_number),
        Field(t.CHANNEL, content.channel),
        Field(t.COURIERS, sheet.listed(content.couriers), wide=True),
        Field(t.SENT_ON, content.sent),
        Field(t.RECEIPT_DUE, content.receipt_due),
        Field(t.REMARKS, content.remark, wide=True),
    )
    copies = sum(item.copies for item in content.items)
    pages = sum_of(content.items)
    total = f"{copies} ({sheet.count(copies, t.ITEM)}); {pages_in_figures_and_words(sheet, pages)}"
    title = t.DELIVERY_RECEIPT if content.receipt else t.DELIVERY_LIST

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, fields, 0.34),
            Spacer(1, 3 * MM),
            Rows(sheet, columns, content.items, size=7.6, numbered=True),
            labelled(sheet, t.TOTALS, total),
            note(sheet, _rule(content)),
            *signatures(sheet, content.signatures, 3),
        ]

    return compose(sheet, content.head, title, "4.12", body, short_rule=True)


def _rule(content: DeliveryList) -> Term:
    """What whoever holds the paper has to do with it."""
    if not content.receipt:
        return s.DELIVERY_RULE
    sealed = any(box.role == "unit_seal" for box in content.signatures)
    return s.RECEIPT_RULE if sealed else s.RECEIPT_RULE_UNSEALED


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverList:
    """Everything on a custodian's charge, counted by two and watched by a third (domain.md 4.17)."""

    head: Head
    reason: str = ""
    giver: str = ""
    receiver: str = ""
    supervisor: str = ""
    place: str = ""
    begun: str = ""
    ended: str = ""
    lines: tuple[CarrierLine, ...] = ()
    differences: tuple[Difference, ...] = ()
    also: tuple[str, ...] = ()
    named_by: str = ""
    unopened: tuple[str, ...] = ()
    open_slips: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = (
        Signature(role="giver"),
        Signature(role="receiver"),
        Signature(role="supervisor"),
    )
    commission: bool = False


def draw_handover_list(content: HandoverList, sheet: Sheet) -> Drawn:
    """The inventory, its totals in figures and words, what differs, what else is handed over, three signatures."""
    columns = (
        Column(t.CONTROL_NUMBER, 30, lambda line: line.number, whole=True),
        Column(t.DOCUMENT_TITLE, 50, lambda line: line.title),
        Column(t.REFERENCE, 28, lambda line: line.reference, whole=True),
        Column(t.COPY_NUMBER, 13, lambda line: line.copy),
        Column(t.LEVEL, 17, lambda line: line.level),
        Column(t.PERIOD, 17, lambda line: line.period),
        Column(t.KIND, 19, lambda line: sheet.word(line.kind)),
        Column(t.PAGES_OR_CAPACITY, 18, lambda line: line.size, "right"),
        Column(t.COPIES, 10, lambda line: str(line.copies), "right"),
        Column(t.KEPT_AT, 20, lambda line: line.place),
        Column(t.STATE, 24, lambda line: _state(sheet, line)),
        Column(t.CHECKED, 10, lambda line: tick(line.counted), "center", 1.4),
        Column(t.REMARKS, 18, lambda line: line.remark),
    )
    fields = (
        Field(t.HANDOVER_REASON, sheet.word(content.reason)),
        Field(t.PLACE, content.place),
        Field(t.GIVER, content.giver),
        Field(t.RECEIVER, content.receiver),
        Field(t.SUPERVISOR, content.supervisor),
        *((Field(t.NAMED_BY, content.named_by),) if content.named_by else ()),
        Field(t.BEGUN_ENDED, " — ".join(filter(None, (content.begun, content.ended)))),
    )
    also = sheet.listed(content.also, clauses=True) or sheet.say(t.NONE)

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, fields, 0.22),
            *([note(sheet, s.BY_COMMISSION, BODY)] if content.commission else []),
            Spacer(1, 2 * MM),
            Rows(sheet, columns, content.lines, size=7.4, numbered=True),
            *totals(sheet, content.lines),
            *differences(sheet, content.differences),
            labelled(sheet, t.ALSO_HANDED_OVER, also),
            labelled(sheet, t.UNOPENED_ENVELOPES, sheet.listed(content.unopened) or sheet.say(t.NONE)),
            labelled(sheet, t.OPEN_SLIPS, sheet.listed(content.open_slips) or sheet.say(t.NONE)),
            *signatures(sheet, content.signatures, 4),
            note(sheet, s.COPIES_OF_HANDOVER),
        ]

    return compose(sheet, content.head, t.HANDOVER_LIST, "4.17", body, landscape=True, short_rule=True)


def _state(sheet: Sheet, line: CarrierLine) -> str:
    """Where it is, by which slip, until when."""
    return " ".join(filter(None, (sheet.word(line.state), line.slip, f"→ {line.due}" if line.due else "")))


@dataclass(frozen=True, kw_only=True, slots=True)
class OpeningMuster:
    """What a book holds on the day it was taken over, to be counted and signed (after domain.md 4.23)."""

    head: Head
    source: str = ""
    reference_day: str = ""
    taken_over: str = ""
    lines: tuple[CarrierLine, ...] = ()
    last_numbers: tuple[str, ...] = ()
    receipts_out: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = (
        Signature(role="custodian"),
        Signature(role="counter"),
        Signature(role="overseer"),
        Signature(role="person_in_charge"),
    )


def draw_opening_muster(content: OpeningMuster, sheet: Sheet) -> Drawn:
    """The list with which an imported book begins: every carrier, where it is, a box to tick."""
    columns = (
        Column(t.CONTROL_NUMBER, 36, lambda line: line.number, whole=True),
        Column(t.DOCUMENT_TITLE, 54, lambda line: line.title),
        Column(t.REFERENCE, 32, lambda line: line.reference, whole=True),
        Column(t.COPY_NUMBER, 14, lambda line: line.copy),
        Column(t.LEVEL, 16, lambda line: line.level),
        Column(t.PERIOD, 16, lambda line: line.period),
        Column(t.PAGES_OR_CAPACITY, 19, lambda line: line.size, "right"),
        Column(t.WITH_WHOM, 30, lambda line: " · ".join(filter(None, (line.keeper, line.place)))),
        Column(t.STATE, 26, lambda line: _state(sheet, line)),
        Column(t.CHECKED, 11, lambda line: tick(line.counted), "center", 1.4),
        Column(t.REMARKS, 24, lambda line: line.remark),
    )
    fields = (
        Field(t.TAKEN_FROM, content.source),
        Field(t.REFERENCE_DAY, content.reference_day),
        Field(t.TAKEN_OVER_ON, content.taken_over),
        Field(t.LAST_NUMBERS, sheet.listed(content.last_numbers, clauses=True)),
        Field(t.RECEIPTS_OUT, sheet.listed(content.receipts_out, clauses=True) or sheet.say(t.NONE), wide=True),
    )

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, fields, 0.22),
            Spacer(1, 2 * MM),
            Rows(sheet, columns, content.lines, size=7.4, numbered=True),
            *totals(sheet, content.lines),
            note(sheet, s.OPENING_RULE),
            *signatures(sheet, content.signatures, 4),
        ]

    return compose(sheet, content.head, t.OPENING_MUSTER, "4.23", body, landscape=True, short_rule=True)
