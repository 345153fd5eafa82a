"""Spreadsheets and CSV files as rows of cells: encoding, delimiter, which row is the header, what is no data."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TypeAlias

from app.domain.characters import narrow
from app.domain.words import N_, Says, says
from app.paths import content_of
from app.services.importing.extent import too_far
from app.services.list_columns import untamed
from app.store.failures import system_words

Cell: TypeAlias = "int | float | str | bool | date | datetime | time | timedelta | None"
Row: TypeAlias = "Sequence[Cell]"

SPREADSHEETS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
ZIPPED = b"PK\x03\x04"
"""How .xlsx, .xlsm, .xlsb and .ods begin, whatever the file is called."""
LONGEST_CELL = 16 * 1024 * 1024
HEADER_WITHIN = 30
"""The header stands in the first rows, below titles and the unit's name."""


class NotImportable(Exception):
    """The file as a whole cannot be read as a book; `reason` says why and `remedy` what would help."""

    def __init__(self, reason: Says, remedy: Says | None = None) -> None:
        super().__init__(reason.msgid)
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows; `rows` are those below the header with their number in the file, blank and sum rows left out."""

    file: Path
    digest: str
    kind: str
    header: tuple[str, ...]
    names: tuple[str, ...]
    """The columns as they are written; `header` has them folded for comparison."""
    rows: tuple[tuple[int, Row], ...]
    above: int
    not_data: tuple[int, ...]
    blank: int
    other_sheets: tuple[str, ...] = ()


def read_table(
    file: Path, score: Callable[[Sequence[str]], int], *, sheet: str | None = None, encoding: str | None = None
) -> Table:
    """The file's table; `score` says how many of a row's cells are column names, and the header is where it is most."""
    try:
        content = content_of(file)
    except OSError as error:
        raise NotImportable(
            says(
                N_("The file {file} cannot be read: {cause}."), file=file.name or str(file), cause=system_words(error)
            ),
            says(N_("Check its path and its owner, and close it in other programs.")),
        ) from error
    if not content:
        raise NotImportable(says(N_("The file is empty.")), says(N_("Save the book again, and choose that file.")))
    spreadsheet = file.suffix.lower() in SPREADSHEETS or content.startswith(ZIPPED)  # a wrong ending does no harm
    sheets = _sheets(content, sheet) if spreadsheet else [("", _csv_rows(content, encoding, score))]
    best = max(sheets, key=lambda each: max(map(score, _first(each[1])), default=0))
    others = tuple(name for name, rows in sheets if rows is not best[1] and rows)
    return _table(file, hashlib.sha256(content).hexdigest(), best[1], score, "xlsx" if spreadsheet else "csv", others)


def _first(rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    return (tuple(heading(cell) for cell in row) for row in rows[:HEADER_WITHIN])


def _table(
    file: Path,
    digest: str,
    rows: Sequence[Row],
    score: Callable[[Sequence[str]], int],
    kind: str,
    others: tuple[str, ...],
) -> Table:
    headings = list(_first(rows))
    at = max(range(len(headings)), key=lambda index: score(headings[index]), default=None)
    if at is None or not score(headings[at]):
        raise NotImportable(
            says(N_("No row of the first {n} names columns that are known."), n=HEADER_WITHIN),
            says(N_("Name the columns in a mapping file.")),
        )
    header = headings[at]
    kept: list[tuple[int, Row]] = []
    not_data: list[int] = []
    blank = 0
    for number, row in enumerate(rows[at + 1 :], at + 2):
        if all(cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()) for cell in row):
            blank += 1
        elif _is_no_data(row, header):
            not_data.append(number)
        else:
            kept.append((number, row))
    names = tuple(" ".join(str(cell or "").split()) for cell in rows[at])
    return Table(file, digest, kind, header, names, tuple(kept), at, tuple(not_data), blank, others)


def heading(cell: Cell) -> str:
    """A column's name as it is compared: without white space, in lower case, one width, no required-mark."""
    if not isinstance(cell, str):
        return ""
    return narrow(re.sub(r"\s+", "", cell)).strip("*").casefold()


