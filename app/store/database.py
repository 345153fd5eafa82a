"""The encrypted file of a register: made, opened, migrated; one connection writes, few read."""

import ctypes
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlcipher3 import dbapi2

from app.paths import PRIVATE_FILE, PRIVATE_FOLDER, migrations
from app.store.claim import Claim, claim, refuse_network_share
from app.store.failures import StoreUnavailable, on_disk, translated, unavailable
from app.store.vault_file import DATABASE_FILE

__all__ = [
    "DATABASE_FILE",
    "Database",
    "StoreUnavailable",
    "create",
    "harden_process",
    "migrate",
    "open_database",
    "translated",
]

HEAD_REVISION: Final = "0003"  # the newest of db/migrations/versions; a test holds it to that

APPLICATION_ID: Final = 0x43757374  # "Cust"
FORMAT: Final = 1  # PRAGMA user_version: what a program must understand before it reads a single table
KEY_BYTES: Final = 32
BUSY_MS: Final = 5_000  # an import's chunk holds the writer for 200 ms; longer means that something hangs
READERS: Final = 2

_PRAGMAS: Final = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",  # nothing decrypted in /tmp
    "PRAGMA mmap_size = 0",
    "PRAGMA cache_size = -16000",  # 16 MB a connection: pages in the cache need no decryption
    "PRAGMA secure_delete = FAST",  # clears freed cells of pages that are written anyway
    "PRAGMA journal_size_limit = 67108864",  # a large act does not leave its log on the disk for ever
    f"PRAGMA busy_timeout = {BUSY_MS}",
)


@dataclass(frozen=True)
class Database:
    """An open register: `writing()` for the one writer, `reading()` for lists and forms."""

    folder: Path
    writer: Engine = field(repr=False)
    reader: Engine = field(repr=False)
    held: Claim | None = field(repr=False)

    @property
    def file(self) -> Path:
        """The encrypted file."""
        return self.folder / DATABASE_FILE

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin a transaction that no other writer can enter; commit at the end, roll back on any exception."""
        with translated(self.file), self.writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a view of the register that stays the same while it is read and cannot write."""
        with translated(self.file), self.reader.connect() as connection:
            yield connection

    def scrub(self) -> None:
        """Move the write-ahead log into the file and empty it, so that withdrawn text does not linger there."""
        with translated(self.file):
            pooled = self.writer.raw_connection()
            try:
                pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                pooled.close()

    def close(self) -> None:
        """Close every connection and let go of the claim."""
        self.reader.dispose()
        self.writer.dispose()  # the last to close moves the log into the file, which a reader may not
        if self.held is not None:
            self.held.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create(folder: Path, key: bytes) -> None:
    """Make an empty encrypted file in the folder of a new register; its tables come with migrate()."""
    refuse_network_share(folder)
    file = folder / DATABASE_FILE
    with on_disk():
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        try:
            # SQLite gives its -wal and -shm the mode of the file.
            os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
        except FileExistsError as error:
            raise unavailable("exists") from error
    try:
        with translated():
            _stamp(file, key)
    except BaseException:
        file.unlink()  # a stump would be taken for a damaged register
        raise


def open_database(folder: Path, key: bytes, *, claimed: bool = False) -> Database:
    """Open the register in this folder; `claimed` says that the caller, or its parent process, holds the claim."""
    file = folder / DATABASE_FILE
    if not file.is_file():
        raise unavailable("missing")
    refuse_network_share(folder)
    _refuse_unwritable(folder, file)
    held = None if claimed else claim(folder)
    writer = _engine(file, key, "BEGIN IMMEDIATE", pool=1)
    reader = _engine(file, key, "BEGIN", pool=READERS, query_only=True)
    database = Database(folder, writer, reader, held)
    try:
        with on_disk():
            file.chmod(PRIVATE_FILE)
            if stat.S_IMODE(folder.stat().st_mode) & 0o022:  # whoever may write into it could put another vault there
                folder.chmod(PRIVATE_FOLDER)
        _refuse_foreign(database)
    except BaseException:
        database.close()
        raise
    return database


def migrate(database: Database, scripts: Path | None = None, head: str = HEAD_REVISION) -> None:
    """Bring the tables to the newest revision in one transaction; a newer register is refused."""
    with database.reading() as connection:
        known = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first()
        stored = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() if known else None
    if stored != head:
        with translated(database.file), database.writer.connect() as connection:
            _upgrade(connection, scripts or migrations(), stored)


def harden_process() -> None:
    """Keep the keys of this process out of core dumps and out of reach of other programs of the same account."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    set_dumpable = 4  # PR_SET_DUMPABLE of linux/prctl.h
    ctypes.CDLL(None).prctl(set_dumpable, 0, 0, 0, 0)


def _engine(file: Path, key: bytes, begin: str, *, pool: int, query_only: bool = False) -> Engine:
    def connect() -> Any:
        connection = _unlocked(file, key)
        if query_only:
            connection.execute("PRAGMA query_only = ON")
        return connection

    # No key in the URL, and none of the words in an act in the text of an exception.
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=connect,
        poolclass=QueuePool,
        pool_size=pool,
        max_overflow=0,
        hide_parameters=True,
    )
    # The driver would begin late and deferred: two acts could both read the head before either writes.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _unlocked(file: Path, key: bytes) -> Any:
    """Connect to the file and give the driver its key, outside any statement that could be logged."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    # mode=rw: a file that is gone must be missed, not made anew. Threads are kept apart by the pool.
    connection = dbapi2.connect(
        f"{file.resolve().as_uri()}?mode=rw",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # else a wrong key is told to stderr
        # Off: it locks and unlocks every allocation of a page cache that is larger than what may be locked anyway, and
        # an entry costs 58 µs instead of 5, a carrier 228 instead of 10 (measured). Keys are wiped and locked anyway;
        # pages are kept from disk by temp_store, no core dumps, and no unencrypted swap (docs/threat-model.md).
        connection.execute("PRAGMA cipher_memory_security = OFF")
        connection.set_key(f"x'{key.hex()}'")
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _stamp(file: Path, key: bytes) -> None:
    connection = _unlocked(file, key)
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()


def _refuse_unwritable(folder: Path, file: Path) -> None:
    if not os.access(file, os.R_OK, effective_ids=True):
        raise unavailable("no_access")
    if not all(os.access(place, os.W_OK, effective_ids=True) for place in (folder, file)):
        raise unavailable("read_only")


def _refuse_foreign(database: Database) -> None:
    with database.reading() as connection:
        if connection.exec_driver_sql("PRAGMA application_id").scalar() != APPLICATION_ID:
            raise unavailable("not_a_register")
        if (connection.exec_driver_sql("PRAGMA user_version").scalar() or 0) > FORMAT:
            raise unavailable("newer_schema")


def _upgrade(connection: Connection, scripts: Path, stored: str | None) -> None:
    # start-up: alembic and Mako take 0.2 s to import, and only a new or an older register needs them.
    from alembic import command  # start-up: see above
    from alembic.config import Config  # start-up: see above
    from alembic.script import ScriptDirectory  # start-up: see above

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if stored is not None and stored not in known:
        raise unavailable("newer_schema")
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - a connection that is open has one
    # A table that is rebuilt would drop its children's rows; outside a transaction is the only place to say so.
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():
            command.upgrade(config, "head")
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise unavailable("corrupt")
    finally:
        driver.execute("PRAGMA foreign_keys = ON")
