"""The counter itself: the person, their tables, and the list of what crosses it now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.actions import CATALOGUE
from app.domain.action import Kind, Subject
from app.domain.carrier import STATE_NAMES
from app.domain.words import N_, Says, says
from app.i18n import _, ngettext, render
from app.services.desk import Receipt
from app.services.drafts import keep_draft
from app.store import reads
from app.store.reads import CarrierLine, SlipLine
from app.store.reads.carrier_cards import Scanned
from app.ui import theme
from app.ui.background import Priority
from app.ui.beginning import named_by, takes_carriers
from app.ui.bursts import OUR_CODE
from app.ui.counter_mode import MODES, ModeBanner
from app.ui.counter_reading import DRAFT, Kept, Met, kept_counter, meet
from app.ui.counter_tables import (
    BRINGS,
    COUNTED,
    DOES,
    TAKES,
    Across,
    across_columns,
    held_columns,
    meant,
    slip_columns,
    told_person,
)
from app.ui.parts import link, plain
from app.ui.pickers import PickField
from app.ui.rail import section_title
from app.ui.rows import RowsModel
from app.ui.scan import Outcome
from app.ui.table import Table
from app.ui.workplace import Workplace


class CounterDesk(QWidget):
    """One person in front of you; each scan goes onto the list of what they bring or take."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace.window.ground)
        self._workplace = workplace
        self.met: Met | None = None
        self._last: Receipt | None = None
        self._restoring: dict[str, Any] = {}
        self._is_restoring = False
        self._comes_next: int | None = None
        self.held: RowsModel[CarrierLine] = RowsModel(held_columns(workplace), None, self)
        self.slips: RowsModel[SlipLine] = RowsModel(slip_columns(workplace), None, self)
        self.across: RowsModel[Across] = RowsModel(across_columns(workplace), None, self)
        self._lay_out()
        workplace.listeners.append(self._on_act)
        self.destroyed.connect(partial(workplace.listeners.remove, self._on_act))
        self._show_list()

    # --- what it looks like -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        title = QLabel(_("Counter"), self)
        theme.mark(title, heading=True)
        self.person = PickField(Kind.PERSON, self._workplace.sources)
        self.person.setAccessibleName(_("Person in front of you"))
        self.person.search.setPlaceholderText(_("Scan a badge, or type a name or number"))
        self.person.changed.connect(self._on_person)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title)
        head.addWidget(self.person, 1)
        head.addWidget(link(_("Next person"), self.clear))
        self.armed = ModeBanner(self)
        self._about = plain("")
        self.held_table: Table[CarrierLine] = Table(self.held, self, empty=N_("Nothing is in their hands."))
        self.slips_table: Table[SlipLine] = Table(self.slips, self, empty=N_("Nothing waits for them."))
        self.across_table: Table[Across] = Table(
            self.across, self, empty=N_("Scan what the person brings or takes.\nOr: what they hold, by double click.")
        )
        self.held_table.opened.connect(lambda line: self._put(line) if line is not None else None)
        self.held_table.current.connect(self._on_carrier)
        self.slips_table.opened.connect(lambda line: self._workplace.go_slip(line.id) if line is not None else None)
        self.across_table.current.connect(lambda each: self._on_carrier(each.line if each is not None else None))
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self._about)
        left.addWidget(section(_("In their hands")))
        left.addWidget(self.held_table, 3)
        left.addWidget(section(_("Waiting for them")))
        left.addWidget(self.slips_table, 2)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addLayout(left, 1)
        body.addLayout(self._right(), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.armed)
        layout.addLayout(body, 1)

    def _right(self) -> QVBoxLayout:
        self._newest, self._newest_words = QLabel(self), plain("")
        self._newest.setWordWrap(True)
        theme.mark(self._newest, large=True, strong=True)
        self._return, self._lend = QPushButton(self), QPushButton(self)
        self._off = QPushButton(_("Take off the list"), self)
        self._return.clicked.connect(self.take_back)
        self._lend.clicked.connect(self.lend)
        self._off.clicked.connect(self._drop_selected)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self._return, self._lend):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self._off)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self._newest)
        right.addWidget(self._newest_words)
        right.addWidget(section(_("Across the counter now")))
        right.addWidget(self.across_table, 1)
        right.addLayout(row)
        return right

    @property
    def mode(self) -> str:
        """What the next scans mean; empty when that follows from the copy."""
        return self.armed.mode

    # --- the person ---------------------------------------------------------------------------------------------

    def show_person(self, number: int) -> None:
        """Put a person in front; refused while something of another's lies on the counter."""
        if self._is_restoring:  # what lay here comes first, and may speak against it
            self._comes_next = number
            return
        if self.met is not None and self.met.card.line.id != number and self._crossing:
            name = self.met.card.line.name
            sentence = says(N_("Finish with {name} first, or take everything off the list."), name=name)
            self._workplace.notices.say_of_scan(sentence)
            self._workplace.window.answer_scan(Outcome.BLOCKED, sentence)
            self.person.set_answer(self.met.card.line.id)  # whoever is named here is who the loan goes to
            return
        work = partial(meet, self._workplace, number)
        self._workplace.background.read(work, self._show, key="person", owner=self)

    def _show(self, met: Met | None) -> None:
        self.met = met
        self.held.show(met.card.holds.lines if met else ())
        self.slips.show(met.slips if met else ())
        self._about.setText(told_person(met.card) if met else _("Nobody is in front of you yet."))
        theme.mark(self._about, kind="bad" if met is not None and met.card.overdue else "")
        if met is not None and self.person.answer() != met.card.line.id:
            self.person.set_answer(met.card.line.id)
        self._settled()

    def _on_person(self) -> None:
        number = self.person.answer()
        if isinstance(number, int) and (self.met is None or self.met.card.line.id != number):
            self.show_person(number)

    def clear(self) -> None:
        """The next person: nobody is here, nothing lies on the counter."""
        self.across.show(())
        self.person.set_answer(None)
        self.armed.disarm()
        self._newest.setText("")
        self._newest_words.setText("")
        self._show(None)
        self.person.setFocus()

    def reload(self) -> None:
        """Read the person again, and where the listed copies are now."""
        if self.met is not None:
            self.show_person(self.met.card.line.id)
        else:
            self._show(None)
        if self.across.lines:
            numbers = [each.line.id for each in self.across.lines]
            work = partial(self._workplace.desk.read, reads.lines_of, numbers, self._workplace.viewer)
            self._workplace.background.read(work, self._fresh, key="across", owner=self)

    def _fresh(self, lines: Sequence[CarrierLine]) -> None:
        """What was done leaves the list."""
        now = {line.id: line for line in lines}
        still = [replace(each, line=now[each.line.id]) for each in self.across.lines if each.line.id in now]
        self.across.show([each for each in still if each.does == COUNTED or each.does == meant(each.line)])
        self._settled()

    # --- scanning -----------------------------------------------------------------------------------------------

    def take_code(self, code: str) -> bool:
        """A badge, a copy, a typed number."""
        if OUR_CODE.fullmatch(code) and code[0].upper() not in "CP":
            return False
        work = partial(named_by, self._workplace, code)
        self._workplace.background.read(work, partial(self._on_scanned, code), owner=self, priority=Priority.SCAN)
        return True

    def _on_scanned(self, code: str, found: tuple[Scanned, CarrierLine | None]) -> None:
        scanned, line = found
        if line is not None:
            self._put(line)
        elif scanned.ref is not None and scanned.ref.kind is Subject.PERSON:
            self._workplace.window.answer_scan(Outcome.ACCEPTED)
            if self._workplace.card not in {each.line.ref for each in self.across.lines}:
                self._workplace.show_card(None)  # it was of whoever stood here before
            self.show_person(scanned.ref.id)
        elif scanned.ref is not None and not scanned.is_hidden:
            self._workplace.window.answer_scan(Outcome.ACCEPTED)
            self._workplace.go_to(scanned.ref)
        else:
            self._say(code, scanned.why or says(N_("The register does not know this code.")), Outcome.UNKNOWN)

    def _put(self, line: CarrierLine) -> None:
        """One copy on the counter: brought if it is out, taken if it is here, as far as the armed command says so."""
        self.armed.heard()
        does = COUNTED if self.mode == COUNTED else meant(line)
        if not does or (self.mode in (BRINGS, TAKES) and does != self.mode):
            where = f"{line.holder} · {line.department or ''}" if line.holder else line.place or ""
            state = says(STATE_NAMES[line.state])
            self._say(line.number, says(N_("{state}: {where}"), state=state, where=where), Outcome.BLOCKED)
            self._workplace.show_card(line.ref)
            return
        if any(each.line.id == line.id for each in self.across.lines):
            self._say(line.number, says(N_("already on the list")), Outcome.BLOCKED)
            return
        self.across.prepend(Across(line, does))
        self._say(line.number, says(DOES[does]), Outcome.ACCEPTED)
        self._workplace.show_card(line.ref)
        if self.met is None and does == BRINGS and line.holder_id is not None:
            self.show_person(line.holder_id)
        self._settled()

    def _say(self, number: str, sentence: Says, outcome: Outcome) -> None:
        kind = {Outcome.ACCEPTED: "good", Outcome.BLOCKED: "warn", Outcome.UNKNOWN: "bad"}[outcome]
        sign = {Outcome.ACCEPTED: "✓", Outcome.BLOCKED: "!", Outcome.UNKNOWN: "?"}[outcome]
        self._newest.setText(f"{sign} {number}")
        theme.mark(self._newest, kind=kind)
        self._newest_words.setText(render(sentence))
        self._workplace.window.answer_scan(outcome, sentence)

    def _on_carrier(self, line: CarrierLine | None) -> None:
        if line is not None:
            self._workplace.open_card(line.ref)

    # --- commands -----------------------------------------------------------------------------------------------

    def take_command(self, command: str) -> bool:
        """Arm a mode, finish, undo, put away."""
        if command in MODES:
            self.armed.arm(command)
        elif command == "finish":
            self.finish()
        elif command == "undo_last":
            self._undo_last()
        elif command == "cancel":
            self.armed.disarm()
            self.across.show(())
            self._settled()
        else:
            return False
        return True

    def _undo_last(self) -> None:
        """The last scan comes off the list; when nothing lies there, the last act has its counter-act."""
        if self.across.lines:
            self.across.show(self.across.lines[1:])
            self._settled()
        elif self._last is not None:
            self._workplace.undo(self._last)

    def finish(self) -> None:
        """Do what the list says: first what comes back, then what goes out."""
        if self._of(BRINGS):
            self.take_back()
        elif self._of(TAKES):
            self.lend()
        else:
            self.armed.disarm()
            self.across.show(())
            self._settled()

    # --- acting -------------------------------------------------------------------------------------------------

    def take_back(self) -> None:
        """One act for everything that came back, its pages counted."""
        if lines := self._of(BRINGS):
            self._workplace.perform(
                CATALOGUE["return_loan"], lines, header=self._header(), take_line=takes_carriers(self._workplace)
            )

    def lend(self) -> None:
        """One act, one slip, one signature for everything that goes out."""
        if lines := self._of(TAKES):
            initial = {"borrower": self.met.card.line.id} if self.met is not None else {}
            self._workplace.perform(
                CATALOGUE["lend"], lines, header=self._header(), initial=initial,
                take_line=takes_carriers(self._workplace), on_done=self._on_lent,
            )  # fmt: skip

    def _on_lent(self, receipt: Receipt) -> None:
        """What was applied for waits for its approval; it no longer lies on the counter."""
        if receipt.action == "submit":
            self.across.show([each for each in self.across.lines if each.does != TAKES])
            self._settled()

    def _header(self) -> str:
        return self.met.card.line.name if self.met is not None else ""

    def _of(self, does: str) -> list[CarrierLine]:
        return [each.line for each in self.across.lines if each.does == does]

    @property
    def _crossing(self) -> bool:
        return any(each.does != COUNTED for each in self.across.lines)

    def _settled(self) -> None:
        """The list changed: its buttons say so, and it is kept."""
        self._show_list()
        self._keep()

    def _drop_selected(self) -> None:
        gone = {each.line.id for each in self.across_table.selected}
        self.across.show([each for each in self.across.lines if each.line.id not in gone])
        self._settled()

    def _show_list(self) -> None:
        brings, takes = len(self._of(BRINGS)), len(self._of(TAKES))
        back, out = ngettext("Take {n} back…", "Take {n} back…", brings), ngettext("Lend {n}…", "Lend {n}…", takes)
        self._return.setText(back.format(n=brings) if brings else _("Take back…"))
        self._lend.setText(out.format(n=takes) if takes else _("Lend…"))
        self._return.setEnabled(bool(brings))
        self._lend.setEnabled(bool(takes))
        self._off.setEnabled(bool(self.across.lines))
        for button, is_next in ((self._return, bool(brings)), (self._lend, bool(takes) and not brings)):
            theme.mark(button, primary=is_next)
            button.setShortcut("Ctrl+Return" if is_next else "")

    def _on_act(self, receipt: Receipt) -> None:
        self._last = receipt if receipt.undo else self._last

    # --- what is half done --------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any]:
        """The person and the list, to be put here again."""
        if self._is_restoring:
            return self._restoring
        person = self.met.card.line.id if self.met is not None else None
        lines = [[each.line.id, each.does] for each in self.across.lines]
        return {"person": person, "lines": lines} if person is not None or lines else {}

    def restore(self, state: object) -> None:
        """Put them here again: what the frame kept, else what the register kept through a crash."""
        self._restoring = state if isinstance(state, dict) else {}
        self._is_restoring = True
        work = partial(kept_counter, self._workplace, state if isinstance(state, dict) else None)
        self._workplace.background.read(work, self._put_back, on_failed=self._on_lost, owner=self)

    def _on_lost(self, _error: Exception) -> None:
        """What lay here cannot be read; whoever comes next is served all the same."""
        self._put_back(Kept())

    def _put_back(self, kept: Kept) -> None:
        self._is_restoring = False
        if kept.met is not None:
            self._show(kept.met)
        if kept.across:
            scanned = tuple(self.across.lines)  # in the meantime
            seen = {each.line.id for each in scanned}
            self.across.show((*scanned, *(each for each in kept.across if each.line.id not in seen)))
            self._settled()
        if self._comes_next is not None:
            number, self._comes_next = self._comes_next, None
            self.show_person(number)

    def _keep(self) -> None:
        if self._is_restoring:
            return
        account = self._workplace.seat.account.id
        work = partial(keep_draft, self._workplace.desk, account, DRAFT, self.state())
        self._workplace.background.run(work, priority=Priority.QUIET, owner=self)


def section(words: str) -> QLabel:
    """A quiet heading flush with what it is above."""
    label = section_title(words)
    label.setContentsMargins(0, theme.size(4), 0, 0)
    return label
