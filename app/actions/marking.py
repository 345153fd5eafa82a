"""What it is classified as: changed on a notice, lifted at its end, and the marks on the copies that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.domain.action import Action, Case, Changes, Kind, Ref, Refusal, Subject, ask, refuse
from app.domain.carrier import HELD, DocumentId, DocumentState, State
from app.domain.checks import level_is_known
from app.domain.classification import Classification, DatedPeriod, Period, PeriodKind, ends_after, lifts, objection_to
from app.domain.opening import ended, fact, opened
from app.domain.slip import SlipState
from app.domain.words import N_, says

SECRET = frozenset({DocumentState.CLASSIFIED, DocumentState.REGISTERED})


def document_is_secret(_: Action, case: Case) -> Refusal | None:
    """Only what is classified is changed or lifted."""
    if case.the_document.state in SECRET:
        return None
    return refuse(N_("The document is not classified, or not any more."))


def slip_is_for_this_document(action: ChangeLevel | Lift, case: Case) -> Refusal | None:
    """What was approved for one document is not done to another."""
    approved = case.slip is not None and case.slip.action == type(action).code
    if action.document == case.the_document.id or (action.document is None and not approved):
        return None
    return refuse(N_("The slip is for another document."), field="document")


def something_changes(action: ChangeLevel, case: Case) -> Refusal | None:
    """A change changes the level, the period or the scope."""
    document = case.the_document
    other_scope = bool(action.scope) and set(action.scope) != set(document.scope_units)
    if action.level != document.level or (action.period and action.period != document.period) or other_scope:
        return None
    return refuse(N_("Nothing would change."), field="level")


def received_is_changed_on_a_notice(action: ChangeLevel, case: Case) -> Refusal | None:
    """What was received is changed only on its originator's written notice (domain.md T43)."""
    document = case.the_document
    if not document.received or action.notice.strip():
        return None
    rule = case.the_regime.route("change_level", document.level, received=True, caveats=document.caveats)
    return refuse(
        N_("It was received: only its originator changes it, by a notice with a number."),
        citation=rule.citation,
        verified=rule.verified,
        remedy=says(N_("Enter the number of the notice, or propose the change to the originator.")),
        field="notice",
    )


def period_is_allowed(action: ChangeLevel, case: Case) -> Refusal | None:
    """The regime knows such a period, and the level is kept no longer than its ceiling."""
    regime, document = case.the_regime, case.the_document
    if not regime.has_level(action.level):
        return None
    try:
        period = _period(action.period or document.period)
    except ValueError:
        return refuse(N_("“{period}” is not a period."), period=action.period, field="period")
    objection = objection_to(action.level, period, document.issued, regime)
    if objection is None:
        return None
    return Refusal("", objection.reason, objection.citation, objection.verified, field="period")


def extended_before_it_ends(action: ChangeLevel, case: Case) -> Refusal | None:
    """A period is extended before its last day, never after."""
    document, named = case.the_document, case.the_regime.named_years().value
    if not action.period or document.lifts is None or case.today < document.lifts:
        return None
    try:
        new, old = (DatedPeriod(_period(each), document.issued) for each in (action.period, document.period))
    except ValueError:
        return None
    if not ends_after(new, old, named):
        return None
    rule = case.the_regime.auto_lift(document.caveats)
    return refuse(
        N_("The period ended on {day}; it cannot be extended any more."),
        day=document.lifts,
        citation=rule.citation,
        verified=rule.verified,
        remedy=says(N_("Lift it; what must stay secret is classified anew.")),
        field="period",
    )


def _period(text: str | None) -> Period | None:
    """The period; ValueError when the text is none, which `period_is_allowed` refuses."""
    return Period.parse(text) if text else None


def new_terms(action: ChangeLevel, case: Case) -> Changes:
    """What really becomes different: level, period and its last day, scope."""
    document = case.the_document
    found: Changes = {}
    if action.level != document.level:
        found["level"] = action.level
    if action.period and action.period != document.period:
        last = lifts(Classification(document.level, _period(action.period), document.issued), case.the_regime)
        found |= {"period": action.period, "lifts": last.isoformat() if last else None}
    if action.scope and set(action.scope) != set(document.scope_units):
        found["scope_units"] = sorted(action.scope)
    return found


def level_now(case: Case) -> str | None:
    """The level it has."""
    return case.document.level if case.document else None


def this_document(case: Case) -> int | None:
    """The document the act is on."""
    return case.document.id if case.document else None


