"""Tells a scanner from a typist: a burst of keys is read whole before any of it shows in a field."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Protocol, cast, runtime_checkable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.window_watch import receiver_of_keys, takes_text, watch_of

SHORTEST = 6
"""Characters; nobody's fingers make six of them at this pace."""
SHORTEST_WITHOUT_FIELD = 2
"""Where there is nothing to write into, two of them and their Enter are no words of anybody's."""
GAP = 35
"""Milliseconds between the keys of one burst, at most."""
HOLD = 45
"""How long a key is kept back to see whether another follows: a scanner's pace with some delay on the way here."""
OUR_CODE = re.compile(r"[A-Za-z][0-9]{12}")
ACCEPTS = "accepts_codes"
"""The property that names the type letters a field takes, e.g. "P" or "CE"."""

_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_INTERRUPTS = (QEvent.Type.MouseButtonPress, QEvent.Type.Close, QEvent.Type.InputMethod)


@runtime_checkable
class TakesCodes(Protocol):
    """A field, a dialog or a page that can do something with a scanned code; tells whether it did."""

    def take_code(self, code: str) -> bool: ...


@dataclass(frozen=True)
class _Key:
    """One key as it was pressed, so that it can be pressed again."""

    key: int
    modifiers: Qt.KeyboardModifier
    text: str


class BurstFilter(QObject):
    """Watches every key; codes of ours go where they are understood, all else goes where it was typed."""

    scanned = Signal(str)
    """One of our codes that no focused field takes, or any code where no field has the focus."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._held: list[_Key] = []
        self._target: QObject | None = None
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_silence)
        self._due = 0.0
        self._watch = watch_of(application)
        self._watch.tell(self)

    def leave(self) -> None:
        """Watch no more."""
        self._timer.stop()
        self._watch.leave_out(self)
        self.deleteLater()

    def heard(self, window: QWindow | None, event: QEvent) -> bool:
        """Keep keys back while they may be a scan."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and window is not None:
            receiver = receiver_of_keys(window)
            return receiver is not None and self._on_key(receiver, cast("QKeyEvent", event))
        if kind == QEvent.Type.KeyRelease:
            return bool(self._held) and bool(cast("QKeyEvent", event).text())
        if kind in _INTERRUPTS and self._held:
            self.release()
        return False

    def release(self) -> None:
        """It was typing after all: press every kept key where it was meant for."""
        keys, target = self._held, self._target
        self._forget()
        if target is None or not shiboken6.isValid(target):
            return
        focus = QApplication.focusWidget()
        for key in keys:
            # The first key may have opened an editor, as in a table: the rest was meant for that.
            now = QApplication.focusWidget()
            receiver = target if now is focus or now is None else now
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                if shiboken6.isValid(receiver):
                    QApplication.sendEvent(receiver, QKeyEvent(kind, key.key, key.modifiers, key.text))

    def _on_key(self, receiver: QWidget, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Shift:
            return False  # a scanner presses it for each capital in the midst of a code
        now = event.timestamp() or time.monotonic() * 1000
        follows = bool(self._held) and receiver is self._target and 0 <= now - self._last < GAP
        if self._held and not follows:
            self.release()
        if event.isAutoRepeat() or event.modifiers() & _COMMANDS:
            self.release()
            return False
        if event.key() in _ENDS:
            return self._on_end(event)
        if len(event.text()) != 1 or not event.text().isprintable():
            self.release()
            return False
        self._held.append(_Key(event.key(), event.modifiers(), event.text()))
        self._target, self._last = receiver, now
        self._due = time.monotonic() + HOLD / 1000
        self._timer.start(HOLD)
        return True

    def _on_end(self, event: QKeyEvent) -> bool:
        """Enter or Tab: the end of a scan, or of a typed word."""
        code = "".join(key.text for key in self._held)
        if len(code) >= SHORTEST_WITHOUT_FIELD and not takes_text(self._target) and not OUR_CODE.fullmatch(code):
            # Pressed one by one, its letters would open acts and its Enter the line of a list that has the focus.
            self._forget()
            self.scanned.emit(code)
            return True
        if len(code) < SHORTEST or not OUR_CODE.fullmatch(code):
            focus = QApplication.focusWidget()
            self.release()
            now = QApplication.focusWidget()
            if now is focus or now is None:
                return False
            self._held, self._target = [_Key(event.key(), event.modifiers(), event.text())], now
            self.release()
            return True
        focused = self._target
        self._forget()
        if not offer(focused, code.upper()):
            self.scanned.emit(code.upper())
        return True

    def _on_silence(self) -> None:
        # After a stall the timer comes before keys that already wait in the queue: let those be seen first.
        if time.monotonic() > self._due + GAP / 1000:
            self._due = time.monotonic() + HOLD / 1000
            self._timer.start(HOLD)
            return
        self.release()

    def _forget(self) -> None:
        self._timer.stop()
        self._held = []
        self._target = None


def offer(focused: QObject | None, code: str) -> bool:
    """Give a code to the focused field, or to what it lies in, if one of them takes codes of that type."""
    widget = focused if focused is not None and shiboken6.isValid(focused) else None
    while widget is not None:
        if code[0] in str(widget.property(ACCEPTS) or "") and isinstance(widget, TakesCodes) and widget.take_code(code):
            return True
        widget = widget.parent()
    return False
