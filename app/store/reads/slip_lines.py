"""The lines of a slip, page by page, with the carriers they are about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.store.reads.carrier_lines import CarrierLine, lines_of
from app.store.reads.paging import Key, Page, is_digest, rows
from app.store.reads.visible import Viewer, fit_to_show


@dataclass(frozen=True, slots=True)
class ListedLine:
    """One line of a slip with the carrier it is about."""

    no: int
    status: str
    carrier: CarrierLine | None
    given: Mapping[str, Any]
    """What was answered or noted for this line alone, free text as words."""


def slip_lines(
    connection: Connection,
    slip: int,
    after: Key | None = None,
    limit: int = 200,
    *,
    viewer: Viewer,
    status: str | None = None,
) -> Page[ListedLine]:
    """The lines of a slip in order, page by page; whoever may see the slip sees every line of it."""
    found = rows(
        connection,
        "SELECT no, carrier, status, data FROM slip_lines WHERE slip = :slip AND no > :after"
        " AND (:status IS NULL OR status = :status) ORDER BY no LIMIT :limit",
        {"slip": slip, "after": after[0] if after else 0, "status": status, "limit": limit + 1},
    )
    page = found[:limit]
    carriers = {line.id: line for line in lines_of(connection, [row[1] for row in page if row[1]], viewer)}
    given = [json.loads(row[3]) if row[3] else {} for row in page]
    words = texts(connection, {value for each in given for value in each.values() if is_digest(value)})
    lines = tuple(
        ListedLine(row[0], row[2], carriers.get(row[1]), _shown(each, carriers.get(row[1]), words))
        for row, each in zip(page, given, strict=True)
    )
    return Page(lines, (page[-1][0],) if len(found) > limit else None)


def _shown(given: Mapping[str, Any], carrier: CarrierLine | None, words: Mapping[str, str | None]) -> Mapping[str, Any]:
    shown = fit_to_show(given, is_cleared=carrier is None or carrier.is_cleared)
    return {key: _worded(value, words) for key, value in shown.items()}


def texts(connection: Connection, digests: set[str]) -> Mapping[str, str | None]:
    """The words kept under these digests; None where they were withdrawn."""
    found = rows(
        connection,
        "SELECT digest, words FROM texts WHERE digest IN (SELECT value FROM json_each(:digests))",
        {"digests": json.dumps(sorted(digests))},
    )
    return {row[0]: row[1] for row in found}


def _worded(value: Any, words: Mapping[str, str | None]) -> Any:
    return words[value] if is_digest(value) and value in words else value
