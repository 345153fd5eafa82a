"""Documents: the list, and one document with its copies, what it was made from, who has had it, what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Ref, Subject
from app.domain.carrier import DocumentState
from app.domain.ledger import entry_of
from app.store.reads.carrier_lines import CarrierLine, lines_of
from app.store.reads.finding import documents_found, numbers_beginning
from app.store.reads.paging import Key, Page, day, first, json_keys, later_than, listed, moment, named, rows
from app.store.reads.papers import PaperLine, papers_of
from app.store.reads.today import ENDING
from app.store.reads.visible import TITLE, UNTITLED, Viewer, cleared, seen_documents, title_joins


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """One document as lists show it."""

    id: int
    reference: str | None
    title: str
    short_title: str | None
    is_cleared: bool
    regime: str
    level: str
    state: DocumentState
    period: str | None
    caveats: tuple[str, ...]
    originator: str | None
    issued: date | None
    lifts: date | None
    received: bool
    copies: int
    """How many copies the register has of it."""

    @property
    def ref(self) -> Ref:
        """The document as acts name it."""
        return Ref(Subject.DOCUMENT, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents; None and empty do not narrow."""

    level: str | None = None
    regime: str | None = None
    state: str | None = None
    text: str = ""
    lifts_before: date | None = None
    imported: int | None = None


ALL_DOCUMENTS = DocumentFilter()
_CONDITIONS = {
    "level": "d.level = :level",
    "regime": "d.regime = :regime",
    "state": "d.state = :state",
    "imported": "d.imported = :imported",
}

_LINE = """SELECT d.id, d.reference, {title} AS title, short.words AS short_title, {cleared} AS is_cleared, d.regime,
 d.level, d.state, d.period, d.caveats, origin.words AS originator, d.issued, d.lifts, d.received,
 (SELECT count(*) FROM carriers c WHERE c.document = d.id) AS copies
 FROM documents d{joins} LEFT JOIN texts origin ON origin.digest = d.originator
 WHERE d.id IN (SELECT value FROM json_each(:ids))"""


def document_lines(connection: Connection, ids: Sequence[int], viewer: Viewer) -> tuple[DocumentLine, ...]:
    """The lines of these documents, in that order, in one statement."""
    if not ids:
        return ()
    sql = _LINE.format(title=TITLE, cleared=cleared(viewer), joins=title_joins(viewer))
    found = {row[0]: _line(row) for row in rows(connection, sql, {"ids": json_keys(ids), **viewer.values})}
    return tuple(found[number] for number in ids if number in found)


def _line(row: Any) -> DocumentLine:
    values = named(row)
    values["title"] = values["title"] or UNTITLED
    values["state"] = DocumentState(values["state"])
    values["caveats"] = listed(values["caveats"])
    values["issued"], values["lifts"] = day(values["issued"]), day(values["lifts"])
    values["received"], values["is_cleared"] = bool(values["received"]), bool(values["is_cleared"])
    return DocumentLine(**values)


def document_page(
    connection: Connection,
    filters: DocumentFilter = ALL_DOCUMENTS,
    sort: str = "newest",
    after: Key | None = None,
    limit: int = 100,
    *,
    viewer: Viewer,
) -> Page[DocumentLine]:
    """The documents after that key, `newest` first, or those still secret by the day that `lifts`."""
    sql, values = _page_statement(filters, sort, after, limit + 1, viewer)
    keys = rows(connection, sql, values)
    page = keys[:limit]
    lines = document_lines(connection, [row[-1] for row in page], viewer)
    follows = tuple(page[-1]) if sort == "lifts" else (page[-1][-1],) if page else None
    return Page(lines, follows if len(keys) > limit else None)


def _page_statement(
    filters: DocumentFilter, sort: str, after: Key | None, limit: int, viewer: Viewer
) -> tuple[str, dict[str, Any]]:
    where = [condition for name, condition in _CONDITIONS.items() if getattr(filters, name) is not None]
    values: dict[str, Any] = {name: getattr(filters, name) for name in _CONDITIONS}
    values |= viewer.values | {"limit": limit}
    if filters.lifts_before:
        where.append("d.lifts < :lifts_before")
        values["lifts_before"] = filters.lifts_before.isoformat()
    if filters.text:
        found, words = documents_found(filters.text, viewer)
        begins, typed = numbers_beginning(filters.text, "d.reference")
        where.append(f"(d.id IN ({found}) OR {begins})")
        values |= words | typed
    if seen := seen_documents(viewer):
        where.append(seen)
    if sort == "lifts":
        where.append(ENDING)
    if after is not None and sort == "lifts":
        behind, keys = later_than(("d.lifts", "d.id"), after)
        where.append(behind)
        values |= keys
    elif after is not None:
        where.append("d.id < :before")
        values["before"] = after[0]
    narrowed = f" WHERE {' AND '.join(where)}" if where else ""
    order = "d.lifts, d.id" if sort == "lifts" else "d.id DESC"
    return f"SELECT d.lifts, d.id FROM documents d{narrowed} ORDER BY {order} LIMIT :limit", values


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who has had a copy in hand, and by which slip."""

    person: int
    name: str
    department: str
    slip: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Reclassified:
    """One change of level, period or state in a document's history."""

    seq: int
    at: datetime
    action: str
    actor: str
    level: str | None
    period: str | None
    lifts: date | None
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCard:
    """Everything the page of one document shows; long lists hold their first lines."""

    line: DocumentLine
    copies: tuple[CarrierLine, ...]
    has_more_copies: bool
    sources: tuple[DocumentLine, ...]
    made_into: tuple[DocumentLine, ...]
    scope_units: tuple[str, ...]
    scope_people: tuple[tuple[int, str], ...]
    drafter: str | None
    basis: str | None
    remarks: str | None
    as_written: str | None
    may_copy: bool
    copies_made: int
    readers: tuple[Reader, ...]
    history: tuple[Reclassified, ...]
    papers: tuple[PaperLine, ...]
    envelope: str | None
    slip: str | None


