"""People: found by name, badge or department, and beside the list one person with duties, clearances and charge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.domain.action import Action, Ref, Subject
from app.domain.people import DUTIES
from app.domain.words import N_, Term, says
from app.i18n import _, day, in_words, ngettext
from app.services.desk import Desk
from app.services.offers import Offered, judged
from app.store import reads
from app.store.reads import CarrierFilter, CarrierLine, PersonCard, PersonLine, Viewer
from app.store.reads.people import DutyHeld
from app.ui import theme
from app.ui.action_menu import ActionMenu, Offer
from app.ui.counter_tables import held_columns
from app.ui.marks import level_words
from app.ui.parts import flush_title, link, readable
from app.ui.rows import Column, Deliver, RowsModel
from app.ui.table import Table
from app.ui.workplace import Workplace

PAUSE = 200
PAGE = 100
OF_A_PERSON = ("clear_person", "grant_duty", "take_duty", "open_account", "close_person")
COUNTER_DUTIES = frozenset({"registry_clerk", "secrecy_officer", "archivist"})
Begin = Callable[[type[Action]], object]


@dataclass(frozen=True)
class PersonRead:
    """What stands beside the list, read in one go."""

    card: PersonCard | None
    offers: tuple[Offered, ...] = ()


def read_person(desk: Desk, person: int, viewer: Viewer) -> PersonRead:
    """One person with the acts on them."""
    card = desk.read(reads.person_card, person, desk.today(), viewer=viewer)
    if card is None:
        return PersonRead(None)
    pointless = {
        "open_account": card.login is not None,
        "take_duty": not card.duties,
        "close_person": not card.line.is_open,
    }
    codes = [code for code in OF_A_PERSON if not pointless.get(code)]
    return PersonRead(card, judged(desk, codes, Ref(Subject.PERSON, person)))


def acts_menu(offered: Sequence[Offered], begin: Begin, workplace: Workplace, parent: QWidget) -> ActionMenu:
    """Buttons for what may be done here, and the reasons against the rest."""
    menu = ActionMenu([Offer(each.action, each.refusals) for each in offered], parent)
    menu.chosen.connect(begin)
    menu.rule_wanted.connect(workplace.show_rule)
    return menu


class PeopleTab(QWidget):
    """The list at the left, the chosen person at the right."""

    def __init__(self, workplace: Workplace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self.person: int | None = None
        self._wants_first = False
        self.rows: RowsModel[PersonLine] = RowsModel(self._columns(), self._more, self)
        self.table: Table[PersonLine] = Table(self.rows, self, empty=N_("Nobody fits."))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.rows.reload)
        self._lay_out()

    def _lay_out(self) -> None:
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(_("Name, badge or department…   F3"))
        self.search.setAccessibleName(_("Find people"))
        self.search.setClearButtonEnabled(True)
        self.department = QComboBox(self)
        self.department.setAccessibleName(_("Department"))
        self.department.addItem(_("Every department"), None)
        self._left = QCheckBox(_("also who has left"), self)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        tools.addWidget(self.search, 1)
        tools.addWidget(self.department)
        tools.addWidget(self._left)
        self._acts = QVBoxLayout()
        self._beside = QScrollArea(self)
        self._beside.setWidgetResizable(True)
        self._beside.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(self.table)
        split.addWidget(self._beside)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(12)
        self._say_nobody()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(self._acts)
        layout.addLayout(tools)
        layout.addWidget(split, 1)
        self.search.textEdited.connect(self._pause.start)
        self.search.textChanged.connect(lambda text: None if text else self.rows.reload())
        self.search.returnPressed.connect(self._on_enter)
        self.rows.arrived.connect(self._on_arrived)
        for before, after in pairwise((self.search, self.department, self._left, self.table, self._beside)):
            QWidget.setTabOrder(before, after)
        self.department.currentIndexChanged.connect(lambda _at: self.rows.reload())
        self._left.toggled.connect(lambda _on: self.rows.reload())
        self.table.current.connect(lambda line: self.open_person(line.id) if line is not None else None)

    def _columns(self) -> tuple[Column[PersonLine], ...]:
        return (
            Column(N_("Name"), lambda line: line.name, width=120),
            Column(N_("Department"), lambda line: line.department, width=90),
            Column(N_("Post"), lambda line: line.title, width=80),
            Column(N_("Badge"), lambda line: line.badge or "", width=60),
            Column(N_("Duties"), _duties_of, width=200, grows=True),
            Column(N_("Cleared up to"), self._cleared, width=110),
            Column(N_("State"), lambda line: "" if line.is_open else _("has left"), width=70),
        )

    def _cleared(self, line: PersonLine) -> str:
        levels = [level_words(level, self._workplace.regimes, code) for code, level in line.clearances.items()]
        return in_words(tuple(dict.fromkeys(levels)))

    # --- reading ------------------------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the list, the departments, what may be begun and the person again."""
        self.rows.reload()
        place = self._workplace
        place.background.read(partial(place.desk.read, reads.departments), self._on_departments, owner=self)
        births = partial(judged, place.desk, ("register_person",))
        place.background.read(births, self._on_births, key="births", owner=self)
        if self.person is not None:
            self.open_person(self.person)

    def open_person(self, person: int) -> None:
        """Show one person beside the list."""
        self.person = person
        place = self._workplace
        work = partial(read_person, place.desk, person, place.viewer)
        place.background.read(work, self._on_person, key="person", owner=self)

    def _more(self, _sort: str, after: Any, deliver: Deliver[PersonLine]) -> None:
        place = self._workplace
        work = partial(
            place.desk.read, reads.people_page, self.search.text().strip(), after, PAGE,
            department=self.department.currentData(), also_closed=self._left.isChecked(),
        )  # fmt: skip
        place.background.read(work, lambda page: deliver(page.lines, page.next), key="page", owner=self)

    def _on_enter(self) -> None:
        """Enter after a name: the first who bears it, and the keyboard goes there."""
        self._pause.stop()
        self._wants_first = True
        self.rows.reload()

    def _on_arrived(self) -> None:
        if self._wants_first and self.rows.rowCount():
            self.table.setFocus()
            self.table.selectRow(0)
        self._wants_first = False

    def _on_departments(self, names: tuple[str, ...]) -> None:
        known = tuple(self.department.itemData(at) for at in range(1, self.department.count()))
        if known != names:
            chosen = self.department.currentData()
            self.department.blockSignals(True)
            while self.department.count() > 1:
                self.department.removeItem(1)
            for name in names:
                self.department.addItem(name, name)
            self.department.setCurrentIndex(max(0, self.department.findData(chosen) if chosen else 0))
            self.department.blockSignals(False)

    def _on_births(self, offered: Sequence[Offered]) -> None:
        put_alone(self._acts, acts_menu(offered, self._workplace.perform, self._workplace, self))

    def _on_person(self, read: PersonRead) -> None:
        if read.card is None:
            self._say_nobody()
        else:
            self._put(PersonSide(read.card, read.offers, self._workplace))

    def _say_nobody(self) -> None:
        words = QLabel(_("Choose a person: their duties, clearances and charge stand here."), self)
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.mark(words, dim=True)
        self._put(words)

    def _put(self, widget: QWidget) -> None:
        if (old := self._beside.takeWidget()) is not None:
            old.deleteLater()
        self._beside.setWidget(widget)


