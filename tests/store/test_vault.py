"""The key slots: who opens the register with what, and what a crash or a stranger cannot do to them."""

import pickle
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import recovery_key
from app.domain.passwords import password_is_strong_enough
from app.store import vault as vaults
from app.store.failures import StoreUnavailable
from app.store.tries import failed_tries, note_failed_try, settle_tries, wait_left
from app.store.vault import (
    RECOVERY,
    SHIPPED,
    Cost,
    Locked,
    add_slot,
    change_password,
    mend,
    new_recovery,
    new_vault,
    open_recovery,
    open_slot,
    read_vault,
    remove_slot,
)
from app.store.vault_file import Slot, written

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
PASSWORD = "three grey herons"
FILE = "vault.toml"


@pytest.fixture
def made(tmp_path):
    return new_vault(tmp_path / "book.custos", cost=CHEAP)


@pytest.fixture
def vault(made):
    first = add_slot(made.vault, made.key, 1, "李娜", PASSWORD, 1, cost=CHEAP)
    return add_slot(first, made.key, 2, "Wang", "another pass phrase", 1, cost=CHEAP)


def refused(act):
    with pytest.raises(StoreUnavailable) as caught:
        act()
    return caught.value


def generations(vault):
    return sorted((slot.account, slot.generation) for slot in vault.slots)


def test_each_account_opens_the_same_register_with_its_own_password(made, vault):
    li, wang = open_slot(vault, "李娜", PASSWORD, NOON), open_slot(vault, "Wang", "another pass phrase", NOON)
    assert li.key == wang.key == made.key
    assert len(made.key) == 32
    assert (li.account, li.name, li.generation, wang.account) == (1, "李娜", 1, 2)


def test_what_was_written_is_what_is_read(vault):
    assert read_vault(vault.folder) == vault
    assert vault.names == ("李娜", "Wang")


@pytest.mark.parametrize("name", ["wang", " WANG ", "Ｗａｎｇ"])
def test_a_name_is_found_however_it_is_cased_and_spaced(vault, name):
    assert open_slot(vault, name, "another pass phrase", NOON).account == 2


def test_a_password_typed_in_full_width_letters_is_the_same_password(vault):
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign != " " else sign for sign in PASSWORD)
    assert open_slot(vault, "李娜", wide, NOON).account == 1


@pytest.mark.parametrize("password", ["", "another pass phrase", PASSWORD + " ", "\ud800", "x" * 100_000])
def test_a_wrong_password_opens_nothing_and_says_whose_it_is_not(vault, password):
    error = refused(lambda: open_slot(vault, "李娜", password, NOON))
    assert isinstance(error, Locked)
    assert (error.code, error.cause.values["name"]) == ("wrong_password", "李娜")
    assert error.remedy.values["seconds"] == 1


def test_a_name_nobody_has_is_not_kept(vault):
    assert refused(lambda: open_slot(vault, PASSWORD, "x", NOON)).code == "no_such_account"
    assert failed_tries(vault.folder)[0].account == 0
    assert PASSWORD not in (vault.folder / "attempts").read_text()


def test_no_secret_is_in_a_file_or_a_repr(made, vault):
    opened = open_slot(vault, "李娜", PASSWORD, NOON)
    written_down = b"".join(file.read_bytes() for file in vault.folder.iterdir())
    seen = repr((made, vault, opened)) + repr(refused(lambda: open_slot(vault, "李娜", "wrong one", NOON)))
    for secret in (made.key, made.key.hex().encode(), PASSWORD.encode(), made.recovery.encode()):
        assert secret not in written_down
        assert repr(secret) not in seen
    assert made.recovery not in seen
    assert PASSWORD not in seen


