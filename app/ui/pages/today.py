"""Today: what is due, oldest first, each line with its next step; beside it three pictures of the book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.actions import CATALOGUE
from app.domain.action import Action, Subject
from app.domain.carrier import HELD, OUT, State
from app.domain.regime import Regime
from app.domain.words import N_
from app.i18n import _, day, ngettext, render
from app.services.desk import Desk
from app.store import reads
from app.store.reads import CarrierFilter, DepartmentHolding, DueItem, Holding, OverdueWeek, Viewer
from app.ui import theme
from app.ui.charts import Bar, Segment, holdings_by_department, holdings_by_level, overdue_by_week
from app.ui.first_steps import FirstSteps
from app.ui.marks import level_of, level_words
from app.ui.rows import DAY_WIDTH
from app.ui.telling import lateness
from app.ui.time_fields import weekday
from app.ui.workplace import Workplace

MOST_SHOWN = 60
"""More lines than these nobody reads; the rest is counted and named."""
MOST_DEPARTMENTS = 6
WEEKS = 8
ARCHIVED = "archived"
OUT_OF_REGISTRY = "out"
IN_STOCK = "in_stock"
PLACES_OF_STATES = {IN_STOCK: N_("in stock"), OUT_OF_REGISTRY: N_("out"), ARCHIVED: N_("archived")}


@dataclass(frozen=True)
class TodayRead:
    """What the page shows, read in one go."""

    items: tuple[DueItem, ...]
    holdings: tuple[Holding, ...]
    weeks: tuple[OverdueWeek, ...]
    departments: tuple[DepartmentHolding, ...]


def read_today(desk: Desk, regimes: Sequence[Regime], viewer: Viewer) -> TodayRead:
    """What is due, and the three pictures for whom they are meant."""
    today = desk.today()
    items = tuple(desk.read(reads.today_items, today, reads.limits_of(regimes), viewer=viewer))
    if not viewer.sees_book:
        return TodayRead(items, (), (), ())
    return TodayRead(
        items,
        desk.read(reads.holdings),
        desk.read(reads.overdue_by_week, today, WEEKS),
        desk.read(reads.holdings_by_department),
    )


class TodayPage:
    """The page after sign-in."""

    code = "today"
    section = N_("Desk")
    title = N_("Today")
    icon = "calendar-check-outline"
    duties: tuple[str, ...] = ()

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._widget: TodayView | None = None

    @property
    def widget(self) -> TodayView:
        if self._widget is None:
            self._widget = TodayView(self._workplace)
        return self._widget

    def reload(self) -> None:
        """Read again what is due."""
        self.widget.reload()


class TodayView(QWidget):
    """The list and the pictures."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace.window.ground)
        self._workplace = workplace
        self._shown: TodayRead | None = None
        self._subtitle = QLabel(self)
        theme.mark(self._subtitle, dim=True)
        title = QLabel(_("Today"), self)
        theme.mark(title, heading=True)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title)
        head.addWidget(self._subtitle, 1, Qt.AlignmentFlag.AlignBottom)
        self._list = QFrame()
        theme.mark(self._list, panel=True)
        self._rows = QVBoxLayout(self._list)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._area = area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 4, 0)
        column.addWidget(self._list)
        column.addStretch(1)
        area.setWidget(inner)
        self._levels, self._overdue, self._who = holdings_by_level(), overdue_by_week(), holdings_by_department()
        pictures = QHBoxLayout()
        pictures.setSpacing(12)
        for chart in (self._levels, self._overdue, self._who):
            chart.setFixedHeight(theme.size(214))
            pictures.addWidget(chart, 1)
        self._levels.clicked.connect(self._on_level)
        self._overdue.clicked.connect(self._on_week)
        self._who.clicked.connect(self._on_department)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(area, 1)
        layout.addLayout(pictures)
        self._show_pictures(is_empty=False)

    def _show_pictures(self, *, is_empty: bool) -> None:
        for chart in (self._levels, self._overdue, self._who):
            chart.setVisible(self._workplace.viewer.sees_book and not is_empty)

    def reload(self) -> None:
        """Read again; what is shown stays until the answer is there."""
        place = self._workplace
        work = partial(read_today, place.desk, place.regimes, place.viewer)
        place.background.read(work, self.show_read, key="today", owner=self)

    def show_read(self, read: TodayRead) -> None:
        """Show what is due and the pictures."""
        today = self._workplace.today()
        late = sum(item.late_days > 0 for item in read.items)
        waiting = ngettext("{n} thing waits", "{n} things wait", len(read.items)).format(n=len(read.items))
        parts = [_("{weekday}, {day}").format(weekday=weekday(today), day=day(today)), waiting]
        if late:
            parts.append(ngettext("{n} is late", "{n} are late", late).format(n=late))
        self._subtitle.setText(" · ".join(parts))
        # What has not changed is not drawn again: the page comes to the front after every act.
        before, self._shown = self._shown, read
        was_empty = before is not None and self._is_empty(before)
        if before is None or before.items != read.items or was_empty != self._is_empty(read):
            self._show_pictures(is_empty=self._is_empty(read))
            self._show_items(read.items, today)
        if before is None or before.holdings != read.holdings:
            self._levels.show_bars(level_bars(read.holdings, self._workplace.regimes))
        if before is None or before.weeks != read.weeks:
            self._overdue.show_bars(week_bars(read.weeks))
        if before is None or before.departments != read.departments:
            self._who.show_bars(department_bars(read.departments))

    def _is_empty(self, read: TodayRead) -> bool:
        return self._workplace.viewer.sees_book and not read.holdings

    def _show_items(self, items: Sequence[DueItem], today: date) -> None:
        # The button that had the focus goes with its line; the list must not run after the focus to its end.
        bar = self._area.verticalScrollBar()
        stood = bar.value()
        focused: QWidget | None = self.window().focusWidget()
        if focused is not None and self._list.isAncestorOf(focused):
            focused.clearFocus()
        while taken := self._rows.takeAt(0):
            if widget := taken.widget():
                widget.hide()
                widget.deleteLater()
        for at, item in enumerate(items[:MOST_SHOWN]):
            if at:
                line = QFrame(self._list)
                theme.mark(line, hairline=True)
                self._rows.addWidget(line)
            self._rows.addWidget(DueRow(item, today, self._workplace, self._list))
        if len(items) > MOST_SHOWN:
            more = _note(_("and {n} more behind these").format(n=len(items) - MOST_SHOWN), self._list)
            self._rows.addWidget(more)
        if self._shown is not None and self._is_empty(self._shown):
            self._rows.addWidget(FirstSteps(self._workplace, self._list))
        elif not items:
            self._rows.addWidget(_note(_("Nothing waits. Scan a carrier, or look for one with F3."), self._list))
        bar.setValue(stood)

    def _on_level(self, key: str) -> None:
        level, _separator, part = key.partition("/")
        states = {
            IN_STOCK: (State.IN_STOCK, State.ISSUED), ARCHIVED: (State.ARCHIVED,), OUT_OF_REGISTRY: tuple(sorted(OUT)),
        }.get(part, ())  # fmt: skip
        self._workplace.go_carriers(CarrierFilter(level=level, states=states))

    def _on_week(self, key: str) -> None:
        before = min(date.fromisoformat(key) + timedelta(days=7), self._workplace.today())
        self._workplace.go_carriers(CarrierFilter(due_before=before))

    def _on_department(self, key: str) -> None:
        self._workplace.go_carriers(CarrierFilter(department=key))


