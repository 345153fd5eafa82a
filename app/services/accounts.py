"""Unlocking a register, signing in, the second person at the seat, passwords."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from app.actions.accounts import SignIn
from app.actions.office import ConfirmDate
from app.domain.action import Authority, Ref, Signature, Subject
from app.domain.carrier import Person, PersonId
from app.domain.judging import CLOCK_LEAP, CLOCK_SLACK
from app.domain.words import N_, says
from app.services.desk import Desk
from app.store import database as files
from app.store import posting, tries, vault
from app.store.failures import StoreUnavailable
from app.store.lookups import Cached, Lookups

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the register knows it, and the person it belongs to."""

    id: int
    login: str
    person: Person
    generation: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    """An open register with somebody at the seat."""

    folder: Path
    database: files.Database
    desk: Desk
    account: Account
    opened: vault.Opened = field(repr=False)
    clock: Clock
    last_entry: datetime | None = None

    @property
    def clock_is_doubtful(self) -> bool:
        """Whether the workstation's date must be confirmed by a second person before anything else (DESIGN.md 5)."""
        if self.last_entry is None:
            return False
        now = self.clock()
        return now < self.last_entry - CLOCK_SLACK or now > self.last_entry + CLOCK_LEAP

    def close(self) -> None:
        """Leave the seat and close the register."""
        self.database.close()


def logins(folder: Path) -> tuple[str, ...]:
    """The names that can sign in to the register of this folder; known before it is unlocked."""
    return vault.read_vault(folder).names


def unlock(folder: Path, login: str, password: str, clock: Clock) -> SignedIn:
    """Open the register with one account's password; raises `Locked` or `StoreUnavailable` with its remedy."""
    files.harden_process()  # from here on this process holds a key
    kept = vault.read_vault(folder)
    opened = vault.open_slot(kept, login, password, clock())
    database = files.open_database(folder, opened.key)
    try:
        files.migrate(database)
        with _read_as_written():
            account, last = _account(database, opened)
            mend_slots(database, kept)
    except BaseException:
        database.close()
        raise
    return SignedIn(folder, database, Desk(database, account.person, clock), account, opened, clock, last)


def open_to_prove(folder: Path, login: str, password: str, clock: Clock) -> files.Database:
    """Open the register for nothing but its proof: who edited it may have edited what a sign-in reads as well."""
    files.harden_process()
    opened = vault.open_slot(vault.read_vault(folder), login, password, clock())
    database = files.open_database(folder, opened.key)
    try:
        with suppress(OperationalError):  # the mark of its revision was edited, which the proof says in its turn
            files.migrate(database)
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def _read_as_written() -> Iterator[None]:
    """What the program never wrote where accounts and people are kept is told as that, and is no fault of ours."""
    try:
        yield
    except (LookupError, ValueError, TypeError, OperationalError) as error:
        raise StoreUnavailable(
            "edited",
            says(N_("What the register holds of its accounts was edited outside the book; nobody can be let in.")),
            says(N_("Let “custos verify” name what was changed, and restore the newest backup.")),
        ) from error


def _account(database: files.Database, opened: vault.Opened) -> tuple[Account, datetime | None]:
    with database.reading() as connection:
        row = connection.exec_driver_sql(
            "SELECT id, login, person, generation, open FROM accounts WHERE id = ?", (opened.account,)
        ).one_or_none()
        if row is not None and row[4] and row[3] < opened.generation:
            raise StoreUnavailable(
                "unfinished_change",
                says(N_("The change to this password was cut short before it was entered; it never came into force.")),
                says(N_("Sign in with the password from before the change; then change it again.")),
            )
        if row is None or not row[4] or row[3] != opened.generation:
            raise StoreUnavailable(
                "stale_slot",
                says(N_("This password was replaced or its account closed; the old key slot no longer counts.")),
                says(N_("Sign in with the newest password, or ask the system administrator.")),
            )
        person = Lookups(connection, Cached()).person(row[2])
        if not person.open:
            raise StoreUnavailable(
                "stale_slot",
                says(N_("{name} has left."), name=person.name),
                says(N_("Sign in with an account of somebody who is here.")),
            )
        last = posting.sure_at(connection)
    return Account(row[0], row[1], person, row[3]), datetime.fromisoformat(last) if last else None


def mend_slots(database: files.Database, kept: vault.Vault) -> vault.Vault:
    """A crash between slot and entry is mended towards the entry, which is the truth."""
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, generation FROM accounts WHERE open = 1").all()
        sheet = recovery_generation(connection)
    return vault.mend(kept, {row[0]: row[1] for row in rows} | {vault.RECOVERY: sheet})


def recovery_generation(connection: Connection) -> int:
    """Which recovery sheet is in force: the first one is number 0."""
    generation: int = Lookups(connection, Cached()).register().facts.get("recovery", 0)
    return generation


def sign_in(seat: SignedIn, confirmed_by: Signature | None = None) -> None:
    """Enter the sign-in, after the date was confirmed where it must be; failed tries before it are told along."""
    if seat.clock_is_doubtful and confirmed_by is not None:
        seat.desk.perform(
            ConfirmDate(today=seat.desk.today()), [Ref(Subject.REGISTER, 1)], Authority(signatures=(confirmed_by,))
        )
    failed = tries.failed_tries(seat.folder)
    seat.desk.perform(SignIn(failed=sum(not each.told for each in failed)), [seat.account.id])
    if failed:
        tries.settle_tries(seat.folder, seat.account.id, seat.clock())


def second_person(seat: SignedIn, login: str, password: str, role: str) -> Signature:
    """Somebody else's signature at the seat, by their own password; raises `Locked` or `StoreUnavailable`."""
    opened = vault.open_slot(vault.read_vault(seat.folder), login, password, seat.clock())
    account, _ = _account(seat.database, opened)
    return Signature(PersonId(account.person.id), role)


def same_person(seat: SignedIn, password: str) -> bool:
    """Whether the person at the seat gives their own password again, to lift the idle lock; raises `Locked`."""
    opened = vault.open_slot(vault.read_vault(seat.folder), seat.account.login, password, seat.clock())
    return opened.account == seat.account.id
