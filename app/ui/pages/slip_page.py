"""One slip as the paper form on screen: header, what is next, lines or scan list, approvals, signatures, sums."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.domain.carrier import Label
from app.domain.slip import SlipState
from app.domain.words import N_, Value, says
from app.i18n import _, render
from app.services.slips import GIVER, RECEIVER
from app.store import reads
from app.store.reads import ListedLine, SlipLine
from app.ui import theme
from app.ui.bursts import OUR_CODE
from app.ui.flow import FlowLayout
from app.ui.marks import level_strip
from app.ui.paper_back import PaperBackDialog
from app.ui.parts import link, plain
from app.ui.rows import RowsModel
from app.ui.scan import Outcome
from app.ui.scan_list import ScanList
from app.ui.slip_acts import SlipActs
from app.ui.slip_columns import line_columns
from app.ui.slip_reading import SlipRead, read_slip
from app.ui.slip_scans import BOTH_SIDES, IN_ABSENCE, BagScans, DraftScans, HandoverScans, LabelScans, SlipScans
from app.ui.slip_side import SlipSide
from app.ui.slip_steps import MODE_STEPS, Next, Step, next_of, scans_now
from app.ui.slip_words import named_words, role_words, state_words
from app.ui.table import Table
from app.ui.telling import brief_day, brief_moment, time_left
from app.ui.turns import Turns
from app.ui.workplace import Workplace

PAGE = 200
A_CODE_AT_THE_END = re.compile(f"{OUR_CODE.pattern}$")


class SlipView(QWidget):
    """One slip; it reads itself whenever it is asked to."""

    left = Signal()
    """Back to the list."""

    def __init__(self, workplace: Workplace, slip: int, back: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace, self.slip = workplace, slip
        self.read: SlipRead | None = None
        self.scan_list: ScanList | None = None
        self._source: SlipScans | None = None
        self._mode = self.resume = ""
        """What is scanned now; what was scanned before the window spoke another language."""
        self.next: Next | None = None
        self._turns = Turns(self)
        self.acts = SlipActs(workplace, self)
        self.acts.chosen, self.acts.picked = self.chosen, lambda: self.table.selected
        self._lay_out(back)
        self.reload()

    # --- what it looks like -------------------------------------------------------------------------------------

    def _lay_out(self, back: str) -> None:
        self._title, self._strip, self._about = QLabel(self), QLabel(self), plain("", dim=True)
        theme.mark(self._title, heading=True)
        self._other_view, self._cancel = link(_("Lines"), self._toggle), link(_("Give this slip up…"), self.acts.cancel)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(link(f"← {back}", self.left.emit))
        head.addWidget(self._title)
        head.addWidget(self._strip)
        head.addStretch(1)
        head.addWidget(self._other_view)
        head.addWidget(self._cancel)
        self._next = QFrame(self)
        theme.mark(self._next, panel=True)
        inside = QVBoxLayout(self._next)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.setSpacing(6)
        self._words = plain("")
        self._buttons = QWidget(self._next)
        self._steps = FlowLayout(self._buttons)
        inside.addWidget(self._words)
        inside.addWidget(self._buttons)
        self._seal = QLineEdit(self)
        self._seal.setPlaceholderText(_("Seal of the container that is open now"))
        self._seal.hide()
        self._seal.returnPressed.connect(self._on_seal)
        self.lines: RowsModel[ListedLine] = RowsModel(
            line_columns(self._workplace.regimes), self._more, self, key=lambda line: line.no
        )
        self.table: Table[ListedLine] = Table(self.lines, self, empty=N_("This slip has no lines."))
        self.table.opened.connect(self._on_line)
        self.table.current.connect(self._on_line)
        self._body = QStackedWidget(self)
        self._body.addWidget(self.table)
        self.side = SlipSide(self._workplace, self)
        self.side.paper_back.connect(self._on_paper_back)
        body = QHBoxLayout()
        body.setSpacing(14)
        body.addWidget(self._body, 1)
        body.addWidget(self.side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        for widget in (self._about, self._next, self._seal):
            layout.addWidget(widget)
        layout.addLayout(body, 1)

    @property
    def mode(self) -> str:
        """What is being scanned, or will be once it is read: a bag, labels, a draft, a handover, or nothing."""
        return self._mode or self.resume

    # --- reading ------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read everything about the slip again."""
        work = partial(read_slip, self._workplace.desk, self.slip, self._workplace.viewer)
        self._workplace.background.read(work, self._show, key="slip", owner=self)

    def _more(self, _sort: str, after: Any, deliver: Callable[[Sequence[ListedLine], Any], None]) -> None:
        place = self._workplace
        work = partial(place.desk.read, reads.slip_lines, self.slip, after, PAGE, viewer=place.viewer)
        place.background.read(work, lambda page: deliver(page.lines, page.next), owner=self)

    def _show(self, read: SlipRead | None) -> None:
        self.read = self.acts.read = read
        if read is None:
            self._title.setText(_("This is not for you: hand it to the registry."))
            return
        line = read.card.line
        self._title.setText(f"{named_words(line)} {line.number} · {state_words(line.state)}")
        self._show_strip(line.level, line.regime)
        self._about.setText(self._told(read))
        self.table.place_column("Noted", *((2, 300) if line.kind == "correction" else (6, 100)))
        self._cancel.setVisible(_may_be_given_up(line))
        self._seal.setVisible(bool(read.card.facts.get("absent")) and scans_now(read))
        self.next = next_of(read, self._role(read))
        self._show_next()
        # Each part in a turn of its own: together they would hold the window longer than a clerk overlooks.
        self._turns.follow(partial(self.side.show_slip, read), self.lines.reload, self._settle)

    def _settle(self) -> None:
        if self.read is not None:
            stood = self.scan_list
            self._settle_mode(self.read)
            if stood is not None and stood is self.scan_list:
                stood.look_again()  # an act has changed what no scan did: a difference is explained
            resume, self.resume = self.resume, ""
            for step in self.next.steps if self.next is not None and resume in MODE_STEPS else ():
                if step.do == resume:
                    self._on_step(step)

    def _show_strip(self, level: str | None, regime: str | None) -> None:
        self._strip.setVisible(level is not None)
        if level is not None:
            strip = level_strip(level, self._workplace.regimes, regime)
            self._strip.setText(strip.words)
            shape = "padding:2px 8px; border-radius:3px;"
            self._strip.setStyleSheet(f"background:{strip.colour}; color:{strip.ink}; {shape}")

    def _told(self, read: SlipRead) -> str:
        line, today = read.card.line, self._workplace.today()
        parts = [_("opened {at} by {name}").format(at=brief_moment(line.opened_at, today), name=line.opened_by)]
        if line.party and line.party != line.opened_by:
            parts.insert(0, _("for {name}").format(name=line.party))
        if line.listed:
            parts.append(_("{done} of {listed} lines done").format(done=f"{line.done:,}", listed=f"{line.listed:,}"))
        if line.due is not None and line.is_open:
            parts.append(render(time_left(line.due, today)))
        if line.closed_at is not None:
            parts.append(_("closed {at}").format(at=brief_day(line.closed_at.astimezone().date(), today)))
        return " · ".join(parts)

    def _role(self, read: SlipRead) -> Value:
        regime = self._workplace.regime(read.card.line.regime or "")
        return role_words(regime, read.card.line.next_role) if read.card.line.next_role else ""

    # --- what is next -------------------------------------------------------------------------------------------

    def _show_next(self) -> None:
        stood = self._steps.clear()
        if self.next is None:
            return
        words, steps = self.next.words, self.next.steps
        if self._mode in MODE_STEPS:
            text, steps = MODE_STEPS[self._mode]
            words = says(text)
        self._words.setText(render(words))
        for place, step in enumerate(steps):
            button = QPushButton(_(step.label).format(n=step.n) if step.n is not None else _(step.label), self._next)
            theme.mark(button, primary=place == 0)
            button.setShortcut("Ctrl+Return" if place == 0 else "")  # after a scan the focus is in the scan line
            button.clicked.connect(partial(self._on_step, step))
            self._steps.addWidget(button)
        self._buttons.setVisible(bool(steps))
        if stood:  # the button that was pressed is gone, and the focus would be anywhere
            self._steps.focus_first()

    def do(self, action: str) -> bool:
        """Do the step with that act, if the slip has it now; Today and the scanner ask for it."""
        step = next((each for each in (self.next.steps if self.next else ()) if each.action == action), None)
        if step is not None:
            self._on_step(step)
        return step is not None

    def _on_step(self, step: Step, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's clicked
        if step.do == "bag":
            self._enter("bag", BagScans(self._workplace, self.slip, self))
        elif step.do == "verify":
            self._enter("verify", LabelScans(self._workplace, self.slip, self))
        elif step.do == "lines":
            self._leave_scans()
        elif step.do == "take_back":
            self._take_back()
        else:
            self.acts.do(step)

    def chosen(self) -> set[int] | None:
        """The carriers of the lines the clerk selected, in the list or at the left of the scan list; None for none."""
        if self.scan_list is not None and self._body.currentWidget() is self.scan_list:
            expected = self.scan_list.expected_table.selected
            return {int(line.key) for line in expected if line.key.isdecimal()} if expected else None
        lines = self.table.selected
        return {line.carrier.id for line in lines if line.carrier is not None} if lines else None

    def _on_line(self, line: ListedLine | None) -> None:
        if line is not None and line.carrier is not None:
            self._workplace.open_card(line.carrier.ref)

    def _on_paper_back(self, paper: int | None) -> None:
        PaperBackDialog(self._workplace, self.slip, paper).open()

    # --- scanning -----------------------------------------------------------------------------------------------

    def _settle_mode(self, read: SlipRead) -> None:
        """The scan list that belongs to how far the slip is; one that is open and still right stays as it is."""
        line = read.card.line
        if scans_now(read):
            self._enter_once(read)
        elif self._mode == "bag" and line.is_open and read.card.statuses.get("listed"):
            self._refresh_scans()
        elif self._mode == "verify" and read.labels.get(Label.AFFIXED):
            pass  # each scan has swapped its own line
        elif self._mode:
            self._leave_scans()
        self._other_view.setVisible(self.scan_list is not None and self._mode in ("draft", "handover"))

    def _enter_once(self, read: SlipRead) -> None:
        mode = "handover" if read.card.line.kind == "handover" else "draft"
        if self._mode == mode:
            return
        if mode == "draft":
            self._enter(mode, DraftScans(self._workplace, self.slip, self), blind=True)
            return
        absent = bool(read.card.facts.get("absent"))
        source = HandoverScans(self._workplace, self.slip, self, absent=absent)
        source.seal = self._seal.text
        self._enter(mode, source, sides=IN_ABSENCE if absent else BOTH_SIDES)

    def _on_seal(self) -> None:
        """The seal is read; what is scanned next is no part of it, even where the scanner typed slowly."""
        seal = self._seal.text()
        if scanned := A_CODE_AT_THE_END.search(seal):
            self._seal.setText(seal[: scanned.start()])
            self.take_code(scanned[0].upper())
        self._workplace.window.focus_scan()

    def _enter(self, mode: str, source: SlipScans, **more: Any) -> None:
        self._put_scans_away()
        self._mode, self._source = mode, source
        source.changed.connect(self._on_scanned)
        self.scan_list = ScanList(source, self._workplace.window.sounds, parent=self._body, **more)
        self._body.addWidget(self.scan_list)
        self._body.setCurrentWidget(self.scan_list)
        self.side.setVisible(mode == "draft")
        self._show_next()

    def _leave_scans(self) -> None:
        self._put_scans_away()
        self._mode, self._source = "", None
        self._body.setCurrentWidget(self.table)
        self.side.show()
        self._show_next()

    def _put_scans_away(self) -> None:
        if self.scan_list is not None:
            self._body.removeWidget(self.scan_list)
            self.scan_list.deleteLater()
            self.scan_list = None

    def _toggle(self) -> None:
        """Lines or scan list, where both are of use."""
        if self.scan_list is None:
            return
        lists = self._body.currentWidget() is self.scan_list
        self._body.setCurrentWidget(self.table if lists else self.scan_list)
        self.side.setVisible(lists or self._mode == "draft")
        self._other_view.setText(_("Scan list") if lists else _("Lines"))

    def _refresh_scans(self) -> None:
        if self.scan_list is not None:
            self.scan_list.reload()

    def _on_scanned(self) -> None:
        """The words of the next step count what was scanned; the lists have shown it already."""
        work = partial(read_slip, self._workplace.desk, self.slip, self._workplace.viewer)
        self._workplace.background.read(work, self._show_progress, key="progress", owner=self)

    def _show_progress(self, read: SlipRead | None) -> None:
        if read is None:
            return
        self.read = self.acts.read = read
        self._about.setText(self._told(read))
        self._cancel.setVisible(_may_be_given_up(read.card.line))
        self.next = next_of(read, self._role(read))
        self._settle_mode(read)
        self._show_next()

    def _take_back(self) -> None:
        if self._source is not None:
            self._source.take_back(self._refresh_scans)

    def take_code(self, code: str) -> bool:
        """Carriers and typed numbers go onto the scan list that is open."""
        if self.scan_list is None:
            return False
        letter = code[0].upper() if OUR_CODE.fullmatch(code) else ""
        if letter == "P" and self._mode == "handover":
            return self._badge(code)
        if letter not in ("", "C"):
            return False
        self._body.setCurrentWidget(self.scan_list)
        return self.scan_list.take_code(code)

    def _badge(self, code: str) -> bool:
        """A badge says who scans from now on: giver or receiver; anybody else's goes to the counter."""
        facts: Mapping[str, Any] = self.read.card.facts if self.read is not None else {}
        person = int(code[4:12])  # letter, three digits of the register, eight of the person
        givers = {facts.get("giver"), *facts.get("commission", ())}
        side = GIVER if person in givers else RECEIVER if person == facts.get("receiver") else ""
        if side and self.scan_list is not None:
            self.scan_list.choose_side(side)
            self._workplace.window.answer_scan(Outcome.ACCEPTED)
        return bool(side)

    def take_command(self, command: str) -> bool:
        """Finish does what is next; undo takes the last scan back; cancel leaves the scan list; return and lend act."""
        steps = MODE_STEPS[self._mode][1] if self._mode in MODE_STEPS else (self.next.steps if self.next else ())
        if command == "finish" and steps:
            self._on_step(steps[0])
        elif command == "undo_last" and self._source is not None:
            self._take_back()
        elif command == "cancel" and self._mode in MODE_STEPS:
            self._leave_scans()
        elif command in ("lend", "return"):
            return self.do({"lend": "lend", "return": "return_loan"}[command])
        else:
            return False
        return True


def _may_be_given_up(line: SlipLine) -> bool:
    """A slip that moved nothing yet; the door has the last word."""
    early = line.state in (SlipState.DRAFT, SlipState.SUBMITTED, SlipState.APPROVED)
    return early or (line.kind == "handover" and line.is_open and not line.done)
