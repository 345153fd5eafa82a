"""Notices that nobody is at the desk."""

from __future__ import annotations

import time
from typing import cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication

from app.ui.window_watch import watch_of

ACTIVITY = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.InputMethod,
    QEvent.Type.TouchBegin,
)
"""A key, a click, a scan; a mouse that is nudged is nobody."""


class IdleClock(QObject):
    """Counts down to the lock and begins again with every key, click and scan."""

    remaining = Signal(int)
    """Seconds until the lock, once a second."""
    expired = Signal()

    def __init__(self, application: QApplication, minutes: float) -> None:
        super().__init__(application)
        self._seconds = minutes * 60
        self._last = time.monotonic()
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._on_second)
        self._watch = watch_of(application)
        self._watch.tell(self)

    def leave(self) -> None:
        """Watch no more."""
        self._timer.stop()
        self._watch.leave_out(self)
        self.deleteLater()

    def heard(self, _window: QWindow | None, event: QEvent) -> bool:
        """Take note that somebody is there."""
        if event.type() in ACTIVITY:
            self._last = time.monotonic()
        if event.type() == QEvent.Type.KeyPress and self._timer.isActive():
            return self._locks_over_dialog(cast("QKeyEvent", event))
        return False

    def _locks_over_dialog(self, event: QKeyEvent) -> bool:
        """Ctrl+L while a dialog is open: the window's own shortcut sleeps then, and whoever leaves must not wait."""
        wanted = event.key() == Qt.Key.Key_L and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if not wanted or QApplication.activeModalWidget() is None:
            return False
        QTimer.singleShot(0, self, self.expired.emit)
        return True

    def start(self, minutes: float | None = None) -> None:
        """Begin to count, after signing in or unlocking."""
        self._seconds = self._seconds if minutes is None else minutes * 60
        self._last = time.monotonic()
        self._timer.start()
        self.remaining.emit(self.seconds_left)

    def stop(self) -> None:
        """Nobody is signed in; there is nothing to lock."""
        self._timer.stop()

    @property
    def seconds_left(self) -> int:
        """Whole seconds until the lock."""
        return max(0, round(self._seconds - (time.monotonic() - self._last)))

    def _on_second(self) -> None:
        left = self.seconds_left
        self.remaining.emit(left)
        if left == 0:
            self._timer.stop()
            self.expired.emit()
