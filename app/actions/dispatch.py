"""Out of the unit: a sealed parcel, by a channel and couriers that its levels allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.domain.action import Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import EnvelopeState, PersonId, State
from app.domain.caveat_checks import RECEIVERS, caveats_admit_the_receiver
from app.domain.checks import are_different, is_cleared, is_here, level_name, level_of, route_was_decided
from app.domain.opening import fact, line_done
from app.domain.regime import Channel, Regime
from app.domain.slip import READY, SlipState
from app.domain.words import N_, Term, says

URGENCIES = (("", N_("ordinary")), ("urgent", N_("urgent")), ("most_urgent", N_("most urgent")))


def parcel_is_approved(_: Action, case: Case) -> Refusal | None:
    """What goes out stands on a parcel's list that was decided."""
    slip = case.slip
    if slip is not None and slip.kind == "parcel" and slip.action == Dispatch.code and slip.state in READY:
        return None
    return refuse(
        N_("There is no approved parcel for this."),
        remedy=says(N_("Open a parcel, scan what goes into it and submit it.")),
    )


def addressee_is_the_one_approved(action: Dispatch, case: Case) -> Refusal | None:
    """The parcel was applied for with its addressee and its channel; others need another slip."""
    slip = case.slip
    if slip is None:
        return None
    if slip.answers.get("addressee") == action.addressee and slip.answers.get("channel") == action.channel:
        return None
    return refuse(
        N_("Slip {slip} was not for this addressee and channel."),
        slip=slip.number,
        remedy=says(N_("Send what was applied for, or submit a new slip.")),
        field="addressee",
    )


def everything_listed_is_packed(_: Action, case: Case) -> Refusal | None:
    """What is in the parcel is what is on its list, no more and no less."""
    if case.slip is None:
        return None
    listed = {line["carrier"] for line in case.book.lines_of(case.slip.id).values() if line.get("carrier")}
    packed = {ref.id for ref in case.together}
    if listed == packed:
        return None
    odd = case.book.carrier(min(listed ^ packed))
    return refuse(
        N_("{listed} are listed, {packed} are packed; they differ at {number}."),
        listed=len(listed),
        packed=len(packed),
        number=odd.number,
        remedy=says(N_("Scan the rest, or submit a new list.")),
    )


def envelope_number_is_free(action: Dispatch, case: Case) -> Refusal | None:
    """An outgoing envelope's number is used once."""
    if case.book.envelope_numbered("outgoing", action.envelope) is None:
        return None
    return refuse(N_("Envelope {number} was already sent."), number=action.envelope, field="envelope")


def receipt_can_be_asked_for(action: Dispatch, case: Case) -> Refusal | None:
    """A receipt is expected on a day that is still to come."""
    if action.receipt_due is None or action.receipt_due >= case.today:
        return None
    return refuse(N_("The date {day} has passed."), day=action.receipt_due, field="receipt_due")


def couriers_are_different(action: Dispatch, _: Case) -> Refusal | None:
    """Two couriers are two people."""
    return are_different(action.couriers, says(N_("The couriers")), "couriers")


def channel_of(action: Dispatch, case: Case) -> Channel | None:
    """The channel, as the regime of this line describes it."""
    known = (answer.value for answer in case.the_regime.channels())
    return next((channel for channel in known if channel.code == action.channel), None)


def channel_allows_the_level(action: Dispatch, case: Case) -> Refusal | None:
    """Each level in the parcel may go out by this channel."""
    return way_is_closed(action.channel, case.the_regime, case.the_carrier.level, case.book.regimes())


def channel_will_allow_the_level(action: Any, case: Case) -> Refusal | None:
    """Nobody is asked to approve a parcel that may not go out the way it was applied for."""
    answers = {**(case.slip.answers if case.slip else {}), **action.given}
    code = getattr(action, "act", None) or (case.slip.action if case.slip else None)
    if code != Dispatch.code or not answers.get("channel"):
        return None
    for line in action.lines_given:
        carrier = case.book.carrier(line["carrier"])
        regime = case.book.regime(case.book.document(carrier.document).regime)
        closed = way_is_closed(answers["channel"], regime, carrier.level, case.book.regimes())
        if closed is not None:
            again = says(N_("Give this slip up and begin another with one of: {channels}."), channels=_open_to(
                regime, carrier.level
            ))  # fmt: skip
            return replace(closed, remedy=again if case.slip is not None else closed.remedy)
    return None


