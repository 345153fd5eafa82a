"""The pages of a paper: all as one roll, of a long one a page at a time, turned by the wheel, by key or by number."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QWidget

from app.ui import theme
from app.ui.number_boxes import WholeBox

LONG = 50
"""Pages that are shown as one roll; of more, one at a time: the view asks every page of a roll for its size."""
TURNS = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}
SLIVER = 0.1
"""So little of a page that is out of sight, in heights of the view, that a key turns it and does not scroll first."""
NOTCH = 120
"""What a wheel says of one notch; a touchpad says less, more often."""


class PageBox(WholeBox):
    """The number of the page; Page Up and Page Down turn the paper, and do not count ten up or down."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in TURNS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class PaperView(QPdfView):
    """Shows a document as wide as there is room; `box` is where a long one is turned by number."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.box = PageBox(parent)
        theme.indent(self.box)
        self.box.valueChanged.connect(self._jump)
        self._pushed = 0

    @property
    def is_long(self) -> bool:
        """Whether one page is shown at a time."""
        return self.pageMode() is QPdfView.PageMode.SinglePage

    def show_pages(self, document: QPdfDocument) -> None:
        """Show a document that is loaded, at the page that was shown before."""
        is_long = document.pageCount() > LONG
        self.setPageMode(QPdfView.PageMode.SinglePage if is_long else QPdfView.PageMode.MultiPage)
        self.setDocument(document)
        self._jump()

    def go_on(self, by: int) -> None:
        """A screenful on or back; past the end of the page, the next one."""
        bar = self.verticalScrollBar()
        if self._left(by) > SLIVER * self.viewport().height():
            bar.triggerAction(bar.SliderAction.SliderPageStepAdd if by > 0 else bar.SliderAction.SliderPageStepSub)
        else:
            self._turn(by)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Where the page ends the wheel goes on to the next, as on a roll."""
        push = event.angleDelta().y()
        by = -1 if push > 0 else 1
        if not self.is_long or not push or event.modifiers() or self._left(by):
            self._pushed = 0
            super().wheelEvent(event)
            return
        event.accept()
        self._pushed = push + (self._pushed if self._pushed * push > 0 else 0)
        if abs(self._pushed) >= NOTCH:
            self._pushed = 0
            self._turn(by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        turns = TURNS.get(Qt.Key(event.key()))
        if turns is None or not self.is_long:
            super().keyPressEvent(event)
        else:
            self.go_on(turns)

    def _left(self, by: int) -> int:
        """How much of the page is still to come in that direction."""
        bar = self.verticalScrollBar()
        return bar.maximum() - bar.value() if by > 0 else bar.value() - bar.minimum()

    def _turn(self, by: int) -> None:
        before = self.box.value()
        self.box.stepBy(by)
        if by < 0 and self.box.value() != before:  # back from the top of a page, to the foot of the one before
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _jump(self) -> None:
        if self.is_long:
            self.pageNavigator().jump(self.box.value() - 1, QPointF())
