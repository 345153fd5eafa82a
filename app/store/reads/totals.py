"""Totals from kept counters, never counted over the book; the register's own facts; what was imported."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from app.domain.carrier import ENDED, HELD, State
from app.store.reads.paging import first, rows


@dataclass(frozen=True, slots=True)
class Holding:
    """How many carriers there are of one level, state and kind."""

    level: str
    state: State
    kind: str
    n: int


def holdings(connection: Connection) -> tuple[Holding, ...]:
    """Everything in the book by level, state and kind."""
    found = rows(
        connection, "SELECT level, state, kind, sum(n) FROM holdings GROUP BY level, state, kind HAVING sum(n) > 0"
    )
    return tuple(Holding(row[0], State(row[1]), row[2], row[3]) for row in found)


@dataclass(frozen=True, slots=True)
class DepartmentHolding:
    """How many carriers the custodians of one department answer for, at one level."""

    department: str
    level: str
    n: int


def holdings_by_department(connection: Connection) -> tuple[DepartmentHolding, ...]:
    """What each department answers for, by level."""
    found = rows(
        connection,
        "SELECT coalesce(p.department, ''), h.level, sum(h.n) FROM holdings h JOIN persons p ON p.id = h.custodian"
        " GROUP BY p.department, h.level HAVING sum(h.n) > 0 ORDER BY 1, 2",
    )
    return tuple(DepartmentHolding(*row) for row in found)


def carriers_total(connection: Connection) -> int:
    """How many carriers the book has, ended ones too."""
    return int(rows(connection, "SELECT coalesce(sum(n), 0) FROM holdings")[0][0])


@dataclass(frozen=True, slots=True)
class BookTotals:
    """The sum that always closes: held and ended are everything but reserved numbers."""

    held: int
    ended: int
    reserved: int


def book_totals(connection: Connection) -> BookTotals:
    """Carriers on our charge, off it, and numbers taken."""
    by_state = dict(tuple(row) for row in rows(connection, "SELECT state, sum(n) FROM holdings GROUP BY state"))
    return BookTotals(
        sum(by_state.get(state, 0) for state in HELD),
        sum(by_state.get(state, 0) for state in ENDED),
        by_state.get(State.NEW_NUMBER, 0),
    )


@dataclass(frozen=True, slots=True)
class OverdueWeek:
    """Carriers still out that fell due in the week beginning on that Monday; the first line holds all before."""

    week: date
    n: int


def overdue_by_week(connection: Connection, today: date, weeks: int = 12) -> tuple[OverdueWeek, ...]:
    """What is overdue now, by the week it fell due in, oldest first."""
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]
    found = rows(
        connection,
        "SELECT max(c.due, :first), count(*) FROM carriers c WHERE c.due < :today GROUP BY max(c.due, :first)",
        {"first": mondays[0].isoformat(), "today": today.isoformat()},
    )
    counts = dict.fromkeys(mondays, 0)
    for due, n in found:
        fell = date.fromisoformat(due)
        counts[fell - timedelta(days=fell.weekday())] += n
    return tuple(OverdueWeek(week, n) for week, n in counts.items())


@dataclass(frozen=True, slots=True)
class RegisterCard:
    """The register itself."""

    number: int
    unit: str
    language: str
    public_key: str
    facts: Mapping[str, Any]


def register_card(connection: Connection) -> RegisterCard | None:
    """The register's own facts; None before it is founded."""
    row = first(connection, "SELECT number, unit, language, public_key FROM register WHERE id = 1")
    if row is None:
        return None
    facts = rows(connection, "SELECT key, value FROM parts WHERE subject_kind = 'R' AND subject = 1 AND part = 'fact'")
    return RegisterCard(row[0], row[1], row[2], row[3], {key: json.loads(value) for key, value in facts})


@dataclass(frozen=True, slots=True)
class RegimeLine:
    """One version of a regime in the register."""

    id: int
    code: str
    version: int
    in_force: bool


def regime_versions(connection: Connection) -> tuple[RegimeLine, ...]:
    """Every version ever adopted."""
    found = rows(connection, "SELECT id, code, version, in_force FROM regimes ORDER BY code, version")
    return tuple(RegimeLine(row[0], row[1], row[2], bool(row[3])) for row in found)


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One book that was taken over: read = registered + identical + differing + rejected."""

    id: int
    name: str
    state: str
    read: int
    registered: int
    identical: int
    differing: int
    rejected: int
    at: datetime


def imports(connection: Connection, limit: int = 100) -> tuple[ImportLine, ...]:
    """The imports, newest first."""
    found = rows(
        connection,
        "SELECT i.id, t.words, i.state, i.read, i.registered, i.identical, i.differing, i.rejected, i.at FROM imports i"
        " LEFT JOIN texts t ON t.digest = i.name ORDER BY i.id DESC LIMIT :limit",
        {"limit": limit},
    )
    return tuple(
        ImportLine(
            row[0],
            row[1] or "",
            row[2],
            row[3] or 0,
            row[4] or 0,
            row[5] or 0,
            row[6] or 0,
            row[7] or 0,
            datetime.fromisoformat(row[8]),
        )
        for row in found
    )
