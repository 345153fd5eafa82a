"""The books that were taken over: each with its sum, its opening muster list, and the way to take it back."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.actions.imports import VOIDED, VoidImport
from app.domain.action import Ref, Subject
from app.domain.words import N_
from app.i18n import _
from app.store import reads
from app.store.reads import ImportLine
from app.ui import theme
from app.ui.rows import RIGHT, Column, Deliver, RowsModel
from app.ui.table import Table
from app.ui.telling import brief_moment
from app.ui.workplace import Workplace


class ImportsDialog(QDialog):
    """One line for each import, the newest first."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace.window)
        self._workplace = workplace
        self._chosen: ImportLine | None = None
        self.setWindowTitle(_("Books taken over"))
        title = QLabel(self.windowTitle(), self)
        theme.mark(title, heading=True)
        self.rows: RowsModel[ImportLine] = RowsModel(self._columns(), self._more, self)
        self.table: Table[ImportLine] = Table(self.rows, self, empty=N_("No book was taken over."))
        self.muster = QPushButton(_("Print the opening muster list"), self)
        self.void = QPushButton(_(VoidImport.label), self)
        close = QPushButton(_("Close"), self)
        row = QHBoxLayout()
        for button in (self.muster, self.void, close):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.insertStretch(2, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(self.table, 1)
        layout.addLayout(row)
        self.table.current.connect(self._on_line)
        self.rows.arrived.connect(self._on_arrived)
        self.muster.clicked.connect(self._print)
        self.void.clicked.connect(self._take_back)
        close.clicked.connect(self.reject)
        self.finished.connect(self.deleteLater)
        theme.fit(self, theme.size(860), theme.size(380))
        self._on_line(None)
        self.rows.reload()

    def _columns(self) -> tuple[Column[ImportLine], ...]:
        today = self._workplace.today()
        return (
            Column(N_("Book"), lambda line: line.name, width=190),
            Column(N_("Taken over"), lambda line: brief_moment(line.at, today), width=120),
            Column(N_("State"), lambda line: _("void") if line.state == VOIDED else "", width=60),
            Column(N_("Rows read"), lambda line: f"{line.read:,}", width=80, align=RIGHT),
            Column(N_("Registered"), lambda line: f"{line.registered:,}", width=84, align=RIGHT),
            Column(N_("Identical"), lambda line: f"{line.identical:,}", width=76, align=RIGHT),
            Column(N_("Differing"), lambda line: f"{line.differing:,}", width=76, align=RIGHT),
            Column(N_("Rejected"), lambda line: f"{line.rejected:,}", width=76, align=RIGHT),
        )

    def _more(self, _sort: str, _after: Any, deliver: Deliver[ImportLine]) -> None:
        place = self._workplace
        work = partial(place.desk.read, reads.imports)
        place.background.read(work, lambda lines: deliver(lines, None), key="imports", owner=self)

    def _on_arrived(self) -> None:
        self.table.selectRow(0)
        self._on_line(self.rows.lines[0] if self.rows.lines else None)  # said too where the row was chosen before

    def _on_line(self, line: ImportLine | None) -> None:
        self._chosen = line
        self.muster.setEnabled(line is not None)
        self.void.setEnabled(line is not None and line.state != VOIDED)

    def _print(self) -> None:
        if self._chosen is not None:
            self._workplace.preview("opening_muster", Ref(Subject.IMPORT, self._chosen.id))

    def _take_back(self) -> None:
        if self._chosen is not None:
            self._workplace.perform(
                VoidImport, [Ref(Subject.IMPORT, self._chosen.id)], header=self._chosen.name, parent=self,
                on_done=lambda _receipt: self.rows.reload(),
            )  # fmt: skip
