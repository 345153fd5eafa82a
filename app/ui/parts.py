"""Small parts that cards and pages are made of: words, a heading, a quiet step."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QWidget

from app.ui import theme
from app.ui.rail import section_title


def plain(words: str, *, dim: bool = False, kind: str = "") -> QLabel:
    """Words of the book, never marked-up text."""
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    theme.mark(label, dim=dim, kind=kind)
    return label


def link(words: str, do: Callable[[], object]) -> QPushButton:
    """A quiet step beside what it is about."""
    button = QPushButton(words)
    theme.mark(button, link=True)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    button.clicked.connect(lambda _checked=False: do())
    return button


def readable(words: str, parent: QWidget, *, dim: bool = False) -> QLabel:
    """Words of the book that can be marked and copied."""
    label = QLabel(words, parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    theme.mark(label, dim=dim)
    return label


def flush_title(words: str) -> QLabel:
    """A quiet heading flush with what stands below it."""
    title = section_title(words)
    title.setContentsMargins(0, theme.size(6), 0, 0)
    return title
