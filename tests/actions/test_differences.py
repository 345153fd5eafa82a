"""What a file had otherwise is settled line by line, and the slip closes with the last."""

import pytest

from app.actions.corrections import CorrectDocument
from app.actions.differences import SettleDifference
from app.actions.imports import BeginImport, Difference, OpenCorrection
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
        Difference(carriers[0], 1, "holder", None, "Li"),
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
    unit.do(corrected, carriers[0], slip=slip)
    assert (settled(unit, slip), unit.slip(slip).state) == (["corrected", "corrected", "stands"], SlipState.CLOSED)
    assert unit.slip(slip).done == 3
    with unit.database.reading() as connection:
        assert verify_full(connection).holds


def test_nothing_is_settled_that_no_file_had_otherwise(unit: Unit, carriers: list[int]) -> None:
    stands = SettleDifference(outcome="stands", reason="x")
    assert set(unit.why_not(stands, carriers[0])) == {"difference_is_open"}
