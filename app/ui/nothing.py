"""What an empty list says: why it is empty, and the step that fills it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.words import N_
from app.i18n import _
from app.ui import theme


@dataclass(frozen=True)
class Empty:
    """A marked sentence, and where there is one the step that follows from it."""

    words: str = ""
    step: str = ""
    do: Callable[[], object] | None = None


def narrowed(lift: Callable[[], object]) -> Empty:
    """Nothing is left of a list that was narrowed."""
    return Empty(N_("Nothing fits what is chosen above."), N_("Show all"), lift)


class NothingHere(QWidget):
    """Lies over a list without lines."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._empty = Empty()
        self.words = QLabel(self)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words.setWordWrap(True)
        theme.mark(self.words, dim=True)
        self.step = QPushButton(self)
        self.step.clicked.connect(self._on_step)
        column = QVBoxLayout(self)
        column.setSpacing(theme.size(10))
        column.addStretch(1)
        column.addWidget(self.words)
        column.addWidget(self.step, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def say(self, empty: Empty) -> None:
        """Say this from now on."""
        self._empty = empty
        self.words.setText(_(empty.words) if empty.words else "")
        self.step.setText(_(empty.step) if empty.step else "")
        self.step.setVisible(empty.do is not None)

    def _on_step(self) -> None:
        if self._empty.do is not None:
            self._empty.do()
