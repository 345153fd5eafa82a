"""Missing and found: the clock that starts, the slips that are told, the way back."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.actions.custody import Lend, ReturnLoan
from app.actions.destroying import Destroy
from app.actions.destruction import BagAndSeal, ProposeDestruction
from app.actions.dispatch import Dispatch
from app.actions.handover import OfferHandover, OpenHandover
from app.actions.incident import Found, ReportMissing
from app.actions.taking_over import TakeOver
from app.actions.vouchers import OpenSlip, SubmitDraft
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import State
from app.domain.slip import SlipState
from tests.actions.shelf import on_shelf
from tests.unit import Unit


def missing(unit: Unit, *carriers: int, by: str = "reader", **other: Any) -> int:
    slip = unit.do(ReportMissing(how="not on its shelf"), *carriers, by=by, **other).slip
    assert slip is not None
    return slip


def lent(unit: Unit, *carriers: int) -> int:
    action = Lend(borrower=unit.people["reader"], due=unit.today + timedelta(days=5))
    slip = unit.approved(action, *carriers, by="drafter")
    unit.do(action, *carriers, slip=slip)
    return slip


def finding(unit: Unit, *carriers: int, place: str = "safe", pages: int = 12, agreed: bool = True) -> dict[str, Any]:
    action = Found(place=unit.places[place], how="behind the drawer")
    slip = unit.approved(action, *carriers, by="clerk") if agreed else None
    lines = [Line(Ref(Subject.CARRIER, carrier), {"pages": pages}) for carrier in carriers]
    return unit.why_not(action, *lines, slip=slip)


def test_missing_carrier_stays_on_charge_and_the_clock_starts(unit: Unit) -> None:
    carrier = on_shelf(unit, 1, "juemi")[0]
    slip = missing(unit, carrier)
    now = unit.carrier(carrier)
    assert (now.state, now.place, now.slip) == (State.MISSING, unit.places["safe"], slip)
    assert now.custodian == unit.people["clerk"]
    incident = unit.slip(slip)
    assert (incident.kind, incident.state) == ("incident", SlipState.EXECUTING)
    known = datetime.fromisoformat(incident.facts["known"])
    assert datetime.fromisoformat(incident.facts["report_by"]) == known + timedelta(hours=24)
    assert incident.facts["leaked_on"] == (unit.today + timedelta(days=10)).isoformat()


def test_nothing_is_reported_missing_twice(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    missing(unit, carrier)
    assert "arc_is_open" in unit.why_not(ReportMissing(how="again"), carrier)


def test_it_was_not_last_seen_tomorrow(unit: Unit) -> None:
    report = ReportMissing(how="gone", last_seen=unit.today + timedelta(days=1))
    assert set(unit.why_not(report, *on_shelf(unit))) == {"last_seen_is_past"}


def test_one_incident_has_one_regime(unit: Unit) -> None:
    mixed = on_shelf(unit, 1) + on_shelf(unit, 1, "neibu", "cn-work")
    assert set(unit.why_not(ReportMissing(how="gone"), *mixed)) == {"incident_has_one_regime"}


def test_missing_loan_is_accounted_for_on_its_slip(unit: Unit) -> None:
    first, second = on_shelf(unit)
    loan = lent(unit, first, second)
    missing(unit, first)
    assert (unit.slip(loan).state, unit.slip(loan).done) == (SlipState.EXECUTING, 1)
    unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, second), {"pages": 12}))
    assert unit.slip(loan).state is SlipState.CLOSED


def test_what_never_arrived_closes_its_parcel(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    asked = {"addressee": "市政府", "channel": "jiyao_tongxin"}
    parcel = unit.do(OpenSlip(slip="parcel", act="dispatch", given=asked)).subjects[0].id
    unit.do(SubmitDraft(approval="dispatch", lines_given=[{"carrier": carrier}]), parcel)
    couriers = (unit.people["courier"],)
    due = unit.today + timedelta(days=30)
    action = Dispatch(**asked, envelope="1", seal="1", couriers=couriers, receipt_due=due)
    unit.do(action, carrier, slip=unit.decide(parcel))
    missing(unit, carrier)
    assert unit.slip(parcel).state is SlipState.CLOSED
    assert (unit.carrier(carrier).way, unit.carrier(carrier).due) == (parcel, None)


def test_handover_asks_again_about_what_went_missing(unit: Unit) -> None:
    first, second = on_shelf(unit)
    named = {"giver": "clerk", "receiver": "clerk2", "supervisor": "leader", "named_by": "leader"}
    people = {role: unit.people[name] for role, name in named.items()}
    slip = unit.do(OpenHandover(**people), signed={"namer": "leader"}).subjects[0].id
    unit.do(OfferHandover(), first, second, slip=slip)
    missing(unit, first)
    assert (unit.slip(slip).done, unit.slip_lines(slip)[1]["status"]) == (1, "listed")
    signed = {"giver": "clerk", "receiver": "clerk2", "supervisor": "leader"}
    assert "every_line_is_settled" in unit.why_not(TakeOver(), second, slip=slip, signed=signed)


def test_missing_item_does_not_keep_its_destruction_list_open(unit: Unit) -> None:
    first, second = on_shelf(unit)
    ticked = {"no_recall": True, "record_kept": True}
    lines = [Line(Ref(Subject.CARRIER, carrier), ticked) for carrier in (first, second)]
    slip = unit.decide(unit.do(ProposeDestruction(reason="over"), *lines, by="drafter").slip or 0)
    bag = BagAndSeal(bag="B-1", seal="S-1", count=1, witness=unit.people["witness"])
    unit.do(bag, first, slip=slip, signed={"witness": "witness"})
    missing(unit, second)
    destroy = Destroy(
        reason="over", method="burning", destroyer=unit.people["clerk"], seals="S-1",
        witnesses=(unit.people["clerk2"], unit.people["witness"]),
    )  # fmt: skip
    unit.do(destroy, first, slip=slip, signed={"witness": "clerk2 witness"})
    assert unit.slip(slip).state is SlipState.CLOSED
    assert unit.slip_lines(slip)[2]["status"] == "missing"


def test_found_carrier_is_back_in_stock_and_the_incident_closes(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    lent(unit, carrier)
    slip = missing(unit, carrier)
    assert finding(unit, carrier, place="room") == {}
    now = unit.carrier(carrier)
    assert (now.state, now.place, now.hands, now.slip) == (State.IN_STOCK, unit.places["room"], None, None)
    assert now.back is None
    assert unit.slip(slip).state is SlipState.CLOSED
    assert finding_is_over(unit, carrier)


def finding_is_over(unit: Unit, carrier: int) -> bool:
    return "arc_is_open" in unit.why_not(Found(place=unit.places["room"], how="again"), carrier)


def test_incident_stays_open_for_what_is_still_missing(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = missing(unit, first, second)
    assert finding(unit, first) == {}
    assert (unit.slip(slip).state, unit.slip(slip).done) == (SlipState.EXECUTING, 1)


def test_secrecy_office_agrees_first(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    missing(unit, carrier)
    assert set(finding(unit, carrier, agreed=False)) == {"needs_approval"}


@pytest.mark.parametrize(
    ("other", "rule"), [({"pages": 11}, "pages_agree"), ({"place": "corridor"}, "found_place_protects")]
)
def test_found_whole_and_put_in_safety(unit: Unit, other: dict[str, Any], rule: str) -> None:
    carrier = on_shelf(unit, 1)[0]
    missing(unit, carrier)
    assert set(finding(unit, carrier, **other)) == {rule}
