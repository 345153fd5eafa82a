"""Cells as values: text as it was written, whole numbers, days that are kept as written when they are none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from app.domain.characters import narrow
from app.domain.words import N_, Says, says
from app.services.importing.files import Cell


def text_of(cell: Cell) -> str:
    """A cell as text: white space around it gone, a whole number without decimals, a date as ISO text."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def whole_number(cell: Cell) -> int | None:
    """The whole number in a cell, also with its counter (12份, 34 pp.); None when there is none."""
    found = _NUMBER.fullmatch(narrow(text_of(cell)))
    return int(found[1]) if found else None


_NUMBER = re.compile(r"([0-9]{1,9})\s*(?:份|页|册|个|件|张|pp?\.?|pages?|copies)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as a book has it: the day itself, or the words in its place and why they are none."""

    day: date | None = None
    written: str = ""
    why: Says | None = None


NO_DAY = Day()


def day_of(cell: Cell, ways: Sequence[str]) -> Day:
    """The day in a cell; impossible and ambiguous ones stay as written, nothing is guessed."""
    if isinstance(cell, datetime):
        return Day(cell.date())
    if isinstance(cell, date):
        return Day(cell)
    return _day_in(text_of(cell), tuple(ways))


_ISO = re.compile(
    r"(?P<y>[0-9]{4})\s*(?:-|/|\.|年)\s*(?P<m>[0-9]{1,2})\s*(?:-|/|\.|月)\s*(?P<d>[0-9]{1,2})\s*日?"
    r"(?:[ T]00:00(?::00)?)?"
)
_COMPACT = re.compile(r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})")
_TURNED = re.compile(r"[0-9]{1,2}\s*[-/.]\s*[0-9]{1,2}\s*[-/.]\s*[0-9]{4}")


@lru_cache(maxsize=4096)
def _day_in(text: str, ways: tuple[str, ...]) -> Day:
    if not text:
        return NO_DAY
    for pattern in (*map(_way, ways), _ISO, _COMPACT):
        if found := pattern.fullmatch(narrow(text)):
            try:
                return Day(date(int(found["y"]), int(found["m"]), int(found["d"])))
            except ValueError:
                return Day(written=text, why=says(N_("“{text}” is no day of the calendar; kept as written"), text=text))
    if _TURNED.fullmatch(narrow(text)):
        return Day(written=text, why=says(N_("“{text}” can be read in two ways; kept as written"), text=text))
    return Day(written=text, why=says(N_("“{text}” is no date; kept as written"), text=text))


@lru_cache(maxsize=64)
def _way(way: str) -> re.Pattern[str]:
    """A way of writing dates as a pattern: YYYY, M or MM, D or DD, and the signs between them."""
    pattern = ""
    for piece in re.split(r"(YYYY|MM?|DD?)", way):
        token = {"Y": "(?P<y>[0-9]{4})", "M": "(?P<m>[0-9]{1,2})", "D": "(?P<d>[0-9]{1,2})"}.get(piece[:1])
        pattern += token if token and piece in ("YYYY", "M", "MM", "D", "DD") else re.escape(piece)
    return re.compile(pattern)


_BETWEEN = re.compile(r"\s*(?:-+|~|～|—+|–|－|至|到|\bto\b)\s*")
_SPAN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")
MOST_COPIES = 5_000
"""Copies in one row; more are a slip of the pen."""


def copy_numbers(cell: Cell) -> tuple[int, ...] | None:
    """The copy numbers of a cell: one, several, or a span such as 000001-000012; None when they are none of these."""
    numbers: list[int] = []
    for piece in filter(None, re.split(r"[,，、;；\s]+", _BETWEEN.sub("-", narrow(text_of(cell))))):
        if span := _SPAN.fullmatch(piece):
            first, last = int(span[1]), int(span[2])
            if not 1 <= first <= last < first + MOST_COPIES:
                return None
            numbers += range(first, last + 1)
        elif number := whole_number(piece):
            numbers.append(number)
        else:
            return None
    return tuple(numbers) if len(set(numbers)) == len(numbers) else None
