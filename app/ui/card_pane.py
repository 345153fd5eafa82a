"""The place at the right of the frame where the card of one thing is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QToolButton, QVBoxLayout, QWidget

from app.i18n import _
from app.ui import theme

BuildCard = Callable[[], QWidget]


class CardPane(QFrame):
    """One card, scrolled to where it is longer than the window; out of sight without one."""

    put_away = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        away = QToolButton(self)
        away.setIcon(theme.icon("close"))
        away.setToolTip(_("Put the card away"))
        away.setAccessibleName(_("Put the card away"))
        away.clicked.connect(self.put_away)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(away, 0, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self._area)

    @property
    def card(self) -> QWidget | None:
        """What it shows."""
        return self._area.widget()

    def show_card(self, build: BuildCard | None) -> None:
        """Another card in place of this one, or none."""
        if (old := self.take_card()) is not None:
            old.deleteLater()
        if build is not None:
            self._area.setWidget(build())

    def take_card(self) -> QWidget | None:
        """Give the card out of hand, if there is one: whoever takes it deletes it."""
        return self._area.takeWidget()

    def fit(self, window_width: int, *, is_wanted: bool) -> None:
        """Narrower where the window is; it stands open for a card that is still being built."""
        self.setVisible(is_wanted)
        self.setFixedWidth(theme.size(350 if window_width >= theme.size(theme.NARROWEST_FOR_CARD) else 300))
