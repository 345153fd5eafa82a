"""A line's answer is shown in words, not in the code that is kept."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.actions.disposition import FileToArchive
from app.domain.action import Line, Ref, Refusal, Subject
from app.domain.words import N_, says
from app.ui import theme
from app.ui.lines_model import LinesModel, NamedLine
from app.ui.lines_table import LinesTable
from tests.ui.kit import TODAY, Office


def test_a_choice_on_a_line_is_shown_in_its_words(qapp):
    line = Line(Ref(Subject.CARRIER, 1), {"archive_no": "2026-1", "retention": "30y"})
    model = LinesModel(FileToArchive, [NamedLine(line, "S-1")])
    shown = [model.data(model.index(0, column), Qt.ItemDataRole.DisplayRole) for column in range(1, 4)]
    assert shown == ["2026-1", "30 years", ""]


def test_one_answer_for_all_is_the_last_one_given_also_after_enter_went_on(qapp):
    lines = [Line(Ref(Subject.CARRIER, at), {"retention": "30y"} if at == 1 else {}) for at in (1, 2, 3)]
    model = LinesModel(FileToArchive, [NamedLine(line, str(line.subject)) for line in lines])
    column = 1 + [name for name, _asked in model.each].index("retention")
    model.fill(column, 1)
    assert [line.answers.get("retention") for line in model.lines] == ["30y", "30y", "30y"]


@pytest.fixture
def filing(themed, qtbot):
    lines = [NamedLine(Line(Ref(Subject.CARRIER, at)), f"S-{at}") for at in (1, 2, 3)]
    table = LinesTable(LinesModel(FileToArchive, lines), Office(), lambda: TODAY)
    qtbot.addWidget(table)
    table.resize(900, 300)
    table.show()
    table.activateWindow()
    qtbot.waitUntil(table.isActiveWindow)
    return table


def where(table):
    return table.currentIndex().row(), table.currentIndex().column()


def test_enter_goes_down_a_question_and_then_to_the_next(filing, qtbot):
    filing.start()
    for row, number in enumerate(("2026-1", "2026-2", "2026-3")):
        qtbot.waitUntil(lambda row=row: where(filing) == (row, 1))
        QTest.keyClicks(QApplication.focusWidget(), number)
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: where(filing) == (0, 2))
    assert [line.answers.get("archive_no") for line in filing.model().lines] == ["2026-1", "2026-2", "2026-3"]


def test_a_click_while_a_cell_is_open_goes_where_it_was_clicked(filing):
    """It went to the line below the one that was clicked: what was typed then was lost, or answered another line."""
    for row in (2, 0):
        spot = filing.visualRect(filing.model().index(row, 1)).center()
        QTest.mouseClick(filing.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        assert where(filing) == (row, 1)


def test_what_need_not_be_answered_is_not_waited_for(filing):
    model = filing.model()
    for row in range(3):
        for column, answer in enumerate((f"2026-{row}", "30y", "kept"), 1):
            model.setData(model.index(row, column), answer)
    assert not filing.start_missing()
    model.setData(model.index(1, 3), None)
    assert filing.start_missing()
    assert where(filing) == (1, 3)


def test_going_to_a_cell_that_is_open_already_leaves_the_keyboard_in_it(filing, qtbot):
    """Control and Enter twice: the table took the keyboard, and a choice was made on the line below."""
    assert filing.start_missing()
    qtbot.waitUntil(lambda: filing.indexWidget(filing.model().index(0, 1)) is not None)
    editor = filing.indexWidget(filing.model().index(0, 1))
    qtbot.waitUntil(lambda: editor.isAncestorOf(QApplication.focusWidget()) or editor.hasFocus())
    stood = QApplication.focusWidget()
    assert filing.start_missing()
    assert QApplication.focusWidget() is stood
    assert [index.row() for index in filing.selectionModel().selectedRows()] == [0]


def test_a_reason_is_read_whole(themed, qtbot):
    line = Line(Ref(Subject.CARRIER, 1))
    model = LinesModel(FileToArchive, [NamedLine(line, "S-1")])
    table = LinesTable(model, Office(), lambda: TODAY)
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    before = table.rowHeight(0)
    model.show_refusals(
        [
            Refusal(
                "x",
                says(
                    N_("“{asked}” is not answered, and nobody knows who would answer it before the list is closed."),
                    asked="Archive number",
                ),
                subject=line.subject,
            )
        ]
    )
    words = model.index(0, model.columnCount() - 1).data()
    assert table.fontMetrics().horizontalAdvance(words) > table.columnWidth(model.columnCount() - 1)
    assert table.rowHeight(0) > 2 * table.fontMetrics().height() > before - 12


def test_an_answer_is_read_whole_where_nothing_stands_against_it(themed, qtbot):
    """An archive number was cut off at the moment the act was ready to be signed."""
    line = Line(Ref(Subject.CARRIER, 1))
    model = LinesModel(FileToArchive, [NamedLine(line, "S-1")])
    table = LinesTable(model, Office(), lambda: TODAY)
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    model.setData(model.index(0, 1), "J12-2026-D30-0001 KU-4-2026")
    model.show_refusals([])
    room = table.visualRect(model.index(0, 1))
    words = table.fontMetrics().boundingRect(
        0, 0, room.width() - theme.size(20), 0, Qt.TextFlag.TextWordWrap, model.index(0, 1).data()
    )
    assert words.height() > table.fontMetrics().height(), "it takes more than one line"
    assert room.height() >= words.height()
