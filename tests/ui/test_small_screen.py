"""At 200 % a small screen has half the room: everything is smaller or scrolled to, and nothing out of reach."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SEEN = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QScrollArea
from app.ui import theme
from app.ui.gate import Gate
from app.ui.main_window import MainWindow
from app.ui.page import Page
from app.ui.top_bar import Heading
from app.ui.palette import Palette
from app.ui.sign_in import SignInWindow
from app.main import clock
application = QApplication(sys.argv[:1])
theme.use("light")
room = application.primaryScreen().availableSize()
frame = MainWindow(lambda window: (), Heading(), sounds=False)
for window in (SignInWindow(Gate(clock)), Palette((), frame), frame):
    window.show()
    application.processEvents()
    least = window.minimumSizeHint()
    print(type(window).__name__, least.width() <= room.width(), least.height() <= room.height())
"""


@pytest.mark.parametrize("screen", ["683x384", "1366x768"])
def test_no_window_is_larger_than_the_screen(tmp_path: Path, screen: str) -> None:
    width, height = screen.split("x")
    layout = tmp_path / "screens.json"
    layout.write_text(f'{{"screens": [{{"name": "small", "x": 0, "y": 0, "width": {width}, "height": {height}}}]}}')
    ran = subprocess.run(
        [sys.executable, "-c", SEEN], capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={layout}", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split("\n")[:3] == [f"{name} True True" for name in ("SignInWindow", "Palette", "MainWindow")]
