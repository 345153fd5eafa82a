"""The decisions on a slip's route: approved or refused, by whom, at the seat or on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from app.actions.vouchers import ENTERS_PAPER, freed, slip_is_now
from app.domain.action import Action, Case, Changes, Kind, Ref, Refusal, Subject, ask, refuse
from app.domain.carrier import PersonId
from app.domain.checks import CLERK, has_signed, is_here, role_name, signs_in_as
from app.domain.opening import ended
from app.domain.people import ON_PAPER, may_decide
from app.domain.slip import Slip, SlipState
from app.domain.words import N_, says


def slip_waits_for_approval(_: Action, case: Case) -> Refusal | None:
    """A decision is asked for."""
    slip = case.the_slip
    return None if slip.state is SlipState.SUBMITTED and slip.next_step else slip_is_now(case)


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
    """The originator's or authority's consent has a number and a date, which is no day to come."""
    step = case.the_slip.next_step
    if step is None or step.role not in ON_PAPER:
        return None
    role = role_name(case.regime, step.role)
    if not action.consent.strip():
        return refuse(
            N_("The written consent of the {role} needs its number."), role=role, field="consent",
            remedy=says(N_("Read the number off the consent; without one nothing was consented to in writing.")),
        )  # fmt: skip
    if action.consented is None:
        return refuse(
            N_("The written consent of the {role} needs its date."), role=role, field="consented",
            remedy=says(N_("Read the date off the consent.")),
        )  # fmt: skip
    if action.consented > case.today:
        return refuse(
            N_("The date of the consent {day} is in the future."), day=action.consented, field="consented",
            remedy=says(N_("Read the date off the consent.")),
        )  # fmt: skip
    return None


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
        account=signs_in_as(case, action.by),
    )


def decided_where_the_regime_says(action: Approve | RefuseSlip, case: Case) -> Refusal | None:
    """A regime may ask that its own people decide with their own password only."""
    step = case.the_slip.next_step
    rule = case.regime.seat_signature("approve") if case.regime is not None else None
    if action.how != "paper" or rule is None or not rule.value or (step is not None and step.role in ON_PAPER):
        return None
    return refuse(
        N_("This is decided with one's own password at the seat, not on paper."), citation=rule.citation,
        verified=rule.verified, field="how",
        remedy=says(N_("Have {name} sign here with their own password."), name=case.book.person(action.by).name),
    )  # fmt: skip


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
        decided_where_the_regime_says,
        paper_is_entered_by_the_registry,
    )
    by: PersonId = ask(Kind.PERSON, N_("Decided by"), suggest=the_actor)
    how: str = ask(Kind.CHOICE, N_("How"), default="seat", choices=HOW)
    consent: str = ask(Kind.CODE, N_("Number of the written consent"), default="")
    consented: date | None = ask(Kind.DATE, N_("Date of the written consent"), default=None)
    opinion: str = ask(Kind.TEXT, N_("Opinion"), default="")

    def changes(self, case: Case) -> Changes:
        slip, step = case.the_slip, case.the_slip.next_step
        if step is None:
            return {}
        decided = {
            "role": step.role, "decision": "approved", "by": self.by, "at": case.now.isoformat(timespec="seconds"),
            "how": self.how, **({"consent": self.consent} if self.consent else {}),
            **({"consented": self.consented.isoformat()} if self.consented else {}),
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
        decided_where_the_regime_says,
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
        return {f"step.{no}": decided, **ended(case, SlipState.REFUSED)}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return freed(cases[0])


ACTIONS = (Approve, RefuseSlip)
