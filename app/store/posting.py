"""Writing entries: seal, append, project, count, index; always inside the caller's transaction."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Changes, Ref, Subject
from app.domain.judging import IN_DOUBT
from app.domain.ledger import GENESIS, Entry, body_of, canonical, seal, text_digest
from app.store import search
from app.store.projections import LINE, PROJECTIONS, insert_sql, line_row, split_part, update_sql

# OR ROLLBACK, because OR ABORT costs each insert a journal of its own: see schema.TRIGGERS.
INSERT_ENTRY = (
    "INSERT OR ROLLBACK INTO ledger (seq, at, action, subject_kind, subject, slip, body, seal)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
MOVE_HEAD = "UPDATE ledger_head SET seq = ?, seal = ?"
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the book: last position, its seal, and when it was entered."""

    seq: int
    seal: bytes
    at: str


def head(connection: Connection) -> Head:
    """The ledger's head as this transaction sees it."""
    row = connection.exec_driver_sql(
        "SELECT h.seq, h.seal, l.at FROM ledger_head h LEFT JOIN ledger l ON l.seq = h.seq WHERE h.id = 1"
    ).one_or_none()
    if row is None:
        return Head(0, GENESIS, "")
    # Whoever edits the file may leave text where a number or a seal was; it is for the proof to say so.
    seq, sealed, at = row
    return Head(seq if isinstance(seq, int) else 0, sealed if isinstance(sealed, bytes) else b"", at or "")


def sure_at(connection: Connection) -> str:
    """When the last entry was made whose date was in no doubt; empty in a book without one."""
    newest = "SELECT at FROM ledger WHERE action <> ? ORDER BY seq DESC LIMIT 1"
    return connection.exec_driver_sql(newest, (IN_DOUBT,)).scalar() or ""


@dataclass(slots=True)
class Batch:
    """What one act writes, gathered before anything is written."""

    at: str
    entries: list[Entry] = field(default_factory=list)
    born: set[Ref] = field(default_factory=set)
    texts: list[tuple[str, bytes, str]] = field(default_factory=list)
    counts: dict[tuple[str, str, str, int], int] = field(default_factory=lambda: defaultdict(int))
    index: dict[int, Mapping[str, str]] = field(default_factory=dict)

    def text(self, words: str) -> str:
        """Keep a free text beside the ledger; the digest that stands for it."""
        salt = os.urandom(SALT_BYTES)
        digest = text_digest(salt, words)
        self.texts.append((digest, salt, words))
        return digest

    def count(self, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
        """Move one carrier from one counter to another; `before` is None when it is new."""
        if before is not None:
            self.counts[_counter(before)] -= 1
        self.counts[_counter(after)] += 1


def _counter(fields: Mapping[str, Any]) -> tuple[str, str, str, int]:
    return (fields["level"], fields["state"], fields["kind"], fields.get("custodian") or 0)


def post(connection: Connection, batch: Batch, start: Head) -> Head:
    """Append the batch's entries to the chain and bring every projection up to date."""
    rows, previous = [], start.seal
    for seq, entry in enumerate(batch.entries, start.seq + 1):
        body = body_of(entry)
        previous = seal(previous, body)
        rows.append((seq, entry.t, entry.a, entry.o[0], int(entry.o[1:]), entry.s or None, body, previous))
    if batch.texts:
        _many(connection, "INSERT INTO texts (digest, salt, words) VALUES (?, ?, ?)", batch.texts)
    _many(connection, INSERT_ENTRY, rows)
    connection.exec_driver_sql(MOVE_HEAD, (start.seq + len(rows), previous))
    project(connection, ((entry.subject, entry.c) for entry in batch.entries), batch.born)
    count(connection, batch.counts)
    search.put_many(connection, tuple(batch.index.items()))
    return Head(start.seq + len(rows), previous, batch.at)


def project(connection: Connection, changed: Iterable[tuple[Ref, Changes]], born: set[Ref]) -> None:
    """Write changed fields into the subjects' tables, statements of one shape together.

    An entry about what is not there would stand in the book for ever with no row beside it, and no proof would hold.
    """
    statements: dict[str, list[tuple[Any, ...]]] = {}
    unborn, updates, by_parts = set(born), set(), set()
    for ref, changes in changed:
        projection = PROJECTIONS[ref.kind]
        columns: list[str] = []
        values: list[Any] = []
        for key, value in changes.items():
            if "." in key:
                sql, row = _part(ref, key, value)
                statements.setdefault(sql, []).append(row)
            else:
                columns.append(key)
                values.append(projection.encode(key, value))
        table = projection.table.name
        if ref in unborn:
            unborn.discard(ref)
            statements.setdefault(insert_sql(table, tuple(columns)), []).append((ref.id, *values))
        elif columns:
            updates.add(sql := update_sql(table, tuple(columns)))
            statements.setdefault(sql, []).append((*values, ref.id))
        elif changes:
            by_parts.add(ref)
    for sql, rows in statements.items():
        if _many(connection, sql, rows) != len(rows) and sql in updates:
            raise LookupError("an act changes what is not there")
    if not all(_is_there(connection, ref) for ref in by_parts - born):
        raise LookupError("an act changes what is not there")


def _is_there(connection: Connection, ref: Ref) -> bool:
    there = f"SELECT 1 FROM {PROJECTIONS[ref.kind].table.name} WHERE id = ?"  # noqa: S608 - own names
    return connection.exec_driver_sql(there, (ref.id,)).first() is not None


_PUT_LINE = (
    "INSERT INTO slip_lines (slip, no, carrier, status, data) VALUES (?, ?, ?, ?, ?) ON CONFLICT (slip, no)"
    " DO UPDATE SET carrier = excluded.carrier, status = excluded.status, data = excluded.data"
)
_PUT_PART = (
    "INSERT INTO parts (subject_kind, subject, part, key, value) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (subject_kind, subject, part, key) DO UPDATE SET value = excluded.value"
)


def _part(ref: Ref, key: str, value: Any) -> tuple[str, tuple[Any, ...]]:
    part, rest = split_part(key) or ("", "")
    if ref.kind is Subject.SLIP and part == LINE:
        if value is None:
            return "DELETE FROM slip_lines WHERE slip = ? AND no = ?", (ref.id, int(rest))
        return _PUT_LINE, line_row(ref.id, int(rest), value)
    if value is None:
        return (
            "DELETE FROM parts WHERE subject_kind = ? AND subject = ? AND part = ? AND key = ?",
            (str(ref.kind), ref.id, part, rest),
        )
    return _PUT_PART, (str(ref.kind), ref.id, part, rest, canonical(value))


def count(connection: Connection, counts: Mapping[tuple[str, str, str, int], int]) -> None:
    """Add to the kept counters."""
    for key, delta in counts.items():
        if not delta:
            continue
        updated = connection.exec_driver_sql(
            "UPDATE holdings SET n = n + ? WHERE level = ? AND state = ? AND kind = ? AND custodian = ?", (delta, *key)
        )
        if not updated.rowcount:
            connection.exec_driver_sql(
                "INSERT INTO holdings (level, state, kind, custodian, n) VALUES (?,?,?,?,?)", (*key, delta)
            )


def _many(connection: Connection, sql: str, rows: Sequence[tuple[Any, ...]]) -> int:
    if not rows:
        return 0
    return connection.exec_driver_sql(sql, rows[0] if len(rows) == 1 else list(rows)).rowcount
