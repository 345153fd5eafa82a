"""What the window says of a scan: beside the line, above the page, in the card; and when that is past."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.action import Ref, Subject
from app.domain.numbering import payload
from app.services import slips
from app.stage import REGISTER
from app.ui.lock import LockScreen
from app.ui.paper import Paper, Printing
from app.ui.preview import Preview
from app.ui.refused_scans import OverTop
from tests.ui.clerk import Clerk

GOODS = ("6901234567892", "036000291452", "16901234567899")
"""EAN-13, UPC-A and the box they come in."""


@pytest.fixture
def clerk(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Clerk]:
    sitting = Clerk(qtbot, tmp_path / "book")
    sitting.copies = sitting.stage_copies(2)
    yield sitting
    sitting.close()


def said(clerk: Clerk) -> str:
    newest = clerk.place.notices.newest
    return newest.words if newest is not None else ""


def type_in(clerk: Clerk, text: str) -> None:
    clerk.window._top.scan.line.submit(text)
    clerk.settle()


@pytest.mark.parametrize("code", GOODS)
def test_a_barcode_of_goods_is_called_so_and_nothing_moves(clerk: Clerk, code: str) -> None:
    clerk.go("loans")
    type_in(clerk, code)
    assert "is the barcode of goods" in said(clerk)
    assert clerk.window._top.scan._outcome.property("outcome") == "unknown"
    assert clerk.page.code == "loans"


@pytest.mark.parametrize("text", ["ABC-1999-0007", "nowhere at all", "没有这样的"])
def test_where_nothing_comes_near_nothing_moves(clerk: Clerk, text: str) -> None:
    clerk.go("loans")
    type_in(clerk, text)
    assert "nothing comes near" in said(clerk)
    assert clerk.page.code == "loans"


def test_a_number_half_typed_shows_what_comes_near(clerk: Clerk) -> None:
    clerk.go("loans")
    number = clerk.stage.carrier(clerk.copies[0]).number
    type_in(clerk, number[:-1])
    assert said(clerk) == ""
    assert clerk.page.code == "carriers"
    assert number in [line.number for line in clerk.page.widget.rows.lines]


def test_what_was_wrong_with_a_scan_is_past_with_the_next(clerk: Clerk) -> None:
    clerk.place.notices.say("The disk is nearly full.", "warn")
    clerk.scan("C", 99_999)
    assert "nothing in the register bears it" in said(clerk)
    clerk.scan("C", clerk.copies[0])
    assert said(clerk) == "The disk is nearly full."
    assert "nothing in the register bears it" in " ".join(each.words for each in clerk.place.notices.history)


def test_a_password_typed_into_the_wrong_line_is_not_kept_among_what_was_said(clerk: Clerk) -> None:
    type_in(clerk, "three green kettles")
    assert "three green kettles" in said(clerk)
    clerk.scan("C", clerk.copies[0])
    assert said(clerk) == ""
    assert "kettles" not in " ".join(each.words for each in clerk.place.notices.history)


@pytest.mark.parametrize("page", ["today", "counter"])
def test_a_badge_puts_the_card_of_the_copy_before_away(clerk: Clerk, page: str) -> None:
    clerk.scan("C", clerk.copies[0])
    clerk.go(page)
    assert clerk.place.card == Ref(Subject.CARRIER, clerk.copies[0])
    clerk.scan("P", clerk.stage.people["wang"])
    assert clerk.place.card is None
    assert clerk.page.code == "counter"


def test_a_badge_leaves_the_card_of_a_copy_that_lies_on_the_counter(clerk: Clerk) -> None:
    clerk.go("counter")
    clerk.scan("C", clerk.copies[0])
    clerk.scan("P", clerk.stage.people["wang"])
    assert clerk.place.card == Ref(Subject.CARRIER, clerk.copies[0])


def test_the_result_of_a_scan_does_not_repeat_the_number_beside_it(clerk: Clerk) -> None:
    slip = clerk.stage_loan(clerk.copies[:1])
    number = clerk.stage.carrier(clerk.copies[0]).number
    found = slips.scan(clerk.place.desk, slip, number, "")
    assert found.number == number
    assert number not in str(found.sentence.values)
    assert number not in found.sentence.msgid


@pytest.mark.parametrize("kind", ["C", "P", "S", "X"])
def test_a_scan_that_an_open_dialog_does_not_take_moves_nothing_behind_it(clerk: Clerk, kind: str) -> None:
    """It turned the page and showed another card while the dialog still asked about the first."""
    clerk.go("loans")
    first, other = (Ref(Subject.CARRIER, number) for number in clerk.copies[:2])
    dialog = clerk.place.perform("move_to", [first])
    clerk.settle()
    code = payload(kind, REGISTER, other.id if kind == "C" else 1)
    clerk.window._on_burst(code)
    clerk.settle()
    assert (clerk.page.code, clerk.place.card, dialog.isVisible()) == ("loans", None, True)
    for language, words in ((i18n.CHINESE, "请先关闭"), (i18n.ENGLISH, "Close it, then scan again")):
        i18n.use(language)
        assert code in said(clerk)
        assert words in said(clerk)
    QDialog.done(dialog, 0)
    clerk.settle()
    clerk.window._on_burst(payload("C", REGISTER, other.id))
    clerk.settle()
    assert clerk.place.card == other
    assert said(clerk) == ""


def test_a_scan_behind_a_paper_is_refused_and_said_over_it(clerk: Clerk) -> None:
    """It turned the page and the card behind the preview, and nobody was told."""
    clerk.go("loans")
    preview = Preview(Paper(b"", "Slip"), Printing(list), clerk.window)
    preview.open()
    clerk.window._on_burst("threegreenkettles")
    assert "threegreenkettles" in said(clerk)
    for number in clerk.copies[:2]:
        clerk.window._on_burst(payload("C", REGISTER, number))
        clerk.settle()
        assert clerk.place.card is None
        (over,) = preview.findChildren(OverTop)
        assert over.isVisible()
        assert over.text() == said(clerk)
        assert payload("C", REGISTER, number) in over.text()
        assert over.geometry().right() < preview.width()
    kept = " ".join(each.words for each in clerk.place.notices.history)
    assert payload("C", REGISTER, clerk.copies[0]) in kept
    assert "kettles" not in kept
    QTest.mouseClick(over, Qt.MouseButton.LeftButton)
    assert not preview.findChildren(OverTop)
    preview.reject()


def test_a_scan_at_the_lock_is_refused(clerk: Clerk) -> None:
    """It went onto the list that lay open behind it, in the name of who had gone."""
    clerk.go("loans")
    slip = clerk.stage_loan(clerk.copies[:1])
    clerk.place.go_slip(slip)
    clerk.settle()
    lock = LockScreen(clerk.place, "Li Na")
    clerk.window.cover(lock)
    code = payload("C", REGISTER, clerk.copies[1])
    clerk.window._on_burst(code)
    clerk.settle()
    assert clerk.place.card is None
    (over,) = lock.findChildren(OverTop)
    assert code in over.text()
    clerk.window.uncover()
    assert code in said(clerk)
    assert clerk.place.card is None
