"""What can go wrong around a register and at its scan line: each has its sentence and remedy, and the book stays."""

import errno
import os
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from app.actions.custody import Lend
from app.actions.intake import SignForEnvelope
from app.actions.office import RegisterPerson
from app.actions.vouchers import OpenSlip
from app.domain.numbering import Code, Letter, Misread, Wrong, payload, read
from app.services import accounts, founding, slips
from app.services.desk import Refused
from app.services.importing import Mapping, import_file
from app.services.slips import Verdict
from app.stage import password_of, set_up
from app.store import claim, reads, vault
from app.store.failures import StoreUnavailable
from tests.services.simple import bring
from tests.story.kit import in_both, nothing_moves, state_of, whole
from tests.unit import BEGAN, REGISTER_NUMBER, Unit

CHEAP = vault.Cost(memory_kib=8, passes=1, lanes=1)
TOP = Path(__file__).resolve().parents[2]


def clock():
    return BEGAN + timedelta(hours=1)


@pytest.fixture(scope="module")
def founded(tmp_path_factory):
    """One register for all stories; each gets a copy of its files."""
    folder = tmp_path_factory.mktemp("founded") / "book"
    set_up(folder, BEGAN, regimes=("cn-state",), cost=CHEAP).close()
    return folder


@pytest.fixture
def folder(founded, tmp_path):
    shutil.copytree(founded, tmp_path / "book")
    return tmp_path / "book"


@pytest.fixture
def unit(tmp_path):
    made = Unit(tmp_path / "unit")
    yield made
    made.close()


def unlock(folder, password=None, at=clock):
    return accounts.unlock(folder, "chen", password or password_of("chen"), at)


