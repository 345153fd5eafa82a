"""No statement works harder because the book is longer: what SQLite did is counted in a small and a larger register."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.actions import CATALOGUE
from app.actions.custody import Lend, MoveTo, ReturnLoan
from app.actions.keeping import NameKeeper
from app.actions.office import ClearPerson
from app.actions.reconciling import ReconcileEnvelope
from app.domain.action import Line, Ref, Subject, questions
from app.domain.numbering import payload
from app.services.desk import Desk
from app.services.offers import offers
from app.store import reads
from app.store.reads import CarrierFilter, DocumentFilter, SlipFilter
from app.store.reads.places import envelope_of_slip
from tests.unit import REGISTER_NUMBER, Unit

FEW, MANY = 8, 48
"""Envelopes of five copies each, and loans that came back."""
PAGE = 5
SENTENCES = {code: action.told for code, action in CATALOGUE.items()}
QUESTIONS = {code: questions(action) for code, action in CATALOGUE.items()}
Steps = dict[str, int]
"""The most steps of SQLite's machine that one run of each statement took."""


def grown(folder: Path, groups: int) -> Unit:
    """A register with so many envelopes, and as many loans that are long closed."""
    unit = Unit(folder)
    for group in range(groups):
        envelope = unit.envelope_of(f"E-{group}", 5)
        copies = unit.received(5, envelope=envelope)
        unit.do(ReconcileEnvelope(counted=5), Ref(Subject.ENVELOPE, envelope))
        lend = Lend(borrower=unit.people["reader"], due=unit.today + timedelta(days=9))
        unit.do(lend, copies[0], slip=unit.approved(lend, copies[0], by="clerk", party="reader"))
        unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, copies[0]), {"pages": 4}))
    return unit


@contextmanager
def counted() -> Iterator[Steps]:
    """What each statement costs meanwhile."""
    most: Steps = {}
    now: Counter[str] = Counter()

    def begin(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        now.clear()

        def step() -> int:
            now[statement] += 1
            most[statement] = max(most.get(statement, 0), now[statement])
            return 0

        connection.connection.driver_connection.set_progress_handler(step, 1)

    event.listen(Engine, "before_cursor_execute", begin)
    try:
        yield most
    finally:
        event.remove(Engine, "before_cursor_execute", begin)


def everything(unit: Unit) -> None:
    """What every page, every card and the usual acts ask of a register."""
    desk, today = unit.desk(), unit.today
    viewer = desk.read(lambda connection: reads.viewer_of(connection, unit.people["clerk"], today))
    for query in _reads(unit, desk, viewer):
        query()
    carrier = Ref(Subject.CARRIER, 2)
    for ref in (carrier, Ref(Subject.DOCUMENT, 1), Ref(Subject.PERSON, unit.people["reader"])):
        offers(desk, ref)
    move = MoveTo(place=unit.places["room"])
    desk.refusals(move, [carrier])
    desk.refusals(NameKeeper(keeper=unit.people["clerk"]), [Ref(Subject.PLACE, unit.places["safe"])])
    narrower = ClearPerson(regime="cn-state", level="jimi")
    unit.desk("officer").refusals(narrower, [Ref(Subject.PERSON, unit.people["authority"])])
    unit.do(move, 2)
    lend = Lend(borrower=unit.people["reader"], due=today + timedelta(days=9))
    unit.do(lend, 3, slip=unit.approved(lend, 3, by="clerk", party="reader"))
    unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, 3), {"pages": 4}))


def _reads(unit: Unit, desk: Desk, viewer: Any) -> Iterator[Callable[[], Any]]:
    def ask(query: Any, *args: Any, **more: Any) -> Callable[[], Any]:
        return lambda: desk.read(query, *args, **more)

    today, reader = unit.today, unit.people["reader"]
    yield ask(reads.today_items, today, reads.limits_of(desk.regimes()), viewer=viewer)
    for query in (reads.holdings, reads.holdings_by_department, reads.open_slips, reads.ledger_head, reads.book_totals):
        yield ask(query)
    yield ask(reads.overdue_by_week, today, 8)
    for filters in (
        CarrierFilter(),
        CarrierFilter(level="mimi"),
        CarrierFilter(document=1),
        CarrierFilter(custodian=4),
    ):
        yield ask(reads.carrier_page, filters, "newest", None, PAGE, viewer=viewer)
    yield ask(reads.document_page, DocumentFilter(), "newest", None, PAGE, viewer=viewer)
    for narrowed in (
        SlipFilter(), SlipFilter(is_open=True), SlipFilter(kinds=("loan",), is_open=True),
        SlipFilter(kinds=("loan", "receipt"), is_open=True), SlipFilter(party=reader, is_open=True),
        SlipFilter(kinds=("loan",)),
    ):  # fmt: skip
        yield ask(reads.slip_page, narrowed, None, PAGE, viewer=viewer)
    yield ask(reads.envelope_page, (), None, PAGE)
    yield ask(reads.people_page, "", None, PAGE)
    yield ask(reads.carrier_card, 1, viewer=viewer)
    yield ask(reads.document_card, 1, viewer=viewer)
    yield ask(reads.person_card, reader, today, viewer=viewer)
    yield ask(reads.applications_for, 1, viewer=viewer)
    yield ask(reads.slips_of_carrier, 1, viewer=viewer)
    for slip in (1, 2):
        yield ask(reads.slip_card, slip, viewer=viewer)
        yield ask(reads.slip_lines, slip, None, PAGE, viewer=viewer)
        yield ask(reads.scans_of, slip, None, PAGE, viewer=viewer)
        yield ask(envelope_of_slip, slip)
    yield ask(reads.scan, payload("C", REGISTER_NUMBER, 1), viewer=viewer)
    for kind in (Subject.CARRIER, Subject.DOCUMENT, Subject.SLIP):
        yield ask(reads.history_of, Ref(kind, 1), None, 7, sentences=SENTENCES, questions=QUESTIONS)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Unit, Unit]]:
    folder = tmp_path_factory.mktemp("growth")
    units = grown(folder / "small", FEW), grown(folder / "large", MANY)
    yield units
    for unit in units:
        unit.close()


def growing(both: tuple[Unit, Unit], do: Callable[[Unit], None]) -> dict[str, tuple[int, int]]:
    """The statements that took more in the larger register, with both figures."""
    with counted() as small:
        do(both[0])
    with counted() as large:
        do(both[1])
    assert len(small) > 0
    return {
        statement: (small[statement], steps)
        for statement, steps in large.items()
        if statement in small and steps > 1.5 * small[statement] + 60
    }


def test_no_statement_works_harder_because_the_book_is_longer(both: tuple[Unit, Unit]) -> None:
    assert growing(both, everything) == {}


@pytest.mark.parametrize(
    "planted",
    [
        "SELECT 1 FROM slips WHERE kind = 'loan' AND state IN (SELECT value FROM json_each('[1]')) ORDER BY id",
        "SELECT id FROM envelopes WHERE +slip = 1",
        "SELECT id FROM carriers WHERE pages > 9999 LIMIT 1",
        "SELECT document FROM carriers GROUP BY document ORDER BY count(*) LIMIT 1",
    ],
)
def test_a_statement_that_does_is_caught(both: tuple[Unit, Unit], planted: str) -> None:
    def ask(unit: Unit) -> None:
        unit.desk().read(lambda connection: connection.exec_driver_sql(planted).all())

    assert list(growing(both, ask)) == [planted]
