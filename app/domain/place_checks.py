"""Rules about where it is kept: protection, the named keeper, room."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.action import Case, Refusal, refuse
from app.domain.carrier import Person
from app.domain.checks import level_name, level_of
from app.domain.regime import Regime
from app.domain.words import N_, says


def place_protects_enough(case: Case, place_id: int | None, field: str = "place") -> Refusal | None:
    """The place gives the protection the level asks for."""
    level = level_of(case)
    if place_id is None or level is None:
        return None
    place, answer = case.book.place(place_id), case.the_regime.place_grade(level)
    if place.grade >= answer.value:
        return None
    return refuse(
        N_("{place} is of grade {grade}; this level asks for grade {needed}."),
        place=place.name,
        grade=place.grade,
        needed=answer.value,
        citation=answer.citation,
        verified=answer.verified,
        remedy=says(N_("Choose a place of a higher grade.")),
        field=field,
    )


def is_kept_as_the_level_asks(case: Case, place_id: int | None, field: str = "place") -> Refusal | None:
    """A place to keep it in: protection as the level asks, its named keeper where the regime asks for one, and room."""
    return (
        place_protects_enough(case, place_id, field)
        or place_has_its_keeper(case, place_id, field)
        or place_has_room(case, place_id, field)
    )


def place_has_room(case: Case, place_id: int | None, field: str = "place") -> Refusal | None:
    """No more is put into a place than it holds (domain.md T56); asked once for all that goes there together."""
    place = case.book.place(place_id) if place_id is not None else None
    if place is None or place.capacity is None or (case.together and case.line.subject != case.together[0]):
        return None
    there, comes = case.book.count_in(place.id), max(1, len(case.together))
    if case.carrier is not None:
        numbers = [ref.id for ref in case.together] or [case.carrier.id]
        comes = sum(case.book.carrier(number).place != place.id for number in numbers)
    if comes == 0 or there + comes <= place.capacity:
        return None
    return refuse(
        N_("{place} holds {capacity}; {there} are there and {comes} would come."), place=place.name,
        capacity=place.capacity, there=there, comes=comes, field=field,
        remedy=says(N_("Choose another place, or correct how many it holds under People and places.")),
    )  # fmt: skip


def place_has_its_keeper(case: Case, place_id: int | None, field: str = "place") -> Refusal | None:
    """The highest level lies with a named keeper, who is here and cleared for it (domain.md P63)."""
    level = level_of(case)
    if place_id is None or level is None:
        return None
    rule, place = case.the_regime.special_keeper(level), case.book.place(place_id)
    if not rule.value:
        return None
    keeper, words = keeper_of(case, place_id), level_name(case.the_regime, level)
    if keeper is None:
        return refuse(
            N_("{place} has no named keeper; {level} is kept by one."), place=place.name, level=words,
            citation=rule.citation, verified=rule.verified, field=field,
            remedy=says(N_("Have a keeper named for it under People and places, or choose a place that has one.")),
        )  # fmt: skip
    if keeper.open and case.the_regime.permits(keeper.clearances.get(case.the_regime.code), level).value:
        return None
    return refuse(
        N_("{name}, the keeper of {place}, is not here or not cleared for {level}."), name=keeper.name,
        place=place.name, level=words, citation=rule.citation, verified=rule.verified, field=field,
        remedy=says(N_("Have another keeper named for it under People and places, or choose another place.")),
    )  # fmt: skip


def levels_in_care(case: Case, place_id: int, regime: Regime) -> Iterator[str]:
    """The levels that only a named keeper keeps and that the keeper of a place answers for, the highest first."""
    for level in regime.levels():
        code = level.value.code
        if regime.special_keeper(code).value and case.book.lies_in_care(place_id, regime.code, code):
            yield code


def keeper_of(case: Case, place_id: int) -> Person | None:
    """Who keeps a place, or what it stands in."""
    seen: set[int] = set()
    number: int | None = place_id
    while number is not None and number not in seen:
        place = case.book.place(number)
        if place.keeper is not None:
            return case.book.person(place.keeper)
        seen.add(number)
        number = place.within
    return None
