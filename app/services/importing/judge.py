"""The judgement of rows against the register and the rows before: registered, identical, differing or rejected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.carrier import ENDED, State
from app.domain.control_numbers import child_number
from app.domain.regime import Regime
from app.domain.words import N_, says
from app.services.importing.book_row import BookRow
from app.services.importing.known import CUSTODY, Known, Names
from app.services.importing.mapping import Columns, Mapping
from app.services.importing.marks import Unfit
from app.services.importing.report import Differing, Flagged, Rejected

KNOWN_BY_NUMBER, KNOWN_BY_SOURCE = "n", "s"


NOBODY = N_("nobody in the register is named {name}; enter the person first, or let people come with the book")
NO_PLACE = N_("no place in the register is named {name}; enter it first, or let places come with the book")


@dataclass(slots=True)
class Judged:
    """What became of some rows; `new` are to be registered."""

    new: list[BookRow] = field(default_factory=list)
    looked_at: list[BookRow] = field(default_factory=list)
    """Known ones that say something a person should see."""
    identical: int = 0
    differing: list[tuple[BookRow, Differing]] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Borne:
    """Numbers that several rows of a file bear."""

    shared: frozenset[str]
    """By copies of one document."""
    doubled: frozenset[str]
    """By two documents."""


class Judge:
    """Judges rows in the order of the file, and remembers them: a number that comes twice meets the first."""

    def __init__(self, mapping: Mapping, regime: Regime, names: Names, borne: Borne) -> None:
        self._mapping = mapping
        self._regime = regime
        self._names = names
        self._shared, self._doubled = borne.shared, borne.doubled
        self._known: dict[tuple[str, str, int | None], Known] = {}
        self._documents: dict[str, Known] = {}
        self._bearers: dict[str, tuple[str, str]] = {}
        self._remarked: dict[str, tuple[Any, str]] = {}
        """The first copy of each document in this file, and the document's remark, which is that copy's."""
        self.numbered: dict[str, int] = {}
        """Documents of this file by key, with their id once they were entered."""

    def number_of(self, row: BookRow, copy_no: int | None) -> str:
        """The control number of one copy: the row's own, or one under it where copies share it."""
        if not row.number or copy_no is None:
            return row.number
        shares = len(row.copies) > 1 or row.number in self._shared
        return child_number(self._regime, row.number, copy_no) if shares else row.number

    def keys(self, rows: Iterable[BookRow]) -> tuple[list[str], list[str]]:
        """The numbers, and numbers of the old book, to be looked up before these rows are judged."""
        numbers: list[str] = []
        sources: list[str] = []
        for row in rows:
            if row.number:
                numbers += [self.number_of(row, copy_no) for copy_no in row.copies]
            if row.source:
                sources.append(row.source)
        return numbers, sources

    def know(self, found: Iterable[Known]) -> None:
        """Take note of what the register has."""
        for each in found:
            self._note(each)

    def _note(self, each: Known) -> None:
        self._known[KNOWN_BY_NUMBER, each.number, None] = each
        if each.source:
            self._known[KNOWN_BY_SOURCE, each.source, each.copy_no] = each
            key = f"s {each.source}"
            if key not in self._documents or not self._documents[key].carrier:
                self._documents[key] = each

    def find(self, row: BookRow, copy_no: int | None) -> Known | None:
        """The carrier that this copy of the row is, when it is known."""
        if row.number:
            return self._known.get((KNOWN_BY_NUMBER, self.number_of(row, copy_no), None))
        return self._known.get((KNOWN_BY_SOURCE, row.source, copy_no))

    # --- judging ---------------------------------------------------------------------------------------------------

    def judge(self, rows: Sequence[BookRow], columns: Columns) -> Judged:
        """Every row comes out in exactly one way."""
        judged = Judged()
        for row in rows:
            try:
                self._one(row, judged)
            except Unfit as unfit:
                judged.rejects.append(Rejected(row.row, columns.name(unfit.field), unfit.reason, row.cells))
        return judged

    def _one(self, row: BookRow, judged: Judged) -> None:
        self._number_means_one_document(row)
        row.holder = self._names.called(row.holder)
        row.custodian = self._names.called(row.custodian)
        unfit = row.unfit or self._unknown_name(row)
        found = [self.find(row, copy_no) for copy_no in row.copies]
        if all(each is None for each in found):
            # First, and so the same when the file comes again, and a later row has brought the document meanwhile.
            if unfit is not None:
                raise unfit
            self._look_at_its_place(row)
            differences = self._against_its_document(row)
            if not differences:
                self._has_its_own_remark(row, self._documents.get(row.document_key))
                self._remember(row)
                judged.new.append(row)
                return
        else:
            differences = self._from_what_is_known(row, found)
        if unfit is not None and CUSTODY & differences.keys():
            raise unfit
        if self._has_its_own_remark(row, None):
            differences.pop("remarks", None)
            judged.looked_at.append(row)
        if differences:
            judged.differing.append((row, Differing(row.row, row.number or row.source, differences)))
        else:
            judged.identical += 1

    def _from_what_is_known(self, row: BookRow, found: Sequence[Known | None]) -> dict[str, tuple[Any, Any]]:
        if None in found:
            ours, theirs = [each.copy_no for each in found if each], [copy for copy in row.copies if copy is not None]
            return {"copy_no": (ours, theirs)}
        differences: dict[str, tuple[Any, Any]] = {}
        for each, copy_no in zip(found, row.copies, strict=True):
            if each is not None:
                differences |= differences_of(row, copy_no, each)
        if not differences:  # as `_remember` does when the file comes for the first time
            self._documents.setdefault(row.document_key, next(filter(None, found)))
        return differences

    def _has_its_own_remark(self, row: BookRow, document: Known | None) -> bool:
        """Whether a further copy has another remark: the document has one, that of its first row."""
        kept = row.remarks if document is None else document.fields["remarks"] or ""
        copy = (row.number, row.source, row.copies)
        first, kept = self._remarked.setdefault(row.document_key, (None if document else copy, kept))
        if copy == first or kept == row.remarks or "remarks" not in row.claims:
            return False
        if row.remarks:
            reason = N_("not taken over: “{text}”; a document has one remark, and its first copy has “{kept}”")
            if not kept:
                reason = N_("not taken over: “{text}”; a document has one remark, and its first copy has none")
            row.flags.append(("remarks", says(reason, text=row.remarks, kept=kept)))
        return True

    def _number_means_one_document(self, row: BookRow) -> None:
        """Rows may share a number as copies of one document; two documents under one number are a slip of the pen."""
        if row.number in self._doubled:
            bearer = self._bearers.setdefault(row.number, (row.reference, row.title))
            if bearer[0] != row.reference:
                other = N_("another row of the file gives {number} to “{title}”; which is right?")
                raise Unfit("number", says(other, number=row.number, title=bearer[1]))

    def _against_its_document(self, row: BookRow) -> dict[str, tuple[Any, Any]]:
        """A further copy of a known document must not say something else about it."""
        known = self._documents.get(row.document_key)
        if known is None:
            return {}
        return {name: pair for name, pair in _compared(row, row.document_fields(), known).items() if name != "remarks"}

    def _unknown_name(self, row: BookRow) -> Unfit | None:
        """What is wrong with who or where it is said to be."""
        if row.state in ENDED:
            return None
        for column, name in (("holder", row.holder), ("custodian", row.custodian)):
            department = row.department if column == "holder" else ""
            try:
                person = self._names.person(name, department, column) if name else 0
            except Unfit as several:
                return several
            if person is None and self._mapping.unknown_people == "reject":
                return Unfit(column, says(NOBODY, name=name))
        if row.place and row.place not in self._names.places and self._mapping.unknown_places == "reject":
            return Unfit("place", says(NO_PLACE, name=row.place))
        return None

    def _look_at_its_place(self, row: BookRow) -> None:
        if row.state in ENDED:
            return
        place = self._names.places.get(row.place) if row.place else None
        needed = self._regime.place_grade(row.level).value
        grade = place[1] if place else self._mapping.place_grade
        if row.place and grade < needed and row.state in (State.IN_STOCK, State.ARCHIVED):
            reason = says(N_("{place} is of grade {grade}; this level asks for grade {needed}."), place=row.place,
                          grade=grade, needed=needed)  # fmt: skip
            row.flags.append(("place", reason))

    def _remember(self, row: BookRow) -> None:
        document = row.document_fields()
        for copy_no in row.copies:
            known = Known(self.number_of(row, copy_no), row.source, copy_no, document | row.carrier_fields(copy_no))
            if known.number:
                self._known[KNOWN_BY_NUMBER, known.number, None] = known
            if known.source:
                self._known[KNOWN_BY_SOURCE, known.source, copy_no] = known
            self._documents.setdefault(row.document_key, known)

    def sibling(self, row: BookRow) -> Known | None:
        """Another copy of the same document; as the register has it, where its number was looked up."""
        known = self._documents.get(row.document_key)
        return known and self._known.get((KNOWN_BY_NUMBER, known.number, None), known)

    def document_of(self, row: BookRow) -> int | None:
        """The id of the document that the row is a further copy of."""
        known = self._documents.get(row.document_key)
        return known.document or self.numbered.get(row.document_key) if known else None


def differences_of(row: BookRow, copy_no: int | None, known: Known) -> dict[str, tuple[Any, Any]]:
    """Field → ours, theirs, for what the file speaks of."""
    return _compared(row, row.document_fields() | row.carrier_fields(copy_no), known)


def _compared(row: BookRow, theirs: dict[str, Any], known: Known) -> dict[str, tuple[Any, Any]]:
    ours = known.fields
    return {
        name: (ours[name], value)
        for name, value in theirs.items()
        if ours[name] != value and name in row.claims and not (known.touched and name in CUSTODY)
    }


def flags_of(rows: Iterable[BookRow], columns: Columns) -> list[Flagged]:
    """What a person should look at."""
    return [Flagged(row.row, columns.name(name), reason) for row in rows for name, reason in row.flags]
