"""Copies of a carrier: approved by the regime's route, numbered under their original, counted out like a print job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.actions.drafting import copies_are_countable, made_with_these_no_more_than_approved, new_carrier
from app.actions.making import (
    PURPOSES,
    custodian_is_cleared,
    is_a_number_of_copies,
    maker_may_touch_it,
    on_the_job,
    paper_has_pages,
    place_protects,
    rests_on_its_own_slip,
)
from app.domain.action import NEW, Action, Case, Changes, Kind, Line, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import (
    KIND_NAMES,
    Carrier,
    CarrierId,
    CarrierKind,
    PersonId,
    PlaceId,
    State,
)
from app.domain.caveat_checks import RECEIVERS, caveats_admit_the_receiver
from app.domain.checks import is_cleared, is_here, is_in_scope, is_where, nobody_is_alone_with_it
from app.domain.control_numbers import next_children
from app.domain.regime import Demand
from app.domain.words import N_, Term, says

COPIED_FROM = frozenset({State.IN_STOCK, State.ISSUED, State.ARCHIVED})


def original_of(action: Any, case: Case) -> Carrier:
    """The carrier that is copied."""
    return case.book.carrier(action.original)


def original_is_here(action: CopyCarrier, case: Case) -> Refusal | None:
    """What is copied is in the unit, and nothing else is being done with it."""
    return is_where(original_of(action, case), COPIED_FROM, "original")


def issuer_lets_it_be_copied(action: CopyCarrier, case: Case) -> Refusal | None:
    """The issuer has not forbidden copies of this document."""
    if case.the_document.may_copy:
        return None
    rule = case.the_regime.route("copy", case.the_document.level, received=case.the_document.received)
    return refuse(
        N_("The issuer does not let {number} be copied."), number=original_of(action, case).number, field="original",
        citation=rule.citation, verified=rule.verified, remedy=says(N_("Ask the issuer for another copy.")),
    )  # fmt: skip


def no_caveat_forbids_copying(_: CopyCarrier, case: Case) -> Refusal | None:
    """A caveat against copying yields only to the originator's written consent."""
    steps = case.slip.steps if case.slip is not None else ()
    if any(step.role == "originator" and step.decision == "approved" and step.consent for step in steps):
        return None
    for code in case.the_document.caveats:
        caveat = case.the_regime.caveat(code)
        if Demand.NO_COPYING in caveat.value.demands:
            name = Term(caveat.value.name.zh, caveat.value.name.en)
            return refuse(
                N_("The caveat {caveat} forbids copying."), caveat=name, citation=caveat.citation,
                verified=caveat.verified, remedy=says(N_("Have the originator consent in writing.")),
            )  # fmt: skip
    return None


def recipients_are_named(action: CopyCarrier, _: Case) -> Refusal | None:
    """Whom the copies are for is known before they are made; what is filed goes to nobody."""
    if action.recipients or action.outside.strip() or action.purpose == "file":
        return None
    return refuse(
        N_("Nobody is named to whom the copies go."), field="recipients", remedy=says(N_("Name each recipient."))
    )


def recipients_may_have_it(action: CopyCarrier, case: Case) -> Refusal | None:
    """Each recipient is here, cleared and in the access scope."""
    for number in action.recipients:
        person = case.book.person(number)
        refusal = (
            is_here(person, "recipients")
            or is_cleared(case, person, "recipients")
            or is_in_scope(case, person, "recipients")
        )
        if refusal is not None:
            return refusal
    return None


def receiver_outside_is_admitted(action: CopyCarrier, case: Case) -> Refusal | None:
    """A copy is made for nobody outside to whom it could not be sent."""
    return caveats_admit_the_receiver(action, case) if action.outside.strip() else None


def copy_is_no_longer_than_its_original(action: CopyCarrier, case: Case) -> Refusal | None:
    """A copy has no more pages than what it is copied from."""
    original = original_of(action, case)
    if action.pages is None or original.pages is None or action.pages <= original.pages:
        return None
    return refuse(
        N_("{number} has {pages} pages, its copy cannot have {copied}."), number=original.number, pages=original.pages,
        copied=action.pages, field="pages", remedy=says(N_("Give the pages of one copy.")),
    )  # fmt: skip


