"""Accounts and their key slots, changed together: new slot, entry, old slot removed (DESIGN.md 6).

What a crash leaves between two of these steps is mended towards the entry at the next unlock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from app.actions.accounts import ChangePassword, CloseAccount, OpenAccount
from app.actions.recovery import RecoverAccount, ReplaceRecovery, ResetPassword
from app.domain.action import NOBODY, Action, Authority, Ref, Refusal, Subject
from app.domain.book import AccountFacts
from app.domain.carrier import Person, PersonId
from app.domain.passwords import password_is_strong_enough, sign_in_name
from app.domain.words import N_, Says, says
from app.services import accounts
from app.services.accounts import Clock, SignedIn
from app.services.desk import Desk, Receipt, Refused
from app.store import database as files
from app.store import vault
from app.store.lookups import Cached, Lookups

KEPT_WITH_A_SLOT = frozenset(
    {"open_account", "close_account", "change_password", "reset_password", "replace_recovery", "recover_account"}
)
"""Acts that are never performed bare: an entry without its slot would let nobody in, or somebody still."""
THE_REGISTER = Ref(Subject.REGISTER, 1)


def open_account(
    seat: SignedIn,
    login: str,
    person: PersonId,
    password: str,
    authority: Authority = NOBODY,
    *,
    cost: vault.Cost = vault.SHIPPED,
) -> Receipt:
    """Let a person sign in: the slot, then the entry; raises `Refused`, and then there is neither."""
    login = login.strip()
    action = OpenAccount(login=login, person=person)
    _must_be_strong(password, login)
    _must_be_allowed(seat.desk, action, (), authority)
    number = seat.desk.read(_next_account)
    with _slot(seat.folder, seat.opened.key, number, login, password, 1, cost):
        return seat.desk.perform(action, (), authority)


def close_account(seat: SignedIn, account: int, reason: str = "", authority: Authority = NOBODY) -> Receipt:
    """Close an account: the entry, then its slots; until they are gone the account is refused at unlocking."""
    receipt = seat.desk.perform(CloseAccount(reason=reason), [account], authority)
    _drop_all_but(seat.folder, account, 0)
    return receipt


def change_password(seat: SignedIn, password: str, *, cost: vault.Cost = vault.SHIPPED) -> Receipt:
    """Replace the password of the account at the seat; raises `Refused`, and then the old one stays the only one."""
    _must_be_strong(password, seat.account.login)
    now = _facts(seat.desk, seat.account.id).generation
    action = ChangePassword(generation=now + 1)
    with _slot(seat.folder, seat.opened.key, seat.account.id, seat.account.login, password, now + 1, cost):
        receipt = seat.desk.perform(action, [seat.account.id])
    _drop_all_but(seat.folder, seat.account.id, now + 1)
    return receipt


def reset_password(
    seat: SignedIn, account: int, password: str, authority: Authority, *, cost: vault.Cost = vault.SHIPPED
) -> Receipt:
    """Replace somebody's lost password, signed by a second administrator; they type the new one themselves."""
    known = _facts(seat.desk, account)
    _must_be_strong(password, known.login)
    action = ResetPassword(generation=known.generation + 1)
    _must_be_allowed(seat.desk, action, [account], authority)
    with _slot(seat.folder, seat.opened.key, account, known.login, password, known.generation + 1, cost):
        receipt = seat.desk.perform(action, [account], authority)
    _drop_all_but(seat.folder, account, known.generation + 1)
    return receipt


def recover(
    folder: Path,
    typed: str,
    login: str,
    password: str,
    clock: Clock,
    *,
    cost: vault.Cost = vault.SHIPPED,
) -> None:
    """Give an account a new password with the key of the recovery sheet; nobody need know any other.

    Raises `Locked` for a key that is mistyped or wrong, `Refused` for the account or the password. A doubtful clock
    stays in doubt: whoever signs in next has a second person confirm the date.
    """
    kept = vault.read_vault(folder)
    opened = vault.open_recovery(kept, typed, clock())
    with files.open_database(folder, opened.key) as database:
        files.migrate(database)
        with database.reading() as connection:
            _must_be_the_newest_sheet(opened, accounts.recovery_generation(connection))
            number, person = _account_called(connection, login)
        accounts.mend_slots(database, kept)
        desk = Desk(database, person, clock)
        _must_be_strong(password, login)
        known = _facts(desk, number)
        action = RecoverAccount(generation=known.generation + 1)
        with _slot(folder, opened.key, number, known.login, password, known.generation + 1, cost):
            desk.perform(action, [number])
        _drop_all_but(folder, number, known.generation + 1)


