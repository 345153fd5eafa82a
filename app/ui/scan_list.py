"""The gesture behind every batch: expected at the left, scanned at the right, between them the sum that must close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.domain.words import N_, Says, says
from app.i18n import _, render
from app.ui import theme
from app.ui.rail import section_title
from app.ui.rows import Column, RowsModel
from app.ui.scan import Outcome, Sounds
from app.ui.scan_lines import (
    HEARD,
    KINDS,
    ONE_PARTY,
    SIGNS,
    Blocker,
    ScanListLine,
    ScanListSource,
    ScanResult,
    Side,
    Sums,
)
from app.ui.table import Table


@dataclass
class _Where:
    """In which row an expected line stands, so that a scan never searches five thousand of them."""

    rows: dict[str, int] = field(default_factory=dict)
    seen: int = 0


class ScanList(QWidget):
    """Takes scans one after the other and shows what each came to, newest on top."""

    added_up = Signal(bool)
    """Whether the list may be closed: it adds up, and nothing blocks it."""
    answered = Signal(object)
    """The newest ScanResult."""

    def __init__(
        self,
        source: ScanListSource,
        sounds: Sounds | None = None,
        *,
        sides: Sequence[Side] = ONE_PARTY,
        blind: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._source, self._sounds, self._where = source, sounds, _Where()
        self._sums: Sums | None = None
        self._blockers: tuple[Blocker, ...] = ()
        self.side = sides[0].code
        self._side_buttons: dict[str, QPushButton] = {}
        self.expected = RowsModel(
            _columns(STANDING), lambda _sort, after, deliver: source.expected(after, deliver), self, key=_key
        )
        self.scanned = RowsModel(
            _columns(RESULT), lambda _sort, after, deliver: source.scanned(after, deliver), self, key=_key
        )
        self.expected.arrived.connect(self._index)
        self._newest, self._newest_words = QLabel(self), QLabel(self)
        self._newest.setWordWrap(True)
        self._newest_words.setWordWrap(True)
        theme.mark(self._newest, large=True, strong=True)
        self._middle, self._blocked = SumPanel(self), QFrame(self)
        self._lay_out(sides, blind=blind)
        self.reload()

    def reload(self) -> None:
        """Read both sides and the sum again."""
        self.scanned.reload()
        self.look_again()

    def look_again(self) -> None:
        """Read again how what is expected stands, and the sum; nothing was scanned."""
        self._where = _Where()
        self.expected.reload()
        self._source.sums(self._on_sums)

    def take_code(self, code: str) -> bool:
        """A scan: handed on at once; what it came to is shown when the answer is there."""
        self._source.scan(code, self.side, self._on_result)
        return True

    @property
    def may_close(self) -> bool:
        """Whether it adds up and nothing blocks it."""
        return self._sums is not None and self._sums.closes and not self._blockers

    def _on_result(self, result: ScanResult) -> None:
        line = result.line
        self.scanned.prepend(line)
        row = self._where.rows.get(result.expected.key) if result.expected is not None else None
        if row is not None and result.expected is not None:
            self.expected.swap(row, result.expected)
        self._newest.setText(f"{SIGNS.get(line.standing, '!')} {line.number}")
        theme.mark(self._newest, kind=KINDS.get(line.standing, "warn"))
        self._newest_words.setText(f"{line.stands} · {line.words}" if line.words else line.stands)
        if self._sounds is not None:
            self._sounds.play(HEARD.get(line.standing, Outcome.BLOCKED))
        self._on_sums(result.sums, result.blockers)
        self.answered.emit(result)

    def _on_sums(self, sums: Sums, blockers: Sequence[Blocker]) -> None:
        self._sums = sums
        self._middle.show_sums(sums)
        if tuple(blockers) != self._blockers:
            self._blockers = tuple(blockers)
            self._show_blockers()
        self.added_up.emit(self.may_close)

    def _index(self) -> None:
        where = self._where
        if self.expected.rowCount() < where.seen:
            where.rows, where.seen = {}, 0
        for row in range(where.seen, self.expected.rowCount()):
            where.rows[self.expected.line(row).key] = row
        where.seen = self.expected.rowCount()

    # --- what it looks like -------------------------------------------------------------------------------------

    def _lay_out(self, sides: Sequence[Side], *, blind: bool) -> None:
        left, right = QWidget(self), QWidget(self)
        self.expected_table: Table[ScanListLine] = Table(self.expected, left, empty=N_("Nothing is expected here."))
        _title(left, _("Expected"), self.expected_table)
        left.setVisible(not blind)
        _title(right, _("Scanned"), Table(self.scanned, right, empty=N_("Scan the first one.")))
        between = QVBoxLayout()
        between.setSpacing(8)
        between.addWidget(self._sides(sides))
        between.addWidget(self._newest)
        between.addWidget(self._newest_words)
        between.addWidget(self._middle)
        between.addWidget(self._blocked)
        between.addStretch(1)
        self._blocked_lines = QVBoxLayout(self._blocked)
        theme.mark(self._blocked, panel=True)
        self._blocked.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(left, 5)
        layout.addLayout(between, 3)
        layout.addWidget(right, 5)

    def _sides(self, sides: Sequence[Side]) -> QWidget:
        """Two parties take turns: which of them scans now is always plain to see."""
        bar = QWidget(self)
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        group = QButtonGroup(bar)
        for side in sides:
            button = QPushButton(_(side.label), bar)
            button.setCheckable(True)
            button.setChecked(side.code == self.side)
            theme.mark(button, place=True)
            button.toggled.connect(lambda on, code=side.code: self._on_side(code) if on else None)
            group.addButton(button)
            self._side_buttons[side.code] = button
            row.addWidget(button)
        bar.setVisible(len(sides) > 1)
        return bar

    def choose_side(self, code: str) -> None:
        """Let this side scan from now on."""
        self._side_buttons[code].setChecked(True)

    def _on_side(self, code: str) -> None:
        self.side = code

    def _show_blockers(self) -> None:
        layout = self._blocked_lines
        while item := layout.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for blocker in self._blockers:
            words = QLabel(render(blocker.words), self._blocked)
            words.setWordWrap(True)
            theme.mark(words, kind="warn")
            layout.addWidget(words)
            if blocker.do is not None:
                step = QPushButton(_(blocker.step), self._blocked)
                step.clicked.connect(blocker.do)
                layout.addWidget(step)
        self._blocked.setVisible(bool(self._blockers))


class SumPanel(QFrame):
    """The sum in figures, and whether it closes in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.mark(self, panel=True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(12, 8, 12, 8)
        self._grid.setColumnStretch(0, 1)
        self._lines: list[tuple[QLabel, QLabel]] = []

    def show_sums(self, sums: Sums) -> None:
        """Show parts, whole, and what is open."""
        open_words: Says | str = (
            says(N_("It adds up.")) if sums.closes else says(N_("Open: {n}"), n=f"{sums.difference:,}")
        )
        rows = [*sums.parts, (sums.whole_words, sums.whole)]
        while len(self._lines) < len(rows) + 1:
            self._add_line()
        for at, (words, figures) in enumerate(self._lines):
            shown = at <= len(rows)
            words.setVisible(shown)
            figures.setVisible(shown)
            if at < len(rows):
                words.setText(render(rows[at][0]))
                figures.setText(f"{rows[at][1]:,}")
                theme.mark(words, strong=at == len(rows) - 1, kind="")
            elif shown:
                words.setText(render(open_words))
                figures.setText("✓" if sums.closes else "")
                theme.mark(words, strong=True, kind="good" if sums.closes else "warn")

    def _add_line(self) -> None:
        words, figures = QLabel(self), QLabel(self)
        words.setWordWrap(True)
        figures.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(words, len(self._lines), 0)
        self._grid.addWidget(figures, len(self._lines), 1)
        self._lines.append((words, figures))


STANDING, RESULT = N_("Stands"), N_("Result")


def _columns(last: str) -> tuple[Column[ScanListLine], ...]:
    return (
        Column(N_("Number"), lambda line: line.number, width=120, tip=lambda line: line.words),
        # Before the level: with a card beside the list there is room for two.
        Column(last, lambda line: f"{SIGNS.get(line.standing, '!')} {line.stands}", width=172, kind=_kind, grows=True),
        Column(
            N_("Level"), lambda line: line.strip.words if line.strip else "", width=106, paint=lambda line: line.strip
        ),
    )


def _key(line: ScanListLine) -> str:
    return line.key


def _kind(line: ScanListLine) -> str:
    return KINDS.get(line.standing, "warn")


def _title(box: QWidget, title: str, table: QWidget) -> None:
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    heading = section_title(title)
    heading.setContentsMargins(0, 0, 0, 0)
    column.addWidget(heading)
    column.addWidget(table, 1)
