"""Fields for when and how long: dates the short way, a time of day, periods of secrecy."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit

from app.domain.characters import narrow
from app.domain.words import N_, Says, says
from app.i18n import _, day, ngettext, render
from app.ui import theme
from app.ui.dates import read_date
from app.ui.drop_down import DropDown
from app.ui.fields import NUMBER, Field
from app.ui.sources import Choice


class DateField(Field):
    """A date typed the short way; what was understood stands below it."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self._today = today
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(_("5.31, +7, fri"))
        self._meant = QLabel(self)
        theme.mark(self._meant, secondary=True)
        self.line.textChanged.connect(self._on_typed)
        self._hold(self.line, self._meant)
        self._on_typed("")

    def answer(self) -> date | None:
        return read_date(self.line.text(), self._today())

    def set_answer(self, value: Any) -> None:
        self.line.setText(value.isoformat() if isinstance(value, date) else str(value or ""))

    def mistake(self) -> Says | None:
        if self.line.text().strip() and self.answer() is None:
            return says(N_("“{typed}” is not a date; write it as 5.31, +7, fri or 2026-05-31."), typed=self.line.text())
        return None

    def _on_typed(self, _typed: str) -> None:
        meant = self.answer()
        self._meant.setVisible(meant is not None)
        if meant is not None:
            days = (meant - self._today()).days
            away = _("{weekday}, {day}").format(weekday=weekday(meant), day=day(meant))
            if days > 0:
                away += ngettext(" · in {n} day", " · in {n} days", days).format(n=days)
            elif days < 0:
                away += ngettext(" · {n} day ago", " · {n} days ago", -days).format(n=-days)
            self._meant.setText(away if days else _("{day} · today").format(day=day(meant)))
        self.changed.emit()


class MomentField(Field):
    """A date and a time of day, for what happened earlier than it is entered."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.day = DateField(today)
        self.time = QLineEdit(self)
        self.time.setPlaceholderText(_("14:30"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.day, 2)
        layout.addWidget(self.time, 1, Qt.AlignmentFlag.AlignTop)
        self.day.changed.connect(self.changed)
        self.time.textChanged.connect(self.changed)
        self.setFocusProxy(self.day.line)

    def answer(self) -> datetime | None:
        on, at = self.day.answer(), self._at()
        return None if on is None or at is None else datetime.combine(on, at).astimezone()

    def set_answer(self, value: Any) -> None:
        if isinstance(value, datetime):
            here = value.astimezone()
            self.day.set_answer(here.date())
            self.time.setText(f"{here:%H:%M}")
        else:
            self.day.set_answer(None)
            self.time.clear()

    def mistake(self) -> Says | None:
        if self.time.text().strip() and self._at() is None:
            return says(N_("“{typed}” is not a time of day; write it as 14:30."), typed=self.time.text())
        return self.day.mistake()

    def _at(self) -> time | None:
        typed = self.time.text().strip().replace("：", ":").replace(".", ":")
        read = QTime.fromString(typed if len(typed) > 4 else f"0{typed}", "hh:mm")
        return time(read.hour(), read.minute()) if read.isValid() else None


class PeriodField(Field):
    """How long something stays secret: a number of years or months, a day, an event, or one of the worded periods."""

    UNITS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("y", N_("years")),
        ("m", N_("months")),
        ("date", N_("until the day")),
        ("cond:", N_("until this happens")),
        ("permanent", N_("permanent")),
        ("long", N_("long")),
        ("short", N_("short")),
    )
    WORDED: ClassVar[tuple[str, ...]] = ("permanent", "long", "short")

    def __init__(self, today: Callable[[], date], choices: Sequence[Choice] = ()) -> None:
        super().__init__()
        self._today = today
        self.count = QLineEdit(self)
        self.unit = DropDown(self)
        units = [(choice.value, choice.words) for choice in choices] or [(code, _(words)) for code, words in self.UNITS]
        for code, words in units:
            self.unit.addItem(words, code)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.count, 1)
        layout.addWidget(self.unit, 1)
        self.count.textChanged.connect(self.changed)
        self.unit.currentIndexChanged.connect(self._on_unit)
        self.setFocusProxy(self.count)

    def answer(self) -> str | None:
        unit, typed = self.unit.currentData(), self.count.text().strip()
        count = narrow(typed)
        if unit in self.WORDED:
            return str(unit)
        if unit == "date":
            on = read_date(typed, self._today())
            return on.isoformat() if on else None
        if unit == "cond:":
            return f"cond:{typed}" if typed else None
        return f"{int(count)}{unit}" if NUMBER.fullmatch(count) and int(count) else None

    def set_answer(self, value: Any) -> None:
        text = str(value or "")
        unit, typed = next(
            (
                (code, found[1])
                for code, shape in (
                    ("y", r"(\d+)y"),
                    ("m", r"(\d+)m"),
                    ("cond:", r"cond:(.*)"),
                    ("date", r"(\d{4}-\d\d-\d\d)"),
                )
                if (found := re.fullmatch(shape, text))
            ),
            (text, ""),
        )
        self.unit.setCurrentIndex(max(0, self.unit.findData(unit)))
        self.count.setText(typed)

    def mistake(self) -> Says | None:
        if self.count.text().strip() and self.count.isEnabled() and self.answer() is None:
            return says(N_("“{typed}” is not a period of this kind."), typed=self.count.text().strip())
        return None

    def _on_unit(self) -> None:
        self.count.setEnabled(self.unit.currentData() not in self.WORDED)
        self.changed.emit()


WEEKDAY_NAMES = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def weekday(on: date) -> str:
    """The day of the week in the window's language."""
    return render(WEEKDAY_NAMES[on.weekday()])
