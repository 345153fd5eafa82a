"""All that a register's file can say against itself: the proof of its entries, and beside it that of its pages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection

from app.store.database import Database
from app.store.proof import Progress, Proof, verify_full
from app.store.shape import odd_pages


def verify_whole(database: Database, connection: Connection, progress: Progress | None = None) -> Proof:
    """The full proof, and whether every index leads to every row.

    SQLite looks at its pages by itself, without Python: on a connection and a thread of their own that costs a second
    processor and no time.
    """
    with database.reading() as beside, ThreadPoolExecutor(1, "pages") as aside:
        pages = aside.submit(odd_pages, beside)
        found = None
        try:
            found = verify_full(connection, progress)
        finally:
            if found is None or not found.holds:
                beside.connection.driver_connection.interrupt()  # type: ignore[union-attr]  # a pooled one has it
        odd = pages.result() if found.holds else None
    return found if odd is None else Proof(found.entries, found.seq, b"", odd)
