"""What may be applied for, and whose approval it needs: the rules of Submit and of a draft that is submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.action import Case, Changes, Ref, Refusal, Subject, refuse
from app.domain.carrier import ENDED, STATE_NAMES, State
from app.domain.caveat_checks import accounts_differ
from app.domain.checks import CLERK
from app.domain.judging import slip_acts
from app.domain.regime import Regime
from app.domain.words import N_, says

LOCKING: Mapping[str, frozenset[State]] = {
    "destruction": frozenset({State.IN_STOCK, State.ARCHIVED}),
    "filing": frozenset({State.IN_STOCK}),
    "transfer": frozenset({State.ARCHIVED}),
}
"""Kinds of slip that hold their carriers from the moment they are applied for (domain.md T33), and from where."""


def asks_for(case: Case, route: str | None, lines: Sequence[Mapping[str, Any]], answers: Mapping[str, Any]) -> tuple[
    Regime | None, str | None, tuple[str, ...]
]:  # fmt: skip
    """The regime and level a slip is judged at, and the roles that must approve it."""
    documents = [
        case.book.document(case.book.carrier(line["carrier"]).document) for line in lines if line.get("carrier")
    ]
    levels = [case.book.carrier(line["carrier"]).level for line in lines if line.get("carrier")]
    if "document" in answers:
        documents.append(case.book.document(answers["document"]))
        levels.append(documents[-1].level)
    if "original" in answers:
        original = case.book.carrier(answers["original"])
        documents.append(case.book.document(original.document))
        levels.append(original.level)
    if not documents:
        return None, None, ()
    regime = case.book.regime(documents[0].regime)
    level = regime.highest(levels)
    if route is None:
        return regime, level, ()
    caveats = tuple({caveat for document in documents for caveat in document.caveats})
    received = any(document.received for document in documents)
    foreign = bool(answers.get("foreign"))
    route_there = regime.route(route, level, foreign=foreign, received=received, caveats=caveats).value
    return regime, level, tuple(str(role) for role in route_there if role != CLERK)


def lines_share_a_regime(action: Any, case: Case) -> Refusal | None:
    """A slip is judged by one regime; carriers of two regimes take two slips."""
    codes = {
        case.book.document(case.book.carrier(line["carrier"]).document).regime
        for line in action.lines_given
        if line.get("carrier")
    }
    if len(codes) < 2:
        return None
    return refuse(
        N_("The lines belong to {n} different regimes."),
        n=len(codes),
        remedy=says(N_("Make one slip for each regime.")),
    )


def lines_share_an_account(action: Any, case: Case) -> Refusal | None:
    """What is accounted for apart is applied for on a slip of its own."""
    return accounts_differ(case, [line["carrier"] for line in action.lines_given if line.get("carrier")])


def no_line_twice(action: Any, _: Case) -> Refusal | None:
    """A carrier stands on a slip once."""
    numbers = [line["carrier"] for line in action.lines_given if line.get("carrier")]
    return None if len(set(numbers)) == len(numbers) else refuse(N_("A carrier stands on the list twice."))


def lines_are_free(action: Any, case: Case) -> Refusal | None:
    """What is held by another open slip cannot be applied for on this one."""
    own = case.line.subject.id if case.line.subject else None
    for line in action.lines_given:
        carrier = case.book.carrier(line["carrier"]) if line.get("carrier") else None
        if carrier is None or carrier.slip is None or carrier.slip == own:
            continue
        slip, act = (
            case.book.slip(carrier.slip),
            getattr(action, "act", None) or (case.slip.action if case.slip else ""),
        )
        if slip.is_open and act not in slip_acts(slip.kind):
            return refuse(
                N_("{number} is on slip {slip}."),
                number=carrier.number,
                slip=slip.number,
                remedy=says(N_("Finish or cancel slip {slip} first."), slip=slip.number),
            )
    return None


def lines_are_where_it_begins(action: Any, case: Case) -> Refusal | None:
    """Nothing is held by an application that could not be carried out; only a correction reaches what has ended."""
    kind = getattr(action, "slip", None) or case.the_slip.kind
    anywhere = frozenset(State) if kind == "correction" else frozenset(State) - ENDED
    for line in action.lines_given:
        carrier = case.book.carrier(line["carrier"]) if line.get("carrier") else None
        if carrier is not None and carrier.state not in LOCKING.get(kind, anywhere):
            return refuse(N_("{number} is {state}."), number=carrier.number, state=says(STATE_NAMES[carrier.state]))
    return None


def locked(kind: str, slip: int, lines: Sequence[Mapping[str, Any]]) -> Mapping[Ref, Changes]:
    """The carriers that a slip of this kind holds from its application on."""
    if kind not in LOCKING:
        return {}
    return {Ref(Subject.CARRIER, line["carrier"]): {"slip": slip} for line in lines if line.get("carrier")}
