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
from app.domain.action import Action, Case, Changes, Kind, Line, Ref, Subject, ask
from app.domain.carrier import State
from app.domain.regime import Demand
from app.i18n import ENGLISH, render
from tests.actions.shelf import document_of, on_shelf
from tests.unit import Unit

ASKED = {"addressee": "the embassy", "channel": "cleared_courier", "foreign": False}


def bearing(unit: Unit, *caveats: str) -> int:
    return on_shelf(unit, 1, "s", "us-dod", caveats=list(caveats))[0]


def parcel(unit: Unit, *carriers: int, receiver: str = "", **asked: Any) -> int:
    slip = draft(unit, **asked)
    unit.do(submitting_draft(*carriers, receiver=receiver), slip)
    return unit.decide(slip)


def draft(unit: Unit, **asked: Any) -> int:
    return unit.do(OpenSlip(slip="parcel", act="dispatch", given=ASKED | asked)).subjects[0].id


def submitting_draft(*carriers: int, receiver: str = "", approval: str = "dispatch") -> SubmitDraft:
    return SubmitDraft(approval=approval, lines_given=[{"carrier": each} for each in carriers], receiver=receiver)


class Restrict(Action):
    """Give a document caveats that it came without."""

    code = "restrict"
    label = "Restrict"
    subject = Subject.DOCUMENT
    told = "restricted"
    caveats: tuple[str, ...] = ask(Kind.CAVEATS, "Caveats")

    def changes(self, case: Case) -> Changes:
        return {"caveats": self.caveats}


def restricted_later(unit: Unit, carrier: int, *caveats: str) -> None:
    unit.do(Restrict(caveats=caveats), Ref(Subject.DOCUMENT, document_of(unit, carrier)))


def sending(unit: Unit, **other: Any) -> Dispatch:
    couriers = (unit.people["courier"], unit.people["courier2"])
    given: dict[str, Any] = {
        **ASKED, "envelope": "2026-1", "seal": "S-1", "receipt_due": unit.today, "couriers": couriers,
    }  # fmt: skip
    return Dispatch(**(given | other))


# --- whom it may go to ---


ADMITTED = pytest.mark.parametrize(("caveats", "receivers"), [
    (("STADIS",), {"department"}),
    (("NOCONTRACT",), {"department", "other"}),
    (("NOCONTRACT", "STADIS"), {"department"}),
    (("EXDIS",), {"", "department", "other", "contractor"}),
    ((), {"", "department", "other", "contractor"}),
])  # fmt: skip


@ADMITTED
def test_a_caveat_says_to_whom_a_parcel_may_go_before_anybody_approves_it(
    unit: Unit, caveats: tuple[str, ...], receivers: set[str]
) -> None:
    carrier, plain = bearing(unit, *caveats), bearing(unit)
    slip = draft(unit)
    for receiver in ("", "department", "other", "contractor"):
        refused = unit.desk().refusals(
            submitting_draft(plain, carrier, receiver=receiver), [Ref(Subject.SLIP, slip)], unit.rests_on()
        )
        assert bool(refused) is (receiver not in receivers), receiver
        for each in refused:
            assert (each.rule, each.field) == ("caveats_will_admit_the_receiver", "receiver")
            assert each.citation.startswith("house default, to be confirmed")
            assert not each.verified
            assert each.remedy is not None
    unit.do(submitting_draft(carrier, receiver="department"), slip)
    assert unit.slip(slip).answers["receiver"] == "department"
    unit.decide(slip)
    assert set(unit.why_not(sending(unit, receiver="other"), carrier, slip=slip)) >= {"is_approved"}
    unit.do(sending(unit, receiver="department"), carrier, slip=slip)
    assert unit.carrier(carrier).state is State.IN_TRANSIT
    assert unit.slip(slip).facts["receiver"] == "department"


@pytest.mark.parametrize(
    ("caveats", "receivers"), [(("STADIS",), {"department"}), (("NOCONTRACT",), {"department", "other"})]
)
def test_a_caveat_says_to_whom_an_approved_parcel_may_go(
    unit: Unit, caveats: tuple[str, ...], receivers: set[str]
) -> None:
    carrier = bearing(unit)
    slip = parcel(unit, carrier)
    restricted_later(unit, carrier, *caveats)
    for receiver in ("", "department", "other", "contractor"):
        refused = unit.desk().refusals(sending(unit, receiver=receiver), [Ref(Subject.CARRIER, carrier)],
                                       unit.rests_on(slip))  # fmt: skip
        about = [each for each in refused if each.rule == "caveats_admit_the_receiver"]
        assert bool(about) is (receiver not in receivers), receiver
        assert len(refused) == len(about)
        assert all(each.field == "receiver" for each in about)
    unit.do(sending(unit, receiver="department"), carrier, slip=slip)


