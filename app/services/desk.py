"""The one door: load, judge, post, project, commit, all or none; and the reading hatch beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from app.domain.action import (
    FREE_TEXT,
    NOBODY,
    Action,
    Authority,
    Case,
    Changes,
    Kind,
    Line,
    Ref,
    Refusal,
    Subject,
    Text,
    answers_of,
    questions,
)
from app.domain.arcs import moved
from app.domain.book import Book
from app.domain.carrier import Person
from app.domain.judging import Seat, judge, lay_out, texts_can_be_kept
from app.domain.ledger import AS_IT_IS, Entry, canonical, plain
from app.domain.regime import Regime
from app.store import search
from app.store.database import Database
from app.store.lookups import Cached, Lookups
from app.store.posting import Batch, Head, head, post, sure_at
from app.store.projections import PROJECTIONS
from app.store.withdrawal import withdraw

P = ParamSpec("P")
T = TypeVar("T")
Clock = Callable[[], datetime]


class Refused(Exception):
    """The rules say no; nothing was written."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(f"{refusal.rule} {refusal.subject or ''}".strip() for refusal in refusals))
        self.refusals = tuple(refusals)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done: the act's first entry, how many, on what, on which slip, what paper and undo belong to it."""

    action: str
    act: int
    entries: int
    subjects: tuple[Ref, ...]
    slip: int | None = None
    born: tuple[Ref, ...] = ()
    prints: tuple[str, ...] = ()
    undo: str | None = None


@dataclass(slots=True)
class SeriesTaken:
    """Numbers and ids handed out inside one act; implements `domain.book.Numbers`."""

    connection: Connection
    ids: dict[Subject, int] = field(default_factory=dict)
    born: set[Ref] = field(default_factory=set)
    series: dict[str, tuple[int | None, int]] = field(default_factory=dict)

    def take(self, series: str) -> int:
        """The next number of the series; the year is part of its code."""
        number, following = self.series[series] = self._known(series)
        self.series[series] = (number, following + 1)
        return following

    def following(self, series: str) -> int:
        """The number that `take` would give, which stays free."""
        return self._known(series)[1]

    def _known(self, series: str) -> tuple[int | None, int]:
        if series in self.series:
            return self.series[series]
        row = self.connection.exec_driver_sql("SELECT id, next FROM series WHERE code = ?", (series,)).one_or_none()
        return (row[0], row[1]) if row else (None, 1)

    def reach(self, series: str, number: int) -> None:
        """Tell the series that a number was used elsewhere, so that it is never handed out again."""
        following = self.take(series)
        known = self.series[series][0]
        self.series[series] = (known, max(following, number + 1))

    def next_id(self, kind: Subject) -> int:
        """A fresh id for a subject of that kind."""
        if kind not in self.ids:
            table = PROJECTIONS[kind].table.name
            self.ids[kind] = self.connection.exec_driver_sql(f"SELECT max(id) FROM {table}").scalar() or 0  # noqa: S608
        self.ids[kind] += 1
        self.born.add(Ref(kind, self.ids[kind]))
        return self.ids[kind]

    def changes(self) -> Mapping[Ref, Changes]:
        """What the series' own entries say."""
        found: dict[Ref, Changes] = {}
        for code, (number, following) in self.series.items():
            if number is None:
                found[Ref(Subject.SERIES, self.next_id(Subject.SERIES))] = {"code": code, "next": following}
            else:
                found[Ref(Subject.SERIES, number)] = {"next": following}
        return found


