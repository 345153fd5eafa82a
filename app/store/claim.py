"""Who has a register open: one program at a time, on a disk of this machine."""

import fcntl
import json
import os
import pwd
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from app.domain.words import says
from app.paths import PRIVATE_FILE, resolved
from app.store.failures import StoreUnavailable, on_disk

LOCK_FILE: Final = "lock"

# fmt: off
NETWORK_FILESYSTEMS: Final = frozenset((
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph", "glusterfs", "lustre", "beegfs", "gfs2",
    "ocfs2", "davfs", "pvfs2", "orangefs", "fuse.sshfs", "fuse.rclone", "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.s3fs",
    "fuse.glusterfs", "fuse.cephfs", "fuse.smbnetfs", "fuse.curlftpfs", "fuse.kio-fuse",
))
# fmt: on
SHARED_BY_A_HOST: Final = frozenset(("9p", "virtiofs", "vboxsf", "prl_fs", "fuse.vmhgfs-fuse"))


@dataclass(frozen=True)
class Holder:
    """The program that has the register open."""

    pid: int
    user: str
    since: datetime


class Claim:
    """The right to be the one program on a register, until released or until the process ends."""

    def __init__(self, handle: int) -> None:
        self._handle: int | None = handle

    def release(self) -> None:
        """Let another program open the register; a second release does nothing."""
        if self._handle is not None:
            os.ftruncate(self._handle, 0)
            os.close(self._handle)
            self._handle = None

    def is_of(self, folder: Path) -> bool:
        """Whether the file claimed is still the one of that folder: who held it before may have moved or removed it."""
        try:
            return self._handle is not None and os.path.samestat(os.fstat(self._handle), (folder / LOCK_FILE).lstat())
        except FileNotFoundError:
            return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def claim(folder: Path) -> Claim:
    """Claim the register in this folder, or say who holds it."""
    refuse_network_share(folder)
    with on_disk():
        handle = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, PRIVATE_FILE)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = _written_by_the_holder(handle)
        os.close(handle)
        raise _in_use(holder) from error
    try:
        with on_disk():
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps({"pid": os.getpid(), "user": _user()}).encode(), 0)
    except BaseException:
        os.close(handle)  # a lock that nobody holds on to would keep everybody out until this program ends
        raise
    return Claim(handle)


def refuse_network_share(folder: Path, mounts: str | None = None) -> None:
    """Refuse a folder that another machine could write to at the same time."""
    if mounts is None:
        table = Path("/proc/mounts")
        mounts = table.read_text(encoding="utf-8", errors="surrogateescape") if table.exists() else ""
    point, kind = filesystem_of(folder, mounts)
    # A virtual machine may have its own disk through its host; only a folder beside that disk is shared.
    if kind in NETWORK_FILESYSTEMS or (kind in SHARED_BY_A_HOST and point != "/"):
        raise StoreUnavailable(
            "network_share",
            says(
                "The folder lies on a network share ({kind} at {point}), where two machines could write to the book at"
                " once and damage it.",
                kind=kind,
                point=point,
            ),
            says("Put the register on a disk inside this machine."),
        )


def filesystem_of(folder: Path, mounts: str) -> tuple[str, str]:
    """The mount point and the kind of file system a folder lies on, by the text of /proc/mounts."""
    place = resolved(folder)
    best = ("/", "")
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:  # device, mount point, kind
            continue
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[1])
        # Of two mounts on one point the later hides the earlier, hence `>=`.
        if place.is_relative_to(point) and len(point) >= len(best[0]):
            best = (point, fields[2])
    return best


def _written_by_the_holder(handle: int) -> Holder | None:
    try:
        written = json.loads(os.pread(handle, 4096, 0))
        since = datetime.fromtimestamp(os.fstat(handle).st_mtime).astimezone()
        return Holder(int(written["pid"]), str(written["user"]), since)
    except (ValueError, KeyError, TypeError):
        return None  # caught between its lock and its line


def _in_use(holder: Holder | None) -> StoreUnavailable:
    if holder is None:
        cause = says("The register is open in another program.")
    else:
        cause = says(
            "The register is open in another program: process {pid} of {user}, since {since}.",
            pid=holder.pid,
            user=holder.user,
            since=f"{holder.since:%Y-%m-%d %H:%M}",
        )
    return StoreUnavailable("in_use", cause, says("Go on in the window that is open, or close it first."))


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
