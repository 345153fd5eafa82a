"""What holds a carrier and what may end it without naming its slip; what the judgement tells, whatever the act."""

from datetime import timedelta

import pytest

from app.actions.copying import CopyCarrier
from app.actions.custody import Lend, ReturnLoan
from app.actions.disposition import FileToArchive
from app.actions.handover import OfferHandover
from app.actions.making import VoidDraft
from app.actions.vouchers import Submit
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import State
from app.domain.judging import CLOCK_LEAP, CLOCK_SLACK
from tests.actions.shelf import on_shelf
from tests.actions.test_handover import opened
from tests.unit import Unit


def applied(unit: Unit, kind: str, act: str, route: str, carrier: int) -> int:
    """A list that holds the carrier from its application on."""
    submit = Submit(slip=kind, act=act, approval=route, lines_given=[{"carrier": carrier}])
    return unit.do(submit).subjects[0].id


def lend(unit: Unit) -> Lend:
    return Lend(borrower=unit.people["reader"], due=unit.today)


def archived(unit: Unit) -> int:
    carrier = on_shelf(unit, 1)[0]
    file = FileToArchive(place=unit.places["room"])
    answers = {"archive_no": "A-1", "retention": "permanent", "appraisal": "kept"}
    unit.do(file, Line(Ref(Subject.CARRIER, carrier), answers), slip=unit.approved(file, carrier))
    return carrier


@pytest.mark.parametrize("kind", ["filing", "transfer"])
def test_what_is_on_a_list_is_handed_over_and_nothing_else_is_done_with_it(unit: Unit, kind: str) -> None:
    is_filing = kind == "filing"
    carrier = on_shelf(unit, 1)[0] if is_filing else archived(unit)
    act, route = ("file_to_archive", "archive_file") if is_filing else ("transfer_to_archives", "archive_transfer")
    held = applied(unit, kind, act, route, carrier)
    assert unit.carrier(carrier).slip == held
    refused = unit.why_not(lend(unit), carrier)["no_other_slip_holds_it"]
    assert refused.remedy is not None
    assert refused.remedy.values["slip"] == unit.slip(held).number
    unit.do(OfferHandover(), carrier, slip=opened(unit))
    assert unit.carrier(carrier).state is State.HANDOVER


def copies_in_prep(unit: Unit) -> list[int]:
    original = on_shelf(unit, 1, level="mimi")[0]
    act = CopyCarrier(
        original=original, copies=2, pages=12, reason="meeting", place=unit.places["safe"],
        recipients=(unit.people["reader"],),
    )  # fmt: skip
    return [ref.id for ref in unit.do(act, slip=unit.approved(act)).subjects]


def test_copies_being_made_are_voided_and_handed_over_without_naming_their_job(unit: Unit) -> None:
    first, second = copies_in_prep(unit)
    void = VoidDraft(reason="smeared", second=unit.people["clerk2"], waste_by=unit.people["clerk"])
    slip = unit.approved(void, first)
    unit.do(void, first, slip=slip, signed={"second": "clerk2"})
    assert unit.carrier(first).state is State.VOID
    unit.do(OfferHandover(), second, slip=opened(unit))
    assert unit.carrier(second).state is State.HANDOVER


def test_drift_is_no_leap_and_two_minutes_are_drift(unit: Unit) -> None:
    carriers = on_shelf(unit, 1)
    last = unit.now
    for moved, believed in (
        (-CLOCK_SLACK, True), (-CLOCK_SLACK - timedelta(seconds=1), False),
        (CLOCK_LEAP, True), (CLOCK_LEAP + timedelta(seconds=1), False),
    ):  # fmt: skip
        unit.now = last + moved
        refused = {each.rule for each in unit.desk().refusals(lend(unit), [Ref(Subject.CARRIER, carriers[0])])}
        assert ("clock_is_confirmed" not in refused) is believed, moved
    unit.now = last


def test_what_happened_is_no_later_than_now_and_no_earlier_than_the_last_move(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    act = lend(unit)
    slip = unit.approved(act, carrier)
    unit.do(act, carrier, slip=slip)
    moved = unit.now
    unit.now += timedelta(hours=2)
    back = Line(Ref(Subject.CARRIER, carrier), {"pages": 12})
    for happened, rule in (
        (unit.now + CLOCK_SLACK, None), (unit.now + CLOCK_SLACK + timedelta(seconds=1), "not_in_the_future"),
        (moved - CLOCK_SLACK, None), (moved - CLOCK_SLACK - timedelta(seconds=1), "happened_in_order"),
    ):  # fmt: skip
        told = unit.desk().refusals(ReturnLoan(), [back], unit.rests_on(happened=happened))
        assert [each.rule for each in told] == ([rule] if rule else []), happened


def test_who_holds_it_is_told_where_somebody_does(unit: Unit) -> None:
    first, second = on_shelf(unit)
    act = lend(unit)
    unit.do(act, first, slip=unit.approved(act, first))
    told = unit.why_not(Lend(borrower=unit.people["reader2"], due=unit.today), first)["arc_is_open"]
    assert (told.reason.values["name"], "({name})" in told.reason.msgid) == ("reader", True)
    shut = unit.why_not(ReturnLoan(), Line(Ref(Subject.CARRIER, second), {"pages": 12}))["arc_is_open"]
    assert ("({name})" in shut.reason.msgid, shut.reason.values["name"]) == (False, "")
