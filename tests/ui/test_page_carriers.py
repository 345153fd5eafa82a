"""Carriers: chips narrow, orders are named, views are kept, several are acted on at once, an export has a child."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.actions.custody import MoveTo
from app.domain.carrier import State
from app.services.filters import filter_from, filter_plain
from app.services.remembering import remembered
from app.services.slow_reads import SlowRead
from app.store.reads import CarrierFilter
from app.ui.action_dialog import ActionDialog
from app.ui.bulk import bulk_acts
from app.ui.card import CarrierCardView
from app.ui.export_dialog import export_to
from app.ui.filter_chips import HELD_STATES
from app.ui.long_work import ProgressDialog
from app.ui.pages.carriers import VIEWS, CarriersView, natural_sort
from app.ui.session import Session
from app.ui.table import Table
from tests.ui.desk import register, session_of, settle
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    return register(tmp_path / "unit")


@pytest.fixture
def session(themed: QApplication, qtbot: QtBot, unit: Unit) -> Iterator[Session]:
    with session_of(qtbot, unit) as shown:
        shown.window.go("carriers")
        settle(qtbot, shown.background)
        yield shown


def view(session: Session) -> CarriersView:
    page = session.window.page
    assert page is not None
    assert isinstance(page.widget, CarriersView)
    return page.widget


def numbers(session: Session) -> list[str]:
    return [line.number for line in view(session).rows.lines]


def buttons(session: Session) -> list[str]:
    return [each.text() for each in view(session)._bulk.findChildren(QPushButton) if each.isVisible()]


def test_the_list_and_its_totals(session: Session) -> None:
    assert len(numbers(session)) == 8
    assert "8 on our charge" in view(session)._totals.text()
    assert view(session)._shown.text() == "8 shown"


def test_each_chip_narrows_and_is_lifted(session: Session, unit: Unit, qtbot: QtBot) -> None:
    chips = view(session).chips
    for field, value, count in (
        ("level", "juemi", 2), ("states", (State.LOAN,), 1), ("states", HELD_STATES, 8),
        ("hands", unit.people["reader"], 1), ("place", unit.places["safe"], 7), ("due_before", unit.today, 1),
        ("document", 1, 4), ("kind", "optical", 0), ("regime", "cn-state", 8), ("department", "registry", 8),
        ("remark_due", True, 0), ("label", "verified", 6),
    ):  # fmt: skip
        chips.show_filter(CarrierFilter())
        chips.set_field(field, value)
        settle(qtbot, session.background)
        assert len(numbers(session)) == count, field
        chip = next(each for each in chips.findChildren(QPushButton) if each.isChecked())
        assert ": " in chip.text()
        assert "…" not in chip.text()


def test_text_finds_chinese_titles_numbers_and_nothing_hidden(session: Session, qtbot: QtBot) -> None:
    search = view(session).search
    for typed, count in (("保密", 4), ("neptune", 2), ("CU-绝", 2), ("关于年度", 4), ("nothing like it", 0)):
        search.setText(typed)
        QTest.keyClick(search, Qt.Key.Key_Return)
        settle(qtbot, session.background)
        assert len(numbers(session)) == count, typed
    search.clear()
    settle(qtbot, session.background)
    assert len(numbers(session)) == 8


def test_a_title_asks_for_its_order(session: Session, qtbot: QtBot) -> None:
    header = view(session).table.horizontalHeader()
    header.sectionClicked.emit(1)
    settle(qtbot, session.background)
    assert numbers(session) == sorted(numbers(session))
    assert natural_sort(CarrierFilter(document=1)) == "copy"
    assert natural_sort(CarrierFilter(level="mimi")) == "newest"


def test_a_line_under_the_cursor_shows_its_card(session: Session, qtbot: QtBot) -> None:
    view(session).table.selectRow(2)
    settle(qtbot, session.background)
    assert session.place.card == view(session).rows.line(2).ref


def test_several_are_acted_on_at_once(session: Session, unit: Unit, qtbot: QtBot) -> None:
    view(session).show_filter(CarrierFilter(level="juemi"))
    settle(qtbot, session.background)
    table = view(session).table
    table.selectAll()
    assert "Move to another place…" in buttons(session)
    move = next(act for act in bulk_acts(table.selected, session.place.duties) if act.code == "move_to")
    view(session)._begin(move)
    settle(qtbot, session.background)
    dialog = session.window.findChild(ActionDialog)
    assert isinstance(dialog, ActionDialog)
    assert len(dialog.lines.lines) == 2
    dialog.form.asked["place"].field.set_answer(unit.places["room"])
    qtbot.waitUntil(dialog._confirm.isEnabled)
    settle(qtbot, session.background)
    dialog._confirm.click()
    settle(qtbot, session.background)
    assert {line.place for line in view(session).rows.lines} == {"room"}
    assert "2 lines" in session.place.notices.newest.words  # type: ignore[union-attr]


def test_an_act_changes_one_row_and_the_parts_of_the_card_that_it_is_about(
    session: Session, unit: Unit, qtbot: QtBot
) -> None:
    table, rows = view(session).table, view(session).rows
    row = next(at for at, line in enumerate(rows.lines) if line.place == "safe")
    table.selectRow(row)
    settle(qtbot, session.background)
    line, card = rows.line(row), session.window.card
    assert isinstance(card, CarrierCardView)
    history = card._parts["history"]
    resets, changes = QSignalSpy(rows.modelReset), QSignalSpy(rows.dataChanged)
    session.place.do(MoveTo(place=unit.places["room"]), [line.ref])
    settle(qtbot, session.background)
    assert resets.count() == 0
    assert [changes.at(0)[0].row(), changes.at(0)[1].row(), changes.count()] == [row, row, 1]
    assert [chosen.place for chosen in table.selected] == ["room"]
    assert session.window.card is card
    assert card.card is not None
    assert card.card.line.place == "room"
    assert card._parts["history"] is not history
    session.place.reload()
    settle(qtbot, session.background)
    again = dict(card._parts)
    session.place.reload()
    settle(qtbot, session.background)
    assert card._parts == again, "nothing happened, so nothing is built"


def test_the_answers_of_a_chip_are_put_in_when_it_is_opened(session: Session) -> None:
    menus = [menu for button in view(session).chips.findChildren(QPushButton) if (menu := button.menu())]
    level = menus[0]
    assert level.actions() == []
    level.aboutToShow.emit()
    words = [entry.text() for entry in level.actions()]
    assert len(words) > 3
    level.aboutToShow.emit()
    assert [entry.text() for entry in level.actions()] == words


def test_acts_that_do_not_fit_all_of_them_are_not_offered(session: Session) -> None:
    everything = bulk_acts(view(session).rows.lines, session.place.duties)
    assert "lend" not in [act.code for act in everything]
    assert bulk_acts(view(session).rows.lines, frozenset({"auditor"})) == [
        act for act in everything if not act.duties
    ]  # fmt: skip


def test_a_view_is_kept_in_the_register(session: Session, unit: Unit, qtbot: QtBot) -> None:
    view(session).show_filter(CarrierFilter(level="juemi", due_before=unit.today, states=HELD_STATES))
    view(session)._keep_view("my secrets")
    settle(qtbot, session.background)
    kept = unit.desk().read(remembered, VIEWS)
    assert filter_from(kept["my secrets"]) == view(session).filters
    assert view(session).views.findText("my secrets") > 0
    view(session).show_filter(CarrierFilter())
    view(session)._on_view(view(session).views.findText("my secrets"))
    settle(qtbot, session.background)
    assert view(session).filters.level == "juemi"


def test_a_kept_view_of_another_version_still_opens() -> None:
    assert filter_from({"level": "mimi", "moon_phase": 3}) == CarrierFilter(level="mimi")
    filters = CarrierFilter(states=("loan",), text="会议")
    assert filter_from(filter_plain(filters)) == filters


def test_columns_put_away_are_remembered(session: Session, unit: Unit, qtbot: QtBot) -> None:
    view(session).table.hide_columns(["Title"])
    combo = view(session).views
    view(session)._on_view(combo.count() - 1)
    settle(qtbot, session.background)
    again = CarriersView(session.place)
    qtbot.addWidget(again)
    settle(qtbot, session.background)
    assert again.table.hidden() == ("Title",)


def test_a_read_can_be_stopped(unit: Unit) -> None:
    slow: SlowRead[int] = SlowRead()

    def endless(connection: Any) -> int:
        rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        return int(connection.exec_driver_sql(rows).scalar_one())

    threading.Timer(0.2, slow.stop).start()
    began = time.monotonic()
    assert slow.run(unit.desk(), endless) is None
    assert time.monotonic() - began < 5
    assert SlowRead[int]().run(unit.desk(), lambda _connection: 7) == 7


def test_an_export_says_how_far_it_is_and_what_came_of_it(
    themed: QApplication, qtbot: QtBot, unit: Unit, tmp_path: Path
) -> None:
    asked: list[Mapping[str, Any]] = []

    def job(
        name: str, answers: Mapping[str, Any], progress: Callable[[int, int], None], cancelled: Callable[[], bool]
    ) -> dict[str, Any]:
        asked.append(answers)
        progress(1_000, 4_000)
        return {"file": answers["file"], "rows": 4_000, "cut": 2, "stopped": False}

    with session_of(qtbot, unit, job=job) as session:
        dialog = export_to(session.place, tmp_path / "out.xlsx", CarrierFilter(level="mimi"), "number", session.window)
        assert isinstance(dialog, ProgressDialog)
        notices = session.place.notices
        qtbot.waitUntil(lambda: notices.newest is not None and "4,000" in notices.newest.words)
        assert notices.newest is not None
        assert "2 texts are cut" in notices.newest.words
        assert asked[0]["filter"] == {"level": "mimi"}
        settle(qtbot, session.background)


def test_a_filter_survives_a_change_of_language(session: Session, qtbot: QtBot) -> None:
    view(session).show_filter(CarrierFilter(level="juemi"))
    settle(qtbot, session.background)
    session.window.use_language("zh_CN")
    settle(qtbot, session.background)
    assert view(session).filters.level == "juemi"
    assert len(numbers(session)) == 2
    session.window.use_language("en")


def test_order_choice_and_place_in_the_list_survive_a_change_of_language(
    session: Session, unit: Unit, qtbot: QtBot
) -> None:
    unit.received(80)
    table = view(session).table
    table.horizontalHeader().sectionClicked.emit(1)
    settle(qtbot, session.background)
    ordered = numbers(session)
    for row in (61, 63):
        rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        table.selectionModel().select(view(session).rows.index(row, 0), rows)
    table.scrollTo(view(session).rows.index(60, 0), Table.ScrollHint.PositionAtTop)
    scrolled, chosen = table.verticalScrollBar().value(), [line.id for line in table.selected]
    assert scrolled > 0
    for _language in ("zh_CN", "en"):
        session.window.use_language(_language)
        qtbot.waitUntil(lambda: not session.window.is_being_made)
        settle(qtbot, session.background)
        again = view(session).table
        assert numbers(session) == ordered
        assert again.horizontalHeader().sortIndicatorSection() == 1
        assert [line.id for line in again.selected] == chosen
        qtbot.waitUntil(lambda again=again: again.verticalScrollBar().value() == scrolled)
    session.place.go_carriers(CarrierFilter(level="juemi"))
    settle(qtbot, session.background)
    assert view(session).table.selected == (), "another part of the list begins anew"


def test_who_does_not_see_the_book_sees_only_what_is_theirs(themed: QApplication, qtbot: QtBot, unit: Unit) -> None:
    with session_of(qtbot, unit, "reader2") as session:
        session.window.go("carriers")
        settle(qtbot, session.background)
        assert view(session)._totals.text() == ""
        assert all(line.title != "Operation Neptune" or line.is_cleared for line in view(session).rows.lines)
