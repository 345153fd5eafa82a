"""One field for each kind of question: its own words above it, its answer as the action takes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.characters import narrow
from app.domain.words import N_, Says, says
from app.i18n import _
from app.ui import theme
from app.ui.drop_down import DropDown
from app.ui.flow import FlowLayout
from app.ui.sources import Choice

NUMBER = re.compile(r"[0-9]{1,9}")
WIDEST_OF_TWO = 290
"""A box wider than this has no other field beside it."""


class Field(QWidget):
    """What every field has: an answer, a way to set it, and what is wrong with what was typed."""

    changed = Signal()
    reach: bool = False
    """Whether it takes the whole width of a form."""

    @property
    def is_proposed(self) -> bool:
        """Whether an answer is on its way."""
        return False

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
        typed = narrow(self.line.text()).strip()
        return int(typed) if NUMBER.fullmatch(typed) else None

    def set_answer(self, value: Any) -> None:
        self.line.setText("" if value is None else str(value))

    def mistake(self) -> Says | None:
        if self.line.text().strip() and self.answer() is None:
            return says(N_("“{typed}” is not a whole number."), typed=self.line.text().strip())
        return None


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
        self.box = DropDown(self)
        self._fill(choices)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.reach = self.box.sizeHint().width() > theme.size(WIDEST_OF_TWO)
        self.box.currentIndexChanged.connect(self.changed)
        self._hold(self.box)

    def answer(self) -> Any:
        return self.box.currentData()

    def set_answer(self, value: Any) -> None:
        # Not findData: it compares variants, and an enum is not its own text there.
        at = next((row for row in range(1, self.box.count()) if self.box.itemData(row) == value), 0)
        self.box.setCurrentIndex(at)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these instead; what was chosen stays if it is among them."""
        chosen = self.answer()
        with QSignalBlocker(self.box):
            self.box.clear()
            self._fill(choices)
            self.set_answer(chosen)
        if self.answer() != chosen:
            self.changed.emit()

    def _fill(self, choices: Sequence[Choice]) -> None:
        self.box.addItem(_("Choose…"), None)
        for choice in choices:
            words = f"{choice.words} · {choice.detail}" if choice.detail else choice.words
            if choice.colour:
                self.box.addItem(theme.swatch(choice.colour), words, choice.value)
            else:
                self.box.addItem(words, choice.value)


class SeveralField(Field):
    """Any number of a few: caveats, units."""

    reach = True

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._boxes: list[tuple[QCheckBox, Any]] = []
        self._row = FlowLayout(self)
        self._fill(choices)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these instead; what was ticked stays if it is among them."""
        ticked = self.answer()
        self._row.clear()
        self._boxes.clear()
        self._fill(choices)
        self.set_answer(ticked)
        self.updateGeometry()
        if self.answer() != ticked:
            self.changed.emit()

    def _fill(self, choices: Sequence[Choice]) -> None:
        before: QWidget = self
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # an order is only made of what takes the focus
        for choice in choices:
            box = QCheckBox(choice.words, self)
            box.setToolTip(choice.detail)
            box.toggled.connect(self.changed)
            self._boxes.append((box, choice.value))
            self._row.addWidget(box)
            QWidget.setTabOrder(before, box)  # else a box that is offered later comes last, behind the signatures
            before = box
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The first box takes it; with a proxy, Tab would go round and round boxes that are offered later."""
        super().focusInEvent(event)
        if self._boxes:
            self._boxes[0][0].setFocus(event.reason())

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
