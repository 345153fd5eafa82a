"""Where a scan goes: its first letter decides; a wrong, foreign or unknown code says which, and creates nothing."""

from __future__ import annotations

from functools import partial
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject

from app.domain.action import Ref, Subject
from app.domain.numbering import COMMANDS, Wrong, is_goods_code
from app.domain.words import N_, Says, says
from app.services.desk import Receipt
from app.store import reads
from app.store.reads import CarrierFilter, CarrierLine, Page
from app.store.reads.carrier_cards import Scanned
from app.ui.background import Priority
from app.ui.scan import Outcome
from app.ui.workplace import Workplace

COMMAND_ACTS = {"lend": "lend", "return": "return_loan"}
SHORTEST_ANCHOR = 40
"""Characters; anything shorter is no anchor of a printed form."""


@runtime_checkable
class TakesCommands(Protocol):
    """A page that understands some of the scanned commands; tells whether it did."""

    def take_command(self, command: str) -> bool: ...


class Dispatch(QObject):
    """Answers every scan that the page in front does not take; a second one is never lost behind a first."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace.window)
        self._workplace = workplace
        self._last: Receipt | None = None
        workplace.window.scanned.connect(self.take)
        workplace.listeners.append(self._on_done)

    def take(self, code: str) -> None:
        """Ask the register what the code names, before anything else that waits."""
        place = self._workplace
        work = partial(place.desk.read, reads.scan, code, viewer=place.viewer)
        place.background.read(work, partial(self._on_scanned, code), owner=self, priority=Priority.SCAN)

    def _on_scanned(self, code: str, scanned: Scanned) -> None:
        if scanned.command is not None:
            self._command(scanned.command)
        elif scanned.is_hidden:
            self._answer(Outcome.BLOCKED, scanned.why)
        elif scanned.ref is not None:
            self._show(scanned.ref)
        elif scanned.wrong is Wrong.FOREIGN:
            self._foreign(code, scanned.why)
        else:
            self._answer(Outcome.UNKNOWN, scanned.why)

    def _show(self, ref: Ref) -> None:
        self._workplace.window.answer_scan(Outcome.ACCEPTED)
        if ref.kind is not Subject.CARRIER:
            self._workplace.show_card(None)  # a card left over would be taken for what was scanned now
        if ref.kind is Subject.PLACE:
            self._workplace.go_carriers(CarrierFilter(place=ref.id))
        else:
            self._workplace.go_to(ref)

    def _foreign(self, typed: str, why: Says | None) -> None:
        """Not a code of ours: the anchor of a printed form, or words to look for."""
        if len(typed) >= SHORTEST_ANCHOR and " " not in typed:
            self._workplace.check_anchor(typed, partial(self._on_anchor, why))
            return
        if is_goods_code(typed):
            self._answer(
                Outcome.UNKNOWN,
                says(N_("“{text}” is the barcode of goods, from a shop or a box: it names nothing here."), text=typed),
            )
            return
        place, near = self._workplace, CarrierFilter(text=typed)
        work = partial(place.desk.read, reads.carrier_page, near, "copy", limit=1, viewer=place.viewer)
        place.background.read(work, partial(self._on_near, near), owner=self, priority=Priority.SCAN)

    def _on_near(self, near: CarrierFilter, page: Page[CarrierLine]) -> None:
        """Words are looked for; a number nobody has shows what begins like it; where nothing fits nothing moves."""
        if not page.lines and page.next is None:
            nothing = says(N_("Nothing here has “{text}”, and nothing comes near it."), text=near.text)
            self._answer(Outcome.UNKNOWN, nothing, kept=False)
            return
        is_number = any(sign.isdigit() for sign in near.text) and near.text.isascii() and " " not in near.text
        self._workplace.go_carriers(near)
        if is_number:
            near_it = says(N_("Nothing here has exactly “{text}”; this is what comes near."), text=near.text)
            self._answer(Outcome.UNKNOWN, near_it, kept=False)
        else:
            self._workplace.window.answer_scan(Outcome.ACCEPTED)

    def _on_anchor(self, why: Says | None, answer: tuple[Says, bool, int | None] | None) -> None:
        if answer is None:
            self._answer(Outcome.UNKNOWN, why, kept=False)
            return
        sentence, holds, slip = answer
        self._workplace.notices.say(sentence, "good" if holds else "bad")
        self._workplace.window.answer_scan(Outcome.ACCEPTED if holds else Outcome.BLOCKED, sentence)
        if slip is not None:
            self._workplace.go_slip(slip)

    def _command(self, serial: int) -> None:
        command = COMMANDS[serial - 1] if 0 < serial <= len(COMMANDS) else ""
        page = self._workplace.window.page
        if isinstance(page, TakesCommands) and page.take_command(command):
            self._workplace.window.answer_scan(Outcome.ACCEPTED)
        elif command == "undo_last" and self._last is not None:
            self._workplace.window.answer_scan(Outcome.ACCEPTED)
            self._workplace.undo(self._last)
        elif command in COMMAND_ACTS and self._workplace.card is not None:
            self._workplace.window.answer_scan(Outcome.ACCEPTED)
            self._workplace.begin(COMMAND_ACTS[command], [self._workplace.card])
        else:
            self._answer(
                Outcome.BLOCKED, says(N_("Nothing is open here that this command could be for: scan a carrier first."))
            )

    def _on_done(self, receipt: Receipt) -> None:
        self._last = receipt if receipt.undo else None

    def _answer(self, outcome: Outcome, words: Says | None, *, kept: bool = True) -> None:
        sentence = words or says(N_("Nothing in the register bears this code."))
        self._workplace.window.answer_scan(outcome, sentence)
        self._workplace.notices.say_of_scan(sentence, kept=kept)
