"""What the rules ask of the register while an act is judged; each answer is a look by key, at any size of the book."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, TypeVar

from sqlalchemy import Connection

from app.domain.action import Subject
from app.domain.book import AccountFacts, RegisterFacts
from app.domain.carrier import (
    Carrier,
    Document,
    Envelope,
    EnvelopeState,
    Person,
    PersonId,
    Place,
)
from app.domain.ledger import entry_of
from app.domain.passwords import sign_in_name
from app.domain.regime import Regime, load_regime
from app.domain.slip import KEPT, Slip, SlipState, Step
from app.store.standing import Standing
from app.store.values import carrier_of, day, document_of, line_of, moment

T = TypeVar("T")


class NotThere(LookupError):
    """The register has no such subject."""


class Cached:
    """People, places and regimes as last read; they change rarely, and every act asks for them."""

    def __init__(self) -> None:
        self.seq = -1
        self.people: dict[int, Person] = {}
        self.places: dict[int, Place] = {}
        self.regimes: dict[str, Regime] = {}
        self.register: RegisterFacts | None = None

    def as_of(self, seq: int) -> None:
        """Forget everything when the book has moved on by other hands."""
        if seq != self.seq:
            self.people.clear()
            self.places.clear()
            self.regimes.clear()
            self.register = None
            self.seq = seq


@cache
def _select(table: str, columns: tuple[str, ...]) -> str:
    return f"SELECT {', '.join(columns)} FROM {table} WHERE id = ?"  # noqa: S608 - own names


_CARRIER = tuple(f.name for f in fields(Carrier))
_DOCUMENT = ("id", "regime", "level", "state", "period", "caveats", "issued", "lifts", "scope_units", "scope_people",
             "received", "may_copy", "sources", "drafter", "copies_made", "slip")  # fmt: skip
_ENVELOPE = ("id", "kind", "number", "state", "seal", "level", "items", "signed_at", "signed_by", "opened_at", "slip",
             "intact")  # fmt: skip


class Lookups(Standing):
    """The register as one transaction sees it; implements `domain.book.Book`."""

    def __init__(self, connection: Connection, cached: Cached) -> None:
        self._connection = connection
        self._cached = cached
        self._carriers: dict[int, Carrier] = {}
        self._documents: dict[int, Document] = {}
        self._slips: dict[int, Slip] = {}
        self._overdue: dict[tuple[int, date], bool] = {}

    def _row(self, table: str, columns: tuple[str, ...], number: int) -> dict[str, Any]:
        row = self._one(_select(table, columns), number)
        if row is None:
            raise NotThere(f"{table} {number}")
        return dict(zip(columns, row, strict=True))

    def load_carriers(self, numbers: Sequence[int]) -> None:
        """Read many carriers at once, before their cases are made."""
        for start in range(0, len(numbers), 500):
            part = tuple(numbers[start : start + 500])
            marks = ",".join("?" * len(part))
            sql = f"SELECT {', '.join(_CARRIER)} FROM carriers WHERE id IN ({marks})"  # noqa: S608 - own names
            for row in self._connection.exec_driver_sql(sql, part):
                self._carriers[row[0]] = carrier_of(dict(zip(_CARRIER, row, strict=True)))

    def load_documents(self, numbers: Sequence[int]) -> None:
        """Read many documents at once, before their cases are made."""
        wanted = tuple({number for number in numbers if number not in self._documents})
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            sql = f"SELECT {', '.join(_DOCUMENT)} FROM documents WHERE id IN ({','.join('?' * len(part))})"  # noqa: S608
            for row in self._connection.exec_driver_sql(sql, part):
                self._documents[row[0]] = document_of(dict(zip(_DOCUMENT, row, strict=True)))

    def carrier(self, number: int) -> Carrier:
        if number not in self._carriers:
            self._carriers[number] = carrier_of(self._row("carriers", _CARRIER, number))
        return self._carriers[number]

    def document(self, number: int) -> Document:
        if number not in self._documents:
            self._documents[number] = document_of(self._row("documents", _DOCUMENT, number))
        return self._documents[number]

    def person(self, number: int) -> Person:
        known = self._cached.people
        if number not in known:
            row = self._one(
                "SELECT p.id, t.words, p.department, p.title, p.badge, p.open FROM persons p"
                " LEFT JOIN texts t ON t.digest = p.name WHERE p.id = ?",
                number,
            )
            if row is None:
                raise NotThere(f"person {number}")
            parts = self._parts(Subject.PERSON, number)
            known[number] = Person(
                row[0], row[1] or "", row[2] or "", row[3] or "", row[4], bool(row[5]),
                dict(parts.get("clearance", {})),
                {duty: (day(span[0]), day(span[1])) for duty, span in parts.get("duty", {}).items()},
            )  # fmt: skip
        return known[number]

    def place(self, number: int) -> Place:
        known = self._cached.places
        if number not in known:
            row = self._one(
                "SELECT p.id, t.words, p.grade, p.within, p.keeper, p.open FROM places p"
                " LEFT JOIN texts t ON t.digest = p.name WHERE p.id = ?",
                number,
            )
            if row is None:
                raise NotThere(f"place {number}")
            holds = self._parts(Subject.PLACE, number).get("fact", {}).get("capacity")
            known[number] = Place(row[0], row[1] or "", row[2], row[3], row[4], bool(row[5]), holds)
        return known[number]

    def slip(self, number: int) -> Slip:
        if number not in self._slips:
            self._slips[number] = self._load_slip(number)
        return self._slips[number]

    def _load_slip(self, number: int) -> Slip:
        row = self._one(
            "SELECT s.id, s.kind, s.number, s.state, s.opened_by, s.opened_at, s.action, t.words, s.regime, s.level,"
            " s.party, s.listed, s.done FROM slips s LEFT JOIN texts t ON t.digest = s.answers WHERE s.id = ?",
            number,
        )
        if row is None:
            raise NotThere(f"slip {number}")
        parts = self._parts(Subject.SLIP, number)
        steps = tuple(
            Step(int(no), **value) for no, value in sorted(parts.get("step", {}).items(), key=lambda i: int(i[0]))
        )
        return Slip(
            row[0],
            row[1],
            row[2],
            SlipState(row[3]),
            row[4],
            moment(row[5]),
            row[6],
            json.loads(row[7]) if row[7] else {},
            row[8],
            row[9],
            row[10],
            row[11] or 0,
            row[12] or 0,
            steps,
            parts.get("sign", {}),
            parts.get("fact", {}),
        )

    def _parts(self, kind: Subject, number: int) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for part, key, value in self._connection.exec_driver_sql(
            "SELECT part, key, value FROM parts WHERE subject_kind = ? AND subject = ?", (str(kind), number)
        ):
            found.setdefault(part, {})[key] = json.loads(value)
        return found

    def envelope(self, number: int) -> Envelope:
        row = self._row("envelopes", _ENVELOPE, number)
        row["state"], row["intact"] = EnvelopeState(row["state"]), row["intact"] != 0
        row["signed_at"], row["opened_at"] = moment(row["signed_at"]), moment(row["opened_at"])
        return Envelope(**row)

    def regime(self, code: str) -> Regime:
        known = self._cached.regimes
        if code not in known:
            row = self._one(
                "SELECT t.words, r.version FROM regimes r JOIN texts t ON t.digest = r.text"
                " WHERE r.code = ? AND r.in_force = 1",
                code,
            )
            if row is None:
                raise NotThere(f"regime {code}")
            known[code] = _parsed(row[0], f"{code} v{row[1]}")
        return known[code]

    def regimes(self) -> Sequence[Regime]:
        codes = self._connection.exec_driver_sql("SELECT code FROM regimes WHERE in_force = 1 ORDER BY id").scalars()
        return [self.regime(code) for code in codes]

    def register(self) -> RegisterFacts:
        if self._cached.register is None:
            row = self._one("SELECT number, unit, language FROM register WHERE id = 1")
            if row is None:
                raise NotThere("register")
            facts = self._parts(Subject.REGISTER, 1).get("fact", {})
            self._cached.register = RegisterFacts(row[0], row[1], row[2], facts)
        return self._cached.register

    def has_overdue(self, person: int, today: date) -> bool:
        if (person, today) not in self._overdue:
            row = self._one(
                "SELECT 1 FROM carriers WHERE hands = ? AND due IS NOT NULL AND due < ? LIMIT 1",
                person,
                today.isoformat(),
            )
            self._overdue[person, today] = row is not None
        return self._overdue[person, today]

    def copies_of(self, document: int) -> Sequence[Carrier]:
        rows = self._connection.exec_driver_sql(
            f"SELECT {', '.join(_CARRIER)} FROM carriers WHERE document = ? ORDER BY copy_no",  # noqa: S608 - own names
            (document,),
        )
        return [carrier_of(dict(zip(_CARRIER, row, strict=True))) for row in rows]

    def in_container(self, envelope: int) -> Sequence[Carrier]:
        rows = self._connection.exec_driver_sql(
            f"SELECT {', '.join(_CARRIER)} FROM carriers WHERE container = ? ORDER BY id",  # noqa: S608 - own names
            (envelope,),
        )
        return [carrier_of(dict(zip(_CARRIER, row, strict=True))) for row in rows]

    def line_of(self, slip: int, carrier: int) -> tuple[int, Mapping[str, Any]] | None:
        row = self._one(
            "SELECT no, carrier, status, data FROM slip_lines WHERE slip = ? AND carrier = ? ORDER BY no DESC LIMIT 1",
            slip, carrier,
        )  # fmt: skip
        return (row[0], line_of(row[1], row[2], row[3])) if row else None

    def lines_about(self, slip: int, carrier: int) -> Mapping[int, Mapping[str, Any]]:
        rows = self._connection.exec_driver_sql(
            "SELECT no, carrier, status, data FROM slip_lines WHERE carrier = ? AND slip = ? ORDER BY no",
            (carrier, slip),
        )
        return {row[0]: line_of(row[1], row[2], row[3]) for row in rows}

    def lines_of(self, slip: int) -> Mapping[int, Mapping[str, Any]]:
        rows = self._connection.exec_driver_sql(
            "SELECT no, carrier, status, data FROM slip_lines WHERE slip = ? ORDER BY no", (slip,)
        )
        return {row[0]: line_of(row[1], row[2], row[3]) for row in rows}

    def charge_of(self, custodian: int) -> Sequence[Carrier]:
        rows = self._connection.exec_driver_sql(
            f"SELECT {', '.join(_CARRIER)} FROM carriers WHERE custodian = ? ORDER BY id",  # noqa: S608 - own names
            (custodian,),
        )
        return [carrier_of(dict(zip(_CARRIER, row, strict=True))) for row in rows]

    def regime_id(self, code: str) -> int | None:
        row = self._one("SELECT id FROM regimes WHERE code = ? AND in_force = 1", code)
        return row[0] if row else None

    def slip_of_paper(self, number: int) -> int | None:
        row = self._one("SELECT slip FROM papers WHERE id = ?", number)
        return row[0] if row else None

    def paper_is_kept(self, number: int) -> bool:
        return self._one("SELECT 1 FROM papers WHERE id = ? AND returned_at = ?", number, KEPT) is not None

    def envelope_numbered(self, kind: str, number: str) -> int | None:
        row = self._one("SELECT id FROM envelopes WHERE number = ? AND kind = ? LIMIT 1", number, kind)
        return row[0] if row else None

    def number_is_taken(self, number: str) -> bool:
        return self._one("SELECT 1 FROM carriers WHERE number = ?", number) is not None

    def numbers_taken(self, numbers: Sequence[str]) -> frozenset[str]:
        sql = "SELECT number FROM carriers WHERE number IN (SELECT value FROM json_each(?))"
        return frozenset(self._connection.exec_driver_sql(sql, (json.dumps(numbers),)).scalars())

    def archive_numbers_taken(self, numbers: Sequence[str]) -> frozenset[str]:
        sql = "SELECT archive_no FROM carriers WHERE archive_no IN (SELECT value FROM json_each(?))"
        return frozenset(self._connection.exec_driver_sql(sql, (json.dumps(numbers),)).scalars())

    def import_state(self, number: int) -> str | None:
        row = self._one("SELECT state FROM imports WHERE id = ?", number)
        return row[0] if row else None

    def carriers_of_import(self, number: int) -> Sequence[Carrier]:
        sql = f"SELECT {', '.join(_CARRIER)} FROM carriers WHERE imported = ? ORDER BY id"  # noqa: S608 - own names
        found = [
            carrier_of(dict(zip(_CARRIER, row, strict=True)))
            for row in self._connection.exec_driver_sql(sql, (number,))
        ]
        self._carriers |= {carrier.id: carrier for carrier in found}
        return found

    def slips_of_import(self, number: int) -> Sequence[int]:
        sql = "SELECT subject FROM parts WHERE part = 'fact' AND key = 'imported' AND subject_kind = 'S' AND value = ?"
        return list(self._connection.exec_driver_sql(sql, (str(number),)).scalars())

    def touched_since_import(self, number: int) -> str | None:
        """The first carrier of an import with a later act on itself or on its document."""
        row = self._one(
            "SELECT c.number FROM carriers c JOIN documents d ON d.id = c.document WHERE c.imported = ? AND"
            " (EXISTS (SELECT 1 FROM ledger l WHERE l.subject_kind = 'C' AND l.subject = c.id"
            " AND l.action <> 'import_rows')"
            " OR d.imported = c.imported AND EXISTS (SELECT 1 FROM ledger l WHERE l.subject_kind = 'D'"
            " AND l.subject = d.id AND l.action <> 'import_rows')) ORDER BY c.id LIMIT 1",
            number,
        )
        return row[0] if row else None

    def badge_is_taken(self, badge: str) -> bool:
        return self._one("SELECT 1 FROM persons WHERE badge = ?", badge) is not None

    def login_is_taken(self, login: str) -> bool:
        """Whether an account was ever signed in to by that name, however it is cased or spaced."""
        taken = self._connection.exec_driver_sql("SELECT login FROM accounts").scalars()
        return sign_in_name(login) in map(sign_in_name, taken)

    def people_with(self, duty: str, today: date) -> Sequence[Person]:
        numbers = self._connection.exec_driver_sql(
            "SELECT subject FROM parts WHERE part = 'duty' AND key = ? AND subject_kind = 'P' ORDER BY subject", (duty,)
        ).scalars()
        return [person for person in map(self.person, list(numbers)) if person.holds(duty, today)]

    def account_of(self, person: int) -> AccountFacts | None:
        return self._account("person = ? AND open = 1", person)

    def account(self, number: int) -> AccountFacts | None:
        return self._account("id = ?", number)

    def _account(self, which: str, number: int) -> AccountFacts | None:
        row = self._one(f"SELECT id, login, person, generation, open FROM accounts WHERE {which}", number)  # noqa: S608 - own names
        return AccountFacts(row[0], row[1], PersonId(row[2]), row[3], bool(row[4])) if row else None

    def entry(self, seq: int) -> bytes | None:
        row = self._one("SELECT body FROM ledger WHERE seq = ?", seq)
        return bytes(row[0]) if row else None

    def last_moved(self, carrier: int) -> datetime | None:
        """When the carrier's state last changed, as it is said to have happened."""
        bodies = self._connection.exec_driver_sql(
            "SELECT body FROM ledger WHERE subject_kind = 'C' AND subject = ? ORDER BY seq DESC", (carrier,)
        ).scalars()
        entries = (entry_of(bytes(body)) for body in bodies)
        moved = next((entry for entry in entries if "state" in entry.c), None)
        return moment(moved.h or moved.t) if moved else None


@lru_cache(maxsize=16)
def _parsed(text: str, name: str) -> Regime:
    """A regime read from its text; reading one takes 13 ms, and its text never changes once it is in the book."""
    return load_regime(text, name)
