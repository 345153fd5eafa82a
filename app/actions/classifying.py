"""Classification: what a mark may say, proposed by the action officer, decided by the classification authority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from app.actions import deriving
from app.actions.deriving import period_of
from app.domain.action import NEW, Action, Case, Changes, Check, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import (
    DOCUMENT_STATE_NAMES,
    KIND_NAMES,
    CarrierKind,
    Document,
    DocumentId,
    DocumentState,
    PersonId,
)
from app.domain.checks import CLERK, is_cleared, is_here, level_is_known
from app.domain.classification import Classification, Objection, Period, lifts, objection_to, write_period
from app.domain.opening import ended, fact, opened, signed_parts
from app.domain.regime import Regime
from app.domain.slip import SlipState
from app.domain.words import N_, says


def objected(objection: Objection | None, field: str, remedy: str) -> Refusal | None:
    """An objection of the regime as a refusal at that question."""
    if objection is None:
        return None
    return Refusal("", objection.reason, objection.citation, objection.verified, says(remedy), None, field)


def period_is_readable(action: Any, _: Case) -> Refusal | None:
    """The period is years, months, a date, a condition or one of the regime's words."""
    if not action.period or period_of(action.period) is not None:
        return None
    return refuse(
        N_("“{period}” is no period."), period=action.period, field="period",
        remedy=says(N_("Give years, months, a date or a condition.")),
    )  # fmt: skip


def period_is_given(action: Any, case: Case) -> Refusal | None:
    """Where a secret must have a period, it is not left out."""
    regime = case.the_regime
    if action.period or not regime.has_level(action.level):
        return None
    rule = regime.period_if_missing(action.level)
    if rule.value is None:
        return None
    return refuse(
        N_("A secret of this level has a period, a date or a condition."), citation=rule.citation,
        verified=rule.verified, field="period", remedy=says(N_("Say how long it is to be kept secret.")),
    )  # fmt: skip


def period_is_allowed(action: Any, case: Case) -> Refusal | None:
    """The regime knows such periods, and the level's ceiling is kept."""
    regime, period = case.the_regime, period_of(action.period)
    if not regime.has_level(action.level):
        return None
    objection = objection_to(action.level, period, action.issued or case.today, regime)
    return objected(objection, "period", N_("Choose a shorter period or another level."))


def another_period_is_explained(action: ProposeClassification, case: Case) -> Refusal | None:
    """Where a level has its usual period, another one has its reason, which stands with the document (P28)."""
    regime, period = case.the_regime, period_of(action.period)
    if period is None or not regime.has_level(action.level) or action.exception.strip():
        return None
    rule = regime.default_period(action.level)
    if rule.value is None or rule.value == period or period in _of_its_sources(action, case):
        return None
    return refuse(
        N_("This level is usually kept secret for: {period}."), period=period_words(regime, rule.value),
        citation=rule.citation, verified=rule.verified, field="period",
        remedy=says(N_("Choose that period, or say why this one is another.")),
    )  # fmt: skip


def _is_derived(case: Case) -> bool:
    """Whether it is made from secrets, which are its basis then."""
    return bool(deriving.secret_sources(case.sources, case))


def _of_its_sources(action: ProposeClassification, case: Case) -> tuple[Period | None, ...]:
    """The period that its sources give it, on its date or as proposed today: it needs no other reason or basis."""
    found = (deriving.taken(case.sources, case, issued) for issued in (action.issued, case.today))
    return tuple(each.period for each in found if each is not None)


def period_words(regime: Regime, period: Period) -> str:
    """A period as the regime writes it on its marks."""
    return write_period(period, regime) or str(period)


def express_basis_is_named(action: Any, case: Case) -> Refusal | None:
    """A kind of period that needs an express provision has its basis."""
    period, rule = period_of(action.period), case.the_regime.kinds_with_basis()
    if period is None or period.kind not in rule.value or action.basis.strip():
        return None
    if period in _of_its_sources(action, case):
        return None
    return refuse(
        N_("Such a period needs a provision that names it expressly."), citation=rule.citation,
        verified=rule.verified, field="basis", remedy=says(N_("Name the provision, or choose another period.")),
    )  # fmt: skip


