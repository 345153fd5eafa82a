"""Who sees what: titles only when cleared, the whole book only by duty (DESIGN.md 6). Nowhere else is this decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.domain.people import ROLE_DUTIES, SEES_THE_BOOK
from app.store.lookups import Cached, Lookups
from app.store.reads.paging import json_keys

UNTITLED = "—"
"""Stands for a title that may not be shown and has no short one."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom a list is read; `clearances` holds every `regime/level` whose titles may be shown."""

    person: int
    duties: frozenset[str] = frozenset()
    clearances: frozenset[str] = frozenset()
    department: str = ""
    all_titles: bool = False
    """The register's own eyes: paper for the file, an export that was approved."""

    @property
    def sees_book(self) -> bool:
        """Whether number, level, state and custody of everything are shown."""
        return self.all_titles or bool(self.duties & SEES_THE_BOOK)

    @property
    def roles(self) -> tuple[str, ...]:
        """The approval roles these duties may decide."""
        return tuple(role for role, duties in ROLE_DUTIES.items() if self.duties & set(duties))

    def is_cleared(self, regime: str, level: str) -> bool:
        """Whether titles at that level are shown."""
        return self.all_titles or f"{regime}/{level}" in self.clearances

    @property
    def values(self) -> dict[str, Any]:
        """What the conditions below are asked with."""
        return {
            "me": self.person,
            "my_department": self.department or None,
            "my_clearances": json_keys(self.clearances),
            "my_roles": json_keys(self.roles),
        }


WHOLE = Viewer(0, all_titles=True)
"""The register itself, for paper that is kept and for checks."""


def viewer_of(connection: Connection, person: int, on: date) -> Viewer:
    """How that person sees the register on that day: duties, clearances and the regimes as they stand."""
    book = Lookups(connection, Cached())
    who = book.person(person)
    cleared = frozenset(
        f"{regime.code}/{level.value.code}"
        for regime in book.regimes()
        for level in regime.levels()
        if regime.permits(who.clearances.get(regime.code), level.value.code).value
    )
    duties = frozenset(duty for duty in who.duties if who.holds(duty, on))
    return Viewer(person, duties, cleared if who.open else frozenset(), who.department)


def cleared(viewer: Viewer, document: str = "d") -> str:
    """The condition under which the title of the document row of that name is shown."""
    if viewer.all_titles:
        return "1"
    return f"({document}.regime || '/' || {document}.level) IN (SELECT value FROM json_each(:my_clearances))"


def title_joins(viewer: Viewer, document: str = "d") -> str:
    """Joins that give `title.words` only to whom it may be shown, and `short.words` to everybody."""
    return (
        f" LEFT JOIN texts title ON title.digest = CASE WHEN {cleared(viewer, document)} THEN {document}.title END"
        f" LEFT JOIN texts short ON short.digest = {document}.short_title"
    )


TITLE = "coalesce(title.words, short.words)"
"""What a list shows: the title, else the short title, else nothing."""


SECRET_WORDS = frozenset({"title", "remarks", "basis", "points", "departure"})
"""Answers, facts and fields that say what a document says; who is not cleared for it reads its short title alone."""
_OF_THE_FIELD = frozenset({"old", "new", "ours", "theirs"})


def fit_to_show(given: Mapping[str, Any], *, is_cleared: bool) -> Mapping[str, Any]:
    """What was answered or noted, without a document's words where they are not for these eyes."""
    if is_cleared:
        return given
    hidden = SECRET_WORDS | (_OF_THE_FIELD if given.get("what", given.get("field")) in SECRET_WORDS else frozenset())
    return {name: value for name, value in given.items() if name not in hidden}


def seen_carriers(viewer: Viewer) -> str | None:
    """The condition for carriers `c` the viewer may know of; None when all."""
    if viewer.sees_book:
        return None
    return (
        "(c.hands = :me OR c.custodian = :me"
        f" OR c.id IN (SELECT l.carrier FROM slip_lines l WHERE l.slip IN ({_MY_SLIPS}))"
        f" OR EXISTS (SELECT 1 FROM documents o WHERE o.id = c.document AND {_in_scope(viewer, 'o')}))"
    )


def seen_documents(viewer: Viewer) -> str | None:
    """The condition for documents `d` the viewer may know of; None when all."""
    if viewer.sees_book:
        return None
    return (
        "(d.id IN (SELECT document FROM carriers WHERE hands = :me"
        " UNION ALL SELECT document FROM carriers WHERE custodian = :me"
        " UNION ALL SELECT c.document FROM carriers c JOIN slip_lines l ON l.carrier = c.id"
        f" WHERE l.slip IN ({_MY_SLIPS})) OR {_in_scope(viewer, 'd')})"
    )


def seen_slips(viewer: Viewer) -> str | None:
    """The condition for slips `s` the viewer may know of; None when all."""
    return None if viewer.sees_book else f"s.id IN ({_MY_SLIPS})"


def _in_scope(viewer: Viewer, document: str) -> str:
    return (
        f"({document}.drafter = :me OR ({cleared(viewer, document)}"
        f" AND (EXISTS (SELECT 1 FROM json_each({document}.scope_people) WHERE value = :me)"
        f" OR EXISTS (SELECT 1 FROM json_each({document}.scope_units) WHERE value IN ('*', :my_department)))))"
    )


_MY_SLIPS = (
    "SELECT id FROM slips WHERE party = :me UNION ALL SELECT id FROM slips WHERE opened_by = :me"
    " UNION ALL SELECT a.id FROM slips a WHERE a.state = 'submitted' AND EXISTS"
    " (SELECT 1 FROM parts p WHERE p.subject_kind = 'S' AND p.subject = a.id AND p.part = 'step'"
    " AND json_extract(p.value, '$.role') IN (SELECT value FROM json_each(:my_roles)))"
    " UNION ALL SELECT subject FROM parts WHERE part = 'sign' AND subject_kind = 'S'"
    " AND json_extract(value, '$.person') = :me"
    " UNION ALL SELECT subject FROM parts WHERE part = 'fact' AND key IN ('giver', 'receiver', 'supervisor')"
    " AND subject_kind = 'S' AND value = CAST(:me AS TEXT)"
)
"""Slips that are about a person: theirs, opened by them, waiting for them, signed by them, or handing over to them."""
