"""Entries of the custody ledger: canonical text, seal, chain, fold, anchor. Pure; the store keeps what this seals."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

import msgspec

from app.domain.action import Changes, Ref

GENESIS = bytes(32)
"""The seal before the first entry."""

ANCHOR_PREFIX = "CUSTOS1"
LONGEST_SEQ = 18
"""Digits of a position; SQLite has no larger number than nineteen, and Python takes long over longer ones."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the book as it was sealed; short keys because ten million of them are kept.

    `a` action · `t` entered at · `h` happened at, when said to differ · `p` who · `r` duty acted under · `o` subject ·
    `l` first entry of the same act, when not this one · `s` slip · `q` answers (free text as digest) · `c` changes ·
    `w` other signers [person, role, how, paper] · `k` entry corrected.
    """

    a: str
    t: str
    p: int
    o: str
    r: str = ""
    h: str = ""
    l: int = 0  # noqa: E741 - `l`ead; one letter like the others
    s: int = 0
    q: dict[str, Any] = {}
    c: dict[str, Any] = {}
    w: list[list[Any]] = []
    k: int = 0

    @property
    def subject(self) -> Ref:
        """The subject the entry is about."""
        return Ref.read(self.o)


class Outline(msgspec.Struct, frozen=True):
    """The part of an entry that a proof compares; the rest of the sealed text is skipped unread."""

    a: str
    t: str
    o: str
    s: int = 0
    c: dict[str, Any] = {}


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(Entry).decode
_write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


PART, LARGE = 2_000, 250_000
"""So many changes, and so many bytes, are written or read in one go: until msgspec returns no other thread runs."""
BETWEEN = b',"line.'
"""Where the changes of a large entry part; within a text the quotation mark would have a backslash before it."""


class Unread(Entry, frozen=True):
    """An entry with the text of what it changes, not yet read."""

    c: msgspec.Raw = msgspec.Raw(b"{}")  # type: ignore[assignment] # an entry before its last step


_decode_unread = msgspec.json.Decoder(Unread).decode
_decode_changes = msgspec.json.Decoder(dict[str, Any]).decode


def body_of(entry: Entry) -> bytes:
    """The canonical text that is sealed and stored: sorted keys, no spaces, UTF-8."""
    if len(entry.c) <= PART:
        return _encode(entry)
    names = sorted(entry.c)
    parts = (names[start : start + PART] for start in range(0, len(names), PART))
    written = b",".join(_encode({name: entry.c[name] for name in part})[1:-1] for part in parts)
    changes: Any = msgspec.Raw(b"{" + written + b"}")
    return _encode(msgspec.structs.replace(entry, c=changes))


def entry_of(body: bytes) -> Entry:
    """The entry a stored body holds; raises msgspec.DecodeError when it holds none."""
    if len(body) <= LARGE:
        return _decode(body)
    unread = _decode_unread(body)
    return Entry(**msgspec.structs.asdict(unread) | {"c": _changes_of(bytes(unread.c))})


def _changes_of(text: bytes) -> Changes:
    """What a JSON object holds, read part by part; as a whole where its parts are no objects of their own."""
    found: Changes = {}
    start, end = 1, len(text) - 1
    if not text.startswith(b"{"):
        return _decode_changes(text)
    try:
        while start < end:
            cut = text.find(BETWEEN, start + LARGE, end)
            stop = end if cut < 0 else cut
            found |= _decode_changes(b"{" + text[start:stop] + b"}")
            start = stop + 1
    except msgspec.DecodeError:
        return _decode_changes(text)
    return found


def seal(previous: bytes, body: bytes) -> bytes:
    """SHA-256 over the previous seal and this body, 32 bytes."""
    return hashlib.sha256(previous + body).digest()


def first_broken(rows: Iterable[tuple[int, bytes, bytes]], *, after: int = 0, previous: bytes = GENESIS) -> int | None:
    """The first `seq` whose seal, body or number does not follow, or None; rows are (seq, body, seal) in order."""
    sha256 = hashlib.sha256
    expected = after
    for seq, body, sealed in rows:
        expected += 1
        try:
            if seq != expected or sha256(previous + body).digest() != sealed:
                return expected
        except TypeError:  # text or nothing where bytes were sealed
            return expected
        previous = sealed
    return None


AS_IT_IS = frozenset({str, int, bool, type(None)})
"""Types the ledger writes as they are; asked first, because nearly every value is of one of them."""


def plain(value: Any) -> Any:
    """A value as the ledger writes it: dates as ISO text, enums by value, references as C12, tuples as lists."""
    if type(value) in AS_IT_IS:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Ref):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset | set):
        items = [plain(item) for item in value]
        return sorted(items) if isinstance(value, set | frozenset) else items
    raise TypeError(f"{type(value).__name__} cannot be written in the ledger")


def fold(changes: Iterable[Changes]) -> Changes:
    """A subject's fields after all its entries, oldest first; a part set to None is gone."""
    now: Changes = {}
    for change in changes:
        now.update(change)
    return now


def text_digest(salt: bytes, words: str) -> str:
    """The salted digest that stands in the ledger for a free text: a tilde, then 43 characters of URL-safe base64.

    The tilde tells it from every other answer, so that a proof can ask for the texts that entries name.
    """
    return (
        "~"
        + base64.urlsafe_b64encode(hashlib.sha256(salt + words.encode("utf-8", "surrogatepass")).digest())[:43].decode()
    )


def canonical(value: Any) -> str:
    """JSON text with sorted keys, for comparing a projection with its fold."""
    return _write(value)  # one writer for all: json.dumps makes a new one for each value


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a printed form says about the book behind it: register, position, seal, signed by the register's key."""

    register: str
    seq: int
    seal: bytes
    signature: bytes = b""

    @property
    def signed_text(self) -> bytes:
        """What the register's Ed25519 key signs."""
        return f"{ANCHOR_PREFIX}:{self.register}:{self.seq}:".encode() + self.seal

    @property
    def code(self) -> str:
        """The anchor as a QR code carries it: upper-case base32, so the code stays small and scanners agree."""
        raw = self.seal + self.signature
        return f"{ANCHOR_PREFIX}:{self.register}:{self.seq}:{base64.b32encode(raw).decode().rstrip('=')}"

    @property
    def short(self) -> str:
        """Sixteen characters of the seal in groups of four, for the footer and for reading aloud."""
        text = base64.b32encode(self.seal).decode()[:16]
        return " ".join(text[i : i + 4] for i in range(0, 16, 4))


def read_anchor(text: str) -> Anchor | None:
    """The anchor in a scanned or typed code, in either case; None when it is not one."""
    parts = text.strip().upper().split(":")
    if len(parts) != 4 or parts[0] != ANCHOR_PREFIX or not parts[2].isascii() or not parts[2].isdigit():
        return None
    if len(parts[2]) > LONGEST_SEQ:
        return None
    try:
        raw = base64.b32decode(parts[3] + "=" * (-len(parts[3]) % 8))
    except ValueError:
        return None
    return Anchor(parts[1], int(parts[2]), raw[:32], raw[32:]) if len(raw) in (32, 96) else None


def batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """The items in lists of at most `size`, so that a long list is walked in bounded memory."""
    batch: list[Any] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
