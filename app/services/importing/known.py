"""What the register already has: carriers by number or by the old book's number, people and places by name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from app.domain.words import N_, says
from app.services.importing.marks import Unfit

CUSTODY = frozenset({"state", "holder", "place", "due", "custodian"})
"""Fields that acts change every day: compared only while nothing has happened to the carrier since it was entered."""


@dataclass(frozen=True, slots=True)
class Known:
    """A carrier that the register, or an earlier row of the same file, has; fields as `BookRow` gives them."""

    number: str
    source: str
    copy_no: int | None
    fields: dict[str, Any]
    carrier: int = 0
    document: int = 0
    touched: bool = False


_FIELDS = (
    "title", "short_title", "reference", "originator", "level", "period", "caveats", "issued", "as_written", "remarks",
    "copy_no", "copies_of", "pages", "kind", "serial_no", "foreign_code", "archive_no", "state", "holder", "place",
    "due", "custodian",
)  # fmt: skip
_SELECT = (
    "SELECT c.id, c.document, c.number,"
    " (SELECT min(seq) <> max(seq) FROM ledger WHERE subject_kind = 'C' AND subject = c.id),"
    " t1.words, t2.words, d.reference, t3.words, d.level, d.period, d.caveats, d.issued, t4.words, t5.words,"
    " c.copy_no, c.copies_of, c.pages, c.kind, c.serial_no, c.foreign_code, c.archive_no, c.state, t6.words, t7.words,"
    " c.due, t8.words FROM carriers c JOIN documents d ON d.id = c.document"
    " LEFT JOIN texts t1 ON t1.digest = d.title LEFT JOIN texts t2 ON t2.digest = d.short_title"
    " LEFT JOIN texts t3 ON t3.digest = d.originator LEFT JOIN texts t4 ON t4.digest = d.as_written"
    " LEFT JOIN texts t5 ON t5.digest = d.remarks LEFT JOIN persons p ON p.id = c.hands"
    " LEFT JOIN texts t6 ON t6.digest = p.name LEFT JOIN places l ON l.id = c.place"
    " LEFT JOIN texts t7 ON t7.digest = l.name LEFT JOIN persons k ON k.id = c.custodian"
    " LEFT JOIN texts t8 ON t8.digest = k.name"
)


def known_carriers(connection: Connection, numbers: Sequence[str], sources: Sequence[str]) -> list[Known]:
    """The carriers with one of these numbers, or with one of these numbers of the old book."""
    by_number = _SELECT + " WHERE c.number IN (SELECT value FROM json_each(?))"  # noqa: S608 - own names
    by_source = _SELECT + " WHERE c.foreign_code IN (SELECT value FROM json_each(?)) AND c.state <> 'void'"  # noqa: S608
    found: list[Known] = []
    for sql, wanted in ((by_number, numbers), (by_source, sources)):
        if wanted:
            found += map(_known, connection.exec_driver_sql(sql, (json.dumps(list(wanted)),)).all())
    return found


def _known(row: Sequence[Any]) -> Known:
    fields = dict(zip(_FIELDS, row[4:], strict=True))
    fields["caveats"] = sorted(json.loads(fields["caveats"] or "[]")) or None
    return Known(row[2], fields["foreign_code"] or "", fields["copy_no"], fields, row[0], row[1], bool(row[3]))


def corrections_on(connection: Connection, carriers: Sequence[int]) -> set[tuple[int, str, str]]:
    """Differences that stand on a correction slip already: carrier, field, what the file had."""
    rows = connection.exec_driver_sql(
        "SELECT l.carrier, json_extract(l.data, '$.field'), json_extract(l.data, '$.theirs'), t.words"
        " FROM slip_lines l JOIN slips s ON s.id = l.slip"
        " LEFT JOIN texts t ON t.digest = json_extract(l.data, '$.theirs')"
        " WHERE s.kind = 'correction' AND l.carrier IN (SELECT value FROM json_each(?))",
        (json.dumps(list(carriers)),),
    )
    return {(row[0], row[1], said(row[3] if row[3] is not None else row[2])) for row in rows}


def said(value: Any) -> str:
    """A compared value as one text."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def open_import(connection: Connection, digest: str) -> tuple[int, int] | None:
    """The import of the same file that was begun and never ended, and how many rows it registered."""
    row = connection.exec_driver_sql(
        "SELECT id, registered FROM imports WHERE digest = ? AND state = 'open' ORDER BY id DESC LIMIT 1", (digest,)
    ).first()
    return (row[0], row[1] or 0) if row else None


@dataclass(slots=True)
class Names:
    """People and places by name, as files write them."""

    people: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    units: set[str] = field(default_factory=set)
    badges: dict[str, tuple[int, str]] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection) -> Names:
        """Everybody and every place that is open."""
        names = cls()
        for number, words, department, badge in connection.exec_driver_sql(
            "SELECT p.id, t.words, p.department, p.badge FROM persons p JOIN texts t ON t.digest = p.name"
            " WHERE p.open = 1"
        ):
            names.add(words, number, department or "")
            if badge:
                names.badges[badge] = (number, words)
        for number, words, grade in connection.exec_driver_sql(
            "SELECT p.id, t.words, p.grade FROM places p JOIN texts t ON t.digest = p.name WHERE p.open = 1"
        ):
            names.places[words] = (number, grade)
        return names

    def called(self, name: str) -> str:
        """The name of who is written by badge number; every other name as it is."""
        return self.badges[name][1] if name in self.badges and name not in self.people else name

    def reader(self, word: str) -> int | None:
        """Whom a word of a scope means: the only person of that name, where no unit is called so."""
        found = self.people.get(word, [])
        return found[0][0] if len(found) == 1 and word not in self.units else None

    def add(self, name: str, person: int, department: str) -> None:
        """One more person."""
        self.people.setdefault(name, []).append((person, department))
        self.units.add(department)

    def person(self, name: str, department: str, column: str) -> int | None:
        """The person of that name, or badge; None when nobody has it; `Unfit` when several have."""
        found = self.people.get(name, [])
        if len(found) > 1:
            found = [each for each in found if each[1] == department] or found
        if len(found) > 1:
            raise Unfit(
                column,
                says(
                    N_("{n} people are named {name}; write the badge number, or the holder's department"),
                    n=len(found),
                    name=name,
                ),
            )
        return found[0][0] if found else None
