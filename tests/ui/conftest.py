"""Real widgets without a screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui import theme
from app.ui.background import Background


@pytest.fixture(autouse=True)
def keys_up(qapp: QApplication) -> None:
    """No key is down: after Ctrl+L of an earlier test Qt thinks Control still is, and chooses rows besides."""
    if QGuiApplication.keyboardModifiers() != Qt.KeyboardModifier.NoModifier:
        QTest.keyClick(QWidget(), Qt.Key.Key_Shift)


@pytest.fixture
def themed(qapp: QApplication) -> QApplication:
    """The application in its light theme."""
    if theme.current().name != "light" or not qapp.styleSheet():
        theme.use("light")
    return qapp


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    """Two lanes that end with the test."""
    lanes = Background()
    yield lanes
    lanes.close()
