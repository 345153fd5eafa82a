"""The last day that is allowed and the first that is not: a rule of days is wrong by one or right."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.actions.custody import Lend, RenewLoan, ReturnLoan
from app.actions.incident import ReportMissing
from app.actions.receipts import SendTracer
from app.actions.vouchers import CancelSlip
from app.domain.action import Line, Ref, Subject
from app.domain.slip import SlipState
from app.services.offers import usual_answers
from app.store.reads import WHOLE, limits_of, today_items
from tests.actions.shelf import on_shelf
from tests.actions.test_dispatch import parcel, sending, sent
from tests.services.simple import bring
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[Unit]:
    found = Unit(tmp_path / "book")
    yield found
    found.close()


def lending(unit: Unit, days: int, **more: Any) -> Lend:
    return Lend(borrower=unit.people["reader"], due=unit.today + timedelta(days=days), **more)


@pytest.mark.parametrize(("level", "last"), [("mimi", 90), ("jimi", 90), ("juemi", 0)])
def test_a_loan_ends_on_the_last_day_of_its_level_and_not_before_it_began(unit: Unit, level: str, last: int) -> None:
    room = {"how": "room", "room": unit.places["room"]} if level == "juemi" else {}
    for days, allowed in ((-1, False), (0, True), (last, True), (last + 1, False)):
        carrier, lend = bring(unit, level=level)[0], lending(unit, days, **room)
        refused = unit.why_not(lend, carrier, slip=unit.approved(lend, carrier))
        assert set(refused) == (set() if allowed else {"due_date_is_allowed"}), days


@pytest.mark.parametrize(("level", "days"), [("mimi", 90), ("juemi", 0)])
def test_the_last_day_of_the_level_is_proposed(unit: Unit, level: str, days: int) -> None:
    line = Line(Ref(Subject.CARRIER, bring(unit, level=level)[0]))
    assert usual_answers(unit.desk(), Lend, [line], {})["due"] == unit.today + timedelta(days=days)


def test_a_loan_is_renewed_once_and_counted_from_the_day_of_renewal(unit: Unit) -> None:
    carrier = bring(unit)[0]
    lend = lending(unit, 3)
    unit.do(lend, carrier, slip=unit.approved(lend, carrier))
    unit.now += timedelta(days=2)

    def renewing(days: int) -> dict[str, Any]:
        renew = RenewLoan(due=unit.today + timedelta(days=days))
        slip = unit.approved(renew, carrier)
        refused = unit.why_not(renew, carrier, slip=slip)
        if refused:
            unit.do(CancelSlip(reason="another day"), slip)
        return refused

    assert set(renewing(91)) == {"due_date_is_allowed"}
    assert renewing(90) == {}
    assert set(renewing(5)) == {"renewals_are_left"}, "the regime allows one"


def test_a_renewal_ends_its_own_slip_and_the_loan_runs_on(unit: Unit) -> None:
    carrier = bring(unit)[0]
    lend = lending(unit, 3)
    loan = unit.do(lend, carrier, slip=unit.approved(lend, carrier)).slip
    renew = RenewLoan(due=unit.today + timedelta(days=9))
    own = unit.approved(renew, carrier)
    unit.do(renew, carrier, slip=own)
    assert loan is not None
    assert (unit.slip(own).state, unit.slip(own).done) == (SlipState.CLOSED, 1)
    assert [line["status"] for line in unit.slip_lines(own).values()] == ["renewed"]
    assert unit.slip(loan).state is SlipState.EXECUTING
    assert unit.row("slips", loan)["due"] == str(renew.due)


def lent_together(unit: Unit, copies: int, days: int) -> tuple[list[int], int]:
    """Copies of one document on one loan slip."""
    carriers, lend = bring(unit, copies=copies), lending(unit, days)
    slip = unit.approved(lend, *carriers)
    unit.do(lend, *carriers, slip=slip)
    return carriers, slip


def renew(unit: Unit, carriers: Sequence[int], days: int) -> None:
    renewing = RenewLoan(due=unit.today + timedelta(days=days))
    unit.do(renewing, *carriers, slip=unit.approved(renewing, *carriers))


def test_a_loan_of_which_some_is_renewed_stays_due_with_what_was_not(unit: Unit) -> None:
    """Its slip said "30 days left" while two of its copies were four days late."""
    carriers, loan = lent_together(unit, 3, days=3)
    due = unit.today + timedelta(days=3)
    renew(unit, carriers[:1], days=30)
    assert unit.row("slips", loan)["due"] == str(due)
    unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, carriers[1]), {"pages": 12}))
    assert unit.row("slips", loan)["due"] == str(due)
    unit.do(ReportMissing(how="not on the desk"), carriers[2])
    assert unit.row("slips", loan)["due"] == str(unit.today + timedelta(days=30))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(("renew", "return", "lose")), st.sets(st.integers(0, 4), min_size=1), st.integers(1, 80)
        ),
        max_size=6,
    )
)
def test_a_loan_is_due_when_the_first_of_what_is_out_is(unit: Unit, acts: list[tuple[str, set[int], int]]) -> None:
    carriers, loan = lent_together(unit, 5, days=9)
    out, renewed = set(carriers), set[int]()
    for act, places, days in acts:
        chosen = [carriers[place] for place in sorted(places) if carriers[place] in out]
        if act == "renew":
            chosen = [carrier for carrier in chosen if carrier not in renewed]
            renewed |= set(chosen)
        if not chosen:
            continue
        if act == "renew":
            renew(unit, chosen, days)
        else:
            out -= set(chosen)
        if act == "return":
            unit.do(ReturnLoan(), *(Line(Ref(Subject.CARRIER, carrier), {"pages": 12}) for carrier in chosen))
        elif act == "lose":
            unit.do(ReportMissing(how="not on the desk"), *chosen)
        assert unit.row("slips", loan)["due"] == min((unit.row("carriers", each)["due"] for each in out), default=None)


def test_a_renewal_is_not_applied_for_twice(unit: Unit) -> None:
    carriers, _ = lent_together(unit, 2, days=3)
    renewing = RenewLoan(due=unit.today + timedelta(days=9))
    own = unit.approved(renewing, carriers[0])
    again = unit.why_not(renewing, *carriers)
    why = again["no_other_slip_asks_for_it"]
    assert (why.subject, why.reason.values["slip"]) == (Ref(Subject.CARRIER, carriers[0]), unit.slip(own).number)
    assert why.remedy is not None
    unit.do(CancelSlip(reason="given back tomorrow"), own)
    assert set(unit.why_not(renewing, *carriers)) == {"needs_approval"}
    renew(unit, carriers[:1], days=9)
    assert set(unit.why_not(renewing, carriers[1])) == {"needs_approval"}, "what is renewed is waited for no more"


def test_who_is_late_by_a_day_is_lent_nothing_and_who_is_due_today_is(unit: Unit) -> None:
    first, second = bring(unit, copies=2)
    lend = lending(unit, 2)
    unit.do(lend, first, slip=unit.approved(lend, first))
    unit.now += timedelta(days=2)
    again = lending(unit, 1)
    assert unit.why_not(again, second, slip=unit.approved(again, second)) == {}
    unit.now += timedelta(days=1)
    third = bring(unit)[0]
    late = lending(unit, 1)
    assert "reader_has_nothing_overdue" in unit.why_not(late, third, slip=unit.approved(late, third))


def test_a_loan_is_reminded_of_from_the_day_after_it_was_due(unit: Unit) -> None:
    carrier = bring(unit)[0]
    lend = lending(unit, 2)
    slip = unit.approved(lend, carrier)
    unit.do(lend, carrier, slip=slip)
    unit.now += timedelta(days=2)
    (why,) = unit.why_not(SendTracer(), slip).values()
    assert (why.rule, why.reason.values["day"]) == ("tracer_day_has_come", unit.today + timedelta(days=1))
    unit.now += timedelta(days=1)
    unit.do(SendTracer(), slip)
    assert set(unit.why_not(SendTracer(), slip)) == {"tracer_day_has_come"}, "once a day"
    unit.now += timedelta(days=1)
    assert unit.why_not(SendTracer(), slip) == {}


def test_a_receipt_is_asked_for_on_each_of_the_regimes_days(unit: Unit) -> None:
    """After 30, 45 and 60 days; then daily, and the leader hears of each."""
    slip = sent(unit, *on_shelf(unit))
    sent_on = unit.today
    told = []
    for days in (30, 45, 60, 61):
        unit.later(days=(sent_on + timedelta(days=days - 1) - unit.today).days)
        if days != 61:
            assert set(unit.why_not(SendTracer(), slip)) == {"tracer_day_has_come"}, days
        unit.later(days=(sent_on + timedelta(days=days) - unit.today).days)
        unit.do(SendTracer(), slip)
        told.append(unit.slip(slip).facts["reminder_told"])
    assert told == ["registry_clerk", "secrecy_office", "unit_leader", "unit_leader"]


@pytest.mark.parametrize(("days", "rule"), [
    (-1, "receipt_can_be_asked_for"), (0, None), (30, None), (31, "receipt_is_asked_for_in_time"),
])  # fmt: skip
def test_the_receipt_of_a_parcel_is_due_by_the_first_of_those_days(unit: Unit, days: int, rule: str | None) -> None:
    carriers = on_shelf(unit)
    due = sending(unit, receipt_due=unit.today + timedelta(days=days))
    assert set(unit.why_not(due, *carriers, slip=parcel(unit, *carriers))) == ({rule} if rule else set())


def test_who_was_reminded_has_until_the_day_that_was_named(unit: Unit) -> None:
    """Today offers nothing that the door refuses, nor presses for an answer before its day."""
    slip = sent(unit, *on_shelf(unit))

    def waits() -> tuple[date, str | None]:
        limits = limits_of(unit.desk().regimes())
        with unit.database.reading() as connection:
            items = today_items(connection, unit.today, limits, viewer=WHOLE)
        (item,) = [item for item in items if item.kind == "receipt"]
        return item.due, item.action

    unit.later(days=50)
    assert waits()[1] == "send_tracer"
    unit.do(SendTracer(), slip)
    assert waits() == (unit.today, "acknowledge_receipt")
    unit.later(days=1)
    assert waits()[1] == "send_tracer"
    named = unit.today + timedelta(days=12)
    unit.do(SendTracer(answer_by=named), slip)
    assert waits() == (named, "acknowledge_receipt")
    unit.later(days=13)
    assert waits() == (named, "send_tracer")
    unit.do(SendTracer(), slip)
    assert "answer_by" not in unit.slip(slip).facts
