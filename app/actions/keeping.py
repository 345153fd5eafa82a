"""Who keeps a place: the named keeper of what the regime does not leave to just anybody."""

from __future__ import annotations

from dataclasses import replace

from app.actions.classifying import judged_at
from app.domain.action import Action, Case, Changes, Kind, Refusal, Subject, ask, refuse
from app.domain.carrier import PersonId
from app.domain.checks import is_cleared, is_here
from app.domain.opening import fact
from app.domain.words import N_, says


def place_is_used(_: Action, case: Case) -> Refusal | None:
    """What is closed is kept by nobody."""
    place = case.book.place(case.subject.id)
    if place.open:
        return None
    return refuse(N_("{place} is no longer used."), place=place.name, remedy=says(N_("Choose another place.")))


def keeper_may_keep_it(action: NameKeeper, case: Case) -> Refusal | None:
    """The keeper is here, and cleared for everything that lies there under a named keeper."""
    keeper = case.book.person(action.keeper)
    if refusal := is_here(keeper, "keeper"):
        return refusal
    for code, level in case.book.levels_kept_in(case.subject.id):
        regime = case.book.regime(code)
        rule = regime.special_keeper(level)
        if rule.value and (refusal := is_cleared(judged_at(case, regime, level), keeper, "keeper")):
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


ACTIONS = (NameKeeper, SetCapacity)
