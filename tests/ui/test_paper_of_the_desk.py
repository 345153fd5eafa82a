"""Paper printed from the desk itself: the books of the year, for those who keep them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from pytestqt.qtbot import QtBot

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


def test_the_books_of_the_year_are_the_clerks(at: Callable[[str], Clerk]) -> None:
    assert {LOG, INCOMING}.isdisjoint(commands(at("sun")))
