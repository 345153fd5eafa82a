"""A scanner beside a typist: no scan is lost, none flashes in a field, and typing stays where it was typed."""

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.ui.bursts import BurstFilter
from app.ui.idle import IdleClock
from app.ui.scan import Outcome, ScanBar, ScanLine
from app.ui.window_watch import watch_of

CODE = "C10700026041" + "3"
BADGE = "P107000000175"
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


class Listed(QListWidget):
    """A list to read, in which a letter looks for a line and Enter opens it."""

    def __init__(self) -> None:
        super().__init__()
        self.addItems(["plan", "6", "report"])
        self.setEditTriggers(QListWidget.EditTrigger.NoEditTriggers)
        self.setCurrentRow(0)


class PersonField(QLineEdit):
    """A field that takes badges."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("accepts_codes", "P")
        self.taken: list[str] = []

    def take_code(self, code: str) -> bool:
        self.taken.append(code)
        return True


class Counter(QWidget):
    """A window with a scan line, a text field and a person field, and every text any field ever showed."""

    def __init__(self, application: QApplication) -> None:
        super().__init__()
        self.scan, self.seal, self.person = ScanLine(), QLineEdit(), PersonField()
        layout = QVBoxLayout(self)
        self.flashed: list[str] = []
        for field in (self.scan, self.seal, self.person):
            layout.addWidget(field)
            field.textChanged.connect(self.flashed.append)
        self.filter = BurstFilter(application)
        self.filter.scanned.connect(self.scan.submit)
        self.submitted: list[str] = []
        self.scan.submitted.connect(self.submitted.append)


@pytest.fixture
def counter(qapp: QApplication, qtbot: QtBot) -> Iterator[Counter]:
    window = Counter(qapp)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitActive(window)
    yield window
    window.filter.leave()


def press(widget: QWidget, key: Qt.Key | str, modifier: Qt.KeyboardModifier = NO_MODIFIER, gap: int = 0) -> None:
    """Press a key where it comes in from a keyboard: at the window; the focus says whom it is for."""
    window = widget.window().windowHandle()
    QTest.keyClick(window, key if isinstance(key, Qt.Key) else ord(key), modifier)
    if gap:
        QTest.qWait(gap)


def scan(widget: QWidget, code: str, *, end: Qt.Key = Qt.Key.Key_Return, gap: int = 0) -> None:
    """Press the keys as a scanner does; without a gap each bears a scanner's time, however busy this machine is."""
    if gap:
        for key in (*code, end):
            press(widget, key, gap=gap)
        return
    window, at = widget.window().windowHandle(), round(time.monotonic() * 1000)
    for pace, (key, text) in enumerate([*((ord(each.upper()), each) for each in code), (int(end), "\r")]):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, NO_MODIFIER, text)
            event.setTimestamp(at + 2 * pace)
            QApplication.sendEvent(window, event)


def test_a_code_goes_to_the_scan_line_and_flashes_nowhere(counter: Counter) -> None:
    counter.seal.setFocus()
    scan(counter.seal, CODE)
    assert counter.submitted == [CODE]
    assert counter.flashed == []


def test_a_code_in_either_case_ended_by_tab_counts(counter: Counter) -> None:
    counter.scan.setFocus()
    scan(counter.scan, CODE.lower(), end=Qt.Key.Key_Tab)
    assert counter.submitted == [CODE]


def test_a_second_scan_thirty_milliseconds_later_is_not_lost(counter: Counter, qtbot: QtBot) -> None:
    counter.scan.setFocus()
    scan(counter.scan, CODE)
    qtbot.wait(30)
    scan(counter.scan, BADGE)
    assert counter.submitted == [CODE, BADGE]


def test_a_hundred_scans_in_a_row_all_arrive_in_order(counter: Counter) -> None:
    codes = [f"C1070000{number:05d}" for number in range(100)]
    counter.seal.setFocus()
    for code in codes:
        scan(counter.seal, code)
    assert counter.submitted == codes


def test_a_badge_goes_to_the_person_field_that_has_the_focus(counter: Counter) -> None:
    counter.person.setFocus()
    scan(counter.person, BADGE)
    scan(counter.person, CODE)
    assert counter.person.taken == [BADGE]
    assert counter.submitted == [CODE]
    assert counter.person.text() == ""


def test_any_other_burst_stays_in_the_focused_field(counter: Counter, qtbot: QtBot) -> None:
    counter.seal.setFocus()
    scan(counter.seal, "SEAL-00912-B")
    qtbot.wait(60)
    assert counter.seal.text() == "SEAL-00912-B"
    assert counter.submitted == []


def test_a_foreign_code_in_the_scan_line_is_submitted_there(counter: Counter, qtbot: QtBot) -> None:
    counter.scan.setFocus()
    scan(counter.scan, "690123456789")
    assert counter.submitted == ["690123456789"]
    assert counter.scan.text() == ""


def test_what_is_scanned_where_nothing_is_written_presses_nothing(counter: Counter) -> None:
    """Its letters opened acts, its blank pressed the button, its Enter the line of a list."""
    button, listed = QPushButton("R"), Listed()
    pressed: list[str] = []
    button.clicked.connect(lambda: pressed.append("button"))
    listed.activated.connect(lambda: pressed.append("list"))
    for widget in (button, listed):
        counter.layout().addWidget(widget)
        widget.show()
        widget.setFocus()
        scan(widget, "690 12345L6789")
        scan(widget, "R2")
    assert pressed == []
    assert counter.submitted == ["690 12345L6789", "R2"] * 2
    assert listed.currentRow() == 0


