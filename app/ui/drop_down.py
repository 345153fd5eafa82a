"""A list that drops down: the wheel scrolls the form around it and never answers a question by accident."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget


class DropDown(QComboBox):
    """One of a few, chosen on purpose: by opening it, or by keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Whoever scrolls past a level must not change it; the page behind scrolls instead."""
        event.ignore()
