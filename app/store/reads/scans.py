"""Both sides of a count: what was scanned, by whom, and what still wants counting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.store.reads.carrier_lines import CarrierLine, lines_of
from app.store.reads.paging import Key, Page, rows
from app.store.reads.visible import Viewer


@dataclass(frozen=True, slots=True)
class ScanLine:
    """One scan as it was kept."""

    id: int
    side: str
    code: str
    verdict: str
    carrier: CarrierLine | None
    person: str
    at: datetime


def scans_of(
    connection: Connection,
    slip: int,
    after: Key | None = None,
    limit: int = 100,
    *,
    viewer: Viewer,
    side: str | None = None,
) -> Page[ScanLine]:
    """The scans onto a slip, newest first."""
    found = rows(
        connection,
        "SELECT s.id, s.side, s.code, s.verdict, s.carrier, t.words, s.at FROM scans s"
        " LEFT JOIN persons p ON p.id = s.person LEFT JOIN texts t ON t.digest = p.name"
        " WHERE s.slip = :slip AND s.id < :before AND (:side IS NULL OR s.side = :side)"
        " ORDER BY s.id DESC LIMIT :limit",
        {"slip": slip, "before": after[0] if after else 2**62, "side": side, "limit": limit + 1},
    )
    page = found[:limit]
    carriers = {line.id: line for line in lines_of(connection, [row[4] for row in page if row[4]], viewer)}
    lines = tuple(
        ScanLine(row[0], row[1], row[2], row[3], carriers.get(row[4]), row[5] or "", datetime.fromisoformat(row[6]))
        for row in page
    )
    return Page(lines, (page[-1][0],) if len(found) > limit else None)


def sides_that_found(connection: Connection, slip: int, carrier: int) -> frozenset[str]:
    """Which sides have counted this one carrier."""
    found = rows(
        connection,
        "SELECT DISTINCT side FROM scans WHERE slip = :slip AND carrier = :carrier AND verdict = 'found'",
        {"slip": slip, "carrier": carrier},
    )
    return frozenset(row[0] for row in found)


def statuses_of(connection: Connection, slip: int) -> Mapping[str, int]:
    """How many lines of the slip stand how."""
    sql = "SELECT status, count(*) FROM slip_lines WHERE slip = :slip GROUP BY status"
    return {row[0]: row[1] for row in rows(connection, sql, {"slip": slip})}


def count_found(connection: Connection, slip: int) -> int:
    """How many carriers were scanned onto a slip."""
    sql = "SELECT count(DISTINCT carrier) FROM scans WHERE slip = :slip AND verdict = 'found'"
    return int(rows(connection, sql, {"slip": slip})[0][0])


def found_carriers(connection: Connection, slip: int, side: str) -> frozenset[int]:
    """The carriers one side has counted: what the other has still to find is the difference."""
    found = rows(
        connection,
        "SELECT DISTINCT carrier FROM scans WHERE slip = :slip"
        " AND side = :side AND verdict = 'found' AND carrier IS NOT NULL",
        {"slip": slip, "side": side},
    )
    return frozenset(row[0] for row in found)


BAG = "bag"
"""The side under which scans into a bag are kept, so that they differ from those that made the list."""


def carriers_in_bag(connection: Connection, slip: int) -> tuple[int, ...]:
    """What was scanned for the bag that is still open: it stands on the list and lies in no bag yet."""
    found = rows(
        connection,
        "SELECT DISTINCT s.carrier FROM scans s JOIN slip_lines l ON l.slip = s.slip AND l.carrier = s.carrier"
        " WHERE s.slip = :slip AND s.side = :side AND s.verdict = 'found' AND l.status = 'listed'",
        {"slip": slip, "side": BAG},
    )
    return tuple(row[0] for row in found)
