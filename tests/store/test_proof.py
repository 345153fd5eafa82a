"""Whatever is done to the book outside its door is found, and the first wrong entry is named."""

import pytest
from sqlcipher3 import dbapi2

from app.actions.accounts import OpenAccount
from app.actions.corrections import WithdrawText
from app.actions.custody import Lend
from app.domain.action import Ref, Subject
from app.domain.carrier import State
from app.domain.ledger import Anchor, body_of, entry_of, seal
from app.store.proof import verify_chain, verify_full, verify_new, verify_subject
from app.store.schema import TRIGGERS
from tests.services.simple import Bring, Remark, bring
from tests.unit import KEY, Unit


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A register with a little of everything in it, and where in the book each thing was said last."""
    unit = Unit(tmp_path_factory.mktemp("told") / "book")
    try:
        unit.do(OpenAccount(login="clerk", person=unit.people["clerk"]), by="sysadmin")
        first, second, third = bring(unit, copies=3)
        lend = Lend(borrower=unit.people["reader"], due=unit.today)
        slip = unit.approved(lend, first)
        unit.do(lend, first, slip=slip)
        unit.do(Remark(words="a corner is torn"), second)
        yield unit, {"lent": first, "remarked": second, "idle": third, "slip": slip}
    finally:
        unit.close()


@pytest.fixture
def book(told, tmp_path):
    """The register as a file that somebody with its key edits beside the program."""
    unit, known = told
    unit.database.scrub()
    copy = tmp_path / "edited.db"
    copy.write_bytes(unit.database.file.read_bytes())
    return Edited(copy, known)


class Edited:
    """A register's file in other hands: no triggers while it is edited, and with them when it is proven."""

    def __init__(self, file, known):
        self.known = known
        self.connection = dbapi2.connect(str(file), isolation_level=None)
        self.connection.set_key(f"x'{KEY.hex()}'")
        self.disarm()

    def disarm(self):
        for trigger in [row[0] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            self.connection.execute(f"DROP TRIGGER {trigger}")

    def __call__(self, sql, *values):
        done = self.connection.execute(sql, values)
        assert done.rowcount > 0, f"the attack did nothing: {sql}"

    def rows(self, sql, *values):
        return self.connection.execute(sql, values).fetchall()

    def one(self, sql, *values):
        return self.rows(sql, *values)[0][0]

    @property
    def last(self):
        return self.one("SELECT max(seq) FROM ledger")

    def said(self, subject, field):
        """The last entry that says something about that field of the subject."""
        bodies = self.rows("SELECT seq, body FROM ledger ORDER BY seq DESC")
        return next(seq for seq, body in bodies if (e := entry_of(bytes(body))).o == subject and field in e.c)

    # SQLAlchemy's face of a connection, as far as the proof looks at it.

    def exec_driver_sql(self, sql, values=()):
        return Rows(self.connection.execute(sql, values))

    @property
    def proof(self):
        for trigger in TRIGGERS:
            self.connection.execute(trigger)
        try:
            return verify_full(Faced(self.connection))
        finally:
            self.disarm()

    @property
    def chain(self):
        return verify_chain(Faced(self.connection))


class Faced:
    """What the proof asks of SQLAlchemy, over a bare connection."""

    def __init__(self, connection):
        self.connection = connection

    def exec_driver_sql(self, sql, values=()):
        return Rows(self.connection.execute(sql, values))


class Rows:
    def __init__(self, cursor):
        self.cursor = cursor

    def __iter__(self):
        return iter(self.cursor)

    def all(self):
        return self.cursor.fetchall()

    def one_or_none(self):
        found = self.all()
        assert len(found) < 2
        return found[0] if found else None

    def one(self):
        found = self.one_or_none()
        assert found is not None
        return found

    def scalar(self):
        found = self.cursor.fetchone()
        return found[0] if found else None

    def mappings(self):
        names = [column[0] for column in self.cursor.description]
        return Mapped([dict(zip(names, row, strict=True)) for row in self.all()])


class Mapped(list):
    def one_or_none(self):
        return self[0] if self else None


def reseal(book, start):
    """Seal the book again from an entry on, as somebody who knows how would do."""
    previous = bytes(book.one("SELECT seal FROM ledger WHERE seq = ?", start - 1))
    for seq, body in book.rows("SELECT seq, body FROM ledger WHERE seq >= ? ORDER BY seq", start):
        previous = seal(previous, bytes(body))
        book("UPDATE ledger SET seal = ? WHERE seq = ?", previous, seq)
    book("UPDATE ledger_head SET seq = (SELECT max(seq) FROM ledger), seal = ?", previous)


def altered(book, seq, **fields):
    entry = entry_of(bytes(book.one("SELECT body FROM ledger WHERE seq = ?", seq)))
    for name in fields:
        assert hasattr(entry, name)
    said = {name: getattr(entry, name) for name in entry.__struct_fields__} | fields
    return body_of(type(entry)(**said))


def test_the_register_as_it_was_written_is_proven(book):
    proof = book.proof
    assert proof.holds, proof.wrong
    assert book.chain.holds
    assert (proof.seq, proof.entries) == (book.last, book.last)


# --- the chain ---


def middle(book):
    return book.last // 2


def change(book):
    at = middle(book)
    book("UPDATE ledger SET body = ? WHERE seq = ?", altered(book, at, p=99), at)
    return at


def remove(book):
    at = middle(book)
    book("DELETE FROM ledger WHERE seq = ?", at)
    return at


def remove_first(book):
    book("DELETE FROM ledger WHERE seq = 1")
    return 1


def remove_and_close_the_gap(book):
    at = middle(book)
    book("DELETE FROM ledger WHERE seq = ?", at)
    for seq in range(at + 1, book.last + 1):
        book("UPDATE ledger SET seq = ? WHERE seq = ?", seq - 1, seq)
    book("UPDATE ledger_head SET seq = seq - 1")
    return at


def insert(book):
    at = middle(book)
    for seq in range(book.last, at, -1):
        book("UPDATE ledger SET seq = ? WHERE seq = ?", seq + 1, seq)
    columns = "at, action, subject_kind, subject, slip, body, seal"
    book(f"INSERT INTO ledger (seq, {columns}) SELECT ?, {columns} FROM ledger WHERE seq = ?", at + 1, at)
    book("UPDATE ledger_head SET seq = seq + 1")
    return at + 1


def swap(book):
    at = middle(book)
    for old, new in ((at, -1), (at + 1, at), (-1, at + 1)):
        book("UPDATE ledger SET seq = ? WHERE seq = ?", new, old)
    return at


def swap_bodies(book):
    at = middle(book)
    bodies = [book.one("SELECT body FROM ledger WHERE seq = ?", seq) for seq in (at, at + 1)]
    for seq, body in zip((at + 1, at), bodies, strict=True):
        book("UPDATE ledger SET body = ? WHERE seq = ?", body, seq)
    return at


def replace_with_its_own_seal(book):
    at = middle(book)
    body = altered(book, at, p=99)
    previous = bytes(book.one("SELECT seal FROM ledger WHERE seq = ?", at - 1))
    book("UPDATE ledger SET body = ?, seal = ? WHERE seq = ?", body, seal(previous, body), at)
    return at + 1


def replace_the_last_with_its_own_seal(book):
    at = book.last
    body = altered(book, at, p=99)
    previous = bytes(book.one("SELECT seal FROM ledger WHERE seq = ?", at - 1))
    book("UPDATE ledger SET body = ?, seal = ? WHERE seq = ?", body, seal(previous, body), at)
    return at


def add_one_after_the_head(book):
    columns = "at, action, subject_kind, subject, slip, body, seal"
    book(f"INSERT INTO ledger (seq, {columns}) SELECT seq + 1, {columns} FROM ledger WHERE seq = ?", book.last)
    return book.last


def add_one_well_sealed_after_the_head(book):
    add_one_after_the_head(book)
    previous, body = (
        bytes(book.one("SELECT seal FROM ledger WHERE seq = ?", book.last - 1)),
        bytes(book.one("SELECT body FROM ledger WHERE seq = ?", book.last)),
    )
    book("UPDATE ledger SET seal = ? WHERE seq = ?", seal(previous, body), book.last)
    return book.last


def cut_the_tail(book):
    first = book.last - 2
    book("DELETE FROM ledger WHERE seq >= ?", first)
    return first


def garble_and_seal_again(book):
    at = middle(book)
    book("UPDATE ledger SET body = x'7B' WHERE seq = ?", at)
    reseal(book, at)
    return at


def change_two(book):
    at = middle(book)
    for seq in (at, at + 3):
        book("UPDATE ledger SET body = ? WHERE seq = ?", altered(book, seq, p=99), seq)
    return at


def insert_before_the_first(book):
    columns = "at, action, subject_kind, subject, slip, body, seal"
    book(f"INSERT INTO ledger (seq, {columns}) SELECT -1, {columns} FROM ledger WHERE seq = ?", book.last)
    return -1


CHAIN = (
    insert_before_the_first,
    change, remove, remove_first, remove_and_close_the_gap, insert, swap, swap_bodies, replace_with_its_own_seal,
    replace_the_last_with_its_own_seal, add_one_after_the_head, add_one_well_sealed_after_the_head, cut_the_tail,
    change_two,
)  # fmt: skip


@pytest.mark.parametrize("attack", CHAIN, ids=lambda attack: attack.__name__)
def test_a_chain_that_was_touched_is_found_with_its_first_wrong_entry(book, attack):
    at = attack(book)
    for proof in (book.chain, book.proof):
        assert not proof.holds
        assert proof.at == at


def test_an_entry_that_cannot_be_read_is_found_though_every_seal_follows(book):
    at = garble_and_seal_again(book)
    assert book.chain.holds
    assert book.proof.at == at


@pytest.mark.parametrize("column", ["at", "action", "subject_kind", "subject", "slip"])
def test_a_column_for_searching_that_says_other_than_the_body_is_found(book, column):
    at = middle(book)
    other = {"at": "2036-01-01", "action": "other", "subject_kind": "X", "subject": 999, "slip": 999}[column]
    book(f"UPDATE ledger SET {column} = ? WHERE seq = ?", other, at)
    assert not book.proof.holds
    assert book.proof.at == at


# --- the projections ---

CARRIER, SLIP = "UPDATE carriers SET {} WHERE id = ", "UPDATE slips SET {} WHERE id = "
PART = "INSERT INTO parts VALUES "
OF_READER = "subject_kind = 'P' AND subject = 13"
OF_CLERK = "subject_kind = 'P' AND subject = 4"

PROJECTED = {
    "a carrier's state": ("C{lent}", "state", CARRIER.format("state = 'in_stock'") + "{lent}"),
    "a carrier's level": ("C{idle}", "level", CARRIER.format("level = 'jimi'") + "{idle}"),
    "a carrier's custodian": ("C{idle}", "custodian", CARRIER.format("custodian = 9") + "{idle}"),
    "where a carrier is": ("C{idle}", "place", CARRIER.format("place = 2") + "{idle}"),
    "a due date": ("C{lent}", "due", CARRIER.format("due = '2036-01-01'") + "{lent}"),
    "a field that no entry names": ("C{idle}", None, CARRIER.format("archive_no = 'X'") + "{idle}"),
    "a carrier that is gone": ("C{idle}", None, "DELETE FROM carriers WHERE id = {idle}"),
    "a document's period": ("D1", None, "UPDATE documents SET period = 'y5' WHERE id = 1"),
    "a clearance": ("P19", None, PART + "('P', 19, 'clearance', 'cn-state', '\"juemi\"')"),
    "a clearance that is gone": ("P13", None, f"DELETE FROM parts WHERE {OF_READER} AND key = 'us-dod'"),
    "a duty": ("P13", None, PART + "('P', 13, 'duty', 'registry_clerk', '[null,null]')"),
    "a duty's end": (
        "P4", "duty.registry_clerk",
        f"UPDATE parts SET value = '[null,\"2026-01-01\"]' WHERE {OF_CLERK} AND part = 'duty'",
    ),
    "a person who left": ("P13", "open", "UPDATE persons SET open = 0 WHERE id = 13"),
    "an approval step": (
        "S{slip}", "step.1",
        "UPDATE parts SET value = replace(value, '\"by\":6', '\"by\":8') WHERE subject_kind = 'S' AND part = 'step'",
    ),
    "a slip's state": ("S{slip}", "state", SLIP.format("state = 'closed'") + "{slip}"),
    "a slip line": ("S{slip}", "line.1", "UPDATE slip_lines SET status = 'returned' WHERE slip = {slip}"),
    "a slip line that was added": (
        "S{slip}", None, "INSERT INTO slip_lines (slip, no, carrier, status) VALUES ({slip}, 2, {idle}, 'out')",
    ),
    "the carrier of a slip line, hidden where no list looks": (
        "S{slip}", "line.1",
        "UPDATE slip_lines SET data = json_object('carrier', carrier), carrier = NULL WHERE slip = {slip}",
    ),
    "a part that is no JSON": ("P13", None, "UPDATE parts SET value = '{{' WHERE subject_kind = 'P' AND subject = 13"),
    "a way back that is no JSON": ("C{lent}", "back", CARRIER.format("back = '{{'") + "{lent}"),
    "a number in bytes": ("C{idle}", "number", CARRIER.format("number = x'41'") + "{idle}"),
    "a slip line that is gone": ("S{slip}", "line.1", "DELETE FROM slip_lines WHERE slip = {slip}"),
    "a number series": ("N1", "next", "UPDATE series SET next = next - 1 WHERE id = 1"),
    "a regime in force that no question finds": ("G1", "in_force", "UPDATE regimes SET in_force = 2 WHERE id = 1"),
    "the regime in force": ("G1", "in_force", "UPDATE regimes SET in_force = 0 WHERE id = 1"),
    "which text a regime has": (
        "G1", "text", "UPDATE regimes SET text = (SELECT text FROM regimes WHERE id = 2) WHERE id = 1",
    ),
    "a place's grade": ("L4", "grade", "UPDATE places SET grade = 9 WHERE id = 4"),
    "an account's person": ("A1", "person", "UPDATE accounts SET person = 2 WHERE id = 1"),
    "the unit's name": ("R1", "unit", "UPDATE register SET unit = 'other'"),
}  # fmt: skip


@pytest.mark.parametrize("edited", PROJECTED)
def test_a_projection_that_was_edited_is_found_with_the_entry_it_denies(book, edited):
    subject, field, sql = PROJECTED[edited]
    subject = subject.format(**book.known)
    entries = book.rows("SELECT seq FROM ledger WHERE subject_kind = ? AND subject = ?", subject[0], int(subject[1:]))
    assert entries, f"nothing was said of {subject}"
    book(sql.format(**book.known))
    proof = book.proof
    assert not proof.holds
    assert str(proof.subject) == subject
    assert (proof.at,) in entries
    assert field is None or proof.at == book.said(subject, field)
    assert verify_subject(Faced(book.connection), Ref.read(subject)) is not None


@pytest.mark.parametrize(("kind", "subject"), [("C{0}", "{1}"), ("", "C{0}{1}")])
def test_an_entry_hidden_from_its_subject_by_where_kind_and_number_are_cut_is_found(tmp_path, kind, subject):
    unit = Unit(tmp_path / "book")
    try:
        lent = max(bring(unit, copies=12))
        lend = Lend(borrower=unit.people["reader"], due=unit.today)
        unit.do(lend, lent, slip=unit.approved(lend, lent))
        with unit.database.writing() as connection:
            run = connection.exec_driver_sql
            run("DROP TRIGGER ledger_no_update")
            run("UPDATE ledger SET subject_kind = ?, subject = ? WHERE action = 'lend' AND subject_kind = 'C'",
                tuple(text.format(*str(lent)) for text in (kind, subject)))  # fmt: skip
            run(TRIGGERS[0])
            # Now the row, and what is counted, are put back to what the entries say that are left.
            run("UPDATE carriers SET (state, place, hands, due, back, slip) = (SELECT state, place, hands, due, back,"
                " NULL FROM carriers WHERE id = 1) WHERE id = ?", (lent,))  # fmt: skip
            run("UPDATE holdings SET n = n + 1 WHERE state = 'in_stock'")
            run("UPDATE holdings SET n = 0 WHERE state = 'loan'")
            assert not verify_full(connection).holds
            assert not verify_new(connection, 1, bytes(run("SELECT seal FROM ledger WHERE seq = 1").scalar())).holds
    finally:
        unit.close()


def test_a_row_that_nobody_entered_is_found(book):
    book("INSERT INTO persons (id, name, open) SELECT 77, name, 1 FROM persons WHERE id = 13")
    assert str(book.proof.subject) == "P77"


def test_the_first_of_several_edits_is_named(book):
    book("UPDATE carriers SET level = 'jimi' WHERE id = ?", book.known["lent"])
    book("UPDATE places SET grade = 9 WHERE id = 4")
    assert str(book.proof.subject) == "L4"


def test_a_counter_that_was_edited_is_found(book):
    book("UPDATE holdings SET n = n + 1 WHERE state = 'loan'")
    proof = book.proof
    assert not proof.holds
    assert proof.wrong.values["kept"] == 2
    assert proof.wrong.values["counted"] == 1


def test_a_counter_that_is_gone_or_was_invented_is_found(book):
    book("DELETE FROM holdings WHERE state = 'loan'")
    assert not book.proof.holds
    book("INSERT INTO holdings VALUES ('mimi', 'loan', 'paper', 4, 1)")
    assert book.proof.holds
    book("INSERT INTO holdings VALUES ('mimi', 'lost', 'paper', 0, 3)")
    assert not book.proof.holds


TEXT_OF = "(SELECT title FROM documents WHERE id = 1)"
TEXTS = {
    "its words": f"UPDATE texts SET words = 'harmless' WHERE digest = {TEXT_OF}",
    "its salt": f"UPDATE texts SET salt = x'00' WHERE digest = {TEXT_OF}",
    "its digest": f"UPDATE texts SET digest = 'A' || substr(digest, 2) WHERE digest = {TEXT_OF}",
    "it is gone": f"DELETE FROM texts WHERE digest = {TEXT_OF}",
    "its words are gone and nobody withdrew them": f"UPDATE texts SET words = NULL WHERE digest = {TEXT_OF}",
    "the text of a regime": "UPDATE texts SET words = 'x' || words WHERE digest = (SELECT text FROM regimes LIMIT 1)",
    "the words of a remark": "UPDATE texts SET words = 'nothing is torn' WHERE words = 'a corner is torn'",
}  # fmt: skip


@pytest.mark.parametrize("edited", TEXTS)
def test_a_text_that_was_edited_is_found(book, edited):
    digest = book.one(f"SELECT digest FROM texts WHERE {TEXTS[edited].partition(' WHERE ')[2]}")
    book(TEXTS[edited])
    proof = book.proof
    assert not proof.holds
    bodies = book.rows("SELECT seq, body FROM ledger ORDER BY seq")
    if edited != "its digest":
        assert proof.at == next(seq for seq, body in bodies if digest.encode() in bytes(body))


def test_words_that_are_gone_need_an_entry_that_withdrew_them(book):
    digest = book.one("SELECT digest FROM texts WHERE words = 'a corner is torn'")
    book("UPDATE texts SET words = NULL, withdrawn = ? WHERE digest = ?", middle(book), digest)
    assert not book.proof.holds
    book("UPDATE texts SET withdrawn = (SELECT seq FROM ledger WHERE instr(body, ?)) WHERE digest = ?", digest, digest)
    assert not book.proof.holds, "the entry that wrote it down withdrew nothing"


@pytest.mark.parametrize("odd", ["salt = 'salt'", "words = x'00'", "digest = x'00'"])
def test_a_text_of_another_type_is_found(book, odd):
    book(f"UPDATE texts SET {odd} WHERE digest = {TEXT_OF}")
    assert not book.proof.holds


def test_a_document_that_no_search_finds_any_more_is_found(book):
    book("DELETE FROM search WHERE rowid = 1")
    proof = book.proof
    assert (proof.holds, str(proof.subject)) == (False, "D1")


def test_a_book_from_which_two_people_withdrew_a_title_is_proven(tmp_path):
    unit = Unit(tmp_path / "book")
    try:
        bring(unit, title="this title is a secret itself")
        withdraw = WithdrawText(what="title", second=unit.people["officer"], reason="classified itself")
        unit.do(withdraw, Ref(Subject.DOCUMENT, 1), signed={"second": "officer"})
        with unit.database.reading() as connection:
            kept = connection.exec_driver_sql("SELECT count(*) FROM texts WHERE words LIKE 'this title%'").scalar()
            proof = verify_full(connection)
        assert kept == 0
        assert proof.holds, proof.wrong
    finally:
        unit.close()


def test_a_text_that_no_entry_names_is_found(book):
    book("INSERT INTO texts (digest, salt, words) VALUES ('~x', x'00', 'smuggled in')")
    assert not book.proof.holds


def test_words_that_were_withdrawn_and_are_back_are_found(tmp_path):
    unit = Unit(tmp_path / "book")
    try:
        bring(unit, title="this title is a secret itself")
        with unit.database.reading() as connection:
            kept = connection.exec_driver_sql(f"SELECT words, digest FROM texts WHERE digest = {TEXT_OF}").one()
        withdraw = WithdrawText(what="title", second=unit.people["officer"], reason="classified itself")
        unit.do(withdraw, Ref(Subject.DOCUMENT, 1), signed={"second": "officer"})
        with unit.database.writing() as connection:  # from a backup of the day before
            connection.exec_driver_sql("UPDATE texts SET words = ?, withdrawn = NULL WHERE digest = ?", tuple(kept))
        with unit.database.reading() as connection:
            assert not verify_full(connection).holds
    finally:
        unit.close()


# --- a whole book rewritten ---


def test_a_tail_cut_off_with_its_head_and_projections_is_found_only_by_a_later_anchor(book):
    at = book.last
    anchor = Anchor("107", at, bytes(book.one("SELECT seal FROM ledger WHERE seq = ?", at)))
    remark = book.one("SELECT max(seq) FROM ledger WHERE action = 'say'")
    assert remark == at
    book("DELETE FROM ledger WHERE seq = ?", at)
    book("DELETE FROM texts WHERE words = 'a corner is torn'")
    book("UPDATE ledger_head SET seq = ?, seal = (SELECT seal FROM ledger WHERE seq = ?)", at - 1, at - 1)
    assert book.proof.holds, "the cut book is a book: nothing in it says that it was longer"
    with pytest.raises(IndexError):
        book.one("SELECT seal FROM ledger WHERE seq = ?", anchor.seq)


def test_a_book_sealed_again_after_a_change_is_found_by_any_anchor_after_it(book):
    at = middle(book)
    anchor = Anchor("107", book.last, bytes(book.one("SELECT seal FROM ledger WHERE seq = ?", book.last)))
    book("UPDATE ledger SET body = ? WHERE seq = ?", altered(book, at, p=99), at)
    reseal(book, at)
    assert book.chain.holds
    assert bytes(book.one("SELECT seal FROM ledger WHERE seq = ?", anchor.seq)) != anchor.seal


# --- what is new since it was last looked at ---


def test_what_is_new_is_proven_from_the_last_verified_head(tmp_path):
    unit = Unit(tmp_path / "book")
    try:
        with unit.database.reading() as connection:
            before = verify_full(connection)
        (carrier,) = bring(unit)
        with unit.database.reading() as connection:
            new = verify_new(connection, before.seq, before.seal)
        assert new.holds
        assert new.entries == unit.length() - before.seq
        with unit.database.writing() as connection:
            connection.exec_driver_sql("UPDATE carriers SET pages = 1 WHERE id = ?", (carrier,))
        with unit.database.reading() as connection:
            wrong = verify_new(connection, before.seq, before.seal)
            assert wrong.subject == Ref(Subject.CARRIER, carrier)
            assert not verify_new(connection, before.seq - 1, before.seal).holds
            assert not verify_new(connection, unit.length() + 5, before.seal).holds
    finally:
        unit.close()


def test_progress_is_told_while_it_runs_and_ends_at_the_whole(told):
    unit, _ = told
    heard = []
    with unit.database.reading() as connection:
        verify_full(connection, lambda done, of: heard.append((done, of)))
    assert heard[-1] == (unit.length(), unit.length())


def test_a_book_in_which_carriers_ended_is_proven(tmp_path):
    unit = Unit(tmp_path / "book")
    try:
        unit.do(Bring(title="one", copies=2))
        with unit.database.reading() as connection:
            states = connection.exec_driver_sql("SELECT DISTINCT state FROM carriers").scalars().all()
            assert states == [State.IN_STOCK]
            assert verify_full(connection).holds
    finally:
        unit.close()
