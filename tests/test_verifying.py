"""`verify` against whoever has the key: also what a sign-in reads may be edited, and pages and papers may lie."""

import pytest
from sqlcipher3 import dbapi2

from app.services import accounts
from app.stage import password_of
from app.store.failures import StoreUnavailable
from tests import test_cli
from tests.test_cli import DONE, ENVIRONMENT, REFUSED, key_of

run, folder, login = test_cli.run, test_cli.folder, test_cli.login


def edited(folder, *statements):
    connection = dbapi2.connect(str(folder / "register.db"), isolation_level=None)
    connection.set_key(f"x'{key_of(folder).hex()}'")
    for statement in statements:
        connection.execute(statement)
    connection.close()


IN_THE_WAY = {
    "whose an account is": ("UPDATE accounts SET person = 999",),
    "how often a password was changed": ("UPDATE accounts SET generation = 'x'",),
    "a duty": ("UPDATE parts SET value = '{' WHERE subject_kind = 'P'",),
    "the register itself": ("DELETE FROM register",),
    "when something was entered": ("DROP TRIGGER ledger_no_update", "UPDATE ledger SET at = 'x'"),
    "the ledger is gone": ("DROP TABLE ledger",),
    "the revision": ("UPDATE alembic_version SET version_num = '0001'",),
    "the table of the revision": ("DROP TABLE alembic_version",),
    "a history that leaves an entry out": (
        "DROP INDEX ix_ledger_of",
        "CREATE INDEX ix_ledger_of ON ledger (subject_kind, subject, seq) WHERE seq <> 9",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, ' WHERE seq <> 9', '') WHERE name = 'ix_ledger_of'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", IN_THE_WAY)
def test_whatever_was_edited_verify_comes_to_say_so(run, folder, login, what):
    edited(folder, *IN_THE_WAY[what])
    ran = run("verify", folder, *login)
    assert ran.code == REFUSED
    assert ran.out.strip()
    assert "Traceback" not in ran.err
    chain = run("verify", folder, *login, "--chain", "--anchor", "CUSTOS1:107:3:" + "A" * 154)
    assert chain.code == REFUSED, "no such paper was signed here"
    assert "Traceback" not in chain.err


@pytest.mark.parametrize(
    ("table", "column"), [("ledger", "action"), ("carriers", "number"), ("texts", "words"), ("parts", "value")]
)
def test_bytes_that_are_no_text_are_told_as_damage(run, folder, login, table, column):
    edited(
        folder,
        "DROP TRIGGER ledger_no_update",
        f"UPDATE {table} SET {column} = CAST(x'ff' AS TEXT) WHERE rowid = 2"
        if table != "parts"
        else "UPDATE parts SET value = CAST(x'ff' AS TEXT) WHERE part = 'duty' AND key = 'archivist'",
    )
    ran = run("verify", folder, *login)
    assert ran.code in (REFUSED, ENVIRONMENT)
    assert "damaged" in ran.err
    assert "Error" not in ran.err


@pytest.mark.parametrize("what", list(IN_THE_WAY)[:4])
def test_an_account_that_was_edited_is_told_at_sign_in(folder, what):
    edited(folder, *IN_THE_WAY[what])
    with pytest.raises(StoreUnavailable) as told:
        accounts.unlock(folder, "chen", password_of("chen"), test_cli.cli.clock).close()
    assert told.value.code in ("edited", "stale_slot")


@pytest.mark.parametrize("seq", ["9" * 5_000, "9" * 30, "9" * 18])
def test_a_position_of_any_length_is_no_fault(run, folder, login, seq):
    ran = run("verify", folder, *login, "--chain", "--anchor", f"CUSTOS1:107:{seq}:" + "A" * 154)
    assert (ran.code, bool(ran.out.strip()), ran.err) == (REFUSED, True, "")
    assert run("verify", folder, *login).code == DONE
