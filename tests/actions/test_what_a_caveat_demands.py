"""What a caveat demands of the acts: who outside may receive it, and what is accounted for apart."""

from pathlib import Path
from typing import Any

import pytest

from app.actions.copying import CopyCarrier
from app.actions.custody import Lend
from app.actions.destruction import ProposeDestruction
from app.actions.dispatch import Dispatch
from app.actions.disposition import FileToArchive, TransferToArchives
from app.actions.vouchers import OpenSlip, Submit, SubmitDraft
from app.domain.action import Action, Line, Ref, Subject
from app.domain.carrier import State
from app.domain.regime import Demand
from app.i18n import ENGLISH, render
from tests.actions.shelf import on_shelf
from tests.unit import Unit

ASKED = {"addressee": "the embassy", "channel": "cleared_courier", "foreign": False}


def bearing(unit: Unit, *caveats: str) -> int:
    return on_shelf(unit, 1, "s", "us-dod", caveats=list(caveats))[0]


def parcel(unit: Unit, *carriers: int, **asked: Any) -> int:
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch", given=ASKED | asked)).subjects[0].id
    lines = [{"carrier": carrier} for carrier in carriers]
    unit.do(SubmitDraft(approval="dispatch", lines_given=lines), slip)
    return unit.decide(slip)


def sending(unit: Unit, **other: Any) -> Dispatch:
    couriers = (unit.people["courier"], unit.people["courier2"])
    given: dict[str, Any] = {
        **ASKED, "envelope": "2026-1", "seal": "S-1", "receipt_due": unit.today, "couriers": couriers,
    }  # fmt: skip
    return Dispatch(**(given | other))


# --- whom it may go to ---


@pytest.mark.parametrize(("caveats", "receivers"), [
    (("STADIS",), {"department"}),
    (("NOCONTRACT",), {"department", "other"}),
    (("NOCONTRACT", "STADIS"), {"department"}),
    (("EXDIS",), {"", "department", "other", "contractor"}),
    ((), {"", "department", "other", "contractor"}),
])  # fmt: skip
def test_a_caveat_says_to_whom_a_parcel_may_go(unit: Unit, caveats: tuple[str, ...], receivers: set[str]) -> None:
    carrier = bearing(unit, *caveats)
    slip = parcel(unit, carrier)
    for receiver in ("", "department", "other", "contractor"):
        refused = unit.desk().refusals(sending(unit, receiver=receiver), [Ref(Subject.CARRIER, carrier)],
                                       unit.rests_on(slip))  # fmt: skip
        about = [each for each in refused if each.rule == "caveats_admit_the_receiver"]
        assert bool(about) is (receiver not in receivers), receiver
        assert len(refused) == len(about)
        for each in about:
            assert each.field == "receiver"
            assert each.citation.startswith("house default, to be confirmed")
            assert not each.verified
            assert each.remedy is not None
    unit.do(sending(unit, receiver="department"), carrier, slip=slip)
    assert unit.carrier(carrier).state is State.IN_TRANSIT
    assert unit.slip(slip).facts["receiver"] == "department"


def test_it_is_asked_what_the_receiver_is_and_said_who_it_must_be(unit: Unit) -> None:
    carrier = bearing(unit, "NOCONTRACT")
    slip = parcel(unit, carrier)
    unsaid = unit.why_not(sending(unit), carrier, slip=slip)["caveats_admit_the_receiver"]
    assert "nobody has said what the receiver is" in render(unsaid.reason, ENGLISH)
    barred = unit.why_not(sending(unit, receiver="contractor"), carrier, slip=slip)["caveats_admit_the_receiver"]
    said = render(barred.reason, ENGLISH)
    assert "Not releasable to contractors" in said
    assert "of another body, no contractor" in said
    assert "must be: a contractor" not in said


def test_what_stays_within_the_department_goes_to_no_foreign_receiver(unit: Unit) -> None:
    carrier = bearing(unit, "STADIS")
    slip = parcel(unit, carrier, foreign=True)
    refused = unit.why_not(sending(unit, foreign=True, receiver="department"), carrier, slip=slip)
    assert "caveats_admit_the_receiver" in refused


def test_what_is_not_to_be_published_stays_within_its_department(unit: Unit) -> None:
    carrier = on_shelf(unit, 1, "neibu", "cn-work", caveats=["NOT_PUBLIC"])[0]
    slip = parcel(unit, carrier, channel="special_person")
    to_others = sending(unit, channel="special_person", receiver="other")
    assert set(unit.why_not(to_others, carrier, slip=slip)) == {"caveats_admit_the_receiver"}
    unit.do(sending(unit, channel="special_person", receiver="department"), carrier, slip=slip)


