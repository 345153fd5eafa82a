"""The real program on a real X server with a window manager, worked by keys and scans; the book has what came of it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from app.domain.numbering import payload
from app.services.accounts import unlock
from app.stage import REGISTER, password_of
from app.store import proof
from benchmarks.display import TOP, display, missing, wait_for_window
from tests.story.screen import Screen, has_colour
from tests.ui.visit import now, sample

GOOD, BAD = "#1f7a4d", "#b3261e"
LEVEL = "#1d5fa8"
OUTCOME, CARD = QRect(600, 24, 200, 48), QRect(1016, 76, 350, 80)
WANG_IN_REGISTER = "Wang Lei"


@dataclass
class Desk:
    """A screen with the program on it, and the register it works on."""

    screen: Screen
    folder: Path
    home: Path
    program: "subprocess.Popen[bytes]"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    assert not missing(), f"please install {', '.join(missing())}"
    folder, home = sample(tmp_path / "register"), tmp_path / "home"
    with display(home) as environment:
        command = [sys.executable, "-m", "app", "run", "--register", str(folder)]
        with subprocess.Popen(command, cwd=TOP, env={**environment, "LANG": "C.UTF-8"}) as program:
            screen = Screen(environment, tmp_path / "pictures")
            try:
                wait_for_window(environment, "Custos")
                yield Desk(screen, folder, home, program)
            finally:
                program.kill()


def is_signed_in(image: QImage) -> bool:
    """The rail says where we are in the accent's soft colour."""
    return has_colour(image, "#dde5ee", QRect(12, 100, 200, 40), 0.3)


def facts(folder: Path, statement: str) -> list[tuple[object, ...]]:
    seat = unlock(folder, "chen", password_of("chen"), now)
    with seat.database.reading() as connection:
        found = [tuple(row) for row in connection.exec_driver_sql(statement)]
    seat.close()
    return found


def test_a_clerk_signs_in_scans_lends_takes_back_and_changes_the_language(desk: Desk) -> None:
    screen = desk.screen
    ((carrier, slip, last),) = facts(
        desk.folder,
        "SELECT (SELECT min(id) FROM carriers WHERE state = 'in_stock' AND custodian = 1 AND pages IS NULL),"
        " (SELECT max(id) + 1 FROM slips), (SELECT max(seq) FROM ledger)",
    )
    label = payload("C", REGISTER, int(str(carrier)))
    sign_in(screen)
    scan_right_and_wrong(screen, label)
    lend(screen, payload("S", REGISTER, int(str(slip))))
    take_back(screen, label)
    change_language(desk)
    screen.keys("alt+F4")
    assert desk.program.wait(20) == 0

    acts = [action for (action,) in facts(desk.folder, f"SELECT action FROM ledger WHERE seq > {last} ORDER BY seq")]
    wanted = ["sign_in", "submit", "approve", "lend", "return_loan", "sign_out"]
    assert [act for act in dict.fromkeys(acts) if act in wanted] == wanted, acts
    ((state, hands),) = facts(desk.folder, f"SELECT state, hands FROM carriers WHERE id = {carrier}")
    assert (state, hands) == ("in_stock", None)
    seat = unlock(desk.folder, "chen", password_of("chen"), now)
    with seat.database.reading() as connection:
        assert proof.verify_full(connection).holds
    seat.close()


def sign_in(screen: Screen) -> None:
    screen.rest("sign-in")
    screen.write(password_of("chen"))
    screen.keys("Return")
    screen.until(is_signed_in, "today")
    screen.rest("today")


def scan_right_and_wrong(screen: Screen, label: str) -> None:
    screen.keys("F2")
    wrong = label[:-1] + ("0" if label[-1] != "0" else "1")
    screen.scan(wrong)
    screen.until(lambda image: has_colour(image, BAD, OUTCOME), "a mistyped code")
    screen.scan(payload("C", REGISTER, 999_999))
    screen.until(lambda image: has_colour(image, BAD, OUTCOME), "an unknown code")
    assert not has_colour(screen.rest("no card"), LEVEL, CARD)
    screen.scan(label)
    screen.until(lambda image: has_colour(image, GOOD, OUTCOME), "a code of ours")
    screen.until(lambda image: has_colour(image, LEVEL, CARD), "its card")


def lend(screen: Screen, slip: str) -> None:
    screen.keys("Tab", "l")
    screen.rest("lend")
    screen.write(WANG_IN_REGISTER)
    screen.rest("the borrower is found")
    screen.keys("Return")
    screen.rest("lend, filled")
    screen.keys("ctrl+Return")
    screen.rest("submitted")
    screen.keys("F2")
    screen.scan(slip)
    screen.rest("the slip")
    screen.press_primary("approve")
    screen.keys("ctrl+a")
    screen.write("Wu Tao")
    screen.rest("the decider is found")
    screen.keys("Return")
    screen.rest("approve, filled")
    screen.keys("ctrl+Return")  # leads to the signature that is missing
    screen.rest("approve, whose signature")
    screen.write("wu")
    screen.keys("Return")
    screen.write(password_of("wu"))
    screen.rest("approve, password")
    screen.keys("Return")
    screen.rest("approve, signed")
    screen.keys("ctrl+Return")
    screen.rest("approved")
    screen.press_primary("lend, approved")
    screen.keys("ctrl+Return")
    screen.rest("lent")


def take_back(screen: Screen, label: str) -> None:
    screen.keys("F2")
    screen.scan(label)
    screen.rest("its card again")
    screen.keys("Tab", "r")
    screen.rest("return")
    screen.write("12")
    screen.keys("Return")
    screen.rest("return, counted")
    screen.keys("ctrl+Return")
    screen.rest("returned")


def change_language(desk: Desk) -> None:
    desk.screen.keys("ctrl+k")
    desk.screen.rest("commands")
    desk.screen.write("Chinese")
    desk.screen.keys("Return")
    desk.screen.rest("in Chinese")
    kept = json.loads((desk.home / ".config" / "custos" / "settings.json").read_text(encoding="utf-8"))
    assert kept["language"] == "zh_CN"
    assert kept["last_register"] == str(desk.folder)
