"""Rules that several actions share; each reads as the sentence that should be true."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from app.domain.action import Action, Case, Changes, Refusal, Subject, refuse
from app.domain.carrier import OUT, STATE_NAMES, Carrier, CarrierKind, Person, PersonId, State
from app.domain.ledger import plain
from app.domain.regime import Demand, Regime
from app.domain.slip import SLIP_STATE_NAMES, Slip, SlipState
from app.domain.words import N_, Says, Term, says

CLERK = "registry_clerk"


def level_of(case: Case) -> str | None:
    """The level the act is judged at: the carrier's own, else its document's, else the slip's."""
    if case.carrier is not None:
        return case.carrier.level
    if case.document is not None:
        return case.document.level
    return case.slip.level if case.slip else None


def route_of(action: type[Action], case: Case) -> tuple[tuple[str, ...], str, bool]:
    """The approvals the regime asks for this act at this level (roles, citation, verified); the clerk's own is none."""
    level = level_of(case)
    if action.route is None or case.regime is None or level is None:
        return (), "", True
    document = case.document
    caveats, received = (document.caveats, document.received) if document else ((), False)
    answer = case.regime.route(action.route, level, received=received, caveats=caveats)
    return tuple(str(role) for role in answer.value if role != CLERK), answer.citation, answer.verified


def act_is_allowed(action: Action, case: Case) -> Refusal | None:
    """The regime lets somebody in the unit approve the act at this level, and no caveat forbids it."""
    level, route = level_of(case), type(action).route
    if route is None or case.regime is None or level is None:
        return None
    answer = case.regime.allows(route, level, caveats=case.document.caveats if case.document else ())
    if answer.value:
        return None
    return refuse(
        N_("At this level nobody here may approve this act."), citation=answer.citation, verified=answer.verified,
        remedy=says(N_("Ask the originator or the competent authority.")),
    )  # fmt: skip


def its_slip_is_open(action: Action, case: Case) -> Refusal | None:
    """What an act rests on is a slip that still wants something done, and one that may carry such an act."""
    slip, kind = case.slip, type(action).slip_kind
    if slip is None or case.authority.slip != slip.id or action.subject not in (Subject.CARRIER, Subject.DOCUMENT):
        return None
    if not slip.is_open:
        return refuse(N_("Slip {slip} is {state}."), slip=slip.number, state=says(SLIP_STATE_NAMES[slip.state]))
    if kind in (None, slip.kind) or slip.action == action.code or route_of(type(action), case)[0]:
        return None
    return refuse(N_("Slip {slip} approves something else."), slip=slip.number)


def is_approved(action: Action, case: Case) -> Refusal | None:
    """Where the regime asks for approvals, an approved slip says exactly this act on exactly this carrier."""
    roles, citation, verified = route_of(type(action), case)
    if not roles:
        return None
    slip = case.slip
    if slip is None or slip.action != action.code:
        return Refusal(
            "needs_approval",
            says(N_("At this level it must be approved by: {roles}."), roles=role_names(case.the_regime, roles)),
            citation,
            verified,
            says(N_("Submit it for approval.")),
        )
    if slip.state not in (SlipState.APPROVED, SlipState.EXECUTING, SlipState.SIGNED):
        waiting = slip.next_step
        return refuse(
            N_("Slip {slip} is not approved yet: it waits for {role}."),
            slip=slip.number,
            role=role_name(case.the_regime, waiting.role) if waiting else "",
            citation=citation,
            verified=verified,
            remedy=says(N_("Have it decided on the slip's page.")),
        )
    if not says_what_was_approved(action, slip):
        return refuse(
            N_("Slip {slip} approves something else."),
            slip=slip.number,
            citation=citation,
            remedy=says(N_("Carry out what was approved, or submit a new slip.")),
        )
    if refusal := _waits_on_its_slip(case, slip, citation):
        return refusal
    return route_was_decided(case, action.route or "", foreign=bool(getattr(action, "foreign", False)))


def says_what_was_approved(action: Action, slip: Slip) -> bool:
    """Every answer on the slip is the act's, and what an approval must cover was not left out to be filled in later."""
    answers = {name: plain(getattr(action, name)) for name in slip.answers if hasattr(action, name)}
    left_out = (each for each in fields(action) if each.name in action.applied_for and each.name not in slip.answers)  # type: ignore[arg-type]
    return answers == dict(slip.answers) and all(getattr(action, each.name) == each.default for each in left_out)


DONE_WITH = frozenset(
    {"returned", "renewed", "filed", "transferred", "acknowledged", "destroyed", "struck", "done", "void"}
)
"""What a line says once the act was carried out on it; an approval serves once."""


def _waits_on_its_slip(case: Case, slip: Slip, citation: str) -> Refusal | None:
    if case.carrier is None:
        return None
    number, line = case.carrier.number, case.book.line_of(slip.id, case.carrier.id)
    if line is None:
        return refuse(N_("{number} is not on slip {slip}."), number=number, slip=slip.number, citation=citation)
    if line[1]["status"] in DONE_WITH:
        return refuse(N_("{number} is not waiting on this list."), number=number, citation=citation)
    return None


