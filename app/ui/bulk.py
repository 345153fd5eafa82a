"""What can be done with several carriers at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.actions import CATALOGUE
from app.domain.action import NEW, Action, Subject
from app.store.reads import CarrierLine

NOT_IN_BULK = frozenset(
    {"correct", "verify_label", "acknowledge_receipt", "unbag", "found", "report_missing", "use_number", "bag_and_seal"}
)
"""Acts that are done one by one, each with its own answers."""


def bulk_acts(lines: Sequence[CarrierLine], duties: frozenset[str]) -> list[type[Action]]:
    """The acts whose arc begins where every chosen line is; those with a key first."""
    states = {line.state for line in lines}
    found = [
        action
        for action in CATALOGUE.values()
        if action.subject is Subject.CARRIER
        and action.offered
        and action.code not in NOT_IN_BULK
        and (not action.duties or duties & set(action.duties))
        and _begins_at(action, states)
    ]
    return sorted(found, key=lambda action: not action.key)


def _begins_at(action: type[Action], states: set[Any]) -> bool:
    if action.move is None:
        return action.code in ("print_labels", "affix_label", "remark")
    start = action.move.start
    return start != NEW and not isinstance(start, str) and states <= start
