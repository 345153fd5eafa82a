"""Much to do in the window's own thread, a piece at a time: keys, scans and the clock are heard in between."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.ui.background import is_there

Step = Callable[[], object]


class Turns(QObject):
    """Does one step after the other, each in a turn of the event loop of its own."""

    done = Signal()
    """The last step was done."""

    def __init__(self, parent: QObject, pause: int = 0) -> None:
        super().__init__(parent)
        self._pause = pause  # milliseconds, for what the step before changed to be drawn
        self._steps: deque[Step] = deque()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._do_next)

    @property
    def is_busy(self) -> bool:
        """Whether there is something left to do."""
        return bool(self._steps)

    def follow(self, *steps: Step) -> None:
        """Do these after all that is left to do."""
        self._steps.extend(steps)
        if self._steps and not self._timer.isActive():
            self._timer.start(self._pause)

    def now_or_after(self, step: Step) -> None:
        """Do it at once; after all that is left to do, if there is any."""
        if self._steps:
            self.follow(step)
        else:
            step()

    def _do_next(self) -> None:
        step = self._steps[0]
        try:
            if is_there(step):  # what was to be done to a part that is gone is done
                step()
        finally:
            self._steps.popleft()
            if self._steps:
                self._timer.start(self._pause)
            else:
                self.done.emit()