def draw_sheet(seat: SignedIn, *, cost: vault.Cost = vault.SHIPPED) -> str:
    """Draw the key of a new recovery sheet; it counts once `replace_recovery` enters it, and is kept nowhere."""
    following = seat.desk.read(accounts.recovery_generation) + 1
    return vault.new_recovery(vault.read_vault(seat.folder), seat.opened.key, following, cost=cost)[1]


def drop_sheet(seat: SignedIn) -> None:
    """Forget a sheet that was drawn and not entered."""
    _drop_all_but(seat.folder, vault.RECOVERY, seat.desk.read(accounts.recovery_generation))


def replace_recovery(seat: SignedIn, authority: Authority) -> Receipt:
    """Enter that the drawn sheet is locked away; the old one opens no more."""
    following = seat.desk.read(accounts.recovery_generation) + 1
    present = {(slot.account, slot.generation) for slot in vault.read_vault(seat.folder).slots}
    if (vault.RECOVERY, following) not in present:
        raise _refused("sheet_is_drawn", says(N_("No new sheet was drawn.")), says(N_("Draw and print it first.")))
    receipt = seat.desk.perform(ReplaceRecovery(generation=following), [THE_REGISTER], authority)
    _drop_all_but(seat.folder, vault.RECOVERY, following)
    return receipt


def as_it_stands(seat: SignedIn, action: Action, subjects: Sequence[int]) -> Action:
    """The act with the generation that follows the one in force now; a dialog may be open for long."""
    if isinstance(action, ChangePassword):
        return replace(action, generation=_facts(seat.desk, seat.account.id).generation + 1)
    if isinstance(action, ResetPassword) and subjects:
        return replace(action, generation=_facts(seat.desk, subjects[0]).generation + 1)
    if isinstance(action, ReplaceRecovery):
        return replace(action, generation=seat.desk.read(accounts.recovery_generation) + 1)
    return action


# --- the steps -----------------------------------------------------------------------------------------------------


@contextmanager
def _slot(
    folder: Path, key: bytes, account: int, login: str, password: str, generation: int, cost: vault.Cost
) -> Iterator[None]:
    """The slot is there while its entry is written, and gone again when the entry is refused."""
    kept = vault.add_slot(vault.read_vault(folder), key, account, login, password, generation, cost=cost)
    try:
        yield
    except Refused:
        vault.remove_slot(kept, account, generation)
        raise


def _drop_all_but(folder: Path, account: int, generation: int) -> None:
    kept = vault.read_vault(folder)
    for slot in kept.slots:
        if slot.account == account and slot.generation != generation:
            kept = vault.remove_slot(kept, account, slot.generation)


def _next_account(connection: Connection) -> int:
    highest: int = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM accounts").scalar_one()
    return highest + 1


def _facts(desk: Desk, account: int) -> AccountFacts:
    def look(connection: Connection) -> AccountFacts | None:
        return Lookups(connection, Cached()).account(account)

    found = desk.read(look)
    if found is None:
        raise _refused("account_is_known", says(N_("There is no such account.")))
    return found


def _account_called(connection: Connection, login: str) -> tuple[int, Person]:
    rows = connection.exec_driver_sql("SELECT id, login, person FROM accounts WHERE open = 1").all()
    for number, name, person in rows:
        if sign_in_name(name) == sign_in_name(login):
            return number, Lookups(connection, Cached()).person(person)
    raise _refused(
        "account_is_known",
        says(N_("There is no open account {login}."), login=login.strip()),
        says(N_("Choose an account from the list.")),
        "login",
    )


# --- what stands against it ----------------------------------------------------------------------------------------


def _must_be_strong(password: str, login: str) -> None:
    if weak := password_is_strong_enough(password, login):
        raise _refused("password_is_strong_enough", weak, field="password")


def _must_be_allowed(desk: Desk, action: Action, lines: Sequence[int], authority: Authority) -> None:
    # Asked before a slot is made: a second of work, and two writes of the vault, for an act that is refused anyway.
    if refusals := desk.refusals(action, lines, authority):
        raise Refused(refusals)


def _must_be_the_newest_sheet(opened: vault.Opened, generation: int) -> None:
    if opened.generation != generation:
        raise vault.Locked(
            "wrong_recovery_key",
            says("This is the recovery key of another register, or of a sheet that was replaced."),
            says("Look for the newest recovery sheet of this register."),
        )


def _refused(rule: str, reason: Says, remedy: Says | None = None, field: str | None = None) -> Refused:
    return Refused([Refusal(rule, reason, remedy=remedy, field=field)])