class Desk:
    """One signed-in person at one register; the only writer. Safe to call from any thread."""

    def __init__(self, database: Database, actor: Person, clock: Clock, *, founding: bool = False) -> None:
        self.database = database
        self.actor = actor
        self._clock = clock
        self._founding = founding
        self._cached = Cached()
        self._seen = Cached()
        self._writing = threading.Lock()
        self._reading = threading.Lock()

    def now(self) -> datetime:
        """The workstation's clock, in UTC."""
        return self._clock().astimezone(UTC)

    def today(self) -> date:
        """The calendar day at this workstation."""
        return self._clock().date()

    def perform(self, action: Action, lines: Sequence[Line | Ref | int] = (), authority: Authority = NOBODY) -> Receipt:
        """Do it, or raise `Refused` with every reason, or `StoreUnavailable`; nothing in between."""
        given = _lines(action, lines)
        if refusals := texts_can_be_kept(action, given):
            raise Refused(refusals)
        with self._writing, self.database.writing() as connection:
            start = head(connection)
            self._cached.as_of(start.seq)
            seat, numbers = self._seat(connection, self._cached, authority)
            cases = lay_out(action, given, seat)
            if refusals := judge(action, cases, seat):
                raise Refused(refusals)
            batch, receipt = self._compose(action, cases, numbers, seat, start)
            end = post(connection, batch, start)
            withdrawn = withdraw(connection, batch.entries, start.seq + 1)
        self._moved_on(end, batch)
        if withdrawn:
            self.database.scrub()
        return receipt

    def refusals(
        self, action: Action, lines: Sequence[Line | Ref | int] = (), authority: Authority = NOBODY
    ) -> list[Refusal]:
        """The same judgement with nothing written; for showing reasons while the form is being filled."""
        given = _lines(action, lines)
        if found := texts_can_be_kept(action, given):
            return found
        with self._reading, self.database.reading() as connection:
            start = head(connection)
            self._seen.as_of(start.seq)
            seat, _ = self._seat(connection, self._seen, authority)
            return judge(action, lay_out(action, given, seat), seat)

    def read(self, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Whatever a function of `store.reads` gives."""
        with self.database.reading() as connection:
            return query(connection, *args, **kwargs)

    def regimes(self) -> tuple[Regime, ...]:
        """The regimes in force in this register."""
        with self._reading, self.database.reading() as connection:
            self._seen.as_of(head(connection).seq)
            return tuple(Lookups(connection, self._seen).regimes())

    def _seat(self, connection: Connection, cached: Cached, authority: Authority) -> tuple[Seat, SeriesTaken]:
        book, numbers = Lookups(connection, cached), SeriesTaken(connection)
        actor = self.actor if self._founding else book.person(self.actor.id)
        sure = sure_at(connection)
        last_at = datetime.fromisoformat(sure) if sure else None
        seat = Seat(actor, self.now(), self.today(), authority, book, numbers, last_at, self._founding)
        return seat, numbers

    def _compose(
        self, action: Action, cases: Sequence[Case], numbers: SeriesTaken, seat: Seat, start: Head
    ) -> tuple[Batch, Receipt]:
        batch = Batch(_stamp(seat.now))
        words: dict[str, str] = {}

        def digest(text: str) -> str:
            if text not in words:
                words[text] = batch.text(text)
            return words[text]

        def kept(value: Any) -> Any:
            return _kept(value, digest)

        changed: dict[Ref, Changes] = {}
        answers: dict[Ref, dict[str, Any]] = {}
        for case in cases:
            raw = action.changes(case)
            if action.subject is Subject.CARRIER:
                raw = moved(type(action).move, case.carrier, raw)
            changed[case.subject] = raw
            answers[case.subject] = _answers(action, case, kept)
        subjects = tuple(changed)
        for ref, more in action.also(cases).items():
            changed[ref] = {**changed.get(ref, {}), **more}
        changed |= numbers.changes()
        batch.born = numbers.born & set(changed)
        lead, common = (
            start.seq + 1,
            {name: kept(_free(action, name, v)) for name, v in answers_of(action).items() if v not in (None, "", ())},
        )
        slip = seat.authority.slip or next((r.id for r in changed if r.kind is Subject.SLIP), None)
        happened = seat.authority.happened
        for position, (ref, raw) in enumerate(changed.items()):
            _index(batch, ref, raw, seat.book)
            _count(batch, ref, raw, seat.book)
            changes = {name: kept(value) for name, value in raw.items()}
            given = {**(common if not position else {}), **answers.get(ref, {})}
            batch.entries.append(
                Entry(
                    a=action.code,
                    t=batch.at,
                    p=seat.actor.id,
                    r=_acting_as(action, seat),
                    o=str(ref),
                    h=_stamp(happened) if happened else "",
                    l=lead if position else 0,
                    s=_slip_of(action, ref, raw, slip),
                    # An answer that is also the new value of a field is written once.
                    q={name: value for name, value in given.items() if name not in changes or changes[name] != value},
                    c=changes,
                    w=[[s.person, s.role, s.how, s.paper or 0] for s in seat.authority.signatures],
                    k=seat.authority.corrects or 0,
                )
            )
        receipt = Receipt(
            action.code, lead, len(batch.entries), subjects, slip, tuple(sorted(batch.born)), action.prints, action.undo
        )
        return batch, receipt

    def _moved_on(self, end: Head, batch: Batch) -> None:
        """The people and places known stay known, except those this act was about."""
        cached = self._cached
        for entry in batch.entries:
            ref = entry.subject
            if ref.kind is Subject.PERSON:
                cached.people.pop(ref.id, None)
            elif ref.kind is Subject.PLACE:
                cached.places.pop(ref.id, None)
            elif ref.kind in (Subject.REGIME, Subject.REGISTER):
                cached.regimes.clear()
                cached.register = None
        cached.seq = end.seq


def _lines(action: Action, lines: Sequence[Line | Ref | int]) -> list[Line]:
    return [
        line if isinstance(line, Line) else Line(line if isinstance(line, Ref) else Ref(action.subject, line))
        for line in lines
    ]


def _answers(action: Action, case: Case, kept: Callable[[Any], Any]) -> dict[str, Any]:
    return {
        name: kept(_free(action, name, value))
        for name, value in case.line.answers.items()
        if value not in (None, "") and name in questions(type(action))
    }


def _free(action: Action, name: str, value: Any) -> Any:
    """A free-text answer goes beside the ledger, alone or inside a structure; a choice or a number goes into it."""
    asked = questions(type(action)).get(name)
    if asked is None or not value:
        return value
    if asked.kind is Kind.STRUCTURE:
        return Text(canonical(plain(value)))
    return Text(value) if asked.kind in FREE_TEXT and isinstance(value, str) else value


def _count(batch: Batch, ref: Ref, changes: Changes, book: Book) -> None:
    if ref.kind is not Subject.CARRIER or not changes.keys() & {"state", "level", "custodian", "kind"}:
        return
    before = None
    if ref not in batch.born:
        carrier = book.carrier(ref.id)
        before = {"state": carrier.state, "level": carrier.level, "kind": carrier.kind, "custodian": carrier.custodian}
    batch.count(before, {**(before or {}), **changes})


def _kept(value: Any, digest: Callable[[str], str]) -> Any:
    """A value as the ledger keeps it, free text as its digest."""
    if type(value) in AS_IT_IS:
        return value
    if isinstance(value, Text):
        return digest(value.words)
    if isinstance(value, Mapping):
        return {str(key): _kept(item, digest) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_kept(item, digest) for item in value]
    return plain(value)


def _slip_of(action: Action, ref: Ref, changes: Changes, slip: int | None) -> int:
    """The slip an entry stands on: the act's; an import opens several, each for a few of its subjects."""
    if action.subject is not Subject.IMPORT:
        return slip or 0
    return ref.id if ref.kind is Subject.SLIP else changes.get("slip") or 0


def _index(batch: Batch, ref: Ref, changes: Changes, book: Book) -> None:
    if ref.kind is not Subject.DOCUMENT or not changes.keys() & set(search.COLUMNS):
        return
    before = book.search_fields(ref.id) if ref not in batch.born else {}
    after = {name: _words(value) for name, value in changes.items() if name in search.COLUMNS}
    batch.index[ref.id] = {**before, **after}


def _words(value: Any) -> str:
    return value.words if isinstance(value, Text) else (value or "")


def _acting_as(action: Action, seat: Seat) -> str:
    return next((duty for duty in action.duties if seat.actor.holds(duty, seat.today)), "")


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
