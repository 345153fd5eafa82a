"""A founding killed at any moment: either there is no register, or it is whole and every account opens it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.services import accounts
from app.store import database as files
from app.store import vault
from app.store.failures import StoreUnavailable
from app.store.proof import verify_full
from app.store.unfinished import founded_beside
from tests.services.test_founding import CHEAP, PASSWORD, PLAN, begin, clock
from tests.unit import BEGAN

TOP = Path(__file__).resolve().parents[2]
LOGINS = ("sun", "zhou", "zhao", "chen")


def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def killed(owner, name, nth):
    """Let the process die at the nth call of a function: before it, or after it when nth is negative."""
    whole, calls = getattr(owner, name), [0]

    def counted(*args, **more):
        calls[0] += 1
        if calls[0] == nth:
            die()
        made = whole(*args, **more)
        if calls[0] == -nth:
            die()
        return made

    setattr(owner, name, counted)


MOMENTS = {
    "before the key is drawn": ("vault", "new_vault", 1),
    "with a key and no book": ("vault", "new_vault", -1),
    "with an empty book": ("files", "create", -1),
    "with tables": ("files", "migrate", -1),
    "with one person": ("", "_enter", -1),
    "with every person and no account's key": ("", "_first_entries", -1),
    "with one account's key": ("vault", "add_slot", -1),
    "before the last account's key": ("vault", "add_slot", 4),
    "before the paper": ("here", "keep", 1),
    "with its paper": ("here", "keep", -1),
    "before it has its name": ("Path", "rename", 1),
    "as soon as it has its name": ("Path", "rename", -1),
}


class Here:
    """The paper of a founding in the child."""

    def __init__(self, sheet):
        self.sheet = sheet

    def keep(self, recovery):
        self.sheet.write_text(recovery, encoding="utf-8")


def child(folder, owner, name, nth):
    """Found a register in this process, which dies on the way."""
    from app.services import founding

    here = Here(folder.parent / "sheet")
    owners = {"": founding, "vault": founding.vault, "files": founding.files, "here": here, "Path": Path}
    killed(owners[owner], name, nth)
    founding.found(folder, PLAN, clock, cost=CHEAP, keep=here.keep)


def die_in_child(folder, moment):
    owner, name, nth = MOMENTS[moment]
    told = (
        f"from tests.services.test_killed_founding import *; child(Path({str(folder)!r}), {owner!r}, {name!r}, {nth})"
    )
    ran = subprocess.run([sys.executable, "-c", told], cwd=TOP, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == -signal.SIGKILL, ran.stderr


def opens(folder):
    for login in LOGINS:
        accounts.unlock(folder, login, PASSWORD, clock).close()
    with accounts.unlock(folder, "chen", PASSWORD, clock).database as database, database.reading() as connection:
        assert verify_full(connection).holds


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_founding_that_is_killed_leaves_no_register_or_a_whole_one(tmp_path, moment):
    folder = tmp_path / "book"
    die_in_child(folder, moment)
    if moment == "as soon as it has its name":
        opens(folder)
        recovery = (tmp_path / "sheet").read_text(encoding="utf-8")
        assert vault.open_recovery(vault.read_vault(folder), recovery, BEGAN).account == vault.RECOVERY
        with pytest.raises(StoreUnavailable) as there:
            begin(folder)
        assert there.value.code == "exists"
        return
    assert not folder.exists()
    with pytest.raises(StoreUnavailable) as nothing:
        accounts.unlock(folder, "chen", PASSWORD, clock)
    assert nothing.value.code == "not_begun"
    assert begin(folder).had_leftovers
    opens(folder)
    assert {path.name for path in tmp_path.iterdir()} <= {"book", "sheet"}


def test_a_disk_that_is_full_from_the_first_byte_leaves_nothing_of_a_founding(tmp_path):
    told = (
        "import resource; from tests.services.test_founding import *; from pathlib import Path\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"try: begin(Path({str(tmp_path)!r}) / 'book')\n"
        "except StoreUnavailable as error: assert error.code == 'disk_full'"
    )
    ran = subprocess.run([sys.executable, "-B", "-c", told], cwd=TOP, capture_output=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_was_never_stopped_has_no_leftovers(tmp_path):
    assert not begin(tmp_path / "book").had_leftovers


def test_of_two_foundings_in_one_place_the_second_is_told_and_takes_nothing(tmp_path):
    folder = tmp_path / "book"
    with founded_beside(folder) as first:
        (first.folder / "mine").touch()
        with pytest.raises(StoreUnavailable) as second:
            begin(folder)
        assert second.value.code == "in_use"
        assert (first.folder / "mine").exists()
        (first.folder / "mine").unlink()
    with pytest.raises(StoreUnavailable) as again:
        begin(folder)
    assert again.value.code == "not_free"


def test_a_folder_that_cannot_be_made_is_told_by_name(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable) as told:
        begin(tmp_path / "file" / "book")
    assert told.value.code == "no_place"
    assert told.value.cause.values["folder"] == str(tmp_path / "file" / "book")


def test_an_empty_folder_is_taken_and_one_that_holds_anything_is_not(tmp_path):
    (tmp_path / "empty").mkdir(mode=0o755)
    opens(begin(tmp_path / "empty").folder)
    assert (tmp_path / "empty").stat().st_mode & 0o777 == 0o700
    with pytest.raises(StoreUnavailable) as told:
        begin(Path("/proc"))
    assert told.value.code == "not_free"
    assert files.DATABASE_FILE in {path.name for path in (tmp_path / "empty").iterdir()}
