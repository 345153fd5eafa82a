"""A parcel on its way out: what must stand on it, who carries it, how it comes to an end."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.actions.dispatch import Dispatch
from app.actions.office import AdoptRegime
from app.actions.receipts import AcknowledgeReceipt, ReturnUndelivered, SendTracer
from app.actions.vouchers import CancelSlip, OpenSlip, Submit, SubmitDraft
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import EnvelopeState, State
from app.domain.slip import SlipState
from app.i18n import ENGLISH, render
from tests.actions.shelf import on_shelf
from tests.unit import Unit

ASKED = {"addressee": "市政府办公室", "channel": "jiyao_jiaotong", "foreign": False}


def parcel(unit: Unit, *carriers: int, route: str = "dispatch", decided: bool = True, **asked: Any) -> int:
    """A parcel opened, filled and, if so wished, decided."""
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch", given=ASKED | asked)).subjects[0].id
    unit.do(SubmitDraft(approval=route, lines_given=[{"carrier": carrier} for carrier in carriers]), slip)
    return unit.decide(slip) if decided else slip


def sending(unit: Unit, *couriers: str, **other: Any) -> Dispatch:
    given: dict[str, Any] = {
        **ASKED, "envelope": "2026-017", "seal": "S-17", "receipt_due": unit.today + timedelta(days=30),
        "couriers": tuple(unit.people[name] for name in couriers or ("courier",)),
    }  # fmt: skip
    return Dispatch(**(given | other))


def sent(unit: Unit, *carriers: int, **other: Any) -> int:
    slip = parcel(unit, *carriers)
    unit.do(sending(unit, **other), *carriers, slip=slip)
    return slip


def test_parcel_goes_out_and_is_ours_until_the_receipt_is_back(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = sent(unit, first, second)
    carrier = unit.carrier(first)
    assert (carrier.state, carrier.way, carrier.place) == (State.IN_TRANSIT, slip, None)
    assert carrier.custodian == unit.people["clerk"]
    assert carrier.due == unit.today + timedelta(days=30)
    cover = unit.envelope(unit.slip(slip).facts["envelope"])
    assert (cover.kind, cover.number, cover.seal, cover.items) == ("outgoing", "2026-017", "S-17", 2)
    assert (cover.state, cover.level) == (EnvelopeState.HANDED_OVER, "jimi")


def test_highest_level_in_the_parcel_stands_on_its_cover(unit: Unit) -> None:
    low, high = on_shelf(unit, 1, "mimi")[0], on_shelf(unit, 1, "juemi")[0]
    slip = parcel(unit, low, high)
    unit.do(sending(unit, "courier", "courier2"), low, high, slip=slip)
    assert unit.envelope(unit.slip(slip).facts["envelope"]).level == "juemi"


def test_work_secrets_need_a_list_but_nobodys_approval(unit: Unit) -> None:
    carriers = on_shelf(unit, 2, "neibu", "cn-work")
    work = next(regime for regime in unit.desk().regimes() if regime.code == "cn-work")
    channel = work.channels_for("neibu")[0].value.code
    slip = parcel(unit, *carriers, decided=False, channel=channel)
    assert unit.slip(slip).state is SlipState.APPROVED
    assert unit.why_not(sending(unit, channel=channel), *carriers, slip=slip) == {}


def test_nothing_goes_out_without_a_parcel(unit: Unit) -> None:
    carriers = on_shelf(unit)
    assert {"parcel_is_approved", "needs_approval"} <= set(unit.why_not(sending(unit), *carriers))


def test_parcel_that_is_not_decided_stays(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = parcel(unit, *carriers, decided=False)
    assert "parcel_is_approved" in unit.why_not(sending(unit), *carriers, slip=slip)


def test_what_was_approved_by_a_shorter_route_stays(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = parcel(unit, *carriers, route="")
    refused = unit.why_not(sending(unit), *carriers, slip=slip)
    assert refused["route_was_decided"].citation == "审批层级为惯例(待确认)"


@pytest.mark.parametrize("other", [{"addressee": "somebody else"}, {"channel": "special_person"}])
def test_addressee_and_channel_are_those_approved(unit: Unit, other: dict[str, Any]) -> None:
    carriers = on_shelf(unit)
    refused = unit.why_not(sending(unit, **other), *carriers, slip=parcel(unit, *carriers))
    assert {"addressee_is_the_one_approved", "is_approved"} <= set(refused)


def test_what_is_packed_is_what_is_listed(unit: Unit) -> None:
    first, second, third = on_shelf(unit, 3)
    slip = parcel(unit, first, second)
    assert "everything_listed_is_packed" in unit.why_not(sending(unit), first, slip=slip)
    refused = unit.why_not(sending(unit), first, second, third, slip=slip)
    assert {"everything_listed_is_packed", "stands_on_the_parcel"} <= set(refused)


def submitting(unit: Unit, *carriers: int, channel: str) -> dict[str, Any]:
    """Why a parcel by this channel is not even applied for."""
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch", given=ASKED | {"channel": channel})).subjects[0].id
    submit = SubmitDraft(approval="dispatch", lines_given=[{"carrier": carrier} for carrier in carriers])
    return unit.why_not(submit, slip)


def test_channel_must_be_allowed_for_the_level(unit: Unit) -> None:
    carriers = on_shelf(unit, 1, "juemi")
    slip = parcel(unit, *carriers)
    action = sending(unit, "courier", "courier2", channel="exchange_station")
    refused = unit.why_not(action, *carriers, slip=slip)["channel_allows_the_level"]
    assert refused.citation == "厅字[2000]58号"
    assert refused.remedy is not None
    assert refused.field == "channel"


def test_nobody_is_asked_to_approve_a_channel_that_is_closed(unit: Unit) -> None:
    refused = submitting(unit, *on_shelf(unit, 1, "juemi"), channel="exchange_station")["channel_will_allow_the_level"]
    assert refused.citation == "厅字[2000]58号"
    assert "Give this slip up" in render(refused.remedy, ENGLISH)


@pytest.mark.parametrize("channel", ["pigeon", "ordinary_sealed"])
def test_channel_must_be_of_the_regime(unit: Unit, channel: str) -> None:
    refused = submitting(unit, *on_shelf(unit), channel=channel)["channel_will_allow_the_level"]
    assert refused.citation
    assert "ordinary_sealed" not in render(refused.reason, ENGLISH)


def test_highest_level_needs_two_couriers(unit: Unit) -> None:
    carriers = on_shelf(unit, 1, "juemi")
    slip = parcel(unit, *carriers)
    refused = unit.why_not(sending(unit), *carriers, slip=slip)["enough_couriers_are_named"]
    assert refused.citation == "实施条例(2024) §29(2)"
    assert unit.why_not(sending(unit, "courier", "courier2"), *carriers, slip=slip) == {}


def test_two_couriers_are_two_people(unit: Unit) -> None:
    carriers = on_shelf(unit, 1, "juemi")
    refused = unit.why_not(sending(unit, "courier", "courier"), *carriers, slip=parcel(unit, *carriers))
    assert {"couriers_are_different", "enough_couriers_are_named"} <= set(refused)


def test_couriers_are_cleared(unit: Unit) -> None:
    carriers = on_shelf(unit)
    refused = unit.why_not(sending(unit, "uncleared"), *carriers, slip=parcel(unit, *carriers))
    assert "couriers_are_cleared" in refused


CHANGED: list[tuple[str, Callable[[Unit, Dispatch], Dispatch]]] = [
    ("parcel_is_sealed", lambda _, action: replace(action, seal="")),
    ("receipt_is_expected", lambda _, action: replace(action, receipt_due=None)),
    ("receipt_is_asked_for_in_time", lambda unit, action: replace(action, receipt_due=unit.today + timedelta(days=31))),
    ("receipt_can_be_asked_for", lambda unit, action: replace(action, receipt_due=unit.today - timedelta(days=1))),
]


@pytest.mark.parametrize(("rule", "change"), CHANGED, ids=[rule for rule, _ in CHANGED])
def test_seal_and_receipt(unit: Unit, rule: str, change: Callable[[Unit, Dispatch], Dispatch]) -> None:
    carriers = on_shelf(unit)
    assert rule in unit.why_not(change(unit, sending(unit)), *carriers, slip=parcel(unit, *carriers))


def test_envelope_number_is_used_once(unit: Unit) -> None:
    first, second = on_shelf(unit)
    sent(unit, first)
    assert "envelope_number_is_free" in unit.why_not(sending(unit), second, slip=parcel(unit, second))


def test_what_goes_out_at_home_by_nobodys_approval_goes_abroad_by_the_whole_route(unit: Unit) -> None:
    carriers = on_shelf(unit, 1, "neibu", "cn-work")
    slip = parcel(unit, *carriers, foreign=True, channel="special_person", route="")
    refused = unit.why_not(sending(unit, foreign=True, channel="special_person"), *carriers, slip=slip)
    assert "route_was_decided" in refused


def test_foreign_receiver_needs_the_authority(unit: Unit) -> None:
    carriers = on_shelf(unit)
    refused = unit.why_not(sending(unit, foreign=True), *carriers, slip=parcel(unit, *carriers, foreign=True, route=""))
    assert refused["route_was_decided"].citation == "实施条例(2024) §44"
    slip = parcel(unit, *carriers, foreign=True)
    assert [step.role for step in unit.slip(slip).steps] == ["competent_authority"]
    assert unit.why_not(sending(unit, foreign=True), *carriers, slip=slip) == {}


def test_noforn_never_goes_abroad(unit: Unit) -> None:
    carriers = on_shelf(unit, 1, "s", "us-dod", caveats=["NOFORN"])
    channel = next(c.value.code for c in unit.desk().regimes()[-1].channels() if "s" in c.value.allowed)
    slip = parcel(unit, *carriers, foreign=True, channel=channel)
    refused = unit.why_not(sending(unit, "courier", "courier2", foreign=True, channel=channel), *carriers, slip=slip)
    assert "may_go_abroad" in refused


def test_what_is_lent_cannot_be_sent(unit: Unit) -> None:
    first, second = on_shelf(unit)
    sent(unit, first)
    slip = parcel(unit, second)
    assert "arc_is_open" in unit.why_not(sending(unit, envelope="2026-018"), first, second, slip=slip)


def test_parcel_under_way_is_not_cancelled(unit: Unit) -> None:
    slip = sent(unit, *on_shelf(unit))
    assert "nothing_was_carried_out" in unit.why_not(CancelSlip(reason="no"), slip)


# --- receipts ----------------------------------------------------------------------------------------------------


def receipt(unit: Unit, **other: Any) -> AcknowledgeReceipt:
    return AcknowledgeReceipt(**({"receiver": "李四", "received": unit.today} | other))


def test_receipts_come_back_one_by_one_and_the_last_closes_the_slip(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = sent(unit, first, second)
    unit.do(receipt(unit), first)
    assert unit.carrier(first).state is State.EXTERNAL
    assert unit.carrier(first).custodian is None
    assert (unit.slip(slip).state, unit.slip(slip).done) == (SlipState.EXECUTING, 1)
    cover = unit.slip(slip).facts["envelope"]
    assert unit.envelope(cover).state is EnvelopeState.HANDED_OVER, "half of it is still under way"
    unit.do(receipt(unit), second)
    assert unit.slip(slip).state is SlipState.CLOSED
    assert unit.envelope(unit.slip(slip).facts["envelope"]).state is EnvelopeState.ACKNOWLEDGED


def test_receipt_that_disagrees_is_no_receipt(unit: Unit) -> None:
    first, _ = carriers = on_shelf(unit)
    sent(unit, *carriers)
    line = Line(Ref(Subject.CARRIER, first), {"agrees": False})
    assert "receipt_agrees" in unit.why_not(receipt(unit), line)


@pytest.mark.parametrize("days", [-1, 1])
def test_nothing_is_received_before_it_was_sent_or_tomorrow(unit: Unit, days: int) -> None:
    carriers = on_shelf(unit)
    sent(unit, *carriers)
    refused = unit.why_not(receipt(unit, received=unit.today + timedelta(days=days)), *carriers)
    assert "receipt_is_no_older_than_the_parcel" in refused


def test_only_what_is_on_the_way_is_acknowledged(unit: Unit) -> None:
    assert "arc_is_open" in unit.why_not(receipt(unit), *on_shelf(unit))


def test_reminders_are_counted_on_their_days(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = sent(unit, *carriers)
    assert "tracer_day_has_come" in unit.why_not(SendTracer(), slip)
    unit.later(days=31)
    unit.do(SendTracer(), slip)
    assert "tracer_day_has_come" in unit.why_not(SendTracer(), slip)
    unit.later(days=15)
    unit.do(SendTracer(), slip)
    facts = unit.slip(slip).facts
    assert len(facts["reminders"]) == 2
    assert facts["reminder_told"] == "secrecy_office"
    assert unit.carrier(carriers[0]).state is State.IN_TRANSIT


def test_where_no_receipt_is_expected_nobody_is_reminded(unit: Unit) -> None:
    """What goes by a channel without one is the courier's until somebody says what became of it."""
    carriers = on_shelf(unit, 1, "neibu", "cn-work")
    work = next(regime for regime in unit.desk().regimes() if regime.code == "cn-work")
    channel = next(each.value for each in work.channels_for("neibu") if not each.value.needs_receipt)
    slip = parcel(unit, *carriers, decided=False, channel=channel.code)
    unit.do(sending(unit, channel=channel.code, receipt_due=None), *carriers, slip=slip)
    assert set(unit.why_not(SendTracer(), slip)) == {"something_is_still_out"}


