"""One document: mark and facts, acts, copies, what it came from, who has had it, its history and papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.actions import CATALOGUE
from app.domain.action import Action, Authority, Ref, Subject
from app.domain.carrier import DOCUMENT_STATE_NAMES, EVERYBODY, EVERYBODY_HERE, STATE_NAMES
from app.domain.words import N_, says
from app.i18n import _, current, day, in_words, ngettext
from app.services.desk import Desk
from app.services.offers import Offered, offers
from app.store import reads
from app.store.reads import CarrierLine, DocumentCard, Viewer
from app.ui import theme
from app.ui.action_menu import ActionMenu, Offer
from app.ui.card import MarkStrip
from app.ui.carrier_columns import where_words
from app.ui.flow import FlowLayout
from app.ui.marks import level_words, mark_words, period_words, strip_of
from app.ui.parts import flush_title, link, readable
from app.ui.telling import brief_moment
from app.ui.turns import Turns
from app.ui.workplace import Workplace

FEW_REASONS = 3
AT_ONCE = 12
"""Copies shown in one turn of the event loop: two hundred at once held the window for a tenth of a second."""


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
        self._turns = Turns(self)
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
        self._column.addWidget(holder)

        def put(copies: Sequence[CarrierLine]) -> None:
            for copy in copies:
                flow.addWidget(CopyCard(copy, self._workplace, holder))

        put(card.copies[:AT_ONCE])
        rest = range(AT_ONCE, count, AT_ONCE)
        self._turns.follow(*(partial(put, card.copies[first : first + AT_ONCE]) for first in rest))

    def _derivation(self, card: DocumentCard) -> None:
        for title, lines in ((_("Made from"), card.sources), (_("Made into"), card.made_into)):
            if lines:
                self._section(title)
            for line in lines:
                words = f"{mark_words(line, self._workplace.regimes)}  {line.reference or ''}  {line.title}"
                self._link(words, partial(self._workplace.go_to, line.ref))

    def _scope(self, card: DocumentCard) -> None:
        units = [_(EVERYBODY_HERE) if unit == EVERYBODY else unit for unit in card.scope_units]
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
                parts.append(period_words(change.period))
            if change.state:
                parts.append(_(DOCUMENT_STATE_NAMES.get(change.state, change.state)))  # type: ignore[call-overload]
            words = self._say(" · ".join([*parts, change.actor]))
            words.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
            correct = words.addAction(_("Correct this entry…"))
            correct.triggered.connect(partial(self._correct, change.seq))

    def _correct(self, seq: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's triggered
        self._workplace.perform("correct_document", [self._card.line], Authority(corrects=seq))

    def _papers(self, card: DocumentCard) -> None:
        if not card.papers:
            return
        self._section(_("Papers made"))
        for paper in card.papers:
            at = brief_moment(paper.printed_at, self._workplace.today())
            words = _("{form}, paper {n}, {at}").format(form=self._forms.get(paper.form, paper.form), n=paper.id, at=at)
            again = _("{form}: not printed yet") if paper.is_kept else _("{form}: print again")
            self._link(again.format(form=words), partial(self._workplace.reprint, paper.id))

    def _section(self, words: str) -> None:
        self._column.addWidget(flush_title(words))

    def _say(self, words: str, *, dim: bool = False) -> QLabel:
        label = readable(words, self, dim=dim)
        self._column.addWidget(label)
        return label

    def _link(self, words: str, do: Callable[[], None]) -> None:
        self._column.addWidget(link(words, do), 0, Qt.AlignmentFlag.AlignLeft)


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
        self.clicked.connect(partial(workplace.open_card, line.ref))
