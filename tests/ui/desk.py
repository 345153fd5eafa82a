"""A real register with a real seat for tests of the window: who is signed in, and what they see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions.custody import Lend
from app.actions.intake import SignForEnvelope
from app.services.accounts import Account, SignedIn
from app.settings import Settings
from app.store.vault import Opened
from app.ui.background import Background
from app.ui.gate import Entered, entered
from app.ui.session import Session
from tests.unit import KEY, Unit

WAIT = 15_000


def seat_of(unit: Unit, name: str = "clerk") -> SignedIn:
    """Somebody of the unit at the seat, without the second that a password takes."""
    person = unit.person(name)
    return SignedIn(
        unit.folder, unit.database, unit.desk(name), Account(1, name, person, 1), Opened(KEY, 1, name, 1),
        lambda: unit.now, unit.now,
    )  # fmt: skip


def came(unit: Unit, name: str = "clerk") -> Entered:
    """What the sign-in window hands on."""
    return entered(seat_of(unit, name))


def no_jobs(*_: Any) -> dict[str, Any]:
    """Long work is no part of these tests."""
    return {}


def register(folder: Path) -> Unit:
    """The unit with a loan that is late, an unopened envelope, an application, and copies of three documents."""
    unit = Unit(folder)
    plan = unit.document_of("mimi", title="关于年度保密工作计划的通知", short_title="计划一")
    copies = unit.copies(4, document=plan)
    unit.copies(2, "juemi", title="Operation Neptune", short_title="N-1")
    unit.received(2)
    channel = unit.desk().regimes()[0].channels()[0].value.code
    unit.do(SignForEnvelope(number="E-2026-91", regime="cn-state", sender="Ministry", channel=channel, items=3))
    lend = Lend(borrower=unit.people["reader"], due=unit.today + timedelta(days=10))
    unit.do(lend, copies[0], slip=unit.approved(lend, copies[0], by="clerk", party="reader"))
    unit.later(days=14)
    again = Lend(borrower=unit.people["reader2"], due=unit.today + timedelta(days=3))
    unit.submitted(again, copies[1], by="clerk", party="reader2")
    return unit


def settle(qtbot: QtBot, background: Background) -> None:
    """Until nothing is read or written any more; answers ask again."""
    quiet = 0

    def still() -> bool:
        nonlocal quiet
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        quiet = quiet + 1 if background.is_idle else 0
        return quiet > 3

    qtbot.waitUntil(still, timeout=WAIT)


@contextmanager
def session_of(qtbot: QtBot, unit: Unit, name: str = "clerk", job: Any = no_jobs) -> Iterator[Session]:
    """Somebody at the desk of that unit in the real window; a fault of the program fails the test."""
    faults: list[BaseException] = []
    kept = Settings(sounds=False, language="en")
    session = Session(came(unit, name), kept, lambda _settings: None, job, faults.append)
    session.show()
    settle(qtbot, session.background)
    yield session
    settle(qtbot, session.background)
    session.window.close()
    qtbot.waitUntil(lambda: True)
    session.window.deleteLater()
    session.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if faults:
        raise faults[0]
