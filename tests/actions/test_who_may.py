"""Separation of duties in the office itself: who may change people, places, regimes and duties."""

import pytest

from app.actions.keeping import NameKeeper, RegisterPlace, SetCapacity, SetProtection
from app.actions.office import AdoptRegime, ClearPerson, ClosePerson, GrantDuty, RegisterPerson, TakeDuty
from app.domain.action import Action, Ref, Subject
from tests.unit import Unit

SECRECY, REGISTRY = {"secadmin", "officer"}, {"clerk", "clerk2"}
ADMINISTRATORS = {"sysadmin", "secadmin", "auditor"}
"""Any duty is granted and taken by two of the three (domain.md 2.5)."""
WHO_MAY: list[tuple[Action, str, set[str]]] = [
    (RegisterPerson(name="New"), "", SECRECY | REGISTRY),
    (ClearPerson(regime="cn-state", level="mimi"), "reader", SECRECY),
    (ClosePerson(), "reader", SECRECY),
    (GrantDuty(duty="archivist"), "reader", ADMINISTRATORS),
    (TakeDuty(duty="archivist"), "archivist", ADMINISTRATORS),
    (AdoptRegime(name="cn-state", version=2, text=""), "", SECRECY),
    (RegisterPlace(name="New"), "", SECRECY | REGISTRY),
    (NameKeeper(keeper=None), "room", SECRECY),
    (SetCapacity(capacity=5), "room", SECRECY | REGISTRY),
    (SetProtection(grade=5, reason="refitted"), "room", SECRECY),
]


@pytest.mark.parametrize(("act", "about", "these"), WHO_MAY, ids=[act.code for act, _, _ in WHO_MAY])
def test_only_whose_duty_it_is(unit: Unit, act: Action, about: str, these: set[str]) -> None:
    given = []
    if about:
        given = [Ref(act.subject, (unit.places if act.subject is Subject.PLACE else unit.people)[about])]
    assert {name for name in unit.people if "actor_has_the_duty" not in unit.why_not(act, *given, by=name)} == these
