"""The room a screen has for the frame: on a small one at 200 % the rest is scrolled to, and nothing is out of reach."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QScrollArea, QWidget


class Room(QScrollArea):
    """Shows as much of the frame as there is room for, and the part of it where something happened."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)

    def look_left(self) -> None:
        """To where a page begins."""
        QTimer.singleShot(0, self, lambda: self._look_at(self.horizontalScrollBar().minimum()))

    def look_right(self) -> None:
        """To the card, once the frame has made way for it."""
        QTimer.singleShot(0, self, lambda: self._look_at(self.horizontalScrollBar().maximum()))

    def _look_at(self, across: int) -> None:
        self.horizontalScrollBar().setValue(across)
        self.verticalScrollBar().setValue(self.verticalScrollBar().minimum())
