"""A parcel that is overdue, that comes back, or that may not go out at all, at a real desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from app.domain.carrier import State
from app.domain.slip import SlipState
from app.store import reads
from app.ui.beginning import NewScannedSlip
from app.ui.preview import Preview
from tests.ui.clerk import Clerk
from tests.ui.conftest import themed

__all__ = ["themed"]


@pytest.fixture
def clerk(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Clerk]:
    sitting = Clerk(qtbot, tmp_path / "book", regimes=("cn-state", "cn-company", "cn-work"))
    yield sitting
    sitting.close()


def begin(clerk: Clerk, channel: str, *copies: int) -> None:
    """A parcel with these copies, ready to be submitted."""
    clerk.go("outgoing")
    clerk.press("New parcel…")
    new = clerk.dialog(NewScannedSlip)
    for name, value in {"addressee": "Provincial Office", "channel": channel}.items():
        new.form.asked[name].field.set_answer(value)
    clerk.press("Begin", new)
    for number in copies:
        clerk.scan("C", number)


def send(clerk: Clerk, number: int) -> int:
    """One copy on its way; the slip's id."""
    begin(clerk, "jiyao_jiaotong", number)
    clerk.press("Submit…")
    slip: int = clerk.page.pane.view.slip
    clerk.stage.decide(slip)
    clerk.page.reload()
    clerk.settle()
    clerk.press("Seal and send…")
    people = clerk.stage.people
    clerk.fill(envelope="O-1", seal="F-9", couriers=(people["ma"], people["hu"]), receipt_due="+30")
    clerk.confirm()
    return slip


def test_a_closed_channel_is_refused_before_anybody_is_asked(clerk: Clerk) -> None:
    (number,) = clerk.stage_copies(1)
    begin(clerk, "ordinary_sealed", number)
    clerk.press("Submit…")
    said = clerk.window.notices.history[0].words
    assert "may not go out by" in said
    assert "ordinary_sealed" not in said
    assert "Give this slip up and begin another" in said
    assert clerk.stage.slip(clerk.page.pane.view.slip).state is SlipState.DRAFT


def test_it_is_asked_what_the_receiver_is_before_anybody_approves_where_a_caveat_wants_to_know(clerk: Clerk) -> None:
    (number,) = clerk.stage_copies(1, "neibu", "cn-work", ("NOT_PUBLIC",))
    begin(clerk, "special_person", number)
    clerk.press("Submit…")
    receiver = clerk.dialog().form.asked["receiver"]
    clerk.until(receiver.isVisible)
    assert "nobody has said what the receiver is" in receiver.reasons.text()
    clerk.fill(receiver="other")
    clerk.until(lambda: "its receiver must be" in receiver.reasons.text())
    clerk.fill(receiver="department")
    clerk.confirm()
    slip = clerk.page.pane.view.slip
    assert clerk.stage.slip(slip).answers["receiver"] == "department"
    clerk.press("Seal and send…")
    assert "receiver" not in clerk.dialog().form.asked
    clerk.fill(envelope="O-1", seal="F-9", couriers=(clerk.stage.people["ma"],), receipt_due="+30")
    clerk.confirm()
    assert clerk.stage.carrier(number).state is State.IN_TRANSIT


def test_what_comes_back_undelivered_is_in_stock_again(clerk: Clerk) -> None:
    (number,) = clerk.stage_copies(1)
    slip = send(clerk, number)
    clerk.press("Came back undelivered…")
    clerk.fill(reason="moved away", seal_intact=True)
    clerk.answer_lines("pages", 48)
    clerk.confirm()
    assert clerk.stage.carrier(number).state is State.IN_STOCK
    assert clerk.stage.slip(slip).state is SlipState.CLOSED


def test_a_receipt_that_does_not_come_is_asked_for_by_letter(clerk: Clerk) -> None:
    (number,) = clerk.stage_copies(1)
    slip = send(clerk, number)
    clerk.stage.later(days=40)
    clerk.place.go_slip(slip)
    clerk.settle()
    clerk.press("Send a reminder…")
    clerk.fill(answer_by="+7")
    clerk.confirm()
    assert len(clerk.stage.slip(slip).facts["reminders"]) == 1
    clerk.press("Print: Tracer letter")
    clerk.dialog(Preview).close()
    clerk.settle()


def test_the_rail_leads_back_to_the_list_and_the_card_can_be_put_away(clerk: Clerk) -> None:
    (number,) = clerk.stage_copies(1)
    begin(clerk, "jiyao_jiaotong", number)
    page = clerk.window.page
    assert page.pane.view is not None
    clerk.window._rail.chosen.emit("outgoing")
    clerk.settle()
    assert page.pane.view is None
    clerk.scan("C", number)
    assert clerk.place.card is not None
    away = next(each for each in clerk.window.findChildren(QToolButton) if each.toolTip() == "Put the card away")
    away.click()
    clerk.settle()
    assert clerk.place.card is None
    assert not clerk.window._card_pane.isVisible()


def test_a_parcel_begins_by_keys_alone(clerk: Clerk) -> None:
    clerk.go("outgoing")
    clerk.press("New parcel…")
    new = clerk.dialog(NewScannedSlip)
    new.activateWindow()
    clerk.until(new.isActiveWindow)
    QTest.keyClicks(QApplication.focusWidget(), "Provincial Archives")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    QTest.keyClicks(QApplication.focusWidget(), "1 Main Street")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert new.form.asked["channel"].field.isAncestorOf(QApplication.focusWidget()), "led to what is missing"
    new.form.asked["channel"].field.set_answer("jiyao_jiaotong")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    clerk.settle()
    card = clerk.place.desk.read(reads.slip_card, clerk.page.pane.view.slip, viewer=reads.WHOLE)
    assert (card.answers["addressee"], card.answers["address"]) == ("Provincial Archives", "1 Main Street")
