"""What comes in: an envelope signed for, the clock that runs from then, and its opening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from app.actions.classifying import judged_at
from app.actions.voiding import second_person_signs
from app.domain.action import NEW, Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import ENVELOPE_STATE_NAMES, Envelope, EnvelopeState, PersonId
from app.domain.checks import are_different, is_cleared, is_here
from app.domain.opening import fact, opened, signed_parts
from app.domain.regime import Regime
from app.domain.slip import Slip, SlipState
from app.domain.words import N_, says

INCOMING = "incoming"
RECONCILE = "reconcile_envelope"


def receipt_of(case: Case, envelope: Envelope) -> Slip:
    """The receipt slip an envelope was signed for on."""
    if envelope.slip is None:
        raise LookupError("the envelope came in on no receipt")
    return case.book.slip(envelope.slip)


def regime_of(case: Case, envelope: Envelope) -> Regime:
    """The regime an envelope was signed for under."""
    return case.book.regime(str(receipt_of(case, envelope).regime))


def level_inside(regime: Regime, envelope: Envelope) -> str:
    """The level an envelope is handled at: as marked, the highest where nothing is marked outside."""
    return envelope.level or regime.levels()[0].value.code


def the_envelope(case: Case) -> Envelope:
    """The envelope the act is on."""
    return case.book.envelope(case.subject.id)


def envelope_is_now(envelope: Envelope, remedy: str) -> Refusal:
    """The refusal that says where the envelope stands."""
    return refuse(
        N_("Envelope {number} is {state}."), number=envelope.number, state=says(ENVELOPE_STATE_NAMES[envelope.state]),
        remedy=says(remedy),
    )  # fmt: skip


# --- signing for it ----------------------------------------------------------------------------------------------


def marked_level_is_known(action: SignForEnvelope, case: Case) -> Refusal | None:
    """The level marked outside is one of the regime's own."""
    if not action.level or case.the_regime.has_level(action.level):
        return None
    return refuse(
        N_("{level} is not a level of this regime."), level=action.level, field="level",
        remedy=says(N_("Choose one of the regime's levels, or none if the envelope bears no mark.")),
    )  # fmt: skip


def channel_is_known(action: SignForEnvelope, case: Case) -> Refusal | None:
    """It came by one of the regime's ways; what came by a forbidden one is signed for all the same and reported."""
    if action.channel in {answer.value.code for answer in case.the_regime.channels()}:
        return None
    return refuse(
        N_("{channel} is not a channel of this regime."), channel=action.channel, field="channel",
        remedy=says(N_("Choose how it came.")),
    )  # fmt: skip


def something_is_listed(action: SignForEnvelope, _: Case) -> Refusal | None:
    """The delivery list names at least one item."""
    if action.items > 0:
        return None
    return refuse(N_("How many items does the delivery list name?"), field="items")


def not_signed_for_already(action: SignForEnvelope, case: Case) -> Refusal | None:
    """An envelope that lies here unopened is not signed for again."""
    known = case.book.envelope_numbered(INCOMING, action.number)
    if known is None or case.book.envelope(known).state is not EnvelopeState.SIGNED_FOR:
        return None
    return refuse(
        N_("Envelope {number} was signed for and lies here unopened."), number=action.number, field="number",
        remedy=says(N_("Open it; or add the sender's short name to tell two envelopes of one number apart.")),
    )  # fmt: skip


