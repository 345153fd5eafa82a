"""A clerk's hands for tests of the window: scan, press, fill, sign; everything goes through real widgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from pytestqt.exceptions import TimeoutError as NeverCame
from pytestqt.qtbot import QtBot

from app.actions.classifying import Classify, ProposeClassification
from app.actions.custody import Lend
from app.actions.drafting import PrintCopies
from app.domain.action import Subject
from app.domain.numbering import COMMANDS, payload
from app.services.accounts import unlock
from app.settings import Settings
from app.stage import REGISTER, SAFE, Stage, password_of, set_up
from app.store import vault
from app.ui.action_dialog import ActionDialog
from app.ui.gate import entered
from app.ui.page import Page
from app.ui.session import Session

CHEAP = vault.Cost(memory_kib=8, passes=1, lanes=1)
T = TypeVar("T", bound=QWidget)
WAIT = 15_000


class Clerk:
    """Somebody signed in at a real register in the real window."""

    def __init__(
        self, qtbot: QtBot, folder: Path, login: str = "chen", *, regimes: tuple[str, ...] = ("cn-state",)
    ) -> None:
        self.qtbot = qtbot
        self.stage: Stage = set_up(
            folder, datetime.now().astimezone().replace(microsecond=0), regimes=regimes, cost=CHEAP
        )
        self.stage.close()
        self.copies: list[int] = []
        self._sit(folder, login)

    def _sit(self, folder: Path, login: str) -> None:
        seat = unlock(folder, login, password_of(login), self.stage.clock)
        # The stage acts on the same open file: what other people do meanwhile.
        self.stage.database = seat.database
        self.stage.desks.clear()
        self.faults: list[BaseException] = []
        self.session = Session(
            entered(seat),
            Settings(sounds=False, language="en"),
            lambda _settings: None,
            lambda *_: {},
            self.faults.append,
        )
        self.session.show()
        self.window = self.session.window
        self.place = self.session.place
        self.settle()

    # --- what is there already -----------------------------------------------------------------------------------

    def stage_copies(
        self, count: int, level: str = "mimi", regime: str = "cn-state", caveats: tuple[str, ...] = ()
    ) -> list[int]:
        """Copies in stock, labelled: 48 pages each."""
        stage = self.stage
        today = stage.clock.now.date()
        proposed = stage.do(
            ProposeClassification(
                regime=regime, level=level, title="Annual plan", short_title="Plan", period="5y",
                scope_units=("*",), basis="item 3", copies=count, caveats=caveats,
            ),
            by="wang",
        )  # fmt: skip
        document, slip = proposed.subjects[0].id, proposed.slip or 0
        stage.decide(slip)
        stage.do(Classify(issued=today), [document], slip=slip)
        job = PrintCopies(document=document, copies=count, pages=48, place=SAFE)
        copies = [ref.id for ref in stage.do(job, slip=stage.approved(job)).subjects]
        stage.label(copies)
        stage.finish(copies)
        return copies

    def stage_loan(self, copies: Sequence[int], who: str = "wang") -> int:
        """These copies lent; the slip's id."""
        loan = Lend(borrower=self.stage.people[who], due=self.stage.clock.now.date() + timedelta(days=5))
        slip = self.stage.approved(loan, copies, by=who, party=who)
        self.stage.do(loan, list(copies), slip=slip)
        return slip

    # --- waiting ------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Until nothing is read or written any more."""
        quiet = 0

        def still() -> bool:
            nonlocal quiet
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            quiet = quiet + 1 if self.session.background.is_idle and not self.window.is_being_made else 0
            return quiet > 2

        self.qtbot.waitUntil(still, timeout=WAIT)
        if self.faults:
            raise self.faults[0]

    def until(self, true: Callable[[], object]) -> None:
        """Until something is so."""
        self.qtbot.waitUntil(lambda: bool(true()), timeout=WAIT)

    # --- hands --------------------------------------------------------------------------------------------------

    def go(self, code: str) -> Any:
        """Choose a page in the rail."""
        page: Page | None = self.window.go(code)
        assert page is not None, code
        self.settle()
        return page

    @property
    def page(self) -> Any:
        """The page in front."""
        return self.window.page

    def scan(self, kind: Subject | str, number: int) -> None:
        """Scan a code of the register."""
        self.window._top.scan.line.submit(payload(str(kind), REGISTER, number))
        self.settle()

    def command(self, name: str) -> None:
        """Scan the command card."""
        self.scan("X", COMMANDS.index(name) + 1)

    def press(self, words: str, within: QWidget | None = None) -> None:
        """Press the button with these words."""
        buttons = (within or self.window).findChildren(QPushButton)
        found = [each for each in buttons if each.text() == words and each.isVisible()]
        assert found, f"no button {words!r}, but {[each.text() for each in buttons if each.isVisible()]}"
        assert found[0].isEnabled(), f"{words} cannot be pressed"
        found[0].click()
        QTimer.singleShot(0, lambda: None)
        self.settle()

    def dialog(self, kind: type[QDialog] = ActionDialog) -> Any:
        """The dialog that is open."""
        self.until(lambda: any(each.isVisible() for each in self.window.findChildren(kind)))
        return next(each for each in self.window.findChildren(kind) if each.isVisible())

    def fill(self, **answers: Any) -> ActionDialog:
        """Answer questions of the open dialog."""
        dialog: ActionDialog = self.dialog()
        for name, value in answers.items():
            dialog.form.asked[name].field.set_answer(value)
        self.settle()
        return dialog

    def answer_lines(self, name: str, *values: Any) -> None:
        """Answer the question that is put for each line; one value serves all of them."""
        model = self.dialog().lines
        column = next(at for at, (each, _asked) in enumerate(model.each, 1) if each == name)
        for row in range(model.rowCount()):
            model.setData(model.index(row, column), values[min(row, len(values) - 1)])
        self.settle()

    def sign(self, login: str, role: str) -> None:
        """A second person signs with their own password inside the dialog."""
        dialog = self.dialog()
        self.until(lambda: role in dialog.signatures.rows and dialog.signatures.rows[role].signature is None)
        row = dialog.signatures.rows[role]
        row._login.setText(login)
        row._password.setText(password_of(login))
        row._sign()
        self.until(lambda: row.signature is not None)
        self.settle()

    def confirm(self, words: str = "") -> None:
        """Press the dialog's own button, once the rules have nothing against it."""
        dialog = self.dialog()

        def ready() -> bool:
            return dialog._confirm.isEnabled() and not dialog._pause.isActive() and self.session.background.is_idle

        try:
            self.until(lambda: ready() and (not words or dialog._confirm.text() == words))
        except (NeverCame, AssertionError) as error:
            against = [dialog._confirm.text(), *(refusal.reason for refusal in dialog._refusals), dialog.form.answers()]
            raise AssertionError(against) from error
        dialog._confirm.click()
        try:
            self.until(lambda: not shiboken6.isValid(dialog) or not dialog.isVisible())
        except (NeverCame, AssertionError) as error:
            raise AssertionError([refusal.reason for refusal in dialog._refusals]) from error
        self.settle()

    def close(self) -> None:
        """Leave the seat; once."""
        if not shiboken6.isValid(self.window):
            return
        for dialog in self.window.findChildren(QDialog):
            dialog.close()
        self.window.close()
        self.qtbot.wait(50)
        # As the program does; windows that stay behind make every change of colours in this process slower.
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
