"""Rejected rows as a file like the one that came in: row, column and reason before the row itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from app.domain.words import N_, says
from app.i18n import render, translate
from app.paths import write_private
from app.services.importing.files import Cell, NotImportable
from app.services.importing.report import Rejected
from app.services.importing.values import text_of
from app.store.failures import system_words

LONGEST_IN_A_SPREADSHEET = 32_767
HEADINGS = (N_("row"), N_("column"), N_("reason"))


def write_rejects(file: Path, names: Sequence[str], rejects: Sequence[Rejected]) -> None:
    """Write them as .xlsx or .csv, whichever the name says; only its owner may read it, for it holds titles."""
    head = [*map(translate, HEADINGS), *names]
    rows = [[reject.row, reject.column, render(reject.reason), *reject.cells] for reject in rejects]
    content = _spreadsheet(head, rows) if file.suffix.lower() == ".xlsx" else _csv(head, rows)
    try:
        write_private(file, content)
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
    return cell if isinstance(cell, str) else text_of(cell)


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
                sheet.write_string(at, column, text_of(cell)[:LONGEST_IN_A_SPREADSHEET])
    sheet.freeze_panes(1, 0)
    book.close()
    return content.getvalue()
