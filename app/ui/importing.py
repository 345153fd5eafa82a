"""An existing book taken over: file and mapping, a trial that writes nothing, then the entry; counts that add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.action import Ref, Subject
from app.domain.words import N_, Term, says_n
from app.i18n import _, in_words
from app.paths import free_name
from app.store import reads
from app.store.reads import PlaceLine
from app.ui import theme
from app.ui.following import scrolled
from app.ui.long_work import ProgressDialog
from app.ui.notices import Link
from app.ui.workplace import Workplace

COUNTS = (
    ("read", N_("rows read")), ("registered", N_("registered")), ("identical", N_("identical to what is there")),
    ("differing", N_("differing: each on a correction slip")), ("rejected", N_("rejected")),
    ("flagged", N_("flagged, to be looked at")),
)  # fmt: skip
BY_HEADINGS, OPEN_SLIP = "", N_("Open the correction slip")
MOST_PLACES = 500


class ImportDialog(QDialog):
    """Chooses, tries, enters; every row is judged and nothing is guessed."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent or workplace.window)
        self._workplace = workplace
        self._rejects: Path | None = None
        self._import: Ref | None = None
        self._slip: int | None = None
        self._lay_out()
        self.finished.connect(self.deleteLater)
        workplace.background.read(_shipped, self._on_shipped, owner=self)
        places = partial(workplace.desk.read, reads.places_like, "", MOST_PLACES)
        workplace.background.read(places, self._on_places, owner=self)
        self._show_buttons()

    def _lay_out(self) -> None:
        self.setWindowTitle(_("Import an existing book"))
        title = QLabel(self.windowTitle(), self)
        theme.mark(title, heading=True)
        about = QLabel(
            _("Every row is judged: read = registered + identical + differing + rejected. Impossible dates stay as"
              " they are written and are flagged. The same file a second time registers nothing."), self
        )  # fmt: skip
        about.setWordWrap(True)
        theme.mark(about, dim=True)
        grid = self._questions()
        self.outcome = QLabel(self)
        self.outcome.setWordWrap(True)
        self._counts = QGridLayout()
        self._open_rejects = QPushButton(_("Open the file of rejected rows"), self)
        theme.mark(self._open_rejects, link=True)
        self._open_rejects.hide()
        self._open_slip = QPushButton(_(OPEN_SLIP), self)
        theme.mark(self._open_slip, link=True)
        self._open_slip.hide()
        self._muster = QPushButton(_("Print the opening muster list"), self)
        theme.mark(self._muster, link=True)
        self._muster.hide()
        self.reasons = QPlainTextEdit(self)
        self.reasons.setReadOnly(True)
        self.reasons.setAccessibleName(_("What is to be corrected or looked at"))
        self.reasons.hide()
        self._area, column = scrolled(self)
        column.setSpacing(10)
        column.addWidget(about)
        column.addLayout(grid)
        column.addWidget(self.outcome)
        column.addLayout(self._counts)
        column.addWidget(self.reasons, 1)
        for link in (self._open_rejects, self._open_slip, self._muster):
            column.addWidget(link)
        column.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 12, 16)
        layout.setSpacing(10)
        layout.addWidget(title)
        layout.addWidget(self._area, 1)
        layout.addLayout(self._buttons())
        theme.fit(self, theme.size(620), theme.size(430))
        self._close.clicked.connect(self.reject)
        self._try.clicked.connect(partial(self._start, dry_run=True))
        self._enter.clicked.connect(partial(self._start, dry_run=False))
        self._open_rejects.clicked.connect(self._show_rejects)
        self._open_slip.clicked.connect(self._go_slip)
        self._muster.clicked.connect(self._print_muster)
        self.file.textChanged.connect(self._show_buttons)

    def _questions(self) -> QGridLayout:
        self.file = QLineEdit(self)
        self.file.setPlaceholderText(_("A spreadsheet (.xlsx) or a text with commas (.csv)"))
        self.file.setAccessibleName(_("File"))
        choose = QPushButton(_("Choose…"), self)
        self.mapping = QComboBox(self)
        self.mapping.setAccessibleName(_("Columns"))
        self.mapping.addItem(_("by their headings"), BY_HEADINGS)
        own = QPushButton(_("Own mapping…"), self)
        self.regime = QComboBox(self)
        self.regime.setAccessibleName(_("Regime"))
        self.regime.addItem(_("as the mapping says"), "")
        for regime in self._workplace.regimes:
            self.regime.addItem(in_words(Term(regime.name.zh, regime.name.en)), regime.code)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        for row, (label, field, button) in enumerate(
            ((_("File"), self.file, choose), (_("Columns"), self.mapping, own))
        ):
            grid.addWidget(QLabel(label, self), row, 0)
            grid.addWidget(field, row, 1)
            grid.addWidget(button, row, 2)
            button.setAutoDefault(False)
        self.place = QComboBox(self)
        self.place.setAccessibleName(_("Place"))
        self.place.addItem(_("as the book or the mapping says"), "")
        self.come_along = QComboBox(self)
        self.come_along.setAccessibleName(_("Not here yet"))
        self.come_along.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.come_along.addItem(_("people and places not here yet: rejected, unless the mapping says otherwise"), None)
        for grade, name in self._protections().items():
            self.come_along.addItem(_("come with the book; places as: {protection}").format(protection=name), grade)
        beside = ((_("Regime"), self.regime), (_("Place"), self.place), (_("Not here yet"), self.come_along))
        for row, (label, field) in enumerate(beside, 2):
            grid.addWidget(QLabel(label, self), row, 0)
            grid.addWidget(field, row, 1, 1, 2)
        choose.clicked.connect(self._choose_file)
        own.clicked.connect(self._choose_mapping)
        return grid

    def _protections(self) -> dict[int, str]:
        """What the regimes call each grade of protection, the best first; the first regime names it."""
        names = {
            each.grade: in_words(Term(each.name.zh, each.name.en))
            for regime in reversed(self._workplace.regimes)
            for each in regime.place_grades()
        }
        return dict(sorted(names.items(), reverse=True))

    def _buttons(self) -> QHBoxLayout:
        self._close, self._try = QPushButton(_("Close"), self), QPushButton(_("Try: write nothing"), self)
        self._enter = QPushButton(_("Enter the rows"), self)
        theme.mark(self._enter, primary=True)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 12, 0)
        buttons.addStretch(1)
        for button in (self._close, self._try, self._enter):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        return buttons

    def _on_shipped(self, names: list[str]) -> None:
        for name in names:
            self.mapping.addItem(name, name)

    def _on_places(self, places: Sequence[PlaceLine]) -> None:
        for place in places:
            self.place.addItem(place.name, place.name)

    def _choose_file(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(
            self, _("The book"), self.file.text(), _("Books (*.xlsx *.xls *.ods *.csv)")
        )
        if name:
            self.file.setText(name)

    def _choose_mapping(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, _("A mapping"), "", _("Mappings (*.toml)"))
        if name:
            self.mapping.addItem(Path(name).name, name)
            self.mapping.setCurrentIndex(self.mapping.count() - 1)

    def _show_buttons(self) -> None:
        try:
            is_there = Path(self.file.text()).is_file()
        except OSError:  # a name longer than any file's; one with a zero in it is no file to Path itself
            is_there = False
        self._try.setEnabled(is_there)
        self._enter.setEnabled(is_there)

    def _start(self, *_checked: object, dry_run: bool) -> None:
        file = Path(self.file.text())
        rejects = "" if dry_run else str(free_name(file.with_name(f"{file.stem}-rejected.csv")))
        answers = {
            "file": str(file), "mapping": self.mapping.currentData(), "dry_run": dry_run,
            "regime": self.regime.currentData(), "place": self.place.currentData(), "rejects": rejects,
            "come_along": self.come_along.currentData(),
        }  # fmt: skip
        progress = ProgressDialog(_("Trying") if dry_run else _("Entering"), self)
        stop = self._workplace.job(
            "import", answers, progress.show_progress, partial(self._on_done, progress, dry_run),
            partial(self._on_refused, progress),
        )  # fmt: skip
        progress.stopped.connect(stop)
        progress.open()

    def _on_done(self, progress: ProgressDialog, dry_run: bool, result: Mapping[str, Any]) -> None:  # noqa: FBT001
        _end(progress)
        self.show_report(result, dry_run=dry_run)
        if not dry_run:
            self._workplace.reload()

    def show_report(self, result: Mapping[str, Any], *, dry_run: bool) -> None:
        """Show the counts, and whether they add up."""
        while taken := self._counts.takeAt(0):
            if (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for row, (name, words) in enumerate(COUNTS):
            number = QLabel(f"{_count(result.get(name)):,}", self)
            theme.mark(number, strong=True)
            self._counts.addWidget(number, row, 0)
            self._counts.addWidget(QLabel(_(words), self), row, 1)
        self._counts.setColumnStretch(1, 1)
        if result.get("cancelled"):
            words, kind = _("Stopped. What was entered stays; start it again and it goes on."), "warn"
        elif dry_run:
            words, kind = _("A trial: nothing was written."), ""
        elif _count(result.get("rejected")) or _count(result.get("differing")):
            words, kind = _("Entered, but not every row: below stands what is left to do."), "warn"
        else:
            words, kind = _("The rows are in the register."), "good"
        self.outcome.setText(words)
        theme.mark(self.outcome, kind=kind)
        told = [str(words) for words in (*result.get("sentences", ())[1:], *result.get("reasons", ()))]
        self.reasons.setPlainText("\n".join(told))
        self.reasons.setVisible(bool(told))
        self._rejects = Path(result["rejects_file"]) if result.get("rejects_file") else None
        self._open_rejects.setVisible(self._rejects is not None and self._rejects.exists())
        muster = result.get("muster")
        self._import = Ref(Subject.IMPORT, muster) if isinstance(muster, int) and not dry_run else None
        self._muster.setVisible(self._import is not None)
        self._slip = next(iter(result.get("corrections") or ()), None)
        self._open_slip.setVisible(self._slip is not None)
        self._make_room()
        if not dry_run:
            links = () if self._slip is None else (Link(OPEN_SLIP, partial(self._workplace.go_slip, self._slip)),)
            n = _count(result.get("registered"))
            self._workplace.notices.say(says_n("{n} row registered.", "{n} rows registered.", n), "good", *links)

    def _on_refused(self, progress: ProgressDialog, words: str) -> None:
        _end(progress)
        self.outcome.setText(words)
        theme.mark(self.outcome, kind="bad")
        self._make_room()

    def _make_room(self) -> None:
        """The report wants more height than the questions; what the screen has not is scrolled, the outcome in view."""
        layout = self.layout()
        if layout is not None:
            self._area.updateGeometry()
            layout.activate()
            theme.fit(self, self.width(), max(self.height(), layout.totalSizeHint().height()))
        QTimer.singleShot(0, self, self._show_outcome)

    def _show_outcome(self) -> None:
        self._area.verticalScrollBar().setValue(self.outcome.y())

    def _go_slip(self) -> None:
        """To what differs; of several slips the first, the others stand in the list of slips."""
        if self._slip is not None:
            self.accept()
            self._workplace.go_slip(self._slip)

    def _print_muster(self) -> None:
        if self._import is not None:
            self._workplace.preview("opening_muster", self._import)

    def _show_rejects(self) -> None:
        if self._rejects is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._rejects)))


def _count(value: Any) -> int:
    return value if isinstance(value, int) else len(value or ())


def _end(progress: ProgressDialog) -> None:
    progress.hide()
    progress.deleteLater()


def _shipped() -> list[str]:
    from app.services import importing  # start-up: spreadsheet readers only for an import

    return sorted(importing.shipped_mappings())
