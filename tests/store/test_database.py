"""The encrypted file: its key, its failures and remedies, its one writer and its migrations."""

import os
import pickle
import stat
import subprocess
import sys
import tempfile
import threading
import types
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlcipher3 import dbapi2

from app.paths import migrations
from app.store.claim import claim, filesystem_of, refuse_network_share
from app.store.database import (
    APPLICATION_ID,
    DATABASE_FILE,
    HEAD_REVISION,
    StoreUnavailable,
    create,
    migrate,
    open_database,
    translated,
)
from app.store.failures import unavailable

KEY = bytes(range(7, 39))
OTHER_KEY = bytes(32)


@pytest.fixture
def folder(tmp_path):
    register = tmp_path / "book.custos"
    create(register, KEY)
    return register


@pytest.fixture
def database(folder):
    with open_database(folder, KEY) as opened:
        with opened.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT)")
        yield opened


@pytest.fixture
def as_nobody():
    """A folder that belongs to nobody, and its rights: root may write everywhere and would prove nothing."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        if os.geteuid() != 0:
            yield place
            return
        os.chown(place, 65534, 65534)
        os.seteuid(65534)
        try:
            yield place
        finally:
            os.seteuid(0)


def failure(act):
    with pytest.raises(StoreUnavailable) as caught:
        act()
    return caught.value


def python(code, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        **options,
    )


def test_the_file_says_nothing_about_what_it_is(database, folder):
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO words (text) VALUES ('quarterly custody of safes')")
    database.scrub()
    content = (folder / DATABASE_FILE).read_bytes()
    assert not content.startswith(b"SQLite format 3")
    assert b"quarterly" not in content
    assert b"CREATE TABLE" not in content
    for file in folder.iterdir():
        written = file.read_bytes()
        assert KEY not in written
        assert KEY.hex().encode() not in written.lower()


def test_only_the_owner_may_read_any_of_its_files(database, folder):
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO words (text) VALUES ('one')")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert set(modes) == {"register.db", "register.db-wal", "register.db-shm", "lock"}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_made_readable_for_all_is_closed_again(folder):
    (folder / DATABASE_FILE).chmod(0o644)
    with open_database(folder, KEY):
        assert stat.S_IMODE((folder / DATABASE_FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize("engine", ["writer", "reader"])
def test_each_connection_is_set_up_as_the_register_needs(database, engine):
    with getattr(database, engine).connect() as connection:
        value = lambda name: str(connection.exec_driver_sql(f"PRAGMA {name}").scalar())
        assert value("journal_mode") == "wal"
        assert value("synchronous") == "2"
        assert value("foreign_keys") == "1"
        assert value("temp_store") == "2"
        assert value("mmap_size") in ("0", "None")
        assert value("cipher_memory_security") == "0"  # docs/decisions.md says why
        assert value("application_id") == str(APPLICATION_ID)
        assert value("query_only") == ("1" if engine == "reader" else "0")


def test_a_wrong_key_is_told_without_either_key(folder, capfd):
    error = failure(lambda: open_database(folder, OTHER_KEY))
    assert error.code == "wrong_key"
    seen = "".join(map(repr, (error, error.__cause__, error.cause, error.remedy, *capfd.readouterr())))
    for key in (KEY, OTHER_KEY):
        assert key.hex() not in seen.lower()
        assert repr(key) not in seen


def test_a_wrong_key_leaves_the_register_free_for_the_right_one(folder):
    failure(lambda: open_database(folder, OTHER_KEY))
    with open_database(folder, KEY) as database, database.reading() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_a_key_of_another_length_is_our_mistake(folder):
    with pytest.raises(ValueError, match="32 bytes"):
        open_database(folder, b"short")


@pytest.mark.parametrize(
    "content", [b"", b"a letter, not a book", b"\0" * 8192, b"SQLite format 3\0" + os.urandom(4080)]
)
def test_another_file_is_not_a_register(folder, content):
    (folder / DATABASE_FILE).write_bytes(content)
    assert failure(lambda: open_database(folder, KEY)).code == "not_a_register"


def test_a_plain_database_is_not_a_register(folder):
    (folder / DATABASE_FILE).unlink()
    plain = dbapi2.connect(str(folder / DATABASE_FILE))
    plain.execute("CREATE TABLE notes (text)")
    plain.close()
    assert failure(lambda: open_database(folder, KEY)).code == "not_a_register"


def test_another_programs_encrypted_file_is_not_a_register(database, folder):
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA application_id = 5")
    database.close()
    assert failure(lambda: open_database(folder, KEY)).code == "not_a_register"


def test_a_register_of_a_later_format_is_refused(database, folder):
    with database.writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 99")
    database.close()
    assert failure(lambda: open_database(folder, KEY)).code == "newer_schema"


def test_a_missing_register_is_missed_and_not_made(tmp_path):
    assert failure(lambda: open_database(tmp_path, KEY)).code == "missing"
    assert list(tmp_path.iterdir()) == []


def test_a_second_register_is_not_made_over_the_first(folder):
    before = (folder / DATABASE_FILE).read_bytes()
    assert failure(lambda: create(folder, OTHER_KEY)).code == "exists"
    assert (folder / DATABASE_FILE).read_bytes() == before


def test_a_damaged_page_is_told_with_the_backup_as_remedy(database, folder):
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO words (text) VALUES (hex(randomblob(40000)))")
    database.close()
    with (folder / DATABASE_FILE).open("r+b") as file:
        file.seek(4096 * 2)
        file.write(os.urandom(4096 * 4))

    def read():
        with open_database(folder, KEY) as opened, opened.reading() as connection:
            connection.exec_driver_sql("SELECT sum(length(text)) FROM words").scalar()

    error = failure(read)
    assert error.code in ("corrupt", "wrong_key", "io")
    assert "backup" in error.remedy.msgid


def test_a_full_file_rolls_the_whole_act_back(database):
    def overfill():
        with database.writing() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
            for _ in range(50):
                connection.exec_driver_sql("INSERT INTO words (text) VALUES (hex(randomblob(2000)))")

    assert failure(overfill).code == "disk_full"
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM words").scalar() == 0


def test_a_disk_that_takes_no_more_bytes_loses_nothing_that_was_recorded(folder):
    code = """
