"""The model behind every list: frozen lines that arrive page by page, and columns that are one line each."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from app.i18n import _
from app.ui import theme

L = TypeVar("L")
Index = QModelIndex | QPersistentModelIndex
Deliver = Callable[[Sequence[L], Any], None]
More = Callable[[str, Any, Deliver[L]], None]
"""Asks for the lines after a key in a named order, and gives them later: `more(sort, after, deliver)`."""

LINE = int(Qt.ItemDataRole.UserRole)
MARK_WIDTH = 142
"""What a mark with a day takes, the longest of the usual ones."""
DAY_WIDTH = 96
"""Logical pixels for a brief day, of another year too, and the room of its cell."""
FRESH = 60.0
"""Seconds until a cell is told anew: a few of them say how long is left."""
LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True)
class Strip:
    """A colour with the words that say the same; nothing relies on the colour alone."""

    colour: str
    words: str
    ink: str = "#FFFFFF"


@dataclass(frozen=True)
class Column(Generic[L]):
    """One column: its title, what it says of a line, the named order it can ask for."""

    title: str
    text: Callable[[L], str]
    sort: str | None = None
    width: int = 120
    align: Qt.AlignmentFlag = LEFT
    paint: Callable[[L], Strip | None] | None = None
    kind: Callable[[L], str] | None = None
    """good, warn or bad: the colour of the words, beside what they say."""
    tip: Callable[[L], str] | None = None
    one_way: bool = False
    """Its order has no reverse: an index serves it forwards only."""
    grows: bool = False
    """It takes a share of the room that the others leave."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows, as the delegate draws it."""

    words: str
    kind: str
    strip: Strip | None
    align: Qt.AlignmentFlag


def _cell(column: Column[Any], line: Any) -> Cell:
    strip = column.paint(line) if column.paint else None
    return Cell(column.text(line), column.kind(line) if column.kind else "", strip, column.align)


def _coloured(column: Column[Any], line: Any) -> QColor | None:
    kind = column.kind(line) if column.kind else ""
    return QColor(theme.colour_of(kind)) if kind else None


def _identity(line: Any) -> Any:
    """By which a line is known again when the list is read once more; None where it cannot be."""
    return getattr(line, "id", None)


ANSWERS: dict[int, Callable[[Column[Any], Any], Any]] = {
    int(Qt.ItemDataRole.DisplayRole): lambda column, line: column.text(line),
    int(Qt.ItemDataRole.TextAlignmentRole): lambda column, _line: column.align | Qt.AlignmentFlag.AlignVCenter,
    int(Qt.ItemDataRole.ToolTipRole): lambda column, line: (column.tip or column.text)(line),
    int(Qt.ItemDataRole.ForegroundRole): _coloured,
}
"""What a cell says for each of Qt's roles."""


