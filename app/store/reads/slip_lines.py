"""The lines of a slip, page by page, with the carriers they are about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.domain.carrier import Label, State
from app.store.reads.carrier_lines import CarrierLine, lines_of
from app.store.reads.paging import Key, Page, is_digest, rows
from app.store.reads.visible import Viewer, fit_to_show

LABELLED_HERE: Mapping[str, State] = {"making": State.IN_PREP, "registered": State.IN_STOCK}
"""How a line and its copy stand whose label comes with the slip: it is made here, or came in and was registered."""


@dataclass(frozen=True, slots=True)
class ListedLine:
    """One line of a slip with the carrier it is about."""

    no: int
    status: str
    carrier: CarrierLine | None
    given: Mapping[str, Any]
    """What was answered or noted for this line alone, free text as words."""

    @property
    def is_labelled_here(self) -> bool:
        """Whether the copy gets its label with this slip."""
        return self.carrier is not None and LABELLED_HERE.get(self.status) is self.carrier.state


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


_LABELLED = (
    "FROM slip_lines l JOIN carriers c ON c.id = l.carrier"
    " WHERE l.slip = :slip AND c.state = json_extract(:here, '$.' || l.status)"
)


def labels_of_slip(connection: Connection, slip: int) -> Mapping[Label, int]:
    """How many of the copies that get their label with the slip have it printed, affixed, verified."""
    asked = {"slip": slip, "here": json.dumps(LABELLED_HERE)}
    found = rows(connection, f"SELECT c.label, count(*) {_LABELLED} GROUP BY c.label", asked)
    return {Label(row[0]): row[1] for row in found}


def is_labelled_with(connection: Connection, slip: int, carrier: int) -> bool:
    """Whether this copy gets its label with the slip."""
    asked = {"slip": slip, "carrier": carrier, "here": json.dumps(LABELLED_HERE)}
    return bool(rows(connection, f"SELECT 1 {_LABELLED} AND l.carrier = :carrier LIMIT 1", asked))


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
