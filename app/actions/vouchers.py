"""The steps of a slip: open, submit, approve, refuse, sign, cancel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.actions.applying import (
    asks_for,
    lines_are_free,
    lines_are_where_it_begins,
    lines_share_a_regime,
    locked,
    no_line_twice,
)
from app.actions.dispatch import channel_will_allow_the_level
from app.domain.action import NEW, Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import PersonId
from app.domain.checks import CLERK, has_signed, is_here, lines_under_way, role_name
from app.domain.ledger import canonical, plain
from app.domain.opening import fact, listed, opened, steps
from app.domain.people import ON_PAPER, may_decide
from app.domain.slip import SLIP_STATE_NAMES, Slip, SlipState
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


class Submit(Action):
    """Apply for an act: its code, answers and lines kept on a slip until the route has decided."""

    code = "submit"
    label = N_("Submit for approval…")
    subject = Subject.SLIP
    told = N_("submitted for approval")
    move = Move(NEW, SlipState.SUBMITTED)
    duties = ()
    checks = (
        lines_share_a_regime,
        no_line_twice,
        lines_are_free,
        lines_are_where_it_begins,
        channel_will_allow_the_level,
    )
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
            regime=regime.code if regime else None, level=level, lines=lines, roles=roles, party=self.party,
        )  # fmt: skip
        return changes

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return locked(self.slip, cases[0].subject.id, self.lines_given)


def slip_is_a_draft(_: Action, case: Case) -> Refusal | None:
    """Only a draft can be submitted."""
    return None if case.the_slip.state is SlipState.DRAFT else _is_now(case)


def slip_waits_for_approval(_: Action, case: Case) -> Refusal | None:
    """A decision is asked for."""
    slip = case.the_slip
    return None if slip.state is SlipState.SUBMITTED and slip.next_step else _is_now(case)


def slip_is_open(_: Action, case: Case) -> Refusal | None:
    """A closed, refused or cancelled slip is never changed."""
    return None if case.the_slip.is_open else _is_now(case)


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


def _is_now(case: Case) -> Refusal:
    slip = case.the_slip
    return refuse(N_("Slip {slip} is {state}."), slip=slip.number, state=says(SLIP_STATE_NAMES[slip.state]))


class SubmitDraft(Action):
    """Submit a draft with the lines that were scanned onto it."""

    code = "submit_draft"
    label = N_("Submit…")
    subject = Subject.SLIP
    told = N_("submitted the slip with {listed} lines")
    duties = ()
    checks = (
        slip_is_a_draft,
        slip_is_ones_own,
        lines_share_a_regime,
        no_line_twice,
        lines_are_free,
        lines_are_where_it_begins,
        channel_will_allow_the_level,
    )
    offered = False
    approval: str = ask(Kind.CODE, N_("Route"), default="")
    lines_given: Sequence[Mapping[str, Any]] = ask(Kind.STRUCTURE, N_("Lines"))
    given: Mapping[str, Any] = ask(Kind.STRUCTURE, N_("Answers"), default={})

    def changes(self, case: Case) -> Changes:
        answers = {**case.the_slip.answers, **plain(self.given)}
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


def decider_has_the_role(action: Approve | RefuseSlip, case: Case) -> Refusal | None:
    """The step is decided by somebody whose duty it is; outside roles decide by a written consent."""
    step, person = case.the_slip.next_step, case.book.person(action.by)
    if step is None or step.role in ON_PAPER:
        return None
    duties = [duty for duty in person.duties if person.holds(duty, case.today)]
    if may_decide(step.role, duties):
        return None
    return refuse(
        N_("{name} may not decide as {role}."),
        name=person.name,
        role=role_name(case.regime, step.role),
        remedy=says(N_("Choose somebody who has that duty.")),
        field="by",
    )


def applicants(slip: Slip) -> frozenset[int]:
    """Who opened the slip, who submitted it, and for whom."""
    people = (slip.opened_by, slip.facts.get("submitted_by"), slip.party, slip.answers.get("borrower"))
    return frozenset(person for person in people if person is not None)


def nobody_approves_their_own(action: Approve, case: Case) -> Refusal | None:
    """Who applied, or for whom it was applied, does not decide (domain.md 5.6 no. 5)."""
    slip = case.the_slip
    if action.by in applicants(slip) and (slip.next_step is None or slip.next_step.role not in ON_PAPER):
        return refuse(
            N_("{name} cannot approve their own request."),
            name=case.book.person(action.by).name,
            remedy=says(N_("Choose another approver.")),
            field="by",
        )
    return None


def steps_are_decided_by_different_people(action: Approve, case: Case) -> Refusal | None:
    """Who holds the duties of two steps decides one of them: the second look is another's."""
    slip, step = case.the_slip, case.the_slip.next_step
    if step is None or step.role in ON_PAPER or action.by not in deciders(slip):
        return None
    rule = case.the_regime.approvers_distinct()
    if not rule.value:
        return None
    return refuse(
        N_("{name} has already decided another step of slip {slip}."), name=case.book.person(action.by).name,
        slip=slip.number, citation=rule.citation, verified=rule.verified, field="by",
        remedy=says(N_("Have somebody else decide as {role}."), role=role_name(case.regime, step.role)),
    )  # fmt: skip


def deciders(slip: Slip) -> frozenset[int]:
    """Who has decided a step in its favour; whoever entered a consent from outside has decided nothing."""
    decided = (step for step in slip.steps if step.decision == "approved" and step.role not in ON_PAPER)
    return frozenset(step.by for step in decided if step.by is not None)


