"""How far the book was proven is only remembered: whoever moves or spoils the mark hides nothing that came after it."""

import pytest

from app.i18n import render
from app.services.remembering import remember, remember_proof, verify_what_is_new
from app.store.reads.ledger import VERIFIED
from app.store.schema import TRIGGERS
from tests.services.simple import bring
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path):
    made = Unit(tmp_path / "book")
    yield made
    made.close()


@pytest.fixture
def proven(unit):
    assert verify_what_is_new(unit.desk()).holds
    return unit


def edit(unit, sql, *values):
    """An edit by somebody who has the key, and who leaves the triggers as they were."""
    with unit.database.writing() as connection:
        for trigger in TRIGGERS:
            connection.exec_driver_sql(f"DROP TRIGGER {trigger.split()[2]}")
        assert connection.exec_driver_sql(sql, values).rowcount
        for trigger in TRIGGERS:
            connection.exec_driver_sql(trigger)


def test_what_was_proven_is_not_proven_again(proven):
    bring(proven)
    assert verify_what_is_new(proven.desk()).entries == 3  # carrier, document, series
    assert verify_what_is_new(proven.desk()).entries == 0


@pytest.mark.parametrize(
    "kept", [None, "", 7, [], {}, {"seq": "x", "seal": ""}, {"seq": 3}, {"seq": 3, "seal": "no hex"}, {"seq": None}]
)
def test_a_mark_that_says_nothing_begins_at_the_beginning(proven, kept):
    remember(proven.desk(), VERIFIED, kept)
    found = verify_what_is_new(proven.desk())
    assert found.holds
    assert found.entries == proven.length()


def test_a_mark_that_is_no_json_begins_at_the_beginning(proven):
    edit(proven, "UPDATE settings SET value = '{' WHERE name = ?", VERIFIED)
    assert verify_what_is_new(proven.desk()).entries == proven.length()


@pytest.mark.parametrize("mark", [True, False])
def test_a_trigger_that_was_dropped_is_found_at_every_start_the_first_among_them(unit, mark):
    if mark:
        assert verify_what_is_new(unit.desk()).holds
    with unit.database.writing() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER {TRIGGERS[0].split()[2]}")
    found = verify_what_is_new(unit.desk())
    assert not found.holds
    assert TRIGGERS[0].split()[2] in render(found.wrong)


@pytest.mark.parametrize("moved", [-1, 0, 5, 10**12])
def test_a_mark_that_was_moved_is_found_by_its_seal(proven, moved):
    at = proven.length() + moved if moved > 0 else moved
    remember_proof(proven.desk(), at, "ab" * 32, proven.desk().now())
    found = verify_what_is_new(proven.desk())
    assert not found.holds or (moved == 0 and found.entries == proven.length())


def test_a_book_that_was_cut_before_the_mark_is_found(proven):
    before = proven.length()
    bring(proven)
    assert verify_what_is_new(proven.desk()).holds
    edit(proven, "DELETE FROM ledger WHERE seq > ?", before)
    edit(proven, "UPDATE ledger_head SET seq = ?, seal = (SELECT seal FROM ledger WHERE seq = ?)", before, before)
    found = verify_what_is_new(proven.desk())
    assert not found.holds
    assert not verify_what_is_new(proven.desk()).holds, "it is not forgotten either"


NEW = {
    "whose entry it is": "UPDATE ledger SET subject = 999 WHERE subject_kind = 'C' AND seq > ?",
    "of what kind": "UPDATE ledger SET subject_kind = 'D' WHERE subject_kind = 'C' AND seq > ?",
    "when it was entered": "UPDATE ledger SET at = '2036-01-01T00:00:00.000+00:00' WHERE seq > ?",
    "which act": "UPDATE ledger SET action = 'say' WHERE seq > ?",
}


@pytest.mark.parametrize("column", NEW)
def test_a_new_entry_that_is_filed_under_something_else_is_found(proven, column):
    before = proven.length()
    bring(proven)
    edit(proven, NEW[column], before)
    found = verify_what_is_new(proven.desk())
    assert not found.holds
    assert found.at > before


@pytest.mark.parametrize(
    "sql", ["DROP TRIGGER ledger_no_delete", "CREATE TRIGGER more AFTER UPDATE ON carriers BEGIN SELECT 1; END"]
)
def test_triggers_that_are_gone_or_planted_are_found_at_every_start(proven, sql):
    with proven.database.writing() as connection:
        connection.exec_driver_sql(sql)
    assert not verify_what_is_new(proven.desk()).holds


def test_another_signing_key_is_found_at_every_start(proven):
    edit(proven, "UPDATE secrets SET value = randomblob(32)")
    assert not verify_what_is_new(proven.desk()).holds
