"""A line's answer is shown in words, not in the code that is kept."""

from PySide6.QtCore import Qt

from app.actions.disposition import FileToArchive
from app.domain.action import Line, Ref, Refusal, Subject
from app.domain.words import N_, says
from app.ui.lines_table import LinesModel, LinesTable, NamedLine
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
