"""Handing over a whole charge: listed, counted by both sides face to face, signed by three."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.domain.action import BACK, NEW, Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import HELD, OUT, Carrier, PersonId, PlaceId, State
from app.domain.checks import CLERK, are_different, is_cleared, is_here, role_name, signature_of
from app.domain.opening import line_done, opened
from app.domain.people import ON_PAPER, may_decide
from app.domain.slip import SlipState
from app.domain.words import N_, says

TAKE_OVER = "take_over"
HAND_OVER = "hand_over"
"""The regime's key under which it says who names the supervisor (T29)."""
REASONS = (
    ("leaving", N_("leaving the post")),
    ("transfer", N_("transfer")),
    ("rotation", N_("rotation")),
    ("abolished", N_("office abolished or merged")),
    ("count", N_("count")),
    ("temporary", N_("temporary absence")),
)
DIFFERENCES = (
    ("short", N_("not there")),
    ("page_mismatch", N_("page count differs")),
    ("seal_broken", N_("seal broken")),
)
"""What a line of the list may differ in (domain.md 4.17)."""
ON_SITE = frozenset({State.IN_STOCK, State.ISSUED, State.ARCHIVED, State.SEALED, State.IN_PREP, State.PEND_DEST})
"""Where a copy lies that both sides can scan, a sealed bag among them."""


def three_are_different(action: OpenHandover, _: Case) -> Refusal | None:
    """Giver, receiver and supervisor are three people, and nobody of the commission is the receiver."""
    people = (action.giver, action.receiver, action.supervisor, *action.commission)
    return are_different(people, says(N_("Giver, receiver, supervisor and commission")), "supervisor")


def absent_giver_has_a_commission(action: OpenHandover, case: Case) -> Refusal | None:
    """When the giver cannot, as many as the strictest regime in force asks open by seal number and count instead."""
    if not action.absent:
        return None
    rule = max((regime.handover_commission() for regime in case.book.regimes()), key=lambda answer: answer.value)
    if len(set(action.commission)) >= rule.value:
        return None
    return refuse(
        N_("The giver is absent. People needed for the commission: {n}; named: {named}."),
        n=rule.value,
        named=len(set(action.commission)),
        citation=rule.citation,
        verified=rule.verified,
        remedy=says(N_("Name others who open by seal number and count.")),
        field="commission",
    )


def a_third_person_watches(action: OpenHandover, case: Case) -> Refusal | None:
    """Where a regime of the charge asks for a supervisor, there is one."""
    if action.supervisor is not None:
        return None
    rules = (level.the_regime.handover_supervisor() for level in heaviest(case, held_by(case, action.giver)))
    rule = next((rule for rule in rules if rule.value), None)
    if rule is None:
        return None
    return refuse(
        N_("A handover is watched by a third person."), citation=rule.citation, verified=rule.verified,
        field="supervisor", remedy=says(N_("Name a supervisor who is neither giver nor receiver.")),
    )  # fmt: skip


def supervisor_is_named_by_a_leader(action: OpenHandover, case: Case) -> Refusal | None:
    """Who watches is named by whom the regime says: a leader who is neither party, signing here or by an order."""
    if action.supervisor is None:
        return None
    for level in heaviest(case, held_by(case, action.giver)):
        answer = level.the_regime.route(HAND_OVER, level.the_carrier.level)
        roles = [str(role) for role in answer.value if role != CLERK and role not in ON_PAPER]
        if not roles:
            continue
        if refusal := _may_name(action, level, roles[-1]):
            return replace(refusal, citation=answer.citation, verified=answer.verified)
    return None


def _may_name(action: OpenHandover, case: Case, role: str) -> Refusal | None:
    words = role_name(case.regime, role)
    if action.named_by is None:
        return refuse(
            N_("At this level the supervisor is named by: {role}."), role=words, field="named_by",
            remedy=says(N_("Enter who named the supervisor.")),
        )  # fmt: skip
    person = case.book.person(action.named_by)
    if person.id in (action.giver, action.receiver):
        return refuse(
            N_("{name} takes part in the handover and does not name who watches it."), name=person.name,
            field="named_by", remedy=says(N_("Have another leader name the supervisor.")),
        )  # fmt: skip
    if not may_decide(role, [duty for duty in person.duties if person.holds(duty, case.today)]):
        return refuse(
            N_("{name} may not decide as {role}."), name=person.name, role=words, field="named_by",
            remedy=says(N_("Choose somebody who has that duty.")),
        )  # fmt: skip
    if action.order.strip() and case.actor.id not in (action.giver, action.receiver):
        return None
    unsigned = signature_of(case, person.id, "namer", says(N_("who named the supervisor")))
    either = N_("Have {name} sign here with their own password, or have the secrecy office enter the written order.")
    return replace(unsigned, remedy=says(either, name=person.name)) if unsigned is not None else None


