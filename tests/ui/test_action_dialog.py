"""One dialog for every act: it says why not, has it signed, and never confirms by accident."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.actions import CATALOGUE
from app.domain.action import NOBODY, Action, Authority, Line, Ref, Refusal, Subject, refuse
from app.domain.words import N_, says
from app.services.desk import Receipt
from app.ui import theme
from app.ui.action_dialog import ActionDialog
from app.ui.approval import application_for
from app.ui.background import Background
from app.ui.bursts import offer
from app.ui.fields import Field, SeveralField
from app.ui.lines_model import NamedLine
from app.ui.signing import Signatures
from app.ui.sources import Choice
from app.ui.workstation import Workstation
from tests.ui.kit import COPY, TODAY, FewRules, Hand, Office, second_person

Open = Callable[..., ActionDialog]


@pytest.fixture
def opened(themed: QApplication, qtbot: QtBot, background: Background) -> Open:
    def open_dialog(desk: FewRules, *, copies: int = 1) -> ActionDialog:
        lines = [NamedLine(Line(Ref(Subject.CARRIER, 12 + at)), f"机 2026-{at:04d}") for at in range(copies)]
        dialog = ActionDialog(Workstation(desk, background, Office(), second_person, lambda: TODAY), Hand, lines)
        qtbot.addWidget(dialog)
        dialog.open()
        return dialog

    return open_dialog


def fill(dialog: ActionDialog, borrower: int = 3) -> None:
    dialog.form.asked["borrower"].field.set_answer(borrower)
    dialog.form.asked["due"].field.set_answer("5.31")


def test_an_answered_act_is_done_and_closes(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules()
    dialog = opened(desk)
    assert not dialog._confirm.isEnabled()
    fill(dialog)
    with qtbot.waitSignal(dialog.performed) as done:
        dialog._confirm.click()
    assert done.args == [Receipt("hand", 1, 1, (COPY,))]
    assert desk.done[0][0] == Hand(borrower=3, due=date(2026, 5, 31))
    assert not dialog.isVisible()


def test_reasons_appear_beside_the_field_while_it_is_filled(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules())
    fill(dialog, borrower=4)
    reasons = dialog.form.asked["borrower"].reasons
    qtbot.waitUntil(reasons.isVisible)
    assert "art. 30" in reasons.text()
    fill(dialog, borrower=3)
    qtbot.waitUntil(lambda: not reasons.isVisible())


def test_enter_passes_a_reason_by_and_goes_to_the_next_question(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules())
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    asked = dialog.form.asked
    asked["borrower"].field.setFocus()
    for name in ("borrower", "due"):
        asked[name].show_refusals([refuse("Not so.", citation="art. 30")])
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert asked["due"].field.isAncestorOf(QApplication.focusWidget())


def test_a_reason_goes_with_the_answers_it_was_about(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules())
    fill(dialog, borrower=4)
    reasons = dialog.form.asked["borrower"].reasons
    qtbot.waitUntil(reasons.isVisible)
    dialog.form.asked["due"].field.set_answer(None)
    qtbot.waitUntil(lambda: not reasons.isVisible())


def test_escape_throws_answers_away_only_when_pressed_twice(opened: Open) -> None:
    dialog = opened(FewRules())
    dialog.offer({"due": date(2026, 6, 30)})
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    dialog = opened(FewRules())
    fill(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "Escape once more" in dialog._keys.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_reason_stands_beside_its_line(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules(), copies=3)
    fill(dialog)
    dialog.lines.setData(dialog.lines.index(1, 1), 39)
    qtbot.waitUntil(lambda: "40 pages" in dialog.lines.index(1, 2).data())
    assert dialog.lines.index(0, 2).data() == ""
    dialog._confirm.click()
    qtbot.waitUntil(lambda: dialog._confirm.text() == "Hand over")
    assert dialog.isVisible()


def test_a_reason_against_a_single_line_is_said_once(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules())
    fill(dialog)
    dialog.lines.setData(dialog.lines.index(0, 1), 39)
    qtbot.waitUntil(lambda: "40 pages" in dialog._reasons.text())
    assert dialog.lines.index(0, 2).data() == ""


def test_enter_goes_on_to_the_line_below(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules(), copies=3)
    table = dialog._lines_table
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    table.setFocus()
    table.setCurrentIndex(dialog.lines.index(0, 1))
    for row, counted in enumerate(("40", "41", "42")):
        qtbot.waitUntil(lambda row=row: table.currentIndex().row() == row)
        editor = QApplication.focusWidget()
        assert isinstance(editor, QLineEdit)
        QTest.keyClicks(editor, counted)
        QTest.keyClick(editor, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda row=row: dialog.lines.lines[row].answers.get("pages") is not None)
    qtbot.waitUntil(lambda: [line.answers.get("pages") for line in dialog.lines.lines] == [40, 41, 42])
    assert dialog.isVisible()


def test_control_enter_in_a_cell_keeps_what_was_typed_and_confirms_at_once(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules()
    dialog = opened(desk)
    fill(dialog)
    table = dialog._lines_table
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.waitUntil(dialog._confirm.isEnabled)
    table.setFocus()
    table.setCurrentIndex(dialog.lines.index(0, 1))
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    editor = QApplication.focusWidget()
    editor.selectAll()
    QTest.keyClicks(editor, "40")
    with qtbot.waitSignal(dialog.performed):
        QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [line.answers["pages"] for line in desk.done[0][1]] == [40]


def test_delete_takes_a_line_off_that_was_scanned_by_mistake(opened: Open) -> None:
    dialog = opened(FewRules(), copies=1)
    table = dialog._lines_table
    dialog.lines.add(NamedLine(Line(Ref(Subject.CARRIER, 99)), "scanned"))
    for _each in range(2):
        table.selectRow(0)
        QTest.keyClick(table, Qt.Key.Key_Delete)
    assert [line.subject.id for line in dialog.lines.lines if line.subject] == [12]


def test_a_second_person_signs_inside(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules(signed=True)
    dialog = opened(desk)
    fill(dialog)
    qtbot.waitUntil(lambda: "borrower" in dialog.signatures.rows)
    assert not dialog._confirm.isEnabled()
    row = dialog.signatures.rows["borrower"]
    QTest.keyClicks(row._login, "wang")
    QTest.keyClicks(row._password, "wrong")
    QTest.keyClick(row._password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "wrong" in row._reasons.text())
    QTest.keyClicks(row._password, "word")
    QTest.keyClick(row._password, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog._confirm.isEnabled)
    assert desk.done == []
    with qtbot.waitSignal(dialog.performed):
        dialog._confirm.click()
    assert desk.done[0][2].signatures[0].person == 3


def test_control_enter_leads_to_the_signature_that_is_missing(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules(signed=True)
    dialog = opened(desk)
    fill(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(lambda: "borrower" in dialog.signatures.rows)
    dialog.form.asked["purpose"].field.focusProxy().setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is dialog.signatures.rows["borrower"]._login
    assert desk.done == []
    QTest.keyClicks(dialog.signatures.rows["borrower"]._login, "wang")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is dialog.signatures.rows["borrower"]._password


def test_who_has_to_sign_gives_their_password_and_no_more(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules(signed=True, account="wang")
    dialog = opened(desk)
    fill(dialog)
    dialog.activateWindow()
    qtbot.waitUntil(lambda: "borrower" in dialog.signatures.rows)
    row = dialog.signatures.rows["borrower"]
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is row._password
    QTest.keyClicks(row._password, "word")
    QTest.keyClick(row._password, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog._confirm.isEnabled)


def test_an_account_that_was_typed_is_not_put_back(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules(signed=True, account="wang")
    dialog = opened(desk)
    fill(dialog)
    qtbot.waitUntil(lambda: "borrower" in dialog.signatures.rows)
    row = dialog.signatures.rows["borrower"]
    row._login.setText("zhao")
    desk.account = "li"
    fill(dialog, borrower=2)
    qtbot.waitUntil(lambda: row.asked_for.account == "li")
    assert row._login.text() == "zhao"


def test_who_has_no_account_is_not_asked_for_one(opened: Open, qtbot: QtBot) -> None:
    """Two lines stood there that nobody could fill in."""
    desk = FewRules(signed=True, account="")
    dialog = opened(desk)
    fill(dialog)
    qtbot.waitUntil(lambda: "borrower" in dialog.signatures.rows)
    row = dialog.signatures.rows["borrower"]
    assert "no account" in row._words.text()
    assert not any(widget.isVisible() for widget in (row._login, row._password, row._button))
    assert not dialog.signatures.start()
    desk.account = "wang"
    fill(dialog, borrower=2)
    qtbot.waitUntil(row._login.isVisible)
    assert (row._login.text(), row._words.text()) == ("wang", "Wang has not signed as borrower.")


def test_enter_never_confirms_and_control_enter_does(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules()
    dialog = opened(desk)
    fill(dialog)
    for widget in (dialog.form.asked["purpose"].field.focusProxy(), dialog):
        QTest.keyClick(widget, Qt.Key.Key_Return)
    assert desk.done == []
    with qtbot.waitSignal(dialog.performed):
        QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_an_act_that_lacks_approval_is_submitted(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules(approval=True)
    dialog = opened(desk)
    fill(dialog)
    qtbot.waitUntil(lambda: dialog._confirm.text() == "Submit for approval")
    with qtbot.waitSignal(dialog.performed):
        dialog._confirm.click()
    action = desk.done[0][0]
    assert action.code == "submit"
    assert (action.act, action.given) == ("hand", {"borrower": 3, "due": "2026-05-31"})  # type: ignore[attr-defined]
    assert action.lines_given == [{"carrier": 12}]  # type: ignore[attr-defined]


def test_a_scan_answers_the_empty_field(opened: Open) -> None:
    dialog = opened(FewRules())
    assert dialog.take_code("P107000000175")
    assert dialog.form.asked["borrower"].field.answer() == 3
    assert not dialog.take_code("C107000000175")


def test_what_happened_earlier_keeps_its_own_time(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules())
    fill(dialog)
    dialog._earlier.setChecked(True)
    qtbot.waitUntil(lambda: not dialog._confirm.isEnabled())
    dialog._happened.day.set_answer("-1")
    dialog._happened.time.setText("9:05")
    assert dialog.authority.happened is not None
    assert f"{dialog.authority.happened:%Y-%m-%d %H:%M}" == "2026-05-18 09:05"


def test_enter_leads_through_a_long_form_and_the_form_follows(
    themed: QApplication, qtbot: QtBot, background: Background
) -> None:
    """The cursor went on below the edge, where nobody saw what was typed."""
    workstation = Workstation(FewRules(), background, Office(), second_person, lambda: TODAY)
    dialog = ActionDialog(workstation, CATALOGUE["register_received"])
    qtbot.addWidget(dialog)
    dialog.resize(dialog.width(), 400)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    asked = list(dialog.form.asked.values())
    caveats = dialog.form.asked["caveats"].field
    assert isinstance(caveats, SeveralField)
    caveats.offer([Choice(at, f"Caveat {at}") for at in range(6)])
    qtbot.waitUntil(caveats._boxes[-1][0].isVisible)
    passed = []
    for _press in range(len(asked) + 4):  # a period is two fields, a time of its own is behind them
        now = QApplication.focusWidget()
        assert now is not None
        within = next((each for each in asked if each.isAncestorOf(now)), None)
        if within is None:
            break
        qtbot.waitUntil(lambda now=now: now.visibleRegion().boundingRect().height() == now.height())
        passed.append(within)
        QTest.keyClick(now, Qt.Key.Key_Return)
    assert list(dict.fromkeys(passed)) == asked
    assert passed.count(dialog.form.asked["caveats"]) == 1


class TwoSign(FewRules):
    """A desk where one signs after the other."""

    def refusals(self, action: Action, lines: Sequence[Line] = (), authority: Authority = NOBODY) -> list[Refusal]:
        have = {signature.role for signature in authority.signatures}
        missing = [role for role in ("giver", "receiver") if role not in have]
        return [Refusal(f"signature:{role}", says(N_("Sign as {role}."), role=role)) for role in missing[:1]]


def test_whoever_signed_leaves_the_focus_to_the_next_signature(opened: Open, qtbot: QtBot) -> None:
    """It fell on any field of the form, where the next password stood in clear."""
    dialog = opened(TwoSign())
    fill(dialog)
    dialog.activateWindow()
    for role in ("giver", "receiver"):
        qtbot.waitUntil(lambda role=role: role in dialog.signatures.rows)
        row = dialog.signatures.rows[role]
        if role == "giver":
            row.start()
        qtbot.waitUntil(lambda row=row: QApplication.focusWidget() is row._login)
        QTest.keyClicks(row._login, "wang")
        QTest.keyClicks(row._password, "word")
        QTest.keyClick(row._password, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog._confirm)


def test_control_enter_before_the_rules_have_answered_leads_to_the_signature_too(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules(signed=True)
    dialog = opened(desk)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    fill(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "borrower" in dialog.signatures.rows)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.signatures.rows["borrower"]._login)
    assert desk.done == []


def test_control_enter_on_a_witness_takes_nobody_off(
    themed: QApplication, qtbot: QtBot, background: Background
) -> None:
    workstation = Workstation(FewRules(), background, Office(), second_person, lambda: TODAY)
    dialog = ActionDialog(workstation, CATALOGUE["destroy"])
    qtbot.addWidget(dialog)
    dialog.open()
    field = dialog.form.asked["witnesses"].field
    field.set_answer((3,))
    (chip,) = field.findChildren(QPushButton)
    QTest.keyClick(chip, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert field.answer() == (3,)


def test_a_refused_act_leaves_the_cursor_where_it_was(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules()
    dialog = opened(desk)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    fill(dialog, borrower=4)
    purpose = dialog.form.asked["purpose"].field.focusProxy()
    purpose.setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(dialog.form.asked["borrower"].reasons.isVisible)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is purpose)


class CountsEach(FewRules):
    """A desk that wants every line counted."""

    def refusals(self, action: Action, lines: Sequence[Line] = (), authority: Authority = NOBODY) -> list[Refusal]:
        missing = [line.subject for line in lines if line.answers.get("pages") is None]
        asked = says(N_("“{question}” is not answered."), question="Pages counted")
        return [Refusal("x", asked, subject=subject, field="pages") for subject in missing]


def test_a_refused_act_leads_to_the_cell_that_waits(opened: Open, qtbot: QtBot) -> None:
    """Control and Enter confirmed, was refused for it, and left the keyboard in the field above."""
    dialog = opened(CountsEach(), copies=2)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    fill(dialog)
    purpose = dialog.form.asked["purpose"].field.focusProxy()
    purpose.setFocus()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: dialog._lines_table.isAncestorOf(QApplication.focusWidget()))
    assert dialog._lines_table.currentIndex() == dialog.lines.index(0, 1)


def test_enter_from_the_last_question_goes_into_the_first_cell_that_waits(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules(), copies=3)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    fill(dialog)
    purpose = dialog.form.asked["purpose"].field.focusProxy()
    purpose.setFocus()
    QTest.keyClick(purpose, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    assert dialog._lines_table.currentIndex() == dialog.lines.index(0, 1)
    assert dialog._lines_table.isAncestorOf(QApplication.focusWidget())


def test_what_is_typed_into_a_cell_stays_when_the_rules_answer(opened: Open, qtbot: QtBot) -> None:
    """48 became 8: the answer about the line above came between the two digits and filled the cell anew."""
    dialog = opened(FewRules(), copies=3)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    fill(dialog)
    dialog._lines_table.start()
    qtbot.waitUntil(lambda: dialog._lines_table.viewport().isAncestorOf(QApplication.focusWidget() or dialog))
    for key in (Qt.Key.Key_4, Qt.Key.Key_0, Qt.Key.Key_Return):
        QTest.keyClick(QApplication.focusWidget(), key)
        dialog._on_judged([])
    qtbot.waitUntil(lambda: dialog.lines.lines[0].answers.get("pages") is not None)
    assert dialog.lines.lines[0].answers["pages"] == 40


def test_a_table_of_many_answers_shows_its_reasons_too(
    themed: QApplication, qtbot: QtBot, background: Background
) -> None:
    workstation = Workstation(FewRules(), background, Office(), second_person, lambda: TODAY)
    lines = [NamedLine(Line(Ref(Subject.CARRIER, at)), f"机 2026-{at:04d}") for at in (1, 2)]
    dialog = ActionDialog(workstation, CATALOGUE["file_to_archive"], lines)
    qtbot.addWidget(dialog)
    dialog.open()
    table = dialog._lines_table
    room = dialog.screen().availableGeometry().width() - theme.size(60)
    assert dialog.width() >= min(table.wanted_width, room) > theme.size(680)


def test_one_answer_for_all_reaches_the_cell_that_enter_only_passed(
    themed: QApplication, qtbot: QtBot, background: Background
) -> None:
    workstation = Workstation(FewRules(), background, Office(), second_person, lambda: TODAY)
    lines = [NamedLine(Line(Ref(Subject.CARRIER, at)), f"机 2026-{at:04d}") for at in (1, 2, 3)]
    dialog = ActionDialog(workstation, CATALOGUE["file_to_archive"], lines)
    qtbot.addWidget(dialog)
    dialog.open()
    table, model = dialog._lines_table, dialog.lines
    column = 1 + [name for name, _asked in model.each].index("retention")
    model.setData(model.index(0, column), "30y")
    table.setCurrentIndex(model.index(1, column))  # which begins to edit it
    qtbot.waitUntil(lambda: table.indexWidget(model.index(1, column)) is not None or bool(table.findChildren(Field)))
    table.horizontalHeader().sectionClicked.emit(column)
    table.setCurrentIndex(model.index(2, 0))
    assert [line.answers.get("retention") for line in model.lines] == ["30y", "30y", "30y"]


def test_control_enter_leads_to_the_answer_of_a_line_that_was_refused(opened: Open, qtbot: QtBot) -> None:
    """The keyboard stayed where it was, and the next count was typed into nothing."""
    dialog = opened(FewRules(), copies=3)
    dialog.activateWindow()
    fill(dialog)
    for row, pages in enumerate((40, 39, 40)):
        dialog.lines.setData(dialog.lines.index(row, 1), pages)
    dialog.form.asked["purpose"].field.focusProxy().setFocus()
    qtbot.waitUntil(dialog._confirm.isEnabled)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    table = dialog._lines_table
    qtbot.waitUntil(lambda: table.indexWidget(dialog.lines.index(1, 1)) is not None)
    assert table.indexWidget(dialog.lines.index(1, 1)).isAncestorOf(QApplication.focusWidget())


def test_control_enter_leads_to_an_answer_that_only_a_rule_wants(
    themed: QApplication, qtbot: QtBot, background: Background
) -> None:
    class Wants(FewRules):
        def refusals(self, action: Action, lines: Sequence[Line] = (), authority: Authority = NOBODY) -> list[Refusal]:
            return [
                Refusal("record_copy_is_kept", says(N_("Who keeps the copy of record?")), subject=line.subject,
                        field="record_kept")
                for line in lines if not line.answers.get("record_kept")
            ]  # fmt: skip

    lines = [NamedLine(Line(Ref(Subject.CARRIER, at), {"no_recall": True}), f"机 2026-{at:04d}") for at in (1, 2)]
    station = Workstation(Wants(), background, Office(), second_person, lambda: TODAY)
    dialog = ActionDialog(station, CATALOGUE["propose_destruction"], lines)
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    dialog.form.asked["reason"].field.set_answer("over")
    qtbot.waitUntil(dialog._confirm.isEnabled)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    table, column = dialog._lines_table, 2
    qtbot.waitUntil(lambda: dialog.lines.index(0, column) == table.currentIndex())
    qtbot.waitUntil(lambda: any(field.isAncestorOf(QApplication.focusWidget()) for field in table.findChildren(Field)))


def test_escape_warns_of_what_was_counted_or_signed_too(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules(), copies=3)
    dialog.lines.setData(dialog.lines.index(0, 1), 40)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_line_can_say_no_and_says_nothing_before_it_is_asked(
    themed: QApplication, qtbot: QtBot, background: Background
) -> None:
    """An unticked box left as it was counted as “agrees with the list”."""
    workstation = Workstation(FewRules(), background, Office(), second_person, lambda: TODAY)
    lines = [NamedLine(Line(Ref(Subject.CARRIER, at)), f"机 2026-{at:04d}") for at in (1, 2)]
    dialog = ActionDialog(workstation, CATALOGUE["acknowledge_receipt"], lines)
    qtbot.addWidget(dialog)
    dialog.open()
    table, model = dialog._lines_table, dialog.lines
    table.setCurrentIndex(model.index(0, 1))  # which begins to edit it
    qtbot.waitUntil(lambda: bool(table.findChildren(Field)))
    (editor,) = table.findChildren(Field)
    assert editor.answer() is None
    editor.set_answer(False)
    table.setCurrentIndex(model.index(1, 0))
    assert [line.answers.get("agrees") for line in model.lines] == [False, None]


def test_an_application_is_for_whoever_it_names_not_for_who_stays_beside() -> None:
    action = CATALOGUE["print_copies"](document=1, copies=1, place=1, beside=7)  # type: ignore[call-arg]
    assert application_for(action, ()).party is None  # type: ignore[attr-defined]


def test_a_window_that_is_not_placed_yet_grows_only_when_it_is(themed: QApplication, qtbot: QtBot) -> None:
    """Resized too early it lay in the corner of the screen, its title out of sight."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(300, 200)
    window.show()
    assert not window.windowHandle().isExposed()
    theme.grow(window, 40)
    assert window.height() == 200
    qtbot.waitUntil(lambda: window.height() == 240)


