"""Work away from the window: one lane that writes, one that reads; what comes back arrives in the GUI thread."""

from __future__ import annotations

import itertools
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from pathlib import Path
from queue import PriorityQueue
from typing import Any, Self, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from app.services.desk import Refused
from app.store.failures import StoreUnavailable

T = TypeVar("T")
SCHEDULED = Path("/proc/thread-self/schedstat")
"""What Linux tells of a thread: nanoseconds run, nanoseconds waited for a processor, turns."""
TURN = 0.0001
"""Seconds until a lane hands Python on to the window that asks for it. With Python's own 5 ms a page built beside a
busy lane waits that long many times over: 16 ms of work took up to two seconds."""
log = logging.getLogger(__name__)


class Priority(IntEnum):
    """Who goes first when several wait; a scan before everything."""

    SCAN = 0
    ACT = 1
    QUIET = 2
    LAST = 3
    """What ends a lane."""


def _nothing(_: Any) -> None:
    """What is done with an answer nobody asked for."""


@dataclass(order=True)
class _Job:
    """One piece of work on its way through a lane; equal priorities keep their order."""

    priority: int
    turn: int
    work: Callable[[], Any] | None = field(compare=False)
    on_done: Callable[[Any], None] = field(compare=False, default=_nothing)
    on_refused: Callable[[Any], None] | None = field(compare=False, default=None)
    on_failed: Callable[[Exception], None] = field(compare=False, default=_nothing)
    owner: QObject | None = field(compare=False, default=None)
    key: Hashable | None = field(compare=False, default=None)
    result: Any = field(compare=False, default=None)
    error: Exception | None = field(compare=False, default=None)

    @property
    def is_wanted(self) -> bool:
        """Whether the widget that asked is still there."""
        return self.owner is None or shiboken6.isValid(self.owner)


