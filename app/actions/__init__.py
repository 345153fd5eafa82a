"""What can be done: every action of the chapters, by code."""

from collections.abc import Mapping
from types import MappingProxyType

from app.actions import custody, handover, imports, office, vouchers
from app.domain.action import Action

CHAPTERS = (custody, handover, vouchers, office, imports)

CATALOGUE: Mapping[str, type[Action]] = MappingProxyType(
    {action.code: action for chapter in CHAPTERS for action in chapter.ACTIONS}
)