def route_was_decided(case: Case, route: str, *, foreign: bool = False) -> Refusal | None:
    """The slip was decided by everybody the regime asks for this act, whatever route it was submitted by."""
    slip, regime, level, document = case.slip, case.regime, level_of(case), case.document
    if slip is None or regime is None or level is None:
        return None
    answer = regime.route(
        route,
        regime.highest(found for found in (level, slip.level) if found),
        foreign=foreign,
        received=document.received if document else False,
        caveats=document.caveats if document else (),
    )
    decided = {step.role for step in slip.steps if step.decision == "approved"}
    missing = [str(role) for role in answer.value if role != CLERK and role not in decided]
    if not missing:
        return None
    return Refusal(
        "route_was_decided",
        says(N_("Slip {slip} was not decided by: {roles}."), slip=slip.number, roles=role_names(regime, missing)),
        answer.citation,
        answer.verified,
        says(N_("Submit it for approval again, by the whole route.")),
    )


UNDER_WAY = OUT | {State.IN_PREP, State.HANDOVER, State.PEND_DEST, State.MISSING}
"""States into which a slip brings its carriers, and out of which only the acts of that slip lead."""


def lines_under_way(case: Case) -> int:
    """How many carriers the slip has moved and not yet brought to an end."""
    slip = case.the_slip
    numbers = [line["carrier"] for line in case.book.lines_of(slip.id).values() if line.get("carrier")]
    case.book.load_carriers(numbers)
    return sum(each.slip == slip.id and each.state in UNDER_WAY for each in map(case.book.carrier, numbers))


def role_name(regime: Regime | None, role: str) -> Term | str:
    """What the regime calls a role."""
    if regime is None:
        return role
    names = regime.role_name(role)
    return Term(names.zh, names.en)


def role_names(regime: Regime, roles: Sequence[str]) -> tuple[Term | str, ...]:
    """Roles in words, in their order."""
    return tuple(role_name(regime, role) for role in roles)


def first_be(states: Iterable[State]) -> Says:
    """What a carrier must be before an act: the one state, or any of several."""
    names = tuple(says(STATE_NAMES[each]) for each in sorted(states))
    if len(names) == 1:
        return says(N_("It must first be: {states}."), states=names)
    return says(N_("It must first be one of these: {states}."), states=names)


def is_where(carrier: Carrier, states: frozenset[State], field: str | None = None) -> Refusal | None:
    """The carrier is in one of these states."""
    if carrier.state in states:
        return None
    return refuse(
        N_("{number} is {state}."), number=carrier.number, state=says(STATE_NAMES[carrier.state]), field=field,
        remedy=first_be(states),
    )  # fmt: skip


def level_is_known(action: Any, case: Case) -> Refusal | None:
    """The level is one of the regime's own."""
    if case.the_regime.has_level(action.level):
        return None
    return refuse(
        N_("{level} is not a level of this regime."), level=action.level, field="level",
        remedy=says(N_("Choose one of the regime's levels.")),
    )  # fmt: skip


def are_of_one_regime(case: Case, remedy: Says) -> Refusal | None:
    """What the act is on is judged by one regime."""
    carriers = [case.book.carrier(ref.id) for ref in case.together]
    codes = {case.book.document(carrier.document).regime for carrier in carriers}
    if len(codes) < 2:
        return None
    return refuse(N_("The lines belong to {n} different regimes."), n=len(codes), remedy=remedy)


def level_name(regime: Regime, level: str) -> Term:
    """What the regime calls a level; in English its own term stands first, since the English pairs are inconsistent."""
    names = regime.level(level).value.name
    own_first = regime.rules.language == "zh" and names.zh != names.en
    return Term(names.zh, f"{names.zh} {names.en}" if own_first else names.en)


def is_cleared(case: Case, person: Person, field: str | None = None) -> Refusal | None:
    """The person's clearance covers the level."""
    regime, level = case.the_regime, level_of(case)
    if level is None:
        return None
    clearance = person.clearances.get(regime.code)
    answer = regime.permits(clearance, level)
    if answer.value:
        return None
    return refuse(
        N_("{name} is cleared for {clearance}, this is {level}.")
        if clearance
        else N_("{name} has no clearance for {level}."),
        name=person.name,
        clearance=level_name(regime, clearance) if clearance else "",
        level=level_name(regime, level),
        citation=answer.citation,
        verified=answer.verified,
        remedy=says(N_("Choose another person, or have the clearance widened.")),
        field=field,
    )


def is_in_scope(case: Case, person: Person, field: str | None = None) -> Refusal | None:
    """The person, or where no caveat asks for names the person's department, is in the document's access scope."""
    document, regime = case.the_document, case.the_regime
    if person.id in document.scope_people:
        return None
    caveats = (regime.caveat(code) for code in document.caveats)
    by_name = next((each for each in caveats if Demand.NAMED_READERS_ONLY in each.value.demands), None)
    if by_name is None and not {"*", person.department}.isdisjoint(document.scope_units):
        return None
    rule = by_name if by_name is not None else regime.route("widen_scope", document.level)
    return refuse(
        N_("{name} is not in the access scope of this document."),
        name=person.name,
        citation=rule.citation,
        verified=rule.verified,
        remedy=says(N_("Choose another reader, or have the scope widened.")),
        field=field,
    )


