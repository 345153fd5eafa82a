"""The binding loses references to None and True under Python 3.11; the window outlives it."""

import subprocess
import sys

import pytest

MANY = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
{first}
from PySide6.QtCore import QObject, Signal
class Bell(QObject):
    rung = Signal(int)
bell = Bell()
bell.rung.connect(lambda n: None)
for n in range(300_000):
    bell.rung.emit(n)
    bell.property("nothing")
"""


def run(first: str) -> int:
    return subprocess.run([sys.executable, "-c", MANY.format(first=first)], check=False, capture_output=True).returncode


def test_the_window_outlives_a_long_day_of_signals() -> None:
    assert run("import app.ui") == 0


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None, True and False live for ever from Python 3.12 on")
def test_without_the_remedy_it_would_not() -> None:
    assert run("") != 0, "PySide counts rightly again: take the remedy out of app/ui/__init__.py"
