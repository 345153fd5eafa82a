"""Paper printed from the desk itself: the books of the year, for those who keep them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pytestqt.qtbot import QtBot

from app.actions import CATALOGUE
from app.domain.action import Ref, Refusal, Subject
from app.domain.words import N_, says
from app.services import cups
from app.services.desk import Refused
from app.ui import printing
from app.ui.preview import Preview
from tests.ui.clerk import Clerk

LOG, INCOMING = "Print this year's loan log", "Print this year's incoming register"


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[str], Clerk]]:
    """Whoever is named, at the window."""
    sitting: list[Clerk] = []

    def sit(login: str) -> Clerk:
        sitting.append(Clerk(qtbot, tmp_path / "register", login))
        return sitting[-1]

    yield sit
    for person in sitting:
        person.close()


def commands(person: Clerk) -> dict[str, Callable[[], object]]:
    return {each.label: each.do for each in person.window._commands}


def test_the_clerk_prints_the_loan_log_of_the_year(at: Callable[[str], Clerk]) -> None:
    chen = at("chen")
    slip = chen.stage_loan(chen.stage_copies(2))
    commands(chen)[LOG]()
    chen.settle()
    preview = chen.dialog(Preview)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(preview.paper.pdf)).pages)
    assert text.count(chen.stage.slip(slip).number) == 2
    assert preview.windowTitle() == "Loan log"
    preview.done(0)


def test_letter_paper_and_the_offset_of_the_printer_are_drawn_and_remembered(
    at: Callable[[str], Clerk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The millimetres of the preview go down, those of the page go up."""
    monkeypatch.setattr(cups, "printers", lambda: ("Office",))
    chen = at("chen")
    commands(chen)["Print the command card"]()
    chen.settle()
    preview = chen.dialog(Preview)
    above = heights(preview._pdf)
    preview._on_paper.setCurrentText("Letter")
    preview._down.setValue(3.0)
    chen.until(preview._print.isEnabled)
    page = PdfReader(BytesIO(preview._pdf)).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (612, 792)
    assert heights(preview._pdf)[0] == pytest.approx(above[0] - (842 - 792) - 3 / 25.4 * 72, abs=0.5)
    preview._printing.remember("Office", preview._lie)
    preview.done(0)
    assert (chen.place.settings.paper, chen.place.settings.offsets) == ("Letter", {"Office": (0.0, 3.0)})
    commands(chen)["Print the command card"]()
    chen.settle()
    again = chen.dialog(Preview)
    chen.until(again._print.isEnabled)
    assert heights(again._pdf) == heights(preview._pdf)
    again.done(0)


def test_why_a_paper_cannot_be_drawn_anew_stands_in_its_preview(
    at: Callable[[str], Clerk], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cups, "printers", lambda: ("Office",))
    chen = at("chen")
    commands(chen)["Print the command card"]()
    chen.settle()
    preview = chen.dialog(Preview)

    def refused(*_asked: object) -> bytes:
        raise Refused([Refusal("form_can_be_drawn", says(N_("The register does not know this code.")))])

    monkeypatch.setattr(printing, "arranged", refused)
    preview._on_paper.setCurrentText("Letter")
    chen.until(preview._outcome.isVisible)
    assert preview._outcome.text().startswith("The register does not know this code.")
    assert preview._print.isEnabled()
    preview.done(0)


def heights(pdf: bytes) -> list[float]:
    """How high above the edge each run of text stands, the highest first."""
    found: list[float] = []

    def visit(text: str, matrix: Any, line: Any, _font: Any, _size: float) -> None:
        if text.strip():
            found.append(matrix[5] + line[5])

    PdfReader(BytesIO(pdf)).pages[0].extract_text(visitor_text=visit)
    return sorted(found, reverse=True)


def test_the_books_of_the_year_are_the_clerks(at: Callable[[str], Clerk]) -> None:
    assert {LOG, INCOMING}.isdisjoint(commands(at("sun")))


def test_labels_that_were_only_looked_at_are_not_taken_for_printed_without_a_word(
    at: Callable[[str], Clerk], tmp_path: Path
) -> None:
    chen = at("chen")
    (number,) = chen.stage_copies(1)
    spoil: Any = CATALOGUE["destroy_label"]
    chen.stage.do(spoil(reason="torn"), [number])
    chen.place.preview("carrier_labels", Ref(Subject.CARRIER, number))
    chen.settle()
    first = chen.dialog(Preview)
    first.reject()
    chen.settle()
    notice = chen.place.notices.newest
    assert notice is not None
    assert "No label was printed or saved" in notice.words
    notice.links[0].do()
    chen.settle()
    again = chen.dialog(Preview)
    assert again.paper.pdf == first.paper.pdf, "no reprint: none has left"
    again.save_as(tmp_path / "labels.pdf")
    chen.settle()
    again.reject()
    chen.settle()
    said = [each.words for each in chen.place.notices.history if "No label was printed" in each.words]
    assert len(said) == 1
