"""The end of a handover: every line settled, three signatures, and the charge is the receiver's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.actions.handover import TAKE_OVER, handover_is_running, heaviest, held_by, runs
from app.domain.action import BACK, Action, Case, Changes, Move, Ref, Refusal, Subject, refuse
from app.domain.carrier import ENDED, HELD, OUT, Carrier, State
from app.domain.checks import is_cleared, is_here, signature_of
from app.domain.opening import ended, fact, signed_parts
from app.domain.words import N_, says


def _listed(case: Case, *statuses: str) -> list[Carrier]:
    """The carriers of the lines that stand so, or of all lines."""
    lines = [line for line in case.book.lines_of(case.the_slip.id).values() if line.get("carrier")]
    numbers = [line["carrier"] for line in lines if not statuses or line["status"] in statuses]
    case.book.load_carriers(numbers)
    return [case.book.carrier(number) for number in numbers]


def every_line_is_settled(_: Action, case: Case) -> Refusal | None:
    """The list closes when every line was scanned by both, is out by slip, or is explained."""
    if not runs(case):
        return None
    # What was out when the list was opened and has come back since lies on the shelf like everything else.
    still = [carrier for carrier in _listed(case, "listed", "out") if carrier.state not in ENDED | OUT]
    if not still:
        return None
    return refuse(
        N_("{n} lines are not counted yet, the first is {number}."),
        n=len(still),
        number=still[0].number,
        remedy=says(N_("Scan them on both sides, or explain each difference.")),
    )


def all_that_was_counted_is_named(_: Action, case: Case) -> Refusal | None:
    """The list closes with everything on it: what stayed behind could never leave the handover again."""
    if not runs(case):
        return None
    named = {ref.id for ref in case.together if ref.kind is Subject.CARRIER}
    counted = (carrier for carrier in _listed(case) if carrier.id not in named)
    left = next((each for each in counted if each.state is State.HANDOVER and each.slip == case.the_slip.id), None)
    if left is None:
        return None
    return refuse(
        N_("{number} was counted by both sides and is not named."),
        number=left.number,
        remedy=says(N_("Take over everything that was counted.")),
    )


def nothing_came_on_charge_since(_: Action, case: Case) -> Refusal | None:
    """The list holds the whole charge as it is now, not as it was when the list was opened."""
    if not runs(case):
        return None
    listed = {line["carrier"] for line in case.book.lines_of(case.the_slip.id).values()}
    giver = case.the_slip.facts["giver"]
    new = [c for c in case.book.charge_of(giver) if c.id not in listed and c.state in HELD]
    if not new:
        return None
    return refuse(
        N_("{n} carriers came on the charge since the list was opened, the first is {number}."),
        n=len(new),
        number=new[0].number,
        remedy=says(N_("Scan them onto the list too.")),
    )


def receiver_is_still_here_and_cleared(_: Action, case: Case) -> Refusal | None:
    """Days may lie between the list and its signatures: the receiver is judged again when the charge passes."""
    if not runs(case):
        return None
    receiver = case.book.person(case.the_slip.facts["receiver"])
    if refusal := is_here(receiver):
        return refusal
    found = (is_cleared(level, receiver) for level in heaviest(case, held_by(case, case.the_slip.facts["giver"])))
    return next((refusal for refusal in found if refusal is not None), None)


def handover_is_signed(_: Action, case: Case) -> Refusal | None:
    """Giver (or the commission of two), receiver and supervisor sign."""
    if not runs(case):
        return None
    facts = case.the_slip.facts
    giving = facts["commission"] if facts.get("absent") else [facts["giver"]]
    what = says(N_("member of the commission")) if facts.get("absent") else says(N_("giver"))
    wanted = [(person, "giver", what) for person in giving]
    wanted += [(facts["receiver"], "receiver", says(N_("receiver")))]
    if "supervisor" in facts:
        wanted += [(facts["supervisor"], "supervisor", says(N_("supervisor")))]
    for person, role, what in wanted:
        if refusal := signature_of(case, person, role, what):
            return refusal
    return None


ENDS_RIGHTLY = (
    handover_is_running,
    every_line_is_settled,
    all_that_was_counted_is_named,
    nothing_came_on_charge_since,
    receiver_is_still_here_and_cleared,
    handover_is_signed,
)


def _closed(case: Case) -> Changes:
    """The slip signed and closed, with what else stood open in the giver's name that day."""
    now, giver = case.now.isoformat(timespec="seconds"), case.the_slip.facts["giver"]
    return {
        **ended(case), **signed_parts(case),
        **fact({
            "ended": now, "unopened": list(case.book.unopened_of(giver)) or None,
            "open_slips": list(case.book.open_slips_of(giver, but=case.the_slip.id)) or None,
        }),
    }  # fmt: skip


def _goes_along(case: Case) -> Mapping[Ref, Changes]:
    """What is out stays where it is, an envelope under the name that signed for it; the receiver answers from here."""
    giver, receiver = case.the_slip.facts["giver"], case.the_slip.facts["receiver"]
    away = [carrier for carrier in _listed(case) if carrier.state in OUT and carrier.custodian == giver]
    envelopes = {Ref(Subject.SLIP, number): {"party": receiver} for number in case.book.receipts_of(giver)}
    return {**{Ref(Subject.CARRIER, carrier.id): {"custodian": receiver} for carrier in away}, **envelopes}


class TakeOver(Action):
    """Close a handover: what both sides counted is the receiver's charge from here."""

    code = TAKE_OVER
    label = N_("Sign and take over…")
    subject = Subject.CARRIER
    told = N_("taken over by {custodian}")
    move = Move({State.HANDOVER}, BACK)
    whole = ENDS_RIGHTLY
    prints = ("handover_list",)
    duties = ()
    slip_kind = "handover"
    offered = False

    def changes(self, case: Case) -> Changes:
        return {"custodian": case.the_slip.facts["receiver"]}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first = cases[0]
        return {**_goes_along(first), Ref(Subject.SLIP, first.the_slip.id): _closed(first)}


class TakeOverUncounted(Action):
    """Close a handover of which nothing lies here to be counted: all of it is out by slip or explained."""

    code = "take_over_uncounted"
    label = N_("Sign and take over…")
    subject = Subject.SLIP
    told = N_("taken over: nothing of it was here to be counted")
    whole = ENDS_RIGHTLY
    prints = ("handover_list",)
    duties = ()
    slip_kind = "handover"
    offered = False

    def changes(self, case: Case) -> Changes:
        return _closed(case)

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return _goes_along(cases[0])


ACTIONS = (TakeOver, TakeOverUncounted)