def copying(unit: Unit, original: int, **other: Any) -> CopyCarrier:
    given: dict[str, Any] = {
        "original": original, "pages": 4, "reason": "for the meeting", "place": unit.places["safe"],
        "outside": "Marine Works", **other,
    }  # fmt: skip
    return CopyCarrier(**given)


def test_no_copy_is_made_for_somebody_to_whom_it_could_not_be_sent(unit: Unit) -> None:
    original = bearing(unit, "NOCONTRACT")
    for receiver in ("", "contractor"):
        act = copying(unit, original, receiver=receiver)
        refused = unit.why_not(act, slip=unit.approved(act))
        assert set(refused) == {"receiver_outside_is_admitted"}
        assert refused["receiver_outside_is_admitted"].field == "receiver"
    act = copying(unit, original, receiver="other")
    slip = unit.approved(act)
    unit.do(act, slip=slip)
    assert unit.slip(slip).facts["receiver"] == "other"
    inside = copying(unit, original, outside="", recipients=(unit.people["reader"],))
    unit.do(inside, slip=unit.approved(inside))


# --- accounted for apart ---


def submitting(unit: Unit, carriers: list[int], kind: str, act: str) -> Any:
    return unit.why_not(Submit(slip=kind, act=act, lines_given=[{"carrier": carrier} for carrier in carriers]))


@pytest.mark.parametrize(("kind", "act"), [("parcel", "dispatch"), ("filing", "file_to_archive"), ("loan", "lend")])
def test_what_is_accounted_for_apart_is_applied_for_on_a_slip_of_its_own(unit: Unit, kind: str, act: str) -> None:
    atomal, also, other = bearing(unit, "ATOMAL"), bearing(unit, "ATOMAL", "NOFORN"), bearing(unit, "NOFORN")
    refused = submitting(unit, [other, atomal], kind, act)["lines_share_an_account"]
    assert (refused.citation, refused.verified) == ("USAREUR 380-15", True)
    said = render(refused.reason, ENGLISH)
    assert said.startswith(unit.carrier(atomal).number)
    assert unit.carrier(other).number in said
    assert refused.remedy is not None
    assert "lines_share_an_account" not in submitting(unit, [atomal, also], kind, act)


def test_a_parcel_that_was_filled_by_scanning_is_of_one_account(unit: Unit) -> None:
    atomal, other = bearing(unit, "ATOMAL"), bearing(unit)
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch", given=ASKED)).subjects[0].id
    mixed = SubmitDraft(approval="dispatch", lines_given=[{"carrier": atomal}, {"carrier": other}])
    assert set(unit.why_not(mixed, slip)) == {"lines_share_an_account"}
    unit.do(SubmitDraft(approval="dispatch", lines_given=[{"carrier": atomal}]), slip)


@pytest.mark.parametrize("act", [Lend, ProposeDestruction, FileToArchive, TransferToArchives])
def test_an_act_that_opens_its_own_list_opens_it_for_one_account(unit: Unit, act: type[Action]) -> None:
    atomal, other = bearing(unit, "ATOMAL"), bearing(unit)
    given: dict[type[Action], Action] = {
        Lend: Lend(borrower=unit.people["reader"], due=unit.today),
        ProposeDestruction: ProposeDestruction(reason="no longer needed"),
        FileToArchive: FileToArchive(place=unit.places["room"]),
        TransferToArchives: TransferToArchives(receiver="the archives", received_by="Li", deed="2026-1"),
    }
    answers = {"no_recall": True, "record_kept": True, "archive_no": "A-1"}
    lines = [Line(Ref(Subject.CARRIER, carrier), answers) for carrier in (atomal, other)]
    assert "list_is_of_one_account" in unit.why_not(given[act], *lines)
    assert "list_is_of_one_account" not in unit.why_not(given[act], lines[0])
    assert "list_is_of_one_account" not in unit.why_not(given[act], lines[1])


# --- and nothing is demanded in vain ---


def test_every_demand_is_asked_by_some_rule() -> None:
    """A caveat may not demand what no act of the register knows of."""
    app = Path(__file__).parents[2] / "app"
    rules = [path.read_text("utf-8") for path in sorted(app.rglob("*.py")) if path.name != "regime_rules.py"]
    assert {demand for demand in Demand if any(f"Demand.{demand.name}" in text for text in rules)} == set(Demand)
