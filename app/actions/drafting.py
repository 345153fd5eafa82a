"""From a classified document to numbered copies: print jobs, and numbers taken before there is a carrier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from app.actions.making import (
    PURPOSES,
    controlled_lines,
    custodian_is_cleared,
    is_a_number_of_copies,
    kept_by,
    maker_may_touch_it,
    on_the_job,
    paper_has_pages,
    place_protects,
    rests_on_its_own_slip,
    still_standing,
    too_many,
)
from app.actions.voiding import second_person_signs, two_people_void, voucher
from app.domain.action import NEW, Action, Case, Changes, Kind, Line, Move, Ref, Refusal, Subject, ask, refuse
from app.domain.carrier import (
    DOCUMENT_STATE_NAMES,
    KIND_NAMES,
    CarrierKind,
    DocumentId,
    DocumentState,
    Label,
    PersonId,
    PlaceId,
    State,
)
from app.domain.checks import nobody_is_alone_with_it
from app.domain.control_numbers import last_copy, next_number, running_number
from app.domain.opening import fact, line_done, opened
from app.domain.slip import SlipState
from app.domain.words import N_, says


def document_is_classified(_: Action, case: Case) -> Refusal | None:
    """Copies are made of what the authority has classified (domain.md T03: no level, period or scope)."""
    document = case.the_document
    if document.state is DocumentState.CLASSIFIED:
        return None
    remedy = N_("Copy a carrier of it.") if document.received else N_("Have its classification decided first.")
    return refuse(N_("The document is {state}."), state=says(DOCUMENT_STATE_NAMES[document.state]), remedy=says(remedy))


def copies_are_countable(action: Any, _: Case) -> Refusal | None:
    """A number of copies that somebody means."""
    for field in ("copies", "now"):
        count = getattr(action, field)
        if not is_a_number_of_copies(count) and (field == "copies" or count is not None):
            return too_many(field)
    return None


def made_with_these_no_more_than_approved(action: Any, case: Case) -> Refusal | None:
    """Copies made before and now are no more than were approved; a void copy may be made again (domain.md T55)."""
    before = still_standing(case, case.slip) if case.slip is not None else 0
    now = action.now or action.copies
    if before + now <= action.copies:
        return None
    return refuse(
        N_("{before} copies were made and {now} more are asked, {approved} are approved."), before=before, now=now,
        approved=action.copies, field="copies" if action.now is None else "now",
        remedy=says(N_("Make fewer, or have more approved on another slip.")),
    )  # fmt: skip


class PrintCopies(Action):
    """Enter a print job: so many numbered copies of a classified document are being made."""

    code = "print_copies"
    label = N_("Make copies…")
    subject = Subject.CARRIER
    told = N_("copy {copy_no} is being made, {pages} pages")
    move = Move(NEW, State.IN_PREP)
    checks = (
        document_is_classified,
        rests_on_its_own_slip,
        copies_are_countable,
        made_with_these_no_more_than_approved,
        paper_has_pages,
        place_protects,
        custodian_is_cleared,
        maker_may_touch_it,
        nobody_is_alone_with_it,
    )
    prints = ("cover_sheet",)
    route = "print"
    applied_for = ("document", "copies")
    slip_kind = "printing"
    document: DocumentId = ask(Kind.DOCUMENT, N_("Document"))
    copies: int = ask(Kind.NUMBER, N_("Copies approved"), default=1)
    pages: int | None = ask(Kind.NUMBER, N_("Pages of each copy"), default=None)
    place: PlaceId = ask(Kind.PLACE, N_("Made and kept in"))
    kind: str = ask(Kind.CARRIER_KIND, N_("Kind"), default=CarrierKind.PAPER, choices=tuple(KIND_NAMES.items()))
    purpose: str = ask(Kind.CHOICE, N_("Intended use"), default="keep", choices=PURPOSES)
    now: int | None = ask(Kind.NUMBER, N_("Made now, when not all at once"), default=None)
    maker: PersonId | None = ask(Kind.PERSON, N_("Made by"), default=None)
    beside: PersonId | None = ask(Kind.PERSON, N_("Second person who stays beside"), default=None)
    custodian: PersonId | None = ask(Kind.PERSON, N_("Custodian, if not the clerk"), default=None)
    serial_no: str | None = ask(Kind.CODE, N_("Serial number of the medium"), each=True, default=None)

    def lines(self, given: Sequence[Line], first: Case) -> Sequence[Line]:
        count = self.copies if self.now is None else self.now
        if first.document is None or not is_a_number_of_copies(count):
            return ()
        start = last_copy(first.book.copies_of(self.document)) + 1
        alone = self.copies == count == 1 and start == 1
        return controlled_lines(first, given, range(start, start + count), first.document.level, alone=alone)

    def changes(self, case: Case) -> Changes:
        document, copy = case.the_document, case.answer("copy_no")
        made_here = case.slip.listed if case.slip is not None else 0
        total = max(document.copies_made - made_here + self.copies, copy)
        return new_carrier(self, case, copy_no=copy, copies_of=total)

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return on_the_job(self, cases, beside=self.beside)


def new_carrier(action: Any, case: Case, **more: Any) -> Changes:
    """The fields every carrier begins with."""
    document = case.the_document
    given = {
        "document": document.id, "number": case.answer("number"), "state": State.IN_PREP, "level": document.level,
        "kind": action.kind, "pages": action.pages, "place": action.place, "custodian": kept_by(action, case),
        "label": Label.RESERVED, "serial_no": case.answer("serial_no"), "purpose": action.purpose, **more,
    }  # fmt: skip
    return {name: value for name, value in given.items() if value is not None}


# --- numbers taken beforehand ------------------------------------------------------------------------------------


def number_is_ours(action: TakeNumber, case: Case) -> Refusal | None:
    """A number that is given follows the register's template."""
    if not action.number or running_number(case, case.the_regime, case.the_document.level, action.number):
        return None
    return refuse(
        N_("{number} does not follow the register's numbering."), number=action.number, field="number",
        remedy=says(N_("Leave it empty to take the next number.")),
    )  # fmt: skip


