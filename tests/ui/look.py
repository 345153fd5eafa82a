"""What stands on a screen: every text of every widget, and whether there is room for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from app.ui.charts import BarChart
from app.ui.rows import STRIP

MOST_ROWS = 12
"""Rows of a list that are read; further ones are made as these are."""
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
    if (strip := index.data(STRIP)) is not None:
        yield "strip", strip.words


def unmarked(text: str, data: re.Pattern[str]) -> str:
    """What is left of a text under the pseudo-language without its brackets and without data: must hold no letter."""
    text = TAG.sub(" ", text).replace("&&", "&")
    while (rest := BRACKETED.sub(" ", text)) != text:
        text = rest
    return " ".join(data.sub(" ", text).split())
