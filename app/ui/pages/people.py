"""People and places: who there is, what they may do, who signs in, and where things are kept."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.domain.action import Ref, Subject
from app.domain.words import N_
from app.i18n import _
from app.ui import theme
from app.ui.accounts_tab import AccountsTab
from app.ui.people_tab import PeopleTab
from app.ui.places_tab import PlacesTab
from app.ui.workplace import Workplace

PEOPLE, ACCOUNTS, PLACES = range(3)


class PeoplePage:
    """The office itself, for those who look after it."""

    code = "people"
    section = N_("Administration")
    title = N_("People and places")
    icon = "account-group-outline"
    duties: tuple[str, ...] = (
        "registry_clerk", "secrecy_officer", "security_administrator", "system_administrator", "auditor",
    )  # fmt: skip

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._widget: PeopleView | None = None
        self._kept: dict[str, int | None] = {}

    @property
    def widget(self) -> PeopleView:
        """Built when it is first shown."""
        if self._widget is None:
            self._widget = PeopleView(self._workplace)
            self._widget.tabs.setCurrentIndex(self._kept.get("tab") or PEOPLE)
            if person := self._kept.get("person"):
                self._widget.people.open_person(person)
        return self._widget

    def reload(self) -> None:
        """Read again what is shown."""
        self.widget.reload()

    def open(self, ref: Ref) -> None:
        """Show a person, or the list of places."""
        self.widget.tabs.setCurrentIndex(PLACES if ref.kind is Subject.PLACE else PEOPLE)
        if ref.kind is Subject.PERSON:
            self.widget.people.open_person(ref.id)

    def find(self) -> None:
        """F3: to the search field of the list in front."""
        self.widget.to_search()

    def kept(self) -> object:
        """Tab and person survive a change of language."""
        if self._widget is None:
            return self._kept
        return {"tab": self._widget.tabs.currentIndex(), "person": self._widget.people.person}

    def keep(self, state: object) -> None:
        """Begin with these."""
        if isinstance(state, dict):
            self._kept = state


class PeopleView(QWidget):
    """Three lists, one at a time."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace.window.ground)
        self._workplace = workplace
        title = QLabel(_("People and places"), self)
        theme.mark(title, heading=True)
        self.tabs = QTabBar(self)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        for words in (_("People"), _("Accounts"), _("Places")):
            self.tabs.addTab(words)
        self._stack = QStackedWidget(self)
        self.people = PeopleTab(workplace, self._stack)
        self._stack.addWidget(self.people)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(title)
        head.addWidget(self.tabs)
        head.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._on_tab)

    @cached_property
    def accounts(self) -> AccountsTab:
        """Built when it is first shown, as the places are: three tables at once hold the window up."""
        tab = AccountsTab(self._workplace, self._stack)
        self._stack.addWidget(tab)
        return tab

    @cached_property
    def places(self) -> PlacesTab:
        """Built when it is first shown."""
        tab = PlacesTab(self._workplace, self._stack)
        self._stack.addWidget(tab)
        return tab

    def _tab(self) -> PeopleTab | AccountsTab | PlacesTab:
        at = self.tabs.currentIndex()
        return self.people if at == PEOPLE else self.accounts if at == ACCOUNTS else self.places

    def reload(self) -> None:
        """Read the list in front again."""
        self._tab().reload()

    def to_search(self) -> None:
        """To the search field in front; accounts have none."""
        tab = self.places if self.tabs.currentIndex() == PLACES else self.people
        if tab is self.people:
            self.tabs.setCurrentIndex(PEOPLE)
        tab.search.setFocus()
        tab.search.selectAll()

    def _on_tab(self, _at: int) -> None:
        self._stack.setCurrentWidget(self._tab())
        self.reload()
