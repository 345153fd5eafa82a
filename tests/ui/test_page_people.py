"""People and places at a real desk: found, entered, cleared, given duties; accounts with their key slots."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.services.accounts import unlock
from app.stage import CAST, SAFE, password_of
from app.store import vault
from app.store.vault import Locked
from app.ui.action_dialog import ActionDialog
from app.ui.action_menu import ActionMenu
from app.ui.credentials import PasswordLine
from app.ui.pages.people import ACCOUNTS, PEOPLE, PLACES
from app.ui.passwords import NewSheet
from app.ui.preview import Preview
from tests.ui.clerk import Clerk

NEW = "another horse, another battery"
NAMES = {login: at for at, login in enumerate(CAST, 1)}


class Person(Clerk):
    """Somebody at the page."""

    def page(self, tab: int = PEOPLE) -> Any:
        view = self.go("people").widget
        view.tabs.setCurrentIndex(tab)
        self.settle()
        return view

    def choose(self, who: str) -> Any:
        """The person's side of the page."""
        view = self.page()
        view.people.open_person(NAMES[who])
        self.settle()
        return view.people._beside.widget()

    def offered(self, widget: Any) -> set[str]:
        """The buttons that stand there."""
        return {each.text() for each in widget.findChildren(QPushButton) if each.isVisible()}

    def why_not(self, menu_owner: Any) -> str:
        """The reasons that stand under the buttons."""
        menus = [each for each in menu_owner.findChildren(ActionMenu) if each.isVisible()]
        return " ".join(each._reasons.text() for each in menus)

    def type_password(self, *words: str) -> None:
        """Fill the password lines of the open dialog, in order."""
        beside = self.dialog()._start.beside
        for line, text in zip(beside._lines, words, strict=True):
            line.setText(text)
        self.settle()

    def select(self, table: Any, at: int) -> None:
        table.selectRow(at)
        self.settle()

    @property
    def slots(self) -> set[tuple[int, int]]:
        return {(slot.account, slot.generation) for slot in vault.read_vault(self.place.seat.folder).slots}


@pytest.fixture
def at(qtbot: QtBot, tmp_path: Path, themed: object) -> Iterator[Any]:
    """Seats somebody at a fresh register."""
    seated: list[Person] = []

    def sit(login: str) -> Person:
        seated.append(Person(qtbot, tmp_path / "book", login))
        return seated[-1]

    yield sit
    for person in seated:
        person.close()
        assert person.faults == []


def test_people_are_found_and_one_is_shown_whole(at: Any) -> None:
    chen = at("chen")
    view = chen.page()
    assert len(view.people.rows.lines) == len(CAST)
    view.people.search.setText("00107")
    view.people.rows.reload()
    chen.settle()
    assert [line.name for line in view.people.rows.lines] == ["王磊 Wang Lei"]
    chen.select(view.people.table, 0)
    side = view.people._beside.widget()
    assert side.card.line.name == "王磊 Wang Lei"
    view.people.search.clear()
    view.people.department.setCurrentIndex(view.people.department.findData("Audit"))
    chen.settle()
    assert [line.name for line in view.people.rows.lines] == ["赵勤 Zhao Qin"]


def test_enter_after_a_name_shows_the_person(at: Any) -> None:
    chen = at("chen")
    people = chen.page().people
    people.search.setFocus()
    QTest.keyClicks(people.search, "00107")
    QTest.keyClick(people.search, Qt.Key.Key_Return)
    chen.settle()
    assert people._beside.widget().card.line.name == "王磊 Wang Lei"
    assert people.table.hasFocus()
    passed = [people.search]
    for _tab in range(3):
        passed[-1].setFocus()
        QTest.keyClick(passed[-1], Qt.Key.Key_Tab)
        passed.append(QApplication.focusWidget())
    assert passed == [people.search, people.department, people._left, people.table]


def test_what_a_duty_may_not_do_is_explained(at: Any) -> None:
    chen = at("chen")
    side = chen.choose("wang")
    assert not {"Clearance…", "Grant a duty…", "Left…"} & chen.offered(side)
    why = chen.why_not(side)
    assert "Grant a duty" in why
    assert "system administrator" in why


