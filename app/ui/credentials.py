"""A name from the list and a password, with all that a person who cannot see what they type wants to know."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.words import Says
from app.i18n import _, render
from app.ui import theme


class PasswordLine(QLineEdit):
    """A password that says when caps lock is on: nobody sees what is typed, so the line tells."""

    caps_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setPlaceholderText(_("Password"))
        self.setAccessibleName(_("Password"))
        self._is_caps = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A capital without shift, or a small letter with it, means caps lock."""
        text = event.text()
        if event.key() == Qt.Key.Key_CapsLock:
            self._set_caps(is_on=not self._is_caps)
        elif len(text) == 1 and text.isalpha() and text.upper() != text.lower():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._set_caps(is_on=text.isupper() != shifted)
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.isEnabled():
            event.accept()  # it was taken and put this line off: passed on, it would press what has the keyboard now

    def _set_caps(self, *, is_on: bool) -> None:
        if is_on != self._is_caps:
            self._is_caps = is_on
            self.caps_changed.emit(is_on)


class Credentials(QWidget):
    """A name from the list, a password, and what became of the last try."""

    given = Signal(str, str)

    def __init__(self, button: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = QComboBox(self)
        self.names.setAccessibleName(_("Account"))
        self.password = PasswordLine(self)
        self._caps = wrapped(self, kind="warn")
        self._caps.setText(_("Caps lock is on."))
        self._caps.hide()
        self._failure = wrapped(self, kind="bad")
        self._failure.hide()
        self._label = button
        self.button = QPushButton(button, self)
        theme.mark(self.button, primary=True)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.hide()
        self._wait = QTimer(self)
        self._wait.setInterval(1000)
        self._wait.timeout.connect(self._on_second)
        self._seconds = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.names, self.password, self._caps, self._failure, self.button, self._progress):
            layout.addWidget(widget)
        self.password.returnPressed.connect(self._give)
        self.button.clicked.connect(self._give)
        self.password.caps_changed.connect(self._caps.setVisible)

    def offer(self, names: Sequence[str], chosen: str = "") -> None:
        """List who can sign in."""
        self.names.clear()
        self.names.addItems(list(names))
        self.names.setCurrentIndex(max(0, self.names.findText(chosen)))
        self.set_busy(is_on=False)

    def set_busy(self, *, is_on: bool) -> None:
        """Show that the password is being tried."""
        self._progress.setVisible(is_on)
        for widget in (self.names, self.password):
            widget.setEnabled(not is_on)
        self.button.setEnabled(not is_on and not self._seconds and self.names.count() > 0)

    def say_failure(self, sentences: Sequence[Says], wait: int = 0) -> None:
        """Say why not, and how long no other try is looked at."""
        self._failure.setText(" ".join(render(sentence) for sentence in sentences))
        self._failure.setVisible(bool(sentences))
        self._seconds = wait
        self.set_busy(is_on=False)
        if wait:
            self._wait.start()
            self._show_wait()
        self.password.clear()
        self.password.setFocus()

    def forget_failure(self) -> None:
        """What was said of the last try no longer counts."""
        self._failure.hide()

    def _give(self) -> None:
        if self.button.isEnabled() and self.password.text():
            self._failure.hide()
            self.set_busy(is_on=True)
            self.given.emit(self.names.currentText(), self.password.text())

    def _on_second(self) -> None:
        self._seconds -= 1
        if self._seconds <= 0:
            self._wait.stop()
            self._seconds = 0
            self.set_busy(is_on=False)
        self._show_wait()

    def _show_wait(self) -> None:
        waiting = _("Wait {seconds} s").format(seconds=self._seconds)
        self.button.setText(waiting if self._seconds else self._label)


def wrapped(parent: QWidget, *, dim: bool = False, kind: str = "") -> QLabel:
    """An empty sentence that wraps."""
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    theme.mark(label, dim=dim, kind=kind)
    return label


class EnterPresses(QObject):
    """Enter presses the button that has the keyboard, also in a window that is no dialog."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        window.installEventFilter(self)

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        """Told of the keys that no widget within took."""
        button = QApplication.focusWidget()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or not isinstance(button, QAbstractButton):
            return False
        button.click()
        return True
