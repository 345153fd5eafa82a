"""Acts that belong to a key slot: their dialog asks what the ledger never holds, and the slot is changed with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QPushButton, QVBoxLayout

from app.actions.accounts import ChangePassword, CloseAccount, OpenAccount
from app.actions.recovery import ReplaceRecovery, ResetPassword
from app.domain.action import NOBODY, Action, Authority, Line, Ref, Refusal, Subject
from app.domain.passwords import password_is_strong_enough
from app.domain.words import N_, Says, says
from app.i18n import _, render
from app.services import slots
from app.services.desk import Receipt, Refused
from app.store import reads
from app.store.reads import AccountLine
from app.ui import theme
from app.ui.action_dialog import ActionDialog
from app.ui.credentials import PasswordLine
from app.ui.lines_model import NamedLine
from app.ui.workplace import Named, Workplace
from app.ui.workstation import Beside

UNKNOWN = 0
"""Stands for the generation until it is looked up: the desk knows which password is in force, not the dialog."""


class NewPassword(Beside):
    """A password typed twice, and the present one where somebody changes their own."""

    def __init__(self, about: str, *, with_present: bool = False) -> None:
        super().__init__()
        self.owner: Callable[[], str] = str
        """Whose password it becomes: it must not be their name."""
        self.present, self.new = "", ""
        """Plain copies, so that the lane that writes touches no widget."""
        self._with_present = with_present
        self._lines = [PasswordLine(self) for _each in range(3 if with_present else 2)]
        labels = [_("New password"), _("New password again")]
        if with_present:
            labels.insert(0, _("Present password"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(3)
        caps = QLabel(_("Caps lock is on."), self)
        theme.mark(caps, kind="warn")
        caps.hide()
        for at, (words, line) in enumerate(zip(labels, self._lines, strict=True)):
            label = QLabel(words, self)
            label.setBuddy(line)
            line.setAccessibleName(words)
            line.setPlaceholderText("")
            line.textChanged.connect(self._on_typed)
            line.caps_changed.connect(caps.setVisible)
            grid.addWidget(label, 0, at)
            grid.addWidget(line, 1, at)
        self._about = QLabel(about, self)
        self._wrong = QLabel(self)
        for words_below in (self._about, self._wrong):
            words_below.setWordWrap(True)
            words_below.setTextFormat(Qt.TextFormat.PlainText)
        theme.mark(self._about, dim=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(grid)
        for widget in (caps, self._wrong, self._about):
            layout.addWidget(widget)
        self._wrong.hide()

    @property
    def is_complete(self) -> bool:
        return self.wrong() is None and (bool(self.present) or not self._with_present)

    def wrong(self) -> Says | None:
        """What speaks against the password as typed."""
        if weak := password_is_strong_enough(self.new, self.owner()):
            return weak
        return None if self._lines[-1].text() == self.new else says(N_("The two passwords differ."))

    def _on_typed(self, _text: str) -> None:
        *present, new, _again = (line.text() for line in self._lines)
        self.new, self.present = new, present[0] if present else ""
        wrong = self.wrong()
        self._wrong.setText(render(wrong) if wrong else _("✓ The password is good."))
        self._wrong.setVisible(bool(new))
        theme.mark(self._wrong, kind="warn" if wrong else "good")
        self.changed.emit()


class NewSheet(Beside):
    """A new recovery sheet: drawn, printed, and said to be locked away before it counts."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self._draw = QPushButton(_("Draw and print the new sheet…"), self)
        self._draw.setAutoDefault(False)
        self._draw.clicked.connect(self._on_draw)
        self._kept = QCheckBox(_("The sheet is on paper and locked away; no file of it is left."), self)
        self._kept.setEnabled(False)
        self._kept.toggled.connect(self.changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._draw, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._kept)

    @property
    def is_complete(self) -> bool:
        return self._kept.isChecked()

    def _on_draw(self) -> None:
        self._draw.setEnabled(False)
        work = partial(_draw_sheet, self._workplace)
        self._workplace.background.run(work, self._on_drawn, self._on_refused, self._on_failed, owner=self)

    def _on_drawn(self, sheet: tuple[bytes, tuple[str, ...]]) -> None:
        from app.ui.paper import Paper, Printing  # start-up: as below
        from app.ui.preview import Preview  # start-up: the PDF view only for paper

        pdf, printers = sheet
        self._on_failed()
        self._kept.setEnabled(True)
        paper = Paper(pdf, _("Recovery sheet"), "recovery-sheet.pdf")
        preview = Preview(paper, Printing(printers=lambda: printers), self)
        preview.finished.connect(preview.deleteLater)
        preview.open()

    def _on_refused(self, refused: Refused) -> None:
        self._workplace.refused(refused)
        self._on_failed()

    def _on_failed(self, _error: Exception | None = None) -> None:
        self._draw.setEnabled(True)


def _draw_sheet(workplace: Workplace) -> tuple[bytes, tuple[str, ...]]:
    """Draw key and paper beside the window; a sheet that was drawn before and not entered is replaced."""
    from app.services import cups, printing  # start-up: reportlab only for paper

    desk = workplace.desk
    register = desk.read(reads.register_card)
    if register is None:
        raise LookupError("a register without its own facts")
    key = slots.draw_sheet(workplace.seat)
    pdf = printing.recovery_sheet(
        unit=register.unit, register=register.number, recovery=key, language=register.language, today=desk.today()
    )
    return pdf, cups.printers()


