"""Slips: one list for all kinds, and beside it the page of one; the Life section shows the same of some kinds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.domain.action import Ref, Subject
from app.domain.slip import SLIP_KINDS, SLIP_STATE_NAMES, SlipState
from app.domain.words import N_
from app.i18n import _
from app.store import reads
from app.store.reads import Page as LinesPage
from app.store.reads import SlipFilter, SlipLine
from app.ui import theme
from app.ui.flow import FlowLayout
from app.ui.marks import level_strip
from app.ui.nothing import Empty, narrowed
from app.ui.pages.slip_page import SlipView
from app.ui.rows import DAY_WIDTH, Column, RowsModel, Strip
from app.ui.slip_words import kind_words, named_words, role_words, state_words
from app.ui.table import Table
from app.ui.telling import brief_day, lateness
from app.ui.workplace import Workplace

PAGE = 100
PAUSE = 150
OPEN_ONES, ALL_OF_THEM = "open", ""
New = tuple[str, Callable[[], object]]
"""A button that begins something: its marked words, and what it does."""
Above = Callable[[QWidget], QWidget | None]
"""Builds what stands above the list."""


class SlipsPane(QWidget):
    """The list of slips of some kinds, and the one that is open in its place."""

    def __init__(
        self,
        workplace: Workplace,
        title: str,
        kinds: Sequence[str] = (),
        news: Sequence[New] = (),
        above: Above = lambda _parent: None,
        empty: str = "",
    ) -> None:
        super().__init__(workplace.window.ground)
        self._nothing = Empty(empty, *news[0]) if news else Empty(empty)
        self._workplace, self._title, self._kinds = workplace, title, tuple(kinds)
        self.view: SlipView | None = None
        self.rows: RowsModel[SlipLine] = RowsModel(self._columns(), self._more, self)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.rows.reload)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self._list(news, above))
        self.table.opened.connect(lambda line: self.open(line.id) if line is not None else None)
        self.table.clicked.connect(lambda index: self._on_click(self.rows.line(index.row()).id))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    # --- what it looks like -------------------------------------------------------------------------------------

    def _list(self, news: Sequence[New], above: Above) -> QWidget:
        page = QWidget(self._stack)
        self.table: Table[SlipLine] = Table(self.rows, page)
        title = QLabel(_(self._title), page)
        theme.mark(title, heading=True)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(title)
        head.addSpacing(8)
        buttons = QWidget(page)
        flow = FlowLayout(buttons)
        for place, (words, do) in enumerate(news):
            button = QPushButton(_(words), buttons)
            theme.mark(button, primary=place == 0)
            button.clicked.connect(lambda _checked=False, do=do: do())
            flow.addWidget(button)
        head.addWidget(buttons, 1)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        if (upper := above(page)) is not None:
            column.addWidget(upper, 2)
        column.addLayout(self._filters(page))
        column.addWidget(self.table, 3)
        return page

    def _filters(self, parent: QWidget) -> QHBoxLayout:
        self.number = QLineEdit(parent)
        self.number.setPlaceholderText(_("Number, e.g. L-2026-088"))
        self.number.setAccessibleName(_("Number of a slip"))
        self.number.setClearButtonEnabled(True)
        self.number.setFixedWidth(theme.size(220))
        self.kind, self.state = QComboBox(parent), QComboBox(parent)
        self.kind.setAccessibleName(_("Kind"))
        self.state.setAccessibleName(_("How far"))
        self.kind.addItem(_("Every kind"), "")
        for code in self._kinds or SLIP_KINDS:
            self.kind.addItem(kind_words(code), code)
        self.kind.setVisible(len(self._kinds) != 1)
        self.state.addItem(_("Open"), OPEN_ONES)
        self.state.addItem(_("Open and closed"), ALL_OF_THEM)
        for state in SlipState:
            self.state.addItem(_(SLIP_STATE_NAMES[state]), str(state))
        for box in (self.kind, self.state):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.currentIndexChanged.connect(lambda _at: self.rows.reload())
        self.number.textChanged.connect(lambda _text: self._pause.start())
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.number)
        row.addWidget(self.kind)
        row.addWidget(self.state)
        row.addStretch(1)
        return row

    def _columns(self) -> tuple[Column[SlipLine], ...]:
        return (
            Column(N_("Number"), lambda line: line.number, width=112),
            Column(N_("Kind"), named_words, width=140),
            Column(N_("State"), lambda line: state_words(line.state), width=132),
            Column(N_("Level"), lambda line: strip.words if (strip := self._strip(line)) else "",
                   width=96, paint=self._strip),
            Column(N_("For"), lambda line: line.party or line.outside or line.opened_by, width=130, grows=True),
            Column(N_("Done"), lambda line: f"{line.done:,} / {line.listed:,}" if line.listed else "", width=76),
            Column(N_("Due"), self._due, width=DAY_WIDTH, kind=self._late),
            Column(N_("Waits for"), self._waits, width=176),
            Column(N_("Opened on"), self._opened, width=DAY_WIDTH),
        )  # fmt: skip

    def _strip(self, line: SlipLine) -> Strip | None:
        return level_strip(line.level, self._workplace.regimes, line.regime) if line.level else None

    def _today(self) -> date:
        return self._workplace.today()

    def _due(self, line: SlipLine) -> str:
        if line.due is None or not line.is_open:
            return ""
        return lateness((self._today() - line.due).days, line.due, self._today())[0]

    def _opened(self, line: SlipLine) -> str:
        return brief_day(line.opened_at.astimezone().date(), self._today())

    def _late(self, line: SlipLine) -> str:
        if line.due is None or not line.is_open:
            return ""
        return lateness((self._today() - line.due).days, line.due, self._today())[1]

    def _waits(self, line: SlipLine) -> str:
        return role_words(self._workplace.regime(line.regime or ""), line.next_role) if line.next_role else ""

    # --- reading ------------------------------------------------------------------------------------------------

    @property
    def filters(self) -> SlipFilter:
        """What the list is narrowed to."""
        kind, state = str(self.kind.currentData()), str(self.state.currentData())
        return SlipFilter(
            kinds=(kind,) if kind else self._kinds,
            states=() if state in (OPEN_ONES, ALL_OF_THEM) else (state,),
            is_open=state == OPEN_ONES and not self.number.text().strip(),
            number=self.number.text(),
        )

    def _show_all(self) -> None:
        self.number.clear()
        for box in (self.kind, self.state):
            box.setCurrentIndex(0)

    def _more(self, _sort: str, after: Any, deliver: Callable[[Sequence[SlipLine], Any], None]) -> None:
        place = self._workplace
        is_all = self.filters == SlipFilter(kinds=self._kinds, is_open=True)
        self.table.say_empty(self._nothing if is_all else narrowed(self._show_all))
        work = partial(place.desk.read, reads.slip_page, self.filters, after, PAGE, viewer=place.viewer)

        def came(page: LinesPage[SlipLine]) -> None:
            deliver(page.lines, page.next)

        place.background.read(work, came, owner=self)

    def reload(self) -> None:
        """Read the list, or the slip that is open, again."""
        if self.view is not None:
            self.view.reload()
        else:
            self.rows.reload()

    def open(self, slip: int) -> SlipView:
        """Show one slip."""
        if self.view is not None and self.view.slip == slip:
            self.view.reload()
            return self.view
        self._drop()
        self.view = SlipView(self._workplace, slip, _(self._title), self._stack)
        self.view.left.connect(self.back)
        self._stack.addWidget(self.view)
        self._stack.setCurrentWidget(self.view)
        return self.view

    def _on_click(self, slip: int) -> None:
        """One click opens; the second, of whoever clicks twice, falls on nothing and presses no button of the slip."""
        view, deaf = self.open(slip), Qt.WidgetAttribute.WA_TransparentForMouseEvents
        view.setAttribute(deaf)
        QTimer.singleShot(QApplication.doubleClickInterval(), view, lambda: view.setAttribute(deaf, False))

    def back(self) -> None:
        """Show the list again."""
        self._drop()
        self._stack.setCurrentIndex(0)
        self.rows.reload()
        self.table.setFocus()

    def kept(self) -> dict[str, Any]:
        """What the list is narrowed to, how it stands, the slip that is open and what is being scanned on it."""
        return {
            "number": self.number.text(), "at": (self.kind.currentIndex(), self.state.currentIndex()),
            "list": self.table.standing(), "slip": self.view.slip if self.view is not None else None,
            "scans": self.view.mode if self.view is not None else "",
        }  # fmt: skip

    def keep(self, kept: dict[str, Any]) -> None:
        """Begin with these."""
        if kept:
            self.number.setText(kept["number"])
            for box, at in zip((self.kind, self.state), kept["at"], strict=True):
                box.setCurrentIndex(at)
            self.table.stand(kept["list"])
        if kept.get("slip"):
            self.open(kept["slip"]).resume = kept["scans"]

    def _drop(self) -> None:
        if self.view is not None:
            self._stack.removeWidget(self.view)
            self.view.deleteLater()
            self.view = None


class SlipsBase:
    """What every page with a list of slips has in common."""

    code = "slips"
    section = N_("Book")
    title = N_("Slips")
    icon = "clipboard-text-outline"
    duties: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    empty = N_("No slip is open. A loan begins at the Counter, every other slip on the pages of Life.")
    """What is said while no slip of these kinds is open."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._pane: SlipsPane | None = None
        self._kept: dict[str, Any] = {}

    @property
    def pane(self) -> SlipsPane:
        """The list with the slip that is open; built when it is first shown."""
        if self._pane is None:
            self._pane = self._build()
            self._pane.keep(self._kept)
        return self._pane

    @property
    def widget(self) -> QWidget:
        """What the frame shows."""
        return self.pane

    def _build(self) -> SlipsPane:
        return SlipsPane(self._workplace, self.title, self.kinds, self.news(), self.above, self.empty)

    def news(self) -> Sequence[New]:
        """What can be begun here."""
        return ()

    def above(self, _parent: QWidget) -> QWidget | None:
        """What stands above the list."""
        return None

    def reload(self) -> None:
        """Read again what is shown."""
        self.pane.reload()

    def open(self, ref: Ref) -> None:
        """Show a slip."""
        if ref.kind is Subject.SLIP:
            self.pane.open(ref.id)

    def back(self) -> None:
        """To the list, whatever slip is open."""
        self.pane.back()

    def find(self) -> None:
        """F3: to the number."""
        self.pane.back()
        self.pane.number.setFocus()

    def kept(self) -> object:
        """What the list is narrowed to and which slip is open, so that it is so again in another language."""
        return self._pane.kept() if self._pane is not None else self._kept

    def keep(self, state: object) -> None:
        """Open it again when the page is built."""
        if isinstance(state, dict):
            self._kept = state

    def take_code(self, code: str) -> bool:
        """A scan belongs to the scan list that is open."""
        view = self.pane.view
        return view is not None and view.take_code(code)

    def take_command(self, command: str) -> bool:
        """A scanned command belongs to the slip that is open."""
        view = self.pane.view
        return view is not None and view.take_command(command)


class SlipsPage(SlipsBase):
    """Every slip, whatever its kind."""
