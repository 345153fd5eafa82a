"""A scroll area that keeps what has the focus in view; Qt's own follows Tab only."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from app.ui import theme

MARGIN = 40
"""So much above and below, that a field's label and what speaks against it are seen with it."""


class FollowingArea(QScrollArea):
    """Scrolls with the focus, wherever it comes from: Enter, a scan, a rule that was broken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        inner = self.widget()
        if now is not None and inner is not None and inner.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, theme.size(MARGIN))
