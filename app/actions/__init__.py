"""What can be done: every action of the chapters, by code."""

from collections.abc import Mapping
from types import MappingProxyType

from app.actions import (
    accounts,
    classifying,
    copying,
    corrections,
    custody,
    deciding,
    destroying,
    destruction,
    differences,
    dispatch,
    disposition,
    drafting,
    handover,
    imports,
    incident,
    intake,
    keeping,
    labels,
    making,
    marking,
    office,
    papers,
    receipts,
    receiving,
    reconciling,
    recovery,
    taking_over,
    voiding,
    vouchers,
)
from app.domain.action import Action

CHAPTERS = (
    classifying,
    drafting,
    labels,
    making,
    voiding,
    intake,
    receiving,
    reconciling,
    copying,
    custody,
    handover,
    taking_over,
    vouchers,
    deciding,
    office,
    keeping,
    accounts,
    recovery,
    imports,
    dispatch,
    receipts,
    disposition,
    destruction,
    destroying,
    marking,
    corrections,
    differences,
    incident,
    papers,
)

CATALOGUE: Mapping[str, type[Action]] = MappingProxyType(
    {action.code: action for chapter in CHAPTERS for action in chapter.ACTIONS}
)
