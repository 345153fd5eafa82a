"""What is reminded of: what is really out on a parcel or a loan, counted from the day it was due first."""

from datetime import timedelta

from app.actions.custody import Lend, ReturnLoan
from app.actions.handover import OpenHandover
from app.actions.receipts import AcknowledgeReceipt, SendTracer
from app.domain.action import Action, Case, Changes, Line, Ref, Subject
from tests.actions.shelf import on_shelf
from tests.actions.test_dispatch import sent
from tests.unit import Unit


class Undated(Action):
    """A carrier as an old book left it on the way: no day stands on it, only on its parcel."""

    code = "undated"
    label = "Undated"
    subject = Subject.CARRIER
    told = "undated"

    def changes(self, case: Case) -> Changes:
        return {"due": None}


class DatedAlone(Action):
    """One carrier of a parcel whose receipt is due on another day than the rest."""

    code = "dated_alone"
    label = "Dated alone"
    subject = Subject.CARRIER
    told = "dated"

    def changes(self, case: Case) -> Changes:
        due = case.the_carrier.due
        assert due is not None
        return {"due": due - timedelta(days=10)}


def lent(unit: Unit, days: int, *carriers: int) -> int:
    lend = Lend(borrower=unit.people["reader"], due=unit.today + timedelta(days=days))
    slip = unit.approved(lend, *carriers)
    unit.do(lend, *carriers, slip=slip)
    return slip


def refused(unit: Unit, slip: int) -> set[str]:
    return set(unit.why_not(SendTracer(), slip))


def test_an_old_books_parcel_is_reminded_of_from_the_day_on_its_slip(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = sent(unit, *carriers)
    unit.do(Undated(), *carriers)
    unit.later(days=29)
    assert refused(unit, slip) == {"tracer_day_has_come"}
    unit.later(days=1)
    assert unit.do(SendTracer(), slip).prints == ("tracer",)


def test_of_an_old_books_parcel_that_is_all_back_nobody_is_reminded(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = sent(unit, *carriers)
    unit.do(AcknowledgeReceipt(receiver="Li", received=unit.today), carriers[0])
    unit.do(Undated(), carriers[1])
    unit.later(days=30)
    assert refused(unit, slip) == set()


def test_the_earliest_day_counts_and_a_day_on_the_carrier_more_than_the_slips(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = sent(unit, first, second)
    unit.do(DatedAlone(), second)
    unit.later(days=19)
    assert refused(unit, slip) == {"tracer_day_has_come"}
    unit.later(days=1)
    assert refused(unit, slip) == set()


def test_what_is_back_and_out_again_elsewhere_is_not_reminded_of_here(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = lent(unit, 9, first, second)
    unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, first), {"pages": 12}))
    again = lent(unit, 0, first)
    unit.now += timedelta(days=1)
    assert refused(unit, slip) == {"tracer_day_has_come"}
    assert refused(unit, again) == set()


def test_a_handover_is_not_reminded_of_for_what_is_out_in_it(unit: Unit) -> None:
    carriers = on_shelf(unit)
    lent(unit, 0, carriers[0])
    people = {name: unit.people[name] for name in ("clerk", "clerk2", "leader", "chief")}
    handover = OpenHandover(
        giver=people["clerk"], receiver=people["clerk2"], supervisor=people["leader"], named_by=people["chief"]
    )
    slip = unit.do(handover, signed={"namer": "chief"}).slip
    assert slip is not None
    assert "out" in {line["status"] for line in unit.slip_lines(slip).values()}
    unit.now += timedelta(days=1)
    assert refused(unit, slip) == {"something_is_still_out"}


def test_a_receipt_before_the_parcel_is_told_with_the_day_it_was_sent(unit: Unit) -> None:
    carriers = on_shelf(unit)
    sent(unit, *carriers)
    early = AcknowledgeReceipt(receiver="Li", received=unit.today - timedelta(days=1))
    told = unit.why_not(early, *carriers)["receipt_is_no_older_than_the_parcel"].reason.values
    assert (told["day"], told["sent"]) == (unit.today - timedelta(days=1), unit.today.isoformat())
