"""Much to do, a piece at a time: what was to be done to a part that is gone is left out, the rest is done."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.turns import Turns


def test_a_part_that_went_meanwhile_stops_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    owner, gone, done = QObject(), QWidget(), []
    turns = Turns(owner)
    turns.follow(lambda: done.append(1), gone.deleteLater, lambda: done.append(2))
    gone.deleteLater()
    with qtbot.waitSignal(turns.done):
        pass
    assert done == [1, 2]
    assert not turns.is_busy
