"""Dates as people type them: 5.31, +7, fri, 2026-05-31, 31 May, 2026年5月31日, 下周五."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from app.domain.characters import narrow

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CHINESE_WEEKDAYS = {sign: day for day, sign in enumerate("一二三四五六日")} | {"天": 6}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TODAY = {"today": 0, "tomorrow": 1, "yesterday": -1, "今天": 0, "明天": 1, "昨天": -1, "后天": 2, "大后天": 3}

_STEP = re.compile(r"([+-])\s*(\d{1,4})\s*([dwmy天周月年]?)")
_LATER = re.compile(r"()(\d{1,4})\s*(天|日|周|个月|年)[以之]?后")
_FULL = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?")
_SHORT = re.compile(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_MONTH = re.compile(r"(\d{1,2})\s*([a-z]{3,9})\.?(?:\s+(\d{4}))?")
_WEEKDAY = re.compile(r"(下|本|这)?个?(?:周|星期|礼拜)([一二三四五六日天])")
_UNITS = {"": "d", "天": "d", "日": "d", "周": "w", "月": "m", "个月": "m", "年": "y"}


def read_date(text: str, today: date) -> date | None:
    """The date that was meant, or None; a day without its year is the next such day, a weekday the next one."""
    typed = narrow(text).strip().lower()
    if typed in TODAY:
        return today + timedelta(days=TODAY[typed])
    for shape, reading in (
        (_STEP, _step),
        (_LATER, _step),
        (_FULL, _full),
        (_COMPACT, _full),
        (_SHORT, _short),
        (_DAY_MONTH, _day_month),
        (_WEEKDAY, _chinese_weekday),
    ):
        if found := shape.fullmatch(typed):
            try:
                return reading(found, today)
            except (ValueError, OverflowError):  # 31 February, or the year 12026
                return None
    return _weekday(typed, today)


def _step(found: re.Match[str], today: date) -> date:
    count = int(found[2]) * (-1 if found[1] == "-" else 1)
    unit = _UNITS.get(found[3], found[3])
    if unit in "dw":
        return today + timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _full(found: re.Match[str], _today: date) -> date:
    return date(int(found[1]), int(found[2]), int(found[3]))


def _short(found: re.Match[str], today: date) -> date:
    return _coming(int(found[1]), int(found[2]), today)


def _day_month(found: re.Match[str], today: date) -> date:
    month = next((number for number, name in enumerate(MONTHS, 1) if found[2].startswith(name)), 0)
    return date(int(found[3]), month, int(found[1])) if found[3] else _coming(month, int(found[1]), today)


def _chinese_weekday(found: re.Match[str], today: date) -> date:
    weekday = CHINESE_WEEKDAYS[found[2]]
    if not found[1]:
        return _next(weekday, today)
    # The week that is named counts from Monday: 下周五 said on a Tuesday is ten days off, not three.
    return today + timedelta(days=weekday - today.weekday() + (7 if found[1] == "下" else 0))


def _weekday(typed: str, today: date) -> date | None:
    if len(typed) < 3 or not typed.isalpha():
        return None
    named = [number for number, name in enumerate(WEEKDAYS) if name.startswith(typed)]
    return _next(named[0], today) if len(named) == 1 else None


def _next(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _coming(month: int, day: int, today: date) -> date:
    """The day in this year, unless it lies more than half a year back: in December "1.5" means January."""
    meant = date(today.year, month, day)
    return meant if (today - meant).days <= 183 else date(today.year + 1, month, day)
