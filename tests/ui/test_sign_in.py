"""The way in: names, passwords, waits, a clock in doubt, a folder that is no register."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog
from pytestqt.qtbot import QtBot

from app import i18n
from app.main import NO_DISPLAY, run_window
from app.services.founding import Founder, Plan, found
from app.store.vault import Cost
from app.ui.credentials import Credentials, PasswordLine
from app.ui.gate import Entered, Gate
from app.ui.sign_in import SignInWindow

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
PASSWORDS = {"li": "three green kettles", "wang": "seven loud clocks!", "sun": "no rain in april"}
BEGAN = datetime(2026, 5, 11, 9, tzinfo=datetime.now().astimezone().tzinfo)


class Hands:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def folder(tmp_path: Path, clock: Hands) -> Path:
    people = (
        Founder("Li Na", ("registry_clerk", "system_administrator"), "li", PASSWORDS["li"]),
        Founder("Wang Lei", ("security_administrator",), "wang", PASSWORDS["wang"]),
        Founder("Sun", ("auditor",), "sun", PASSWORDS["sun"]),
    )
    found(tmp_path / "register", Plan("Second Institute", ("cn-state",), people), clock, cost=CHEAP)
    return tmp_path / "register"


@pytest.fixture
def window(themed: QApplication, qtbot: QtBot, folder: Path, clock: Hands) -> Iterator[SignInWindow]:
    shown = SignInWindow(Gate(clock), [folder])
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitUntil(lambda: shown.credentials.names.count() == 3)
    yield shown
    shown._aside.close()


def give(window: SignInWindow, login: str, password: str) -> None:
    window.credentials.names.setCurrentText(login)
    window.credentials.password.setText(password)
    window.credentials.button.click()


def test_the_keys_come_back_from_the_window_that_set_the_register_up(
    window: SignInWindow, qtbot: QtBot, folder: Path
) -> None:
    other = QDialog()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    window.show_register(folder)
    qtbot.waitUntil(window.isActiveWindow)


def test_the_right_password_takes_the_seat(window: SignInWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.entered, timeout=10_000) as came:
        give(window, "li", PASSWORDS["li"])
    (entered,) = came.args
    assert isinstance(entered, Entered)
    assert entered.seat.account.person.name == "Li Na"
    assert entered.register.unit == "Second Institute"
    assert entered.viewer.sees_book
    entered.seat.close()


def test_a_wrong_password_is_said_and_makes_the_next_try_wait(window: SignInWindow, qtbot: QtBot) -> None:
    give(window, "wang", "not this one")
    qtbot.waitUntil(window.credentials._failure.isVisible, timeout=10_000)
    assert "not that of wang" in window.credentials._failure.text()
    assert "caps lock" in window.credentials._failure.text()
    assert not window.credentials.button.isEnabled()
    assert "Wait" in window.credentials.button.text()
    assert not window.credentials.password.text()


def test_caps_lock_is_told(themed: QApplication, qtbot: QtBot) -> None:
    line = PasswordLine()
    qtbot.addWidget(line)
    told: list[bool] = []
    line.caps_changed.connect(told.append)
    QTest.keyClick(line, "A")
    QTest.keyClick(line, "b")
    QTest.keyClick(line, "C", Qt.KeyboardModifier.ShiftModifier)
    assert told == [True, False]


def test_a_doubtful_clock_waits_for_a_second_person(window: SignInWindow, clock: Hands, qtbot: QtBot) -> None:
    clock.now = BEGAN + timedelta(days=40)
    give(window, "li", PASSWORDS["li"])
    qtbot.waitUntil(window.witness.isVisible, timeout=10_000)
    assert "20 June 2026" in window._doubt.text()
    assert [window.witness.names.itemText(at) for at in range(window.witness.names.count())] == ["wang", "sun"]
    window.witness.names.setCurrentText("wang")
    window.witness.password.setText(PASSWORDS["wang"])
    with qtbot.waitSignal(window.entered, timeout=10_000) as came:
        window.witness.button.click()
    entered: Entered = came.args[0]
    with entered.seat.database.reading() as connection:
        acts = connection.exec_driver_sql("SELECT action FROM ledger ORDER BY seq DESC LIMIT 2").scalars().all()
    assert acts == ["sign_in", "confirm_date"]
    entered.seat.close()


def test_enter_in_the_password_signs_in_and_presses_nothing_else(
    window: SignInWindow, clock: Hands, qtbot: QtBot
) -> None:
    """It went on to the next button: the recovery sheet opened, and at the date the program closed."""
    clock.now = BEGAN + timedelta(days=40)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    type_in(window.credentials, "li")
    qtbot.waitUntil(window.witness.isVisible, timeout=10_000)
    assert not window.findChildren(QDialog)
    window.witness.names.setCurrentText("wang")
    with qtbot.waitSignal(window.entered, timeout=10_000) as came:
        type_in(window.witness, "wang")
        assert window.isVisible()
    came.args[0].seat.close()


def type_in(credentials: Credentials, login: str) -> None:
    credentials.names.setCurrentText(login)
    credentials.password.setFocus()
    QTest.keyClicks(credentials.password, PASSWORDS[login])
    QTest.keyClick(credentials.password, Qt.Key.Key_Return)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_folder_that_is_no_register_is_a_sentence(
    themed: QApplication, qtbot: QtBot, tmp_path: Path, clock: Hands, language: str
) -> None:
    i18n.use(language)
    window = SignInWindow(Gate(clock))
    qtbot.addWidget(window)
    window.show()
    window.open_folder(tmp_path)
    qtbot.waitUntil(window._welcome_failure.isVisible, timeout=10_000)
    assert len(window._welcome_failure.text()) > 10
    window._aside.close()


def test_without_a_display_the_program_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert run_window() == NO_DISPLAY
    assert "make tour" in capsys.readouterr().err


def test_the_first_window_brings_in_nothing_heavy() -> None:
    """What it imports is what a clerk waits for."""
    heavy = ("reportlab", "alembic", "pyqtgraph", "python_calamine", "sqlalchemy", "qtawesome", "argon2", "xlsxwriter")
    script = "import sys, app.main; print([name for name in sys.argv[1:] if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_first_start_needs_no_mouse(themed: QApplication, qtbot: QtBot, clock: Hands) -> None:
    shown = SignInWindow(Gate(clock))
    qtbot.addWidget(shown)
    shown.show()
    with qtbot.waitSignal(shown.new_wanted):
        QTest.keyClick(shown.focusWidget() or shown, Qt.Key.Key_Return)
    QTest.keyClick(shown.focusWidget() or shown, Qt.Key.Key_Tab)
    with qtbot.waitSignal(shown.sample_wanted):
        QTest.keyClick(shown.focusWidget() or shown, Qt.Key.Key_Return)
    shown._aside.close()


def test_enter_presses_the_button_that_has_the_keyboard(window: SignInWindow, qtbot: QtBot) -> None:
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    chinese = next(each for each in window.findChildren(QAbstractButton) if each.text() == "中文")
    chinese.setFocus()
    with qtbot.waitSignal(window.language_chosen, timeout=2_000) as chosen:
        QTest.keyClick(chinese, Qt.Key.Key_Return)
    assert chosen.args == [i18n.CHINESE]
    i18n.use(i18n.ENGLISH)


def test_qt_speaks_the_language_of_the_window(window: SignInWindow) -> None:
    def save() -> str:
        return QCoreApplication.translate("QPlatformTheme", "Save")

    try:
        window.use_language("zh_CN")
        assert save() == "保存"
    finally:
        window.use_language("en")
    assert save() == "Save"
