"""What can be done: every action of the chapters, by code."""

from collections.abc import Mapping
from types import MappingProxyType

from app.actions import (
    corrections,
    custody,
    destroying,
    destruction,
    dispatch,
    disposition,
    handover,
    imports,
    incident,
    marking,
    office,
    receipts,
    vouchers,
)
from app.domain.action import Action

CHAPTERS = (
    custody,
    handover,
    vouchers,
    office,
    imports,
    dispatch,
    receipts,
    disposition,
    destruction,
    destroying,
    marking,
    corrections,
    incident,
)

CATALOGUE: Mapping[str, type[Action]] = MappingProxyType(
    {action.code: action for chapter in CHAPTERS for action in chapter.ACTIONS}
)
