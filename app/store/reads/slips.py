"""Slips: one list for all kinds, and one slip as the paper form on screen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Ref, Subject
from app.domain.slip import OPEN, SlipState, Step, signers_of
from app.store.reads.finding import numbers_beginning
from app.store.reads.paging import Key, Page, day, first, json_keys, moment, named, rows
from app.store.reads.papers import PaperLine, papers_of
from app.store.reads.people import names
from app.store.reads.today import NEXT_ROLE
from app.store.reads.visible import Viewer, fit_to_show, seen_slips
from app.store.values import OPEN_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLine:
    """One slip as lists show it."""

    id: int
    kind: str
    number: str
    state: SlipState
    action: str | None
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None
    regime: str | None
    level: str | None
    party: str | None
    party_id: int | None
    outside: str | None
    """Whom outside it goes to: the addressee of a parcel, the archives that receive."""
    listed: int
    done: int
    due: date | None
    next_role: str | None
    """The role whose decision it waits for."""

    @property
    def ref(self) -> Ref:
        """The slip as acts name it."""
        return Ref(Subject.SLIP, self.id)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done on it."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFilter:
    """Which slips; None and empty do not narrow."""

    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    is_open: bool = False
    party: int | None = None
    carrier: int | None = None
    level: str | None = None
    number: str = ""
    due_before: date | None = None


ALL_SLIPS = SlipFilter()
_OPEN = tuple(sorted(OPEN))

_LINE = f"""SELECT s.id, s.kind, s.number, s.state, s.action, opener.words AS opened_by, s.opened_at, s.closed_at,
 s.regime, s.level, party.words AS party, s.party AS party_id,
 coalesce(json_extract(given.words, '$.addressee'), json_extract(given.words, '$.receiver')) AS outside,
 s.listed, s.done, s.due,
 CASE WHEN s.state = 'submitted' THEN {NEXT_ROLE} END AS next_role
 FROM slips s LEFT JOIN persons o ON o.id = s.opened_by LEFT JOIN texts opener ON opener.digest = o.name
 LEFT JOIN persons y ON y.id = s.party LEFT JOIN texts party ON party.digest = y.name
 LEFT JOIN texts given ON given.digest = s.answers AND s.kind IN ('parcel', 'transfer')"""


def _line(row: Any) -> SlipLine:
    values = named(row)
    values["state"] = SlipState(values["state"])
    values["opened_by"] = values["opened_by"] or ""
    values["opened_at"] = datetime.fromisoformat(values["opened_at"])
    values["closed_at"], values["due"] = moment(values["closed_at"]), day(values["due"])
    values["listed"], values["done"] = values["listed"] or 0, values["done"] or 0
    return SlipLine(**values)


def slip_lines_of(connection: Connection, ids: list[int]) -> tuple[SlipLine, ...]:
    """The lines of these slips, in that order, in one statement."""
    found = rows(connection, f"{_LINE} WHERE s.id IN (SELECT value FROM json_each(:ids))", {"ids": json_keys(ids)})
    lines = {row[0]: _line(row) for row in found}
    return tuple(lines[number] for number in ids if number in lines)


def slip_page(
    connection: Connection,
    filters: SlipFilter = ALL_SLIPS,
    after: Key | None = None,
    limit: int = 100,
    *,
    viewer: Viewer,
) -> Page[SlipLine]:
    """The slips after that key, newest first."""
    where, values = _conditions(filters, viewer)
    if after is not None:
        where.append("s.id < :before")
        values["before"] = after[0]
    narrowed = f" WHERE {' AND '.join(where)}" if where else ""
    sql = f"SELECT s.id FROM slips s{narrowed} ORDER BY s.id DESC LIMIT :limit"
    ids = [row[0] for row in rows(connection, sql, values | {"limit": limit + 1})]
    lines = slip_lines_of(connection, ids[:limit])
    return Page(lines, (ids[limit - 1],) if len(ids) > limit else None)


def _conditions(filters: SlipFilter, viewer: Viewer) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = []
    values: dict[str, Any] = viewer.values
    states = filters.states or (_OPEN if filters.is_open else ())
    # The open ones are few and found by their state; by kind or party all that were ever closed would be walked past.
    by_state = "+" if filters.is_open and not filters.states else ""
    for column, wanted, how in (("kind", filters.kinds, by_state), ("state", states, "")):
        if len(wanted) == 1:
            where.append(f"{how}s.{column} = :{column}")
            values[column] = str(wanted[0])
        elif wanted:
            where.append(f"{how}s.{column} IN (SELECT value FROM json_each(:{column}))")
            values[column] = json_keys(map(str, wanted))
    for column in ("party", "level"):
        if getattr(filters, column) is not None:
            where.append(f"{by_state}s.{column} = :{column}")
            values[column] = getattr(filters, column)
    if filters.carrier is not None:
        where.append("s.id IN (SELECT slip FROM slip_lines WHERE carrier = :carrier)")
        values["carrier"] = filters.carrier
    if filters.number.strip():
        begins, typed = numbers_beginning(filters.number, "s.number")
        where.append(begins)
        values |= typed
    if filters.due_before:
        where.append("s.due < :due_before")
        values["due_before"] = filters.due_before.isoformat()
    if seen := seen_slips(viewer):
        where.append(seen)
    return where, values


def applications_for(connection: Connection, carrier: int, limit: int = 10, *, viewer: Viewer) -> tuple[SlipLine, ...]:
    """What was applied for about a carrier, or to copy it, and is not carried out yet; newest first."""
    seen = f" AND {found}" if (found := seen_slips(viewer)) else ""
    sql = (
        "SELECT s.id FROM slips s LEFT JOIN texts asked ON s.kind = 'copying' AND asked.digest = s.answers"
        " WHERE s.state IN ('submitted', 'approved') AND ("
        "s.id IN (SELECT slip FROM slip_lines WHERE carrier = :carrier AND status <> 'struck')"
        f" OR json_extract(asked.words, '$.original') = :carrier){seen} ORDER BY s.id DESC LIMIT :limit"
    )
    found_ids = rows(connection, sql, {**viewer.values, "carrier": carrier, "limit": limit})
    return slip_lines_of(connection, [row[0] for row in found_ids])


def slips_of_carrier(
    connection: Connection, carrier: int, after: Key | None = None, limit: int = 50, *, viewer: Viewer
) -> Page[SlipLine]:
    """Every slip a carrier stands on, newest first."""
    return slip_page(connection, SlipFilter(carrier=carrier), after, limit, viewer=viewer)


MOST_OPEN = 2_000


def open_slips(connection: Connection) -> Mapping[str, int]:
    """How many slips of each kind are open, counted no further than MOST_OPEN in all."""
    found = rows(
        connection,
        f"SELECT kind, count(*) FROM (SELECT kind FROM slips WHERE state IN {OPEN_STATES} LIMIT :most) GROUP BY kind",
        {"most": MOST_OPEN},
    )
    return {row[0]: row[1] for row in found}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One approval with the names of who decided."""

    step: Step
    by: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature: in which role, by whom, how we know, on which paper; `person` None while it is wanted."""

    role: str
    person: int | None = None
    name: str | None = None
    how: str | None = None
    at: datetime | None = None
    paper: int | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """Items and pages of one level and kind on a slip."""

    level: str
    kind: str
    items: int
    pages: int
    uncounted: int = 0
    """Papers whose pages nobody has counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipCard:
    """The paper form on screen, without its lines."""

    line: SlipLine
    answers: Mapping[str, Any]
    steps: tuple[StepLine, ...]
    signatures: tuple[SignatureLine, ...]
    """Those given, and those still wanted by its kind."""
    facts: Mapping[str, Any]
    names: Mapping[int, str]
    """Names of the people that answers and facts mention."""
    totals: tuple[Total, ...]
    statuses: Mapping[str, int]
    papers: tuple[PaperLine, ...]

    @property
    def items(self) -> int:
        """How many carriers stand on it."""
        return sum(total.items for total in self.totals)

    @property
    def pages(self) -> int:
        """How many pages they have together."""
        return sum(total.pages for total in self.totals)

    @property
    def uncounted(self) -> int:
        """How many papers are without a count of their pages."""
        return sum(total.uncounted for total in self.totals)


