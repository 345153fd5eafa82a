"""The command palette: everything that can be done from here, by typing a few letters of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.i18n import _
from app.ui import theme
from app.ui.page import Command

_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class Palette(QDialog):
    """A list of commands that narrows while a clerk types; Enter does the one on top."""

    def __init__(self, commands: Sequence[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Commands"))
        self._commands = tuple(commands)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(_("Type a few letters of what you want to do"))
        self.search.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setIconSize(theme.icon_size())
        self.list.setUniformItemSizes(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self.search.textChanged.connect(self._narrow)
        self.search.returnPressed.connect(self._do)
        self.list.itemActivated.connect(self._do)
        self.list.itemClicked.connect(self._do)
        theme.fit(self, theme.size(520), theme.size(420))
        self._narrow("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move in the list while the clerk types above it."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                row = min(max(self.list.currentRow() + step, 0), self.list.count() - 1)
                self.list.setCurrentRow(row)
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, typed: str) -> None:
        words = typed.casefold().split()
        self.list.clear()
        labelled = [(_(command.label), command) for command in self._commands]
        for label, command in sorted(labelled, key=lambda each: not each[0].casefold().startswith(typed.casefold())):
            if all(word in label.casefold() or word in command.label.casefold() for word in words):
                item = QListWidgetItem(theme.icon(command.icon), f"{label}    {command.key}".rstrip(), self.list)
                item.setData(Qt.ItemDataRole.UserRole, command)
        self.list.setCurrentRow(0)

    def _do(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        command: Command = item.data(Qt.ItemDataRole.UserRole)
        self.accept()
        # The palette is gone before the command opens its own window.
        QTimer.singleShot(0, command.do)
