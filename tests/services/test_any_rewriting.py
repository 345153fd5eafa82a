"""However whoever has the key rewrites a book: a paper printed after the place says so, and one before it holds."""

from random import Random

import pytest

from app.actions.vouchers import OpenSlip
from app.domain.ledger import seal
from app.services import printing
from app.services.scanned_papers import paper_named
from app.store.proof import verify_chain
from tests.services.simple import bring
from tests.unit import Unit


def cut(bodies, at):
    return bodies[:at]


def changed(bodies, at):
    return [*bodies[: at - 1], bodies[at - 1] + b" ", *bodies[at:]]


def forked(bodies, at):
    return [*bodies[: at - 1], *(body.replace(b'"p":4', b'"p":5') + b" " for body in bodies[at - 1 :])]


def swapped(bodies, at):
    return [*bodies[: at - 1], bodies[at], bodies[at - 1], *bodies[at + 1 :]]


def removed(bodies, at):
    return [*bodies[: at - 1], *bodies[at:]]


def inserted(bodies, at):
    return [*bodies[:at], bodies[at - 1], *bodies[at:]]


HOW = (cut, changed, forked, swapped, removed, inserted)


@pytest.mark.parametrize("leave_the_seals_on_paper", [False, True])
@pytest.mark.parametrize("how", HOW)
def test_every_paper_tells(tmp_path, how, leave_the_seals_on_paper):
    unit, chance, papers = Unit(tmp_path / "unit"), Random(how.__name__), {}
    for _ in range(3):
        bring(unit, copies=chance.randrange(1, 4))
        code = printing.print_form(unit.desk(), "delivery_list", slip_of(unit)).anchor
        papers[int(code.split(":")[2])] = code
    with unit.database.writing() as connection:
        run = connection.exec_driver_sql
        for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            run(f"DROP TRIGGER {name}")
        stood = run("SELECT body, seal FROM ledger ORDER BY seq").all()
        at = chance.randrange(min(papers) + 1, max(papers))
        run("DELETE FROM ledger")
        previous = bytes(32)
        for seq, body in enumerate(how([bytes(body) for body, _ in stood], at), 1):
            previous = seal(previous, body)
            if leave_the_seals_on_paper and seq in papers:
                previous = bytes(stood[seq - 1][1])
            run("INSERT INTO ledger VALUES (?, '', '', 'C', 1, NULL, ?, ?)", (seq, body, previous))
        run("UPDATE ledger_head SET seq = ?, seal = ?", (seq, previous))
    first = at + 1 if how in (cut, inserted) else at
    assert [number for number in papers if number < first], "one paper lies before it"
    for number, code in papers.items():
        scanned = unit.desk().read(paper_named, code).verdict
        commanded = unit.desk().read(verify_chain).holds and unit.desk().read(printing.verify_anchor, code).holds
        assert scanned.holds == (number < first), (number, at, scanned.sentence)
        assert not (commanded and number >= first)
    unit.close()


def slip_of(unit):
    return unit.do(OpenSlip(slip="parcel", act="dispatch")).subjects[0]