def caveats_are_known(action: Any, case: Case) -> Refusal | None:
    """Every caveat is on the regime's closed list."""
    known = {answer.value.code for answer in case.the_regime.caveats()}
    unknown = [caveat for caveat in action.caveats if caveat not in known]
    if not unknown:
        return None
    return refuse(
        N_("{caveat} is not a caveat of this regime."), caveat=unknown[0], field="caveats",
        remedy=says(N_("Choose from the regime's list.")),
    )  # fmt: skip


def no_sign_of_another_regime(action: Any, case: Case) -> Refusal | None:
    """What is no state secret never bears its sign, in no field that is printed (domain.md 2.1: no fake mark)."""
    marks = case.the_regime.rules.marks
    for field in ("period", "title", "short_title", "reference", "basis"):
        words = str(getattr(action, field, "") or "")
        sign = next((sign for sign in marks.forbidden if sign in words), None)
        if sign is not None:
            return refuse(
                N_("{sign} is the sign of state secrets; it may not stand on this one."), sign=sign, field=field,
                citation=marks.source, verified=marks.verified, remedy=says(N_("Leave the sign out.")),
            )  # fmt: skip
    return None


def scope_is_given(action: ProposeClassification, _: Case) -> Refusal | None:
    """Units or people who may know it are named."""
    if action.scope_units or action.scope_people:
        return None
    return refuse(
        N_("Nobody is in the access scope."), field="scope_units",
        remedy=says(N_("Name units or, better, people; as few as the work allows.")),
    )  # fmt: skip


def basis_is_given(action: ProposeClassification, case: Case) -> Refusal | None:
    """Where an authority decides, the provision it rests on is named."""
    regime = case.the_regime
    if action.basis.strip() or _is_derived(case) or not regime.has_level(action.level):
        return None
    rule = regime.route("classify", action.level)
    if "classification_authority" not in [str(role) for role in rule.value]:
        return None
    return refuse(
        N_("The basis of the classification is not named."), citation=rule.citation, verified=rule.verified,
        field="basis", remedy=says(N_("Name the provision and its item, or the document it is derived from.")),
    )  # fmt: skip


def judged_at(case: Case, regime: Regime, level: str, caveats: Sequence[str] = ()) -> Case:
    """The case as if it were about a document of that level, which the register does not have yet."""
    document = Document(DocumentId(0), regime.code, level, DocumentState.PROPOSED, caveats=tuple(caveats))
    return replace(case, document=document, regime=regime, carrier=None)


def drafter_may_touch_it(action: ProposeClassification, case: Case) -> Refusal | None:
    """The drafter is here and cleared for the level proposed: a draft takes it at once."""
    if not case.the_regime.has_level(action.level):
        return None
    person = case.book.person(action.drafter or case.actor.id)
    return is_here(person, "drafter") or is_cleared(judged_at(case, case.the_regime, action.level), person, "drafter")


def people_in_scope_are_cleared(action: Any, case: Case) -> Refusal | None:
    """Everybody named in the scope is here and cleared for the level."""
    if not case.the_regime.has_level(action.level):
        return None
    proposed = judged_at(case, case.the_regime, action.level)
    for number in action.scope_people:
        person = case.book.person(number)
        if refusal := is_here(person, "scope_people") or is_cleared(proposed, person, "scope_people"):
            return refusal
    return None


MARK_CHECKS = (
    level_is_known,
    period_is_readable,
    period_is_allowed,
    caveats_are_known,
    no_sign_of_another_regime,
    people_in_scope_are_cleared,
)
"""What holds for every mark, our own or one that came in."""

PROPOSAL_CHECKS: tuple[Check, ...] = (
    *MARK_CHECKS, period_is_given, another_period_is_explained, express_basis_is_named, scope_is_given, basis_is_given,
    drafter_may_touch_it, *deriving.DERIVATION_CHECKS,
)  # fmt: skip