class PersonSide(QWidget):
    """One person: facts, acts, duties with their days, clearances, what they hold."""

    def __init__(self, card: PersonCard, offered: Sequence[Offered], workplace: Workplace) -> None:
        super().__init__()
        self.card, self._workplace = card, workplace
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(4, 0, 12, 8)
        self._column.setSpacing(5)
        line = card.line
        name = self._say(line.name)
        theme.mark(name, heading=True)
        facts = [line.department, line.title, _("badge {n}").format(n=line.badge) if line.badge else ""]
        if not line.is_open:
            facts.append(_("has left"))
        self._say(" · ".join(fact for fact in facts if fact), dim=True)
        self._say(_("Signs in as {login}.").format(login=card.login) if card.login else _("Has no account."))
        self._column.addWidget(acts_menu(offered, self._begin, workplace, self))
        self._links()
        self._duties(card.duties)
        self._clearances()
        self._charge()
        self._column.addStretch(1)

    def _begin(self, action: type[Action]) -> None:
        line = self.card.line
        if action.code == "open_account":
            self._workplace.perform(action, known={"person": line.id})
            return
        about = says(N_("{name}, {department}"), name=line.name, department=line.department or "—")
        self._workplace.perform(action, [line.ref], header=about)

    def _links(self) -> None:
        ref = self.card.line.ref
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(link(_("Print the badge"), partial(self._workplace.preview, "badges", ref)))
        if self._workplace.duties & COUNTER_DUTIES:
            row.addWidget(link(_("At the counter"), partial(self._workplace.go_to, ref)))
        row.addStretch(1)
        self._column.addLayout(row)

    def _duties(self, duties: Sequence[DutyHeld]) -> None:
        self._section(_("Duties"))
        today = self._workplace.today()
        for held in duties:
            words = _(DUTIES.get(held.duty, held.duty))
            since = _("duty since {day}").format(day=day(held.since)) if held.since else ""
            until = _("duty up to {day}").format(day=day(held.until)) if held.until else ""
            over = held.until is not None and held.until < today
            told = " · ".join(part for part in (words, since, until, _("duty is over") if over else "") if part)
            self._say(told, dim=over)
        if not duties:
            self._say(_("No duty: they read, draft and carry."), dim=True)

    def _clearances(self) -> None:
        self._section(_("Cleared up to"))
        for code, level in self.card.line.clearances.items():
            regime = self._workplace.regime(code)
            name = in_words(Term(regime.name.zh, regime.name.en)) if regime is not None else code
            self._say(f"{level_words(level, self._workplace.regimes, code)} · {name}")
        if not self.card.line.clearances:
            self._say(_("Not cleared for anything."), dim=True)

    def _charge(self) -> None:
        card = self.card
        self._section(_("In their hands"))
        if not self._workplace.viewer.sees_book and self._workplace.viewer.person != card.line.id:
            self._say(_("Who holds what is seen by registry, archive, secrecy office and audit."), dim=True)
            return
        parts = [ngettext("{n} in hand", "{n} in hand", card.in_hands).format(n=f"{card.in_hands:,}")]
        if card.overdue:
            parts.append(ngettext("{n} overdue", "{n} overdue", card.overdue).format(n=f"{card.overdue:,}"))
        if card.on_charge:
            charge = ngettext("{n} on their charge", "{n} on their charge", card.on_charge)
            parts.append(charge.format(n=f"{card.on_charge:,}"))
        self._say(" · ".join(parts))
        if not card.holds.lines:
            return
        rows: RowsModel[CarrierLine] = RowsModel(held_columns(self._workplace), None, self)
        table: Table[CarrierLine] = Table(rows, self)
        rows.show(card.holds.lines)
        table.setMinimumHeight(theme.size(150))
        table.opened.connect(lambda line: self._workplace.open_card(line.ref) if line is not None else None)
        self._column.addWidget(table, 1)
        every = partial(self._workplace.go_carriers, CarrierFilter(hands=card.line.id))
        self._column.addWidget(link(_("All of them in Carriers"), every), 0, Qt.AlignmentFlag.AlignLeft)

    def _section(self, words: str) -> None:
        self._column.addWidget(flush_title(words))

    def _say(self, words: str, *, dim: bool = False) -> QLabel:
        label = readable(words, self, dim=dim)
        self._column.addWidget(label)
        return label


def _duties_of(line: PersonLine) -> str:
    return in_words(tuple(_(DUTIES.get(duty, duty)) for duty in line.duties))


def put_alone(layout: QVBoxLayout, widget: QWidget) -> None:
    """Let this widget stand alone in the layout."""
    while taken := layout.takeAt(0):
        if (old := taken.widget()) is not None:
            old.hide()
            old.deleteLater()
    layout.addWidget(widget)
