"""The lock: everything disappears at once, dialogs too, and comes back as it was."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QStackedWidget, QWidget


class Covers(QStackedWidget):
    """The frame, and what may hide it: as high as the window is."""

    def heightForWidth(self, _width: int) -> int:
        """None: a notice whose lines wrap made the whole frame as high as its parts would like, below the screen."""
        return -1


class Cover(QObject):
    """Puts a screen over the frame and keeps every other window out of sight meanwhile."""

    def __init__(self, stack: QStackedWidget) -> None:
        super().__init__(stack)
        self._stack = stack
        self._screen: QWidget | None = None
        """Kept by itself: while the frame is made anew there is none in the stack, and the screen is the first."""
        self._hidden: list[QWidget] = []

    @property
    def is_on(self) -> bool:
        """Whether a screen hides everything."""
        return self._screen is not None

    def put(self, screen: QWidget) -> None:
        """Hide everything behind the screen."""
        self.lift()
        own = self._stack.window()
        for top in QApplication.topLevelWidgets():
            if top is not own and top.isVisible():
                self._hide(top)
        self._screen = screen
        self._stack.addWidget(screen)
        self._stack.setCurrentWidget(screen)
        screen.setFocus()
        if application := QApplication.instance():
            application.installEventFilter(self)

    def lift(self) -> None:
        """Show everything again as it was."""
        if application := QApplication.instance():
            application.removeEventFilter(self)
        screen, self._screen = self._screen, None
        if screen is not None:
            self._stack.removeWidget(screen)
            screen.deleteLater()
        hidden, self._hidden = self._hidden, []
        for top in hidden:
            if shiboken6.isValid(top):
                top.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A dialog that opens while the window is locked, as the answer to something slow, waits for the key too."""
        if event.type() == QEvent.Type.Show and isinstance(watched, QDialog) and not self._is_ours(watched):
            QTimer.singleShot(0, watched, lambda: self._hide(watched))
        return False

    def _is_ours(self, dialog: QDialog) -> bool:
        """Whether the screen itself opened it, to sign in."""
        return self._screen is not None and self._screen.isAncestorOf(dialog)

    def _hide(self, top: QWidget) -> None:
        if top not in self._hidden:
            self._hidden.append(top)
        top.hide()
