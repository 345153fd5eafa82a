"""Tries to unlock that failed: counted in a side file before anybody is let in, posted at the next unlock.

Whoever can write the file can edit it, so it is called no evidence; it slows a guesser at the seat, no more. What was
posted stays a day for the accounts it was about: signing in to one must not buy fresh guesses at another.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from app.paths import PRIVATE_FILE, write_private
from app.store.failures import on_disk

TRIES_FILE: Final = "attempts"
LONGEST_WAIT: Final = timedelta(minutes=5)
KEPT_ONCE_TOLD: Final = timedelta(days=1)


@dataclass(frozen=True)
class FailedTry:
    """One try that failed; account 0 stands for a name nobody has, which is not kept: it may be a password."""

    at: datetime
    account: int
    told: bool = False
    """Whether it was posted to the ledger."""


def failed_tries(folder: Path) -> tuple[FailedTry, ...]:
    """The tries that failed since the file was last cleared, oldest first."""
    with on_disk():
        file = folder / TRIES_FILE
        lines = file.read_text(encoding="ascii", errors="replace").splitlines() if file.exists() else []
    return tuple(found for line in lines if (found := _parsed(line)) is not None)


def note_failed_try(folder: Path, now: datetime, account: int) -> None:
    """Add a failed try, durably: pulling the plug must not buy another."""
    with on_disk():
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
        handle = os.open(folder / TRIES_FILE, flags, PRIVATE_FILE)
        try:
            os.write(handle, f"{now.isoformat()} {account}\n".encode("ascii"))
            os.fsync(handle)
        finally:
            os.close(handle)


def settle_tries(folder: Path, account: int, now: datetime) -> None:
    """Forget the tries at that account, once all are posted to the ledger; the others still count for its wait."""
    left = [each for each in failed_tries(folder) if each.account != account and now - each.at < KEPT_ONCE_TOLD]
    with on_disk():
        if not left:
            (folder / TRIES_FILE).unlink(missing_ok=True)
            return
        lines = "".join(f"{each.at.isoformat()} {each.account} told\n" for each in left)
        write_private(folder / TRIES_FILE, lines.encode("ascii"))


def wait_left(tries: Sequence[FailedTry], account: int, now: datetime) -> timedelta:
    """How long an account must still wait: 1 s after the first failure, twice as long after each further one."""
    times = [failed.at for failed in tries if failed.account == account]
    if not times:
        return timedelta(0)
    # A long file must not become a huge power of two.
    full = min(timedelta(seconds=1 << min(len(times) - 1, 16)), LONGEST_WAIT)
    # A clock that was set back must not lock the account for longer than the full wait.
    return min(max(times[-1] + full - now, timedelta(0)), full)


def _parsed(line: str) -> FailedTry | None:
    at, account, told = (*line.split(" "), "", "")[:3]
    try:
        when = datetime.fromisoformat(at)
        return FailedTry(when, int(account), bool(told)) if when.tzinfo else None
    except ValueError:
        return None  # a torn last line
