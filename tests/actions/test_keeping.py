"""The highest level lies with a named keeper: who keeps a place is written, and nobody leaves as its keeper."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions.custody import MoveTo
from app.actions.drafting import PrintCopies
from app.actions.intake import SignForEnvelope
from app.actions.keeping import NameKeeper, SetCapacity
from app.actions.office import ClearPerson, ClosePerson, RegisterPlace
from app.actions.reconciling import ReportDiscrepancy
from app.domain.action import Ref, Subject
from app.store import reads
from tests.services.simple import bring
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[Unit]:
    found = Unit(tmp_path / "book")
    yield found
    found.close()


def new_place(unit: Unit, **more: int) -> Ref:
    return unit.do(RegisterPlace(name="New safe", grade=9, **more)).subjects[0]


def keeper(unit: Unit, name: str) -> NameKeeper:
    return NameKeeper(keeper=unit.people[name])


def cleared_for(unit: Unit, name: str, level: str) -> None:
    unit.do(ClearPerson(regime="cn-state", level=level), Ref(Subject.PERSON, unit.people[name]), by="officer")


@pytest.mark.parametrize(("level", "asked"), [("juemi", True), ("jimi", False), ("mimi", False)])
def test_only_the_level_that_asks_for_a_keeper_needs_one(unit: Unit, level: str, *, asked: bool) -> None:
    carrier, place = bring(unit, level=level)[0], new_place(unit)
    refused = unit.why_not(MoveTo(place=place.id), carrier)
    assert bool(refused) is asked
    if asked:
        (why,) = refused.values()
        assert (why.rule, why.field) == ("new_place_protects", "place")
        assert (why.citation, why.verified, bool(why.remedy)) == ("保守国家秘密法(2024) §26", True, True)
        unit.do(keeper(unit, "clerk2"), place, by="officer")
        assert unit.why_not(MoveTo(place=place.id), carrier) == {}


def test_a_shelf_is_kept_by_who_keeps_the_safe_it_stands_in(unit: Unit) -> None:
    carrier, safe = bring(unit, level="juemi")[0], new_place(unit)
    shelf = new_place(unit, within=safe.id)
    assert unit.why_not(MoveTo(place=shelf.id), carrier)
    unit.do(keeper(unit, "clerk2"), safe, by="officer")
    assert unit.why_not(MoveTo(place=shelf.id), carrier) == {}


def test_a_keeper_is_cleared_for_what_is_kept(unit: Unit) -> None:
    carrier, place = bring(unit, level="juemi")[0], new_place(unit)
    unit.do(keeper(unit, "uncleared"), place, by="officer")
    (why,) = unit.why_not(MoveTo(place=place.id), carrier).values()
    assert why.reason.values["name"] == "uncleared"
    unit.do(keeper(unit, "clerk2"), place, by="officer")
    unit.do(MoveTo(place=place.id), carrier)
    (late,) = unit.why_not(keeper(unit, "uncleared"), place, by="officer").values()
    assert (late.rule, late.field, late.citation) == ("keeper_may_keep_it", "keeper", "保守国家秘密法(2024) §26")
    cleared_for(unit, "clerk2", "jimi")
    other = bring(unit, level="juemi")[0]
    assert unit.why_not(MoveTo(place=place.id), other)


def test_who_keeps_a_place_does_not_leave(unit: Unit) -> None:
    place, officer = new_place(unit), {"by": "officer"}
    unit.do(keeper(unit, "reader2"), place, **officer)
    reader2 = Ref(Subject.PERSON, unit.people["reader2"])
    (why,) = unit.why_not(ClosePerson(), reader2, **officer).values()
    assert (why.rule, why.reason.values["place"]) == ("keeps_no_place", "New safe")
    unit.do(keeper(unit, "reader"), place, **officer)
    assert unit.why_not(ClosePerson(), reader2, **officer) == {}
    assert "keeper_may_keep_it" in unit.why_not(keeper(unit, "reader2"), place, **officer)


def test_a_clerk_does_not_name_keepers(unit: Unit) -> None:
    assert "actor_has_the_duty" in unit.why_not(keeper(unit, "clerk2"), new_place(unit))


# --- room ---


def test_no_more_is_put_into_a_place_than_it_holds(unit: Unit) -> None:
    """T56; all that goes there together counts, what lies there already does not count twice."""
    shelf = new_place(unit, capacity=2)
    one, two, three = bring(unit, copies=3)
    move = MoveTo(place=shelf.id)
    (why,) = unit.why_not(move, one, two, three).values()
    assert (why.rule, why.field, bool(why.remedy)) == ("new_place_protects", "place", True)
    assert dict(why.reason.values) == {"place": "New safe", "capacity": 2, "there": 0, "comes": 3}
    unit.do(move, one, two)
    assert unit.why_not(move, one, two) == {}, "they are there already"
    assert unit.why_not(move, three)
    assert set(unit.why_not(SetCapacity(capacity=1), shelf)) == {"it_holds_what_lies_there"}
    unit.do(SetCapacity(capacity=3), shelf)
    assert unit.why_not(move, three) == {}
    with unit.database.reading() as connection:
        (place,) = reads.places_like(connection, "New safe")
    assert place.capacity == 3


def test_new_copies_need_room_too(unit: Unit) -> None:
    shelf = new_place(unit, capacity=2)
    job = PrintCopies(document=unit.document_of("mimi"), copies=3, pages=4, place=shelf.id)
    (why,) = unit.why_not(job, slip=unit.approved(job)).values()
    assert (why.rule, why.reason.values["comes"]) == ("place_protects", 3)
    less = PrintCopies(document=unit.document_of("mimi"), copies=2, pages=4, place=shelf.id)
    assert unit.why_not(less, slip=unit.approved(less)) == {}


def test_a_place_holds_at_least_one(unit: Unit) -> None:
    assert set(unit.why_not(SetCapacity(capacity=0), new_place(unit))) == {"it_holds_what_lies_there"}


@pytest.mark.parametrize("capacity", [0, -5])
def test_a_place_for_none_is_no_place(unit: Unit, capacity: int) -> None:
    refused = unit.why_not(RegisterPlace(name="New safe", grade=9, capacity=capacity))
    assert set(refused) == {"holds_something"}


def test_nobody_leaves_while_an_envelope_is_not_settled(unit: Unit) -> None:
    """Damaged and queried before it was opened, it was in nobody's way."""
    channel = unit.desk().regimes()[0].channels()[0].value.code
    envelope = unit.do(
        SignForEnvelope(number="E-1", regime="cn-state", sender="Ministry", channel=channel, items=1, intact=False),
        by="clerk2",
    ).subjects[0]
    query = ReportDiscrepancy(expected=1, found=0, second=unit.people["clerk"], condition="torn")
    unit.do(query, envelope, by="clerk2", signed={"second": "clerk"})
    refused = unit.why_not(ClosePerson(), Ref(Subject.PERSON, unit.people["clerk2"]), by="officer")
    assert "nothing_is_in_the_persons_name" in refused