def refused(folder, *codes, **how):
    """The one failure of an unlock: cause and remedy said in both languages, no file of the register changed."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.name.startswith(("register", "vault"))}
    with pytest.raises(StoreUnavailable) as failed:
        unlock(folder, **how)
    assert failed.value.code in codes
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.name in before} == before
    return in_both(failed.value.cause), in_both(failed.value.remedy)


def opens_again(folder, at=clock):
    seat = unlock(folder, at=at)
    whole(seat.database)
    seat.close()


# --- around the register ---------------------------------------------------------------------------------------


def test_a_wrong_password_says_whose_and_how_long_to_wait(folder):
    cause, remedy = refused(folder, "wrong_password", password="not this one")
    assert "chen" in cause
    assert "1 s" in remedy
    cause, _ = refused(folder, "too_soon")
    assert "1 s" in cause
    opens_again(folder, at=lambda: clock() + timedelta(seconds=2))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_register"),
        (b"Dear colleague, please find attached.\n" * 300, "not_a_register"),
        (b"\x89PNG\r\n\x1a\n" + bytes(8_000), "not_a_register"),
        (os.urandom(8_192), "wrong_key"),
    ],
)
def test_a_file_that_is_no_register_is_told_from_a_damaged_one(folder, content, code):
    kept = (folder / "register.db").read_bytes()
    (folder / "register.db").write_bytes(content)
    refused(folder, code)
    (folder / "register.db").write_bytes(kept)
    opens_again(folder)


def test_a_plain_database_is_no_register(folder):
    (folder / "register.db").unlink()
    other = dbapi2.connect(str(folder / "register.db"))
    other.execute("CREATE TABLE friends (name TEXT)")
    other.commit()
    other.close()
    refused(folder, "not_a_register")


def test_a_register_of_a_newer_program_is_refused_whatever_tells_so(folder):
    key = vault.open_slot(vault.read_vault(folder), "chen", password_of("chen"), clock()).key
    for statement in ("PRAGMA user_version = 99", "UPDATE alembic_version SET version_num = '9999'"):
        kept = (folder / "register.db").read_bytes()
        connection = dbapi2.connect(str(folder / "register.db"), isolation_level=None)
        connection.set_key(f"x'{key.hex()}'")
        connection.execute(statement)
        connection.close()
        cause, _ = refused(folder, "newer_schema")
        assert "newer" in cause
        (folder / "register.db").write_bytes(kept)
    text = (folder / "vault.toml").read_text(encoding="utf-8")
    (folder / "vault.toml").write_text(text.replace("format = 1", "format = 2"), encoding="utf-8")
    refused(folder, "newer_schema")
    (folder / "vault.toml").write_text(text, encoding="utf-8")
    opens_again(folder)


HOLDER = """
import sys
from pathlib import Path
from app.store.claim import claim
held = claim(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_a_register_that_another_process_has_open_names_it(folder):
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        cause, remedy = refused(folder, "in_use")
        assert str(other.pid) in cause
        assert "close it" in remedy
        other.stdin.close()
    opens_again(folder)


def test_a_vault_that_is_missing_or_damaged_asks_for_the_backup(folder):
    kept = (folder / "vault.toml").read_bytes()
    (folder / "vault.toml").unlink()
    _, remedy = refused(folder, "vault_missing")
    assert "backup" in remedy
    for damaged in (b"", b"format = 1\n", kept[:-40], kept.replace(b"generation", b"gneration"), b"\xff\xfe" + kept):
        (folder / "vault.toml").write_bytes(damaged)
        _, remedy = refused(folder, "vault_damaged")
        assert "backup" in remedy
    (folder / "vault.toml").write_bytes(kept)
    opens_again(folder)


def test_a_vault_of_another_register_opens_nothing(folder, tmp_path):
    set_up(tmp_path / "other", BEGAN, regimes=("cn-state",), cost=CHEAP).close()
    kept = (folder / "vault.toml").read_bytes()
    shutil.copy(tmp_path / "other" / "vault.toml", folder / "vault.toml")
    _, remedy = refused(folder, "wrong_key")
    assert "same backup" in remedy
    (folder / "vault.toml").write_bytes(kept)
    opens_again(folder)


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs", "vboxsf"])
def test_a_network_share_is_refused_for_opening_and_for_founding(folder, tmp_path, monkeypatch, kind):
    mounts = f"/dev/sda1 / ext4 rw 0 0\nserver:/office {tmp_path} {kind} rw 0 0\n"
    with pytest.raises(StoreUnavailable) as told:
        claim.refuse_network_share(folder, mounts)
    assert kind in in_both(told.value.cause)
    assert "disk inside this machine" in in_both(told.value.remedy)
    filesystem_of = claim.filesystem_of
    monkeypatch.setattr(claim, "filesystem_of", lambda place, _: filesystem_of(place, mounts))
    refused(folder, "network_share")
    plan = founding.Plan(
        "Unit",
        ("cn-state",),
        tuple(
            founding.Founder(f"Person {duty}", (duty,), duty, "correct horse, battery")
            for duty in ("system_administrator", "security_administrator", "auditor", "registry_clerk")
        ),
    )
    with pytest.raises(StoreUnavailable) as failed:
        founding.found(tmp_path / "new", plan, clock, cost=CHEAP)
    assert failed.value.code == "network_share"
    assert not (tmp_path / "new").exists()
    monkeypatch.undo()
    opens_again(folder)


@pytest.fixture
def small_disk(folder, tmp_path):
    """A disk of two megabytes of its own, with the register on it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    shutil.copytree(folder, disk / "book")
    yield disk
    subprocess.run(["mount", "-o", "remount,rw", disk], capture_output=True, check=False)
    subprocess.run(["umount", disk], check=True)


def filled(disk):
    """A file that takes the last byte of the disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(65_536)):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017 - how full it must be is the point
    return filler


