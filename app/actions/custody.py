"""Who has it: lending, renewing, returning, changing places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from app.domain.action import BACK, SAME, Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, ask, refuse
from app.domain.carrier import PersonId, PlaceId, State
from app.domain.caveat_checks import list_is_of_one_account
from app.domain.checks import (
    first_count,
    is_cleared,
    is_here,
    is_in_scope,
    level_of,
    nobody_is_alone_with_it,
    pages_agree,
    within_days,
)
from app.domain.opening import ended, fact, line_done, opened
from app.domain.place_checks import is_kept_as_the_level_asks, place_protects_enough
from app.domain.slip import SlipState
from app.domain.words import N_, says, says_n

LENDABLE = frozenset({State.IN_STOCK, State.ISSUED, State.ARCHIVED})


def reader_is_here(action: Lend, case: Case) -> Refusal | None:
    """Nobody who has left is lent anything."""
    return is_here(case.book.person(action.borrower), "borrower")


def reader_is_cleared(action: Lend, case: Case) -> Refusal | None:
    """The reader's clearance covers the level."""
    return is_cleared(case, case.book.person(action.borrower), "borrower")


def reader_is_in_scope(action: Lend, case: Case) -> Refusal | None:
    """The reader is in the access scope (domain.md P60: others may not read)."""
    return is_in_scope(case, case.book.person(action.borrower), "borrower")


def reader_has_nothing_overdue(action: Lend, case: Case) -> Refusal | None:
    """Who is late with one thing is lent no other (domain.md T09)."""
    if not case.book.has_overdue(action.borrower, case.today):
        return None
    rule = case.the_regime.loan_days(case.the_carrier.level)
    return refuse(
        N_("{name} has something overdue."),
        name=case.book.person(action.borrower).name,
        citation=rule.citation,
        verified=rule.verified,
        remedy=says(N_("Take it back or renew it first.")),
        field="borrower",
    )


def due_date_is_allowed(action: Lend | RenewLoan, case: Case) -> Refusal | None:
    """Due today or later, and no later than the regime's days for the level."""
    level = level_of(case)
    if level is None:
        return None
    days = case.the_regime.loan_days(level)
    if action.due < case.today:
        return refuse(N_("The due date {due} is in the past."), due=action.due, field="due")
    if case.the_regime.same_day_return(level).value and isinstance(action, Lend) and action.due != case.today:
        rule = case.the_regime.same_day_return(level)
        return refuse(
            N_("At this level it is returned on the same day."),
            citation=rule.citation,
            verified=rule.verified,
            field="due",
            remedy=says(N_("Set the due date to today.")),
        )
    if within_days(action.due, case.today, days.value):
        return None
    return refuse(
        N_("The due date {due} is more than {days} days away."),
        due=action.due,
        days=days.value,
        citation=days.citation,
        verified=days.verified,
        remedy=says(N_("Choose {last} or earlier; it can be renewed."), last=case.today + timedelta(days=days.value)),
        field="due",
    )


def may_leave_the_room(action: Lend, case: Case) -> Refusal | None:
    """What may be read only in its designated room is not carried out of it."""
    level = level_of(case)
    if level is None:
        return None
    rule = case.the_regime.loan_in_room_only(level)
    if not rule.value or (action.how == "room" and action.room is not None):
        return None
    return refuse(
        N_("At this level it is read only in its designated room."),
        citation=rule.citation,
        verified=rule.verified,
        remedy=says(N_("Choose “read in the room” and name the room.")),
        field="how",
    )


def room_protects_enough(action: Lend, case: Case) -> Refusal | None:
    """The reading room gives the protection the level asks for."""
    return place_protects_enough(case, action.room, "room")


def due_of_the_rest(cases: Sequence[Case], slip: int) -> date | None:
    """The first day on which something else that is out on the loan is due: its slip is due then."""
    return cases[0].book.earliest_due(slip, but=[case.subject.id for case in cases])