class ChangeLevel(Action):
    """Give a document another level, period or scope; every copy we hold is to be marked anew."""

    code = "change_level"
    label = N_("Change level or period…")
    subject = Subject.DOCUMENT
    told = N_("level, period or scope changed on notice {notice}")
    checks = (
        document_is_secret,
        slip_is_for_this_document,
        something_changes,
        level_is_known,
        received_is_changed_on_a_notice,
        period_is_allowed,
        extended_before_it_ends,
    )
    route = "change_level"
    applied_for = ("document", "level", "period", "scope")
    slip_kind = "change"
    document: DocumentId | None = ask(Kind.DOCUMENT, N_("Document"), default=None, suggest=this_document)
    level: str = ask(Kind.LEVEL, N_("New level"), suggest=level_now)
    period: str = ask(Kind.PERIOD, N_("New period"), default="")
    scope: tuple[str, ...] = ask(Kind.UNITS, N_("New access scope"), default=())
    notice: str = ask(Kind.CODE, N_("Number of the notice"), default="")
    noticed: date | None = ask(Kind.DATE, N_("Date of the notice"), default=None)
    reason: str = ask(Kind.TEXT, N_("Reason"), default="")

    def changes(self, case: Case) -> Changes:
        return new_terms(self, case)

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        found: dict[Ref, Changes] = {}
        for case in cases:
            for ref in to_be_marked(case):
                carrier = case.book.carrier(ref.id)
                found[ref] = {"remark_due": True} | ({"level": self.level} if carrier.level != self.level else {})
        return found | closed_slip(cases[0], self.code, notice=self.notice or None, noticed=self.noticed)


def to_be_marked(case: Case) -> Sequence[Ref]:
    """The copies of the document that are on our charge."""
    copies = case.book.copies_of(case.the_document.id)
    return [Ref(Subject.CARRIER, copy.id) for copy in copies if copy.state in HELD]


def closed_slip(case: Case, code: str, **facts: Any) -> dict[Ref, Changes]:
    """The slip the change rested on, done; or one made for its number where no approval is asked for."""
    if case.slip is None:
        ref, changes = opened(
            case, "change", SlipState.CLOSED, action=code, regime=case.the_regime.code, level=case.the_document.level,
            facts=facts, closed_at=ended(case)["closed_at"],
        )  # fmt: skip
        return {ref: changes}
    return {Ref(Subject.SLIP, case.slip.id): ended(case) | fact(facts)}


def period_has_ended(action: Lift, case: Case) -> Refusal | None:
    """It is lifted on its day, or when its condition was recorded as come true; never before."""
    document = case.the_document
    if document.lifts is not None:
        if document.lifts <= case.today:
            return None
        return refuse(
            N_("It stays secret until {day}."),
            day=document.lifts,
            remedy=says(N_("Wait until then; only the originator lifts it earlier.")),
        )
    try:
        period = _period(document.period)
    except ValueError:
        period = None
    if period is not None and period.kind is PeriodKind.CONDITION and action.condition.strip():
        return None
    return refuse(
        N_("No day is known on which it ends."),
        remedy=says(N_("Say how its condition came true; without one only the originator lifts it.")),
        field="condition",
    )


def it_lifts_by_itself(_: Action, case: Case) -> Refusal | None:
    """Neither the regime nor a caveat asks for a decision at the end of the period."""
    answer = case.the_regime.auto_lift(case.the_document.caveats)
    if answer.value:
        return None
    return refuse(
        N_("It does not become free by itself when its period ends."),
        citation=answer.citation,
        verified=answer.verified,
        remedy=says(N_("Ask the originator.")),
    )


class Lift(Action):
    """Record that a document's period ended; its copies stay on charge and are to be marked anew."""

    code = "lift"
    label = N_("Lift at the end of the period…")
    subject = Subject.DOCUMENT
    told = N_("period ended, no secret any more")
    checks = (document_is_secret, slip_is_for_this_document, period_has_ended, it_lifts_by_itself)
    route = "lift"
    applied_for = ("document", "condition")
    slip_kind = "change"
    document: DocumentId | None = ask(Kind.DOCUMENT, N_("Document"), default=None, suggest=this_document)
    condition: str = ask(Kind.TEXT, N_("How its condition came true"), default="")

    def changes(self, case: Case) -> Changes:
        return {"state": DocumentState.LIFTED}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        marks: dict[Ref, Changes] = {ref: {"remark_due": True} for case in cases for ref in to_be_marked(case)}
        return marks | (closed_slip(cases[0], self.code) if cases[0].slip is not None else {})


def carrier_can_be_marked(_: Action, case: Case) -> Refusal | None:
    """Only what is on our charge and at hand is marked."""
    carrier = case.the_carrier
    if carrier.state in HELD - {State.MISSING, State.IN_TRANSIT, State.TO_DEST}:
        return None
    return refuse(N_("{number} is not at hand."), number=carrier.number)


def mark_is_to_be_changed(_: Action, case: Case) -> Refusal | None:
    """A mark is changed when the document's level, period or secrecy changed."""
    if case.the_carrier.remark_due:
        return None
    return refuse(N_("The mark on {number} is as it should be."), number=case.the_carrier.number)


class Remark(Action):
    """The old mark is crossed out, the new one stands beside it with initials."""

    code = "remark"
    label = N_("Re-marked")
    subject = Subject.CARRIER
    told = N_("marked anew")
    checks = (carrier_can_be_marked, mark_is_to_be_changed)
    duties = ("registry_clerk", "archivist")

    def changes(self, case: Case) -> Changes:
        return {"remark_due": False}


ACTIONS = (ChangeLevel, Lift, Remark)
