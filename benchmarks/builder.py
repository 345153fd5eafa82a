"""A large register made fast: the same entries, seal and projections as the desk's, proven by `verify`.

Nothing here is a shortcut around the book: each carrier gets its entries in order, sealed by `domain.ledger`, and the
projection rows that their fold gives. Only judging is left out.
"""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from app.domain.action import Changes, Ref, Subject
from app.domain.carrier import State
from app.domain.ledger import Entry, body_of, fold, seal
from app.services.founding import Founder, Plan, found
from app.store import database as files
from app.store import search, vault
from app.store.posting import INSERT_ENTRY, MOVE_HEAD, Batch, Head, count, head, project
from app.store.vault import Cost

PASSWORD = "bench only, no secret"  # noqa: S105 - a throw-away register
CHEAP = Cost(64, 1, 1)
COPIES = 5
CHUNK = 2_000
WORDS = [
    "会议",
    "条例",
    "计划",
    "纪要",
    "装备",
    "试验",
    "方案",
    "总结",
    "通知",
    "报告",
    "测绘",
    "预算",
    "干部",
    "档案",
    "演习",
    "目录",
    "规程",
    "设计",
    "采购",
    "鉴定",
]
LEVELS = ("juemi", "jimi", "mimi")
START = datetime(2020, 1, 6, 8, 0, tzinfo=UTC)


def plan(readers: int = 200) -> Plan:
    """A register with two accounts and enough readers that nobody holds everything."""
    people = (
        Founder("Chen", ("registry_clerk", "archivist"), "chen", PASSWORD, "Registry"),
        Founder(
            "Sun", ("system_administrator", "security_administrator", "secrecy_officer"), "sun", PASSWORD, "Office"
        ),
        Founder("Zhao", ("auditor",), "zhao", PASSWORD, "Audit"),
        Founder("He", ("unit_leader",), "he", PASSWORD, "Leaders"),
        Founder("Lu", ("department_leader",), "lu", PASSWORD, "Dept 1"),
        *(Founder(f"Reader {n}", department=f"Dept {n % 12}", badge=f"{n:05d}") for n in range(readers)),
    )
    places = tuple((f"Safe {n}", 3, 1) for n in range(40))
    return Plan(unit="Bench", regimes=("cn-state",), people=people, number=107, places=places)


def build(folder: Path, carriers: int, entries_each: int = 10, *, seed: int = 7) -> files.Database:
    """A register of so many carriers with so many entries each; returns it open."""

    def clock() -> datetime:
        return START - timedelta(hours=1)

    found(folder, plan(), clock, cost=CHEAP)
    key = vault.open_slot(vault.read_vault(folder), "chen", PASSWORD, clock()).key
    database = files.open_database(folder, key)
    dice = random.Random(seed)  # noqa: S311 - data, not secrets
    with database.writing() as connection:
        end = head(connection)
    for first in range(1, carriers + 1, CHUNK):
        with database.writing() as connection:
            end = _chunk(connection, end, first, min(first + CHUNK, carriers + 1), entries_each, dice)
    return database


def _chunk(connection: Connection, end: Head, first: int, stop: int, entries_each: int, dice: random.Random) -> Head:
    batch = Batch("")
    finals: list[tuple[Ref, Changes]] = []
    documents: list[tuple[int, dict[str, str]]] = []
    at = START + timedelta(seconds=first * 2)
    entries: list[Entry] = []
    for number in range(first, stop):
        document = (number - 1) // COPIES + 1
        if (number - 1) % COPIES == 0:
            title = "".join(dice.sample(WORDS, 4)) + str(document)
            level = LEVELS[document % 3]
            made: Changes = {
                "regime": "cn-state", "level": level, "state": "registered", "title": batch.text(title),
                "reference": f"院发〔{2020 + document % 6}〕{document}号", "period": "10y", "issued": "2020-01-06",
                "lifts": str(date(2030, 1, 6)), "scope_units": ["*"], "received": True, "may_copy": True,
                "copies_made": COPIES,
            }  # fmt: skip
            entries.append(
                Entry(a="register_received", t=_stamp(at), p=1, r="registry_clerk", o=f"D{document}", c=made)
            )
            finals.append((Ref(Subject.DOCUMENT, document), made))
            documents.append((document, {"title": title, "reference": made["reference"]}))
        history = list(_life(number, document, entries_each, dice))
        for step, (action, changes) in enumerate(history):
            moment = at + timedelta(minutes=step)
            entries.append(Entry(a=action, t=_stamp(moment), p=1, r="registry_clerk", o=f"C{number}", c=changes))
        final = fold(changes for _action, changes in history)
        finals.append((Ref(Subject.CARRIER, number), final))
        batch.count(None, final)
    rows, previous = [], end.seal
    for seq, entry in enumerate(entries, end.seq + 1):
        body = body_of(entry)
        previous = seal(previous, body)
        rows.append((seq, entry.t, entry.a, entry.o[0], int(entry.o[1:]), None, body, previous))
    connection.exec_driver_sql("INSERT INTO texts (digest, salt, words) VALUES (?, ?, ?)", batch.texts)
    connection.exec_driver_sql(INSERT_ENTRY, rows)
    connection.exec_driver_sql(MOVE_HEAD, (end.seq + len(rows), previous))
    project(connection, finals, {ref for ref, _changes in finals})
    count(connection, batch.counts)
    search.put_many(connection, documents)
    return Head(end.seq + len(rows), previous, rows[-1][1])


def _life(number: int, document: int, entries_each: int, dice: random.Random) -> Iterator[tuple[str, Changes]]:
    """One carrier's entries: received, labelled, then lent and returned; one in twelve is still out."""
    place = dice.randrange(1, 41)
    yield "register_received", {
        "document": document, "number": f"{LEVELS[document % 3][:2].upper()}-2020-{number:07d}", "state": "in_stock",
        "level": LEVELS[document % 3], "kind": "paper", "copy_no": (number - 1) % COPIES + 1, "copies_of": COPIES,
        "pages": 10 + number % 90, "place": place, "custodian": 1, "label": "reserved",
    }  # fmt: skip
    labels = ("printed", "affixed", "verified")[: max(0, entries_each - 1)]
    for label in labels:
        yield f"{label}_label", {"label": label}
    left = entries_each - 1 - len(labels)
    stays_out = dice.random() < 1 / 12
    while left > 0:
        reader, due = dice.randrange(6, 206), date(2026, 3, 1) + timedelta(days=dice.randrange(400))
        if (left == 1) is not stays_out and left <= 2:  # an odd step, so that the last one is out or is not
            place = dice.randrange(1, 41)
            yield "move_to", {"place": place}
            left -= 1
            continue
        yield "lend", {
            "state": "loan", "hands": reader, "place": None, "due": due.isoformat(), "renewals": 0,
            "back": {"place": place, "state": "in_stock"},
        }  # fmt: skip
        if left == 1:
            return
        yield "return_loan", {"state": State.IN_STOCK.value, "hands": None, "place": place, "due": None, "back": None}
        left -= 2


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def fresh(directory: Path, name: str) -> Path:
    """A folder for a register that no earlier run left behind."""
    return directory / f"{name}-{os.getpid()}-{secrets.token_hex(3)}.custos"
