"""A row of widgets that goes on in the next line when the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Lays widgets out as words are laid out in a paragraph."""

    def __init__(self, parent: QWidget | None = None, gap: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._sizes: list[QSize] = []
        self._least: QSize | None = None
        """What each takes and needs, asked for once until something changes: the style answers slowly."""
        self.setContentsMargins(0, 0, 0, 0)

    def focus_first(self) -> None:
        """Give the focus to the first widget, if there is one."""
        first = self._items[0].widget() if self._items else None
        if first is not None:
            first.setFocus()

    def clear(self) -> bool:
        """Take every widget out and let it go; whether one of them had the focus of its window."""
        stood = False
        while item := self.takeAt(0):
            if widget := item.widget():
                stood = stood or widget.window().focusWidget() is widget
                widget.hide()
                widget.deleteLater()
        self.invalidate()
        return stood

    def invalidate(self) -> None:
        super().invalidate()
        self._forget()

    def _forget(self) -> None:
        self._sizes, self._least = [], None

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self._forget()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self._forget()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._flow(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._flow(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        if self._least is None:
            self._least = QSize()
            for item in self._items:
                self._least = self._least.expandedTo(item.minimumSize())
        return self._least

    def _flow(self, rect: QRect, *, move: bool) -> int:
        x, y, tallest = rect.x(), rect.y(), 0
        if not self._sizes:
            self._sizes = [item.sizeHint() for item in self._items]
        for item, size in zip(self._items, self._sizes, strict=True):
            if x > rect.x() and x + size.width() > rect.right() + 1:
                x, y, tallest = rect.x(), y + tallest + self._gap, 0
            if move:
                _place(item, QRect(QPoint(x, y), QSize(min(size.width(), rect.width()), size.height())))
            x += size.width() + self._gap
            tallest = max(tallest, size.height())
        return y + tallest - rect.y()


def _place(item: QLayoutItem, space: QRect) -> None:
    """Through its item a widget is asked for its size once more, and so is each that stays where it is."""
    widget = item.widget()
    if widget is None:
        item.setGeometry(space)
    elif widget.geometry() != space:
        widget.setGeometry(space)
