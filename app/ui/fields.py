"""One field for each kind of question: its own words above it, its answer as the action takes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTime, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.words import N_, Says, says
from app.i18n import _, day, render
from app.ui import theme
from app.ui.dates import read_date
from app.ui.flow import FlowLayout
from app.ui.sources import Choice

_NUMBER = re.compile(r"[0-9]{1,9}")


class Field(QWidget):
    """What every field has: an answer, a way to set it, and what is wrong with what was typed."""

    changed = Signal()
    reach: ClassVar[bool] = False
    """Whether it takes the whole width of a form."""

    def answer(self) -> Any:
        """The answer as the action takes it; None while there is none."""
        raise NotImplementedError

    def set_answer(self, value: Any) -> None:
        """Show an answer."""
        raise NotImplementedError

    def mistake(self) -> Says | None:
        """What is wrong with what was typed, before any rule is asked."""
        return None

    def _hold(self, *widgets: QWidget) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        for widget in widgets:
            layout.addWidget(widget)
        self.setFocusProxy(widgets[0])


class TextField(Field):
    """One line of free text, or a code such as a seal number."""

    def __init__(self, hint: str = "", *, is_code: bool = False) -> None:
        super().__init__()
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(hint)
        if is_code:
            self.line.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhPreferLatin)
        self.line.textChanged.connect(self.changed)
        self._hold(self.line)

    def answer(self) -> str:
        return self.line.text().strip()

    def set_answer(self, value: Any) -> None:
        self.line.setText("" if value is None else str(value))


class LongTextField(Field):
    """Several lines of free text; Tab leaves it."""

    reach = True

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.text = QPlainTextEdit(self)
        self.text.setPlaceholderText(hint)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(theme.line_height(self.text, 4.2))
        self.text.textChanged.connect(self.changed)
        self._hold(self.text)

    def answer(self) -> str:
        return self.text.toPlainText().strip()

    def set_answer(self, value: Any) -> None:
        self.text.setPlainText("" if value is None else str(value))


class NumberField(Field):
    """A whole number: pages, copies, items."""

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(hint)
        self.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.line.textChanged.connect(self.changed)
        self._hold(self.line)

    def answer(self) -> int | None:
        typed = self.line.text().strip()
        return int(typed) if _NUMBER.fullmatch(typed) else None

    def set_answer(self, value: Any) -> None:
        self.line.setText("" if value is None else str(value))

    def mistake(self) -> Says | None:
        if self.line.text().strip() and self.answer() is None:
            return says(N_("“{typed}” is not a whole number."), typed=self.line.text().strip())
        return None


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
            self._meant.setText(f"{weekday(meant)}, {day(meant)} · {days:+d} {_('days')}" if days else f"{day(meant)} · {_('today')}")
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
        read = QTime.fromString(typed if len(typed) > 4 else f"0{typed}", "hh:mm")  # noqa: PLR2004 - 9:05
        return time(read.hour(), read.minute()) if read.isValid() else None


class FlagField(Field):
    """Yes or no; its label stands beside the box."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.box = QCheckBox(label, self)
        self.box.toggled.connect(self.changed)
        self._hold(self.box)

    def answer(self) -> bool:
        return self.box.isChecked()

    def set_answer(self, value: Any) -> None:
        self.box.setChecked(bool(value))


class ChoiceField(Field):
    """One of a few: a level, a channel, a kind, a duty; nothing is chosen for the clerk."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self.box = QComboBox(self)
        self.box.addItem(_("Choose…"), None)
        for choice in choices:
            words = f"{choice.words} · {choice.detail}" if choice.detail else choice.words
            if choice.colour:
                self.box.addItem(theme.swatch(choice.colour), words, choice.value)
            else:
                self.box.addItem(words, choice.value)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.currentIndexChanged.connect(self.changed)
        self._hold(self.box)

    def answer(self) -> Any:
        return self.box.currentData()

    def set_answer(self, value: Any) -> None:
        # Not findData: it compares variants, and an enum is not its own text there.
        at = next((row for row in range(1, self.box.count()) if self.box.itemData(row) == value), 0)
        self.box.setCurrentIndex(at)


class SeveralField(Field):
    """Any number of a few: caveats, units."""

    reach = True

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._boxes: list[tuple[QCheckBox, Any]] = []
        row = FlowLayout(self)
        for choice in choices:
            box = QCheckBox(choice.words, self)
            box.setToolTip(choice.detail)
            box.toggled.connect(self.changed)
            self._boxes.append((box, choice.value))
            row.addWidget(box)
        if self._boxes:
            self.setFocusProxy(self._boxes[0][0])

    def answer(self) -> tuple[Any, ...]:
        return tuple(value for box, value in self._boxes if box.isChecked())

    def set_answer(self, value: Any) -> None:
        for box, its in self._boxes:
            box.setChecked(its in (value or ()))


class WordsField(Field):
    """Several short answers typed with commas between them: units outside any list."""

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(hint or _("Several, with commas between"))
        self.line.textChanged.connect(self.changed)
        self._hold(self.line)

    def answer(self) -> tuple[str, ...]:
        return tuple(part for piece in re.split(r"[,，;；、\n]", self.line.text()) if (part := piece.strip()))

    def set_answer(self, value: Any) -> None:
        self.line.setText(", ".join(map(str, value or ())))


class PeriodField(Field):
    """How long something stays secret: a number of years or months, a day, an event, or one of the worded periods."""

    UNITS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("y", N_("years")), ("m", N_("months")), ("date", N_("until the day")), ("cond:", N_("until this happens")),
        ("permanent", N_("permanent")), ("long", N_("long")), ("short", N_("short")),
    )
    WORDED: ClassVar[tuple[str, ...]] = ("permanent", "long", "short")

    def __init__(self, today: Callable[[], date], choices: Sequence[Choice] = ()) -> None:
        super().__init__()
        self._today = today
        self.count = QLineEdit(self)
        self.unit = QComboBox(self)
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
        if unit in self.WORDED:
            return str(unit)
        if unit == "date":
            on = read_date(typed, self._today())
            return on.isoformat() if on else None
        if unit == "cond:":
            return f"cond:{typed}" if typed else None
        return f"{int(typed)}{unit}" if _NUMBER.fullmatch(typed) and int(typed) else None

    def set_answer(self, value: Any) -> None:
        text = str(value or "")
        unit, typed = next(
            ((code, found[1]) for code, shape in (
                ("y", r"(\d+)y"), ("m", r"(\d+)m"), ("cond:", r"cond:(.*)"), ("date", r"(\d{4}-\d\d-\d\d)")
            ) if (found := re.fullmatch(shape, text))),
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
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)


def weekday(on: date) -> str:
    """The day of the week in the window's language."""
    return render(WEEKDAY_NAMES[on.weekday()])
