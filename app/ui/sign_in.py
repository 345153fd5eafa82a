"""The first window: which register, who, with which password; a second person where the clock is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import i18n
from app.domain.words import N_, says
from app.i18n import _, render
from app.ui import qt_words, theme
from app.ui.aside import Aside, failure_of, wait_of
from app.ui.credentials import Credentials, EnterPresses, wrapped
from app.ui.gate import Entered, Gate

if TYPE_CHECKING:
    from app.services.accounts import SignedIn

SIZE = (520, theme.LOW)


def _scrolled_where_low(inside: QWidget) -> QWidget:
    """The same, or where the screen is too low for it, as at 200 % on a small one, a view that scrolls to it."""
    if not theme.is_low(inside):
        return inside
    area = QScrollArea(inside.parentWidget())
    area.setWidgetResizable(True)
    area.setWidget(inside)
    return area


class SignInWindow(QWidget):
    """Begins everything: a register that is there, a new one, the sample."""

    entered = Signal(object)
    """Entered: somebody is at the seat."""
    new_wanted = Signal()
    sample_wanted = Signal()
    language_chosen = Signal(str)

    def __init__(self, gate: Gate, registers: Sequence[Path] = (), *, aside: Aside | None = None) -> None:
        super().__init__()
        self.setObjectName("frame")
        EnterPresses(self)
        self._gate, self._registers = gate, list(registers)
        self._aside = aside or Aside(self)
        self._seat: SignedIn | None = None
        self._login = ""
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget(self)
        layout.addWidget(_scrolled_where_low(self._stack))
        theme.fit(self, *map(theme.size, SIZE))
        self._build()
        self.show_register(self._registers[0] if self._registers else None)

    @property
    def folder(self) -> Path | None:
        """The register that is chosen."""
        chosen = self._where.currentData() if self._registers else None
        return Path(chosen) if chosen else None

    def show_register(self, folder: Path | None) -> None:
        """Offer to sign in to this register; without one, offer how to begin."""
        if folder is None:
            self._begin()
            return
        if folder not in self._registers:
            self._registers.insert(0, folder)
            self._where.insertItem(0, _shown(folder), str(folder))
        self._where.setCurrentIndex(self._where.findData(str(folder)))
        self._stack.setCurrentWidget(self._known)
        self._ask_names()
        # From the set-up's window the keys do not come back by themselves: the password was typed into nothing.
        self.activateWindow()

    def use_language(self, language: str) -> None:
        """Speak this language from now on."""
        i18n.use(language)
        qt_words.speak(language)
        self._build()
        self.show_register(self._registers[0] if self._registers else None)
        self.language_chosen.emit(language)

    def warm_up(self) -> None:
        """Bring in beside the window what comes after it."""
        self._aside.ask(self._gate.warm_up, self._on_warm)

    def _on_warm(self, future: Future[Any]) -> None:
        future.result()
        theme.icon("lock-outline")  # the font of the icons, which only this thread may load

    # --- what it looks like -------------------------------------------------------------------------------------

    def _build(self) -> None:
        while (old := self._stack.widget(0)) is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self.setWindowTitle("Custos")
        self._welcome, self._known, self._date = self._welcome_screen(), self._known_screen(), self._date_screen()
        for screen in (self._welcome, self._known, self._date):
            self._stack.addWidget(screen)

    def _welcome_screen(self) -> QWidget:
        screen, column = self._screen(_("Where to begin?"))
        self._welcome_failure = wrapped(screen, kind="bad")
        for label, words, do, primary in (
            (_("New register"), _("Set up the register of your unit: regimes, numbers, accounts, recovery sheet."),
             self.new_wanted.emit, True),
            (_("Sample register"), _("Try everything on public records; nothing in it is secret."),
             self.sample_wanted.emit, False),
            (_("Open a register…"), _("Choose the folder of a register that is already there."), self._choose, False),
        ):  # fmt: skip
            button = QPushButton(label, screen)
            button.setAutoDefault(True)  # Enter presses it, as in a dialog
            theme.mark(button, primary=primary)
            button.clicked.connect(partial(_call, do))
            column.addWidget(button)
            about = wrapped(screen, dim=True)
            about.setText(words)
            column.addWidget(about)
            column.addSpacing(6)
        column.addWidget(self._welcome_failure)
        self._first_way = screen.findChildren(QPushButton)[0]
        self._welcome_failure.hide()
        column.addStretch(1)
        return screen

    def _known_screen(self) -> QWidget:
        screen, column = self._screen(_("Sign in"))
        self._where = QComboBox(screen)
        self._where.setAccessibleName(_("Register"))
        self._where.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for folder in self._registers:
            self._where.addItem(_shown(folder), str(folder))
        self._where.activated.connect(lambda _at: self._ask_names())
        self.credentials = Credentials(_("Sign in"), screen)
        self.credentials.given.connect(self._unlock)
        column.addWidget(_label(_("Register"), screen))
        column.addWidget(self._where)
        column.addSpacing(4)
        self._told = wrapped(screen, kind="good")
        self._told.hide()
        column.addWidget(_label(_("Who are you?"), screen))
        column.addWidget(self.credentials)
        column.addWidget(self._told)
        column.addStretch(1)
        lost = QPushButton(_("Use the recovery sheet…"), screen)
        theme.mark(lost, link=True)
        lost.clicked.connect(lambda *_checked: self._recover())
        column.addWidget(lost, 0, Qt.AlignmentFlag.AlignLeft)
        other = QPushButton(_("Another register, a new one, the sample"), screen)
        theme.mark(other, link=True)
        other.clicked.connect(lambda *_checked: self._begin())
        column.addWidget(other, 0, Qt.AlignmentFlag.AlignLeft)
        return screen

    def _date_screen(self) -> QWidget:
        screen, column = self._screen(_("Is the date right?"))
        self._doubt = wrapped(screen)
        self.witness = Credentials(_("The date is right: sign in"), screen)
        self.witness.given.connect(self._confirm)
        back = QPushButton(_("The date is wrong: close the program and set the clock"), screen)
        theme.mark(back, link=True)
        back.clicked.connect(self.close)
        column.addWidget(self._doubt)
        column.addWidget(self.witness)
        column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        return screen

    def _screen(self, title: str) -> tuple[QWidget, QVBoxLayout]:
        screen = QWidget(self)
        panel = QFrame(screen)
        theme.mark(panel, panel=True)
        panel.setFixedWidth(theme.size(420))
        column = QVBoxLayout(panel)
        column.setContentsMargins(28, 22, 28, 22)
        column.setSpacing(6)
        name = QLabel("Custos", panel)
        theme.mark(name, strong=True)
        heading = QLabel(title, panel)
        theme.mark(heading, heading=True)
        column.addWidget(name)
        column.addWidget(heading)
        column.addSpacing(8)
        outer = QVBoxLayout(screen)
        outer.addStretch(1)
        # No alignment: it would take the panel's height before the words in it have wrapped.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(panel)
        middle.addStretch(1)
        outer.addLayout(middle)
        outer.addStretch(2)
        outer.addLayout(self._languages(screen))
        return screen, column

    def _languages(self, parent: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        for language, name in i18n.LANGUAGE_NAMES.items():
            button = QToolButton(parent)
            button.setText(name)
            button.setCheckable(True)
            button.setChecked(i18n.current() == language)
            button.clicked.connect(partial(self.use_language, language))
            row.addWidget(button)
        row.addStretch(1)
        return row

    # --- what it does -------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._stack.setCurrentWidget(self._welcome)
        self._to_first()

    def _to_first(self) -> None:
        """The focus to what is wanted first on the screen that shows."""
        screen = self._stack.currentWidget()
        if screen is self._welcome:
            self._first_way.setFocus()
        else:
            (self.witness if screen is self._date else self.credentials).password.setFocus()

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("The folder of the register"))
        if name:
            self.open_folder(Path(name))

    def open_folder(self, folder: Path) -> None:
        """Look whether there is a register, and offer to sign in to it; every failure is a sentence."""
        self._aside.ask(partial(self._gate.logins, folder), partial(self._on_folder, folder))

    def _on_folder(self, folder: Path, future: Future[Any]) -> None:
        failure = failure_of(future)
        self._welcome_failure.setText(" ".join(map(render, failure)))
        self._welcome_failure.setVisible(bool(failure))
        if not failure:
            self.show_register(folder)

    def _ask_names(self) -> None:
        if self.folder is not None:
            self.credentials.offer([])
            self._aside.ask(partial(self._gate.logins, self.folder), self._on_names)

    def _on_names(self, future: Future[Any]) -> None:
        if failure := failure_of(future):
            self.credentials.say_failure(failure)
            return
        self.credentials.offer(future.result(), self._login)
        self.credentials.password.setFocus()

    def _unlock(self, login: str, password: str) -> None:
        if self.folder is not None:
            self._login = login
            self._aside.ask(partial(self._gate.unlock, self.folder, login, password), self._on_unlocked)

    def _recover(self) -> None:
        from app.ui.recovery import RecoveryDialog  # start-up: only who lost the passwords

        if self.folder is not None:
            names = [self.credentials.names.itemText(at) for at in range(self.credentials.names.count())]
            dialog = RecoveryDialog(self._gate, self.folder, names, self, aside=self._aside)
            dialog.recovered.connect(self._on_recovered)
            dialog.open()

    def _on_recovered(self, login: str) -> None:
        self._login = login
        self._told.setText(_("{login} has a new password: sign in with it.").format(login=login))
        self._told.show()
        self.credentials.forget_failure()
        self._ask_names()

    def _on_unlocked(self, future: Future[Any]) -> None:
        if failure := failure_of(future):
            self.credentials.say_failure(failure, wait_of(future))
            return
        seat: SignedIn = future.result()
        if seat.clock_is_doubtful:
            self._seat = seat
            self._ask_second_person(seat)
        else:
            self._aside.ask(partial(self._gate.enter, seat), partial(self._on_entered, seat))

    def _ask_second_person(self, seat: SignedIn) -> None:
        self._doubt.setText(
            render(
                says(
                    N_(
                        "The clock of this workstation shows {now}; the last entry was made on {last}. Everything that"
                        " follows from dates waits until a second person has looked at the clock."
                    ),
                    now=seat.clock().replace(second=0, microsecond=0),
                    last=seat.last_entry.astimezone() if seat.last_entry else None,
                )
            )
        )
        own = seat.account.login
        names = [self.credentials.names.itemText(at) for at in range(self.credentials.names.count())]
        self.witness.offer([name for name in names if name != own])
        self._stack.setCurrentWidget(self._date)
        self.witness.password.setFocus()

    def _confirm(self, login: str, password: str) -> None:
        if self._seat is not None:
            self._aside.ask(partial(self._gate.confirm_date, self._seat, login, password), self._on_confirmed)

    def _on_confirmed(self, future: Future[Any]) -> None:
        if failure := failure_of(future):
            self.witness.say_failure(failure, wait_of(future))
        elif self._seat is not None:
            seat = self._seat
            self._aside.ask(partial(self._gate.enter, seat, future.result()), partial(self._on_entered, seat))

    def _on_entered(self, seat: SignedIn, future: Future[Any]) -> None:
        if failure := failure_of(future):
            seat.close()
            self._seat = None
            self._stack.setCurrentWidget(self._known)
            self.credentials.say_failure(failure)
            return
        self._seat = None
        came: Entered = future.result()
        self.credentials.set_busy(is_on=False)
        self.credentials.password.clear()
        self.entered.emit(came)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A register that was unlocked and not entered is closed again."""
        if self._seat is not None:
            self._seat.close()
            self._seat = None
        self._aside.close()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self._to_first()


def _shown(folder: Path) -> str:
    """A register by its folder's name, then where it is."""
    return f"{folder.name}  ({folder.parent})"


def _label(words: str, parent: QWidget) -> QLabel:
    label = QLabel(words, parent)
    theme.mark(label, dim=True)
    return label


def _call(do: Any, *_checked: object) -> None:
    do()