def test_control_enter_leads_to_a_missing_answer_before_a_signature(opened: Open, qtbot: QtBot) -> None:
    """Signed first, the list could still not be closed."""
    dialog = opened(FewRules(signed=True), copies=2)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    fill(dialog)
    dialog.lines.setData(dialog.lines.index(1, 1), 39)
    qtbot.waitUntil(lambda: "borrower" in dialog.signatures.rows)
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (dialog._lines_table.currentIndex().row(), dialog._lines_table.currentIndex().column()) == (0, 1)
    for row in (0, 1):
        dialog.lines.setData(dialog.lines.index(row, 1), 40)
    qtbot.waitUntil(lambda: dialog.lines.index(1, 2).data() == "")
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.signatures.rows["borrower"]._login)


def test_who_signed_is_named_and_not_their_account(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules(signed=True))
    fill(dialog)
    qtbot.waitUntil(lambda: "borrower" in dialog.signatures.rows)
    row = dialog.signatures.rows["borrower"]
    QTest.keyClicks(row._login, "wang")
    QTest.keyClicks(row._password, "word")
    row._sign()
    qtbot.waitUntil(lambda: row._words.text() == "✓ Signed: 王磊 Wang Lei")


def test_what_is_said_below_the_field_that_has_the_focus_is_seen(
    themed: QApplication, qtbot: QtBot, background: Background
) -> None:
    workstation = Workstation(FewRules(), background, Office(), second_person, lambda: TODAY)
    dialog = ActionDialog(workstation, CATALOGUE["register_received"])
    qtbot.addWidget(dialog)
    dialog.resize(dialog.width(), 400)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    hidden = (each for each in dialog.form.asked.values() if each.is_hidden and not each.asked.late)
    asked = next(each for each in hidden if each.field.focusProxy() is not None)
    asked.field.setFocus()
    asked.show_refusals([refuse("So long a reason that it takes several lines of its own. " * 4, citation="art. 30")])
    said = asked.reasons
    qtbot.waitUntil(lambda: said.height() > 30 and said.visibleRegion().boundingRect().height() == said.height())


