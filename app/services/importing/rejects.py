"""Rejected rows as a file like the one that came in: row, column and reason before the row itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from app.domain.words import N_, says
from app.i18n import render, translate
from app.paths import free_name, room_for, write_private
from app.services.importing.files import Cell, NotImportable
from app.services.importing.report import Rejected
from app.services.importing.values import text_of
from app.services.list_columns import fits_a_cell, tamed
from app.store.failures import system_words

HEADINGS = (N_("row"), N_("column"), N_("reason"))


def write_rejects(file: Path, names: Sequence[str], rejects: Sequence[Rejected]) -> Path:
    """Write them as .xlsx or .csv, whichever the name says, and give the file; only its owner may read it.

    A text longer than a cell of .xlsx makes it a .csv: these rows are imported again, so nothing is cut.
    """
    head = [*map(translate, HEADINGS), *names]
    rows = [[reject.row, reject.column, render(reject.reason), *reject.cells] for reject in rejects]
    is_spreadsheet = file.suffix.lower() == ".xlsx"
    if is_spreadsheet and not all(fits_a_cell(text_of(cell)) for row in rows for cell in row):
        file, is_spreadsheet = free_name(file.with_suffix(".csv")), False
    content = _spreadsheet(head, rows) if is_spreadsheet else _csv(head, rows)
    try:
        write_private(file, content)
    except OSError as error:
        wrong = N_("The other rows are in the register, but the file of the rejected rows cannot be written: {cause}.")
        remedy = says(N_("Import the same file again with another place for it; nothing is registered twice."))
        raise NotImportable(says(wrong, cause=system_words(error)), remedy) from error
    return file


def room_for_rejects(file: Path) -> None:
    """Refuse before anything is entered where the rejected rows have nowhere to go."""
    try:
        room_for(file)
    except OSError as error:
        wrong = says(N_("The rejected rows cannot be written: {cause}."), cause=system_words(error))
        remedy = says(N_("Choose a folder on a disk of this machine that has room and may be written."))
        raise NotImportable(wrong, remedy) from error


def _csv(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> Cell:
    return tamed(cell) if isinstance(cell, str) else text_of(cell)


def _spreadsheet(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    import xlsxwriter  # start-up: only rejects and exports write spreadsheets

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at, row in enumerate((head, *rows)):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime | date):
                sheet.write_datetime(at, column, cell, day)
            elif isinstance(cell, bool | int | float) and not isinstance(cell, bool):
                sheet.write_number(at, column, cell)
            elif cell is not None and cell != "":
                sheet.write_string(at, column, text_of(cell))
    sheet.freeze_panes(1, 0)
    book.close()
    return content.getvalue()
