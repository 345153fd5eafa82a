"""The lines of an act as a model: what each is on, the answers asked for it alone, and what speaks against it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QColor

from app.domain.action import Action, Asked, Kind, Line, Ref, Refusal, questions
from app.i18n import _, day, in_words
from app.ui import theme
from app.ui.reasons import sentence, whole
from app.ui.rows import LINE, Index, Strip
from app.ui.sources import Choice


@dataclass(frozen=True)
class NamedLine:
    """A line of an act with the words a person knows it by."""

    line: Line
    words: str
    strip: Strip | None = None
    detail: str = ""


class LinesModel(QAbstractTableModel):
    """Lines with their answers; only what is asked for each can be changed."""

    answered = Signal()
    refused = Signal()
    """What stands against the lines was judged anew."""

    def __init__(self, action: type[Action], lines: Sequence[NamedLine], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.each = tuple((name, asked) for name, asked in questions(action).items() if asked.each)
        self.named = list(lines)
        self._added: set[Ref | None] = set()
        self._refusals: dict[Ref | None, list[Refusal]] = {}

    @cached_property
    def _subjects(self) -> set[Ref | None]:
        """What the lines are on; asked for when something speaks against them, or one more is scanned."""
        return {named.line.subject for named in self.named}

    def show_refusals(self, refusals: Sequence[Refusal]) -> tuple[Refusal, ...]:
        """Put each refusal beside its line; gives back those that concern no line here."""
        self._refusals = {}
        for refusal in refusals:
            if refusal.subject in self._subjects:
                self._refusals.setdefault(refusal.subject, []).append(refusal)
        if self.named:
            # The reasons alone: with the answers, the cell somebody is typing in would be filled anew.
            last = self.columnCount() - 1
            self.dataChanged.emit(self.index(0, last), self.index(len(self.named) - 1, last))
        self.refused.emit()
        return tuple(refusal for refusal in refusals if refusal.subject not in self._subjects)

    def add(self, named: NamedLine) -> bool:
        """Put one more line on the act, once."""
        if named.line.subject in self._subjects:
            return False
        self.beginInsertRows(QModelIndex(), 0, 0)
        self.named.insert(0, named)
        self._added.add(named.line.subject)
        self._subjects.add(named.line.subject)
        self.endInsertRows()
        self.answered.emit()
        return True

    def drop(self, rows: Sequence[int]) -> None:
        """Take lines off that were scanned onto the act; those it began with stay."""
        for row in sorted(rows, reverse=True):
            if self.named[row].line.subject not in self._added:
                continue
            self._subjects.discard(self.named[row].line.subject)
            self.beginRemoveRows(QModelIndex(), row, row)
            del self.named[row]
            self.endRemoveRows()
        self.answered.emit()

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines as the act takes them."""
        return tuple(named.line for named in self.named)

    def first_missing(self, *, must: bool = False, of: Collection[str] = ()) -> QModelIndex | None:
        """The first answer that nobody gave yet; those only that the act cannot do without, if it `must` be given.

        `of` names the questions that a refusal was about, required or not.
        """
        asked = [
            (column, name)
            for column, (name, each) in enumerate(self.each, 1)
            if name in of or (not of and (each.required or not must))
        ]
        for row, named in enumerate(self.named if asked else ()):
            for column, name in asked:
                if named.line.answers.get(name) is None:
                    return self.index(row, column)
        return None

    def first_refused(self, of: Collection[str]) -> QModelIndex | None:
        """The first answer to one of these questions against which something speaks."""
        columns = {name: column for column, (name, _each) in enumerate(self.each, 1)}
        for row, named in enumerate(self.named):
            for refusal in self._refusals.get(named.line.subject, ()):
                if refusal.field is not None and refusal.field in of:
                    return self.index(row, columns[refusal.field])
        return None

    def next_column(self, column: int) -> QModelIndex | None:
        """Where the next question begins that is not answered on every line."""
        for at in range(column + 1, len(self.each) + 1):
            name = self.each[at - 1][0]
            for row, named in enumerate(self.named):
                if named.line.answers.get(name) is None:
                    return self.index(row, at)
        return None

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.named)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.each) + 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        named, column = self.named[index.row()], index.column()
        if role == LINE:
            return named
        if column == 0:
            return _about(named, role)
        if column <= len(self.each):
            name, asked = self.each[column - 1]
            value = named.line.answers.get(name)
            words = dict(asked.choices).get(str(value)) if role == Qt.ItemDataRole.DisplayRole else None
            return _(words) if words else _answer(value, role)
        return _against(self._refusals.get(named.line.subject, []), role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        named = self.named[index.row()]
        name = self.each[index.column() - 1][0]
        answers = {**named.line.answers, name: value}
        self.named[index.row()] = replace(named, line=replace(named.line, answers=answers))
        self.dataChanged.emit(index, index)
        self.answered.emit()
        return True

    def answer_all(self, name: str, value: Any) -> None:
        """Give every line that has no answer yet the same one."""
        for row, named in enumerate(self.named):
            if named.line.answers.get(name) is None:
                answers = {**named.line.answers, name: value}
                self.named[row] = replace(named, line=replace(named.line, answers=answers))
        if self.named:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.named) - 1, self.columnCount() - 1))
        self.answered.emit()

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if 1 <= index.column() <= len(self.each) else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            titles = [_("On"), *(self._title(asked) for _name, asked in self.each), _("Why not")]
            return titles[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole and self.fills(section):
            return _("Click: every line without an answer gets that of the chosen line; an empty tick is set.")
        return None

    def _title(self, asked: Asked) -> str:
        return f"{_(asked.label)} ⇊" if asked.kind is not Kind.NUMBER and len(self.named) > 1 else _(asked.label)

    def fills(self, column: int) -> bool:
        """Whether one answer may be given to all lines at once; what is counted is counted one by one."""
        return 1 <= column <= len(self.each) and self.each[column - 1][1].kind is not Kind.NUMBER

    def fill(self, column: int, row: int) -> None:
        """Give the answer of one line to all that have none; a question of yes or no is answered with yes."""
        if not self.fills(column) or not self.named:
            return
        name, asked = self.each[column - 1]
        # Enter has gone on to the line below: what was answered last stands above it.
        above = (self.named[at].line.answers.get(name) for at in range(max(row, 0), -1, -1))
        value = next((answer for answer in above if answer not in (None, "")), None)
        if value is None and asked.kind is Kind.FLAG:
            value = True
        if value not in (None, ""):
            self.answer_all(name, value)


def words_of(named: NamedLine) -> str:
    """How the line is named, its level before it where it has one."""
    return f"{named.strip.words}  {named.words}" if named.strip else named.words


def _about(named: NamedLine, role: int) -> str | None:
    if role == Qt.ItemDataRole.DisplayRole:
        return words_of(named)
    return named.detail if role == Qt.ItemDataRole.ToolTipRole else None


def _answer(value: Any, role: int) -> Any:
    if role == Qt.ItemDataRole.EditRole:
        return value
    return shown(value) if role == Qt.ItemDataRole.DisplayRole else None


def _against(refusals: Sequence[Refusal], role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return " ".join(sentence(refusal) for refusal in refusals)
    if role == Qt.ItemDataRole.ToolTipRole:
        return "\n".join(whole(refusal) for refusal in refusals)
    return QColor(theme.current().bad) if role == Qt.ItemDataRole.ForegroundRole else None


def shown(value: Any) -> str:
    """An answer as a cell shows it."""
    if isinstance(value, Choice):
        return value.words
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple | list):
        return in_words(tuple(map(str, value)))
    return "" if value is None else str(value)
