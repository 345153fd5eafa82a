"""Every column of every table: whoever edits it outside the book is found. A new column is covered by being there."""

import pytest
from sqlalchemy import Integer, LargeBinary
from sqlcipher3 import dbapi2

from app.domain.action import Ref, Subject
from app.store.projections import PROJECTIONS, TEXT_FIELDS
from app.store.proof import verify_full
from app.store.schema import metadata
from tests.store.sample import put
from tests.store.test_proof import Faced
from tests.unit import KEY, Unit

OUTSIDE = {
    "settings": "no rule and no form reads them",
    "scans": "not closed yet: nothing is entered of them",
    "drafts": "nobody has submitted them",
}
KINDS = {projection.table.name: kind for kind, projection in PROJECTIONS.items()}
TABLES = [table for table in metadata.sorted_tables if table.name not in OUTSIDE]
COLUMNS = [(table.name, column.name) for table in TABLES for column in table.columns]
A_LAP = 2**61 - 1
"""Python's hash of a number goes round after so many."""


def whole(kind, number, *, sparse):
    """A subject in which every column says something, or as few as may be."""
    projection = PROJECTIONS[kind]
    said = {}
    for place, column in enumerate(projection.table.columns):
        if column.name == "id" or (sparse and column.nullable):
            continue
        if column.name in projection.json:
            said[column.name] = {"a": place, "b": ["c"]}
        elif column.name in projection.flags:
            said[column.name] = not sparse
        else:
            said[column.name] = number + place if isinstance(column.type, Integer) else f"{column.name} {number}"
    if not sparse:
        said |= {"fact.words": "said", "fact.list": [1, {"b": 2}], "duty.archivist": [None, None]}
    if kind is Subject.SLIP and not sparse:
        said |= {"line.1": {"carrier": 7, "status": "out", "pages": 3}, "line.2": {"status": "listed"}}
    assert sparse or TEXT_FIELDS.get(kind, set()) <= said.keys()
    return Ref(kind, number), said


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A register with every kind of subject, whole and sparse, as a file in other hands."""
    unit = Unit(tmp_path_factory.mktemp("columns") / "book")
    kinds = [kind for kind in Subject if kind is not Subject.REGISTER]  # there is one, made at set-up
    put(unit, [whole(kind, 901, sparse=False) for kind in kinds] + [whole(kind, 902, sparse=True) for kind in kinds])
    unit.database.scrub()
    file = tmp_path_factory.mktemp("columns") / "edited.db"
    file.write_bytes(unit.database.file.read_bytes())
    unit.close()
    connection = dbapi2.connect(str(file), isolation_level=None)
    connection.set_key(f"x'{KEY.hex()}'")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    yield connection
    connection.close()


@pytest.fixture
def book(kept):
    """The file for one test, put back after it."""
    return Attacked(kept)


class Attacked:
    """A register without its triggers while it is edited; with them again when it is proven."""

    def __init__(self, connection):
        self.connection = connection

    def rows(self, sql, *values):
        return self.connection.execute(sql, values).fetchall()

    def after(self, sql, *values):
        """The proof after one edit, which is taken back; None when SQLite would not have it."""
        self.connection.execute("BEGIN")
        try:
            triggers = self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            for name, _ in triggers:
                self.connection.execute(f"DROP TRIGGER {name}")
            done = self.connection.execute(sql, values).rowcount
            for _, made in triggers:
                self.connection.execute(made)
            assert done, f"the edit did nothing: {sql}"
            return verify_full(Faced(self.connection))
        except dbapi2.IntegrityError:
            return None
        finally:
            self.connection.execute("ROLLBACK")


def keys(table):
    return [f'"{column.name}"' for column in metadata.tables[table].primary_key]


def others(value, column):
    """What else may be written where this stands."""
    if value is None:
        yield from (1, "", b"") if isinstance(column.type, Integer) else ("x",)
    elif isinstance(value, int):
        yield from (value + 1, value + A_LAP, str(value) + "x", b"x", None)
    elif isinstance(value, str):
        yield from (value + "x", value.encode(), None)
        if value.startswith("{"):
            yield from (" " + value, '{"a":99,' + value[1:])  # white space; two keys alike
    else:
        yield from (value + b"x", b"", value.hex(), None)


def test_the_register_as_it_was_written_is_proven(book):
    proof = verify_full(Faced(book.connection))
    assert proof.holds, proof.wrong


@pytest.mark.parametrize(("table", "name"), COLUMNS)
def test_whatever_else_is_written_into_a_column_is_found(book, table, name):
    column, key, tried = metadata.tables[table].columns[name], keys(table), 0
    counted = "AND n > 0" if table == "holdings" else ""
    for empty in ("IS NULL", "IS NOT NULL"):
        found = book.rows(f'SELECT "{name}", {", ".join(key)} FROM {table} WHERE "{name}" {empty} {counted} LIMIT 40')
        for value, *row in found[-1:]:
            where = " AND ".join(f"{one} = ?" for one in key)
            for other in others(value, column):
                proof = book.after(f'UPDATE {table} SET "{name}" = ? WHERE {where}', other, *row)
                if proof is None:
                    continue
                tried += 1
                assert not proof.holds, f"{table}.{name} {row}: {value!r} became {other!r} and nobody noticed"
                assert proof.wrong
                if name != "id" and table in KINDS:
                    assert str(proof.subject) == f"{KINDS[table].value}{row[0]}"
    assert tried


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_row_that_is_taken_out_or_put_in_is_found(book, table):
    counted = "WHERE n > 0" if table == "holdings" else ""
    key = ", ".join(keys(table))
    proof = book.after(
        f"DELETE FROM {table} WHERE ({key}) = (SELECT {key} FROM {table} {counted} ORDER BY 1 DESC LIMIT 1)"
    )
    assert not proof.holds
    columns = metadata.tables[table].columns
    more = [
        column.name if not (column.primary_key or unique(table, column)) else f"{strange(column)}" for column in columns
    ]
    names = ", ".join(f'"{column.name}"' for column in columns)
    proof = book.after(f"INSERT INTO {table} ({names}) SELECT {', '.join(more)} FROM {table} {counted} LIMIT 1")
    assert proof is not None
    assert not proof.holds


def unique(table, column):
    return any(column.name in c.columns and hasattr(c, "columns") for c in metadata.tables[table].constraints)


def strange(column):
    if isinstance(column.type, Integer):
        return "77777"
    return "x'77'" if isinstance(column.type, LargeBinary) else "'~strange'"


FALSIFIES = "AFTER UPDATE ON carriers BEGIN UPDATE carriers SET pages = 1 WHERE id = NEW.id; END"
STANDING = {
    "a trigger is gone": ("DROP TRIGGER ledger_no_update",),
    "a trigger that does nothing": (
        "DROP TRIGGER ledger_no_delete",
        "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT 1; END",
    ),
    "a trigger that will falsify what is to come": (f"CREATE TRIGGER later {FALSIFIES}",),
    "a trigger with the name of a table of the library": (f"CREATE TRIGGER alembic_version {FALSIFIES}",),
    "a trigger with the name of a table of the index": (f"CREATE TRIGGER search_data {FALSIFIES}",),
    "a view with a name the index might use": ("CREATE VIEW search_content AS SELECT * FROM carriers",),
    "figures that lead the search astray": ("ANALYZE",),
    "a rule that compares with another word": (
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, '''loan''', '''lo\"an''') WHERE name = 'carriers'",
        "PRAGMA writable_schema = OFF",
    ),
    "another revision": ("UPDATE alembic_version SET version_num = '0001'",),
    "no revision": ("DELETE FROM alembic_version",),
    "another format": ("PRAGMA user_version = 0",),
    "another kind of file": ("PRAGMA application_id = 7",),
    "a second head": (
        "PRAGMA ignore_check_constraints = ON", "INSERT INTO ledger_head SELECT 2, seq, seal FROM ledger_head",
    ),
    "an index is gone": ("DROP INDEX ix_carriers_due",),
    "an index that leaves a row out": (
        "DROP INDEX ix_carriers_due",
        "CREATE INDEX ix_carriers_due ON carriers (due, id) WHERE due IS NOT NULL AND id <> 901",
    ),
    "a table of somebody else": ("CREATE TABLE elsewhere (a)",),
    "a view": ("CREATE VIEW seen AS SELECT * FROM carriers",),
    "a view in place of a table": (
        "ALTER TABLE papers RENAME TO papers_before", "CREATE VIEW papers AS SELECT * FROM papers_before",
    ),
    "a column more": ("ALTER TABLE persons ADD COLUMN nickname TEXT",),
    "an entry before the first": (("INSERT INTO ledger SELECT -1, at, action, subject_kind, subject, slip, body, seal"
                                  " FROM ledger WHERE seq = 5"),),
    "a part of nothing": ("INSERT INTO parts VALUES ('Z', 1, 'duty', 'auditor', '[null,null]')",),
    "a part of nobody": ("INSERT INTO parts VALUES ('P', 999, 'duty', 'auditor', '[null,null]')",),
    "a part cut at another place": (("UPDATE parts SET part = 'duty.archivist', key = '' WHERE part = 'duty' AND"
                                    " subject = 901 AND subject_kind = 'P'"),),
    "a line of no slip": ("INSERT INTO slip_lines VALUES (999, 1, 1, 'out', NULL)",),
    "a line that says twice whose it is": ("UPDATE slip_lines SET data = '{\"carrier\":8}' WHERE no = 2",),
    "another signing key": ("UPDATE secrets SET value = randomblob(32)",),
    "a second secret": ("INSERT INTO secrets VALUES ('another', x'00')",),
    "no head": ("DELETE FROM ledger_head",),
}  # fmt: skip


@pytest.mark.parametrize("edited", STANDING)
def test_a_file_that_is_not_as_it_was_made_is_found(book, edited):
    book.connection.execute("BEGIN")
    try:
        if edited.startswith("an entry"):
            book.connection.execute("DROP TRIGGER ledger_in_order")
        for statement in STANDING[edited]:
            book.connection.execute(statement)
        proof = verify_full(Faced(book.connection))
        assert not proof.holds
        if edited.startswith("an entry"):
            assert proof.at == -1
    finally:
        book.connection.execute("ROLLBACK")
