"""The form of an action: one field for each question it asks, refusals beside the field they concern."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import MISSING, fields
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.domain.action import Action, Asked, Kind, Refusal, questions
from app.i18n import _, render
from app.ui import theme
from app.ui.bursts import ACCEPTS, TakesCodes
from app.ui.fields import (
    ChoiceField,
    Field,
    FlagField,
    LongTextField,
    NumberField,
    SeveralField,
    TextField,
    WordsField,
)
from app.ui.following import QUESTION
from app.ui.pickers import PeopleField, PickField
from app.ui.reasons import Reasons
from app.ui.sources import Choice, Sources
from app.ui.time_fields import DateField, MomentField, PeriodField

Today: TypeAlias = Callable[[], date]
Build: TypeAlias = Callable[[Asked, str, Sources, Today], Field]


def _text(asked: Asked, _name: str, _sources: Sources, _today: Today) -> Field:
    return TextField(_(asked.hint))


def _long_text(asked: Asked, _name: str, _sources: Sources, _today: Today) -> Field:
    return LongTextField(_(asked.hint))


def _code(asked: Asked, _name: str, _sources: Sources, _today: Today) -> Field:
    return TextField(_(asked.hint), is_code=True)


def _number(asked: Asked, _name: str, _sources: Sources, _today: Today) -> Field:
    return NumberField(_(asked.hint))


def _date(_asked: Asked, _name: str, _sources: Sources, today: Today) -> Field:
    return DateField(today)


def _moment(_asked: Asked, _name: str, _sources: Sources, today: Today) -> Field:
    return MomentField(today)


def _flag(asked: Asked, _name: str, _sources: Sources, _today: Today) -> Field:
    return FlagField(_(asked.label))


def _pick(asked: Asked, _name: str, sources: Sources, _today: Today) -> Field:
    return PickField(asked.kind, sources)


def _people(asked: Asked, _name: str, sources: Sources, _today: Today) -> Field:
    return PeopleField(asked.kind, sources)


def _choice(asked: Asked, name: str, sources: Sources, _today: Today) -> Field:
    declared = [Choice(value, _(words)) for value, words in asked.choices]
    return ChoiceField(declared or sources.choices(asked.kind, name))


def _several(asked: Asked, name: str, sources: Sources, _today: Today) -> Field:
    choices = [Choice(value, _(words)) for value, words in asked.choices] or sources.choices(asked.kind, name)
    return SeveralField(choices) if choices or asked.kind is Kind.CAVEATS else WordsField(_(asked.hint))


def _period(asked: Asked, name: str, sources: Sources, today: Today) -> Field:
    return PeriodField(today, sources.choices(asked.kind, name))


BUILDERS: Mapping[Kind, Build] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.CODE: _code,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.MOMENT: _moment,
    Kind.FLAG: _flag,
    Kind.PERSON: _pick,
    Kind.PEOPLE: _people,
    Kind.PLACE: _pick,
    Kind.DOCUMENT: _pick,
    Kind.DOCUMENTS: _people,
    Kind.SLIP: _pick,
    Kind.ENVELOPE: _pick,
    Kind.LEVEL: _choice,
    Kind.CHANNEL: _choice,
    Kind.CARRIER_KIND: _choice,
    Kind.DUTY: _choice,
    Kind.CHOICE: _choice,
    Kind.REGIME: _choice,
    Kind.PERIOD: _period,
    Kind.CAVEATS: _several,
    Kind.UNITS: _several,
}
"""A STRUCTURE is no question for a person: the page that asks it has a widget of its own and passes it as known."""


OF_A_REGIME = (Kind.LEVEL, Kind.CAVEATS, Kind.CHANNEL)
"""What each regime words for itself."""


def build_field(asked: Asked, name: str, sources: Sources, today: Today) -> Field:
    """The field for one question."""
    return BUILDERS[asked.kind](asked, name, sources, today)


class AskedField(QWidget):
    """A question: its label above, its field, and below what speaks against the answer."""

    def __init__(
        self, asked: Asked, field: Field, parent: QWidget | None = None, *, says_optional: bool = True
    ) -> None:
        super().__init__(parent)
        self.asked, self.field, self._says_optional = asked, field, says_optional
        self.setProperty(QUESTION, True)
        self._mistake = QLabel(self)
        self._mistake.setWordWrap(True)
        self._mistake.hide()
        theme.mark(self._mistake, kind="bad")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        # A box has its words beside it; the empty line keeps it level with the fields next to it.
        layout.addWidget(QLabel(self) if asked.kind is Kind.FLAG else self._label())
        layout.addWidget(field)
        if asked.hint and asked.kind in (Kind.PERSON, Kind.PLACE, Kind.DATE, Kind.FLAG, Kind.PERIOD):
            hint = QLabel(_(asked.hint), self)
            hint.setWordWrap(True)
            theme.mark(hint, secondary=True)
            layout.addWidget(hint)
        layout.addWidget(self._mistake)
        self.reasons = Reasons(self)  # after the field: the keyboard comes to it then
        layout.addWidget(self.reasons)
        layout.addStretch(1)
        field.changed.connect(self._on_changed)
        if asked.late:
            self.hide()

    @property
    def lacks(self) -> bool:
        """Whether it wants an answer and has none, or one that was mistyped."""
        is_open = self.asked.required and self.field.answer() in (None, "", ())
        return is_open or self.field.mistake() is not None

    @property
    def is_hidden(self) -> bool:
        """Whether nobody looks at it: it is beyond the edge of the dialog, or asked from now on."""
        return self.asked.late or self.visibleRegion().isEmpty()

    def _label(self) -> QLabel:
        self._words = label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setBuddy(self.field)
        label.setWordWrap(True)
        theme.mark(label, dim=not self.asked.required)
        self._say_label(is_open=True)
        return label

    def _say_label(self, *, is_open: bool) -> None:
        asked, is_open = _(self.asked.label), is_open and not self.asked.required and self._says_optional
        self._words.setText(_("{asked} · may be left empty").format(asked=asked) if is_open else asked)
        self.field.setAccessibleName(self._words.text())

    def show_refusals(self, refusals: Sequence[Refusal]) -> None:
        """Say what speaks against the answer; what a rule demands may not be called free to leave empty."""
        self.reasons.show_refusals(refusals)
        if self.asked.late and refusals:
            self.show()  # and it stays: an answer that satisfies the rule can still be changed
        if self.asked.kind is not Kind.FLAG:
            self._say_label(is_open=not refusals)

    def _on_changed(self) -> None:
        if self.asked.late and self.field.answer() not in (None, "", ()):
            self.show()
        mistake = self.field.mistake()
        self._mistake.setText(render(mistake) if mistake else "")
        self._mistake.setVisible(mistake is not None)


def _defaults(action: type[Action]) -> dict[str, Any]:
    """What the act itself answers where nobody does: shown, so that an untouched box says what it means."""
    found = {each.name: each.default for each in fields(action) if each.default is not MISSING}  # type: ignore[arg-type]
    return {name: value for name, value in found.items() if value not in (None, "", ())}


def _same(given: Any, proposed: Any) -> bool:
    """Whether an answer still is what was proposed; of several, the order is the field's."""
    return set(given) == set(proposed) if isinstance(given, tuple) else given == proposed


