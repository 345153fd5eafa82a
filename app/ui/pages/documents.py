"""Documents: the list, and below it one document with its copies, what it came from, who has had it, its papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.actions import CATALOGUE
from app.domain.action import Action, Ref, Subject
from app.domain.carrier import DOCUMENT_STATE_NAMES, STATE_NAMES
from app.domain.period import Period
from app.domain.words import N_, says
from app.i18n import _, current, day, in_words, ngettext
from app.services.desk import Desk
from app.services.offers import Offered, offers
from app.store import reads
from app.store.reads import CarrierLine, DocumentCard, DocumentFilter, DocumentLine, Viewer
from app.ui import theme
from app.ui.action_menu import ActionMenu, Offer
from app.ui.card import MarkStrip
from app.ui.carrier_columns import where_words
from app.ui.flow import FlowLayout
from app.ui.marks import level_choices, level_words, mark_words, strip_of
from app.ui.rail import section_title
from app.ui.rows import RIGHT, Column, Deliver, RowsModel
from app.ui.table import Table
from app.ui.telling import brief_moment
from app.ui.workplace import Workplace

PAUSE = 250
PAGE = 100
FEW_REASONS = 3


@dataclass(frozen=True)
class DocumentRead:
    """What the lower half shows, read in one go."""

    card: DocumentCard | None
    offers: tuple[Offered, ...] = ()
    forms: Mapping[str, str] = field(default_factory=dict)
    """What people call the forms that were printed of it."""


def read_document(desk: Desk, document: int, viewer: Viewer) -> DocumentRead:
    """One document with the acts that belong to it."""
    card = desk.read(reads.document_card, document, viewer=viewer)
    if card is None:
        return DocumentRead(None)
    forms: dict[str, str] = {}
    if card.papers:
        from app.services.printing import title_of  # start-up: reportlab only where something was printed

        forms = {paper.form: title_of(paper.form, current()) for paper in card.papers}
    return DocumentRead(card, tuple(offers(desk, Ref(Subject.DOCUMENT, document))), forms)


class DocumentsPage:
    """What the secrets are, whatever their copies do."""

    code = "documents"
    section = N_("Book")
    title = N_("Documents")
    icon = "file-document-outline"
    duties: tuple[str, ...] = ()

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._widget: DocumentsView | None = None
        self._wanted: int | None = None

    @property
    def widget(self) -> DocumentsView:
        if self._widget is None:
            self._widget = DocumentsView(self._workplace)
            if self._wanted is not None:
                self._widget.open_document(self._wanted)
        return self._widget

    def reload(self) -> None:
        """Read list and document again."""
        self.widget.reload()

    def find(self) -> None:
        """F3: type into the search field."""
        self.widget.search.setFocus()
        self.widget.search.selectAll()

    def open(self, ref: Ref) -> None:
        """Show one document."""
        self.widget.open_document(ref.id)

    def kept(self) -> object:
        """The document that is open survives a change of language."""
        return self._widget.document if self._widget is not None else self._wanted

    def keep(self, state: object) -> None:
        """Begin with this document."""
        if isinstance(state, int):
            self._wanted = state


class DocumentsView(QWidget):
    """The list above, the chosen document below."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__()
        self._workplace = workplace
        self.document: int | None = None
        self.filters = DocumentFilter()
        self.rows: RowsModel[DocumentLine] = RowsModel(document_columns(workplace), self._more, self)
        self.table: Table[DocumentLine] = Table(self.rows, self, empty=N_("No document fits."))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._on_filter)
        self._lay_out()

    def _lay_out(self) -> None:
        title = QLabel(_("Documents"), self)
        theme.mark(title, heading=True)
        self.search = QLineEdit(self)
        self.search.setPlaceholderText(_("Title, reference, originator…   F3"))
        self.search.setAccessibleName(_("Find documents"))
        self.search.setClearButtonEnabled(True)
        self._level, self._state = QComboBox(self), QComboBox(self)
        self._level.setAccessibleName(_("Level"))
        self._state.setAccessibleName(_("State"))
        self._level.addItem(_("Any level"), None)
        for choice in level_choices(self._workplace.regimes):
            self._level.addItem(theme.swatch(choice.colour), choice.words, choice.value)
        self._state.addItem(_("Any state"), None)
        for state, words in DOCUMENT_STATE_NAMES.items():
            self._state.addItem(_(words), str(state))
        new = CATALOGUE["propose_classification"]
        begin = QPushButton(_(new.label), self)
        theme.mark(begin, primary=True)
        begin.clicked.connect(lambda: self._workplace.perform(new))
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(begin)
        tools = QHBoxLayout()
        tools.setSpacing(8)
        for widget, stretch in ((self.search, 1), (self._level, 0), (self._state, 0)):
            tools.addWidget(widget, stretch)
        self._below = QScrollArea(self)
        self._below.setWidgetResizable(True)
        self._below.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        split = QSplitter(Qt.Orientation.Vertical, self)
        split.addWidget(self.table)
        split.addWidget(self._below)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(8)
        self._below.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addLayout(tools)
        layout.addWidget(split, 1)
        self.search.textEdited.connect(self._pause.start)
        self.search.returnPressed.connect(self._on_filter)
        self.search.textChanged.connect(lambda text: None if text else self._on_filter())
        self._level.currentIndexChanged.connect(self._on_filter)
        self._state.currentIndexChanged.connect(self._on_filter)
        self.table.current.connect(self._on_current)
        self.table.opened.connect(self._on_current)

    def reload(self) -> None:
        """Read the list again, and the document that is open."""
        self.rows.reload()
        if self.document is not None:
            self.open_document(self.document)

    def open_document(self, document: int) -> None:
        """Show one document below the list."""
        self.document = document
        place = self._workplace
        work = partial(read_document, place.desk, document, place.viewer)
        place.background.read(work, self._on_document, key="document", owner=self)

    def _on_document(self, read: DocumentRead) -> None:
        if (old := self._below.takeWidget()) is not None:
            old.deleteLater()
        if read.card is None:
            shown: QWidget = QLabel(_("This is not for you: hand it to the registry."))
        else:
            shown = DocumentView(read.card, read, self._workplace)
        self._below.setWidget(shown)
        self._below.show()

    def _on_current(self, line: DocumentLine | None) -> None:
        if line is not None and line.id != self.document:
            self.open_document(line.id)

    def _on_filter(self, *_changed: object) -> None:
        self._pause.stop()
        text, level, state = self.search.text().strip(), self._level.currentData(), self._state.currentData()
        wanted = replace(self.filters, text=text, level=level, state=state)
        if wanted != self.filters:
            self.filters = wanted
            self.rows.reload()

    def _more(self, _sort: str, after: Any, deliver: Deliver[DocumentLine]) -> None:
        place = self._workplace
        work = partial(
            place.desk.read, reads.document_page, self.filters, "newest", after, PAGE, viewer=place.viewer
        )  # fmt: skip
        place.background.read(work, lambda page: deliver(page.lines, page.next), key="page", owner=self)


