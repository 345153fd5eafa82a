"""The filter of the list of carriers as chips: each says what it narrows to, and a click changes or lifts it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from app.domain.action import Kind
from app.domain.carrier import ENDED, HELD, KIND_NAMES, LABEL_NAMES, STATE_NAMES, State
from app.domain.words import N_, Term
from app.i18n import _, in_words
from app.store.reads import CarrierFilter
from app.ui import theme
from app.ui.flow import FlowLayout
from app.ui.marks import level_choices
from app.ui.pickers import PickField
from app.ui.sources import Choice
from app.ui.telling import brief_day
from app.ui.workplace import Workplace

HELD_STATES, ENDED_STATES = tuple(sorted(HELD)), tuple(sorted(ENDED))


@dataclass(frozen=True)
class Chip:
    """One way to narrow: the field of the filter, its name, and its possible answers or what is searched for."""

    field: str
    title: str
    choices: Callable[[Workplace], Iterable[Choice]] | None = None
    kind: Kind | None = None
    is_common: bool = False
    nothing: Any = None


def _levels(place: Workplace) -> Iterable[Choice]:
    return level_choices(place.regimes)


def _states(_place: Workplace) -> Iterable[Choice]:
    yield Choice(HELD_STATES, _("on our charge"))
    yield Choice(ENDED_STATES, _("ended"))
    for state, words in STATE_NAMES.items():
        if state is not State.NEW_NUMBER:
            yield Choice((state,), _(words))


def _dues(place: Workplace) -> Iterable[Choice]:
    today = place.today()
    yield Choice(today, _("overdue"))
    yield Choice(today + timedelta(days=8), _("within a week"))
    yield Choice(today + timedelta(days=31), _("within a month"))


def _kinds(_place: Workplace) -> Iterable[Choice]:
    return (Choice(str(kind), _(words)) for kind, words in KIND_NAMES.items())


def _regimes(place: Workplace) -> Iterable[Choice]:
    return (Choice(regime.code, in_words(Term(regime.name.zh, regime.name.en))) for regime in place.regimes)


def _labels(_place: Workplace) -> Iterable[Choice]:
    return (Choice(str(label), _(words)) for label, words in LABEL_NAMES.items())


def _departments(place: Workplace) -> Iterable[Choice]:
    return [choice for choice in place.sources.choices(Kind.UNITS, "department") if choice.value != "*"]


def _remark(_place: Workplace) -> Iterable[Choice]:
    return (Choice(value=True, words=_("to be marked anew")),)


CHIPS = (
    Chip("level", N_("Level"), _levels, is_common=True),
    Chip("states", N_("State"), _states, is_common=True, nothing=()),
    Chip("hands", N_("Holder"), kind=Kind.PERSON, is_common=True),
    Chip("place", N_("Place"), kind=Kind.PLACE, is_common=True),
    Chip("due_before", N_("Due"), _dues, is_common=True),
    Chip("document", N_("Document"), kind=Kind.DOCUMENT, is_common=True),
    Chip("kind", N_("Kind"), _kinds, is_common=True),
    Chip("regime", N_("Regime"), _regimes),
    Chip("custodian", N_("Custodian"), kind=Kind.PERSON),
    Chip("department", N_("Department"), _departments),
    Chip("slip", N_("Slip"), kind=Kind.SLIP),
    Chip("container", N_("Envelope or bag"), kind=Kind.ENVELOPE),
    Chip("label", N_("Label"), _labels),
    Chip("remark_due", N_("Mark"), _remark, nothing=False),
)


class FilterChips(QWidget):
    """Every chip that is set, the common ones besides, and a way to the rest."""

    changed = Signal(object)
    """The CarrierFilter as it is now, text left as it was."""

    def __init__(self, workplace: Workplace, filters: CarrierFilter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.filters = filters
        self._names: dict[tuple[str, Any], str] = {}
        self._buttons: dict[str, tuple[str, QPushButton]] = {}
        """The chips that show, by field, each with what it says."""
        self._flow = FlowLayout(self, 6)
        self.show_filter(filters)

    def show_filter(self, filters: CarrierFilter) -> None:
        """Show a filter that came from elsewhere."""
        self.filters = filters
        self._ask_names()
        self._show()

    def _ask_names(self) -> None:
        """What is known by its number only gets its name from the register."""
        for chip in CHIPS:
            value = getattr(self.filters, chip.field)
            if chip.kind is not None and value is not None and (chip.field, value) not in self._names:
                self._workplace.sources.by_value(chip.kind, value, partial(self._on_name, chip.field, value))

    def set_field(self, field: str, value: Any) -> None:
        """Narrow by one field, or lift it."""
        self.filters = replace(self.filters, **{field: value})
        self._ask_names()
        self._show()
        self.changed.emit(self.filters)

    def words_of(self, chip: Chip) -> str:
        """What a chip narrows to; nothing when it does not."""
        value = getattr(self.filters, chip.field)
        if value == chip.nothing:
            return ""
        if chip.kind is not None:
            return self._names.get((chip.field, value), "…")
        known = next((choice.words for choice in self._choices(chip) if choice.value == value), None)
        if known is not None:
            return known
        if isinstance(value, date):
            return _("before {day}").format(day=brief_day(value, self._workplace.today()))
        if isinstance(value, tuple):
            return in_words(tuple(_(STATE_NAMES[State(state)]) for state in value))
        return str(value) or "—"

    def _choices(self, chip: Chip) -> Sequence[Choice]:
        return tuple(chip.choices(self._workplace)) if chip.choices else ()

    def _show(self) -> None:
        kept, self._buttons = self._buttons, {}
        rest = []
        for chip in CHIPS:
            words = self.words_of(chip)
            if not words and not chip.is_common:
                rest.append(chip)
                continue
            said, button = kept.get(chip.field, (None, None))
            if button is None or said != words:
                button = self._button(chip, words)
            self._buttons[chip.field] = words, button
        stays = {button for _words, button in self._buttons.values()}
        while item := self._flow.takeAt(0):
            if (widget := item.widget()) is not None and widget not in stays:
                widget.hide()
                widget.deleteLater()
        for _words, button in self._buttons.values():
            self._flow.addWidget(button)
        more = QPushButton(_("More…"), self)
        theme.mark(more, quiet=True)
        menu = QMenu(more)
        for chip in rest:
            if chip.kind is not None:
                menu.addAction(_(chip.title)).triggered.connect(partial(self._pick, chip))
            else:
                menu.addMenu(self._menu(chip, menu))
        more.setMenu(menu)
        self._flow.addWidget(more)
        if self.filters.narrows - {"text"}:
            all_off = QPushButton(_("Show all"), self)
            theme.mark(all_off, link=True)
            all_off.clicked.connect(self._lift_all)
            self._flow.addWidget(all_off)
        self.updateGeometry()

    def _button(self, chip: Chip, words: str) -> QPushButton:
        title = _(chip.title)
        button = QPushButton(f"{title}: {words}" if words else title, self)
        button.setCheckable(True)
        button.setChecked(bool(words))
        theme.mark(button, chip=True)
        button.toggled.connect(partial(_keep_checked, button, bool(words)))
        if chip.kind is None:
            button.setMenu(self._menu(chip, button))
        elif words:
            menu = QMenu(button)
            menu.addAction(_("Another…")).triggered.connect(partial(self._pick, chip))
            menu.addAction(_("Any")).triggered.connect(partial(self.set_field, chip.field, chip.nothing))
            button.setMenu(menu)
        else:
            button.clicked.connect(partial(self._pick, chip))
        return button

    def _menu(self, chip: Chip, parent: QWidget) -> QMenu:
        """The answers of a chip, put in when somebody opens it: most menus are never opened."""
        menu = QMenu(_(chip.title), parent)
        menu.aboutToShow.connect(partial(self._fill, menu, chip))
        return menu

    def _fill(self, menu: QMenu, chip: Chip) -> None:
        menu.clear()
        now = getattr(self.filters, chip.field)
        if now != chip.nothing:
            menu.addAction(_("Any")).triggered.connect(partial(self.set_field, chip.field, chip.nothing))
            menu.addSeparator()
        for choice in self._choices(chip):
            words = f"{choice.words} · {choice.detail}" if choice.detail else choice.words
            entry = menu.addAction(words.replace("&", "&&"))
            if choice.colour:
                entry.setIcon(theme.swatch(choice.colour))
            entry.setCheckable(True)
            entry.setChecked(choice.value == now)
            entry.triggered.connect(partial(self.set_field, chip.field, choice.value))

    def _pick(self, chip: Chip, *_checked: object) -> None:
        if chip.kind is None:
            return
        dialog = PickDialog(_(chip.title), chip.kind, self._workplace, self)
        dialog.chosen.connect(partial(self._on_picked, chip.field))
        dialog.open()
        self._show()

    def _on_picked(self, field: str, choice: Choice) -> None:
        self._names[field, choice.value] = choice.words
        self.set_field(field, choice.value)

    def _on_name(self, field: str, value: Any, choice: Choice | None) -> None:
        self._names[field, value] = choice.words if choice else str(value)
        self._show()

    def _lift_all(self) -> None:
        self.filters = CarrierFilter(text=self.filters.text)
        self._show()
        self.changed.emit(self.filters)


class PickDialog(QDialog):
    """Asks for one person, place, document, slip or envelope."""

    chosen = Signal(object)

    def __init__(self, title: str, kind: Kind, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._field = PickField(kind, workplace.sources)
        self._field.changed.connect(self._on_changed)
        cancel = QPushButton(_("Cancel"), self)
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(QLabel(title, self))
        layout.addWidget(self._field)
        layout.addStretch(1)
        layout.addLayout(row)
        self.resize(theme.size(440), theme.size(180))
        self.finished.connect(self.deleteLater)
        self._field.setFocus()

    def take_code(self, code: str) -> bool:
        """A scan names it."""
        return self._field.take_code(code)

    def _on_changed(self) -> None:
        if self._field.answer() is not None:
            self.chosen.emit(Choice(self._field.answer(), self._field.search.text()))
            self.accept()


def _keep_checked(button: QPushButton, is_set: bool, _now: bool) -> None:  # noqa: FBT001 - a toggled signal
    """A chip shows whether it narrows, not whether it was clicked."""
    button.blockSignals(True)
    button.setChecked(is_set)
    button.blockSignals(False)
