"""The list of carriers: what one line shows, what it can be filtered and sorted by, which of that an index serves."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.domain.carrier import ENDED, HELD, CarrierKind, State
from app.store.reads.carrier_lines import CarrierLine, lines_of
from app.store.reads.finding import documents_found, numbers_beginning
from app.store.reads.paging import Key, Page, json_keys, later_than, rows
from app.store.reads.visible import Viewer, seen_carriers


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierFilter:
    """Which carriers; every field narrows, None and empty do not."""

    level: str | None = None
    states: tuple[str, ...] = ()
    hands: int | None = None
    custodian: int | None = None
    place: int | None = None
    container: int | None = None
    due_before: date | None = None
    """Due earlier than that day; today's date gives what is overdue."""
    kind: str | None = None
    regime: str | None = None
    document: int | None = None
    text: str = ""
    remark_due: bool = False
    label: str | None = None
    slip: int | None = None
    department: str | None = None
    imported: int | None = None

    @property
    def narrows(self) -> frozenset[str]:
        """The names of the fields that are set."""
        return frozenset(f.name for f in fields(self) if getattr(self, f.name) not in (None, "", (), False))


EVERYTHING = CarrierFilter()
SORTS: dict[str, tuple[str, ...]] = {
    "newest": ("id",),
    "number": ("number",),
    "due": ("due", "id"),
    "copy": ("document", "copy_no", "id"),
}
FAST_PAIRS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(), "newest"),
    (frozenset(), "number"),
    (frozenset({"states"}), "newest"),
    (frozenset({"level"}), "newest"),
    (frozenset({"level", "states"}), "newest"),
    (frozenset({"kind"}), "newest"),
    (frozenset({"custodian"}), "newest"),
    (frozenset({"hands"}), "due"),
    (frozenset({"place"}), "number"),
    (frozenset({"due_before"}), "due"),
    (frozenset({"document"}), "copy"),
    (frozenset({"remark_due"}), "newest"),
)
"""The pairs of filter and order clerks use; an index serves each, at any size of the book."""

_FEW = frozenset({"document", "hands", "container", "slip"})
"""What narrows to so few that any order is quick."""


def is_fast(filters: CarrierFilter, sort: str, viewer: Viewer) -> bool:
    """Whether the first page comes at once, or a screen shows progress and offers to stop."""
    if not viewer.sees_book or len(filters.states) > 1:
        return False
    if filters.kind == CarrierKind.PAPER:
        return False
    narrows = filters.narrows
    return (narrows, sort) in FAST_PAIRS or bool(narrows & _FEW) or (narrows == {"text"} and sort == "copy")


def carrier_page(
    connection: Connection,
    filters: CarrierFilter = EVERYTHING,
    sort: str = "newest",
    after: Key | None = None,
    limit: int = 100,
    *,
    viewer: Viewer,
) -> Page[CarrierLine]:
    """The lines after that key; a text with the order `copy` lists the newest document found first."""
    if filters.text and sort == "copy":
        return _found_page(connection, filters, after, limit, viewer)
    sql, values = page_statement(filters, sort, after, limit + 1, viewer)
    keys = rows(connection, sql, values)
    page = keys[:limit]
    follows = tuple(page[-1][: len(SORTS[sort])]) if len(keys) > limit else None
    return Page(lines_of(connection, [row[-1] for row in page], viewer), follows)


def page_statement(
    filters: CarrierFilter, sort: str, after: Key | None, limit: int, viewer: Viewer
) -> tuple[str, dict[str, Any]]:
    """The statement that finds a page's keys: sort columns, then the id."""
    columns = [f"c.{column}" for column in SORTS[sort]]
    where, values = _conditions(filters, viewer)
    if sort == "due" and filters.hands is None and filters.due_before is None:
        where.append("c.due IS NOT NULL")
    if after is not None and sort == "newest":
        where.append("c.id < :before")
        values["before"] = after[0]
    elif after is not None:
        behind, keys = later_than(columns, after)
        where.append(behind)
        values |= keys
    order = "c.id DESC" if sort == "newest" else ", ".join(columns)
    narrowed = f" WHERE {' AND '.join(where)}" if where else ""
    sql = f"SELECT {', '.join(columns)}, c.id FROM carriers c{narrowed} ORDER BY {order} LIMIT :limit"
    return sql, {**values, "limit": limit}


