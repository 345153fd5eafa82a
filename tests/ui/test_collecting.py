"""Python's collector never runs on a thread that is not the window's."""

import gc
import sys
import threading
import weakref
from datetime import datetime

import pytest
from PySide6.QtCore import QObject

from app.main import AFTER, Program
from app.services.accounts import unlock
from app.settings import Settings
from app.stage import password_of, set_up
from app.ui.aside import Aside
from app.ui.collecting import Collector
from app.ui.gate import entered
from tests.ui.clerk import CHEAP


@pytest.fixture(autouse=True)
def alone(collected):
    """Without the collector of the suite: Python collects as it likes until one is begun."""
    collected.stop()
    gc.enable()
    yield
    gc.disable()


class Ring(QObject):
    """An object that only the collector can end."""

    def __init__(self, ended):
        super().__init__()
        self.itself = self
        self.guard = Guard(ended)


class Guard:
    def __init__(self, ended):
        weakref.finalize(self, lambda: ended.append(threading.current_thread()))


def litter(count=20_000):
    for _ in range(count):
        ring = []
        ring.append(ring)


def test_a_ring_with_a_widget_ends_on_the_windows_thread(qapp, qtbot):
    ended, owner = [], QObject()
    collector = Collector(owner)
    try:
        Ring(ended)
        worker = threading.Thread(target=litter)
        worker.start()
        worker.join()
        assert ended == []
        qtbot.waitUntil(lambda: bool(ended) or gc.collect() < 0, timeout=5_000)
    finally:
        collector.stop()
    assert ended == [threading.main_thread()]


def test_without_the_collector_the_ring_ends_wherever_python_likes(qapp):
    ended = []
    Ring(ended)
    worker = threading.Thread(target=litter)
    worker.start()
    worker.join()
    assert len(ended) == 1
    assert ended[0].ident != threading.main_thread().ident


def test_what_works_beside_the_sign_in_ends_no_widget(qapp, qtbot):
    hooks = sys.excepthook, threading.excepthook
    program, aside, ended, done = Program(Settings(sounds=False)), Aside(), [], []
    try:
        Ring(ended)
        aside.ask(litter, done.append)
        qtbot.waitUntil(lambda: bool(done))
        assert ended == []
        qtbot.waitUntil(lambda: bool(ended) or gc.collect() < 0, timeout=5_000)
    finally:
        sys.excepthook, threading.excepthook = hooks
        aside.close()
        program.collector.stop()
    assert ended == [threading.main_thread()]


def test_what_somebody_saw_does_not_outlast_their_leaving(qapp, qtbot, tmp_path):
    hooks = sys.excepthook, threading.excepthook
    stage = set_up(tmp_path / "book", datetime.now().astimezone(), cost=CHEAP)
    stage.close()
    program = Program(Settings(sounds=False))
    try:
        program._on_entered(entered(unlock(tmp_path / "book", "chen", password_of("chen"), stage.clock)))
        qtbot.waitUntil(lambda: program.session.background.is_idle, timeout=15_000)
        window = weakref.ref(program.session.window)
        program.session._leave_to_other()
        qtbot.waitUntil(lambda: program.session is None)
        qtbot.waitUntil(lambda: window() is None, timeout=3 * AFTER)
    finally:
        sys.excepthook, threading.excepthook = hooks
        program.collector.stop()
        if program.sign_in is not None:
            program.sign_in.close()
            program.sign_in.deleteLater()


def test_while_a_lane_works_only_the_youngest_are_walked_through(qapp, qtbot):
    walked, owner = [], QObject()

    def note(phase, found):
        if phase == "start":
            walked.append(found["generation"])

    gc.collect()
    collector = Collector(owner, lambda: False)
    gc.callbacks.append(note)
    try:
        while len(walked) < 12:
            litter(Collector.MANY * 2)
            qtbot.wait(Collector.EVERY)
        assert set(walked) == {0}
        collector._last -= Collector.LONGEST
        qtbot.waitUntil(lambda: walked[-1] == 1, timeout=5_000)
    finally:
        gc.callbacks.remove(note)
        collector.stop()