def last_loan_day(case: Case) -> date:
    """The last day the regime allows at this level."""
    level = level_of(case)
    if level is None or case.regime is None:
        return case.today
    if case.regime.same_day_return(level).value:
        return case.today
    return case.today + timedelta(days=case.regime.loan_days(level).value)


class Lend(Action):
    """Hand a copy to a cleared reader until a due date."""

    code = "lend"
    label = N_("Lend…")
    subject = Subject.CARRIER
    told = N_("lent to {hands}, due {due}")
    move = Move(LENDABLE, State.LOAN)
    whole = (list_is_of_one_account,)
    checks = (
        reader_is_here,
        reader_is_cleared,
        reader_is_in_scope,
        reader_has_nothing_overdue,
        due_date_is_allowed,
        may_leave_the_room,
        room_protects_enough,
        nobody_is_alone_with_it,
    )
    prints = ("loan_slip",)
    route = "loan"
    applied_for = ("borrower", "due")
    slip_kind = "loan"
    undo = "return_loan"
    key = "L"
    borrower: PersonId = ask(Kind.PERSON, N_("Borrower"))
    due: date = ask(Kind.DATE, N_("Due back"), suggest=last_loan_day)
    purpose: str = ask(Kind.TEXT, N_("Purpose"), default="")
    how: str = ask(
        Kind.CHOICE, N_("How"), default="out", choices=(("out", N_("taken out")), ("room", N_("read in the room")))
    )
    room: PlaceId | None = ask(Kind.PLACE, N_("Reading room"), default=None)
    beside: PersonId | None = ask(Kind.PERSON, N_("Second person who stays beside"), default=None)

    def changes(self, case: Case) -> Changes:
        return {"hands": self.borrower, "due": self.due, "renewals": 0}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first = cases[0]
        if first.slip is not None:
            due = min(day for day in (self.due, due_of_the_rest(cases, first.slip.id)) if day is not None)
            lent: Changes = {"state": SlipState.EXECUTING, "due": due}
            for case in cases:
                lent |= line_done(case, first.slip.id, case.the_carrier.id, "out")
            ref, changes = Ref(Subject.SLIP, first.slip.id), lent
        else:
            ref, changes = opened(
                first, "loan", SlipState.EXECUTING, action=self.code, regime=first.the_regime.code,
                level=first.the_regime.highest(case.the_carrier.level for case in cases),
                lines=({"carrier": case.the_carrier.id, "status": "out"} for case in cases),
                party=self.borrower, due=self.due,
            )  # fmt: skip
        on_slip = {case.subject: {"slip": ref.id} for case in cases}
        return {**on_slip, ref: changes | fact({"how": self.how, "room": self.room, "beside": self.beside})}


def renewals_are_left(_: Action, case: Case) -> Refusal | None:
    """A loan is renewed at the registry only so often."""
    rule, carrier = case.the_regime.renewals(), case.the_carrier
    if carrier.renewals < rule.value:
        return None
    told = says_n("It was renewed once; it may not be renewed again.",
                  "It was renewed {n} times; it may not be renewed again.", carrier.renewals)  # fmt: skip
    if not rule.value:
        told = says(N_("Such a loan is not renewed."))
    return Refusal("", told, rule.citation, rule.verified, says(N_("Take it back and lend it again.")))


def no_other_slip_asks_for_it(_: Action, case: Case) -> Refusal | None:
    """A renewal is applied for once: the second slip would wait for an act that is done."""
    asking = case.book.open_slip_asking(RenewLoan.code, case.the_carrier.id, but=case.authority.slip)
    if asking is None:
        return None
    return refuse(
        N_("Slip {slip} already asks to renew the loan of {number}."),
        slip=asking,
        number=case.the_carrier.number,
        remedy=says(N_("Finish or cancel slip {slip} first."), slip=asking),
    )


