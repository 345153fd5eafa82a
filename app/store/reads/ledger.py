"""The ledger as a page: entries with filters, in words, and the state of the chain."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Ref
from app.domain.regime import Regime
from app.store.reads.history import HistoryLine, Questions, Sentences, told
from app.store.reads.paging import Key, Page, first, rows


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFilter:
    """Which entries; None and empty do not narrow."""

    action: str | None = None
    subject: Ref | None = None
    slip: int | None = None
    actor: int | None = None
    since: datetime | None = None
    until: datetime | None = None


ALL_ENTRIES = LedgerFilter()


def ledger_page(
    connection: Connection,
    filters: LedgerFilter = ALL_ENTRIES,
    after: Key | None = None,
    limit: int = 100,
    *,
    sentences: Sentences,
    questions: Questions,
    regimes: Iterable[Regime] = (),
) -> Page[HistoryLine]:
    """The entries before that key, newest first, each as its sentence."""
    where, values = ["seq < :before"], {"before": after[0] if after else 2**62, "limit": limit + 1}
    more, given = _conditions(filters)
    found = rows(
        connection,
        f"SELECT seq, body FROM ledger WHERE {' AND '.join(where + more)} ORDER BY seq DESC LIMIT :limit",
        values | given,
    )
    page = [(row[0], bytes(row[1])) for row in found[:limit]]
    lines = tuple(told(connection, page, sentences, questions, regimes))
    return Page(lines, (lines[-1].seq,) if len(found) > limit else None)


def _conditions(filters: LedgerFilter) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = []
    values: dict[str, Any] = {}
    if filters.subject is not None:
        where.append("subject_kind = :kind AND subject = :subject")
        values |= {"kind": str(filters.subject.kind), "subject": filters.subject.id}
    for name in ("action", "slip"):
        if getattr(filters, name) is not None:
            where.append(f"{name} = :{name}")
            values[name] = getattr(filters, name)
    if filters.actor is not None:
        where.append("json_extract(body, '$.p') = :actor")
        values["actor"] = filters.actor
    # Both bounds in UTC, as entries are stamped.
    for name, sign in (("since", ">="), ("until", "<")):
        moment = getattr(filters, name)
        if moment is not None:
            where.append(f"at {sign} :{name}")
            values[name] = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return where, values


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """The end of the book."""

    seq: int
    seal: bytes
    at: datetime | None


def ledger_head(connection: Connection) -> LedgerHead:
    """The last entry's position, seal and time."""
    row = first(connection, "SELECT h.seq, h.seal, l.at FROM ledger_head h LEFT JOIN ledger l ON l.seq = h.seq")
    if row is None:
        return LedgerHead(0, b"", None)
    return LedgerHead(row[0], bytes(row[1]), datetime.fromisoformat(row[2]) if row[2] else None)


VERIFIED = "verified"
"""The setting that holds how far the book was proven, as JSON: {"seq": …, "at": "…"}."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How far the book was last proven, and when."""

    seq: int
    at: datetime


def last_verified(connection: Connection) -> Verified | None:
    """The last proof that was kept; None before the first."""
    row = first(connection, "SELECT value FROM settings WHERE name = :name", {"name": VERIFIED})
    if row is None:
        return None
    kept = json.loads(row[0])
    return Verified(kept["seq"], datetime.fromisoformat(kept["at"]))
