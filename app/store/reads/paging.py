"""What every list has in common: a page, the key it goes on from, counts that never run over a whole table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from app.domain.characters import bindable

T = TypeVar("T")
Key = tuple[Any, ...]
"""Where the next page begins: the sort columns of the last line."""

DIGEST_LENGTH = 44
MOST_COUNTED = 9_999
"""Counts stop here; a screen shows more as 9,999+."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some lines of a list and the key of those that follow; None when nothing does."""

    lines: tuple[T, ...]
    next: Key | None = None


def rows(connection: Connection, sql: str, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """Every row of one statement with named values."""
    return connection.exec_driver_sql(sql, _bound(values)).all()


def named(row: Any) -> dict[str, Any]:
    """A row's values by the names its statement gives them."""
    return dict(row._mapping)  # noqa: SLF001 - the library's own public name, underlined so that no column hides it


def first(connection: Connection, sql: str, values: Mapping[str, Any] | None = None) -> Any:
    """The first row of one statement, or None."""
    return connection.exec_driver_sql(sql, _bound(values)).first()


def _bound(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """What was typed may hold half a character, which the driver refuses and the register never has."""
    return {name: bindable(each) if isinstance(each, str) else each for name, each in (values or {}).items()}


def json_keys(ids: Iterable[int | str | None]) -> str:
    """Keys as one JSON value, so that a statement is the same for one and for five hundred of them."""
    return json.dumps(sorted({each for each in ids if each is not None}, key=str))


def up_to(connection: Connection, table: str, where: str, values: Mapping[str, Any]) -> int:
    """How many rows there are, counted no further than MOST_COUNTED + 1."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {where} LIMIT {MOST_COUNTED + 1})"
    return int(connection.exec_driver_sql(sql, _bound(values)).scalar_one())


def later_than(columns: Sequence[str], after: Key) -> tuple[str, dict[str, Any]]:
    """The condition for rows behind a key, ascending with NULL first; its first term is one an index can use."""
    values = {f"after{i}": value for i, value in enumerate(after)}
    ways: list[str] = []
    for i, column in enumerate(columns):
        same = [f"{columns[j]} IS :after{j}" for j in range(i)]
        behind = f"{column} IS NOT NULL" if after[i] is None else f"{column} > :after{i}"
        ways.append(" AND ".join([*same, behind]))
    condition = " OR ".join(f"({way})" for way in ways)
    reach = "" if after[0] is None else f"{columns[0]} >= :after0 AND "
    return f"{reach}({condition})", values


def is_digest(value: Any) -> bool:
    """Whether a value stands for a text that is kept beside the ledger: a tilde and 43 characters."""
    return isinstance(value, str) and len(value) == DIGEST_LENGTH and value.startswith("~")


def day(text: str | None) -> date | None:
    """A stored date."""
    return date.fromisoformat(text[:10]) if text else None


def moment(text: str | None) -> datetime | None:
    """A stored moment."""
    return datetime.fromisoformat(text) if text else None


def listed(text: str | None) -> tuple[Any, ...]:
    """A stored JSON list."""
    return tuple(json.loads(text)) if text else ()
