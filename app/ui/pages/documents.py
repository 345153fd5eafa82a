"""Documents: the list, and below it one document with its copies, what it came from, who has had it, its papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
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
from app.domain.action import Ref
from app.domain.carrier import DOCUMENT_STATE_NAMES
from app.domain.words import N_
from app.i18n import _
from app.store import reads
from app.store.reads import DocumentFilter, DocumentLine
from app.ui import theme
from app.ui.document_view import DocumentRead, DocumentView, read_document
from app.ui.marks import level_choices, mark_words, strip_of
from app.ui.nothing import Empty, narrowed
from app.ui.rows import DAY_WIDTH, MARK_WIDTH, RIGHT, Column, Deliver, RowsModel
from app.ui.table import Standing, Table
from app.ui.workplace import Workplace

PAUSE = 250
PAGE = 100


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
        self._kept: tuple[DocumentFilter, int | None, Standing] = (DocumentFilter(), None, Standing())

    @property
    def widget(self) -> DocumentsView:
        if self._widget is None:
            filters, document, standing = self._kept
            self._widget = DocumentsView(self._workplace)
            self._widget.table.stand(standing)
            self._widget.show_filter(filters)
            if document is not None:
                self._widget.open_document(document)
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
        """What the list is narrowed to, how it stands and the document that is open survive a change of language."""
        shown = self._widget
        return (shown.filters, shown.document, shown.table.standing()) if shown is not None else self._kept

    def keep(self, state: object) -> None:
        """Begin with these."""
        if isinstance(state, tuple):
            self._kept = state


class DocumentsView(QWidget):
    """The list above, the chosen document below."""

    def __init__(self, workplace: Workplace) -> None:
        super().__init__(workplace.window.ground)
        self._workplace = workplace
        self.document: int | None = None
        self.filters = DocumentFilter()
        self.rows: RowsModel[DocumentLine] = RowsModel(document_columns(workplace), self._more, self)
        self.table: Table[DocumentLine] = Table(self.rows, self)
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

    def show_filter(self, filters: DocumentFilter) -> None:
        """Narrow to this."""
        self.filters = filters
        self.search.setText(filters.text)
        for box, value in ((self._level, filters.level), (self._state, filters.state)):
            box.setCurrentIndex(max(0, box.findData(value) if value else 0))

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

    def _show_all(self) -> None:
        self.search.clear()
        for box in (self._level, self._state):
            box.setCurrentIndex(0)

    def _whole(self) -> Empty:
        if not self._workplace.viewer.sees_book:
            return Empty(N_("Nothing in the book is for you to see."))
        new = CATALOGUE["propose_classification"]
        words = N_("No document is in the book. What comes in is registered from its envelope; what is made here begins"
                   " with its classification.")  # fmt: skip
        return Empty(words, new.label, partial(self._workplace.perform, new))

    def _more(self, _sort: str, after: Any, deliver: Deliver[DocumentLine]) -> None:
        place = self._workplace
        self.table.say_empty(self._whole() if self.filters == DocumentFilter() else narrowed(self._show_all))
        work = partial(
            place.desk.read, reads.document_page, self.filters, "newest", after, PAGE, viewer=place.viewer
        )  # fmt: skip
        place.background.read(work, lambda page: deliver(page.lines, page.next), key="page", owner=self)


def document_columns(workplace: Workplace) -> Sequence[Column[DocumentLine]]:
    """Mark, reference, title, state, originator, copies, until."""
    regimes = workplace.regimes
    return (
        Column(
            N_("Mark"),
            lambda line: mark_words(line, regimes),
            width=MARK_WIDTH,
            paint=lambda line: strip_of(line, regimes),
        ),
        Column(N_("Reference"), lambda line: line.reference or "", width=120),
        Column(N_("Title"), lambda line: line.title, width=230, grows=True),
        Column(N_("State"), lambda line: _(DOCUMENT_STATE_NAMES[line.state]), width=156),
        Column(N_("Copies"), lambda line: str(line.copies), width=60, align=RIGHT),
        Column(N_("Secret until"), lambda line: line.lifts.isoformat() if line.lifts else "", width=DAY_WIDTH),
        Column(N_("Originator"), lambda line: line.originator or "", width=120, grows=True),
    )
