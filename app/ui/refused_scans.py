"""A scan that nothing can take now: what is open stays as it is, and says so where the clerk looks."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.domain.numbering import Misread, Wrong, read
from app.domain.words import N_, Says, says
from app.i18n import render
from app.ui import theme

READ_IN = 10_000
"""Milliseconds the sentence stays over a dialog; in the strip of the window it stays until the next scan."""
LOCKED = N_("The window is locked: {code} was not taken. Unlock it, then scan again.")
OPEN = N_("The open dialog asks for nothing that {code} answers. Close it, then scan again.")


def what_stands_before(lock: QWidget | None) -> tuple[QWidget, str] | None:
    """The lock or the dialog that keeps a scan from the page, and what it says of it."""
    dialog = QApplication.activeModalWidget()
    if lock is not None:
        return dialog or lock, LOCKED
    return (dialog, OPEN) if dialog is not None else None


def is_code(text: str) -> bool:
    """Whether it has the form of a code of ours, of this register or another: what has not may be a secret."""
    found = read(text, 0)
    return not isinstance(found, Misread) or found.wrong is not Wrong.FOREIGN


def refused(stands: tuple[QWidget, str], code: str) -> Says:
    """Why the scan was not taken, said over what stands before the page."""
    over, sentence = stands
    words = says(sentence, code=code)
    for before in over.findChildren(OverTop):
        before.go()
    OverTop(words, over)
    return words


class OverTop(QLabel):
    """A sentence over the top of a window; it goes by itself, by a click, and for the next one."""

    def __init__(self, words: Says, over: QWidget) -> None:
        super().__init__(render(words), over)
        self.setObjectName("notice")
        theme.mark(self, kind="warn")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAccessibleName(self.text())
        side = theme.size(12)
        self.setMargin(theme.size(8))
        width = over.width() - 2 * side
        self.setGeometry(side, side, width, self.heightForWidth(width))
        self.raise_()
        self.show()
        QTimer.singleShot(READ_IN, self, self.go)

    def go(self) -> None:
        """It was read, or another came."""
        self.hide()
        self.setParent(None)
        self.deleteLater()

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.go()
