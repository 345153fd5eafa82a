"""Handing over a whole charge: listed, counted by both sides face to face, signed by three."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.action import BACK, NEW, Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import ENDED, HELD, OUT, PersonId, PlaceId, State
from app.domain.checks import are_different, signature_of
from app.domain.opening import fact, line_done, opened, signed_parts
from app.domain.slip import SlipState
from app.domain.words import N_, says

REASONS = (
    ("leaving", N_("leaving the post")),
    ("transfer", N_("transfer")),
    ("rotation", N_("rotation")),
    ("abolished", N_("office abolished or merged")),
    ("count", N_("count")),
    ("temporary", N_("temporary absence")),
)


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
        N_("The giver is absent: a commission of {n} people is needed, {named} are named."),
        n=rule.value,
        named=len(set(action.commission)),
        citation=rule.citation,
        verified=rule.verified,
        remedy=says(N_("Name others who open by seal number and count.")),
        field="commission",
    )


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
    checks = (three_are_different, absent_giver_has_a_commission, giver_has_no_open_handover)
    duties = ("registry_clerk", "secrecy_officer", "department_leader", "unit_leader")
    slip_kind = "handover"
    giver: PersonId = ask(Kind.PERSON, N_("Giver"))
    receiver: PersonId = ask(Kind.PERSON, N_("Receiver"))
    supervisor: PersonId = ask(Kind.PERSON, N_("Supervisor"))
    reason: str = ask(Kind.CHOICE, N_("Reason"), choices=REASONS, default="leaving")
    place: PlaceId | None = ask(Kind.PLACE, N_("Place"), default=None)
    absent: bool = ask(Kind.FLAG, N_("The giver cannot be present"), default=False)
    commission: tuple[PersonId, ...] = ask(Kind.PEOPLE, N_("Commission of two"), default=())
    keys: str = ask(Kind.TEXT, N_("Keys, seals and books handed over"), default="")

    def changes(self, case: Case) -> Changes:
        charge = [carrier for carrier in case.book.charge_of(self.giver) if carrier.state in HELD]
        lines = [{"carrier": carrier.id, "status": "out" if carrier.state in OUT else "listed"} for carrier in charge]
        regimes = {case.book.document(carrier.document).regime for carrier in charge}
        regime = case.book.regime(min(regimes)) if len(regimes) == 1 else None
        _, changes = opened(
            case, "handover", SlipState.EXECUTING, action=TakeOver.code, party=self.giver, lines=lines,
            regime=regime.code if regime else None,
            level=regime.highest(carrier.level for carrier in charge) if regime else None,
            facts={
                "giver": self.giver, "receiver": self.receiver, "supervisor": self.supervisor, "reason": self.reason,
                "place": self.place, "absent": self.absent, "commission": list(self.commission),
                "began": case.now.isoformat(timespec="seconds"),
            },
        )  # fmt: skip
        return changes


def _runs(case: Case) -> bool:
    """Whether the act rests on a handover whose list is open; without one its other rules have nothing to look at."""
    slip = case.slip
    return slip is not None and slip.kind == "handover" and slip.state is SlipState.EXECUTING


def carrier_is_on_the_charge(_: Action, case: Case) -> Refusal | None:
    """Only what the giver answers for is handed over."""
    if not _runs(case) or case.the_carrier.custodian == case.the_slip.facts.get("giver"):
        return None
    return refuse(
        N_("{number} is not on the giver's charge."),
        number=case.the_carrier.number,
        remedy=says(N_("Leave it where it is; it belongs to another custodian.")),
    )


def handover_is_running(_: Action, case: Case) -> Refusal | None:
    """The list is open."""
    if _runs(case):
        return None
    return refuse(N_("No handover is running."), remedy=says(N_("Open a handover first.")))


def container_seal_is_known(action: OfferHandover, case: Case) -> Refusal | None:
    """In a count without the giver, each line names the seal its container was opened by."""
    if not _runs(case) or not case.the_slip.facts.get("absent") or case.answer("seal"):
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
    move = Move({State.IN_STOCK, State.ISSUED, State.ARCHIVED, State.SEALED, State.IN_PREP}, State.HANDOVER)
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
            known = line_done(case, slip.id, case.the_carrier.id, "scanned", seal=case.answer("seal"))
            if not known:
                changes["listed"] = changes.get("listed", slip.listed) + 1
                known = {f"line.{changes['listed']}": {"carrier": case.the_carrier.id, "status": "scanned"}}
            changes |= known
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
            changes |= line_done(case, slip.id, case.the_carrier.id, "listed")
        return {Ref(Subject.SLIP, slip.id): changes}


class ExplainDifference(Action):
    """Say why a listed line cannot be counted; without it the list does not close."""

    code = "explain_difference"
    label = N_("Explain the difference…")
    subject = Subject.CARRIER
    told = N_("difference in the handover explained")
    checks = (handover_is_running,)
    offered = False
    explanation: str = ask(Kind.TEXT, N_("Explanation"))

    def changes(self, case: Case) -> Changes:
        return {}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        slip = cases[0].the_slip
        changes: Changes = {}
        for case in cases:
            changes |= line_done(case, slip.id, case.the_carrier.id, "explained", note=Text(self.explanation))
        return {Ref(Subject.SLIP, slip.id): changes}


def every_line_is_settled(_: Action, case: Case) -> Refusal | None:
    """The list closes when every line was scanned by both, is out by slip, or is explained."""
    if not _runs(case):
        return None
    open_lines = [line for line in case.book.lines_of(case.the_slip.id).values() if line["status"] == "listed"]
    still = [line for line in open_lines if case.book.carrier(line["carrier"]).state not in ENDED | OUT]
    if not still:
        return None
    return refuse(
        N_("{n} lines are not counted yet, the first is {number}."),
        n=len(still),
        number=case.book.carrier(still[0]["carrier"]).number,
        remedy=says(N_("Scan them on both sides, or explain each difference.")),
    )


def all_that_was_counted_is_named(_: Action, case: Case) -> Refusal | None:
    """The list closes with everything on it: what stayed behind could never leave the handover again."""
    if not _runs(case):
        return None
    named = {ref.id for ref in case.together}
    numbers = [line["carrier"] for line in case.book.lines_of(case.the_slip.id).values() if line.get("carrier")]
    case.book.load_carriers(numbers)
    counted = (case.book.carrier(number) for number in numbers if number not in named)
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
    if not _runs(case):
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


def handover_is_signed(_: Action, case: Case) -> Refusal | None:
    """Giver (or the commission of two), receiver and supervisor sign."""
    if not _runs(case):
        return None
    facts = case.the_slip.facts
    giving = facts["commission"] if facts.get("absent") else [facts["giver"]]
    wanted = [(person, "giver", says(N_("giver"))) for person in giving]
    wanted += [(facts["receiver"], "receiver", says(N_("receiver")))]
    wanted += [(facts["supervisor"], "supervisor", says(N_("supervisor")))]
    for person, role, what in wanted:
        if refusal := signature_of(case, person, role, what):
            return refusal
    return None


class TakeOver(Action):
    """Close a handover: what both sides counted is the receiver's charge from here."""

    code = "take_over"
    label = N_("Sign and take over…")
    subject = Subject.CARRIER
    told = N_("taken over by {custodian}")
    move = Move({State.HANDOVER}, BACK)
    whole = (
        handover_is_running,
        every_line_is_settled,
        all_that_was_counted_is_named,
        nothing_came_on_charge_since,
        handover_is_signed,
    )
    prints = ("handover_list",)
    duties = ()
    slip_kind = "handover"
    offered = False

    def changes(self, case: Case) -> Changes:
        return {"custodian": case.the_slip.facts["receiver"]}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first, slip = cases[0], cases[0].the_slip
        lines = first.book.lines_of(slip.id)
        elsewhere = [line["carrier"] for line in lines.values() if line["status"] != "scanned"]
        first.book.load_carriers(elsewhere)
        found: dict[Ref, Changes] = {
            Ref(Subject.CARRIER, number): {"custodian": slip.facts["receiver"]}
            for number in elsewhere
            if first.book.carrier(number).state in OUT
        }
        found[Ref(Subject.SLIP, slip.id)] = {
            "state": SlipState.CLOSED, "closed_at": first.now.isoformat(timespec="seconds"),
            **signed_parts(first), **fact({"ended": first.now.isoformat(timespec="seconds")}),
        }  # fmt: skip
        return found


ACTIONS = (OpenHandover, OfferHandover, WithdrawFromHandover, ExplainDifference, TakeOver)
