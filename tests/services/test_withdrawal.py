"""Words that two people withdrew are nowhere in the file any more: in no table, draft, index or log."""

import pytest

from app.actions.corrections import WithdrawText
from app.domain.action import Ref, Subject
from app.store.proof import verify_full
from tests.services.simple import bring
from tests.unit import Unit

SECRET = "zebrawood landing 绝密登陆"
TOKENS = (b"zebrawood", "密登".encode())
"""As the index keeps them: a word, and one of the pairs of a run of Chinese."""


@pytest.fixture
def unit(tmp_path):
    made = Unit(tmp_path / "book")
    bring(made, title=SECRET)
    bring(made, title="zebra crossing")
    with made.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO drafts VALUES (1, 'lend', ?), (1, 'plan', 'harmless')", (f"x {SECRET} y",)
        )
    yield made
    made.close()


def withdraw(unit):
    action = WithdrawText(what="title", second=unit.people["officer"], reason="classified itself")
    unit.do(action, Ref(Subject.DOCUMENT, 1), signed={"second": "officer"})


def everything_kept(unit):
    """Every value of every table, those of the search index and what it keeps for itself too."""
    with unit.database.reading() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'search'")
        for table in list(tables.scalars()):
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}"):
                for value in row:
                    yield table, value.encode() if isinstance(value, str) else value


def holding(unit, words):
    return {table for table, value in everything_kept(unit) if isinstance(value, bytes) and words in value}


def test_before_it_is_withdrawn_it_is_where_it_is_looked_for(unit):
    assert holding(unit, SECRET.encode()) == {"texts", "drafts"}
    assert all("search_data" in holding(unit, token) for token in TOKENS)


def test_withdrawn_words_are_in_no_table_no_draft_and_no_index(unit):
    withdraw(unit)
    for words in (SECRET.encode(), *TOKENS):
        assert holding(unit, words) == set()
    with unit.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT name FROM drafts").scalars().all() == ["plan"]
        assert verify_full(connection).holds


def test_withdrawn_words_do_not_stay_in_the_log(unit):
    log = unit.folder / "register.db-wal"
    assert log.stat().st_size > 0
    withdraw(unit)
    assert log.stat().st_size == 0