class RenewLoan(Action):
    """Give a loan a later due date."""

    code = "renew_loan"
    label = N_("Renew…")
    subject = Subject.CARRIER
    told = N_("loan renewed until {due}")
    move = Move({State.LOAN}, SAME)
    checks = (renewals_are_left, no_other_slip_asks_for_it, due_date_is_allowed)
    route = "renew"
    applied_for = ("due",)
    slip_kind = "loan"
    key = "N"
    due: date = ask(Kind.DATE, N_("New due date"), suggest=last_loan_day)

    def changes(self, case: Case) -> Changes:
        return {"due": self.due, "renewals": case.the_carrier.renewals + 1}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        loans: dict[Ref, Changes] = {}
        for number in dict.fromkeys(case.the_carrier.slip for case in cases):
            if number is not None:
                days = (self.due, due_of_the_rest(cases, number))
                loans[Ref(Subject.SLIP, number)] = {"due": min(day for day in days if day is not None)}
        return {**loans, **_renewal_done(cases)}


def _renewal_done(cases: Sequence[Case]) -> Mapping[Ref, Changes]:
    """The slip on which the renewal was applied for is done; the loan's own slip runs on."""
    first, slip = cases[0], cases[0].slip
    if slip is None or slip.action != RenewLoan.code:
        return {}
    closed: Changes = {**ended(first), "done": len(cases)}
    for case in cases:
        closed |= line_done(case, slip.id, case.the_carrier.id, "renewed")
    return {Ref(Subject.SLIP, slip.id): closed}


class ReturnLoan(Action):
    """Take a lent copy back, its pages counted, to where it was lent from."""

    code = "return_loan"
    label = N_("Return…")
    subject = Subject.CARRIER
    told = N_("returned, {pages} pages counted")
    move = Move({State.LOAN}, BACK)
    checks = (pages_agree,)
    key = "R"
    pages: int = ask(Kind.NUMBER, N_("Pages counted"), each=True, suggest=lambda case: case.the_carrier.pages)

    def changes(self, case: Case) -> Changes:
        return {"renewals": 0, **first_count(case)}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return lines_end(cases, "returned")


def lines_end(cases: Sequence[Case], status: str, **more: Any) -> Mapping[Ref, Changes]:
    """Each carrier's line on its slip done; a slip whose last line is done closes itself."""
    by_slip: dict[int, list[Case]] = {}
    for case in cases:
        if case.the_carrier.slip is not None:
            by_slip.setdefault(case.the_carrier.slip, []).append(case)
    found: dict[Ref, Changes] = {}
    for number, on_it in by_slip.items():
        slip = on_it[0].book.slip(number)
        changes: Changes = {"done": slip.done + len(on_it)}
        for case in on_it:
            changes |= line_done(case, number, case.the_carrier.id, status, pages=case.answer("pages"), **more)
        if changes["done"] >= slip.listed:
            changes |= {**ended(on_it[0]), "due": None}
        elif slip.kind == "loan":
            changes["due"] = due_of_the_rest(on_it, number)
        found[Ref(Subject.SLIP, number)] = changes
    return found


def new_place_protects(action: MoveTo, case: Case) -> Refusal | None:
    """The new place gives the protection the level asks for (domain.md T56)."""
    return is_kept_as_the_level_asks(case, action.place)


class MoveTo(Action):
    """Put a carrier in another place; its custodian stays."""

    code = "move_to"
    label = N_("Move to another place…")
    subject = Subject.CARRIER
    told = N_("moved to {place}")
    move = Move({State.IN_STOCK, State.ARCHIVED, State.ISSUED}, SAME)
    checks = (new_place_protects,)
    key = "M"
    place: PlaceId = ask(Kind.PLACE, N_("Place"))

    def changes(self, case: Case) -> Changes:
        return {"place": self.place}


ACTIONS = (Lend, RenewLoan, ReturnLoan, MoveTo)
