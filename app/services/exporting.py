"""The register's carriers as a spreadsheet; an export is an entry like any other."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app import i18n
from app.actions.papers import RecordExport
from app.domain.action import Ref, Subject
from app.domain.carrier import KIND_NAMES, STATE_NAMES
from app.domain.words import N_
from app.services.desk import Desk
from app.store import reads

HEADINGS = (
    N_("Number"), N_("Copy"), N_("Of"), N_("Level"), N_("Kind"), N_("State"), N_("Title"), N_("Reference"), N_("Holder"),
    N_("Place"), N_("Due"), N_("Pages"),
)  # fmt: skip
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
VIEWS = ("all", "held", "loan", "overdue", "ended")


def run(
    desk: Desk, answers: Mapping[str, Any], progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> dict[str, Any]:
    """Write the carriers of a view to an .xlsx or .csv file; gives how many rows, and whether it was stopped."""
    path, view = Path(answers["file"]), answers.get("view", "all")
    if view not in VIEWS:
        raise ValueError(f"no view {view}")
    rows = _rows(desk, view, progress, cancelled)
    write = _write_csv if path.suffix.lower() == ".csv" else _write_xlsx
    count = write(path, [i18n.translate(heading) for heading in HEADINGS], rows)
    path.chmod(0o600)
    desk.perform(RecordExport(view=view, rows=count), [Ref(Subject.REGISTER, 1)])
    return {"file": str(path), "rows": count, "stopped": cancelled()}


def _rows(
    desk: Desk, view: str, progress: Callable[[int, int], None], cancelled: Callable[[], bool]
) -> Iterator[Sequence[Any]]:
    total = desk.read(reads.carriers_total)
    today = desk.today()
    with desk.database.reading() as connection:
        viewer = reads.viewer_of(connection, desk.actor.id, today)
        lines = reads.export_rows(connection, reads.view_filter(view, today), viewer=viewer)
        for done, line in enumerate(lines, 1):
            if cancelled():
                return
            if done % 1_000 == 0:
                progress(done, total)
            yield (
                line.number, line.copy_no, line.copies_of, line.level, i18n.translate(KIND_NAMES[line.kind]),
                i18n.translate(STATE_NAMES[line.state]), line.title, line.reference, line.holder, line.place, line.due,
                line.pages,
            )  # fmt: skip


def _write_csv(path: Path, headings: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        for row in rows:
            writer.writerow([_tame(cell) for cell in row])
            count += 1
    return count


def _tame(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula is written with a quote before it."""
    if isinstance(cell, str) and cell.startswith(DANGEROUS):
        return f"'{cell}"
    return cell.isoformat() if isinstance(cell, date) else cell


def _write_xlsx(path: Path, headings: Sequence[str], rows: Iterator[Sequence[Any]]) -> int:
    import xlsxwriter  # start-up: only a spreadsheet needs it

    count = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, headings, book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        for count, row in enumerate(rows, 1):  # noqa: B007 - the last count is how many there were
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(count, column, cell, day)
                elif isinstance(cell, str):
                    sheet.write_string(count, column, cell[:32_767])
                elif cell is not None:
                    sheet.write(count, column, cell)
    return count
