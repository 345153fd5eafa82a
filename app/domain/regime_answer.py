"""What a regime answers with: the value, where it is written, and whether somebody verified it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.domain.regime_rules import ByLevel, NoneOr, Rule, Ruling

T = TypeVar("T")
V = TypeVar("V")


class UnknownCodeError(LookupError):
    """A code that this regime does not have: a fault of whoever stored it, not of the clerk."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What the regime says, where that is written, and whether somebody verified it there."""

    value: T
    citation: str
    verified: bool

    if not TYPE_CHECKING:  # unseen by mypy, which then finds `if regime.permits(…)` by itself

        def __bool__(self) -> bool:
            """Refuse to be a truth value: `if regime.permits(…)` would always let pass."""
            raise TypeError("ask for .value")

    def with_value(self, value: V) -> Answer[V]:
        """Another value that follows from the same rule."""
        return Answer(value, self.citation, self.verified)


def ruled(ruling: Ruling, value: T) -> Answer[T]:
    """A value that follows from a ruling."""
    return Answer(value, ruling.source, ruling.verified)


def of_rule(rule: Rule[T]) -> Answer[T]:
    """The value of a rule for the whole regime."""
    return Answer(rule.value, rule.source, rule.verified)


def at_level(rows: ByLevel[T], level: str) -> Answer[T]:
    """The value of a rule at a level."""
    for row in rows:
        if level in row.levels:
            return of_rule(row)
    raise UnknownCodeError(level)


def limit_at(rows: ByLevel[NoneOr[int]], level: str) -> Answer[int | None]:
    """A limit at a level; None where the regime sets none."""
    found = at_level(rows, level)
    return found.with_value(found.value if isinstance(found.value, int) else None)


def limit_of(rule: Rule[NoneOr[int]]) -> Answer[int | None]:
    """A limit of the whole regime; None where it sets none."""
    return of_rule(rule).with_value(rule.value if isinstance(rule.value, int) else None)


class Coded(Protocol):
    """A row of the file that has a code."""

    @property
    def code(self) -> str: ...


C = TypeVar("C", bound=Coded)


def by_code(rows: Iterable[C], code: str) -> C:
    """The row of that code."""
    for row in rows:
        if row.code == code:
            return row
    raise UnknownCodeError(code)
