"""The table of an act's lines: answers are edited in place, reasons are read whole."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from weakref import WeakKeyDictionary

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
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

from app.domain.action import Kind
from app.ui import theme
from app.ui.fields import ChoiceField, Field
from app.ui.form import Today, build_field
from app.ui.lines_model import LinesModel, shown, words_of
from app.ui.rows import Index
from app.ui.sources import Choice, Sources

MOST_MEASURED, MEASURED = 2_000, 40
"""Among so many names the longest are looked for, and of so many the width is asked."""
MOST_FITTED = 200
"""With more lines than this the reasons stay on one line each; the pointer shows them whole."""
REASONS_WIDTH = 200
"""The least that a sentence can be read in."""


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
            field: Field = ChoiceField([Choice(answer, shown(answer)) for answer in (True, False)])
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

    def start_missing(self, of: Collection[str] = ()) -> bool:
        """Go to the first answer the act waits for, or that a refusal was about; False when it waits for none."""
        missing = self._model.first_missing(must=True, of=of) or (self._model.first_refused(of) if of else None)
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
        longest = sorted((words_of(named) for named in self._model.named[:MOST_MEASURED]), key=len)[-MEASURED:]
        if longest:
            metrics = self.fontMetrics()
            wanted = max(metrics.horizontalAdvance(words) for words in longest) + theme.size(50)
            self.setColumnWidth(0, min(max(wanted, theme.size(120)), theme.size(300 if self._model.each else 430)))

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