def test_the_auditor_reads_and_does_nothing(at: Any) -> None:
    zhao = at("zhao")
    view = zhao.page()
    assert "New person…" not in zhao.offered(view)
    assert "New person" in zhao.why_not(view)
    zhao.page(ACCOUNTS)
    assert "New account…" not in zhao.offered(view)


def test_a_person_is_entered_cleared_and_leaves(at: Any) -> None:
    zhou = at("zhou")
    view = zhou.page()
    zhou.press("New person…", view)
    zhou.fill(name="新人 Xin Ren", department="Department 9", badge="00901")
    zhou.confirm()
    assert view.people.rows.lines[-1].name == "新人 Xin Ren"
    person = view.people.rows.lines[-1].id
    view.people.open_person(person)
    zhou.settle()
    zhou.press("Clearance…", view.people._beside)
    zhou.fill(regime="cn-state", level="mimi")
    zhou.confirm()
    assert view.people._beside.widget().card.line.clearances == {"cn-state": "mimi"}
    zhou.press("Left…", view.people._beside)
    zhou.confirm()
    assert view.people._beside.widget().card.line.is_open is False
    assert person not in [line.id for line in view.people.rows.lines]


def test_a_duty_takes_a_second_administrator_in_the_dialog(at: Any) -> None:
    sun = at("sun")
    side = sun.choose("li")
    sun.press("Grant a duty…", side)
    sun.fill(duty="secrecy_officer")
    sun.sign("zhou", "administrator")
    sun.confirm()
    duties = {held.duty for held in sun.choose("li").card.duties}
    assert "secrecy_officer" in duties


def test_a_new_account_signs_in_afterwards(at: Any) -> None:
    sun = at("sun")
    view = sun.page(ACCOUNTS)
    sun.press("New account…", view)
    sun.fill(login="wang", person=NAMES["wang"])
    assert not sun.dialog()._confirm.isEnabled()
    sun.type_password("short", "short")
    assert not sun.dialog()._confirm.isEnabled()
    sun.type_password(NEW, NEW + "!")
    assert not sun.dialog()._confirm.isEnabled()
    sun.type_password(NEW, NEW)
    sun.confirm()
    assert "wang" in [line.login for line in view.accounts.rows.lines]
    folder, clock = sun.place.seat.folder, sun.stage.clock
    sun.close()
    with_account = unlock(folder, "wang", NEW, clock)
    assert with_account.account.person.id == NAMES["wang"]
    with_account.close()


def test_the_palette_never_opens_an_account_without_its_slot(at: Any) -> None:
    sun = at("sun")
    for label in ("New account…", "Change my password…", "New recovery sheet…"):
        command = next(each for each in sun.window._commands if each.label == label)
        command.do()
        assert isinstance(sun.dialog(), ActionDialog)
        assert sun.dialog()._start.beside is not None
        sun.dialog().reject()
        sun.settle()


def test_ones_own_password_is_changed_with_the_present_one(at: Any) -> None:
    chen = at("chen")
    chen.place.perform("change_password")
    chen.settle()
    chen.type_password("not my password", NEW, NEW)
    dialog = chen.dialog()
    dialog._confirm.click()
    chen.settle()
    assert dialog.isVisible()
    assert "password is not that of chen" in dialog._reasons.text()
    assert (NAMES["chen"], 1) in chen.slots
    chen.stage.later(seconds=5)
    chen.type_password(password_of("chen"), NEW, NEW)
    chen.confirm()
    assert {slot for slot in chen.slots if slot[0] == NAMES["chen"]} == {(NAMES["chen"], 2)}


