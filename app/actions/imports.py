"""An existing book taken over: begun, posted in short acts, ended with its counts, voided whole while untouched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.domain.action import NEW, Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.arcs import moved
from app.domain.carrier import ENDED, HELD, Carrier, CarrierKind, Label, State
from app.domain.checks import somebody_else_signed
from app.domain.control_numbers import child_number, highest_running, next_numbers
from app.domain.ledger import plain
from app.domain.opening import ended, opened
from app.domain.slip import SlipState
from app.domain.words import N_, says

OPEN, ENDED_WELL, VOIDED = "open", "ended", "void"

ENDED_BY = {
    State.DESTROYED: ("destruction", "destroyed"),
    State.EXTERNAL: ("parcel", "acknowledged"),
    State.RETURNED: ("parcel", "acknowledged"),
    State.TRANSFERRED: ("transfer", "transferred"),
}
"""Ended states a running book has, the kind of slip that vouches for each, and what its lines say."""

ACTS = {"loan": "lend", "parcel": "dispatch", "destruction": "destroy", "transfer": "transfer"}
"""The act that would have opened each kind of slip here."""


@dataclass(frozen=True, slots=True)
class BookDocument:
    """A document as the old book has it; `key` is how the carriers of the same act name it."""

    key: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BookCarrier:
    """A carrier as the old book has it: its number, where it is, and what vouches for that."""

    document: int | str
    level: str
    state: State
    number: str = ""
    """Empty takes the next of the register's own series."""
    shares: bool = False
    """Whether it is one of several copies that share a number."""
    kind: CarrierKind = CarrierKind.PAPER
    copy_no: int | None = None
    copies_of: int | None = None
    pages: int | None = None
    serial_no: str | None = None
    foreign_code: str | None = None
    archive_no: str | None = None
    place: int | None = None
    hands: int | None = None
    custodian: int | None = None
    due: date | None = None
    sent: date | None = None
    party: str = ""
    """Whom a parcel went to."""
    voucher: str = ""
    """What the old book refers to where it says that a carrier has ended."""

    @property
    def slip(self) -> tuple[Any, ...] | None:
        """What the carriers on one slip share; None for those that are on none."""
        if self.state is State.LOAN:
            return "loan", SlipState.EXECUTING, "out", self.hands, self.due, None, "", ""
        if self.state is State.IN_TRANSIT:
            return "parcel", SlipState.EXECUTING, "sent", None, self.due, self.sent, self.party, self.voucher
        if self.state in ENDED_BY:
            kind, status = ENDED_BY[self.state]
            return kind, SlipState.CLOSED, status, None, None, self.sent, self.party, self.voucher
        return None


class BeginImport(Action):
    """Begin to take over a book: the file by its digest, so that it is known again."""

    code = "begin_import"
    label = N_("Import a book…")
    subject = Subject.IMPORT
    told = N_("import of a book begun")
    move = Move(NEW, OPEN)
    offered = False
    digest: str = ask(Kind.CODE, N_("Digest of the file"))
    name: str = ask(Kind.TEXT, N_("File"))

    def changes(self, case: Case) -> Changes:
        return {"digest": self.digest, "name": Text(self.name), "at": case.now.isoformat(timespec="seconds")} | {
            "state": OPEN, "registered": 0,
        }  # fmt: skip


def import_is_open(_: Action, case: Case) -> Refusal | None:
    """Nothing is added to an import that was ended or voided."""
    if case.book.import_state(case.subject.id) == OPEN:
        return None
    return refuse(N_("This import was ended or voided."), remedy=says(N_("Begin a new import.")))


def numbers_are_free(action: ImportRows, case: Case) -> Refusal | None:
    """A number belongs to one carrier for ever, and stands once in the act."""
    numbers = [carrier.number for carrier in action.carriers if carrier.number]
    seen = set(case.book.numbers_taken(numbers))
    for number in numbers:
        if number in seen:
            again = says(N_("Import the file again."))
            return refuse(N_("The number {number} was given before."), number=number, remedy=again)
        seen.add(number)
    return None


class ImportRows(Action):
    """Enter some rows of the old book: documents, their copies, and the slips that vouch for where each copy is."""

    code = "import_rows"
    label = N_("Enter rows of a book")
    subject = Subject.IMPORT
    told = N_("entered from an existing book")
    checks = (import_is_open, numbers_are_free)
    offered = False
    regime: str = ask(Kind.REGIME, N_("Regime"))
    before: int = ask(Kind.NUMBER, N_("Rows entered before"), default=0)
    rows: int = ask(Kind.NUMBER, N_("Rows"), default=0)
    # Not questions: their texts must not stand in the answers of the entry.
    documents: tuple[BookDocument, ...] = ()
    carriers: tuple[BookCarrier, ...] = ()
    ahead: tuple[str, ...] = ()
    """Numbers that other rows of the book bear: none of them is given to what has none."""

    def changes(self, case: Case) -> Changes:
        return {"registered": self.before + self.rows}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        entered = _Entered(cases[0])
        entered.leave_free((*self.ahead, *(carrier.number for carrier in self.carriers if carrier.number)))
        for document in self.documents:
            entered.document(document)
        for carrier in self.carriers:
            entered.carrier(carrier)
        entered.vouch()
        return entered.changes


