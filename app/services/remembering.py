"""What lies beside the ledger and no rule depends on: saved views, column choices, how far the book was proven."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.ledger import GENESIS
from app.services.desk import Desk
from app.store import posting, proof
from app.store.reads.ledger import VERIFIED

MOST_AT_ONCE = 20_000
"""Entries checked beside the window; more are proven in a process of their own."""


def remember(desk: Desk, name: str, value: Any) -> None:
    """Keep a setting in the register's file."""
    with desk.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, json.dumps(value, ensure_ascii=False)),
        )


def remembered(connection: Connection, name: str) -> Any:
    """A setting as it was kept; None before it was."""
    kept = connection.exec_driver_sql("SELECT value FROM settings WHERE name = ?", (name,)).scalar()
    return json.loads(kept) if kept is not None else None


def verify_what_is_new(desk: Desk) -> proof.Proof | None:
    """Prove the entries since the last proof and remember how far; None when there are too many to do it here."""
    with desk.database.reading() as connection:
        seq, seal = _proven_up_to(connection)
        if posting.head(connection).seq - seq > MOST_AT_ONCE:
            return None
        found = proof.verify_new(connection, seq, seal) if seq else proof.verify_quickly(connection)
    if found.holds:
        remember_proof(desk, found.seq, found.seal.hex(), desk.now())
    return found


def _proven_up_to(connection: Connection) -> tuple[int, bytes]:
    """The entry up to which the book was proven last, and its seal; the beginning where nobody can say."""
    try:
        kept = remembered(connection, VERIFIED)
        return int(kept["seq"]), bytes.fromhex(kept["seal"])
    except (ValueError, TypeError, KeyError):  # before the first proof, or written by somebody else
        return 0, GENESIS


def remember_proof(desk: Desk, seq: int, seal: str, at: datetime) -> None:
    """Remember that the book was proven up to an entry."""
    remember(desk, VERIFIED, {"seq": seq, "seal": seal, "at": at.isoformat(timespec="seconds")})
