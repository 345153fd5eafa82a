"""What lies beside the ledger and no rule depends on: saved views, column choices, how far the book was proven."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.services.desk import Desk
from app.store import proof
from app.store.reads.ledger import VERIFIED, ledger_head

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
        kept = remembered(connection, VERIFIED) or {}
        seq, seal = int(kept.get("seq", 0)), str(kept.get("seal", ""))
        if ledger_head(connection).seq - seq > MOST_AT_ONCE:
            return None
        found = proof.verify_new(connection, seq, bytes.fromhex(seal)) if seal else proof.verify_chain(connection)
    if found.holds:
        remember_proof(desk, found.seq, found.seal.hex(), desk.now())
    return found


def remember_proof(desk: Desk, seq: int, seal: str, at: datetime) -> None:
    """Remember that the book was proven up to an entry."""
    remember(desk, VERIFIED, {"seq": seq, "seal": seal, "at": at.isoformat(timespec="seconds")})
