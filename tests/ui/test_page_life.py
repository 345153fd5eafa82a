"""The chapters of a life: what begins there, what is scanned there, and what the clocks say."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app import i18n
from app.actions.handover import OpenHandover
from app.actions.taking_over import TakeOver
from app.domain.action import Authority, Line, Ref, Subject
from app.domain.carrier import EnvelopeState, State
from app.domain.slip import SlipState
from app.i18n import render
from app.stage import ARCHIVE
from app.store import reads
from app.ui import theme
from app.ui.beginning import AskCarrier, NewScannedSlip
from app.ui.pages.life import CHAPTERS
from app.ui.scan_lines import Standing
from app.ui.slip_reading import read_slip
from app.ui.slip_side import may_be_printed
from app.ui.slip_steps import envelope_steps
from app.ui.slip_words import noted
from tests.ui.clerk import Clerk


@pytest.fixture
def clerk(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Clerk]:
    sitting = Clerk(qtbot, tmp_path / "book")
    sitting.copies = sitting.stage_copies(3)
    yield sitting
    sitting.close()


def test_every_chapter_opens(clerk: Clerk) -> None:
    for chapter in CHAPTERS:
        page = clerk.go(chapter.code)
        assert {line.kind for line in page.pane.rows.lines} <= set(page.kinds)


def begun(clerk: Clerk, page: str, button: str, **answers: object) -> None:
    clerk.go(page)
    clerk.press(button)
    dialog = clerk.dialog(NewScannedSlip)
    for name, value in answers.items():
        dialog.form.asked[name].field.set_answer(value)
    clerk.settle()
    clerk.press("Begin", dialog)


def test_a_slip_begun_while_the_language_changes_is_shown_on_the_new_page(clerk: Clerk) -> None:
    """The page that had asked was gone: the slip was in the book, and the clerk saw a fault."""
    page = clerk.go("outgoing")
    clerk.press("New parcel…")
    dialog = clerk.dialog(NewScannedSlip)
    clerk.window.use_language(i18n.CHINESE)
    clerk.settle()
    for name, value in {"addressee": "Office", "channel": "jiyao_jiaotong"}.items():
        dialog.form.asked[name].field.set_answer(value)
    clerk.settle()
    dialog.confirm.click()
    clerk.settle()
    assert clerk.page is not page
    assert clerk.stage.slip(clerk.page.pane.view.slip).kind == "parcel"


def test_a_slip_whose_dialog_was_closed_while_it_began_is_in_the_book_and_breaks_nothing(clerk: Clerk) -> None:
    clerk.go("outgoing")
    clerk.press("New parcel…")
    dialog = clerk.dialog(NewScannedSlip)
    for name, value in {"addressee": "Office", "channel": "jiyao_jiaotong"}.items():
        dialog.form.asked[name].field.set_answer(value)
    clerk.settle()
    dialog.confirm.click()
    dialog.reject()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    clerk.settle()
    assert [line.kind for line in clerk.page.pane.rows.lines] == ["parcel"]
    assert clerk.place.notices.newest.links[-1].label == "Open the slip"


def test_scans_onto_a_draft_are_kept_and_told_apart(clerk: Clerk) -> None:
    begun(clerk, "outgoing", "New parcel…", addressee="Office", channel="jiyao_jiaotong")
    view = clerk.page.pane.view
    for number in (clerk.copies[0], clerk.copies[0], 99_999):
        clerk.scan("C", number)
    assert [line.standing for line in view.scan_list.scanned.lines] == [
        Standing.UNKNOWN,
        Standing.TWICE,
        Standing.FOUND,
    ]
    assert "1 item is on the draft" in view._words.text()
    clerk.press("Take the last scan back")
    assert "Scan what goes on it" in view._words.text()
    clerk.scan("C", clerk.copies[1])
    clerk.page.pane.back()
    clerk.settle()
    clerk.page.pane.open(clerk.page.pane.rows.line(0).id)
    clerk.settle()
    view = clerk.page.pane.view
    assert view.scan_list.scanned.line(0).number == clerk.stage.carrier(clerk.copies[1]).number
    clerk.command("finish")
    assert clerk.stage.slip(clerk.page.pane.view.slip).state is SlipState.SUBMITTED


def test_one_answer_serves_every_line_but_no_count(clerk: Clerk) -> None:
    begun(clerk, "destruction", "New destruction list…", reason="filed")
    for number in clerk.copies:
        clerk.scan("C", number)
    clerk.press("Submit…")
    table = clerk.dialog()._lines_table
    assert table.model().headerData(1, Qt.Orientation.Horizontal) == "Not subject to recall ⇊"
    for column in (1, 2):
        table.horizontalHeader().sectionClicked.emit(column)
    clerk.confirm()
    assert clerk.stage.slip(clerk.page.pane.view.slip).state is SlipState.SUBMITTED
    clerk.place.perform("return_loan", clerk.place.desk.read(reads.lines_of, clerk.copies, clerk.place.viewer))
    assert not clerk.dialog().lines.fills(1)


def test_filing_and_transfer(clerk: Clerk) -> None:
    stage = clerk.stage
    begun(clerk, "archive", "New filing list…", place=ARCHIVE, archivist=stage.people["li"])
    for number in clerk.copies[:2]:
        clerk.scan("C", number)
    clerk.press("Submit…")
    slip = clerk.page.pane.view.slip
    stage.decide(slip)
    clerk.page.reload()
    clerk.settle()
    clerk.press("File in the archive room…")
    clerk.answer_lines("archive_no", "2026-1", "2026-2")
    clerk.answer_lines("retention", "permanent")
    clerk.answer_lines("appraisal", "kept")
    clerk.sign("li", "archivist")
    clerk.confirm()
    assert {stage.carrier(number).state for number in clerk.copies[:2]} == {State.ARCHIVED}
    assert stage.slip(slip).state is SlipState.CLOSED
    assert noted(clerk.page.pane.view.lines.line(0)) == "2026-1, permanent, level and period stay"
    clerk.page.pane.back()
    begun(clerk, "archive", "New transfer to the archives…", receiver="Provincial Archives")
    clerk.scan("C", clerk.copies[0])
    clerk.press("Submit…")
    slip = clerk.page.pane.view.slip
    stage.decide(slip)
    clerk.page.reload()
    clerk.settle()
    clerk.press("Transfer to the archives…")
    clerk.fill(received_by="Qian Hong", deed="3")
    clerk.answer_lines("review", "secret")
    clerk.confirm()
    assert stage.carrier(clerk.copies[0]).state is State.TRANSFERRED
    assert noted(clerk.page.pane.view.lines.line(0)) == "stays secret"


def test_an_envelope_for_somebody_else_goes_back_unopened(clerk: Clerk) -> None:
    stage = clerk.stage
    stage.envelope("2026-6", 1, level="mimi", opened=False)
    page = clerk.go("incoming")
    clerk.press("Give back unopened…")
    clerk.fill(to="Chen Ping, exchange station", receipt="No. 88", seal="F-2026-6")
    clerk.confirm()
    assert page.envelopes.rows.lines == ()
    line = clerk.place.desk.read(reads.envelope_page, kind="incoming").lines[0]
    assert line.state is EnvelopeState.GIVEN_BACK
    assert envelope_steps(line.state, opened=False) == ()
    read = read_slip(clerk.place.desk, line.slip or 0, clerk.place.viewer)
    assert read is not None
    assert may_be_printed("discrepancy_notice", read), "its notice is printed again from its slip"


def test_an_envelope_s_number_as_exchange_stations_write_it_stands_whole(clerk: Clerk) -> None:
    clerk.stage.envelope("军工机2026-0092", 1, level="mimi", opened=False)
    table = clerk.go("incoming").envelopes.table
    inside = table.columnWidth(1) - 2 * theme.size(8)
    assert table.fontMetrics().horizontalAdvance("军工机2026-0092") <= inside
    assert table.horizontalHeader().length() <= theme.size(1138), "what the smallest screen leaves of its 1366"


def test_an_envelope_that_lay_too_long_says_so_and_asks_why(clerk: Clerk) -> None:
    stage = clerk.stage
    stage.envelope("2026-5", 4, level="mimi", opened=False)
    stage.clock.now += timedelta(hours=30)
    page = clerk.go("incoming")
    line = page.envelopes.rows.line(0)
    said, kind = page.envelopes.clock(line)
    assert kind == "bad"
    assert "late by" in render(said)
    clerk.press("Open the envelope…")
    clerk.fill(seal="F-2026-5", second=stage.people["li"], reason="holiday")
    clerk.sign("li", "second")
    clerk.confirm()
    clerk.press("Report a discrepancy…")
    clerk.fill(expected=4, found=3, second=stage.people["li"], missing="000021")
    clerk.sign("li", "second")
    clerk.confirm()
    clerk.press("The sender answered…")
    clerk.fill(answer="the copy follows", answered="+0", unnumbered=3)
    clerk.confirm()
    assert clerk.place.desk.read(reads.envelope_page, kind="incoming").lines[0].state is EnvelopeState.RECONCILED
    assert page.envelopes.rows.lines == ()


def test_the_keyboard_goes_to_the_next_step_of_an_envelope(clerk: Clerk) -> None:
    """It went to a link in the notice, and Enter left the page."""
    clerk.stage.envelope("2026-7", 1, level="mimi", opened=False)
    pane = clerk.go("incoming").envelopes
    before = pane._flow.itemAt(0).widget()
    before.setFocus()
    pane.rows.show(pane.rows.lines)
    clerk.settle()
    now = pane._flow.itemAt(0).widget()
    assert now is not before
    assert clerk.window.focusWidget() is now


def test_a_copy_request_asks_for_its_original_by_scan(clerk: Clerk) -> None:
    clerk.go("making")
    clerk.press("New copy request…")
    asks = clerk.dialog(AskCarrier)
    asks.take_code(clerk.stage.carrier(clerk.copies[0]).number)
    clerk.settle()
    clerk.fill(copies=1, pages=48, reason="review", place=1, recipients=(clerk.stage.people["xu"],))
    clerk.confirm("Submit for approval")
    slip = clerk.stage.slip(clerk.page.pane.view.slip)
    assert (slip.kind, slip.answers["original"]) == ("copying", clerk.copies[0])


def test_a_commission_counts_for_an_absent_giver(clerk: Clerk) -> None:
    stage = clerk.stage
    people = stage.people
    opened = stage.do(
        OpenHandover(
            giver=people["chen"], receiver=people["li"], supervisor=people["zhou"], absent=True,
            commission=(people["he"], people["wu"]), reason="leaving", named_by=people["wu"],
        ),
        signed=(("namer", "wu"),),
    )  # fmt: skip
    clerk.place.go_slip(opened.subjects[0].id)
    clerk.settle()
    view = clerk.page.pane.view
    assert view._seal.isVisible()
    number = clerk.copies[0]
    clerk.scan("P", people["he"])
    assert view.scan_list.side == "giver"
    clerk.scan("C", number)
    assert view.scan_list.expected.line(0).stands == "commission has counted"
    clerk.scan("P", people["li"])
    assert view.scan_list.side == "receiver"
    clerk.scan("C", number)
    assert view.scan_list.scanned.line(0).standing is Standing.BLOCKED
    view._seal.setText("F-77")
    clerk.scan("C", number)
    assert stage.carrier(number).state is State.HANDOVER
    signers = [words for label in view.side.findChildren(QLabel) if "signed" in (words := label.text())]
    assert signers[0].startswith("· commission:"), "they are not the giver"
    line, authority = Line(Ref(Subject.CARRIER, number)), Authority(slip=view.slip)
    reasons = [render(why.reason) for why in stage.desk().refusals(TakeOver(), [line], authority)]
    assert [why for why in reasons if "has not signed as member of the commission" in why]
    clerk.press("Take the last scan back")
    assert stage.carrier(number).state is State.IN_STOCK
