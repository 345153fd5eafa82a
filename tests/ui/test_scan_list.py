"""The gesture behind every batch: five thousand lines, each scan answered at once, the sum always plain."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.words import says
from app.ui.background import Background, Priority, Stall
from app.ui.scan_lines import Blocker, ScanListLine, ScanResult, Side, Standing, Sums
from app.ui.scan_list import ScanList

PAGE = 200


class Muster:
    """A list kept in memory, read and written through the two lanes."""

    def __init__(self, background: Background, count: int) -> None:
        self.background = background
        self.lines = {f"C{at}": ScanListLine(f"C{at}", f"机 2026-{at:04d}", "a copy") for at in range(count)}
        self.seen: list[ScanListLine] = []
        self.sides: list[str] = []
        self.blockers: tuple[Blocker, ...] = ()

    def expected(self, after: Any, deliver: Callable[[Sequence[ScanListLine], Any], None]) -> None:
        lines, start = list(self.lines.values()), after or 0
        end = start + PAGE if start + PAGE < len(lines) else None
        self.background.read(lambda: lines[start : start + PAGE], lambda page: deliver(page, end))

    def scanned(self, after: Any, deliver: Callable[[Sequence[ScanListLine], Any], None]) -> None:
        self.background.read(lambda: self.seen[::-1], lambda page: deliver(page, None))

    def sums(self, deliver: Callable[[Sums, Sequence[Blocker]], None]) -> None:
        self.background.read(self._sums, lambda sums: deliver(sums, self.blockers))

    def scan(self, code: str, side: str, deliver: Callable[[ScanResult], None]) -> None:
        self.sides.append(side)
        self.background.run(lambda: self._scan(code), deliver, priority=Priority.SCAN)

    def _sums(self) -> Sums:
        found = sum(line.standing is Standing.FOUND for line in self.lines.values())
        return Sums(len(self.lines), "expected", (("found", found),))

    def _scan(self, code: str) -> ScanResult:
        known = self.lines.get(code)
        if known is None:
            line = ScanListLine(code, code, "", Standing.NOT_LISTED)
        elif known.standing is Standing.FOUND:
            line = replace(known, standing=Standing.TWICE, says=says("already counted at 10:32 by Li"))
        else:
            line = self.lines[code] = replace(known, standing=Standing.FOUND)
        self.seen.append(line)
        return ScanResult(line, self._sums(), self.blockers, self.lines.get(code))


@pytest.fixture
def show(themed: QApplication, qtbot: QtBot) -> Callable[..., ScanList]:
    def build(muster: Muster, **how: Any) -> ScanList:
        shown = ScanList(muster, **how)
        qtbot.addWidget(shown)
        shown.resize(1000, 600)
        shown.show()
        qtbot.waitUntil(lambda: shown._sums is not None and shown.expected.rowCount() > 0)
        return shown

    return build


def test_every_scan_is_answered_newest_on_top(
    show: Callable[..., ScanList], qtbot: QtBot, background: Background
) -> None:
    shown = show(Muster(background, 3))
    for code in ("C0", "C0", "C9"):
        shown.take_code(code)
    qtbot.waitUntil(lambda: shown.scanned.rowCount() == 3)
    assert [line.standing for line in shown.scanned.lines] == [Standing.NOT_LISTED, Standing.TWICE, Standing.FOUND]
    assert "10:32 by Li" in shown.scanned.line(1).stands
    assert shown.expected.line(0).standing is Standing.FOUND
    assert shown.expected.line(1).stands == "not yet counted"
    assert not shown.may_close


def test_it_closes_when_it_adds_up_and_nothing_blocks(
    show: Callable[..., ScanList], qtbot: QtBot, background: Background
) -> None:
    muster = Muster(background, 2)
    lifted: list[int] = []
    muster.blockers = (Blocker("one has no label", "Print label", lambda: lifted.append(1)),)
    shown = show(muster)
    for code in ("C0", "C1"):
        shown.take_code(code)
    qtbot.waitUntil(lambda: background.is_idle)
    assert not shown.may_close
    step = next(button for button in shown._blocked.findChildren(QPushButton) if button.isVisible())
    step.click()
    assert lifted == [1]
    muster.blockers = ()
    with qtbot.waitSignal(shown.added_up, check_params_cb=lambda closes: closes):
        shown.reload()


def test_two_parties_scan_in_turn(show: Callable[..., ScanList], qtbot: QtBot, background: Background) -> None:
    muster = Muster(background, 2)
    shown = show(muster, sides=(Side("giver", "Giver scans"), Side("receiver", "Receiver scans")))
    shown.take_code("C0")
    next(button for button in shown.findChildren(QPushButton) if button.text() == "Receiver scans").click()
    shown.take_code("C0")
    assert muster.sides == ["giver", "receiver"]
    qtbot.waitUntil(lambda: background.is_idle)


def test_a_blind_count_hides_what_is_expected(
    show: Callable[..., ScanList], qtbot: QtBot, background: Background
) -> None:
    shown = show(Muster(background, 2), blind=True)
    from_left = [title for title in shown.findChildren(type(shown._newest)) if title.text() == "EXPECTED"]
    assert not any(title.isVisible() for title in from_left)


def test_five_thousand_lines_take_scans_without_a_stall(
    show: Callable[..., ScanList], qtbot: QtBot, background: Background
) -> None:
    shown = show(Muster(background, 5000))
    while not shown.expected.is_whole:
        shown.expected.fetchMore(shown.expected.index(-1, -1))
        qtbot.waitUntil(lambda: background.is_idle)
    with Stall() as stall:
        for at in range(300):
            shown.take_code(f"C{at * 16}")
            qtbot.wait(2)
        qtbot.waitUntil(lambda: background.is_idle)
    assert shown.scanned.rowCount() == 300
    assert shown.expected.line(16).standing is Standing.FOUND
    assert stall.longest < 250  # a machine shared with other tests; the benchmark asks for less than 50
