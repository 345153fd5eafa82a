"""What a file had otherwise is settled line by line, and the slip closes with the last."""

import pytest

from app.actions.corrections import CorrectDocument
from app.actions.custody import Lend, MoveTo
from app.actions.differences import SettleDifference
from app.actions.imports import BeginImport, Difference, OpenCorrection
from app.actions.marking import ChangeLevel
from app.domain.slip import SlipState
from app.store.proof import verify_full
from tests.actions.shelf import document_of, on_shelf
from tests.unit import Unit


@pytest.fixture
def carriers(unit: Unit) -> list[int]:
    return on_shelf(unit, 2)


@pytest.fixture
def slip(unit: Unit, carriers: list[int]) -> int:
    """Title and holder of the first, pages of the second."""
    imported = unit.do(BeginImport(digest="00", name="book.csv")).subjects[0].id
    found = (
        Difference(carriers[0], 1, "title", "plan", "work plan", free=True),
        Difference(carriers[0], 1, "holder", None, "reader"),
        Difference(carriers[1], 2, "pages", 12, 14),
    )
    return unit.do(OpenCorrection(imported=imported, differences=found)).subjects[0].id


def settled(unit: Unit, slip: int) -> list[str]:
    return [line["status"] for line in unit.slip_lines(slip).values()]


def test_each_difference_is_settled_and_the_last_closes_the_slip(unit: Unit, slip: int, carriers: list[int]) -> None:
    stands = SettleDifference(outcome="stands", reason="the paper has 12 pages")
    unit.do(stands, carriers[1], slip=slip)
    assert (settled(unit, slip), unit.slip(slip).state) == (["listed", "listed", "stands"], SlipState.EXECUTING)
    assert set(unit.why_not(stands, carriers[1], slip=slip)) == {"difference_is_open"}
    corrected = SettleDifference(outcome="corrected", reason="the title page says so")
    assert set(unit.why_not(corrected, carriers[0], slip=slip)) == {"book_was_corrected"}
    title = CorrectDocument(what="title", old="plan", new="work plan", reason="typing", second=unit.people["clerk2"])
    document = document_of(unit, carriers[0])
    entry = next(seq for seq, each in enumerate(unit.entries(), 1) if each.o == f"D{document}")
    unit.do(title, document, signed={"second_clerk": "clerk2"}, corrects=entry)
    assert set(unit.why_not(corrected, carriers[0], slip=slip)) == {"book_was_corrected"}  # nobody has it yet
    lend = Lend(borrower=unit.people["reader"], due=unit.today)
    unit.do(lend, carriers[0], slip=unit.approved(lend, carriers[0]))
    unit.do(corrected, carriers[0], slip=slip)
    assert (settled(unit, slip), unit.slip(slip).state) == (["corrected", "corrected", "stands"], SlipState.CLOSED)
    assert unit.slip(slip).done == 3
    with unit.database.reading() as connection:
        assert verify_full(connection).holds


def test_nothing_is_settled_that_no_file_had_otherwise(unit: Unit, carriers: list[int]) -> None:
    stands = SettleDifference(outcome="stands", reason="x")
    assert set(unit.why_not(stands, carriers[0])) == {"difference_is_open"}


def one(unit: Unit, carrier: int, field: str, ours: str | None, theirs: str | None) -> int:
    """The slip of one difference."""
    imported = unit.do(BeginImport(digest="00", name="book.csv")).subjects[0].id
    found = Difference(carrier, 1, field, ours, theirs)
    return unit.do(OpenCorrection(imported=imported, differences=(found,))).subjects[0].id


@pytest.mark.parametrize(("field", "ours", "theirs"), [
    ("level", "jimi", "mimi"), ("period", "10y", "9y"), ("period", "10y", None), ("state", "in_stock", "loan"),
    ("holder", None, "reader"), ("place", "safe", "room"), ("due", None, "2026-05-11"),
    ("custodian", "clerk", "clerk2"), ("archive_no", None, "A-1"),
])  # fmt: skip
def test_what_an_act_changes_is_not_taken_at_its_word(
    unit: Unit, field: str, ours: str | None, theirs: str | None
) -> None:
    carrier = on_shelf(unit, 1, period="10y")[0]
    corrected = SettleDifference(outcome="corrected", reason="as the paper says")
    refused = unit.why_not(corrected, carrier, slip=one(unit, carrier, field, ours, theirs))
    assert set(refused) == {"book_was_corrected"}
    assert refused["book_was_corrected"].remedy is not None
    # The book says so now: there is nothing against it.
    assert unit.why_not(corrected, carrier, slip=one(unit, carrier, field, theirs, ours)) == {}


def test_level_period_and_custody_are_settled_once_their_act_was_done(unit: Unit) -> None:
    carrier = on_shelf(unit, 1, period="10y")[0]
    corrected = SettleDifference(outcome="corrected", reason="as the paper says")
    document = document_of(unit, carrier)
    level, place = one(unit, carrier, "level", "jimi", "mimi"), one(unit, carrier, "place", "safe", "room")
    change = ChangeLevel(document=document, level="mimi", period="5y")
    unit.do(change, document, slip=unit.approved(change))
    unit.do(MoveTo(place=unit.places["room"]), carrier)
    for slip in (level, place, one(unit, carrier, "period", "10y", "5y")):
        unit.do(corrected, carrier, slip=slip)
        assert unit.slip(slip).state is SlipState.CLOSED


def test_what_no_act_changes_is_taken_at_its_word(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    slip = one(unit, carrier, "copies_of", "1", "3")
    unit.do(SettleDifference(outcome="corrected", reason="noted on the card"), carrier, slip=slip)
    assert settled(unit, slip) == ["corrected"]
