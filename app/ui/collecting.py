"""Garbage is collected on the window's own thread: a widget destroyed on another one takes the program down."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer


class Collector(QObject):
    """Switches Python's own collector off, and does its work between two events of the window while it lives."""

    EVERY = 250
    """Milliseconds; a collection of the youngest takes less than one of them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
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
        for generation, (count, limit) in reversed(
            tuple(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if count > limit:
                gc.collect(generation)
                return
