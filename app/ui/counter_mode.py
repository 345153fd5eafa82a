"""What the next scans at the counter mean: a command armed by its barcode, shown large, put away by itself."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from app.domain.words import N_
from app.i18n import _, ngettext
from app.ui import theme
from app.ui.counter_tables import BRINGS, COUNTED, TAKES
from app.ui.parts import link, plain

ARMED_FOR = 60
"""Seconds without a scan after which an armed command is put away: the next clerk must not inherit it."""
MODES: Mapping[str, tuple[str, str]] = {
    TAKES: (N_("LEND"), N_("Scan what the person takes.")),
    BRINGS: (N_("TAKE BACK"), N_("Scan what the person brings.")),
    COUNTED: (N_("COUNT"), N_("Scan what is there; nothing is changed.")),
}


class ModeBanner(QFrame):
    """Shows the armed command and counts down to its end."""

    def __init__(self, parent: QWidget | None = None, *, seconds: int = ARMED_FOR) -> None:
        super().__init__(parent)
        self.mode = ""
        self._seconds = self._left = seconds
        theme.mark(self, panel=True)
        self._words, self._how = QLabel(self), plain("", dim=True)
        theme.mark(self._words, large=True, strong=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        row.addWidget(self._words)
        row.addWidget(self._how, 1)
        row.addWidget(link(_("Put away"), self.disarm))
        self._tick = QTimer(self)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._on_tick)
        self.hide()

    def arm(self, mode: str) -> None:
        """From now on every scan means this, until it is finished or nothing was scanned for a while."""
        self.mode, self._left = mode, self._seconds
        self._words.setText(_(MODES[mode][0]))
        self._show_left()
        self.show()
        self._tick.start()

    def heard(self) -> None:
        """A scan came: the time begins anew."""
        self._left = self._seconds
        if self.mode:
            self._show_left()

    def disarm(self) -> None:
        """Scans mean again what fits the copy."""
        self.mode = ""
        self._tick.stop()
        self.hide()

    def _on_tick(self) -> None:
        self._left -= 1
        if self._left <= 0:
            self.disarm()
        else:
            self._show_left()

    def _show_left(self) -> None:
        words = ngettext("Put away in {n} second.", "Put away in {n} seconds.", self._left).format(n=self._left)
        self._how.setText(f"{_(MODES[self.mode][1])} {words}")
