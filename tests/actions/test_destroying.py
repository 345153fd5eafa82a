"""The end at the destruction centre: who escorts the bags, what the centre gave, and who stood by."""

from datetime import datetime

import pytest

from app.actions.destroying import SendToDestruction
from app.actions.destruction import Unbag
from app.actions.office import ClosePerson
from app.domain.action import Ref, Subject
from app.domain.carrier import EnvelopeState, State
from tests.actions.shelf import on_shelf
from tests.actions.test_destruction import SIGNED, approved, bag, destroying, ready, why_not
from tests.unit import Unit


def sending(unit: Unit, *names: str) -> SendToDestruction:
    return SendToDestruction(escorts=tuple(unit.people[name] for name in names), vehicle="A12345")


def test_centre_destroys_by_its_certificate(unit: Unit) -> None:
    slip, carriers = ready(unit)
    unit.do(sending(unit, "courier", "courier2"), *carriers, slip=slip)
    assert unit.carrier(carriers[0]).state is State.TO_DEST
    assert why_not(unit, slip, carriers) == {"centre_gave_a_certificate"}
    assert why_not(unit, slip, carriers, certificate="ZX-88") == set()


def test_what_the_centre_gave_stands_on_the_list_and_what_was_left_empty_does_not(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    slip = approved(unit, carrier)
    bag(unit, slip, carrier)
    container = unit.carrier(carrier).container or 0
    escorts = tuple(unit.people[name] for name in ("courier", "courier2"))
    unit.do(SendToDestruction(escorts=escorts, vehicle="A12345", weight="3 kg", receipt="R-5"), carrier, slip=slip)
    assert unit.envelope(container).state is EnvelopeState.HANDED_OVER
    assert [line["status"] for line in unit.slip_lines(slip).values()] == ["sent"]
    facts = unit.slip(slip).facts
    assert {name: facts[name] for name in ("escorts", "vehicle", "weight", "receipt")} == {
        "escorts": list(escorts), "vehicle": "A12345", "weight": "3 kg", "receipt": "R-5",
    }  # fmt: skip
    given = {"where": "centre", "permit": "P-1", "certificate": "ZX-88", "residue": "none", "pictures": "12 pictures"}
    unit.do(destroying(unit, **given), carrier, slip=slip, signed=SIGNED)
    facts = unit.slip(slip).facts
    assert {name: facts[name] for name in ("method", *given)} == {"method": destroying(unit).method, **given}
    assert [line["status"] for line in unit.slip_lines(slip).values()] == ["destroyed"]
    assert {datetime.fromisoformat(value["at"]) for value in unit.slip(slip).signed.values()} == {unit.now}

    bare = on_shelf(unit, 1)[0]
    slip = approved(unit, bare)
    bag(unit, slip, bare, bag="B-2", seal="S-2")
    unit.do(SendToDestruction(escorts=escorts), bare, slip=slip)
    unit.do(destroying(unit, seals="S-2", certificate="ZX-89"), bare, slip=slip, signed=SIGNED)
    facts = unit.slip(slip).facts
    assert {"vehicle", "weight", "receipt", "where", "permit", "residue", "pictures"}.isdisjoint(facts)


def test_who_has_left_escorts_nothing(unit: Unit) -> None:
    slip, carriers = ready(unit)
    unit.do(ClosePerson(), Ref(Subject.PERSON, unit.people["courier2"]), by="officer")
    (why,) = unit.why_not(sending(unit, "courier", "courier2"), *carriers, slip=slip).values()
    assert (why.rule, why.reason.values["name"]) == ("escorts_are_cleared", "courier2")


def test_who_has_left_watches_nothing(unit: Unit) -> None:
    slip, carriers = ready(unit)
    unit.do(ClosePerson(), Ref(Subject.PERSON, unit.people["witness"]), by="officer")
    assert why_not(unit, slip, carriers) == {"destroyer_and_witnesses_are_cleared"}


@pytest.mark.parametrize(
    ("names", "rule"),
    [
        (("courier",), "escorts_are_enough"),
        (("courier", "courier"), "escorts_are_enough"),
        (("courier", "uncleared"), "escorts_are_cleared"),
    ],
)
def test_two_cleared_escorts(unit: Unit, names: tuple[str, ...], rule: str) -> None:
    slip, carriers = ready(unit)
    assert set(unit.why_not(sending(unit, *names), *carriers, slip=slip)) == {rule}


def test_bag_goes_whole(unit: Unit) -> None:
    slip, carriers = ready(unit)
    refused = unit.why_not(sending(unit, "courier", "courier2"), carriers[0], slip=slip)
    assert set(refused) == {"bags_go_whole"}


def test_what_is_on_the_way_is_not_unbagged(unit: Unit) -> None:
    slip, carriers = ready(unit)
    action = Unbag(reason="wanted again")
    asked = unit.approved(action, *carriers)
    unit.do(sending(unit, "courier", "courier2"), *carriers, slip=slip)
    assert "arc_is_open" in unit.why_not(action, *carriers, slip=asked)
