"""Today: what is due, oldest first, with its next step; and the frame around it: scans, lock, counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.action import Ref, Subject
from app.domain.carrier import State
from app.domain.numbering import payload
from app.domain.words import says
from app.services.offers import Offered, offers
from app.store import reads
from app.store.failures import StoreUnavailable
from app.store.reads import SlipFilter
from app.ui.action_dialog import ActionDialog
from app.ui.card import CarrierCardView
from app.ui.commands import IMPORT
from app.ui.first_steps import FirstSteps
from app.ui.importing import ImportDialog
from app.ui.lock import LockScreen
from app.ui.main_window import MainWindow
from app.ui.pages.today import DueRow, department_bars, level_bars, week_bars
from app.ui.session import Session
from tests.ui.desk import WAIT, register, session_of, settle
from tests.unit import REGISTER_NUMBER, Unit


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    return register(tmp_path / "unit")


@pytest.fixture
def session(themed: QApplication, qtbot: QtBot, unit: Unit) -> Iterator[Session]:
    with session_of(qtbot, unit) as shown:
        yield shown


def rows(session: Session) -> list[DueRow]:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return session.window.page.widget.findChildren(DueRow)  # type: ignore[union-attr]


def words(session: Session) -> str:
    shown = [label.text() for label in session.window.findChildren(QLabel) if label.isVisible()]
    return "\n".join(shown)


def scan(session: Session, qtbot: QtBot, code: str) -> None:
    session.window._top.scan.line.submit(code)
    settle(qtbot, session.background)


def code_of(kind: str, number: int) -> str:
    return payload(kind, REGISTER_NUMBER, number)


def test_the_frame_is_built_once_and_every_page_on_its_own_ground(
    themed: QApplication, qtbot: QtBot, unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built twice it took the window twice as long to open; on no ground each part of a page is styled twice."""
    frames, build = [], MainWindow._frame
    monkeypatch.setattr(MainWindow, "_frame", lambda window: frames.append(window) or build(window))
    with session_of(qtbot, unit) as session:
        assert len(frames) == 1
        for code, page in session.window._pages.items():
            assert page.widget.parentWidget() is session.window.ground, code


def test_what_is_late_comes_first_with_its_next_step(session: Session) -> None:
    steps = [row.button.text() for row in rows(session)]
    assert steps[:2] == ["Open the envelope", "Return"]
    shown = words(session)
    assert "Envelope E-2026-91 is not opened" in shown
    assert "Late 4 d" in shown
    assert "2 are late" in shown


def test_the_next_step_opens_its_dialog_on_the_carrier(session: Session, unit: Unit, qtbot: QtBot) -> None:
    row = next(row for row in rows(session) if row.button.text() == "Return")
    row.button.click()
    settle(qtbot, session.background)
    dialog = session.window.findChild(ActionDialog)
    assert isinstance(dialog, ActionDialog)
    assert dialog.lines.lines[0].subject == row._item.subject
    model = dialog.lines
    model.setData(model.index(0, 1), 10)
    qtbot.waitUntil(dialog._confirm.isEnabled)
    dialog._confirm.click()
    settle(qtbot, session.background)
    assert unit.carrier(row._item.subject.id).state is State.IN_STOCK
    carrier = unit.carrier(row._item.subject.id)
    assert f"Done: {carrier.number} returned, 10 pages counted" in words(session)
    assert all(each._item.subject != row._item.subject for each in rows(session))


def test_a_click_on_a_picture_shows_those_carriers(session: Session, qtbot: QtBot) -> None:
    session.window.page.widget._levels.clicked.emit("juemi/in_stock")  # type: ignore[union-attr]
    settle(qtbot, session.background)
    assert session.window.page is not None
    assert session.window.page.code == "carriers"
    assert {line.level for line in session.window.page.widget.rows.lines} == {"juemi"}


def test_bars_say_level_state_week_and_department(unit: Unit) -> None:
    desk = unit.desk()
    bars = level_bars(desk.read(reads.holdings), desk.regimes())
    assert ["Top Secret" in bars[0].words, "Confidential" in bars[1].words, len(bars)] == [True, True, 2]
    assert [segment.value for segment in bars[1].segments] == [5, 1, 0]
    weeks = week_bars(desk.read(reads.overdue_by_week, desk.today(), 8))
    assert sum(bar.total for bar in weeks) == 1
    assert department_bars(desk.read(reads.holdings_by_department))[0].total == 8


