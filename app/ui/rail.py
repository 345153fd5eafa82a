"""The rail: every place a duty may use, by section, with what waits there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.i18n import CHINESE, _, current
from app.ui import theme
from app.ui.page import Page


class PlaceButton(QPushButton):
    """One place in the rail with its count."""

    def __init__(self, page: Page, parent: QWidget | None = None) -> None:
        super().__init__(_(page.title), parent)
        self.code = page.code
        self._icon = page.icon
        self.setCheckable(True)
        self.setIconSize(theme.icon_size())
        theme.mark(self, place=True)
        self._badge = QLabel(self)
        self._badge.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.addStretch(1)
        layout.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        self.toggled.connect(lambda here: self._on_toggled(here=here))
        self._on_toggled(here=False)

    def show_count(self, count: int) -> None:
        """Show how many things wait there; nothing for none."""
        self._badge.setText(f"{count:,}")
        self._badge.setVisible(count > 0)
        self.setAccessibleName(f"{self.text()}, {count}" if count else self.text())

    def _on_toggled(self, *, here: bool) -> None:
        self.setIcon(theme.icon(self._icon, theme.current().accent if here else None))
        theme.mark(self._badge, badge=True, here=here)


class Rail(QFrame):
    """Sections in the order in which the pages come."""

    chosen = Signal(str)

    def __init__(self, pages: Sequence[Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self._buttons: dict[str, PlaceButton] = {}
        self._group = QButtonGroup(self)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(10, 8, 8, 10)
        column.setSpacing(0)
        section = ""
        for page in pages:
            if page.section != section:
                section = page.section
                column.addWidget(section_title(_(section)))
            column.addWidget(self._button(page))
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        widest = max((button.sizeHint().width() for button in self._buttons.values()), default=0)
        self.setFixedWidth(max(theme.size(186), widest + theme.size(58)))

    def _button(self, page: Page) -> PlaceButton:
        button = PlaceButton(page, self)
        button.clicked.connect(lambda: self.chosen.emit(page.code))
        self._group.addButton(button)
        self._buttons[page.code] = button
        return button

    def show_here(self, code: str) -> None:
        """Mark where we are."""
        if code in self._buttons:
            self._buttons[code].setChecked(True)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show what waits in each place."""
        for code, button in self._buttons.items():
            button.show_count(counts.get(code, 0))


def section_title(words: str) -> QLabel:
    """A quiet heading above a group; Latin in capitals, Chinese as it is."""
    label = QLabel(words if current() == CHINESE else words.upper())
    theme.mark(label, section=True)
    label.setContentsMargins(theme.size(8), theme.size(6), 0, theme.size(1))
    return label
