"""The mark on a carrier: how a regime writes it, and what it refuses to have marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.period import Period, PeriodKind, months_after
from app.domain.words import N_, Says, says

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from app.domain.regime import Names, Regime


@dataclass(frozen=True, slots=True)
class Objection:
    """Why something may not be so marked or classified, and where that is written."""

    reason: Says
    citation: str = ""
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands on a carrier: level, period as written, caveats, and which copy it is."""

    level: str
    period: Period | None = None
    caveats: tuple[str, ...] = ()
    copy: int | None = None
    copies: int | None = None


def objection_to(level: str, period: Period | None, issued: date | None, regime: Regime) -> Objection | None:
    """Why the regime does not let a secret of the level be kept for the period; None when it does."""
    if period is None:
        return None
    kinds = regime.period_kinds()
    if period.kind not in kinds.value:
        reason = says(
            N_("{regime} knows no period like “{period}”"),
            regime=own_name(regime.name, regime),
            period=_plain(period, regime),
        )
        return Objection(reason, kinds.citation, kinds.verified)
    if period.day and issued and period.day <= issued:
        return Objection(says(N_("a period that ends on {day} ends before it begins"), day=period.day))
    ceiling = regime.ceiling(level)
    if ceiling.value is None or not _outlasts(period, ceiling.value, issued, regime):
        return None
    reason = says(
        N_("{level} is kept for at most {years} years; “{period}” is longer"),
        level=own_name(regime.level(level).value.name, regime),
        years=ceiling.value,
        period=_plain(period, regime),
    )
    return Objection(reason, ceiling.citation, ceiling.verified)


def _outlasts(period: Period, years: int, issued: date | None, regime: Regime) -> bool:
    """Whether it certainly ends after so many years; a condition never certainly does."""
    if period.kind is PeriodKind.PERMANENT:
        return True
    if period.day:
        return issued is not None and period.day > months_after(issued, years * 12)
    named = regime.named_years().value.get(period.kind) or 0
    months = {PeriodKind.YEARS: period.count * 12, PeriodKind.MONTHS: period.count}.get(period.kind, named * 12)
    return months > years * 12


def own_name(names: Names, regime: Regime) -> str:
    """A name in the language in which the regime writes its marks."""
    return names.zh if regime.rules.language == "zh" else names.en


# --- writing -----------------------------------------------------------------------------------------------------

_BRACKETS = re.compile(r"\[(.*)\]")


def write_mark(mark: Mark, regime: Regime) -> str:
    """The mark as it stands on a carrier, e.g. 机密★10年 or SECRET//NOFORN."""
    period = write_period(mark.period, regime) if mark.period else ""
    template = _BRACKETS.sub(r"\1" if period else "", regime.level(mark.level).value.mark)
    return template.replace("{period}", period).replace("{caveats}", _caveat_line(mark.caveats, regime))


def _caveat_line(codes: Iterable[str], regime: Regime) -> str:
    held = set(codes)
    groups: dict[int, list[str]] = {}
    for answer in regime.caveats():
        caveat = answer.value
        if caveat.code in held:
            groups.setdefault(caveat.group, []).append(caveat.code)
    marks = regime.rules.marks
    line = marks.group_joint.join(marks.caveat_joint.join(group) for group in groups.values())
    return f"{marks.caveat_opening}{line}" if line else ""


def write_period(period: Period, regime: Regime) -> str:
    """The period as this regime writes it, e.g. 10年."""
    match period.kind:
        case PeriodKind.DATE:
            return str(period)
        case PeriodKind.CONDITION:
            return period.condition
        case kind:
            return str(getattr(regime.rules.periods.words, kind)[0]).replace("{n}", str(period.count))


def _plain(period: Period, regime: Regime) -> str:
    """A period this regime may have no word for."""
    words = getattr(regime.rules.periods.words, period.kind, None)
    return write_period(period, regime) if words else period.condition or str(period)


def copy_line(copy: int, copies: int | None, regime: Regime) -> str:
    """Which copy it is, as this regime writes it, e.g. Copy 1 of 5 or 000012."""
    template = regime.rules.marks.copy_line
    if copies is None:
        template = re.sub(r"(\{n[^}]*\}).*", r"\1", template)
    return template.format(n=copy, total=copies)
