"""The regimes that ship with the program, and what of them nobody has yet compared with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from app.domain.regime import Regime
from app.domain.regime_rules import Ruling
from app.services.founding import SHIPPED_REGIMES, shipped_regime


@dataclass(frozen=True)
class ShippedRegime:
    """A regime before a register adopts it, with where its unverified rules are written."""

    regime: Regime
    unverified: tuple[str, ...]


def read_shipped() -> list[ShippedRegime]:
    """Every shipped regime, in the order in which set-up offers them."""
    regimes = [shipped_regime(code) for code in SHIPPED_REGIMES]
    return [ShippedRegime(regime, tuple(dict.fromkeys(_unverified(regime.rules)))) for regime in regimes]


def _unverified(node: Any) -> Iterator[str]:
    """Where the rules below a node are written whose wording was not compared."""
    if isinstance(node, Ruling) and not node.verified:
        yield node.source
    if isinstance(node, msgspec.Struct):
        for name in node.__struct_fields__:
            yield from _unverified(getattr(node, name))
    elif isinstance(node, tuple | list):
        for each in node:
            yield from _unverified(each)
