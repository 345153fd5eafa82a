"""What stands on a screen: every text of every widget, and whether there is room for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QStyle,
    QStyleOptionFrame,
    QTableView,
    QWidget,
)

from app.ui.charts import BarChart
from app.ui.rows import RowsModel
from app.ui.top_bar import Elided

MOST_ROWS = 12
"""Rows of a list that are read; further ones are made as these are."""
SLACK = 1
"""Pixels that rounding may take."""
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
TAG = re.compile(r"<[^>]+>")


def texts_of(top: QWidget) -> Iterator[tuple[str, str]]:
    """(where, text) of everything that can be read or is read aloud in a widget and all that is in it."""
    for widget in (top, *top.findChildren(QWidget)):
        if widget is top or widget.isVisibleTo(top):
            where = f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
            for kind, text in _texts(widget):
                if text.strip():
                    yield f"{where}, {kind}", text


def _texts(widget: QWidget) -> Iterator[tuple[str, str]]:
    yield "title", widget.windowTitle() if widget.isWindow() else ""
    yield "tooltip", widget.toolTip()
    yield "name for a screen reader", widget.accessibleName()
    if isinstance(widget, QLabel | QAbstractButton):
        yield "text", widget.text()
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield "placeholder", widget.placeholderText()
    elif isinstance(widget, QComboBox):
        yield from (("choice", widget.itemText(at)) for at in range(widget.count()))
    elif isinstance(widget, QAbstractSpinBox):
        yield "number", widget.text()
    elif isinstance(widget, QMenu):
        if not widget.actions():
            widget.aboutToShow.emit()  # some are filled when somebody opens them
        yield from (("entry", action.text()) for action in widget.actions())
    elif isinstance(widget, BarChart):
        yield from (("axis", words) for words in (widget._names, widget._numbers, widget.accessibleDescription()))
        for bar in widget._bars:
            yield "bar", bar.words
            yield from (("part of a bar", segment.words) for segment in bar.segments)
    elif isinstance(widget, QAbstractItemView):
        yield from _cells(widget)


def _cells(view: QAbstractItemView) -> Iterator[tuple[str, str]]:
    model: QAbstractItemModel = view.model()
    columns = model.columnCount(QModelIndex()) if isinstance(view, QTableView) else 1
    for column in range(columns):
        if isinstance(view, QTableView):
            yield "heading", str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(min(model.rowCount(QModelIndex()), MOST_ROWS)):
            yield from _cell(model.index(row, column))


def _cell(index: QModelIndex) -> Iterator[tuple[str, str]]:
    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
        yield "cell", str(index.data(role) or "")
    if isinstance(model := index.model(), RowsModel) and (strip := model.cell(index.row(), index.column()).strip):
        yield "strip", strip.words


def unmarked(text: str, data: re.Pattern[str]) -> str:
    """What is left of a text under the pseudo-language without its brackets and without data: must hold no letter."""
    text = TAG.sub(" ", text).replace("&&", "&")
    while (rest := BRACKETED.sub(" ", text)) != text:
        text = rest
    return " ".join(data.sub(" ", text).split())


# --- room ------------------------------------------------------------------------------------------------------------


def clipped_in(top: QWidget) -> Iterator[str]:
    """Every text that has less room than it needs, and every widget that reaches out of what shows it."""
    QApplication.processEvents()  # what was just shown finds its place
    for widget in top.findChildren(QWidget):
        if widget.isVisibleTo(top) and (words := _shown(widget)).strip():
            lacking = _lacking(widget, words) or _outside(widget, top)
            if lacking:
                parent = type(widget.parentWidget()).__name__
                yield f"{words[:70]!r}: {lacking}; {type(widget).__name__} in {parent}"
    for header in top.findChildren(QHeaderView):
        if header.isVisibleTo(top):
            yield from _narrow_titles(header)


def _shown(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    if isinstance(widget, QLineEdit):
        return "" if isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox) else widget.placeholderText()
    return widget.currentText() if isinstance(widget, QComboBox) else ""


def _lacking(widget: QWidget, words: str) -> str:
    if isinstance(widget, Elided):
        return (
            "" if widget.toolTip().startswith(widget.text().rstrip("…")) else "shortened, and no tooltip has the whole"
        )
    if isinstance(widget, QLabel) and widget.wordWrap():
        needs, has = widget.heightForWidth(widget.width()), widget.height()
        return f"{needs} px high in {has}" if needs > has else ""
    if isinstance(widget, QLineEdit):
        needs, has = widget.fontMetrics().horizontalAdvance(words), _inside(widget)
    else:
        needs, has = widget.sizeHint().width(), widget.width()
    return f"{needs} px wide in {has}" if needs > has + SLACK else ""


def _inside(line: QLineEdit) -> int:
    option = QStyleOptionFrame()
    line.initStyleOption(option)
    room = line.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, line)
    return room.width() - 4 - line.textMargins().left() - line.textMargins().right()


def _outside(widget: QWidget, top: QWidget) -> str:
    """Whether some of it lies beyond the edge of what it is in; a list may be longer than its frame."""
    above, scrolls = widget.parentWidget(), False
    corner = QPoint(0, 0)
    child = widget
    while above is not None and child is not top:
        corner += child.pos()
        place = QRect(corner, widget.size())
        scrolls = scrolls or isinstance(above.parentWidget(), QAbstractScrollArea)
        over = place.right() - above.rect().right() - SLACK
        below = 0 if scrolls else place.bottom() - above.rect().bottom() - SLACK
        if over > 0 or below > 0 or place.left() < -SLACK:
            return f"reaches {max(over, below)} px out of {type(above).__name__}"
        child, above = above, above.parentWidget()
    return ""


def _narrow_titles(header: QHeaderView) -> Iterator[str]:
    for section in range(header.count()):
        title = str(header.model().headerData(section, header.orientation()) or "")
        needs = header.fontMetrics().horizontalAdvance(title) + 8
        if not header.isSectionHidden(section) and needs > header.sectionSize(section):
            yield f"{title!r}: {needs} px wide in {header.sectionSize(section)}; a column of {header.parent()}"
