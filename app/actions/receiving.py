"""Copies that came in an envelope enter the register: a document of another originator, or more copies of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.actions.classifying import (
    caveats_are_known,
    judged_at,
    no_sign_of_another_regime,
    objected,
    people_in_scope_are_cleared,
    period_is_readable,
)
from app.actions.deriving import period_of
from app.actions.making import controlled_lines, is_a_number_of_copies, kept_by, paper_has_pages, too_many
from app.domain.action import NEW, Action, Case, Changes, Kind, Line, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import (
    DOCUMENT_STATE_NAMES,
    ENVELOPE_STATE_NAMES,
    KIND_NAMES,
    CarrierKind,
    DocumentId,
    DocumentState,
    EnvelopeId,
    EnvelopeState,
    Label,
    PersonId,
    PlaceId,
    State,
)
from app.domain.checks import is_cleared, is_here, level_is_known, level_name, level_of
from app.domain.classification import Classification, Mark, as_received, lifts, objection_to
from app.domain.opening import listed
from app.domain.place_checks import is_kept_as_the_level_asks
from app.domain.words import N_, says


def numbers_of(action: Any) -> Sequence[int]:
    """The copies received by their numbers; 1, 2, … where they bear none. Empty when the answers make no sense."""
    if action.first_copy is None:
        return range(1, action.copies + 1) if is_a_number_of_copies(action.copies) else ()
    last = action.first_copy if action.last_copy is None else action.last_copy
    count = last - action.first_copy + 1
    return range(action.first_copy, last + 1) if action.first_copy > 0 and is_a_number_of_copies(count) else ()


def copy_numbers_make_sense(action: Any, _: Case) -> Refusal | None:
    """From a copy number to a later one, within what was made of it."""
    numbers = numbers_of(action)
    if not numbers:
        return too_many("copies" if action.first_copy is None else "last_copy")
    if action.first_copy is None or action.copies_of is None or numbers[-1] <= action.copies_of:
        return None
    return refuse(
        N_("There is no copy {copy} of {copies}."), copy=numbers[-1], copies=action.copies_of, field="copies_of",
        remedy=says(N_("Read the copy number again.")),
    )  # fmt: skip


def envelope_is_open(action: Any, case: Case) -> Refusal | None:
    """Copies are taken from an envelope that was opened and is not settled yet."""
    envelope = case.book.envelope(action.envelope)
    if envelope.opened_at is not None and envelope.state in (EnvelopeState.OPENED, EnvelopeState.DISCREPANCY):
        return None
    return refuse(
        N_("Envelope {number} is {state}."), number=envelope.number, state=says(ENVELOPE_STATE_NAMES[envelope.state]),
        field="envelope", remedy=says(N_("Open it first; what comes later has an envelope of its own.")),
    )  # fmt: skip


def as_many_opened_it_as_the_copies_ask(action: Any, case: Case) -> Refusal | None:
    """What is opened by two is not taken from an envelope that one opened, whatever was marked outside."""
    at_level, number = _at_its_level(action, case), case.book.envelope(action.envelope).slip
    if at_level is None or number is None or case.book.slip(number).facts.get("second") is not None:
        return None
    level = level_of(at_level)
    rule = at_level.the_regime.opening_persons(str(level))
    if rule.value < 2:
        return None
    return refuse(
        N_("{level} is opened by {n} people; this envelope was opened by one."), n=rule.value,
        level=level_name(at_level.the_regime, str(level)), citation=rule.citation, verified=rule.verified,
        field="envelope", remedy=says(N_("Report it as a discrepancy with a second finder; then register it.")),
    )  # fmt: skip


def _at_its_level(action: Any, case: Case) -> Case | None:
    if case.document is not None:
        return case
    known = case.the_regime.has_level(action.level)
    return judged_at(case, case.the_regime, action.level, action.caveats) if known else None


def place_protects_the_copies(action: Any, case: Case) -> Refusal | None:
    """The place gives the protection the level asks for."""
    at_level = _at_its_level(action, case)
    return is_kept_as_the_level_asks(at_level, action.place) if at_level is not None else None


def custodian_may_keep_it(action: Any, case: Case) -> Refusal | None:
    """Who answers for it is here and cleared for its level."""
    at_level = _at_its_level(action, case)
    if at_level is None:
        return None
    person = case.book.person(kept_by(action, case))
    return is_here(person, "custodian") or is_cleared(at_level, person, "custodian")


def due_back_is_to_come(action: Any, case: Case) -> Refusal | None:
    """The issuer's day for giving it back has not passed."""
    if action.due_back is None or action.due_back >= case.today:
        return None
    return refuse(N_("The due date {due} is in the past."), due=action.due_back, field="due_back")


