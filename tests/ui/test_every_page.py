"""Every page and dialog in both languages: nothing clipped, at 100 % and 200 %, in every theme, and never a stall."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.action import Ref, Subject
from app.domain.numbering import payload
from app.stage import REGISTER
from app.ui import theme
from app.ui.action_dialog import ActionDialog
from app.ui.background import Stall
from app.ui.session import Session
from tests.ui.conftest import themed
from tests.ui.look import clipped_in
from tests.ui.visit import SMALLEST, Visitor, everything, pages, sample

__all__ = ["themed"]

TRIES = 3
SCANS = 20
Steps = list[tuple[str, Callable[[], object]]]


@pytest.fixture
def visit(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[str], Visitor]]:
    came: list[Visitor] = []

    def begin(language: str = i18n.ENGLISH) -> Visitor:
        i18n.use(language)
        came.append(Visitor(qtbot, sample(tmp_path / f"sample-{len(came)}")))
        return came[-1]

    yield begin
    for visitor in came:
        visitor.close()


# --- room for every text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_is_clipped(visit: Callable[[str], Visitor], language: str) -> None:
    visitor = visit(language)
    found: dict[str, str] = {}
    for name, widget in everything(visitor):
        assert widget.width() <= SMALLEST[0], name
        assert widget.height() <= SMALLEST[1], name
        for fault in clipped_in(widget):
            found.setdefault(fault, name)
    assert not found, "\n".join(f"{fault}; {name}" for fault, name in found.items())


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_is_clipped_where_everything_is_twice_as_large(language: str, tmp_path: Path) -> None:
    """The same once more on a screen of 2732 × 1536 points at 200 %, which is a property of a whole process."""
    if os.environ.get("QT_SCALE_FACTOR"):
        return
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", __file__]
    done = subprocess.run(
        [*command, "-k", f"test_nothing_is_clipped[{language}]"],
        env={**os.environ, "QT_SCALE_FACTOR": "2", "PYTEST_ADDOPTS": "", "QT_QPA_PLATFORM": on_a_screen(tmp_path)},
        capture_output=True, text=True, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert "1 passed" in done.stdout, done.stdout[-4000:]


def on_a_screen(folder: Path) -> str:
    """The platform with a screen of 2732 × 1536 points; without it Qt draws on one of 800 × 800."""
    screen = {"name": "wide", "x": 0, "y": 0, "width": 2732, "height": 1536, "logicalDpi": 96}
    layout = folder / "screen.json"
    layout.write_text(json.dumps({"screens": [screen | {"logicalBaseDpi": 96, "dpr": 1}]}))
    return f"offscreen:configfile={layout}"


def test_nothing_is_clipped_where_this_person_chose_twice_the_size(visit: Callable[[str], Visitor]) -> None:
    theme.use("light", 2.0)
    try:
        visitor = visit(i18n.ENGLISH)
        visitor.window.resize(2 * SMALLEST[0], 2 * SMALLEST[1])
        visitor.settle()
        found = [f"{fault}; {name}" for name, widget in pages(visitor) for fault in clipped_in(widget)]
        assert not found, "\n".join(found)
    finally:
        theme.use("light", 1.0)


def test_a_text_without_room_is_found(visit: Callable[[str], Visitor]) -> None:
    page = visit(i18n.ENGLISH).go("carriers").widget
    assert not list(clipped_in(page))
    narrow, low, far = QLabel("A long sentence", page), QLabel("word " * 40, page), QPushButton("Beyond", page)
    low.setWordWrap(True)
    for widget, place in ((narrow, (0, 0, 30, 20)), (low, (0, 0, 200, 20)), (far, (page.width() - 30, 0, 200, 30))):
        widget.setGeometry(*place)
        widget.show()
        assert len(list(clipped_in(page))) == 1
        widget.hide()
    header = page.table.horizontalHeader()
    header.setMinimumSectionSize(8)
    header.resizeSection(0, 12)
    title = page.rows.headerData(0, Qt.Orientation.Horizontal)
    assert [fault for fault in clipped_in(page) if title in fault]


# --- looks -----------------------------------------------------------------------------------------------------------


def test_every_theme_shows_every_page(visit: Callable[[str], Visitor]) -> None:
    visitor = visit(i18n.ENGLISH)
    for name, tokens in theme.THEMES.items():
        visitor.window.use_theme(name)
        visitor.settle()
        for code in visitor.codes:
            visitor.go(code)
            image = visitor.window.grab().toImage()
            ratio = image.devicePixelRatio()
            assert image.pixelColor(round(3 * ratio), round(3 * ratio)).name().upper() == tokens.panel
    theme.use("light")


def test_every_page_goes_on_in_another_language(visit: Callable[[str], Visitor]) -> None:
    visitor = visit(i18n.ENGLISH)
    for code in visitor.codes:
        visitor.go(code)
        visitor.window.use_language(i18n.CHINESE)
        visitor.settle()
        assert visitor.window.page is not None
        assert visitor.window.page.code == code
        visitor.window.use_language(i18n.ENGLISH)
        visitor.settle()


# --- stalls ----------------------------------------------------------------------------------------------------------


def longest(visitor: Visitor, do: Callable[[], object]) -> float:
    """Milliseconds for which the window's thread was held until everything came to rest."""
    with Stall() as stall:
        do()
        visitor.settle()
    return stall.longest