@dataclass(frozen=True)
class WithSlot:
    """A desk for the dialog of such an act: judges as ever, and changes the slot where it writes."""

    workplace: Workplace
    write: Callable[[Action, Sequence[int], Authority], Receipt]

    def refusals(self, action: Action, lines: Sequence[Any] = (), authority: Authority = NOBODY) -> list[Refusal]:
        """Every reason not to, with the generation that is in force now."""
        seat = self.workplace.seat
        return seat.desk.refusals(slots.as_it_stands(seat, action, _ids(lines)), lines, authority)

    def perform(self, action: Action, lines: Sequence[Any] = (), authority: Authority = NOBODY) -> Receipt:
        """Slot and entry together."""
        return self.write(action, _ids(lines), authority)


def _ids(lines: Sequence[Any]) -> list[int]:
    return [line.subject.id for line in lines if isinstance(line, Line) and line.subject is not None]


# --- the acts ------------------------------------------------------------------------------------------------------


def begin(
    workplace: Workplace, action: type[Action], lines: Sequence[Named] = (), known: Mapping[str, Any] | None = None
) -> ActionDialog:
    """Open the dialog of an act that belongs to a key slot."""
    return BEGINNINGS[action.code](workplace, lines, known or {})


def _open_account(workplace: Workplace, _lines: Sequence[Named], known: Mapping[str, Any]) -> ActionDialog:
    password = NewPassword(_("The person types it here; nobody else need know it."))

    def write(action: Action, _subjects: Sequence[int], authority: Authority) -> Receipt:
        if not isinstance(action, OpenAccount):
            raise TypeError(action.code)
        return slots.open_account(workplace.seat, action.login, action.person, password.new, authority)

    dialog = workplace.perform(
        OpenAccount, (), initial=known, through=WithSlot(workplace, write), beside=password,
        header=says(N_("Who has an account can sign in, and sign in dialogs as a second person.")),
    )  # fmt: skip
    password.owner = lambda: str(dialog.form.answers().get("login", ""))
    return dialog


def _close_account(workplace: Workplace, lines: Sequence[Named], _known: Mapping[str, Any]) -> ActionDialog:
    def write(action: Action, subjects: Sequence[int], authority: Authority) -> Receipt:
        if not isinstance(action, CloseAccount):
            raise TypeError(action.code)
        return slots.close_account(workplace.seat, subjects[0], action.reason, authority)

    closed = N_(
        "{account}: it is closed for good. Copies of the register made before today still open with its password."
    )
    return workplace.perform(
        CloseAccount, _nameless(lines), through=WithSlot(workplace, write), header=says(closed, account=_called(lines))
    )


def _change_password(workplace: Workplace, _lines: Sequence[Named], _known: Mapping[str, Any]) -> ActionDialog:
    seat = workplace.seat
    password = NewPassword(_("At least ten characters; several unrelated words are good."), with_present=True)
    password.owner = lambda: seat.account.login

    def write(_action: Action, _subjects: Sequence[int], _authority: Authority) -> Receipt:
        workplace.same_person(password.present)
        return slots.change_password(seat, password.new)

    own = NamedLine(Line(Ref(Subject.ACCOUNT, seat.account.id)), "")
    return workplace.perform(
        ChangePassword, [own], known={"generation": UNKNOWN}, through=WithSlot(workplace, write), beside=password,
        header=says(N_("The account {login}, of {name}."), login=seat.account.login, name=seat.account.person.name),
    )  # fmt: skip


def _reset_password(workplace: Workplace, lines: Sequence[Named], _known: Mapping[str, Any]) -> ActionDialog:
    password = NewPassword(_("The owner of the account types it here; nobody else need know it."))
    password.owner = lambda: _called(lines)

    def write(_action: Action, subjects: Sequence[int], authority: Authority) -> Receipt:
        return slots.reset_password(workplace.seat, subjects[0], password.new, authority)

    lost = N_("{account}: the lost password is replaced, and no longer opens the register.")
    return workplace.perform(
        ResetPassword, _nameless(lines), known={"generation": UNKNOWN}, through=WithSlot(workplace, write),
        beside=password, header=says(lost, account=_called(lines)),
    )  # fmt: skip


def _replace_recovery(workplace: Workplace, _lines: Sequence[Named], _known: Mapping[str, Any]) -> ActionDialog:
    sheet = NewSheet(workplace)

    def write(_action: Action, _subjects: Sequence[int], authority: Authority) -> Receipt:
        return slots.replace_recovery(workplace.seat, authority)

    register = NamedLine(Line(slots.THE_REGISTER), "")
    dialog = workplace.perform(
        ReplaceRecovery, [register], known={"generation": UNKNOWN}, through=WithSlot(workplace, write), beside=sheet,
        header=says(
            N_(
                "Whoever has the sheet can open the register without a password. Once the new sheet is entered, the old"
                " one opens nothing: destroy it."
            )
        ),
    )  # fmt: skip
    forget = partial(slots.drop_sheet, workplace.seat)
    dialog.rejected.connect(lambda: workplace.background.run(forget, lambda _none: None))
    return dialog


BEGINNINGS: Mapping[str, Callable[[Workplace, Sequence[Named], Mapping[str, Any]], ActionDialog]] = {
    "open_account": _open_account,
    "close_account": _close_account,
    "change_password": _change_password,
    # Who sits at the desk needs no sheet.
    "recover_account": _change_password,
    "reset_password": _reset_password,
    "replace_recovery": _replace_recovery,
}


def of_account(line: AccountLine) -> NamedLine:
    """An account as a line of its acts."""
    return NamedLine(Line(Ref(Subject.ACCOUNT, line.id)), line.login)


def _called(lines: Sequence[Named]) -> str:
    return next((line.words for line in lines if isinstance(line, NamedLine)), "")


def _nameless(lines: Sequence[Named]) -> list[Named]:
    """The same lines without words: what the dialog says above needs no table below."""
    return [replace(line, words="") if isinstance(line, NamedLine) else line for line in lines]
