"""The key of a register, wrapped once for each account and once for the recovery sheet, in `vault.toml`.

The order of every change is: new slot, entry in the ledger, old slot removed. A crash between them leaves a slot whose
generation is not the account's, which `mend` removes at the next unlock; until then the caller refuses it.
"""

import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain import recovery_key
from app.domain.passwords import sign_in_name
from app.domain.words import Says, says
from app.paths import PRIVATE_FOLDER
from app.store.failures import StoreUnavailable, on_disk, unavailable
from app.store.tries import failed_tries, note_failed_try, wait_left
from app.store.vault_file import (
    FORMAT,
    KEY_BYTES,
    NONCE_BYTES,
    RECOVERY,
    SALT_BYTES,
    SHIPPED,
    VAULT_FILE,
    WRAPPED_BYTES,
    Cost,
    Slot,
    Vault,
    read_vault,
    written,
)

__all__ = [
    "RECOVERY",
    "SHIPPED",
    "Cost",
    "Locked",
    "NewVault",
    "Opened",
    "Vault",
    "add_slot",
    "change_password",
    "mend",
    "new_recovery",
    "new_vault",
    "open_recovery",
    "open_slot",
    "read_vault",
    "remove_slot",
]


@dataclass(frozen=True)
class NewVault:
    """A vault just made: its key, and the recovery key that is printed once and kept nowhere."""

    vault: Vault
    key: bytes = field(repr=False)
    recovery: str = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """What a slot gave: the register's key, and whose slot of which generation it was."""

    key: bytes = field(repr=False)
    account: int
    name: str
    generation: int


class Locked(StoreUnavailable):
    """The register stays closed to this person; `wait` is how long no further try is looked at."""

    def __init__(self, code: str, cause: Says, remedy: Says, wait: timedelta = timedelta(0)) -> None:
        super().__init__(code, cause, remedy)
        self.wait = wait

    def __reduce__(self) -> tuple[type["Locked"], tuple[str, Says, Says, timedelta]]:  # type: ignore[override]
        return Locked, (self.code, self.cause, self.remedy, self.wait)


def new_vault(folder: Path, *, cost: Cost = SHIPPED) -> NewVault:
    """Draw a key and write a vault whose only slot is the recovery sheet's; accounts follow by add_slot."""
    key = secrets.token_bytes(KEY_BYTES)
    with on_disk():
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    if (folder / VAULT_FILE).exists():
        raise unavailable("exists")
    empty = Vault(folder, secrets.token_hex(16), ())
    vault, recovery = new_recovery(empty, key, 0, cost=cost)
    return NewVault(vault, key, recovery)


def add_slot(
    vault: Vault, key: bytes, account: int, name: str, password: str, generation: int, *, cost: Cost = SHIPPED
) -> Vault:
    """Wrap the key for an account; an older slot of the same account stays until it is removed."""
    if account == RECOVERY or not sign_in_name(name).isprintable() or not sign_in_name(name):
        raise ValueError("an account has a number and a printable name")
    return _with_slot(vault, key, Slot(account, name, generation, cost, *_NOTHING), _secret(password))


def change_password(vault: Vault, opened: Opened, password: str, *, cost: Cost = SHIPPED) -> Vault:
    """Add the account's next generation; post the entry, then remove the slot that was opened."""
    return add_slot(vault, opened.key, opened.account, opened.name, password, opened.generation + 1, cost=cost)


def new_recovery(vault: Vault, key: bytes, generation: int, *, cost: Cost = SHIPPED) -> tuple[Vault, str]:
    """Draw a recovery key and add its slot; the text is printed once and kept nowhere."""
    drawn = secrets.token_bytes(recovery_key.KEY_BYTES)
    wrapped = _with_slot(vault, key, Slot(RECOVERY, "", generation, cost, *_NOTHING), drawn)
    return wrapped, recovery_key.shown(drawn)


def remove_slot(vault: Vault, account: int, generation: int) -> Vault:
    """Remove one slot, after the entry that made it obsolete."""
    return written(vault, tuple(s for s in vault.slots if (s.account, s.generation) != (account, generation)))


def mend(vault: Vault, generations: Mapping[int, int]) -> Vault:
    """Finish or undo the change a crash cut short, by the generations the register holds of its open accounts.

    An account that is not among them loses its slots. One whose own generation has no slot keeps what there is: a vault
    from another day than the register must not lock everybody out.
    """
    present = {(slot.account, slot.generation) for slot in vault.slots}

    def stays(slot: Slot) -> bool:
        if slot.account not in generations:
            return slot.account == RECOVERY
        current = generations[slot.account]
        return slot.generation == current or (slot.account, current) not in present

    kept = tuple(slot for slot in vault.slots if stays(slot))
    return vault if kept == vault.slots else written(vault, kept)


