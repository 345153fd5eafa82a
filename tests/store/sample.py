"""A register with a known shelf in it, for tests of what is read: rows by the posting that every act uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import event

from app.domain.action import Ref, Subject
from app.domain.ledger import Entry, plain
from app.store import reads
from app.store.posting import Batch, head, post
from app.store.projections import TEXT_FIELDS
from app.store.reads import Viewer
from tests.unit import Unit

C, D, S, E, F = Subject.CARRIER, Subject.DOCUMENT, Subject.SLIP, Subject.ENVELOPE, Subject.PAPER
SECRET, TOP = "mimi", "juemi"
TODAY = date(2026, 5, 11)


def put(unit: Unit, things: Iterable[tuple[Ref, dict[str, Any]]], *, happened: str = "", at: str = "") -> None:
    """Write subjects as if an act had made them: sealed, projected, counted, indexed."""
    with unit.database.writing() as connection:
        batch = Batch(at or unit.now.isoformat(timespec="milliseconds"))
        for ref, fields in things:
            given = {name: plain(value) for name, value in fields.items() if value is not None}
            if ref.kind is D:
                batch.index[ref.id] = {
                    name: given.get(name, "") for name in ("title", "short_title", "reference", "originator", "remarks")
                }
            for name in TEXT_FIELDS.get(ref.kind, ()):
                if name in given:
                    given[name] = batch.text(given[name])
            batch.born.add(ref)
            batch.entries.append(Entry(a="import_rows", t=batch.at, p=4, o=str(ref), h=happened, c=given))
            if ref.kind is C:
                batch.count(None, given)
        post(connection, batch, head(connection))


def document(number: int, title: str = "", level: str = SECRET, **more: Any) -> tuple[Ref, dict[str, Any]]:
    """A document in force that the whole unit may read."""
    given = {
        "regime": "cn-state",
        "level": level,
        "state": "classified",
        "title": title or f"文件{number}号",
        "reference": f"CU-{number:04d}",
        "scope_units": ["*"],
        "period": "10y",
    }
    return Ref(D, number), given | more


def carrier(ident: int, of: int, level: str = SECRET, **more: Any) -> tuple[Ref, dict[str, Any]]:
    """A copy in the safe on the clerk's charge."""
    given = {
        "document": of,
        "number": f"CU-{of:04d}-{ident:05d}",
        "state": "in_stock",
        "level": level,
        "kind": "paper",
        "copy_no": 1,
        "copies_of": 1,
        "pages": 12,
        "place": 1,
        "custodian": 4,
        "label": "verified",
    }
    given |= more
    if {"hands", "container", "way"} & more.keys():
        given.pop("place")
    return Ref(C, ident), given


def slip(ident: int, kind: str, number: str, *carriers: int, **more: Any) -> tuple[Ref, dict[str, Any]]:
    """A slip with these carriers on its lines."""
    status = more.pop("status", "listed")
    given = {
        "kind": kind,
        "number": number,
        "state": "executing",
        "opened_by": 4,
        "opened_at": "2026-05-04T01:00:00+00:00",
        "listed": len(carriers),
        "done": 0,
        **{f"line.{no}": {"carrier": each, "status": status} for no, each in enumerate(carriers, 1)},
    }
    return Ref(S, ident), given | more


def viewer(unit: Unit, name: str) -> Viewer:
    """How somebody of the unit sees the register."""
    with unit.database.reading() as connection:
        return reads.viewer_of(connection, unit.people[name], unit.today)


@contextmanager
def statements(unit: Unit) -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    heard: list[str] = []

    def hear(_connection, _cursor, statement, *_):
        if not statement.startswith("BEGIN"):
            heard.append(statement)

    event.listen(unit.database.reader, "before_cursor_execute", hear)
    yield heard
    event.remove(unit.database.reader, "before_cursor_execute", hear)


def moment(text: str) -> datetime:
    """A moment at the unit's own clock, e.g. 2026-05-11 14:00."""
    return datetime.fromisoformat(f"{text}+08:00")
