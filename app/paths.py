"""Where things lie: what ships with the program, and what belongs to the person at this machine."""

import errno
import itertools
import os
import stat
from contextlib import suppress
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700


def resource(name: str = "") -> Path:
    """The path of a file or folder that ships with the program, such as `fonts/wqy-microhei.ttc`."""
    return _shipped("resources", CHECKOUT / "resources") / name


def migrations() -> Path:
    """The folder of alembic's env.py and versions."""
    return _shipped("migrations", CHECKOUT / "db" / "migrations")


def config_dir() -> Path:
    """The folder of this person's settings, made when missing."""
    return private_folder(Path(platformdirs.user_config_dir("custos", appauthor=False)))


def state_dir() -> Path:
    """The folder of log files and of work kept through a crash, made when missing."""
    return private_folder(Path(platformdirs.user_state_dir("custos", appauthor=False)))


def data_dir() -> Path:
    """The folder that is offered for new registers, made when missing."""
    return private_folder(Path(platformdirs.user_data_dir("custos", appauthor=False)))


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner may enter, and give it back."""
    folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Replace a file in one step, readable by its owner only: a power cut leaves the old one or the new one."""
    only_over_a_file(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(_new_private(beside), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        error.filename = str(path)  # nobody knows the name of the file beside it
        raise
    finally:
        with suppress(OSError):  # on a read-only disk it cannot even be missed
            beside.unlink(missing_ok=True)
    sync_folder(path.parent)


def _new_private(path: Path) -> int:
    """A file that was not there, open for writing: its name can be foreseen, and a link or a file of another's planted.

    What a killed program left under the name goes.
    """
    path.unlink(missing_ok=True)
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, PRIVATE_FILE)


def only_over_a_file(path: Path) -> None:
    """Raise `OSError` where what would be replaced is no file: root would put a list in the place of /dev/null."""
    if not path.exists() or path.is_file():
        return
    code = errno.EISDIR if path.is_dir() else errno.ENODEV
    raise OSError(code, os.strerror(code), str(path))


def content_of(path: Path) -> bytes:
    """What is in a file; `OSError` for a device, some of which never end."""
    if stat.S_ISCHR(path.stat().st_mode):
        raise OSError(errno.ENODEV, os.strerror(errno.ENODEV), str(path))
    return path.read_bytes()


def resolved(path: Path) -> Path:
    """The path with its links followed; `OSError` where they lead in a circle."""
    try:
        return path.resolve()
    except RuntimeError as error:  # before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error


def room_for(path: Path) -> None:
    """Raise `OSError` where a file cannot be written: to know before something is noted as printed."""
    only_over_a_file(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        os.close(_new_private(beside))
    except OSError as error:
        error.filename = str(path)
        raise
    beside.unlink()


def free_name(path: Path) -> Path:
    """The path itself where nothing is there yet, else the first like it: list.csv, list-2.csv, list-3.csv."""
    names = itertools.chain([path], (path.with_name(f"{path.stem}-{n}{path.suffix}") for n in itertools.count(2)))
    return next(name for name in names if not name.exists())


def sync_folder(folder: Path) -> None:
    """Make the new name itself durable, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _shipped(installed: str, checkout: Path) -> Path:
    """A wheel carries these folders inside the package; a checkout has them at its top."""
    inside = PACKAGE / installed
    return inside if inside.is_dir() else checkout