class CopyCarrier(Action):
    """Make approved copies of a carrier; each is a carrier of its own, of the same document and level."""

    code = "copy_carrier"
    label = N_("Copy…")
    subject = Subject.CARRIER
    told = N_("copied as {number}, {pages} pages")
    move = Move(NEW, State.IN_PREP)
    begins_where = COPIED_FROM
    checks = (
        original_is_here,
        issuer_lets_it_be_copied,
        no_caveat_forbids_copying,
        rests_on_its_own_slip,
        copies_are_countable,
        made_with_these_no_more_than_approved,
        recipients_are_named,
        recipients_may_have_it,
        receiver_outside_is_admitted,
        paper_has_pages,
        copy_is_no_longer_than_its_original,
        place_protects,
        custodian_is_cleared,
        maker_may_touch_it,
        nobody_is_alone_with_it,
    )
    prints = ("copy_approval",)
    route = "copy"
    applied_for = ("original", "copies", "recipients", "outside")
    slip_kind = "copying"
    original: CarrierId = ask(Kind.NUMBER, N_("Original"))
    copies: int = ask(Kind.NUMBER, N_("Copies approved"), default=1)
    pages: int | None = ask(Kind.NUMBER, N_("Pages of each copy"), default=None)
    reason: str = ask(Kind.TEXT, N_("What the copies are for"))
    recipients: tuple[PersonId, ...] = ask(Kind.PEOPLE, N_("Recipients"), default=())
    outside: str = ask(Kind.TEXT, N_("Recipients outside the unit"), default="")
    extent: str = ask(Kind.CODE, N_("Pages copied, if not the whole"), default="")
    place: PlaceId = ask(Kind.PLACE, N_("Made and kept in"))
    kind: str = ask(Kind.CARRIER_KIND, N_("Kind"), default=CarrierKind.PAPER, choices=tuple(KIND_NAMES.items()))
    purpose: str = ask(Kind.CHOICE, N_("Intended use"), default="keep", choices=PURPOSES)
    now: int | None = ask(Kind.NUMBER, N_("Made now, when not all at once"), default=None)
    maker: PersonId | None = ask(Kind.PERSON, N_("Made by"), default=None)
    beside: PersonId | None = ask(Kind.PERSON, N_("Second person who stays beside"), default=None)
    machine: str = ask(Kind.CODE, N_("Copier"), default="")
    custodian: PersonId | None = ask(Kind.PERSON, N_("Custodian, if not the clerk"), default=None)
    serial_no: str | None = ask(Kind.CODE, N_("Serial number of the medium"), each=True, default=None)
    receiver: str = ask(Kind.CHOICE, N_("The receiver is"), default="", choices=RECEIVERS, late=True)

    def lines(self, given: Sequence[Line], first: Case) -> Sequence[Line]:
        count = self.copies if self.now is None else self.now
        if first.document is None or not is_a_number_of_copies(count):
            return ()
        original, book = first.book.carrier(self.original), first.book
        before = sum(copy.original == original.id for copy in book.copies_of(original.document))
        free = next_children(first, first.the_regime, original.number, before + 1, count)
        return [
            Line(None, {**(given[place].answers if place < len(given) else {}), "number": number, "copy_no": copy})
            for place, (copy, number) in enumerate(free)
        ]

    def changes(self, case: Case) -> Changes:
        copy, place = case.answer("copy_no"), case.together.index(case.subject)
        made_here = case.slip.listed if case.slip is not None else 0
        total = max(copy, copy - 1 - place - made_here + self.copies)
        return new_carrier(self, case, copy_no=copy, copies_of=total, original=self.original)

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        recipients = list(self.recipients) or None
        found = on_the_job(
            self, cases, original=self.original, recipients=recipients, extent=self.extent or None,
            machine=self.machine or None, beside=self.beside, receiver=self.receiver or None,
        )  # fmt: skip
        slip = next(ref for ref in found if ref.kind is Subject.SLIP)
        words = {"reason": self.reason, "outside": self.outside}
        said = {f"fact.{name}": Text(text) for name, text in words.items() if text.strip()}
        found[slip] = {**found[slip], **said}
        return found


ACTIONS = (CopyCarrier,)
