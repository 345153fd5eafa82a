"""Every key and click of the program, seen at the windows by which they come in."""

from __future__ import annotations

from typing import Protocol

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

OPENS = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease)
"""What can open a menu or a list, which is a window of its own that never gets the focus."""


class Listens(Protocol):
    """Somebody who is told of every event that comes in, and may keep it from going on."""

    def heard(self, window: QWindow | None, event: QEvent) -> bool: ...


class WindowWatch(QObject):
    """Filters what comes in by the windows, and what an input method writes into the field in front.

    A filter on the application is called for each of the thousands of events with which a page is built and drawn:
    with one, everything that shows took twice as long.
    """

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._listeners: list[Listens] = []
        self._field: QObject | None = None
        application.focusWindowChanged.connect(self._watch_windows)
        application.focusObjectChanged.connect(self._watch_field)
        self._watch_windows()
        self._watch_field(application.focusObject())

    def tell(self, listener: Listens) -> None:
        """Tell it from now on; everybody is told, whoever keeps an event from going on."""
        self._listeners.append(listener)

    def leave_out(self, listener: Listens) -> None:
        """Tell it no more."""
        self._listeners = [each for each in self._listeners if each is not listener]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Pass on what came in by a window; of the field in front only what an input method wrote."""
        window = watched if isinstance(watched, QWindow) else None
        if window is None and event.type() != QEvent.Type.InputMethod:
            return False
        if event.type() in OPENS:
            QTimer.singleShot(0, self, self._watch_windows)
        kept_back = [listener.heard(window, event) for listener in tuple(self._listeners)]
        return any(kept_back)

    def _watch_windows(self, *_focused: object) -> None:
        for window in QApplication.topLevelWindows():
            window.installEventFilter(self)  # once: a second time only moves it to the front

    def _watch_field(self, field: QObject | None) -> None:
        if self._field is not None and shiboken6.isValid(self._field):
            self._field.removeEventFilter(self)
        self._field = field if isinstance(field, QWidget) else None
        if self._field is not None:
            self._field.installEventFilter(self)


def watch_of(application: QApplication) -> WindowWatch:
    """The one watch of the program."""
    return application.findChild(WindowWatch) or WindowWatch(application)


def receiver_of_keys(window: QWindow) -> QWidget | None:
    """The widget that a key pressed in this window is for."""
    popup = QApplication.activePopupWidget()
    inside: QWidget | None = popup.focusWidget() if popup is not None else None
    receiver = inside or popup or QWidget.keyboardGrabber() or window.focusObject()
    return receiver if isinstance(receiver, QWidget) else None


def takes_text(widget: QObject | None) -> bool:
    """Whether what is typed there is written there; elsewhere a letter is an act, a choice or nothing."""
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    if isinstance(widget, QAbstractItemView):
        return widget.editTriggers() != QAbstractItemView.EditTrigger.NoEditTriggers
    fields = (QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
    return isinstance(widget, fields) and not widget.isReadOnly()
