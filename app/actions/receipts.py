"""What becomes of a parcel: its receipt, reminders for it, and what comes back undelivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from app.actions.custody import lines_end
from app.domain.action import BACK, Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, ask, refuse
from app.domain.carrier import EnvelopeState, State
from app.domain.checks import first_count, pages_agree
from app.domain.ledger import plain
from app.domain.opening import fact
from app.domain.slip import SlipState
from app.domain.words import N_, says


def receipt_agrees(_: Action, case: Case) -> Refusal | None:
    """The receiver found it as listed."""
    if case.answer("agrees", default=True):
        return None
    return refuse(
        N_("The receiver did not find {number} as listed."),
        number=case.the_carrier.number,
        remedy=says(N_("Clear it with the receiver; what is gone is reported missing.")),
        field="agrees",
    )


def receipt_is_no_older_than_the_parcel(action: AcknowledgeReceipt, case: Case) -> Refusal | None:
    """Nothing is received before it was sent, nor in the future."""
    number = case.the_carrier.slip
    sent = case.book.slip(number).facts.get("sent") if number is not None else None
    if action.received <= case.today and (sent is None or action.received >= date.fromisoformat(sent)):
        return None
    return refuse(
        N_("It cannot have been received on {day}: it was sent on {sent}."),
        day=action.received,
        sent=sent or "",
        field="received",
    )


def today_at_the_seat(case: Case) -> date:
    """Today."""
    return case.today


class AcknowledgeReceipt(Action):
    """The receiver's receipt is back: from here the receiver answers for it."""

    code = "acknowledge_receipt"
    label = N_("Receipt is back…")
    subject = Subject.CARRIER
    told = N_("receipt back, received on {received} by {receiver}")
    move = Move({State.IN_TRANSIT}, State.EXTERNAL)
    checks = (receipt_agrees, receipt_is_no_older_than_the_parcel)
    slip_kind = "parcel"
    receiver: str = ask(Kind.TEXT, N_("Received by"))
    received: date = ask(Kind.DATE, N_("Received on"), suggest=today_at_the_seat)
    agrees: bool | None = ask(Kind.FLAG, N_("Agrees with the list"), each=True, default=True)

    def changes(self, case: Case) -> Changes:
        return {}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return with_the_cover(cases, lines_end(cases, "acknowledged", received=self.received.isoformat()))


def with_the_cover(cases: Sequence[Case], ended: Mapping[Ref, Changes]) -> Mapping[Ref, Changes]:
    """The slips' changes and, where a parcel is closed, what became of its cover."""
    found = dict(ended)
    for ref, changes in ended.items():
        slip = cases[0].book.slip(ref.id)
        cover = slip.facts.get("envelope")
        if cover is None or changes.get("state") != SlipState.CLOSED:
            continue
        lines = {f"line.{no}": line for no, line in cases[0].book.lines_of(ref.id).items()}
        now = {line["status"] for line in (lines | {key: changes[key] for key in lines if key in changes}).values()}
        end = EnvelopeState.RETURNED if now == {"returned"} else EnvelopeState.ACKNOWLEDGED
        found[Ref(Subject.ENVELOPE, cover)] = {"state": end}
    return found


def something_is_still_out(_: Action, case: Case) -> Refusal | None:
    """Only a parcel under way or a running loan is reminded of."""
    slip = case.the_slip
    if slip.kind in ("parcel", "loan") and slip.state is SlipState.EXECUTING and still_due(case) is not None:
        return None
    return refuse(N_("Nothing on slip {slip} is waited for."), slip=slip.number)


def tracer_day_has_come(_: Action, case: Case) -> Refusal | None:
    """A receipt is asked for on the regime's days, a loan from the day after it was due."""
    due = still_due(case)
    if due is None or case.today >= (day := tracer_day(case, due)):
        return None
    answer = case.the_regime.tracer()
    return refuse(
        N_("The next reminder is sent on {day}."),
        day=day,
        citation=answer.citation,
        verified=answer.verified,
        remedy=says(N_("Wait until then.")),
    )


def still_due(case: Case) -> date | None:
    """The earliest day on which something still out on the slip was due; of an old book's parcel the slip says it."""
    lines = case.book.lines_of(case.the_slip.id).values()
    out = [line["carrier"] for line in lines if line.get("carrier") and line["status"] in ("sent", "out")]
    case.book.load_carriers(out)
    days = [due for due in (case.book.carrier(number).due for number in out) if due is not None]
    if out and not days and (day := case.the_slip.facts.get("receipt_due")):
        return date.fromisoformat(day)
    return min(days, default=None)


def tracer_day(case: Case, due: date) -> date:
    """The first day on which the next reminder may be sent."""
    sent = case.the_slip.facts.get("reminders", [])
    day = due + timedelta(days=1)
    steps = case.the_regime.tracer_days().value
    if case.the_slip.kind == "parcel" and steps:
        day = due + timedelta(days=steps[min(len(sent), len(steps) - 1)] - steps[0])
    return max(day, date.fromisoformat(sent[-1]) + timedelta(days=1)) if sent else day


class SendTracer(Action):
    """Ask for a receipt, or for what was lent, that is overdue; each reminder is counted."""

    code = "send_tracer"
    label = N_("Send a reminder…")
    subject = Subject.SLIP
    told = N_("reminder sent")
    checks = (something_is_still_out, tracer_day_has_come)
    prints = ("tracer",)
    answer_by: date | None = ask(Kind.DATE, N_("Answer by"), default=None)

    def changes(self, case: Case) -> Changes:
        sent = [*case.the_slip.facts.get("reminders", []), case.today.isoformat()]
        steps = case.the_regime.tracer().value
        tell = str(steps[min(len(sent), len(steps)) - 1].tell) if steps else None
        # A day that an earlier reminder named is not asked for again.
        return {"fact.answer_by": plain(self.answer_by), **fact({"reminders": sent, "reminder_told": tell})}


def seal_is_intact(action: ReturnUndelivered, _: Case) -> Refusal | None:
    """What comes back with a broken seal is an incident, not a return."""
    if action.seal_intact:
        return None
    return refuse(
        N_("The seal is broken."),
        remedy=says(N_("Leave the parcel as it is, call the secrecy officer and report what is missing.")),
        field="seal_intact",
    )


class ReturnUndelivered(Action):
    """A parcel, or part of it, came back: refused or not to be delivered; its pages counted."""

    code = "return_undelivered"
    label = N_("Came back undelivered…")
    subject = Subject.CARRIER
    told = N_("came back undelivered, {pages} pages counted")
    move = Move({State.IN_TRANSIT}, BACK)
    whole = (seal_is_intact,)
    checks = (pages_agree,)
    slip_kind = "parcel"
    reason: str = ask(Kind.TEXT, N_("Reason"), default="")
    seal_intact: bool = ask(Kind.FLAG, N_("The seal is intact"))
    pages: int = ask(Kind.NUMBER, N_("Pages counted"), each=True, suggest=lambda case: case.the_carrier.pages)

    def changes(self, case: Case) -> Changes:
        return first_count(case)

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return with_the_cover(cases, lines_end(cases, "returned"))


ACTIONS = (AcknowledgeReceipt, SendTracer, ReturnUndelivered)
