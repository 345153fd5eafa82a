"""What a clerk met who took loans, filings and transfers to their very end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.actions.custody import RenewLoan
from app.actions.disposition import FileToArchive, TransferToArchives
from app.actions.papers import SignOnPaper
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import Label
from app.domain.slip import SlipState
from app.forms.gathering import PRINTS, Gathering
from app.forms.sheet import Language
from app.i18n import day, render
from app.services import printing, slips
from app.services.desk import Refused
from app.stage import ARCHIVE, CAST
from app.store import reads
from app.store.reads import SlipFilter
from app.store.reads.forms import Records
from app.ui.beginning import NewScannedSlip
from app.ui.card import _warnings
from app.ui.paper_back import PaperBackDialog
from app.ui.slip_words import named_words
from app.ui.telling import read_history, told_entry
from tests.ui.clerk import Clerk


@pytest.fixture
def clerk(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Clerk]:
    sitting = Clerk(qtbot, tmp_path / "book")
    sitting.copies = sitting.stage_copies(2)
    yield sitting
    sitting.close()


def test_a_renewal_says_that_it_is_one_for_whom_and_until_when(clerk: Clerk) -> None:
    """It looked like a loan of its own: nobody named, a signature that nobody gives, a date that was not shown."""
    loan = clerk.stage_loan(clerk.copies[:2])
    until = clerk.place.today() + timedelta(days=30)
    page = clerk.go("loans")
    page.pane.open(loan)
    clerk.settle()
    clerk.press("Renew…")
    clerk.fill(due=until.isoformat())
    clerk.confirm("Submit for approval")
    slip = clerk.place.desk.read(reads.slip_page, SlipFilter(is_open=True), viewer=clerk.place.viewer).lines[0]
    assert slip.party == CAST["wang"].name
    assert named_words(slip) == "Loan renewal"
    clerk.stage.decide(slip.id)
    page.pane.open(slip.id)
    clerk.settle()
    view = page.pane.view
    assert view._title.text() == f"Loan renewal {slip.number} · approved"
    assert view.read.card.signatures == ()
    assert view._words.text() == "It is approved. Carry it out now."
    links = {each.text() for each in view.side.findChildren(QPushButton)}
    assert links & {"Loan slip", "Loan renewal"} == {"Loan renewal"}
    with clerk.stage.database.reading() as connection:
        g = Gathering(Records(connection, clerk.place.viewer), Language.BOTH, clerk.place.today(), {})
        paper = PRINTS["loan_slip"].gather(g, Ref(Subject.SLIP, slip.id))
    assert (paper.borrower, paper.due) == (CAST["wang"].name, until.isoformat())
    assert paper.lent == clerk.place.today().isoformat()
    assert clerk.stage.slip(loan).number in paper.remark
    assert (paper.renewal, "，" in paper.remark) == (True, True)
    assert not any(each.role == "borrower" for each in paper.signatures)
    clerk.press("Renew…")
    assert f"New due date: {day(until)}" in clerk.dialog()._about.text()
    clerk.confirm()
    assert clerk.stage.slip(slip.id).state is SlipState.CLOSED
    assert clerk.stage.carrier(clerk.copies[0]).due == until


def is_seen_whole(field: QWidget) -> bool:
    """Whether nothing of it is scrolled out of sight."""
    return field.isVisible() and field.visibleRegion().boundingRect() == field.rect()


def test_a_loan_that_may_not_be_renewed_again_says_so_on_its_page(clerk: Clerk) -> None:
    """The button was there, the dialog refused, and beside the reason it stood: submit it for approval."""
    loan = clerk.stage_loan(clerk.copies[:2])
    first, second = (Ref(Subject.CARRIER, number) for number in clerk.copies[:2])
    renewed = RenewLoan(due=clerk.place.today() + timedelta(days=30))

    def renew(number: int) -> None:
        clerk.stage.do(renewed, [number], slip=clerk.stage.approved(renewed, [number]))

    def buttons() -> set[str]:
        page.reload()
        clerk.settle()
        return {each.text() for each in page.pane.view._buttons.findChildren(QPushButton) if each.isVisible()}

    page = clerk.go("loans")
    page.pane.open(loan)
    clerk.settle()
    renew(first.id)
    assert "Renew…" in buttons(), "one of the two may be renewed"
    renew(second.id)
    assert buttons() == {"Return…", "Send a reminder…"}
    words = page.pane.view._words.text()
    assert words.startswith("2 items are out. It was renewed once; it may not be renewed again. (")
    assert words.endswith("Take it back and lend it again.")
    dialog = clerk.place.perform("renew_loan", clerk.place.desk.read(reads.lines_of, [first.id], clerk.place.viewer))
    clerk.fill(due=renewed.due.isoformat())
    clerk.until(lambda: any(refusal.rule == "renewals_are_left" for refusal in dialog._refusals))
    assert "renewed once" in dialog._reasons.text()
    assert "Submit it for approval" not in dialog._reasons.text()
    QDialog.done(dialog, 0)


def test_a_loan_whose_paper_is_not_back_is_not_said_to_be_settled(clerk: Clerk) -> None:
    loan = clerk.stage_loan(clerk.copies[:1])
    page = clerk.go("loans")
    page.pane.open(loan)
    clerk.settle()
    clerk.press("Return…")
    clerk.answer_lines("pages", 48)
    clerk.confirm()
    assert "still to come back signed" in page.pane.view._words.text()
    clerk.stage.do(SignOnPaper(role="borrower", person=clerk.stage.people["wang"]), [Ref(Subject.SLIP, loan)])
    page.reload()
    clerk.settle()
    assert "Nothing is left to do" in page.pane.view._words.text()


def test_the_reminder_of_a_loan_can_be_printed_again(clerk: Clerk) -> None:
    loan = clerk.stage_loan(clerk.copies[:1])
    clerk.stage.later(days=9)
    page = clerk.go("loans")
    page.pane.open(loan)
    clerk.settle()
    clerk.press("Send a reminder…")
    clerk.confirm()
    assert any(each.text() == "Tracer letter" for each in page.pane.view.side.findChildren(QPushButton))


def test_the_focus_stays_with_the_next_step(clerk: Clerk) -> None:
    """The button that was pressed goes, and its focus went to a link somewhere."""
    loan = clerk.stage_loan(clerk.copies[:2])
    page = clerk.go("loans")
    page.pane.open(loan)
    clerk.settle()
    view = page.pane.view
    view._steps.itemAt(1).widget().setFocus()
    view.reload()
    clerk.settle()
    assert clerk.window.focusWidget() is view._steps.itemAt(0).widget()


def test_who_takes_a_filing_over_is_read_whole(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    """What they are and may know stood below the field, cut through."""
    clerk = Clerk(qtbot, tmp_path / "book", regimes=("cn-state", "cn-company", "us-dod"))
    clerk.go("archive")
    clerk.press("New filing list…")
    dialog = clerk.dialog(NewScannedSlip)
    dialog.form.asked["archivist"].field.set_answer(clerk.stage.people["li"])
    clerk.settle()
    (area,) = dialog.findChildren(QScrollArea)
    words = next(each for each in dialog.findChildren(QLabel) if "cleared for" in each.text())
    clerk.until(lambda: words.visibleRegion().boundingRect().height() == words.height())
    assert area.verticalScrollBar().maximum() == 0
    dialog.reject()
    clerk.close()


def transferred(clerk: Clerk) -> int:
    """A copy filed and transferred to the archives; the slip of the transfer."""
    stage, copy = clerk.stage, clerk.copies[0]
    filing = FileToArchive(place=ARCHIVE)
    line = Line(Ref(Subject.CARRIER, copy), {"archive_no": "A-1", "retention": "permanent", "appraisal": "kept"})
    stage.do(filing, [line], slip=stage.approved(filing, [copy]))
    clerk.go("archive")
    clerk.press("New transfer to the archives…")
    clerk.dialog(NewScannedSlip).form.asked["receiver"].field.set_answer("Provincial Archives")
    clerk.settle()
    clerk.press("Begin", clerk.dialog(NewScannedSlip))
    clerk.scan("C", copy)
    slip: int = clerk.page.pane.view.slip
    slips.submit_draft(clerk.place.desk, slip)
    stage.decide(slip)
    deed = TransferToArchives(receiver="Provincial Archives", received_by="Qian Hong", deed="17")
    stage.do(deed, [Line(Ref(Subject.CARRIER, copy), {"review": "secret"})], slip=slip)
    return slip


def test_a_transfer_names_who_received_and_waits_only_for_our_own_signature(clerk: Clerk) -> None:
    """Nobody of the archives is in the register: their signature could never be noted, and the deed never came back."""
    transferred(clerk)
    page = clerk.place.desk.read(reads.slip_page, SlipFilter(kinds=("transfer",)), viewer=clerk.place.viewer)
    assert page.lines[0].outside == "Provincial Archives"
    clerk.page.reload()
    clerk.settle()
    read = clerk.page.pane.view.read
    assert ("Received by", "Qian Hong") in read.told
    assert [each.role for each in read.card.signatures] == ["giver"]
    assert "still to come back signed" in clerk.page.pane.view._words.text()


def test_a_deed_is_back_when_the_archives_name_and_day_are_noted(clerk: Clerk) -> None:
    """Both sides sign it: who received in the end need not be whom we expected, nor on the day of the transfer."""
    slip = transferred(clerk)
    printing.print_form(clerk.stage.desk(), "archive_deed", Ref(Subject.SLIP, slip))
    clerk.page.reload()
    clerk.settle()
    clerk.press("It is back…")
    dialog = clerk.dialog(PaperBackDialog)
    clerk.until(lambda: dialog.received_by.answer() == "Qian Hong")
    clerk.until(lambda: is_seen_whole(dialog.received))
    dialog.person.set_answer(clerk.stage.people["chen"])
    clerk.settle()
    assert not dialog.confirm.isEnabled(), "the day is not noted"
    dialog.received_by.set_answer("Sun Bo")
    dialog.received.set_answer(clerk.place.today())
    clerk.settle()
    clerk.press("Note the signature", dialog)
    clerk.settle()
    read = clerk.page.pane.view.read
    assert [(each.role, each.person) for each in read.card.signatures] == [("giver", clerk.stage.people["chen"])]
    assert ("Received by", "Sun Bo") in read.told
    assert any(label == "Received on" for label, _value in read.told)
    assert not any(paper.is_awaited for paper in read.card.papers)


def test_a_transfer_is_not_signed_for_without_the_archives(clerk: Clerk) -> None:
    slip = Ref(Subject.SLIP, transferred(clerk))
    chen, today = clerk.stage.people["chen"], clerk.place.today()
    for theirs in ({}, {"received_by": "Sun Bo"}, {"received_by": "Sun Bo", "received": today + timedelta(days=1)}):
        with pytest.raises(Refused) as refused:
            clerk.stage.do(SignOnPaper(role="giver", person=chen, **theirs), [slip])
        assert [each.rule for each in refused.value.refusals] == ["deed_is_signed_by_both"]


def test_what_is_gone_asks_for_no_label_and_its_history_has_no_gap(clerk: Clerk) -> None:
    transferred(clerk)
    ref = Ref(Subject.CARRIER, clerk.copies[0])
    told = [render(told_entry(line)) for line in read_history(clerk.place.desk, ref, None, 50)]
    assert any("submitted for approval" in each for each in told)
    assert not any("—" in each for each in told)
    card = clerk.place.desk.read(reads.carrier_card, ref.id, viewer=clerk.place.viewer)
    assert card is not None
    assert _warnings(replace(card, line=replace(card.line, label=Label.RESERVED)), "") == []


def test_a_slip_that_was_opened_is_named_once(clerk: Clerk) -> None:
    clerk.go("archive")
    clerk.press("New filing list…")
    clerk.dialog(NewScannedSlip).form.asked["place"].field.set_answer(ARCHIVE)
    clerk.settle()
    clerk.press("Begin", clerk.dialog(NewScannedSlip))
    number = clerk.page.pane.view.read.card.line.number
    assert clerk.window.notices.newest.words.count(number) == 1