def test_the_file_is_for_its_owner_only(vault):
    assert stat.S_IMODE((vault.folder / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(vault.folder.stat().st_mode) == 0o700
    assert list(vault.folder.iterdir()) == [vault.folder / FILE]


def test_the_shipped_cost_is_the_full_one(tmp_path):
    assert (SHIPPED.memory_kib >= 64 * 1024, SHIPPED.passes >= 3) == (True, True)
    made = new_vault(tmp_path / "full.custos")
    assert made.vault.slots[0].cost == SHIPPED
    assert open_recovery(made.vault, made.recovery, NOON).key == made.key


def test_each_wrong_password_makes_the_next_try_wait_longer(vault):
    now, waits = NOON, []
    for _ in range(12):
        error = refused(lambda: open_slot(vault, "李娜", "wrong", now))  # noqa: B023 - called at once
        assert error.code == "wrong_password"
        waits.append(error.wait.total_seconds())
        now += error.wait
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_until_then_not_even_the_right_password_is_looked_at(vault):
    refused(lambda: open_slot(vault, "李娜", "wrong", NOON))
    error = refused(lambda: open_slot(vault, "李娜", PASSWORD, NOON + timedelta(milliseconds=300)))
    assert (error.code, error.remedy is not None, error.cause.values["seconds"]) == ("too_soon", True, 1)
    assert open_slot(vault, "Wang", "another pass phrase", NOON).account == 2
    assert open_slot(vault, "李娜", PASSWORD, NOON + timedelta(seconds=1)).account == 1


def test_a_clock_set_back_locks_nobody_out(vault):
    refused(lambda: open_slot(vault, "李娜", "wrong", NOON))
    yesterday = NOON - timedelta(days=1)
    assert wait_left(failed_tries(vault.folder), 1, yesterday) == timedelta(seconds=1)


def test_tries_are_kept_for_the_next_unlock_and_then_cleared(vault):
    refused(lambda: open_slot(vault, "李娜", "wrong", NOON))
    refused(lambda: open_recovery(vault, recovery_key.shown(bytes(20)), LATER))
    assert [(failed.at, failed.account) for failed in failed_tries(vault.folder)] == [(NOON, 1), (LATER, RECOVERY)]
    settle_tries(vault.folder, 1, LATER)
    assert [(failed.account, failed.told) for failed in failed_tries(vault.folder)] == [(RECOVERY, True)]
    settle_tries(vault.folder, RECOVERY, LATER)
    settle_tries(vault.folder, RECOVERY, LATER)
    assert failed_tries(vault.folder) == ()


def test_signing_in_to_one_account_buys_no_fresh_guesses_at_another(vault):
    for minutes in (0, 5, 10):
        refused(lambda after=minutes: open_slot(vault, "李娜", "wrong", NOON + timedelta(minutes=after)))
    now = NOON + timedelta(minutes=10)
    before = wait_left(failed_tries(vault.folder), 1, now)
    settle_tries(vault.folder, 2, now)
    assert wait_left(failed_tries(vault.folder), 1, now) == before > timedelta(seconds=1)
    settle_tries(vault.folder, 2, now + timedelta(days=2))
    assert failed_tries(vault.folder) == ()


def test_a_torn_line_among_the_tries_is_passed_over(vault):
    note_failed_try(vault.folder, NOON, 1)
    with (vault.folder / "attempts").open("ab") as file:
        file.write(b"2026-11-23T12:0\xff\n2026-11-23T12:00:00 1\nnonsense\n\n")
    note_failed_try(vault.folder, LATER, 2)
    assert [failed.account for failed in failed_tries(vault.folder)] == [1, 2]


def test_the_recovery_sheet_opens_the_register_however_it_is_typed(made, vault):
    sloppy = made.recovery.lower().replace("-", "  ").replace("0", "o").replace("1", "l")
    for typed in (made.recovery, sloppy, made.recovery.replace("-", "")):
        opened = open_recovery(vault, typed, NOON)
        assert (opened.key, opened.account, opened.generation) == (made.key, RECOVERY, 0)


def test_a_mistyped_recovery_key_names_the_group_and_counts_as_no_try(made, vault):
    groups = made.recovery.split("-")
    groups[3] = ("2" if groups[3][0] != "2" else "3") + groups[3][1:]
    error = refused(lambda: open_recovery(vault, "-".join(groups), NOON))
    assert (error.code, error.cause.values) == ("mistyped_recovery_key", {"group": 4})
    assert refused(lambda: open_recovery(vault, "-".join(made.recovery.split("-")[:7]), NOON)).cause.values == {"n": 8}
    assert refused(lambda: open_recovery(vault, "会议", NOON)).cause.values == {"group": 1}
    assert failed_tries(vault.folder) == ()


def test_the_sheet_of_another_register_does_not_open_this_one(vault, tmp_path):
    other = new_vault(tmp_path / "other.custos", cost=CHEAP)
    assert refused(lambda: open_recovery(vault, other.recovery, NOON)).code == "wrong_recovery_key"
    assert failed_tries(vault.folder)[0].account == RECOVERY


def test_a_new_sheet_replaces_the_old_one(made, vault):
    renewed, text = new_recovery(vault, made.key, 1, cost=CHEAP)
    renewed = remove_slot(renewed, RECOVERY, 0)
    assert open_recovery(renewed, text, NOON).generation == 1
    assert refused(lambda: open_recovery(renewed, made.recovery, NOON)).code == "wrong_recovery_key"


def test_a_changed_password_opens_beside_the_old_one_until_that_is_removed(made, vault):
    changed = change_password(vault, open_slot(vault, "李娜", PASSWORD, NOON), "four white egrets", cost=CHEAP)
    assert open_slot(changed, "李娜", "four white egrets", NOON).generation == 2
    assert open_slot(changed, "李娜", PASSWORD, NOON).generation == 1
    done = remove_slot(changed, 1, 1)
    assert open_slot(done, "李娜", "four white egrets", NOON).key == made.key
    assert refused(lambda: open_slot(done, "李娜", PASSWORD, NOON)).code == "wrong_password"


def test_a_crash_before_the_entry_leaves_the_old_password_in_force(vault):
    changed = change_password(vault, open_slot(vault, "李娜", PASSWORD, NOON), "four white egrets", cost=CHEAP)
    mended = mend(read_vault(changed.folder), {1: 1, 2: 1})
    assert generations(mended) == [(0, 0), (1, 1), (2, 1)]
    assert read_vault(vault.folder) == mended


def test_a_crash_after_the_entry_leaves_the_new_password_in_force(vault):
    changed = change_password(vault, open_slot(vault, "李娜", PASSWORD, NOON), "four white egrets", cost=CHEAP)
    assert generations(mend(changed, {1: 2, 2: 1})) == [(0, 0), (1, 2), (2, 1)]


def test_the_slots_of_a_closed_account_go_and_nothing_else_does(vault):
    assert generations(mend(vault, {1: 1})) == [(0, 0), (1, 1)]


def test_a_vault_older_than_its_register_locks_nobody_out(vault):
    assert mend(vault, {1: 7, 2: 1, RECOVERY: 3}) == vault


def test_nothing_to_mend_writes_nothing(vault):
    before = (vault.folder / FILE).stat().st_mtime_ns
    assert mend(vault, {1: 1, 2: 1, RECOVERY: 0}) is vault
    assert (vault.folder / FILE).stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "change",
    [{"account": 5}, {"name": "李娜2"}, {"generation": 2}, {"cost": Cost(memory_kib=72, passes=1, lanes=1)},
     {"wrapped": bytes(48)}, {"salt": bytes(16)}],
)  # fmt: skip
def test_a_slot_that_was_edited_opens_nothing(vault, change):
    slots = tuple(msgspec.structs.replace(slot, **change) if slot.account == 1 else slot for slot in vault.slots)
    edited = written(vault, slots)
    name = change.get("name", "李娜")
    assert refused(lambda: open_slot(edited, name, PASSWORD, NOON)).code == "wrong_password"


def test_a_slot_carried_to_another_register_opens_nothing(vault, tmp_path):
    other = new_vault(tmp_path / "other.custos", cost=CHEAP)
    carried = written(other.vault, vault.slots)
    assert refused(lambda: open_slot(carried, "李娜", PASSWORD, NOON)).code == "wrong_password"


def test_a_folder_without_a_register_is_not_told_to_restore_a_vault(tmp_path):
    assert refused(lambda: read_vault(tmp_path)).code == "missing"


def test_a_missing_vault_says_where_to_get_it_back(tmp_path):
    (tmp_path / "register.db").touch()
    error = refused(lambda: read_vault(tmp_path))
    assert error.code == "vault_missing"
    assert "backup" in error.remedy.msgid


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('register = "', "register = "),
        ("format = 1", 'format = "one"'),
        ("account = 1", "account = -1"),
        ("memory_kib = 64", "memory_kib = 2000000000"),
        ('salt = "', 'salt = "AAAA'),
        ("[[slot]]", "[[slots]]"),
        ("passes = 1", "passes = 1, extra = 2"),
    ],
)
def test_a_damaged_vault_says_what_is_wrong_and_what_to_do(vault, old, new):
    file = vault.folder / FILE
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    error = refused(lambda: read_vault(vault.folder))
    assert error.code == "vault_damaged"
    assert error.cause.values["detail"]