_CONDITIONS: dict[str, str] = {
    "level": "c.level = :level",
    "hands": "c.hands = :hands",
    "custodian": "c.custodian = :custodian",
    "place": "c.place = :place",
    "container": "c.container = :container",
    "due_before": "c.due < :due_before",
    "kind": "c.kind = :kind",
    "document": "c.document = :document",
    "label": "c.label = :label",
    "slip": "c.slip = :slip",
    "imported": "c.imported = :imported",
    "remark_due": "c.remark_due = 1",
    "regime": "EXISTS (SELECT 1 FROM documents r WHERE r.id = c.document AND r.regime = :regime)",
    "department": "c.custodian IN (SELECT id FROM persons WHERE department = :department)",
}


def _conditions(filters: CarrierFilter, viewer: Viewer) -> tuple[list[str], dict[str, Any]]:
    narrows = filters.narrows
    where = [_CONDITIONS[name] for name in _CONDITIONS if name in narrows]
    values: dict[str, Any] = {name: getattr(filters, name) for name in _CONDITIONS if name in narrows}
    if filters.kind and filters.kind != CarrierKind.PAPER:
        where.append("c.kind <> 'paper'")  # as the partial index says it, else it is not used
    if filters.due_before:
        values["due_before"] = filters.due_before.isoformat()
    if len(filters.states) == 1:
        where.append("c.state = :state")
        values["state"] = str(filters.states[0])
    elif filters.states:
        where.append("c.state IN (SELECT value FROM json_each(:states))")
        values["states"] = json_keys(map(str, filters.states))
    if filters.text:
        found, words = documents_found(filters.text, viewer)
        begins, typed = numbers_beginning(filters.text)
        where.append(f"(c.document IN ({found}) OR {begins})")
        values |= words | typed
    seen = seen_carriers(viewer)
    if seen:
        where.append(seen)
    return where, values | viewer.values


def _found_page(
    connection: Connection, filters: CarrierFilter, after: Key | None, limit: int, viewer: Viewer
) -> Page[CarrierLine]:
    """Carriers whose number begins so, then documents by full text, newest first, each with its copies."""
    where, values = _conditions(replace(filters, text=""), viewer)
    begins, typed = numbers_beginning(filters.text)
    more = "".join(f" AND {condition}" for condition in where)
    values |= typed | {"limit": limit + 1}
    by_number: list[Key] = []
    if after is None:
        sql = f"SELECT c.id FROM carriers c WHERE {begins}{more} ORDER BY c.number LIMIT :limit"
        by_number = [(row[0],) for row in rows(connection, sql, values | {"limit": NUMBERS_SHOWN})]
    found, words = documents_found(filters.text, viewer, up_to="last")
    keys: list[Key] = []
    follows: Key | None = after or (LAST_DOCUMENT, None, 0)
    for _ in range(ROUNDS):
        if follows is None or keys:
            break
        follows, copies = _round(connection, found, f"{more} AND NOT {begins}", values | words, follows)
        keys += copies
    if len(keys) > limit:
        keys, follows = keys[:limit], keys[limit - 1]
    return Page(lines_of(connection, [key[-1] for key in by_number + keys], viewer), follows)


LAST_DOCUMENT = 2**62
NUMBERS_SHOWN = 20
DOCUMENTS_A_ROUND = 200
ROUNDS = 5
"""A filter that drops every copy of a thousand documents gives an empty page with a key to go on from."""


def _round(
    connection: Connection, found: str, more: str, values: dict[str, Any], after: Key
) -> tuple[Key | None, list[Key]]:
    """The copies of the next documents found: where to go on, and the keys of the copies."""
    last = after[0]
    documents = rows(connection, f"{found} LIMIT :most", values | {"last": last, "most": DOCUMENTS_A_ROUND})
    behind, copy = later_than(("c.copy_no", "c.id"), after[1:])
    copies = rows(
        connection,
        "SELECT c.document, c.copy_no, c.id FROM carriers c"
        f" WHERE c.document IN (SELECT value FROM json_each(:documents)){more}"
        f" AND (c.document < :last OR ({behind}))"
        " ORDER BY c.document DESC, c.copy_no, c.id LIMIT :limit",
        values | copy | {"last": last, "documents": json_keys(row[0] for row in documents)},
    )
    if len(documents) < DOCUMENTS_A_ROUND:
        return None, [tuple(row) for row in copies]
    return (documents[-1][0] - 1, None, 0), [tuple(row) for row in copies]


def view_filter(view: str, today: date) -> CarrierFilter:
    """The filter of a list that has a name: all, held, loan, overdue or ended."""
    return {
        "all": EVERYTHING,
        "held": CarrierFilter(states=tuple(sorted(HELD))),
        "loan": CarrierFilter(states=(State.LOAN,)),
        "overdue": CarrierFilter(due_before=today),
        "ended": CarrierFilter(states=tuple(sorted(ENDED))),
    }[view]