def way_is_closed(code: str, regime: Regime, level: str, regimes: Sequence[Regime]) -> Refusal | None:
    """Why a level may not go out by a channel, and by which it may; a channel of another regime is named too."""
    own = next((each for each in regime.channels() if each.value.code == code), None)
    if own is not None and level in own.value.allowed:
        return None
    others = _open_to(regime, level)
    remedy = says(N_("Choose one of: {channels}."), channels=others) if others else None
    if own is None:
        elsewhere = (each.value for other in regimes for each in other.channels() if each.value.code == code)
        named = next((_named(channel) for channel in elsewhere), code)
        citation = next((each.citation for each in regime.channels_for(level)), "")
        return refuse(
            N_("{level} may not go out by: {channel}."), level=level_name(regime, level), channel=named,
            citation=citation, remedy=remedy, field="channel",
        )  # fmt: skip
    return refuse(
        N_("{level} may not go out by: {channel}."), level=level_name(regime, level), channel=_named(own.value),
        citation=own.citation, verified=own.verified, remedy=remedy, field="channel",
    )  # fmt: skip


def _open_to(regime: Regime, level: str) -> tuple[Term, ...]:
    return tuple(_named(other.value) for other in regime.channels_for(level))


def enough_couriers_are_named(action: Dispatch, case: Case) -> Refusal | None:
    """As many named persons carry it as the level needs on this channel."""
    channel, level = channel_of(action, case), case.the_carrier.level
    if channel is None or level not in channel.allowed:
        return None
    answer = case.the_regime.couriers(level, channel.code)
    if len(set(action.couriers)) >= answer.value:
        return None
    return refuse(
        N_("Named couriers needed for {level} by {channel}: {n}; named: {named}."),
        level=level_name(case.the_regime, level),
        n=answer.value,
        channel=_named(channel),
        named=len(set(action.couriers)),
        citation=answer.citation,
        verified=answer.verified,
        remedy=says(N_("Name another courier.")),
        field="couriers",
    )


def couriers_are_cleared(action: Dispatch, case: Case) -> Refusal | None:
    """Every courier is here and cleared for what they carry."""
    for number in action.couriers:
        person = case.book.person(number)
        if refusal := is_here(person, "couriers") or is_cleared(case, person, "couriers"):
            return refusal
    return None


def parcel_is_sealed(action: Dispatch, case: Case) -> Refusal | None:
    """The seal has a number where the channel asks for one."""
    channel = channel_of(action, case)
    if channel is None or not channel.needs_seal or action.seal.strip():
        return None
    return refuse(
        N_("By {channel} it goes out sealed; the seal has no number."),
        channel=_named(channel),
        citation=channel.source,
        verified=channel.verified,
        field="seal",
    )


def receipt_is_expected(action: Dispatch, case: Case) -> Refusal | None:
    """Where the regime asks for a receipt, a day is set on which it is asked for."""
    channel = channel_of(action, case)
    answer = case.the_regime.receipt_required(case.the_carrier.level)
    if action.receipt_due is not None or not (answer.value or (channel is not None and channel.needs_receipt)):
        return None
    return refuse(
        N_("A receipt must come back; name the day it is due."),
        citation=answer.citation,
        verified=answer.verified,
        field="receipt_due",
    )


def receipt_is_asked_for_in_time(action: Dispatch, case: Case) -> Refusal | None:
    """The day on which the receipt is due is no later than the regime's first day for a tracer."""
    days, due = case.the_regime.tracer_days(), action.receipt_due
    if due is None or not days.value or due <= (last := sent_on(case) + timedelta(days=days.value[0])):
        return None
    return refuse(
        N_("The receipt is asked for by {day} at the latest."), day=last, citation=days.citation,
        verified=days.verified, field="receipt_due", remedy=says(N_("Choose an earlier day.")),
    )  # fmt: skip


def may_go_abroad(action: Dispatch, case: Case) -> Refusal | None:
    """To a foreign receiver only what the regime and its caveats let go (NOFORN never)."""
    level, document = level_of(case), case.the_document
    if not action.foreign or level is None:
        return None
    answer = case.the_regime.allows(Dispatch.code, level, foreign=True, caveats=document.caveats)
    if answer.value:
        return None
    return refuse(
        N_("{number} may not be given to a foreign receiver."),
        number=case.the_carrier.number,
        citation=answer.citation,
        verified=answer.verified,
        remedy=says(N_("Take it out of the parcel.")),
        field="foreign",
    )


def parcel_took_the_whole_route(action: Dispatch, case: Case) -> Refusal | None:
    """A parcel to a foreign receiver was decided by whoever decides on foreign release."""
    return route_was_decided(case, Dispatch.code, foreign=action.foreign)