def test_control_enter_on_a_reason_is_for_the_act(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules()
    dialog = opened(desk)
    fill(dialog)
    reasons = dialog.form.asked["purpose"].reasons
    reasons.show_refusals([refuse("Not so.", citation="art. 30")])
    opened_rules: list[object] = []
    dialog.rule_wanted.connect(opened_rules.append)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    line = dialog.form.asked["purpose"].field.focusProxy()
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert reasons.hasFocus()
    QTest.keyClick(reasons, Qt.Key.Key_Tab)  # to its link
    QTest.keyClick(reasons, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(desk.done))
    assert opened_rules == []


def test_an_escape_of_before_does_not_count_once_more_was_answered(opened: Open) -> None:
    dialog = opened(FewRules())
    fill(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert "once more" in dialog._keys.text()
    dialog.form.asked["purpose"].field.set_answer("staff study")
    assert "once more" not in dialog._keys.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_tab_passes_by_a_reason_without_a_link(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules())
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    asked = dialog.form.asked
    asked["borrower"].show_refusals([refuse("Count again.")])
    asked["borrower"].field.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert asked["due"].field.isAncestorOf(QApplication.focusWidget())


def test_what_is_changed_after_it_was_signed_nobody_has_signed(opened: Open, qtbot: QtBot) -> None:
    desk = FewRules(signed=True)
    dialog = opened(desk)
    fill(dialog)
    qtbot.waitUntil(lambda: "borrower" in dialog.signatures.rows)
    row = dialog.signatures.rows["borrower"]
    QTest.keyClicks(row._login, "wang")
    QTest.keyClicks(row._password, "word")
    row._sign()
    qtbot.waitUntil(dialog._confirm.isEnabled)
    (signed,) = dialog.authority.signatures
    QTest.keyClicks(dialog.form.asked["purpose"].field.focusProxy(), " and something else")
    assert dialog.authority.signatures == (), "also before the rules have answered"
    dialog._perform()
    qtbot.waitUntil(lambda: dialog.signatures.rows.get("borrower") not in (row, None))
    assert desk.done == []
    assert not dialog._confirm.isEnabled()
    again = dialog.signatures.rows["borrower"]
    QTest.keyClicks(again._login, "wang")
    QTest.keyClicks(again._password, "word")
    again._sign()
    qtbot.waitUntil(dialog._confirm.isEnabled)
    assert dialog.authority.signatures == (signed,)


def test_a_line_that_is_taken_off_after_it_was_signed_nobody_has_signed(opened: Open, qtbot: QtBot) -> None:
    dialog = opened(FewRules(signed=True), copies=1)
    dialog.lines.add(NamedLine(Line(Ref(Subject.CARRIER, 99)), "scanned"))
    fill(dialog)
    qtbot.waitUntil(lambda: "borrower" in dialog.signatures.rows)
    row = dialog.signatures.rows["borrower"]
    QTest.keyClicks(row._login, "wang")
    QTest.keyClicks(row._password, "word")
    row._sign()
    qtbot.waitUntil(lambda: bool(dialog.signatures.given))
    table = dialog._lines_table
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert len(dialog.lines.lines) == 1
    assert dialog.signatures.given == ()


def test_nobody_signs_for_what_is_only_applied_for(opened: Open, qtbot: QtBot) -> None:
    """The archivist signed that it was filed, and what came of it was an application without the signature."""
    desk = FewRules(approval=True, signed=True)
    dialog = opened(desk)
    fill(dialog)
    qtbot.waitUntil(lambda: dialog._confirm.text() == "Submit for approval" and dialog._confirm.isEnabled())
    assert not dialog.signatures.rows
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(desk.done))
    assert desk.done[0][0].code == "submit"


def test_the_badge_of_the_next_is_not_taken_for_the_first(
    themed: QApplication, qtbot: QtBot, background: Background
) -> None:
    """The giver was replaced by the receiver, whose badge was scanned after theirs."""
    workstation = Workstation(FewRules(), background, Office(), second_person, lambda: TODAY)
    dialog = ActionDialog(workstation, CATALOGUE["open_handover"])
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    for badge in ("P107000000175", "P107000000183"):
        assert offer(QApplication.focusWidget(), badge)
    asked = dialog.form.asked
    assert all(asked[name].field.answer() is not None for name in ("giver", "receiver"))
    assert asked["supervisor"].field.isAncestorOf(QApplication.focusWidget())


def test_who_signed_what_was_changed_is_not_said_to_have_signed(
    themed: QApplication, qtbot: QtBot, background: Background
) -> None:
    """The first of two witnesses stood there as having signed a list that was another by then."""
    stands = ["as it was"]
    signatures = Signatures(background, second_person, Office(), lambda: stands[0])
    qtbot.addWidget(signatures)
    signatures.show()
    wanted = [replace(refuse(N_(words)), rule="signature:witness") for words in ("One.", "Another.")]

    def sign() -> None:
        row = signatures.rows["witness"]
        row._login.setText("wang")
        row._password.setText("word")
        row._sign()
        qtbot.waitUntil(lambda: row.signature is not None)

    signatures.ask_for(wanted[:1])
    sign()
    signatures.ask_for(wanted[1:])
    sign()
    signatures.ask_for([])
    said = [label for label in signatures.findChildren(QLabel) if label.isVisible() and label.text().startswith("✓")]
    assert (len(signatures.given), len(said)) == (2, 2)
    stands[0] = "otherwise"
    signatures.ask_for(wanted[:1])
    said = [label for label in signatures.findChildren(QLabel) if label.isVisible() and label.text().startswith("✓")]
    assert (len(signatures.given), len(said)) == (0, 0)
    qtbot.waitUntil(signatures.rows["witness"].isVisible)
