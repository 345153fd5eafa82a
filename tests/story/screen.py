"""A clerk at a real screen: keys of a scanner and of a person, eyes for colours, nothing of the program's inside."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

PATIENCE = 20
TOP, FOOT = 76, 30
"""Where the time to the lock counts down and where the ledger's state comes late: not looked at for rest."""


class Screen:
    """One X display with the program on it."""

    def __init__(self, environment: Mapping[str, str], pictures: Path) -> None:
        self._environment, self._pictures = dict(environment), pictures
        self._taken = 0
        pictures.mkdir(parents=True, exist_ok=True)

    # --- hands --------------------------------------------------------------------------------------------------

    def keys(self, *names: str) -> None:
        """Press keys one after the other: keys("Tab", "ctrl+k")."""
        self._xdotool("key", "--delay", "30", *names)

    def write(self, text: str) -> None:
        """Type as a quick person does."""
        self._xdotool("type", "--delay", "25", text)

    def scan(self, code: str) -> None:
        """Type as a scanner does, Enter at the end."""
        self._xdotool("type", "--delay", "2", code)
        self._xdotool("key", "Return")

    def click(self, place: QRect) -> None:
        """Press what is there."""
        self._xdotool("mousemove", str(place.center().x()), str(place.center().y()), "click", "1")

    # --- eyes ---------------------------------------------------------------------------------------------------

    def look(self, name: str = "") -> QImage:
        """What is on the screen now; with a name it is kept for whoever has to find out why."""
        self._taken += bool(name)
        path = self._pictures / (f"{self._taken:02d}-{name}.png" if name else "now.png")
        subprocess.run(["import", "-window", "root", str(path)], env=self._environment, check=True)
        return QImage(str(path))

    def rest(self, name: str) -> QImage:
        """What is on the screen once nothing moves any more."""
        before = self.look()
        for _ in range(PATIENCE * 4):
            time.sleep(0.25)
            now = self.look()
            if _middle(now) == _middle(before):
                return self.look(name)
            before = now
        raise TimeoutError(f"the screen never came to rest: {name}")

    def until(self, true: Callable[[QImage], object], name: str) -> QImage:
        """What is on the screen once something is to be seen there."""
        ends = time.monotonic() + PATIENCE
        while not true(shown := self.look()):
            if time.monotonic() > ends:
                self.look(f"{name}-never-came")
                raise TimeoutError(name)
            time.sleep(0.1)
        self.look(name)
        return shown

    def press_primary(self, name: str, nth: int = 0) -> None:
        """Press the nth filled button of the page, from the top."""
        shown = self.until(lambda image: len(list(self._buttons(image))) > nth, f"button for {name}")
        self.click(list(self._buttons(shown))[nth])
        self.rest(name)

    def _buttons(self, image: QImage) -> Iterator[QRect]:
        page = QRect(232, TOP, image.width() - 232 - 350, image.height() - TOP - FOOT)
        yield from places_of(image, "#1f4e79", page, at_least=(40, 18))

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self._environment, check=True, capture_output=True)


def _middle(image: QImage) -> QImage:
    return image.copy(0, TOP, image.width(), image.height() - TOP - FOOT)


def places_of(image: QImage, colour: str, within: QRect, at_least: tuple[int, int]) -> Iterator[QRect]:
    """The places of a colour, from the top: for each the first row of it that is long enough, as deep as it goes."""
    wanted = int("ff" + colour[1:], 16)
    y = within.top()
    while y < within.bottom():
        run = _longest_run(image, wanted, within, y)
        if run is None or run[1] < at_least[0]:
            y += 1
            continue
        start, length = run
        bottom = y
        while bottom < within.bottom() and image.pixel(start, bottom) == wanted:
            bottom += 1
        if bottom - y >= at_least[1]:
            yield QRect(start, y, length, bottom - y)
        y = bottom + 1


def _longest_run(image: QImage, wanted: int, within: QRect, y: int) -> tuple[int, int] | None:
    best: tuple[int, int] | None = None
    start = None
    for x in range(within.left(), within.right() + 2):
        is_it = x <= within.right() and image.pixel(x, y) == wanted
        if is_it and start is None:
            start = x
        elif not is_it and start is not None:
            if best is None or x - start > best[1]:
                best = (start, x - start)
            start = None
    return best


def has_colour(image: QImage, colour: str, within: QRect, share: float = 0.2) -> bool:
    """Whether a good part of a place has this colour."""
    wanted = int("ff" + colour[1:], 16)
    points = [(x, y) for x in range(within.left(), within.right(), 3) for y in range(within.top(), within.bottom(), 3)]
    return sum(image.pixel(x, y) == wanted for x, y in points) > share * len(points)