class RowsModel(QAbstractTableModel, Generic[L]):
    """Lines that arrive in pages; it never reads by itself and never waits."""

    arrived = Signal()
    """A page came in."""

    def __init__(
        self,
        columns: Sequence[Column[L]],
        more: More[L] | None = None,
        parent: QObject | None = None,
        *,
        key: Callable[[L], Any] = _identity,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._more, self._key = more, key
        self.kept: Callable[[], Collection[Any]] = tuple
        """The keys of the lines that a table must know again when the list is read once more."""
        self._lines: list[L] = []
        self._cells: list[dict[int, Cell]] = []
        """What was drawn of each line: told once, not each time it is painted."""
        self._told = time.monotonic()
        self._after: Any = None
        self._sort = ""
        self._asked = 0
        self._is_asking = self._is_other = False
        self._is_whole = more is None

    @property
    def lines(self) -> Sequence[L]:
        """The lines that arrived so far."""
        return tuple(self._lines)

    @property
    def is_other(self) -> bool:
        """Whether what is read now is another list than the one that is shown."""
        return self._is_other

    @property
    def is_whole(self) -> bool:
        """Whether the last page has arrived."""
        return self._is_whole

    def line(self, row: int) -> L:
        """The line in that row."""
        return self._lines[row]

    def key_of(self, line: L) -> Any:
        """By which a line is known again; None where it cannot be."""
        return self._key(line)

    def cell(self, row: int, column: int) -> Cell:
        """What one cell shows."""
        if time.monotonic() - self._told > FRESH:
            self._forget()
        told = self._cells[row]
        cell = told.get(column)
        if cell is None:
            cell = told[column] = _cell(self.columns[column], self._lines[row])
        return cell

    def order(self, sort: str) -> None:
        """What is read next is another list, in that order: nothing of this one stays."""
        self._sort, self._is_other = sort, True

    def reload(self, sort: str | None = None) -> None:
        """Read from the start again; what is shown stays until the first page is there.

        Without an order named it is the same list: only what changed in it is put anew, what is chosen stays chosen.
        """
        if sort is not None:
            self.order(sort)
        self._after = None
        self._is_whole = self._more is None
        self._is_asking = False
        self._ask(replace=True)

    def show(self, lines: Sequence[L]) -> None:
        """Show exactly these lines; nothing follows."""
        self._asked += 1
        self._is_asking = False
        self._put(lines, None, replace=True)

    def prepend(self, line: L) -> None:
        """Put a new line on top."""
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._lines.insert(0, line)
        self._cells.insert(0, {})
        self.endInsertRows()

    def swap(self, row: int, line: L) -> None:
        """Show a line as it is now."""
        self._lines[row], self._cells[row] = line, {}
        self._say_changed(row, row)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and not self._is_whole and not self._is_asking

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._ask(replace=False)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line, column = self._lines[index.row()], self.columns[index.column()]
        if role == LINE:
            return line
        answer = ANSWERS.get(role)
        return None if answer is None else answer(column, line)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _(self.columns[section].title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[section].align | Qt.AlignmentFlag.AlignVCenter
        return None

    def _ask(self, *, replace: bool, found: Sequence[L] = ()) -> None:
        if self._more is None:
            return
        self._is_asking = True
        self._asked += 1
        turn = self._asked

        def deliver(lines: Sequence[L], after: Any) -> None:
            if turn != self._asked:
                return
            lines = (*found, *lines)
            if replace and self._reads_on(lines, after):
                self._after = after
                self._ask(replace=True, found=lines)
                return
            self._is_asking = False
            self._put(lines, after, replace=replace)

        self._more(self._sort, self._after, deliver)

    def _reads_on(self, lines: Sequence[L], after: Any) -> bool:
        """Whether a chosen line of the same list is to be looked for on the next page: as far as was shown, and one on.

        What is chosen is put anew with the list, never for a while without it: an act in between would miss its lines.
        """
        if after is None or self._is_other or len(lines) > len(self._lines):
            return False
        return not set(self.kept()) <= {self._key(line) for line in lines}

    def _put(self, lines: Sequence[L], after: Any, *, replace: bool) -> None:
        self._after = after
        self._is_whole = after is None
        if not replace:
            self._append(lines)
        elif self._is_other or not self._mend(lines):
            self.beginResetModel()
            self._lines, self._is_other = list(lines), False
            self._forget()
            self.endResetModel()
        self.arrived.emit()

    def _append(self, lines: Sequence[L]) -> None:
        if lines:
            self.beginInsertRows(QModelIndex(), len(self._lines), len(self._lines) + len(lines) - 1)
            self._lines.extend(lines)
            self._cells.extend({} for _line in lines)
            self.endInsertRows()

    def _mend(self, lines: Sequence[L]) -> bool:
        """Where the same lines stand in the same rows, show anew only those that say something else now."""
        known = [self._key(line) for line in self._lines]
        if not known or None in known or known != [self._key(line) for line in lines]:
            return False
        before, drawn = self._lines, self._cells
        self._lines = list(lines)
        self._forget()
        changed = [
            row
            for row, (was, line) in enumerate(zip(before, lines, strict=True))
            if was != line or any(self.cell(row, column) != cell for column, cell in drawn[row].items())
        ]
        for _gap, run in groupby(enumerate(changed), lambda each: each[1] - each[0]):
            rows = [row for _at, row in run]
            self._say_changed(rows[0], rows[-1])
        return True

    def _say_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def _forget(self) -> None:
        """Tell every cell anew when it is drawn next: some of what they say follows the clock."""
        self._cells = [{} for _line in self._lines]
        self._told = time.monotonic()
