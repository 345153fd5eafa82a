"""What is made from classified documents is classified as they are: what follows for a proposal, what excuses it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.domain.action import Case, Refusal, refuse
from app.domain.carrier import EVERYBODY, EVERYBODY_HERE, Document, DocumentId, DocumentState, PersonId
from app.domain.checks import CLERK, is_cleared, is_in_scope, level_name
from app.domain.classification import (
    Classification,
    DatedPeriod,
    Period,
    counted_from,
    derive,
    ends_after,
    write_period,
)
from app.domain.regime import Regime, Role
from app.domain.slip import Slip
from app.domain.words import N_, Says, Term, says

STILL_SECRET = frozenset({DocumentState.PROPOSED, DocumentState.CLASSIFIED, DocumentState.REGISTERED})
"""A proposed level binds at once (domain.md 5.2b)."""
EXCUSED = "excused"
"""The fact of a slip that holds what its reason was given for."""
A_DAY = timedelta(days=1)


def period_of(text: str | None) -> Period | None:
    """The period an answer stores; None when there is none or it is none."""
    try:
        return Period.parse(text) if text else None
    except ValueError:
        return None


# --- what the sources say ----------------------------------------------------------------------------------------


def secret_sources(sources: Iterable[Document], case: Case) -> tuple[Document, ...]:
    """Those that are secret today: what was lifted, or ended by itself, binds nobody any more."""
    return tuple(each for each in sources if each.state in STILL_SECRET and not _has_ended(each, case))


def _has_ended(document: Document, case: Case) -> bool:
    if document.lifts is None or document.lifts > case.today:
        return False
    return case.book.regime(document.regime).auto_lift(document.caveats).value


def taken(sources: Iterable[Document], case: Case, issued: date | None = None) -> Classification | None:
    """What they ask for together: highest level, longest period, all caveats; None without secrets of one regime."""
    secret = secret_sources(sources, case)
    if len({each.regime for each in secret}) != 1:
        return None
    found = [Classification(each.level, period_of(each.period), each.issued, each.caveats) for each in secret]
    return derive(found, case.book.regime(secret[0].regime), issued or case.today)


def _proposed(case: Case) -> Classification:
    found = taken(case.sources, case)
    if found is None:
        raise LookupError("nothing to derive from")
    return found


def sources_before(case: Case) -> tuple[DocumentId, ...]:
    """What a proposal made again was made from before."""
    return case.the_document.sources


def regime_taken(case: Case) -> str | None:
    """The regime all its sources are of."""
    codes = {each.regime for each in secret_sources(case.sources, case)}
    return codes.pop() if len(codes) == 1 else None


def level_taken(case: Case) -> str:
    """The highest level of its sources."""
    return _proposed(case).level


def period_taken(case: Case) -> str | None:
    """The period that outlasts those of its sources; a day that has come is none."""
    period = _proposed(case).period
    return None if period is None or (period.day is not None and period.day <= case.today) else str(period)


def caveats_taken(case: Case) -> tuple[str, ...]:
    """Every caveat of its sources."""
    return _proposed(case).caveats


def units_taken(case: Case) -> tuple[str, ...]:
    """The units that may know all its sources."""
    return tuple(_common([each.scope_units for each in secret_sources(case.sources, case)]))


def people_taken(case: Case) -> tuple[PersonId, ...]:
    """The people named for one of its sources who may know all of them, by name or with their unit."""
    secret = secret_sources(case.sources, case)
    named = [case.book.person(number) for number in sorted({number for each in secret for number in each.scope_people})]
    sees_all = (all(is_in_scope(_about(each, case), person) is None for each in secret) for person in named)
    return tuple(person.id for person, sees in zip(named, sees_all, strict=True) if sees)


def _common(scopes: Sequence[Collection[str]]) -> list[str]:
    named = [set(scope) for scope in scopes if EVERYBODY not in scope]
    if scopes and not named:
        return [EVERYBODY]
    return sorted(set.intersection(*named)) if named else []


# --- rules -------------------------------------------------------------------------------------------------------


def sources_are_of_the_regime(action: Any, case: Case) -> Refusal | None:
    """Levels are compared within one regime: what it is made from is a secret of the same."""
    if all(each.regime == action.regime for each in secret_sources(case.sources, case)):
        return None
    rule = case.the_regime.derived()
    return refuse(
        N_("What it is made from is a secret of another regime."), citation=rule.citation, verified=rule.verified,
        field="sources", remedy=says(N_("Propose it under that regime; name what else it rests on as its basis.")),
    )  # fmt: skip


def no_source_is_made_from_it(_: Any, case: Case) -> Refusal | None:
    """A proposal made again is not its own source, nor that of its sources: it would rest on nothing."""
    ahead, seen = list(case.sources), set[DocumentId]()
    while ahead:
        source = ahead.pop()
        if case.document is not None and source.id == case.document.id:
            return refuse(
                N_("It cannot be made from itself, nor from what was made from it."), field="sources",
                remedy=says(N_("Leave that document out.")),
            )  # fmt: skip
        if source.id not in seen:
            seen.add(source.id)
            ahead += [case.book.document(number) for number in source.sources]
    return None


def drafter_may_know_the_sources(action: Any, case: Case) -> Refusal | None:
    """Nobody makes anything from what is not for them to know (domain.md F9)."""
    person = case.book.person(action.drafter or case.actor.id)
    for source in secret_sources(case.sources, case):
        about = _about(source, case)
        if refusal := is_cleared(about, person, "sources") or is_in_scope(about, person, "sources"):
            return replace(refusal, remedy=says(N_("Leave it out, or have the scope of that document widened.")))
    return None


def sources_may_be_used(_: Any, case: Case) -> Refusal | None:
    """No caveat forbids that anything is taken over from a source."""
    for source in secret_sources(case.sources, case):
        answer = case.book.regime(source.regime).allows("extract", source.level, caveats=source.caveats)
        if not answer.value:
            return refuse(
                N_("Nothing may be taken over from a document it is made from."), citation=answer.citation,
                verified=answer.verified, field="sources", remedy=says(N_("Leave that document out.")),
            )  # fmt: skip
    return None


def no_lower_than_its_sources(action: Any, case: Case) -> Refusal | None:
    """Its level is the highest of its sources, unless the authority is told why not (domain.md 2.1, T17)."""
    return _unless_explained(action, case, lower_than)


def no_shorter_than_its_sources(action: Any, case: Case) -> Refusal | None:
    """It is secret for as long as any of its sources, unless the authority is told why not."""
    return _unless_explained(action, case, shorter_than)


def keeps_the_caveats_of_its_sources(action: Any, case: Case) -> Refusal | None:
    """It bears every caveat of its sources, unless the authority is told why not."""
    return _unless_explained(action, case, without_caveats_of)


def no_wider_than_its_sources(action: Any, case: Case) -> Refusal | None:
    """Whoever may know it may know its sources, unless the authority is told why not."""
    if action.departure.strip() or not case.the_regime.has_level(action.level):
        return None
    for source in secret_sources(case.sources, case):
        if source.regime == action.regime and (
            refusal := wider_than(source, action.scope_units, action.scope_people, case)
        ):
            return refusal
    return None


def wider_than(source: Document, units: Iterable[str], people: Iterable[PersonId], case: Case) -> Refusal | None:
    """What stands against a scope with somebody in it who may not know a source."""
    if EVERYBODY in source.scope_units:
        return None
    more = [unit for unit in units if unit not in source.scope_units]
    named = [case.book.person(number) for number in people]
    out = [each.name for each in named if is_in_scope(_about(source, case), each) is not None]
    names = tuple(says(EVERYBODY_HERE) if unit == EVERYBODY else unit for unit in more) + tuple(out)
    if not names:
        return None
    return _departs(
        case.the_regime, says(N_("In its scope, but not in that of its sources: {names}."), names=names),
        says(N_("Name only who may know its sources too, or say here why others may.")),
    )  # fmt: skip


def _unless_explained(action: Any, case: Case, speaks_against: Any) -> Refusal | None:
    regime = case.the_regime
    if action.departure.strip() or not regime.has_level(action.level):
        return None
    found = taken(case.sources, case, action.issued)
    if found is None or regime_taken(case) != regime.code:
        return None
    of = Classification(action.level, period_of(action.period), action.issued or case.today, tuple(action.caveats))
    refusal: Refusal | None = speaks_against(of, found, regime)
    return refusal


def lower_than(of: Classification, found: Classification, regime: Regime) -> Refusal | None:
    """What stands against a level below that of the sources."""
    if regime.highest((of.level, found.level)) == of.level:
        return None
    level = level_name(regime, found.level)
    return _departs(
        regime, says(N_("It is made from {level}; {lower} is lower."), level=level, lower=level_name(regime, of.level)),
        says(N_("Propose {level}, or say here why less will do."), level=level),
    )  # fmt: skip


def shorter_than(of: Classification, found: Classification, regime: Regime) -> Refusal | None:
    """What stands against a period that ends before those of the sources."""
    period = of.period or regime.period_if_missing(of.level).value
    term, longest = (
        DatedPeriod(each, counted_from(start, regime))
        for each, start in ((period, of.issued), (found.period, found.issued))
    )
    if found.period is None or not ends_after(longest, term, regime.named_years().value):
        return None
    words = write_period(found.period, regime) or str(found.period)
    return _departs(
        regime, says(N_("What it is made from is kept secret longer: {period}."), period=words),
        says(N_("Propose that period, or say here why a shorter one will do.")),
    )  # fmt: skip


def without_caveats_of(of: Classification, found: Classification, regime: Regime) -> Refusal | None:
    """What stands against leaving a caveat of the sources out."""
    left_out = [regime.caveat(code).value.name for code in found.caveats if code not in of.caveats]
    if not left_out:
        return None
    names = tuple(Term(name.zh, name.en) for name in left_out)
    return _departs(
        regime, says(N_("What it is made from bears: {caveats}."), caveats=names),
        says(N_("Add what is left out, or say here why it is not needed.")),
    )  # fmt: skip


def _departs(regime: Regime, reason: Says, remedy: Says) -> Refusal:
    rule = regime.derived()
    return Refusal("", reason, rule.citation, rule.verified, remedy, None, "departure")


def excused(action: Any, case: Case) -> Mapping[str, Any]:
    """What the reason is given for: what the sources ask for on the day of the proposal, to be told from later."""
    found = taken(case.sources, case, action.issued or case.today - A_DAY)
    if found is None:
        return {}
    return {
        "level": found.level, "period": str(found.period) if found.period else None, "issued": found.issued,
        "caveats": found.caveats,
        "scopes": {each.id: (each.scope_units, each.scope_people) for each in secret_sources(case.sources, case)},
    }  # fmt: skip


def still_as_its_sources(_: Any, case: Case) -> Refusal | None:
    """Between the proposal and the decision no source became more secret than what is decided, or than was excused."""
    if case.slip is None:
        return None
    refusal = next(filter(None, _meanwhile(case.the_document, case.slip, case)), None)
    remedy = says(N_("Have the slip cancelled and propose it again."))
    return refusal and replace(refusal, field=None, remedy=remedy)


def _meanwhile(document: Document, slip: Slip, case: Case) -> Iterator[Refusal | None]:
    regime, then = case.the_regime, slip.facts.get(EXCUSED)
    if then is None and slip.facts.get("departure"):  # as proposed before what is excused was written down
        return
    sources = [case.book.document(number) for number in document.sources]
    # As on the day of the proposal: a source without a date would end a day later with every day that passes.
    found = taken([each for each in sources if each.regime == regime.code], case, document.issued or _day_before(slip))
    if found is None:
        return
    of = Classification(document.level, period_of(document.period), document.issued or case.today, document.caveats)
    if then is not None:
        issued = date.fromisoformat(then["issued"]) if then["issued"] else None
        of = Classification(then["level"], period_of(then["period"]), issued, tuple(then["caveats"]))
    yield from (against(of, found, regime) for against in (lower_than, shorter_than, without_caveats_of))
    for source in secret_sources(sources, case):
        own = (document.scope_units, document.scope_people)
        units, people = own if then is None else then["scopes"].get(str(source.id), own)
        yield wider_than(source, units, people, case)


def _day_before(slip: Slip) -> date | None:
    """The day before the proposal, in whichever zone it was made: one day less asks for nothing that was not asked."""
    return slip.opened_at.date() - A_DAY if slip.opened_at else None


DERIVATION_CHECKS = (
    no_source_is_made_from_it, sources_are_of_the_regime, drafter_may_know_the_sources, sources_may_be_used,
    no_lower_than_its_sources, no_shorter_than_its_sources, keeps_the_caveats_of_its_sources,
    no_wider_than_its_sources,
)  # fmt: skip


# --- who allows it -----------------------------------------------------------------------------------------------


def roles_of_the_sources(case: Case) -> tuple[str, ...]:
    """Who lets it be taken over from the sources, the originator first (domain.md 5.2b: approved as copying)."""
    found: dict[str, None] = {}
    for source in secret_sources(case.sources, case):
        regime = case.book.regime(source.regime)
        route = regime.route("extract", source.level, received=source.received, caveats=source.caveats).value
        consent = (Role.ORIGINATOR,) if source.received and not source.may_copy else ()
        found |= dict.fromkeys(str(role) for role in (*consent, *route) if role != CLERK)
    return tuple(sorted(found, key=lambda role: role != Role.ORIGINATOR))


def departs(action: Any, case: Case) -> bool:
    """Whether the reason given for it excuses anything."""
    bare = replace(action, departure="")
    return any(check(bare, case) is not None for check in DERIVATION_CHECKS)


def _about(source: Document, case: Case) -> Case:
    return replace(case, document=source, carrier=None, regime=case.book.regime(source.regime))
