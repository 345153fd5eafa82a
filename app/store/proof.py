"""Proving the book: the chain, every projection against its fold, the counters, the texts; names the first wrong entry.

The full proof walks the ledger once, newest first. The first time a field of a subject is met is its last value, so
one bit a field and one 8-byte sum a subject are all it remembers: memory grows with subjects, never with entries.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection

from app.domain.action import Ref, Subject
from app.domain.carrier import KIND_NAMES, STATE_NAMES
from app.domain.ledger import GENESIS, Entry, Outline, canonical, entry_of, first_broken, fold
from app.domain.words import N_, Says, Value, says
from app.store.beside import lost_to_search, wrong_text
from app.store.posting import head
from app.store.projections import LINE, PROJECTIONS, line_value, unpacked
from app.store.shape import altered, odd_key, odd_part, odd_stamp, odd_value

Progress = Callable[[int, int], None]
CHUNK = 1_000
DIGEST = re.compile(rb'"(~[\w-]{43})"')
"""A text's digest as it stands in an entry."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What a verification found: how far it went, and the first thing that is wrong."""

    entries: int
    seq: int
    seal: bytes
    wrong: Says | None = None
    at: int | None = None
    subject: Ref | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing was found wrong."""
        return self.wrong is None


def rows_after(connection: Connection, seq: int, columns: str = "seq, body, seal") -> Iterator[tuple[Any, ...]]:
    """Ledger rows in order, in bounded memory."""
    cursor = connection.connection.cursor()
    try:
        cursor.arraysize = CHUNK
        cursor.execute(f"SELECT {columns} FROM ledger WHERE seq > ? ORDER BY seq", (seq,))  # noqa: S608 - own names
        while rows := cursor.fetchmany():
            yield from rows
    finally:
        cursor.close()


def verify_chain(connection: Connection, after: int = 0, previous: bytes = GENESIS) -> Proof:
    """Recompute every seal after `after`; the head must be the last of them."""
    end = head(connection)
    broken = first_broken(rows_after(connection, after), after=after, previous=previous)
    if (lowest := connection.exec_driver_sql("SELECT min(seq) FROM ledger").scalar() or 1) < 1:
        broken = lowest  # before the first entry, where no walk from the beginning looks and every history does
    if broken is not None:
        return _wrong(end.seq, broken, _BROKEN)
    last = connection.exec_driver_sql("SELECT seq, seal FROM ledger ORDER BY seq DESC LIMIT 1").one_or_none()
    seq, sealed = (last[0], bytes(last[1])) if last else (0, GENESIS)
    if (seq, sealed) != (end.seq, end.seal):
        first = min(seq, end.seq) + 1 if seq != end.seq else seq
        return _wrong(
            end.seq, first, N_("The head of the book says {head} entries, the book has {last}."), head=end.seq, last=seq
        )
    return Proof(end.seq - after, end.seq, end.seal)


_BROKEN = N_("Entry {seq} does not follow from the one before: it was changed, removed, inserted or swapped.")
_OTHER_COLUMNS = N_("The search columns of entry {seq} say something else than the entry.")
_SEARCHED = "seq, at, action, subject_kind, subject, slip, body"
_KINDS = frozenset(kind.value for kind in Subject)


def _wrong(entries: int, at: int, sentence: str, ref: Ref | None = None, **values: Any) -> Proof:
    return Proof(entries, entries, b"", says(sentence, seq=at, **values), at, ref)


def verify_new(connection: Connection, seq: int, sealed: bytes) -> Proof:
    """What is new since a head that was verified: its chain, and every subject touched since, whole."""
    kept = connection.exec_driver_sql("SELECT seal FROM ledger WHERE seq = ?", (seq,)).scalar() if seq else GENESIS
    if kept != sealed:
        return _wrong(head(connection).seq, seq, N_("Entry {seq} is not the one that was verified last time."))
    proof = verify_chain(connection, seq, sealed)
    if not proof.holds:
        return proof
    touched: dict[Ref, None] = {}
    for number, at, action, kind, subject, slip, body in rows_after(connection, seq, _SEARCHED):
        entry = _read(body)
        said = (at, action, slip, kind in _KINDS and type(subject) is int, f"{kind}{subject}")
        if entry is None or said != (entry.t, entry.a, entry.s or None, True, entry.o):
            return _wrong(proof.seq, number, _OTHER_COLUMNS)
        touched[entry.subject] = None
    for ref in touched:
        wrong = verify_subject(connection, ref)
        if wrong is not None:
            return wrong
    return _of_the_same_shape(connection, proof)


def verify_quickly(connection: Connection) -> Proof:
    """The whole chain, its triggers, tables and key: what a start looks at where nothing was verified before."""
    if (odd := altered(connection, tables=True)) is not None:  # as above
        return Proof(0, 0, b"", odd)
    return _of_the_same_shape(connection, verify_chain(connection))


def _of_the_same_shape(connection: Connection, proof: Proof) -> Proof:
    odd = (altered(connection) or odd_stamp(connection) or odd_key(connection)) if proof.holds else None
    return proof if odd is None else Proof(proof.entries, proof.seq, b"", odd)


def _read(body: bytes) -> Entry | None:
    try:
        return entry_of(body)
    except msgspec.DecodeError:
        return None


def entries_of(connection: Connection, ref: Ref) -> Iterator[tuple[int, Entry]]:
    """A subject's entries, oldest first."""
    rows = connection.exec_driver_sql(
        "SELECT seq, body FROM ledger WHERE subject_kind = ? AND subject = ? ORDER BY seq", (str(ref.kind), ref.id)
    )
    return ((row[0], entry_of(bytes(row[1]))) for row in rows)


