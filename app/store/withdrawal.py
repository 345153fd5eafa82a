"""Taking words out of the book: the digest stays in the chain, the words go from everywhere they were kept."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from app.domain.ledger import Entry
from app.store import search
from app.store.lookups import Cached, Lookups

PART = "withdrawn."
"""An entry withdraws a text by a part of its subject, `withdrawn.<digest>`."""

_THESE = "(SELECT value FROM json_each(?))"


def withdraw(connection: Connection, entries: Sequence[Entry], seq: int) -> bool:
    """Forget the texts these entries withdraw; `seq` is the act they were withdrawn by. Whether there were any."""
    digests = sorted({key.removeprefix(PART) for entry in entries for key in entry.c if key.startswith(PART)})
    if not digests:
        return False
    these = json.dumps(digests)
    connection.exec_driver_sql(
        "DELETE FROM drafts WHERE EXISTS (SELECT 1 FROM texts"  # noqa: S608 - own words
        f" WHERE digest IN {_THESE} AND words <> '' AND instr(drafts.value, words) > 0)",
        (these,),
    )
    connection.exec_driver_sql(
        f"UPDATE texts SET words = NULL, withdrawn = ? WHERE digest IN {_THESE}",  # noqa: S608 - own words
        (seq, these),
    )
    book = Lookups(connection, Cached())
    for document in _documents(connection, these):
        search.put(connection, document, book.search_fields(document))
    search.forget_removed(connection)
    return True


def _documents(connection: Connection, these: str) -> Sequence[int]:
    """Documents one of whose indexed texts went; those whose text was replaced in the same act were indexed with it."""
    fields = ("title", "short_title", "originator", "remarks")
    found = connection.exec_driver_sql(
        "SELECT id FROM documents WHERE " + " OR ".join(f"{field} IN {_THESE}" for field in fields),  # noqa: S608
        (these,) * len(fields),
    )
    return list(found.scalars())
