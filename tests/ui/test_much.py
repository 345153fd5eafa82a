"""What is large costs what is seen of it: five thousand lines, two hundred copies, the same mark a thousand times."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from app.actions.custody import MoveTo
from app.actions.disposition import FileToArchive
from app.domain.action import Line, Ref, Subject, refuse
from app.store.reads import CarrierFilter
from app.ui.background import Background
from app.ui.document_view import AT_ONCE, CopyCard
from app.ui.filter_chips import CHIPS, FilterChips
from app.ui.lines_model import LinesModel, NamedLine
from app.ui.lines_table import LinesTable
from app.ui.marks import strip_of
from app.ui.pages.carriers import CarriersPage
from app.ui.session import Session
from tests.ui.desk import register, session_of, settle
from tests.ui.kit import Office
from tests.unit import Unit

MANY = 5_000


def named(number: int) -> NamedLine:
    return NamedLine(Line(Ref(Subject.CARRIER, number)), f"绝-2026-{number:04d}")


class Counted(LinesModel):
    """Counts what the view asks of it."""

    asked = 0

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        self.asked += 1
        return super().data(index, role)


@pytest.mark.parametrize("action", [MoveTo, FileToArchive])
def test_a_dialog_s_table_asks_only_of_lines_that_show(themed: QApplication, qtbot: QtBot, action: Any) -> None:
    model = Counted(action, [named(number) for number in range(MANY)])
    table = LinesTable(model, Office(), lambda: date(2026, 11, 26))
    qtbot.addWidget(table)
    table.resize(700, 400)
    table.show()
    table.start()
    qtbot.wait(20)
    table.grab()
    assert 0 < model.asked < 1_500, "some twenty lines show"
    assert table.columnWidth(0) >= table.fontMetrics().horizontalAdvance("绝-2026-4999")


def test_one_more_line_on_many_is_known_again_and_reasons_find_theirs(qapp: QApplication) -> None:
    model = LinesModel(MoveTo, [named(number) for number in range(MANY)])
    assert not model.add(named(7))
    assert model.add(named(MANY))
    assert not model.add(named(MANY))
    here = replace(refuse("No."), subject=Ref(Subject.CARRIER, MANY))
    gone = replace(refuse("No."), subject=Ref(Subject.CARRIER, MANY + 1))
    assert model.show_refusals([here, gone]) == (gone,)
    model.drop([0])
    assert model.show_refusals([here]) == (here,)


def test_lanes_hand_python_on_at_once(qtbot: QtBot) -> None:
    before = sys.getswitchinterval()
    lanes = Background()
    assert sys.getswitchinterval() <= 0.0005
    lanes.close()
    assert sys.getswitchinterval() == before


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    return register(tmp_path / "unit")


@pytest.fixture
def session(themed: QApplication, qtbot: QtBot, unit: Unit) -> Iterator[Session]:
    with session_of(qtbot, unit) as shown:
        yield shown


def test_many_copies_come_a_few_at_a_time_and_all(session: Session, unit: Unit, qtbot: QtBot) -> None:
    copies = unit.received(3 * AT_ONCE + 1)
    document = unit.carrier(copies[0]).document
    session.place.go_to(Ref(Subject.DOCUMENT, document))
    page: Any = session.window.page
    seen: set[int] = set()

    def all_there() -> bool:
        shown = page.widget._below.widget()
        seen.add(len(shown.findChildren(CopyCard)) if shown is not None else 0)
        return max(seen) == len(copies)

    qtbot.waitUntil(all_there)
    assert seen & {AT_ONCE, 2 * AT_ONCE, 3 * AT_ONCE}, "never all at once"


def test_a_part_of_the_carriers_is_read_once(session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: Counter[Any] = Counter()
    ask = session.background.read
    monkeypatch.setattr(
        session.background, "read", lambda *args, **more: (reads.update([more.get("key")]), ask(*args, **more))[1]
    )
    for level in ("juemi", "mimi"):  # built anew, then as it stands
        reads.clear()
        session.place.go_carriers(CarrierFilter(level=level, text="计划"))
        settle(qtbot, session.background)
        assert reads["page"] == 1
        page = session.window.page
        assert isinstance(page, CarriersPage)
        assert page.widget.search.text() == "计划"
        assert page.widget.filters.level == level


def test_only_the_chip_that_says_something_else_is_built(session: Session, qtbot: QtBot) -> None:
    session.window.go("carriers")
    chips: Any = session.window.page.widget.chips  # type: ignore[union-attr]
    assert isinstance(chips, FilterChips)
    before = {field: button for field, (_words, button) in chips._buttons.items()}
    chips.set_field("level", "mimi")
    after = {field: button for field, (_words, button) in chips._buttons.items()}
    assert {field for field, button in after.items() if button is not before.get(field)} == {"level"}
    items = [chips._flow.itemAt(at) for at in range(chips._flow.count())]
    placed = [item.widget() for item in items if item is not None]
    assert placed[: len(after)] == list(after.values()), "in their order"
    assert list(after) == [chip.field for chip in CHIPS if chip.field in after]


def test_a_mark_is_worked_out_once(session: Session, qtbot: QtBot) -> None:
    session.window.go("carriers")
    settle(qtbot, session.background)
    lines = session.window.page.widget.rows.lines  # type: ignore[union-attr]
    first, regimes = lines[0], session.place.regimes
    assert strip_of(first, regimes) is strip_of(replace(first, id=first.id + 1), regimes)
    other = next(level for level in ("juemi", "jimi", "mimi") if level != first.level)
    assert strip_of(replace(first, level=other), regimes) != strip_of(first, regimes)


def test_the_side_of_a_slip_is_built_anew_only_when_it_says_something_else(
    session: Session, unit: Unit, qtbot: QtBot
) -> None:
    slip = unit.desk().read(lambda connection: connection.exec_driver_sql("SELECT max(id) FROM slips").scalar_one())
    session.place.go_slip(slip)
    settle(qtbot, session.background)
    view: Any = session.window.page.pane.view  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: view.side.widget() is not None)
    inner = view.side.widget()
    view.reload()
    settle(qtbot, session.background)
    qtbot.wait(20)
    assert view.side.widget() is inner


def test_another_language_leaves_no_widget_behind(session: Session, qtbot: QtBot) -> None:
    """Every page seen, a person on the counter, a card open: what was built for one language goes with it."""
    for code in list(session.window._pages):
        session.window.go(code)
        settle(qtbot, session.background)
    session.place.go_to(Ref(Subject.CARRIER, 1))

    def speak(language: str) -> Counter[str]:
        session.window.use_language(language)
        qtbot.waitUntil(lambda: not session.window.is_being_made)
        for code in ("counter", "carriers"):
            session.window.go(code)
            settle(qtbot, session.background)
        return Counter(type(widget).__name__ for widget in QApplication.allWidgets())

    for language in ("zh_CN", "en"):
        speak(language)
    before, listeners = speak("zh_CN"), len(session.place.listeners)
    speak("en")
    after = speak("zh_CN")
    assert after - before == Counter()
    assert len(session.place.listeners) == listeners


def test_a_line_that_searches_has_no_list_before_it_found_something(session: Session, qtbot: QtBot) -> None:
    session.window.go("counter")
    settle(qtbot, session.background)
    desk: Any = session.window.page.widget  # type: ignore[union-attr]
    search = desk.person.search
    assert search.findChildren(QListWidget) == []
    search.show_finds([])
    top: QWidget = search.list
    assert top.parent() is search
