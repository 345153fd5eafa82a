"""The regimes that ship with the program, and what of them nobody has yet compared with its source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from app.domain.regime import Regime
from app.domain.regime_rules import Ruling
from app.services.founding import SHIPPED_REGIMES, shipped_regime


@dataclass(frozen=True)
class ShippedRegime:
    """A regime before a register adopts it: how many rules it has, and what of them nobody verified."""

    regime: Regime
    rules: int
    unverified: Mapping[str, int]
    """Where such rules are written → how many."""

    @property
    def unverified_rules(self) -> int:
        """How many rules nobody verified."""
        return sum(self.unverified.values())


def read_shipped() -> list[ShippedRegime]:
    """Every shipped regime, in the order in which set-up offers them."""
    return [_shipped(shipped_regime(code)) for code in SHIPPED_REGIMES]


def _shipped(regime: Regime) -> ShippedRegime:
    rulings = list(_rulings(regime.rules))
    return ShippedRegime(regime, len(rulings), Counter(each.source for each in rulings if not each.verified))


def _rulings(node: Any) -> Iterator[Ruling]:
    """Every rule below a node."""
    if isinstance(node, Ruling):
        yield node
    if isinstance(node, msgspec.Struct):
        for name in node.__struct_fields__:
            yield from _rulings(getattr(node, name))
    elif isinstance(node, tuple | list):
        for each in node:
            yield from _rulings(each)
