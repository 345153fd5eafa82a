"""Lists of a million lines without a stall: named orders, several chosen at once, worked by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTableView,
    QWidget,
)

from app.i18n import _
from app.ui import theme
from app.ui.cells import CellDelegate, room_of
from app.ui.nothing import Empty, NothingHere
from app.ui.rows import LINE, RowsModel

L = TypeVar("L")
MEASURED = 500
"""Lines at once whose marks are measured; for more, a column of marks has the room it declares."""


@dataclass(frozen=True)
class Standing:
    """How a list was left: its order, what was chosen in it, how far it was scrolled."""

    sort: tuple[str, bool] = ("", False)
    chosen: frozenset[Any] = frozenset()
    scrolled: int = 0


class Table(QTableView, Generic[L]):
    """A list of lines: named orders only, several chosen at once, copied as text, worked by keyboard."""

    opened = Signal(object)
    """The line a clerk wants to see: Enter or double click."""
    chosen = Signal(object)
    """All lines that are selected now, as a tuple."""
    current = Signal(object)
    """The line under the cursor, or None."""

    def __init__(self, model: RowsModel[L], parent: QWidget | None = None, *, empty: str = "") -> None:
        super().__init__(parent)
        self._rows = model
        self._sort_of = ("", False)
        self._left: Standing | None = None
        """How it stood before, until there are lines to stand so."""
        self._empty = NothingHere(self.viewport())
        self._empty.say(Empty(empty))
        self._widths: list[int] = []
        """What each column needs at most."""
        self._titled: list[int] = []
        """What its title needs."""
        self._strips: dict[int, int] = {}
        """What the marks that were read take of their columns; a long mark is rare, and its room is the title's."""
        self._drawn = False
        """Whether somebody chose a width by hand."""
        self.setModel(model)
        self.setItemDelegate(CellDelegate(model, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._lay_out()
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(LINE)))
        self.selectionModel().selectionChanged.connect(lambda: self.chosen.emit(self.selected))
        self.selectionModel().currentRowChanged.connect(lambda index: self.current.emit(index.data(LINE)))
        self._changed = QTimer(self)
        self._changed.setSingleShot(True)
        self._changed.timeout.connect(lambda: self.chosen.emit(self.selected))
        model.dataChanged.connect(self._on_changed)
        model.kept = self._kept
        self._before: tuple[frozenset[Any], Any] = (frozenset(), None)
        model.modelAboutToBeReset.connect(self._on_reset_begins)
        model.modelReset.connect(self._on_reset)
        model.arrived.connect(self._on_arrived)
        model.rowsInserted.connect(self._on_inserted)
        self._on_arrived()

    @property
    def rows(self) -> RowsModel[L]:
        """The model with its lines."""
        return self._rows

    @property
    def selected(self) -> tuple[L, ...]:
        """The chosen lines, in the order of the list."""
        return tuple(
            self._rows.line(row) for row in sorted(index.row() for index in self.selectionModel().selectedRows())
        )

    def selectRow(self, row: int) -> None:
        """Choose that line alone: Qt would add it, or take it off, while Control is still down from Ctrl+Enter."""
        how = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(self._rows.index(row, 0), how.ClearAndSelect | how.Rows)

    def say_empty(self, empty: Empty) -> None:
        """Say this when there are no lines."""
        self._empty.say(empty)

    def standing(self) -> Standing:
        """How it stands, to be so again in another language."""
        chosen = frozenset(self._rows.key_of(line) for line in self.selected)
        return Standing(self._sort_of, chosen, self.verticalScrollBar().value())

    def stand(self, standing: Standing) -> None:
        """Stand so again, as soon as it is read."""
        self._left = standing
        name, reverse = standing.sort
        section = next((at for at, column in enumerate(self._rows.columns) if name and column.sort == name), None)
        if section is not None:
            self._order(section, name, reverse=reverse)

    def copy(self) -> None:
        """Put the chosen lines on the clipboard, with titles, as a spreadsheet takes them."""
        shown = [column for at, column in enumerate(self._rows.columns) if not self.isColumnHidden(at)]
        rows = [
            [_(column.title) for column in shown],
            *([column.text(line) for column in shown] for line in self.selected),
        ]
        QGuiApplication.clipboard().setText("\n".join("\t".join(row) for row in rows))

    def hidden(self) -> tuple[str, ...]:
        """The titles of the columns that are put away, to be remembered."""
        return tuple(c.title for at, c in enumerate(self._rows.columns) if self.isColumnHidden(at))

    def hide_columns(self, titles: Sequence[str]) -> None:
        """Show every column but these."""
        for at, column in enumerate(self._rows.columns):
            self.setColumnHidden(at, column.title in titles)
        self._share_room()

    def place_column(self, title: str, at: int, width: int) -> None:
        """Put a column where what it says is looked for, as wide as that takes."""
        section = next(n for n, column in enumerate(self._rows.columns) if column.title == title)
        header = self.horizontalHeader()
        if header.visualIndex(section) != at:
            header.moveSection(header.visualIndex(section), at)
            self._widths[section] = theme.size(width)
            self.setColumnWidth(section, self._widths[section])
            self._share_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens; Ctrl+C copies; a letter is left for the single keys of the acts."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().data(LINE))
        elif event.text().isprintable() and event.text().strip() and not event.modifiers():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the line under the cursor asks for it again: what it shows was put away, or is out of sight."""
        before = self.currentIndex().row()
        super().mousePressEvent(event)
        at = self.indexAt(event.position().toPoint())
        if at.isValid() and at.row() == before:
            self.current.emit(at.data(LINE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._empty.setGeometry(self.viewport().rect())
        self._share_room()

    def _lay_out(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.line_height(self, 1.7))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setSectionsClickable(True)
        header.setSortIndicatorClearable(False)
        header.sectionClicked.connect(self._on_title)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._offer_columns)
        for at, column in enumerate(self._rows.columns):
            self._titled.append(header.fontMetrics().horizontalAdvance(_(column.title)) + theme.size(28))
            self._widths.append(max(theme.size(column.width), self._titled[at]))
            self.setColumnWidth(at, self._widths[at])
        header.sectionResized.connect(self._on_resized)

    def _share_room(self) -> None:
        """What the window leaves over goes to the columns whose words are cut off first, not to the last one."""
        shown = [at for at in range(len(self._widths)) if not self.isColumnHidden(at)]
        growing = [at for at in shown if self._rows.columns[at].grows]
        if self._drawn or not growing:
            return
        takes = {at: min(self._widths[at], self._strips.get(at, self._widths[at])) for at in shown}
        spare = max(0, self.viewport().width() - sum(takes.values()))
        for at in shown:
            if at in growing or at in self._strips:
                self.setColumnWidth(at, takes[at] + (spare // len(growing) if at in growing else 0))

    def _measure_strips(self, rows: range) -> None:
        """Keep as much room for the marks as the widest in these rows takes."""
        before = dict(self._strips)
        for at, column in enumerate(self._rows.columns):
            if column.paint is not None and len(rows) <= MEASURED:
                found = {column.paint(self._rows.line(row)) for row in rows}
                widest = [room_of(strip, self.fontMetrics()) for strip in found if strip is not None]
                self._strips[at] = max(self._strips.get(at, self._titled[at]), *widest, 0)
            elif column.paint is not None:
                self._strips.pop(at, None)
        if self._strips != before:
            self._share_room()

    def _on_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._measure_strips(range(first, last + 1))
        self._on_arrived()

    def _on_resized(self, _section: int, before: int, now: int) -> None:
        if before and now and QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            self._drawn = True

    def _on_title(self, section: int) -> None:
        """A click on a title asks for its order, a second one for the reverse; a column without an order stays."""
        name = self._rows.columns[section].sort
        if name is None:
            return
        self._order(section, name, reverse=self._sort_of == (name, False) and not self._rows.columns[section].one_way)
        self._rows.reload()

    def _order(self, section: int, name: str, *, reverse: bool) -> None:
        self._sort_of = (name, reverse)
        header = self.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.setSortIndicator(section, Qt.SortOrder.DescendingOrder if reverse else Qt.SortOrder.AscendingOrder)
        self._rows.order(f"-{name}" if reverse else name)

    def _offer_columns(self, at: QPoint) -> None:
        menu = QMenu(self)
        for number, column in enumerate(self._rows.columns):
            entry = QAction(_(column.title), menu, checkable=True, checked=not self.isColumnHidden(number))
            entry.toggled.connect(lambda shown, number=number: self.setColumnHidden(number, not shown))
            menu.addAction(entry)
        menu.exec(self.horizontalHeader().mapToGlobal(at))

    def _on_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        """What is chosen stays chosen when it is read again; what can be done with it may be something else."""
        if any(self.selectionModel().isRowSelected(row) for row in range(first.row(), last.row() + 1)):
            self._changed.start()

    def _kept(self) -> frozenset[Any]:
        """By which the chosen lines, and the one under the cursor, are known again."""
        at = self.currentIndex()
        lines = (*self.selected, *((at.data(LINE),) if at.isValid() else ()))
        return frozenset(self._rows.key_of(line) for line in lines) - {None}

    def _on_reset_begins(self) -> None:
        at = self.currentIndex()
        under = self._rows.key_of(at.data(LINE)) if at.isValid() else None
        chosen = frozenset(self._rows.key_of(line) for line in self.selected)
        self._before = (frozenset(), None) if self._rows.is_other else (chosen - {None}, under)
        if chosen:
            self._changed.start()  # Qt says nothing when lines go in a reset

    def _on_reset(self) -> None:
        """The same list with other lines in it: what was chosen is chosen, wherever it stands now."""
        self._strips.clear()
        self._measure_strips(range(self._rows.rowCount()))
        (chosen, under), self._before = self._before, (frozenset(), None)
        if not chosen and under is None:
            return
        selection = self.selectionModel()
        rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        selection.blockSignals(True)  # nobody went to another line
        for row, line in enumerate(self._rows.lines):
            key = self._rows.key_of(line)
            if key is not None and key == under:
                selection.setCurrentIndex(self._rows.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            if key in chosen:
                selection.select(self._rows.index(row, 0), rows)
        selection.blockSignals(False)

    def _stand_again(self, left: Standing) -> None:
        """The lines that were chosen, as far as they are read, and the place in the list."""
        self._left = None
        rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row, line in enumerate(self._rows.lines if left.chosen else ()):
            if self._rows.key_of(line) in left.chosen:
                self.selectionModel().select(self._rows.index(row, 0), rows)
        # In the next turn: how far it reaches is known when it is laid out.
        QTimer.singleShot(0, self, lambda: self.verticalScrollBar().setValue(left.scrolled))

    def _on_arrived(self) -> None:
        if self._left is not None and self._rows.rowCount():
            self._stand_again(self._left)
        self._empty.setGeometry(self.viewport().rect())
        self._empty.setVisible(self._rows.is_whole and self._rows.rowCount() == 0)
