"""Somebody presses, types, scans and turns pages without sense, faster than anything is read: nothing breaks."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QFileDialog,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.action import Ref, Subject
from app.domain.numbering import payload
from app.stage import password_of
from tests.ui.clerk import Clerk

T = TypeVar("T", bound=QWidget)
STEPS = 400
TYPED = ("1", "x", "会议", "2026-12-31", "-5", "99999999999", "a" * 500, "")
KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_F2, Qt.Key.Key_Escape)
CONTROL = (Qt.Key.Key_K, Qt.Key.Key_Return, Qt.Key.Key_F, Qt.Key.Key_Z, Qt.Key.Key_P, Qt.Key.Key_1)


class Monkey:
    """Hands without a plan; the same seed has the same whims."""

    def __init__(self, clerk: Clerk, whims: Random) -> None:
        self._clerk, self._whims = clerk, whims
        self._fetched = QTimer(clerk.window)
        self._fetched.timeout.connect(self._away)
        self._fetched.start(100)
        self.ways: tuple[tuple[int, Callable[[QWidget], Any]], ...] = (
            (30, self._press), (10, self._type), (6, self._choose), (10, self._scan), (8, self._row), (10, self._key),
            (6, self._control), (6, self._page), (8, self._go), (4, self._language), (4, self._close),
        )  # fmt: skip

    def _away(self) -> None:
        """Qt's own windows wait for an answer of their own."""
        for each in QApplication.topLevelWidgets():
            if isinstance(each, QFileDialog) and each.isVisible():
                each.reject()
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()

    @property
    def front(self) -> QWidget:
        """The dialog in front, or the window."""
        dialogs = [each for each in self._clerk.window.findChildren(QDialog) if each.isVisible()]
        return QApplication.activePopupWidget() or (dialogs[-1] if dialogs else self._clerk.window)

    def do(self) -> None:
        """One thing, whatever comes of it."""
        if self._clerk.window.is_locked:
            cover: Any = self._clerk.window._covers.currentWidget()
            cover.password.setText(password_of("chen"))
            cover.button.click()
            self._clerk.until(lambda: not self._clerk.window.is_locked)
        weights, ways = zip(*self.ways, strict=True)
        self._whims.choices(ways, weights)[0](self.front)

    def _one(self, kind: type[T], front: QWidget) -> T | None:
        found = [each for each in front.findChildren(kind) if each.isVisible() and each.isEnabled()]
        return self._whims.choice(found) if found else None

    def _press(self, front: QWidget) -> None:
        if (button := self._one(QAbstractButton, front)) is not None:
            QTimer.singleShot(0, button, button.click)

    def _type(self, front: QWidget) -> None:
        if (field := self._one(QLineEdit, front)) is not None:
            field.setFocus()
            field.selectAll()
            field.insert(self._whims.choice(TYPED))

    def _choose(self, front: QWidget) -> None:
        if (box := self._one(QComboBox, front)) is not None and box.count():
            box.setCurrentIndex(self._whims.randrange(box.count()))
            box.activated.emit(box.currentIndex())

    def _scan(self, _front: QWidget) -> None:
        code = payload(self._whims.choice("CCCPSLE"), self._whims.choice((107, 99)), self._whims.randint(1, 12))
        self._clerk.window._on_burst(code)

    def _row(self, front: QWidget) -> None:
        view = self._one(QAbstractItemView, front)
        model = view.model() if view is not None else None
        if view is None or model is None or not model.rowCount(QModelIndex()):
            return
        index = model.index(self._whims.randrange(model.rowCount(QModelIndex())), 0)
        view.setCurrentIndex(index)
        if self._whims.random() < 0.5:
            view.activated.emit(index)

    def _key(self, front: QWidget) -> None:
        QTest.keyClick(QApplication.focusWidget() or front, self._whims.choice(KEYS))

    def _control(self, front: QWidget) -> None:
        held = Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(QApplication.focusWidget() or front, self._whims.choice(CONTROL), held)

    def _page(self, _front: QWidget) -> None:
        self._clerk.window.go(self._whims.choice(list(self._clerk.window._pages)))

    def _go(self, _front: QWidget) -> None:
        kind = self._whims.choice((Subject.CARRIER, Subject.DOCUMENT, Subject.PERSON, Subject.PLACE))
        number = self._whims.randint(1, 8)
        if self._whims.random() < 0.3:
            self._clerk.place.go_slip(number)
        else:
            self._clerk.place.go_to(Ref(kind, number))

    def _language(self, _front: QWidget) -> None:
        self._clerk.window.use_language(self._whims.choice((i18n.ENGLISH, i18n.CHINESE)))

    def _close(self, front: QWidget) -> None:
        if isinstance(front, QDialog):
            front.reject()


@pytest.fixture
def clerk(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Clerk]:
    sitting = Clerk(qtbot, tmp_path / "book")
    sitting.stage_loan(sitting.stage_copies(4)[:2])
    yield sitting
    i18n.use(i18n.ENGLISH)
    sitting.close()


@pytest.mark.slow
@pytest.mark.qt_log_ignore("does not support", extend=True)
@pytest.mark.parametrize("seed", range(12))
def test_nothing_breaks_whatever_is_pressed(clerk: Clerk, seed: int) -> None:
    whims = Random(seed)
    monkey = Monkey(clerk, whims)
    for _ in range(STEPS):
        if not clerk.window.isVisible():  # whoever presses everything also goes home
            return
        monkey.do()
        clerk.qtbot.wait(whims.choice((1, 1, 5, 40)))
        if clerk.faults:
            raise clerk.faults[0]
    while isinstance(front := monkey.front, QDialog):
        front.reject()
        clerk.qtbot.wait(5)
    if clerk.window.isVisible():
        clerk.settle()