class DueRow(QWidget):
    """One thing to do: since when, what, and the button that does the next step."""

    def __init__(self, item: DueItem, today: date, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item, self._workplace = item, workplace
        words, kind = lateness(item.late_days, item.due, today)
        when = QLabel(words, self)
        when.setFixedWidth(theme.size(DAY_WIDTH))
        theme.mark(when, kind=kind, dim=not kind)
        title, detail = QLabel(render(item.title), self), QLabel(render(item.detail), self)
        for label in (title, detail):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setToolTip(label.text())
        theme.mark(detail, secondary=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(14, 5, 12, 5)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(0)
        grid.addWidget(when, 0, 0, 2, 1)
        grid.addWidget(title, 0, 1)
        grid.addWidget(detail, 1, 1)
        grid.setColumnStretch(1, 1)
        action = self._step
        self.button = QPushButton(_(action.label).rstrip("…") if action else _("Show"), self)
        self.button.setAccessibleName(f"{self.button.text()}: {title.text()}")
        self.button.clicked.connect(self._begin)
        grid.addWidget(self.button, 0, 2, 2, 1)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def _step(self) -> type[Action] | None:
        """The act that is the next step, if the person may begin it and it is on this very subject."""
        action = CATALOGUE.get(self._item.action or "")
        if action is None or (action.duties and not self._workplace.duties & set(action.duties)):
            return None
        return action if action.subject is self._item.subject.kind and action.code not in ON_ITS_PAGE else None

    def _begin(self) -> None:
        action = self._step
        if action is None:
            self._show()
        elif self._item.subject.kind is Subject.CARRIER:
            place = self._workplace
            place.background.read(
                partial(place.desk.read, reads.lines_of, [self._item.subject.id], place.viewer),
                self._perform,
                owner=self,
            )
        else:
            self._workplace.perform(action, [self._item.subject], header=self._item.title)

    def _perform(self, lines: Sequence[reads.CarrierLine]) -> None:
        if lines and self._step is not None:
            self._workplace.open_card(self._item.subject)
            self._workplace.perform(self._step, lines)

    def _show(self) -> None:
        self._workplace.go_to(self._item.subject)

    def mouseReleaseEvent(self, event: object) -> None:
        """A click beside the button shows what the line is about."""
        self._show()


ON_ITS_PAGE = frozenset({"take_over", "submit_draft", "sign_on_paper"})
"""Steps that need the lines of a slip: its page is the place for them."""


def level_bars(holdings: Sequence[Holding], regimes: Sequence[Regime]) -> list[Bar]:
    """One bar for each level that is held, the highest first: in stock, out, archived."""
    counts: dict[str, dict[str, int]] = {}
    for holding in holdings:
        if holding.state in HELD:
            part = (
                ARCHIVED if holding.state is State.ARCHIVED else OUT_OF_REGISTRY if holding.state in OUT else IN_STOCK
            )
            of_level = counts.setdefault(holding.level, dict.fromkeys(PLACES_OF_STATES, 0))
            of_level[part] += holding.n

    def rank(code: str) -> tuple[int, int]:
        order = [each.code for each in regimes if each.has_level(code)]
        level = level_of(code, regimes)
        position = next((at for at, each in enumerate(regimes) if order and each.code == order[0]), len(regimes))
        return position, -(level.rank if level else 0)

    return [
        Bar(
            level_words(code, regimes),
            tuple(Segment(f"{code}/{part}", _(words), counts[code][part]) for part, words in PLACES_OF_STATES.items()),
            level.colour if (level := level_of(code, regimes)) else "",
        )
        for code in sorted(counts, key=rank)
    ]


def week_bars(weeks: Sequence[OverdueWeek]) -> list[Bar]:
    """One bar for each week in which something fell due that is still out."""
    if not any(week.n for week in weeks):
        return []
    return [
        Bar(str(week.week.isocalendar().week), (Segment(week.week.isoformat(), "", week.n),)) for week in weeks
    ]  # fmt: skip


def department_bars(departments: Sequence[DepartmentHolding]) -> list[Bar]:
    """The departments that answer for most."""
    counts: dict[str, int] = {}
    for each in departments:
        counts[each.department] = counts.get(each.department, 0) + each.n
    most = sorted(counts, key=lambda name: -counts[name])[:MOST_DEPARTMENTS]
    return [Bar(name or "—", (Segment(name, "", counts[name]),)) for name in most]


def _note(words: str, parent: QWidget) -> QLabel:
    note = QLabel(words, parent)
    note.setWordWrap(True)
    note.setContentsMargins(14, 12, 14, 12)
    theme.mark(note, dim=True)
    return note
