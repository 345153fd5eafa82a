"""Everything a person can open in the window, one after the other, for tests that look at all of it."""

from __future__ import annotations

import importlib
import pkgutil
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

import app.ui
from app.actions import CATALOGUE
from app.actions.handover import OpenHandover
from app.domain.action import Ref, Refusal, Subject, questions
from app.domain.people import DUTIES
from app.domain.slip import SLIP_KINDS
from app.domain.words import N_, says
from app.i18n import _
from app.sample import make_sample
from app.stage import CAST, SAFE, Moving, Stage
from app.store import vault
from app.ui import charts
from app.ui.beginning import FIRST_QUESTIONS, AskCarrier, NewScannedSlip
from app.ui.fault import Fault, FaultDialog
from app.ui.filter_chips import CHIPS, PickDialog
from app.ui.form import BUILDERS
from app.ui.gate import Gate
from app.ui.importing import ImportDialog
from app.ui.imports_dialog import ImportsDialog
from app.ui.lock import LockScreen
from app.ui.long_work import ProgressDialog
from app.ui.palette import Palette
from app.ui.paper_back import PaperBackDialog
from app.ui.preview import Preview
from app.ui.recovery import RecoveryDialog
from app.ui.rule import RuleDialog
from app.ui.sample_dialog import SampleDialog
from app.ui.sign_in import SignInWindow
from app.ui.signing import PREFIX
from app.ui.top_bar import Heading
from app.ui.wizard import NewRegister
from app.ui.workplace import Workplace
from tests.ui.clerk import Clerk

CHEAP = vault.Cost(memory_kib=8, passes=1, lanes=1)
SMALLEST = (1366, 768)
PATIENCE = 20
"""Seconds."""
IMPORTS: tuple[Mapping[str, Any], ...] = (
    {"read": 3, "registered": 2, "rejected": 1, "tried": True, "reasons": ["Rejected in 密级, row 3: no level"]},
    {"read": 3, "registered": 2, "rejected": 1, "muster": 1, "rejects_file": __file__},
    {"read": 3, "cancelled": True},
)
"""What an import can come to."""
Sight = tuple[str, QWidget]
"""A name for the failure message, and the widget that is open now."""


def now() -> datetime:
    return datetime.now().astimezone().replace(microsecond=0)


def sample(folder: Path, carriers: int = 200) -> Path:
    """The sample register, small and quickly opened."""
    make_sample(folder, now, carriers=carriers, cost=CHEAP)
    return folder


class Visitor(Clerk):
    """A clerk at the sample register, whom every door is open."""

    def __init__(self, qtbot: Any, folder: Path, login: str = "chen") -> None:
        self.qtbot, self.folder = qtbot, folder
        self.stage = Stage(folder, None, Moving(now()), {login: at for at, login in enumerate(CAST, 1)})  # type: ignore[arg-type]
        self._sit(folder, login)
        self.window.sign_in(Heading("Custos", "第二研究院", "", CAST[login].name), tuple(DUTIES))
        self.window.resize(*SMALLEST)
        self.settle()

    def settle(self) -> None:
        """Until nothing is read or written any more, without the pauses of a waiting person."""
        quiet, ends = 0, time.monotonic() + PATIENCE
        while quiet < 3:  # answers ask again
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QApplication.processEvents()
            if self.session.background.is_idle and not self.window.is_being_made and not self._a_picture_waits():
                quiet += 1
            else:
                quiet = 0
                time.sleep(0.001)
            assert time.monotonic() < ends, "the window never came to rest"
        if self.faults:
            raise self.faults[0]

    def _a_picture_waits(self) -> bool:
        """Whether one is still to be drawn: until then its legend has the room of an older one."""
        seen = [chart for chart in self.window.findChildren(charts.BarChart) if chart.isVisible()]
        return bool(seen) and (
            charts._turns_of(QApplication.instance()).is_busy or any(chart._later.isActive() for chart in seen)
        )

    def ids(self, statement: str) -> list[int]:
        """What a query of the register finds."""
        with self.stage.database.reading() as connection:
            return list(connection.exec_driver_sql(statement).scalars())

    @property
    def codes(self) -> tuple[str, ...]:
        """Every page that the composition root builds."""
        return tuple(page.code for page in self.session._pages(self.window))

    def press_away(self, dialog: QDialog) -> None:
        """Close a dialog, whatever it would rather."""
        if shiboken6.isValid(dialog):
            QDialog.done(dialog, 0)
        self.settle()


def everything(visitor: Visitor) -> Iterator[Sight]:
    """Sign-in and first start, pages with what can be open in them, every dialog, every act."""
    yield from before_the_window(visitor)
    yield from pages(visitor)
    yield from small_dialogs(visitor)
    yield from acts(visitor)
    yield from menus(visitor)
    yield from scan_lists(visitor)
    screen = LockScreen(visitor.place, "陈敏 Chen Min")
    visitor.window.cover(screen)
    yield "lock", screen
    visitor.window.uncover()


