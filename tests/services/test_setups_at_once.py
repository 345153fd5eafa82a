"""Two set-ups at once, each a process of its own: one founds its register, the other is told and destroys nothing."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from pypdf import PdfReader

from app.store.unfinished import founded_beside

TOP = Path(__file__).resolve().parents[2]
PASSWORDS = "".join(f"{login}=nobody could guess {login}\n" for login in ("chen", "sun", "zhou", "zhao"))
ARGUMENTS = (
    "--unit", "Institute", "--regime", "cn-state",
    "--account", "chen=Chen:registry_clerk", "--account", "sun=Sun:system_administrator",
    "--account", "zhou=Zhou:security_administrator", "--account", "zhao=Zhao:auditor",
)  # fmt: skip


def wait_for(reached):
    """Let the other process come that far."""
    ends = time.monotonic() + 60
    while not reached():
        assert time.monotonic() < ends, "the other process does not get there"
        time.sleep(0.01)


def stopping(folder, **moments):
    """In a child: stop before a function until the test lets it go on; moments are names of files, each a function."""
    for name, (owner, function) in moments.items():
        whole = getattr(owner, function)

        def stopped(*args, name=name, whole=whole, **more):
            (folder / f"{name}.reached").touch()
            wait_for((folder / f"{name}.go").exists)
            return whole(*args, **more)

        setattr(owner, function, stopped)


class SetUp:
    """One process that sets a register up, and stops where it is told to."""

    def __init__(self, folder, name, sheet, **moments):
        self.folder = folder
        (folder / "passwords").write_text(PASSWORDS, encoding="utf-8")
        stops = ", ".join(f"{moment}=({owner}, {what!r})" for moment, (owner, what) in moments.items())
        told = (
            "import fcntl; from pathlib import Path; from types import SimpleNamespace\n"
            "from app import cli; from tests.services.test_setups_at_once import stopping\n"
            "from app.store import claim, database as files, unfinished, vault\n"
            "claim.fcntl = SimpleNamespace(**vars(fcntl))  # its own, for the sheet is locked too\n"
            f"stopping(Path({str(folder)!r}), {stops})\n"
            "cli.main()"
        )
        line = ("setup", folder / name, "--recovery-sheet", sheet, "--password-file", folder / "passwords", *ARGUMENTS)
        self.process = subprocess.Popen(
            [sys.executable, "-c", told, *map(str, line)], cwd=TOP, env=os.environ | {"LC_ALL": "C.UTF-8"},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def comes_to(self, moment):
        """Whether it got there, or ended before."""
        wait_for(lambda: (self.folder / f"{moment}.reached").exists() or self.process.poll() is not None)
        return self.process.poll() is None

    def go_on(self, moment):
        (self.folder / f"{moment}.go").touch()

    def end(self):
        """Exit code and what it said of what went wrong."""
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


AT_THE_KEY = ("vault", "new_vault")
WITH_ITS_PAPER = ("Path", "rename")
BEFORE_ITS_CLAIM = ("files", "harden_process")


@pytest.mark.parametrize("paths", [("new", "new"), ("new", "other")])
def test_of_two_set_ups_the_second_takes_no_sheet_from_the_first(tmp_path, paths):
    """It had seen no sheet yet; the first wrote one, and the second, refused, removed what it took for its own."""
    sheet = tmp_path / "sheet.pdf"
    first = SetUp(tmp_path, paths[0], sheet, key=AT_THE_KEY, paper=WITH_ITS_PAPER)
    assert first.comes_to("key")
    second = SetUp(tmp_path, paths[1], sheet, claim=BEFORE_ITS_CLAIM)
    second.comes_to("claim")
    first.go_on("key")
    assert first.comes_to("paper")
    written = sheet.read_bytes()
    second.go_on("claim")
    code, said = second.end()
    assert code != 0
    assert "Another set-up is writing" in said
    first.go_on("paper")
    assert first.end() == (0, "")
    assert sheet.read_bytes() == written
    assert len(PdfReader(sheet).pages) >= 1
    assert {path.name for path in tmp_path.iterdir() if path.suffix not in {".go", ".reached"}} == {
        "new", "sheet.pdf", "passwords",
    }  # fmt: skip


@pytest.mark.parametrize("stopped", [BEFORE_ITS_CLAIM, ("unfinished", "claim"), ("claim.fcntl", "flock")])
@pytest.mark.parametrize("ended", [False, True])
def test_of_two_set_ups_in_one_folder_the_second_is_told_and_leaves_nothing(tmp_path, stopped, ended):
    """Whether the first is still at it, or became whole while the second was about to claim the place."""
    first = SetUp(tmp_path, "new", tmp_path / "first.pdf", paper=WITH_ITS_PAPER)
    assert first.comes_to("paper")
    second = SetUp(tmp_path, "new", tmp_path / "second.pdf", claim=stopped)
    assert second.comes_to("claim")
    if ended:
        first.go_on("paper")
        assert first.end() == (0, "")
    second.go_on("claim")
    code, said = second.end()
    first.go_on("paper")
    assert code == 3
    assert "There is already a register" in said or "Another set-up is founding a register" in said
    assert not (tmp_path / "second.pdf").exists()
    if not ended:
        assert first.end() == (0, "")
    assert {path.name for path in (tmp_path / "new").iterdir()} >= {"vault.toml", "register.db"}
    assert len(PdfReader(tmp_path / "first.pdf").pages) >= 1


def test_who_waited_for_a_founding_that_failed_clears_nothing_of_the_next(tmp_path):
    with ExitStack() as fails:
        fails.push(lambda *_: True)
        fails.enter_context(founded_beside(tmp_path / "new"))
        late = SetUp(tmp_path, "new", tmp_path / "late.pdf", claim=("claim.fcntl", "flock"))
        assert late.comes_to("claim")
        raise KeyError
    with founded_beside(tmp_path / "new") as third:
        (third.folder / "mine").touch()
        late.go_on("claim")
        code, said = late.end()
        assert (code, "Another set-up is founding a register" in said) == (3, True)
        assert (third.folder / "mine").exists()
        (third.folder / "mine").unlink()
