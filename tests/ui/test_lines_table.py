"""A line's answer is shown in words, not in the code that is kept."""

from PySide6.QtCore import Qt

from app.actions.disposition import FileToArchive
from app.domain.action import Line, Ref, Subject
from app.ui.lines_table import LinesModel, NamedLine


def test_a_choice_on_a_line_is_shown_in_its_words(qapp):
    line = Line(Ref(Subject.CARRIER, 1), {"archive_no": "2026-1", "retention": "30y"})
    model = LinesModel(FileToArchive, [NamedLine(line, "S-1")])
    shown = [model.data(model.index(0, column), Qt.ItemDataRole.DisplayRole) for column in range(1, 4)]
    assert shown == ["2026-1", "30 years", ""]
