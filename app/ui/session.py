"""One person at one register in one window: the frame with its pages, scans, counts, status and lock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from app.actions import CATALOGUE
from app.domain.people import DUTIES
from app.domain.words import N_, Says, Term, says, says_n
from app.i18n import _, in_words, render
from app.services.remembering import remember_proof, verify_what_is_new
from app.settings import Settings
from app.store import reads
from app.store.failures import StoreUnavailable
from app.store.reads import DueItem
from app.ui.background import Background, Priority
from app.ui.bursts import BurstFilter
from app.ui.commands import commands_of
from app.ui.desk_sources import DeskSources
from app.ui.dispatch import Dispatch
from app.ui.enter import EnterPresses
from app.ui.gate import Entered
from app.ui.idle import IdleClock
from app.ui.lock import LockScreen
from app.ui.long_work import LongWork, RunJob
from app.ui.main_window import MainWindow
from app.ui.page import Command, Page, Status
from app.ui.places import pages_of, slips_waiting
from app.ui.top_bar import Heading
from app.ui.workplace import Workplace

QUIET = 400
"""Milliseconds after an act before the counts are read again."""


@dataclass(frozen=True)
class Standing:
    """How the book stands: what the rail and the status bar say."""

    items: tuple[DueItem, ...]
    slips: Mapping[str, int]
    """How many are open, on each page of the rail that shows slips."""
    head: int


class Session(QObject):
    """Everything between signing in and leaving the seat."""

    ended = Signal(bool)
    """The window closed; true when somebody else wants to sign in."""

    def __init__(
        self,
        came: Entered,
        settings: Settings,
        keep_settings: Callable[[Settings], None],
        run_job: RunJob,
        on_fault: Callable[[BaseException], None],
    ) -> None:
        super().__init__()
        self._came, self._keep = came, keep_settings
        self._other = False
        self._proven: tuple[Says, str] | None = None
        self.background = Background(self)
        self.work = LongWork(run_job, self)
        self.work.fault.connect(on_fault)
        sources = DeskSources(came.seat.desk, self.background, came.regimes, came.viewer, came.departments, self)
        self.workplace: Workplace | None = None
        self.window = MainWindow(self._pages, sounds=settings.sounds)
        self.window.finder = "carriers"
        EnterPresses(self.window)
        self.workplace = Workplace(
            came.seat, self.window, self.background, sources, came.regimes, came.viewer, settings, self.keep_settings,
            self.work.start,
        )  # fmt: skip
        self.place = self.workplace
        self.dispatch = Dispatch(self.place)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(QUIET)
        self._pause.timeout.connect(self._read_standing)
        self._clock = IdleClock(_application(), settings.idle_minutes)
        self._wire(on_fault)
        self.window.sign_in(self._heading(), self.place.duties)
        self.window.offer(self._offered())

    def show(self) -> None:
        """Open the window and begin to count towards the lock."""
        self.window.watch_scans(_application())
        # On the smallest screen the frame of the window manager would push the status bar off it.
        small = _application().primaryScreen().availableGeometry()
        (self.window.showMaximized if small.width() <= 1400 or small.height() <= 800 else self.window.show)()
        self.window.focus_scan()
        self._clock.start()
        self._read_standing()
        self._verify()

    # --- putting it together ------------------------------------------------------------------------------------

    def _pages(self, _window: MainWindow) -> Sequence[Page]:
        return pages_of(self.workplace) if self.workplace is not None else ()

    def _wire(self, on_fault: Callable[[BaseException], None]) -> None:
        self.background.unavailable.connect(self._on_unavailable)
        self.background.refused.connect(self.place.refused)
        self.background.fault.connect(on_fault)
        self.place.on_change = self._pause.start
        self.window.card_put_away.connect(lambda: self.place.show_card(None))
        self.window.card_put_away.connect(self.window.room.look_left)
        self._clock.remaining.connect(self.window.show_left)
        self._clock.expired.connect(self.lock)
        self.window.lock_wanted.connect(self.lock)
        self.window.language_chosen.connect(self._on_language)
        self.window.theme_chosen.connect(lambda name: self.keep_settings(replace(self.place.settings, theme=name)))
        self.window.closing.connect(self._on_closing)

    def _heading(self) -> Heading:
        names = [in_words(Term(regime.name.zh, regime.name.en)) for regime in self._came.regimes]
        many = _("{n} regimes in force").format(n=len(names))
        regimes = " · ".join(names) if len(names) <= 2 else many
        known = [duty for duty in DUTIES if duty in self.place.duties]
        return Heading(
            "Custos", self._came.register.unit, regimes, self._came.seat.account.person.name,
            in_words(tuple(_(DUTIES[duty]) for duty in known)),
        )  # fmt: skip

    def keep_settings(self, settings: Settings) -> None:
        """Remember what this person chose on this workstation."""
        self.place.settings = settings
        self._keep(settings)

    def _on_language(self, language: str) -> None:
        self.keep_settings(replace(self.place.settings, language=language))  # type: ignore[arg-type]
        self.window.head(self._heading())
        self.window.offer(self._offered())
        self._pause.start()

    # --- how the book stands ------------------------------------------------------------------------------------

    def _read_standing(self) -> None:
        place = self.place
        work = partial(_standing, place)
        self.background.read(work, self._on_standing, key="standing", priority=Priority.QUIET)

    def _on_standing(self, standing: Standing) -> None:
        late = sum(item.late_days > 0 for item in standing.items)
        self.window.show_counts({"today": len(standing.items), **standing.slips})
        sentence, kind = self._proven or (says(N_("ledger {n}"), n=f"{standing.head:,}"), "")
        statements = [Status(render(sentence), kind)]
        if late:
            words = render(says_n("{n} late", "{n} late", late))
            statements.append(Status(words, "bad", partial(self.window.go, "today")))
        self.window.show_status(statements)

    def _offered(self) -> list[Command]:
        """What the palette offers: the acts, and the proof of the whole book for whoever doubts it."""
        return [*commands_of(self.place), Command(N_("Prove the whole book"), self._prove, icon="shield-check-outline")]

    def _prove(self) -> None:
        self.place.notices.say(says(N_("The whole book is being proven; go on working.")))
        self.work.start("verify", {"full": True}, lambda _done, _total: None, self._on_whole, self._on_no_proof)

    def _on_whole(self, result: Mapping[str, Any]) -> None:
        self._on_chain(result)
        if result["holds"]:
            n = f"{result['seq']:,}"
            self.place.notices.say(says(N_("The whole book holds: {n} entries, nothing was edited outside it."), n=n))

    def _verify(self) -> None:
        self.background.read(
            partial(verify_what_is_new, self.place.desk), self._on_verified, owner=self, priority=Priority.QUIET
        )

    def _on_verified(self, found: Any) -> None:
        if found is None:
            self.work.start("verify", {}, lambda _done, _total: None, self._on_chain, self._on_no_proof)
        elif found.holds:
            self._say_proven(found.seq)
        else:
            self._say_wrong(found.wrong)

    def _on_chain(self, result: Mapping[str, Any]) -> None:
        if result["holds"]:
            desk = self.place.desk
            keep = partial(remember_proof, desk, result["seq"], result["seal"], desk.now())
            self.background.run(keep, lambda _none: None, owner=self, priority=Priority.QUIET)
            self._say_proven(result["seq"])
        else:
            self._say_wrong(result["wrong"])

    def _on_no_proof(self, words: str) -> None:
        self.place.notices.say(words, "warn")

    def _say_proven(self, seq: int) -> None:
        at = f"{self.place.desk.now().astimezone():%H:%M}"
        self._proven = says(N_("ledger {n} ✓ verified {at}"), n=f"{seq:,}", at=at), "good"
        self._pause.start()

    def _say_wrong(self, wrong: Says | str) -> None:
        self._proven = says(N_("ledger: does not hold")), "bad"
        self.place.notices.say(wrong, "bad")
        self._pause.start()

    def _on_unavailable(self, error: StoreUnavailable) -> None:
        self.place.notices.say(says(N_("{reason} {remedy}"), reason=error.cause, remedy=error.remedy), "bad")

    # --- the lock and the end -----------------------------------------------------------------------------------

    def lock(self) -> None:
        """Hide everything at once; what is half done stays."""
        if self.window.is_locked:
            return
        screen = LockScreen(self.place, self._came.seat.account.person.name)
        screen.unlocked.connect(self._unlock)
        screen.other_wanted.connect(self._leave_to_other)
        self._clock.stop()
        self.window.cover(screen)

    def _unlock(self) -> None:
        self.window.uncover()
        self._clock.start()

    def _leave_to_other(self) -> None:
        self._other = True
        self.window.close()

    def _on_closing(self) -> None:
        self._clock.leave()
        for each in _application().findChildren(BurstFilter):
            each.leave()
        for top in QApplication.topLevelWidgets():
            if top is not self.window and top.parent() is not None and top.window() is top:
                top.hide()
        self.work.close()
        seat = self._came.seat
        self.background.run(partial(seat.desk.perform, CATALOGUE["sign_out"](), [seat.account.id]))
        self.background.close()
        seat.close()
        # The window still closes behind this signal.
        QTimer.singleShot(0, self, lambda: self.ended.emit(self._other))


def _standing(place: Workplace) -> Standing:
    """What waits, how many slips are open, how long the book is."""
    desk = place.desk
    limits = reads.limits_of(place.regimes)
    items = desk.read(reads.today_items, desk.today(), limits, viewer=place.viewer)
    return Standing(tuple(items), slips_waiting(desk.read(reads.open_slips)), desk.read(reads.ledger_head).seq)


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError("a session needs the application first")
    return application