class DocumentView(QFrame):
    """One document: mark and facts, acts, copies, derivation, scope, readers, history, papers."""

    def __init__(self, card: DocumentCard, read: DocumentRead, workplace: Workplace) -> None:
        super().__init__()
        self._card, self._workplace, self._forms = card, workplace, read.forms
        self._known = {each.action: each.known for each in read.offers}
        theme.mark(self, panel=True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 12)
        self._column.setSpacing(5)
        self._head(card)
        self._menu(read.offers)
        self._copies(card)
        self._derivation(card)
        self._scope(card)
        self._history(card)
        self._papers(card)
        self._column.addStretch(1)

    def _head(self, card: DocumentCard) -> None:
        line = card.line
        row = QHBoxLayout()
        row.addWidget(MarkStrip(strip_of(line, self._workplace.regimes), self))
        number = QLabel(line.reference or f"D{line.id}", self)
        theme.mark(number, strong=True)
        row.addWidget(number)
        row.addStretch(1)
        self._column.addLayout(row)
        title = self._say(line.title)
        theme.mark(title, heading=True)
        if line.short_title and line.short_title != line.title:
            self._say(_("short title: {words}").format(words=line.short_title), dim=True)
        facts = [_(DOCUMENT_STATE_NAMES[line.state])]
        if line.originator:
            facts.append(_("from {name}").format(name=line.originator))
        if line.issued:
            facts.append(_("issued {day}").format(day=day(line.issued)))
        if line.lifts:
            facts.append(_("until {day}").format(day=day(line.lifts)))
        if card.drafter:
            facts.append(_("drafted by {name}").format(name=card.drafter))
        if not card.may_copy:
            facts.append(_("no copying"))
        self._say(" · ".join(facts))
        for words in (card.basis, card.remarks, card.as_written):
            if words:
                self._say(words, dim=True)

    def _menu(self, offered: Sequence[Offered]) -> None:
        all_offers = [Offer(each.action, each.refusals) for each in offered]
        begun = [each for each in all_offers if each.is_open]
        shut = [each for each in all_offers if not each.is_open and len(each.refusals) == 1]
        menu = ActionMenu([*begun, *shut[:FEW_REASONS]], self)
        menu.chosen.connect(self._begin)
        menu.rule_wanted.connect(self._workplace.show_rule)
        self._column.addWidget(menu)

    def _begin(self, action: type[Action]) -> None:
        known = self._known.get(action, "")
        if known:
            self._workplace.perform(
                action, [], known={known: self._card.line.id}, header=says(N_("{title}"), title=self._card.line.title)
            )
        else:
            self._workplace.perform(action, [self._card.line])

    def _copies(self, card: DocumentCard) -> None:
        count = len(card.copies)
        words = ngettext("{n} copy", "{n} copies", count).format(n=count)
        self._section(_("first {words}").format(words=words) if card.has_more_copies else words)
        holder = QWidget(self)
        flow = FlowLayout(holder, 6)
        for copy in card.copies:
            flow.addWidget(CopyCard(copy, self._workplace, holder))
        self._column.addWidget(holder)

    def _derivation(self, card: DocumentCard) -> None:
        for title, lines in ((_("Made from"), card.sources), (_("Made into"), card.made_into)):
            if lines:
                self._section(title)
            for line in lines:
                words = f"{mark_words(line, self._workplace.regimes)}  {line.reference or ''}  {line.title}"
                self._link(words, partial(self._workplace.go_to, line.ref))

    def _scope(self, card: DocumentCard) -> None:
        units = [_("everybody here") if unit == "*" else unit for unit in card.scope_units]
        people = [name for _person, name in card.scope_people]
        self._section(_("Who may know of it"))
        self._say(in_words((*units, *people)) or _("nobody is named"))
        if card.readers:
            self._section(_("Who has had it"))
            today = self._workplace.today()
            for reader in card.readers:
                at = brief_moment(reader.at, today) if reader.at else ""
                self._say(" · ".join(part for part in (reader.name, reader.department, reader.slip, at) if part))

    def _history(self, card: DocumentCard) -> None:
        self._section(_("Level and period"))
        today, regimes = self._workplace.today(), self._workplace.regimes
        for change in card.history:
            label = CATALOGUE[change.action].label if change.action in CATALOGUE else change.action
            parts = [brief_moment(change.at, today), _(label).rstrip("…")]
            if change.level:
                parts.append(level_words(change.level, regimes, card.line.regime))
            if change.period:
                parts.append(_period_words(change.period))
            if change.state:
                parts.append(_(DOCUMENT_STATE_NAMES.get(change.state, change.state)))  # type: ignore[call-overload]
            self._say(" · ".join([*parts, change.actor]))

    def _papers(self, card: DocumentCard) -> None:
        if not card.papers:
            return
        self._section(_("Printed"))
        for paper in card.papers:
            at = brief_moment(paper.printed_at, self._workplace.today())
            words = _("{form}, paper {n}, {at}").format(form=self._forms.get(paper.form, paper.form), n=paper.id, at=at)
            self._link(_("{paper}: print again").format(paper=words), partial(self._workplace.reprint, paper.id))

    def _section(self, words: str) -> None:
        title = section_title(words)
        title.setContentsMargins(0, theme.size(6), 0, 0)
        self._column.addWidget(title)

    def _say(self, words: str, *, dim: bool = False) -> QLabel:
        label = QLabel(words, self)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.mark(label, dim=dim)
        self._column.addWidget(label)
        return label

    def _link(self, words: str, do: Callable[[], None]) -> None:
        button = QPushButton(words, self)
        theme.mark(button, link=True)
        button.clicked.connect(lambda *_checked: do())
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)


