"""Migrations and models give the same register, and every trigger of the ledger holds after them."""

import re

import pytest
from sqlalchemy import create_engine
from sqlcipher3 import dbapi2

from app.store import search
from app.store.database import create, migrate, open_database
from app.store.schema import TRIGGERS, metadata
from app.store.shape import altered

KEY = bytes(range(32))


@pytest.fixture
def database(tmp_path):
    create(tmp_path / "book.custos", KEY)
    with open_database(tmp_path / "book.custos", KEY) as opened:
        migrate(opened)
        yield opened


def objects(connection):
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    return {(kind, name): plain(sql) for kind, name, sql in rows if "alembic" not in name}


def plain(sql):
    """SQL without what white space and quotes do to it."""
    closer = re.sub(r"\s*([(),])\s*", r"\1", re.sub(r"\s+", " ", sql.replace('"', "")))
    return closer.strip().replace("CREATE TABLE IF NOT EXISTS", "CREATE TABLE")


@pytest.fixture
def modelled():
    engine = create_engine("sqlite://", module=dbapi2)
    with engine.begin() as connection:
        metadata.create_all(connection)
        for statement in (search.CREATE_SEARCH, *TRIGGERS):
            connection.exec_driver_sql(statement)
        yield objects(connection)
    engine.dispose()


def test_migrations_and_models_give_the_same_text_for_every_object(database, modelled):
    with database.reading() as connection:
        migrated = objects(connection)
    assert migrated.keys() == modelled.keys()
    assert {key: text for key, text in migrated.items() if text != modelled[key]} == {}


def test_the_comparison_sees_tables_indexes_triggers_and_the_search(modelled):
    assert {kind for kind, _ in modelled} == {"table", "index", "trigger"}
    assert ("trigger", "ledger_in_order") in modelled
    assert any("fts5" in text for text in modelled.values())


def test_a_register_of_the_first_revision_is_brought_to_the_newest_and_proven(database):
    """What a released program made stays what it was: a change of the tables is a revision of its own."""
    with database.writing() as connection:
        for index in ("envelopes_slip", "carriers_place", "places_within", "places_keeper"):
            connection.exec_driver_sql(f"DROP INDEX ix_{index}")
        connection.exec_driver_sql("CREATE INDEX ix_carriers_place ON carriers (place, number) WHERE place IS NOT NULL")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    with database.reading() as connection:
        assert altered(connection) is not None
    migrate(database)
    with database.reading() as connection:
        assert altered(connection) is None


@pytest.fixture
def ledger(database):
    def write(sql, *values):
        with database.writer.begin() as connection:
            connection.exec_driver_sql(sql, values)

    for seq in (1, 2):
        write(INSERT.format("INSERT"), seq)
    return write


INSERT = (
    "{} INTO ledger (seq, at, action, subject_kind, subject, body, seal) VALUES (?, 't', 'a', 'R', 1, x'00', x'01')"
)

ATTACKS = {
    "an entry is changed": "UPDATE ledger SET body = x'02' WHERE seq = 1",
    "an entry's number is changed": "UPDATE ledger SET seq = 9 WHERE seq = 2",
    "an entry is changed by an upsert": INSERT.format("INSERT").replace("?", "2")
    + " ON CONFLICT (seq) DO UPDATE SET body = x'02'",
    "an entry is deleted": "DELETE FROM ledger WHERE seq = 2",
    "all entries are deleted": "DELETE FROM ledger",
    "an entry is replaced": INSERT.format("INSERT OR REPLACE").replace("?", "2"),
    "the first entry is replaced": INSERT.format("REPLACE").replace("?", "1"),
    "a number is left out": INSERT.format("INSERT").replace("?", "4"),
    "a number is used twice": INSERT.format("INSERT").replace("?", "2"),
    "a number is below one": INSERT.format("INSERT").replace("?", "0"),
    "a number is not given": INSERT.format("INSERT").replace("?", "NULL"),
    "a second head is inserted": "INSERT INTO ledger_head (id, seq, seal) VALUES (2, 0, x'00')",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_ledger_only_grows(ledger, database, attack):
    with pytest.raises(Exception, match=r"append-only|not the next entry|CHECK|UNIQUE"):
        ledger(ATTACKS[attack])
    assert kept(database) == [(1, b"\0"), (2, b"\0")]


TURNED_BACK = ("UPDATE ledger_head SET seq = 0", "DELETE FROM ledger_head", "UPDATE ledger_head SET seq = 1")


@pytest.mark.parametrize("turned", TURNED_BACK)
def test_a_head_that_was_turned_back_lets_no_entry_be_replaced(ledger, database, turned):
    """What the head says is for the proof to doubt; which entry comes next, the ledger itself says."""
    ledger(turned)
    for seq in "12":
        with pytest.raises(Exception, match="not the next entry"):
            ledger(INSERT.format("INSERT OR REPLACE").replace("?", seq))
    assert kept(database) == [(1, b"\0"), (2, b"\0")]


def kept(database):
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT seq, body FROM ledger ORDER BY seq").all()
    return [(seq, bytes(body)) for seq, body in rows]


def test_an_entry_out_of_order_takes_back_what_was_written_with_it(ledger, database):
    def write_both():
        with database.writer.begin() as connection:
            connection.exec_driver_sql("INSERT INTO settings VALUES ('a', 'b')")
            connection.exec_driver_sql(INSERT.format("INSERT"), (9,))

    with pytest.raises(Exception, match="not the next entry"):
        write_both()
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM settings").scalar() == 0


def test_the_next_entry_is_taken(ledger, database):
    ledger(INSERT.format("INSERT"), 3)
    assert kept(database)[-1] == (3, b"\0")
