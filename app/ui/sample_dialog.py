"""The sample register: made beside the window, and everybody may know its passwords."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.i18n import _
from app.paths import data_dir
from app.ui import theme
from app.ui.aside import Aside
from app.ui.following import scrolled
from app.ui.long_work import WorkRefused

Accounts = Sequence[tuple[str, str, str]]
"""Account, password, who it is."""
MakeSample = Callable[[Path], Accounts]


class SampleDialog(QDialog):
    """Says what the sample is, makes it, and shows who can sign in."""

    made = Signal(object)
    """The folder of the sample register."""

    def __init__(
        self, make: MakeSample, parent: QWidget | None = None, *, folder: Path | None = None, aside: Aside | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Sample register"))
        self._make, self._aside = make, aside or Aside(self)
        self.folder = folder or _free_folder()
        self._is_made = False
        title = QLabel(_("Sample register"), self)
        theme.mark(title, heading=True)
        self._words = QLabel(
            _("It takes about a minute: public titles, invented people and two invented months at the registry. Nothing"
              " in it is secret, and its passwords are known to everybody."), self
        )  # fmt: skip
        self._words.setWordWrap(True)
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.hide()
        self._list, column = scrolled(self)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(2, 1)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._list.hide()
        self._cancel, self._go = QPushButton(_("Cancel"), self), QPushButton(_("Make the sample"), self)
        theme.mark(self._go, primary=True)
        self._go.setDefault(True)
        self._go.setFocus()
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._cancel)
        row.addWidget(self._go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        for widget in (title, self._words, self._progress):
            layout.addWidget(widget)
        layout.addWidget(self._list, 1)
        layout.addStretch()
        layout.addLayout(row)
        theme.fit(self, theme.size(560), theme.size(340))
        self._cancel.clicked.connect(self.reject)
        self._go.clicked.connect(self._on_go)

    def _on_go(self) -> None:
        if self._is_made:
            self.accept()
            self.made.emit(self.folder)
            return
        self._progress.show()
        self._go.setEnabled(False)
        self._cancel.setEnabled(False)
        self._aside.ask(partial(self._make, self.folder), self._on_made)

    def _on_made(self, future: Future[Any]) -> None:
        self._progress.hide()
        self._go.setEnabled(True)
        self._cancel.setEnabled(True)
        try:
            accounts: Accounts = future.result()
        except WorkRefused as refused:
            self._words.setText(refused.words)
            theme.mark(self._words, kind="bad")
            return
        self._is_made = True
        self._cancel.hide()
        self._go.setText(_("Sign in"))
        self._go.setFocus()  # it was with the button that has gone
        self._words.setText(_("The sample is ready. Anybody of these can sign in:"))
        for at, each in enumerate(accounts):
            for column, words in enumerate(each):
                label = QLabel(words, self._list)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                theme.mark(label, strong=column == 0, dim=column == 2)
                self._grid.addWidget(label, at, column)
        self._list.show()

    def reject(self) -> None:
        """What is being made is not left half done."""
        if self._cancel.isEnabled():
            super().reject()


def _free_folder() -> Path:
    home = data_dir()
    names = (f"sample-{at}" if at > 1 else "sample" for at in range(1, 1000))
    return next(path for name in names if not (path := home / name).exists())
