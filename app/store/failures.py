"""What the environment may do to a register: each failure of driver and disk as a cause and a remedy."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlcipher3 import dbapi2

from app.domain.words import Says, says

ROOM_TO_OPEN: Final = 64 * 1024
"""Bytes: the shared memory of a write-ahead log begins with 32 KiB."""


class StoreUnavailable(Exception):
    """The register cannot be read or written now, for a reason outside the program."""

    def __init__(self, code: str, cause: Says, remedy: Says) -> None:
        super().__init__(code)
        self.code = code
        self.cause = cause
        self.remedy = remedy

    def __reduce__(self) -> tuple[type["StoreUnavailable"], tuple[str, Says, Says]]:
        # Failures come back from child processes.
        return type(self), (self.code, self.cause, self.remedy)


_FROM_BACKUP = says("Close the program and restore the newest backup; keep the damaged folder for the secrecy officer.")

_SENTENCES: Final = {
    "disk_full": (
        says("The disk is full; nothing of this act was recorded."),
        says("Free some space on the disk of the register and try again."),
    ),
    "busy": (
        says("Another part of the program is writing to the register and did not finish in time."),
        says("Wait for the running import or backup to end, then try again."),
    ),
    "read_only": (
        says("The register can be read but not written."),
        says(
            "Check that the disk is not mounted read-only and that the folder belongs to the account that runs Custos."
        ),
    ),
    "no_access": (
        says("The operating system does not let this account open the register."),
        says("Start Custos from the account that owns the register's folder."),
    ),
    "missing": (
        says("There is no register in this folder."),
        says("Choose the folder of the register, or restore a backup into it."),
    ),
    "not_begun": (
        says("No register is begun in this folder yet: its set-up is still running, or was stopped before its end."),
        says("Wait for the set-up that runs, or begin the register again; what a stopped one left is cleared then."),
    ),
    "exists": (
        says("There is already a register in this folder."),
        says("Choose another folder for the new register."),
    ),
    "not_a_register": (
        says("The file is not a register of Custos."),
        says("Choose the folder of the register; if this is its folder, restore the newest backup."),
    ),
    "wrong_key": (
        says("The register does not open with the key of this vault, or its first page is damaged."),
        says("Restore register.db and vault.toml from the same backup."),
    ),
    "corrupt": (says("The register's file is damaged."), _FROM_BACKUP),
    "io": (
        says("The disk reported an error while reading or writing the register."),
        says("Check the disk and its cable, make a backup to another disk, then start the program again."),
    ),
    "memory": (
        says("The machine is out of memory."),
        says("Close other programs and try again."),
    ),
    "newer_schema": (
        says("The register was written by a newer version of Custos."),
        says("Open it with that version, or a later one."),
    ),
}


def unavailable(code: str) -> StoreUnavailable:
    """Make the failure of that code, with its sentences."""
    return StoreUnavailable(code, *_SENTENCES[code])


# The low byte of SQLite's result code; what is missing here is a fault of ours and stays as it is.
_OF_SQLITE: Final = {
    dbapi2.SQLITE_PERM: "no_access",
    dbapi2.SQLITE_BUSY: "busy",
    dbapi2.SQLITE_LOCKED: "busy",
    dbapi2.SQLITE_NOMEM: "memory",
    dbapi2.SQLITE_READONLY: "read_only",
    dbapi2.SQLITE_IOERR: "io",
    dbapi2.SQLITE_CORRUPT: "corrupt",
    dbapi2.SQLITE_FULL: "disk_full",
    dbapi2.SQLITE_CANTOPEN: "no_access",
    dbapi2.SQLITE_NOTADB: "wrong_key",
}

_NO_TEXT: Final = "Could not decode to UTF-8"
"""How the driver begins about bytes that stand as text: pages of two files mixed, or an edit by another hand."""

_OF_SYSTEM: Final = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EROFS: "read_only",
    errno.EACCES: "no_access",
    errno.EPERM: "no_access",
    errno.EIO: "io",
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.ELOOP: "missing",
}


_IN_WORDS: Final = {
    errno.ENOSPC: says("the disk is full"),
    errno.EDQUOT: says("the disk is full"),
    errno.EROFS: says("the disk is read-only"),
    errno.EACCES: says("the operating system does not let this account do it"),
    errno.EPERM: says("the operating system does not let this account do it"),
    errno.ENOENT: says("there is no such file or folder"),
    errno.ENOTDIR: says("a part of its path is no folder"),
    errno.EISDIR: says("it is a folder"),
    errno.ENAMETOOLONG: says("its name is too long"),
    errno.ENODEV: says("it is no file but a device"),
    errno.ELOOP: says("its links lead in a circle"),
    errno.EFBIG: says("no file may be as large here"),
    errno.EBUSY: says("another program uses it"),
    errno.EIO: says("the disk reported an error"),
}


def system_words(error: OSError) -> Says | str:
    """What the system says is wrong with a file, in the reader's language where it is common."""
    return _IN_WORDS.get(error.errno or 0) or error.strerror or ""


@contextmanager
def translated(file: Path | None = None) -> Iterator[None]:
    """Turn what the driver raises into StoreUnavailable; anything unknown passes as it is.

    With the file's path, a first page that cannot be read is told apart: a wrong key, or no register at all.
    """
    try:
        yield
    except (DBAPIError, dbapi2.Error, PoolTimeout) as error:
        code = code_of(error)
        if code is None:
            raise
        if code == "wrong_key" and file is not None and not _looks_encrypted(file):
            code = "not_a_register"
        if code == "io" and file is not None and _is_full(file.parent):
            code = "disk_full"
        raise unavailable(code) from error


@contextmanager
def on_disk() -> Iterator[None]:
    """Turn what the system raises about the files beside the database into StoreUnavailable."""
    try:
        yield
    except OSError as error:
        code = _OF_SYSTEM.get(error.errno or 0)
        if code is None:
            raise
        raise unavailable(code) from error


def code_of(error: BaseException) -> str | None:
    """Name the failure behind an exception, or None where the environment is not to blame."""
    if isinstance(error, PoolTimeout):
        return "busy"
    if isinstance(error, DBAPIError):
        error = error.orig or error
    result = getattr(error, "sqlite_errorcode", None)
    if result is None and isinstance(error, dbapi2.OperationalError) and str(error).startswith(_NO_TEXT):
        return "corrupt"  # the driver's own finding, which bears no code
    return None if result is None else _OF_SQLITE.get(result & 0xFF)


def _is_full(folder: Path) -> bool:
    """Whether there is no room for what readers and the writer share, which SQLite calls a fault of the disk."""
    try:
        room = os.statvfs(folder)
    except OSError:
        return False
    return room.f_bavail * room.f_frsize < ROOM_TO_OPEN


def _looks_encrypted(file: Path) -> bool:
    """An encrypted book is whole pages that start with a random salt; text, a plain database or a stump is neither."""
    page = 4096
    size = file.stat().st_size
    if size == 0 or size % page:
        return False
    with file.open("rb") as opened:
        start = opened.read(page)
    # Random bytes hold about 16 zeros in a page and nearly every value; plain files are far from that.
    return not start.startswith(b"SQLite format 3\0") and len(set(start)) > 200
