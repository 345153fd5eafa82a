"""A second person signs at the seat: own account and password, inside the dialog of the act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.domain.action import Kind, Refusal, Signature
from app.i18n import _, render
from app.services.desk import Refused
from app.ui import theme
from app.ui.background import Background
from app.ui.reasons import Reasons
from app.ui.sources import Choice, Sources

SecondPerson: TypeAlias = Callable[[str, str, str], Signature]
"""Signs with an account's name and password in a role; raises Refused when they do not fit."""
PREFIX = "signature:"
"""How a refusal names the signature that is missing."""
About: TypeAlias = Callable[[], object]
"""What is signed, as it stands now: what is changed afterwards nobody has signed."""


class SignatureRow(QFrame):
    """One signature that an act waits for."""

    signed = Signal()
    grew = Signal(int)
    """By how much, when it had to say why not."""

    def __init__(
        self,
        role: str,
        background: Background,
        second_person: SecondPerson,
        sources: Sources,
        about: About,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.role = role
        self.signature: Signature | None = None
        self._about, self._signed_about = about, about()
        self.asked_for: Refusal | None = None
        self._proposed = ""
        """The account that was filled in; what somebody typed themselves stays."""
        self._background, self._second_person, self._sources = background, second_person, sources
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._login, self._password = _Line(self), _Line(self)
        self._login.setPlaceholderText(_("Account"))
        self._login.setAccessibleName(_("Account"))
        self._password.setPlaceholderText(_("Password"))
        self._password.setAccessibleName(_("Password"))
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._button = QPushButton(_("Sign"), self)
        self._button.setAutoDefault(False)
        self._reasons = Reasons(self)
        self._login.entered.connect(self._password.setFocus)
        self._password.entered.connect(self._sign)
        self._button.clicked.connect(self._sign)
        row = QHBoxLayout()
        row.setSpacing(8)
        for widget in (self._login, self._password, self._button):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(4)
        layout.addWidget(self._words)
        layout.addLayout(row)
        layout.addWidget(self._reasons)

    @property
    def standing(self) -> Signature | None:
        """The signature, as long as what was signed is what is about to be done."""
        return self.signature if self._signed_about == self._about() else None

    @property
    def can_be_given(self) -> bool:
        """Whether anybody can sign here: who has no account cannot."""
        return self.asked_for is None or self.asked_for.account != ""

    def ask_for(self, refusal: Refusal) -> None:
        """Say whose signature is missing; whoever it is need not type the name of their account."""
        self.asked_for = refusal
        why = [render(refusal.reason)]
        if not self.can_be_given:
            why.append(_("They have no account: choose somebody who has one, or let them sign the printed form."))
        self._words.setText(" ".join(why))
        for widget in (self._login, self._password, self._button):
            widget.setVisible(self.can_be_given)
        if self._login.text() == self._proposed:
            self._proposed = refusal.account or ""
            self._login.setText(self._proposed)

    def start(self) -> None:
        """Let the person say who they are; what is there already waits for the password."""
        (self._password if self._login.text().strip() else self._login).setFocus()

    def _sign(self) -> None:
        login, password = self._login.text().strip(), self._password.text()
        if not login or not password or not self._button.isEnabled():
            return
        self._password.clear()
        self._button.setEnabled(False)
        self._signed_about = self._about()
        self._background.run(
            partial(self._second_person, login, password, self.role), self._on_signed, self._on_refused, self._on_failed
        )

    def _on_signed(self, signature: Signature) -> None:
        self.signature = signature
        for widget in (self._login, self._password, self._button, self._reasons):
            widget.hide()
        self._words.setText(_("✓ Signed"))
        theme.mark(self._words, kind="good")
        self._sources.by_value(Kind.PERSON, signature.person, self._name)
        self.signed.emit()

    def _name(self, person: Choice | None) -> None:
        """Who signed, as everybody knows them and not as the machine does."""
        if person is not None:
            self._words.setText(_("✓ Signed: {name}").format(name=person.words))

    def _on_refused(self, refused: Refused) -> None:
        self._button.setEnabled(True)
        before = 0 if self._reasons.isHidden() else self._reasons.height()
        self._reasons.show_refusals(refused.refusals)
        self.grew.emit(max(0, self._reasons.heightForWidth(self.width()) - before))
        self._password.setFocus()

    def _on_failed(self, _error: Exception) -> None:
        self._button.setEnabled(True)


class Signatures(QWidget):
    """The signatures an act waits for, one row each."""

    signed = Signal()
    """Somebody signed: the rules have to be asked again."""
    grew = Signal(int)

    def __init__(
        self,
        background: Background,
        second_person: SecondPerson,
        sources: Sources,
        about: About,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._background, self._second_person, self._sources = background, second_person, sources
        self._about = about
        self.rows: dict[str, SignatureRow] = {}
        self._done: list[SignatureRow] = []
        """Rows done with: two witnesses sign one after the other in the same role."""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    @property
    def given(self) -> tuple[Signature, ...]:
        """Who has signed what is about to be done, in order."""
        rows = (*self._done, *self.rows.values())
        return tuple(signature for row in rows if (signature := row.standing) is not None)

    def start(self) -> bool:
        """Let the first who has not signed say who they are; False when nobody is missing."""
        row = next((row for row in self.rows.values() if row.signature is None and row.can_be_given), None)
        if row is not None:
            row.start()
        return row is not None

    def ask_for(self, missing: Sequence[Refusal]) -> None:
        """One row for each signature that is missing; a row keeps what is being typed."""
        wanted = {refusal.rule.removeprefix(PREFIX): refusal for refusal in missing}
        for row in [row for row in self._done if row.standing is None]:
            self._done.remove(row)
            _take_away(row)
        for role, row in list(self.rows.items()):
            if role in wanted and row.signature is not None:
                self._go_on_after(row, wanted[role])
            elif role not in wanted and row.standing is None:
                del self.rows[role]
                _take_away(row)
        for role, refusal in wanted.items():
            if role not in self.rows:
                row = SignatureRow(role, self._background, self._second_person, self._sources, self._about, self)
                row.signed.connect(self.signed)
                row.grew.connect(self.grew)
                self.rows[role] = row
                self._column.addWidget(row)
                self.grew.emit(row.sizeHint().height())
            self.rows[role].ask_for(refusal)

    def _go_on_after(self, row: SignatureRow, refusal: Refusal) -> None:
        """One more signature is wanted in the role: the next person's, or the same again if somebody else signed."""
        del self.rows[row.role]
        if row.asked_for == refusal or row.standing is None:
            _take_away(row)
        else:
            self._done.append(row)


def _take_away(row: SignatureRow) -> None:
    row.hide()
    row.deleteLater()


class _Line(QLineEdit):
    """A line whose Enter stays its own and reaches no button of the dialog."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)
