"""The counter: who is in front, what they hold, what crosses it; nothing half done is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.carrier import State
from app.services.drafts import kept_draft
from app.ui.counter_mode import ModeBanner
from tests.ui.clerk import Clerk


@pytest.fixture
def clerk(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Clerk]:
    sitting = Clerk(qtbot, tmp_path / "book")
    sitting.copies = sitting.stage_copies(3)
    sitting.go("counter")
    yield sitting
    sitting.close()


def test_a_badge_shows_who_it_is_and_a_copy_goes_out(clerk: Clerk) -> None:
    desk = clerk.page.desk
    clerk.scan("P", clerk.stage.people["wang"])
    assert "王磊" in desk.person.search.text()
    assert desk.held.lines == ()
    for number in clerk.copies[:2]:
        clerk.scan("C", number)
    assert [each.does for each in desk.across.lines] == ["lend", "lend"]
    assert desk._lend.text() == "Lend 2…"
    clerk.scan("C", clerk.copies[0])
    assert len(desk.across.lines) == 2
    assert "already" in desk._newest_words.text()


def test_control_enter_begins_what_lies_on_the_counter(clerk: Clerk) -> None:
    clerk.scan("P", clerk.stage.people["wang"])
    clerk.scan("C", clerk.copies[0])
    clerk.window.activateWindow()
    QTest.keyClick(clerk.window.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    clerk.settle()
    assert clerk.dialog().windowTitle() == "Lend"


def test_a_typed_badge_and_a_typed_number_are_understood(clerk: Clerk) -> None:
    desk = clerk.page.desk
    for typed in ("00107", clerk.stage.carrier(clerk.copies[0]).number):
        clerk.window._top.scan.line.submit(typed)
        clerk.settle()
    assert desk.met.card.line.id == clerk.stage.people["wang"]
    assert [each.line.id for each in desk.across.lines] == [clerk.copies[0]]


def test_the_next_person_waits_until_the_list_is_done(clerk: Clerk) -> None:
    desk = clerk.page.desk
    clerk.scan("P", clerk.stage.people["wang"])
    clerk.scan("C", clerk.copies[0])
    clerk.scan("P", clerk.stage.people["xu"])
    assert desk.met.card.line.id == clerk.stage.people["wang"]
    assert any("Finish with 王磊" in notice.words for notice in clerk.window.notices.unread)
    clerk.command("cancel")
    clerk.scan("P", clerk.stage.people["xu"])
    assert desk.met.card.line.id == clerk.stage.people["xu"]


def test_a_command_says_what_scans_mean(clerk: Clerk) -> None:
    desk = clerk.page.desk
    clerk.command("return")
    assert desk.armed.isVisible()
    assert desk.armed._words.text() == "TAKE BACK"
    clerk.scan("C", clerk.copies[0])
    assert desk.across.lines == ()
    assert "in stock" in desk._newest_words.text()
    clerk.command("count")
    clerk.scan("C", clerk.copies[0])
    assert [each.does for each in desk.across.lines] == ["count"]
    clerk.command("undo_last")
    assert desk.across.lines == ()
    clerk.command("finish")
    assert not desk.armed.isVisible()
    assert clerk.stage.carrier(clerk.copies[0]).state is State.IN_STOCK


def test_an_armed_command_is_put_away_by_itself(themed: QApplication, qtbot: QtBot) -> None:
    banner = ModeBanner(seconds=1)
    qtbot.addWidget(banner)
    banner.arm("lend")
    assert banner.isVisible()
    qtbot.waitUntil(lambda: not banner.isVisible(), timeout=5000)
    assert banner.mode == ""


def test_what_lies_on_the_counter_survives_the_language_and_a_crash(clerk: Clerk) -> None:
    clerk.scan("P", clerk.stage.people["wang"])
    for number in clerk.copies[:2]:
        clerk.scan("C", number)
    kept = clerk.place.desk.read(kept_draft, clerk.place.seat.account.id, "counter")
    assert kept["person"] == clerk.stage.people["wang"]
    assert {number for number, _does in kept["lines"]} == set(clerk.copies[:2])
    clerk.window.use_language(i18n.PSEUDO)
    clerk.settle()
    desk = clerk.page.desk
    assert {each.line.id for each in desk.across.lines} == set(clerk.copies[:2])
    assert desk.met.card.line.id == clerk.stage.people["wang"]
    desk.restore(None)
    clerk.settle()
    assert len(desk.across.lines) == 2


def test_a_badge_scanned_before_the_counter_is_back_takes_over_nobodys_list(clerk: Clerk) -> None:
    clerk.scan("P", clerk.stage.people["wang"])
    clerk.scan("C", clerk.copies[0])
    desk = clerk.page.desk
    desk.met = None  # as after a crash
    desk.across.show(())
    desk.restore(None)
    clerk.scan("P", clerk.stage.people["xu"])
    assert desk.met.card.line.id == clerk.stage.people["wang"]
    assert [each.line.id for each in desk.across.lines] == [clerk.copies[0]]
    assert "Finish with" in clerk.place.notices.newest.words
    clerk.scan("C", clerk.copies[1])
    assert clerk.place.notices.newest is None or "Finish with" not in clerk.place.notices.newest.words


def test_a_slip_scanned_at_the_counter_opens(clerk: Clerk) -> None:
    slip = clerk.stage_loan(clerk.copies[:1])
    clerk.scan("S", slip)
    assert clerk.page.code == "slips"
    assert clerk.page.pane.view.slip == slip


def test_the_name_at_the_counter_is_whom_the_loan_goes_to(clerk: Clerk) -> None:
    desk = clerk.page.desk
    clerk.scan("P", clerk.stage.people["wang"])
    clerk.scan("C", clerk.copies[0])
    desk.person.set_answer(clerk.stage.people["xu"])
    clerk.settle()
    assert desk.person.answer() == clerk.stage.people["wang"]
    assert desk.met.card.line.id == clerk.stage.people["wang"]
