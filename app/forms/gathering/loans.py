"""The log of loans: one line for each copy lent, who signed for it and how it came back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.domain.action import Ref, Subject
from app.domain.ledger import Entry
from app.forms.gathering.particulars import Gathering, Voucher, copy_of, day, levels_of, moment, short, voucher
from app.forms.registers import LoanLine, LoanLog
from app.store.reads.carrier_lines import CarrierLine as Held


def loan_log(g: Gathering, of: Ref) -> LoanLog:
    """What was lent in a year; or to a person, of a document or of one copy, since the book began."""
    year = str(g.more.get("year", g.today.year)) if of.kind is Subject.REGISTER else ""
    only = _copies(g, of)
    loans = [voucher(g.records, number) for number in g.records.loans(of, year, only or ())]
    lines, helds = [], []
    for loan in loans:
        for held, entry in _lent(g, loan):
            if (only is None or held.id in only) and day(entry.h or entry.t).startswith(year):
                lines.append(_line(g, loan, held, entry))
                helds.append(held)
    register = g.records.register()
    return LoanLog(
        head=g.head("", "", levels_of(helds)),
        year=" ".join(filter(None, (year, f"{register.number:03d}"))),
        of=_named(g, of),
        lines=tuple(lines),
    )


def _copies(g: Gathering, of: Ref) -> tuple[int, ...] | None:
    """The copies the log is of; None where it is of all."""
    if of.kind is Subject.DOCUMENT:
        return g.records.copies_of(of.id)
    return (of.id,) if of.kind is Subject.CARRIER else None


def _named(g: Gathering, of: Ref) -> str:
    """Whose or what loans they are."""
    if of.kind is Subject.PERSON:
        return g.person(of.id)
    if of.kind is Subject.CARRIER:
        return g.records.carrier(of.id).number
    if of.kind is Subject.DOCUMENT:
        document = g.records.document(of.id)
        return document.reference or short(document)
    return g.say("全部借阅", "all loans")


def _lent(g: Gathering, loan: Voucher) -> Iterator[tuple[Held, Entry]]:
    """Each copy of the slip that was handed out, with the entry of the handing out."""
    lent = _by_carrier(g, loan, "lend")
    for held in loan.helds:
        if held.id in lent:
            yield held, lent[held.id]


def _by_carrier(g: Gathering, loan: Voucher, action: str) -> Mapping[int, Entry]:
    entries = g.records.acts_on(loan.slip.id, action)
    return {entry.subject.id: entry for entry in entries if entry.subject.kind is Subject.CARRIER}


def _line(g: Gathering, loan: Voucher, held: Held, lent: Entry) -> LoanLine:
    back = _by_carrier(g, loan, "return_loan").get(held.id)
    borrower = g.records.person(loan.slip.party)
    status = loan.by_carrier()[held.id].get("status")
    due = day(lent.c.get("due"))
    renewed = _renewed(g, held, lent, back)
    return LoanLine(
        slip=loan.slip.number,
        borrower=borrower.name if borrower else "",
        department=borrower.department if borrower else "",
        title=held.title,
        reference=held.reference or "",
        number=g.number_and_serial(held),
        copy=copy_of(held),
        level=g.level(held.regime, held.level),
        size="" if held.pages is None else str(held.pages),
        manner="in_room" if loan.said("how", default="out") == "room" else "taken_out",
        lent=day(lent.h or lent.t),
        due=due,
        signed=_signed(g, loan),
        lent_by=g.records.name(lent.p),
        returned=day(back.h or back.t) if back else "",
        intact=True if back and status == "returned" else None,
        taken_back_by=g.records.name(back.p) if back else "",
        remark="\n".join(filter(None, (*renewed, _overdue(g, renewed[-1] if renewed else due, back)))),
    )


def _signed(g: Gathering, loan: Voucher) -> str:
    """When the borrower signed at the desk; where the signature stands on the slip itself, that it does."""
    given: Mapping[str, Any] = loan.slip.signed.get("borrower") or {}
    if not given:
        return ""
    return moment(given.get("at")) if given.get("how") == "seat" else g.say("见借阅单", "on the slip")


def _renewed(g: Gathering, held: Held, lent: Entry, back: Entry | None) -> tuple[str, ...]:
    """Until when the loan was renewed, each time."""
    until = back.t if back else "9999"
    entries = g.records.entries(Ref(Subject.CARRIER, held.id), "renew_loan")
    return tuple(
        f"{g.say('续借至', 'renewed until')} {day(entry.c.get('due'))}"
        for entry in entries
        if lent.t <= entry.t <= until
    )


def _overdue(g: Gathering, due: str, back: Entry | None) -> str:
    """How many days it is overdue today."""
    wanted = due[-10:]
    if back is not None or not wanted or wanted >= str(g.today):
        return ""
    days = (g.today - date.fromisoformat(wanted)).days
    return g.say(f"逾期{days}天", f"{days} days overdue" if days > 1 else "1 day overdue")
