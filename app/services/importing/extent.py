"""How far a sheet reaches, before it is read: one stray cell in its far corner makes a table that no memory holds."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

MOST_CELLS = 30_000_000
"""A million rows with thirty columns."""
_AT_ONCE = 1 << 20
_LONGEST_TAG = 512
_HEAD = 4096
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s+ref=\"(?:[A-Z]+[0-9]+:)?([A-Z]+)([0-9]+)\"")
_FILLED = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=\"([A-Z]+)([0-9]+)\"[^>]*(?<!/)>")


def too_far(file: IO[bytes]) -> str | None:
    """The last column and row of the first sheet of an .xlsx that spans too many cells, as XFD1048576; else None."""
    try:
        with zipfile.ZipFile(file) as book:
            for name in filter(_SHEET.fullmatch, book.namelist()):
                # What a sheet says of itself counts cells that are only coloured too: then its cells are looked at.
                with book.open(name) as sheet:
                    column, row = _said(sheet)
                if column * row > MOST_CELLS:
                    with book.open(name) as sheet:
                        column, row = _extent(sheet)
                if column * row > MOST_CELLS:
                    return f"{_letters(column)}{row}"
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return None  # the reader says what is wrong with it
    return None


def _said(sheet: IO[bytes]) -> tuple[int, int]:
    found = _DIMENSION.search(sheet.read(_HEAD))
    return _place(found) if found else (MOST_CELLS, 2)


def _extent(sheet: IO[bytes]) -> tuple[int, int]:
    column = row = 0
    for part in _parts(sheet):
        for found in _FILLED.finditer(part):
            here = _place(found)
            column, row = max(column, here[0]), max(row, here[1])
    return column, row


def _parts(sheet: IO[bytes]) -> Iterator[bytes]:
    """The sheet in parts that overlap by the length of a cell's tag."""
    kept = b""
    while part := sheet.read(_AT_ONCE):
        yield kept + part
        kept = part[-_LONGEST_TAG:]


def _place(found: re.Match[bytes]) -> tuple[int, int]:
    column = 0
    for letter in found[1]:
        column = column * 26 + letter - 64
    return column, int(found[2])


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