def slip_card(connection: Connection, slip: int, *, viewer: Viewer) -> SlipCard | None:
    """One slip; None when there is none, or the viewer may not know of it."""
    seen = seen_slips(viewer)
    sql = f"{_LINE} WHERE s.id = :slip" + (f" AND {seen}" if seen else "")
    row = first(connection, sql, {"slip": slip, **viewer.values})
    if row is None:
        return None
    line = _line(row)
    parts = _parts(connection, slip)
    words = first(
        connection,
        "SELECT t.words FROM slips s JOIN texts t ON t.digest = s.answers WHERE s.id = :slip",
        {"slip": slip},
    )
    answers = json.loads(words[0]) if words and words[0] else {}
    steps = [
        Step(int(no), **value) for no, value in sorted(parts.get("step", {}).items(), key=lambda each: int(each[0]))
    ]
    cleared = _is_cleared(connection, line, parts.get("fact", {}), viewer)
    answers = fit_to_show(answers, is_cleared=cleared)
    signed, facts = parts.get("sign", {}), fit_to_show(parts.get("fact", {}), is_cleared=cleared)
    known = names(connection, _mentioned(steps, signed, facts, answers))
    totals, statuses = _sums(connection, slip)
    return SlipCard(
        line=line,
        answers=answers,
        steps=tuple(StepLine(step, known.get(step.by or 0), moment(step.at)) for step in steps),
        signatures=_signatures(signers_of(line.kind, line.action), signed, known),
        facts=facts,
        names=known,
        totals=totals,
        statuses=statuses,
        papers=papers_of(connection, [line.ref], slip=slip).lines,
    )


