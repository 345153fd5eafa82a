"""How a handover ends: by its own act, signed, with everything that was on the charge, and noted with its hour."""

from datetime import datetime

from app.actions.handover import OfferHandover
from app.actions.office import ClearPerson, ClosePerson
from app.actions.taking_over import TakeOver, TakeOverUncounted
from app.domain.action import Ref, Subject
from app.domain.slip import SlipState
from app.services.offers import offers
from tests.actions.shelf import on_shelf
from tests.actions.test_handover import SIGNED, handover, lent, opened, person
from tests.unit import Unit


def uncounted(unit: Unit, slip: int, **signed: str) -> set[str]:
    return set(unit.why_not(TakeOverUncounted(), slip, slip=slip, signed=SIGNED | signed))


def test_a_closed_handover_says_when_and_prints_its_list(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    slip = opened(unit)
    unit.do(OfferHandover(), carrier, slip=slip)
    assert unit.do(TakeOver(), carrier, slip=slip, signed=SIGNED).prints == ("handover_list",)
    for moment in (unit.row("slips", slip)["closed_at"], unit.slip(slip).facts["ended"]):
        assert datetime.fromisoformat(moment) == unit.now


def test_only_a_running_handover_is_taken_over(unit: Unit) -> None:
    away, here = on_shelf(unit)
    loan = lent(unit, away)
    assert "handover_is_running" in unit.why_not(TakeOverUncounted(), loan, slip=loan, signed=SIGNED)
    slip = opened(unit)
    unit.do(OfferHandover(), here, slip=slip)
    assert {"handover_is_running", "its_slip_is_open"} <= set(unit.why_not(TakeOver(), here, slip=loan, signed=SIGNED))
    unit.do(TakeOver(), here, slip=slip, signed=SIGNED)
    assert unit.slip(slip).state is SlipState.CLOSED
    assert "handover_is_running" in uncounted(unit, slip)


def test_what_came_on_charge_since_is_on_no_list_and_lets_none_close(unit: Unit) -> None:
    lent(unit, on_shelf(unit, 1)[0])
    slip = opened(unit)
    lent(unit, on_shelf(unit, 1)[0])
    assert uncounted(unit, slip) == {"nothing_came_on_charge_since"}


def test_whoever_takes_over_what_is_all_out_is_judged_again_too(unit: Unit) -> None:
    lent(unit, on_shelf(unit, 1)[0])
    slip = opened(unit, receiver=unit.people["reader2"])
    unit.do(ClearPerson(regime="cn-state", level="mimi"), person(unit, "reader2"), by="officer")
    assert uncounted(unit, slip, receiver="reader2") == {"receiver_is_still_here_and_cleared"}
    unit.do(ClearPerson(regime="cn-state", level="juemi"), person(unit, "reader2"), by="officer")
    unit.do(ClosePerson(), person(unit, "reader2"), by="officer")
    assert uncounted(unit, slip, receiver="reader2") == {"receiver_is_still_here_and_cleared"}


def test_a_card_offers_no_taking_over(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    slip = unit.do(handover(unit), signed={"namer": "leader"}).subjects[0]
    unit.do(OfferHandover(), carrier, slip=slip.id)
    for ref in (Ref(Subject.CARRIER, carrier), slip):
        assert not {"take_over", "take_over_uncounted"} & {each.action.code for each in offers(unit.desk(), ref)}