def test_a_regime_without_steps_asks_from_the_day_after(unit: Unit) -> None:
    text = unit.desk().regimes()[0].text
    bare = re.sub(r"^tracer = \{ value = \[.*\], source", "tracer = { value = [], source", text, flags=re.MULTILINE)
    assert bare != text
    unit.do(AdoptRegime(name="cn-state", version=2, text=bare), by="officer", signed={"adopter": "secadmin"})
    carriers = on_shelf(unit)
    slip = sent(unit, *carriers)
    unit.later(days=30)
    assert "tracer_day_has_come" in unit.why_not(SendTracer(), slip)
    unit.later(days=1)
    unit.do(SendTracer(answer_by=unit.today), slip)
    facts = unit.slip(slip).facts
    assert ("reminder_told" in facts, facts["answer_by"]) == (False, unit.today.isoformat())


def test_nobody_is_reminded_of_what_is_back(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = sent(unit, *carriers)
    unit.do(receipt(unit), *carriers)
    unit.later(days=31)
    assert "something_is_still_out" in unit.why_not(SendTracer(), slip)


def came_back(unit: Unit, *carriers: int, pages: int = 12, intact: bool = True) -> dict[str, Any]:
    lines = [Line(Ref(Subject.CARRIER, carrier), {"pages": pages}) for carrier in carriers]
    return unit.why_not(ReturnUndelivered(seal_intact=intact, reason="moved"), *lines)


def test_undelivered_parcel_goes_back_to_its_place(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = sent(unit, *carriers)
    assert came_back(unit, *carriers) == {}
    carrier = unit.carrier(carriers[0])
    assert (carrier.state, carrier.place, carrier.way) == (State.IN_STOCK, unit.places["safe"], None)
    assert (carrier.slip, carrier.due) == (None, None)
    assert unit.slip(slip).state is SlipState.CLOSED
    assert unit.envelope(unit.slip(slip).facts["envelope"]).state is EnvelopeState.RETURNED


def test_broken_seal_is_an_incident(unit: Unit) -> None:
    carriers = on_shelf(unit)
    sent(unit, *carriers)
    assert came_back(unit, *carriers, intact=False)["seal_is_intact"].remedy is not None


def test_missing_pages_are_no_return(unit: Unit) -> None:
    carriers = on_shelf(unit)
    sent(unit, *carriers)
    assert "pages_agree" in came_back(unit, *carriers, pages=11)


def test_two_parcels_do_not_hold_one_carrier(unit: Unit) -> None:
    carriers = on_shelf(unit)
    sent(unit, *carriers)
    again = Submit(slip="parcel", act="dispatch", approval="dispatch", lines_given=[{"carrier": carriers[0]}])
    assert "lines_are_free" in unit.why_not(again)
