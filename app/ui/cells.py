"""How a cell of a list is drawn: its words are laid out once and kept, so that a full list costs a few milliseconds."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QStaticText
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from app.ui import theme
from app.ui.rows import RIGHT, Cell, Index, RowsModel, Strip

KEPT = 6_000
"""Laid-out words a list keeps: some hundred rows, which is what somebody scrolls back and forth in."""
A_NUMBER = re.compile(r"\S*\d")
SIDE = 6
"""Padding of an item in the style sheet, left and right."""


class CellDelegate(QStyledItemDelegate):
    """Draws what the model says of a cell; the cell under the cursor is drawn by the style, with its frame.

    Through the style each cell asks the model seven times and lays its words out anew: 38 ms for a screenful.
    """

    def __init__(self, rows: RowsModel[Any], table: QTableView) -> None:
        super().__init__(table)
        self._rows, self._table = rows, table
        self._laid_out: dict[tuple[str, int], QStaticText] = {}
        self._margin = SIDE + table.style().pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin) + 1

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table = self._table
        cell = self._rows.cell(index.row(), index.column())
        has_cursor = index == table.currentIndex() and table.hasFocus()
        if has_cursor or not table.isEnabled():
            self._by_style(painter, option, index, cell)
            return
        tokens, space = theme.current(), option.rect
        ink = _colour(theme.colour_of(cell.kind))
        if table.selectionModel().isSelected(index):
            painter.fillRect(space, _colour(tokens.press))
            ink = _colour(tokens.ink)
        below = QRect(space.left(), space.bottom() - tokens.hair + 1, space.width(), tokens.hair)
        painter.fillRect(below, _colour(tokens.line))
        if cell.strip is not None:
            draw_strip(painter, _for_strip(space), cell.strip)
        elif cell.words:
            painter.setPen(ink)
            self._write(painter, option.fontMetrics, space, cell)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + theme.size(20), hint.height())

    def _write(self, painter: QPainter, metrics: QFontMetrics, space: QRect, cell: Cell) -> None:
        room = space.width() - 2 * self._margin
        words = self._laid_out.get((cell.words, room))
        if words is None:
            words = self._lay_out(metrics, cell.words, room)
        takes = words.size()
        left = self._margin + (room - takes.width() if cell.align is RIGHT else 0)
        down = (space.height() - theme.current().hair - round(takes.height())) // 2
        painter.drawStaticText(QPointF(space.left() + left, space.top() + down), words)

    def _lay_out(self, metrics: QFontMetrics, words: str, room: int) -> QStaticText:
        if len(self._laid_out) >= KEPT:
            self._laid_out.clear()
        text = QStaticText(metrics.elidedText(words.replace("\n", " "), _elided_where(words), room))
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        text.prepare(font=self._table.font())
        self._laid_out[words, room] = text
        return text

    def _by_style(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, cell: Cell) -> None:
        if cell.strip is None:
            option.textElideMode = _elided_where(cell.words)
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""
        self._table.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, self._table)
        draw_strip(painter, _for_strip(option.rect), cell.strip)


def draw_strip(painter: QPainter, space: QRect, strip: Strip) -> None:
    """Draw the strip as wide as its words."""
    metrics = painter.fontMetrics()
    width = min(space.width(), _width_of(strip, metrics))
    height = min(space.height(), metrics.height() + theme.size(2))
    box = QRect(space.left(), space.center().y() - height // 2 + 1, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(_colour(strip.colour))
    tokens = theme.current()
    painter.setPen(QPen(_colour(tokens.ink), tokens.hair) if tokens.hair > 1 else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(box, 3, 3)
    painter.setPen(_colour(strip.ink))
    words = metrics.elidedText(strip.words, Qt.TextElideMode.ElideRight, box.width() - 8)
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
    painter.restore()


def room_of(strip: Strip, metrics: QFontMetrics) -> int:
    """The width of a column in which the strip is drawn whole."""
    return _width_of(strip, metrics) + 2 * SIDE


def _width_of(strip: Strip, metrics: QFontMetrics) -> int:
    return metrics.horizontalAdvance(strip.words) + theme.size(16)


def _elided_where(words: str) -> Qt.TextElideMode:
    """A number that is too long keeps its end: that is what tells one copy from the next."""
    return Qt.TextElideMode.ElideMiddle if A_NUMBER.fullmatch(words) else Qt.TextElideMode.ElideRight


def _for_strip(space: QRect) -> QRect:
    return space.adjusted(SIDE, 4, -SIDE, -4)


@lru_cache(maxsize=64)
def _colour(name: str) -> QColor:
    return QColor(name)