AT_ONCE = 50
"""So many numbers are looked up in one statement."""


@dataclass(slots=True)
class _Entered:
    """The new subjects of one act of an import, while they are being written down."""

    case: Case
    changes: dict[Ref, Changes] = field(default_factory=dict)
    documents: dict[str, int] = field(default_factory=dict)
    on_slip: dict[tuple[Any, ...], list[tuple[Ref, BookCarrier]]] = field(default_factory=dict)
    bases: dict[int, str] = field(default_factory=dict)
    numbers: dict[str, Iterator[str]] = field(default_factory=dict)

    def leave_free(self, borne: Iterable[str]) -> None:
        """Tell the series which numbers the book used."""
        for series, running in highest_running(self.case, self.case.the_regime, borne).items():
            if running >= self.case.numbers.following(series):
                self.case.numbers.reach(series, running)

    def document(self, given: BookDocument) -> None:
        number = self.case.numbers.next_id(Subject.DOCUMENT)
        self.documents[given.key] = number
        self.changes[Ref(Subject.DOCUMENT, number)] = {**given.fields, "imported": self.case.subject.id}

    def carrier(self, given: BookCarrier) -> None:
        ref = Ref(Subject.CARRIER, self.case.numbers.next_id(Subject.CARRIER))
        document = given.document if isinstance(given.document, int) else self.documents[given.document]
        changes: Changes = {
            "document": document, "number": self._number(given, document), "state": given.state, "level": given.level,
            "kind": given.kind, "copy_no": given.copy_no, "copies_of": given.copies_of, "pages": given.pages,
            "serial_no": given.serial_no, "foreign_code": given.foreign_code, "archive_no": given.archive_no,
            "label": Label.RESERVED, "imported": self.case.subject.id, **_position(given),
        }  # fmt: skip
        self.changes[ref] = {name: value for name, value in changes.items() if value is not None}
        if given.slip is not None:
            self.on_slip.setdefault(given.slip, []).append((ref, given))

    def _number(self, given: BookCarrier, document: int) -> str:
        if given.number:
            return given.number
        if not given.shares or given.copy_no is None:
            return self._next(given.level)
        if document not in self.bases:
            self.bases[document] = self._next(given.level)
        return child_number(self.case.the_regime, self.bases[document], given.copy_no)

    def _next(self, level: str) -> str:
        if level not in self.numbers:
            self.numbers[level] = next_numbers(self.case, self.case.the_regime, level, AT_ONCE)
        return next(self.numbers[level])

    def vouch(self) -> None:
        """Open the slips."""
        for key, on_it in self.on_slip.items():
            ref, changes = self._slip(key, [(carrier.id, given) for carrier, given in on_it])
            self.changes[ref] = changes
            for carrier, given in on_it:
                if given.state in HELD:
                    self.changes[carrier] |= {"slip": ref.id} | ({"way": ref.id} if key[0] == "parcel" else {})

    def _slip(self, key: tuple[Any, ...], on_it: Sequence[tuple[int, BookCarrier]]) -> tuple[Ref, Changes]:
        kind, state, status, party, due, sent, addressee, voucher = key
        closed = state is SlipState.CLOSED
        facts = {"imported": self.case.subject.id, "voucher": voucher or None, "sent": sent}
        if kind == "parcel" and not closed and due is None:
            due = facts["receipt_due"] = self._receipt_due(sent)
        answers = {"addressee": addressee} if addressee else {}
        now = self.case.now.isoformat(timespec="seconds")
        more: dict[str, Any] = {"closed_at": now, "done": len(on_it)} if closed else {}
        return opened(
            self.case, kind, state, action=ACTS[kind], answers=answers, regime=self.case.the_regime.code,
            level=self.case.the_regime.highest(given.level for _, given in on_it),
            lines=({"carrier": carrier, "status": status} for carrier, _ in on_it),
            party=party, due=due, facts=facts, **more,
        )  # fmt: skip

    def _receipt_due(self, sent: date | None) -> date | None:
        """When a receipt that is still out is asked for: a book says only when the parcel went, no later than today."""
        days = self.case.the_regime.tracer_days().value
        return min(sent or self.case.today, self.case.today) + timedelta(days=days[0]) if days else None


def _position(given: BookCarrier) -> Changes:
    """Where a held carrier is, and the way back of one that is out; one that has ended is nowhere."""
    if given.state in ENDED:
        return {}
    if given.state in (State.LOAN, State.IN_TRANSIT):
        back = {"state": State.IN_STOCK.value, "place": given.place}
        return {"hands": given.hands, "custodian": given.custodian, "due": plain(given.due), "back": back}
    where = {"place": given.place} if given.hands is None else {"hands": given.hands}
    recall = {"due": plain(given.due)} if given.due is not None else {}  # its issuer wants it back by then
    return where | {"custodian": given.custodian} | recall


