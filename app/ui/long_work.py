"""Long work in a process of its own, seen from the window: progress, an estimate, a stop, a result or a sentence."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
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


@dataclass(frozen=True)
class _Call:
    """Who is told of a job, and how it is asked to stop."""

    on_progress: Progress
    on_done: Callable[[Mapping[str, Any]], None]
    on_refused: Callable[[str], None]
    stop: threading.Event = field(default_factory=threading.Event)


class LongWork(QObject):
    """Starts jobs, one after the other, and brings back what they say."""

    fault = Signal(object)
    _moved = Signal(int, int, int)
    _ended = Signal(int, object)

    def __init__(self, run: RunJob, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._thread = ThreadPoolExecutor(1, "child")
        self._calls: dict[int, _Call] = {}
        """Kept here and not with the work: the thread must not be the last to know a widget."""
        self._turns = itertools.count()
        self._moved.connect(self._on_moved, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        job: str,
        answers: Mapping[str, Any],
        on_progress: Progress,
        on_done: Callable[[Mapping[str, Any]], None],
        on_refused: Callable[[str], None],
    ) -> Callable[[], None]:
        """Start a job; the function given back stops it, and what was finished stays."""
        turn, call = next(self._turns), _Call(on_progress, on_done, on_refused)
        self._calls[turn] = call
        work = self._thread.submit(self._run, job, answers, partial(self._tell_progress, turn), call.stop.is_set)
        work.add_done_callback(partial(self._tell_end, turn))
        return call.stop.set

    def close(self) -> None:
        """Stop everything."""
        for call in self._calls.values():
            call.stop.set()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _tell_progress(self, turn: int, done: int, total: int) -> None:
        if shiboken6.isValid(self):
            self._moved.emit(turn, done, total)

    def _tell_end(self, turn: int, future: Future[dict[str, Any]]) -> None:
        if shiboken6.isValid(self):
            self._ended.emit(turn, future)

    @Slot(int, int, int)
    def _on_moved(self, turn: int, done: int, total: int) -> None:
        self._calls[turn].on_progress(done, total)

    @Slot(int, object)
    def _on_ended(self, turn: int, future: Future[dict[str, Any]]) -> None:
        call = self._calls.pop(turn)
        if future.cancelled():
            return
        error = future.exception()
        if isinstance(error, WorkRefused):
            call.on_refused(error.words)
        elif error is not None:
            self.fault.emit(error)
            call.on_refused(_("It ended by a fault of the program."))
        else:
            call.on_done(future.result())


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
