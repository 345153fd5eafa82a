"""The way in, called beside the window: each step brings the libraries it needs only when it is taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.domain.action import Signature
    from app.domain.regime import Regime
    from app.services.accounts import SignedIn
    from app.store.reads import RegisterCard, Viewer

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Entered:
    """A register with somebody at the seat, and what the window needs before it can be drawn."""

    seat: SignedIn
    register: RegisterCard
    regimes: tuple[Regime, ...]
    viewer: Viewer
    departments: tuple[str, ...]


class Gate:
    """Names, passwords and dates; every method may take a second and raises `StoreUnavailable` with its remedy."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def warm_up(self) -> None:
        """Bring in the libraries that unlocking and the frame need, while the person types."""
        for name in ("app.services.accounts", "app.store.reads", "app.ui.session", "qtawesome", "pyqtgraph"):
            import_module(name)

    def logins(self, folder: Path) -> tuple[str, ...]:
        """Who can sign in to the register of this folder."""
        from app.services import accounts  # start-up: not before the window is there

        return accounts.logins(folder)

    def unlock(self, folder: Path, login: str, password: str) -> SignedIn:
        """Open the register with somebody's password."""
        from app.services import accounts  # start-up: not before the window is there

        return accounts.unlock(folder, login, password, self.clock)

    def confirm_date(self, seat: SignedIn, login: str, password: str) -> Signature:
        """A second person says that the clock is right."""
        from app.services import accounts  # start-up: not before the window is there

        return accounts.second_person(seat, login, password, "witness")

    def recover(self, folder: Path, key: str, login: str, password: str) -> None:
        """Give an account a new password with the key of the recovery sheet."""
        from app.services import slots  # start-up: not before the window is there

        slots.recover(folder, key, login, password, self.clock)

    def enter(self, seat: SignedIn, confirmed_by: Signature | None = None) -> Entered:
        """Take the seat: the sign-in is an entry."""
        from app.services import accounts  # start-up: not before the window is there

        accounts.sign_in(seat, confirmed_by)
        return entered(seat)


def entered(seat: SignedIn) -> Entered:
    """What the window needs to know of a register before it is drawn."""
    from app.store import reads  # start-up: not before the window is there

    desk = seat.desk
    register = desk.read(reads.register_card)
    if register is None:
        raise LookupError("a register without its own facts")
    viewer = desk.read(reads.viewer_of, desk.actor.id, desk.today())
    return Entered(seat, register, desk.regimes(), viewer, desk.read(reads.departments))