class Background(QObject):
    """Runs functions beside the window; results and failures come back on it, or die with their owner."""

    refused = Signal(object)
    """A refusal nobody took: Refused."""
    unavailable = Signal(object)
    """The environment failed: StoreUnavailable with cause and remedy."""
    fault = Signal(object)
    """We have a bug: the exception for the fault report."""
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turns = itertools.count()
        self._newest: dict[Hashable, int] = {}
        self._waiting = 0
        self._kept: deque[tuple[float, _Job]] = deque()
        self._turn_before = sys.getswitchinterval()
        sys.setswitchinterval(TURN)
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._writing: PriorityQueue[_Job] = PriorityQueue()
        self._reading: PriorityQueue[_Job] = PriorityQueue()
        self._threads = [
            threading.Thread(target=self._work, args=(lane,), name=name, daemon=True)
            for name, lane in (("writing", self._writing), ("reading", self._reading))
        ]
        for thread in self._threads:
            thread.start()

    def run(
        self,
        work: Callable[[], T],
        on_done: Callable[[T], None] = _nothing,
        on_refused: Callable[[Refused], None] | None = None,
        on_failed: Callable[[Exception], None] = _nothing,
        priority: Priority = Priority.ACT,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Do something that may write, in turn; `on_failed` only tidies up, the window shows the failure."""
        self._put(
            self._writing,
            _Job(priority, next(self._turns), work, on_done, on_refused, on_failed, owner or owner_of(on_done)),
        )

    def read(
        self,
        work: Callable[[], T],
        on_done: Callable[[T], None],
        *,
        key: Hashable | None = None,
        owner: QObject | None = None,
        priority: Priority = Priority.ACT,
        on_refused: Callable[[Refused], None] | None = None,
        on_failed: Callable[[Exception], None] = _nothing,
    ) -> None:
        """Read something; a later read with the same owner and key makes this one stale and its answer is dropped."""
        owner = owner or owner_of(on_done)
        job = _Job(priority, next(self._turns), work, on_done, on_refused, on_failed, owner)
        if key is not None:
            job.key = (id(owner), key)
            self._newest[job.key] = job.turn
        self._put(self._reading, job)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is waiting, running or on its way back."""
        return self._waiting == 0

    def close(self, seconds: float = 5.0) -> None:
        """Finish what is written, forget what is read."""
        for lane in (self._writing, self._reading):
            lane.put(_Job(Priority.LAST, next(self._turns), None))
        for thread in self._threads:
            thread.join(seconds)
        sys.setswitchinterval(self._turn_before)

    def _put(self, lane: PriorityQueue[_Job], job: _Job) -> None:
        self._waiting += 1
        lane.put(job)

    def _work(self, lane: PriorityQueue[_Job]) -> None:
        while (job := lane.get()).work is not None:
            if not self._is_stale(job):
                try:
                    job.result = job.work()
                except Exception as error:  # noqa: BLE001 - the one place that carries any failure across threads
                    job.error = error
            if not shiboken6.isValid(self):
                return
            self._arrived.emit(job)
            # While this thread waits it must not be the last to know a job: widgets hang on its callbacks.
            del job

    def _is_stale(self, job: _Job) -> bool:
        return job.key is not None and self._newest.get(job.key) != job.turn

    @Slot(object)
    def _deliver(self, job: _Job) -> None:
        self._waiting -= 1
        self._let_go_of_old_jobs(job)
        stale = self._is_stale(job)
        if job.key is not None and not stale:
            del self._newest[job.key]
        if isinstance(job.error, Refused):
            self._refuse(job, job.error, stale=stale)
        elif job.error is not None:
            self._report(job, job.error)
        elif job.is_wanted and not stale:
            job.on_done(job.result)

    def _let_go_of_old_jobs(self, job: _Job) -> None:
        """Keep a job a second longer than its thread may still hold it, so that it ends on this one."""
        now = time.monotonic()
        while self._kept and self._kept[0][0] < now - 1:
            self._kept.popleft()
        self._kept.append((now, job))

    def _refuse(self, job: _Job, error: Refused, *, stale: bool) -> None:
        if stale or not job.is_wanted:
            return
        if job.on_refused is None:
            self.refused.emit(error)
            job.on_failed(error)
        else:
            job.on_refused(error)

    def _report(self, job: _Job, error: Exception) -> None:
        # A failure is shown even when the widget that asked is gone: the act did not happen.
        if isinstance(error, StoreUnavailable):
            log.warning("store unavailable", exc_info=error)
            self.unavailable.emit(error)
        else:
            self.fault.emit(error)
        if job.is_wanted:
            job.on_failed(error)


class Stall:
    """Measures how long the window's event loop was ever blocked: `with Stall() as stall: …; stall.longest`.

    What the machine gave to other programs meanwhile is no block of ours, where the system tells it (Linux).
    """

    LIMIT = 50.0
    """Milliseconds a clerk does not notice."""
    TICK = 4

    def __init__(self) -> None:
        self.longest = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last = self._away = 0.0

    def __enter__(self) -> Self:
        self._last, self._away = time.monotonic(), _taken_away()
        self._timer.start(self.TICK)
        return self

    def __exit__(self, *_: object) -> None:
        self._tick()
        self._timer.stop()

    @property
    def is_noticed(self) -> bool:
        """Whether any block was longer than a clerk overlooks."""
        return self.longest > self.LIMIT

    def _tick(self) -> None:
        now, away = time.monotonic(), _taken_away()
        self.longest = max(self.longest, (now - self._last - (away - self._away)) * 1000 - self.TICK)
        self._last, self._away = now, away


def _taken_away() -> float:
    """Seconds for which this thread was ready to run, and other programs ran in its place."""
    try:
        return int(SCHEDULED.read_bytes().split()[1]) / 1e9
    except OSError:
        return 0.0


def is_there(callback: Callable[..., Any]) -> bool:
    """Whether the object a bound method belongs to is still there to be called."""
    owner = owner_of(callback)
    return owner is None or shiboken6.isValid(owner)


def owner_of(callback: Callable[..., Any]) -> QObject | None:
    """The object a bound method belongs to, some of its answers given or none: one for a closed page is for nobody."""
    while isinstance(callback, partial):
        callback = callback.func
    owner = getattr(callback, "__self__", None)
    return owner if isinstance(owner, QObject) else None
