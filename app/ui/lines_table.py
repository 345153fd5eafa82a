"""The lines of an act: what each is on, the answers asked for it alone, and what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.action import Action, Asked, Kind, Line, Ref, Refusal, questions
from app.i18n import _, day, in_words
from app.ui import theme
from app.ui.fields import ChoiceField, Field
from app.ui.form import Today, build_field
from app.ui.reasons import sentence, whole
from app.ui.rows import LINE, Index, Strip
from app.ui.sources import Choice, Sources

MOST_MEASURED, MEASURED = 2_000, 40
"""Among so many names the longest are looked for, and of so many the width is asked."""
MOST_FITTED = 200
"""With more lines than this the reasons stay on one line each; the pointer shows them whole."""


REASONS_WIDTH = 200
"""The least that a sentence can be read in."""


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

    def first_missing(self, *, must: bool = False) -> QModelIndex | None:
        """The first answer that nobody gave yet; those only that the act cannot do without, if it `must` be given."""
        asked = [(column, name) for column, (name, each) in enumerate(self.each, 1) if each.required or not must]
        for row, named in enumerate(self.named if asked else ()):
            for column, name in asked:
                if named.line.answers.get(name) is None:
                    return self.index(row, column)
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


class AnswerDelegate(QStyledItemDelegate):
    """Edits an answer in the same field that a form would use."""

    def __init__(self, model: LinesModel, sources: Sources, today: Today, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._sources, self._today = model, sources, today
        self._begun: WeakKeyDictionary[Field, Any] = WeakKeyDictionary()
        """What each open field began with: what is typed since is kept, and what is not typed is not written."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        name, asked = self._model.each[index.column() - 1]
        if asked.kind is Kind.FLAG:  # an empty box would not tell “no” from “not answered”
            field: Field = ChoiceField([Choice(answer, _shown(answer)) for answer in (True, False)])
        else:
            field = build_field(asked, name, self._sources, self._today)
        field.setParent(parent)
        field.setAutoFillBackground(True)
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, Field) and not self._is_changed(editor):
            editor.set_answer(index.data(Qt.ItemDataRole.EditRole))
            self._begun[editor] = editor.answer()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        # A cell that Enter only passed holds nothing; meanwhile one answer may have been given to all lines.
        if isinstance(editor, Field) and self._is_changed(editor):
            model.setData(index, editor.answer())

    def _is_changed(self, editor: Field) -> bool:
        return editor in self._begun and editor.answer() != self._begun[editor]

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        """Ctrl+Enter keeps what was typed and is the dialog's: it confirms from a cell as from a field."""
        if isinstance(editor, QWidget) and isinstance(event, QKeyEvent) and _confirms(event):
            self.commitData.emit(editor)
            QApplication.sendEvent(editor.window(), event)
            event.accept()  # else it would go up to the dialog once more
            return True
        return super().eventFilter(editor, event)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        space = option.rect
        editor.setGeometry(
            space.x(), space.y(), max(space.width(), theme.size(120)), max(space.height(), editor.sizeHint().height())
        )


def _confirms(event: QKeyEvent) -> bool:
    enter = event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    return enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