def verify_subject(connection: Connection, ref: Ref) -> Proof | None:
    """One subject's projection against the fold of its entries; None when they agree."""
    folded: dict[str, Any] = {}
    written: dict[str, int] = {}
    for seq, entry in entries_of(connection, ref):
        folded = fold((folded, entry.c))
        written |= dict.fromkeys(entry.c, seq)
    kept = projected(connection, ref)
    expected = {name: value for name, value in folded.items() if value is not None}
    for name in sorted(set(expected) | set(kept), key=lambda key: written.get(key, 0)):
        if canonical(expected.get(name)) != canonical(kept.get(name)):
            return _differs(head(connection).seq, ref, name, written.get(name) or max(written.values(), default=0))
    return None


def _differs(entries: int, ref: Ref, name: str, seq: int) -> Proof:
    return _wrong(
        entries,
        seq,
        N_("The register's {field} of {subject} is not what entry {seq} says: it was edited outside the book."),
        ref,
        field=name,
        subject=str(ref),
    )


def projected(connection: Connection, ref: Ref) -> dict[str, Any]:
    """A subject's fields as its tables hold them, as the fold would give them; absent when it has no row."""
    projection = PROJECTIONS[ref.kind]
    names = projection.columns
    columns = ", ".join(f'"{name}"' for name in names)
    row = connection.exec_driver_sql(
        f"SELECT {columns} FROM {projection.table.name} WHERE id = ?",  # noqa: S608 - own names
        (ref.id,),
    ).one_or_none()
    found = {
        name: projection.decode(name, value) for name, value in zip(names, row or (), strict=False) if value is not None
    }
    for part, key, value in connection.exec_driver_sql(
        "SELECT part, key, value FROM parts WHERE subject_kind = ? AND subject = ?", (str(ref.kind), ref.id)
    ):
        found[f"{part}.{key}"] = unpacked(value)
    if ref.kind is Subject.SLIP:
        for no, carrier, status, data in connection.exec_driver_sql(
            "SELECT no, carrier, status, data FROM slip_lines WHERE slip = ?", (ref.id,)
        ):
            found[f"{LINE}.{no}"] = line_value(carrier, status, data)
    return {name: repr(value) if isinstance(value, bytes) else value for name, value in found.items()}


_PLAIN = frozenset({str, int, bool})
"""What is summed as it is; other values by their canonical text."""


