"""From the list to the certificate: what is listed, bagged and destroyed is the same, before enough other people."""

from typing import Any

import pytest

from app.actions.deciding import Approve
from app.actions.destroying import Destroy
from app.actions.destruction import BagAndSeal, ProposeDestruction, StrikeFromList, Unbag
from app.actions.disposition import FileToArchive
from app.actions.vouchers import OpenSlip, Submit
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import EnvelopeState, State
from app.domain.slip import SlipState
from app.services.offers import usual_answers
from tests.actions.shelf import on_shelf
from tests.unit import Unit

TICKED = {"no_recall": True, "record_kept": True}


def lines(*carriers: int, **answers: Any) -> list[Line]:
    return [Line(Ref(Subject.CARRIER, carrier), answers) for carrier in carriers]


def proposed(unit: Unit, *carriers: int, **ticks: bool) -> int:
    receipt = unit.do(ProposeDestruction(reason="over"), *lines(*carriers, **(TICKED | ticks)), by="drafter")
    assert receipt.slip is not None
    return receipt.slip


def approved(unit: Unit, *carriers: int) -> int:
    return unit.decide(proposed(unit, *carriers))


def bagging(unit: Unit, count: int, **other: Any) -> BagAndSeal:
    given = {"bag": "B-1", "seal": "S-1", "count": count, "witness": unit.people["witness"]}
    return BagAndSeal(**(given | other))


def bag(unit: Unit, slip: int, *carriers: int, **other: Any) -> None:
    unit.do(bagging(unit, len(carriers), **other), *carriers, slip=slip, signed={"witness": "witness"})


def destroying(unit: Unit, **other: Any) -> Destroy:
    given = {
        "reason": "over", "method": "shredding", "destroyer": unit.people["clerk"], "seals": "S-1",
        "witnesses": (unit.people["clerk2"], unit.people["witness"]),
    }  # fmt: skip
    return Destroy(**(given | other))


SIGNED = {"destroyer": "clerk", "witness": "clerk2 witness"}


def filed(unit: Unit, *carriers: int) -> None:
    listed = [{"carrier": carrier} for carrier in carriers]
    submitted = unit.do(Submit(slip="filing", act="file_to_archive", approval="archive_file", lines_given=listed))
    slip = unit.decide(submitted.subjects[0].id)
    answers = {"retention": "10y", "appraisal": "kept"}
    listed_as = [line for each in carriers for line in lines(each, archive_no=f"A-{each}", **answers)]
    unit.do(FileToArchive(place=unit.places["room"]), *listed_as, slip=slip)


# --- proposing ---------------------------------------------------------------------------------------------------


