"""Real widgets without a screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.ui import theme
from app.ui.background import Background


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
