"""What is measured: each measure gives rows for results.md, ratios against a floor taken in the same run."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlcipher3 import dbapi2

from app.actions.custody import Lend, MoveTo, ReturnLoan
from app.actions.deciding import Approve
from app.actions.vouchers import Submit
from app.domain.action import Action, Authority, Line, Ref, Subject
from app.services.desk import Desk
from app.store import database as files
from app.store import proof, reads, search, vault, whole
from app.store.lookups import Cached, Lookups
from benchmarks.builder import PASSWORD

NOON = datetime(2026, 2, 2, 12, 0, tzinfo=UTC)
ACTS = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what, how much, the target it is held against, and whether it is met."""

    what: str
    value: str
    target: str
    met: bool | None


def median_ms(times: Sequence[float]) -> float:
    """Median of seconds, in milliseconds."""
    return statistics.median(times) * 1e3


def key_of(folder: Path) -> bytes:
    """The key of a bench register."""
    return vault.open_slot(vault.read_vault(folder), "chen", PASSWORD, NOON).key


def desk_of(database: files.Database, number: int = 1, at: datetime = NOON) -> Desk:
    """A desk at a standing clock, its date confirmed."""
    moving = [at]

    def clock() -> datetime:
        moving[0] += timedelta(milliseconds=1)
        return moving[0]

    with database.reading() as connection:
        person = Lookups(connection, Cached()).person(number)
    return Desk(database, person, clock)


def confirmed(database: files.Database) -> Desk:
    """A clerk's desk, after two people confirmed the leap of the clock."""
    from app.actions.office import ConfirmDate
    from app.domain.action import Signature

    desk = desk_of(database)
    signed = Authority(signatures=(Signature(2, "witness"),))
    desk.perform(ConfirmDate(today=NOON.date()), [Ref(Subject.REGISTER, 1)], signed)
    return desk


# --- one act -------------------------------------------------------------------------------------------------------


def _on_loan(desk: Desk, many: int) -> list[tuple[int, int]]:
    def query(connection: Any) -> list[tuple[int, int]]:
        rows = connection.exec_driver_sql(
            "SELECT id, pages FROM carriers WHERE state = 'loan' ORDER BY id LIMIT ?", (many,)
        )
        return [(row[0], row[1]) for row in rows]

    return desk.read(query)


def _in_stock(desk: Desk, many: int) -> list[int]:
    def query(connection: Any) -> list[int]:
        # Spread over the whole book, so that pages are cold as they are at a counter.
        top = connection.exec_driver_sql("SELECT max(id) FROM carriers").scalar()
        step = max(1, top // (many * 3))
        found = (
            connection.exec_driver_sql(
                "SELECT id FROM carriers WHERE id >= ? AND level = 'mimi' AND state = 'in_stock' LIMIT 1", (start,)
            ).scalar()
            for start in range(1, top, step)
        )
        return sorted({number for number in found if number})[:many]

    return desk.read(query)


Job = tuple[Action, list[Line | int], Authority]


def _jobs(desk: Desk, many: int) -> dict[str, list[Job]]:
    """Acts ready to be performed: a return, a move, a loan whose slip was approved before."""
    database = desk.database
    leader, reader = desk_of(database, 5), 6
    returns: list[Job] = [
        (ReturnLoan(), [Line(Ref(Subject.CARRIER, number), {"pages": pages})], Authority())
        for number, pages in _on_loan(desk, many)
    ]
    stock = _in_stock(desk, many * 2)
    moves: list[Job] = [(MoveTo(place=3), [number], Authority()) for number in stock[:many]]
    loans: list[Job] = []
    for number in stock[many:]:
        loan = Lend(borrower=reader, due=NOON.date() + timedelta(days=20))
        given = {"borrower": reader, "due": loan.due, "how": "out"}
        slip = desk.perform(
            Submit(slip="loan", act="lend", approval="loan", given=given, lines_given=[{"carrier": number}], party=7)
        ).subjects[0]
        leader.perform(Approve(by=5), [slip])
        loans.append((loan, [number], Authority(slip=slip.id)))
    return {"return of a loan": returns, "move to another place": moves, "loan on an approved slip": loans}


Times = Mapping[int, tuple[float, float]]
"""By size of the book: median ms through the door, median ms of the same rows by raw sqlcipher3."""


def acts(folders: Mapping[int, Path], scratch: Path) -> Iterator[tuple[str, Times]]:
    """How long each act takes in books of several sizes, one durable commit each.

    Books, door and raw take turns, act by act: on a shared machine the speed drifts, and a minute between two sizes
    would be counted as a difference between them.
    """
    prepared = {size: _prepare(folder, scratch / f"prepared{size}") for size, folder in folders.items()}
    for name in next(iter(prepared.values())).jobs:
        with ExitStack() as stack:
            runs = {size: stack.enter_context(_run(book, name, scratch)) for size, book in prepared.items()}
            for turn in range(min(len(book.jobs[name]) for book in prepared.values())):
                for run in runs.values():
                    run.take(turn)
        yield name, {size: (median_ms(run.door), median_ms(run.raw)) for size, run in runs.items()}
    for book in prepared.values():
        shutil.rmtree(book.folder)


@dataclass(frozen=True)
class _Book:
    """A register made ready: its key, and the acts to be performed in it."""

    folder: Path
    key: bytes
    jobs: Mapping[str, list[Job]]


@dataclass
class _Run:
    """One act performed many times: through the door in one copy of a book, its rows by the driver in another."""

    desk: Desk
    cursor: Any
    jobs: Sequence[Job]
    told: Sequence[Sequence[tuple[str, Any, bool]]]
    door: list[float] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)

    def take(self, turn: int) -> None:
        """Do it once more, each way."""
        action, lines, authority = self.jobs[turn]
        began = time.perf_counter()
        self.desk.perform(action, lines, authority)
        self.door.append(time.perf_counter() - began)
        began = time.perf_counter()
        _write(self.cursor, self.told[turn])
        self.raw.append(time.perf_counter() - began)


