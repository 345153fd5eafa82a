"""The card of one carrier, and what a scanned or typed code names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Ref, Subject
from app.domain.carrier import DocumentState
from app.domain.characters import narrow
from app.domain.numbering import Code, Letter, Misread, Wrong, read
from app.domain.words import N_, Says, says
from app.store.reads.carrier_lines import CarrierLine, lines_of
from app.store.reads.paging import day, first, moment, rows
from app.store.reads.visible import Viewer, seen_carriers


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierCard:
    """Everything the card on the right says; the mark is written from line.regime, level, period and caveats."""

    line: CarrierLine
    document_state: DocumentState
    document_level: str
    """Differs from the line's level while a copy waits to be marked anew."""
    issued: date | None
    lifts: date | None
    originator: str | None
    received: bool
    may_copy: bool
    renewals: int
    came_from: Mapping[str, Any] | None
    """State and position it goes back to."""
    home: str | None
    """The place it goes back to, by name."""
    original: str | None
    """Number of the copy this one was copied from."""
    foreign_code: str | None
    purpose: str | None
    slip_kind: str | None
    slip_state: str | None
    holder_title: str | None
    last_at: datetime | None
    """When the last entry about it was made."""
    born: int | None


_CARD = """SELECT d.state, d.level, d.issued, d.lifts, origin.words, d.received, d.may_copy, c.renewals, c.back,
 home.words, o.number, c.foreign_code, c.purpose, s.kind, s.state, h.title, c.born, c.id,
 (SELECT at FROM ledger WHERE subject_kind = 'C' AND subject = c.id ORDER BY seq DESC LIMIT 1)
 FROM carriers c JOIN documents d ON d.id = c.document
 LEFT JOIN texts origin ON origin.digest = d.originator
 LEFT JOIN places l ON l.id = json_extract(c.back, '$.place') LEFT JOIN texts home ON home.digest = l.name
 LEFT JOIN carriers o ON o.id = c.original LEFT JOIN slips s ON s.id = c.slip LEFT JOIN persons h ON h.id = c.hands
 WHERE c.id = :carrier"""


def carrier_card(connection: Connection, carrier: int, *, viewer: Viewer) -> CarrierCard | None:
    """The card; None when there is no such carrier, or the viewer may not know of it."""
    seen = seen_carriers(viewer)
    sql = f"{_CARD} AND {seen}" if seen else _CARD
    row = first(connection, sql, {"carrier": carrier, **viewer.values})
    if row is None:
        return None
    return CarrierCard(
        line=lines_of(connection, [carrier], viewer)[0],
        document_state=DocumentState(row[0]), document_level=row[1], issued=day(row[2]), lifts=day(row[3]),
        originator=row[4], received=bool(row[5]), may_copy=row[6] != 0, renewals=row[7] or 0,
        came_from=json.loads(row[8]) if row[8] else None, home=row[9], original=row[10], foreign_code=row[11],
        purpose=row[12],
        slip_kind=row[13], slip_state=row[14], holder_title=row[15], born=row[16], last_at=moment(row[18]),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a code named: a subject or a command, or why it is none of ours."""

    ref: Ref | None = None
    command: int | None = None
    why: Says | None = None
    wrong: Wrong | None = None
    is_hidden: bool = False
    """It is ours, but not for this viewer: hand it to the registry."""


def carrier_numbered(connection: Connection, text: str) -> int | None:
    """The carrier with that control number, or with that foreign code bound to it."""
    row = first(
        connection,
        "SELECT id FROM carriers WHERE number = :text UNION ALL SELECT id FROM carriers WHERE number = :capitals"
        " UNION ALL SELECT id FROM carriers WHERE foreign_code = :text LIMIT 1",
        {"text": text.strip(), "capitals": narrow(text).strip().upper()},
    )
    return row[0] if row else None


_TYPED = """SELECT 'C', id FROM carriers WHERE number = :text
 UNION ALL SELECT 'C', id FROM carriers WHERE number = :capitals
 UNION ALL SELECT 'C', id FROM carriers WHERE foreign_code = :text
 UNION ALL SELECT 'S', id FROM slips WHERE number IN (:text, :capitals)
 UNION ALL SELECT 'E', id FROM envelopes WHERE number IN (:text, :capitals)
 UNION ALL SELECT 'P', id FROM persons WHERE badge IN (:text, :capitals) LIMIT 1"""
_TABLES = {
    Letter.CARRIER: "carriers", Letter.PERSON: "persons", Letter.PLACE: "places", Letter.SLIP: "slips",
    Letter.ENVELOPE: "envelopes",
}  # fmt: skip


NOT_BORNE = N_("“{text}” is one of our codes, but nothing in the register bears it.")


def scan(connection: Connection, code: str, *, viewer: Viewer) -> Scanned:
    """What the code names: ours by its letter; any other text by whole number, foreign code or badge."""
    register = first(connection, "SELECT number FROM register WHERE id = 1")
    found = read(code, register[0] if register else -1)
    if isinstance(found, Misread):
        ref = _typed(connection, code)
        return _shown(connection, ref, viewer) if ref else Scanned(why=found.why, wrong=found.wrong)
    if found.letter is Letter.COMMAND:
        return Scanned(command=found.serial)
    return _ours(connection, code, found, viewer)


def _typed(connection: Connection, text: str) -> Ref | None:
    row = first(connection, _TYPED, {"text": text.strip(), "capitals": narrow(text).strip().upper()})
    return Ref(Subject(row[0]), row[1]) if row else None


def _ours(connection: Connection, text: str, code: Code, viewer: Viewer) -> Scanned:
    table = _TABLES[code.letter]
    known = first(connection, f"SELECT 1 FROM {table} WHERE id = :id", {"id": code.serial})
    if known is None:
        return Scanned(why=says(NOT_BORNE, text=text.strip()))
    return _shown(connection, Ref(Subject(str(code.letter)), code.serial), viewer)


def _shown(connection: Connection, ref: Ref, viewer: Viewer) -> Scanned:
    seen = seen_carriers(viewer) if ref.kind is Subject.CARRIER else None
    if seen is None:
        return Scanned(ref)
    sql = f"SELECT 1 FROM carriers c WHERE c.id = :id AND {seen}"
    if first(connection, sql, {"id": ref.id, **viewer.values}):
        return Scanned(ref)
    return Scanned(ref, why=says(N_("This is not for you: hand it to the registry.")), is_hidden=True)


def carriers_numbered(connection: Connection, numbers_typed: Mapping[str, Any] | list[str]) -> dict[str, int]:
    """Carriers by whole control number, many at once: what an import or a pasted list names."""
    found = rows(
        connection,
        "SELECT number, id FROM carriers WHERE number IN (SELECT value FROM json_each(:numbers))",
        {"numbers": json.dumps(list(numbers_typed), ensure_ascii=False)},
    )
    return {row[0]: row[1] for row in found}