import resource, signal, sys
from pathlib import Path
from app.store.database import StoreUnavailable, open_database
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_database(Path(sys.argv[1]), bytes(range(7, 39))) as database:
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT)")
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        for kept in range(100):
            with database.writing() as connection:
                connection.exec_driver_sql("INSERT INTO words (text) VALUES (hex(randomblob(5000)))")
    except StoreUnavailable as error:
        print(kept, error.code)
"""
    kept, told = python(code, folder).communicate(timeout=60)[0].split()
    assert told in ("disk_full", "io")
    with open_database(folder, KEY) as database, database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM words").scalar() == int(kept) > 0


@pytest.mark.parametrize(("left", "told"), [(20_000, "disk_full"), (10**9, "io")])
def test_a_disk_with_no_room_for_what_readers_share_is_told_as_full(tmp_path, monkeypatch, left, told):
    room = types.SimpleNamespace(f_bavail=left // 1000, f_frsize=1000)
    monkeypatch.setattr("os.statvfs", lambda _folder: room)
    error = dbapi2.OperationalError("disk I/O error")
    error.sqlite_errorcode = dbapi2.SQLITE_IOERR | 19 << 8  # SHMSIZE, as a full tmpfs gives it
    with pytest.raises(StoreUnavailable) as caught, translated(tmp_path / "register.db"):
        raise error
    assert caught.value.code == told


def test_a_folder_that_cannot_be_written_is_read_only(as_nobody):
    folder = as_nobody / "book.custos"
    create(folder, KEY)
    folder.chmod(0o500)
    try:
        assert failure(lambda: open_database(folder, KEY)).code == "read_only"
    finally:
        folder.chmod(0o700)


def test_a_file_that_cannot_be_written_is_read_only(as_nobody):
    create(as_nobody / "book.custos", KEY)
    (as_nobody / "book.custos" / DATABASE_FILE).chmod(0o400)
    assert failure(lambda: open_database(as_nobody / "book.custos", KEY)).code == "read_only"


def test_a_file_of_somebody_else_gives_no_access(as_nobody):
    create(as_nobody / "book.custos", KEY)
    (as_nobody / "book.custos" / DATABASE_FILE).chmod(0o000)
    assert failure(lambda: open_database(as_nobody / "book.custos", KEY)).code == "no_access"
    (as_nobody / "closed").mkdir(mode=0o500)
    assert failure(lambda: create(as_nobody / "closed" / "new.custos", KEY)).code == "no_access"


def test_a_second_program_is_told_who_holds_the_register(folder):
    holding = """