def test_a_vault_that_is_no_text_is_damaged(vault):
    (vault.folder / FILE).write_bytes(b"\xff\xfe\x00")
    assert refused(lambda: read_vault(vault.folder)).code == "vault_damaged"


def test_a_vault_of_a_later_format_is_refused(vault):
    file = vault.folder / FILE
    file.write_text(file.read_text().replace("format = 1", 'format = 2\nnew = "key"'))
    assert refused(lambda: read_vault(vault.folder)).code == "newer_schema"


def test_a_second_vault_is_not_made_over_the_first(vault):
    before = (vault.folder / FILE).read_bytes()
    assert refused(lambda: new_vault(vault.folder, cost=CHEAP)).code == "exists"
    assert (vault.folder / FILE).read_bytes() == before


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x7f", "x\ud800", "\u202eLi"])
def test_a_name_that_cannot_be_shown_gets_no_slot(made, name):
    with pytest.raises(ValueError, match="printable"):
        add_slot(made.vault, made.key, 3, name, PASSWORD, 1, cost=CHEAP)


def test_names_with_quotes_and_rare_characters_survive_the_file(made):
    for account, name in enumerate(['O"Neil \\ Sons', "𠮷田", "[[slot]]", "a=b # c", "it's"], start=3):
        vault = add_slot(read_vault(made.vault.folder), made.key, account, name, PASSWORD, 1, cost=CHEAP)
        assert open_slot(read_vault(vault.folder), name, PASSWORD, NOON).account == account


