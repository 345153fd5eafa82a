"""Who had a carrier on a day, as the book knew it then and as it knows it now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from app.domain.carrier import State
from app.domain.ledger import Entry, entry_of, fold
from app.store.reads.paging import day, first, rows
from app.store.reads.people import names


class Known(StrEnum):
    """Whether entries made after that day may speak about it."""

    THEN = "then"
    NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """Where a carrier was at the end of a day, and on whose word."""

    on: date
    known: Known
    state: State
    holder: str | None
    holder_id: int | None
    custodian: str | None
    place: str | None
    container: str | None
    way: str | None
    due: date | None
    seq: int
    """The entry that put it there."""
    happened: datetime
    entered: datetime


def who_had(
    connection: Connection, carrier: int, on: date, *, known: str = Known.NOW, zone: datetime | None = None
) -> Custody | None:
    """Where it was at the end of that day; None when it was not in the book yet. Any moment names the desk's `zone`."""
    midnight = datetime.combine(on + timedelta(days=1), time.min)
    end = midnight.replace(tzinfo=zone.tzinfo) if zone is not None and zone.tzinfo else midnight.astimezone()
    found = rows(
        connection,
        "SELECT seq, body FROM ledger WHERE subject_kind = 'C' AND subject = :carrier ORDER BY seq",
        {"carrier": carrier},
    )
    entries = [(row[0], entry_of(bytes(row[1]))) for row in found]
    told = [
        (_happened(entry), seq, entry)
        for seq, entry in entries
        if _happened(entry) < end and (known == Known.NOW or datetime.fromisoformat(entry.t) < end)
    ]
    told.sort(key=lambda each: each[:2])
    if not told:
        return None
    fields = fold(entry.c for _, _, entry in told)
    last = next((each for each in reversed(told) if each[2].c.keys() & _CUSTODY), told[-1])
    return _custody(connection, on, Known(known), fields, last)


_CUSTODY = {"state", "place", "hands", "container", "way", "custodian"}


def _happened(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry.h or entry.t)


def _custody(
    connection: Connection, on: date, known: Known, fields: dict[str, Any], last: tuple[datetime, int, Entry]
) -> Custody:
    people = names(connection, [each for each in (fields.get("hands"), fields.get("custodian")) if each])
    row = first(
        connection,
        "SELECT (SELECT t.words FROM places p JOIN texts t ON t.digest = p.name WHERE p.id = :place),"
        " (SELECT number FROM envelopes WHERE id = :container), (SELECT number FROM slips WHERE id = :way)",
        {name: fields.get(name) for name in ("place", "container", "way")},
    )
    place, container, way = row if row is not None else (None, None, None)
    return Custody(
        on=on, known=known, state=State(fields["state"]), holder=people.get(fields.get("hands") or 0),
        holder_id=fields.get("hands"), custodian=people.get(fields.get("custodian") or 0),
        place=place, container=container, way=way, due=day(fields.get("due")),
        seq=last[1], happened=last[0], entered=datetime.fromisoformat(last[2].t),
    )  # fmt: skip
