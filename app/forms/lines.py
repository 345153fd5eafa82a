"""The lines a form keeps: plain frozen values that survive as JSON, so that a reprint shows what was signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierLine:
    """One carrier on a list. `title` is whatever the list may show: the short title on paper that leaves."""

    number: str
    title: str = ""
    reference: str = ""
    copy: str = ""
    level: str = ""
    rank: int = 0
    period: str = ""
    kind: str = "paper"
    pages: int | None = None
    capacity: str = ""
    copies: int = 1
    originator: str = ""
    date: str = ""
    keeper: str = ""
    place: str = ""
    state: str = ""
    slip: str = ""
    due: str = ""
    counted: bool | None = None
    remark: str = ""

    @property
    def size(self) -> str:
        """Pages of paper, capacity of a medium."""
        return self.capacity or number(self.pages)


class Counted(Protocol):
    """What totals are made of: so many copies of so many pages, of a kind that has pages or not."""

    @property
    def kind(self) -> str: ...
    @property
    def pages(self) -> int | None: ...
    @property
    def copies(self) -> int: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """A box to sign: the role and who is expected; `signed` says when it was signed at the desk with a password."""

    role: str
    name: str = ""
    opinion: str = ""
    signed: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """What does not agree with the list, and how it is explained."""

    kind: str
    number: str
    found: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of the totals."""

    name: str
    items: int
    pages: int
    paged: int = 0
    """Items whose pages are on record."""
    unpaged: int = 0
    """Items on paper whose pages nobody wrote down; a medium has none to count."""


def number(count: int | None) -> str:
    """A count that may be unknown."""
    return "" if count is None else str(count)


def tick(counted: bool | None) -> str:  # noqa: FBT001 - a tick has three states and one meaning
    """A tick, a cross, or an empty box to tick by hand."""
    return {True: "✓", False: "×", None: "□"}[counted]


def sums_by_level(lines: Sequence[CarrierLine]) -> list[Sum]:
    """Items and pages per level, the highest level first."""
    ranked = sorted({(-line.rank, line.level) for line in lines if line.level})
    return [_sum(level, [line for line in lines if line.level == level]) for _, level in ranked]


def sums_by_kind(lines: Sequence[CarrierLine]) -> list[Sum]:
    """Items and pages per kind of carrier."""
    kinds = sorted(
        {line.kind for line in lines}, key=lambda kind: (_KINDS.index(kind) if kind in _KINDS else len(_KINDS), kind)
    )
    return [_sum(kind, [line for line in lines if line.kind == kind]) for kind in kinds]


def sum_of(lines: Sequence[Counted]) -> Sum:
    """Items and pages of all lines."""
    return _sum("total", lines)


_PAGED = ("paper", "notebook")
_KINDS = ("paper", "magnetic", "optical", "flash", "film", "equipment", "notebook")


def _sum(name: str, lines: Sequence[Counted]) -> Sum:
    counted = [line for line in lines if line.pages is not None]
    unknown = [line for line in lines if line.pages is None and line.kind in _PAGED]
    return Sum(
        name,
        sum(line.copies for line in lines),
        sum((line.pages or 0) * line.copies for line in counted),
        sum(line.copies for line in counted),
        sum(line.copies for line in unknown),
    )
