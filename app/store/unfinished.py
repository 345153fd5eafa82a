"""A register while it is founded: it lies beside its folder, and takes that name in one step when it is whole."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.domain.words import says
from app.paths import PRIVATE_FOLDER, resolved, sync_folder
from app.store.claim import LOCK_FILE, Claim, claim, refuse_network_share
from app.store.failures import StoreUnavailable, on_disk, system_words, unavailable
from app.store.vault_file import DATABASE_FILE, VAULT_FILE, unfinished


@dataclass(frozen=True)
class Beside:
    """Where the new register is made, and whether a founding that was stopped had left something there."""

    folder: Path
    had_leftovers: bool


@contextmanager
def founded_beside(folder: Path) -> Iterator[Beside]:
    """Give the folder to found in; at the end it becomes `folder`, and whatever stops that leaves nothing behind.

    A founding that is killed leaves its unfinished folder, which no program takes for a register: the next one here
    clears it.
    """
    folder = resolved(folder)
    refuse_network_share(folder)
    refuse_taken(folder)
    made = [each for each in folder.parents if not each.exists()]
    held: Claim | None = None
    try:
        place, is_new = _made(folder)
        held = _claimed(place)
        refuse_taken(folder)  # another may have become whole between the first look and the claim
        with on_disk():
            _clear(place)
        yield Beside(place, had_leftovers=not is_new)
        with on_disk():
            sync_folder(place)
            place.rename(folder)
            sync_folder(folder.parent)
    except BaseException:
        with suppress(OSError):  # what stopped it is told; that its stump cannot be removed either adds nothing
            if held is not None:
                _take_away(unfinished(folder))
            for each in made:
                each.rmdir()
        raise
    finally:
        if held is not None:
            held.release()


def refuse_taken(folder: Path) -> None:
    """Refuse a folder that holds a register, or anything else."""
    folder = resolved(folder)
    if (folder / VAULT_FILE).exists() or (folder / DATABASE_FILE).exists():
        raise unavailable("exists")
    with on_disk():
        is_free = not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))
    if not is_free or folder.is_mount():
        raise StoreUnavailable(
            "not_free",
            says("A register needs a folder for itself, and {folder} is none.", folder=str(folder)),
            says("Choose a folder that does not exist yet, or an empty one; not the top folder of a disk."),
        )


def _made(folder: Path) -> tuple[Path, bool]:
    place = unfinished(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if place.is_dir() and not place.is_symlink():
            if place.stat().st_uid != os.geteuid():  # its owner could put another vault in it for ever
                raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))
            place.chmod(PRIVATE_FOLDER)
            return place, False
        place.mkdir(mode=PRIVATE_FOLDER)
    except OSError as error:
        raise StoreUnavailable(
            "no_place",
            says("The folder {folder} cannot be made: {cause}.", folder=str(folder), cause=system_words(error)),
            says("Choose a folder whose parent folder this account may write to, on a disk with room."),
        ) from error
    return place, True


def _claimed(place: Path) -> Claim:
    """The right to found here; of two foundings at once the second is told that another is at it."""
    try:
        held = claim(place)
    except StoreUnavailable as error:
        if error.code in ("in_use", "missing"):  # the other one ended, and took its folder away
            raise _being_founded() from error
        with suppress(OSError):  # the disk is full: not even who is at it could be written
            _take_away(place)
        raise
    if held.is_of(place):
        return held
    # Claimed was the folder of a founding that has just ended; what lies here now, if anything, is a third one's.
    held.release()
    raise _being_founded()


def _being_founded() -> StoreUnavailable:
    return StoreUnavailable(
        "in_use",
        says("Another set-up is founding a register in this folder at this moment."),
        says("Wait until it is done and open that register, or choose another folder."),
    )


def _take_away(place: Path) -> None:
    _clear(place)
    (place / LOCK_FILE).unlink(missing_ok=True)
    place.rmdir()


def _clear(place: Path) -> None:
    for file in os.scandir(place):
        if file.name != LOCK_FILE:
            Path(file.path).unlink()
