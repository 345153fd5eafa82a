"""The fault report: we have a bug; a number and a text that may leave the room."""

from __future__ import annotations

import logging
import platform
import secrets
from dataclasses import dataclass

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from app.i18n import _
from app.log import trace_without_words
from app.ui import theme

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fault:
    """One fault: the number to quote, and where in the program it was, without anything that was entered."""

    number: str
    text: str


def fault_of(error: BaseException) -> Fault:
    """Number a fault, log it, and write its report."""
    number = secrets.token_hex(3).upper()
    log.error("fault %s", f"F-{number}", exc_info=error)
    head = f"Custos · fault F-{number} · Python {platform.python_version()} · Qt {qVersion()} · {platform.system()}"
    return Fault(f"F-{number}", f"{head}\n{trace_without_words(error)}")


class FaultDialog(QDialog):
    """Says that it was us, what was kept, and what to send."""

    def __init__(self, fault: Fault, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fault = fault
        self.setWindowTitle(_("Fault {number}").format(number=fault.number))
        title = QLabel(_("Something went wrong in the program."), self)
        theme.mark(title, heading=True)
        words = QLabel(
            _(
                "This act was not recorded; what was recorded before is safe. The report below holds no titles, names "
                "or answers. Copy it or write down its number {number} for whoever looks after the program."
            ).format(number=fault.number),
            self,
        )
        for label in (title, words):
            label.setWordWrap(True)
        text = QPlainTextEdit(fault.text, self)
        text.setReadOnly(True)
        text.setAccessibleName(_("Report"))
        copy, close = QPushButton(_("Copy the report"), self), QPushButton(_("Close"), self)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(fault.text))
        close.clicked.connect(self.reject)
        theme.mark(close, primary=True)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(copy)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        for widget in (title, words, text):
            layout.addWidget(widget)
        layout.addLayout(row)
        theme.fit(self, theme.size(560), theme.size(380))
