"""The window of an import: what was rejected and why is read there, and no file of rejected rows goes over another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions.imports import VoidImport
from app.domain.action import Ref, Subject
from app.services import importing
from app.ui.action_dialog import ActionDialog
from app.ui.commands import commands_of
from app.ui.importing import ImportDialog
from app.ui.imports_dialog import ImportsDialog
from tests.ui.desk import register, session_of, settle

ROWS = "登记号,标题,密级,存放位置\n甲1,试验大纲,秘密,safe\n甲2,没有密级,,safe\n"


def test_a_trial_says_why_and_an_entry_keeps_every_file_of_rejected_rows(
    themed: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    unit = register(tmp_path / "unit")
    book = tmp_path / "book.csv"
    book.write_text(ROWS, encoding="utf-8")
    corrected = tmp_path / "book-rejected.csv"
    corrected.write_text("what somebody is correcting", encoding="utf-8")

    def job(
        _name: str, answers: Mapping[str, Any], progress: Callable[[int, int], None], cancelled: Callable[[], bool]
    ) -> dict[str, Any]:
        mapping = importing.load_mapping(answers["mapping"], answers["regime"], answers["place"])
        report = importing.import_file(
            unit.desk(), Path(answers["file"]), mapping,
            dry_run=answers["dry_run"], rejects=Path(answers["rejects"]) if answers["rejects"] else None,
        )  # fmt: skip
        return importing.as_data(report)

    with session_of(qtbot, unit, job=job) as session:
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
