"""An existing book from a spreadsheet or a CSV file: every row judged, posted through the desk, bad rows given back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.actions.imports import BeginImport, EndImport
from app.domain.action import Ref, Subject
from app.domain.ledger import batches
from app.domain.regime import Regime
from app.domain.words import N_, says
from app.services.desk import Desk, Refused
from app.services.importing.book_row import BookRow
from app.services.importing.files import NotImportable, Table, read_table
from app.services.importing.judge import Borne, Judge, Judged, flags_of
from app.services.importing.known import Names, known_carriers, open_import
from app.services.importing.mapping import Columns, Mapping, columns_of, load_mapping, shipped_mappings
from app.services.importing.marks import Unfit, refuse_unknown_words
from app.services.importing.posting import Poster, open_corrections
from app.services.importing.rejects import room_for_rejects, write_rejects
from app.services.importing.report import Differing, Flagged, ImportReport, Rejected, as_data
from app.services.importing.rows import Reader
from app.services.importing.values import copy_numbers, text_of
from app.store.failures import StoreUnavailable

__all__ = [
    "Differing", "Flagged", "ImportReport", "Mapping", "NotImportable", "Rejected", "as_data", "import_file",
    "load_mapping", "shipped_mappings",
]  # fmt: skip

ROWS_AT_ONCE = 250
"""Rows that are read and judged between two acts, and looked up together."""

Progress = Callable[[int, int], None]


def import_file(
    desk: Desk,
    file: Path,
    mapping: Mapping | str | Path | None = None,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ImportReport:
    """Take over a book; raises `NotImportable` when the file as a whole is none, `Refused` when the rules say no.

    The same file again goes on where it was cancelled, and registers nothing when it was through.
    """
    chosen = mapping if isinstance(mapping, Mapping) else load_mapping(mapping)
    if rejects is not None:
        room_for_rejects(rejects)
    run = _Run(desk, file, chosen, dry_run=dry_run)
    try:
        run.judge_all(progress or _silent, cancelled or _never)
    except StoreUnavailable as error:
        raise run.stopped_by(error) from error
    report = run.finish()
    if rejects is not None and report.rejects:
        written = write_rejects(rejects, run.columns.names, report.rejects)
        report = replace(report, rejects_file=str(written))
    return report


def _silent(done: int, total: int) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False


@dataclass(slots=True)
class _Found:
    read: int = 0
    identical: int = 0
    registered: int = 0
    carriers: int = 0
    differing: list[tuple[BookRow, Differing]] = field(default_factory=list)
    rejects: list[Rejected] = field(default_factory=list)
    flagged: list[Flagged] = field(default_factory=list)
    cancelled: bool = False


class _Run:
    """One import from its file to its report."""

    def __init__(self, desk: Desk, file: Path, mapping: Mapping, *, dry_run: bool) -> None:
        self.desk = desk
        self.dry_run = dry_run
        self.table: Table = read_table(file, mapping.score, sheet=mapping.sheet, encoding=mapping.encoding)
        self.columns: Columns = columns_of(mapping, self.table.header, self.table.names)
        self.regime = _regime(desk, mapping)
        refuse_unknown_words(mapping, self.regime)
        self.names = desk.read(Names.of)
        keeper = mapping.constants.get("custodian") or desk.actor.name
        self.reader = Reader(mapping, self.columns, self.regime, keeper, desk.today())
        self.judge = Judge(mapping, self.regime, self.names, self._borne())
        self.found = _Found()
        self.import_id: int | None = None
        self.poster = self._begin(mapping)

    def _borne(self) -> Borne:
        """The control numbers that several rows bear, each for another copy."""
        places = [self.columns.of.get(name, (None,))[0] for name in ("number", "copy_no", "reference")]
        first: dict[str, str] = {}
        shared: set[str] = set()
        doubled: set[str] = set()
        for _, row in self.table.rows if None not in places[:2] else ():
            number, copies, reference = (row[at] if at is not None and at < len(row) else None for at in places)
            borne, bearer = " ".join(text_of(number).split()), text_of(reference)
            if borne and copy_numbers(copies):
                if borne in first:
                    (shared if first[borne] == bearer else doubled).add(borne)
                first.setdefault(borne, bearer)
        return Borne(frozenset(shared), frozenset(doubled))

    def _ahead(self) -> tuple[str, ...]:
        """The numbers that rows bear, whatever becomes of the rows: the papers are marked with them."""
        at = self.columns.of.get("number", (None,))[0]
        found = (text_of(row[at]) for _, row in self.table.rows if at is not None and at < len(row))
        return tuple({" ".join(number.split()): None for number in found if number})

    def _begin(self, mapping: Mapping) -> Poster | None:
        begin = BeginImport(digest=self.table.digest, name=self.table.file.name)
        if self.dry_run:
            if refusals := self.desk.refusals(begin):
                raise Refused(refusals)
            return None
        going_on = self.desk.read(open_import, self.table.digest)
        self.import_id = going_on[0] if going_on else self.desk.perform(begin).subjects[0].id
        return Poster(
            self.desk, mapping, self.regime.code, self.reader, self.judge, self.names, self.import_id, self._ahead(),
            registered=going_on[1] if going_on else 0,
        )  # fmt: skip

    # --- rows ------------------------------------------------------------------------------------------------------

    def judge_all(self, progress: Progress, cancelled: Callable[[], bool]) -> None:
        """Read, judge and enter the rows part by part."""
        total = len(self.table.rows)
        progress(0, total)
        for part in batches(self.table.rows, ROWS_AT_ONCE):
            if cancelled():
                self.found.cancelled = True
                return
            self._part(part)
            progress(self.found.read, total)

    def _part(self, part: Sequence[tuple[int, Sequence[object]]]) -> None:
        rows = list(self._readable(part))
        numbers, sources = self.judge.keys(rows)
        self.judge.know(self.desk.read(known_carriers, numbers, sources))
        judged = self.judge.judge(rows, self.columns)
        self._enter(judged)
        self.found.read += len(part)
        self.found.identical += judged.identical
        self.found.differing += judged.differing
        self.found.rejects += judged.rejects
        self.found.flagged += flags_of((*judged.new, *judged.looked_at), self.columns)

    def _readable(self, part: Sequence[tuple[int, Sequence[object]]]) -> Iterator[BookRow]:
        for number, cells in part:
            try:
                yield self.reader.read(number, cells)  # type: ignore[arg-type]
            except Unfit as unfit:
                self.found.rejects.append(
                    Rejected(number, self.columns.name(unfit.field), unfit.reason, cells)  # type: ignore[arg-type]
                )

    def _enter(self, judged: Judged) -> None:
        if self.poster is not None:
            self.poster.enter(judged.new)
        self.found.registered += len(judged.new)
        self.found.carriers += sum(len(row.copies) for row in judged.new)

    def stopped_by(self, error: StoreUnavailable) -> StoreUnavailable:
        """What the environment did, and that the rows of earlier acts are in the register all the same."""
        if self.poster is None or not self.poster.registered:
            return error
        stays = N_("{n} rows were entered before and stay. {remedy} Then import the same file: it goes on after them.")
        return StoreUnavailable(error.code, error.cause, says(stays, n=self.poster.registered, remedy=error.remedy))

    # --- the end ---------------------------------------------------------------------------------------------------

    def finish(self) -> ImportReport:
        """Open the correction slips, end the import, say what came of it; a cancelled one stays open to go on."""
        found = self.found
        corrections: tuple[int, ...] = ()
        if self.import_id is not None and not found.cancelled:
            corrections = open_corrections(self.desk, self.judge, found.differing, self.import_id)
            end = EndImport(
                read=found.read, registered=found.registered, identical=found.identical, differing=len(found.differing),
                rejected=len(found.rejects),
            )  # fmt: skip
            self.desk.perform(end, [Ref(Subject.IMPORT, self.import_id)])
        return ImportReport(
            file=self.table.file.name, digest=self.table.digest, import_id=self.import_id, dry_run=self.dry_run,
            entered=self.poster.registered if self.poster else 0,
            cancelled=found.cancelled, total=len(self.table.rows), read=found.read, registered=found.registered,
            identical=found.identical, differing=len(found.differing), carriers=found.carriers,
            rejects=tuple(sorted(found.rejects, key=lambda each: each.row)),
            differences=tuple(each for _, each in found.differing), flagged=tuple(found.flagged),
            corrections=corrections, not_data=self.table.not_data, blank=self.table.blank,
            unknown_columns=self.columns.unknown, other_sheets=self.table.other_sheets,
        )  # fmt: skip


def _regime(desk: Desk, mapping: Mapping) -> Regime:
    regimes = {regime.code: regime for regime in desk.regimes()}
    if mapping.regime in regimes:
        return regimes[mapping.regime]
    if not mapping.regime and len(regimes) == 1:
        return next(iter(regimes.values()))
    known = tuple(regimes)
    if mapping.regime:
        missing = says(N_("The register has no regime {code}; it has {known}."), code=mapping.regime, known=known)
        remedy = says(N_('Write regime = "{code}" in the mapping.'), code=known[0] if known else "")
        raise NotImportable(missing, remedy)
    raise NotImportable(
        says(
            N_("The register has several regimes, and nothing says which of them this book is under: {known}."),
            known=known,
        ),
        says(
            N_('Choose the regime in the window, say --regime {code}, or write regime = "{code}" in the mapping.'),
            code=known[0] if known else "",
        ),
    )
