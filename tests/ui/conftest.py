"""Real widgets without a screen."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator  # noqa: E402 - Qt reads the platform when it is first imported

import pytest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from app.ui import theme  # noqa: E402
from app.ui.background import Background  # noqa: E402


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
