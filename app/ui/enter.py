"""Enter presses the button that has the focus, as in a dialog: whoever came there by Tab presses what they see."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QWidget

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class EnterPresses(QObject):
    """Hears Enter at the window, where it comes only when nothing that has the focus wanted it.

    The Enter at the end of a scan never comes here: a burst is taken out whole before its keys are pressed.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Press once: an Enter that is held down is no second will."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in ENTER:
            button = QApplication.focusWidget()
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if plain and not event.isAutoRepeat() and isinstance(button, QPushButton | QToolButton):
                button.click()
                return True
        return super().eventFilter(watched, event)