def _prepare(folder: Path, prepared: Path) -> _Book:
    shutil.copytree(folder, prepared, ignore=shutil.ignore_patterns("lock"))
    key = key_of(prepared)
    with files.open_database(prepared, key) as database:
        return _Book(prepared, key, _jobs(confirmed(database), ACTS))


@contextmanager
def _run(book: _Book, name: str, scratch: Path) -> Iterator[_Run]:
    """Both copies open, with the rows that the door writes told by a third."""
    todo = book.jobs[name]
    told = _statements(_copy(book.folder, scratch, f"told-{book.folder.name}"), book.key, todo)
    shutil.rmtree(scratch / f"told-{book.folder.name}")
    door, raw = (_copy(book.folder, scratch, f"{way}-{book.folder.name}") for way in ("door", "raw"))
    with closing(dbapi2.connect(str(raw / files.DATABASE_FILE), isolation_level=None)) as connection:
        connection.execute(f"PRAGMA key = \"x'{book.key.hex()}'\"")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        with files.open_database(door, book.key) as database:
            desk = desk_of(database, at=NOON + timedelta(minutes=1))
            yield _Run(desk, connection.cursor(), todo, told)
    for used in (door, raw):
        shutil.rmtree(used)


def _copy(folder: Path, scratch: Path, name: str) -> Path:
    target = scratch / name
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("lock"))
    os.sync()  # else the copy itself is still on its way to the disk while acts are timed
    return target


def _statements(folder: Path, key: bytes, jobs: Sequence[Job]) -> list[list[tuple[str, Any, bool]]]:
    """The writing statements of each act with their values, as the driver got them."""
    told: list[list[tuple[str, Any, bool]]] = []
    with files.open_database(folder, key) as database:

        def note(_c: Any, _cursor: Any, sql: str, values: Any, _ctx: Any, many: bool) -> None:  # noqa: FBT001
            if not sql.startswith(("SELECT", "BEGIN", "PRAGMA")) and told:
                told[-1].append((sql, values, many))

        event.listen(database.writer, "before_cursor_execute", note)
        desk = desk_of(database, at=NOON + timedelta(minutes=1))
        for action, lines, authority in jobs:
            told.append([])
            desk.perform(action, lines, authority)
    return told


def _write(cursor: Any, statements: Sequence[tuple[str, Any, bool]]) -> None:
    cursor.execute("BEGIN IMMEDIATE")
    for sql, values, many in statements:
        (cursor.executemany if many else cursor.execute)(sql, values)
    cursor.execute("COMMIT")


# --- reading ---------------------------------------------------------------------------------------------------------


def times_of(call: Callable[[], Any], times: int = 9) -> float:
    """Median milliseconds of a call, after one that warms up."""
    call()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        found.append(time.perf_counter() - began)
    return median_ms(found)


def proofs(database: files.Database) -> dict[str, float]:
    """Seconds for a bare loop that reads and hashes the same rows, for the chain and for the full proof; entries."""
    bare = chain_took = full_took = float("inf")
    with database.reading() as connection:
        for _ in range(2):  # the better of two, each beside the others: the machine is shared
            bare = min(bare, _bare(connection))
            began = time.perf_counter()
            chain = proof.verify_chain(connection)
            chain_took = min(chain_took, time.perf_counter() - began)
            began = time.perf_counter()
            full = whole.verify_whole(database, connection)
            full_took = min(full_took, time.perf_counter() - began)
    if not (chain.holds and full.holds):
        raise SystemExit("the built register does not prove whole")
    return {"bare": bare, "chain": chain_took, "full": full_took, "entries": float(chain.seq)}


def _bare(connection: Any) -> float:
    cursor = connection.connection.cursor()
    cursor.arraysize = proof.CHUNK
    began = time.perf_counter()
    cursor.execute("SELECT seq, body, seal FROM ledger ORDER BY seq")
    previous = bytes(32)
    while rows := cursor.fetchmany():
        for _seq, body, _seal in rows:
            previous = hashlib.sha256(previous + body).digest()
    cursor.close()
    return time.perf_counter() - began


def searches(database: files.Database, words: Sequence[str]) -> dict[str, float]:
    """Median milliseconds of a text search for each of these words."""
    found = {}
    for word in words:
        with database.reading() as connection:
            found[word] = times_of(lambda word=word, connection=connection: search.find(connection, word, 100))  # type: ignore[misc]
    return found


def peak_mb() -> float:
    """The most memory this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


__all__ = ["Row", "acts", "proofs", "reads", "searches"]