import sys
from pathlib import Path
from app.store.database import open_database
with open_database(Path(sys.argv[1]), bytes(range(7, 39))):
    print("open", flush=True)
    sys.stdin.readline()
"""
    other = python(holding, folder)
    assert other.stdout.readline() == "open\n"
    try:
        error = failure(lambda: open_database(folder, KEY))
        assert error.code == "in_use"
        assert error.cause.values["pid"] == other.pid
        assert error.cause.values["user"]
        assert str(error.cause.values["since"]).startswith("20")
    finally:
        other.communicate("\n", timeout=60)
    open_database(folder, KEY).close()


def test_a_program_that_was_killed_holds_nothing(folder):
    other = python("import os, sys; from pathlib import Path; from app.store.claim import claim\n"
                   "held = claim(Path(sys.argv[1])); os.kill(os.getpid(), 9)", folder)  # fmt: skip
    other.communicate(timeout=60)
    claim(folder).release()


def test_a_claim_is_held_once_and_released_once(folder):
    held = claim(folder)
    assert failure(lambda: claim(folder)).code == "in_use"
    with open_database(folder, KEY, claimed=True):
        held.release()
        held.release()
    with claim(folder):
        pass


def test_a_writer_that_waits_too_long_is_told_that_another_writes(folder, database):
    with open_database(folder, KEY, claimed=True) as child:

        def write_beside():
            with child.writing() as connection:
                connection.exec_driver_sql("INSERT INTO words (text) VALUES ('beside')")

        with child.writer.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA busy_timeout = 50")
        with database.writing():
            taken = failure(write_beside)
        assert taken.code == "busy"
        write_beside()


def test_the_second_act_waits_for_the_first_and_both_count(database):
    def add_one():
        for _ in range(50):
            with database.writing() as connection:
                count = connection.exec_driver_sql("SELECT count(*) FROM words").scalar()
                connection.exec_driver_sql("INSERT INTO words (id) VALUES (?)", (count + 1,))

    threads = [threading.Thread(target=add_one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*), max(id) FROM words").one() == (150, 150)


def test_a_reader_sees_one_moment_and_cannot_write(database):
    with database.reading() as view:
        before = view.exec_driver_sql("SELECT count(*) FROM words").scalar()
        with database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO words (text) VALUES ('later')")
        assert view.exec_driver_sql("SELECT count(*) FROM words").scalar() == before
        with pytest.raises(StoreUnavailable) as caught, translated():
            view.exec_driver_sql("DELETE FROM words")
    assert caught.value.code == "read_only"


def test_an_act_that_fails_leaves_nothing(database):
    def fail_late():
        with database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO words (text) VALUES ('half')")
            raise KeyError("ours")

    with pytest.raises(KeyError):
        fail_late()
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM words").scalar() == 0


def test_a_mistake_in_our_sql_is_no_environment_and_repeats_no_words_of_the_act(database):
    with pytest.raises(OperationalError) as caught, database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO nowhere VALUES (?)", ("a secret title",))
    assert "a secret title" not in str(caught.value)


def test_withdrawn_text_does_not_stay_in_the_log(database, folder):
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO words (text) VALUES ('x')")
    assert (folder / "register.db-wal").stat().st_size > 0
    database.scrub()
    assert (folder / "register.db-wal").stat().st_size == 0


def test_a_failure_crosses_a_process_boundary_whole():
    error = pickle.loads(pickle.dumps(unavailable("disk_full")))
    assert (error.code, error.cause, error.remedy) == (
        "disk_full", unavailable("disk_full").cause, unavailable("disk_full").remedy)  # fmt: skip


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sda2 /home/li ext4 rw 0 0
//nas/office /mnt/the\\040office cifs rw 0 0
li@host: /home/li/remote fuse.sshfs rw 0 0
host /mnt/host 9p rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/srv/book", "ext4"),
        ("/home/wang/book", "nfs4"),
        ("/homes/book", "ext4"),
        ("/home/li/book", "ext4"),
        ("/home/li/remote/book", "fuse.sshfs"),
        ("/mnt/the office/book", "cifs"),
        ("/mnt/host/book", "9p"),
    ],
)
def test_a_register_on_a_network_share_is_refused_with_the_reason(place, kind):
    assert filesystem_of(Path(place), MOUNTS)[1] == kind
    if kind == "ext4":
        refuse_network_share(Path(place), MOUNTS)
    else:
        error = failure(lambda: refuse_network_share(Path(place), MOUNTS))
        assert error.code == "network_share"
        assert error.cause.values["kind"] == kind


def test_of_two_mounts_on_one_point_the_later_counts():
    assert filesystem_of(Path("/home/x"), MOUNTS + "tmpfs /home tmpfs rw 0 0\n")[1] == "tmpfs"


def test_a_machine_whose_own_disk_comes_from_its_host_is_not_a_share():
    refuse_network_share(Path("/srv/book"), "none / 9p rw 0 0\n")


def test_a_hardened_process_leaves_no_core_and_cannot_be_read():
    code = """
