"""The steps of a slip done by hand: each opens the act's dialog with what the slip already says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from app.actions import CATALOGUE
from app.actions.vouchers import SubmitDraft
from app.domain.action import Action, Authority, Line, Signature, Subject, questions
from app.domain.carrier import PersonId
from app.domain.words import N_, Says, says
from app.services import slips
from app.services.desk import Receipt, Refused
from app.services.slips import from_plain
from app.store import reads
from app.store.reads import CarrierLine, DocumentLine, ListedLine
from app.store.reads.scans import carriers_in_bag
from app.ui.beginning import takes_carriers
from app.ui.lines_model import NamedLine
from app.ui.slip_corrections import NONE_IS_READY, SlipCorrections, each_once
from app.ui.slip_reading import SlipRead, carrier_lines, every_line, signed_on_paper
from app.ui.slip_steps import Step
from app.ui.workplace import Named, Workplace

MOST_AT_ONCE = 20
"""More open differences than these are never explained by one sentence without choosing them."""
FINISHED = frozenset({"void", "struck", "missing"})
"""Lines that no later act is on."""


class SlipActs(QObject):
    """Carries out the steps of one slip."""

    def __init__(self, workplace: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.read: SlipRead | None = None
        self.chosen: Callable[[], set[int] | None] = lambda: None
        """The carriers of the lines the clerk selected, None for no line; what is not for the whole slip is on these.

        Lines of which none fits are never taken for no line: the act would be on all the others.
        """
        self.picked: Callable[[], Sequence[ListedLine]] = tuple
        """The lines themselves, where the clerk selected some: a carrier may have several."""
        self._corrections = SlipCorrections(workplace, self)
        self._ways: Mapping[str, Callable[[SlipRead, Step], None]] = {
            "act": self._act, "decide": self._decide, "slip_act": self._slip_act, "submit": self._submit,
            "labels": self._labels, "at_once": self._at_once, "take_over": self._take_over, "explain": self._explain,
            "print_job": self._print_job, "bag_now": self._bag_now, "envelope": self._envelope, "inside": self._inside,
            "settle": self._settle, "correct": lambda read, step: self._corrections.correct(read, step, self.picked()),
        }  # fmt: skip

    def do(self, step: Step) -> bool:
        """Do the step; whether it is one that is done by an act."""
        way = self._ways.get(step.do)
        if way is None or self.read is None:
            return False
        way(self.read, step)
        return True

    def cancel(self) -> None:
        """Give the slip up."""
        if self.read is not None:
            self._slip_act(self.read, Step("", "slip_act", "cancel_slip"))

    # --- how each is done ---------------------------------------------------------------------------------------

    def _decide(self, read: SlipRead, step: Step) -> None:
        self._workplace.perform(step.action, [read.card.line.ref], header=_header(read))

    def _print_job(self, read: SlipRead, step: Step) -> None:
        """A print job of the document that was classified; its own slip comes to the front."""
        approved = {"document": read.document, "copies": read.card.facts.get("copies", 1)}
        self._workplace.perform(step.action, initial=approved, on_done=self._go_to_born)

    def _go_to_born(self, receipt: Receipt) -> None:
        if receipt.slip is not None:
            self._workplace.go_slip(receipt.slip)

    def _slip_act(self, read: SlipRead, step: Step) -> None:
        self._workplace.perform(step.action, [read.card.line.ref], header=_header(read))

    def _act(self, read: SlipRead, step: Step) -> None:
        """The act on the lines of the slip, or on the chosen ones; its answers are those that were approved."""
        action = CATALOGUE[step.action]
        if action.subject is Subject.DOCUMENT:
            self._on_document(read, action)
        elif action.brings_forth():
            self._open(read, action, ())
        else:
            chosen = self.chosen()
            self._with_lines(read, step, lambda lines: self._open_chosen(read, action, lines, chosen))

    def _open_chosen(
        self, read: SlipRead, action: type[Action], lines: Sequence[ListedLine], chosen: set[int] | None
    ) -> None:
        found = lines if chosen is None else [line for line in lines if line.carrier and line.carrier.id in chosen]
        if lines and not found:
            self._workplace.notices.say(says(NONE_IS_READY), "warn")
            return
        self._open(read, action, found)

    def _on_document(self, read: SlipRead, action: type[Action]) -> None:
        if read.document is None:
            return
        work = partial(self._workplace.desk.read, reads.document_lines, [read.document], self._workplace.viewer)
        self._workplace.background.read(work, lambda lines: self._open(read, action, tuple(lines)), owner=self)

    def _open(self, read: SlipRead, action: type[Action], lines: Sequence[ListedLine | DocumentLine]) -> None:
        card = read.card
        approved = card.line.action == action.code
        known = from_plain(action, dict(card.answers)) if approved else {}
        has_answers = any(asked.each for asked in questions(action).values())
        named = [self._named(line, action) if has_answers else _plain(line) for line in lines]
        scans = action.subject is Subject.CARRIER and not action.brings_forth()
        self._workplace.perform(
            action, [each for each in named if each is not None], self._authority(read, action),
            header=_approved(read, {questions(action)[name].label for name in known}),
            known={name: value for name, value in known.items() if not questions(action)[name].each},
            take_line=takes_carriers(self._workplace) if scans else None,
        )  # fmt: skip

    def _authority(self, read: SlipRead, action: type[Action]) -> Authority:
        """The slip an act rests on, with who signed it on paper; what needs an approval of its own rests on none."""
        line = read.card.line
        rests = line.action == action.code or (action.route is None and action.slip_kind == line.kind)
        on_paper = tuple(
            Signature(PersonId(person), role, "paper", paper) for person, role, paper in signed_on_paper(read.card)
        )
        return Authority(slip=line.id if rests else None, signatures=on_paper)

    def _named(self, line: ListedLine | DocumentLine, action: type[Action]) -> Named | None:
        """A line with what was answered for it when it was applied for."""
        if isinstance(line, DocumentLine) or line.carrier is None:
            return _plain(line)
        each = {name for name, asked in questions(action).items() if asked.each}
        answers = {name: value for name, value in line.given.items() if name in each}
        named = self._workplace.named(line.carrier)
        return replace(named, line=Line(line.carrier.ref, answers)) if answers else named

    def _with_lines(self, read: SlipRead, step: Step, then: Callable[[Sequence[ListedLine]], None]) -> None:
        work = partial(every_line, self._workplace.desk, read.card.line.id, self._workplace.viewer, step.statuses)
        self._workplace.background.read(
            work, lambda lines: then(each_once([line for line in lines if _fits(line, step)])), owner=self
        )

    # --- drafts -------------------------------------------------------------------------------------------------

    def _submit(self, read: SlipRead, step: Step) -> None:
        del step
        if read.card.line.kind == "destruction":
            self._propose(read)
            return
        work = partial(slips.submit_draft, self._workplace.desk, read.card.line.id)
        refused = partial(self._ask_what_is_missing, read)
        self._workplace.background.run(work, self._workplace.done, refused, owner=self)

    def _ask_what_is_missing(self, read: SlipRead, refused: Refused) -> None:
        """What a caveat wants to know of the receiver is asked before anybody is asked to approve."""
        if any(refusal.field != "receiver" for refusal in refused.refusals):
            self._workplace.refused(refused)
            return

        def ask(act: SubmitDraft) -> None:
            known = {"approval": act.approval, "lines_given": act.lines_given, "given": act.given}
            self._workplace.perform(act.code, [read.card.line.ref], header=_header(read), known=known)

        work = partial(slips.submission, self._workplace.desk, read.card.line.id)
        self._workplace.background.read(work, ask, owner=self)

    def _propose(self, read: SlipRead) -> None:
        """A destruction list asks two ticks of every line before it is submitted."""
        slip = read.card.line.id
        answers = from_plain(CATALOGUE["propose_destruction"], dict(read.card.answers))

        def lines() -> tuple[CarrierLine, ...]:
            found = self._workplace.desk.read(slips.found_on, slip)
            return carrier_lines(self._workplace.desk, found, self._workplace.viewer)

        def propose(found: Sequence[CarrierLine]) -> None:
            self._workplace.perform(
                "propose_destruction", found, Authority(slip=slip), header=_header(read), initial=answers
            )

        self._workplace.background.read(lines, propose, owner=self)

    # --- making -------------------------------------------------------------------------------------------------

    def _labels(self, read: SlipRead, step: Step) -> None:
        """Note the labels as printed and draw them all at once."""

        def printed(receipt: Receipt) -> None:
            carriers = [ref.id for ref in receipt.subjects]
            self._workplace.preview("carrier_labels", receipt.subjects[0], carriers=carriers)

        self._on_all(read, step, printed)

    def _at_once(self, read: SlipRead, step: Step) -> None:
        self._on_all(read, step, None)

    def _on_all(self, read: SlipRead, step: Step, on_done: Callable[[Receipt], None] | None) -> None:
        action: Any = CATALOGUE[step.action]

        def do(lines: Sequence[ListedLine]) -> None:
            refs = [line.carrier.ref for line in lines if line.carrier is not None]
            if refs:
                self._workplace.do(action(), refs, on_done=on_done)

        self._with_lines(read, step, do)

    # --- handover and bags --------------------------------------------------------------------------------------

    def _take_over(self, read: SlipRead, step: Step) -> None:
        """All that both sides have counted; who is signed in signs by being signed in."""
        facts, me = read.card.facts, PersonId(self._workplace.viewer.person)
        mine = tuple(Signature(me, role) for role in ("giver", "receiver", "supervisor") if facts.get(role) == me)
        if facts.get("absent"):
            mine = tuple(signature for signature in mine if signature.role != "giver")
            mine += (Signature(me, "giver"),) if me in facts.get("commission", ()) else ()
        rests = self._authority(read, CATALOGUE["take_over"])
        authority = Authority(slip=read.card.line.id, signatures=(*mine, *rests.signatures))
        work = partial(self._in_handover, read.card.line.id)

        def sign(lines: Sequence[NamedLine]) -> None:
            if lines:
                self._workplace.perform(step.action, lines, authority, header=_header(read))
            elif read.card.statuses.get("listed"):
                self._workplace.notices.say(says(N_("Nothing is counted by both sides yet.")), "warn")
            else:  # all of it is out by slip or explained
                self._workplace.perform("take_over_uncounted", [read.card.line.ref], authority, header=_header(read))

        self._workplace.background.read(work, sign, owner=self)

    def _in_handover(self, slip: int) -> tuple[NamedLine, ...]:
        """Named beside the window: five thousand marks take longer to write than a clerk overlooks."""
        numbers = self._workplace.desk.read(slips.in_handover, slip)
        lines = carrier_lines(self._workplace.desk, numbers, self._workplace.viewer)
        return tuple(self._workplace.named(line) for line in lines)

    def _explain(self, read: SlipRead, step: Step) -> None:
        """The chosen lines, or all that are open when these are few."""
        chosen = self.chosen()

        def explain(lines: Sequence[ListedLine]) -> None:
            found = [
                line.carrier
                for line in lines
                if line.carrier and (line.status == "listed" if chosen is None else line.carrier.id in chosen)
            ]
            if not found or (chosen is None and len(found) > MOST_AT_ONCE):
                self._workplace.notices.say(says(N_("Choose the lines that cannot be counted first.")), "warn")
                return
            self._workplace.perform(step.action, found, Authority(slip=read.card.line.id), header=_header(read))

        self._with_lines(read, step, explain)

    def _bag_now(self, read: SlipRead, step: Step) -> None:
        """Seal what was scanned into the open bag."""
        slip = read.card.line.id

        def inside() -> tuple[CarrierLine, ...]:
            numbers = self._workplace.desk.read(carriers_in_bag, slip)
            return carrier_lines(self._workplace.desk, numbers, self._workplace.viewer)

        def seal(lines: Sequence[CarrierLine]) -> None:
            if not lines:
                self._workplace.notices.say(says(N_("Scan what goes into the bag first.")), "warn")
                return
            self._workplace.perform(step.action, lines, Authority(slip=slip), header=_header(read))

        self._workplace.background.read(inside, seal, owner=self)

    def _settle(self, read: SlipRead, step: Step) -> None:
        authority = self._authority(read, CATALOGUE[step.action])
        self._corrections.settle(read, step, self.chosen(), authority)

    # --- incoming -----------------------------------------------------------------------------------------------

    def _envelope(self, read: SlipRead, step: Step) -> None:
        if read.envelope is not None:
            self._workplace.perform(step.action, [read.envelope.ref], header=_header(read))

    def _inside(self, read: SlipRead, step: Step) -> None:
        if read.envelope is not None:
            known: dict[str, Any] = {"envelope": read.envelope.id}
            if step.action == "register_received" and read.card.line.regime is not None:
                known["regime"] = read.card.line.regime
            self._workplace.perform(step.action, [], header=_header(read), known=known)


def _header(read: SlipRead) -> Says:
    return says("{number}", number=read.card.line.number)


def _approved(read: SlipRead, known: set[str]) -> Says:
    """The slip, and what was approved on it: that is not asked again, but whoever carries it out sees it."""
    told = tuple(
        says(N_("{name}: {value}"), name=says(label), value=value) for label, value in read.told if label in known
    )
    return says(N_("{number} · {told}"), number=read.card.line.number, told=told) if told else _header(read)


def _plain(line: ListedLine | DocumentLine) -> Named | None:
    return line if isinstance(line, DocumentLine) else line.carrier


def _fits(line: ListedLine, step: Step) -> bool:
    carrier = line.carrier
    if carrier is None or (line.status in FINISHED and line.status not in step.statuses):
        return False
    return step.label_is is None or (carrier.label is step.label_is and line.is_labelled_here)
