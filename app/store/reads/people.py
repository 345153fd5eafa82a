"""People: found by a few letters, and one person with duties, clearances and what they hold."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Ref, Subject
from app.domain.characters import narrow
from app.store.reads.carrier_lines import CarrierLine
from app.store.reads.carriers import CarrierFilter, carrier_page
from app.store.reads.paging import Key, Page, day, first, json_keys, rows, up_to
from app.store.reads.visible import Viewer
from app.store.values import OPEN_STATES


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person as lists and pickers show them."""

    id: int
    name: str
    department: str
    title: str
    badge: str | None
    is_open: bool
    duties: tuple[str, ...]
    clearances: Mapping[str, str]

    @property
    def ref(self) -> Ref:
        """The person as acts name them."""
        return Ref(Subject.PERSON, self.id)


LONGEST_LOOKED_FOR = 1_000

_LINE = """SELECT p.id, t.words, p.department, p.title, p.badge, p.open,
 (SELECT json_group_array(key) FROM parts WHERE subject_kind = 'P' AND subject = p.id AND part = 'duty'),
 (SELECT json_group_object(key, json(value)) FROM parts
 WHERE subject_kind = 'P' AND subject = p.id AND part = 'clearance')
 FROM persons p LEFT JOIN texts t ON t.digest = p.name"""


def _line(row: Any) -> PersonLine:
    return PersonLine(
        row[0], row[1] or "", row[2] or "", row[3] or "", row[4], bool(row[5]), tuple(sorted(json.loads(row[6]))),
        json.loads(row[7]),
    )  # fmt: skip


def _pattern(text: str) -> dict[str, str]:
    # SQLite refuses patterns beyond 50,000 bytes; of a pasted page the beginning finds nobody just as well.
    plain = text.strip()[:LONGEST_LOOKED_FOR].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {"inside": f"%{plain}%", "begins": f"{plain}%", "badge": f"{narrow(plain)}%", "whole": text.strip()}


_LIKE = "(t.words LIKE :inside ESCAPE '\\' OR p.badge LIKE :badge ESCAPE '\\' OR p.department LIKE :begins ESCAPE '\\')"


def people_like(
    connection: Connection, text: str = "", limit: int = 20, *, also_closed: bool = False
) -> tuple[PersonLine, ...]:
    """People whose name holds the text, or whose badge or department begins so.

    Whole badge and name come first, then whose name begins so, then names of which an early word does.
    """
    still_here = "" if also_closed else " AND p.open = 1"
    found = rows(
        connection,
        f"{_LINE} WHERE {_LIKE}{still_here}"
        " ORDER BY p.badge IS NOT :whole, t.words IS NOT :whole,"
        " coalesce(nullif(instr(lower(' ' || t.words), lower(' ' || :whole)), 0), 1000), t.words, p.id LIMIT :limit",
        {**_pattern(text), "limit": limit},
    )
    return tuple(_line(row) for row in found)


def people_page(
    connection: Connection,
    text: str = "",
    after: Key | None = None,
    limit: int = 100,
    *,
    department: str | None = None,
    also_closed: bool = True,
) -> Page[PersonLine]:
    """The list of people in the order they were entered."""
    found = rows(
        connection,
        f"{_LINE} WHERE p.id > :after AND {_LIKE} AND (:department IS NULL OR p.department = :department)"
        " AND (p.open = 1 OR :closed) ORDER BY p.id LIMIT :limit",
        {
            **_pattern(text), "after": after[0] if after else 0, "department": department, "closed": also_closed,
            "limit": limit + 1,
        },
    )  # fmt: skip
    lines = tuple(_line(row) for row in found[:limit])
    return Page(lines, (lines[-1].id,) if len(found) > limit else None)


def names(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """The names of these people; a withdrawn name is empty."""
    found = rows(
        connection,
        "SELECT p.id, t.words FROM persons p LEFT JOIN texts t ON t.digest = p.name"
        " WHERE p.id IN (SELECT value FROM json_each(:ids))",
        {"ids": json_keys(ids)},
    )
    return {row[0]: row[1] or "" for row in found}


def person_with_badge(connection: Connection, badge: str) -> int | None:
    """Whose badge that is."""
    row = first(connection, "SELECT id FROM persons WHERE badge = :badge", {"badge": badge.strip()})
    return row[0] if row else None


def departments(connection: Connection) -> tuple[str, ...]:
    """Every department somebody belongs to."""
    found = rows(connection, "SELECT DISTINCT department FROM persons WHERE department <> '' ORDER BY department")
    return tuple(row[0] for row in found)


@dataclass(frozen=True, slots=True)
class DutyHeld:
    """A duty and the days between which it is held."""

    duty: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCard:
    """One person as the counter and the people page show them."""

    line: PersonLine
    duties: tuple[DutyHeld, ...]
    login: str | None
    in_hands: int
    """Carriers in their hands, counted no further than 10,000."""
    overdue: int
    on_charge: int
    """Carriers they answer for as custodian."""
    holds: Page[CarrierLine]
    """What is in their hands, the earliest due first."""
    waiting: int
    """Open slips made out to them."""


def person_card(
    connection: Connection, person: int, today: date, limit: int = 50, *, viewer: Viewer
) -> PersonCard | None:
    """One person; what they hold is shown as far as the viewer may see it."""
    row = first(connection, f"{_LINE} WHERE p.id = :person", {"person": person})
    if row is None:
        return None
    spans = rows(
        connection,
        "SELECT key, value FROM parts WHERE subject_kind = 'P' AND subject = :person AND part = 'duty' ORDER BY key",
        {"person": person},
    )
    values = {"person": person, "today": today.isoformat()}
    facts = first(
        connection,
        "SELECT (SELECT login FROM accounts WHERE person = :person AND open = 1),"
        " (SELECT coalesce(sum(n), 0) FROM holdings WHERE custodian = :person),"
        f" (SELECT count(*) FROM slips WHERE +party = :person AND state IN {OPEN_STATES})",
        values,
    )
    login, on_charge, waiting = facts if facts is not None else (None, 0, 0)
    may_count = viewer.sees_book or viewer.person == person
    return PersonCard(
        line=_line(row),
        duties=tuple(DutyHeld(key, *(day(each) for each in json.loads(value))) for key, value in spans),
        login=login,
        in_hands=up_to(connection, "carriers", "hands = :person", values) if may_count else 0,
        overdue=up_to(connection, "carriers", "hands = :person AND due < :today", values) if may_count else 0,
        on_charge=on_charge if may_count else 0,
        holds=carrier_page(connection, CarrierFilter(hands=person), "due", None, limit, viewer=viewer),
        waiting=waiting if may_count else 0,
    )


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account: who signs in with which login."""

    id: int
    login: str
    person: int
    name: str
    department: str
    duties: tuple[str, ...]
    generation: int
    is_open: bool


def accounts(connection: Connection) -> tuple[AccountLine, ...]:
    """Every account, closed ones too."""
    found = rows(
        connection,
        "SELECT a.id, a.login, a.person, t.words, p.department,"
        " (SELECT json_group_array(key) FROM parts WHERE subject_kind = 'P' AND subject = p.id AND part = 'duty'),"
        " a.generation, a.open FROM accounts a JOIN persons p ON p.id = a.person"
        " LEFT JOIN texts t ON t.digest = p.name ORDER BY a.login",
    )
    return tuple(
        AccountLine(
            row[0], row[1], row[2], row[3] or "", row[4] or "", tuple(sorted(json.loads(row[5]))), row[6], bool(row[7])
        )
        for row in found
    )
