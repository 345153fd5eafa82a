"""What a clerk does first in a register that holds nothing yet."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QWidget

from app.actions import CATALOGUE
from app.domain.words import N_
from app.i18n import _
from app.ui import theme
from app.ui.commands import IMPORT, begin_import
from app.ui.workplace import Workplace

ORDER = (
    ("register_place", N_("The safes, cabinets and rooms where carriers are kept.")),
    ("register_person", N_("The people who will read, approve, carry and sign.")),
    ("begin_import", N_("The book you keep now, from Excel or CSV: every row is judged, nothing is guessed.")),
    ("sign_for_envelope", N_("What arrives from elsewhere.")),
    ("propose_classification", N_("What is made here.")),
)
"""Acts in the order in which a new register is filled, each with what it brings in."""


class FirstSteps(QFrame):
    """The ways in, each with its button; only what the person's duties allow."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.mark(self, panel=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 12, 14, 14)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        title = QLabel(_("The register is empty. This is how it is filled:"), self)
        grid.addWidget(title, 0, 0, 1, 2)
        self.buttons: dict[str, QPushButton] = {}
        for code, about in ORDER:
            # The act of that name only begins the entries of an import; the book is chosen and judged before it.
            action = None if code == "begin_import" else CATALOGUE[code]
            duties = set(action.duties) if action else {"registry_clerk"}
            if duties and not workplace.duties & duties:
                continue  # an act that no duty is named for is everybody's
            button = QPushButton(_(action.label if action else IMPORT), self)
            button.clicked.connect(partial(workplace.perform, action) if action else partial(begin_import, workplace))
            words = QLabel(_(about), self)
            words.setWordWrap(True)
            theme.mark(words, dim=True)
            grid.addWidget(button, grid.rowCount(), 0)
            grid.addWidget(words, grid.rowCount() - 1, 1)
            self.buttons[code] = button