@dataclass(slots=True)
class _Sums:
    """Per kind: a bit for each field name; for each subject the fields met and the sum of what they should hold.

    Plain numbers in two dictionaries: a list for each subject would be walked by every garbage collection.
    """

    bits: dict[str, int] = field(default_factory=dict)
    masks: dict[tuple[str, ...], int] = field(default_factory=dict)
    met: dict[int, int] = field(default_factory=dict)
    sums: dict[int, int] = field(default_factory=dict)

    def mask(self, names: tuple[str, ...]) -> int:
        """The bits of these fields together; entries of one act have the same fields over and over."""
        found = self.masks.get(names)
        if found is None:
            found = 0
            for name in names:
                found |= self.bits.setdefault(name, 1 << len(self.bits))
            if not any("." in name for name in names):  # lines and steps have names of their own: too many to keep
                self.masks[names] = found
        return found

    def add(self, subject: int, changes: Mapping[str, Any], key: int) -> None:
        """Count the fields of an older entry that no newer entry has set."""
        met = self.met.get(subject, 0)
        mask = self.mask(tuple(changes))
        if not mask & ~met:
            return
        self.met[subject] = met | mask
        bits, total = self.bits, self.sums.get(subject, 0)
        for name, value in changes.items():
            if value is not None and not met & bits[name]:
                total ^= hash((key, name, value if type(value) in _PLAIN else canonical(value)))
        self.sums[subject] = total


def verify_full(connection: Connection, progress: Progress | None = None) -> Proof:
    """Chain, projections, counters and texts of the whole book, in one walk from the newest entry back."""
    if (odd := altered(connection, tables=True)) is not None:  # what is read from such a table proves nothing
        return Proof(0, 0, b"", odd)
    end = head(connection)
    key = int.from_bytes(os.urandom(8))
    sums: dict[str, _Sums] = {kind.value: _Sums() for kind in Subject}
    texts: dict[int, int] = {}
    broken, column = _walk_back(connection, end.seq, end.seal, key, sums, texts, progress)
    return (
        _wrong_in_the_chain(connection, end.seq, column, broken=broken)
        or _wrong_subject(connection, sums, key)
        or _wrong_beside(connection, end.seq, texts)
        or Proof(end.seq, end.seq, end.seal)
    )


def _wrong_in_the_chain(connection: Connection, seq: int, column: int | None, *, broken: bool) -> Proof | None:
    # The walk back sees that the chain is broken; which entry is the first, the walk forward says.
    chain = verify_chain(connection) if broken else None
    if chain is not None and not chain.holds and (column is None or (chain.at or 0) <= column):
        return chain
    if column is not None:
        return _wrong(seq, column, _OTHER_COLUMNS)
    return _wrong(seq, seq, _BROKEN) if broken else None


def _wrong_subject(connection: Connection, sums: Mapping[str, _Sums], key: int) -> Proof | None:
    suspects = [Ref(Subject(kind), number) for kind in sums for number in _odd_ones(connection, kind, sums[kind], key)]
    found = [proof for proof in (verify_subject(connection, ref) for ref in suspects[:1_000]) if proof is not None]
    return min(found, key=lambda proof: proof.at or 0) if found else None


def _wrong_beside(connection: Connection, seq: int, texts: dict[int, int]) -> Proof | None:
    if (wrong := _wrong_counter(connection)) is not None:
        return Proof(seq, seq, b"", wrong)
    found = lost_to_search(connection) or wrong_text(connection, texts)
    if found is not None:
        return Proof(seq, seq, b"", found.sentence, found.at, found.subject)
    odd = odd_part(connection) or odd_stamp(connection) or odd_key(connection) or altered(connection, tables=False)
    return None if odd is None else Proof(seq, seq, b"", odd)


