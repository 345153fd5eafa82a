"""The first start: what is wrong is said at once, what comes out can be signed in to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.i18n import render
from app.services import accounts
from app.services.shipped import read_shipped
from app.store.vault import Cost
from app.ui.aside import Aside
from app.ui.long_work import WorkRefused
from app.ui.sample_dialog import SampleDialog
from app.ui.wizard import NewRegister
from app.ui.wizard_people import PersonPanel

CHEAP = Cost(memory_kib=8, passes=1, lanes=1)
NOW = datetime(2026, 5, 11, 9, tzinfo=datetime.now().astimezone().tzinfo)
PASSWORD = "three green kettles"


@pytest.fixture
def wizard(themed: QApplication, qtbot: QtBot) -> NewRegister:
    shown = NewRegister(lambda: NOW, cost=CHEAP)
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitUntil(lambda: bool(shown.regimes.chosen), timeout=20_000)
    return shown


def fill(panel: PersonPanel, name: str, login: str) -> None:
    panel.name.setText(name)
    panel.login.setText(login)
    panel.password.setText(f"{PASSWORD} {login[::-1]}")
    panel.again.setText(f"{PASSWORD} {login[::-1]}")


def test_a_number_typed_wide_is_the_number(wizard: NewRegister) -> None:
    wizard.unit.number.selectAll()
    wizard.unit.number.lineEdit().insert("２７")
    assert (wizard.unit.number.value(), wizard.unit.number.text()) == (27, "27")


def test_a_register_is_begun_and_its_sheet_confirmed(wizard: NewRegister, qtbot: QtBot, tmp_path: Path) -> None:
    assert not wizard._next.isEnabled()
    wizard.unit.unit.setText("Second Institute")
    wizard.unit.folder.setText(str(tmp_path / "new"))
    wizard._next.click()
    first = read_shipped()[0]
    unsure = [label.text() for label in wizard.regimes.findChildren(QLabel) if "confirm" in label.text()]
    assert unsure[0].startswith(f"{first.unverified_rules} rules"), "every rule counts, not every source"
    assert first.unverified_rules > len(first.unverified)
    wizard._next.click()
    assert "→" in next(iter(wizard.numbering._shown.values())).text()
    wizard._next.click()
    wizard.places._rows[0][0].setText("Safe 1")
    wizard._next.click()
    accounts_wanted = (("Li Na", "lina"), ("Wang Lei", "wlei"), ("Sun", "sunq"))
    for panel, (name, login) in zip(wizard.people.panels, accounts_wanted, strict=True):
        fill(panel, name, login)
    assert wizard._next.isEnabled(), [render(reason) for reason in wizard.people.wrong()]
    wizard._next.click()
    qtbot.waitUntil(wizard.recovery.isVisible, timeout=30_000)
    assert not wizard._next.isEnabled()
    assert wizard.recovery._key.text().count("-") == 7
    assert wizard.focusWidget() is wizard.recovery.print
    wizard.recovery._is_kept.setChecked(True)
    with qtbot.waitSignal(wizard.founded) as founded:
        wizard._next.click()
    (folder,) = founded.args
    assert accounts.logins(folder) == ("lina", "wlei", "sunq")
    seat = accounts.unlock(folder, "lina", f"{PASSWORD} anil", lambda: NOW)
    assert seat.desk.regimes()[0].code == "cn-state"
    seat.close()


def test_escape_throws_away_nothing_that_was_entered(wizard: NewRegister, tmp_path: Path) -> None:
    wizard.unit.unit.setText("Second Institute")
    wizard.unit.folder.setText(str(tmp_path / "new"))
    wizard._next.click()
    QTest.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.isVisible()
    assert "Cancel" in wizard._wrong.text()
    wizard._cancel.click()
    assert not wizard.isVisible()


def test_each_step_begins_with_the_keyboard_at_its_first_question(wizard: NewRegister, tmp_path: Path) -> None:
    wizard.unit.unit.setText("Second Institute")
    wizard.unit.folder.setText(str(tmp_path / "new"))
    for step in wizard.steps[1:5]:
        wizard._next.setFocus()  # as a mouse does
        wizard._next.click()
        assert step.isAncestorOf(wizard.focusWidget())


def test_which_rules_nobody_compared_can_be_read_to_the_last(wizard: NewRegister, tmp_path: Path) -> None:
    wizard.unit.unit.setText("Second Institute")
    wizard.unit.folder.setText(str(tmp_path / "new"))
    wizard._next.click()
    which = next(each for each in wizard.regimes.findChildren(QPushButton) if each.text() == "Which?")
    which.click()
    QApplication.processEvents()
    rules = next(each for each in wizard.regimes.findChildren(QLabel) if each.text().count("\n") > 10)
    assert rules.isVisible()
    assert rules.height() >= rules.heightForWidth(rules.width())


def test_a_template_that_cannot_work_is_refused_while_it_is_typed(wizard: NewRegister) -> None:
    wizard.numbering.show_regimes(wizard.regimes.chosen, "CU")
    line = next(iter(wizard.numbering._lines.values()))
    line.setText("{unit}{0001}{level}{year}")
    assert wizard.numbering.wrong()
    line.setText("{level}-{year}-{0001}")
    assert not wizard.numbering.wrong()
    assert "2026-0001" in next(iter(wizard.numbering._shown.values())).text()


def test_duties_that_may_not_lie_in_one_hand_are_explained(wizard: NewRegister) -> None:
    panel = wizard.people.panels[0]
    fill(panel, "Li Na", "lina")
    assert not panel.wrong()
    panel._duties["auditor"].setChecked(True)
    assert any("auditor" in render(reason) for reason in panel.wrong())
    assert "auditor" in panel._wrong.text()


def test_a_weak_password_is_named_before_anything_is_made(wizard: NewRegister) -> None:
    panel = wizard.people.panels[0]
    fill(panel, "Li Na", "lina")
    panel.password.setText("short")
    assert "10 characters" in panel._wrong.text()
    panel.password.setText(PASSWORD)
    assert "differ" in panel._wrong.text()


def test_the_sheet_is_not_passed_by(wizard: NewRegister, qtbot: QtBot, tmp_path: Path) -> None:
    wizard.unit.unit.setText("U")
    wizard.unit.folder.setText(str(tmp_path / "new"))
    for panel, login in zip(wizard.people.panels, ("lina", "wlei", "sunq"), strict=True):
        fill(panel, login.title(), login)
    wizard._begin()
    qtbot.waitUntil(wizard.recovery.isVisible, timeout=30_000)
    wizard.reject()
    assert wizard.isVisible()


def test_the_sample_shows_who_can_sign_in(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    aside = Aside()
    known = [("clerk", "open sesame 12", "Li, registry clerk")]
    dialog = SampleDialog(lambda _folder: known, folder=tmp_path, aside=aside)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog._go.click()
    qtbot.waitUntil(dialog._list.isVisible)
    with qtbot.waitSignal(dialog.made) as made:
        dialog._go.click()
    assert made.args == [tmp_path]
    aside.close()


def test_the_sample_is_made_and_left_with_enter(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    aside = Aside()
    dialog = SampleDialog(lambda _folder: [("clerk", "open sesame 12", "Li")], folder=tmp_path, aside=aside)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog._list.isVisible)
    with qtbot.waitSignal(dialog.made):
        QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)
    aside.close()


def test_a_sample_that_cannot_be_made_says_why(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    def fail(_folder: Path) -> list[tuple[str, str, str]]:
        raise WorkRefused("The disk is full.")

    dialog = SampleDialog(fail, folder=tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog._go.click()
    qtbot.waitUntil(lambda: "full" in dialog._words.text())
    assert dialog._go.isEnabled()
    assert dialog.windowFlags() & Qt.WindowType.Dialog


def test_the_preview_of_a_number_is_what_the_register_will_write(wizard: NewRegister) -> None:
    wizard.unit.unit.setText("Second Institute")
    wizard.numbering.show_regimes(wizard.regimes.chosen, wizard.unit.unit.text())
    assert wizard.numbering.code.text() == "SI"
    assert wizard._plan_for(()).unit_code == "SI"
    assert "SI-" in next(iter(wizard.numbering._shown.values())).text()
    wizard.numbering.code.setText("")
    assert wizard.numbering.wrong()


def test_enter_after_an_answer_goes_on_and_the_focus_is_on_the_next_question(
    wizard: NewRegister, tmp_path: Path
) -> None:
    wizard.unit.folder.setText(str(tmp_path / "new"))
    QTest.keyClicks(wizard.unit.unit, "Second Institute")
    QTest.keyClick(wizard.unit.unit, Qt.Key.Key_Return)
    assert wizard._here == 1
    wizard._next.click()
    assert wizard.focusWidget() is wizard.numbering.code
    wizard._next.click()
    wizard._next.click()
    assert wizard.focusWidget() is wizard.people.panels[0].name


def test_escape_names_no_button_that_is_not_there(wizard: NewRegister) -> None:
    wizard._go(len(wizard.steps) - 1)
    QTest.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.isVisible()
    assert wizard._wrong.text() == ""


def test_the_protection_of_a_place_stays_when_its_step_is_left_and_come_back_to(wizard: NewRegister) -> None:
    wizard._go(wizard.steps.index(wizard.places))
    name, grade = wizard.places._rows[1]
    name.setText("Safe 2")
    grade.setCurrentIndex(1)
    chosen = wizard.places.places
    wizard._go(wizard.steps.index(wizard.people))
    wizard._go(wizard.steps.index(wizard.places))
    assert wizard.places.places == chosen


def test_tab_goes_from_person_to_person_and_then_to_one_more(wizard: NewRegister, qtbot: QtBot) -> None:
    wizard._go(wizard.steps.index(wizard.people))
    people = wizard.people
    people._more.click()
    assert len(people.panels) == 4
    qtbot.waitUntil(lambda: wizard.focusWidget() is people.panels[-1].name)
    people.panels[0].name.setFocus()
    passed = [QApplication.focusWidget()]
    while passed[-1] is not people._more:
        QTest.keyClick(passed[-1], Qt.Key.Key_Tab)
        passed.append(QApplication.focusWidget())
        assert len(passed) < 100
    assert passed == [*(field for panel in people.panels for field in panel.fields), people._more]


def test_one_more_person_is_scrolled_to(wizard: NewRegister, qtbot: QtBot) -> None:
    wizard._go(wizard.steps.index(wizard.people))
    for _more in range(2):
        wizard.people._more.click()
        name = wizard.people.panels[-1].name
        qtbot.waitUntil(lambda name=name: name.visibleRegion().boundingRect().height() == name.height())
