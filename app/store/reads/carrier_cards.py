"""The card of one carrier, and what a scanned or typed code names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Ref, Subject
from app.domain.characters import narrow
from app.domain.numbering import Code, Letter, Misread, Wrong, read
from app.domain.words import N_, Says, says
from app.store.reads.carrier_lines import CarrierLine, lines_of
from app.store.reads.paging import first, rows
from app.store.reads.visible import Viewer, seen_carriers


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierCard:
    """What the card on the right says of a carrier beside its line in the lists."""

    line: CarrierLine
    document_level: str
    """Differs from the line's level while a copy waits to be marked anew."""
    may_copy: bool


_CARD = """SELECT d.level, d.may_copy FROM carriers c JOIN documents d ON d.id = c.document WHERE c.id = :carrier"""


def carrier_card(connection: Connection, carrier: int, *, viewer: Viewer) -> CarrierCard | None:
    """The card; None when there is no such carrier, or the viewer may not know of it."""
    seen = seen_carriers(viewer)
    sql = f"{_CARD} AND {seen}" if seen else _CARD
    row = first(connection, sql, {"carrier": carrier, **viewer.values})
    if row is None:
        return None
    line = lines_of(connection, [carrier], viewer)[0]
    return CarrierCard(line=line, document_level=row[0], may_copy=row[1] != 0)


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