def test_a_write_that_is_cut_short_leaves_the_old_vault(vault):
    before = (vault.folder / FILE).read_bytes()
    code = """
import resource, signal, sys
from pathlib import Path
from app.store.failures import StoreUnavailable
from app.store.vault import Cost, add_slot, read_vault
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
vault = read_vault(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
try:
    add_slot(vault, bytes(32), 9, "Zhao", "a long pass phrase", 1, cost=Cost(memory_kib=64, passes=1, lanes=1))
except StoreUnavailable as error:
    print(error.code)
"""
    told = subprocess.run([sys.executable, "-c", code, vault.folder], capture_output=True, text=True, check=True,
                          cwd=Path(__file__).parents[2])  # fmt: skip
    assert told.stdout.strip() == "disk_full"
    assert (vault.folder / FILE).read_bytes() == before
    assert list(vault.folder.iterdir()) == [vault.folder / FILE]


def test_a_lock_crosses_a_process_boundary_whole(vault):
    error = refused(lambda: open_slot(vault, "李娜", "wrong", NOON))
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.code, copy.cause, copy.remedy, copy.wait) == (error.code, error.cause, error.remedy, error.wait)


def test_every_generation_is_wrapped_with_fresh_randomness(made, vault):
    again = add_slot(vault, made.key, 1, "李娜", PASSWORD, 1, cost=CHEAP)
    one, two = (next(slot for slot in v.slots if slot.account == 1) for v in (vault, again))
    assert len(again.slots) == len(vault.slots)
    assert isinstance(one, Slot)
    assert not {one.salt, one.nonce, one.wrapped} & {two.salt, two.nonce, two.wrapped}
    assert vaults.RECOVERY not in (one.account, two.account)


@pytest.mark.parametrize(
    ("password", "name", "good"),
    [
        ("three grey herons", "Li", True),
        ("correcthorse9", "Li", True),
        ("会议纪要条例办公室通知", "李娜", True),
        ("short", "Li", False),
        ("", "Li", False),
        ("aaaaaaaaaaaa", "Li", False),
        ("abababababab", "Li", False),
        ("abcdeabcdeabcde", "Li", False),
        ("abcdefghijkl", "Li", False),
        ("9876543210", "Li", False),
        ("qwertyuiop", "Li", False),
        ("1234567890-=", "Li", False),
        ("Chen Xiaoming", "chen xiaoming", False),
        ("chenxiaoming1", "chenxiaoming", False),
    ],
)
def test_what_is_too_weak_for_a_password_is_said(password, name, good):
    said = password_is_strong_enough(password, name)
    assert (said is None) == good


@given(st.binary(min_size=20, max_size=20))
def test_every_recovery_key_reads_back(key):
    text = recovery_key.shown(key)
    assert [len(group) for group in text.split("-")] == [5] * 8
    assert recovery_key.read(text) == key


@given(st.binary(min_size=20, max_size=20), st.integers(0, 39), st.sampled_from(recovery_key.ALPHABET))
def test_one_wrong_character_is_always_found_in_its_group(key, place, sign):
    plain = recovery_key.shown(key).replace("-", "")
    changed = plain[:place] + sign + plain[place + 1 :]
    if changed != plain:
        with pytest.raises(recovery_key.MistypedGroup) as caught:
            recovery_key.read(changed)
        assert caught.value.group == place // 5 + 1


@given(st.binary(min_size=20, max_size=20), st.integers(0, 6))
def test_groups_that_changed_places_are_found(key, first):
    groups = recovery_key.shown(key).split("-")
    groups[first], groups[first + 1] = groups[first + 1], groups[first]
    if groups[first] != groups[first + 1]:
        with pytest.raises(recovery_key.MistypedGroup):
            recovery_key.read("-".join(groups))


@given(st.text())
def test_nothing_that_is_typed_breaks_the_reading(typed):
    with pytest.raises(recovery_key.MistypedGroup):
        recovery_key.read(typed)
