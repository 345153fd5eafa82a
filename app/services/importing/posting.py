"""Judged rows through the desk: people and places first, then documents and copies in short acts, then corrections."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.actions.imports import BookCarrier, BookDocument, Difference, ImportRows, OpenCorrection
from app.actions.keeping import RegisterPlace
from app.actions.office import RegisterPerson
from app.domain.action import Ref, Subject, Text
from app.domain.carrier import ENDED, State
from app.domain.ledger import batches
from app.services.desk import Desk
from app.services.importing.book_row import BookRow
from app.services.importing.judge import Judge
from app.services.importing.known import Names, corrections_on, known_carriers, said
from app.services.importing.mapping import Mapping
from app.services.importing.report import Differing
from app.services.importing.rows import Reader
from app.store.projections import TEXT_FIELDS

CHUNK_SECONDS = 0.12
"""What one act may take: a scan at the counter waits 200 ms at the most, also on a machine half as fast."""
FIRST_CHUNK, SMALLEST_CHUNK, LARGEST_CHUNK = 100, 20, 600
CORRECTIONS_A_SLIP = 200
FREE = TEXT_FIELDS[Subject.DOCUMENT]
_FREE_FIELDS = ("title", "short_title", "originator", "remarks", "as_written")


@dataclass(slots=True)
class Pace:
    """How many rows the next act takes, from how long the last one took."""

    rows: int = FIRST_CHUNK

    def took(self, rows: int, seconds: float) -> None:
        """Take as many as would have fitted, growing at most by half."""
        fitting = int(rows * CHUNK_SECONDS / max(seconds, 1e-4))
        self.rows = max(SMALLEST_CHUNK, min(fitting, self.rows * 3 // 2, LARGEST_CHUNK))


@dataclass(slots=True)
class Poster:
    """Enters what was judged new, through the one door."""

    desk: Desk
    mapping: Mapping
    regime: str
    reader: Reader
    judge: Judge
    names: Names
    import_id: int
    ahead: tuple[str, ...] = ()
    """Numbers that the file's rows bear, until an act was told of them."""
    registered: int = 0
    carriers: int = 0
    pace: Pace = field(default_factory=Pace)

    def enter(self, rows: Sequence[BookRow]) -> None:
        """Enter the rows in acts that are short; rows with many copies count as many."""
        for part in _parts(rows, self.pace):
            self._names(part)
            began = time.perf_counter()
            carriers = self._act(part)
            self.pace.took(carriers, time.perf_counter() - began)

    def _act(self, rows: Sequence[BookRow]) -> int:
        documents: dict[str, BookDocument] = {}
        carriers: list[BookCarrier] = []
        for row in rows:
            document: int | str | None = self.judge.document_of(row)
            if document is None:
                document = row.document_key
                if document not in documents:
                    documents[document] = BookDocument(document, self._document(row))
            carriers += [self._carrier(row, document, copy_no) for copy_no in row.copies]
        action = ImportRows(
            regime=self.regime, before=self.registered, rows=len(rows), documents=tuple(documents.values()),
            carriers=tuple(carriers), ahead=self.ahead,
        )  # fmt: skip
        receipt = self.desk.perform(action, [Ref(Subject.IMPORT, self.import_id)])
        born = [ref.id for ref in receipt.born if ref.kind is Subject.DOCUMENT]
        self.judge.numbered |= dict(zip(documents, born, strict=True))
        self.ahead = ()
        self.registered += len(rows)
        self.carriers += len(carriers)
        return len(carriers)

    def _document(self, row: BookRow) -> dict[str, Any]:
        texts = {name: Text(words) for name in _FREE_FIELDS if (words := getattr(row, name))}
        return self.reader.document(row) | self._scope(row) | texts

    def _scope(self, row: BookRow) -> dict[str, list[Any]]:
        """Who may know it: a word that is somebody's name, and no unit's, means that person."""
        people = {word: self.names.reader(word) for word in row.scope}
        scope: dict[str, list[Any]] = {
            "scope_units": [word for word, person in people.items() if person is None],
            "scope_people": sorted({person for person in people.values() if person is not None}),
        }
        return {name: found for name, found in scope.items() if found}

    def _carrier(self, row: BookRow, document: int | str, copy_no: int | None) -> BookCarrier:
        held = row.state not in ENDED
        return BookCarrier(
            document=document, level=row.level, state=row.state, number=self.judge.number_of(row, copy_no),
            shares=len(row.copies) > 1, kind=row.kind, copy_no=copy_no, copies_of=row.copies_of,
            pages=row.pages,
            serial_no=row.serial_no or None, foreign_code=row.source or None, archive_no=row.archive_no or None,
            place=self.names.places[row.place][0] if held and row.place and row.state is not State.ISSUED else None,
            hands=self._person(row.holder, row.department, "holder") if held and row.holder else None,
            custodian=self._person(row.custodian, "", "custodian") if held else None, due=row.due if held else None,
            sent=row.sent, party=row.addressee, voucher=row.voucher,
        )  # fmt: skip

    def _person(self, name: str, department: str, column: str) -> int | None:
        return self.names.person(name, department, column) or self.desk.actor.id

    def _names(self, rows: Sequence[BookRow]) -> None:
        """Enter the people and places that the mapping lets come with the book."""
        for row in rows:
            if row.state in ENDED:
                continue
            for name, department in ((row.holder, row.department), (row.custodian, "")):
                if name and name not in self.names.people:
                    entered = self.desk.perform(RegisterPerson(name=name, department=department))
                    self.names.add(name, entered.subjects[0].id, department)
            if row.place and row.place not in self.names.places:
                grade = self.mapping.place_grade
                entered = self.desk.perform(RegisterPlace(name=row.place, grade=grade))
                self.names.places[row.place] = (entered.subjects[0].id, grade)


def _parts(rows: Sequence[BookRow], pace: Pace) -> Iterator[list[BookRow]]:
    part: list[BookRow] = []
    carriers = 0
    for row in rows:
        if part and carriers + len(row.copies) > pace.rows:
            yield part
            part, carriers = [], 0
        part.append(row)
        carriers += len(row.copies)
    if part:
        yield part


def open_corrections(
    desk: Desk, judge: Judge, differing: Sequence[tuple[BookRow, Differing]], import_id: int
) -> tuple[int, ...]:
    """Correction slips for what differs and stands on none yet; their ids."""
    slips: list[int] = []
    for some in batches(differing, CORRECTIONS_A_SLIP):
        numbers, sources = judge.keys(row for row, _ in some)
        siblings = [known.number for row, _ in some if (known := judge.sibling(row))]
        judge.know(desk.read(known_carriers, [*numbers, *siblings], sources))
        lines = [line for row, each in some for line in _lines(judge, row, each)]
        stands = desk.read(corrections_on, [line.carrier for line in lines])
        fresh = {(line.carrier, line.name, said(line.theirs)): line for line in lines}
        new = tuple(line for key, line in fresh.items() if key not in stands)
        if new:
            slips.append(desk.perform(OpenCorrection(imported=import_id, differences=new)).subjects[0].id)
    return tuple(slips)


def _lines(judge: Judge, row: BookRow, differing: Differing) -> Iterator[Difference]:
    known = next((found for copy_no in row.copies if (found := judge.find(row, copy_no))), None) or judge.sibling(row)
    if known is None or not known.carrier:
        return
    for name, (ours, theirs) in differing.fields.items():
        yield Difference(known.carrier, row.row, name, said(ours) or None, said(theirs) or None, free=name in FREE)