def test_proposal_moves_nothing_and_holds_what_it_lists(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = proposed(unit, first, second)
    assert unit.slip(slip).state is SlipState.SUBMITTED
    assert [step.role for step in unit.slip(slip).steps] == ["secrecy_office", "unit_leader"]
    assert (unit.carrier(first).state, unit.carrier(first).slip) == (State.IN_STOCK, slip)
    other = ProposeDestruction(reason="again")
    assert "no_other_slip_holds_it" in unit.why_not(other, *lines(first, **TICKED))


def test_list_that_was_begun_by_scanning_is_proposed_as_it_stands(unit: Unit) -> None:
    carriers = on_shelf(unit)
    draft = unit.do(OpenSlip(slip="destruction", act="destroy")).subjects[0].id
    unit.do(ProposeDestruction(reason="over"), *lines(*carriers, **TICKED), slip=draft)
    assert (unit.slip(draft).state, unit.slip(draft).listed) == (SlipState.SUBMITTED, 2)
    assert unit.slip(draft).answers == {"reason": "over"}
    assert unit.carrier(carriers[0]).slip == draft
    assert "list_is_still_a_draft" in unit.why_not(
        ProposeDestruction(reason="over"), *lines(*on_shelf(unit), **TICKED), slip=draft
    )


@pytest.mark.parametrize(("tick", "rule"), [("no_recall", "nobody_recalls_it"), ("record_kept", "record_copy_is_kept")])
def test_both_ticks_are_set(unit: Unit, tick: str, rule: str) -> None:
    carriers = on_shelf(unit)
    refused = unit.why_not(ProposeDestruction(reason="over"), *lines(*carriers, **TICKED | {tick: False}))
    assert rule in refused
    assert refused[rule].field == tick


def test_what_goes_back_to_its_issuer_is_not_destroyed(unit: Unit) -> None:
    carriers = on_shelf(unit, caveats=["RETURN"])
    refused = unit.why_not(ProposeDestruction(reason="over"), *lines(*carriers, **TICKED))
    assert "27(9)" in refused["may_be_destroyed_here"].citation


def test_what_a_partner_lent_under_an_agreement_is_not_destroyed_either(unit: Unit) -> None:
    """The caveat demands that it goes back and forbids no act by name: what it demands is enough."""
    carriers = on_shelf(unit, 1, "company_mimi", "cn-company", caveats=["PARTNER"])
    refused = unit.why_not(ProposeDestruction(reason="over"), *lines(*carriers, **TICKED))
    assert "合同保密条款" in refused["may_be_destroyed_here"].citation


def test_one_list_has_one_regime(unit: Unit) -> None:
    mixed = on_shelf(unit, 1) + on_shelf(unit, 1, "neibu", "cn-work")
    assert "list_has_one_regime" in unit.why_not(ProposeDestruction(reason="over"), *lines(*mixed, **TICKED))


def test_who_proposes_a_list_another_began_does_not_decide_it(unit: Unit) -> None:
    carriers = on_shelf(unit)
    draft = unit.do(OpenSlip(slip="destruction", act="destroy")).subjects[0].id
    unit.do(ProposeDestruction(reason="over"), *lines(*carriers, **TICKED), slip=draft, by="officer")
    refused = unit.why_not(Approve(by=unit.people["officer"]), draft, by="officer")
    assert set(refused) == {"nobody_approves_their_own"}


def test_copy_of_record_takes_the_archivist_too(unit: Unit) -> None:
    carriers = on_shelf(unit)
    filed(unit, *carriers)
    slip = proposed(unit, *carriers, record_kept=False)
    assert [step.role for step in unit.slip(slip).steps] == ["archivist", "secrecy_office", "unit_leader"]


# --- bags --------------------------------------------------------------------------------------------------------


def test_bag_is_sealed_with_what_was_scanned(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = approved(unit, *carriers)
    bag(unit, slip, *carriers)
    carrier = unit.carrier(carriers[0])
    assert (carrier.state, carrier.place) == (State.PEND_DEST, None)
    sealed = unit.envelope(carrier.container or 0)
    assert (sealed.kind, sealed.number, sealed.seal, sealed.items) == ("bag", "B-1", "S-1", 2)
    assert (sealed.state, sealed.slip) == (EnvelopeState.SEALED, slip)
    assert unit.slip_lines(slip)[1]["status"] == "bagged"


def test_nothing_is_bagged_before_the_list_is_decided(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = proposed(unit, *carriers)
    refused = unit.why_not(bagging(unit, 2), *carriers, slip=slip, signed={"witness": "witness"})
    assert "list_is_approved" in refused


def test_only_what_is_on_the_list_is_bagged(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = approved(unit, first)
    refused = unit.why_not(bagging(unit, 1), second, slip=slip, signed={"witness": "witness"})
    assert "stands_on_the_list" in refused


def test_count_in_the_bag_is_what_was_scanned(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = approved(unit, *carriers)
    refused = unit.why_not(bagging(unit, 3), *carriers, slip=slip, signed={"witness": "witness"})
    assert set(refused) == {"count_is_what_was_scanned"}


def test_bag_is_used_once(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = approved(unit, first, second)
    bag(unit, slip, first)
    refused = unit.why_not(bagging(unit, 1), second, slip=slip, signed={"witness": "witness"})
    assert set(refused) == {"bag_number_is_free"}


@pytest.mark.parametrize(
    ("name", "signed", "rule"),
    [
        ("clerk", {}, "second_person_watches"),
        ("witness", {}, "signature:witness"),
        ("uncleared", {"witness": "uncleared"}, "second_person_is_cleared"),
    ],
)
def test_second_person_watches(unit: Unit, name: str, signed: dict[str, str], rule: str) -> None:
    carriers = on_shelf(unit)
    slip = approved(unit, *carriers)
    refused = unit.why_not(bagging(unit, 2, witness=unit.people[name]), *carriers, slip=slip, signed=signed)
    assert set(refused) == {rule}


def test_list_submitted_past_the_ticks_is_not_bagged(unit: Unit) -> None:
    carriers = on_shelf(unit)
    listed = [{"carrier": carrier} for carrier in carriers]
    submitted = unit.do(Submit(slip="destruction", act="destroy", approval="destroy", lines_given=listed), by="drafter")
    slip = unit.decide(submitted.subjects[0].id)
    refused = unit.why_not(bagging(unit, 2), *carriers, slip=slip, signed={"witness": "witness"})
    assert set(refused) == {"line_was_looked_up"}


def test_copy_of_record_is_not_bagged_by_the_short_route(unit: Unit) -> None:
    carriers = on_shelf(unit)
    filed(unit, *carriers)
    listed = [{"carrier": carrier, **TICKED} for carrier in carriers]
    submitted = unit.do(Submit(slip="destruction", act="destroy", approval="destroy", lines_given=listed), by="drafter")
    slip = unit.decide(submitted.subjects[0].id)
    refused = unit.why_not(bagging(unit, 2), *carriers, slip=slip, signed={"witness": "witness"})
    assert set(refused) == {"route_was_decided"}


def unbagged(unit: Unit, *carriers: int) -> dict[str, Any]:
    action = Unbag(reason="wanted again")
    return unit.why_not(action, *carriers, slip=unit.approved(action, *carriers))


def test_bag_is_opened_again_and_its_list_still_holds_it(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = approved(unit, *carriers)
    bag(unit, slip, *carriers)
    container = unit.carrier(carriers[0]).container or 0
    assert unbagged(unit, *carriers) == {}
    carrier = unit.carrier(carriers[0])
    assert (carrier.state, carrier.place, carrier.container) == (State.IN_STOCK, unit.places["safe"], None)
    assert carrier.slip == slip
    assert unit.envelope(container).state is EnvelopeState.OPENED
    assert unit.slip_lines(slip)[1]["status"] == "listed"
    bag(unit, slip, *carriers, bag="B-2")


def test_opened_bag_is_emptied(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = approved(unit, first, second)
    bag(unit, slip, first, second)
    assert set(unbagged(unit, first)) == {"bag_is_emptied_whole"}


def test_unbagging_is_approved(unit: Unit) -> None:
    carriers = on_shelf(unit)
    bag(unit, approved(unit, *carriers), *carriers)
    assert set(unit.why_not(Unbag(reason="wanted"), *carriers)) == {"needs_approval"}


# --- destruction -------------------------------------------------------------------------------------------------


def ready(unit: Unit, level: str = "jimi") -> tuple[int, list[int]]:
    carriers = on_shelf(unit, 2, level)
    slip = approved(unit, *carriers)
    bag(unit, slip, *carriers)
    return slip, carriers


def test_destroyed_before_witnesses_and_the_list_closes(unit: Unit) -> None:
    slip, carriers = ready(unit)
    bag_number = unit.carrier(carriers[0]).container or 0
    unit.do(destroying(unit), *carriers, slip=slip, signed=SIGNED)
    carrier = unit.carrier(carriers[0])
    assert (carrier.state, carrier.custodian, carrier.container) == (State.DESTROYED, None, None)
    certificate = unit.slip(slip)
    assert (certificate.state, certificate.done) == (SlipState.CLOSED, 2)
    assert {name: value["person"] for name, value in certificate.signed.items()} == {
        "destroyer": unit.people["clerk"], "witness_1": unit.people["clerk2"], "witness_2": unit.people["witness"],
    }  # fmt: skip
    assert unit.envelope(bag_number).state is EnvelopeState.DESTROYED


def why_not(unit: Unit, slip: int, carriers: list[int], signed: dict[str, str] = SIGNED, **other: Any) -> set[str]:
    return set(unit.why_not(destroying(unit, **other), *carriers, slip=slip, signed=signed))


def test_list_is_destroyed_whole(unit: Unit) -> None:
    slip, carriers = ready(unit)
    assert "whole_list_is_destroyed" in why_not(unit, slip, carriers[:1])


def test_what_is_not_bagged_yet_stops_the_list_until_it_is_struck(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = approved(unit, first, second)
    bag(unit, slip, first)
    assert "whole_list_is_destroyed" in why_not(unit, slip, [first])
    assert "no_other_slip_holds_it" in unit.why_not(StrikeFromList(reason="kept"), second)
    unit.do(StrikeFromList(reason="kept"), second, slip=slip)
    assert unit.carrier(second).slip is None
    assert why_not(unit, slip, [first]) == set()
    assert unit.slip(slip).state is SlipState.CLOSED


def test_bagged_item_is_not_struck(unit: Unit) -> None:
    slip, carriers = ready(unit)
    assert set(unit.why_not(StrikeFromList(reason="kept"), carriers[0], slip=slip)) == {"arc_is_open"}


@pytest.mark.parametrize(
    ("seals", "said", "named"),
    [("S-2", "closed with", "S-2"), ("S-1, S-2", "closed with", "S-2"), (",", "not read", "S-1")],
)
def test_seals_are_as_recorded(unit: Unit, seals: str, said: str, named: str) -> None:
    slip, carriers = ready(unit)
    refusals = unit.why_not(destroying(unit, seals=seals), *carriers, slip=slip, signed=SIGNED)
    assert set(refusals) == {"seals_are_as_recorded"}
    reason = refusals["seals_are_as_recorded"].reason
    assert said in reason.msgid
    assert reason.values["seals"] == (named,)


def test_regime_says_how_many_witnesses(unit: Unit) -> None:
    slip, carriers = ready(unit)
    assert why_not(unit, slip, carriers, witnesses=(unit.people["witness"],)) == {"witnesses_are_enough"}
    twice = (unit.people["witness"],) * 2
    assert why_not(unit, slip, carriers, witnesses=twice) == {"witnesses_are_enough", "destroyer_is_no_witness"}


def test_where_no_witness_is_asked_for_none_is_named(unit: Unit) -> None:
    """32 CFR 159a.64: one person destroys what is SECRET."""
    carrier = on_shelf(unit, 1, "s", "us-dod")[0]
    slip = approved(unit, carrier)
    bag(unit, slip, carrier)
    alone = destroying(unit, witnesses=())
    assert unit.why_not(alone, carrier, slip=slip, signed={"destroyer": "clerk"}) == {}


def test_destroyer_does_not_watch(unit: Unit) -> None:
    slip, carriers = ready(unit)
    action = destroying(unit, witnesses=(unit.people["clerk"], unit.people["witness"]))
    refused = unit.why_not(action, *carriers, slip=slip, signed=SIGNED)
    assert refused["destroyer_is_no_witness"].citation == "监销人不得为销毁人本人"


def test_everybody_signs(unit: Unit) -> None:
    slip, carriers = ready(unit)
    assert why_not(unit, slip, carriers, signed={"witness": "clerk2"}) == {"signature:witness"}
    elsewhere = {"destroyer": unit.people["officer"]}
    assert why_not(unit, slip, carriers, signed={"witness": "clerk2 witness"}, **elsewhere) == {"signature:destroyer"}


def test_witnesses_are_cleared(unit: Unit) -> None:
    slip, carriers = ready(unit)
    named = (unit.people["clerk2"], unit.people["uncleared"])
    signed = {"witness": "clerk2 uncleared"}
    assert why_not(unit, slip, carriers, signed=signed, witnesses=named) == {"destroyer_and_witnesses_are_cleared"}


def test_reason_is_the_one_approved(unit: Unit) -> None:
    slip, carriers = ready(unit)
    assert why_not(unit, slip, carriers, reason="another") == {"is_approved"}


def test_without_its_list_no_reason_is_proposed(unit: Unit) -> None:
    slip, carriers = ready(unit)
    lines = [Line(Ref(Subject.CARRIER, number)) for number in carriers]
    assert "reason" not in usual_answers(unit.desk(), Destroy, lines, {})
    assert unit.slip(slip).answers["reason"]


def test_nothing_is_destroyed_outside_a_bag(unit: Unit) -> None:
    carriers = on_shelf(unit)
    assert "arc_is_open" in why_not(unit, approved(unit, *carriers), carriers)
