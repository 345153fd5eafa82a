"""The top of the window (register, scan line, how to find anything, who is signed in) and its foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from app import i18n
from app.i18n import _
from app.ui import theme
from app.ui.page import Status
from app.ui.scan import ScanBar, Sounds


@dataclass(frozen=True)
class Heading:
    """What the top bar says: the register, its unit and regimes, who is signed in with which duties."""

    register: str = "Custos"
    unit: str = ""
    regime: str = ""
    person: str = ""
    duty: str = ""


class Elided(QLabel):
    """A label that gives way: it shortens its text instead of pushing others out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def say(self, words: str) -> None:
        """Show the words, or as much of them as there is room for."""
        self._whole = words
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self._whole) + 2, hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.size(60), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        super().setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))


class TopBar(QFrame):
    """Register and unit, scan line, find, commands, person and time to the lock."""

    find_wanted = Signal()
    commands_wanted = Signal()
    lock_wanted = Signal()

    def __init__(self, heading: Heading, sounds: Sounds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top")
        self.scan = ScanBar(self, sounds=sounds)
        self._register, self._place = QLabel(self), Elided(self)
        theme.mark(self._register, strong=True)
        theme.mark(self._place, dim=True)
        self._person, self._left = Elided(self), QLabel(self)
        self._person.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        theme.mark(self._left, dim=True)
        self._left.setMinimumWidth(self._left.fontMetrics().horizontalAdvance(self._left_words(5999)))
        find = self._step(_("Find"), "F3", "magnify", self.find_wanted)
        commands = self._step(_("Commands"), "Ctrl+K", "console-line", self.commands_wanted)
        lock = QToolButton(self)
        lock.setIcon(theme.icon("lock-outline"))
        lock.setToolTip(_("Lock now (Ctrl+L)"))
        lock.setAccessibleName(_("Lock now (Ctrl+L)"))
        lock.clicked.connect(self.lock_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 10, 8)
        layout.setSpacing(8)
        for widget, stretch in (
            (self._register, 0),
            (self._place, 0),
            (self.scan, 1),
            (find, 0),
            (commands, 0),
            (self._person, 0),
            (self._left, 0),
            (lock, 0),
        ):
            layout.addWidget(widget, stretch)
        self.scan.setMinimumWidth(theme.size(260))
        self.show_heading(heading)

    def show_heading(self, heading: Heading) -> None:
        """Say whose register this is and who is signed in."""
        self._register.setText(heading.register)
        self._place.say(" · ".join(part for part in (heading.unit, heading.regime) if part))
        self._person.say(" · ".join(part for part in (heading.person, heading.duty) if part))
        self._left.setVisible(bool(heading.person))

    def show_left(self, seconds: int) -> None:
        """Say when the window locks."""
        self._left.setText(self._left_words(seconds))
        theme.mark(self._left, kind="warn" if seconds <= 30 else "")

    def _left_words(self, seconds: int) -> str:
        return _("locks in {time}").format(time=f"{seconds // 60}:{seconds % 60:02d}")

    def _step(self, label: str, key: str, icon: str, wanted: object) -> QPushButton:
        button = QPushButton(f"{label} {key}", self)
        button.setIcon(theme.icon(icon))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.mark(button, quiet=True)
        button.clicked.connect(wanted)
        return button


class Foot(QFrame):
    """The status bar: how the book stands, and the language of the window."""

    language_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self._statements = QHBoxLayout()
        self._statements.setSpacing(18)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 2, 10, 2)
        layout.setSpacing(0)
        layout.addLayout(self._statements)
        layout.addStretch(1)
        for at, (language, name) in enumerate(i18n.LANGUAGE_NAMES.items()):
            if at:
                layout.addWidget(QLabel("·", self))
            button = QToolButton(self)
            button.setText(name)
            button.setCheckable(True)
            button.setChecked(i18n.current() == language)
            button.clicked.connect(lambda _checked, language=language: self.language_wanted.emit(language))
            layout.addWidget(button)

    def show_status(self, statements: Sequence[Status]) -> None:
        """Say how the book stands, in the given order."""
        while item := self._statements.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for statement in statements:
            self._statements.addWidget(_statement(statement, self))


def _statement(statement: Status, parent: QWidget) -> QWidget:
    if statement.do is None:
        label = QLabel(statement.words, parent)
        theme.mark(label, kind=statement.kind, dim=not statement.kind)
        return label
    button = QPushButton(statement.words, parent)
    theme.mark(button, link=True)
    button.clicked.connect(statement.do)
    return button