def issued_before_it_came(action: RegisterReceived, case: Case) -> Refusal | None:
    """What is here was issued by today."""
    if action.issued is None or action.issued <= case.today:
        return None
    return refuse(
        N_("The date of issue {day} is in the future."), day=action.issued, field="issued",
        remedy=says(N_("Leave it empty and enter the mark as it is written.")),
    )  # fmt: skip


def received_period_is_allowed(action: RegisterReceived, case: Case) -> Refusal | None:
    """A period the regime does not let be is kept as written, never as a period."""
    regime = case.the_regime
    if not regime.has_level(action.level):
        return None
    objection = objection_to(action.level, period_of(action.period), action.issued, regime)
    return objected(
        objection, "period", N_("Read it again; else leave it empty, enter the mark as written, and ask the sender.")
    )


RECEIVED_CHECKS = (
    envelope_is_open, copy_numbers_make_sense, paper_has_pages, place_protects_the_copies, custodian_may_keep_it,
    due_back_is_to_come, as_many_opened_it_as_the_copies_ask,
)  # fmt: skip


class Received(Action):
    """What is asked of every copy that came in; no act by itself."""

    subject = Subject.CARRIER
    move = Move(NEW, State.IN_STOCK)
    prints = ("incoming_register",)
    slip_kind = "receipt"
    envelope: EnvelopeId = ask(Kind.ENVELOPE, N_("Envelope"))
    first_copy: int | None = ask(Kind.NUMBER, N_("From copy number"), default=None)
    last_copy: int | None = ask(Kind.NUMBER, N_("To copy number"), default=None)
    copies_of: int | None = ask(Kind.NUMBER, N_("Of how many"), default=None)
    copies: int = ask(Kind.NUMBER, N_("Copies, if they bear no number"), default=1)
    pages: int | None = ask(Kind.NUMBER, N_("Pages of each copy"), default=None)
    place: PlaceId = ask(Kind.PLACE, N_("Place"))
    kind: str = ask(Kind.CARRIER_KIND, N_("Kind"), default=CarrierKind.PAPER, choices=tuple(KIND_NAMES.items()))
    custodian: PersonId | None = ask(Kind.PERSON, N_("Custodian, if not the clerk"), default=None)
    due_back: date | None = ask(Kind.DATE, N_("To be given back to the issuer by"), default=None)
    serial_no: str | None = ask(Kind.CODE, N_("Serial number of the medium"), each=True, default=None)
    foreign_code: str | None = ask(Kind.CODE, N_("The sender's own code"), each=True, default=None)

    def born(self, case: Case, document: int, level: str) -> Changes:
        """The fields each copy begins with."""
        given: Changes = {
            "document": document, "number": case.answer("number"), "state": State.IN_STOCK, "level": level,
            "kind": self.kind, "copy_no": case.answer("copy_no") if self.first_copy is not None else None,
            "copies_of": self.copies_of, "pages": self.pages, "place": self.place, "custodian": kept_by(self, case),
            "due": self.due_back, "label": Label.RESERVED, "serial_no": case.answer("serial_no"),
            "foreign_code": case.answer("foreign_code"),
        }  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}

    def on_the_receipt(self, cases: Sequence[Case]) -> dict[Ref, Changes]:
        """The copies on the slip their envelope came in on."""
        first = cases[0]
        number = first.book.envelope(self.envelope).slip
        if number is None:
            return {}
        receipt = first.book.slip(number)
        lines = [
            {"carrier": case.subject.id, "status": "registered", "copy": case.answer("copy_no"), "pages": self.pages}
            for case in cases
        ]
        count = receipt.listed + len(lines)
        changes: Changes = {"listed": count, "done": count, **listed(lines, receipt.listed + 1)}
        if receipt.regime == first.the_regime.code:
            # A list is as secret as the highest of its lines; the levels of two regimes have no order.
            levels = {self.level_of(first), receipt.level} - {None}
            changes["level"] = first.the_regime.highest(str(level) for level in levels)
        return {Ref(Subject.SLIP, receipt.id): changes}

    def level_of(self, case: Case) -> str:
        """The level of what was registered."""
        raise NotImplementedError


class AsItCame(Action):
    """What stands on a document from elsewhere, asked before its copies are; no act by itself."""

    regime: str = ask(Kind.REGIME, N_("Regime"))
    level: str = ask(Kind.LEVEL, N_("Level"))
    title: str = ask(Kind.TEXT, N_("Title"))
    short_title: str = ask(Kind.TEXT, N_("Unclassified short title"))
    originator: str = ask(Kind.TEXT, N_("Originator"))
    reference: str = ask(Kind.CODE, N_("Reference number"), default="")
    period: str = ask(Kind.PERIOD, N_("Period"), default="", hint=N_("Left empty, the longest of its level counts."))
    issued: date | None = ask(Kind.DATE, N_("Date of issue"), default=None)
    as_written: str = ask(Kind.TEXT, N_("Mark or date as written, if it is none"), default="")
    caveats: tuple[str, ...] = ask(Kind.CAVEATS, N_("Caveats"), default=())
    scope_units: tuple[str, ...] = ask(Kind.UNITS, N_("Units that may know it"), default=())
    scope_people: tuple[PersonId, ...] = ask(Kind.PEOPLE, N_("People who may know it"), default=())
    may_copy: bool = ask(Kind.FLAG, N_("May be copied"), default=True)


