"""The card at the right: one carrier, its mark, where it is, what can be done now and why not, and its life."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.actions import CATALOGUE
from app.domain.action import Action, Authority, Ref, Subject
from app.domain.carrier import ENDED, LABEL_NAMES, Label
from app.domain.slip import SlipState
from app.domain.words import N_, Says, says
from app.i18n import _, render
from app.services.desk import Desk
from app.services.offers import Offered, offers
from app.store import reads
from app.store.reads import CarrierCard, CarrierLine, HistoryLine, SlipLine, Viewer
from app.ui import theme
from app.ui.action_menu import ActionMenu, Offer
from app.ui.flow import FlowLayout
from app.ui.marks import level_words, strip_of
from app.ui.parts import link
from app.ui.rail import section_title
from app.ui.rows import Strip
from app.ui.slip_words import kind_words, role_words
from app.ui.telling import brief_moment, read_history, told_entry, whereabouts
from app.ui.workplace import Workplace

FIRST_ENTRIES = 6
MORE_ENTRIES = 40
FEW_REASONS = 3
"""More 'not now' than these nobody reads."""
NATURAL = (
    "return_loan", "acknowledge_receipt", "found", "finish_making", "lend", "remark", "affix_label", "print_labels",
)  # fmt: skip
"""What comes first where it can be done: what a carrier in this state waits for."""
WONDERED = ("lend", "destroy", "dispatch", "copy_carrier", "move_to", "return_loan", "file_to_archive")
"""Of what cannot be done, what a clerk is most likely to look for."""


@dataclass(frozen=True)
class CardRead:
    """What the card shows, read in one go."""

    card: CarrierCard | None
    on: date
    """The day: what is due is told in days from it."""
    offers: tuple[Offered, ...] = ()
    history: tuple[HistoryLine, ...] = ()
    waiting: tuple[SlipLine, ...] = ()
    """Applications about it that are not carried out yet."""


def read_card(desk: Desk, ref: Ref, viewer: Viewer, entries: int = FIRST_ENTRIES) -> CardRead:
    """Everything the card of a carrier says."""
    card = desk.read(reads.carrier_card, ref.id, viewer=viewer)
    if card is None:
        return CardRead(None, desk.today())
    waiting = desk.read(reads.applications_for, ref.id, FEW_REASONS, viewer=viewer)
    others = tuple(slip for slip in waiting if slip.id != card.line.slip_id)
    history = read_history(desk, ref, None, entries + 1)
    return CardRead(card, desk.today(), tuple(offers(desk, ref)), history, others)


class MarkStrip(QLabel):
    """A level as its colour and its words, as wide as there is room."""

    def __init__(self, strip: Strip, parent: QWidget | None = None, *, large: bool = False) -> None:
        super().__init__(strip.words, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        size = theme.size(18 if large else theme.BODY)
        self.setStyleSheet(
            f"background:{strip.colour}; color:{strip.ink}; font-size:{size}px;"
            f" padding:{theme.size(10 if large else 2)}px {theme.size(18 if large else 8)}px;"
        )


class CarrierCardView(QWidget):
    """One carrier; it reads itself when it is built and after every act, and puts anew what says something else."""

    def __init__(self, workplace: Workplace, ref: Ref) -> None:
        super().__init__()
        self._workplace, self.ref = workplace, ref
        self._history: list[HistoryLine] = []
        self._read: CardRead | None = None
        self._parts: dict[str, QWidget] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 12)
        self._column.setSpacing(6)
        self._column.addStretch(1)
        self.reload()

    @property
    def card(self) -> CarrierCard | None:
        """What is shown, once it is read; None of what is not for this viewer."""
        return self._read.card if self._read is not None else None

    def reload(self) -> None:
        """Read it again."""
        work = partial(read_card, self._workplace.desk, self.ref, self._workplace.viewer)
        self._workplace.background.read(work, self._show, key="card", owner=self)

    def _show(self, read: CardRead) -> None:
        before, self._read = self._read, read
        if before is None or before.card is None or read.card is None or before.on != read.on:
            self._drop_parts()
            before = None
        if read.card is None:
            self._put("hidden", self._show_hidden)
            return
        if before is None or before.card != read.card:
            self._put("facts", partial(self._show_facts, read.card))
        if before is None or before.waiting != read.waiting:
            self._put("waiting", partial(self._show_waiting, read.waiting), 1)
        if before is None or before.offers != read.offers:
            self._put("menu", partial(self._show_menu, read.offers), 2)
        if before is None or before.card != read.card:
            self._put("papers", partial(self._show_papers, read.card.line), 3)
        if before is None or before.history != read.history:
            self._put("history", partial(self._show_life, read.history), 4)

    def _put(self, name: str, fill: Callable[[QVBoxLayout], None], at: int = 0) -> None:
        """Build a part of the card in the place of what it was."""
        old = self._parts.get(name)
        part = QWidget(self)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        fill(column)
        if old is not None:
            at = self._column.indexOf(old)
            old.hide()
            self._column.removeWidget(old)
            old.deleteLater()
        self._column.insertWidget(at, part)
        self._parts[name] = part

    def _drop_parts(self) -> None:
        for part in self._parts.values():
            part.hide()
            self._column.removeWidget(part)
            part.deleteLater()
        self._parts.clear()

    # --- the parts ----------------------------------------------------------------------------------------------

    def _show_hidden(self, column: QVBoxLayout) -> None:
        _inside(column, _plain(_("This is not for you: hand it to the registry."), kind="warn"))

    def _show_facts(self, card: CarrierCard, column: QVBoxLayout) -> None:
        line = card.line
        column.addWidget(MarkStrip(strip_of(line, self._workplace.regimes), self, large=True))
        heading = _plain(line.number)
        theme.mark(heading, heading=True)
        heading.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        _inside(column, heading)
        if line.copy_no:
            words = (
                _("copy {n} of {all}").format(n=line.copy_no, all=line.copies_of)
                if line.copies_of
                else _("copy {n}").format(n=line.copy_no)
            )
            _inside(column, _plain(words, dim=True))
        title = line.title if line.is_cleared else _("{title}  (short title)").format(title=line.title)
        _inside(column, _plain(title, dim=not line.is_cleared))
        today = self._workplace.today()
        for sentence in whereabouts(line, today):
            late = line.due is not None and line.due < today and "late" in sentence.msgid
            _inside(column, _plain(render(sentence), kind="bad" if late else ""))
        for sentence in _warnings(card, self._level_words(card)):
            _inside(column, _plain(render(sentence), kind="warn"))
        row = QWidget(self)
        flow = FlowLayout(row, 4)
        flow.addWidget(link(_("The document"), self._go_document))
        if line.slip:
            flow.addWidget(link(_("Slip {number}").format(number=line.slip), self._go_slip))
        _inside(column, row)

    def _show_waiting(self, waiting: Sequence[SlipLine], column: QVBoxLayout) -> None:
        """What was applied for about it: nobody applies twice, and who decides is known."""
        for slip in waiting:
            _inside(column, _plain(render(self._waits(slip)), kind="warn"))
            row = QWidget(self)
            words = _("Slip {number}").format(number=slip.number)
            FlowLayout(row, 4).addWidget(link(words, partial(self._workplace.go_slip, slip.id)))
            _inside(column, row)

    def _waits(self, slip: SlipLine) -> Says:
        asked = CATALOGUE.get(slip.action or "")
        act = _(asked.label).rstrip("…") if asked else kind_words(slip.kind)
        if slip.state is SlipState.APPROVED:
            return says(N_("{act}: approved, not carried out yet."), act=act)
        role = role_words(self._workplace.regime(slip.regime or ""), slip.next_role or "")
        return says(N_("{act}: applied for, waits for the decision of: {role}."), act=act, role=role)

    def _level_words(self, card: CarrierCard) -> str:
        return level_words(card.document_level, self._workplace.regimes, card.line.regime)

    def _go_document(self) -> None:
        if self.card is not None:
            self._workplace.go_to(Ref(Subject.DOCUMENT, self.card.line.document))

    def _go_slip(self) -> None:
        if self.card is not None and self.card.line.slip_id is not None:
            self._workplace.go_slip(self.card.line.slip_id)

    def _show_menu(self, offered: Sequence[Offered], column: QVBoxLayout) -> None:
        self._known = {each.action: each.known for each in offered}
        menu = ActionMenu(_worth_saying(offered), self)
        menu.chosen.connect(self._begin)
        menu.rule_wanted.connect(self._workplace.show_rule)
        _inside(column, menu)

    def _begin(self, action: type[Action]) -> None:
        if self.card is None:
            return
        known = self._known.get(action, "")
        if known:
            self._workplace.perform(
                action, [], known={known: self.ref.id}, header=says(N_("{number}"), number=self.card.line.number)
            )
        else:
            self._workplace.perform(action, [self.card.line])

    def _show_papers(self, line: CarrierLine, column: QVBoxLayout) -> None:
        row = QWidget(self)
        flow = FlowLayout(row, 4)
        flow.addWidget(link(_("Cover sheet"), partial(self._workplace.preview, "cover_sheet", line.ref)))
        if line.label is not Label.RESERVED:
            flow.addWidget(link(_("Label"), partial(self._workplace.preview, "carrier_labels", line.ref)))
        _inside(column, _section(_("Print")))
        _inside(column, row)

    def _show_life(self, lines: Sequence[HistoryLine], column: QVBoxLayout) -> None:
        _inside(column, _section(_("History")))
        holder = QWidget(self)
        self._life = QGridLayout(holder)
        self._life.setContentsMargins(0, 0, 0, 0)
        self._life.setHorizontalSpacing(10)
        self._life.setVerticalSpacing(5)
        self._life.setColumnStretch(1, 1)
        _inside(column, holder)
        self._more = link(_("More…"), self._ask_more)
        _inside(column, self._more)
        self._history = []
        self._show_history(lines, FIRST_ENTRIES)

    def _show_history(self, lines: Sequence[HistoryLine], limit: int) -> None:
        today = self._workplace.today()
        self._more.setVisible(len(lines) > limit)
        for line in lines[:limit]:
            row = self._life.rowCount()
            at = _plain(brief_moment(line.happened or line.at, today), dim=True)
            at.setWordWrap(False)
            self._life.addWidget(at, row, 0, Qt.AlignmentFlag.AlignTop)
            words = _plain(render(told_entry(line)))
            words.setToolTip(_("Entry {seq}, entered {at}").format(seq=line.seq, at=brief_moment(line.at, today)))
            words.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
            correct = words.addAction(_("Correct this entry…"))
            correct.triggered.connect(partial(self._correct, line.seq))
            self._life.addWidget(words, row, 1)
            self._history.append(line)

    def _correct(self, seq: int) -> None:
        if self.card is not None:
            self._workplace.perform("correct", [self.card.line], Authority(corrects=seq))

    def _ask_more(self) -> None:
        before = self._history[-1].seq if self._history else None
        work = partial(read_history, self._workplace.desk, self.ref, before, MORE_ENTRIES + 1)
        self._workplace.background.read(work, self._on_more, key="history", owner=self)

    def _on_more(self, lines: Sequence[HistoryLine]) -> None:
        self._show_history(lines, MORE_ENTRIES)


def _inside(column: QVBoxLayout, widget: QWidget) -> None:
    """A widget in the column, as far from the edges as all the others."""
    margins = QVBoxLayout()
    margins.setContentsMargins(theme.size(16), 0, theme.size(12), 0)
    margins.addWidget(widget)
    column.addLayout(margins)


def _warnings(card: CarrierCard, level: str) -> list[Says]:
    told: list[Says] = []
    line = card.line
    if line.remark_due:
        told.append(says(N_("To be marked anew: the document is now {level}."), level=level))
    if line.label in (Label.RESERVED, Label.PRINTED) and line.state not in ENDED:
        told.append(says(N_("{label}: it is not labelled yet."), label=says(LABEL_NAMES[line.label])))
    if not card.may_copy:
        told.append(says(N_("The issuer allows no copying.")))
    return told


def _worth_saying(offered: Sequence[Offered]) -> list[Offer]:
    """All that can be begun, those with a key first; of the others those a clerk looks for."""
    all_offers = [Offer(each.action, each.refusals) for each in offered]
    begun = sorted((each for each in all_offers if each.is_open), key=_place_in_menu)
    shut = [each for each in all_offers if not each.is_open and each.action.code in WONDERED]
    shut.sort(key=lambda each: (_is_plain(each), WONDERED.index(each.action.code)))
    return [*begun, *shut[:FEW_REASONS]]


def _place_in_menu(offer: Offer) -> tuple[int, bool]:
    code = offer.action.code
    return NATURAL.index(code) if code in NATURAL else len(NATURAL), not offer.action.key


def _is_plain(offer: Offer) -> bool:
    """Whether it is only that the carrier is somewhere else in its life: seen at a glance, and told last."""
    return all(refusal.rule == "arc_is_open" for refusal in offer.refusals)


def _plain(words: str, *, dim: bool = False, kind: str = "") -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    theme.mark(label, dim=dim, kind=kind)
    return label


def _section(words: str) -> QLabel:
    title = section_title(words)
    title.setContentsMargins(0, theme.size(6), 0, theme.size(1))  # flush with what stands below it
    return title
