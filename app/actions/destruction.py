"""Destruction, from the list to the bag: propose, bag and seal by scan, take out of the bag, strike from the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.actions.applying import asks_for
from app.actions.disposition import vouched
from app.domain.action import BACK, SAME, Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import Carrier, EnvelopeState, PersonId, State
from app.domain.caveat_checks import list_is_of_one_account
from app.domain.checks import are_different, are_of_one_regime, is_cleared, is_here, route_was_decided, signature_of
from app.domain.ledger import canonical, plain
from app.domain.opening import fact, line_done, listed, opened, steps
from app.domain.slip import READY, SlipState
from app.domain.words import N_, says

DESTROY, DESTROY_ARCHIVED = "destroy", "destroy_archived"


def route_for(carriers: Sequence[Carrier]) -> str:
    """A filed copy of record needs a separate approval."""
    return DESTROY_ARCHIVED if any(carrier.state is State.ARCHIVED for carrier in carriers) else DESTROY


def list_is_still_a_draft(_: Action, case: Case) -> Refusal | None:
    """A list begun by scanning is proposed once."""
    slip = case.slip
    if slip is None or (slip.kind == "destruction" and slip.state is SlipState.DRAFT):
        return None
    return refuse(N_("Slip {slip} is no draft of a destruction list."), slip=slip.number)


def list_has_one_regime(_: Action, case: Case) -> Refusal | None:
    """A list is judged by one regime."""
    return are_of_one_regime(case, says(N_("Make one slip for each regime.")))


def may_be_destroyed_here(_: Action, case: Case) -> Refusal | None:
    """No caveat says that it is handed back, and somebody here may approve its destruction (domain.md T33)."""
    carrier = case.the_carrier
    answer = case.the_regime.allows(route_for([carrier]), carrier.level, caveats=case.the_document.caveats)
    if answer.value:
        return None
    return refuse(
        N_("{number} may not be destroyed here."),
        number=carrier.number,
        citation=answer.citation,
        verified=answer.verified,
        remedy=says(N_("Hand it back to its issuer.")),
    )


def nobody_recalls_it(_: Action, case: Case) -> Refusal | None:
    """It was looked up that the issuer does not want it back (domain.md T33)."""
    if case.answer("no_recall"):
        return None
    rule = case.the_regime.route(DESTROY, case.the_carrier.level)
    return refuse(
        N_("It is not confirmed that {number} is not subject to recall."),
        number=case.the_carrier.number,
        citation=rule.citation,
        verified=rule.verified,
        remedy=says(N_("Look it up in the issuer's notices, then tick it; what is recalled is handed back.")),
        field="no_recall",
    )


def record_copy_is_kept(_: Action, case: Case) -> Refusal | None:
    """The copy of record is filed before others are destroyed; destroying it has its own route."""
    if case.answer("record_kept") or case.the_carrier.state is State.ARCHIVED:
        return None
    return refuse(
        N_("It is not confirmed that the copy of record of {number} is kept."),
        number=case.the_carrier.number,
        remedy=says(N_("File the copy of record first, then tick it.")),
        field="record_kept",
    )


class ProposeDestruction(Action):
    """Put carriers on a destruction list and submit it; they stay where they are, held by the list."""

    code = "propose_destruction"
    label = N_("Propose for destruction…")
    subject = Subject.CARRIER
    told = N_("proposed for destruction")
    move = Move({State.IN_STOCK, State.ARCHIVED}, SAME)
    whole = (list_is_still_a_draft, list_has_one_regime, list_is_of_one_account)
    checks = (may_be_destroyed_here, nobody_recalls_it, record_copy_is_kept)
    prints = ("destruction_list",)
    duties = ()
    slip_kind = "destruction"
    undo = "cancel_slip"
    reason: str = ask(Kind.TEXT, N_("Reason"))
    no_recall: bool | None = ask(Kind.FLAG, N_("Not subject to recall"), each=True)
    record_kept: bool | None = ask(Kind.FLAG, N_("Copy of record kept"), each=True, default=None)

    def changes(self, case: Case) -> Changes:
        return {}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first = cases[0]
        lines = [
            {"carrier": case.the_carrier.id, "status": "listed", "no_recall": True,
             "record_kept": bool(case.answer("record_kept"))}
            for case in cases
        ]  # fmt: skip
        regime, level, roles = asks_for(first, route_for([case.the_carrier for case in cases]), lines, {})
        state, code = SlipState.SUBMITTED if roles else SlipState.APPROVED, regime.code if regime else None
        if first.slip is None:
            ref, changes = opened(
                first, "destruction", state, action=DESTROY, answers={"reason": self.reason}, regime=code, level=level,
                lines=lines, roles=roles,
            )  # fmt: skip
        else:
            ref, changes = Ref(Subject.SLIP, first.slip.id), {
                "state": state, "action": DESTROY, "answers": Text(canonical(plain({"reason": self.reason}))),
                "regime": code, "level": level, "listed": len(lines), **listed(lines), **steps(roles),
                **fact({"submitted_by": first.actor.id}),
            }  # fmt: skip
        return {**{case.subject: {"slip": ref.id} for case in cases}, ref: changes}


def list_is_approved(_: Action, case: Case) -> Refusal | None:
    """Nothing is bagged or destroyed but by an approved destruction list."""
    slip = case.slip
    if slip is not None and slip.kind == "destruction" and slip.action == DESTROY and slip.state in READY:
        return None
    return refuse(
        N_("There is no approved destruction list for this."),
        remedy=says(N_("Propose the destruction and have the list approved.")),
    )


def stands_on_the_list(_: Action, case: Case) -> Refusal | None:
    """Only what is on the approved list is bagged or destroyed."""
    slip, carrier = case.slip, case.the_carrier
    line = case.book.line_of(slip.id, carrier.id) if slip is not None else None
    if slip is None or (line is not None and line[1]["status"] not in ("struck", "missing")):
        return None
    return refuse(
        N_("{number} is not on the approved list {slip}."),
        number=carrier.number,
        slip=slip.number,
        remedy=says(N_("Put it back; it needs a list of its own.")),
    )


def list_took_the_whole_route(_: Action, case: Case) -> Refusal | None:
    """Whoever the regime asks has decided; for a filed copy of record also the archivist."""
    came_from = (case.the_carrier.back or {}).get("state")
    archived = State.ARCHIVED in (case.the_carrier.state, came_from)
    return route_was_decided(case, DESTROY_ARCHIVED if archived else DESTROY)


def line_was_looked_up(_: Action, case: Case) -> Refusal | None:
    """However the list was submitted, both ticks of domain.md T33 stand beside the line."""
    line = case.book.line_of(case.slip.id, case.the_carrier.id) if case.slip is not None else None
    if line is None:
        return None
    ticked = replace(case, line=replace(case.line, answers=line[1]))
    return nobody_recalls_it(_, ticked) or record_copy_is_kept(_, ticked)


def bag_number_is_free(action: BagAndSeal, case: Case) -> Refusal | None:
    """A bag is sealed once; its number is never used again."""
    if case.book.envelope_numbered("bag", action.bag) is None:
        return None
    return refuse(
        N_("Bag {number} was already sealed."),
        number=action.bag,
        field="bag",
        remedy=says(N_("Take another bag.")),
    )


def count_is_what_was_scanned(action: BagAndSeal, case: Case) -> Refusal | None:
    """The items counted into the bag are the items scanned (domain.md T35)."""
    if action.count == len(case.together):
        return None
    return refuse(
        N_("{counted} are counted in the bag, {scanned} were scanned."),
        counted=action.count,
        scanned=len(case.together),
        field="count",
        remedy=says(N_("Count again; scan what is missing.")),
    )


def second_person_watches(action: BagAndSeal, case: Case) -> Refusal | None:
    """Another person watches the bag being filled and signs."""
    person = case.book.person(action.witness)
    return (
        are_different([case.actor.id, person.id], says(N_("Who bags and who watches")), "witness")
        or is_here(person, "witness")
        or signature_of(case, person.id, "witness", says(N_("witness")))
    )


def second_person_is_cleared(action: BagAndSeal, case: Case) -> Refusal | None:
    """Who watches is cleared for what goes into the bag."""
    return is_cleared(case, case.book.person(action.witness), "witness")


class BagAndSeal(Action):
    """Scan approved items into a bag and seal it, two people together."""

    code = "bag_and_seal"
    label = N_("Bag and seal…")
    subject = Subject.CARRIER
    told = N_("sealed in bag {bag}, seal {seal}")
    move = Move({State.IN_STOCK, State.ARCHIVED}, State.PEND_DEST)
    whole = (list_is_approved, bag_number_is_free, count_is_what_was_scanned, second_person_watches)
    checks = (stands_on_the_list, line_was_looked_up, list_took_the_whole_route, second_person_is_cleared)
    slip_kind = "destruction"
    undo = "unbag"
    bag: str = ask(Kind.CODE, N_("Bag number"))
    seal: str = ask(Kind.CODE, N_("Seal number"))
    count: int = ask(Kind.NUMBER, N_("Items counted in the bag"))
    witness: PersonId = ask(Kind.PERSON, N_("Second person"))

    def changes(self, case: Case) -> Changes:
        return {"slip": case.the_slip.id}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first, slip = cases[0], cases[0].the_slip
        bag = Ref(Subject.ENVELOPE, first.numbers.next_id(Subject.ENVELOPE))
        on_list: Changes = {"state": SlipState.EXECUTING}
        for case in cases:
            on_list |= line_done(case, slip.id, case.the_carrier.id, "bagged", bag=bag.id)
        sealed: Changes = {
            "kind": "bag", "number": self.bag, "seal": self.seal, "state": EnvelopeState.SEALED, "items": len(cases),
            "level": first.the_regime.highest(case.the_carrier.level for case in cases), "slip": slip.id,
            "signed_by": self.witness, "signed_at": first.now.isoformat(timespec="seconds"),
        }  # fmt: skip
        inside = {case.subject: _into(bag.id, case.the_carrier) for case in cases}
        return {**inside, Ref(Subject.SLIP, slip.id): on_list, bag: sealed}


def _into(bag: int, carrier: Carrier) -> Changes:
    """The bag is born in the same act, so the position is set beside the move: in the bag and nowhere else."""
    left = {name: None for name in ("place", "hands", "way") if getattr(carrier, name) is not None}
    return {**left, "container": bag}


def bag_is_emptied_whole(_: Action, case: Case) -> Refusal | None:
    """A bag that was opened is empty; what stays in it would lie under a broken seal."""
    inside = {carrier.id for carrier in case.book.in_container(case.the_carrier.container or 0)}
    taken = {ref.id for ref in case.together}
    if inside == taken:
        return None
    odd = case.book.carrier(min(inside ^ taken))
    return refuse(
        N_("The bag holds {inside}, {taken} are taken out; they differ at {number}."),
        inside=len(inside),
        taken=len(taken),
        number=odd.number,
        remedy=says(N_("Take everything out of one bag at a time.")),
    )


class Unbag(Action):
    """Open a bag before its destruction: everything in it goes back to where it was, still on its list."""

    code = "unbag"
    label = N_("Take out of the bag…")
    subject = Subject.CARRIER
    told = N_("taken out of the bag")
    move = Move({State.PEND_DEST}, BACK)
    whole = (bag_is_emptied_whole,)
    route = "unbag"
    slip_kind = "correction"
    reason: str = ask(Kind.TEXT, N_("Reason"))

    def changes(self, case: Case) -> Changes:
        return {}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        found: dict[Ref, Changes] = dict(vouched(cases, "correction", self.code, "done", lambda _: {}))
        for case in cases:
            carrier = case.the_carrier
            if carrier.container is not None:
                found[Ref(Subject.ENVELOPE, carrier.container)] = {"state": EnvelopeState.OPENED}
            line = case.book.line_of(carrier.slip, carrier.id) if carrier.slip is not None else None
            if line is not None and carrier.slip is not None:
                no, value = line
                again = {key: item for key, item in value.items() if key != "bag"} | {"status": "listed"}
                found.setdefault(Ref(Subject.SLIP, carrier.slip), {})[f"line.{no}"] = again
        return found


def line_is_not_bagged(_: Action, case: Case) -> Refusal | None:
    """Only what still lies where it was is struck from the list."""
    slip = case.slip
    line = case.book.line_of(slip.id, case.the_carrier.id) if slip is not None else None
    if line is not None and line[1]["status"] == "listed":
        return None
    return refuse(
        N_("{number} is not waiting on this list."),
        number=case.the_carrier.number,
        remedy=says(N_("Take it out of its bag first.")),
    )


class StrikeFromList(Action):
    """Take an item off an approved list: it is kept after all; the rest of the list stands."""

    code = "strike_from_list"
    label = N_("Strike from the list…")
    subject = Subject.CARRIER
    told = N_("struck from the destruction list")
    move = Move({State.IN_STOCK, State.ARCHIVED}, SAME)
    whole = (list_is_approved,)
    checks = (line_is_not_bagged,)
    slip_kind = "destruction"
    offered = False
    reason: str = ask(Kind.TEXT, N_("Reason"))

    def changes(self, case: Case) -> Changes:
        return {"slip": None}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return vouched(cases, "destruction", self.code, "struck", lambda _: {})


ACTIONS = (ProposeDestruction, BagAndSeal, Unbag, StrikeFromList)
