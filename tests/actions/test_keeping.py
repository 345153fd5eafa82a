"""The highest level lies with a named keeper: who keeps a place is written, and nobody leaves as its keeper."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.actions.custody import MoveTo
from app.actions.drafting import PrintCopies
from app.actions.intake import SignForEnvelope
from app.actions.keeping import NameKeeper, RegisterPlace, SetCapacity, SetProtection
from app.actions.office import ClearPerson, ClosePerson
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
    unit.do(keeper(unit, "clerk"), place, by="officer")
    cleared_for(unit, "clerk2", "jimi")
    assert "keeper_may_keep_it" in unit.why_not(keeper(unit, "clerk2"), place, by="officer")


def test_a_clearance_is_not_narrowed_below_what_its_holder_keeps(unit: Unit) -> None:
    """Wherever it lies: in a shelf of the safe too, as long as the shelf has no keeper of its own."""
    carrier, safe = bring(unit, level="juemi")[0], new_place(unit)
    shelf = new_place(unit, within=new_place(unit, within=safe.id).id)
    unit.do(keeper(unit, "clerk2"), safe, by="officer")
    unit.do(MoveTo(place=shelf.id), carrier)
    clerk2 = Ref(Subject.PERSON, unit.people["clerk2"])
    narrower = ClearPerson(regime="cn-state", level="jimi")
    (why,) = unit.why_not(narrower, clerk2, by="officer").values()
    assert (why.rule, why.field, why.citation) == ("still_may_keep_it", "level", "保守国家秘密法(2024) §26")
    assert (why.reason.values["name"], why.reason.values["place"], bool(why.remedy)) == ("clerk2", "New safe", True)
    assert unit.why_not(ClearPerson(regime="us-dod", level="c"), clerk2, by="officer") == {}, "another regime's"
    unit.do(keeper(unit, "clerk"), shelf, by="officer")
    assert unit.why_not(narrower, clerk2, by="officer") == {}


def test_a_clearance_still_too_low_for_what_is_kept_may_be_widened(unit: Unit) -> None:
    """A regime may begin to ask for a keeper, and a book be taken over, when it is so already."""
    shelf = new_place(unit, keeper=unit.people["uncleared"])
    bring(unit, level="juemi", place=shelf.id)
    cleared_for(unit, "uncleared", "mimi")
    cleared_for(unit, "uncleared", "jimi")
    cleared_for(unit, "uncleared", "juemi")


def test_who_has_left_is_named_for_no_new_place(unit: Unit) -> None:
    unit.do(ClosePerson(), Ref(Subject.PERSON, unit.people["reader2"]), by="officer")
    refused = unit.why_not(RegisterPlace(name="New safe", grade=9, keeper=unit.people["reader2"]))
    assert [(why.rule, why.field) for why in refused.values()] == [("keeper_is_here", "keeper")]


STEPS = st.one_of(
    st.tuples(st.just("name"), st.integers(0, 3), st.sampled_from(["clerk2", "reader", "uncleared"])),
    st.tuples(st.just("clear"), st.sampled_from(["juemi", "mimi"]), st.sampled_from(["clerk2", "reader", "uncleared"])),
    st.tuples(st.just("move"), st.integers(0, 3), st.integers(0, 1)),
)


@given(
    within=st.tuples(st.none(), *(st.one_of(st.none(), st.integers(0, above)) for above in range(3))),
    starts=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    steps=st.lists(STEPS, min_size=4, max_size=12),
)
@settings(max_examples=40, deadline=None, database=None, derandomize=True)
def test_whatever_is_done_who_keeps_it_is_cleared_for_it(
    within: tuple[int | None, ...], starts: tuple[int, int], steps: list[tuple[str, Any, Any]]
) -> None:
    """Rooms, safes and shelves in any order: an act is refused exactly where it would leave a keeper not cleared."""
    with tempfile.TemporaryDirectory() as folder, closing(Unit(Path(folder) / "book")) as unit:
        places: list[Ref] = []
        for above in within:
            places.append(new_place(unit, **({} if above is None else {"within": places[above].id})))
        carriers = [bring(unit, level="juemi", place=places[at].id)[0] for at in starts]
        lies, keepers, cleared = list(starts), dict[int, str](), {"clerk2": True, "reader": True, "uncleared": False}

        def kept_by(at: int) -> str | None:
            above: int | None = at
            while above is not None and above not in keepers:
                above = within[above]
            return None if above is None else keepers[above]

        for what, at, who in steps:
            before = list(lies), dict(keepers), dict(cleared)
            if what == "move":
                lies[who] = at
                refused = unit.why_not(MoveTo(place=places[at].id), carriers[who])
            elif what == "name":
                keepers[at] = who
                refused = unit.why_not(keeper(unit, who), places[at], by="officer")
            else:
                cleared[who] = at == "juemi"
                person = Ref(Subject.PERSON, unit.people[who])
                refused = unit.why_not(ClearPerson(regime="cn-state", level=at), person, by="officer")
            holds = all(cleared.get(kept_by(each) or "", True) for each in lies)
            expected = holds and not (what == "move" and kept_by(at) is None)
            assert (not refused) is expected, (what, at, who, refused)
            if refused:
                lies, keepers, cleared = before


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


def test_a_place_that_is_refitted_keeps_what_its_protection_is_enough_for(unit: Unit) -> None:
    shelf = new_place(unit)
    (copy,) = bring(unit)
    move = MoveTo(place=shelf.id)
    needed = next(each for each in unit.desk().regimes() if each.code == "cn-state").place_grade("mimi").value
    weaker, as_needed = (SetProtection(grade=n, reason="the lock was changed") for n in (needed - 1, needed))
    unit.do(weaker, shelf, by="officer")
    assert "new_place_protects" in unit.why_not(move, copy)
    unit.do(as_needed, shelf, by="officer")
    unit.do(move, copy)
    (why,) = unit.why_not(weaker, shelf, by="officer").values()
    assert (why.rule, why.field, why.reason.values["needed"]) == ("it_protects_what_lies_there", "grade", needed)
    assert unit.why_not(as_needed, shelf, by="officer") == {}
    with unit.database.reading() as connection:
        (place,) = reads.places_like(connection, "New safe")
    assert place.grade == needed


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