def test_it_is_asked_what_the_receiver_is_and_said_who_it_must_be(unit: Unit) -> None:
    slip, carrier = draft(unit), bearing(unit, "NOCONTRACT")
    unsaid = unit.why_not(submitting_draft(carrier), slip)["caveats_will_admit_the_receiver"]
    assert "nobody has said what the receiver is" in render(unsaid.reason, ENGLISH)
    barred = unit.why_not(submitting_draft(carrier, receiver="contractor"), slip)["caveats_will_admit_the_receiver"]
    said = render(barred.reason, ENGLISH)
    assert "Not releasable to contractors" in said
    assert "of another body, no contractor" in said
    assert "must be: a contractor" not in said


def test_what_stays_within_the_department_goes_to_no_foreign_receiver(unit: Unit) -> None:
    carrier = bearing(unit)
    slip = draft(unit, foreign=True)
    unit.do(submitting_draft(carrier), slip)
    restricted_later(unit, carrier, "STADIS")
    unit.decide(slip)
    refused = unit.why_not(sending(unit, foreign=True, receiver="department"), carrier, slip=slip)
    assert "caveats_admit_the_receiver" in refused
    again = draft(unit, foreign=True)
    applied = unit.why_not(submitting_draft(bearing(unit, "STADIS"), receiver="department"), again)
    assert set(applied) == {"caveats_will_admit_the_receiver"}


def test_what_is_not_to_be_published_stays_within_its_department(unit: Unit) -> None:
    carrier = on_shelf(unit, 1, "neibu", "cn-work", caveats=["NOT_PUBLIC"])[0]
    slip = draft(unit, channel="special_person")
    assert set(unit.why_not(submitting_draft(carrier, receiver="other"), slip)) == {"caveats_will_admit_the_receiver"}
    unit.do(submitting_draft(carrier, receiver="department"), slip)
    unit.do(sending(unit, channel="special_person", receiver="department"), carrier, slip=unit.decide(slip))


def archived(unit: Unit, *caveats: str) -> int:
    carrier = bearing(unit, *caveats)
    file = FileToArchive(place=unit.places["room"])
    line = Line(Ref(Subject.CARRIER, carrier), {"archive_no": "A-1", "retention": "permanent", "appraisal": "kept"})
    unit.do(file, line, slip=unit.approved(file, carrier), by="archivist")
    return carrier


def transferring(unit: Unit, carrier: int, archives_are: str = "") -> tuple[TransferToArchives, Line]:
    act = TransferToArchives(receiver="NARA", received_by="Li", deed="2026-1", archives_are=archives_are)
    return act, Line(Ref(Subject.CARRIER, carrier), {"review": "secret"})


@ADMITTED
def test_a_caveat_says_to_which_archives_a_transfer_may_go(
    unit: Unit, caveats: tuple[str, ...], receivers: set[str]
) -> None:
    carrier = archived(unit, *caveats)
    slip = unit.do(OpenSlip(slip="transfer", act="transfer_to_archives", given={"receiver": "NARA"})).subjects[0].id
    for receiver in ("", "department", "other", "contractor"):
        submit = submitting_draft(carrier, receiver=receiver, approval="archive_transfer")
        refused = unit.desk().refusals(submit, [Ref(Subject.SLIP, slip)], unit.rests_on())
        assert bool(refused) is (receiver not in receivers), receiver
    unit.do(submitting_draft(carrier, receiver="department", approval="archive_transfer"), slip)
    assert unit.slip(slip).answers == {"receiver": "NARA", "archives_are": "department"}
    act, line = transferring(unit, carrier, "department")
    unit.do(act, line, slip=unit.decide(slip), by="archivist")
    assert unit.slip(slip).facts["archives_are"] == "department"


@ADMITTED
def test_a_transfer_begun_at_the_card_asks_what_the_archives_are(
    unit: Unit, caveats: tuple[str, ...], receivers: set[str]
) -> None:
    carrier = archived(unit, *caveats)
    for receiver in ("", "department", "other", "contractor"):
        act, line = transferring(unit, carrier, receiver)
        refused = unit.why_not(act, line, by="archivist")
        assert ("caveats_admit_the_receiver" in refused) is (receiver not in receivers), receiver
        if receiver not in receivers:
            assert refused["caveats_admit_the_receiver"].field == "archives_are"


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
