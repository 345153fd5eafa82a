"""How slips that are filled by scanning begin, and how an act asks for the one copy it starts from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from app.actions import CATALOGUE
from app.domain.action import Subject, questions
from app.domain.ledger import plain
from app.domain.slip import SLIP_KINDS
from app.i18n import _
from app.services.desk import Receipt, Refused
from app.store import reads
from app.store.reads import CarrierLine
from app.store.reads.carrier_cards import Scanned
from app.ui import theme
from app.ui.bursts import ACCEPTS
from app.ui.following import scrolled, takes_key
from app.ui.form import Form
from app.ui.lines_model import NamedLine
from app.ui.scan import Outcome
from app.ui.workplace import Workplace
from app.ui.workstation import TakeCode

FIRST_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "dispatch": ("addressee", "address", "addressee_code", "channel", "foreign"),
    "file_to_archive": ("place", "archivist"),
    "transfer_to_archives": ("receiver", "finding_aids"),
    "propose_destruction": ("reason",),
}
"""What is asked before anything is scanned; the rest is asked when the slip is carried out."""


def takes_carriers(workplace: Workplace) -> TakeCode:
    """Turns a scanned copy into a line of the act whose dialog is open."""

    def take(code: str, deliver: Callable[[NamedLine | None], None]) -> None:
        def found(lines: Sequence[CarrierLine]) -> None:
            deliver(workplace.named(lines[0]) if lines else None)

        workplace.background.read(partial(carriers_named, workplace, code), found, owner=workplace.window)

    return take


def named_by(workplace: Workplace, code: str) -> tuple[Scanned, CarrierLine | None]:
    """What a code names, and the copy if it is one; runs beside the window."""
    scanned = workplace.desk.read(reads.scan, code, viewer=workplace.viewer)
    if scanned.ref is None or scanned.is_hidden or scanned.ref.kind is not Subject.CARRIER:
        return scanned, None
    return scanned, workplace.desk.read(reads.lines_of, [scanned.ref.id], workplace.viewer)[0]


def carriers_named(workplace: Workplace, text: str) -> tuple[CarrierLine, ...]:
    """The one carrier a code or number names, or none; runs beside the window."""
    _scanned, line = named_by(workplace, text)
    return (line,) if line is not None else ()


class NewScannedSlip(QDialog):
    """Begins a slip whose lines are scanned in: its first questions, then it is a draft."""

    def __init__(self, workplace: Workplace, kind: str, act: str, opened: Callable[[int], None]) -> None:
        super().__init__(workplace.window)
        self._workplace, self._kind, self._act, self._opened_slip = workplace, kind, act, opened
        action = CATALOGUE[act]
        rest = {name: None for name in questions(action) if name not in FIRST_QUESTIONS[act]}
        self.form = Form(action, workplace.sources, workplace.today, known=rest)
        self.setWindowTitle(_("New: {kind}").format(kind=_(SLIP_KINDS[kind].label)))
        self.setProperty(ACCEPTS, "CPLSE")
        title = QLabel(self.windowTitle(), self)
        theme.mark(title, heading=True)
        about = QLabel(_("Then scan what goes on it."), self)
        theme.mark(about, dim=True)
        cancel = QPushButton(_("Cancel"), self)
        self.confirm = QPushButton(_("Begin"), self)
        theme.mark(self.confirm, primary=True)
        keys = QLabel(_("Enter goes on to the next field, Ctrl+Enter confirms."), self)
        theme.mark(keys, secondary=True)
        area, column = scrolled(self)
        column.addWidget(self.form)
        column.addStretch(1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 12, 0)
        row.addWidget(keys)
        row.addStretch(1)
        for button in (cancel, self.confirm):
            button.setAutoDefault(False)
            row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 8, 16)
        layout.setSpacing(12)
        for widget in (title, about):
            layout.addWidget(widget)
        layout.addWidget(area, 1)
        layout.addLayout(row)
        cancel.clicked.connect(self.reject)
        self.confirm.clicked.connect(self._open)
        self.form.changed.connect(self._on_changed)
        area.verticalScrollBar().rangeChanged.connect(self._make_room)
        self.finished.connect(self.deleteLater)
        theme.fit(self, theme.size(620), self.sizeHint().height())
        self._on_changed()
        self.form.start()

    def take_code(self, code: str) -> bool:
        """A badge or a place answers its field."""
        return self.form.take_code(code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not takes_key(self, event, self.confirm, self.form.lead):
            super().keyPressEvent(event)

    def _make_room(self, _least: int, hidden: int) -> None:
        """What a field says below itself has its room, as far as the screen has it."""
        if hidden > 0:
            theme.grow(self, hidden)

    def _on_changed(self) -> None:
        self.confirm.setEnabled(self.form.is_complete)

    def _open(self) -> None:
        given = {
            name: plain(value) for name, value in self.form.answers().items() if value not in (None, "", (), False)
        }
        self.confirm.setEnabled(False)
        opens: Any = CATALOGUE["open_slip"]
        self._workplace.do(
            opens(slip=self._kind, act=self._act, given=given), on_done=self._opened, on_refused=self._on_refused
        )

    def _on_refused(self, refused: Refused) -> None:
        self._workplace.refused(refused)
        self._on_changed()

    def _opened(self, receipt: Receipt) -> None:
        self.accept()
        self._opened_slip(receipt.subjects[0].id)


class AskCarrier(QDialog):
    """Asks for one carrier by scan or number: the original of a copy."""

    def __init__(self, workplace: Workplace, words: str, found: Callable[[CarrierLine], None]) -> None:
        super().__init__(workplace.window)
        self._workplace, self._found = workplace, found
        self.setWindowTitle(_(words))
        self.setProperty(ACCEPTS, "C")
        title = QLabel(_(words), self)
        theme.mark(title, heading=True)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(_("Scan its label or type its number"))
        self.line.setAccessibleName(_("Scan its label or type its number"))
        self._why = QLabel(self)
        self._why.setWordWrap(True)
        theme.mark(self._why, kind="bad")
        go_on = QPushButton(_("Continue"), self)
        go_on.setDefault(True)
        theme.mark(go_on, primary=True)
        go_on.clicked.connect(lambda: self.take_code(self.line.text()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        for widget in (title, self.line, self._why, go_on):
            layout.addWidget(widget)
        self.finished.connect(self.deleteLater)
        self.resize(theme.size(460), self.sizeHint().height())

    def take_code(self, code: str) -> bool:
        """Look the copy up; what is none of ours is said here."""
        if code.strip():
            work = partial(carriers_named, self._workplace, code)
            self._workplace.background.read(work, self._on_found, owner=self)
        return True

    def _on_found(self, lines: Sequence[CarrierLine]) -> None:
        if not lines:
            self._why.setText(_("The register does not know this code."))
            self._workplace.window.answer_scan(Outcome.UNKNOWN)
            return
        self.accept()
        self._found(lines[0])
