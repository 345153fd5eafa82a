"""What an import found: counts that add up, rows that were rejected and why, what differs, what was kept as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.words import N_, Says, says, says_n
from app.i18n import render
from app.services.importing.aliases import FIELDS
from app.services.importing.files import Row


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken over: which, in which column, why, and the row itself."""

    row: int
    column: str
    reason: Says
    cells: Row = ()


@dataclass(frozen=True, slots=True)
class Flagged:
    """Something about a row that was taken over that a person should look at."""

    row: int
    column: str
    reason: Says


@dataclass(frozen=True, slots=True)
class Differing:
    """A row about a carrier that the register knows otherwise: field → ours, theirs."""

    row: int
    number: str
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """The sum of an import; `adds_up` holds for every one of them."""

    file: str
    digest: str
    import_id: int | None = None
    dry_run: bool = False
    cancelled: bool = False
    total: int = 0
    """Rows the file has; more than were read when the import was cancelled."""
    entered: int = 0
    """Rows that this import registered, those among them that it registered before it was interrupted."""
    read: int = 0
    registered: int = 0
    identical: int = 0
    differing: int = 0
    carriers: int = 0
    """Carriers registered: a row may be several copies."""
    rejects: tuple[Rejected, ...] = ()
    differences: tuple[Differing, ...] = ()
    flagged: tuple[Flagged, ...] = ()
    corrections: tuple[int, ...] = ()
    """The correction slips opened for what differs."""
    not_data: tuple[int, ...] = ()
    """Rows that hold sums, repeated headings or signatures."""
    blank: int = 0
    unknown_columns: tuple[str, ...] = ()
    other_sheets: tuple[str, ...] = ()
    rejects_file: str | None = None

    @property
    def rejected(self) -> int:
        """How many rows were rejected."""
        return len(self.rejects)

    @property
    def adds_up(self) -> bool:
        """Whether every row that was read came out somewhere."""
        return self.read == self.registered + self.identical + self.differing + self.rejected

    @property
    def muster(self) -> int | None:
        """The import whose opening muster list is to be counted and signed; None when it registered nothing."""
        return self.import_id if self.entered and not self.dry_run else None

    def sentences(self) -> tuple[Says, ...]:
        """The report in words."""
        found = [
            says_n(
                "{n} row read = {registered} registered + {identical} identical + {differing} differing"
                " + {rejected} rejected.",
                "{n} rows read = {registered} registered + {identical} identical + {differing} differing"
                " + {rejected} rejected.",
                self.read, registered=self.registered, identical=self.identical, differing=self.differing,
                rejected=self.rejected,
            )
        ]  # fmt: skip
        if self.carriers:
            found.append(says_n("{n} carrier registered.", "{n} carriers registered.", self.carriers))
        if kept := len(self.flagged):
            found.append(says_n("{n} value is to be looked at.", "{n} values are to be looked at.", kept))
        if slips := len(self.corrections):
            found.append(
                says_n(
                    "What differs is on {n} correction slip; nothing of it was changed.",
                    "What differs is on {n} correction slips; nothing of it was changed.",
                    slips,
                )
            )
        if self.not_data or self.blank:
            sums, blank = len(self.not_data), self.blank
            none = N_("Left out as no data: rows of sums, headings or signatures {sums}, blank rows {blank}.")
            found.append(says(none, sums=sums, blank=blank))
        if self.unknown_columns:
            found.append(says(N_("Columns left out: {columns}."), columns=_the_first(self.unknown_columns)))
        if self.other_sheets:
            found.append(says(N_("Sheets left out: {sheets}."), sheets=self.other_sheets))
        if self.rejects_file is not None:
            there = N_("The rejected rows are in {file}; correct them there and import it.")
            found.append(says(there, file=self.rejects_file))
        if self.cancelled:
            found.append(says(N_("Cancelled; import the same file again to go on.")))
        return tuple(found)

    def reasons(self) -> tuple[Says, ...]:
        """Why rows were rejected and what is to be looked at: alike ones together, the commonest first."""
        groups = (
            (N_("Rejected in {column}, row {rows}: {reason}"), self.rejects),
            (N_("To be looked at in {column}, row {rows}: {reason}"), self.flagged),
        )
        told = tuple(sentence for words, found in groups for sentence in _grouped(words, found))
        return told + tuple(self._what_differs())

    def _what_differs(self) -> Iterator[Says]:
        rows: dict[str, list[str]] = {}
        for each in self.differences:
            for name in each.fields:
                rows.setdefault(name, []).append(str(each.row))
        for name, numbers in rows.items():
            field = says(FIELDS[name]) if name in FIELDS else name
            yield says(N_("Differing in {column}, row {rows}"), column=field, rows=_the_first(tuple(numbers)))


KINDS_SHOWN, SHOWN_AT_ONCE = 8, 12
"""Reasons, and rows or columns of one list, that are named before the others are only counted."""


def _grouped(words: str, found: Sequence[Rejected | Flagged]) -> Iterator[Says]:
    alike: dict[tuple[str, str], list[Rejected | Flagged]] = {}
    for each in found:
        alike.setdefault((each.column, render(each.reason)), []).append(each)
    kinds = sorted(alike.values(), key=len, reverse=True)
    for kind in kinds[:KINDS_SHOWN]:
        rows = _the_first(tuple(str(each.row) for each in kind))
        yield says(words, column=kind[0].column, rows=rows, reason=kind[0].reason)
    if rest := sum(map(len, kinds[KINDS_SHOWN:])):
        yield says_n("… and {n} more.", "… and {n} more.", rest)


def _the_first(names: tuple[str, ...]) -> tuple[str, ...]:
    """The first names of a long list, and how many it has."""
    return names if len(names) <= SHOWN_AT_ONCE else (*names[:SHOWN_AT_ONCE], f"… ({len(names):,})")


def as_data(report: ImportReport) -> dict[str, Any]:
    """The report as JSON holds it: counts and, row by row, what was rejected or needs a look."""
    return {
        "file": report.file,
        "import": report.import_id,
        "dry_run": report.dry_run,
        "cancelled": report.cancelled,
        "total": report.total,
        "read": report.read,
        "registered": report.registered,
        "identical": report.identical,
        "differing": report.differing,
        "rejected": report.rejected,
        "carriers": report.carriers,
        "muster": report.muster,
        "corrections": list(report.corrections),
        "not_data": list(report.not_data),
        "rejects_file": report.rejects_file or "",
        "rejects": [[each.row, each.column, render(each.reason)] for each in report.rejects],
        "flagged": [[each.row, each.column, render(each.reason)] for each in report.flagged],
        "reasons": [render(sentence) for sentence in report.reasons()],
        "sentences": [render(sentence) for sentence in report.sentences()],
    }
