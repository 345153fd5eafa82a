"""What every page receives: the desk, the lanes beside the window, and the ways to act, show, print and go on."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.actions import CATALOGUE
from app.actions.papers import FORM_NAMES
from app.domain.action import NOBODY, Action, Authority, Line, Ref, Refusal, Signature, Subject
from app.domain.regime import Regime
from app.domain.slip import SLIP_KINDS
from app.domain.words import N_, Says, says
from app.i18n import _
from app.services import accounts, cups
from app.services.accounts import Clock, SignedIn
from app.services.desk import Desk, Receipt, Refused
from app.services.offers import usual_answers
from app.services.slots import KEPT_WITH_A_SLOT
from app.settings import Settings
from app.store import reads
from app.store.failures import StoreUnavailable
from app.store.reads import CarrierFilter, CarrierLine, DocumentLine, HistoryLine, Viewer
from app.ui.action_dialog import ActionDialog
from app.ui.asked import Filters, Job, Opens, no_jobs
from app.ui.background import Background, is_there, owner_of
from app.ui.desk_sources import DeskSources
from app.ui.lines_model import NamedLine
from app.ui.main_window import MainWindow
from app.ui.marks import strip_of
from app.ui.notices import Link, Notice, Notices
from app.ui.reasons import as_sentence
from app.ui.telling import read_history, told_done
from app.ui.workstation import Beside, Judges, Start, TakeCode, Workstation

if TYPE_CHECKING:
    from app.services.printing import Printed

P = ParamSpec("P")
T = TypeVar("T")
Named: TypeAlias = NamedLine | CarrierLine | DocumentLine | Line | Ref
"""What can stand on a line of an act; each is shown with the words a person knows it by."""
TAKES_PASSWORDS = frozenset({"no_such_account", "wrong_password", "too_soon", "stale_slot"})
"""Failures of a second person's sign-in that belong beside the password."""

PAGE_OF = {
    Subject.DOCUMENT: "documents",
    Subject.SLIP: "slips",
    Subject.PERSON: "counter",
    Subject.ENVELOPE: "incoming",
}
"""Which page shows a subject that has no card."""