def dialogs_there_are() -> set[str]:
    """The class of every dialog in the program."""
    for module in pkgutil.walk_packages(app.ui.__path__, "app.ui."):
        importlib.import_module(module.name)
    return {kind.__name__ for kind in QDialog.__subclasses__() if kind.__module__.startswith("app.")}


class Asides:
    """Answers what the first windows ask aside, at once."""

    def ask(self, work: Callable[[], Any], done: Callable[[Future[Any]], None] | None = None) -> None:
        future: Future[Any] = Future()
        try:
            future.set_result(work())
        except Exception as error:  # noqa: BLE001 - as Aside carries it
            future.set_exception(error)
        if done is not None:
            done(future)

    def close(self) -> None:
        """Nothing to wait for."""


def before_the_window(visitor: Visitor) -> Iterator[Sight]:
    """Sign-in with its screens, the steps of a new register, the sample."""
    window = SignInWindow(Gate(now), [visitor.folder], aside=Asides())  # type: ignore[arg-type]
    window.show()
    yield "sign-in", window
    window.credentials.say_failure([says(N_("Choose the folder of a register that is already there."))], wait=4)
    yield "sign-in refused", window
    for name in ("_welcome", "_date"):
        window._stack.setCurrentWidget(getattr(window, name))
        yield f"sign-in{name}", window
    recovery = RecoveryDialog(Gate(now), visitor.folder, ["chen"], window, aside=Asides())  # type: ignore[arg-type]
    recovery.open()
    recovery.key._on_edited(0, "ABCDE FGHJK 12345")
    recovery.password._lines[0].setText("short")
    yield "recovery sheet", recovery
    visitor.press_away(recovery)
    wizard = NewRegister(now, window, aside=Asides())  # type: ignore[arg-type]
    wizard.open()
    wizard.unit.unit.setText("第二研究院")
    wizard.recovery.show_key("AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-HHHH")
    for at in range(len(wizard.steps)):
        wizard._go(at)
        yield f"new register, step {at + 1}", wizard
    QDialog.done(wizard, 0)
    wizard.deleteLater()
    accounts = [("chen", "sample-chen-2026", CAST["chen"].name), ("li", "sample-li-2026", CAST["li"].name)]
    offer = SampleDialog(lambda _folder: accounts, window, folder=visitor.folder, aside=Asides())  # type: ignore[arg-type]
    offer.open()
    yield "sample", offer
    offer._go.click()
    yield "sample, made", offer
    offer._is_made = False
    QDialog.done(offer, 0)
    window.close()
    window.deleteLater()


def pages(visitor: Visitor) -> Iterator[Sight]:
    """Every page, then what can be open in it: a card, a document, a person, a slip of each kind and state."""
    window, place = visitor.window, visitor.place
    for code in visitor.codes:
        visitor.go(code)
        yield f"page {code}", window
    for state in visitor.ids("SELECT DISTINCT state FROM carriers ORDER BY state"):
        visitor.go("carriers")
        place.show_card(Ref(Subject.CARRIER, visitor.ids(f"SELECT min(id) FROM carriers WHERE state = '{state}'")[0]))
        visitor.settle()
        yield f"card of a carrier, {state}", window
    tabs = visitor.go("people").widget.tabs
    for at in range(tabs.count()):
        tabs.setCurrentIndex(at)
        visitor.settle()
        yield f"people and places, tab {at + 1}", window
    tabs.setCurrentIndex(0)
    page = visitor.go("carriers")
    page.widget.table.selectRow(0)
    visitor.settle()
    yield "carriers, one chosen", window
    page.widget.table.selectAll()
    visitor.settle()
    yield "carriers, all chosen", window
    page.widget.table.clearSelection()
    for document in visitor.ids("SELECT min(id) FROM documents GROUP BY state"):
        place.go_to(Ref(Subject.DOCUMENT, document))
        visitor.settle()
        yield f"document {document}", window
    place.show_card(None)
    for person in ("wang", "chen"):
        visitor.go("counter")
        place.go_to(Ref(Subject.PERSON, visitor.stage.people[person]))
        visitor.settle()
        yield f"counter, {person}", window
    for command in ("lend", "return"):
        visitor.command(command)
        yield f"counter, {command}", window
    for slip in visitor.ids("SELECT min(id) FROM slips GROUP BY kind, state ORDER BY 1"):
        place.go_slip(slip)
        visitor.settle()
        yield f"slip {slip}", window
    for envelope in visitor.ids("SELECT min(id) FROM envelopes GROUP BY state"):
        place.go_to(Ref(Subject.ENVELOPE, envelope))
        visitor.settle()
        yield f"envelope {envelope}", window


