"""At 200 % a small screen has half the room: everything is smaller or scrolled to, and nothing out of reach."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.words import N_, says
from app.ui import theme
from app.ui.action_dialog import ActionDialog
from app.ui.wizard import NewRegister
from tests.ui.conftest import themed
from tests.ui.visit import Visitor, acts, before_the_window, refusal_of_a_rule, sample, small_dialogs

__all__ = ["themed"]

HALF = (683, 384)
"""What 1366 × 768 is at 200 %."""

SEEN = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QScrollArea
from app.ui import theme
from app.ui.gate import Gate
from app.ui.main_window import MainWindow
from app.ui.page import Page
from app.ui.top_bar import Heading
from app.ui.palette import Palette
from app.ui.sign_in import SignInWindow
from app.main import clock
application = QApplication(sys.argv[:1])
theme.use("light")
room = application.primaryScreen().availableSize()
frame = MainWindow(lambda window: (), Heading(), sounds=False)
for window in (SignInWindow(Gate(clock)), Palette((), frame), frame):
    window.show()
    application.processEvents()
    least = window.minimumSizeHint()
    print(type(window).__name__, least.width() <= room.width(), least.height() <= room.height())
"""


@pytest.mark.parametrize("screen", ["683x384", "1366x768"])
def test_no_window_is_larger_than_the_screen(tmp_path: Path, screen: str) -> None:
    width, height = screen.split("x")
    ran = subprocess.run(
        [sys.executable, "-c", SEEN], capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": of_size(tmp_path, width, height), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split("\n")[:3] == [f"{name} True True" for name in ("SignInWindow", "Palette", "MainWindow")]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_dialog_is_larger_than_half_a_screen_and_each_has_its_buttons_in_sight(
    themed: QApplication, qtbot: QtBot, tmp_path: Path, language: str
) -> None:
    if themed.primaryScreen().availableSize().toTuple() != HALF:
        in_half_a_screen(
            tmp_path, f"test_no_dialog_is_larger_than_half_a_screen_and_each_has_its_buttons_in_sight[{language}]"
        )
        return
    i18n.use(language)
    visitor = Visitor(qtbot, sample(tmp_path / "sample"))
    found = set[str]()
    for walk in (before_the_window, small_dialogs, acts):
        for name, window in walk(visitor):
            if name.endswith("a signature is missing") and isinstance(window, ActionDialog):
                window.activateWindow()
                assert window.signatures.start()
                QApplication.processEvents()
                signs = next(iter(window.signatures.rows.values()))
                found |= {f"{name}: the signature is not scrolled to"} if is_cut(signs._login) else set()
                against_it(window, 6)
            QApplication.processEvents()
            found |= {f"{name}: {fault}" for fault in out_of_reach(window)}
    visitor.close()
    assert not found, "\n".join(sorted(found))


def test_a_step_of_a_new_register_is_scrolled_to_its_last_question(
    themed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    if themed.primaryScreen().availableSize().toTuple() != HALF:
        in_half_a_screen(tmp_path, "test_a_step_of_a_new_register_is_scrolled_to_its_last_question")
        return
    visitor = Visitor(qtbot, sample(tmp_path / "sample"))
    for name, window in before_the_window(visitor):
        if not isinstance(window, NewRegister) or not name.endswith("5"):
            continue
        last = window.people.panels[-1].again
        window.activateWindow()
        last.setFocus()
        QApplication.processEvents()
        assert not is_cut(last)
        heading = next(each for each in window.people.findChildren(QLabel) if each.text() == window.people.title)
        assert not is_cut(heading)
        break
    else:
        pytest.fail("the people of a new register were not asked for")
    visitor.close()


def of_size(folder: Path, width: object, height: object) -> str:
    """The platform with one screen of that size."""
    layout = folder / "screens.json"
    layout.write_text(f'{{"screens": [{{"name": "small", "x": 0, "y": 0, "width": {width}, "height": {height}}}]}}')
    return f"offscreen:configfile={layout}"


def in_half_a_screen(folder: Path, test: str) -> None:
    """The same test in a process whose screen is that small: a screen is a property of a whole process."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", __file__, "-k", test],
        env={**os.environ, "PYTEST_ADDOPTS": "", "QT_QPA_PLATFORM": of_size(folder, *HALF)},
        capture_output=True, text=True, check=False, timeout=300,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert "1 passed" in done.stdout, done.stdout[-4000:]


def against_it(dialog: ActionDialog, count: int) -> None:
    """So many rules say no, each in a sentence of its own."""
    reason = refusal_of_a_rule()
    sentence = N_("{n} rows registered.")
    dialog._on_judged([replace(reason, reason=says(sentence, n=str(at) * 60)) for at in range(count)])


def out_of_reach(window: QWidget) -> list[str]:
    """What a window has beyond the screen, and its buttons that nothing scrolls to and yet are not seen whole."""
    room = window.screen().availableSize()
    found = []
    if window.width() > room.width() or window.height() > room.height() - theme.FRAME:
        found.append(f"{window.width()} × {window.height()}")
    found += [
        f"“{button.text()}” is cut off"
        for button in window.findChildren(QAbstractButton)
        if button.isVisibleTo(window) and not scrolls(button, window) and is_cut(button)
    ]
    return found


def scrolls(widget: QWidget, window: QWidget) -> bool:
    above = widget.parentWidget()
    while above is not None and above is not window:
        if isinstance(above, QAbstractScrollArea):
            return True
        above = above.parentWidget()
    return False


def is_cut(widget: QWidget) -> bool:
    """Whether any of it is not seen."""
    return widget.visibleRegion().boundingRect() != QRect(QPoint(), widget.size())


def test_the_card_of_a_scanned_or_clicked_copy_is_brought_into_view(
    themed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    """It lay out of sight at the right; what is said of the next scan is at the left again."""
    visitor = Visitor(qtbot, sample(tmp_path / "sample"))
    window = visitor.window
    visitor.go("carriers")
    window.showNormal()
    window.resize(*HALF)
    visitor.settle()

    def is_seen(part: QWidget) -> bool:
        seen = QRect(window.room.viewport().mapToGlobal(QPoint()), window.room.viewport().size())
        return part.isVisible() and seen.contains(QRect(part.mapToGlobal(QPoint()), QSize(part.width(), 1)))

    outcome = window._top.scan._outcome
    visitor.scan("C", 1)
    qtbot.waitUntil(lambda: is_seen(window._card_pane))
    visitor.scan("C", 99_999)
    qtbot.waitUntil(lambda: is_seen(outcome))
    assert not is_seen(window._card_pane)
    visitor.scan("C", 2)
    qtbot.waitUntil(lambda: is_seen(window._card_pane))
    window.card_put_away.emit()
    qtbot.waitUntil(lambda: window.room.horizontalScrollBar().value() == 0)
    visitor.scan("C", 2)
    qtbot.waitUntil(lambda: is_seen(window._card_pane))
    window.focus_scan()
    assert is_seen(window._top.scan.line)
    table = window.page.widget.table
    at = table.visualRect(table.model().index(3, 1)).center()
    for _again in range(2):  # the second time it is the line under the cursor already
        window.room.look_left()
        qtbot.waitUntil(lambda: window.room.horizontalScrollBar().value() == 0)
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)
        qtbot.waitUntil(lambda: is_seen(window._card_pane))
    visitor.close()
