"""Garbage is collected on the window's own thread: a widget destroyed on another one takes the program down."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Collector(QObject):
    """Switches Python's own collector off, and does its work between two events of the window while it lives.

    It begins before the first window: whoever reads a file beside the sign-in makes garbage too.
    """

    EVERY = 50
    """Milliseconds; a collection of the youngest takes one or two of them."""
    MANY = 2_000
    """Young objects that are not left to grow while lanes are busy: of 100,000 a single walk takes 50 ms."""
    LONGEST = 60.0
    """Seconds that lanes may put off the older ones."""

    def __init__(self, parent: QObject, is_quiet: Callable[[], bool] = lambda: True) -> None:
        super().__init__(parent)
        self._is_quiet, self._last = is_quiet, time.monotonic()
        self._was_on = gc.isenabled()
        gc.disable()
        self.leave_out()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(self.EVERY)

    def leave_out(self) -> None:
        """Walk no more through what there is now: what was imported stays for ever."""
        gc.freeze()

    def sweep(self) -> None:
        """Let go at once of all that nobody reaches any more: what somebody saw does not outlast their leaving."""
        gc.collect()

    def stop(self) -> None:
        """Leave collecting to whoever had it before."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_on:
            gc.enable()

    def _collect(self) -> None:
        # An act on a hundred thousand carriers holds a million objects that go by themselves when it is done: of them
        # only the youngest are walked through meanwhile, each once.
        now = time.monotonic()
        if not self._is_quiet() and now - self._last < self.LONGEST:
            if gc.get_count()[0] > self.MANY:
                gc.collect(0)
            return
        self._last = now
        for generation, (count, limit) in reversed(
            tuple(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if count > limit:
                gc.collect(generation)
                return
