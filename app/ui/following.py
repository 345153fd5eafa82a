"""The cursor goes through the questions of a dialog by Enter, and what has it is always in view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QPlainTextEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.fields import SeveralField
from app.ui.reasons import Reasons

QUESTION = "question"
"""The property of what holds a field, its label and what speaks against its answer."""
MARGIN = 40
"""So much above and below, that a field's label and what speaks against it are seen with it."""


class FollowingArea(QScrollArea):
    """Scrolls with the focus, wherever it comes from: Enter, a scan, a broken rule; Qt's own follows Tab only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        theme.mark(self, plain=True)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def sizeHint(self) -> QSize:
        """As large as what is in it: the window that shows it takes no more than the screen has."""
        inner = self.widget()
        return inner.sizeHint() if inner is not None else super().sizeHint()

    @property
    def lacks(self) -> int:
        """By how many pixels what is in it is higher than what is seen of it; before it is shown, nothing is."""
        inner, seen = self.widget(), self.viewport().size()
        if inner is None or not self.isVisible():
            return 0
        wanted = inner.heightForWidth(seen.width()) if inner.hasHeightForWidth() else inner.sizeHint().height()
        return max(0, wanted - seen.height())

    def make_room(self) -> None:
        """Have the window grow by what is lacking, as far as the screen has it, once it stands on the screen."""
        window = self.window()
        if window.isVisible() and not window.windowHandle().isExposed():
            QTimer.singleShot(theme.PLACED_SOON, self, self.make_room)
        else:
            theme.grow(window, self.lacks)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        inner = self.widget()
        if now is not None and inner is not None and inner.isAncestorOf(now):
            self._see(now, inner)
            QTimer.singleShot(0, now, lambda: self._see(now, inner))  # and once what came with it has its place

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is said below the field that has the focus made the form longer: that is seen too."""
        inner, now = self.widget(), QApplication.focusWidget()
        if event.type() == QEvent.Type.Resize and watched is inner and now is not None and inner.isAncestorOf(now):
            QTimer.singleShot(0, now, lambda: self._see(now, inner))
        return super().eventFilter(watched, event)

    def _see(self, now: QWidget, inner: QWidget) -> None:
        question: QWidget | None = now
        while question is not None and not question.property(QUESTION):
            question = question.parentWidget()
        if question is not None and question.height() < self.viewport().height():
            self.ensureWidgetVisible(question, 0, 0)
        self.ensureWidgetVisible(now, 0, theme.size(MARGIN))
        if isinstance(now, QPlainTextEdit):  # of which Qt shows the line of the cursor alone
            foot = now.mapTo(inner, now.rect().bottomLeft())
            self.ensureVisible(foot.x(), foot.y(), 0, theme.size(MARGIN))


def scrolled(parent: QWidget) -> tuple[FollowingArea, QVBoxLayout]:
    """An area for what may be higher than the screen, and the column in it to fill."""
    area = FollowingArea(parent)
    inner = QWidget(area)
    area.setWidget(inner)  # now, while nothing is in it: moved later, each part of it would be styled once more
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, 12, 0)
    return area, column


def to_next_question(dialog: QDialog) -> None:
    """Give the focus to the next question; the boxes of one question are passed together."""
    stood = QApplication.focusWidget()
    if isinstance(stood, QPlainTextEdit):
        return
    boxes = stood.parentWidget() if stood is not None else None
    dialog.focusNextChild()
    while _is_passed_by(QApplication.focusWidget(), boxes):
        dialog.focusNextChild()


def _is_passed_by(now: QWidget | None, boxes: QWidget | None) -> bool:
    """A reason takes the keyboard for its link; Enter looks for the next question."""
    return isinstance(now, Reasons) or (now is not None and isinstance(boxes, SeveralField) and boxes.isAncestorOf(now))


def takes_key(
    dialog: QDialog, event: QKeyEvent, confirm: QPushButton, lead: Callable[[], object] = lambda: None
) -> bool:
    """Enter goes on; Ctrl+Enter confirms, or leads to the answer that is missing; False for any other key."""
    if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        return False
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        if confirm.isEnabled():
            confirm.click()
        else:
            lead()
    else:
        to_next_question(dialog)
    return True