_SUM = re.compile(
    r"(?:本页|本年|累计)?(?:合计|总计|小计|共计|总数)|(?:sub-?|grand)?total[s]?|sum|以下空白|nothingbelow|endoflist",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[\s0-9.,，%:：共份件册页个条()（）-]*")
_SIGN_OFF = re.compile(
    r"(?:制表|填表|填报|审核|复核|负责|经办|登记|批准|单位盖章|签字|签章|打印)[^:：]{0,8}[:：]|"
    r"(?:prepared|checked|approved|signed|printed) (?:by|on)\b",
    re.IGNORECASE,
)


def _is_no_data(row: Row, header: Sequence[str]) -> bool:
    """A repeated header, a sum, a line that closes the list, or the signatures below it."""
    filled = [cell for cell in row if cell is not None and cell != ""]
    first = filled[0]
    if not isinstance(first, str):
        return False
    words = re.sub(r"\s+", "", first)
    found = _SUM.match(words)
    if found and _FIGURE.fullmatch(words[found.end() :]):
        return all(not isinstance(cell, str) or _FIGURE.fullmatch(cell) for cell in filled[1:])
    if len(filled) <= 3 and all(isinstance(cell, str) and _SIGN_OFF.match(cell.strip()) for cell in filled):
        return True
    if not first.strip() or len(row) > len(header):
        return False
    return all(heading(cell) == name for cell, name in zip(row, header, strict=False))  # most rows differ at once


# --- spreadsheets --------------------------------------------------------------------------------------------------


def _sheets(content: bytes, wanted: str | None) -> list[tuple[str, list[list[Cell]]]]:
    from python_calamine import CalamineError, CalamineWorkbook  # start-up: 30 ms, and only imports need it

    if corner := too_far(io.BytesIO(content)):
        raise NotImportable(
            says(N_("A sheet reaches as far as the cell {cell}: more than any memory holds."), cell=corner),
            says(N_("Delete the columns and rows beyond the list, save it, and choose that file.")),
        )
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [name for name in book.sheet_names if wanted in (None, name)]
        sheets = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in names]
    except (CalamineError, ValueError) as error:
        raise _damaged() from error
    if not sheets and wanted is None:
        raise _damaged()
    if not sheets:
        raise NotImportable(
            says(N_("The file has no sheet named {sheet}."), sheet=wanted or ""),
            says(N_("Its sheets are: {sheets}."), sheets=tuple(book.sheet_names)),
        )
    return sheets  # type: ignore[return-value]


def _damaged() -> NotImportable:
    wrong = says(N_("The file is no spreadsheet, or a damaged one, or it has a password."))
    return NotImportable(wrong, says(N_("Save it again as .xlsx without a password, or as CSV.")))


# --- CSV -----------------------------------------------------------------------------------------------------------


def _csv_rows(content: bytes, encoding: str | None, score: Callable[[Sequence[str]], int]) -> list[list[Cell]]:
    name = encoding or sniffed_encoding(content)
    try:
        text = content.decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        if encoding is None:
            wrong = says(N_("The file is no table of text: it is written in no encoding that is known."))
            raise NotImportable(wrong, says(N_("Save it again as .xlsx without a password, or as CSV."))) from error
        raise NotImportable(
            says(N_("The file is not written in {encoding}."), encoding=name),
            says(N_("Leave the encoding out of the mapping, or name the right one.")),
        ) from error
    csv.field_size_limit(LONGEST_CELL)
    try:
        return [
            [untamed(cell) for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=sniffed_delimiter(text, score))
        ]
    except csv.Error as error:
        wrong = says(N_("The file is not a table: {cause}."), cause=str(error))
        raise NotImportable(wrong, says(N_("Save it again as .xlsx without a password, or as CSV."))) from error


_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LIKELY = 0.9


def sniffed_encoding(content: bytes) -> str:
    """The encoding of a CSV file: by its mark, else UTF-8, else what Chinese Windows writes, else what Western does."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    sample = content[:4096]
    wide = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    if sample.count(0) > len(sample) // 4:
        return wide
    if _decoded(content, "utf-8") is not None:
        return "utf-8"
    if 0 in sample:
        return wide
    text = _decoded(content, "gb18030")
    return "gb18030" if text is not None and _reads_as_chinese(text) else "cp1252"


def _decoded(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _reads_as_chinese(text: str) -> bool:
    """Western letters in pairs also decode as GB 18030, but as characters nobody uses."""
    foreign = "".join(sign for sign in text[:200_000] if ord(sign) > 127)
    return len(foreign.encode("gb2312", "ignore").decode("gb2312")) >= _LIKELY * len(foreign)


def sniffed_delimiter(text: str, score: Callable[[Sequence[str]], int]) -> str:
    """The sign that names the most columns that are known, else divides the first lines the most evenly."""

    def regularity(sign: str) -> tuple[int, int, int]:
        lines = csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=sign)
        try:
            rows = [row for _, row in zip(range(HEADER_WITHIN), lines, strict=False)]
        except csv.Error:
            return 0, 0, 0
        widths = [len(row) for row in rows]
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return max(map(score, _first(rows)), default=0), (widths.count(common) if common > 1 else 0), common

    return max((",", ";", "\t", "|"), key=regularity)
