"""A real register with a real seat for tests of the window: who is signed in, and what they would see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.services.accounts import Account, SignedIn
from app.store.vault import Opened
from app.ui.gate import Entered, entered
from tests.unit import KEY, Unit


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
    """The unit with something in every state that Today and the lists show."""
    return Unit(folder)
