"""What somebody else on the machine plants beside a register: links under names that can be foreseen, open folders."""

import os
import stat
from datetime import UTC, datetime

import pytest

from app.paths import room_for, write_private
from app.store import database as files
from app.store.failures import StoreUnavailable
from app.store.unfinished import founded_beside
from app.store.vault import Cost, add_slot, new_vault, open_slot, read_vault
from app.store.vault_file import VAULT_FILE, Vault, written
from tests.unit import KEY

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


@pytest.fixture(params=["a link to a file", "a link to nothing", "a file of anybody's"])
def planted(request, tmp_path):
    """A file to be written, and what lies under the name it is prepared by; what must stay as it is."""
    path, other = tmp_path / "list.pdf", tmp_path / "other"
    beside = tmp_path / f".list.pdf.{os.getpid()}"
    if request.param == "a link to a file":
        other.write_bytes(b"mine")
    if request.param == "a file of anybody's":
        beside.write_bytes(b"")
        beside.chmod(0o666)
    else:
        beside.symlink_to(other)
    return path, other, other.read_bytes() if other.exists() else None


def test_nothing_is_written_through_what_was_planted(planted):
    path, other, before = planted
    beside = path.parent / f".list.pdf.{os.getpid()}"
    held = None if beside.is_symlink() else beside.open("rb")
    write_private(path, b"a title")
    assert not path.is_symlink()
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"a title", 0o600)
    assert (other.read_bytes() if other.exists() else None) == before
    if held is not None:
        assert held.read() == b"", "who had opened the planted file reads nothing in it"
        held.close()


def test_looking_for_room_makes_nothing_elsewhere(planted):
    path, other, before = planted
    room_for(path)
    assert (other.read_bytes() if other.exists() else None) == before
    assert not path.exists()


def test_a_folder_that_others_may_write_to_is_closed_to_them(tmp_path):
    folder = tmp_path / "book"
    files.create(folder, KEY)
    folder.chmod(0o777)
    files.open_database(folder, KEY).close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_nothing_is_founded_in_a_folder_of_somebody_else(tmp_path, monkeypatch):
    planted = tmp_path / ".book.founding"
    planted.mkdir(mode=0o777)
    planted.chmod(0o777)
    monkeypatch.setattr(os, "geteuid", lambda: planted.stat().st_uid + 1)
    with pytest.raises(StoreUnavailable) as refused, founded_beside(tmp_path / "book"):
        pass
    assert refused.value.code == "no_place"
    monkeypatch.undo()
    with founded_beside(tmp_path / "book") as beside:
        assert stat.S_IMODE(beside.folder.stat().st_mode) == 0o700


def test_a_second_password_for_somebodys_account_is_noticed(tmp_path):
    made = new_vault(tmp_path / "book", cost=CHEAP)
    vault = add_slot(made.vault, made.key, 1, "wang", "three grey herons", 1, cost=CHEAP)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    theirs = add_slot(Vault(elsewhere, vault.register, ()), made.key, 1, "wang", "the thief's own", 1, cost=CHEAP)
    now = datetime(2026, 11, 27, tzinfo=UTC)
    assert open_slot(theirs, "wang", "the thief's own", now).key == made.key
    written(vault, (*vault.slots, *theirs.slots))
    with pytest.raises(StoreUnavailable) as told:
        read_vault(tmp_path / "book")
    assert told.value.code == "vault_edited"
    assert (tmp_path / "book" / VAULT_FILE).exists()