def open_slot(vault: Vault, name: str, password: str, now: datetime) -> Opened:
    """Open an account's slot; every failure is noted, and makes the next try wait longer."""
    wanted = sign_in_name(name)
    slots = [s for s in vault.slots if s.account != RECOVERY and sign_in_name(s.name) == wanted]
    account = slots[0].account if slots else 0
    _refuse_haste(vault, account, now)
    opened = _first_that_opens(vault, slots, _secret(password))
    if opened is not None:
        return opened
    note_failed_try(vault.folder, now, account)
    if not slots:
        raise Locked(
            "no_such_account",
            says("No account of this register has that name."),
            says("Choose your name from the list, or ask the system administrator for an account."),
        )
    wait = wait_left(failed_tries(vault.folder), account, now)
    raise Locked(
        "wrong_password",
        says("The password is not that of {name}.", name=slots[0].name),
        says(
            "Check caps lock and the input method, and try again in {seconds} s. A lost password is replaced by two"
            " administrators, or with the recovery sheet.",
            seconds=_seconds(wait),
        ),
        wait,
    )


def open_recovery(vault: Vault, typed: str, now: datetime) -> Opened:
    """Open the register with the key of the recovery sheet, however it is typed."""
    try:
        secret = recovery_key.read(typed)
    except recovery_key.MistypedGroup as mistyped:
        raise _mistyped(mistyped.group) from mistyped
    _refuse_haste(vault, RECOVERY, now)
    opened = _first_that_opens(vault, [slot for slot in vault.slots if slot.account == RECOVERY], secret)
    if opened is None:
        note_failed_try(vault.folder, now, RECOVERY)
        raise Locked(
            "wrong_recovery_key",
            says("This is the recovery key of another register, or of a sheet that was replaced."),
            says("Look for the newest recovery sheet of this register."),
        )
    return opened


_NOTHING: Final = (bytes(SALT_BYTES), bytes(NONCE_BYTES), bytes(WRAPPED_BYTES))  # until _with_slot has wrapped


def _with_slot(vault: Vault, key: bytes, bare: Slot, secret: bytes) -> Vault:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    slot = msgspec.structs.replace(bare, salt=secrets.token_bytes(SALT_BYTES), nonce=secrets.token_bytes(NONCE_BYTES))
    wrapped = AESGCM(_stretched(slot, secret)).encrypt(slot.nonce, key, _bound(vault, slot))
    slot = msgspec.structs.replace(slot, wrapped=wrapped)
    # A second try after a crash replaces what the first one left.
    others = tuple(s for s in vault.slots if (s.account, s.generation) != (slot.account, slot.generation))
    return written(vault, (*others, slot))


def _first_that_opens(vault: Vault, slots: list[Slot], secret: bytes) -> Opened | None:
    for slot in sorted(slots, key=lambda s: s.generation, reverse=True):
        try:
            key = AESGCM(_stretched(slot, secret)).decrypt(slot.nonce, slot.wrapped, _bound(vault, slot))
        except InvalidTag:
            continue
        return Opened(key, slot.account, slot.name, slot.generation)
    return None


def _stretched(slot: Slot, secret: bytes) -> bytes:
    cost = slot.cost
    try:
        return hash_secret_raw(
            secret,
            slot.salt,
            time_cost=cost.passes,
            memory_cost=cost.memory_kib,
            parallelism=cost.lanes,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    except HashingError as error:
        raise unavailable("memory") from error


def _bound(vault: Vault, slot: Slot) -> bytes:
    """What a wrapped key belongs to: moved to another register, account, name or generation it does not open."""
    return json.dumps(["custos vault", FORMAT, vault.register, slot.account, slot.name, slot.generation]).encode()


def _secret(password: str) -> bytes:
    # A full-width letter, typed under a Chinese input method, is the same letter.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def _refuse_haste(vault: Vault, account: int, now: datetime) -> None:
    wait = wait_left(failed_tries(vault.folder), account, now)
    if wait:
        raise Locked(
            "too_soon",
            says("A try failed a moment ago; the next one is looked at in {seconds} s.", seconds=_seconds(wait)),
            says("Wait, check caps lock and the input method, then type it again."),
            wait,
        )


def _mistyped(group: int) -> Locked:
    if group:
        cause = says("Group {group} of the recovery key is mistyped.", group=group)
    else:
        cause = says("The recovery key has {n} groups of five characters.", n=recovery_key.GROUPS)
    return Locked("mistyped_recovery_key", cause, says("Compare it with the sheet and type it again."))


def _seconds(wait: timedelta) -> int:
    return -(-wait // timedelta(seconds=1))  # rounded up: "0 s" would invite a try that is refused
