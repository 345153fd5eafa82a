"""The file `vault.toml`: its slots, read strictly and written in one step."""

import json
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from app.domain.words import says
from app.paths import resolved, write_private
from app.store.failures import StoreUnavailable, on_disk, unavailable

VAULT_FILE: Final = "vault.toml"
DATABASE_FILE: Final = "register.db"
FORMAT: Final = 1
RECOVERY: Final = 0
"""The account number of the recovery sheet's slot."""

KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
WRAPPED_BYTES: Final = KEY_BYTES + 16  # the key and the tag of AES-GCM


def unfinished(folder: Path) -> Path:
    """Where a register lies until its founding is whole."""
    return folder.parent / f".{folder.name}.founding"  # with_name() knows no name for the top folder


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one guess costs: argon2id's memory, passes and lanes, bounded so that a damaged file eats no machine."""

    memory_kib: Annotated[int, Meta(ge=8, le=1 << 20)] = 65_536
    passes: Annotated[int, Meta(ge=1, le=64)] = 3
    lanes: Annotated[int, Meta(ge=1, le=16)] = 4


SHIPPED: Final = Cost()  # 0.15 s on two cores


class Slot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The register's key wrapped for one account, at one generation of its password."""

    account: Annotated[int, Meta(ge=0)]
    name: str
    generation: Annotated[int, Meta(ge=0)]
    cost: Cost
    salt: Annotated[bytes, Meta(min_length=SALT_BYTES, max_length=SALT_BYTES)]
    nonce: Annotated[bytes, Meta(min_length=NONCE_BYTES, max_length=NONCE_BYTES)]
    wrapped: Annotated[bytes, Meta(min_length=WRAPPED_BYTES, max_length=WRAPPED_BYTES)]


class _VaultFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    register: str
    slot: tuple[Slot, ...]


@dataclass(frozen=True)
class Vault:
    """The slots of one register; every change writes the file and gives a new Vault."""

    folder: Path
    register: str
    slots: tuple[Slot, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The sign-in names, for the list at sign-in."""
        return tuple(dict.fromkeys(slot.name for slot in self.slots if slot.account != RECOVERY))


def read_vault(folder: Path) -> Vault:
    """Read the vault of a register; a missing or damaged one says what to do."""
    file = folder / VAULT_FILE
    if not file.is_file():
        if not (folder / DATABASE_FILE).is_file():
            with on_disk():
                is_begun = unfinished(resolved(folder)).is_dir()
            raise unavailable("not_begun" if is_begun else "missing")
        raise StoreUnavailable(
            "vault_missing",
            says("The folder holds no vault.toml, without which nobody can open the register."),
            says("Copy vault.toml from the newest backup back beside register.db."),
        )
    with on_disk():
        content = file.read_bytes()
    try:
        parsed = tomllib.loads(content.decode())
        if isinstance(parsed.get("format"), int) and parsed["format"] > FORMAT:
            raise unavailable("newer_schema")
        read = msgspec.convert(parsed, _VaultFile)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise StoreUnavailable(
            "vault_damaged",
            says("vault.toml is damaged: {detail}", detail=str(error)),
            says("Copy vault.toml from the newest backup back beside register.db."),
        ) from error
    if len({(slot.account, slot.generation) for slot in read.slot}) != len(read.slot):
        # Whoever has the key could add a second password to somebody's account, and sign in their name.
        raise StoreUnavailable(
            "vault_edited",
            says("vault.toml holds two passwords for one account: it was changed outside the program."),
            says("Tell the secrecy officer, and copy vault.toml from the newest backup back beside register.db."),
        )
    return Vault(folder, read.register, read.slot)


def written(vault: Vault, slots: tuple[Slot, ...]) -> Vault:
    """Replace the slots of a vault, in its file too: a power cut leaves the old ones or the new ones."""
    with on_disk():
        write_private(vault.folder / VAULT_FILE, _as_toml(vault.register, slots).encode())
    return replace(vault, slots=slots)


def _as_toml(register: str, slots: tuple[Slot, ...]) -> str:
    lines = [
        "# The key of this register, wrapped for each account. Keep it beside register.db and back both up together.",
        f"format = {FORMAT}",
        f"register = {_quoted(register)}",
    ]
    for slot in slots:
        plain = msgspec.to_builtins(slot)  # bytes become base64
        cost = ", ".join(f"{name} = {value}" for name, value in plain.pop("cost").items())
        lines += ["", "[[slot]]"]
        lines += [f"{name} = {value if isinstance(value, int) else _quoted(value)}" for name, value in plain.items()]
        lines += [f"cost = {{ {cost} }}"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a TOML string, as long as it holds no DEL and no half of a character: names are printable.
    return json.dumps(text, ensure_ascii=False)
