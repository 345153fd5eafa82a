"""What a parcel needs, channel by channel, as each regime in force has it; and which slip is a parcel at all."""

from datetime import timedelta
from typing import Any

import pytest

from app.actions.custody import Lend
from app.actions.dispatch import Dispatch
from app.actions.receipts import AcknowledgeReceipt
from app.actions.vouchers import OpenSlip, SubmitDraft
from app.domain.action import Line, Ref, Subject
from app.i18n import CHINESE, render
from app.services.founding import SHIPPED_REGIMES
from app.services.offers import usual_answers
from tests.actions.shelf import on_shelf
from tests.actions.test_dispatch import ASKED, parcel, sending
from tests.unit import Unit


def bare(unit: Unit, channel: str, couriers: int = 0) -> Dispatch:
    """A parcel by that channel with no seal, no receipt, and so many couriers."""
    people = tuple(unit.people[name] for name in ("courier", "courier2", "clerk")[:couriers])
    return sending(unit, channel=channel, seal=" ", receipt_due=None, couriers=people)


def rules(unit: Unit, act: Dispatch, carrier: int) -> set[str]:
    return {each.rule for each in unit.desk().refusals(act, [Ref(Subject.CARRIER, carrier)], unit.rests_on())}


@pytest.mark.parametrize("regime", SHIPPED_REGIMES)
def test_couriers_seal_and_receipt_are_those_of_the_channel(unit: Unit, regime: str) -> None:
    known = next(each for each in unit.desk().regimes() if each.code == regime)
    for level in (answer.value.code for answer in known.levels()):
        carrier = on_shelf(unit, 1, level, regime)[0]
        for channel in (answer.value for answer in known.channels()):
            needed = known.couriers(level, channel.code).value if level in channel.allowed else 0
            told = rules(unit, bare(unit, channel.code, max(needed - 1, 0)), carrier)
            wants = channel.needs_receipt or known.receipt_required(level).value
            assert ("channel_allows_the_level" in told) is (level not in channel.allowed)
            assert ("enough_couriers_are_named" in told) is (needed > 0)
            assert ("parcel_is_sealed" in told) is channel.needs_seal
            assert ("receipt_is_expected" in told) is wants
            enough = rules(unit, bare(unit, channel.code, needed), carrier)
            assert "enough_couriers_are_named" not in enough


def test_by_a_channel_that_no_regime_knows_only_the_channel_is_wrong(unit: Unit) -> None:
    told = rules(unit, bare(unit, "pigeon"), on_shelf(unit, 1, "neibu", "cn-work")[0])
    assert "channel_allows_the_level" in told
    assert not {"parcel_is_sealed", "enough_couriers_are_named"} & told


def test_a_channel_of_another_regime_is_called_by_its_name(unit: Unit) -> None:
    company = next(each for each in unit.desk().regimes() if each.code == "cn-company")
    own = {each.value.code for each in unit.desk().regimes()[0].channels()}
    other = [each.value for each in company.channels() if each.value.code not in own][-1]
    refused = unit.why_not(sending(unit, channel=other.code), *on_shelf(unit))["channel_allows_the_level"]
    assert other.name.zh in render(refused.reason, CHINESE)


def test_only_a_parcel_of_this_act_is_one(unit: Unit) -> None:
    carriers = on_shelf(unit)
    as_loan = unit.approved(sending(unit), *carriers, kind="loan")
    assert "parcel_is_approved" in unit.why_not(sending(unit), *carriers, slip=as_loan)
    lend = Lend(borrower=unit.people["reader"], due=unit.today)
    of_a_loan = unit.approved(lend, *carriers, kind="parcel")
    assert "parcel_is_approved" in unit.why_not(sending(unit), *carriers, slip=of_a_loan)
    assert "parcel_is_approved" not in unit.why_not(sending(unit), *carriers, slip=parcel(unit, *carriers))


