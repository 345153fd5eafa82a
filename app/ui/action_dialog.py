"""The one dialog for every act: what it is on, its questions, its lines, its signatures, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from app.domain.action import Action, Authority, Refusal
from app.i18n import _, ngettext, render
from app.services.desk import Receipt, Refused
from app.ui import theme
from app.ui.approval import application_for, only_approval_is_missing, worth_saying
from app.ui.bursts import ACCEPTS
from app.ui.following import scrolled, to_next_question
from app.ui.form import Form
from app.ui.lines_model import LinesModel, NamedLine
from app.ui.lines_table import LinesTable
from app.ui.reasons import Reasons
from app.ui.signing import PREFIX, Signatures
from app.ui.time_fields import MomentField
from app.ui.workstation import Start, Workstation

PAUSE = 250
"""Milliseconds without a change before the rules are asked again."""
MOST_REASONS, ON_A_LOW_SCREEN = 6, 2
"""More than these about the act itself nobody reads at once; on a screen too low for them the buttons stay in sight."""


class ActionDialog(QDialog):
    """Asks, shows every reason against, has it signed, does it: all or none."""

    performed = Signal(object)
    """The Receipt of the act, or of its application."""
    rule_wanted = Signal(object)
    """The refusal whose rule the clerk wants to read."""

    def __init__(
        self,
        workstation: Workstation,
        action: type[Action],
        lines: Sequence[NamedLine] = (),
        start: Start = Start(),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._action, self._workstation, self._start = action, workstation, start
        self._desk, self._background = workstation.desk, workstation.background
        self._refusals: tuple[Refusal, ...] = ()
        self._is_busy = self._is_signing = False
        self._stood: QWidget | None = None
        self.lines = LinesModel(action, lines, self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._judge)
        self.setWindowTitle(_(action.label).rstrip("…"))
        self.setProperty(ACCEPTS, "CPLSE")
        self._lay_out()
        self._wire()
        self._offered, self._has_escaped = self.form.answers(), False
        self._began_with = self.lines.lines
        # Where nothing is asked the first signature is what comes next.
        self._begins_signed = not (self.form.asked or self.lines.each or start.beside or start.take_line)
        self._judge()
        if self.form.asked:
            self.form.start()
        else:
            self._lines_table.start()

    # --- what it looks like -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._about = QLabel(self)
        self._about.setWordWrap(True)
        self._about.setTextFormat(Qt.TextFormat.PlainText)
        self._about.setText(render(self._start.header))
        self._about.setVisible(bool(self._start.header))
        theme.mark(self._about, dim=True)
        title = QLabel(self.windowTitle(), self)
        theme.mark(title, heading=True)
        self._reasons = Reasons(self)
        area, column = scrolled(self)
        inner = area.widget()
        start = self._start
        self.form = Form(
            self._action, self._workstation.sources, self._workstation.today, initial=start.initial, known=start.known,
            parent=inner,
        )  # fmt: skip
        column.setSpacing(12)
        column.addWidget(self.form)
        if self._start.beside is not None:
            column.addWidget(self._start.beside)
        column.addWidget(self._count())
        column.addWidget(self._table(), 1)
        self._earlier = QCheckBox(_("It happened earlier than now"), inner)
        self._happened = MomentField(self._workstation.today)
        self._happened.hide()
        # A key slot changes now or never.
        self._earlier.setVisible(self._start.beside is None)
        self.signatures = Signatures(
            self._background, self._workstation.second_person, self._workstation.sources, self._what_is_signed, inner
        )
        column.addWidget(self._earlier)
        column.addWidget(self._happened)
        column.addWidget(self.signatures)
        column.addStretch(0)
        line = QFrame(self)
        theme.mark(line, hairline=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 8, 16)
        layout.setSpacing(8)
        for widget in (title, self._about):
            layout.addWidget(widget)
        layout.addWidget(area, 1)
        layout.addWidget(line)
        layout.addWidget(self._reasons)
        layout.addLayout(self._buttons())
        wide = theme.size(680)
        if not self._lines_table.isHidden():  # whatever is asked of each line is seen with what speaks against it
            wide = max(wide, self._lines_table.wanted_width + theme.size(60))
        theme.fit(self, wide, min(theme.size(620), area.sizeHint().height() + theme.size(210)))

    def _count(self) -> QWidget:
        self._counted = QLabel(self)
        theme.mark(self._counted, section=True)
        self._show_count()
        return self._counted

    def _table(self) -> QWidget:
        self._lines_table = LinesTable(self.lines, self._workstation.sources, self._workstation.today, self)
        # A slip or an envelope is named above; a table of one nameless line would say nothing.
        speaks = bool(self.lines.each) or any(named.words for named in self.lines.named)
        self._lines_table.setVisible(self._start.take_line is not None or (bool(self.lines.named) and speaks))
        return self._lines_table

    def _buttons(self) -> QHBoxLayout:
        self._cancel = QPushButton(_("Cancel"), self)
        self._confirm = QPushButton(self)
        theme.mark(self._confirm, primary=True)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 12, 0)
        row.setSpacing(8)
        self._keys = QLabel(_("Enter goes on to the next field, Ctrl+Enter confirms."), self)
        theme.mark(self._keys, secondary=True)
        row.addWidget(self._keys)
        row.addStretch(1)
        for button in (self._cancel, self._confirm):
            button.setAutoDefault(False)  # Enter, and so a scanner, never confirms
            button.setDefault(False)
            row.addWidget(button)
        return row

    def _wire(self) -> None:
        for changed in (self.form.changed, self.lines.answered, self._happened.changed, self._earlier.toggled):
            changed.connect(self._on_changed)
        if self._start.beside is not None:
            self._start.beside.changed.connect(self._show_button)
        self.form.rule_wanted.connect(self.rule_wanted)
        self._reasons.rule_wanted.connect(self.rule_wanted)
        self.lines.answered.connect(self._show_count)
        self._earlier.toggled.connect(self._happened.setVisible)
        self.signatures.signed.connect(self._on_signed)
        self.signatures.grew.connect(partial(theme.grow, self))
        self._cancel.clicked.connect(self.reject)
        self._confirm.clicked.connect(self._perform)

    # --- what stands against it ---------------------------------------------------------------------------------

    @property
    def authority(self) -> Authority:
        """The slip, the signatures so far, and when it happened."""
        return replace(
            self._start.authority,
            signatures=(*self._start.authority.signatures, *self.signatures.given),
            happened=self._when,
        )

    @property
    def _when(self) -> datetime | None:
        return self._happened.answer() if self._earlier.isChecked() else self._start.authority.happened

    def _what_is_signed(self) -> object:
        return self.form.answers(), self.lines.lines, self._when

    def offer(self, answers: Mapping[str, Any]) -> None:
        """Put the proposed answers where nothing was answered yet; what was not typed Escape may throw away."""
        is_touched = self.form.answers() != self._offered
        self.form.offer(answers)
        if not is_touched:
            self._offered = self.form.answers()

    def answered(self) -> Action:
        """The act as it is answered now."""
        return self._action(**self.form.answers())

    def _on_changed(self) -> None:
        self._is_signing = self._begins_signed = False  # somebody types: the focus is theirs
        self._warn_of_escape(is_on=False)  # whoever goes on wants the answers; the next Escape is a first one
        self._pause.start()
        self._show_button()

    def _judge(self) -> None:
        """Ask the rules again, once every question is answered."""
        self._show_button()
        if not self._is_complete:  # what was said was about other answers
            self._reasons.show_refusals(self.form.show_refusals(()))
        elif not self._is_busy:
            self._background.read(
                partial(self._desk.refusals, self.answered(), self.lines.lines, self.authority),
                self._on_judged,
                key="refusals",
            )

    @property
    def _is_complete(self) -> bool:
        has_time = not self._earlier.isChecked() or self._happened.answer() is not None
        return self.form.is_complete and has_time

    def _on_judged(self, refusals: Sequence[Refusal]) -> None:
        self._refusals = tuple(refusals)
        signatures = [refusal for refusal in refusals if refusal.rule.startswith(PREFIX)]
        rest = self.form.show_refusals([refusal for refusal in worth_saying(refusals) if refusal not in signatures])
        # A single line needs no table to be found in: below, its reason has its link.
        is_one = len(self.lines.named) <= 1
        beside = self.lines.show_refusals(() if is_one else rest)
        about_act = rest if is_one else beside
        self._reasons.show_refusals(about_act[: ON_A_LOW_SCREEN if theme.is_low(self) else MOST_REASONS])
        self.signatures.ask_for([] if only_approval_is_missing(refusals) else signatures)
        self._show_button()
        begins, self._begins_signed = self._begins_signed, False
        if self._is_signing:
            self._is_signing = False
            if not self.signatures.start():
                self._confirm.setFocus()
        elif begins and signatures and len(signatures) == len(refusals):
            self.signatures.start()

    def _on_signed(self) -> None:
        """Whoever signed is done: the next signature has the focus, never a field that shows what is typed."""
        self.setFocus()
        self._is_signing = True
        self._judge()

    def _show_button(self) -> None:
        applies = only_approval_is_missing(self._refusals) and self._is_complete
        label = _("Submit for approval") if applies else _(self._action.label).rstrip("…")
        self._confirm.setText(_("Writing…") if self._is_busy else label)
        signed = not any(refusal.rule.startswith(PREFIX) for refusal in self._refusals)
        beside = self._start.beside is None or self._start.beside.is_complete
        self._confirm.setEnabled(self._is_complete and beside and not self._is_busy and (applies or signed))
        self._confirm.setToolTip(_("Ctrl+Enter") if self._confirm.isEnabled() else _("Answer every question first."))

    def _show_count(self) -> None:
        count = self.lines.rowCount()
        self._counted.setText(ngettext("{n} line", "{n} lines", count).format(n=count))
        self._counted.setVisible(count > 1 or self._start.take_line is not None)

    # --- doing it -----------------------------------------------------------------------------------------------

    def _perform(self) -> None:
        if self._is_busy or not self._confirm.isEnabled():
            return
        action, lines = self.answered(), self.lines.lines
        if only_approval_is_missing(self._refusals):
            work = partial(self._desk.perform, application_for(action, lines))
        else:
            work = partial(self._desk.perform, action, lines, self.authority)
        self._set_busy(busy=True)
        self._background.run(work, self._on_receipt, self._on_refused, self._on_failed, owner=self)

    def _confirm_or_sign(self) -> None:
        if not self._confirm.isEnabled():
            answered = all(refusal.rule.startswith(PREFIX) for refusal in self._refusals)
            lines = self._lines_table
            if self.form.lead() or (not answered and lines.start_missing()) or self.signatures.start():
                return
        self._perform()

    def _on_receipt(self, receipt: Receipt) -> None:
        self._set_busy(busy=False)
        self.performed.emit(receipt)
        self.accept()

    def _on_refused(self, refused: Refused) -> None:
        self._set_busy(busy=False)
        # Confirmed before the rules had answered: on to the signature, as if they had.
        self._is_signing = all(refusal.rule.startswith(PREFIX) for refusal in refused.refusals)
        self._on_judged(refused.refusals)
        fields = {refusal.field for refusal in refused.refusals}
        if not self.form.lead(fields) and (of := {name for name, _each in self.lines.each if name in fields}):
            self._lines_table.start_missing(of)

    def _on_failed(self, _error: Exception) -> None:
        self._set_busy(busy=False)

    def _set_busy(self, *, busy: bool) -> None:
        self._is_busy = busy
        self._stood = QApplication.focusWidget() if busy else self._stood
        beside = () if self._start.beside is None else (self._start.beside,)
        for widget in (self.form, self._lines_table, self._cancel, *beside):
            widget.setEnabled(not busy)
        if not busy and self._stood is not None and isValid(self._stood):
            self._stood.setFocus()  # a form that is switched off gives the focus away
        self._show_button()

    def take_code(self, code: str) -> bool:
        """A scan answers the first empty field of its type, else it becomes a line."""
        if self.form.take_code(code):
            return True
        if self._start.take_line is None:
            return False
        self._start.take_line(code, self._on_line)
        return True

    def _on_line(self, named: NamedLine | None) -> None:
        if named is not None:
            self.lines.add(named)

    def reject(self) -> None:
        """An act that is being written cannot be called off."""
        if not self._is_busy:
            super().reject()

    def _go_on(self) -> None:
        to_next_question(self)
        if QApplication.focusWidget() is self._lines_table:
            self._lines_table.start()  # into the first cell that waits, not onto the name beside it

    @property
    def _would_lose(self) -> bool:
        """Whether anything was answered, scanned or signed since the dialog opened."""
        answered = self.form.answers() != self._offered or self.lines.lines != self._began_with
        return answered or bool(self.signatures.given) or self._earlier.isChecked()

    def _warn_of_escape(self, *, is_on: bool) -> None:
        if is_on != self._has_escaped:
            self._has_escaped = is_on
            warning = _("Nothing is recorded yet. Escape once more throws the answers away.")
            self._keys.setText(warning if is_on else _("Enter goes on to the next field, Ctrl+Enter confirms."))
            theme.mark(self._keys, secondary=not is_on, kind="warn" if is_on else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Enter confirms, or goes to the answer or signature that is missing; Enter goes on; F1 opens a rule."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._confirm_or_sign()
        elif enter:
            self._go_on()
        elif event.key() == Qt.Key.Key_F1 and self._refusals:
            self.rule_wanted.emit(self._refusals[0])
        elif event.key() == Qt.Key.Key_Escape and not self._has_escaped and self._would_lose:
            self._warn_of_escape(is_on=True)
        else:
            super().keyPressEvent(event)
