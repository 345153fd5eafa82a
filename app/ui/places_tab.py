"""Places: rooms, safes and shelves with the protection they give and how much should be in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from app.domain.action import Action, Ref
from app.domain.words import N_, Term
from app.i18n import _, in_words
from app.services.desk import Desk
from app.services.offers import Offered, judged
from app.store import reads
from app.store.reads import CarrierFilter, PlaceStock, Viewer
from app.store.reads.paging import MOST_COUNTED
from app.ui import theme
from app.ui.people_tab import PAUSE, acts_menu, put_alone
from app.ui.rows import RIGHT, Column, RowsModel
from app.ui.table import Table
from app.ui.workplace import Workplace


@dataclass(frozen=True)
class PlacesRead:
    """The places that fit, and what may be begun."""

    stock: tuple[PlaceStock, ...]
    offers: tuple[Offered, ...]


def read_places(desk: Desk, text: str, viewer: Viewer) -> PlacesRead:
    """The list with its counts."""
    return PlacesRead(desk.read(reads.places_with_stock, text, viewer=viewer), offers_at(desk, None))


def offers_at(desk: Desk, place: Ref | None) -> tuple[Offered, ...]:
    """What may be begun here, and what may be done with the chosen place."""
    chosen = judged(desk, ("name_keeper", "set_capacity", "set_protection"), place) if place is not None else ()
    return judged(desk, ("register_place",)) + chosen


class PlacesTab(QWidget):
    """The list; a place opens as the part of Carriers that should be there."""

    def __init__(self, workplace: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.rows: RowsModel[PlaceStock] = RowsModel(self._columns(), None, self)
        self.table: Table[PlaceStock] = Table(self.rows, self, empty=N_("No place fits."))
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(_("Name of a place…   F3"))
        self.search.setAccessibleName(_("Find places"))
        self.search.setClearButtonEnabled(True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.reload)
        self._acts = QVBoxLayout()
        hint = QLabel(_("A double click shows in Carriers what should be in the place."), self)
        theme.mark(hint, dim=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._acts)
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        layout.addWidget(hint, 0, Qt.AlignmentFlag.AlignLeft)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        self._chosen: PlaceStock | None = None
        self.table.current.connect(self._on_chosen)
        self.table.opened.connect(lambda stock: self.show_carriers(stock) if stock is not None else None)

    def _columns(self) -> tuple[Column[PlaceStock], ...]:
        return (
            Column(N_("Place"), lambda stock: stock.line.name, width=150),
            Column(N_("Protection"), self._protection, width=424),
            Column(N_("Carriers there"), _count, width=96, align=RIGHT),
            Column(N_("Within"), lambda stock: stock.line.within_name or "", width=120),
            Column(N_("Keeper"), lambda stock: stock.line.keeper_name or "", width=130),
            Column(N_("State"), lambda stock: "" if stock.line.is_open else _("no longer used"), width=80),
        )

    def _protection(self, stock: PlaceStock) -> str:
        """The grade with what the regimes call it."""
        grade = stock.line.grade
        names = [
            in_words(Term(each.name.zh, each.name.en))
            for regime in self._workplace.regimes
            for each in regime.place_grades()
            if each.grade == grade
        ]
        return " · ".join(dict.fromkeys([_("grade {n}").format(n=grade), *names[:1]]))

    def show_carriers(self, stock: PlaceStock) -> None:
        """Show in Carriers what should be there."""
        self._workplace.go_carriers(CarrierFilter(place=stock.line.id))

    def reload(self) -> None:
        """Read the places again."""
        place = self._workplace
        work = partial(read_places, place.desk, self.search.text().strip(), place.viewer)
        place.background.read(work, self._on_read, key="places", owner=self)

    def _on_read(self, read: PlacesRead) -> None:
        self.rows.show(read.stock)
        self._on_offers(read.offers)

    def _on_chosen(self, stock: PlaceStock | None) -> None:
        self._chosen = stock
        work = partial(offers_at, self._workplace.desk, stock.line.ref if stock is not None else None)
        self._workplace.background.read(work, self._on_offers, key="place", owner=self)

    def _on_offers(self, offered: Sequence[Offered]) -> None:
        put_alone(self._acts, acts_menu(offered, self._begin, self._workplace, self))

    def _begin(self, action: type[Action]) -> None:
        if action.code != "register_place" and self._chosen is not None:
            self._workplace.perform(action, [self._chosen.line.ref], header=self._chosen.line.name)
        else:
            self._workplace.perform(action)


def _count(stock: PlaceStock) -> str:
    if stock.held is None:
        return "—"
    counted = f"{MOST_COUNTED:,}+" if stock.held > MOST_COUNTED else f"{stock.held:,}"
    return f"{counted} / {stock.line.capacity:,}" if stock.line.capacity is not None else counted
