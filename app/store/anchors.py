"""Anchors on paper: signed with the register's key when a form is printed, compared with the book when scanned."""

from __future__ import annotations

from itertools import takewhile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection

from app.domain.anchoring import AnchorVerdict, BookBehind, judged
from app.domain.ledger import GENESIS, Anchor, first_broken, read_anchor
from app.store.posting import head
from app.store.proof import rows_after
from app.store.schema import SIGNING_KEY


def register_name(connection: Connection) -> str:
    """How anchors name this register: its number in codes."""
    number = connection.exec_driver_sql("SELECT number FROM register WHERE id = 1").scalar()
    return f"{number:03d}" if isinstance(number, int) else ""  # whoever edits the file may leave none


def anchor_now(connection: Connection) -> Anchor:
    """The head of the book as this view of it has it, signed."""
    end = head(connection)
    unsigned = Anchor(register_name(connection), end.seq, end.seal)
    stored = connection.exec_driver_sql("SELECT value FROM secrets WHERE name = ?", (SIGNING_KEY,)).scalar_one()
    key = Ed25519PrivateKey.from_private_bytes(bytes(stored))
    return Anchor(unsigned.register, unsigned.seq, unsigned.seal, key.sign(unsigned.signed_text))


def verify_anchor(connection: Connection, text: str, *, whole: bool = False) -> AnchorVerdict:
    """Compare a scanned or typed anchor with the book; `whole` recomputes every seal and names the wrong entry."""
    anchor = read_anchor(text)
    if anchor is None:
        return judged(None, None)
    book = BookBehind(
        register=register_name(connection),
        signed=_is_signed(connection, anchor),
        last=head(connection).seq,
        seal=_seal_at(connection, anchor.seq),
        broken=_first_broken(connection, anchor.seq) if whole else None,
        whole=whole,
    )
    return judged(anchor, book)


def _is_signed(connection: Connection, anchor: Anchor) -> bool:
    public = connection.exec_driver_sql("SELECT public_key FROM register WHERE id = 1").scalar()
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(str(public))).verify(anchor.signature, anchor.signed_text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _seal_at(connection: Connection, seq: int) -> bytes | None:
    if seq == 0:
        return GENESIS
    found = connection.exec_driver_sql("SELECT seal FROM ledger WHERE seq = ?", (seq,)).scalar()
    return _as_stored(found) if found is not None else None


def _first_broken(connection: Connection, last: int) -> int | None:
    """The first entry up to there whose seal, body or number does not follow."""
    rows = ((seq, _as_stored(body), _as_stored(sealed)) for seq, body, sealed in rows_after(connection, 0))
    return first_broken(takewhile(lambda row: row[0] <= last, rows))


def _as_stored(value: bytes | str) -> bytes:
    """The bytes of a column; whoever changes it by hand may leave text there."""
    return value.encode() if isinstance(value, str) else value
