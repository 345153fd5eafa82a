"""One clerk's day in the real window: every chapter by scans, buttons and second people's own passwords."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.carrier import Label, State
from app.domain.people import may_decide
from app.domain.slip import SlipState
from app.stage import CAST, SAFE
from app.store import proof
from app.ui.beginning import NewScannedSlip
from app.ui.preview import Preview
from tests.ui.clerk import Clerk
from tests.ui.conftest import themed

__all__ = ["themed"]


@pytest.fixture
def clerk(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Clerk]:
    sitting = Clerk(qtbot, tmp_path / "book")
    yield sitting
    sitting.close()


def carriers(clerk: Clerk, where: str = "1") -> list[int]:
    with clerk.stage.database.reading() as connection:
        return list(connection.exec_driver_sql(f"SELECT id FROM carriers WHERE {where} ORDER BY id").scalars())


def receive(clerk: Clerk) -> list[int]:
    clerk.go("incoming")
    clerk.press("Sign for an envelope…")
    clerk.fill(
        number="2026-0091", regime="cn-state", sender="Provincial Office", channel="jiyao_jiaotong", items=3,
        level="mimi", seal="F-1",
    )  # fmt: skip
    clerk.confirm()
    clerk.press("Open the envelope…")
    clerk.fill(seal="F-1", second=clerk.stage.people["li"])
    clerk.sign("li", "second")
    clerk.confirm()
    clerk.press("Register what is in it…")
    clerk.fill(
        level="mimi", title="Notice", short_title="Notice", originator="Office", pages=6,
        first_copy=12, last_copy=14, copies_of=40, place=SAFE, scope_units=("*",), period="5y",
    )  # fmt: skip
    clerk.confirm()
    clerk.press("Reconcile with the list…")
    clerk.fill(counted=3)
    clerk.confirm()
    return carriers(clerk, "state = 'in_stock'")


def make(clerk: Clerk) -> list[int]:
    """A document of our own: proposed, decided, printed, labelled by scan, counted out."""
    stage = clerk.stage
    clerk.go("making")
    clerk.press("Propose a classification…")
    clerk.fill(
        regime="cn-state", level="jimi", title="Annual plan", short_title="Plan", period="10y", scope_units=("*",),
        basis="item 3", drafter=stage.people["wang"],
    )  # fmt: skip
    clerk.confirm()
    approve(clerk, "wu")
    clerk.press("Classify…")
    clerk.confirm()
    document = 2
    clerk.go("making").pane.back()
    clerk.press("New print job…")
    clerk.fill(document=document, copies=2, pages=48, place=SAFE)
    clerk.confirm("Submit for approval")
    approve(clerk, "wu")
    clerk.press("Print 2 copies…")
    clerk.confirm()
    made = carriers(clerk, "state = 'in_prep'")
    clerk.press("Print labels")
    clerk.dialog(Preview).close()
    clerk.settle()
    clerk.press("The labels are affixed")
    clerk.press("Verify labels by scanning")
    for number in made:
        clerk.scan("C", number)
    assert {stage.carrier(number).label for number in made} == {Label.VERIFIED}
    clerk.press("Count out…")
    clerk.fill(place=SAFE, sheets=96)
    clerk.answer_lines("pages", 48)
    clerk.confirm()
    assert {stage.carrier(number).state for number in made} == {State.IN_STOCK}
    return made


def approve(clerk: Clerk, login: str) -> None:
    """The page of a slip that waits is in front: somebody decides at the seat."""
    view = clerk.page.pane.view
    slip = clerk.stage.slip(view.slip)
    while (step := slip.next_step) is not None:
        name = next(each for each in (login, "wu", "he", "zhou", "li") if may(clerk, each, step.role))
        clerk.press("Approve…")
        clerk.fill(by=clerk.stage.people[name])
        clerk.sign(name, "approver")
        clerk.confirm()
        slip = clerk.stage.slip(view.slip)
    assert slip.state is SlipState.APPROVED


def may(clerk: Clerk, login: str, role: str) -> bool:
    return may_decide(role, CAST[login].duties)


def lend_and_take_back(clerk: Clerk, copies: list[int]) -> None:
    stage = clerk.stage
    page = clerk.go("counter")
    clerk.scan("P", stage.people["wang"])
    assert page.desk.met.card.line.id == stage.people["wang"]
    clerk.command("lend")
    for number in copies:
        clerk.scan("C", number)
    clerk.press(f"Lend {len(copies)}…")
    clerk.fill(purpose="test")
    clerk.confirm("Submit for approval")
    clerk.until(lambda: page.desk.slips.lines)
    clerk.place.go_slip(page.desk.slips.lines[0].id)
    clerk.settle()
    approve(clerk, "wu")
    clerk.press("Lend…")
    clerk.confirm()
    assert {stage.carrier(number).state for number in copies} == {State.LOAN}
    page = clerk.go("counter")
    assert {line.id for line in page.desk.held.lines} == set(copies)
    clerk.command("return")
    for number in copies:
        clerk.scan("C", number)
    clerk.command("finish")
    clerk.answer_lines("pages", 48)
    clerk.confirm()
    assert {stage.carrier(number).state for number in copies} == {State.IN_STOCK}
    assert page.desk.across.lines == ()


def send(clerk: Clerk, number: int) -> None:
    stage = clerk.stage
    clerk.go("outgoing")
    clerk.press("New parcel…")
    new = clerk.dialog(NewScannedSlip)
    for name, value in {"addressee": "Provincial Office", "channel": "jiyao_jiaotong"}.items():
        new.form.asked[name].field.set_answer(value)
    clerk.press("Begin", new)
    clerk.scan("C", number)
    clerk.press("Submit…")
    approve(clerk, "he")
    clerk.press("Seal and send…")
    clerk.fill(envelope="O-1", seal="F-9", couriers=(stage.people["ma"], stage.people["hu"]), receipt_due="+30")
    clerk.confirm()
    assert stage.carrier(number).state is State.IN_TRANSIT
    clerk.press("Receipt is back…")
    clerk.fill(receiver="Liu Yang")
    clerk.answer_lines("agrees", True)  # noqa: FBT003 - an answer
    clerk.confirm()
    assert stage.carrier(number).state is State.EXTERNAL


def destroy(clerk: Clerk, number: int) -> None:
    stage = clerk.stage
    clerk.go("destruction")
    clerk.press("New destruction list…")
    new = clerk.dialog(NewScannedSlip)
    new.form.asked["reason"].field.set_answer("record copy is filed")
    clerk.press("Begin", new)
    clerk.scan("C", number)
    clerk.press("Submit…")
    for tick in ("no_recall", "record_kept"):
        clerk.answer_lines(tick, True)  # noqa: FBT003 - an answer
    clerk.confirm()
    approve(clerk, "zhou")
    clerk.press("Bag and seal…")
    clerk.scan("C", number)
    clerk.press("Bag and seal…")
    clerk.fill(bag="D-1", seal="F-245", count=1, witness=stage.people["li"])
    clerk.sign("li", "witness")
    clerk.confirm()
    assert stage.carrier(number).state is State.PEND_DEST
    clerk.press("Destroy…")
    clerk.fill(
        method="shredding",
        destroyer=stage.people["li"],
        witnesses=(stage.people["wu"], stage.people["zhou"]),
        seals="F-245",
    )
    clerk.sign("li", "destroyer")
    clerk.sign("wu", "witness")
    clerk.sign("zhou", "witness")
    clerk.confirm()
    assert stage.carrier(number).state is State.DESTROYED


def hand_over(clerk: Clerk) -> None:
    stage = clerk.stage
    clerk.go("handover")
    clerk.press("Hand over a charge…")
    clerk.fill(
        giver=stage.people["chen"], receiver=stage.people["li"], supervisor=stage.people["zhou"],
        named_by=stage.people["wu"], reason="rotation",
    )  # fmt: skip
    clerk.sign("wu", "namer")
    clerk.confirm()
    view = clerk.page.pane.view
    listed = [line.carrier.id for line in view.lines.lines if line.status == "listed"]
    for side, label in (("giver", "Giver scans"), ("receiver", "Receiver scans")):
        clerk.press(label)
        assert view.scan_list.side == side
        for number in listed[:-1]:
            clerk.scan("C", number)
    assert not view.scan_list.may_close
    clerk.press("Explain a difference…")
    clerk.fill(explanation="at the bindery, on its list")
    clerk.confirm()
    clerk.press("Sign and take over…")
    clerk.sign("li", "receiver")
    clerk.sign("zhou", "supervisor")
    clerk.confirm()
    slip = stage.slip(view.slip)
    assert slip.state is SlipState.CLOSED
    assert {"giver", "receiver", "supervisor"} <= set(slip.signed)
    assert {stage.carrier(number).custodian for number in listed[:-1]} == {stage.people["li"]}


def test_a_day_from_the_envelope_to_the_certificate(clerk: Clerk) -> None:
    received = receive(clerk)
    assert len(received) == 3
    made = make(clerk)
    lend_and_take_back(clerk, made)
    send(clerk, made[0])
    destroy(clerk, received[0])
    hand_over(clerk)
    with clerk.stage.database.reading() as connection:
        assert proof.verify_full(connection).holds
