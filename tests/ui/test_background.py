"""Work beside the window comes back on it, in turn, and never to a widget that is gone."""

import threading
import time
from functools import partial

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain.action import refuse
from app.services.desk import Refused
from app.store.failures import unavailable
from app.ui.background import Background, Priority, Stall, owner_of


def test_an_answer_arrives_in_the_window_s_own_thread(qtbot: QtBot, background: Background) -> None:
    threads: list[threading.Thread] = []
    background.run(threading.current_thread, lambda worker: threads.extend((worker, threading.current_thread())))
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0] is not threads[1] is threading.main_thread()


def test_a_scan_goes_before_everything_that_waits(qtbot: QtBot, background: Background) -> None:
    order: list[str] = []
    gate = threading.Event()
    background.run(gate.wait)
    for name, priority in (("quiet", Priority.QUIET), ("act", Priority.ACT), ("scan", Priority.SCAN)):
        background.run(lambda name=name: name, order.append, priority=priority)
    gate.set()
    qtbot.waitUntil(lambda: len(order) == 3)
    assert order == ["scan", "act", "quiet"]


def test_reading_does_not_wait_for_writing(qtbot: QtBot, background: Background) -> None:
    gate = threading.Event()
    background.run(lambda: gate.wait(10))
    read: list[int] = []
    background.read(lambda: 1, read.append)
    qtbot.waitUntil(lambda: read == [1])
    assert not background.is_idle
    gate.set()


def test_a_later_read_makes_the_earlier_one_stale(qtbot: QtBot, background: Background) -> None:
    shown: list[str] = []
    gate = threading.Event()
    background.read(lambda: (gate.wait(10), "first")[1], shown.append, key="page")
    background.read(lambda: "second", shown.append, key="page")
    background.read(lambda: "other", shown.append, key="card")
    gate.set()
    qtbot.waitUntil(lambda: background.is_idle)
    assert shown == ["second", "other"]


def test_an_answer_with_others_given_belongs_to_the_same_widget(qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    assert owner_of(partial(partial(label.setProperty, "field"))) is label
    assert owner_of(print) is None


def test_an_answer_dies_with_the_widget_that_asked(qtbot: QtBot, background: Background) -> None:
    label = QLabel()
    gate = threading.Event()
    background.read(lambda: (gate.wait(10), "too late")[1], label.setText)
    reached: list[str] = []
    background.read(lambda: "closure", reached.append, owner=label)
    label.deleteLater()
    qtbot.wait(20)
    gate.set()
    qtbot.waitUntil(lambda: background.is_idle)
    assert reached == []


def _raise(error: Exception) -> None:
    raise error


@pytest.mark.expected_log("store unavailable")
def test_refusals_the_environment_and_bugs_take_three_ways(qtbot: QtBot, background: Background) -> None:
    refused: list[Refused] = []
    untaken: list[Refused] = []
    failed: list[Exception] = []
    unavailable_now: list[Exception] = []
    faults: list[Exception] = []
    background.refused.connect(untaken.append)
    background.unavailable.connect(unavailable_now.append)
    background.fault.connect(faults.append)
    no, full, bug = Refused([refuse("no")]), unavailable("disk_full"), ZeroDivisionError()
    background.run(lambda: _raise(no), on_refused=refused.append)
    background.run(lambda: _raise(no))
    background.run(lambda: _raise(full), on_failed=failed.append)
    background.run(lambda: _raise(bug), on_failed=failed.append)
    qtbot.waitUntil(lambda: background.is_idle)
    assert (refused, untaken) == ([no], [no])
    assert (unavailable_now, faults, failed) == ([full], [bug], [full, bug])


def test_the_watchdog_sees_a_planted_sleep_and_nothing_else(qtbot: QtBot, background: Background) -> None:
    with Stall() as calm:
        background.run(lambda: time.sleep(0.2))
        qtbot.waitUntil(lambda: background.is_idle)
    with Stall() as planted:
        qtbot.wait(20)
        time.sleep(0.12)
        qtbot.wait(20)
    assert planted.is_noticed
    assert planted.longest == pytest.approx(120, abs=60)
    assert calm.longest < planted.longest