def number_is_free(action: TakeNumber, case: Case) -> Refusal | None:
    """A number is used once, whatever became of it (domain.md T01)."""
    if not action.number or not case.book.number_is_taken(action.number):
        return None
    return refuse(
        N_("{number} was already used."), number=action.number, field="number",
        remedy=says(N_("Leave it empty to take the next number.")),
    )  # fmt: skip


def number_leaves_no_gap(action: TakeNumber, case: Case) -> Refusal | None:
    """A series that has begun goes on without a gap (domain.md 5.6 no. 10)."""
    found = running_number(case, case.the_regime, case.the_document.level, action.number) if action.number else None
    following = case.numbers.following(found[0]) if found is not None else 1
    if found is None or following == 1 or found[1] <= following:
        return None
    return refuse(
        N_("{number} would leave a gap: the next number of its series is {following}."), number=action.number,
        following=following, field="number", remedy=says(N_("Leave it empty to take the next number.")),
    )  # fmt: skip


class TakeNumber(Action):
    """Take a control number before the carrier exists."""

    code = "take_number"
    label = N_("Take a number…")
    subject = Subject.CARRIER
    told = N_("number {number} taken")
    move = Move(NEW, State.NEW_NUMBER)
    checks = (number_is_ours, number_is_free, number_leaves_no_gap)
    document: DocumentId = ask(Kind.DOCUMENT, N_("Document"))
    number: str = ask(Kind.CODE, N_("Number, if not the next"), default="")
    kind: str = ask(Kind.CARRIER_KIND, N_("Kind"), default=CarrierKind.PAPER, choices=tuple(KIND_NAMES.items()))

    def changes(self, case: Case) -> Changes:
        document, number = case.the_document, self.number
        if number and (found := running_number(case, case.the_regime, document.level, number)):
            case.numbers.reach(*found)
        return {
            "document": document.id, "number": number or next_number(case, case.the_regime, document.level),
            "state": State.NEW_NUMBER, "level": document.level, "kind": self.kind, "label": Label.RESERVED,
        }  # fmt: skip