class EndImport(Action):
    """End an import with its sum: read = registered + identical + differing + rejected."""

    code = "end_import"
    label = N_("End an import")
    subject = Subject.IMPORT
    told = N_("import ended: {read} read, {registered} registered, {differing} differing, {rejected} rejected")
    checks = (import_is_open,)
    prints = ("opening_muster",)
    offered = False
    read: int = ask(Kind.NUMBER, N_("Rows read"))
    registered: int = ask(Kind.NUMBER, N_("Registered"))
    identical: int = ask(Kind.NUMBER, N_("Identical"))
    differing: int = ask(Kind.NUMBER, N_("Differing"))
    rejected: int = ask(Kind.NUMBER, N_("Rejected"))

    def changes(self, case: Case) -> Changes:
        return {
            "state": ENDED_WELL, "read": self.read, "registered": self.registered, "identical": self.identical,
            "differing": self.differing, "rejected": self.rejected,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a known carrier that a file has otherwise; `free` values are free text."""

    carrier: int
    row: int
    name: str
    ours: Any
    theirs: Any
    free: bool = False


class OpenCorrection(Action):
    """Put what a file has otherwise on a correction slip: what we have, what they have; nothing is changed."""

    code = "open_correction"
    label = N_("Open a correction slip")
    subject = Subject.SLIP
    told = N_("correction slip {number} opened: {listed} differences")
    move = Move(NEW, SlipState.EXECUTING)
    offered = False
    slip_kind = "correction"
    imported: int = ask(Kind.NUMBER, N_("Import"))
    differences: tuple[Difference, ...] = ()

    def changes(self, case: Case) -> Changes:
        documents = [case.book.document(case.book.carrier(each.carrier).document) for each in self.differences]
        regime = case.book.regime(documents[0].regime)
        level = regime.highest(document.level for document in documents if document.regime == regime.code)
        _, changes = opened(
            case, "correction", SlipState.EXECUTING, regime=regime.code, level=level, facts={"imported": self.imported}
        )
        lines = {f"line.{no}": _line(each) for no, each in enumerate(self.differences, 1)}
        return changes | lines | {"listed": len(lines)}


def _line(each: Difference) -> Changes:
    kept = Text if each.free else plain
    values = {name: kept(value) for name, value in (("ours", each.ours), ("theirs", each.theirs)) if value is not None}
    return {"carrier": each.carrier, "status": "listed", "row": each.row, "field": each.name, **values}


def a_second_person_voids(_: Action, case: Case) -> Refusal | None:
    """An import is voided by two people."""
    if somebody_else_signed(case):
        return None
    return Refusal(
        "signature:witness",
        says(N_("An import is voided by two people.")),
        remedy=says(N_("Have a second person sign here with their own password.")),
    )


def nothing_has_happened_since(_: Action, case: Case) -> Refusal | None:
    """An import is voided whole, and only while none of its carriers was touched."""
    number = case.book.touched_since_import(case.subject.id)
    if number is None or case.book.import_state(case.subject.id) == VOIDED:  # voiding is what happened to it
        return None
    return refuse(
        N_("Something has happened to {number} since it was imported."),
        number=number,
        remedy=says(N_("Correct or void single carriers instead.")),
    )


def import_was_not_voided(_: Action, case: Case) -> Refusal | None:
    """An import is voided once."""
    if case.book.import_state(case.subject.id) != VOIDED:
        return None
    return refuse(N_("This import was voided before."))


class VoidImport(Action):
    """Take a whole import back: every carrier void with the reason, its slips cancelled, nothing deleted.

    The void carrier's number is marked with the import's, because the number belongs to a real copy that will be
    imported again, rightly. Numbers of our own series are not given out a second time.
    """

    code = "void_import"
    label = N_("Void this import…")
    subject = Subject.IMPORT
    told = N_("import voided")
    checks = (import_was_not_voided, nothing_has_happened_since)
    whole = (a_second_person_voids,)
    duties = ("registry_clerk", "secrecy_officer")
    reason: str = ask(Kind.TEXT, N_("Reason"))

    def changes(self, case: Case) -> Changes:
        return {"state": VOIDED}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        case = cases[0]
        number = case.subject.id
        void: dict[Ref, Changes] = {
            Ref(Subject.CARRIER, each.id): _voided(each, number) for each in case.book.carriers_of_import(number)
        }
        cancelled = {**ended(case, SlipState.CANCELLED), "due": None}
        return void | _each(Subject.SLIP, case.book.slips_of_import(number), cancelled)


def _voided(carrier: Carrier, number: int) -> Changes:
    after: Changes = {"number": f"{carrier.number} (void {number})"}
    if carrier.state in ENDED:
        return after | {"state": State.VOID}
    return moved(Move({carrier.state}, State.VOID), carrier, after)


def _each(kind: Subject, numbers: Iterable[int], changes: Changes) -> dict[Ref, Changes]:
    return {Ref(kind, number): changes for number in numbers}


ACTIONS = (BeginImport, ImportRows, EndImport, OpenCorrection, VoidImport)