class CopyCard(QPushButton):
    """One copy as a small card: which, its state, where; a click opens its card."""

    def __init__(self, line: CarrierLine, workplace: Workplace, parent: QWidget) -> None:
        which = f" · {line.copy_no}/{line.copies_of}" if line.copy_no and line.copies_of else ""
        state = " · ".join(part for part in (_(STATE_NAMES[line.state]), where_words(line)) if part)
        super().__init__(f"{line.number}{which}\n{state}", parent)
        self.setToolTip(line.title)
        theme.mark(self, copycard=True)
        late = line.due is not None and line.due < workplace.today()
        if late:
            self.setIcon(theme.icon("clock-alert-outline", theme.current().bad))
        self.clicked.connect(partial(workplace.show_card, line.ref))


def document_columns(workplace: Workplace) -> Sequence[Column[DocumentLine]]:
    """Mark, reference, title, state, originator, copies, until."""
    regimes = workplace.regimes
    return (
        Column(
            N_("Mark"), lambda line: mark_words(line, regimes), width=104, paint=lambda line: strip_of(line, regimes)
        ),
        Column(N_("Reference"), lambda line: line.reference or "", width=120),
        Column(N_("Title"), lambda line: line.title, width=210),
        Column(N_("State"), lambda line: _(DOCUMENT_STATE_NAMES[line.state]), width=110),
        Column(N_("Copies"), lambda line: str(line.copies), width=60, align=RIGHT),
        Column(N_("Secret until"), lambda line: line.lifts.isoformat() if line.lifts else "", width=90),
        Column(N_("Originator"), lambda line: line.originator or "", width=120),
    )


def _period_words(period: str) -> str:
    try:
        parsed = Period.parse(period)
    except ValueError:
        return period
    counted = {"years": N_("{n} years"), "months": N_("{n} months")}.get(str(parsed.kind))
    return _(counted).format(n=parsed.count) if counted else str(parsed)