class SignForEnvelope(Action):
    """Sign for an envelope at the counter or the exchange station; from here the clock runs until it is opened."""

    code = "sign_for_envelope"
    label = N_("Sign for an envelope…")
    subject = Subject.ENVELOPE
    told = N_("signed for: {items} items by the delivery list")
    move = Move(NEW, EnvelopeState.SIGNED_FOR)
    checks = (marked_level_is_known, channel_is_known, something_is_listed, not_signed_for_already)
    slip_kind = "receipt"
    number: str = ask(Kind.CODE, N_("Envelope number"))
    regime: str = ask(Kind.REGIME, N_("Regime"))
    sender: str = ask(Kind.TEXT, N_("Sender"))
    address: str = ask(Kind.TEXT, N_("Address of the sender"), default="")
    channel: str = ask(Kind.CHANNEL, N_("Came by"))
    items: int = ask(Kind.NUMBER, N_("Items on the delivery list"))
    level: str = ask(Kind.LEVEL, N_("Level marked outside"), default="")
    seal: str = ask(Kind.CODE, N_("Seal number"), default="")
    intact: bool = ask(Kind.FLAG, N_("Wrapping intact"), default=True)

    def changes(self, case: Case) -> Changes:
        signed = case.authority.happened or case.now
        given: Changes = {
            "kind": INCOMING, "number": self.number, "state": EnvelopeState.SIGNED_FOR, "sender": Text(self.sender),
            "channel": self.channel, "items": self.items, "level": self.level or None, "seal": self.seal or None,
            "intact": self.intact, "signed_at": signed.isoformat(timespec="seconds"), "signed_by": case.actor.id,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first, regime = cases[0], cases[0].the_regime
        hours = timedelta(hours=regime.unopened_hours().value)
        open_by = (first.authority.happened or first.now) + hours
        ref, changes = opened(
            first, "receipt", SlipState.EXECUTING, action=RECONCILE, regime=regime.code, level=self.level or None,
            party=first.actor.id, due=open_by.date(),
            facts={"envelope": first.subject.id, "items": self.items, "open_by": open_by.isoformat(timespec="seconds")},
        )  # fmt: skip
        if self.address.strip():
            changes["fact.sender_address"] = Text(self.address)
        return {first.subject: {"slip": ref.id}, ref: changes}


# --- opening it --------------------------------------------------------------------------------------------------


def envelope_waits_to_be_opened(_: Action, case: Case) -> Refusal | None:
    """It is signed for, or its broken wrapping is reported, and nobody has opened it."""
    envelope = the_envelope(case)
    if envelope.opened_at is None and envelope.state in (EnvelopeState.SIGNED_FOR, EnvelopeState.DISCREPANCY):
        return None
    return envelope_is_now(envelope, N_("Go on with registering what was in it."))


def after_it_was_signed_for(_: Action, case: Case) -> Refusal | None:
    """Nothing happens to an envelope before it came (domain.md 5.6 no. 4)."""
    envelope, happened = the_envelope(case), case.authority.happened
    if happened is None or envelope.signed_at is None or happened >= envelope.signed_at:
        return None
    return refuse(
        N_("It cannot have happened before {last}, when envelope {number} was signed for."),
        last=envelope.signed_at.strftime("%Y-%m-%d %H:%M"), number=envelope.number,
        remedy=says(N_("Check the time.")),
    )  # fmt: skip


def wrapping_is_intact(action: OpenEnvelope, case: Case) -> Refusal | None:
    """What arrives damaged is reported before it is opened."""
    envelope = the_envelope(case)
    if action.intact and envelope.intact:
        return None
    if envelope.state is EnvelopeState.DISCREPANCY:
        return None
    return refuse(
        N_("The wrapping of envelope {number} is not intact."), number=envelope.number, field="intact",
        remedy=says(N_("Report the discrepancy first; then open it.")),
    )  # fmt: skip


def seal_is_the_one_signed_for(action: Any, case: Case) -> Refusal | None:
    """The seal that is broken is the one that was written down."""
    envelope = the_envelope(case)
    if envelope.seal is None or envelope.seal == action.seal or envelope.state is EnvelopeState.DISCREPANCY:
        return None
    if not action.seal.strip():  # the number written down would be copied from the screen
        return refuse(
            N_("The seal of envelope {number} was written down when it was signed for."), number=envelope.number,
            field="seal", remedy=says(N_("Read the number on the seal and enter it.")),
        )  # fmt: skip
    return refuse(
        N_("Envelope {number} was signed for under seal {seal}."), number=envelope.number, seal=envelope.seal,
        field="seal", remedy=says(N_("Read the seal again; if it differs, report the discrepancy.")),
    )  # fmt: skip


def as_many_open_it_as_the_level_asks(action: OpenEnvelope, case: Case) -> Refusal | None:
    """The highest level is opened by two."""
    envelope = the_envelope(case)
    regime = regime_of(case, envelope)
    rule = regime.opening_persons(level_inside(regime, envelope))
    if rule.value < 2 or action.second is not None:
        return None
    return refuse(
        N_("An envelope of this level is opened by {n} people."), n=rule.value, citation=rule.citation,
        verified=rule.verified, field="second", remedy=says(N_("Name a second person, who signs here.")),
    )  # fmt: skip


def openers_are_different(action: OpenEnvelope, case: Case) -> Refusal | None:
    """The second person is somebody else, and here."""
    if action.second is None:
        return None
    who = says(N_("The opener and the second person"))
    refusal = are_different((case.actor.id, action.second), who, "second")
    return refusal or is_here(case.book.person(action.second), "second")


def openers_are_cleared(action: OpenEnvelope, case: Case) -> Refusal | None:
    """Who opens it is cleared for what may be in it."""
    envelope = the_envelope(case)
    regime = regime_of(case, envelope)
    inside = judged_at(case, regime, level_inside(regime, envelope))
    for number, field in ((case.actor.id, None), (action.second, "second")):
        if number is not None and (refusal := is_cleared(inside, case.book.person(number), field)):
            return refusal
    return None


def late_opening_is_explained(action: OpenEnvelope, case: Case) -> Refusal | None:
    """An envelope that lay unopened too long is opened with a reason, and so is one whose opening is entered late."""
    envelope = the_envelope(case)
    rule = regime_of(case, envelope).unopened_hours()
    if envelope.signed_at is None or action.reason.strip():
        return None
    until = envelope.signed_at + timedelta(hours=rule.value)
    if case.now <= until:
        return None
    late = (case.authority.happened or case.now) > until
    return refuse(
        N_("Envelope {number} lay unopened for more than {hours} hours.")
        if late
        else N_("The opening of envelope {number} is entered more than {hours} hours after it was signed for."),
        number=envelope.number, hours=rule.value,
        citation=rule.citation, verified=rule.verified, field="reason", remedy=says(N_("Say why.")),
    )  # fmt: skip


class OpenEnvelope(Action):
    """Open an envelope that was signed for: by whom, at what time, by how many."""

    code = "open_envelope"
    label = N_("Open the envelope…")
    subject = Subject.ENVELOPE
    told = N_("opened")
    checks = (
        envelope_waits_to_be_opened,
        after_it_was_signed_for,
        wrapping_is_intact,
        seal_is_the_one_signed_for,
        as_many_open_it_as_the_level_asks,
        openers_are_different,
        second_person_signs,
        openers_are_cleared,
        late_opening_is_explained,
    )
    slip_kind = "receipt"
    seal: str = ask(Kind.CODE, N_("Seal number found"), default="")
    intact: bool = ask(Kind.FLAG, N_("Wrapping intact"), default=True)
    second: PersonId | None = ask(Kind.PERSON, N_("Second person"), default=None)
    reason: str = ask(Kind.TEXT, N_("Why so late"), default="")

    def changes(self, case: Case) -> Changes:
        at = (case.authority.happened or case.now).isoformat(timespec="seconds")
        opened_now: Changes = {"opened_at": at, "opened_by": case.actor.id}
        if the_envelope(case).state is EnvelopeState.SIGNED_FOR:
            opened_now["state"] = EnvelopeState.OPENED
        return opened_now

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first, receipt = cases[0], receipt_of(cases[0], the_envelope(cases[0]))
        at = (first.authority.happened or first.now).isoformat(timespec="seconds")
        facts = fact({"opened_at": at, "opened_by": first.actor.id, "second": self.second})
        return {Ref(Subject.SLIP, receipt.id): {"due": None, **facts, **signed_parts(first)}}


ACTIONS = (SignForEnvelope, OpenEnvelope)
