"""The composition root: settings, log, language, theme, the way in, the window, and what happens to a fault."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from app import i18n, log, settings
from app.domain.words import N_, says
from app.paths import resolved
from app.ui import qt_words, theme
from app.ui.collecting import Collector
from app.ui.gate import Entered, Gate
from app.ui.sign_in import SignInWindow

AFTER = 1_000
"""Milliseconds until the window of who left is gone, and the lanes know nothing of it any more."""
NO_DISPLAY = 3
MOST_RECENT = 8


def run_window(register: Path | None = None) -> int:
    """Open the desktop program; gives the exit code."""
    kept = settings.load()
    log.set_up()
    i18n.use(kept.language)
    if not has_display():
        sys.stderr.write(
            i18n.render(
                says(
                    N_(
                        "There is no display here, so no window can open. Start it on a desktop, or run `make tour`;"
                        " that does a whole life without one and writes every form as PDF."
                    )
                )
            )
            + "\n"
        )
        return NO_DISPLAY
    application = QApplication(sys.argv[:1])
    application.setApplicationName("custos")
    application.setApplicationDisplayName("Custos")
    qt_words.speak(kept.language)
    theme.use(kept.theme, kept.scale)
    program = Program(kept)
    program.begin(register)
    return application.exec()


def has_display() -> bool:
    """Whether a window can be opened here; Qt itself would end the program without a word for people."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if sys.platform != "linux" or platform not in ("", "xcb", "wayland"):
        return True
    if os.environ.get("WAYLAND_DISPLAY") and platform != "xcb":
        return True
    return bool(os.environ.get("DISPLAY")) and _x_answers()


def _x_answers() -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # not ours to judge: Qt says which library is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    has_error = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not has_error


def clock() -> datetime:
    """The workstation's clock, with its zone."""
    return datetime.now().astimezone()


class Program(QObject):
    """From the first window to the last: signs in, opens the session, and begins again for somebody else."""

    def __init__(self, kept: settings.Settings, gate: Gate | None = None) -> None:
        super().__init__()
        self.settings = kept
        self.gate = gate or Gate(clock)
        self.sign_in: SignInWindow | None = None
        self.session: Any = None
        self.collector = Collector(self, lambda: self.session is None or self.session.background.is_idle)
        self._has_been_entered = False
        self._told: set[str] = set()
        sys.excepthook = self.on_uncaught
        threading.excepthook = self._on_uncaught_in_thread

    def begin(self, register: Path | None = None) -> None:
        """Show the first window."""
        known = [Path(path) for path in self.settings.recent_registers]
        if self.settings.last_register:
            known.insert(0, Path(self.settings.last_register))
        chosen = [resolved(register)] if register else []
        folders = list(dict.fromkeys([*chosen, *(path for path in known if path.is_dir())]))
        window = SignInWindow(self.gate, folders)
        window.entered.connect(self._on_entered)
        window.new_wanted.connect(self._on_new)
        window.sample_wanted.connect(self._on_sample)
        window.language_chosen.connect(lambda language: self.keep(replace(self.settings, language=language)))
        self.sign_in = window
        window.show()
        QTimer.singleShot(0, window, window.warm_up)

    def keep(self, kept: settings.Settings) -> None:
        """Remember the settings."""
        self.settings = kept
        settings.save(kept)

    def _on_entered(self, came: Entered) -> None:
        from app.ui.session import Session  # start-up: after the first window

        if not self._has_been_entered:
            self.collector.leave_out()
        self._has_been_entered = True
        folder = str(came.seat.folder)
        recent = tuple(dict.fromkeys([folder, *self.settings.recent_registers]))[:MOST_RECENT]
        self.keep(replace(self.settings, last_register=folder, recent_registers=recent))
        self.session = Session(came, self.settings, self.keep, self._jobs_of(came), self.on_fault)
        self.session.ended.connect(self._on_ended)
        # Built now, shown in the next turn: keys and the clock are heard in between.
        QTimer.singleShot(0, self, self._show_session)

    def _show_session(self) -> None:
        self.session.show()
        if self.sign_in is not None:
            self.sign_in.close()
            self.sign_in.deleteLater()
            self.sign_in = None

    def _on_ended(self, is_for_another: bool) -> None:  # noqa: FBT001 - a signal's argument
        self.settings = self.session.place.settings
        self.session.window.deleteLater()
        self.session.deleteLater()
        self.session = None
        QTimer.singleShot(AFTER, self, self.collector.sweep)
        if is_for_another:
            self.begin()

    def _on_new(self) -> None:
        from app.ui.wizard import NewRegister  # start-up: only a first start needs it

        wizard = NewRegister(self.gate.clock, self.sign_in)
        wizard.founded.connect(self._on_founded)
        wizard.open()

    def _on_sample(self) -> None:
        from app.ui.sample_dialog import SampleDialog  # start-up: only a first start needs it

        dialog = SampleDialog(self._make_sample, self.sign_in)
        dialog.made.connect(self._on_founded)
        dialog.open()

    def _on_founded(self, folder: Path) -> None:
        if self.sign_in is not None:
            self.sign_in.show_register(folder)

    def _make_sample(self, folder: Path) -> list[tuple[str, str, str]]:
        """Make the sample in a process of its own; gives account, password and person of everybody who can sign in."""
        from app.sample import sample_accounts  # start-up: only who wants the sample
        from app.ui.long_work import WorkRefused  # start-up: as above

        command = [sys.executable, "-m", "app", "demo", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
        if done.returncode:
            raise WorkRefused(done.stderr.strip())
        return [(account.login, account.password, account.who) for account in sample_accounts()]

    def _jobs_of(self, came: Entered) -> Callable[..., dict[str, Any]]:
        """Long work for this seat: the key goes to the child over a pipe."""
        from app import jobs  # start-up: after the first window
        from app.ui.long_work import WorkRefused  # start-up: as above

        seat = came.seat

        def run(
            job: str,
            answers: Mapping[str, Any],
            progress: Callable[[int, int], None],
            cancelled: Callable[[], bool],
        ) -> dict[str, Any]:
            order = jobs.Order(job, seat.folder, seat.opened.key, seat.account.person.id, i18n.current(), answers)
            try:
                return jobs.run_in_child(order, progress, cancelled)
            except jobs.JobRefused as refused:
                raise WorkRefused(f"{refused.cause} {refused.remedy}".strip()) from refused

        return run

    # --- faults -------------------------------------------------------------------------------------------------

    def on_fault(self, error: BaseException) -> None:
        """We have a bug: a number, and a text that may leave the room; the same place once."""
        from app.ui.fault import FaultDialog, fault_of  # start-up: hopefully never

        fault = fault_of(error)
        place = fault.text.partition("\n")[2]
        if place in self._told:
            return
        self._told.add(place)
        window = self.session.window if self.session is not None else self.sign_in
        dialog = FaultDialog(fault, window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def on_uncaught(self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        """What nobody caught in the window's own thread."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
        else:
            self.on_fault(error)

    def _on_uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            QTimer.singleShot(0, self, lambda error=args.exc_value: self.on_fault(error))
