"""An empty list says why it is empty and offers the step that fills it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.action_dialog import ActionDialog
from app.ui.beginning import NewScannedSlip
from app.ui.pages.life import CHAPTERS
from app.ui.table import Table
from tests.ui.clerk import Clerk


@pytest.fixture
def clerk(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Clerk]:
    sitting = Clerk(qtbot, tmp_path / "book")
    yield sitting
    sitting.close()


def said(table: Table) -> tuple[str, str]:
    nothing = table._empty
    assert nothing.isVisible()
    return nothing.words.text(), nothing.step.text() if nothing.step.isVisible() else ""


@pytest.mark.parametrize("chapter", [each.code for each in CHAPTERS])
def test_every_chapter_offers_what_begins_there(clerk: Clerk, chapter: str) -> None:
    page = clerk.go(chapter)
    words, step = said(page.pane.table)
    assert len(words.split()) > 5
    assert step == page.news()[0][0]


def test_the_button_of_an_empty_chapter_begins_it(clerk: Clerk) -> None:
    page = clerk.go("outgoing")
    page.pane.table._empty.step.click()
    clerk.dialog(NewScannedSlip).close()
    clerk.go("documents").widget.table._empty.step.click()
    clerk.dialog(ActionDialog).close()
    clerk.go("carriers").widget.table._empty.step.click()
    assert clerk.page.code == "today"


def test_what_was_narrowed_too_far_is_shown_whole_again(clerk: Clerk) -> None:
    clerk.copies = clerk.stage_copies(1)
    clerk.stage_loan(clerk.copies)
    slips = clerk.go("loans").pane
    slips.number.setText("L-1999")
    clerk.until(lambda: said(slips.table)[1] == "Show all")
    slips.table._empty.step.click()
    clerk.until(lambda: len(slips.rows.lines) == 1)
    for page in ("carriers", "documents"):
        view = clerk.go(page).widget
        view.search.setText("nowhere")
        view.search.returnPressed.emit()
        clerk.settle()
        assert said(view.table)[1] == "Show all"
        view.table._empty.step.click()
        clerk.until(lambda view=view: len(view.rows.lines) == 1)
        assert view.search.text() == ""
