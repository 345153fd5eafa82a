"""What the stories of bad input share: both languages at once, and a register that must not have moved."""

from contextlib import contextmanager

from app.i18n import CHINESE, ENGLISH, render, translate
from app.store.proof import verify_full

NAUGHTY = "tests/data/naughty-strings.txt"
TABLES = ("ledger", "texts", "carriers", "documents", "persons", "slips", "envelopes", "series", "search")


def in_both(sentence):
    """A sentence as people read it in English; in Chinese it is said too, wherever the catalogue knows it."""
    english, chinese = render(sentence, ENGLISH), render(sentence, CHINESE)
    assert english.strip()
    assert chinese.strip()
    assert "{" not in sentence.msgid.format_map(_Anything())
    if translate(sentence.msgid, CHINESE) != sentence.msgid:
        assert any("\u3400" <= sign <= "\u9fff" for sign in chinese), chinese
    return english


class _Anything(dict):
    """A value for every place of a sentence."""

    def __missing__(self, name):
        return 1


def state_of(database):
    """The end of the book, and every row that an act could have touched."""
    with database.reading() as connection:
        head = connection.exec_driver_sql("SELECT seq, hex(seal) FROM ledger_head").one()
        counts = [connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in TABLES]
    return (*head, *counts)


@contextmanager
def nothing_moves(database):
    """Whatever is tried inside, the register is afterwards what it was, and proves whole."""
    before = state_of(database)
    yield
    assert state_of(database) == before
    whole(database)


def whole(database):
    """The book and everything derived from it agree."""
    with database.reading() as connection:
        proof = verify_full(connection)
    assert proof.holds, proof.wrong