def test_a_disk_that_is_read_only_is_told_so(small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    _, remedy = refused(small_disk / "book", "read_only")
    assert "read-only" in remedy
    subprocess.run(["mount", "-o", "remount,rw", small_disk], check=True)
    opens_again(small_disk / "book")


def test_a_full_disk_records_nothing_and_work_goes_on_when_there_is_room(small_disk):
    seat = unlock(small_disk / "book")
    accounts.sign_in(seat)
    filler = filled(small_disk)
    state = []

    def enter_until_it_is_full():
        for number in range(500):
            state[:] = [state_of(seat.database)]
            seat.desk.perform(RegisterPerson(name=f"Reader {number} " + "x" * 20_000))

    with pytest.raises(StoreUnavailable) as failed:
        enter_until_it_is_full()
    assert failed.value.code == "disk_full"
    assert "full" in in_both(failed.value.cause)
    assert "space" in in_both(failed.value.remedy)
    assert [state_of(seat.database)] == state
    filler.unlink()
    seat.desk.perform(RegisterPerson(name="Reader who came after"))
    whole(seat.database)
    seat.close()
    opens_again(small_disk / "book")


def test_a_full_disk_stops_the_founding_of_a_register_without_a_stump(small_disk):
    shutil.rmtree(small_disk / "book")
    filled(small_disk)
    with pytest.raises(StoreUnavailable) as failed:
        set_up(small_disk / "new", BEGAN, regimes=("cn-state",), cost=CHEAP)
    assert failed.value.code == "disk_full"
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


# --- at the scan line ------------------------------------------------------------------------------------------


def mistyped(code, place=7):
    return code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]


OURS = payload("C", REGISTER_NUMBER, 1)
SCANS = {
    "a product from a shop": ("6901234567892", Wrong.FOREIGN),
    "a web address": ("https://example.org/?q=1", Wrong.FOREIGN),
    "nothing but blanks": ("   ", Wrong.FOREIGN),
    "a digit misread": (mistyped(OURS), Wrong.CHECK),
    "a code cut short": (OURS[:-1], Wrong.FOREIGN),
    "two scans run together": (OURS + OURS, Wrong.FOREIGN),
    "another register's": (payload("C", 108, 1), Wrong.REGISTER),
    "a letter that names nothing": ("Q" + OURS[1:], Wrong.LETTER),
    "a carrier nobody has registered": (payload("C", REGISTER_NUMBER, 99_999), None),
    "a person's": (payload("P", REGISTER_NUMBER, 1), None),
    "a command": (payload("X", REGISTER_NUMBER, 1), None),
    "NUL": ("C\x00" + OURS, Wrong.FOREIGN),
    "half a character": (f"{OURS}\ud800", Wrong.FOREIGN),
    "a page pasted by mistake": ("绝密" * 50_000, Wrong.FOREIGN),
    "what SQL would run": ("'; DROP TABLE carriers; --", Wrong.FOREIGN),
}


@pytest.mark.parametrize("scan", SCANS)
def test_a_scan_that_is_none_of_ours_says_which_way_and_is_kept(unit, scan):
    text, wrong = SCANS[scan]
    bring(unit)
    found = read(text, REGISTER_NUMBER)
    if wrong is not None:
        assert isinstance(found, Misread)
        assert found.wrong is wrong
        assert len(in_both(found.why)) < 250
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch")).subjects[0].id
    with nothing_moves(unit.database):
        scanned = slips.scan(unit.desk(), slip, text)
        assert scanned.verdict is Verdict.UNKNOWN
        assert scanned.carrier is None
        assert len(in_both(scanned.sentence)) < 250
        kept = unit.desk().read(reads.scans_of, slip, viewer=unit.desk().read(reads.viewer_of, 4, unit.today)).lines
        assert [line.verdict for line in kept] == ["unknown"]
        looked_up = unit.desk().read(reads.scan, text, viewer=reads.WHOLE)
        if looked_up.ref is None and looked_up.command is None:
            assert in_both(looked_up.why)
    assert unit.desk().read(slips.found_on, slip) == []


