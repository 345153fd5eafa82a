"""Work beside the sign-in window, before there is a register: unlocking takes a second of all the memory it may."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.words import Says

Arrive = Callable[["Future[Any]"], None]


def _nobody(future: Future[Any]) -> None:
    """Nobody waits for it; a failure is a fault."""
    future.result()


class Aside(QObject):
    """One thread; what it came to arrives in the GUI thread as a finished future: `result()` gives or raises it."""

    _arrived = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "aside")
        self._turns = itertools.count()
        self._waiting: dict[int, Arrive] = {}
        """Kept here and not with the work: the thread must not be the last to know a widget."""
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._waiting

    def ask(self, work: Callable[[], Any], then: Arrive | None = None) -> None:
        """Do something beside the window; without `then` nobody waits for it."""
        turn = next(self._turns)
        self._waiting[turn] = then or _nobody
        self._thread.submit(work).add_done_callback(partial(self._tell, turn))

    def close(self) -> None:
        """Finish what is under way and begin nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _tell(self, turn: int, future: Future[Any]) -> None:
        if shiboken6.isValid(self):
            self._arrived.emit(turn, future)

    @Slot(int, object)
    def _deliver(self, turn: int, future: Future[Any]) -> None:
        then = self._waiting.pop(turn)
        if not future.cancelled():
            then(future)


def failure_of(future: Future[Any]) -> tuple[Says, ...]:
    """Cause and remedy of what the environment or the rules refused; anything else is a fault and is raised."""
    from app.services.desk import Refused  # start-up: the first answer comes after the window is there
    from app.store.failures import StoreUnavailable  # start-up: as above

    try:
        future.result()
    except StoreUnavailable as error:
        return (error.cause, error.remedy)
    except Refused as refused:
        first = refused.refusals[0]
        return (first.reason, first.remedy) if first.remedy else (first.reason,)
    return ()


def wait_of(future: Future[Any]) -> int:
    """Whole seconds during which no other try is looked at."""
    wait = getattr(future.exception(), "wait", None)
    return -(-int(wait.total_seconds() * 1000) // 1000) if wait else 0
