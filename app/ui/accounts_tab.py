"""Accounts: who signs in with which login; opened, closed and reset here, each with its key slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.domain.action import Action, Ref, Subject
from app.domain.people import DUTIES
from app.domain.words import N_
from app.i18n import _, in_words
from app.services.desk import Desk
from app.services.offers import Offered, judged
from app.services.slots import THE_REGISTER
from app.store import reads
from app.store.reads import AccountLine
from app.ui.passwords import of_account
from app.ui.people_tab import acts_menu, put_alone
from app.ui.rows import Column, RowsModel
from app.ui.table import Table
from app.ui.workplace import Workplace

OF_AN_ACCOUNT = ("reset_password", "close_account")


@dataclass(frozen=True)
class AccountsRead:
    """Every account, and what may be begun beside them."""

    lines: tuple[AccountLine, ...]
    offers: tuple[Offered, ...]


def read_accounts(desk: Desk, own: int) -> AccountsRead:
    """The list and the acts that need no chosen account."""
    begun = (
        *judged(desk, ("open_account",)),
        *judged(desk, ("change_password",), Ref(Subject.ACCOUNT, own)),
        *judged(desk, ("replace_recovery",), THE_REGISTER),
    )
    return AccountsRead(desk.read(reads.accounts), begun)


class AccountsTab(QWidget):
    """The list, with what may be begun above it and what may be done with the chosen account below."""

    def __init__(self, workplace: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.account: AccountLine | None = None
        self._all: tuple[AccountLine, ...] = ()
        self.rows: RowsModel[AccountLine] = RowsModel(_columns(), None, self)
        self.table: Table[AccountLine] = Table(self.rows, self, empty=N_("No account."))
        self._closed = QCheckBox(_("also closed accounts"), self)
        self._acts, self._of_account = QVBoxLayout(), QVBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._acts)
        layout.addWidget(self._closed)
        layout.addWidget(self.table, 1)
        layout.addLayout(self._of_account)
        self._closed.toggled.connect(lambda _on: self._show())
        self.table.current.connect(self._on_current)

    def reload(self) -> None:
        """Read the accounts again."""
        place = self._workplace
        work = partial(read_accounts, place.desk, place.seat.account.id)
        place.background.read(work, self._on_read, key="accounts", owner=self)

    def _on_read(self, read: AccountsRead) -> None:
        self._all = read.lines
        put_alone(self._acts, acts_menu(read.offers, self._workplace.perform, self._workplace, self))
        self._show()

    def _show(self) -> None:
        kept = self.account
        lines = [line for line in self._all if line.is_open or self._closed.isChecked()]
        self.rows.show(lines)
        at = next((at for at, line in enumerate(lines) if kept is not None and line.id == kept.id), None)
        if at is not None:
            self.table.selectRow(at)

    def _on_current(self, line: AccountLine | None) -> None:
        if line is None:
            return
        self.account = line
        place = self._workplace
        work = partial(judged, place.desk, OF_AN_ACCOUNT, Ref(Subject.ACCOUNT, line.id))
        place.background.read(work, self._on_offers, key="of account", owner=self)

    def _on_offers(self, offered: Sequence[Offered]) -> None:
        put_alone(self._of_account, acts_menu(offered, self._begin, self._workplace, self))

    def _begin(self, action: type[Action]) -> None:
        if self.account is not None:
            self._workplace.perform(action, [of_account(self.account)])


def _columns() -> tuple[Column[AccountLine], ...]:
    return (
        Column(N_("Login"), lambda line: line.login, width=130),
        Column(N_("Person"), lambda line: line.name, width=170),
        Column(N_("Department"), lambda line: line.department, width=140),
        Column(N_("State"), lambda line: _("in use") if line.is_open else _("no longer used"), width=80),
        Column(N_("Duties"), lambda line: in_words(tuple(_(DUTIES.get(d, d)) for d in line.duties)), width=240),
    )
