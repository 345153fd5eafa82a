"""The steps of a slip: open, submit, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.actions.applying import (
    asks_for,
    lines_are_free,
    lines_are_where_it_begins,
    lines_share_a_regime,
    lines_share_an_account,
    locked,
    no_line_twice,
)
from app.actions.dispatch import channel_will_allow_the_level
from app.domain.action import NEW, Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.caveat_checks import RECEIVER_IS, RECEIVERS, caveats_will_admit_the_receiver
from app.domain.checks import CLERK, lines_under_way
from app.domain.ledger import canonical, plain
from app.domain.opening import ended, fact, listed, opened, steps
from app.domain.slip import RENEWAL, SLIP_STATE_NAMES, SlipState
from app.domain.words import N_, says

ENTERS_PAPER = (CLERK, "secrecy_officer", "archivist")
"""Duties that keep slips and what comes back signed."""


class OpenSlip(Action):
    """Begin a slip whose lines will be scanned in: its questions answered, nothing applied for yet."""

    code = "open_slip"
    label = N_("Open a slip…")
    subject = Subject.SLIP
    told = N_("opened slip {number}")
    move = Move(NEW, SlipState.DRAFT)
    offered = False
    slip: str = ask(Kind.CHOICE, N_("Kind"))
    act: str = ask(Kind.CODE, N_("Act"))
    given: Mapping[str, Any] = ask(Kind.STRUCTURE, N_("Answers"), default={})
    party: int | None = ask(Kind.PERSON, N_("For"), default=None)

    def changes(self, case: Case) -> Changes:
        _, changes = opened(case, self.slip, SlipState.DRAFT, action=self.act, answers=self.given, party=self.party)
        return changes


WHAT_IS_APPLIED_FOR = (
    lines_share_a_regime,
    lines_share_an_account,
    no_line_twice,
    lines_are_free,
    lines_are_where_it_begins,
    channel_will_allow_the_level,
    caveats_will_admit_the_receiver,
)
"""Rules about the lines and answers of an application, whether they came at once or were scanned onto a draft."""


class Submit(Action):
    """Apply for an act: its code, answers and lines kept on a slip until the route has decided."""

    code = "submit"
    label = N_("Submit for approval…")
    subject = Subject.SLIP
    told = N_("submitted for approval")
    move = Move(NEW, SlipState.SUBMITTED)
    duties = ()
    checks = WHAT_IS_APPLIED_FOR
    offered = False
    slip: str = ask(Kind.CHOICE, N_("Kind"))
    act: str = ask(Kind.CODE, N_("Act"))
    approval: str = ask(Kind.CODE, N_("Route"), default="")
    given: Mapping[str, Any] = ask(Kind.STRUCTURE, N_("Answers"), default={})
    lines_given: Sequence[Mapping[str, Any]] = ask(Kind.STRUCTURE, N_("Lines"), default=())
    party: int | None = ask(Kind.PERSON, N_("For"), default=None)

    def changes(self, case: Case) -> Changes:
        regime, level, roles = asks_for(case, self.approval or None, self.lines_given, self.given)
        lines = [{**line, "status": "listed"} for line in self.lines_given]
        _, changes = opened(
            case, self.slip, SlipState.SUBMITTED if roles else SlipState.APPROVED, action=self.act, answers=self.given,
            regime=regime.code if regime else None, level=level, lines=lines, roles=roles,
            party=self.party or self._in_whose_hands(case),
        )  # fmt: skip
        return changes

    def _in_whose_hands(self, case: Case) -> int | None:
        """For whom a loan is renewed: who has it."""
        hands = {case.book.carrier(line["carrier"]).hands for line in self.lines_given} if self.act == RENEWAL else ()
        return next(iter(hands)) if len(hands) == 1 else None

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return locked(self.slip, cases[0].subject.id, self.lines_given)


def slip_is_a_draft(_: Action, case: Case) -> Refusal | None:
    """Only a draft can be submitted."""
    return None if case.the_slip.state is SlipState.DRAFT else slip_is_now(case)


def slip_is_open(_: Action, case: Case) -> Refusal | None:
    """A closed, refused or cancelled slip is never changed."""
    return None if case.the_slip.is_open else slip_is_now(case)


def slip_is_ones_own(_: SubmitDraft | CancelSlip, case: Case) -> Refusal | None:
    """Who opened a slip or asked for it, or the registry, sends it on its way or gives it up; nobody else."""
    slip = case.the_slip
    if case.actor.id in (slip.opened_by, slip.party) or any(
        case.actor.holds(duty, case.today) for duty in ENTERS_PAPER
    ):
        return None
    return refuse(
        N_("Slip {slip} was opened by {name}."), slip=slip.number, name=case.book.person(slip.opened_by).name,
        remedy=says(N_("Ask them, or the registry.")),
    )  # fmt: skip


def slip_is_now(case: Case) -> Refusal:
    """The refusal that says where the slip stands."""
    slip = case.the_slip
    return refuse(N_("Slip {slip} is {state}."), slip=slip.number, state=says(SLIP_STATE_NAMES[slip.state]))


class SubmitDraft(Action):
    """Submit a draft with the lines that were scanned onto it."""

    code = "submit_draft"
    label = N_("Submit…")
    subject = Subject.SLIP
    told = N_("submitted for approval")
    duties = ()
    checks = (
        slip_is_a_draft,
        slip_is_ones_own,
        *WHAT_IS_APPLIED_FOR,
    )
    offered = False
    approval: str = ask(Kind.CODE, N_("Route"), default="")
    lines_given: Sequence[Mapping[str, Any]] = ask(Kind.STRUCTURE, N_("Lines"))
    given: Mapping[str, Any] = ask(Kind.STRUCTURE, N_("Answers"), default={})
    receiver: str = ask(Kind.CHOICE, N_("The receiver is"), default="", choices=RECEIVERS, late=True)

    def changes(self, case: Case) -> Changes:
        answers = {**case.the_slip.answers, **plain(self.given)}
        if self.receiver and case.the_slip.action in RECEIVER_IS:
            answers[RECEIVER_IS[case.the_slip.action]] = self.receiver
        regime, level, roles = asks_for(case, self.approval or None, self.lines_given, answers)
        return {
            "state": SlipState.SUBMITTED if roles else SlipState.APPROVED,
            "answers": Text(canonical(answers)),
            "regime": regime.code if regime else None,
            "level": level,
            "listed": len(self.lines_given),
            **listed({**line, "status": "listed"} for line in self.lines_given),
            **steps(roles),
            **fact({"submitted_by": case.actor.id}),
        }

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return locked(cases[0].the_slip.kind, cases[0].subject.id, self.lines_given)


def freed(case: Case) -> Mapping[Ref, Changes]:
    """The carriers this slip held, free of it."""
    slip = case.the_slip
    numbers = [line["carrier"] for line in case.book.lines_of(slip.id).values() if line.get("carrier")]
    case.book.load_carriers(numbers)
    return {
        Ref(Subject.CARRIER, number): {"slip": None} for number in numbers if case.book.carrier(number).slip == slip.id
    }


def nothing_was_carried_out(_: Action, case: Case) -> Refusal | None:
    """A slip that has moved carriers is finished, not cancelled."""
    slip, under_way = case.the_slip, lines_under_way(case)
    n = max(slip.done, under_way)
    if n == 0 and slip.state is not SlipState.SIGNED:
        return None
    # What was lent on it is back; the rest of the loan was never fetched, and nobody else can end it.
    if slip.kind == "loan" and under_way == 0 and slip.done < slip.listed:
        return None
    return refuse(
        N_("{n} lines of slip {slip} are already carried out."),
        n=n,
        slip=slip.number,
        remedy=says(N_("Finish it; each line can be undone by its own counter-act.")),
    )


def it_stands_for_no_envelope(_: Action, case: Case) -> Refusal | None:
    """What was signed for is opened and reconciled; its receipt and its clock are not given up."""
    if case.the_slip.kind != "receipt":
        return None
    return refuse(
        N_("Slip {slip} stands for an envelope that was signed for."), slip=case.the_slip.number,
        remedy=says(N_("Open it, or settle its discrepancy.")),
    )  # fmt: skip


class CancelSlip(Action):
    """Give up a slip that has moved nothing yet."""

    code = "cancel_slip"
    label = N_("Give this slip up…")
    subject = Subject.SLIP
    told = N_("cancelled the slip")
    duties = ()
    checks = (slip_is_open, slip_is_ones_own, nothing_was_carried_out, it_stands_for_no_envelope)
    reason: str = ask(Kind.TEXT, N_("Reason"))

    def changes(self, case: Case) -> Changes:
        slip = case.the_slip
        changes = ended(case, SlipState.CLOSED if slip.done else SlipState.CANCELLED)
        if slip.done:
            given_up = {no: line for no, line in case.book.lines_of(slip.id).items() if line["status"] == "listed"}
            changes |= {f"line.{no}": {**line, "status": "struck"} for no, line in given_up.items()} | {"due": None}
        return changes

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return freed(cases[0])


ACTIONS = (OpenSlip, Submit, SubmitDraft, CancelSlip)