class ProposeClassification(Action):
    """Propose level, period and access scope of a new document; the slip goes to the classification authority."""

    code = "propose_classification"
    label = N_("Propose a classification…")
    subject = Subject.DOCUMENT
    told = N_("proposed as {level}")
    move: ClassVar[Move | None] = Move(NEW, DocumentState.PROPOSED)
    checks: ClassVar[tuple[Check, ...]] = PROPOSAL_CHECKS
    prints = ("classification_slip",)
    duties = ()
    slip_kind = "classification"
    title: str = ask(Kind.TEXT, N_("Title"))
    short_title: str = ask(Kind.TEXT, N_("Unclassified short title"))
    sources: tuple[DocumentId, ...] = ask(
        Kind.DOCUMENTS, N_("Made from"), default=(), suggest=deriving.sources_before, leads=True
    )
    regime: str = ask(Kind.REGIME, N_("Regime"), suggest=deriving.regime_taken)
    level: str = ask(Kind.LEVEL, N_("Level"), suggest=deriving.level_taken)
    period: str = ask(Kind.PERIOD, N_("Period"), default="", suggest=deriving.period_taken)
    exception: str = ask(Kind.TEXT, N_("Why another period than usual at this level"), default="")
    caveats: tuple[str, ...] = ask(Kind.CAVEATS, N_("Caveats"), default=(), suggest=deriving.caveats_taken)
    scope_units: tuple[str, ...] = ask(
        Kind.UNITS, N_("Units that may know it"), default=(), suggest=deriving.units_taken
    )
    scope_people: tuple[PersonId, ...] = ask(
        Kind.PEOPLE, N_("People who may know it"), default=(), suggest=deriving.people_taken
    )  # fmt: skip
    departure: str = ask(Kind.LONG_TEXT, N_("Why not as what it is made from"), default="", late=True)
    basis: str = ask(Kind.TEXT, N_("Basis"), default="")
    points: str = ask(Kind.LONG_TEXT, N_("What in it is secret"), default="")
    reference: str = ask(Kind.CODE, N_("Reference number"), default="")
    issued: date | None = ask(Kind.DATE, N_("Date of issue"), default=None)
    may_copy: bool = ask(Kind.FLAG, N_("May be copied"), default=True)
    carried_on: str = ask(
        Kind.CARRIER_KIND, N_("Carried on"), default=CarrierKind.PAPER, choices=tuple(KIND_NAMES.items())
    )
    copies: int = ask(Kind.NUMBER, N_("Copies to be made"), default=1)
    drafter: PersonId | None = ask(Kind.PERSON, N_("Action officer"), default=None)

    def changes(self, case: Case) -> Changes:
        given: Changes = {
            "regime": case.the_regime.code, "level": self.level, "state": DocumentState.PROPOSED,
            "title": Text(self.title), "short_title": Text(self.short_title), "period": self.period or None,
            "caveats": self.caveats, "scope_units": self.scope_units, "scope_people": self.scope_people,
            "may_copy": self.may_copy, "received": False, "drafter": self.drafter or case.actor.id,
            "reference": self.reference or None, "issued": self.issued, "sources": self.sources or None,
            "basis": Text(self.basis) if self.basis.strip() else None,
            "remarks": Text(self.exception) if self.exception.strip() else None,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first, regime = cases[0], cases[0].the_regime
        rule = regime.route("classify", self.level, caveats=self.caveats)
        own = [str(role) for role in rule.value if role != CLERK]
        roles = list(dict.fromkeys((*deriving.roles_of_the_sources(first), *own)))
        drafter = self.drafter or first.actor.id
        ref, changes = opened(
            first, "classification", SlipState.SUBMITTED if roles else SlipState.APPROVED, action=Classify.code,
            regime=regime.code, level=self.level, roles=roles, party=drafter,
            facts={
                "document": first.subject.id, "carried_on": self.carried_on, "copies": self.copies, "drafter": drafter,
            },
        )  # fmt: skip
        if self.points.strip():
            changes["fact.points"] = Text(self.points)
        if self.departure.strip() and deriving.departs(self, first):
            changes["fact.departure"] = Text(self.departure)
            changes |= fact({deriving.EXCUSED: deriving.excused(self, first)})
        return {first.subject: {"slip": ref.id}, ref: changes}


def document_is_proposed(_: Action, case: Case) -> Refusal | None:
    """Only what is proposed is decided or proposed anew."""
    document = case.the_document
    if document.state is DocumentState.PROPOSED:
        return None
    return refuse(
        N_("The document is {state}."), state=says(DOCUMENT_STATE_NAMES[document.state]),
        remedy=says(N_("A change of level or period has its own slip.")),
    )  # fmt: skip


def regime_stays(action: Any, case: Case) -> Refusal | None:
    """A document is classified under one regime from its first proposal."""
    if action.regime == case.the_document.regime:
        return None
    return refuse(
        N_("The document belongs to another regime."), field="regime", remedy=says(N_("Propose a new document."))
    )


def no_proposal_is_waiting(_: Action, case: Case) -> Refusal | None:
    """The former proposal was refused or cancelled before another is made."""
    number = case.the_document.slip
    slip = case.book.slip(number) if number is not None else None
    if slip is None or not slip.is_open:
        return None
    return refuse(
        N_("Slip {slip} still proposes a classification."), slip=slip.number,
        remedy=says(N_("Finish or cancel slip {slip} first."), slip=slip.number),
    )  # fmt: skip


MAY_BE_UNSAID = ("period", "reference", "issued", "basis", "remarks", "sources")
"""Fields of a document that a proposal may leave out."""


class AmendProposal(ProposeClassification):
    """Propose again what was refused or cancelled, with other answers and on a new slip."""

    code = "amend_proposal"
    label = N_("Propose again…")
    told = N_("proposed again as {level}")
    move = None
    checks = (document_is_proposed, regime_stays, no_proposal_is_waiting, *PROPOSAL_CHECKS)

    def changes(self, case: Case) -> Changes:
        # What the former proposal said and this one does not would stand on its slip as if it were said.
        return dict.fromkeys(MAY_BE_UNSAID) | super().changes(case)


def slip_is_of_this_document(_: Action, case: Case) -> Refusal | None:
    """The slip proposes this document's classification and no other's."""
    if case.slip is not None and case.slip.facts.get("document") == case.subject.id:
        return None
    return refuse(
        N_("The slip does not propose this document."), remedy=says(N_("Open the document's own classification slip."))
    )


def issued_by_today(action: Classify, case: Case) -> Refusal | None:
    """The period counts from a day that has come."""
    if action.issued <= case.today:
        return None
    return refuse(N_("The date of issue {day} is in the future."), day=action.issued, field="issued")


def period_outlasts_its_issue(action: Classify, case: Case) -> Refusal | None:
    """The approved period still fits when it counts from the marked date."""
    document = case.the_document
    objection = objection_to(document.level, period_of(document.period or ""), action.issued, case.the_regime)
    return objected(objection, "issued", N_("Check the date of issue, or propose another period."))


class Classify(Action):
    """Enter the decision of the classification authority: from here the document has its mark."""

    code = "classify"
    label = N_("Classify…")
    subject = Subject.DOCUMENT
    told = N_("classified; issued {issued}")
    checks = (
        document_is_proposed,
        slip_is_of_this_document,
        issued_by_today,
        period_outlasts_its_issue,
        deriving.still_as_its_sources,
    )
    route = "classify"
    duties = (CLERK, "classification_authority", "secrecy_officer")
    slip_kind = "classification"
    issued: date = ask(Kind.DATE, N_("Date of issue"), suggest=lambda case: case.the_document.issued or case.today)
    reference: str = ask(Kind.CODE, N_("Reference number"), default="")

    def changes(self, case: Case) -> Changes:
        document = case.the_document
        found = Classification(document.level, period_of(document.period or ""), self.issued, document.caveats)
        changes: Changes = {
            "state": DocumentState.CLASSIFIED, "issued": self.issued, "lifts": lifts(found, case.the_regime),
        }  # fmt: skip
        return changes | ({"reference": self.reference} if self.reference else {})

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first = cases[0]
        closed = {**ended(first), **signed_parts(first), **fact({"issued": self.issued})}
        return {Ref(Subject.SLIP, first.the_slip.id): closed}


ACTIONS = (ProposeClassification, AmendProposal, Classify)
