"""What can be done with a subject before anything is asked: acts that belong here, why not now, usual answers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Connection

from app.actions import CATALOGUE
from app.domain.action import NOBODY, Action, Case, Line, Ref, Refusal, Subject, questions
from app.domain.checks import is_where
from app.domain.judging import Seat, judge, lay_out
from app.domain.people import DUTIES
from app.services.desk import Desk, SeriesTaken
from app.store.lookups import Cached, Lookups

FROM_HERE: Mapping[Subject, Mapping[str, str]] = {
    Subject.CARRIER: {"copy_carrier": "original"},
    Subject.DOCUMENT: {"print_copies": "document", "take_number": "document"},
}
"""Acts that give birth to something new from a subject, with the question that names the subject."""

ELSEWHERE = frozenset({"correct", "correct_document", "verify_label", "use_number", "bag_and_seal"})
"""Acts that begin at an entry of the history or with a scan, not at a button of a card."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One act that belongs to a subject; with refusals it cannot be begun now."""

    action: type[Action]
    refusals: tuple[Refusal, ...] = ()
    known: str = ""
    """The question that the subject itself answers."""


def offers(desk: Desk, ref: Ref) -> list[Offered]:
    """The acts on a subject that the person at the desk may do, each with what already stands against it."""
    with desk.database.reading() as connection:
        seat = _seat(desk, connection)
        return [
            Offered(action, tuple(_against(action, ref, seat)), FROM_HERE.get(ref.kind, {}).get(action.code, ""))
            for action in _acts_on(ref.kind)
            if _may(action, seat)
        ]


def judged(desk: Desk, codes: Sequence[str], ref: Ref | None = None) -> tuple[Offered, ...]:
    """These acts on a subject, or those that bring one into the book, each with what stands against it.

    Unlike `offers` it also names what the duties of the person do not allow, with that reason.
    """
    with desk.database.reading() as connection:
        seat = _seat(desk, connection)
        found = []
        for action in (CATALOGUE[code] for code in codes):
            is_birth = action.brings_forth()
            lines = [] if is_birth or ref is None else [Line(ref)]
            found.append(Offered(action, tuple(_judged(_unasked(action, {}), lines, seat))))
        return tuple(found)


def usual_answers(desk: Desk, action: type[Action], lines: Sequence[Line], known: Mapping[str, Any]) -> dict[str, Any]:
    """The answers the register proposes, from the regime and the subject; a count is never proposed."""
    suggested = {name: asked.suggest for name, asked in questions(action).items() if asked.suggest and not asked.each}
    if not suggested:
        return {}
    with desk.database.reading() as connection:
        cases = lay_out(_unasked(action, known), list(lines[:1]), _seat(desk, connection))
        return {
            name: value for name, suggest in suggested.items() if (value := _proposed(suggest, cases[0])) is not None
        }


def _proposed(suggest: Callable[[Case], Any], case: Case) -> Any:
    """What is proposed for a case; nothing where the case lacks what the proposal looks at."""
    try:
        return suggest(case)
    except LookupError:
        return None


def _seat(desk: Desk, connection: Connection) -> Seat:
    book = Lookups(connection, Cached())
    actor = book.person(desk.actor.id)
    return Seat(actor, desk.now(), desk.today(), NOBODY, book, SeriesTaken(connection))


def _acts_on(kind: Subject) -> Iterable[type[Action]]:
    begins = FROM_HERE.get(kind, {})
    for action in CATALOGUE.values():
        is_birth = action.brings_forth()
        is_here = action.subject is kind and action.offered and not is_birth and action.code not in ELSEWHERE
        if is_here or action.code in begins:
            yield action


def _may(action: type[Action], seat: Seat) -> bool:
    return not action.duties or any(seat.actor.holds(duty, seat.today) for duty in action.duties if duty in DUTIES)


def _against(action: type[Action], ref: Ref, seat: Seat) -> list[Refusal]:
    """What stands against the act whatever will be answered."""
    begins = FROM_HERE.get(ref.kind, {}).get(action.code)
    if begins is not None and ref.kind is Subject.CARRIER and action.begins_where:
        elsewhere = is_where(seat.book.carrier(ref.id), action.begins_where)
        if elsewhere is not None:
            return [replace(elsewhere, rule="original_is_here")]
    if begins is not None:
        return [_about_birth(found) for found in _judged(_unasked(action, {begins: ref.id}), [], seat)]
    return _judged(_unasked(action, {}), [Line(ref)], seat)


def _about_birth(refusal: Refusal) -> Refusal:
    return replace(refusal, subject=None)


def _judged(action: Action, lines: list[Line], seat: Seat) -> list[Refusal]:
    if action.code in {code for begins in FROM_HERE.values() for code in begins}:
        return []  # a birth is judged once its questions are answered
    return [
        refusal
        for refusal in judge(action, lay_out(action, lines, seat), seat)
        if refusal.field is None and not refusal.rule.startswith("signature:")
    ]


@cache
def _bare(action: type[Action]) -> type[Action]:
    """The same act without questions, and with those rules only that look at no answer.

    A rule whose first parameter is `_` declares that it does not look at the act's answers.
    """
    checks = tuple(check for check in action.checks if next(iter(inspect.signature(check).parameters)) == "_")
    return type(action.__name__, (action,), {"checks": checks, "whole": (), "__doc__": action.__doc__})


def _unasked(action: type[Action], known: Mapping[str, Any]) -> Action:
    """An act of which nothing is answered yet but what is known."""
    bare = _bare(action)  # type: ignore[arg-type]  # a class is hashable
    unasked = object.__new__(bare)
    for name in questions(action):
        if name in known or not hasattr(bare, name):
            object.__setattr__(unasked, name, known.get(name, UNASKED))
    return unasked


class _Unasked:
    """Stands for an answer that was not given; it is neither nothing nor empty, so that no rule calls it missing."""

    def __repr__(self) -> str:
        return "unasked"


UNASKED: Any = _Unasked()