def test_keys_lead_through_the_passwords_and_confirm_them(at: Any) -> None:
    chen = at("chen")
    chen.place.perform("change_password")
    chen.settle()
    lines = chen.dialog().findChildren(PasswordLine)
    lines[0].setFocus()
    for line, words in zip(lines, (password_of("chen"), NEW, NEW), strict=True):
        assert QApplication.focusWidget() is line
        QTest.keyClicks(line, words)
        if line is not lines[-1]:
            QTest.keyClick(line, Qt.Key.Key_Return)
    QTest.keyClick(lines[-1], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    chen.settle()
    assert {slot for slot in chen.slots if slot[0] == NAMES["chen"]} == {(NAMES["chen"], 2)}


def test_a_lost_password_is_reset_and_an_account_closed(at: Any) -> None:
    sun = at("sun")
    view = sun.page(ACCOUNTS)
    row = [line.login for line in view.accounts.rows.lines].index("wu")
    sun.select(view.accounts.table, row)
    sun.press("Reset the password…", view)
    sun.type_password(NEW, NEW)
    sun.sign("zhou", "administrator")
    sun.confirm()
    assert {slot for slot in sun.slots if slot[0] == NAMES["wu"]} == {(NAMES["wu"], 2)}
    sun.press("Close account…", view)
    sun.fill(reason="moved away")
    sun.confirm()
    assert not {slot for slot in sun.slots if slot[0] == NAMES["wu"]}
    assert "wu" not in [line.login for line in view.accounts.rows.lines]
    view.accounts._closed.setChecked(True)
    assert "wu" in [line.login for line in view.accounts.rows.lines]
    with pytest.raises(Locked):
        unlock(sun.place.seat.folder, "wu", NEW, sun.stage.clock)


def test_nobody_closes_the_account_they_sit_at(at: Any) -> None:
    sun = at("sun")
    view = sun.page(ACCOUNTS)
    sun.select(view.accounts.table, [line.login for line in view.accounts.rows.lines].index("sun"))
    assert "Close account…" not in sun.offered(view)
    assert "You are signed in with this account." in sun.why_not(view)


def test_a_new_recovery_sheet_is_printed_before_it_counts(at: Any) -> None:
    sun = at("sun")
    sun.place.perform("replace_recovery")
    sun.settle()
    beside = sun.dialog()._start.beside
    assert isinstance(beside, NewSheet)
    beside._draw.click()
    sun.settle()
    sun.dialog(Preview).done(0)
    assert not sun.dialog()._confirm.isEnabled()
    beside._kept.setChecked(True)
    sun.sign("zhou", "administrator")
    sun.confirm()
    assert {slot for slot in sun.slots if slot[0] == vault.RECOVERY} == {(vault.RECOVERY, 1)}


def test_a_sheet_that_is_given_up_is_forgotten(at: Any) -> None:
    sun = at("sun")
    sun.place.perform("replace_recovery")
    sun.settle()
    sun.dialog()._start.beside._draw.click()
    sun.settle()
    sun.dialog(Preview).done(0)
    assert (vault.RECOVERY, 1) in sun.slots
    sun.dialog().reject()
    sun.settle()
    assert {slot for slot in sun.slots if slot[0] == vault.RECOVERY} == {(vault.RECOVERY, 0)}


def test_the_keeper_of_the_chosen_place_is_named(at: Any) -> None:
    zhou = at("zhou")
    view = zhou.page(PLACES)
    row = next(at for at, stock in enumerate(view.places.rows.lines) if stock.line.id == SAFE)
    view.places.table.selectRow(row)
    zhou.settle()
    zhou.press("Name the keeper…", view)
    zhou.fill(keeper=zhou.stage.people["li"])
    zhou.confirm()
    assert view.places.rows.lines[row].line.keeper == zhou.stage.people["li"]


def test_a_place_is_entered_and_opens_its_part_of_carriers(at: Any) -> None:
    chen = at("chen")
    view = chen.page(PLACES)
    chen.press("New place…", view)
    chen.fill(name="Safe C-9", grade=9)
    chen.confirm()
    assert "Safe C-9" in [stock.line.name for stock in view.places.rows.lines]
    safe = next(stock for stock in view.places.rows.lines if stock.line.id == SAFE)
    assert safe.held == 0
    view.places.show_carriers(safe)
    chen.settle()
    assert chen.window.page is not None
    assert chen.window.page.code == "carriers"
