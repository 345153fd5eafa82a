"""How long a secret is kept: the period as stored text, the day it ends, and which of several ends last."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date
from enum import StrEnum
from typing import Final


class PeriodKind(StrEnum):
    """The ways in which a regime may limit a secret in time."""

    YEARS = "years"
    MONTHS = "months"
    DATE = "date"
    CONDITION = "condition"
    PERMANENT = "permanent"
    LONG = "long"
    SHORT = "short"


WORDED: Final = (PeriodKind.PERMANENT, PeriodKind.LONG, PeriodKind.SHORT)
"""Kinds that are one word; how many years long and short mean is the regime's."""

NamedYears = Mapping[PeriodKind, int | None]
"""How many years a worded period lasts under a regime; None or absent means that no day is known."""

CONDITION_JOINT: Final = "；"
"""Between conditions that must all have come true."""

_COUNTED = re.compile(r"([1-9][0-9]{0,2})([ym])")
_CONDITION = "cond:"
_MOST: Final = 999
_UNITS: Final = {"y": PeriodKind.YEARS, "m": PeriodKind.MONTHS}


@dataclass(frozen=True, slots=True)
class Period:
    """A limit in time; its `str()` is the form in which it is stored (10y, 6m, 2036-05-01, cond:…, permanent)."""

    kind: PeriodKind
    count: int = 0
    day: date | None = None
    condition: str = ""

    def __post_init__(self) -> None:
        counted = self.kind in _UNITS.values()
        fits = (
            (1 <= self.count <= _MOST if counted else self.count == 0)  # three digits, as stored
            and (self.day is not None) == (self.kind is PeriodKind.DATE)
            and bool(self.condition.strip(CONDITION_JOINT + " ")) == (self.kind is PeriodKind.CONDITION)
            and self.condition == self.condition.strip()
        )
        if not fits:
            raise ValueError(f"no period: {self.kind} {self.count} {self.day} {self.condition!r}")

    @classmethod
    def years(cls, count: int) -> Period:
        """So many years from the issue date."""
        return cls(PeriodKind.YEARS, count=count)

    @classmethod
    def months(cls, count: int) -> Period:
        """So many months from the issue date."""
        return cls(PeriodKind.MONTHS, count=count)

    @classmethod
    def until(cls, day: date) -> Period:
        """Until a day, on which it is a secret no more."""
        return cls(PeriodKind.DATE, day=day)

    @classmethod
    def when(cls, condition: str) -> Period:
        """Until somebody records that the condition has come true."""
        return cls(PeriodKind.CONDITION, condition=condition.strip())

    @classmethod
    def parse(cls, text: str) -> Period:
        """The period stored as `text`; ValueError when the text was never written by `str()`."""
        if counted := _COUNTED.fullmatch(text):
            return cls(_UNITS[counted[2]], count=int(counted[1]))
        if text.startswith(_CONDITION):
            return cls(PeriodKind.CONDITION, condition=text.removeprefix(_CONDITION))
        if text in WORDED:
            return cls(PeriodKind(text))
        if day := _day(text):
            return cls.until(day)
        raise ValueError(f"no period: {text!r}")

    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.YEARS:
                return f"{self.count}y"
            case PeriodKind.MONTHS:
                return f"{self.count}m"
            case PeriodKind.DATE:
                return f"{self.day}"
            case PeriodKind.CONDITION:
                return f"{_CONDITION}{self.condition}"
            case _:
                return str(self.kind)


def lift_date(period: Period | None, start: date | None, named: NamedYears) -> date | None:
    """The first day on which the secret is one no more; None when no day is known.

    A period counts from the marked issue date, that day included, so it ends on the same day of a later month.
    Where that month has no such day (29 February, 31 August + 6 months) it ends on the first of the next month:
    never a day too soon.
    """
    if period is None:
        return None
    if period.kind is PeriodKind.DATE:
        return period.day
    months = _months(period, named)
    return months_after(start, months) if start and months else None


def months_after(start: date, months: int) -> date:
    """The same day so many months later, or the first of the month after where there is no such day."""
    years, month0 = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month0 + 1
    if year > MAXYEAR:
        return date.max
    if start.day <= calendar.monthrange(year, month)[1]:
        return date(year, month, start.day)
    return date(year, month + 1, 1)  # December has 31 days, so the next month is in the same year


def _months(period: Period, named: NamedYears) -> int | None:
    match period.kind:
        case PeriodKind.YEARS:
            return period.count * 12
        case PeriodKind.MONTHS:
            return period.count
        case _:
            years = named.get(period.kind)
            return years * 12 if years else None


@dataclass(frozen=True, slots=True)
class DatedPeriod:
    """A period together with the issue date it counts from: only so can two periods be compared.

    The order, first to end first: a known day; a condition (nobody knows its day, and it ends only by a recorded
    decision); no known end at all (no period was set, or long without a number of years); permanent.
    """

    period: Period | None
    start: date | None = None

    def rank(self, named: NamedYears) -> tuple[int, date]:
        """Where it stands in the order above; equal ranks end together as far as anybody can know."""
        lifts = lift_date(self.period, self.start, named)
        if lifts is not None:
            return 0, lifts
        if self.period is None:
            return 2, date.min
        return {PeriodKind.CONDITION: 1, PeriodKind.PERMANENT: 3}.get(self.period.kind, 2), date.min


def ends_after(one: DatedPeriod, other: DatedPeriod, named: NamedYears) -> bool:
    """Whether the one certainly outlasts the other."""
    return one.rank(named) > other.rank(named)


def latest(terms: list[DatedPeriod], named: NamedYears) -> DatedPeriod:
    """The term that outlasts all of them; conditions and days that bind together become one condition.

    A condition may come true tomorrow, before the day on which another source ends. What is derived from both stays
    secret until both have passed, so the day is written into the condition.
    """
    top = max(term.rank(named)[0] for term in terms)
    leaders = [term for term in terms if term.rank(named)[0] == top]
    if top == 1:
        return DatedPeriod(_all_conditions(terms, named))
    return max(leaders, key=lambda term: (term.rank(named), str(term.period), term.start or date.min))


def _all_conditions(terms: list[DatedPeriod], named: NamedYears) -> Period:
    conditions: set[str] = set()
    days: set[date] = set()
    for term in terms:
        lifts = lift_date(term.period, term.start, named)
        if lifts is not None:
            days.add(lifts)
        elif term.period is not None:
            for part in filter(None, map(str.strip, term.period.condition.split(CONDITION_JOINT))):
                day = _day(part)
                if day:
                    days.add(day)
                else:
                    conditions.add(part)
    parts = sorted(conditions) + [day.isoformat() for day in sorted(days)[-1:]]
    return Period.when(CONDITION_JOINT.join(parts))


def _day(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