def test_where_list_and_parcel_differ_the_first_is_named(unit: Unit) -> None:
    first, second, third = on_shelf(unit, 3)
    refused = unit.why_not(sending(unit), third, slip=parcel(unit, first, second))["everything_listed_is_packed"]
    told: dict[str, Any] = dict(refused.reason.values)
    assert (told["listed"], told["packed"], told["number"]) == (2, 1, unit.carrier(first).number)


def test_the_channel_given_at_the_submission_is_judged(unit: Unit) -> None:
    carrier = on_shelf(unit, 1, "juemi")[0]
    lines = [{"carrier": carrier}]
    for asked, given, closed in (
        ("jiyao_jiaotong", {}, False), ("exchange_station", {}, True),
        ("jiyao_jiaotong", {"channel": "exchange_station"}, True),
        ("exchange_station", {"channel": "jiyao_jiaotong"}, False),
    ):  # fmt: skip
        slip = unit.do(OpenSlip(slip="parcel", act="dispatch", given=ASKED | {"channel": asked})).subjects[0].id
        submit = SubmitDraft(approval="dispatch", lines_given=lines, given=given)
        told = unit.desk().refusals(submit, [Ref(Subject.SLIP, slip)], unit.rests_on())
        assert ["channel_will_allow_the_level"] * closed == [each.rule for each in told], (asked, given)


def test_what_was_said_of_a_parcel_stands_on_its_slip_and_its_cover(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = parcel(unit, *carriers)
    due = unit.today + timedelta(days=20)
    said = {"addressee_code": "A-17", "urgency": "urgent", "attention": "李处长", "receiver": "other"}
    receipt = unit.do(sending(unit, receipt_due=due, **said), *carriers, slip=slip)
    assert receipt.prints == ("delivery_list", "envelope_labels")
    assert receipt.undo == "return_undelivered"
    assert unit.row("slips", slip)["due"] == due.isoformat()
    facts = dict(unit.slip(slip).facts)
    cover = facts.pop("envelope")
    assert unit.words(facts.pop("attention")) == "李处长"
    assert facts.pop("submitted_by") == unit.people["clerk"]
    assert facts == {
        "envelope_number": "2026-017", "seal": "S-17", "channel": "jiyao_jiaotong",
        "couriers": [unit.people["courier"]], "addressee_code": "A-17", "foreign": False,
        "sent": unit.today.isoformat(), "receipt_due": due.isoformat(), "urgency": "urgent", "receiver": "other",
    }  # fmt: skip
    row = unit.row("envelopes", cover)
    assert (row["channel"], row["slip"]) == ("jiyao_jiaotong", slip)


def test_what_was_not_said_of_a_parcel_stands_nowhere(unit: Unit) -> None:
    carriers = on_shelf(unit, 1, "neibu", "cn-work")
    work = next(each for each in unit.desk().regimes() if each.code == "cn-work")
    channel = next(each.value.code for each in work.channels_for("neibu") if not each.value.needs_seal)
    slip = parcel(unit, *carriers, decided=False, channel=channel)
    unit.do(sending(unit, channel=channel, seal=""), *carriers, slip=slip)
    assert not {"seal", "attention", "urgency", "addressee_code", "receiver"} & set(unit.slip(slip).facts)


def test_the_day_a_receipt_is_due_is_proposed_as_the_regimes_first(unit: Unit) -> None:
    line = Line(Ref(Subject.CARRIER, on_shelf(unit)[0]))
    proposed = usual_answers(unit.desk(), Dispatch, [line], {})
    assert proposed["receipt_due"] == unit.today + timedelta(days=30)


def test_a_receipt_rests_on_no_slip_of_another_kind(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = parcel(unit, first)
    unit.do(sending(unit), first, slip=slip)
    lend = Lend(borrower=unit.people["reader"], due=unit.today)
    back = AcknowledgeReceipt(receiver="Li", received=unit.today)
    assert "its_slip_is_open" in unit.why_not(back, first, slip=unit.approved(lend, second))
    assert unit.why_not(back, first, slip=slip) == {}