def test_who_does_not_see_the_book_sees_no_totals(themed: QApplication, qtbot: QtBot, unit: Unit) -> None:
    with session_of(qtbot, unit, "reader") as session:
        assert not session.window.page.widget._levels.isVisible()  # type: ignore[union-attr]
        assert "Operation Neptune" not in words(session)


def test_a_scanned_carrier_shows_its_card_and_what_can_be_done(session: Session, qtbot: QtBot) -> None:
    scan(session, qtbot, code_of("C", 1))
    card = session.window.findChild(CarrierCardView)
    assert isinstance(card, CarrierCardView)
    shown = words(session)
    assert "秘密★5年" in shown
    assert "On loan to reader, plans." in shown
    assert "4 days late" in shown
    assert "lent to reader" in shown


def test_the_card_says_what_was_applied_for_and_who_decides(session: Session, unit: Unit, qtbot: QtBot) -> None:
    slip = unit.desk().read(reads.slip_page, SlipFilter(states=("submitted",)), viewer=session.place.viewer).lines[0]
    scan(session, qtbot, code_of("C", 2))
    shown = words(session)
    assert "Lend: applied for, waits for the decision of" in shown
    card = session.window.findChild(CarrierCardView)
    link = next(each for each in card.findChildren(QPushButton) if each.text() == f"Slip {slip.number}")
    link.click()
    settle(qtbot, session.background)
    assert session.window.page is not None
    assert session.window.page.pane.view.slip == slip.id  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (code_of("C", 999), "nothing in the register bears it"),
        (code_of("C", 1)[:-1] + str((int(code_of("C", 1)[-1]) + 1) % 10), "check digit"),
        (payload("C", 5, 1), "register 005"),
        ("Z" + code_of("C", 1)[1:], "names nothing here"),
    ],
)
def test_a_code_that_is_none_says_which(session: Session, unit: Unit, qtbot: QtBot, code: str, said: str) -> None:
    before = unit.length()
    scan(session, qtbot, code)
    assert session.place.notices.newest is not None
    assert said in session.place.notices.newest.words
    assert session.window._top.scan._outcome.property("outcome") == "unknown"
    assert unit.length() == before


def test_a_scanned_place_lists_what_should_be_there(session: Session, unit: Unit, qtbot: QtBot) -> None:
    scan(session, qtbot, code_of("L", unit.places["safe"]))
    assert session.window.page is not None
    assert session.window.page.code == "carriers"
    chips = session.window.page.widget.chips.findChildren(QPushButton)
    assert "Place: safe" in [chip.text() for chip in chips]


def test_typed_words_look_for_carriers(session: Session, qtbot: QtBot) -> None:
    scan(session, qtbot, "保密工作")
    assert session.window.page is not None
    assert len(session.window.page.widget.rows.lines) == 4
    assert session.window.page.widget.search.text() == "保密工作"


def test_a_command_acts_on_the_card_that_is_open(session: Session, qtbot: QtBot) -> None:
    scan(session, qtbot, code_of("X", 2))
    assert "scan a carrier first" in session.place.notices.newest.words  # type: ignore[union-attr]
    scan(session, qtbot, code_of("C", 1))
    scan(session, qtbot, code_of("X", 2))
    dialog = session.window.findChild(ActionDialog)
    assert isinstance(dialog, ActionDialog)
    assert dialog.windowTitle() == "Return"
    dialog.reject()


def test_two_scans_at_once_are_both_answered(session: Session, qtbot: QtBot) -> None:
    for number in (1, 2):
        session.window._top.scan.line.submit(code_of("C", number))
    settle(qtbot, session.background)
    assert session.place.card == Ref(Subject.CARRIER, 2)


def test_the_ledger_is_verified_behind_the_window(session: Session, unit: Unit, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "✓ verified" in words(session), timeout=WAIT)
    assert unit.desk().read(reads.last_verified) is not None


def test_a_book_that_was_touched_is_said(themed: QApplication, qtbot: QtBot, unit: Unit) -> None:
    with unit.database.writing() as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
        for name in connection.exec_driver_sql(triggers).scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE ledger SET body = replace(body, 'E-2026-91', 'E-2026-92')")
    with session_of(qtbot, unit) as session:
        qtbot.waitUntil(lambda: "does not hold" in words(session), timeout=WAIT)
        assert "changed, removed, inserted or swapped" in session.place.notices.newest.words  # type: ignore[union-attr]


