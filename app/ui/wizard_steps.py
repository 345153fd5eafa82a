"""The steps of the first start: each asks a part of the plan and says at once what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.control_numbers import suggested_code
from app.domain.numbering import TemplateError, preview
from app.domain.regime import Regime
from app.domain.words import N_, Says, Term, says
from app.i18n import _, in_words, ngettext, render
from app.paths import data_dir
from app.services.shipped import ShippedRegime
from app.ui import theme
from app.ui.following import scrolled
from app.ui.number_boxes import WholeBox

LANGUAGES = (("both", N_("Chinese and English")), ("zh", N_("Chinese")), ("en", N_("English")))


class Step(QWidget):
    """One step: a title, a sentence about it, its questions, and what is still wrong."""

    changed = Signal()

    def __init__(self, title: str, about: str) -> None:
        super().__init__()
        self.title = title
        heading = QLabel(title, self)
        theme.mark(heading, heading=True)
        area, self.column = scrolled(self)
        self.column.setSpacing(6)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(6)
        whole.addWidget(heading)
        whole.addWidget(area, 1)
        self.column.addWidget(note(about))
        self.column.addSpacing(4)

    def wrong(self) -> list[Says]:
        """What must be put right before going on."""
        return []

    def ask(self, label: str, field: QWidget) -> None:
        """One question with its label above."""
        words = QLabel(label, self)
        words.setBuddy(field)
        theme.mark(words, dim=True)
        field.setAccessibleName(label)
        self.column.addWidget(words)
        self.column.addWidget(field)


class UnitStep(Step):
    """Which unit, which number in every code, where the register lies, in which language its paper is."""

    def __init__(self) -> None:
        super().__init__(_("The register"), _("Its unit stands on every paper, its number in every barcode."))
        self.unit = QLineEdit(self)
        self.unit.setPlaceholderText(_("Registry of the Second Institute"))
        self.number = WholeBox(self)
        self.number.setRange(1, 999)
        theme.indent(self.number)
        self.number.setToolTip(_("Two registers that meet must have different numbers."))
        self.language = QComboBox(self)
        for code, words in LANGUAGES:
            self.language.addItem(_(words), code)
        self.folder = QLineEdit(str(_free_folder()), self)
        choose = QPushButton(_("Choose…"), self)
        choose.clicked.connect(self._choose)
        where = QWidget(self)
        row = QHBoxLayout(where)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.folder, 1)
        row.addWidget(choose)
        self.ask(_("Unit"), self.unit)
        self.ask(_("Number of the register, 1 to 999"), self.number)
        self.ask(_("Language of the paper"), self.language)
        self.ask(_("Folder of the register: a disk of this machine, no network share"), where)
        who = _("One account of the operating system runs Custos; only it may enter this folder.")
        self.column.addWidget(note(who))
        self.column.addStretch(1)
        for changed in (self.unit.textChanged, self.folder.textChanged):
            changed.connect(self.changed)

    def wrong(self) -> list[Says]:
        found = []
        if not self.unit.text().strip():
            found.append(says(N_("Name the unit that keeps the register.")))
        if not self.folder.text().strip() or any(Path(self.folder.text()).glob("*")):
            found.append(says(N_("Choose a folder that does not exist yet, or an empty one.")))
        return found

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("The folder of the register"))
        if name:
            self.folder.setText(name)


class RegimeStep(Step):
    """Which systems of secrecy are in force; what nobody verified is said."""

    def __init__(self) -> None:
        super().__init__(
            _("Regimes"),
            _("The rules are copied into the register and judged from there. A new version later takes two persons."),
        )
        self._boxes: dict[str, QCheckBox] = {}
        self._regimes: dict[str, Regime] = {}
        self._waiting = note(_("Reading the regimes…"))
        self._list = QVBoxLayout()
        self._list.addWidget(self._waiting)
        self._list.addStretch(1)
        self.column.addLayout(self._list, 1)

    def offer(self, offered: Sequence[ShippedRegime]) -> None:
        """Show what is shipped."""
        self._waiting.hide()
        for at, each in enumerate(offered):
            regime = each.regime
            box = QCheckBox(in_words(Term(regime.name.zh, regime.name.en)), self)
            box.setChecked(at == 0)
            box.toggled.connect(self.changed)
            self._boxes[regime.code], self._regimes[regime.code] = box, regime
            self._add(box)
            basis = note(in_words(Term(regime.basis.zh, regime.basis.en)), indent=24)
            self._add(basis)
            count = each.unverified_rules
            if count:
                unsure = note(
                    ngettext(
                        "{n} rule rests on wording nobody has compared: confirm it with your security authority.",
                        "{n} rules rest on wording nobody has compared: confirm them with your security authority.",
                        count,
                    ).format(n=count),
                    indent=24,
                )
                theme.mark(unsure, kind="warn", dim=False)
                self._add(unsure)
                self._list_unverified(each)
        self.changed.emit()

    def _list_unverified(self, each: ShippedRegime) -> None:
        """Which rules they are, for who wants to take the list to the authority."""
        show = QPushButton(_("Which?"), self)
        theme.mark(show, link=True)
        which = note("\n".join(f"· {source} ({n})" for source, n in each.unverified.items()), indent=24)
        which.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        which.hide()
        show.clicked.connect(lambda *_checked: which.setVisible(not which.isVisible()))
        under = QHBoxLayout()
        under.addSpacing(theme.size(21))  # with its own padding it stands under the sentence
        under.addWidget(show)
        under.addStretch(1)
        self._list.insertLayout(self._list.count() - 1, under)
        self._add(which)

    def _add(self, widget: QWidget) -> None:
        self._list.insertWidget(self._list.count() - 1, widget)

    @property
    def chosen(self) -> tuple[Regime, ...]:
        """The regimes that will be in force."""
        return tuple(self._regimes[code] for code, box in self._boxes.items() if box.isChecked())

    def wrong(self) -> list[Says]:
        return [] if self.chosen else [says(N_("Choose at least one regime."))]


class NumberingStep(Step):
    """The template of control numbers for each regime, with what comes out while it is typed."""

    def __init__(self) -> None:
        super().__init__(
            _("Numbers"),
            _("Fields: {unit} the unit's code, {level} the level, {year} the year, {book} the code of the regime, and"
              " the running number as zeros, such as {0001}."),
        )  # fmt: skip
        self.code = QLineEdit(self)
        self.ask(_("Code of the unit in numbers"), self.code)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, theme.size(8), 0, 0)
        self._grid.setColumnStretch(1, 1)
        holder = QWidget(self)
        holder.setLayout(self._grid)
        self.column.addWidget(holder)
        self.column.addStretch(1)
        self.code.textChanged.connect(self._on_typed)
        self._lines: dict[str, QLineEdit] = {}
        self._shown: dict[str, QLabel] = {}
        self._levels: dict[str, str] = {}

    def show_regimes(self, regimes: Sequence[Regime], unit: str) -> None:
        """One template for each regime that was chosen; what was typed stays."""
        if not self.code.isModified():
            self.code.setText(suggested_code(unit))
        kept = self.templates
        while taken := self._grid.takeAt(0):
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._lines, self._shown = {}, {}
        for row, regime in enumerate(regimes):
            line = QLineEdit(kept.get(regime.code) or regime.numbering("control_number").value, self)
            name = in_words(Term(regime.name.zh, regime.name.en))
            line.setAccessibleName(name)
            shown = QLabel(self)
            self._lines[regime.code], self._shown[regime.code] = line, shown
            self._levels[regime.code] = regime.levels()[0].value.abbrev
            self._grid.addWidget(QLabel(name, self), row, 0)
            self._grid.addWidget(line, row, 1)
            self._grid.addWidget(shown, row, 2)
            line.textChanged.connect(self._on_typed)
        self._on_typed()

    @property
    def templates(self) -> Mapping[str, str]:
        """The template of each regime."""
        return {code: line.text().strip() for code, line in self._lines.items()}

    def wrong(self) -> list[Says]:
        about_code = [] if self.code.text().strip() else [says(N_("Give the unit a short code for its numbers."))]
        return about_code + [found for code in self._lines if isinstance(found := self._outcome(code), Says)]

    def _outcome(self, code: str) -> str | Says:
        try:
            return preview(self._lines[code].text().strip(), 1, unit=self.code.text().strip(), level=self._levels[code])
        except TemplateError as error:
            return error.why

    def _on_typed(self, *_typed: object) -> None:
        for code, shown in self._shown.items():
            outcome = self._outcome(code)
            shown.setText(f"→ {outcome}" if isinstance(outcome, str) else "✕")
            shown.setToolTip(render(outcome) if isinstance(outcome, Says) else "")
            theme.mark(shown, kind="bad" if isinstance(outcome, Says) else "good")
        self.changed.emit()


class PlacesStep(Step):
    """The first safes and rooms, each with the protection it gives."""

    def __init__(self) -> None:
        about = _("The safes, cabinets and rooms where carriers are kept. More can be entered later.")
        super().__init__(_("Places"), about)
        self._rows: list[tuple[QLineEdit, QComboBox]] = []
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        holder = QWidget(self)
        holder.setLayout(self._grid)
        self.column.addWidget(holder)
        self.column.addStretch(1)

    def show_regimes(self, regimes: Sequence[Regime]) -> None:
        """The grades that the first regime knows."""
        grades = regimes[0].place_grades() if regimes else ()
        if not self._rows:
            for column, words in enumerate((_("Name of the place"), _("Protection"))):
                title = QLabel(words, self)
                theme.mark(title, dim=True)
                self._grid.addWidget(title, 0, column)
        for row in range(len(self._rows), 4):
            name, grade = QLineEdit(self), QComboBox(self)
            name.setAccessibleName(_("Name of the place"))
            grade.setAccessibleName(_("Protection"))
            name.setPlaceholderText(_("Safe {n}").format(n=row + 1))
            self._grid.addWidget(name, row + 1, 0)
            self._grid.addWidget(grade, row + 1, 1)
            self._rows.append((name, grade))
        for _name, grade in self._rows:
            chosen = grade.currentData()
            grade.clear()
            for each in reversed(grades):
                grade.addItem(in_words(Term(each.name.zh, each.name.en)), each.grade)
            grade.setCurrentIndex(max(0, grade.findData(chosen)))  # coming back changes nobody's answer

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """The places by name and grade."""
        return tuple(
            (name.text().strip(), int(grade.currentData() or 0)) for name, grade in self._rows if name.text().strip()
        )


def note(words: str, *, indent: int = 0) -> QLabel:
    """A quiet sentence that wraps."""
    label = QLabel(words)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setContentsMargins(theme.size(indent), 0, 0, 0)
    theme.mark(label, dim=True)
    return label


def _free_folder() -> Path:
    """A folder in the usual place that is not there yet."""
    home = data_dir()
    names = (f"register-{at}" if at > 1 else "register" for at in range(1, 1000))
    return next(path for name in names if not (path := home / name).exists())
