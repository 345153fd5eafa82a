"""Today."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.words import N_
from app.ui.workplace import Workplace


class TodayPage:
    """Today."""

    code = "today"
    section = N_("Desk")
    title = N_("Today")
    icon = "calendar-check-outline"
    duties: tuple[str, ...] = ()

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._widget: QWidget | None = None

    @property
    def widget(self) -> QWidget:
        if self._widget is None:
            self._widget = QWidget()
        return self._widget

    def reload(self) -> None:
        """Read again."""
