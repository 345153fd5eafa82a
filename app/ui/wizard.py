"""The first start: a new register, from its unit to the printed recovery sheet."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.words import Says
from app.i18n import _, render
from app.services.accounts import Clock
from app.services.founding import Founded, Founder, Plan, PlanRefused, found, reasons_against
from app.services.shipped import read_shipped
from app.store.failures import StoreUnavailable
from app.ui import theme
from app.ui.aside import Aside
from app.ui.paper import Paper, Printing
from app.ui.preview import Preview
from app.ui.wizard_people import PeopleStep
from app.ui.wizard_steps import NumberingStep, PlacesStep, RegimeStep, Step, UnitStep, note


class RecoveryStep(Step):
    """The key that is shown once: on paper, or in nobody's hands."""

    paper_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(
            _("Recovery sheet"),
            _("Whoever has this sheet can open the register without a password. It is shown only now. Print it,"
              " seal it, lock it away in another safe than the register."),
        )  # fmt: skip
        self._key = QLabel(self)
        self._key.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._key.setWordWrap(True)
        theme.mark(self._key, large=True)
        self.print = QPushButton(_("Print or save the sheet…"), self)
        theme.mark(self.print, primary=True)
        self.print.clicked.connect(self.paper_wanted)
        self._is_kept = QCheckBox(_("The sheet is on paper and locked away; no file of it is left."), self)
        self._is_kept.toggled.connect(self.changed)
        self.column.addWidget(self._key)
        self.column.addWidget(self.print, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addSpacing(12)
        self.column.addWidget(self._is_kept)
        self.column.addStretch(1)

    def show_key(self, key: str) -> None:
        """Show the key for the only time."""
        self._key.setText(key.replace("-", " - "))

    @property
    def is_kept(self) -> bool:
        """Whether the person said that the sheet is safe."""
        return self._is_kept.isChecked()


class NewRegister(QDialog):
    """Asks step by step, begins the register beside the window, and ends with the recovery sheet."""

    founded = Signal(object)
    """The folder of the new register."""

    def __init__(
        self, clock: Clock, parent: QWidget | None = None, *, aside: Aside | None = None, **cost: Any
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(_("New register"))
        self._clock, self._cost = clock, cost
        self._aside = aside or Aside(self)
        self._founded: Founded | None = None
        self.unit, self.regimes, self.numbering = UnitStep(), RegimeStep(), NumberingStep()
        self.places, self.people, self.recovery = PlacesStep(), PeopleStep(self._judge), RecoveryStep()
        self.steps: tuple[Step, ...] = (
            self.unit, self.regimes, self.numbering, self.places, self.people, self.recovery
        )  # fmt: skip
        self._lay_out()
        for step in self.steps:
            step.changed.connect(self._show_state)
        self.recovery.paper_wanted.connect(self._draw_sheet)
        self._aside.ask(read_shipped, self._on_shipped)
        self._go(0)

    def _lay_out(self) -> None:
        self._stack = QStackedWidget(self)
        for step in self.steps:
            self._stack.addWidget(step)
        self._names = [QLabel(f"{at}  {step.title}", self) for at, step in enumerate(self.steps, 1)]
        names = QVBoxLayout()
        names.setSpacing(10)
        for name in self._names:
            names.addWidget(name)
        names.addStretch(1)
        body = QHBoxLayout()
        body.setSpacing(28)
        body.addLayout(names)
        body.addWidget(self._stack, 1)
        self._wrong = note("")
        theme.mark(self._wrong, kind="warn")
        self._progress = QProgressBar(self)
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.hide()
        self._back, self._next = QPushButton(_("Back"), self), QPushButton(self)
        self._cancel = QPushButton(_("Cancel"), self)
        theme.mark(self._next, primary=True)
        buttons = QHBoxLayout()
        buttons.addWidget(self._wrong, 1)
        for button in (self._cancel, self._back, self._next):
            buttons.addWidget(button)
        self._next.setDefault(True)  # else Enter after the name of the unit chooses a folder
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(body, 1)
        layout.addWidget(self._progress)
        layout.addLayout(buttons)
        theme.fit(self, theme.size(900), theme.size(650))
        self._back.clicked.connect(lambda: self._go(self._here - 1))
        self._next.clicked.connect(self._on_next)
        self._cancel.clicked.connect(self.reject)

    # --- going through ------------------------------------------------------------------------------------------

    @property
    def _here(self) -> int:
        return self._stack.currentIndex()

    def _go(self, at: int) -> None:
        step = self.steps[at]
        if step is self.numbering:
            self.numbering.show_regimes(self.regimes.chosen, self.unit.unit.text())
        if step is self.places:
            self.places.show_regimes(self.regimes.chosen)
        self._stack.setCurrentIndex(at)
        self._show_state()
        # Its first question; what was pressed may be out of reach now, and the focus would fall on Cancel.
        asked = next((field for field in step.findChildren(QWidget) if _is_asked(field)), self._next)
        first = step.print if isinstance(step, RecoveryStep) else asked
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_state(self) -> None:
        here = self._here
        for at, name in enumerate(self._names):
            theme.mark(name, strong=at == here, dim=at != here)
        wrong = self.steps[here].wrong()
        is_last, begins = here == len(self.steps) - 1, here == len(self.steps) - 2
        self._wrong.setText(render(wrong[0]) if wrong else "")
        self._next.setText(_("Finish") if is_last else _("Begin the register") if begins else _("Next"))
        self._next.setEnabled(not wrong and (not is_last or self.recovery.is_kept))
        self._back.setVisible(here > 0 and not is_last)
        self._cancel.setVisible(not is_last)

    def _on_next(self) -> None:
        if self.steps[self._here] is self.recovery:
            self.accept()
            if self._founded is not None:
                self.founded.emit(self._founded.folder)
        elif self.steps[self._here] is self.people:
            self._begin()
        else:
            self._go(self._here + 1)

    # --- doing it -----------------------------------------------------------------------------------------------

    @property
    def plan(self) -> Plan:
        """What was asked, as set-up takes it."""
        return self._plan_for(self.people.founders)

    def _plan_for(self, people: Sequence[Founder]) -> Plan:
        return Plan(
            unit=self.unit.unit.text().strip(),
            regimes=tuple(regime.code for regime in self.regimes.chosen),
            people=tuple(people),
            number=self.unit.number.value(),
            language=str(self.unit.language.currentData()),
            numbering=self.numbering.templates,
            places=self.places.places,
            unit_code=self.numbering.code.text().strip(),
        )

    def _judge(self, people: Sequence[Founder]) -> Sequence[Says]:
        return reasons_against(self._plan_for(people))

    def _begin(self) -> None:
        self._set_busy(is_on=True)
        folder = Path(self.unit.folder.text().strip())
        self._aside.ask(partial(found, folder, self.plan, self._clock, **self._cost), self._on_founded)

    def _on_founded(self, future: Future[Any]) -> None:
        self._set_busy(is_on=False)
        try:
            self._founded = future.result()
        except PlanRefused as refused:
            self._wrong.setText(" ".join(render(reason) for reason in refused.reasons))
            return
        except StoreUnavailable as error:
            self._wrong.setText(f"{render(error.cause)} {render(error.remedy)}")
            return
        self.recovery.show_key(future.result().recovery)
        self._go(len(self.steps) - 1)

    def _set_busy(self, *, is_on: bool) -> None:
        self._progress.setVisible(is_on)
        for widget in (self._stack, self._back, self._next, self._cancel):
            widget.setEnabled(not is_on)

    def _draw_sheet(self) -> None:
        if self._founded is not None:
            self._aside.ask(partial(_sheet, self.plan, self._founded, self._clock), self._on_sheet)

    def _on_sheet(self, future: Future[Any]) -> None:
        pdf, printers = future.result()
        paper = Paper(pdf, _("Recovery sheet"), "recovery-sheet.pdf")
        preview = Preview(paper, Printing(printers=lambda: printers), self)
        preview.finished.connect(preview.deleteLater)
        preview.open()

    def _on_shipped(self, future: Future[Any]) -> None:
        self.regimes.offer(future.result())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, pressed to close a list or by habit, throws nothing away that was entered."""
        if event.key() == Qt.Key.Key_Escape and self._here > 0:
            is_last = self.steps[self._here] is self.recovery  # where there is nothing to cancel any more
            self._wrong.setText("" if is_last else _("Escape throws nothing away: Cancel does."))
            return
        super().keyPressEvent(event)

    def reject(self) -> None:
        """The recovery sheet is not passed by; before it nothing has been made."""
        if self._founded is None and self._cancel.isEnabled():
            super().reject()


def _is_asked(field: QWidget) -> bool:
    return isinstance(field, QLineEdit | QCheckBox) and field.isVisibleTo(field.window())


def _sheet(plan: Plan, founded: Founded, clock: Clock) -> tuple[bytes, tuple[str, ...]]:
    from app.services import cups, printing  # start-up: reportlab only for the sheet

    pdf = printing.recovery_sheet(
        unit=plan.unit, register=plan.number, recovery=founded.recovery, language=plan.language, today=clock().date()
    )
    return pdf, cups.printers()
