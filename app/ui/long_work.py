"""Long work in a process of its own, seen from the window: progress, an estimate, a stop, a result or a sentence."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.i18n import _
from app.ui import theme

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
RunJob = Callable[[str, Mapping[str, Any], Progress, Cancelled], dict[str, Any]]
"""Runs a job in a child process and waits for it; raises `WorkRefused` with its sentences."""


class WorkRefused(Exception):
    """The child said no; its sentences are in the language of the window already."""

    def __init__(self, words: str) -> None:
        super().__init__("refused")
        self.words = words


class LongWork(QObject):
    """Starts jobs, one after the other, and brings back what they say."""

    fault = Signal(object)
    _said = Signal(object)

    def __init__(self, run: RunJob, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._thread = ThreadPoolExecutor(1, "child")
        self._stops: dict[int, threading.Event] = {}
        self._turns = itertools.count()
        self._said.connect(lambda call: call(), Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        job: str,
        answers: Mapping[str, Any],
        on_progress: Progress,
        on_done: Callable[[Mapping[str, Any]], None],
        on_refused: Callable[[str], None],
    ) -> Callable[[], None]:
        """Start a job; the function given back stops it, and what was finished stays."""
        stop, turn = threading.Event(), next(self._turns)
        self._stops[turn] = stop

        def progress(done: int, total: int) -> None:
            self._tell(lambda: on_progress(done, total))

        def ended(future: Future[dict[str, Any]]) -> None:
            self._tell(lambda: self._end(turn, future, on_done, on_refused))

        self._thread.submit(self._run, job, answers, progress, stop.is_set).add_done_callback(ended)
        return stop.set

    def close(self) -> None:
        """Stop everything."""
        for stop in self._stops.values():
            stop.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _tell(self, call: Callable[[], None]) -> None:
        if shiboken6.isValid(self):
            self._said.emit(call)

    @Slot()
    def _end(
        self,
        turn: int,
        future: Future[dict[str, Any]],
        on_done: Callable[[Mapping[str, Any]], None],
        on_refused: Callable[[str], None],
    ) -> None:
        self._stops.pop(turn, None)
        if future.cancelled():
            return
        error = future.exception()
        if isinstance(error, WorkRefused):
            on_refused(error.words)
        elif error is not None:
            self.fault.emit(error)
            on_refused(_("It ended by a fault of the program."))
        else:
            on_done(future.result())


class ProgressDialog(QDialog):
    """How far a job is, how long it still takes, and a way to stop it."""

    stopped = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._began = time.monotonic()
        self._words = QLabel(_("Beginning…"), self)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._stop = QPushButton(_("Stop"), self)
        self._stop.clicked.connect(self._on_stop)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(QLabel(title, self))
        layout.addWidget(self._words)
        layout.addWidget(self._bar)
        layout.addLayout(row)
        self.setMinimumWidth(theme.size(420))

    def show_progress(self, done: int, total: int) -> None:
        """Show how far it is."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        passed = time.monotonic() - self._began
        left = round(passed / done * (total - done)) if done else 0
        words = _("{done} of {total}, about {seconds} s to go")
        self._words.setText(words.format(done=f"{done:,}", total=f"{total:,}", seconds=f"{left:,}"))

    def reject(self) -> None:
        """Closing the window is asking to stop; it goes when the work has ended."""
        self._on_stop()

    def _on_stop(self) -> None:
        self._stop.setEnabled(False)
        self._words.setText(_("Stopping; what was finished stays."))
        self.stopped.emit()
