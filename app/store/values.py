"""Rows of the projections as the plain values that rules judge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.domain.carrier import Carrier, CarrierKind, Document, DocumentState, Label, State
from app.domain.slip import OPEN

OPEN_STATES = "('" + "', '".join(sorted(OPEN)) + "')"
"""The states of an open slip, as SQL's IN takes them."""


def carrier_of(row: dict[str, Any]) -> Carrier:
    """A row of carriers as the value."""
    row["state"], row["kind"], row["label"] = State(row["state"]), CarrierKind(row["kind"]), Label(row["label"])
    row["due"] = day(row["due"])
    row["renewals"] = row["renewals"] or 0
    row["remark_due"] = bool(row["remark_due"])
    row["back"] = json.loads(row["back"]) if row["back"] else None
    return Carrier(**row)


def document_of(row: dict[str, Any]) -> Document:
    """A row of documents as the value."""
    row["state"] = DocumentState(row["state"])
    for name in ("issued", "lifts"):
        row[name] = day(row[name])
    for name in ("caveats", "scope_units", "scope_people", "sources"):
        row[name] = tuple(json.loads(row[name])) if row[name] else ()
    row["received"] = bool(row["received"])
    row["may_copy"] = row["may_copy"] != 0
    row["copies_made"] = row["copies_made"] or 0
    return Document(**row)


def line_of(carrier: int | None, status: str, data: str | None) -> Mapping[str, Any]:
    """A slip's line with its carrier and status."""
    value = json.loads(data) if data else {}
    return {**value, "carrier": carrier, "status": status}


def day(text: str | None) -> date | None:
    """A stored ISO date, or None."""
    return date.fromisoformat(text) if text else None


def moment(text: str | None) -> datetime | None:
    """A stored moment, or None."""
    return datetime.fromisoformat(text) if text else None