class RegisterReceived(Received, AsItCame):
    """Enter copies of a document that came from another originator, under a control number of ours."""

    code = "register_received"
    label = N_("Register what came…")
    told = N_("received, registered as {number}")
    checks = (
        level_is_known, period_is_readable, received_period_is_allowed, caveats_are_known, no_sign_of_another_regime,
        people_in_scope_are_cleared, issued_before_it_came, *RECEIVED_CHECKS,
    )  # fmt: skip

    def lines(self, given: Sequence[Line], first: Case) -> Sequence[Line]:
        copies = numbers_of(self)
        if first.regime is None or not first.regime.has_level(self.level) or not copies:
            return ()
        lines = controlled_lines(first, given, copies, self.level, alone=len(copies) == 1)
        document = first.numbers.next_id(Subject.DOCUMENT)
        return [Line(None, {**line.answers, "of": document}) for line in lines]

    def changes(self, case: Case) -> Changes:
        return self.born(case, case.answer("of"), self.level)

    def level_of(self, case: Case) -> str:
        return self.level

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first, regime = cases[0], cases[0].the_regime
        found = as_received(Mark(self.level, period_of(self.period), tuple(self.caveats)), self.issued, regime)
        receipt = self.on_the_receipt(cases)
        document = self.entered(regime.code, found, lifts(found, regime), len(cases))
        document["slip"] = first.book.envelope(self.envelope).slip
        return {Ref(Subject.DOCUMENT, first.answer("of")): document, **receipt}

    def entered(self, regime: str, found: Classification, lift: date | None, copies: int) -> Changes:
        """The document as it came."""
        given: Changes = {
            "regime": regime, "level": self.level, "state": DocumentState.REGISTERED, "title": Text(self.title),
            "short_title": Text(self.short_title), "originator": Text(self.originator),
            "reference": self.reference or None, "period": str(found.period) if found.period else None,
            "caveats": self.caveats, "issued": self.issued, "lifts": lift, "scope_units": self.scope_units,
            "scope_people": self.scope_people, "may_copy": self.may_copy, "received": True, "copies_made": copies,
            "as_written": Text(self.as_written) if self.as_written.strip() else None, "envelope": self.envelope,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}


def document_came_from_outside(_: Action, case: Case) -> Refusal | None:
    """Only a document that was received has copies that come in."""
    document = case.the_document
    if document.received and document.state is DocumentState.REGISTERED:
        return None
    return refuse(
        N_("The document is {state}."), state=says(DOCUMENT_STATE_NAMES[document.state]), field="document",
        remedy=says(N_("Register what came as a document of its own.")),
    )  # fmt: skip


def copy_is_not_here_yet(action: RegisterFurther, case: Case) -> Refusal | None:
    """A copy number of a document is registered once."""
    if action.first_copy is None:
        return None
    here = {copy.copy_no: copy.number for copy in case.book.copies_of(action.document) if copy.original is None}
    twice = next((number for number in numbers_of(action) if number in here), None)
    if twice is None:
        return None
    return refuse(
        N_("Copy {copy} is registered as {number}."), copy=twice, number=here[twice], field="first_copy",
        remedy=says(N_("Read the copy number again; if it did come twice, report the discrepancy.")),
    )  # fmt: skip


class RegisterFurther(Received):
    """Enter more copies of a received document that the register has already."""

    code = "register_further"
    label = N_("Register further copies…")
    told = N_("received, registered as {number}")
    checks = (document_came_from_outside, copy_is_not_here_yet, *RECEIVED_CHECKS)
    document: DocumentId = ask(Kind.DOCUMENT, N_("Document"))

    def lines(self, given: Sequence[Line], first: Case) -> Sequence[Line]:
        copies = numbers_of(self)
        if first.document is None or not copies:
            return ()
        return controlled_lines(first, given, copies, first.document.level, alone=len(copies) == 1)

    def changes(self, case: Case) -> Changes:
        return self.born(case, self.document, case.the_document.level)

    def level_of(self, case: Case) -> str:
        return case.the_document.level

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        made = cases[0].the_document.copies_made + len(cases)
        return {Ref(Subject.DOCUMENT, self.document): {"copies_made": made}, **self.on_the_receipt(cases)}


ACTIONS = (RegisterReceived, RegisterFurther)