def parties_are_here(action: OpenHandover, case: Case) -> Refusal | None:
    """Nobody who has left takes a charge over, watches it or opens it in the giver's place."""
    named = [(action.receiver, "receiver"), *((member, "commission") for member in action.commission)]
    named += [(action.supervisor, "supervisor")] if action.supervisor is not None else []
    found = (is_here(case.book.person(number), field) for number, field in named)
    return next((refusal for refusal in found if refusal is not None), None)


def heaviest(case: Case, carriers: Iterable[Carrier]) -> Iterator[Case]:
    """The case as it stands for the highest level of each regime among these carriers."""
    by_regime: dict[str, Carrier] = {}
    for carrier in carriers:
        code = case.book.document(carrier.document).regime
        regime, known = case.book.regime(code), by_regime.get(code)
        if known is None or regime.highest((known.level, carrier.level)) != known.level:
            by_regime[code] = carrier
    for code, carrier in by_regime.items():
        document, regime = case.book.document(carrier.document), case.book.regime(code)
        yield replace(case, carrier=carrier, document=document, regime=regime)


def who_takes_or_opens_it_is_cleared(action: OpenHandover, case: Case) -> Refusal | None:
    """The receiver, and a commission that opens the containers, are cleared for everything on the charge."""
    named = [(action.receiver, "receiver"), *((member, "commission") for member in action.commission)]
    for level in heaviest(case, held_by(case, action.giver)):
        for number, field in named:
            if refusal := is_cleared(level, case.book.person(number), field):
                return refusal
    return None


def held_by(case: Case, giver: PersonId) -> list[Carrier]:
    """What the giver answers for, its documents at hand."""
    charge = [carrier for carrier in case.book.charge_of(giver) if carrier.state in HELD]
    case.book.load_documents([carrier.document for carrier in charge])
    return charge


def giver_has_no_open_handover(action: OpenHandover, case: Case) -> Refusal | None:
    """One charge is handed over once at a time."""
    number = case.book.open_slip_of("handover", action.giver)
    if number is None:
        return None
    return refuse(
        N_("{name} is already handing over on slip {slip}."), name=case.book.person(action.giver).name, slip=number,
        remedy=says(N_("Finish or cancel slip {slip} first."), slip=number),
    )  # fmt: skip


class OpenHandover(Action):
    """List everything on a custodian's charge, to be counted by both sides face to face."""

    code = "open_handover"
    label = N_("Hand over a charge…")
    subject = Subject.SLIP
    told = N_("opened handover {number}: {listed} lines")
    move = Move(NEW, SlipState.EXECUTING)
    checks = (
        three_are_different,
        a_third_person_watches,
        supervisor_is_named_by_a_leader,
        absent_giver_has_a_commission,
        giver_has_no_open_handover,
        parties_are_here,
        who_takes_or_opens_it_is_cleared,
    )
    duties = ("registry_clerk", "secrecy_officer", "department_leader", "unit_leader")
    slip_kind = "handover"
    giver: PersonId = ask(Kind.PERSON, N_("Giver"))
    receiver: PersonId = ask(Kind.PERSON, N_("Receiver"))
    supervisor: PersonId | None = ask(Kind.PERSON, N_("Supervisor"), default=None)
    named_by: PersonId | None = ask(Kind.PERSON, N_("Supervisor named by"), default=None)
    order: str = ask(Kind.CODE, N_("Number of the order, if named on paper"), default="")
    reason: str = ask(Kind.CHOICE, N_("Reason"), choices=REASONS, default="leaving")
    place: PlaceId | None = ask(Kind.PLACE, N_("Place of the handover"), default=None)
    absent: bool = ask(Kind.FLAG, N_("The giver cannot be present"), default=False)
    commission: tuple[PersonId, ...] = ask(Kind.PEOPLE, N_("Commission of two"), default=())
    keys: str = ask(Kind.TEXT, N_("Keys, seals and books handed over"), default="")

    def changes(self, case: Case) -> Changes:
        charge = held_by(case, self.giver)
        lines = [{"carrier": carrier.id, "status": "out" if carrier.state in OUT else "listed"} for carrier in charge]
        regimes = {case.book.document(carrier.document).regime for carrier in charge}
        regime = case.book.regime(min(regimes)) if len(regimes) == 1 else None
        _, changes = opened(
            case, "handover", SlipState.EXECUTING, action=TAKE_OVER, party=self.giver, lines=lines,
            regime=regime.code if regime else None,
            level=regime.highest(carrier.level for carrier in charge) if regime else None,
            facts={
                "giver": self.giver, "receiver": self.receiver, "supervisor": self.supervisor, "reason": self.reason,
                "named_by": self.named_by, "order": self.order or None,
                "place": self.place, "absent": self.absent, "commission": list(self.commission),
                "began": case.now.isoformat(timespec="seconds"),
            },
        )  # fmt: skip
        return changes


def runs(case: Case) -> bool:
    """Whether the act rests on a handover whose list is open; without one its other rules have nothing to look at."""
    slip = case.slip
    return slip is not None and slip.kind == "handover" and slip.state is SlipState.EXECUTING


