"""The window of an import: what was rejected and why is read there, and no file of rejected rows goes over another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions.imports import VoidImport
from app.domain.action import Ref, Subject
from app.services import importing
from app.store import reads
from app.ui import theme
from app.ui.action_dialog import ActionDialog
from app.ui.commands import commands_of
from app.ui.importing import ImportDialog
from app.ui.imports_dialog import ImportsDialog
from app.ui.session import Session
from tests.ui.desk import register, session_of, settle
from tests.unit import Unit

ROWS = "登记号,标题,密级,存放位置\n甲1,试验大纲,秘密,safe\n甲2,没有密级,,safe\n"


def job(
    unit: Unit,
    _name: str,
    answers: Mapping[str, Any],
    _progress: Callable[[int, int], None],
    _cancelled: Callable[[], bool],
) -> dict[str, Any]:
    mapping = importing.load_mapping(answers["mapping"], answers["regime"], answers["place"], answers["come_along"])
    report = importing.import_file(
        unit.desk(), Path(answers["file"]), mapping,
        dry_run=answers["dry_run"], rejects=Path(answers["rejects"]) if answers["rejects"] else None,
    )  # fmt: skip
    return importing.as_data(report)


def asked(qtbot: QtBot, session: Session) -> ActionDialog:
    """The dialog that is open, once it is."""
    found: list[ActionDialog] = []

    def came() -> bool:
        found[:] = [each for each in session.window.findChildren(ActionDialog) if each.isVisible()]
        return bool(found)

    qtbot.waitUntil(came)
    return found[0]


def test_what_differs_is_one_click_away_and_stands_above_the_question(
    themed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    """The strip kept what it said of the book before, the rail its counts, and the question said nothing of it."""
    unit = register(tmp_path / "unit")
    heads, title = "登记号,标题,密级,存放位置,页数\n", "试验大纲" * 6
    book = tmp_path / "book.csv"
    book.write_text(f"{heads}甲1,{title},秘密,safe,6\n甲2,纪要,秘密,safe,6\n", encoding="utf-8")
    with session_of(qtbot, unit, job=partial(job, unit)) as session:
        place, window = session.place, session.window

        def enter() -> ImportDialog:
            dialog = ImportDialog(place)
            dialog.open()
            dialog.file.setText(str(book))
            dialog.regime.setCurrentIndex(dialog.regime.findData("cn-state"))
            dialog._start(dry_run=False)
            qtbot.waitUntil(lambda: bool(dialog.outcome.text()), timeout=15_000)
            settle(qtbot, session.background)
            return dialog

        dialog = enter()
        assert not dialog._open_slip.isVisible()
        assert place.notices.newest.words == "2 rows registered."
        dialog.close()
        slips = window._counts["slips"]
        book.write_text(f"{heads}甲1,{title}二,秘密,safe,8\n甲2,纪要,秘密,safe,9\n", encoding="utf-8")
        dialog = enter()
        assert place.notices.newest.words == "0 rows registered."
        assert [link.label for link in place.notices.newest.links] == ["Open the correction slip"]
        qtbot.waitUntil(lambda: window._counts["slips"] == slips + 1)
        dialog._open_slip.click()
        settle(qtbot, session.background)
        view = window.page.pane.view
        qtbot.waitUntil(lambda: view.table.horizontalHeader().visualIndex(6) == 2)
        assert view.table.columnWidth(6) >= theme.size(300)
        assert view.lines.index(0, 6).data(Qt.ItemDataRole.ToolTipRole)
        assert view.do("settle_difference")
        dialog = asked(qtbot, session)
        told = dialog._about.text()
        assert f"甲1: Title: {title} → {title}二" in told
        assert "甲1: Pages: 6 → 8" in told
        assert "甲2: Pages: 6 → 9" in told
        dialog.close()


def test_people_and_places_of_an_old_book_come_with_it_where_that_is_chosen(
    themed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    """Every row of a book came back: nobody had entered its fifty cabinets, and the way was a file to be written."""
    unit = register(tmp_path / "unit")
    book = tmp_path / "book.csv"
    book.write_text(
        "登记号,标题,密级,存放位置,持有人,应还日期\n甲1,t,秘密,新柜,,\n甲2,u,秘密,新柜,新人,2027-01-01\n",
        encoding="utf-8",
    )
    with session_of(qtbot, unit, job=partial(job, unit)) as session:
        dialog = ImportDialog(session.place)
        dialog.open()
        dialog.file.setText(str(book))
        dialog.regime.setCurrentIndex(dialog.regime.findData("cn-state"))
        for chosen, told in ((None, "新柜"), (2, "2 carriers registered")):
            dialog.come_along.setCurrentIndex(dialog.come_along.findData(chosen))
            dialog._start(dry_run=False)
            qtbot.waitUntil(lambda told=told: told in dialog.reasons.toPlainText(), timeout=15_000)
            settle(qtbot, session.background)
        assert "secure cabinet" in dialog.come_along.currentText()
        dialog.close()
    with unit.database.reading() as connection:
        (place,) = reads.places_like(connection, "新柜")
        (person,) = reads.people_like(connection, "新人")
    assert place.grade == 2
    assert person.is_open


def test_the_book_is_corrected_from_the_slip_with_both_values_put_in(
    themed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    """Who found the way typed a title twice, the old one to the letter."""
    unit = register(tmp_path / "unit")
    book, mapping = tmp_path / "book.csv", importing.load_mapping("", "cn-state")
    for first, second in (("试验大纲", 6), ("试验大纲二", 9)):
        rows = f"甲1,{first},秘密,safe,6\n甲2,纪要,秘密,safe,{second}\n"
        book.write_text(f"登记号,标题,密级,存放位置,页数\n{rows}", encoding="utf-8")
        report = importing.import_file(unit.desk(), book, mapping)
    with session_of(qtbot, unit) as session:
        session.place.go_slip(report.corrections[0])
        settle(qtbot, session.background)
        window = session.window
        view = window.page.pane.view
        step = next(step for step in view.next.steps if step.do == "correct")
        for act, what, old, new in (
            ("correct_document", "title", "试验大纲", "试验大纲二"),
            ("correct", "pages", "6", "9"),
        ):
            view.table.selectRow([line.given["theirs"] for line in view.lines.lines].index(new))
            view._on_step(step)
            dialog = asked(qtbot, session)
            assert dialog._action.code == act
            assert [dialog.form.answers()[name] for name in ("what", "old", "new")] == [what, old, new]
            dialog.form.asked["reason"].field.set_answer("counted")
            dialog.form.asked["second"].field.set_answer(unit.people["clerk2"])
            qtbot.waitUntil(lambda shown=dialog: "second_clerk" in shown.signatures.rows)
            assert {refusal.rule for refusal in dialog._refusals} == {"signature:second_clerk"}
            dialog.close()
            settle(qtbot, session.background)
        view.table.clearSelection()
        view._on_step(step)
        notices = session.place.notices
        qtbot.waitUntil(lambda: notices.newest is not None and "Choose the one line" in notices.newest.words)


def test_a_trial_says_why_and_an_entry_keeps_every_file_of_rejected_rows(
    themed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    unit = register(tmp_path / "unit")
    book = tmp_path / "book.csv"
    book.write_text(ROWS, encoding="utf-8")
    corrected = tmp_path / "book-rejected.csv"
    corrected.write_text("what somebody is correcting", encoding="utf-8")

    with session_of(qtbot, unit, job=partial(job, unit)) as session:
        dialog = ImportDialog(session.place)
        dialog.open()
        dialog.file.setText(str(book))
        dialog.regime.setCurrentIndex(dialog.regime.findData("cn-state"))
        for dry_run in (True, False):
            dialog.reasons.clear()
            dialog._start(dry_run=dry_run)
            qtbot.waitUntil(lambda: "row 3" in dialog.reasons.toPlainText(), timeout=15_000)
            assert "no level" in dialog.reasons.toPlainText()
            assert dialog.reasons.isVisible()
            assert dialog._open_rejects.isVisible() is not dry_run
            assert ("not every row" in dialog.outcome.text()) is not dry_run
            settle(qtbot, session.background)
        assert corrected.read_text(encoding="utf-8") == "what somebody is correcting"
        assert "没有密级" in (tmp_path / "book-rejected-2.csv").read_text(encoding="utf-8")
        assert "book-rejected-2.csv" in dialog.reasons.toPlainText()
        dialog.close()


def test_a_book_that_was_taken_over_is_taken_back_by_two(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    unit = register(tmp_path / "unit")
    book = tmp_path / "book.csv"
    book.write_text("登记号,标题,密级,存放位置\n甲1,试验大纲,秘密,safe\n", encoding="utf-8")
    importing.import_file(unit.desk(), book, importing.load_mapping("", "cn-state"), dry_run=False)
    with session_of(qtbot, unit) as session:
        command = next(each for each in commands_of(session.place) if each.label == "Books taken over…")
        command.do()
        dialog = session.window.findChild(ImportsDialog)
        settle(qtbot, session.background)
        assert [line.registered for line in dialog.rows.lines] == [1]
        dialog.void.click()
        act = dialog.findChild(ActionDialog)
        act.form.asked["reason"].field.set_answer("the wrong file")
        qtbot.waitUntil(lambda: "witness" in act.signatures.rows)
        act.close()
        number = dialog.rows.lines[0].id
        unit.do(VoidImport(reason="the wrong file"), Ref(Subject.IMPORT, number), signed={"witness": "clerk2"})
        dialog.rows.reload()
        settle(qtbot, session.background)
        assert not dialog.void.isEnabled()
        dialog.close()


def test_a_name_that_no_file_can_have_is_no_book(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    unit = register(tmp_path / "unit")
    with session_of(qtbot, unit, job=partial(job, unit)) as session:
        dialog = ImportDialog(session.place)
        for name in ("", "a" * 5_000, "/".join("a" * 3_000), "a\0b", str(tmp_path)):
            dialog.file.setText(name)
            assert not dialog._try.isEnabled(), name[:9]