def small_dialogs(visitor: Visitor) -> Iterator[Sight]:
    """Every dialog but those of acts."""
    window, place = visitor.window, visitor.place
    refusal = refusal_of_a_rule()
    opened: list[Callable[[], QDialog]] = [
        partial(RuleDialog, refusal, place.regimes, window),
        partial(ImportDialog, place),
        partial(ImportsDialog, place),
        *(partial(_import, place, result) for result in IMPORTS),
        partial(PaperBackDialog, place, visitor.ids("SELECT max(id) FROM slips WHERE kind = 'loan'")[0]),
        partial(AskCarrier, place, N_("Which copy is copied?"), lambda _line: None),
        partial(ProgressDialog, _("Export"), window),
        partial(_progress, window),
        partial(_fault, window),
        *(partial(PickDialog, _(chip.title), chip.kind, place, window) for chip in CHIPS if chip.kind is not None),
        *(
            partial(NewScannedSlip, place, kind, act, lambda _slip: None)
            for act in FIRST_QUESTIONS
            for kind in [CATALOGUE[act].slip_kind]
            if kind in SLIP_KINDS
        ),
    ]
    for build in opened:
        dialog = build()
        dialog.open()
        visitor.settle()
        yield f"{type(dialog).__name__} “{dialog.windowTitle()}”", dialog
        visitor.press_away(dialog)
    window.show_commands()
    palette = visitor.dialog(Palette)
    yield "palette", palette
    visitor.press_away(palette)
    place.preview("command_card", Ref(Subject.REGISTER, 1))
    paper = visitor.dialog(Preview)
    yield "preview", paper
    paper.paper = replace(paper.paper, missing=("■",))
    paper._load()
    yield "preview, a character is missing", paper
    visitor.press_away(paper)


def acts(visitor: Visitor) -> Iterator[Sight]:
    """The dialog of every act, on something of the kind it is done to."""
    subjects = {
        Subject.CARRIER: "SELECT min(id) FROM carriers WHERE state = 'in_stock'",
        Subject.DOCUMENT: "SELECT min(id) FROM documents",
        Subject.SLIP: "SELECT min(id) FROM slips",
        Subject.ENVELOPE: "SELECT min(id) FROM envelopes",
    }
    for code, action in CATALOGUE.items():
        number = visitor.ids(subjects[action.subject])[0] if action.subject in subjects else 1
        structures = {name: () for name, asked in questions(action).items() if asked.kind not in BUILDERS}
        dialog = visitor.place.perform(action, [Ref(action.subject, number)], known=structures)
        visitor.settle()
        yield f"act {code}", dialog
        if code == "lend":
            reason = replace(refusal_of_a_rule(), citation="")
            dialog._on_judged([reason, replace(reason, rule=f"{PREFIX}witness")])
            visitor.settle()
            yield f"act {code}, a signature is missing", dialog
        visitor.press_away(dialog)


def scan_lists(visitor: Visitor) -> Iterator[Sight]:
    """A handover while both sides scan: what fits, what does not, what nobody knows; its gaps and what blocks it."""
    stage, window = visitor.stage, visitor.window
    people = stage.people
    opened = stage.do(
        OpenHandover(
            giver=people["chen"], receiver=people["li"], supervisor=people["zhou"], reason="rotation", place=SAFE,
            named_by=people["wu"],
        ),
        signed=(("namer", "wu"),),
    )  # fmt: skip
    slip = opened.subjects[0].id
    visitor.place.go_slip(slip)
    visitor.settle()
    yield "handover, nothing scanned", window
    held = visitor.ids(f"SELECT carrier FROM slip_lines WHERE slip = {slip} AND status = 'listed' LIMIT 2")
    lent = visitor.ids("SELECT min(id) FROM carriers WHERE state = 'loan'")
    for number in (*held, held[0], *lent, 99_999):
        visitor.scan("C", number)
    yield "handover, half scanned", window


def menus(visitor: Visitor) -> Iterator[Sight]:
    """Every menu of every page."""
    for code in visitor.codes:
        visitor.go(code)
        for menu in visitor.window.findChildren(QMenu):
            if menu.actions():
                yield f"menu of {code}", menu


def refusal_of_a_rule() -> Refusal:
    """A reason with all that a reason can say."""
    return Refusal(
        "two_persons", says(N_("The register does not know this code.")), "art. 27",
        remedy=says(N_("Scan its label or type its number")), verified=False,
    )  # fmt: skip


def _import(place: Workplace, result: Mapping[str, Any]) -> QDialog:
    """A book that was tried, entered or stopped in the middle."""
    dialog = ImportDialog(place)
    dialog.show_report(result, dry_run=bool(result.get("tried")))
    return dialog


def _progress(parent: QWidget) -> QDialog:
    dialog = ProgressDialog(_("Export"), parent)
    dialog.show_progress(1_200, 100_000)
    return dialog


def _fault(parent: QWidget) -> QDialog:
    return FaultDialog(Fault("F-0A1B2C", "Custos · fault F-0A1B2C\nLookupError"), parent)
