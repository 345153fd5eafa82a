"""Rules that a caveat asks: who outside may receive it, and what shares no list with the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from app.domain.action import Action, Case, Refusal, refuse
from app.domain.carrier import Carrier
from app.domain.regime import Answer, Caveat, Demand
from app.domain.words import N_, Term, says

RECEIVERS = (
    ("department", N_("of our own department")),
    ("other", N_("of another body, no contractor")),
    ("contractor", N_("a contractor")),
)
"""What a receiver outside the unit is; the register cannot tell it from a name, so whoever sends says it."""

RECEIVED_BY = {Demand.WITHIN_DEPARTMENT: {"department"}, Demand.NO_CONTRACTOR: {"department", "other"}}


RECEIVER_IS = {"dispatch": "receiver", "transfer_to_archives": "archives_are"}
"""Acts that hand over to somebody outside, with the question that says what the receiver is."""


def caveats_admit_the_receiver(action: Any, case: Case) -> Refusal | None:
    """What stays within the department, or goes to no contractor, leaves the unit only for whom its caveats admit."""
    of = case.carrier if case.carrier is not None else case.book.carrier(action.original)
    field = RECEIVER_IS.get(action.code, "receiver")
    return not_admitted(of, case, getattr(action, field), field, abroad=bool(getattr(action, "foreign", False)))


def caveats_will_admit_the_receiver(action: Any, case: Case) -> Refusal | None:
    """Nobody is asked to approve what may not go to its receiver, nor before it is said what the receiver is."""
    act = getattr(action, "act", None) or (case.slip.action if case.slip else None)
    if act not in RECEIVER_IS:
        return None
    answers = {**(case.slip.answers if case.slip else {}), **action.given}
    said = getattr(action, "receiver", "") or answers.get(RECEIVER_IS[act], "")
    for carrier in (case.book.carrier(line["carrier"]) for line in action.lines_given if line.get("carrier")):
        if refusal := not_admitted(carrier, case, said, "receiver", abroad=bool(answers.get("foreign"))):
            return refusal
    return None


def not_admitted(of: Carrier, case: Case, receiver: str, field: str, *, abroad: bool) -> Refusal | None:
    """Why a caveat of a carrier does not let such a receiver have it, or wants to know first what the receiver is."""
    document = case.book.document(of.document)
    for code in document.caveats:
        caveat = case.book.regime(document.regime).caveat(code)
        for demand in caveat.value.demands:
            admitted = RECEIVED_BY.get(demand)
            leaves_it = abroad and demand is Demand.WITHIN_DEPARTMENT
            if admitted is None or (receiver in admitted and not leaves_it):
                continue
            return _does_not_admit(of, caveat, admitted, field, asked=bool(receiver))
    return None


def _does_not_admit(
    of: Carrier, caveat: Answer[Caveat], admitted: Collection[str], field: str, *, asked: bool
) -> Refusal:
    if not asked:
        return refuse(
            N_("{number} bears {caveat}; nobody has said what the receiver is."), number=of.number,
            caveat=_named(caveat), citation=caveat.citation, verified=caveat.verified, field=field,
            remedy=says(N_("Say whether the receiver is of our own department, of another body, or a contractor.")),
        )  # fmt: skip
    allowed = tuple(says(words) for receiver, words in RECEIVERS if receiver in admitted)
    return refuse(
        N_("{number} bears {caveat}; its receiver must be: {receivers}."), number=of.number, caveat=_named(caveat),
        receivers=allowed, citation=caveat.citation, verified=caveat.verified, field=field,
        remedy=says(N_("Leave it out, or choose a receiver it may go to.")),
    )  # fmt: skip


def list_is_of_one_account(_: Action, case: Case) -> Refusal | None:
    """What is done together stands on one list, and a list is of one account."""
    return accounts_differ(case, [ref.id for ref in case.together])


def accounts_differ(case: Case, carriers: Sequence[int]) -> Refusal | None:
    """What is accounted for apart (domain.md 3.4: ATOMAL) shares no list with what is not."""
    by_account: dict[frozenset[str], tuple[Carrier, list[Answer[Caveat]]]] = {}
    for carrier in map(case.book.carrier, carriers):
        document = case.book.document(carrier.document)
        held = (case.book.regime(document.regime).caveat(code) for code in document.caveats)
        apart = [caveat for caveat in held if Demand.SEPARATE_ACCOUNT in caveat.value.demands]
        by_account.setdefault(frozenset(caveat.value.code for caveat in apart), (carrier, apart))
    if len(by_account) < 2:
        return None
    (other, _), (of, apart) = sorted(by_account.values(), key=lambda each: len(each[1]))[:2]
    return refuse(
        N_("{number} bears {caveat} and is accounted for apart; it shares no list with {other}."), number=of.number,
        caveat=_named(apart[0]), other=other.number, citation=apart[0].citation, verified=apart[0].verified,
        remedy=says(N_("Make a list of its own for what bears {caveat}."), caveat=_named(apart[0])),
    )  # fmt: skip


def _named(caveat: Answer[Caveat]) -> Term:
    return Term(caveat.value.name.zh, caveat.value.name.en)