def _is_cleared(connection: Connection, line: SlipLine, facts: Mapping[str, Any], viewer: Viewer) -> bool:
    """Whether what the slip's document says is for these eyes, at its level of today."""
    about = str(facts.get("of", ""))
    number = int(about[1:]) if about.startswith(Subject.DOCUMENT) else facts.get("document")
    row = first(connection, "SELECT regime, level FROM documents WHERE id = :id", {"id": number}) if number else None
    regime, level = row or (line.regime, line.level)
    return viewer.is_cleared(regime or "", level or "")


def _parts(connection: Connection, slip: int) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for part, key, value in rows(
        connection, "SELECT part, key, value FROM parts WHERE subject_kind = 'S' AND subject = :slip", {"slip": slip}
    ):
        found.setdefault(part, {})[key] = json.loads(value)
    return found


def _mentioned(
    steps: list[Step], signed: Mapping[str, Mapping[str, Any]], facts: Mapping[str, Any], answers: Mapping[str, Any]
) -> set[int]:
    """Every number that may be a person's; a number that is not one costs nothing."""
    found = {step.by for step in steps if step.by} | {int(value["person"]) for value in signed.values()}
    for value in (*facts.values(), *answers.values()):
        each = value if isinstance(value, list) else [value]
        found |= {item for item in each if isinstance(item, int) and not isinstance(item, bool)}
    return found


def _signatures(
    wanted: tuple[str, ...], signed: Mapping[str, Mapping[str, Any]], known: Mapping[int, str]
) -> tuple[SignatureLine, ...]:
    given = [
        SignatureLine(
            role,
            value["person"],
            known.get(value["person"]),
            value.get("how"),
            moment(value.get("at")),
            value.get("paper"),
        )
        for role, value in signed.items()
    ]
    return tuple(given + [SignatureLine(role) for role in wanted if role not in signed])


def _sums(connection: Connection, slip: int) -> tuple[tuple[Total, ...], Mapping[str, int]]:
    found = rows(
        connection,
        "SELECT l.status, c.level, c.kind, count(*), coalesce(sum(c.pages), 0),"
        " coalesce(sum(c.pages IS NULL AND c.kind = 'paper'), 0) FROM slip_lines l"
        " LEFT JOIN carriers c ON c.id = l.carrier WHERE l.slip = :slip GROUP BY l.status, c.level, c.kind",
        {"slip": slip},
    )
    totals: dict[tuple[str, str], list[int]] = {}
    statuses: dict[str, int] = {}
    for status, level, kind, *counts in found:
        statuses[status] = statuses.get(status, 0) + counts[0]
        if level is not None:
            before = totals.get((level, kind), [0, 0, 0])
            totals[level, kind] = [sum(both) for both in zip(before, counts, strict=True)]
    return tuple(Total(*key, *sums) for key, sums in sorted(totals.items())), statuses
