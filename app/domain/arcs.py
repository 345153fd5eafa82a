"""What a move does to a carrier: its state, its one position, and the way back."""

from __future__ import annotations

from typing import Any

from app.domain.action import BACK, NEW, SAME, Changes, Move
from app.domain.carrier import ENDED, Carrier, State

POSITIONS = ("place", "hands", "container", "way")
"""A held carrier is in exactly one of these."""

ON_THE_WAY_BACK = frozenset(
    {
        State.LOAN,
        State.HANDOVER,
        State.PEND_DEST,
        State.MISSING,
        State.READING,
        State.CIRCUL,
        State.CARRIED,
        State.REPAIR,
        State.IN_TRANSIT,
        State.SEALED,
        State.RECALL,
    }
)
"""States that remember where the carrier came from, so that BACK has an answer."""


def moved(move: Move | None, carrier: Carrier | None, changes: Changes) -> Changes:
    """The carrier's changed fields once the move is made: state, position made unique, the way back kept or used."""
    if carrier is not None and (move is None or move.end == SAME):
        return _differences(carrier, _one_position(carrier, changes))
    if move is None:
        return changes
    if carrier is None or move.start == NEW:
        return {"state": move.end, **changes}
    if move.end == BACK:
        return _differences(carrier, {**_way_back(carrier), **_one_position(carrier, changes)})
    end = State(move.end)
    after: Changes = {"state": end}
    if end in ENDED:
        after |= dict.fromkeys((*POSITIONS, "custodian", "due", "back", "slip"), None)
    elif end in ON_THE_WAY_BACK:
        after["back"] = carrier.position | ({"back": carrier.back} if carrier.back else {})
    elif carrier.back is not None:
        after["back"] = None
    return _differences(carrier, after | _one_position(carrier, changes))


def _way_back(carrier: Carrier) -> Changes:
    came_from: dict[str, Any] = dict(carrier.back or {})
    after: Changes = dict.fromkeys((*POSITIONS, "due", "slip", "back"), None)
    return after | {"state": State.IN_STOCK} | came_from


def _one_position(carrier: Carrier | None, changes: Changes) -> Changes:
    """Where a new position is given, the others are cleared."""
    given = [name for name in POSITIONS if changes.get(name) is not None]
    if not given or carrier is None:
        return changes
    return {name: None for name in POSITIONS if name not in given} | changes


def _differences(carrier: Carrier, after: Changes) -> Changes:
    """Only what really changes: an entry holds no field that stays."""
    return {name: value for name, value in after.items() if not _same(getattr(carrier, name, _ABSENT), value)}


_ABSENT = object()


def _same(before: Any, after: Any) -> bool:
    if before is _ABSENT:
        return False
    plain_before = before.isoformat() if hasattr(before, "isoformat") else before
    plain_after = after.isoformat() if hasattr(after, "isoformat") else after
    return bool(plain_before == plain_after)