def least(measure: Callable[[], float]) -> float:
    """Of some tries the best: what is in the program comes every time, what the machine does beside it does not."""
    best = measure()
    for _ in range(TRIES - 1):
        if best <= Stall.LIMIT:
            break
        best = min(best, measure())
    return best


def steps_of(visitor: Visitor) -> Steps:
    place, stage = visitor.place, visitor.stage
    return [
        *((f"page {code}", lambda code=code: visitor.window.go(code)) for code in visitor.codes),
        ("card", lambda: place.show_card(Ref(Subject.CARRIER, 7))),
        ("document", lambda: place.go_to(Ref(Subject.DOCUMENT, 7))),
        ("slip", lambda: place.go_slip(1)),
        ("person", lambda: place.go_to(Ref(Subject.PERSON, stage.people["wang"]))),
        ("dialog", lambda: place.perform("lend", [Ref(Subject.CARRIER, 7)])),
    ]


def test_no_page_and_no_dialog_holds_the_window(visit: Callable[[str], Visitor]) -> None:
    visitor = visit(i18n.ENGLISH)

    def afresh(do: Callable[[], object]) -> float:
        visitor.window.rebuild()  # each page is built again when it is shown
        visitor.settle()
        held = longest(visitor, do)
        for dialog in visitor.window.findChildren(ActionDialog):
            visitor.press_away(dialog)
        return held

    held = {name: least(lambda do=do: afresh(do)) for name, do in steps_of(visitor)}
    assert all(took <= Stall.LIMIT for took in held.values()), held


@pytest.mark.slow  # its margin on a busy machine is too thin for every run; `make bench` measures the same
def test_another_language_and_other_colours_do_not_hold_the_window(visit: Callable[[str], Visitor]) -> None:
    """With every page built and a card shown: as much as there ever is to make anew."""
    visitor = visit(i18n.ENGLISH)

    def changed(change: Callable[[], object]) -> float:
        for code in (*visitor.codes, "today"):
            visitor.go(code)
        visitor.place.show_card(Ref(Subject.CARRIER, 7))
        visitor.settle()
        return longest(visitor, change)

    languages = cycle((i18n.CHINESE, i18n.ENGLISH))
    themes = cycle(("dark", "light"))
    held = {
        "language": least(lambda: changed(lambda: visitor.window.use_language(next(languages)))),
        "theme": least(lambda: changed(lambda: visitor.window.use_theme(next(themes)))),
    }
    theme.use("light")
    assert all(took <= Stall.LIMIT for took in held.values()), held


def test_filling_and_performing_an_act_do_not_hold_the_window(visit: Callable[[str], Visitor]) -> None:
    visitor = visit(i18n.ENGLISH)
    free = iter(visitor.ids("SELECT id FROM carriers WHERE state = 'in_stock' AND place = 1 AND custodian = 1"))

    def act() -> float:
        dialog = visitor.place.perform("move_to", [Ref(Subject.CARRIER, next(free))])
        visitor.settle()
        filled = longest(visitor, lambda: dialog.form.asked["place"].field.set_answer(2))
        visitor.until(lambda: dialog._confirm.isEnabled() and not dialog._pause.isActive())
        return max(filled, longest(visitor, dialog._confirm.click))

    before = visitor.ids("SELECT max(seq) FROM ledger")[0]
    assert least(act) <= Stall.LIMIT
    assert visitor.ids("SELECT max(seq) FROM ledger")[0] > before


def test_codes_scanned_faster_than_anybody_can_do_not_hold_the_window(visit: Callable[[str], Visitor]) -> None:
    visitor = visit(i18n.ENGLISH)
    visitor.go("carriers")
    line = visitor.window._top.scan.line

    def scan() -> None:
        for number in range(1, SCANS + 1):
            line.submit(payload("C", REGISTER, number))
            ends = time.monotonic() + 0.03
            while time.monotonic() < ends:
                QApplication.processEvents()

    assert least(lambda: longest(visitor, scan)) <= Stall.LIMIT
    assert visitor.place.card == Ref(Subject.CARRIER, SCANS)


@pytest.mark.parametrize("hold", [lambda: time.sleep(0.08), lambda: spin(0.08)], ids=["asleep", "busy"])
def test_a_planted_stall_is_found(visit: Callable[[str], Visitor], hold: Callable[[], None]) -> None:
    visitor = visit(i18n.ENGLISH)
    page: Any = visitor.go("slips")
    shown = page.reload

    def slow() -> None:
        hold()
        shown()

    page.reload = slow
    assert least(lambda: longest(visitor, lambda: visitor.window.go("slips"))) > Stall.LIMIT


def spin(seconds: float) -> None:
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        pass


def test_the_session_is_what_the_program_builds(visit: Callable[[str], Visitor]) -> None:
    """What is visited is the session the composition root makes, with every page it has."""
    visitor = visit(i18n.ENGLISH)
    assert isinstance(visitor.session, Session)
    assert set(visitor.codes) == set(visitor.window._pages)