def consent_is_written(action: Approve, case: Case) -> Refusal | None:
    """The originator's or authority's consent has a number."""
    step = case.the_slip.next_step
    if step is None or step.role not in ON_PAPER or action.consent.strip():
        return None
    return refuse(
        N_("The written consent of the {role} needs its number."),
        role=role_name(case.regime, step.role),
        field="consent",
    )


def decider_is_known_to_decide(action: Approve | RefuseSlip, case: Case) -> Refusal | None:
    """A decision at the seat is by whoever is signed in or signed here; else it stands on returned paper."""
    step = case.the_slip.next_step
    if action.how == "paper" or (step is not None and step.role in ON_PAPER) or has_signed(case, action.by, "approver"):
        return None
    return Refusal(
        "signature:approver",
        says(N_("{name} has not signed here."), name=case.book.person(action.by).name),
        remedy=says(
            N_("Have {name} sign with their own password, or choose “on paper”."), name=case.book.person(action.by).name
        ),
        field="by",
    )


def paper_is_entered_by_the_registry(action: Approve | RefuseSlip, case: Case) -> Refusal | None:
    """What was decided on paper, here or outside, is entered by whoever keeps the paper, not by whoever wants it."""
    step = case.the_slip.next_step
    on_paper = action.how == "paper" or (step is not None and step.role in ON_PAPER)
    if not on_paper or any(case.actor.holds(duty, case.today) for duty in ENTERS_PAPER):
        return None
    return refuse(
        N_("A decision on paper is entered by the registry."),
        remedy=says(N_("Hand the signed paper to the registry.")),
        field="how",
    )


def decider_is_here(action: Approve | RefuseSlip, case: Case) -> Refusal | None:
    """Who has left decides nothing."""
    return is_here(case.book.person(action.by), "by")


HOW = (("seat", N_("at the seat, own password")), ("paper", N_("on the signed paper")))


def the_actor(case: Case) -> int | None:
    """Whoever is signed in, if it is for them to decide; anybody else has to be chosen."""
    slip, actor = case.the_slip, case.actor
    duties = [duty for duty in actor.duties if actor.holds(duty, case.today)]
    is_own = actor.id in applicants(slip) | deciders(slip)
    decides = slip.next_step is not None and may_decide(slip.next_step.role, duties)
    return actor.id if decides and not is_own else None


class Approve(Action):
    """Decide the next step of a slip's route in its favour."""

    code = "approve"
    label = N_("Approve…")
    subject = Subject.SLIP
    told = N_("approved the slip: {by}")
    duties = ()
    checks = (
        slip_waits_for_approval,
        decider_has_the_role,
        nobody_approves_their_own,
        steps_are_decided_by_different_people,
        consent_is_written,
        decider_is_here,
        decider_is_known_to_decide,
        paper_is_entered_by_the_registry,
    )
    by: PersonId = ask(Kind.PERSON, N_("Decided by"), suggest=the_actor)
    how: str = ask(Kind.CHOICE, N_("How"), default="seat", choices=HOW)
    consent: str = ask(Kind.CODE, N_("Number of the written consent"), default="")
    opinion: str = ask(Kind.TEXT, N_("Opinion"), default="")

    def changes(self, case: Case) -> Changes:
        slip, step = case.the_slip, case.the_slip.next_step
        if step is None:
            return {}
        decided = {
            "role": step.role, "decision": "approved", "by": self.by, "at": case.now.isoformat(timespec="seconds"),
            "how": self.how, **({"consent": self.consent} if self.consent else {}),
        }  # fmt: skip
        last = all(other.decision == "approved" or other.no == step.no for other in slip.steps)
        return {f"step.{step.no}": decided, **({"state": SlipState.APPROVED} if last else {})}


class RefuseSlip(Action):
    """Decide the next step against the slip; what it held is free again."""

    code = "refuse_slip"
    label = N_("Refuse…")
    subject = Subject.SLIP
    told = N_("refused the slip: {by}")
    duties = ()
    checks = (
        slip_waits_for_approval,
        decider_has_the_role,
        decider_is_here,
        decider_is_known_to_decide,
        paper_is_entered_by_the_registry,
    )
    by: PersonId = ask(Kind.PERSON, N_("Decided by"), suggest=the_actor)
    how: str = ask(Kind.CHOICE, N_("How"), default="seat", choices=HOW)
    reason: str = ask(Kind.TEXT, N_("Reason"))

    def changes(self, case: Case) -> Changes:
        step = case.the_slip.next_step
        no, role = (step.no, step.role) if step else (0, CLERK)
        decided = {
            "role": role,
            "decision": "refused",
            "by": self.by,
            "at": case.now.isoformat(timespec="seconds"),
            "how": self.how,
        }
        return {f"step.{no}": decided, "state": SlipState.REFUSED, "closed_at": case.now.isoformat(timespec="seconds")}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return freed(cases[0])


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
    label = N_("Cancel this slip…")
    subject = Subject.SLIP
    told = N_("cancelled the slip")
    duties = ()
    checks = (slip_is_open, slip_is_ones_own, nothing_was_carried_out, it_stands_for_no_envelope)
    reason: str = ask(Kind.TEXT, N_("Reason"))

    def changes(self, case: Case) -> Changes:
        slip = case.the_slip
        ended = SlipState.CLOSED if slip.done else SlipState.CANCELLED
        changes: Changes = {"state": ended, "closed_at": case.now.isoformat(timespec="seconds")}
        if slip.done:
            given_up = {no: line for no, line in case.book.lines_of(slip.id).items() if line["status"] == "listed"}
            changes |= {f"line.{no}": {**line, "status": "struck"} for no, line in given_up.items()} | {"due": None}
        return changes

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return freed(cases[0])


ACTIONS = (OpenSlip, Submit, SubmitDraft, Approve, RefuseSlip, CancelSlip)
