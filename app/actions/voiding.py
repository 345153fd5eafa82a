"""Spoiled copies: made void by two people, with the slip that says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.actions.making import job_of
from app.domain.action import Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask
from app.domain.carrier import Label, PersonId, State
from app.domain.checks import are_different, is_here, may_see_it, signature_of
from app.domain.opening import ended, fact, line_done, opened, signed_parts
from app.domain.slip import SlipState
from app.domain.words import N_, says


def two_people_void(action: Any, case: Case) -> Refusal | None:
    """A copy or a number is made void by two people."""
    rule = case.the_regime.correction_persons()
    who = says(N_("The clerk and the second person"))
    refusal = are_different((case.actor.id, action.second), who, "second")
    if refusal is not None:
        return Refusal(
            refusal.rule, refusal.reason, rule.citation, rule.verified, refusal.remedy, refusal.subject, refusal.field
        )
    return is_here(case.book.person(action.second), "second")


def second_person_signs(action: Any, case: Case) -> Refusal | None:
    """The second person signed."""
    return signature_of(case, action.second, "second", says(N_("second person")))


def voucher(action: Action, cases: Sequence[Case], status: str, reason: str) -> tuple[Ref, Changes]:
    """The slip that says why carriers are no more: the approved one, else one opened and closed by the act."""
    first, slip = cases[0], cases[0].slip
    end: Changes = {**ended(first), "done": len(cases), **signed_parts(first)}
    if slip is None:
        lines = [{"carrier": case.subject.id, "status": status} for case in cases]
        ref, changes = opened(
            first, "correction", SlipState.CLOSED, action=action.code, regime=first.the_regime.code,
            level=first.the_regime.highest(case.the_carrier.level for case in cases), lines=lines,
        )  # fmt: skip
        return ref, {**changes, **end, "fact.reason": Text(reason)}
    for case in cases:
        end |= line_done(case, slip.id, case.subject.id, status)
    return Ref(Subject.SLIP, slip.id), {**end, "fact.reason": Text(reason)}


def waste_was_destroyed_by_one_cleared(action: VoidDraft, case: Case) -> Refusal | None:
    """The sheets of a void copy are as secret as the copy was."""
    return may_see_it(case, action.waste_by, "waste_by")


class VoidDraft(Action):
    """Make a spoiled copy void before it was ever given out; two people, its sheets destroyed."""

    code = "void_draft"
    label = N_("Void this copy…")
    subject = Subject.CARRIER
    told = N_("made void; its sheets were destroyed by {waste_by}")
    move = Move({State.IN_PREP}, State.VOID)
    checks = (two_people_void, second_person_signs, waste_was_destroyed_by_one_cleared)
    route = "void_draft"
    slip_kind = "correction"
    reason: str = ask(Kind.TEXT, N_("Reason"))
    second: PersonId = ask(Kind.PERSON, N_("Second person"))
    waste_by: PersonId = ask(Kind.PERSON, N_("Waste destroyed by"))

    def changes(self, case: Case) -> Changes:
        return {"label": Label.RETIRED}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        found: dict[Ref, Changes] = {}
        for case in cases:
            job = job_of(case)
            if job is None:
                continue
            done = line_done(case, job.id, case.the_carrier.id, "void", pages=case.the_carrier.pages)
            found.setdefault(Ref(Subject.SLIP, job.id), {}).update(done)
        ref, changes = voucher(self, cases, "void", self.reason)
        return {ref: changes | fact({"waste_by": self.waste_by, "second": self.second}), **found}


ACTIONS = (VoidDraft,)
