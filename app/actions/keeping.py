"""Places, and who keeps them: the named keeper of what the regime does not leave to just anybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.actions.classifying import judged_at
from app.domain.action import NEW, Action, Case, Changes, Kind, Move, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import PersonId, PlaceId
from app.domain.checks import is_cleared, is_here, level_name
from app.domain.opening import fact
from app.domain.place_checks import levels_in_care
from app.domain.words import N_, says


def holds_something(action: RegisterPlace, _case: Case) -> Refusal | None:
    """A place for none would refuse everything from its first day."""
    if action.capacity is None or action.capacity >= 1:
        return None
    return refuse(
        N_("A place that holds {capacity} holds nothing."), capacity=action.capacity, field="capacity",
        remedy=says(N_("Leave it empty where it need not be counted.")),
    )  # fmt: skip


def keeper_is_here(action: RegisterPlace, case: Case) -> Refusal | None:
    """Nobody who has left is named as keeper."""
    return is_here(case.book.person(action.keeper), "keeper") if action.keeper is not None else None


class RegisterPlace(Action):
    """Enter a room, safe or shelf with the protection it gives."""

    code = "register_place"
    label = N_("New place…")
    subject = Subject.PLACE
    told = N_("entered as a place of grade {grade}")
    move = Move(NEW, "open")
    checks = (holds_something, keeper_is_here)
    duties = ("secrecy_officer", "registry_clerk", "security_administrator")
    offered = False
    name: str = ask(Kind.TEXT, N_("Name of the place"))
    grade: int = ask(Kind.NUMBER, N_("Grade of protection"), default=1)
    within: PlaceId | None = ask(Kind.PLACE, N_("Within"), default=None)
    keeper: PersonId | None = ask(Kind.PERSON, N_("Keeper"), default=None)
    capacity: int | None = ask(Kind.NUMBER, N_("How many carriers it holds"), default=None)

    def changes(self, case: Case) -> Changes:
        given: dict[str, Any] = {"name": Text(self.name), "grade": self.grade, "open": True}
        given |= fact({"capacity": self.capacity})
        return given | {k: v for k, v in (("within", self.within), ("keeper", self.keeper)) if v is not None}


def place_is_used(_: Action, case: Case) -> Refusal | None:
    """What is closed is kept by nobody."""
    place = case.book.place(case.subject.id)
    if place.open:
        return None
    return refuse(N_("{place} is no longer used."), place=place.name, remedy=says(N_("Choose another place.")))


def keeper_may_keep_it(action: NameKeeper, case: Case) -> Refusal | None:
    """The keeper is here, and cleared for everything this makes them answer for, there and within."""
    keeper = case.book.person(action.keeper)
    if refusal := is_here(keeper, "keeper"):
        return refusal
    for regime in case.book.regimes():
        for level in levels_in_care(case, case.subject.id, regime):
            if refusal := is_cleared(judged_at(case, regime, level), keeper, "keeper"):
                rule = regime.special_keeper(level)
                return replace(refusal, citation=rule.citation, verified=rule.verified)
    return None


class NameKeeper(Action):
    """Name who keeps a place; from here whoever it is answers that nobody else goes to what lies there."""

    code = "name_keeper"
    label = N_("Name the keeper…")
    subject = Subject.PLACE
    told = N_("kept by {keeper}")
    checks = (place_is_used, keeper_may_keep_it)
    duties = ("secrecy_officer", "security_administrator")
    offered = False
    keeper: PersonId = ask(Kind.PERSON, N_("Keeper"))

    def changes(self, case: Case) -> Changes:
        return {"keeper": self.keeper}


def it_holds_what_lies_there(action: SetCapacity, case: Case) -> Refusal | None:
    """A place holds at least one, and at least what lies there now."""
    there = case.book.count_in(case.subject.id)
    if action.capacity >= max(1, there):
        return None
    return refuse(
        N_("{place} cannot hold {capacity}: {there} are there."), place=case.book.place(case.subject.id).name,
        capacity=action.capacity, there=there, field="capacity",
        remedy=says(N_("Count again, or move some of it to another place first.")),
    )  # fmt: skip


class SetCapacity(Action):
    """Say how many carriers a place holds."""

    code = "set_capacity"
    label = N_("How many it holds…")
    subject = Subject.PLACE
    told = N_("holds {capacity} carriers")
    checks = (place_is_used, it_holds_what_lies_there)
    duties = ("secrecy_officer", "registry_clerk", "security_administrator")
    offered = False
    capacity: int = ask(Kind.NUMBER, N_("How many carriers it holds"))

    def changes(self, case: Case) -> Changes:
        return fact({"capacity": self.capacity})


def it_protects_what_lies_there(action: SetProtection, case: Case) -> Refusal | None:
    """A place keeps only what the protection it really gives is enough for."""
    place = case.book.place(case.subject.id)
    for regime in case.book.regimes():
        for level in regime.levels():
            rule, code = regime.place_grade(level.value.code), level.value.code
            if rule.value > action.grade and case.book.lies_in(case.subject.id, regime.code, code):
                return refuse(
                    N_("What lies in {place} includes {level}, which asks for grade {needed}."), place=place.name,
                    level=level_name(regime, code), needed=rule.value, citation=rule.citation, verified=rule.verified,
                    field="grade", remedy=says(N_("Move it to a place of that grade first.")),
                )  # fmt: skip
    return None


class SetProtection(Action):
    """Say what protection a place gives now: it was refitted, or entered wrong."""

    code = "set_protection"
    label = N_("Its protection…")
    subject = Subject.PLACE
    told = N_("protection set to grade {grade}")
    checks = (place_is_used, it_protects_what_lies_there)
    duties = ("secrecy_officer", "security_administrator")
    offered = False
    grade: int = ask(Kind.NUMBER, N_("Grade of protection"))
    reason: str = ask(Kind.TEXT, N_("Reason"))

    def changes(self, case: Case) -> Changes:
        return {"grade": self.grade, "fact.protection": Text(self.reason)}


ACTIONS = (RegisterPlace, NameKeeper, SetCapacity, SetProtection)
