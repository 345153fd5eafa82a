"""Whether an envelope held what its list says: reconciled, or queried with its sender and settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from app.actions.intake import (
    RECONCILE,
    after_it_was_signed_for,
    envelope_is_now,
    receipt_of,
    seal_is_the_one_signed_for,
    the_envelope,
)
from app.actions.voiding import second_person_signs
from app.domain.action import Action, Case, Changes, Kind, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import EnvelopeState, PersonId
from app.domain.checks import are_different, is_here
from app.domain.opening import ended, fact, signed_parts
from app.domain.slip import adds_up
from app.domain.words import N_, says


def envelope_is_opened(_: Action, case: Case) -> Refusal | None:
    """Only what was opened and is not settled yet is reconciled."""
    envelope = the_envelope(case)
    if envelope.state is EnvelopeState.OPENED:
        return None
    return envelope_is_now(envelope, N_("Open it, or settle its discrepancy."))


def counted_is_listed(action: ReconcileEnvelope, case: Case) -> Refusal | None:
    """As many items were counted as the delivery list names."""
    envelope = the_envelope(case)
    if action.counted == envelope.items:
        return None
    return refuse(
        N_("Items by the delivery list: {listed}; counted: {counted}."), listed=envelope.items,
        counted=action.counted, field="counted",
        remedy=says(N_("Count again; if they still differ, report the discrepancy.")),
    )  # fmt: skip


def counted_is_registered(action: ReconcileEnvelope | SettleDiscrepancy, case: Case) -> Refusal | None:
    """Every item counted stands in the register, or is noted as one that needs no number."""
    if action.unnumbered < 0:
        return refuse(N_("A number of items cannot be negative."), field="unnumbered")
    registered = receipt_of(case, the_envelope(case)).listed
    parts = [(says(N_("registered")), registered), (says(N_("without a number")), action.unnumbered)]
    wrong = adds_up(parts, action.counted, says(N_("Items counted")))
    if wrong is None:
        return None
    return Refusal("", wrong, remedy=says(N_("Register what is still missing in the book.")), field="unnumbered")


def closed(case: Case) -> Changes:
    """A receipt that is done."""
    return {**ended(case), **signed_parts(case)}


class ReconcileEnvelope(Action):
    """Say that an envelope held what its list names, and send the signed list back."""

    code = RECONCILE
    label = N_("Reconcile with the list…")
    subject = Subject.ENVELOPE
    told = N_("reconciled with its list: {counted} items")
    checks = (envelope_is_opened, counted_is_listed, counted_is_registered)
    prints = ("incoming_register",)
    slip_kind = "receipt"
    counted: int = ask(Kind.NUMBER, N_("Items counted"))
    unnumbered: int = ask(Kind.NUMBER, N_("Of them without a number of ours"), default=0)

    def changes(self, case: Case) -> Changes:
        return {"state": EnvelopeState.RECONCILED}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        receipt = receipt_of(cases[0], the_envelope(cases[0]))
        facts = fact({"counted": self.counted, "unnumbered": self.unnumbered})
        return {Ref(Subject.SLIP, receipt.id): {**closed(cases[0]), **facts}}


def envelope_is_not_settled(_: Action, case: Case) -> Refusal | None:
    """What was reconciled does not differ any more."""
    envelope = the_envelope(case)
    if envelope.state in (EnvelopeState.SIGNED_FOR, EnvelopeState.OPENED):
        return None
    return envelope_is_now(envelope, N_("Correct the entry of the carrier it is about."))


def something_differs(action: ReportDiscrepancy, _: Case) -> Refusal | None:
    """A notice names what is wrong: the count, copy numbers, or the wrapping."""
    if min(action.expected, action.found) < 0:
        field = "expected" if action.expected < 0 else "found"
        return refuse(N_("A number of items cannot be negative."), field=field)
    if action.expected != action.found or action.missing or action.extra or action.condition.strip():
        return None
    return refuse(
        N_("Nothing differs: {n} expected, {n} found."), n=action.found, field="found",
        remedy=says(N_("Reconcile the envelope, or say what is wrong with it.")),
    )  # fmt: skip


def finders_are_two(action: ReportDiscrepancy, case: Case) -> Refusal | None:
    """A difference is found by two."""
    who = says(N_("The finder and the second finder"))
    refusal = are_different((case.actor.id, action.second), who, "second")
    return refusal or is_here(case.book.person(action.second), "second")


class ReportDiscrepancy(Action):
    """Write down that an envelope does not agree with its list, or came damaged, and query the sender."""

    code = "report_discrepancy"
    label = N_("Report a discrepancy…")
    subject = Subject.ENVELOPE
    told = N_("does not agree with its list: {expected} expected, {found} found")
    checks = (envelope_is_not_settled, after_it_was_signed_for, something_differs, finders_are_two, second_person_signs)
    prints = ("discrepancy_notice",)
    slip_kind = "receipt"
    expected: int = ask(Kind.NUMBER, N_("Expected"), suggest=lambda case: the_envelope(case).items)
    found: int = ask(Kind.NUMBER, N_("Found"))
    second: PersonId = ask(Kind.PERSON, N_("Second finder"))
    missing: str = ask(Kind.CODE, N_("Copy numbers missing"), default="")
    extra: str = ask(Kind.CODE, N_("Copy numbers too many"), default="")
    condition: str = ask(Kind.TEXT, N_("Condition of the wrapping"), default="")
    photo: str = ask(Kind.CODE, N_("Number of the photograph"), default="")
    request: str = ask(Kind.TEXT, N_("What is asked of the sender"), default="")

    def changes(self, case: Case) -> Changes:
        return {"state": EnvelopeState.DISCREPANCY}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first = cases[0]
        receipt = receipt_of(first, the_envelope(first))
        facts = {
            "expected": self.expected, "found": self.found, "missing": self.missing or None,
            "extra": self.extra or None, "photo": self.photo or None, "finder": first.actor.id, "second": self.second,
            "found_at": (first.authority.happened or first.now).isoformat(timespec="seconds"),
        }  # fmt: skip
        words = {"condition": self.condition, "request": self.request}
        said: Changes = {f"fact.{name}": Text(text) for name, text in words.items() if text.strip()}
        return {Ref(Subject.SLIP, receipt.id): {**fact(facts), **said, **signed_parts(first)}}


def discrepancy_is_open(_: Action, case: Case) -> Refusal | None:
    """There is a query to answer, and the envelope was opened."""
    envelope = the_envelope(case)
    if envelope.state is EnvelopeState.DISCREPANCY and envelope.opened_at is not None:
        return None
    return envelope_is_now(envelope, N_("Open it and report what differs first."))


def answered_by_today(action: SettleDiscrepancy, case: Case) -> Refusal | None:
    """An answer that is entered has come."""
    if action.answered <= case.today:
        return None
    return refuse(N_("The date of the answer {day} is in the future."), day=action.answered, field="answered")


def items_found(case: Case) -> int | None:
    """As many items as the notice said were found."""
    found = receipt_of(case, the_envelope(case)).facts.get("found")
    return int(found) if found is not None else None


class SettleDiscrepancy(Action):
    """Enter the sender's answer; from here the envelope agrees with what both sides know."""

    code = "settle_discrepancy"
    label = N_("The sender answered…")
    subject = Subject.ENVELOPE
    told = N_("discrepancy settled by the sender's answer")
    checks = (discrepancy_is_open, answered_by_today, counted_is_registered)
    slip_kind = "receipt"
    answer: str = ask(Kind.TEXT, N_("The sender's answer"))
    answered: date = ask(Kind.DATE, N_("Date of the answer"), suggest=lambda case: case.today)
    reference: str = ask(Kind.CODE, N_("Number of the answer"), default="")
    counted: int = ask(Kind.NUMBER, N_("Items that were in it after all"), suggest=items_found)
    unnumbered: int = ask(Kind.NUMBER, N_("Of them without a number of ours"), default=0)

    def changes(self, case: Case) -> Changes:
        return {"state": EnvelopeState.RECONCILED}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        receipt = receipt_of(cases[0], the_envelope(cases[0]))
        facts = fact({
            "answered": self.answered, "answer_no": self.reference or None, "counted": self.counted,
            "unnumbered": self.unnumbered,
        })  # fmt: skip
        return {Ref(Subject.SLIP, receipt.id): {**closed(cases[0]), **facts, "fact.answer": Text(self.answer)}}