def test_a_capital_in_the_midst_of_a_code_does_not_cut_it_in_two(counter: Counter) -> None:
    button = QPushButton("R")
    counter.layout().addWidget(button)
    button.show()
    button.setFocus()
    window, at = counter.windowHandle(), round(time.monotonic() * 1000)
    for pace, sign in enumerate("RL-77B\r"):
        keys = [(Qt.Key.Key_Shift, "")] if sign.isupper() else []
        for key, text in [*keys, (ord(sign) if sign != "\r" else int(Qt.Key.Key_Return), sign)]:
            event = QKeyEvent(QEvent.Type.KeyPress, int(key), NO_MODIFIER, text)
            event.setTimestamp(at + 2 * pace)
            QApplication.sendEvent(window, event)
    assert counter.submitted == ["RL-77B"]


def test_typing_stays_even_when_what_is_typed_is_a_code(counter: Counter, qtbot: QtBot) -> None:
    counter.seal.setFocus()
    scan(counter.seal, CODE, gap=60)
    assert counter.seal.text() == CODE
    assert counter.submitted == []


def test_a_typed_letter_appears_in_the_twinkling_of_an_eye(counter: Counter, qtbot: QtBot) -> None:
    counter.seal.setFocus()
    press(counter.seal, "a")
    assert counter.seal.text() == ""
    qtbot.waitUntil(lambda: counter.seal.text() == "a", timeout=1000)


def test_keys_typed_before_a_command_key_keep_their_order(counter: Counter) -> None:
    counter.seal.setFocus()
    press(counter.seal, "a")
    press(counter.seal, "b")
    press(counter.seal, Qt.Key.Key_Backspace)
    assert counter.seal.text() == "a"


def test_the_scan_line_says_what_became_of_a_scan(themed: QApplication, qtbot: QtBot) -> None:
    bar = ScanBar()
    qtbot.addWidget(bar)
    bar.answer(Outcome.BLOCKED, "a")
    assert bar.line.property("outcome") == "blocked"
    assert "blocked" in bar._outcome.text()


def test_the_window_stands_still_when_a_scan_is_answered(themed: QApplication, qtbot: QtBot) -> None:
    bar, other = ScanBar(), QLineEdit()
    for widget in (bar, other):
        qtbot.addWidget(widget)
        widget.show()
    other.setFocus()
    heights = {bar.sizeHint().height()}
    for outcome in Outcome:
        bar.answer(outcome, "a")
        heights.add(bar.sizeHint().height())
    bar._on_quiet()
    bar.activateWindow()
    bar.line.setFocus()
    qtbot.waitUntil(bar.line.hasFocus)
    heights.add(bar.sizeHint().height())
    assert len(heights) == 1


def test_control_l_locks_over_an_open_dialog_too(qapp: QApplication, qtbot: QtBot) -> None:
    clock, dialog = IdleClock(qapp, 5), QDialog()
    qtbot.addWidget(dialog)
    line = QLineEdit(dialog)
    clock.start()
    dialog.open()
    try:
        with qtbot.waitSignal(clock.expired):
            press(line, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    finally:
        clock.leave()


def test_digits_typed_fast_into_a_cell_of_a_table_all_arrive(counter: Counter, qtbot: QtBot) -> None:
    table = QTableWidget(2, 1)
    counter.layout().addWidget(table)
    table.setCurrentCell(0, 0)
    table.show()
    table.setFocus()
    scan(table, "48", gap=5)

    def stands() -> str:
        """What the cell holds; on a busy machine the keys come slower, and are still in its field."""
        field, item = table.findChild(QLineEdit), table.item(0, 0)
        return field.text() if field is not None else item.text() if item is not None else ""

    qtbot.waitUntil(lambda: stands() == "48")


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_scan_while_a_menu_is_open_still_goes_to_the_scan_line(counter: Counter, qtbot: QtBot) -> None:
    counter.seal.setFocus()
    menu = QMenu(counter)
    menu.addAction("C")
    QTimer.singleShot(0, menu, lambda: menu.popup(counter.mapToGlobal(counter.rect().center())))
    press(counter.seal, Qt.Key.Key_Shift)  # whatever opens a menu, a key or a click comes first
    qtbot.waitUntil(menu.isVisible)
    scan(menu, CODE)
    menu.close()
    assert counter.submitted == [CODE]


def test_a_scan_is_somebody_at_the_desk(counter: Counter, qapp: QApplication, qtbot: QtBot) -> None:
    clock = IdleClock(qapp, minutes=1)
    clock.start()
    clock._last -= 50
    scan(counter.scan, CODE)
    assert counter.submitted == [CODE]
    assert clock.seconds_left > 50
    clock.leave()


def test_what_an_input_method_writes_is_somebody_at_the_desk(counter: Counter, qapp: QApplication) -> None:
    clock = IdleClock(qapp, minutes=1)
    clock.start()
    clock._last -= 50
    counter.seal.setFocus()
    written = QInputMethodEvent()
    written.setCommitString("密")
    QApplication.sendEvent(counter.seal, written)
    assert counter.seal.text() == "密"
    assert clock.seconds_left > 50
    clock.leave()


def test_building_and_drawing_widgets_is_nothing_a_listener_hears(counter: Counter, qtbot: QtBot) -> None:
    heard: list[QEvent.Type] = []
    watch = watch_of(QApplication.instance())

    class Ear:
        def heard(self, _window: object, event: QEvent) -> bool:
            heard.append(event.type())
            return False

    ear = Ear()
    watch.tell(ear)
    page = QWidget(counter)
    for _ in range(100):
        QLineEdit(page).setProperty("section", "1")
    page.show()
    qtbot.waitUntil(page.isVisible)
    QApplication.processEvents()
    watch.leave_out(ear)
    assert len(heard) < 10, heard
