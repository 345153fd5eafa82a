"""How fast an existing book is taken over: the public list, its rows repeated under other numbers."""

from __future__ import annotations

import csv
import time
from pathlib import Path

from app.paths import resource
from app.sample import MAPPING, REGISTER_FILE
from app.services import founding
from app.services.importing import import_file
from app.store import database as files
from benchmarks import builder, measures

ROWS = 12_000


def book_of(file: Path, rows: int) -> None:
    """A book of at least so many rows."""
    with resource(REGISTER_FILE).open(encoding="utf-8-sig", newline="") as known:
        header, *public = csv.reader(known)
    source = header.index("编号")
    with file.open("w", encoding="utf-8-sig", newline="") as written:
        writer = csv.writer(written)
        writer.writerow(header)
        for turn in range(rows // len(public) + 1):
            writer.writerows([*row[:source], f"{row[source]}-{turn}", *row[source + 1 :]] for row in public)


def import_rate(scratch: Path) -> tuple[float, int]:
    """Rows a second, and how many rows were read."""
    book = scratch / "book.csv"
    book_of(book, ROWS)
    folder = scratch / "import.custos"
    founding.found(folder, builder.plan(), lambda: measures.NOON, cost=builder.CHEAP)
    with files.open_database(folder, measures.key_of(folder)) as database:
        desk = measures.desk_of(database)
        began = time.perf_counter()
        report = import_file(desk, book, MAPPING)
        took = time.perf_counter() - began
    return report.read / took, report.read
