"""What the file itself must be before its rows are believed: its tables and triggers, kinds of values, signing key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Integer
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex, CreateTable

from app.domain.action import Subject
from app.domain.words import N_, Says, says
from app.store.database import APPLICATION_ID, FORMAT, HEAD_REVISION
from app.store.projections import Projection
from app.store.schema import SIGNING_KEY, TRIGGERS, metadata
from app.store.search import CREATE_SEARCH

MOST: int = 2**53
"""No number of a register is larger or below zero: a sum of hashes takes 5 for 5 + 2**61 - 1, and -1 for -2."""

Made = Mapping[tuple[str, str], str]

_OF_THE_INDEX = frozenset(("table", f"search_{name}") for name in ("data", "idx", "docsize", "config"))
"""The tables that the full-text index makes for itself; a trigger may bear the name of a table."""
_OF_THE_MIGRATIONS = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc"
    " PRIMARY KEY (version_num))"
)


def altered(connection: Connection, *, tables: bool | None = None) -> Says | None:
    """The first object of the file that is missing, changed or of somebody else's making; of `tables`, or of others."""
    found = {
        (str(kind), str(name)): _plain(str(sql))
        for kind, name, sql in connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master")
        if sql is not None and (kind, name) not in _OF_THE_INDEX
    }
    made = as_made()
    odd = [key for key in sorted(made.keys() | found.keys()) if made.get(key) != found.get(key)]
    own = {name for kind, name in made if kind == "table"}
    ours = [key for key in odd if tables in (None, key[1] in own)]
    if not ours:
        return None
    return says(
        N_("{what} is not as the program made it: the file was changed outside the book."), what=" ".join(ours[0])
    )


def odd_pages(connection: Connection) -> Says | None:
    """Whether an index leaves out or invents a row, or a page is damaged; takes as long as the proof itself."""
    try:
        found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    except DBAPIError as error:  # the full-text index tells it so
        found = str(error.orig)
    if found == "ok":
        return None
    return says(N_("The pages of the file do not fit together: {what}."), what=str(found))


@cache
def as_made() -> Made:
    """Every object of a register's file, by the text it is made with."""
    dialect = sqlite.dialect()
    made = {("table", "search"): CREATE_SEARCH, ("table", "alembic_version"): _OF_THE_MIGRATIONS}
    made |= {("trigger", text.split()[2]): text for text in TRIGGERS}
    for table in metadata.tables.values():
        made["table", table.name] = str(CreateTable(table).compile(dialect=dialect))
        made |= {
            ("index", str(index.name)): str(CreateIndex(index).compile(dialect=dialect)) for index in table.indexes
        }
    return {key: _plain(text) for key, text in made.items()}


_PIECES = re.compile(r"""('(?:[^']|'')*')|"(\w+)"|\s*([(),])\s*|\s+""")


def _plain(text: str) -> str:
    """SQL without what white space and the quotes around names do to it; what stands as text stays as it is."""
    return _PIECES.sub(lambda found: found[1] or found[2] or found[3] or " ", text).strip()


def odd_stamp(connection: Connection) -> Says | None:
    """Whether the file's own marks, or the one row that says where the book ends, are not what the program leaves."""
    stood = [
        connection.exec_driver_sql(asked).all()
        for asked in (
            "PRAGMA application_id", "PRAGMA user_version", "SELECT version_num FROM alembic_version",
            "SELECT id FROM ledger_head",
        )
    ]  # fmt: skip
    kept = [[tuple(row) for row in rows] for rows in stood]
    if kept == [[(APPLICATION_ID,)], [(FORMAT,)], [(HEAD_REVISION,)], [(1,)]]:
        return None
    return says(N_("The marks that say what kind of file this is were changed outside the book."))


@cache
def odd_value(projection: Projection) -> str:
    """The condition under which a row of that table holds what no entry can have put there."""
    columns = [column for column in projection.table.columns if column.name != "id"]
    return " OR ".join(
        f'"{column.name}" NOT BETWEEN 0 AND {MOST}'
        if isinstance(column.type, Integer)
        else f"typeof(\"{column.name}\") NOT IN ('text', 'null')"
        for column in columns
    )


_KINDS = ", ".join(f"'{kind.value}'" for kind in Subject)
_ODD_PART = (
    "SELECT subject_kind || subject || ' ' || part || ' ' || key FROM parts"  # noqa: S608 - own words
    f" WHERE subject_kind NOT IN ({_KINDS}) OR typeof(subject) <> 'integer' OR typeof(part) <> 'text'"
    " OR typeof(key) <> 'text' OR typeof(value) <> 'text' OR instr(part, '.') LIMIT 1"
)
"""A dot would let `a.b` of `c` pass for `a` of `b.c`."""


def odd_part(connection: Connection) -> Says | None:
    """A row of a subject's small lists that is of no subject, or of a kind no entry gives."""
    what = connection.exec_driver_sql(_ODD_PART).scalar()
    return None if what is None else says(N_("{what} was edited outside the book."), what=str(what))


def odd_key(connection: Connection) -> Says | None:
    """Whether papers are signed with another key than the one the book names."""
    kept = connection.exec_driver_sql("SELECT name, value FROM secrets").all()
    public = connection.exec_driver_sql("SELECT public_key FROM register WHERE id = 1").scalar()
    try:
        ((name, value),) = kept
        signs = Ed25519PrivateKey.from_private_bytes(value).public_key().public_bytes_raw().hex()
    except (ValueError, TypeError):
        name = signs = ""
    if (name, signs) == (SIGNING_KEY, public):
        return None
    return says(N_("The key that signs this register's papers is not the one the book names."))
