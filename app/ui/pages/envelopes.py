"""Incoming envelopes with their clocks: what was signed for and is not opened, what is open and not reconciled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.action import Ref
from app.domain.carrier import ENVELOPE_STATE_NAMES, EnvelopeState
from app.domain.words import N_, Says, says_n
from app.i18n import _, render
from app.store import reads
from app.store.reads import EnvelopeLine, SlipCard
from app.ui import theme
from app.ui.flow import FlowLayout
from app.ui.marks import level_strip
from app.ui.rail import section_title
from app.ui.rows import Column, RowsModel, Strip
from app.ui.slip_steps import Step, envelope_steps
from app.ui.table import Table
from app.ui.telling import brief_moment
from app.ui.workplace import Workplace

OPEN_STATES = (EnvelopeState.SIGNED_FOR, EnvelopeState.OPENED, EnvelopeState.DISCREPANCY)
PAGE = 100


class EnvelopesPane(QWidget):
    """The envelopes that still want something, and what is done with the chosen one."""

    def __init__(self, workplace: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._wanted: int | None = None
        self._chosen: EnvelopeLine | None = None
        self._stood = False
        """Whether the keyboard was on a step that is being shown anew."""
        self.rows: RowsModel[EnvelopeLine] = RowsModel(self._columns(), self._more, self)
        self.table: Table[EnvelopeLine] = Table(
            self.rows, self, empty=N_("No envelope waits. Sign for one when it comes.")
        )
        self.table.current.connect(self._on_line)
        self.table.opened.connect(self._on_opened)
        self.rows.arrived.connect(self._on_arrived)
        self._steps = QWidget(self)
        self._flow = FlowLayout(self._steps)
        heading = section_title(_("Envelopes"))
        heading.setContentsMargins(0, 0, 0, 0)
        row = QHBoxLayout()
        row.addWidget(self._steps, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(heading)
        layout.addWidget(self.table, 1)
        layout.addLayout(row)

    def reload(self) -> None:
        """Read the envelopes again; the chosen one stays chosen."""
        if self._chosen is not None:
            self._wanted = self._chosen.id
        self.rows.reload()

    def choose_next(self, envelope: int) -> None:
        """Choose one that the list, being read again, will have."""
        self._wanted, self._chosen = envelope, None

    def choose(self, envelope: int) -> None:
        """Choose one, as soon as it is read."""
        self._wanted = envelope
        self._on_arrived()

    # --- the list -----------------------------------------------------------------------------------------------

    def _more(self, _sort: str, after: Any, deliver: Callable[[Sequence[EnvelopeLine], Any], None]) -> None:
        states = tuple(str(state) for state in OPEN_STATES)
        work = partial(self._workplace.desk.read, reads.envelope_page, states, after, PAGE, kind="incoming")
        self._workplace.background.read(work, lambda page: deliver(page.lines, page.next), owner=self)

    def _columns(self) -> tuple[Column[EnvelopeLine], ...]:
        return (
            Column(
                N_("Clock"), lambda line: render(self.clock(line)[0]), width=172, kind=lambda line: self.clock(line)[1]
            ),
            Column(N_("Envelope"), lambda line: line.number, width=136),
            Column(N_("Sender"), lambda line: line.sender or "", width=136, grows=True),
            Column(N_("State"), lambda line: _(ENVELOPE_STATE_NAMES[line.state]), width=184),
            Column(
                N_("Level"),
                lambda line: strip.words if (strip := self._strip(line)) else "",
                width=96,
                paint=self._strip,
            ),
            Column(N_("Items"), lambda line: str(line.items or ""), width=56),
            Column(N_("Seal"), lambda line: line.seal or "", width=92),
            Column(N_("Signed for"), self._signed, width=196),
            Column(N_("Slip"), lambda line: line.slip_number or "", width=88),
        )

    def _strip(self, line: EnvelopeLine) -> Strip | None:
        return level_strip(line.level, self._workplace.regimes) if line.level else None

    def _signed(self, line: EnvelopeLine) -> str:
        if line.signed_at is None:
            return line.signed_by or ""
        return f"{brief_moment(line.signed_at, self._workplace.today())} · {line.signed_by or '—'}"

    def clock(self, line: EnvelopeLine) -> tuple[Says | str, str]:
        """How long an unopened envelope has lain, and whether that is too long; in words, not only in red."""
        if line.opened_at is not None or line.signed_at is None:
            return "", ""
        hours = reads.limits_of(self._workplace.regimes).unopened_hours
        left = line.signed_at + timedelta(hours=hours) - self._now()
        whole = int(abs(left).total_seconds() // 3600)
        if left < timedelta(0):
            return says_n("late by {n} hour", "late by {n} hours", whole), "bad"
        return says_n("{n} hour left to open it", "{n} hours left to open it", whole), "warn" if whole < 4 else ""

    def _now(self) -> datetime:
        return self._workplace.desk.now()

    # --- what is done -------------------------------------------------------------------------------------------

    def _on_arrived(self) -> None:
        lines = self.rows.lines
        row = next((at for at, line in enumerate(lines) if line.id == self._wanted), 0 if lines else None)
        if row is not None:
            self.table.selectRow(row)
            self._on_line(lines[row])
        else:
            self._on_line(None)

    def _on_line(self, line: EnvelopeLine | None) -> None:
        self._chosen = line
        if self._flow.clear():
            self._stood = True
            QTimer.singleShot(0, self, self._on_stood)
        if line is None:
            return
        for place, step in enumerate(envelope_steps(line.state, opened=line.opened_at is not None)):
            button = QPushButton(_(step.label), self._steps)
            theme.mark(button, primary=place == 0)
            button.clicked.connect(partial(self._on_step, step, line))
            self._flow.addWidget(button)
        if self._stood:  # the step that was done is gone, and the keyboard goes to the next
            self._flow.focus_first()

    def _on_stood(self) -> None:
        self._stood = False

    def _on_opened(self, line: EnvelopeLine | None) -> None:
        if line is not None and line.slip is not None:
            self._workplace.go_slip(line.slip)

    def _on_step(self, step: Step, line: EnvelopeLine, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's clicked
        header = f"{line.number} · {line.sender or '—'}"
        if step.do == "inside":
            work = partial(self._workplace.desk.read, reads.slip_card, line.slip or 0, viewer=self._workplace.viewer)
            self._workplace.background.read(work, partial(self._register, step, line, header), owner=self)
        else:
            self._workplace.perform(step.action, [Ref(line.ref.kind, line.id)], header=header)

    def _register(self, step: Step, line: EnvelopeLine, header: str, receipt: SlipCard | None) -> None:
        """What is in it is registered under the regime it was signed for."""
        known: dict[str, Any] = {"envelope": line.id}
        if step.action == "register_received" and receipt is not None and receipt.line.regime is not None:
            known["regime"] = receipt.line.regime
        self._workplace.perform(step.action, header=header, known=known)
