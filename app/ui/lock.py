"""The lock: the same person's password lifts it; anybody else begins anew."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.i18n import _
from app.services.desk import Refused
from app.ui import theme
from app.ui.credentials import PasswordLine
from app.ui.reasons import Reasons
from app.ui.workplace import Workplace


class LockScreen(QWidget):
    """Says who is signed in, and nothing of the register."""

    unlocked = Signal()
    other_wanted = Signal()
    """Somebody else wants to sign in; what was half done is put away."""

    def __init__(self, workplace: Workplace, name: str) -> None:
        super().__init__()
        self._workplace = workplace
        panel = QFrame(self)
        theme.mark(panel, panel=True)
        panel.setFixedWidth(theme.size(400))
        title = QLabel(_("Locked"), panel)
        theme.mark(title, heading=True)
        who = QLabel(_("{name} is signed in; what is half done waits.").format(name=name), panel)
        who.setWordWrap(True)
        self.password = PasswordLine(panel)
        caps = QLabel(_("Caps lock is on."), panel)
        theme.mark(caps, kind="warn")
        caps.hide()
        self._reasons = Reasons(panel)
        self._progress = QProgressBar(panel)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.hide()
        self.button = QPushButton(_("Unlock"), panel)
        theme.mark(self.button, primary=True)
        other = QPushButton(_("Somebody else signs in: what is half done is put away"), panel)
        theme.mark(other, link=True)
        column = QVBoxLayout(panel)
        column.setContentsMargins(28, 22, 28, 22)
        column.setSpacing(8)
        for widget in (title, who, self.password, caps, self._reasons, self.button, self._progress):
            column.addWidget(widget)
        column.addWidget(other, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        # No alignment: it would take the panel's height before the words in it have wrapped.
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(panel)
        middle.addStretch(1)
        layout.addLayout(middle)
        layout.addStretch(2)
        self.setFocusProxy(self.password)
        self.password.caps_changed.connect(caps.setVisible)
        self.password.returnPressed.connect(self._try)
        self.button.clicked.connect(self._try)
        other.clicked.connect(self.other_wanted)

    def _try(self) -> None:
        password = self.password.text()
        if not password or not self.button.isEnabled():
            return
        self.password.clear()
        self._set_busy(is_on=True)
        work = partial(self._workplace.same_person, password)
        self._workplace.background.run(work, self._on_known, self._on_refused, self._on_failed, owner=self)

    def _on_known(self, _is_same: object) -> None:
        self._set_busy(is_on=False)
        self.unlocked.emit()

    def _on_refused(self, refused: Refused) -> None:
        self._set_busy(is_on=False)
        self._reasons.show_refusals(refused.refusals)
        self.password.setFocus()

    def _on_failed(self, _error: Exception) -> None:
        self._set_busy(is_on=False)

    def _set_busy(self, *, is_on: bool) -> None:
        self._progress.setVisible(is_on)
        self.button.setEnabled(not is_on)
        self.password.setEnabled(not is_on)