def test_the_lock_hides_all_and_keeps_half_done_work(session: Session, qtbot: QtBot) -> None:
    session.place.perform("register_person")
    settle(qtbot, session.background)
    dialog = session.window.findChild(ActionDialog)
    assert isinstance(dialog, ActionDialog)
    dialog.form.asked["name"].field.set_answer("half a na")
    session.lock()
    assert not dialog.isVisible()
    screen = session.window.findChild(LockScreen)
    assert isinstance(screen, LockScreen)
    assert "clerk" in words(session)
    assert "E-2026-91" not in words(session)
    screen.unlocked.emit()
    assert dialog.isVisible()
    assert dialog.form.asked["name"].field.answer() == "half a na"
    dialog.reject()


def test_a_wrong_password_does_not_lift_the_lock(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.lock()
    screen = session.window.findChild(LockScreen)
    assert isinstance(screen, LockScreen)
    screen.password.setText("guess")
    monkeypatch.setattr("app.services.accounts.same_person", _wrong)
    screen.button.click()
    settle(qtbot, session.background)
    assert session.window.is_locked
    assert "password is not" in screen._reasons.text()


def _wrong(*_: object) -> bool:
    raise StoreUnavailable("wrong_password", says("The password is not that of {name}.", name="li"), says("Try again."))


def test_the_window_speaks_chinese_while_it_is_open(session: Session, qtbot: QtBot) -> None:
    scan(session, qtbot, code_of("C", 1))
    session.window.use_language(i18n.CHINESE)
    settle(qtbot, session.background)
    assert "今日" in words(session)
    assert "借" in words(session)
    assert session.place.card == Ref(Subject.CARRIER, 1)
    session.window.use_language(i18n.ENGLISH)


def test_a_reason_opens_its_rule(session: Session, qtbot: QtBot) -> None:
    scan(session, qtbot, code_of("C", 1))
    card = session.window.findChild(CarrierCardView)
    assert isinstance(card, CarrierCardView)
    refusal = next(offer.refusals[0] for offer in _shut(session, card))
    session.place.show_rule(refusal)
    rule = next(dialog for dialog in session.window.findChildren(QDialog) if dialog.isVisible())
    assert "Regimes in force here" in "\n".join(label.text() for label in rule.findChildren(QLabel))
    rule.close()


def _shut(session: Session, card: CarrierCardView) -> list[Offered]:
    return [each for each in offers(session.place.desk, card.ref) if each.refusals]


def test_an_empty_register_says_how_it_is_filled(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    empty = Unit(tmp_path / "empty")
    with session_of(qtbot, empty) as shown:
        view = shown.window.page.widget  # type: ignore[union-attr]
        (steps,) = view.findChildren(FirstSteps)
        assert steps.isVisible()
        assert not view._levels.isVisible()
        assert set(steps.buttons) >= {"begin_import", "sign_for_envelope"}
        assert "propose_classification" in steps.buttons, "an act of everybody is offered to everybody"
        steps.buttons["sign_for_envelope"].setFocus()
        QTest.keyClick(steps.buttons["sign_for_envelope"], Qt.Key.Key_Return)  # Enter presses what has the focus
        qtbot.waitUntil(lambda: bool(shown.window.findChildren(ActionDialog)), timeout=WAIT)


def test_an_empty_register_takes_over_a_book_from_its_file(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    empty = Unit(tmp_path / "empty")
    with session_of(qtbot, empty) as shown:
        (steps,) = shown.window.page.widget.findChildren(FirstSteps)  # type: ignore[union-attr]
        assert steps.buttons["begin_import"].text() == IMPORT, "as the command is named"
        steps.buttons["begin_import"].click()
        qtbot.waitUntil(lambda: bool(shown.window.findChildren(ImportDialog)), timeout=WAIT)
        assert not shown.window.findChildren(ActionDialog)


def test_a_register_that_holds_something_needs_no_first_steps(session: Session) -> None:
    view = session.window.page.widget  # type: ignore[union-attr]
    assert not view.findChildren(FirstSteps)
    assert view._levels.isVisible()


def test_what_is_typed_after_signing_in_is_typed_into_the_scan_line(session: Session, qtbot: QtBot) -> None:
    qtbot.waitActive(session.window)
    assert QApplication.focusWidget() is session.window._top.scan.line
