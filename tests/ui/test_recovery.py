"""The recovery sheet at the first window: typed in groups, mistyped, pasted, wrong, used; and then signed in with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.services.founding import Founder, Plan, found
from app.store.vault import Cost, new_vault
from app.ui.gate import Gate
from app.ui.recovery import RecoveryDialog
from app.ui.sign_in import SignInWindow
from tests.ui.test_sign_in import BEGAN, PASSWORDS, Hands

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
NEW = "another horse, another battery"
WAIT = 10_000


class AtTheDoor:
    """Somebody with the sheet before the first window."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.clock = qtbot, Hands()
        people = (
            Founder("Li Na", ("registry_clerk", "system_administrator"), "li", PASSWORDS["li"]),
            Founder("Wang Lei", ("security_administrator",), "wang", PASSWORDS["wang"]),
            Founder("Sun", ("auditor",), "sun", PASSWORDS["sun"]),
        )
        plan = Plan("Second Institute", ("cn-state",), people)
        self.key = found(folder, plan, self.clock, cost=CHEAP).recovery
        self.window = SignInWindow(Gate(self.clock), [folder])
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitUntil(lambda: self.window.credentials.names.count() == len(people), timeout=WAIT)
        link = next(each for each in self.window.findChildren(QPushButton) if each.text() == "Use the recovery sheet…")
        link.click()
        self.dialog = self.window.findChild(RecoveryDialog)

    def fill(self, key: str, password: str = NEW, login: str = "li") -> None:
        self.dialog.names.setEditText(login)
        self.dialog.key._on_edited(0, key)
        for line in self.dialog.password._lines:
            line.setText(password)

    def failed(self) -> str:
        """What it says after the button was pressed."""
        self.dialog.confirm.click()
        self.qtbot.waitUntil(lambda: not self.dialog._is_busy and self.dialog._failure.isVisible(), timeout=WAIT)
        return self.dialog._failure.text()

    def use(self) -> None:
        with self.qtbot.waitSignal(self.dialog.recovered, timeout=WAIT):
            self.dialog.confirm.click()


@pytest.fixture
def door(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[AtTheDoor]:
    made = AtTheDoor(qtbot, tmp_path / "register")
    yield made
    made.window.close()


def test_the_sheet_lets_somebody_in_again(door: AtTheDoor, qtbot: QtBot) -> None:
    door.fill(door.key)
    door.use()
    qtbot.waitUntil(lambda: door.window.credentials.names.currentText() == "li", timeout=WAIT)
    assert "li has a new password" in door.window._told.text()
    door.window.credentials.password.setText(NEW)
    with qtbot.waitSignal(door.window.entered, timeout=WAIT) as came:
        door.window.credentials.button.click()
    seat = came.args[0].seat
    with seat.database.reading() as connection:
        acts = connection.exec_driver_sql("SELECT action FROM ledger ORDER BY seq DESC LIMIT 2").scalars().all()
    seat.close()
    assert acts == ["sign_in", "recover_account"]


def test_typed_groups_go_on_by_themselves_and_back(door: AtTheDoor) -> None:
    first, second, *_rest = door.key.split("-")
    groups = door.dialog.key.groups
    for sign in first.lower():
        QTest.keyClick(door.dialog.focusWidget(), sign)
    assert groups[0].text() == first
    assert door.dialog.focusWidget() is groups[1]
    for sign in second:
        QTest.keyClick(door.dialog.focusWidget(), sign)
    assert door.dialog.focusWidget() is groups[2]
    QTest.keyClick(groups[2], "\b")
    assert door.dialog.focusWidget() is groups[1]


def test_a_mistyped_group_is_named_while_typing_and_nothing_can_be_pressed(door: AtTheDoor) -> None:
    groups = door.key.split("-")
    groups[4] = ("0" if groups[4][0] != "0" else "1") + groups[4][1:]
    door.fill(" ".join(groups))
    assert "group: 5." in door.dialog.key._wrong.text()
    assert not door.dialog.confirm.isEnabled()
    door.fill(door.key)
    assert door.dialog.key._wrong.isHidden()
    assert door.dialog.confirm.isEnabled()


def test_the_sheet_of_another_register_waits(door: AtTheDoor, tmp_path: Path) -> None:
    door.fill(new_vault(tmp_path / "other", cost=CHEAP).recovery)
    assert "another register" in door.failed()
    door.fill(door.key)
    assert "A try failed a moment ago" in door.failed()
    assert not door.dialog.confirm.isEnabled()
    door.clock.now += timedelta(seconds=5)
    door.qtbot.waitUntil(door.dialog.confirm.isEnabled, timeout=WAIT)
    door.use()


def test_an_account_nobody_has_is_a_sentence(door: AtTheDoor) -> None:
    door.fill(door.key, login="nobody")
    assert "There is no open account nobody" in door.failed()
    door.fill(door.key, login="sun")
    door.use()


def test_after_a_leap_of_the_clock_a_second_person_is_still_asked_at_sign_in(door: AtTheDoor, qtbot: QtBot) -> None:
    door.clock.now = BEGAN + timedelta(days=40)
    door.fill(door.key)
    door.use()
    qtbot.waitUntil(lambda: door.window.credentials.names.currentText() == "li", timeout=WAIT)
    door.window.credentials.password.setText(NEW)
    with qtbot.assertNotEmitted(door.window.entered):
        door.window.credentials.button.click()
        qtbot.waitUntil(door.window.witness.isVisible, timeout=WAIT)
