"""The frame: navigation, scan line, page stack, notice strip, card, status, lock. It knows no business word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import i18n
from app.domain.words import N_, Says
from app.ui import qt_words, theme
from app.ui.action_menu import ActionMenu
from app.ui.bursts import BurstFilter, TakesCodes
from app.ui.card_pane import BuildCard, CardPane
from app.ui.cover import Cover, Covers
from app.ui.notices import Notices, NoticeStrip
from app.ui.page import Command, Finds, Keeps, Page, Returns, Status
from app.ui.palette import Palette
from app.ui.rail import Rail
from app.ui.refused_scans import is_code, refused, what_stands_before
from app.ui.room import Room
from app.ui.scan import Outcome, Sounds
from app.ui.top_bar import Foot, Heading, TopBar
from app.ui.turns import Turns

BuildPages = Callable[["MainWindow"], Sequence[Page]]
SMALLEST = (1100, 600)
THEME_NAMES = {"light": N_("Light colours"), "dark": N_("Dark colours"), "contrast": N_("High contrast")}


class MainWindow(QMainWindow):
    """Pages, a scan line, a notice strip and a lock."""

    scanned = Signal(str)
    """A code or typed text that the page in front does not take."""
    went = Signal(str)
    """The page that came to the front, by code."""
    locked = Signal()
    lock_wanted = Signal()
    language_chosen = Signal(str)
    theme_chosen = Signal(str)
    closing = Signal()
    card_put_away = Signal()

    def __init__(self, build: BuildPages, heading: Heading | None = None, *, sounds: bool = True) -> None:
        super().__init__()
        self.setObjectName("frame")
        self.resize(1366, 768)
        self.notices = Notices(self)
        self.sounds = Sounds(self, wanted=sounds)
        self._build = build
        self._heading = heading or Heading()
        self._pages: dict[str, Page] = {}
        self._here = ""
        self.finder = ""
        """The page that looks for things when the one in front does not."""
        self._card: BuildCard | None = None
        self._counts: dict[str, int] = {}
        self._status: tuple[Status, ...] = ()
        self._duties: frozenset[str] = frozenset()
        self._commands: tuple[Command, ...] = ()
        self._turns = Turns(self)
        self.room = Room(self)
        self._covers = Covers(self.room)  # the frame below, the lock screen above
        self._covers.setMinimumSize(theme.size(SMALLEST[0]), theme.size(SMALLEST[1]))
        self.room.setWidget(self._covers)
        self._cover = Cover(self._covers)
        self._whole: QWidget | None = None
        self.setCentralWidget(self.room)
        self._filter: BurstFilter | None = None
        self._keys()
        if heading is not None:  # else whoever signs in has the frame built, once
            self.rebuild()

    # --- what pages and the composition root may do -------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page in front."""
        return self._pages.get(self._here)

    @property
    def ground(self) -> QWidget:
        """What a page is built on: put under another parent later, each of its parts would be styled once more."""
        return self._stack

    @property
    def is_locked(self) -> bool:
        """Whether a cover hides everything."""
        return self._cover.is_on

    def watch_scans(self, application: QApplication) -> None:
        """Let a scanner be heard wherever the focus is."""
        self._filter = BurstFilter(application)
        self._filter.scanned.connect(self._on_burst)

    def go(self, code: str, ready: Callable[[Page], object] = lambda _page: None) -> Page | None:
        """Bring a page to the front and have it read again, made ready before: else it would read for nothing."""
        page = self._pages.get(code)
        if page is None:
            return None
        ready(page)
        self._here = code
        widget = page.widget
        if self._stack.indexOf(widget) < 0:
            self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        self._rail.show_here(code)
        page.reload()
        self.went.emit(code)
        return page

    def say(self, sentence: Says | str, kind: str = "good", *links: object) -> None:
        """Say something in the notice strip."""
        self.notices.say(sentence, kind, *links)  # type: ignore[arg-type]

    def answer_scan(self, outcome: Outcome, words: Says | str = "") -> None:
        """Sound and show what became of the newest scan, in sight of whoever looked at a card before."""
        self.room.look_left()
        self._top.scan.answer(outcome, words)

    @property
    def card(self) -> QWidget | None:
        """The card at the right."""
        return self._card_pane.card

    def show_card(self, build: BuildCard | None) -> None:
        """Show a card at the right, or none; it is built anew when the language changes."""
        self._card = build
        self._card_pane.show_card(build)
        self._fit_card()

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show in the rail what waits on each page, by the page's code."""
        self._counts = dict(counts)
        self._rail.show_counts(self._counts)

    def show_status(self, statements: Iterable[Status]) -> None:
        """Say in the status bar how the book stands."""
        self._status = tuple(statements)
        self._foot.show_status(self._status)

    def show_left(self, seconds: int) -> None:
        """Say when the window locks."""
        self._top.show_left(seconds)

    def sign_in(self, heading: Heading, duties: Iterable[str]) -> None:
        """Show whose desk this is now; pages that no duty may use are absent."""
        self._heading, self._duties = heading, frozenset(duties)
        self.rebuild()

    def head(self, heading: Heading) -> None:
        """Say this at the top when the frame is built the next time."""
        self._heading = heading

    def offer(self, commands: Iterable[Command]) -> None:
        """Put commands into the palette, beside the pages."""
        self._commands = tuple(commands)

    def cover(self, screen: QWidget) -> None:
        """Hide everything at once behind a screen, dialogs too; half-done work stays as it is."""
        self._cover.put(screen)
        self.locked.emit()

    def uncover(self) -> None:
        """Show everything again as it was."""
        self._cover.lift()

    def use_language(self, language: str) -> None:
        """Speak this language from now on; pages are built anew, half-done work is handed over."""
        i18n.use(language)
        self.language_chosen.emit(language)
        self._make_anew(partial(qt_words.speak, language))

    def use_theme(self, name: str) -> None:
        """Show these colours from now on."""
        self.theme_chosen.emit(name)
        self._make_anew(partial(theme.use, name))

    @property
    def is_being_made(self) -> bool:
        """Whether it is still being made anew, a part in each turn of the event loop."""
        return self._turns.is_busy

    def rebuild(self) -> None:
        """Build every part of the frame anew."""
        self._raise_frame()
        self._put_frame()
        self._go_on()
        self.show_card(self._card)

    def _make_anew(self, change: Callable[[], object]) -> None:
        """Take everything away, change what reaches every widget there is, and build it again.

        Together it held the window for a fifth of a second. What was there stays on the screen until all is back.
        Another change waits its turn: it would take away what this one is still building.
        """
        self._turns.now_or_after(partial(self._begin_anew, change))

    def _begin_anew(self, change: Callable[[], object]) -> None:
        self._covers.setUpdatesEnabled(False)
        self._turns.follow(
            *(old.deleteLater for old in self._take_pages_out()), partial(self._raise_frame, change),
            self._put_frame, self._go_on, lambda: self.show_card(self._card),
            lambda: self._covers.setUpdatesEnabled(True),
        )  # fmt: skip

    def _take_pages_out(self) -> list[QWidget]:
        """The widgets of all pages and the card, taken out of the frame; pages begin again with what is half done."""
        self._renew_pages()
        old = [self._stack.widget(at) for at in range(self._stack.count())]
        old.sort(key=lambda widget: widget is self._stack.currentWidget())  # else each would come to the front
        taken = [widget for widget in (*old, self._card_pane.take_card()) if widget is not None]
        for widget in taken:
            self._stack.removeWidget(widget)
        return taken

    def _renew_pages(self) -> None:
        kept = {code: page.kept() for code, page in self._pages.items() if isinstance(page, Keeps)}
        self._pages = {
            page.code: page for page in self._build(self) if not page.duties or self._duties & set(page.duties)
        }
        for code, state in kept.items():
            if isinstance(page := self._pages.get(code), Keeps):
                page.keep(state)

    def _raise_frame(self, change: Callable[[], object] = lambda: None) -> None:
        self._renew_pages()
        old = self._whole
        if old is not None:
            self._covers.removeWidget(old)
            old.deleteLater()
            QApplication.sendPostedEvents(old, QEvent.Type.DeferredDelete)  # one part less for the change to reach
        change()
        self._whole = self._frame()
        self._fit_card()

    def _put_frame(self) -> None:
        if self._whole is not None and self._covers.indexOf(self._whole) < 0:
            self._covers.insertWidget(0, self._whole)
        self.setWindowTitle(self._heading.register)
        self.show_counts(self._counts)
        self.show_status(self._status)

    def _go_on(self) -> None:
        if self._pages:
            self.go(self._here if self._here in self._pages else next(iter(self._pages)))

    # --- the parts ----------------------------------------------------------------------------------------------

    def _frame(self) -> QWidget:
        frame = QWidget(self._covers)
        self._top = TopBar(self._heading, self.sounds, frame)
        self._rail = Rail(list(self._pages.values()), frame)
        self._foot = Foot(frame)
        self._stack = QStackedWidget(frame)
        self._card_pane = CardPane(frame)
        self._wire()
        middle = QVBoxLayout()
        middle.setContentsMargins(20, 12, 20, 12)
        middle.setSpacing(8)
        middle.addWidget(NoticeStrip(self.notices, frame))
        middle.addWidget(self._stack, 1)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._rail)
        body.addLayout(middle, 1)
        body.addWidget(self._card_pane)
        whole = QVBoxLayout(frame)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._top)
        whole.addLayout(body, 1)
        whole.addWidget(self._foot)
        return frame

    def _wire(self) -> None:
        self._top.scan.line.submitted.connect(self._on_scan)
        self._top.find_wanted.connect(self._find)
        self._top.commands_wanted.connect(self.show_commands)
        self._top.lock_wanted.connect(self.lock_wanted)
        self._foot.language_wanted.connect(self.use_language)
        self._rail.chosen.connect(self._on_chosen)
        self._card_pane.put_away.connect(self.card_put_away)

    def _keys(self) -> None:
        for key, do in (
            ("F2", self.focus_scan), ("F3", self._find), ("Ctrl+K", self.show_commands), ("F5", self._reload),
            ("Ctrl+L", self.lock_wanted.emit),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), self, lambda do=do: None if self.is_locked else do())

    def focus_scan(self) -> None:
        """To the scan line: F2, or when a field beside a scan list is done with."""
        self._top.scan.line.setFocus()
        self._top.scan.line.selectAll()
        self.room.ensureWidgetVisible(self._top.scan.line)

    def _find(self) -> None:
        if isinstance(self.page, Finds):
            self.page.find()
        elif isinstance(found := self.go(self.finder), Finds):
            found.find()
        else:
            self.show_commands()

    def _on_chosen(self, code: str) -> None:
        if code == self._here and isinstance(self.page, Returns):
            self.page.back()
        self.go(code)

    def _reload(self) -> None:
        if self.page is not None:
            self.page.reload()

    def _on_burst(self, code: str) -> None:
        self._turns.now_or_after(partial(self._let_through, code))

    def _let_through(self, code: str) -> None:
        """Behind a dialog or the lock nothing moves; while the window is being made anew a scan waits for it."""
        stands = what_stands_before(self._covers.currentWidget() if self.is_locked else None)
        if stands is None:
            self._top.scan.line.setFocus()  # where the letter of an act wants its Enter, wherever the focus was
            self._top.scan.line.submit(code)
            return
        self.notices.hear_scan()
        answer = refused(stands, code)
        self.answer_scan(Outcome.BLOCKED, answer)
        self.notices.say_of_scan(answer, kept=is_code(code))

    def _on_scan(self, code: str) -> None:
        self.notices.hear_scan()
        if len(code) == 1 and self._press(code):
            return
        if not (isinstance(self.page, TakesCodes) and self.page.take_code(code)):
            self.scanned.emit(code)

    def _press(self, key: str) -> bool:
        """After a scan the focus is in the scan line: there the key of an act is its letter and Enter."""
        menus = (*self._card_pane.findChildren(ActionMenu), *self._stack.findChildren(ActionMenu))
        return any(menu.press(key) for menu in menus if menu.isVisible())

    def show_commands(self) -> None:
        """Open the palette with the pages, the commands and the themes."""
        pages = [Command(page.title, partial(self.go, code), icon=page.icon) for code, page in self._pages.items()]
        looks = [
            Command(words, partial(self.use_theme, name), icon="theme-light-dark")
            for name, words in THEME_NAMES.items()
        ]
        palette = Palette([*self._commands, *pages, *looks], self)
        palette.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        palette.open()

    def _fit_card(self) -> None:
        self._card_pane.fit(self.width(), is_wanted=self._card is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_card()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit()
        super().closeEvent(event)
