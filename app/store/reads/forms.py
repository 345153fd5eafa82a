"""What paper asks of the register: one view of it, titles only as far as whoever prints may read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from app.domain.action import Ref, Subject
from app.domain.book import RegisterFacts
from app.domain.carrier import HELD, Person
from app.domain.ledger import Entry, entry_of
from app.domain.regime import Regime
from app.domain.slip import Slip
from app.store.lookups import Cached, Lookups
from app.store.reads.carrier_lines import CarrierLine, lines_of
from app.store.reads.paging import day, first, is_digest, json_keys, listed, rows
from app.store.reads.visible import (
    TITLE,
    UNTITLED,
    WHOLE,
    Viewer,
    cleared,
    seen_carriers,
    seen_documents,
    seen_slips,
    title_joins,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """One document as forms show it."""

    id: int
    regime: str
    level: str
    title: str
    short_title: str
    reference: str
    originator: str
    period: str | None
    caveats: tuple[str, ...]
    issued: date | None
    as_written: str
    lifts: date | None
    scope_units: tuple[str, ...]
    scope_people: tuple[int, ...]
    basis: str
    remarks: str
    received: bool
    may_copy: bool
    sources: tuple[int, ...]
    drafter: int | None
    copies_made: int
    envelope: int | None
    slip: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvelopeFacts:
    """One envelope, parcel or bag as forms show it."""

    id: int
    kind: str
    number: str
    state: str
    seal: str
    level: str | None
    items: int | None
    sender: str
    intact: bool | None
    signed_at: str | None
    signed_by: int | None
    opened_at: str | None
    opened_by: int | None
    slip: int | None
    channel: str


@dataclass(frozen=True, slots=True)
class LoanOf:
    """One loan of a copy: its slip, who had it, since when."""

    slip: int
    person: int
    since: str


def fields_of(row: Row[Any]) -> dict[str, Any]:
    """A row's values by column name."""
    return dict(zip(row._fields, row, strict=True))