def carrier_is_on_the_charge(_: Action, case: Case) -> Refusal | None:
    """Only what the giver answers for is handed over."""
    if not runs(case) or case.the_carrier.custodian == case.the_slip.facts.get("giver"):
        return None
    return refuse(
        N_("{number} is not on the giver's charge."),
        number=case.the_carrier.number,
        remedy=says(N_("Leave it where it is; it belongs to another custodian.")),
    )


def handover_is_running(_: Action, case: Case) -> Refusal | None:
    """The list is open."""
    if runs(case):
        return None
    return refuse(N_("No handover is running."), remedy=says(N_("Open a handover first.")))


def container_seal_is_known(action: OfferHandover, case: Case) -> Refusal | None:
    """In a count without the giver, each line names the seal its container was opened by."""
    if not runs(case) or not case.the_slip.facts.get("absent") or case.answer("seal"):
        return None
    return refuse(
        N_("The giver is absent: name the seal of the container {number} was taken from."),
        number=case.the_carrier.number,
        field="seal",
    )


class OfferHandover(Action):
    """Second scan of a line: from here the copy is in handover."""

    code = "offer_handover"
    label = N_("Counted by both sides")
    subject = Subject.CARRIER
    told = N_("counted by both sides in the handover")
    move = Move(ON_SITE, State.HANDOVER)
    checks = (handover_is_running, carrier_is_on_the_charge, container_seal_is_known)
    duties = ()
    slip_kind = "handover"
    offered = False
    seal: str | None = ask(Kind.CODE, N_("Seal of the container"), each=True, default=None)

    def changes(self, case: Case) -> Changes:
        carrier = case.the_carrier
        position = {name: getattr(carrier, name) for name in ("place", "hands", "container") if getattr(carrier, name)}
        return {**position, "slip": case.the_slip.id}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        slip = cases[0].the_slip
        changes: Changes = {"done": slip.done + len(cases)}
        for case in cases:
            counted = {"carrier": case.the_carrier.id, "status": "scanned", "seal": case.answer("seal")}
            line = case.book.line_of(slip.id, case.the_carrier.id)
            if line is None:
                changes["listed"] = changes.get("listed", slip.listed) + 1
            # A line is written anew: why it could not be counted is over once it was.
            no = line[0] if line is not None else changes["listed"]
            changes[f"line.{no}"] = {name: value for name, value in counted.items() if value is not None}
        return {Ref(Subject.SLIP, slip.id): changes}


class WithdrawFromHandover(Action):
    """Undo a second scan: the copy is back where it was, the line open again."""

    code = "withdraw_from_handover"
    label = N_("Take back from the handover")
    subject = Subject.CARRIER
    told = N_("taken back from the handover")
    move = Move({State.HANDOVER}, BACK)
    checks = (handover_is_running,)
    offered = False

    def changes(self, case: Case) -> Changes:
        return {}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        slip = cases[0].the_slip
        changes: Changes = {"done": slip.done - len(cases)}
        for case in cases:
            line = case.book.line_of(slip.id, case.the_carrier.id)
            if line is not None:
                changes[f"line.{line[0]}"] = {"carrier": case.the_carrier.id, "status": "listed"}
        return {Ref(Subject.SLIP, slip.id): changes}


def what_was_counted_is_there(action: ExplainDifference, case: Case) -> Refusal | None:
    """What both sides have counted is not short; its pages or its seal may still differ."""
    if action.difference != "short" or case.the_carrier.state is not State.HANDOVER:
        return None
    return refuse(
        N_("{number} was counted by both sides: it is there."),
        number=case.the_carrier.number,
        remedy=says(N_("Say what differs, or take it back from the handover.")),
        field="difference",
    )


def it_stands_on_the_list(_: Action, case: Case) -> Refusal | None:
    """Only a line of the list is explained."""
    if not runs(case) or case.book.line_of(case.the_slip.id, case.the_carrier.id) is not None:
        return None
    return refuse(N_("{number} is not on this list."), number=case.the_carrier.number)


class ExplainDifference(Action):
    """Say why a listed line cannot be counted or in what it differs; without it the list does not close."""

    code = "explain_difference"
    label = N_("Explain the difference…")
    subject = Subject.CARRIER
    told = N_("difference in the handover explained")
    checks = (handover_is_running, it_stands_on_the_list, what_was_counted_is_there)
    offered = False
    difference: str = ask(Kind.CHOICE, N_("Difference"), choices=DIFFERENCES, default="short")
    explanation: str = ask(Kind.TEXT, N_("Explanation"))

    def changes(self, case: Case) -> Changes:
        return {}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        slip = cases[0].the_slip
        changes: Changes = {}
        for case in cases:
            counted = case.the_carrier.state is State.HANDOVER
            changes |= line_done(
                case, slip.id, case.the_carrier.id, "scanned" if counted else "explained",
                difference=self.difference, note=Text(self.explanation),
            )  # fmt: skip
        return {Ref(Subject.SLIP, slip.id): changes}


ACTIONS = (OpenHandover, OfferHandover, WithdrawFromHandover, ExplainDifference)
