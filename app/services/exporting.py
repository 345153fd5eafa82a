"""The register's carriers as a spreadsheet; an export is an entry like any other."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from app import i18n
from app.actions.papers import RecordExport
from app.domain.action import Ref, Subject
from app.domain.carrier import ENDED, EVERYBODY, EVERYBODY_HERE, KIND_NAMES, STATE_NAMES
from app.domain.mark import Mark, write_mark, write_period
from app.domain.period import Period
from app.domain.regime import Regime
from app.domain.words import N_, Says, Term, says
from app.paths import PRIVATE_FILE, only_over_a_file
from app.services.desk import Desk, Refused
from app.services.filters import filter_from
from app.services.list_columns import CAVEATS_SPLIT, COLUMNS, LONGEST_CELL, fits_a_cell, tamed
from app.store import reads
from app.store.failures import system_words

ENDINGS = (".xlsx", ".csv")
VIEWS = ("all", "held", "loan", "overdue", "ended")
REGISTER = Ref(Subject.REGISTER, 1)
CHOSEN = "chosen"
"""What the ledger calls a list that was narrowed by hand."""


class NotExportable(Exception):
    """The list cannot be written as it was asked for; `reason` says why and `remedy` what would help."""

    def __init__(self, reason: Says, remedy: Says) -> None:
        super().__init__(reason.msgid)
        self.reason = reason
        self.remedy = remedy


def run(
    desk: Desk, answers: Mapping[str, Any], progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """Write the carriers of a view, or of the answer `filter`, to .xlsx or .csv; how many, and whether it was stopped.

    `cut` counts texts too long for a cell of .xlsx; a .csv holds every text whole. Raises `NotExportable`.
    """
    path, view = Path(answers["file"]), answers.get("view", "all")
    if view not in VIEWS:
        raise NotExportable(
            says(N_("There is no view {view}."), view=view), says(N_("The views are: {views}."), views=VIEWS)
        )
    if path.suffix.lower() not in ENDINGS:
        raise NotExportable(
            says(N_("A list is written as .xlsx or .csv, not as {file}."), file=path.name),
            says(N_("Give the file one of these endings.")),
        )
    chosen = answers.get("filter")
    filters = reads.view_filter(view, desk.today()) if chosen is None else filter_from(chosen)
    entry = RecordExport(view=view if chosen is None else CHOSEN, rows=0)
    if refusals := desk.refusals(entry, [REGISTER]):
        raise Refused(refusals)
    rows = _rows(desk, filters, str(answers.get("sort", "number")), progress, cancelled)
    write = _write_csv if path.suffix.lower() == ".csv" else _write_xlsx
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        only_over_a_file(path)
        # Only its owner may read it, from its first byte; and an export that fails leaves the former file.
        beside.unlink(missing_ok=True)  # of a program that was killed
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
        count, cut = write(beside, [i18n.translate(heading) for heading in COLUMNS.values()], rows)
        with beside.open("rb") as written:
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        # The entry first: a list that left the register unnoted is worse than a note of one that did not.
        desk.perform(replace(entry, rows=count, digest=digest), [REGISTER])
        beside.replace(path)
    except OSError as error:
        raise NotExportable(
            says(N_("The file {file} cannot be written: {cause}."), file=path.name, cause=system_words(error)),
            says(N_("Choose a folder on a disk of this machine that has room and may be written.")),
        ) from error
    finally:
        with suppress(OSError):  # on a read-only disk it cannot even be missed
            beside.unlink(missing_ok=True)
    return {"file": str(path), "rows": count, "cut": cut, "stopped": cancelled()}


def _rows(
    desk: Desk,
    filters: reads.CarrierFilter,
    sort: str,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Iterator[Sequence[Any]]:
    total = desk.read(reads.carriers_total)
    with desk.database.reading() as connection:
        viewer = reads.viewer_of(connection, desk.actor.id, desk.today())
        regimes = {regime.code: regime for regime in desk.regimes()}
        lines = reads.export_rows(connection, filters, sort, viewer=viewer)
        for done, each in enumerate(lines, 1):
            if cancelled():
                return
            if done % 1_000 == 0:
                progress(done, total)
            cells = _cells(each, regimes[each.line.regime])
            yield [cells[field] for field in COLUMNS]


def _cells(each: reads.ExportLine, regime: Regime) -> Mapping[str, Any]:
    """What stands in each column: a level as its mark, words in the language that is shown."""
    line = each.line
    period = Period.parse(line.period) if line.period else None
    return {
        "number": line.number, "copy_no": line.copy_no, "copies_of": line.copies_of,
        "regime": i18n.in_words(Term(regime.name.zh, regime.name.en)),
        "level": write_mark(Mark(line.level, period, line.caveats), regime),
        "caveats": "; ".join(_caveat(code, regime) for code in line.caveats) or None,
        "period": write_period(period, regime) if period else None,
        "kind": i18n.translate(KIND_NAMES[line.kind]), "state": i18n.translate(STATE_NAMES[line.state]),
        "title": line.title, "short_title": line.short_title, "reference": line.reference,
        "originator": each.originator, "issued": each.issued, "holder": line.holder,
        "department": each.holder_department, "place": each.home, "custodian": line.custodian, "due": line.due,
        "addressee": each.addressee, "voucher": each.voucher if line.state in ENDED else None, "pages": line.pages,
        "serial_no": line.serial_no, "archive_no": line.archive_no, "as_written": each.as_written,
        "scope": "; ".join((*map(_unit, each.scope_units), *each.scope_people)) or None, "remarks": each.remarks,
    }  # fmt: skip


def _unit(name: str) -> str:
    """A unit of a scope; everybody in words."""
    return i18n.translate(EVERYBODY_HERE) if name == EVERYBODY else name


def _caveat(code: str, regime: Regime) -> str:
    """A caveat by its name; by its code where the name would be read as several."""
    name = regime.caveat(code).value.name
    words = i18n.in_words(Term(name.zh, name.en))
    return code if set(words) & set(CAVEATS_SPLIT) else words


def _write_csv(path: Path, headings: Sequence[str], rows: Iterator[Sequence[Any]]) -> tuple[int, int]:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for row in rows:
            writer.writerow([_plain(cell) for cell in row])
            count += 1
    return count, 0


def _plain(cell: Any) -> Any:
    """A cell as a line of text has it."""
    if isinstance(cell, str):
        return tamed(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


def _write_xlsx(path: Path, headings: Sequence[str], rows: Iterator[Sequence[Any]]) -> tuple[int, int]:
    from xlsxwriter.exceptions import FileCreateError  # start-up: only a spreadsheet needs it

    # Its rows pass through scratch files: beside the list, where the list itself may lie, and not in /tmp.
    with tempfile.TemporaryDirectory(prefix=f"{path.name}.", dir=path.parent) as scratch:
        try:
            return _spreadsheet(path, scratch, headings, rows)
        except FileCreateError as error:
            if isinstance(error.__context__, OSError):
                raise error.__context__ from None
            raise


def _spreadsheet(path: Path, scratch: str, headings: Sequence[str], rows: Iterator[Sequence[Any]]) -> tuple[int, int]:
    import xlsxwriter  # start-up: as above

    count = cut = 0
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": scratch,
    }  # fmt: skip
    content = io.BytesIO()  # not the file: what a full disk cuts short would be tried again when nobody listens
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        for count, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(count, column, cell, day)
                elif isinstance(cell, str):
                    fitting = _fitting(cell)
                    cut += fitting != cell
                    sheet.write_string(count, column, fitting)
                elif cell is not None:
                    sheet.write(count, column, cell)
    path.write_bytes(content.getbuffer())
    return count, cut


def _fitting(text: str) -> str:
    """As much of a text as a cell holds; no character is halved."""
    if fits_a_cell(text):
        return text
    return text.encode("utf-16-le")[: LONGEST_CELL * 2].decode("utf-16-le", "ignore")
