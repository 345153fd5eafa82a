"""The filter of a list as it is kept in a saved view or handed to a child process, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from app.store.reads import CarrierFilter


def filter_plain(filters: CarrierFilter) -> dict[str, Any]:
    """Only what narrows, dates as text."""
    plain = {name: value for name, value in asdict(filters).items() if name in filters.narrows}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in plain.items()}


def filter_from(kept: Mapping[str, Any]) -> CarrierFilter:
    """A filter that was kept; what this version does not know falls away."""
    known = {name: value for name, value in kept.items() if name in CarrierFilter.__dataclass_fields__}
    if isinstance(known.get("due_before"), str):
        known["due_before"] = date.fromisoformat(known["due_before"])
    if isinstance(known.get("states"), list):
        known["states"] = tuple(known["states"])
    return CarrierFilter(**known)
