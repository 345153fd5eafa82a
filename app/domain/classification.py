"""What a secret is classified as, and what follows for its end and for things derived from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.domain.mark import Mark, Objection, copy_line, objection_to, write_mark, write_period
from app.domain.mark_reading import read_mark, read_period
from app.domain.period import DatedPeriod, Period, PeriodKind, ends_after, latest, lift_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.regime import Regime

__all__ = [
    "Classification",
    "DatedPeriod",
    "Mark",
    "Objection",
    "Period",
    "PeriodKind",
    "as_received",
    "copy_line",
    "derive",
    "ends_after",
    "lifts",
    "objection_to",
    "read_mark",
    "read_period",
    "write_mark",
    "write_period",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Classification:
    """Level, period and caveats of a document; the period counts from the marked issue date."""

    level: str
    period: Period | None = None
    issued: date | None = None
    caveats: tuple[str, ...] = ()

    @property
    def mark(self) -> Mark:
        """What its carriers bear."""
        return Mark(self.level, self.period, self.caveats)


# --- what follows from a classification --------------------------------------------------------------------------


def lifts(classification: Classification, regime: Regime) -> date | None:
    """The first day on which it is a secret no more; None when that is not known beforehand."""
    return lift_date(classification.period, counted_from(classification.issued, regime), regime.named_years().value)


def counted_from(issued: date | None, regime: Regime) -> date | None:
    """The day a period counts from; a written notice comes after the issue, and its day is not known here."""
    return issued if regime.period_start().value == "issue_date" else None


def as_received(mark: Mark, issued: date | None, regime: Regime) -> Classification:
    """The classification of an item that came so marked; a missing period is the one the regime then takes."""
    period = mark.period or regime.period_if_missing(mark.level).value
    return Classification(mark.level, period, issued, mark.caveats)


def derive(sources: Sequence[Classification], regime: Regime, issued: date | None) -> Classification:
    """The classification of what repeats, extracts or compiles the sources: highest level, longest period, all caveats.

    `issued` is the new item's date. A source whose own date is not known counts from it, which can only be too long.
    The day on which the last source ends becomes the new period, because the same number of years would start afresh.
    """
    level = regime.highest(source.level for source in sources)
    named = regime.named_years().value
    terms = [
        DatedPeriod(
            source.period or regime.period_if_missing(source.level).value,
            counted_from(source.issued or issued, regime),
        )
        for source in sources
    ]
    last = latest(terms, named)
    caveats = tuple(sorted({caveat for source in sources for caveat in source.caveats}))
    day = lift_date(last.period, last.start, named)
    if day is not None and PeriodKind.DATE in regime.period_kinds().value:
        return Classification(level, Period.until(day), issued, caveats)
    return Classification(level, last.period, last.start or issued, caveats)