def _walk_back(
    connection: Connection, seq: int, sealed: bytes, key: int, sums: Mapping[str, _Sums], texts: dict[int, int],
    progress: Progress | None,
) -> tuple[bool, int | None]:  # fmt: skip
    """Check seals and columns newest first, adding up each subject's last values and noting the texts named.

    Says whether the chain is broken, and the lowest entry whose columns are not its body's.
    """
    cursor = connection.connection.cursor()
    cursor.arraysize = CHUNK
    cursor.execute("SELECT seq, at, action, subject_kind, subject, slip, body, seal FROM ledger ORDER BY seq DESC")
    broken, column = False, None
    decode = msgspec.json.Decoder(Outline).decode
    expected, wanted = seq, sealed
    pending: bytes | None = None
    try:
        while rows := cursor.fetchmany():
            for number, at, action, kind, subject, slip, body, own in rows:
                if type(body) is not bytes or type(own) is not bytes:  # only an edit outside the book leaves text there
                    broken, body, own = True, b"", b""  # noqa: PLW2901 - stands for what is no entry
                if number != expected or (own if pending is None else sha256(own + pending).digest()) != wanted:
                    broken = True
                pending, wanted, expected = body, own, number - 1
                if b'"~' in body:
                    texts.update((hash(digest), number) for digest in DIGEST.findall(body))
                try:
                    entry = decode(body)
                except msgspec.DecodeError:
                    column = number
                    continue
                fits = at == entry.t and action == entry.a and f"{kind}{subject}" == entry.o
                # `C1` and 2 would pass for C12, and be in no sum.
                if not fits or slip != (entry.s or None) or kind not in sums or type(subject) is not int:
                    column = number
                elif entry.c:
                    sums[kind].add(subject, entry.c, key)
            if progress is not None:
                progress(seq - expected, seq)
    finally:
        cursor.close()
    first = sha256(GENESIS + pending).digest() if pending is not None else GENESIS
    return broken or expected != 0 or first != wanted, column


def _sum(name: str, value: Any, key: int) -> int:
    """A number for one field and value that nobody can foresee: the key is drawn anew for each proof."""
    return hash((key, name, value if type(value) in _PLAIN else canonical(value)))


def _odd_ones(connection: Connection, kind: str, sums: _Sums, key: int) -> Iterator[int]:
    """Subjects whose rows do not sum to what their entries say, rows nobody entered, and entries without a row."""
    left = sums.sums
    extra = _parts_sums(connection, kind, key)
    projection = PROJECTIONS[Subject(kind)]
    names = ("id", *projection.columns)
    cursor = connection.connection.cursor()
    cursor.arraysize = CHUNK
    columns = ", ".join(f'"{name}"' for name in names)
    cursor.execute(f"SELECT {columns}, {odd_value(projection)} FROM {projection.table.name}")  # noqa: S608 - own names
    numbered = [(place, name) for place, name in enumerate(names) if place]
    try:
        while rows := cursor.fetchmany():
            for row in rows:
                total = extra.pop(row[0], 0)
                for place, name in numbered:
                    value = row[place]
                    if value is not None:  # JSON as its text, which the fold gives too; 1 and True are one
                        total ^= hash((key, name, value))
                if left.pop(row[0], -1) != total or row[-1]:  # -1: nobody entered it
                    yield row[0]
    finally:
        cursor.close()
    yield from (number for number, total in left.items() if total)
    yield from extra


def _parts_sums(connection: Connection, kind: str, key: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for subject, part, name, value in connection.exec_driver_sql(
        "SELECT subject, part, key, value FROM parts WHERE subject_kind = ?", (kind,)
    ):
        found[subject] = found.get(subject, 0) ^ _sum(f"{part}.{name}", unpacked(value), key)
    if kind == Subject.SLIP:
        for slip, no, carrier, status, data in connection.exec_driver_sql(
            "SELECT slip, no, carrier, status, data FROM slip_lines"
        ):
            found[slip] = found.get(slip, 0) ^ _sum(f"{LINE}.{no}", line_value(carrier, status, data), key)
    return found


def _wrong_counter(connection: Connection) -> Says | None:
    counted = {
        row[:4]: row[4]
        for row in connection.exec_driver_sql(
            "SELECT level, state, kind, coalesce(custodian, 0), count(*) FROM carriers GROUP BY 1, 2, 3, 4"
        )
    }
    kept = {
        row[:4]: row[4]
        for row in connection.exec_driver_sql("SELECT level, state, kind, custodian, n FROM holdings WHERE n <> 0")
    }
    for key in counted.keys() | kept.keys():
        if counted.get(key, 0) != kept.get(key, 0):
            return says(
                N_("The counter of {level}, {state}, {kind} says {kept}, the book has {counted}."),
                level=str(key[0]), state=_word(STATE_NAMES, key[1]), kind=_word(KIND_NAMES, key[2]),
                kept=kept.get(key, 0), counted=counted.get(key, 0),
            )  # fmt: skip
    return None


def _word(names: Mapping[Any, str], code: str) -> Value:
    # Who edits a counter may have written what is no state at all.
    return says(names[code]) if code in names else str(code)
