"""The rule behind a reason: where it is written, in which regime, and whether somebody has compared the wording."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.action import Refusal
from app.domain.regime import Regime
from app.domain.words import N_, Says, Term, says
from app.i18n import _, render
from app.ui import theme


class RuleDialog(QDialog):
    """One reason in full: what it says, where it is written, what would lift it."""

    def __init__(self, refusal: Refusal, regimes: Sequence[Regime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("The rule"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(10)
        reason = self._add(layout, render(refusal.reason))
        theme.mark(reason, strong=True)
        if refusal.citation:
            self._add(layout, _("Written in: {citation}").format(citation=refusal.citation))
            checked = _("The wording was compared with the source.")
            unsure = _("The wording was not compared with the source: confirm it with your security authority.")
            theme.mark(
                self._add(layout, checked if refusal.verified else unsure), kind="" if refusal.verified else "warn"
            )
        if refusal.remedy is not None:
            self._add(layout, _("What would lift it: {remedy}").format(remedy=render(refusal.remedy)))
        named = says(N_("Regimes in force here: {names}"), names=tuple(map(_version, regimes)))
        theme.mark(self._add(layout, render(named)), dim=True)
        layout.addStretch(1)
        close = QPushButton(_("Close"), self)
        close.clicked.connect(self.accept)
        theme.mark(close, primary=True)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        layout.addLayout(row)
        self.setMinimumWidth(theme.size(460))

    def _add(self, layout: QVBoxLayout, words: str) -> QLabel:
        label = QLabel(words, self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(label)
        return label


def _version(regime: Regime) -> Says:
    name = Term(regime.name.zh, regime.name.en)
    return says(N_("{name} (version {version})"), name=name, version=regime.version)
