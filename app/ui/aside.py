"""Work beside the sign-in window, before there is a register: unlocking takes a second of all the memory it may."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.domain.words import Says

Arrive = Callable[["Future[Any]"], None]


class Aside(QObject):
    """One thread; what it came to arrives in the GUI thread as a finished future: `result()` gives or raises it."""

    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "aside")
        self._waiting = 0
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way."""
        return self._waiting == 0

    def ask(self, work: Callable[[], Any], then: Arrive | None = None) -> None:
        """Do something beside the window; without `then` nobody waits for it."""
        self._waiting += 1
        self._thread.submit(work).add_done_callback(lambda future: self._tell((future, then)))

    def close(self) -> None:
        """Finish what is under way and begin nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _tell(self, answer: tuple[Future[Any], Arrive | None]) -> None:
        if shiboken6.isValid(self):
            self._arrived.emit(answer)

    @Slot(object)
    def _deliver(self, answer: tuple[Future[Any], Arrive | None]) -> None:
        future, then = answer
        self._waiting -= 1
        if future.cancelled():
            return
        if then is None:
            future.result()
        else:
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