@dataclass
class Workplace:
    """One signed-in person at one register in one window."""

    seat: SignedIn
    window: MainWindow
    background: Background
    sources: DeskSources
    regimes: tuple[Regime, ...]
    viewer: Viewer
    settings: Settings
    keep_settings: Callable[[Settings], None] = lambda _settings: None
    job: Job = no_jobs
    card: Ref | None = field(default=None, init=False)
    """What the card at the right is about."""
    listeners: list[Callable[[Receipt], None]] = field(default_factory=list, init=False)
    """Told of every act performed at this desk."""
    on_change: Callable[[], object] = field(default=lambda: None, init=False)
    """Told when the book says something else: after an act, a print, an import by another process."""

    @property
    def desk(self) -> Desk:
        """The only way to read and write."""
        return self.seat.desk

    @property
    def notices(self) -> Notices:
        """Where things are said."""
        return self.window.notices

    @property
    def clock(self) -> Clock:
        """The workstation's clock."""
        return self.seat.clock

    @property
    def duties(self) -> frozenset[str]:
        """What the person signed in may do."""
        return self.viewer.duties

    def today(self) -> date:
        """The calendar day at this workstation."""
        return self.desk.today()

    def regime(self, code: str) -> Regime | None:
        """One of the regimes in force."""
        return next((regime for regime in self.regimes if regime.code == code), None)

    # --- reading ------------------------------------------------------------------------------------------------

    def read(
        self,
        done: Callable[[T], None],
        query: Callable[Concatenate[Any, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Read a function of `store.reads` beside the window; a later read with the same callback replaces this one."""
        key = (getattr(done, "__qualname__", repr(done)), getattr(query, "__name__", ""))
        self.background.read(
            partial(self.desk.read, query, *args, **kwargs), done, key=key,
            owner=owner_of(done) or self.window,
        )  # fmt: skip

    # --- acting -------------------------------------------------------------------------------------------------

    def perform(  # noqa: PLR0913 - what a dialog may be told beforehand
        self,
        action: type[Action] | str,
        lines: Sequence[Named] = (),
        authority: Authority = NOBODY,
        *,
        header: Says | str = "",
        initial: Mapping[str, Any] | None = None,
        known: Mapping[str, Any] | None = None,
        take_line: TakeCode | None = None,
        on_done: Callable[[Receipt], None] | None = None,
        parent: QWidget | None = None,
        through: Judges | None = None,
        beside: Beside | None = None,
    ) -> ActionDialog:
        """Open the dialog of an act; what it came to is said, and what is shown is read again."""
        declared = CATALOGUE[action] if isinstance(action, str) else action
        if through is None and declared.code in KEPT_WITH_A_SLOT:
            from app.ui.passwords import begin  # start-up: it needs the workplace

            return begin(self, declared, lines, known or {})
        named = [self.named(line) for line in lines]
        dialog = ActionDialog(
            Workstation(through or self.desk, self.background, self.sources_for(lines), self.second_person, self.today),
            declared,
            named,
            Start(header, initial or {}, known or {}, authority, take_line, beside),
            parent or self.window,
        )

        def propose() -> None:
            given = {**(known or {}), **dialog.form.leading()}
            work = partial(usual_answers, self.desk, declared, [each.line for each in named], given)
            self.background.read(work, dialog.offer, key="proposed", owner=dialog)

        dialog.form.led.connect(propose)
        propose()
        dialog.performed.connect(self.done)
        dialog.rule_wanted.connect(self.show_rule)
        if on_done is not None:
            dialog.performed.connect(on_done)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def begin(self, action: type[Action] | str, refs: Sequence[Ref]) -> None:
        """Open the dialog of an act on subjects known by number only: it says which carriers they are."""
        carriers = [ref.id for ref in refs if ref.kind is Subject.CARRIER]
        if not carriers:
            self.perform(action, refs)
            return

        def found(lines: Sequence[CarrierLine]) -> None:
            self.perform(action, lines)

        self.background.read(partial(self.desk.read, reads.lines_of, carriers, self.viewer), found, owner=self.window)

    def do(
        self,
        action: Action,
        lines: Sequence[Line | Ref] = (),
        authority: Authority = NOBODY,
        *,
        on_done: Callable[[Receipt], None] | None = None,
        on_refused: Callable[[Refused], None] | None = None,
    ) -> None:
        """Perform an act whose questions are all answered, without a dialog."""

        def performed(receipt: Receipt) -> None:
            self.done(receipt)
            if on_done is not None and is_there(on_done):
                on_done(receipt)

        def refused(why: Refused) -> None:
            (on_refused if on_refused is not None and is_there(on_refused) else self.refused)(why)

        work = partial(self.desk.perform, action, list(lines), authority)
        self.background.run(work, performed, refused, owner=self.window)

    def done(self, receipt: Receipt) -> None:
        """Say what was done, offer its paper and its counter-act, and read again what is shown."""
        action = CATALOGUE[receipt.action]
        links = [
            Link(says(N_("Print: {form}"), form=says(FORM_NAMES[code])), partial(self._print, code, receipt))
            for code in receipt.prints[:2]
        ]
        if receipt.slip is not None:
            links.append(Link(N_("Open the slip"), partial(self.go_slip, receipt.slip)))
        if receipt.undo in CATALOGUE:
            links.append(Link(N_("Undo…"), partial(self.undo, receipt)))
        label = _(action.label).rstrip("…")
        self._tell(self.notices.say(says(N_("Done: {act}."), act=label), "good", *links), receipt)
        for listener in self.listeners:
            listener(receipt)
        self.reload()

    def _tell(self, notice: Notice, receipt: Receipt) -> None:
        """Put the entry's own sentence in place of the act's name: what went to whom, until when, on which slip."""
        if not receipt.subjects:
            return

        def entered(lines: Sequence[HistoryLine]) -> None:
            if lines and lines[0].act == receipt.act:
                self.notices.reword(notice, told_done(lines[0], len(receipt.subjects)))

        work = partial(read_history, self.desk, receipt.subjects[0], None, 1)
        self.background.read(work, entered, owner=self.window)

    def undo(self, receipt: Receipt) -> None:
        """Offer the counter-act of what was just done; nothing is ever erased."""
        if receipt.undo is None:
            return
        counter = CATALOGUE[receipt.undo]
        if counter.subject is Subject.SLIP and receipt.slip is not None:
            self.perform(counter, [Ref(Subject.SLIP, receipt.slip)])
        else:
            self.begin(counter, [ref for ref in receipt.subjects if ref.kind is counter.subject])

    def refused(self, refused: Refused) -> None:
        """Say why not, where no dialog is open to say it."""
        for refusal in refused.refusals[:3]:
            self.say_refusal(refusal)

    def say_refusal(self, refusal: Refusal) -> None:
        """One reason in the notice strip, with what would lift it."""
        self.notices.say(as_sentence(refusal), "warn")

    def second_person(self, login: str, password: str, role: str) -> Signature:
        """Somebody else's signature; what is wrong with the password is a refusal beside it."""
        return _refused_beside(partial(accounts.second_person, self.seat, login, password, role))

    def same_person(self, password: str) -> bool:
        """Whether the person at the seat gives their own password again; what is wrong with it is a refusal."""
        return _refused_beside(partial(accounts.same_person, self.seat, password))

    def sources_for(self, lines: Sequence[object]) -> DeskSources:
        """Where a form finds its words: those of one regime when all lines are of it."""
        codes = {line.regime for line in lines if isinstance(line, CarrierLine | DocumentLine)}
        return self.sources.of_regime(codes.pop()) if len(codes) == 1 else self.sources

    def named(self, line: Named) -> NamedLine:
        """A line of an act with the words a person knows it by."""
        if isinstance(line, NamedLine):
            return line
        if isinstance(line, CarrierLine):
            return NamedLine(Line(line.ref), line.number, strip_of(line, self.regimes), line.title)
        if isinstance(line, DocumentLine):
            words = " · ".join(part for part in (line.reference, line.title) if part)
            return NamedLine(Line(line.ref), words, strip_of(line, self.regimes), line.title)
        if isinstance(line, Ref):
            return NamedLine(Line(line), "")
        return NamedLine(line, "")

    # --- showing ------------------------------------------------------------------------------------------------

    def show_card(self, ref: Ref | None) -> None:
        """Show the card of a carrier at the right; everything else has a page of its own."""
        from app.ui.card import CarrierCardView  # start-up: the card imports the workplace

        if ref is not None and ref.kind is not Subject.CARRIER:
            self.go_to(ref)
            return
        shown = self.window.card
        if isinstance(shown, CarrierCardView) and shown.ref == ref == self.card:
            shown.reload()
        else:
            self.card = ref
            self.window.show_card(None if ref is None else partial(CarrierCardView, self, ref))

    def open_card(self, ref: Ref) -> None:
        """Show the card of what somebody chose, and bring it into sight where the screen has no room for both."""
        self.show_card(ref)
        self.window.room.look_right()

    def show_rule(self, refusal: Refusal) -> None:
        """Show where a reason is written."""
        from app.ui.rule import RuleDialog  # start-up: only who asks for a rule

        RuleDialog(refusal, self.regimes, self.window).open()

    def go_to(self, ref: Ref) -> None:
        """Bring the page that shows this to the front; a carrier's is its card."""
        if ref.kind is Subject.CARRIER:
            self.open_card(ref)
            return
        page = self.window.go(PAGE_OF.get(ref.kind, ""))
        if isinstance(page, Opens):
            page.open(ref)

    def go_slip(self, number: int) -> None:
        """Show a slip."""
        self.go_to(Ref(Subject.SLIP, number))

    def go_carriers(self, filters: CarrierFilter) -> None:
        """Show a part of the list of carriers."""
        self.window.go("carriers", lambda page: page.show_filter(filters) if isinstance(page, Filters) else None)

    def reload(self) -> None:
        """Read again the page in front, the card and the counts in the rail."""
        self.on_change()
        if self.window.page is not None:
            self.window.page.reload()
        if self.card is not None:
            self.show_card(self.card)

    # --- paper --------------------------------------------------------------------------------------------------

    def preview(self, form_code: str, ref: Ref, **more: Any) -> None:
        """Print a form of a subject: drawn beside the window, then shown as the PDF it is."""
        asked = {**self.settings.on_paper, "more": more or None, "kept": True}
        self._draw(lambda: _printing().print_form(self.desk, form_code, ref, **asked), form_code)

    def reprint(self, paper: int) -> None:
        """Draw a print again from the lines it kept, marked as a reprint; as it was where no copy of it was made."""
        self._draw(lambda: _printing().shown_again(self.desk, paper), "")

    def check_anchor(self, text: str, done: Callable[[tuple[Says, bool, int | None] | None], None]) -> None:
        """What a scanned anchor says about the book: the sentence, whether it holds, the slip it belongs to."""

        def check() -> tuple[Says, bool, int | None] | None:
            scanned = self.desk.read(_printing().paper_named, text)
            if scanned is None or scanned.verdict is None:
                return None
            return scanned.verdict.sentence, scanned.verdict.holds, scanned.slip

        self.background.read(check, done, owner=self.window)

    def _draw(self, work: Callable[[], Printed], form_code: str) -> None:
        def draw() -> tuple[Printed, tuple[str, ...]]:
            return work(), cups.printers()

        # An act's other paper and its counter-act are still at hand after the first was printed.
        links = last.links if (last := self.notices.newest) is not None and last.kind == "good" else ()

        def drawn(answer: tuple[Printed, tuple[str, ...]]) -> None:
            from app.ui.printing import show_printed  # start-up: the PDF view only for paper

            printed, printers = answer
            self.notices.say(says(N_("Paper {n} is drawn and recorded."), n=printed.paper), "good", *links)
            self.reload()
            # In a turn of its own; one of 0 ms is none, Qt goes through those without a look at the keyboard.
            QTimer.singleShot(1, self.window, partial(show_printed, self, printed, form_code or printed.code, printers))

        self.notices.say(says(N_("Drawing the paper…")), "good", *links)
        self.background.run(draw, drawn, self.refused, owner=self.window)

    def _print(self, form_code: str, receipt: Receipt) -> None:
        """A form of a slip's kind is printed of the slip, every other of all the carriers of the act."""
        about_slip = any(form_code in kind.forms for kind in SLIP_KINDS.values())
        if receipt.slip is not None and about_slip:
            self.preview(form_code, Ref(Subject.SLIP, receipt.slip))
            return
        carriers = [ref.id for ref in receipt.subjects if ref.kind is Subject.CARRIER]
        self.preview(form_code, receipt.subjects[0], **({"carriers": carriers} if len(carriers) > 1 else {}))


def _refused_beside(ask: Callable[[], T]) -> T:
    """What a password opens; a wrong one is a refusal beside it."""
    try:
        return ask()
    except StoreUnavailable as error:
        if error.code not in TAKES_PASSWORDS:
            raise
        raise Refused([Refusal(error.code, error.cause, remedy=error.remedy)]) from error


def _printing() -> Any:
    """The printing service, imported in the lane that draws."""
    from app.services import printing  # start-up: reportlab only for paper

    importlib.import_module("app.ui.printing")  # and what shows it: half a second the first time
    return printing