class Records:
    """The register in one view, for the lines of one print; nothing is read twice."""

    def __init__(self, connection: Connection, viewer: Viewer = WHOLE) -> None:
        self.connection = connection
        self.viewer = viewer
        self.book = Lookups(connection, Cached())
        self._documents: dict[int, DocumentFacts] = {}

    def shows(self, of: Ref) -> bool:
        """Whether whoever prints may know of the subject at all."""
        conditions = {
            Subject.CARRIER: ("carriers c", seen_carriers(self.viewer)),
            Subject.DOCUMENT: ("documents d", seen_documents(self.viewer)),
            Subject.SLIP: ("slips s", seen_slips(self.viewer)),
        }
        table, condition = conditions.get(of.kind, ("", None))
        if condition is None:
            return True
        sql = f"SELECT 1 FROM {table} WHERE id = :id AND {condition}"
        return first(self.connection, sql, {"id": of.id, **self.viewer.values}) is not None

    def levels_read(self) -> tuple[str, ...]:
        """Each `regime/level` whose documents this print has looked at."""
        return tuple(sorted({f"{document.regime}/{document.level}" for document in self._documents.values()}))

    # --- the register and its people -----------------------------------------------------------------------------

    def register(self) -> RegisterFacts:
        """The register's number, unit and language."""
        return self.book.register()

    def regime(self, code: str) -> Regime:
        """The regime in force."""
        return self.book.regime(code)

    def person(self, number: int | None) -> Person | None:
        """Somebody by id, or None."""
        return self.book.person(number) if number else None

    def name(self, number: Any) -> str:
        """A person's name; empty for nobody."""
        return self.book.person(number).name if isinstance(number, int) and number else ""

    def names(self, people: Any) -> tuple[str, ...]:
        """Names of several people, one, or nobody."""
        if isinstance(people, int):
            return (self.name(people),) if people else ()
        return tuple(self.name(each) if isinstance(each, int) else str(each) for each in people or ())

    def everybody(self) -> tuple[int, ...]:
        """The people who are here, in the order they were entered."""
        return tuple(row[0] for row in rows(self.connection, "SELECT id FROM persons WHERE open = 1 ORDER BY id"))

    def place(self, number: Any) -> str:
        """A place's name; empty for none."""
        return self.book.place(number).name if isinstance(number, int) and number else ""

    def text(self, value: Any) -> str:
        """A value as words: a kept digest gives its text, anything else itself."""
        if is_digest(value):
            return self.book.words(value) or value
        return "" if value is None else str(value)

    # --- carriers and documents ----------------------------------------------------------------------------------

    def carriers(self, ids: Sequence[int]) -> tuple[CarrierLine, ...]:
        """Carriers in that order, with their documents at hand."""
        found = lines_of(self.connection, ids, self.viewer)
        self.load_documents([line.document for line in found])
        return found

    def carrier(self, number: int) -> CarrierLine:
        """One carrier."""
        self.book.carrier(number)  # says what is not there
        return self.carriers([number])[0]

    def copies_of(self, document: int) -> tuple[int, ...]:
        """The copies of a document, those that were copied from a copy last."""
        sql = "SELECT id FROM carriers WHERE document = :id ORDER BY original IS NOT NULL, original, copy_no, id"
        found = rows(self.connection, sql, {"id": document})
        return tuple(row[0] for row in found)

    def carriers_in(self, envelope: int) -> tuple[int, ...]:
        """What lies in an envelope or bag."""
        found = rows(self.connection, "SELECT id FROM carriers WHERE container = :id ORDER BY id", {"id": envelope})
        return tuple(row[0] for row in found)

    def load_documents(self, ids: Sequence[int]) -> None:
        """Read many documents at once."""
        wanted = [number for number in ids if number not in self._documents]
        if not wanted:
            return
        shown = cleared(self.viewer)
        sql = (
            f"SELECT d.id, d.regime, d.level, {TITLE} AS title, short.words AS short_title, d.reference,"
            " o.words AS originator, d.period, d.caveats, d.issued, w.words AS as_written, d.lifts, d.scope_units,"
            f" d.scope_people, CASE WHEN {shown} THEN b.words END AS basis,"
            f" CASE WHEN {shown} THEN r.words END AS remarks, d.received, d.may_copy, d.sources, d.drafter,"
            f" d.copies_made, d.envelope, d.slip FROM documents d{title_joins(self.viewer)}"
            " LEFT JOIN texts o ON o.digest = d.originator LEFT JOIN texts w ON w.digest = d.as_written"
            " LEFT JOIN texts b ON b.digest = d.basis LEFT JOIN texts r ON r.digest = d.remarks"
            " WHERE d.id IN (SELECT value FROM json_each(:ids))"
        )
        for row in rows(self.connection, sql, {"ids": json_keys(wanted), **self.viewer.values}):
            values = fields_of(row)
            for name in ("reference", "originator", "as_written", "basis", "remarks", "short_title"):
                values[name] = values[name] or ""
            for name in ("caveats", "scope_units", "scope_people", "sources"):
                values[name] = listed(values[name])
            values["title"] = values["title"] or UNTITLED
            values["issued"], values["lifts"] = day(values["issued"]), day(values["lifts"])
            values["received"], values["may_copy"] = bool(values["received"]), values["may_copy"] != 0
            values["copies_made"] = values["copies_made"] or 0
            self._documents[values["id"]] = DocumentFacts(**values)

    def document(self, number: int) -> DocumentFacts:
        """One document."""
        self.load_documents([number])
        return self._documents[number]

    def documents_of(self, envelope: int) -> tuple[DocumentFacts, ...]:
        """The documents that came in an envelope."""
        return self._received("d.envelope = :id", {"id": envelope})

    def received_in(self, year: int) -> tuple[DocumentFacts, ...]:
        """The documents received in a year, in order."""
        span = {"first": f"{year}-01-01", "next": f"{year + 1}-01-01"}
        return self._received("e.signed_at >= :first AND e.signed_at < :next", span)

    def _received(self, where: str, values: Mapping[str, Any]) -> tuple[DocumentFacts, ...]:
        sql = f"SELECT d.id FROM documents d LEFT JOIN envelopes e ON e.id = d.envelope WHERE {where} ORDER BY d.id"
        ids = [row[0] for row in rows(self.connection, sql, values)]
        self.load_documents(ids)
        return tuple(self._documents[number] for number in ids)

    def imported(self, number: int) -> tuple[int, ...]:
        """The carriers an import registered and that are still on our charge, in the order of the book."""
        held = json.dumps(sorted(HELD))
        found = rows(
            self.connection,
            "SELECT id FROM carriers WHERE imported = :id AND state IN (SELECT value FROM json_each(:held))"
            " ORDER BY id",
            {"id": number, "held": held},
        )
        return tuple(row[0] for row in found)

    def readers(self, carrier: int) -> tuple[LoanOf, ...]:
        """Who had the copy on loan, in order."""
        found = rows(
            self.connection,
            "SELECT s.id, s.party, s.opened_at FROM slip_lines l JOIN slips s ON s.id = l.slip"
            " WHERE l.carrier = :id AND s.kind = 'loan' AND s.party IS NOT NULL"
            " AND l.status NOT IN ('listed', 'renewed') ORDER BY s.id",
            {"id": carrier},
        )
        return tuple(LoanOf(*row) for row in found)

    def loans(self, of: Ref, year: str, carriers: Sequence[int]) -> tuple[int, ...]:
        """The loan slips of a year, a person, some copies, or the one slip; renewals are on the loan they renew."""
        conditions = {
            Subject.REGISTER: "s.opened_at >= :before AND s.opened_at < :after",  # asked for before it was lent
            Subject.PERSON: "s.party = :id",
            Subject.SLIP: "s.id = :id",
        }
        copies = "s.id IN (SELECT slip FROM slip_lines WHERE carrier IN (SELECT value FROM json_each(:carriers)))"
        seen = seen_slips(self.viewer)
        sql = (
            f"SELECT s.id FROM slips s WHERE s.kind = 'loan' AND {conditions.get(of.kind, copies)}"
            f"{f' AND {seen}' if seen else ''} ORDER BY s.id"
        )
        span = {"before": f"{int(year) - 1}-01-01", "after": f"{int(year) + 1}-01-02"} if year else {}
        values = {"id": of.id, "carriers": json_keys(carriers), **span, **self.viewer.values}
        return tuple(row[0] for row in rows(self.connection, sql, values))

    def former_custodian(self, carrier: int) -> str:
        """Who answered for a carrier before it left our charge."""
        for entry in reversed(self.entries(Ref(Subject.CARRIER, carrier))):
            if entry.c.get("custodian"):
                return self.name(entry.c["custodian"])
        return ""

    def filed_as(self, carrier: int) -> Mapping[str, Any]:
        """What was said of a carrier when it was filed: archive number, how long it is kept, its appraisal."""
        found = self.entries(Ref(Subject.CARRIER, carrier), "file_to_archive")
        if not found:
            return {}
        lines = self.slip_lines(found[-1].s).values() if found[-1].s else ()
        on_the_list = next((line for line in lines if line.get("carrier") == carrier), {})
        return {**on_the_list, **found[-1].q, **found[-1].c}

    # --- slips and envelopes -------------------------------------------------------------------------------------

    def slip(self, number: int) -> Slip:
        """A slip with its steps, signatures and facts."""
        return self.book.slip(number)

    def slip_due(self, number: int) -> str:
        """The day something is due on a slip."""
        row = first(self.connection, "SELECT due FROM slips WHERE id = :id", {"id": number})
        return (row[0] if row else None) or ""

    def scanned_off_the_list(self, slip: int) -> Sequence[tuple[str, str]]:
        """What was scanned onto a slip and does not belong to it: its number or code, and where it stands."""
        found = rows(
            self.connection,
            "SELECT DISTINCT coalesce(c.number, s.code), coalesce(c.state, '') FROM scans s"
            " LEFT JOIN carriers c ON c.id = s.carrier WHERE s.slip = :id AND s.verdict = 'not_listed' ORDER BY 1",
            {"id": slip},
        )
        return [(row[0], row[1]) for row in found]

    def slip_lines(self, number: int) -> Mapping[int, Mapping[str, Any]]:
        """A slip's lines by number."""
        return self.book.lines_of(number)

    def entries(self, ref: Ref, action: str | None = None) -> list[Entry]:
        """A subject's entries, of one action or all, oldest first."""
        found = rows(
            self.connection,
            "SELECT body FROM ledger WHERE subject_kind = :kind AND subject = :id"
            " AND (:action IS NULL OR action = :action) ORDER BY seq",
            {"kind": str(ref.kind), "id": ref.id, "action": action},
        )
        return [entry_of(bytes(row[0])) for row in found]

    def acts_on(self, slip: int, action: str) -> list[Entry]:
        """The entries of one action that rest on a slip, whatever they are about, oldest first."""
        found = rows(
            self.connection,
            "SELECT body FROM ledger WHERE slip = :id AND action = :action ORDER BY seq",
            {"id": slip, "action": action},
        )
        return [entry_of(bytes(row[0])) for row in found]

    def last_entries(self, ref: Ref, most: int) -> list[Entry]:
        """A subject's last entries, oldest first."""
        found = rows(
            self.connection,
            "SELECT body FROM ledger WHERE subject_kind = :kind AND subject = :id ORDER BY seq DESC LIMIT :most",
            {"kind": str(ref.kind), "id": ref.id, "most": most},
        )
        return [entry_of(bytes(row[0])) for row in reversed(found)]

    def envelope(self, number: int) -> EnvelopeFacts:
        """One envelope."""
        self.book.envelope(number)  # says what is not there
        return self._envelopes("e.id = :id", {"id": number})[0]

    def envelopes_of(self, slip: int) -> Sequence[EnvelopeFacts]:
        """The envelopes, parcels or bags of a slip."""
        return self._envelopes("e.slip = :id", {"id": slip})

    def _envelopes(self, where: str, values: Mapping[str, Any]) -> list[EnvelopeFacts]:
        sql = (
            "SELECT e.id, e.kind, e.number, e.state, e.seal, e.level, e.items, t.words AS sender, e.intact,"
            " e.signed_at, e.signed_by, e.opened_at, e.opened_by, e.slip, e.channel FROM envelopes e"
            f" LEFT JOIN texts t ON t.digest = e.sender WHERE {where} ORDER BY e.id"
        )
        found = []
        for row in rows(self.connection, sql, values):
            line = fields_of(row)
            for name in ("seal", "sender", "channel"):
                line[name] = line[name] or ""
            line["intact"] = None if line["intact"] is None else bool(line["intact"])
            found.append(EnvelopeFacts(**line))
        return found

    def last_numbers(self) -> Sequence[tuple[str, int]]:
        """The last number used of each series."""
        found = rows(self.connection, "SELECT code, next - 1 FROM series WHERE next > 1 ORDER BY code")
        return [(row[0], row[1]) for row in found]

    def parcels_out(self) -> Sequence[tuple[str, str]]:
        """Parcels whose receipts are still out: number and when it should be back."""
        found = rows(
            self.connection,
            "SELECT number, due FROM slips WHERE kind = 'parcel' AND state IN ('executing', 'signed') ORDER BY id",
        )
        return [(row[0], row[1] or "") for row in found]

    def import_of(self, number: int) -> Mapping[str, Any]:
        """An import: its file, when, how many rows."""
        row = first(
            self.connection,
            "SELECT i.*, t.words AS file FROM imports i LEFT JOIN texts t ON t.digest = i.name WHERE i.id = :id",
            {"id": number},
        )
        return fields_of(row) if row else {}
