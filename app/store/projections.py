"""How a subject's fields lie in its table: what a fold gives, column by column, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Table

from app.domain.action import Changes, Subject
from app.domain.ledger import canonical
from app.store import schema

LINE = "line"


@dataclass(frozen=True, slots=True)
class Projection:
    """One kind of subject: its table, and which columns hold JSON or yes/no."""

    table: Table
    json: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns a fold fills, without the id."""
        return tuple(column.name for column in self.table.columns if column.name != "id")

    def encode(self, name: str, value: Any) -> Any:
        """One field as its column holds it."""
        if value is None:
            return None
        if name in self.json:
            return canonical(value)
        return int(value) if name in self.flags else value

    def decode(self, name: str, value: Any) -> Any:
        """One column as the fold gives it; what only another hand can have left there, as it stands."""
        if value is None:
            return None
        if name in self.json:
            return unpacked(value)
        return bool(value) if name in self.flags and value in (0, 1) else value


PROJECTIONS: dict[Subject, Projection] = {
    Subject.CARRIER: Projection(schema.carriers, frozenset({"back"}), frozenset({"remark_due"})),
    Subject.DOCUMENT: Projection(
        schema.documents,
        frozenset({"caveats", "scope_units", "scope_people", "sources"}),
        frozenset({"received", "may_copy"}),
    ),
    Subject.PERSON: Projection(schema.persons, flags=frozenset({"open"})),
    Subject.PLACE: Projection(schema.places, flags=frozenset({"open"})),
    Subject.ACCOUNT: Projection(schema.accounts, flags=frozenset({"open"})),
    Subject.SLIP: Projection(schema.slips),
    Subject.SERIES: Projection(schema.series),
    Subject.REGIME: Projection(schema.regimes, flags=frozenset({"in_force"})),
    Subject.ENVELOPE: Projection(schema.envelopes, flags=frozenset({"intact"})),
    Subject.PAPER: Projection(schema.papers),
    Subject.IMPORT: Projection(schema.imports),
    Subject.REGISTER: Projection(schema.register),
}


TEXT_FIELDS: dict[Subject, frozenset[str]] = {
    Subject.DOCUMENT: frozenset({"title", "short_title", "originator", "as_written", "basis", "remarks"}),
    Subject.PERSON: frozenset({"name"}),
    Subject.PLACE: frozenset({"name"}),
    Subject.SLIP: frozenset({"answers"}),
    Subject.ENVELOPE: frozenset({"sender"}),
    Subject.REGIME: frozenset({"text"}),
    Subject.PAPER: frozenset({"lines"}),
    Subject.IMPORT: frozenset({"name"}),
}
"""Columns that hold the digest of a text, not the text."""


def split_part(key: str) -> tuple[str, str] | None:
    """The part and key of a field that is a row of the subject's own list, e.g. `line.17`."""
    part, dot, rest = key.partition(".")
    return (part, rest) if dot else None


def line_row(slip: int, no: int, value: Mapping[str, Any]) -> tuple[Any, ...]:
    """A slip's line as its row: slip, no, carrier, status and the rest as JSON."""
    rest = {key: item for key, item in value.items() if key not in ("carrier", "status") and item is not None}
    return (slip, no, value.get("carrier"), value["status"], canonical(rest) if rest else None)


def line_value(carrier: int | None, status: str, data: str | None) -> dict[str, Any]:
    """A slip line's row as the fold gives it."""
    rest = {} if data is None else unpacked(data)
    # A carrier named in the rest alone would stand in the proof and on no list.
    if not isinstance(rest, dict) or rest.keys() & {"carrier", "status"} or not (rest or data is None):
        rest = {"": repr(data)}
    rest["status"] = status if type(status) is str else repr(status)  # whoever edits the file may leave bytes there
    return rest if carrier is None else rest | {"carrier": carrier if type(carrier) is int else repr(carrier)}


def unpacked(text: Any) -> Any:
    """What a column of JSON says; what we never write so, as it stands there: two keys alike are read two ways."""
    try:
        value = json.loads(text)
        return value if canonical(value) == text else repr(text)
    except (ValueError, TypeError):
        return repr(text)


@cache
def insert_sql(table: str, columns: tuple[str, ...]) -> str:
    """INSERT of those columns and the id, positional."""
    names = ", ".join(f'"{column}"' for column in ("id", *columns))
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * (len(columns) + 1))})"  # noqa: S608 - own names


@cache
def update_sql(table: str, columns: tuple[str, ...]) -> str:
    """UPDATE of those columns by id, positional."""
    sets = ", ".join(f'"{column}" = ?' for column in columns)
    return f"UPDATE {table} SET {sets} WHERE id = ?"  # noqa: S608 - own names


def fields_of(changes: Changes) -> Iterable[tuple[str, Any]]:
    """The changed fields that are columns."""
    return ((key, value) for key, value in changes.items() if "." not in key)
