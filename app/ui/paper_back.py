"""Signed paper that comes back: which print it is, who signed it in which role, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.actions import CATALOGUE
from app.domain.action import Authority, Kind, Ref, Subject
from app.domain.slip import signers_of
from app.i18n import _
from app.services.desk import Desk, Receipt, Refused
from app.store import reads
from app.store.reads import PaperLine, SlipCard, Viewer
from app.store.reads.paging import is_digest
from app.store.reads.slip_lines import texts
from app.ui import theme
from app.ui.bursts import ACCEPTS
from app.ui.fields import TextField
from app.ui.following import scrolled, takes_key
from app.ui.pickers import PickField
from app.ui.reasons import Reasons
from app.ui.slip_words import form_words, named_words, signer_words
from app.ui.telling import brief_moment
from app.ui.time_fields import DateField
from app.ui.workplace import Workplace

PARTY_SIGNS = {"borrower": "party"}
"""Roles that are signed by whom the slip is for, as a rule."""
SIGNED_OUTSIDE = "transfer"
"""The kind of slip whose paper somebody signs too who is none of ours: the archives."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """What the dialog needs to know of the slip."""

    card: SlipCard
    paper: PaperLine | None
    roles: tuple[str, ...]
    received_by: str
    """Who was to sign for the archives, as it was given at the transfer."""


def read_awaited(desk: Desk, slip: int, paper: int | None, viewer: Viewer) -> Awaited | None:
    """The slip, the print that came back (the newest that is awaited unless one is named), the roles not signed."""
    card = desk.read(reads.slip_card, slip, viewer=viewer)
    if card is None:
        return None
    named = [line for line in card.papers if line.id == paper]
    waits = [line for line in card.papers if line.is_awaited]
    wanted = signers_of(card.line.kind, card.line.action)
    given = {line.role.rstrip("0123456789").rstrip("_") for line in card.signatures if line.person is not None}
    roles = tuple(role for role in wanted if role not in given) or wanted
    theirs = str(card.facts.get("received_by", ""))
    words = desk.read(texts, {theirs}).get(theirs) if is_digest(theirs) else None
    left = [line for line in card.papers if not line.is_kept]  # before what was only looked at: nobody could sign that
    return Awaited(card, next(iter([*named, *waits, *left, *card.papers]), None), roles, words or "")


class PaperBackDialog(QDialog):
    """Notes one signature after the other; the paper counts as back with the first."""

    def __init__(self, workplace: Workplace, slip: int, paper: int | None = None) -> None:
        super().__init__(workplace.window)
        self._workplace, self._slip = workplace, slip
        self._awaited: Awaited | None = None
        self.setWindowTitle(_("Signed paper is back"))
        self.setProperty(ACCEPTS, "P")
        title, self._about = QLabel(self.windowTitle(), self), QLabel(self)
        theme.mark(title, heading=True)
        theme.mark(self._about, dim=True)
        self._about.setWordWrap(True)
        self.role = QComboBox(self)
        self.person = PickField(Kind.PERSON, workplace.sources)
        self.day = DateField(workplace.today)
        self.day.set_answer(workplace.today())
        self.received_by, self.received = TextField(), DateField(workplace.today)
        self._reasons = Reasons(self)
        done = QPushButton(_("Close"), self)
        self.confirm = QPushButton(_("Note the signature"), self)
        theme.mark(self.confirm, primary=True)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 12, 0)
        row.addStretch(1)
        for button in (done, self.confirm):
            button.setAutoDefault(False)
            row.addWidget(button)
        self._area, column = scrolled(self)
        column.setSpacing(6)
        self._put_questions(column)
        column.addWidget(self._reasons)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 8, 16)
        layout.setSpacing(6)
        layout.addWidget(title)
        layout.addWidget(self._about)
        layout.addWidget(self._area, 1)
        layout.addLayout(row)
        done.clicked.connect(self.reject)
        self.confirm.clicked.connect(self._note)
        self.role.currentIndexChanged.connect(self._propose)
        for field in (self.person, self.day, self.received_by, self.received):
            field.changed.connect(self._on_changed)
        self.finished.connect(self.deleteLater)
        theme.fit(self, theme.size(480), self.sizeHint().height())
        self._on_changed()
        self._read(paper)

    def _put_questions(self, column: QVBoxLayout) -> None:
        """Each field under its name; those about the archives' side are shown for a deed only."""
        asked: tuple[tuple[str, QWidget], ...] = (
            (_("Signed as"), self.role), (_("Signed by"), self.person), (_("Signed on"), self.day),
            (_("Received by"), self.received_by), (_("Received on"), self.received),
        )  # fmt: skip
        self._theirs = QWidget(self)
        outside = QVBoxLayout(self._theirs)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.setSpacing(6)
        for words, field in asked:
            label = QLabel(words, self)
            label.setBuddy(field)
            field.setAccessibleName(words)
            into = outside if field in (self.received_by, self.received) else column
            into.addWidget(label)
            into.addWidget(field)
        column.addWidget(self._theirs)
        self._theirs.hide()

    def take_code(self, code: str) -> bool:
        """A badge names who signed."""
        return self.person.take_code(code)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not takes_key(self, event, self.confirm):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self._area, self._area.make_room)  # before it is shown nothing is known to be wanting

    def _read(self, paper: int | None) -> None:
        work = partial(read_awaited, self._workplace.desk, self._slip, paper, self._workplace.viewer)
        self._workplace.background.read(work, self._show, owner=self)

    def _show(self, awaited: Awaited | None) -> None:
        self._awaited = awaited
        if awaited is None:
            return
        line = awaited.card.line
        words = f"{named_words(line)} {line.number}"
        if awaited.paper is not None:
            at = brief_moment(awaited.paper.printed_at, self._workplace.today())
            words += " · " + _("{form}, made {at}").format(form=form_words(awaited.paper.form), at=at)
        self._about.setText(words)
        self._theirs.setVisible(self._is_signed_outside())
        self.received_by.set_answer(awaited.received_by)
        self.role.clear()
        for role in awaited.roles:
            self.role.addItem(signer_words(role, awaited.card.facts), role)
        self._propose()

    def _propose(self) -> None:
        """Whom the slip names in this role."""
        if self._awaited is None:
            return
        role, card = self.role.currentData(), self._awaited.card
        named = card.line.party_id if role in PARTY_SIGNS else card.facts.get(str(role))
        self.person.set_answer(named if isinstance(named, int) else None)  # not who signed in the role before
        self._on_changed()

    def _on_changed(self) -> None:
        complete = self.person.answer() is not None and self.day.answer() is not None
        if self._is_signed_outside():
            complete = complete and bool(self.received_by.answer()) and self.received.answer() is not None
        self.confirm.setEnabled(complete and self.role.currentData() is not None)
        QTimer.singleShot(0, self._area, self._area.make_room)  # what a field says below itself takes another line

    def _is_signed_outside(self) -> bool:
        return self._awaited is not None and self._awaited.card.line.kind == SIGNED_OUTSIDE

    def _note(self) -> None:
        day = self.day.answer()
        if self._awaited is None or day is None:
            return
        sign: Any = CATALOGUE["sign_on_paper"]
        paper = self._awaited.paper
        theirs: dict[str, Any] = {}
        if self._is_signed_outside():
            theirs = {"received_by": self.received_by.answer(), "received": self.received.answer()}
        action = sign(role=self._role(), person=self.person.answer(), paper=paper.id if paper else 0, **theirs)
        happened = None if day == self._workplace.today() else datetime.combine(day, time(12)).astimezone()
        self.confirm.setEnabled(False)
        self._workplace.do(
            action, [Ref(Subject.SLIP, self._slip)], Authority(happened=happened), on_done=self._on_done,
            on_refused=self._on_refused,
        )  # fmt: skip

    def _role(self) -> str:
        """A second witness is kept beside the first."""
        role = str(self.role.currentData())
        taken = {line.role for line in self._awaited.card.signatures if line.person} if self._awaited else set()
        if role not in taken:
            return role
        return next(f"{role}_{n}" for n in range(2, 100) if f"{role}_{n}" not in taken)

    def _on_done(self, _receipt: Receipt) -> None:
        left = [role for role in (self._awaited.roles if self._awaited else ()) if role != self.role.currentData()]
        if not left:
            self.accept()
            return
        self.person.set_answer(None)
        self._read(self._awaited.paper.id if self._awaited and self._awaited.paper else None)

    def _on_refused(self, refused: Refused) -> None:
        self._reasons.show_refusals(refused.refusals)
        self._on_changed()