FORMS = {
    "small": str.lower,
    "as people read it": lambda code: f" {code[0]} {code[1:4]} {code[4:12]} {code[12]}\r\n",
    "through a Chinese input method": lambda code: "".join(chr(ord(sign) + 0xFEE0) for sign in code),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_ours_is_read_however_it_arrives(unit, form):
    (carrier,) = bring(unit)
    code = payload("C", REGISTER_NUMBER, carrier)
    assert read(form(code), REGISTER_NUMBER) == Code(Letter.CARRIER, REGISTER_NUMBER, carrier)
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch")).subjects[0].id
    assert slips.scan(unit.desk(), slip, form(code)).verdict is Verdict.FOUND


def test_every_single_misread_digit_is_found(unit):
    for place in range(1, len(OURS)):
        for step in range(1, 10):
            wrong = OURS[:place] + str((int(OURS[place]) + step) % 10) + OURS[place + 1 :]
            assert isinstance(read(wrong, REGISTER_NUMBER), Misread), wrong


# --- dates that cannot be --------------------------------------------------------------------------------------

IMPOSSIBLE = (
    "2026-02-30", "0000-00-00", "2026-13-01", "99999-01-01", "1850/0/0", "31.31.2026", "昨天", "2025-02-29", "'",
    "00:00",
)  # fmt: skip


def test_impossible_dates_of_a_book_are_kept_as_written_and_flagged(unit, tmp_path):
    file = tmp_path / "book.csv"
    rows = "".join(f"N{number},title {number},{day}\n" for number, day in enumerate(IMPOSSIBLE))
    file.write_text("原编号,标题,文件日期\n" + rows, encoding="utf-8")
    mapping = Mapping(regime="cn-state", constants={"place": "safe", "level": "秘密"})
    report = import_file(unit.desk(), file, mapping)
    assert report.registered == len(IMPOSSIBLE)
    assert [flag.row for flag in report.flagged] == list(range(2, 2 + len(IMPOSSIBLE)))
    for day, flag in zip(IMPOSSIBLE, report.flagged, strict=True):
        assert day in in_both(flag.reason)
    with unit.database.reading() as connection:
        kept = connection.exec_driver_sql(
            "SELECT t.words, d.issued FROM documents d JOIN texts t ON t.digest = d.as_written ORDER BY d.id"
        ).all()
    assert [(words.removeprefix("文件日期: "), issued) for words, issued in kept] == [(day, None) for day in IMPOSSIBLE]
    whole(unit.database)


@pytest.mark.parametrize("days", [-1, -40_000, 40_000])
def test_a_due_date_no_regime_allows_is_refused(unit, days):
    (carrier,) = unit.copies()
    lend = Lend(borrower=unit.people["reader"], due=unit.today + timedelta(days=days))
    with nothing_moves(unit.database):
        refusals = unit.desk().refusals(lend, [carrier])
    about_the_date = [refusal for refusal in refusals if refusal.field == "due"]
    assert about_the_date, refusals
    for refusal in about_the_date:
        in_both(refusal.reason)


def test_nothing_happened_in_the_future_or_was_issued_there(unit):
    with nothing_moves(unit.database), pytest.raises(Refused) as too_early:
        unit.do(
            SignForEnvelope(number="E-9", regime="cn-state", sender="A", channel="jiyao_jiaotong", items=1),
            happened=unit.now + timedelta(days=1),
        )
    in_both(too_early.value.refusals[0].reason)
    envelope = unit.envelope_of("E-1")
    with nothing_moves(unit.database), pytest.raises(Refused) as from_the_future:
        unit.received(envelope=envelope, issued=date(9999, 12, 31))
    assert "9999" in in_both(from_the_future.value.refusals[0].reason)


def test_the_first_and_last_days_of_the_calendar_break_nothing(unit):
    envelope = unit.envelope_of("E-1", 1)
    unit.received(envelope=envelope, issued=date(1, 1, 1))
    with nothing_moves(unit.database), pytest.raises(Refused) as refused:
        unit.received(envelope=envelope, due_back=date(1, 1, 1))
    assert any(refusal.field == "due_back" for refusal in refused.value.refusals)
    unit.received(envelope=envelope, due_back=date.max)
    whole(unit.database)
