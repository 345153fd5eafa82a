"""The pages are looked at beside the proof: what only they give away is found, and who stops the proof stops both."""

import pytest
from sqlcipher3 import dbapi2

from app.store.proof import verify_full
from app.store.whole import verify_whole
from tests.unit import KEY, Unit


@pytest.fixture
def unit(tmp_path):
    made = Unit(tmp_path / "book")
    yield made
    made.close()


def hide_an_entry(file):
    """A history that leaves entry 9 out, under the text that the program gives its index."""
    connection = dbapi2.connect(str(file), isolation_level=None)
    connection.set_key(f"x'{KEY.hex()}'")
    for statement in (
        "DROP INDEX ix_ledger_of",
        "CREATE INDEX ix_ledger_of ON ledger (subject_kind, subject, seq) WHERE seq <> 9",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, ' WHERE seq <> 9', '') WHERE name = 'ix_ledger_of'",
    ):
        connection.execute(statement)
    connection.close()


def test_an_index_that_leaves_a_row_out_is_found(unit):
    unit.copies(2)
    with unit.database.reading() as connection:
        assert verify_whole(unit.database, connection).holds
    hide_an_entry(unit.database.file)
    unit.database.reader.dispose()  # a connection that is open knows the index as it was
    with unit.database.reading() as connection:
        assert verify_full(connection).holds
        found = verify_whole(unit.database, connection)
    assert found.wrong is not None
    assert "ix_ledger_of" in str(found.wrong.values["what"])


def test_a_proof_that_is_stopped_ends_at_once_and_reading_goes_on(unit):
    unit.copies(2)

    def stop(_done, _total):
        raise InterruptedError

    for _ in range(5):  # more often than there are connections
        with unit.database.reading() as connection, pytest.raises(InterruptedError):
            verify_whole(unit.database, connection, stop)
    with unit.database.reading() as connection:
        assert verify_whole(unit.database, connection).holds