def stands_on_the_parcel(_: Action, case: Case) -> Refusal | None:
    """Only what is on the list goes out."""
    slip, carrier = case.slip, case.the_carrier
    if slip is None or case.book.line_of(slip.id, carrier.id) is not None:
        return None
    return refuse(N_("{number} is not on slip {slip}."), number=carrier.number, slip=slip.number)


def first_tracer_day(case: Case) -> date | None:
    """The day on which a missing receipt is first asked for."""
    if case.regime is None or not (days := case.regime.tracer_days().value):
        return None
    return case.today + timedelta(days=days[0])


class Dispatch(Action):
    """Hand a sealed parcel to its couriers; it is ours until the receipt comes back."""

    code = "dispatch"
    label = N_("Dispatch…")
    subject = Subject.CARRIER
    told = N_("sent in envelope {envelope}, seal {seal}")
    move = Move({State.IN_STOCK}, State.IN_TRANSIT)
    whole = (
        parcel_is_approved,
        addressee_is_the_one_approved,
        everything_listed_is_packed,
        envelope_number_is_free,
        receipt_can_be_asked_for,
        couriers_are_different,
    )
    checks = (
        stands_on_the_parcel,
        channel_allows_the_level,
        enough_couriers_are_named,
        couriers_are_cleared,
        parcel_is_sealed,
        receipt_is_expected,
        receipt_is_asked_for_in_time,
        may_go_abroad,
        caveats_admit_the_receiver,
        parcel_took_the_whole_route,
    )
    prints = ("delivery_list", "envelope_labels")
    route = "dispatch"
    slip_kind = "parcel"
    undo = "return_undelivered"
    key = "D"
    addressee: str = ask(Kind.TEXT, N_("Addressee"))
    address: str = ask(Kind.TEXT, N_("Address"), default="")
    attention: str = ask(Kind.TEXT, N_("For the attention of"), default="")
    addressee_code: str = ask(Kind.CODE, N_("Addressee's code"), default="")
    channel: str = ask(Kind.CHANNEL, N_("Channel"))
    foreign: bool = ask(Kind.FLAG, N_("To a foreign receiver"), default=False)
    envelope: str = ask(Kind.CODE, N_("Envelope number"))
    seal: str = ask(Kind.CODE, N_("Seal number"), default="")
    urgency: str = ask(Kind.CHOICE, N_("Urgency"), default="", choices=URGENCIES)
    couriers: tuple[PersonId, ...] = ask(Kind.PEOPLE, N_("Couriers"), default=())
    receipt_due: date | None = ask(Kind.DATE, N_("Receipt due"), default=None, suggest=first_tracer_day)
    receiver: str = ask(Kind.CHOICE, N_("The receiver is"), default="", choices=RECEIVERS, late=True)

    def changes(self, case: Case) -> Changes:
        return {"way": case.the_slip.id, "slip": case.the_slip.id, "due": self.receipt_due}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first, slip = cases[0], cases[0].the_slip
        cover = Ref(Subject.ENVELOPE, first.numbers.next_id(Subject.ENVELOPE))
        sent: Changes = {"state": SlipState.EXECUTING, "due": self.receipt_due}
        for case in cases:
            sent |= line_done(case, slip.id, case.the_carrier.id, "sent")
        sent |= fact({
            "envelope": cover.id, "envelope_number": self.envelope, "seal": self.seal or None, "channel": self.channel,
            "couriers": list(self.couriers), "addressee_code": self.addressee_code or None, "foreign": self.foreign,
            "sent": sent_on(first), "receipt_due": self.receipt_due, "urgency": self.urgency or None,
            "receiver": self.receiver or None,
        })  # fmt: skip
        if self.attention.strip():
            sent["fact.attention"] = Text(self.attention)
        outer: Changes = {
            "kind": "outgoing", "number": self.envelope, "state": EnvelopeState.HANDED_OVER, "channel": self.channel,
            "level": first.the_regime.highest(case.the_carrier.level for case in cases), "items": len(cases),
            "slip": slip.id, **({"seal": self.seal} if self.seal else {}),
        }  # fmt: skip
        return {Ref(Subject.SLIP, slip.id): sent, cover: outer}


def sent_on(case: Case) -> date:
    """The day it happened, which may be before it was entered."""
    return case.authority.happened.date() if case.authority.happened else case.today


def _named(channel: Channel) -> Term:
    return Term(channel.name.zh, channel.name.en)


ACTIONS = (Dispatch,)