import ctypes, resource
from app.store.database import harden_process
harden_process()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""
    assert python(code).communicate(timeout=60)[0].strip() == "(0, 0) 0"


FIRST = """
from alembic import op
revision = "a1"
down_revision = None
def upgrade():
    op.execute("CREATE TABLE things (id INTEGER PRIMARY KEY, of INTEGER REFERENCES things (id))")
    op.execute("INSERT INTO things VALUES (1, NULL)")
"""


@pytest.fixture
def scripts(tmp_path):
    """The project's env.py with revisions of its own."""
    place = tmp_path / "50% scripts"
    (place / "versions").mkdir(parents=True)
    (place / "env.py").write_bytes((migrations() / "env.py").read_bytes())
    (place / "versions" / "a1.py").write_text(FIRST)
    return place


def revision(scripts, name, after, body):
    text = f"from alembic import op\nrevision = {name!r}\ndown_revision = {after!r}\ndef upgrade():\n    {body}\n"
    (scripts / "versions" / f"{name}.py").write_text(text)


def tables(database):
    with database.reading() as connection:
        return set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())


def test_a_new_register_gets_its_tables_and_a_second_run_does_nothing(folder, scripts):
    with open_database(folder, KEY) as database:
        migrate(database, scripts, "a1")
        assert tables(database) == {"alembic_version", "things"}
        (scripts / "env.py").write_text("raise AssertionError('alembic was asked')")
        migrate(database, scripts, "a1")


def test_an_older_register_is_brought_up_with_what_it_holds(folder, scripts):
    with open_database(folder, KEY) as database:
        migrate(database, scripts, "a1")
        revision(scripts, "a2", "a1", "op.execute('ALTER TABLE things ADD COLUMN note TEXT')")
        migrate(database, scripts, "a2")
        with database.reading() as connection:
            assert connection.exec_driver_sql("SELECT id, note FROM things").all() == [(1, None)]
            assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "a2"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("op.execute('CREATE TABLE half (id)'); op.execute('INSERT INTO nowhere VALUES (1)')", OperationalError),
        ("op.execute('CREATE TABLE half (id)'); op.execute('INSERT INTO things VALUES (2, 77)')", StoreUnavailable),
    ],
)
def test_a_migration_that_fails_leaves_the_register_as_it_was(folder, scripts, body, told):
    with open_database(folder, KEY) as database:
        migrate(database, scripts, "a1")
        revision(scripts, "a2", "a1", body)
        with pytest.raises(told):
            migrate(database, scripts, "a2")
        assert tables(database) == {"alembic_version", "things"}
        with database.writing() as connection:
            assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "a1"
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_register_with_a_revision_nobody_here_knows_is_newer(folder, scripts):
    with open_database(folder, KEY) as database:
        migrate(database, scripts, "a1")
        with database.writing() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'z9'")
        assert failure(lambda: migrate(database, scripts, "a1")).code == "newer_schema"


def test_opening_a_current_register_imports_no_alembic(folder, scripts):
    with open_database(folder, KEY) as database:
        migrate(database, scripts, "a1")
    code = """
import sys
from pathlib import Path
from app.store.database import migrate, open_database
with open_database(Path(sys.argv[1]), bytes(range(7, 39))) as database:
    migrate(database, Path(sys.argv[2]), "a1")
print("alembic" in sys.modules)
"""
    assert python(code, folder, scripts).communicate(timeout=60)[0].strip() == "False"


def test_the_revision_that_is_read_cheaply_is_the_newest_script():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations()))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD_REVISION
