"""The recovery sheet at the first window: an account gets a new password when nobody knows the old ones."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain import recovery_key
from app.domain.recovery_key import GROUPS
from app.domain.words import Says
from app.i18n import _, render
from app.ui import theme
from app.ui.aside import Aside, failure_of, wait_of
from app.ui.credentials import wrapped
from app.ui.following import scrolled
from app.ui.gate import Gate
from app.ui.passwords import NewPassword

LENGTH = 5
IN_A_ROW = 4


class GroupLine(QLineEdit):
    """One group of the key; a backspace in an empty one goes to the group before."""

    back_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self.back_wanted.emit()
        else:
            super().keyPressEvent(event)


class KeyField(QWidget):
    """The key as it stands on the sheet: eight groups, each looked at as soon as it is whole."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.groups = [GroupLine(self) for _each in range(GROUPS)]
        face = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        grid = QGridLayout()
        grid.setSpacing(8)
        for at, line in enumerate(self.groups):
            line.setFont(face)
            line.setAccessibleName(_("Group {n}").format(n=at + 1))
            line.setInputMethodHints(Qt.InputMethodHint.ImhLatinOnly | Qt.InputMethodHint.ImhUppercaseOnly)
            line.textEdited.connect(partial(self._on_edited, at))
            line.back_wanted.connect(partial(self._step_back, at))
            grid.addWidget(line, at // IN_A_ROW, at % IN_A_ROW)
        self._wrong = wrapped(self, kind="bad")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(grid)
        layout.addWidget(self._wrong)
        self._wrong.hide()
        self.setFocusProxy(self.groups[0])

    @property
    def key(self) -> str:
        """Everything that was typed."""
        return "-".join(line.text() for line in self.groups)

    @property
    def is_complete(self) -> bool:
        """Whether every group can be as it is printed."""
        return all(recovery_key.group_is_right(at, line.text()) for at, line in enumerate(self.groups))

    def _on_edited(self, at: int, text: str) -> None:
        """A whole group moves on to the next; a pasted key fills them all."""
        pieces = recovery_key.divided(text)[: GROUPS - at] or [""]
        for place, piece in enumerate(pieces, at):
            self.groups[place].setText(piece)
        last = at + len(pieces) - 1
        if len(pieces[-1]) == LENGTH and last + 1 < GROUPS:
            self.groups[last + 1].setFocus()
        else:
            self.groups[last].setFocus()
        self._look()

    def _step_back(self, at: int) -> None:
        if at:
            self.groups[at - 1].setFocus()

    def _look(self) -> None:
        wrong = [
            at + 1
            for at, line in enumerate(self.groups)
            if len(line.text()) >= LENGTH and not recovery_key.group_is_right(at, line.text())
        ]
        numbers = ", ".join(map(str, wrong))
        self._wrong.setText(_("Mistyped, look again at group: {numbers}.").format(numbers=numbers))
        self._wrong.setVisible(bool(wrong))
        self.changed.emit()


class RecoveryDialog(QDialog):
    """Account, key, new password; whatever is wrong is a sentence, and what was typed stays."""

    recovered = Signal(str)
    """The login that now has a new password."""

    def __init__(
        self,
        gate: Gate,
        folder: Path,
        names: Sequence[str],
        parent: QWidget | None = None,
        *,
        aside: Aside | None = None,
    ) -> None:
        super().__init__(parent)
        self._gate, self._folder = gate, folder
        self._aside = aside or Aside(self)
        self._is_busy = False
        self.setWindowTitle(_("Use the recovery sheet"))
        self.names = QComboBox(self)
        self.names.setEditable(True)
        self.names.addItems(list(names))
        self.names.setAccessibleName(_("Account"))
        self.key = KeyField(self)
        self.password = NewPassword(_("The account signs in with it from now on; that the sheet was used is entered."))
        self.password.owner = self.names.currentText
        self._failure = wrapped(self, kind="bad")
        self._failure.hide()
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.hide()
        self._cancel, self.confirm = QPushButton(_("Cancel"), self), QPushButton(_("Set the new password"), self)
        theme.mark(self.confirm, primary=True)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(self._on_changed)
        self._lay_out()
        for changed in (self.names.editTextChanged, self.key.changed, self.password.changed):
            changed.connect(self._on_changed)
        self._cancel.clicked.connect(self.reject)
        self.confirm.clicked.connect(self._recover)
        self.finished.connect(self.deleteLater)
        self._on_changed()
        self.key.setFocus()

    def _lay_out(self) -> None:
        title = QLabel(self.windowTitle(), self)
        theme.mark(title, heading=True)
        about = wrapped(self, dim=True)
        about.setText(_("The key stands on the sheet in eight groups. A new sheet can be made after signing in."))
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 12, 0)
        buttons.addStretch(1)
        for button in (self._cancel, self.confirm):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        self._area, column = scrolled(self)
        column.setSpacing(8)
        for words, field in (
            (_("Account"), self.names), (_("Key of the recovery sheet"), self.key), ("", self.password)
        ):  # fmt: skip
            if words:
                label = QLabel(words, self)
                label.setBuddy(field)
                column.addWidget(label)
            column.addWidget(field)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 8, 16)
        layout.setSpacing(8)
        for widget in (title, about):
            layout.addWidget(widget)
        layout.addWidget(self._area, 1)
        layout.addWidget(self._failure)
        layout.addWidget(self._progress)
        layout.addLayout(buttons)
        theme.fit(self, theme.size(480), self.sizeHint().height())

    def _on_changed(self, *_changed: object) -> None:
        whole = bool(self.names.currentText().strip()) and self.key.is_complete and self.password.is_complete
        self.confirm.setEnabled(whole and not self._is_busy and not self._wait.isActive())
        QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        """Make room for sentences that came, as far as the screen has it; the rest is scrolled to."""
        theme.grow(self, self._area.lacks)

    def _recover(self) -> None:
        self._set_busy(is_on=True)
        work = partial(
            self._gate.recover, self._folder, self.key.key, self.names.currentText().strip(), self.password.new
        )
        self._aside.ask(work, self._on_answer)

    def _on_answer(self, future: Future[Any]) -> None:
        self._set_busy(is_on=False)
        if failure := failure_of(future):
            self._say(failure, wait_of(future))
            self._on_changed()
            return
        self.recovered.emit(self.names.currentText().strip())
        self.accept()

    def _say(self, sentences: Sequence[Says], wait: int) -> None:
        self._failure.setText(" ".join(map(render, sentences)))
        self._failure.show()
        if wait:
            self._wait.start(wait * 1000)

    def _set_busy(self, *, is_on: bool) -> None:
        self._is_busy = is_on
        self._progress.setVisible(is_on)
        for widget in (self.names, self.key, self.password, self._cancel):
            widget.setEnabled(not is_on)
        if is_on:
            self._failure.hide()
        self._on_changed()

    def reject(self) -> None:
        """What is being written cannot be called off."""
        if not self._is_busy:
            super().reject()
