"""The frame: places, counts, notices, languages, themes and the lock, without a business word."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.action import refuse
from app.domain.words import says
from app.ui import theme
from app.ui.action_menu import ActionMenu, Offer
from app.ui.flow import FlowLayout
from app.ui.idle import IdleClock
from app.ui.main_window import MainWindow
from app.ui.notices import Link, NoticeStrip
from app.ui.page import Command, Status
from app.ui.palette import Palette
from app.ui.rail import PlaceButton
from app.ui.top_bar import Heading
from tests.ui.kit import Everything, Hand


class Room:
    """A place in the program with one field."""

    section = "Desk"
    icon = "calendar-check-outline"

    def __init__(self, code: str, duties: tuple[str, ...] = (), *, takes: str = "") -> None:
        self.code, self.title, self.duties, self._takes = code, code.capitalize(), duties, takes
        self.reloaded = 0
        self.taken: list[str] = []
        self._widget: QWidget | None = None

    @property
    def widget(self) -> QWidget:
        if self._widget is None:
            self._widget = QWidget()
            QVBoxLayout(self._widget).addWidget(QLineEdit())
        return self._widget

    def reload(self) -> None:
        self.reloaded += 1

    def take_code(self, code: str) -> bool:
        if code[0] in self._takes:
            self.taken.append(code)
            return True
        return False


@pytest.fixture
def window(themed: QApplication, qtbot: QtBot) -> MainWindow:
    def build(_window: MainWindow) -> Sequence[Room]:
        return [Room("today"), Room("counter", takes="P"), Room("vault", ("archivist",))]

    shown = MainWindow(build, Heading("Register 107", "Second Institute"), sounds=False)
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitActive(shown)
    return shown


def places(window: MainWindow) -> list[str]:
    return [button.text() for button in window.findChildren(PlaceButton) if button.isVisible()]


def test_a_place_that_no_duty_may_use_is_absent(window: MainWindow, qtbot: QtBot) -> None:
    assert places(window) == ["Today", "Counter"]
    window.sign_in(Heading(person="Li", duty="archivist"), ["archivist"])
    qtbot.waitUntil(lambda: places(window) == ["Today", "Counter", "Vault"])


def test_a_page_that_comes_to_the_front_reads_again(window: MainWindow) -> None:
    page = window.go("counter")
    assert isinstance(page, Room)
    assert page.reloaded == 1
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert page.reloaded == 2
    assert window.go("nowhere") is None


def test_a_scan_goes_to_the_page_in_front_if_it_takes_it(window: MainWindow) -> None:
    rest: list[str] = []
    window.scanned.connect(rest.append)
    page = window.go("counter")
    for code in ("P107000000175", "C107000260413"):
        window._top.scan.line.submit(code)
    assert isinstance(page, Room)
    assert page.taken == ["P107000000175"]
    assert rest == ["C107000260413"]


def test_f2_is_the_scan_line_from_anywhere(window: MainWindow, qtbot: QtBot) -> None:
    window.page.widget.findChild(QLineEdit).setFocus()  # type: ignore[union-attr]
    QTest.keyClick(window, Qt.Key.Key_F2)
    assert window._top.scan.line.hasFocus()


def test_a_notice_offers_its_steps_and_a_warning_outlives_good_news(window: MainWindow, qtbot: QtBot) -> None:
    undone: list[bool] = []
    window.say(says("The disk is nearly full."), "warn")
    window.say(says("Lent {n} copies.", n=2), "good", Link("Undo…", lambda: undone.append(True)))
    assert window.notices.newest is not None
    assert window.notices.newest.words == "Lent 2 copies."
    button = next(each for each in window.findChildren(QPushButton) if each.text() == "Undo…" and each.isVisible())
    button.click()
    qtbot.waitUntil(lambda: undone == [True])
    window.notices.put_away()
    assert window.notices.newest is not None
    assert window.notices.newest.kind == "warn"
    assert len(window.notices.history) == 2


def test_a_notice_said_better_keeps_its_buttons(window: MainWindow) -> None:
    notice = window.notices.say("Done.", "good", Link("Undo…", lambda: None))
    strip = window.findChildren(NoticeStrip)[-1]
    (before,) = [button for button in strip.findChildren(QPushButton) if button.isVisible()]
    window.notices.reword(notice, says("Moved to the safe."))
    (now,) = [button for button in strip.findChildren(QPushButton) if button.isVisible()]
    assert now is before
    assert strip._words.text() == "Moved to the safe."


def test_a_row_of_widgets_follows_a_word_that_grows(themed: QApplication, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    row = FlowLayout(holder)
    first, second = QPushButton("a"), QPushButton("b")
    row.addWidget(first)
    row.addWidget(second)
    holder.resize(900, 40)
    holder.show()
    before = second.x()
    first.setText("a much longer word than before")
    qtbot.waitUntil(lambda: second.x() > before)
    assert first.width() == first.sizeHint().width()


def test_the_language_changes_while_the_window_is_open(window: MainWindow, qtbot: QtBot) -> None:
    window.go("counter")
    window.say(says("Done."))
    window.use_language(i18n.PSEUDO)
    qtbot.waitUntil(lambda: not window.is_being_made)
    assert places(window) == ["⟦Today⟧", "⟦Counter⟧"]
    assert window.page is not None
    assert window.page.code == "counter"
    assert window.notices.newest is not None
    assert window.notices.newest.words == "⟦Done.⟧"


def test_a_change_waits_for_the_one_before(window: MainWindow, qtbot: QtBot) -> None:
    window.use_language(i18n.PSEUDO)
    qtbot.wait(1)  # some of it is done
    window.use_language(i18n.ENGLISH)
    window.go("counter")
    window.use_language(i18n.PSEUDO)
    qtbot.waitUntil(lambda: not window.is_being_made)
    assert places(window) == ["⟦Today⟧", "⟦Counter⟧"]
    assert window.page is not None
    assert window.page.code == "counter"


def test_every_theme_shows(window: MainWindow, qtbot: QtBot) -> None:
    for name, tokens in theme.THEMES.items():
        window.use_theme(name)
        qtbot.waitUntil(lambda: not window.is_being_made)
        assert theme.current() is tokens
        assert window.grab().toImage().pixelColor(3, 3).name().upper() == tokens.panel
    theme.use("light")


def test_a_scan_while_the_window_is_made_anew_waits_for_it(window: MainWindow, qtbot: QtBot) -> None:
    window.go("counter")
    window.use_theme("dark")
    window._on_burst("P107000000175")
    assert window.page.taken == []  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: not window.is_being_made)
    assert window.page.taken == ["P107000000175"]  # type: ignore[union-attr]
    theme.use("light")


def test_while_it_is_made_anew_the_window_can_be_used(window: MainWindow, qtbot: QtBot) -> None:
    window.use_language(i18n.PSEUDO)
    window.go("counter")
    window.show_counts({"today": 3})
    assert not window._covers.updatesEnabled()
    qtbot.waitUntil(lambda: not window.is_being_made)
    assert window._covers.updatesEnabled()
    assert window.page is not None
    assert window.page.code == "counter"
    assert places(window) == ["⟦Today⟧", "⟦Counter⟧"]


def test_the_lock_hides_everything_and_keeps_half_done_work(window: MainWindow, qtbot: QtBot) -> None:
    dialog = QDialog(window)
    typed = QLineEdit("half a word", dialog)
    dialog.open()
    window.cover(QLabel("Locked"))
    assert window.is_locked
    assert not dialog.isVisible()
    assert not window.page.widget.isVisible()  # type: ignore[union-attr]
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not window.findChildren(Palette)
    window.uncover()
    assert dialog.isVisible()
    assert typed.text() == "half a word"
    dialog.close()


@pytest.mark.parametrize("lifted", ["before", "after"])
def test_a_lock_that_falls_while_the_window_is_made_anew_locks_and_is_lifted(window: MainWindow, lifted: str) -> None:
    """With the old frame gone and the new one not there the lock was no lock, and could not be lifted afterwards."""
    window._raise_frame()
    locked = QLabel("Locked")
    window.cover(locked)
    assert window.is_locked
    if lifted == "after":
        window._put_frame()
        assert window.is_locked
        assert window._covers.currentWidget() is locked
    window.uncover()
    assert not window.is_locked
    window._put_frame()
    assert not window.is_locked
    assert window._covers.currentWidget() is window._whole
    window._go_on()


def test_a_dialog_that_opens_while_locked_does_not_show(window: MainWindow, qtbot: QtBot) -> None:
    window.cover(QLabel("Locked"))
    dialog = QDialog(window)
    dialog.open()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    window.uncover()
    assert dialog.isVisible()
    dialog.close()


def test_the_palette_narrows_and_does_what_is_on_top(window: MainWindow, qtbot: QtBot) -> None:
    done: list[str] = []
    window.offer([Command("Back up now", lambda: done.append("backup"))])
    window.show_commands()
    palette = window.findChild(Palette)
    assert isinstance(palette, Palette)
    palette.search.setText("up back")
    assert palette.list.count() == 1
    QTest.keyClick(palette.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: done == ["backup"])


def test_statements_and_counts_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    window.show_counts({"today": 1234})
    window.show_status([Status("3 late", "bad")])

    def shown() -> set[str]:
        return {label.text() for label in window.findChildren(QLabel) if label.isVisible()}

    qtbot.waitUntil(lambda: {"1,234", "3 late"} <= shown())


def test_the_clock_counts_down_until_somebody_touches_a_key(qapp: QApplication, qtbot: QtBot) -> None:
    clock = IdleClock(qapp, minutes=2 / 60)
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    qtbot.waitActive(field)
    clock.start()
    assert clock.seconds_left == 2
    qtbot.wait(700)
    QTest.keyClick(field.windowHandle(), Qt.Key.Key_A)
    assert clock.seconds_left == 2
    with qtbot.waitSignal(clock.expired, timeout=8000):
        pass
    assert clock.seconds_left == 0
    clock.leave()


def test_single_keys_act_unless_somebody_is_typing(window: MainWindow, qtbot: QtBot) -> None:
    shut = refuse("on loan", citation="art. 27", remedy=says("Take it back."))
    chosen: list[object] = []

    def card() -> QWidget:
        menu = ActionMenu([Offer(Hand), Offer(Everything, (shut,))])
        menu.chosen.connect(chosen.append)
        return menu

    window.show_card(card)
    menu = window.findChild(ActionMenu)
    assert isinstance(menu, ActionMenu)
    field = window.page.widget.findChild(QLineEdit)  # type: ignore[union-attr]
    field.setFocus()
    QTest.keyClick(field, "h")
    assert chosen == []
    assert field.text() == "h"
    button = next(each for each in menu.findChildren(QPushButton) if each.isVisible())
    button.setFocus()
    QTest.keyClick(button, "h")
    assert chosen == [Hand]
    line = window._top.scan.line
    line.setFocus()
    QTest.keyClicks(line, "h")
    assert chosen == [Hand]
    assert line.text() == "h"
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert chosen == [Hand, Hand]
    assert not line.text()
    assert "Take it back." in menu._reasons.text()
    assert "art. 27" in menu._reasons.text()


def test_after_a_scan_the_focus_is_in_the_scan_line_wherever_it_was(window: MainWindow) -> None:
    """Elsewhere the letter of an act opens it at once, and its Enter passed by the first question."""
    window.page.widget.findChild(QLineEdit).setFocus()  # type: ignore[union-attr]
    window._on_burst("P107000000175")
    assert window._top.scan.line.hasFocus()