class Form(QWidget):
    """The questions of an action that are put once."""

    changed = Signal()
    rule_wanted = Signal(object)
    led = Signal()
    """Something was answered from which other answers follow."""

    def __init__(
        self,
        action: type[Action],
        sources: Sources,
        today: Today,
        *,
        initial: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._known = dict(known or {})
        settled = (self._known.get(name) for name, asked in questions(action).items() if asked.kind is Kind.REGIME)
        if (regime := next(settled, None)) is not None:
            sources = sources.of_regime(regime)
        self.asked: dict[str, AskedField] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        place, usual = 0, _defaults(action)
        for name, asked in questions(action).items():
            if asked.each or name in self._known or asked.kind not in BUILDERS:
                continue
            field = build_field(asked, name, sources, today)
            shown = AskedField(asked, field, self, says_optional=name not in usual and not asked.late)
            shown.reasons.rule_wanted.connect(self.rule_wanted)
            self.asked[name] = shown
            wide = 2 if field.reach else 1
            place += place % 2 if wide == 2 else 0
            grid.addWidget(shown, place // 2, place % 2, 1, wide)
            place += wide
        for name, value in {**usual, **(initial or {})}.items():
            if name in self.asked:
                self.asked[name].field.set_answer(value)
        self._touched = {name for name, value in (initial or {}).items() if value not in (None, "", ())}
        """Questions somebody answered, emptied or scanned for: what is proposed later is too late for them."""
        self._proposed: dict[str, Any] = {}
        for name, shown in self.asked.items():
            shown.field.changed.connect(self.changed)
            shown.field.changed.connect(partial(self._touched.add, name))
            if shown.asked.leads:
                shown.field.changed.connect(self.led)
        self._follow_regime(sources)

    def _follow_regime(self, sources: Sources) -> None:
        """Once the regime is chosen, only its own levels, caveats and channels are offered."""
        regime = next((shown.field for shown in self.asked.values() if shown.asked.kind is Kind.REGIME), None)
        if regime is None:
            return
        in_force = sources.choices(Kind.REGIME, "")
        if len(in_force) == 1 and regime.answer() is None:  # there is nothing to choose
            regime.set_answer(in_force[0].value)

        def narrow() -> None:
            narrowed = sources.of_regime(regime.answer())
            for name, shown in self.asked.items():
                if shown.asked.kind in OF_A_REGIME and isinstance(shown.field, ChoiceField | SeveralField):
                    shown.field.offer(narrowed.choices(shown.asked.kind, name))

        regime.changed.connect(narrow)
        if regime.answer() is not None:
            narrow()

    def offer(self, answers: Mapping[str, Any]) -> None:
        """Put the proposed answers where nothing was answered yet, nor is being; ours go with what led to them."""
        touched = frozenset(self._touched)  # one proposal may narrow another's field
        before = {name: shown.field.answer() for name, shown in self.asked.items()}
        for name in [each for each in self._proposed if answers.get(each) is None]:
            if _same(before[name], self._proposed.pop(name)):
                self.asked[name].field.set_answer(None)
                self._touched.discard(name)  # nobody emptied it
        for name, value in answers.items():
            asked = self.asked.get(name)
            if asked is None or value is None:
                continue
            given = asked.field.answer()
            if _same(given, value):
                continue  # put again it would be an answer from which others follow, and be proposed for ever
            is_free = name not in touched and given in (None, "", ()) and asked.field.mistake() is None
            if is_free or (name in self._proposed and _same(before[name], self._proposed[name])):
                self._proposed[name] = value
                asked.field.set_answer(value)
                if (line := asked.field.focusProxy()) is not None and line is self.window().focusWidget():
                    _type_over(asked.field)  # also while the window is not in front yet

    def leading(self) -> dict[str, Any]:
        """What was answered so far of the questions from which other answers follow."""
        return {name: shown.field.answer() for name, shown in self.asked.items() if shown.asked.leads}

    def answers(self) -> dict[str, Any]:
        """What was answered; a question left empty keeps the action's own default."""
        given = {name: shown.field.answer() for name, shown in self.asked.items()}
        return self._known | {
            name: value for name, value in given.items() if self.asked[name].asked.required or value not in (None, "")
        }

    @property
    def is_complete(self) -> bool:
        """Whether every question that wants an answer has one, and none was mistyped."""
        return not any(shown.lacks for shown in self.asked.values())

    def lead(self, refused: Collection[str | None] = ()) -> bool:
        """Put the cursor into the first field that lacks its answer, or is refused out of sight; False without one."""
        waiting = (
            each.field for name, each in self.asked.items() if each.lacks or (name in refused and each.is_hidden)
        )
        waits = next(waiting, None)
        if waits is not None:
            waits.setFocus()
        return waits is not None

    def show_refusals(self, refusals: Sequence[Refusal]) -> tuple[Refusal, ...]:
        """Put each refusal beside its field; gives back those that concern no field of this form."""
        for name, shown in self.asked.items():
            shown.show_refusals([refusal for refusal in refusals if refusal.field == name])
        return tuple(refusal for refusal in refusals if refusal.field not in self.asked)

    def take_code(self, code: str) -> bool:
        """A scan goes to the first empty field of its type, else to one that takes several, else to the first."""
        fitting = [
            (name, shown.field)
            for name, shown in self.asked.items()
            if code[0] in str(shown.field.property(ACCEPTS) or "") and isinstance(shown.field, TakesCodes)
        ]
        empty = [each for each in fitting if each[1].answer() in (None, ())]
        several = [each for each in fitting if each[1].reach]
        for name, field in (empty or several or fitting)[:1]:
            self._touched.add(name)  # before the register says whose it is
            return bool(field.take_code(code))
        return False

    def start(self) -> None:
        """Put the cursor into the first field that has no answer."""
        fields = [shown.field for shown in self.asked.values() if not (shown.asked.late and shown.isHidden())]
        open_ = (field for field in fields if field.answer() in (None, "", ()) and not field.is_proposed)
        first = next(open_, fields[0] if fields else None)
        if first is not None:
            first.setFocus()
            _type_over(first)


def _type_over(field: Field) -> None:
    """What is proposed where the cursor stands goes with the first letter that is typed."""
    line = field.focusProxy()
    if isinstance(line, QLineEdit):
        line.selectAll()
