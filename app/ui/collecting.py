"""Garbage is collected on the window's own thread: a widget destroyed on another one takes the program down."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Collector(QObject):
    """Switches Python's own collector off, and does its work between two events of the window while it lives."""

    EVERY = 250
    """Milliseconds; a collection of the youngest takes less than one of them."""
    LONGEST = 60.0
    """Seconds that lanes may put it off."""

    def __init__(self, parent: QObject, is_quiet: Callable[[], bool] = lambda: True) -> None:
        super().__init__(parent)
        self._is_quiet, self._last = is_quiet, time.monotonic()
        gc.disable()
        gc.freeze()  # what was imported stays for ever: no collection need walk it
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(self.EVERY)

    def stop(self) -> None:
        """Hand collecting back to Python."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        # An act on a hundred thousand carriers holds a million objects that go by themselves when it is done: walked
        # through meanwhile, for nothing, they held the window for a tenth of a second.
        now = time.monotonic()
        if not self._is_quiet() and now - self._last < self.LONGEST:
            return
        self._last = now
        for generation, (count, limit) in reversed(
            tuple(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if count > limit:
                gc.collect(generation)
                return