MOST_COPIES = 200
MOST_OF_ANY = 50

_CARD = """SELECT d.scope_units, d.scope_people, d.sources, d.may_copy, d.copies_made, drafter.words,
 CASE WHEN {cleared} THEN basis.words END, CASE WHEN {cleared} THEN remarks.words END, written.words, e.number, s.number
 FROM documents d LEFT JOIN persons p ON p.id = d.drafter LEFT JOIN texts drafter ON drafter.digest = p.name
 LEFT JOIN texts basis ON basis.digest = d.basis LEFT JOIN texts remarks ON remarks.digest = d.remarks
 LEFT JOIN texts written ON written.digest = d.as_written
 LEFT JOIN envelopes e ON e.id = d.envelope LEFT JOIN slips s ON s.id = d.slip WHERE d.id = :document"""


def document_card(connection: Connection, document: int, *, viewer: Viewer) -> DocumentCard | None:
    """The page of one document; None when there is none, or the viewer may not know of it."""
    seen = seen_documents(viewer)
    values = {"document": document, **viewer.values}
    card = _CARD.format(cleared=cleared(viewer)) + (f" AND {seen}" if seen else "")
    row = first(connection, card, values)
    if row is None:
        return None
    copies = rows(
        connection,
        "SELECT id FROM carriers WHERE document = :document ORDER BY copy_no, id LIMIT :limit",
        {"document": document, "limit": MOST_COPIES + 1},
    )
    ids = [copy[0] for copy in copies[:MOST_COPIES]]
    sources = listed(row[2])
    children = [child[0] for child in rows(connection, _MADE_INTO, {"document": document, "limit": MOST_OF_ANY})]
    related = {line.id: line for line in document_lines(connection, [document, *sources, *children], viewer)}
    refs = [Ref(Subject.DOCUMENT, document), *(Ref(Subject.CARRIER, number) for number in ids)]
    return DocumentCard(
        line=related[document],
        copies=lines_of(connection, ids, viewer),
        has_more_copies=len(copies) > MOST_COPIES,
        sources=tuple(related[number] for number in sources if number in related),
        made_into=tuple(related[number] for number in children),
        scope_units=listed(row[0]),
        scope_people=_people(connection, listed(row[1])),
        drafter=row[5], basis=row[6], remarks=row[7], as_written=row[8],
        may_copy=row[3] != 0, copies_made=row[4] or 0,
        readers=readers_of(connection, document),
        history=_reclassified(connection, document),
        papers=papers_of(connection, refs, limit=MOST_OF_ANY).lines,
        envelope=row[9], slip=row[10],
    )  # fmt: skip


_MADE_INTO = """SELECT id FROM documents WHERE sources IS NOT NULL AND sources <> '[]'
 AND EXISTS (SELECT 1 FROM json_each(sources) WHERE value = :document) ORDER BY id LIMIT :limit"""


def _people(connection: Connection, ids: Sequence[int]) -> tuple[tuple[int, str], ...]:
    found = rows(
        connection,
        "SELECT p.id, t.words FROM persons p LEFT JOIN texts t ON t.digest = p.name"
        " WHERE p.id IN (SELECT value FROM json_each(:ids)) ORDER BY p.id",
        {"ids": json_keys(ids)},
    )
    return tuple((row[0], row[1] or "") for row in found)


def readers_of(connection: Connection, document: int, limit: int = MOST_OF_ANY) -> tuple[Reader, ...]:
    """Who has had a copy by slip (lent, circulated, read in the room), newest first."""
    found = rows(
        connection,
        "SELECT s.party, t.words, p.department, s.number, s.opened_at FROM carriers c"
        " JOIN slip_lines l ON l.carrier = c.id JOIN slips s ON s.id = l.slip"
        " JOIN persons p ON p.id = s.party LEFT JOIN texts t ON t.digest = p.name"
        " WHERE c.document = :document AND s.kind IN ('loan', 'circulation') AND l.status IN ('out', 'returned')"
        " ORDER BY s.id DESC LIMIT :limit",
        {"document": document, "limit": limit},
    )
    return tuple(Reader(row[0], row[1] or "", row[2] or "", row[3], moment(row[4])) for row in found)


def _reclassified(connection: Connection, document: int) -> tuple[Reclassified, ...]:
    found = rows(
        connection,
        "SELECT seq, body FROM ledger WHERE subject_kind = 'D' AND subject = :document ORDER BY seq LIMIT 500",
        {"document": document},
    )
    entries = [(row[0], entry_of(bytes(row[1]))) for row in found]
    told = [(seq, entry) for seq, entry in entries if entry.c.keys() & {"level", "period", "lifts", "state"}]
    names = dict(_people(connection, [entry.p for _, entry in told]))
    return tuple(
        Reclassified(
            seq, datetime.fromisoformat(entry.t), entry.a, names.get(entry.p, ""), entry.c.get("level"),
            entry.c.get("period"), day(entry.c.get("lifts")), entry.c.get("state"),
        )
        for seq, entry in told
    )  # fmt: skip