class LinesTable(QTableView):
    """Five thousand lines with their answers, edited in place."""

    def __init__(self, model: LinesModel, sources: Sources, today: Today, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self._model, self._is_led = model, False
        self._delegate = AnswerDelegate(model, sources, today, self)
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(theme.line_height(self, 2.0 if model.each else 1.7))
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().sectionClicked.connect(lambda at: model.fill(at, self.currentIndex().row()))
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in range(model.columnCount()):
            title = str(model.headerData(column, Qt.Orientation.Horizontal))
            titled = self.horizontalHeader().fontMetrics().horizontalAdvance(title)
            self.setColumnWidth(column, max(theme.size(240 if column == 0 else 110), titled + theme.size(24)))
        rows = min(max(model.rowCount(), 1), 7)
        height = self.verticalHeader().defaultSectionSize() * rows + theme.line_height(self, 2.2)
        self.setMinimumHeight(height)
        self._fit_names()
        model.refused.connect(self._fit_rows)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Enter goes on to the line below, as whoever counts copy after copy expects; then to the next question."""
        row, column = self.currentIndex().row(), self.currentIndex().column()
        super().closeEditor(editor, hint)
        if hint != QAbstractItemDelegate.EndEditHint.SubmitModelCache or self._is_led:
            return
        below = self._model.index(row + 1, column) if row + 1 < self._model.rowCount() else None
        if (onward := below or self._model.next_column(column)) is not None:
            self.setCurrentIndex(onward)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Whoever clicks another line while a cell is open goes there, and not below it as after Enter."""
        self._is_led = True
        super().currentChanged(current, previous)
        self._is_led = False

    def start(self) -> None:
        """Put the cursor into the first answer that is missing, once the table is there."""
        QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        self._open(self._model.first_missing())

    def start_missing(self) -> bool:
        """Go to the first answer the act waits for; False when it waits for none."""
        missing = self._model.first_missing(must=True)
        if missing is not None:
            self._open(missing)
        return missing is not None

    def _open(self, missing: QModelIndex | None) -> None:
        if missing is None or not self.isVisible():
            return
        if (editor := self.indexWidget(missing)) is not None:
            editor.setFocus()  # it is open already: the table would take the keyboard from it
        else:
            self.setFocus()
            # Which begins to edit it; asked of the view, Control that is held would take the line's choice off again.
            how = self.selectionModel().SelectionFlag
            self.selectionModel().setCurrentIndex(missing, how.ClearAndSelect | how.Rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes a line off again that was scanned by mistake."""
        if event.key() == Qt.Key.Key_Delete:
            self._model.drop([index.row() for index in self.selectionModel().selectedRows()])
        else:
            super().keyPressEvent(event)

    def _fit_names(self) -> None:
        """The names take what they need, so that the reasons have the rest."""
        # Asked of the view this lays out a thousand lines; the longest few are among those of most characters.
        longest = sorted((_words_of(named) for named in self._model.named[:MOST_MEASURED]), key=len)[-MEASURED:]
        if longest:
            metrics = self.fontMetrics()
            wanted = max(metrics.horizontalAdvance(words) for words in longest) + theme.size(50)
            self.setColumnWidth(0, min(max(wanted, theme.size(120)), theme.size(300)))

    @property
    def wanted_width(self) -> int:
        """How wide it is with every answer and the reasons beside them."""
        answers = sum(self.columnWidth(at) for at in range(self.model().columnCount() - 1))
        return answers + theme.size(REASONS_WIDTH)

    def _fit_rows(self) -> None:
        """What was answered and the reason are read whole, on as many lines of text as they take."""
        if self.model().rowCount() > MOST_FITTED:
            return
        usual, metrics = self.verticalHeader().defaultSectionSize(), self.fontMetrics()
        # Asked of the view, a reason is measured as if the column were as wide as it is long.
        rooms = [(at, self.columnWidth(at) - theme.size(20)) for at in range(1, self.model().columnCount())]
        for row in range(self.model().rowCount()):
            wrap, given = Qt.TextFlag.TextWordWrap, self._model.index
            heights = [
                metrics.boundingRect(0, 0, room, 0, wrap, str(given(row, at).data() or "")) for at, room in rooms
            ]
            self.setRowHeight(row, max(usual, max(box.height() for box in heights) + theme.size(12)))


def _words_of(named: NamedLine) -> str:
    return f"{named.strip.words}  {named.words}" if named.strip else named.words


def _about(named: NamedLine, role: int) -> str | None:
    if role == Qt.ItemDataRole.DisplayRole:
        return _words_of(named)
    return named.detail if role == Qt.ItemDataRole.ToolTipRole else None


def _answer(value: Any, role: int) -> Any:
    if role == Qt.ItemDataRole.EditRole:
        return value
    return _shown(value) if role == Qt.ItemDataRole.DisplayRole else None


def _against(refusals: Sequence[Refusal], role: int) -> Any:
    if role == Qt.ItemDataRole.DisplayRole:
        return " ".join(sentence(refusal) for refusal in refusals)
    if role == Qt.ItemDataRole.ToolTipRole:
        return "\n".join(whole(refusal) for refusal in refusals)
    return QColor(theme.current().bad) if role == Qt.ItemDataRole.ForegroundRole else None


def _shown(value: Any) -> str:
    if isinstance(value, Choice):
        return value.words
    if isinstance(value, date):
        return day(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, tuple | list):
        return in_words(tuple(map(str, value)))
    return "" if value is None else str(value)
