"""Half-done work of one account, kept outside the ledger until it becomes an act or is given up."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from app.services.desk import Desk


def keep_draft(desk: Desk, account: int, name: str, value: Mapping[str, Any]) -> None:
    """Keep it in place of what was kept under that name; nothing is nothing to keep."""
    with desk.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM drafts WHERE account = ? AND name = ?", (account, name))
        if value:
            connection.exec_driver_sql(
                "INSERT INTO drafts (account, name, value) VALUES (?, ?, ?)",
                (account, name, json.dumps(dict(value), ensure_ascii=False)),
            )


def kept_draft(connection: Connection, account: int, name: str) -> Mapping[str, Any]:
    """What was kept; empty when nothing was."""
    words = connection.exec_driver_sql(
        "SELECT value FROM drafts WHERE account = ? AND name = ?", (account, name)
    ).scalar()
    found: Mapping[str, Any] = json.loads(words) if words else {}
    return found
