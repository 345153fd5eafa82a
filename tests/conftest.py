"""What every test may rely on: its own home, English, and that nothing was logged which nobody expected."""

import gc
import logging
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from app import i18n

# No window opens on the machine of whoever runs the tests; those that need a real one start their own X server.
if not os.environ.get("QT_QPA_PLATFORM", "").startswith("offscreen"):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

# A busy machine is no defect, and examples are not kept from one run to the next.
settings.register_profile("custos", deadline=None, database=None)
settings.load_profile("custos")

FOLDERS = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder of the test's own."""
    folder = tmp_path_factory.mktemp("home", numbered=True)
    monkeypatch.setenv("HOME", str(folder))
    for name in FOLDERS:
        (folder / name).mkdir(mode=0o700)
        monkeypatch.setenv(name, str(folder / name))
    return folder


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start in English, whatever the machine speaks and whatever the test before has chosen."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    i18n.use(i18n.ENGLISH)
    yield
    i18n.use(i18n.ENGLISH)


class Listener(logging.Handler):
    """Keeps what was logged at WARNING or above, and what a test said it expects."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []
        self.expected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.levelname} {record.name}: {record.getMessage()}")

    def surprises(self) -> list[str]:
        """What nobody expected."""
        return [line for line in self.heard if not any(re.search(pattern, line) for pattern in self.expected)]

    def never_came(self) -> list[str]:
        """What was expected in vain."""
        return [pattern for pattern in self.expected if not any(re.search(pattern, line) for line in self.heard)]


@pytest.fixture(autouse=True)
def listener(request: pytest.FixtureRequest) -> Iterator[Listener]:
    """Fail the test for a warning in the log that it did not expect, or for one that it expected in vain."""
    ear = Listener()
    ear.expected += [mark.args[0] for mark in request.node.iter_markers("expected_log")]
    root = logging.getLogger()
    before = [*root.handlers]
    root.addHandler(ear)
    yield ear
    for handler in [each for each in root.handlers if each not in before]:
        root.removeHandler(handler)
        handler.close()
    assert not ear.surprises(), "logged, and nobody expected it"
    assert not ear.never_came(), "expected in the log, and never came"


@pytest.fixture(autouse=True)
def collected(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Garbage goes as in the program, on the window's thread: no lane of one test ends widgets of another."""
    if "qapp" not in request.fixturenames:
        if not gc.isenabled():
            gc.collect()
            gc.enable()
        yield None
        return
    from app.ui.collecting import Collector  # only a test with a window needs it

    gc.disable()
    collector = Collector(request.getfixturevalue("qapp"))
    yield collector
    collector.stop()
    collector.deleteLater()
    gc.collect(1)


@pytest.fixture
def expected_log(listener: Listener) -> Callable[[str], None]:
    """Say that a log line matching a pattern will come: `expected_log("disk full")`."""
    return listener.expected.append
