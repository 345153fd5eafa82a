"""The scan line: always there, clears on submit, blocked by nothing; each outcome is heard and seen."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QObject, QProcess, QStandardPaths, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from app.domain.words import N_, Says
from app.i18n import _, render
from app.paths import resource
from app.ui import theme

FLASH = 1_200
"""Milliseconds an outcome stays beside the line."""


class Outcome(StrEnum):
    """What became of a scan; each has its sound, its sign and its word."""

    ACCEPTED = "accepted"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


SIGNS = {Outcome.ACCEPTED: "✓", Outcome.BLOCKED: "✕", Outcome.UNKNOWN: "?"}
OUTCOME_NAMES = {Outcome.ACCEPTED: N_("accepted"), Outcome.BLOCKED: N_("blocked"), Outcome.UNKNOWN: N_("unknown")}


class Sounds(QObject):
    """Plays the sound of an outcome through the system's own player, where there is one."""

    PLAYERS = ("pw-play", "aplay", "paplay")

    def __init__(self, parent: QObject | None = None, *, wanted: bool = True) -> None:
        super().__init__(parent)
        self.wanted = wanted
        self._player = next(
            (found for name in self.PLAYERS if (found := QStandardPaths.findExecutable(name))),
            "",
        )

    def play(self, outcome: Outcome) -> None:
        """Start the sound and go on."""
        if not (self.wanted and self._player):
            return
        process = QProcess()
        process.setProgram(self._player)
        process.setArguments([str(resource(f"sounds/{outcome}.wav"))])
        process.setStandardOutputFile(QProcess.nullDevice())
        process.setStandardErrorFile(QProcess.nullDevice())
        process.startDetached()


class ScanLine(QLineEdit):
    """Where codes are scanned or typed; what was submitted is handed on at once and the line is free again."""

    submitted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scan")
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)  # a Chinese input method eats a scan
        self.setPlaceholderText(_("Scan or type a code…   F2"))
        self.setAccessibleName(_("Scan line"))
        self.setMaxLength(200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def submit(self, code: str) -> None:
        """Take a code as if it had been scanned here."""
        self.clear()
        if text := code.strip():
            self.submitted.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter submits; Escape clears."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit(self.text())
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)


class ScanBar(QWidget):
    """The scan line and, beside it for a moment, what became of the newest scan."""

    def __init__(self, parent: QWidget | None = None, *, sounds: Sounds | None = None) -> None:
        super().__init__(parent)
        self.line = ScanLine(self)
        self.sounds = sounds
        self._outcome = QLabel(self)
        self._outcome.setObjectName("outcome")
        self._outcome.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.line, 1)
        layout.addWidget(self._outcome)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.timeout.connect(self._on_quiet)

    def answer(self, outcome: Outcome, words: Says | str = "") -> None:
        """Show and sound what became of a scan."""
        if self.sounds is not None:
            self.sounds.play(outcome)
        self._outcome.setText(f"{SIGNS[outcome]} {_(OUTCOME_NAMES[outcome])}")
        self._outcome.setToolTip(render(words))
        self._outcome.setAccessibleName(render(words) or _(OUTCOME_NAMES[outcome]))
        for widget in (self.line, self._outcome):
            theme.mark(widget, outcome=str(outcome))
        self._outcome.show()
        self._quiet.start(FLASH)

    def _on_quiet(self) -> None:
        self._outcome.hide()
        theme.mark(self.line, outcome="")
