"""One slip as the paper form on screen: approvals with names, one step that leads on, papers that come back."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.actions.classifying import ProposeClassification
from app.actions.copying import CopyCarrier
from app.actions.custody import Lend, ReturnLoan
from app.actions.handover import OpenHandover
from app.actions.imports import BeginImport, Difference, OpenCorrection
from app.actions.papers import SignOnPaper
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import Label, State
from app.domain.slip import SlipState
from app.services import printing
from app.stage import SAFE
from app.store import reads
from app.store.reads.visible import viewer_of
from app.ui import slip_words
from app.ui.action_dialog import ActionDialog
from app.ui.pages import slip_page
from app.ui.paper_back import PaperBackDialog, read_awaited
from app.ui.preview import Preview
from app.ui.slip_reading import read_slip
from tests.ui.clerk import Clerk


@pytest.fixture
def clerk(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Clerk]:
    sitting = Clerk(qtbot, tmp_path / "book")
    sitting.copies = sitting.stage_copies(2)
    yield sitting
    sitting.close()


def words(clerk: Clerk) -> str:
    return "\n".join(label.text() for label in clerk.page.pane.view.findChildren(QLabel))


def test_the_list_narrows_by_kind_state_and_number(clerk: Clerk) -> None:
    clerk.stage_loan(clerk.copies[:1])
    pane = clerk.go("slips").pane
    everything = {line.kind for line in pane.rows.lines}
    assert "loan" in everything
    pane.kind.setCurrentIndex(pane.kind.findData("loan"))
    clerk.settle()
    assert {line.kind for line in pane.rows.lines} == {"loan"}
    pane.kind.setCurrentIndex(0)
    pane.number.setText("j-")
    clerk.until(lambda: {line.number[0] for line in pane.rows.lines} == {"J"})


@pytest.fixture
def slow_fingers(themed: QApplication) -> Iterator[None]:
    before = themed.doubleClickInterval()
    themed.setDoubleClickInterval(3_000)
    yield
    themed.setDoubleClickInterval(before)


@pytest.mark.usefixtures("slow_fingers")
def test_the_second_click_of_a_double_click_presses_nothing(clerk: Clerk) -> None:
    """The first opened the slip, the second pressed what came to lie below it: a draft was submitted by it."""
    clerk.stage_loan(clerk.copies[:1])
    pane = clerk.go("slips").pane
    row = next(at for at, line in enumerate(pane.rows.lines) if line.kind == "loan")
    spot = pane.table.visualRect(pane.rows.index(row, 0)).center()
    QTest.mouseClick(pane.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    def below() -> object:
        button = pane.view._steps.itemAt(0)
        return None if button is None else clerk.window.childAt(button.widget().mapTo(clerk.window, QPoint(5, 5)))

    def button() -> object:
        first = pane.view._steps.itemAt(0)
        return None if first is None else first.widget()

    clerk.until(lambda: button() is not None)
    assert below() is not button()
    clerk.until(lambda: below() is button())


def test_an_approval_names_who_decided_and_when(clerk: Clerk) -> None:
    loan = Lend(borrower=clerk.stage.people["wang"], due=clerk.place.today() + timedelta(days=5))
    slip = clerk.stage.submit(loan, clerk.copies, by="wang", party="wang")
    clerk.place.go_slip(slip)
    clerk.settle()
    assert "waits for: department leader" in words(clerk)
    clerk.press("Approve…")
    clerk.fill(by=clerk.stage.people["wu"])
    clerk.sign("wu", "approver")
    clerk.confirm()
    assert "✓ department leader: 吴涛 Wu Tao" in words(clerk)
    clerk.press("Lend…")
    dialog = clerk.dialog()
    assert "borrower" not in dialog.form.asked
    assert dialog.lines.rowCount() == 2
    clerk.confirm()
    assert "2 items are out" in words(clerk)
    assert clerk.stage.carrier(clerk.copies[0]).state is State.LOAN


def test_a_refused_slip_has_no_step_left(clerk: Clerk) -> None:
    loan = Lend(borrower=clerk.stage.people["wang"], due=clerk.place.today() + timedelta(days=5))
    slip = clerk.stage.submit(loan, clerk.copies, by="wang", party="wang")
    clerk.place.go_slip(slip)
    clerk.settle()
    clerk.press("Refuse…")
    clerk.fill(by=clerk.stage.people["wu"], reason="not now")
    clerk.sign("wu", "approver")
    clerk.confirm()
    assert clerk.stage.slip(slip).state is SlipState.REFUSED
    assert "Nothing is left to do" in words(clerk)


def test_chosen_lines_alone_are_taken_back(clerk: Clerk) -> None:
    slip = clerk.stage_loan(clerk.copies)
    clerk.place.go_slip(slip)
    clerk.settle()
    clerk.until(lambda: clerk.page.pane.view.lines.rowCount() == 2)
    clerk.settle()
    clerk.page.pane.view.table.selectRow(1)
    clerk.press("Return…")
    assert [named.line.subject.id for named in clerk.dialog().lines.named] == [clerk.copies[1]]
    clerk.answer_lines("pages", 48)
    clerk.confirm()
    assert [clerk.stage.carrier(number).state for number in clerk.copies] == [State.LOAN, State.IN_STOCK]


def test_lines_that_are_chosen_in_vain_are_never_taken_for_all(clerk: Clerk) -> None:
    slip = clerk.stage_loan(clerk.copies)
    clerk.place.go_slip(slip)
    view = clerk.page.pane.view
    clerk.until(lambda: view.lines.rowCount() == 2)
    clerk.settle()
    view.table.selectRow(1)
    back = Line(Ref(Subject.CARRIER, clerk.copies[1]), {"pages": 48})
    clerk.stage.do(ReturnLoan(), [back], slip=slip)  # at another desk
    clerk.press("Return…")
    assert not [each for each in clerk.window.findChildren(ActionDialog) if each.isVisible()]
    assert any("No chosen line is ready" in each.text() for each in clerk.window.findChildren(QLabel))
    clerk.page.pane.view.table.clearSelection()
    clerk.press("Return…")
    assert [named.line.subject.id for named in clerk.dialog().lines.named] == [clerk.copies[0]]


def handing_over(clerk: Clerk) -> int:
    """A handover of all that lies in the safe, to be counted; its slip."""
    people = clerk.stage.people
    opened = clerk.stage.do(
        OpenHandover(
            giver=people["chen"], receiver=people["li"], supervisor=people["zhou"], reason="rotation", place=SAFE,
            named_by=people["wu"],
        ),
        signed=(("namer", "wu"),),
    )  # fmt: skip
    return opened.subjects[0].id


def test_a_line_chosen_far_down_a_handover_is_the_one_that_is_explained(
    clerk: Clerk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slip_page, "PAGE", 1)  # the list below has not read all
    clerk.stage_copies(30)
    clerk.place.go_slip(handing_over(clerk))
    view = clerk.page.pane.view
    clerk.until(lambda: view.scan_list is not None and view.scan_list.expected.rowCount() > 30)
    clerk.settle()
    assert view.lines.rowCount() < 30
    expected = view.scan_list.expected_table
    expected.selectRow(30)
    step = next(step for step in view.next.steps if step.do == "explain")
    view.acts.do(step)
    assert [str(named.line.subject.id) for named in clerk.dialog().lines.named] == [expected.selected[0].key]


def test_a_difference_that_is_explained_counts_in_the_sum_at_once(clerk: Clerk) -> None:
    """The sum said that a line was open, and the step beside it that every line was settled."""
    clerk.place.go_slip(handing_over(clerk))
    view = clerk.page.pane.view
    clerk.until(lambda: view.scan_list is not None and view.scan_list.expected.rowCount() > 1)
    clerk.settle()
    shown = view.scan_list
    open_ones = shown._sums.difference
    shown.expected_table.selectRow(0)
    clerk.press("Explain a difference…")
    clerk.fill(explanation="with the leader since Monday")
    clerk.confirm()
    clerk.settle()
    assert view.scan_list is shown
    assert shown._sums.difference == open_ones - 1
    assert "explained" in shown.expected.line(0).stands
    shown.expected_table.clearSelection()
    clerk.press("Explain a difference…")
    clerk.fill(explanation="with the leader since Monday")
    clerk.confirm()
    clerk.settle()
    assert shown._sums.closes
    clerk.press("Sign and take over…")
    dialog = clerk.dialog()
    clerk.settle()
    assert not dialog.form.asked
    first = next(iter(dialog.signatures.rows.values()))
    assert first._login.text() == "li", "who has to sign need not say who they are"
    assert dialog.focusWidget() is first._password, "where nothing is asked the first signature has the keyboard"


def test_what_a_file_had_otherwise_is_read_and_settled(clerk: Clerk) -> None:
    imported = clerk.stage.do(BeginImport(digest="00", name="book.csv")).subjects[0].id
    first, second = clerk.copies
    found = (
        Difference(first, 1, "pages", 48, 50), Difference(first, 1, "serial_no", None, "A-1"),
        Difference(second, 2, "pages", 48, 47),
    )  # fmt: skip
    slip = clerk.stage.do(OpenCorrection(imported=imported, differences=found)).subjects[0].id
    clerk.place.go_slip(slip)
    view = clerk.page.pane.view
    clerk.until(lambda: view.lines.rowCount() == 3)
    clerk.settle()
    shown = [slip_words.noted(line) for line in view.lines.lines]
    assert shown == ["Pages: 48 → 50", "Serial number: — → A-1", "Pages: 48 → 47"]
    assert "3 differences are open" in words(clerk)
    clerk.press("Settle the differences…")
    assert [named.line.subject.id for named in clerk.dialog().lines.named] == clerk.copies
    clerk.fill(outcome="stands", reason="counted again")
    clerk.confirm()
    assert clerk.stage.slip(slip).state is SlipState.CLOSED
    assert "Nothing is left to do" in words(clerk)


def test_signed_paper_comes_back(clerk: Clerk) -> None:
    slip = clerk.stage_loan(clerk.copies)
    printing.print_form(clerk.stage.desk(), "loan_slip", Ref(Subject.SLIP, slip))
    clerk.place.go_slip(slip)
    clerk.settle()
    assert "not back yet" in words(clerk)
    clerk.press("It is back…")
    dialog = clerk.dialog(PaperBackDialog)
    assert dialog.role.currentData() == "borrower"
    clerk.until(lambda: dialog.person.answer() == clerk.stage.people["wang"])
    clerk.press("Note the signature", dialog)
    assert clerk.stage.slip(slip).signed["borrower"]["how"] == "paper"
    assert "back, signed" in words(clerk)


def test_a_signature_is_noted_on_the_paper_that_left_and_not_on_one_that_was_looked_at(clerk: Clerk) -> None:
    slip, desk = clerk.stage_loan(clerk.copies), clerk.stage.desk()
    left = printing.print_form(desk, "loan_slip", Ref(Subject.SLIP, slip))
    clerk.stage.do(SignOnPaper(role="borrower", person=clerk.stage.people["wang"], paper=left.paper), [slip])
    printing.reprint(desk, left.paper, kept=True)
    awaited = read_awaited(desk, slip, None, clerk.place.viewer)
    assert awaited is not None
    assert awaited.paper is not None
    assert awaited.paper.id == left.paper


def test_what_a_reader_may_not_do_is_no_reason_against_renewing_a_loan(clerk: Clerk) -> None:
    slip, auditor = clerk.stage_loan(clerk.copies), clerk.stage.desk("zhao")
    read = read_slip(auditor, slip, auditor.read(viewer_of, auditor.actor.id, auditor.today()))
    assert read is not None
    assert read.no_renewal is None


def test_a_paper_that_was_only_looked_at_is_no_reprint_when_it_is_printed(clerk: Clerk, tmp_path: Path) -> None:
    slip = clerk.stage_loan(clerk.copies)
    clerk.place.go_slip(slip)
    clerk.settle()
    clerk.place.preview("loan_slip", Ref(Subject.SLIP, slip))
    clerk.settle()
    seen = clerk.dialog(Preview)
    first = seen.paper
    seen.reject()
    clerk.settle()
    assert "not printed yet" in words(clerk)
    assert "not back yet" not in words(clerk)
    clerk.press("Print…")
    again = clerk.dialog(Preview)
    assert again.paper == first, "the very same: no copy of it was made"
    again.save_as(tmp_path / "slip.pdf")
    again.save_as(tmp_path / "again.pdf")
    clerk.settle()
    again.reject()
    clerk.settle()
    assert "not back yet" in words(clerk)
    assert len(clerk.page.pane.view.read.card.papers) == 1
    clerk.press("Reprint")
    marked = clerk.dialog(Preview)
    assert marked.paper.file_name != first.file_name
    assert "补印" in "".join(page.extract_text() for page in PdfReader(BytesIO(marked.paper.pdf)).pages)
    marked.reject()
    clerk.settle()
    assert sorted(paper.reprint_of or 0 for paper in clerk.page.pane.view.read.card.papers) == [
        0,
        clerk.page.pane.view.read.card.papers[-1].id,
    ]


def test_a_copy_request_is_made_labelled_and_counted_out(clerk: Clerk) -> None:
    wanted = CopyCarrier(
        original=clerk.copies[0],
        copies=1,
        pages=48,
        reason="review",
        place=SAFE,
        recipients=(clerk.stage.people["xu"],),
    )
    slip = clerk.stage.approved(wanted, by="xu")
    clerk.place.go_slip(slip)
    clerk.settle()
    clerk.press("Make the copy…")
    clerk.confirm()
    made = next(line.carrier.id for line in clerk.page.pane.view.lines.lines)
    clerk.stage.label([made])
    clerk.page.reload()
    clerk.settle()
    clerk.press("Count out…")
    clerk.fill(sheets=48, stamped=True)  # the place is the one it was approved for
    clerk.answer_lines("pages", 48)
    clerk.confirm()
    assert clerk.stage.carrier(made).state is State.IN_STOCK
    assert "Every copy is counted out" in words(clerk) or clerk.stage.slip(slip).state is SlipState.CLOSED


def test_a_classified_document_leads_on_to_its_print_job(clerk: Clerk) -> None:
    filters = reads.SlipFilter(kinds=("classification",))
    slip = clerk.place.desk.read(reads.slip_page, filters, viewer=clerk.place.viewer).lines[0]
    assert slip.state is SlipState.CLOSED
    clerk.place.go_slip(slip.id)
    clerk.settle()
    clerk.press("New print job…")
    document = clerk.stage.carrier(clerk.copies[0]).document
    answers = clerk.dialog().form.answers()
    assert (answers["document"], answers["copies"]) == (document, 2)
    clerk.dialog().close()


def test_what_came_in_gets_its_labels_on_its_receipt(clerk: Clerk) -> None:
    came = [ref.id for ref in clerk.stage.receive_notice("2026-9").subjects]
    slip = clerk.place.desk.read(reads.envelope_page, kind="incoming").lines[0].slip
    assert slip is not None
    clerk.place.go_slip(slip)
    clerk.settle()
    assert clerk.stage.slip(slip).state is SlipState.CLOSED
    assert f"{len(came)} copies have no label yet." in words(clerk)
    clerk.press("Print labels")
    clerk.dialog(Preview).close()
    clerk.press("The labels are affixed")
    clerk.press("Verify labels by scanning")
    clerk.window.use_language("zh_CN")  # what was being scanned goes on
    clerk.until(lambda: not clerk.window.is_being_made)
    clerk.until(lambda: clerk.page.pane.view is not None and clerk.page.pane.view.scan_list is not None)
    clerk.window.use_language("en")
    clerk.until(lambda: not clerk.window.is_being_made)
    clerk.until(lambda: clerk.page.pane.view is not None and clerk.page.pane.view.scan_list is not None)
    here = partial(clerk.place.desk.read, reads.is_labelled_with, slip)
    assert [here(number) for number in (*came, clerk.copies[0])] == [*(True for _ in came), False]
    clerk.scan("C", clerk.copies[0])
    assert "not on this slip" in words(clerk)
    for done, number in enumerate(came, 1):
        clerk.scan("C", number)
        labels = clerk.place.desk.read(reads.labels_of_slip, slip)
        assert labels == {label: n for label, n in ((Label.AFFIXED, len(came) - done), (Label.VERIFIED, done)) if n}
    assert {clerk.stage.carrier(number).label for number in came} == {Label.VERIFIED}
    assert "Nothing is left to do" in words(clerk)


def test_a_slip_stays_open_in_another_language(clerk: Clerk) -> None:
    slip = clerk.stage_loan(clerk.copies)
    clerk.place.go_slip(slip)
    clerk.page.pane.number.setText("L-")
    clerk.page.pane.state.setCurrentIndex(1)
    clerk.settle()
    clerk.window.use_language("zh_CN")
    clerk.until(lambda: not clerk.window.is_being_made)
    clerk.settle()
    assert clerk.page.pane.view.slip == slip
    assert clerk.page.pane.number.text() == "L-"
    assert clerk.page.pane.state.currentIndex() == 1


def test_signed_paper_is_noted_by_keys_alone(clerk: Clerk) -> None:
    slip = clerk.stage_loan(clerk.copies)
    printing.print_form(clerk.stage.desk(), "loan_slip", Ref(Subject.SLIP, slip))
    clerk.place.go_slip(slip)
    clerk.settle()
    clerk.press("It is back…")
    dialog = clerk.dialog(PaperBackDialog)
    clerk.until(lambda: dialog.person.answer() == clerk.stage.people["wang"])
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert "borrower" not in clerk.stage.slip(slip).signed
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    clerk.settle()
    assert clerk.stage.slip(slip).signed["borrower"]["how"] == "paper"


def test_control_enter_begins_what_is_next_on_the_slip(clerk: Clerk) -> None:
    loan = Lend(borrower=clerk.stage.people["wang"], due=clerk.place.today() + timedelta(days=5))
    slip = clerk.stage.submit(loan, clerk.copies, by="wang", party="wang")
    clerk.scan("S", slip)
    clerk.window.activateWindow()
    clerk.window.focus_scan()
    QTest.keyClick(clerk.window.windowHandle(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert clerk.dialog().windowTitle() == "Approve"


def test_the_authority_reads_the_period_it_decides_on(clerk: Clerk) -> None:
    proposal = ProposeClassification(
        title="Plan of the year", short_title="P-1", regime="cn-state", level="mimi", period="5y", basis="1.2",
        scope_units=("*",), points="all",
    )  # fmt: skip
    slip = clerk.stage.do(proposal).slip
    clerk.place.go_slip(slip)
    clerk.settle()
    assert "Period: 5 years" in words(clerk)
