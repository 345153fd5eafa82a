"""What can be done now, each with its key, and what cannot, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.action import Action, Refusal
from app.i18n import _, in_words
from app.ui import theme
from app.ui.approval import NEEDED, worth_saying
from app.ui.flow import FlowLayout
from app.ui.rail import section_title
from app.ui.reasons import Reasons

TYPING = (QLineEdit, QPlainTextEdit, QTextEdit, QComboBox)
"""Where a letter is a letter, and never an act."""


@dataclass(frozen=True)
class Offer:
    """An act that belongs here; with refusals it belongs here but not now."""

    action: type[Action]
    refusals: tuple[Refusal, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it can be begun; an act that only lacks its approval can be, to be submitted."""
        return all(refusal.rule == NEEDED for refusal in self.refusals)


class ActionMenu(QFrame):
    """Buttons for the acts that are allowed, then the others with what stands against them."""

    chosen = Signal(object)
    """The action's class."""
    rule_wanted = Signal(object)

    def __init__(self, offers: Sequence[Offer] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: dict[str, type[Action]] = {}
        self._watched: QWidget | None = None
        row = QWidget(self)
        self._row = FlowLayout(row)
        self._title = section_title(_("Not now"))
        self._title.setContentsMargins(0, theme.size(6), 0, 0)
        self._reasons = Reasons(self, kind="")
        self._reasons.rule_wanted.connect(self.rule_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(row)
        layout.addWidget(self._title)
        layout.addWidget(self._reasons)
        self.show_offers(offers)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show what may be done on another subject, or after an act."""
        self._row.clear()
        self._keys = {}
        for offer in offers:
            if offer.is_open:
                self._row.addWidget(self._button(offer, primary=not self._row.count()))
        shut: dict[Refusal, list[str]] = {}
        for offer in offers:
            if not offer.is_open:
                shut.setdefault(worth_saying(offer.refusals)[0], []).append(_(offer.action.label).rstrip("…"))
        self._title.setVisible(bool(shut))
        self._reasons.show_refusals(list(shut), [in_words(tuple(names)) for names in shut.values()])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A single key reaches the window only when no field wanted it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watched = self.window()
        self._watched.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._watched is not None:
            self._watched.removeEventFilter(self)

    def press(self, key: str) -> bool:
        """Choose the act with this key; tells whether there is one."""
        action = self._keys.get(key.upper())
        if action is None:
            return False
        self.chosen.emit(action)
        return True

    def _on_key(self, event: QKeyEvent) -> bool:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        return plain and not isinstance(QApplication.focusWidget(), TYPING) and self.press(event.text())

    def _button(self, offer: Offer, *, primary: bool) -> QPushButton:
        label, key = _(offer.action.label), offer.action.key.upper()
        button = QPushButton(f"{label}   {key}".rstrip(), self)
        button.setAccessibleName(label)
        theme.mark(button, primary=primary)
        button.clicked.connect(lambda: self.chosen.emit(offer.action))
        if key:
            self._keys[key] = offer.action
        return button