def is_here(person: Person, field: str | None = None) -> Refusal | None:
    """Nobody who has left is given anything."""
    if person.open:
        return None
    return refuse(N_("{name} has left."), name=person.name, remedy=says(N_("Choose another person.")), field=field)


def may_see_it(case: Case, number: PersonId | None, field: str) -> Refusal | None:
    """Whoever has a copy or its waste in hand is here and cleared for it: drafts and waste are of the same level."""
    if number is None:
        return None
    person = case.book.person(number)
    return is_here(person, field) or is_cleared(case, person, field)


def nobody_is_alone_with_it(action: Any, case: Case) -> Refusal | None:
    """Where the regime lets nobody be alone with the level, a second cleared person stays beside whoever has it."""
    level = level_of(case)
    if level is None:
        return None
    alone = getattr(action, "borrower", None) or getattr(action, "maker", None) or case.actor.id
    rule = case.the_regime.two_person_presence(level)
    if action.beside is None:
        if not rule.value:
            return None
        return refuse(
            N_("Nobody is alone with {level}; {name} has nobody beside them."),
            level=level_name(case.the_regime, level), name=case.book.person(alone).name, citation=rule.citation,
            verified=rule.verified, field="beside",
            remedy=says(N_("Name a second cleared person who stays as long as it is out.")),
        )  # fmt: skip
    who = says(N_("Who has it and who stays beside"))
    return are_different((alone, action.beside), who, "beside") or may_see_it(case, action.beside, "beside")


def are_different(people: Sequence[PersonId | int | None], what: Says, field: str | None = None) -> Refusal | None:
    """All of them are different people."""
    named = [person for person in people if person is not None]
    if len(set(named)) == len(named):
        return None
    return refuse(
        N_("{what} must be different people."), what=what, remedy=says(N_("Choose another person.")), field=field
    )


PAGED = frozenset({CarrierKind.PAPER, CarrierKind.NOTEBOOK})
"""What is leafed through; a disc that comes back is counted as well, but its number says nothing of what is on it."""
MOST_AT_FIRST = 2_000
"""A first count above this is a slip of the hand; whoever really has more enters it with a second clerk."""


def pages_agree(_: Action, case: Case) -> Refusal | None:
    """The pages counted are the pages on record; a difference is an incident, not a return."""
    counted, carrier = case.answer("pages"), case.the_carrier
    if counted is None or counted == carrier.pages:
        return None
    if carrier.pages is None:
        return _first_count_is_plausible(carrier, counted)
    return refuse(
        N_("{number} has {counted} pages, the register says {pages}."),
        number=carrier.number,
        counted=counted,
        pages=carrier.pages,
        field="pages",
        remedy=says(N_("Count again; if pages are missing, report the carrier missing.")),
    )


def _first_count_is_plausible(carrier: Carrier, counted: int) -> Refusal | None:
    """Where the book has no count, as after an import, one is taken that somebody can have meant."""
    if (1 if carrier.kind in PAGED else 0) <= counted <= MOST_AT_FIRST:
        return None
    return refuse(
        N_("{counted} is no number of pages for {number}; the register has no count of it."), counted=counted,
        number=carrier.number, field="pages",
        remedy=says(N_("Count again; what has more than {most} is corrected by two clerks first."), most=MOST_AT_FIRST),
    )  # fmt: skip


def first_count(case: Case) -> Changes:
    """The count that the book had not: from now on every other count is judged by it."""
    carrier, counted = case.the_carrier, case.answer("pages")
    return {"pages": counted} if carrier.pages is None and carrier.kind in PAGED and counted else {}


def within_days(due: date, start: date, days: int) -> bool:
    """Whether the due date is no later than so many days after the start."""
    return due <= start + timedelta(days=days)


def has_signed(case: Case, person: int, role: str) -> bool:
    """Whether the act carries that person's signature in that role; the actor signs by being signed in."""
    if person == case.actor.id:
        return True
    return any(s.person == person and s.role in (role, "") for s in case.authority.signatures)


def somebody_else_signed(case: Case) -> bool:
    """Whether a second person who is here stands behind the act, in whatever role."""
    signers = {signature.person for signature in case.authority.signatures} - {case.actor.id}
    return any(case.book.person(number).open for number in signers)


def signature_of(case: Case, person: int | None, role: str, what: Says) -> Refusal | None:
    """The named person signed this act, at the seat or on returned paper."""
    if person is None or has_signed(case, person, role):
        return None
    name = case.book.person(person).name
    return Refusal(
        f"signature:{role}", says(N_("{name} has not signed as {what}."), name=name, what=what),
        remedy=says(
            N_("Have {name} sign here with their own password, or print the form and scan it back signed."), name=name
        ),
        account=signs_in_as(case, person),
    )  # fmt: skip


def signs_in_as(case: Case, person: int) -> str:
    """The account of a person; empty when they have none."""
    own = case.book.account_of(person)
    return own.login if own is not None else ""