WHY_BACK = (
    ("addressee", N_("addressed to somebody else")),
    ("damaged", N_("it came damaged")),
    ("recalled", N_("the sender asks for it")),
)


def envelope_lies_unopened(_: Action, case: Case) -> Refusal | None:
    """What was opened is ours to account for; only what nobody opened goes back as it came."""
    envelope = the_envelope(case)
    if envelope.opened_at is None and envelope.state in (EnvelopeState.SIGNED_FOR, EnvelopeState.DISCREPANCY):
        return None
    return envelope_is_now(envelope, N_("What was opened is registered and sent in a parcel of its own."))


class GiveBackUnopened(Action):
    """Give an envelope that is not for us back to its sender or courier as it came, against their receipt."""

    code = "give_back_unopened"
    label = N_("Give back unopened…")
    subject = Subject.ENVELOPE
    told = N_("given back unopened to {to}, receipt {receipt}")
    checks = (envelope_lies_unopened, after_it_was_signed_for, seal_is_the_one_signed_for)
    prints = ("discrepancy_notice",)
    slip_kind = "receipt"
    why: str = ask(Kind.CHOICE, N_("Why it goes back"), choices=WHY_BACK, default="addressee")
    to: str = ask(Kind.TEXT, N_("Given to (sender or courier)"))
    receipt: str = ask(Kind.CODE, N_("Number of their receipt"))
    seal: str = ask(Kind.CODE, N_("Seal number found"), default="")

    def changes(self, case: Case) -> Changes:
        return {"state": EnvelopeState.GIVEN_BACK}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first = cases[0]
        facts = fact({
            "given_back": (first.authority.happened or first.now).isoformat(timespec="seconds"),
            "given_by": first.actor.id, "why_back": self.why, "back_receipt": self.receipt,
        })  # fmt: skip
        receipt = Ref(Subject.SLIP, receipt_of(first, the_envelope(first)).id)
        return {receipt: {**closed(first), **facts, "due": None, "fact.given_to": Text(self.to)}}


ACTIONS = (ReconcileEnvelope, ReportDiscrepancy, SettleDiscrepancy, GiveBackUnopened)
