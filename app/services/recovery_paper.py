"""The file of a recovery sheet: of two set-ups at once only one may write it, and it goes over nothing."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from app.domain.words import N_, Says, says
from app.paths import PRIVATE_FILE, write_private


class SheetTaken(Exception):
    """There is a file already, or another set-up is about to write it."""

    def __init__(self, *reasons: Says) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


class RecoveryPaper:
    """The right to write one recovery sheet, from before anything is founded until the set-up ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.is_written = False
        refuse_taken_sheet(path)
        # Where the paper cannot be written, nothing is begun.
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, PRIVATE_FILE)
        try:
            self._claim()
        except BaseException:
            os.close(self._handle)
            raise

    def _claim(self) -> None:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            is_ours = self._is_still_there()
        except BlockingIOError:
            is_ours = False
        if not is_ours:  # another has it, or had it between our two looks and wrote its sheet, or took it away
            refuse_taken_sheet(self._path)
            raise SheetTaken(
                says(N_("Another set-up is writing {file} at this moment."), file=str(self._path)),
                says(N_("Wait until it is done, or name another with --recovery-sheet.")),
            )

    def write(self, content: bytes) -> None:
        """Write the sheet in one step."""
        write_private(self._path, content)
        self.is_written = True

    def take_away(self) -> None:
        """Remove what this set-up wrote, or the empty file that stood for it; nothing of another's."""
        if self.is_written or self._is_still_there():
            self._path.unlink()

    def _is_still_there(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._handle), self._path.lstat())
        except FileNotFoundError:
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)


def refuse_taken_sheet(path: Path) -> None:
    """Refuse to go over a file; a set-up that was killed leaves an empty one, and there is nothing in it to lose."""
    if path.exists() and not (path.is_file() and path.stat().st_size == 0):
        raise SheetTaken(
            says(N_("There is already a file {file}; the recovery sheet goes over no other."), file=str(path)),
            says(N_("Name another with --recovery-sheet. Only one left by a set-up that was stopped may be deleted.")),
        )