class UseNumber(Action):
    """Make the carrier a number was taken for."""

    code = "use_number"
    label = N_("Use this number…")
    subject = Subject.CARRIER
    told = N_("being made under its number, {pages} pages")
    move = Move({State.NEW_NUMBER}, State.IN_PREP)
    checks = (
        document_is_classified, rests_on_its_own_slip, paper_has_pages, place_protects, custodian_is_cleared,
        maker_may_touch_it, nobody_is_alone_with_it,
    )  # fmt: skip
    route = "print"
    slip_kind = "printing"
    pages: int = ask(Kind.NUMBER, N_("Pages of each copy"))
    place: PlaceId = ask(Kind.PLACE, N_("Made and kept in"))
    maker: PersonId | None = ask(Kind.PERSON, N_("Made by"), default=None)
    beside: PersonId | None = ask(Kind.PERSON, N_("Second person who stays beside"), default=None)
    custodian: PersonId | None = ask(Kind.PERSON, N_("Custodian, if not the clerk"), default=None)

    def changes(self, case: Case) -> Changes:
        before = case.together[: case.together.index(case.subject)]
        same = sum(case.book.carrier(ref.id).document == case.the_document.id for ref in before)
        copy = last_copy(case.book.copies_of(case.the_document.id)) + 1 + same
        return {"pages": self.pages, "place": self.place, "custodian": kept_by(self, case), "copy_no": copy}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first, slip = cases[0], cases[0].slip
        document = first.the_document
        if slip is not None:
            ref, changes = Ref(Subject.SLIP, slip.id), {"state": SlipState.EXECUTING}
            for case in cases:
                changes |= line_done(case, slip.id, case.subject.id, "making")
        else:
            ref, changes = opened(
                first, "printing", SlipState.EXECUTING, action=self.code, regime=document.regime, level=document.level,
                lines=({"carrier": case.subject.id, "status": "making"} for case in cases),
            )  # fmt: skip
        found: dict[Ref, Changes] = {case.subject: {"slip": ref.id} for case in cases}
        found[ref] = changes | fact({"document": document.id, "maker": self.maker, "beside": self.beside})
        for number, made in Counter(case.the_document.id for case in cases).items():
            before = first.book.document(number).copies_made
            found[Ref(Subject.DOCUMENT, number)] = {"copies_made": before + made}
        return found


def printed_label_is_destroyed(action: VoidNumber, case: Case) -> Refusal | None:
    """A label that was printed for the number is destroyed with it."""
    if case.the_carrier.label is Label.RESERVED or action.label_destroyed:
        return None
    return refuse(
        N_("The label of {number} was printed."), number=case.the_carrier.number, field="label_destroyed",
        remedy=says(N_("Destroy the label and say so.")),
    )  # fmt: skip


class VoidNumber(Action):
    """Make void a number that no carrier will bear; its row and its reason stay, the number is never used again."""

    code = "void_number"
    label = N_("Void this number…")
    subject = Subject.CARRIER
    told = N_("number made void")
    move = Move({State.NEW_NUMBER}, State.VOID)
    checks = (two_people_void, second_person_signs, printed_label_is_destroyed)
    route = "void"
    slip_kind = "correction"
    reason: str = ask(Kind.TEXT, N_("Reason"))
    second: PersonId = ask(Kind.PERSON, N_("Second person"))
    label_destroyed: bool = ask(Kind.FLAG, N_("Its printed label was destroyed"), default=False)

    def changes(self, case: Case) -> Changes:
        return {"label": Label.RETIRED}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        ref, changes = voucher(self, cases, "void", self.reason)
        return {ref: changes | fact({"second": self.second})}


ACTIONS = (PrintCopies, TakeNumber, UseNumber, VoidNumber)
