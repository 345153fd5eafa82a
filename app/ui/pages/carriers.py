"""Carriers: the whole list by pages, narrowed by chips and text, several acted on at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.action import Action
from app.domain.words import N_
from app.i18n import _, ngettext
from app.services.filters import filter_from, filter_plain
from app.services.remembering import remember, remembered
from app.services.slow_reads import SlowRead
from app.store import reads
from app.store.reads import EVERYTHING, CarrierFilter, CarrierLine, Page
from app.ui import theme
from app.ui.bulk import bulk_acts
from app.ui.carrier_columns import columns_of, usually_hidden
from app.ui.export_dialog import begin_export
from app.ui.filter_chips import ENDED_STATES, HELD_STATES, FilterChips
from app.ui.flow import FlowLayout
from app.ui.nothing import Empty, narrowed
from app.ui.rows import Deliver, RowsModel
from app.ui.table import Standing, Table
from app.ui.workplace import Workplace

PAUSE = 250
"""Milliseconds without a key before the text is looked for."""
PAGE = 200
MOST_BUTTONS = 7
SHIPPED_VIEWS = 6
VIEWS = "views.carriers"
COLUMNS = "columns.carriers"
NATURAL_SORT = (("text", "copy"), ("document", "copy"), ("hands", "due"), ("due_before", "due"), ("place", "number"))
"""Which order goes with what the list is narrowed by."""


class CarriersPage:
    """A million lines without a stall."""

    code = "carriers"
    section = N_("Book")
    title = N_("Carriers")
    icon = "file-document-multiple-outline"
    duties: tuple[str, ...] = ()

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._widget: CarriersView | None = None
        self._wanted: CarrierFilter = EVERYTHING
        self._standing = Standing()

    @property
    def widget(self) -> CarriersView:
        if self._widget is None:
            self._widget = CarriersView(self._workplace, self._wanted)
            self._widget.table.stand(self._standing)
        return self._widget

    def reload(self) -> None:
        """Read the list again from the top."""
        self.widget.reload()

    def find(self) -> None:
        """F3: type into the search field."""
        self.widget.search.setFocus()
        self.widget.search.selectAll()

    def show_filter(self, filters: CarrierFilter) -> None:
        """Show a part of the list, from the next time it is read."""
        if self._widget is None:
            self._wanted, self._standing = filters, Standing()
        else:
            self._widget.narrow_to(filters)

    def take_command(self, command: str) -> bool:
        """A scanned command acts on what is chosen in the list."""
        return self.widget.take_command(command)

    def kept(self) -> object:
        """Filter, order, what is chosen and how far it is scrolled survive a change of language."""
        shown = self._widget
        return (shown.filters, shown.table.standing()) if shown is not None else (self._wanted, self._standing)

    def keep(self, state: object) -> None:
        """Begin with these."""
        if isinstance(state, tuple):
            self._wanted, self._standing = state


class CarriersView(QWidget):
    """Search, chips, views, the list, and what can be done with the chosen lines."""

    def __init__(self, workplace: Workplace, filters: CarrierFilter = EVERYTHING) -> None:
        super().__init__(workplace.window.ground)
        self._workplace = workplace
        self.filters = filters
        self._slow: SlowRead[Page[CarrierLine]] | None = None
        self._views: dict[str, CarrierFilter] = {}
        self.rows: RowsModel[CarrierLine] = RowsModel(columns_of(workplace), self._more, self)
        self.table: Table[CarrierLine] = Table(self.rows, self)
        self.table.hide_columns(usually_hidden())
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._on_text)
        self._lay_out()
        self._wire()
        self._read_kept()

    # --- what it looks like -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        title = QLabel(_("Carriers"), self)
        theme.mark(title, heading=True)
        self._totals = QLabel(self)
        theme.mark(self._totals, dim=True)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(_("Number, title, reference, originator…   F3"))
        self.search.setAccessibleName(_("Find carriers"))
        self.search.setClearButtonEnabled(True)
        self.search.setText(self.filters.text)
        self.views = QComboBox(self)
        self.views.setAccessibleName(_("Views"))
        self._export = QPushButton(_("Export…"), self)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title)
        head.addWidget(self._totals, 1)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.views)
        tools.addWidget(self._export)
        self.chips = FilterChips(self._workplace, self.filters, self)
        self._bulk = QWidget(self)
        self._bulk_row = FlowLayout(self._bulk, 6)
        self._bulk.hide()
        self._shown = QLabel(self)
        theme.mark(self._shown, secondary=True)
        self._busy = QProgressBar(self)
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedWidth(theme.size(160))
        self._stop = QPushButton(_("Stop"), self)
        theme.mark(self._stop, link=True)
        foot = QHBoxLayout()
        foot.addWidget(self._shown, 1)
        foot.addWidget(self._busy)
        foot.addWidget(self._stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addLayout(tools)
        layout.addWidget(self.chips)
        layout.addWidget(self._bulk)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)
        self._set_busy(is_on=False)

    def _wire(self) -> None:
        self.search.textEdited.connect(self._pause.start)
        self.search.returnPressed.connect(self._on_text)
        self.search.textChanged.connect(lambda text: None if text else self._on_text())
        self.chips.changed.connect(self._on_chips)
        self.views.activated.connect(self._on_view)
        self._export.clicked.connect(self._begin_export)
        self.table.current.connect(self._on_current)
        self.table.opened.connect(self._on_current)
        self.table.chosen.connect(self._on_chosen)
        self.rows.arrived.connect(self._on_arrived)
        self._stop.clicked.connect(self._stop_reading)

    # --- reading ------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list and the totals again."""
        self.rows.reload()
        if self._workplace.viewer.sees_book:
            self._workplace.read(self._on_totals, reads.book_totals)

    def show_filter(self, filters: CarrierFilter) -> None:
        """Narrow to this and read it."""
        self.narrow_to(filters)
        self.rows.reload()

    def narrow_to(self, filters: CarrierFilter) -> None:
        """Narrow to this, in the order that goes with it, from the next reading on."""
        self._begin_with(filters)
        if self.search.text() != filters.text:
            self.search.setText(filters.text)
        self.chips.show_filter(filters)

    def _begin_with(self, filters: CarrierFilter) -> None:
        self.filters = filters
        self.table.clearSelection()
        self.rows.order("")
        self.table.scrollToTop()

    def _more(self, sort: str, after: Any, deliver: Deliver[CarrierLine]) -> None:
        order = sort.removeprefix("-") or natural_sort(self.filters)
        place = self._workplace
        self._stop_reading()
        whole = Empty(N_("No carrier is in the book. Today says how it is filled."), N_("Today"), self._go_today)
        if not place.viewer.sees_book:
            whole = Empty(N_("Nothing in the book is for you to see."))
        nothing = whole if self.filters == EVERYTHING else narrowed(lambda: self.show_filter(EVERYTHING))
        self.table.say_empty(nothing)
        slow: SlowRead[Page[CarrierLine]] = SlowRead()
        self._slow = slow
        work = partial(slow.run, place.desk, reads.carrier_page, self.filters, order, after, PAGE, viewer=place.viewer)
        self._set_busy(is_on=not reads.is_fast(self.filters, order, place.viewer))
        place.background.read(work, partial(self._on_page, deliver), key="page", owner=self)

    def _go_today(self) -> None:
        self._workplace.window.go("today")

    def _on_page(self, deliver: Deliver[CarrierLine], page: Page[CarrierLine] | None) -> None:
        self._slow = None
        self._set_busy(is_on=False)
        if page is None:
            self._shown.setText(_("Stopped; what is shown is not all."))
            return
        deliver(page.lines, page.next)

    def _stop_reading(self) -> None:
        if self._slow is not None:
            self._slow.stop()
            self._slow = None
            self._set_busy(is_on=False)

    def _set_busy(self, *, is_on: bool) -> None:
        self._busy.setVisible(is_on)
        self._stop.setVisible(is_on)

    def _on_arrived(self) -> None:
        count = self.rows.rowCount()
        words = ngettext("{n} shown", "{n} shown", count).format(n=f"{count:,}")
        self._shown.setText(words if self.rows.is_whole else _("{words}, more follow").format(words=words))

    def _on_totals(self, totals: reads.BookTotals) -> None:
        self._totals.setText(
            _("{held} on our charge · {ended} ended · {reserved} numbers taken").format(
                held=f"{totals.held:,}", ended=f"{totals.ended:,}", reserved=f"{totals.reserved:,}"
            )
        )

    def _on_text(self) -> None:
        self._pause.stop()
        text = self.search.text().strip()
        if text != self.filters.text:
            self.chips.filters = replace(self.chips.filters, text=text)
            self._begin_with(replace(self.filters, text=text))
            self.rows.reload()

    def _on_chips(self, filters: CarrierFilter) -> None:
        self._begin_with(replace(filters, text=self.search.text().strip()))
        self.rows.reload()

    # --- acting -------------------------------------------------------------------------------------------------

    def _on_current(self, line: CarrierLine | None) -> None:
        if line is not None:
            self._workplace.open_card(line.ref)

    def _on_chosen(self, lines: Sequence[CarrierLine]) -> None:
        self._bulk_row.clear()
        self._bulk.setVisible(len(lines) > 1)
        if len(lines) <= 1:
            return
        words = QLabel(_("{n} chosen:").format(n=len(lines)), self._bulk)
        self._bulk_row.addWidget(words)
        for action in bulk_acts(lines, self._workplace.duties)[:MOST_BUTTONS]:
            button = QPushButton(_(action.label), self._bulk)
            button.clicked.connect(partial(self._begin, action))
            self._bulk_row.addWidget(button)
            button.show()
        copy = QPushButton(_("Copy as text"), self._bulk)
        copy.clicked.connect(self.table.copy)
        self._bulk_row.addWidget(copy)
        self._bulk.updateGeometry()

    def _begin(self, action: type[Action], *_checked: object) -> None:
        self._workplace.perform(action, self.table.selected)

    def take_command(self, command: str) -> bool:
        """Lend or take back what is chosen."""
        lines = self.table.selected
        act = {"lend": "lend", "return": "return_loan"}.get(command)
        if act is None or len(lines) <= 1:
            return False
        self._workplace.perform(act, lines)
        return True

    def _begin_export(self) -> None:
        begin_export(self._workplace, self.filters, natural_sort(self.filters), self)

    # --- views --------------------------------------------------------------------------------------------------

    def _read_kept(self) -> None:
        place = self._workplace
        self._show_views({})
        place.background.read(partial(place.desk.read, remembered, VIEWS), self._on_views, owner=self)
        own = f"{COLUMNS}.{place.desk.actor.id}"
        place.background.read(partial(place.desk.read, remembered, own), self._on_columns, owner=self)

    def _on_columns(self, hidden: Any) -> None:
        if isinstance(hidden, list):
            self.table.hide_columns(hidden)

    def _on_views(self, kept: Any) -> None:
        views = {name: filter_from(value) for name, value in kept.items()} if isinstance(kept, dict) else {}
        self._show_views(views)

    def _show_views(self, views: Mapping[str, CarrierFilter]) -> None:
        self._views = {
            _("All carriers"): EVERYTHING,
            _("On our charge"): CarrierFilter(states=HELD_STATES),
            _("On loan"): CarrierFilter(states=("loan",)),
            _("Overdue"): CarrierFilter(due_before=self._workplace.today()),
            _("To be marked anew"): CarrierFilter(remark_due=True),
            _("Ended"): CarrierFilter(states=ENDED_STATES),
            **views,
        }
        self.views.clear()
        self.views.addItem(_("Views"))
        self.views.addItems(list(self._views))
        self.views.insertSeparator(self.views.count())
        self.views.addItem(_("Keep this view…"))
        self.views.addItem(_("Keep these columns"))

    def _on_view(self, at: int) -> None:
        name = self.views.itemText(at)
        if name in self._views:
            self.show_filter(self._views[name])
        elif at == self.views.count() - 2:
            self._ask_name()
        elif at == self.views.count() - 1:
            self._keep(f"{COLUMNS}.{self._workplace.desk.actor.id}", list(self.table.hidden()))
        self.views.setCurrentIndex(0)

    def _ask_name(self) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(_("Keep this view"))
        dialog.setLabelText(_("Its name; everybody at this register sees it:"))
        dialog.textValueSelected.connect(self._keep_view)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _keep_view(self, name: str) -> None:
        own = dict(list(self._views.items())[SHIPPED_VIEWS:])
        if name.strip():
            own[name.strip()] = self.filters
            self._keep(VIEWS, {known: filter_plain(view) for known, view in own.items()})
            self._show_views(own)

    def _keep(self, name: str, value: Any) -> None:
        self._workplace.background.run(partial(remember, self._workplace.desk, name, value), owner=self)


def natural_sort(filters: CarrierFilter) -> str:
    """The order that goes with a filter; an index serves it where there is one."""
    return next((sort for field, sort in NATURAL_SORT if field in filters.narrows), "newest")
