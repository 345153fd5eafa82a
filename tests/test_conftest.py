"""The nets under the tests hold: what nobody expected fails a test."""

import re
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
pytest_plugins = ["pytester"]

SMALL = """
import logging
import warnings

import pytest
from PySide6.QtCore import qWarning

logger = logging.getLogger("app")


def test_quiet():
    logger.info("lent")

def test_log():
    logger.warning("disk full")

def test_expected_log(expected_log):
    expected_log("disk")
    logger.warning("disk full")

@pytest.mark.expected_log("disk")
def test_marked_log():
    logger.warning("disk full")

def test_expected_in_vain(expected_log):
    expected_log("disk")

def test_warning():
    warnings.warn("old", DeprecationWarning)

def test_qt(qtbot):
    qWarning("no such slot")

def test_offscreen(qtbot):
    qWarning("This plugin does not support propagateSizeHints()")

@pytest.mark.xfail
def test_mended():
    pass
"""


def test_a_test_ends_as_it_should(pytester):
    pytester.makeconftest((TOP / "tests/conftest.py").read_text(encoding="utf-8"))
    settings = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    pytester.makepyprojecttoml(settings[settings.index("[tool.pytest.ini_options]") :])
    (pytester.mkdir("tests") / "test_small.py").write_text(SMALL, encoding="utf-8")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-rA", f"--override-ini=pythonpath={TOP}")
    ends = re.findall(r"^(PASSED|FAILED|ERROR) tests/test_small\.py::test_(\w+)", result.stdout.str(), re.MULTILINE)
    named = {kind: {name for end, name in ends if end == kind} for kind in ("FAILED", "ERROR", "PASSED")}
    assert named["FAILED"] == {"warning", "qt", "mended"}
    assert named["ERROR"] == {"log", "expected_in_vain"}
    assert named["PASSED"] - named["ERROR"] == {"quiet", "expected_log", "marked_log", "offscreen"}
