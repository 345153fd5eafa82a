"""The mark of a carrier as the window shows it: the regime's own colour and the words that stand on the paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from app.domain.checks import level_name
from app.domain.mark import Mark, write_mark
from app.domain.period import Period, PeriodKind
from app.domain.regime import Level, Regime
from app.domain.words import Term
from app.i18n import in_words, ngettext
from app.ui.rows import Strip
from app.ui.sources import Choice


class Marked(Protocol):
    """A line of a list that has a mark."""

    @property
    def regime(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def period(self) -> str | None: ...
    @property
    def caveats(self) -> tuple[str, ...]: ...


def regime_of(code: str | None, regimes: Iterable[Regime]) -> Regime | None:
    """The regime of that code, if it is in force here."""
    return next((regime for regime in regimes if regime.code == code), None)


def _with_level(code: str, regimes: Iterable[Regime], regime: str | None) -> Regime | None:
    """The named regime if it has the level, or the first that has it."""
    return next((each for each in regimes if regime in (None, each.code) and each.has_level(code)), None)


def level_of(code: str, regimes: Iterable[Regime], regime: str | None = None) -> Level | None:
    """A level by its code, in the named regime or in the first that has it."""
    known = _with_level(code, regimes, regime)
    return known.level(code).value if known else None


def level_words(code: str, regimes: Iterable[Regime], regime: str | None = None) -> str:
    """What people call the level, in the language of the window."""
    known = _with_level(code, regimes, regime)
    return in_words(level_name(known, code)) if known else code


def mark_words(line: Marked, regimes: Iterable[Regime]) -> str:
    """The mark as it stands on the carrier, e.g. 机密★10年."""
    regime = regime_of(line.regime, regimes)
    if regime is None or not regime.has_level(line.level):
        return line.level
    period = Period.parse(line.period) if line.period else None
    return write_mark(Mark(line.level, period, tuple(line.caveats)), regime)


def strip_of(line: Marked, regimes: Sequence[Regime]) -> Strip:
    """The mark with the level's colour; a register has few marks, and a list of thousands asks for each again."""
    regime = regime_of(line.regime, regimes)
    key = (regime.text if regime else line.regime, line.level, line.period, tuple(line.caveats))
    strip = _STRIPS.get(key)
    if strip is None:
        level = level_of(line.level, regimes, line.regime)
        words = mark_words(line, regimes)
        strip = _strip(level, words)
        if len(_STRIPS) >= MOST_STRIPS:
            _STRIPS.clear()
        _STRIPS[key] = strip
    return strip


_STRIPS: dict[tuple[str, str, str | None, tuple[str, ...]], Strip] = {}
"""By the text of the regime, not its name: another register may have another version of it."""
MOST_STRIPS = 1_000


def level_strip(code: str, regimes: Sequence[Regime], regime: str | None = None) -> Strip:
    """A level alone with its colour, in the regime's own word, as it stands on the paper."""
    level = level_of(code, regimes, regime)
    words = mark_words_of(code, regimes, regime)
    return _strip(level, words)


def mark_words_of(code: str, regimes: Sequence[Regime], regime: str | None = None) -> str:
    """A level's own word, e.g. 机密 or SECRET."""
    known = _with_level(code, regimes, regime)
    return write_mark(Mark(code, None, ()), known) if known else code


def _strip(level: Level | None, words: str) -> Strip:
    """Grey where no regime here knows the level."""
    return Strip(level.colour, words, level.ink) if level else Strip("#5B6673", words)


def level_choices(regimes: Sequence[Regime]) -> list[Choice]:
    """Every level of these regimes, the highest first, each with its regime where there are several."""
    return [
        Choice(
            answer.value.code,
            in_words(level_name(regime, answer.value.code)),
            in_words(Term(regime.name.zh, regime.name.en)) if len(regimes) > 1 else "",
            answer.value.colour,
        )
        for regime in regimes
        for answer in regime.levels()
    ]


def period_words(period: str) -> str:
    """How long something is secret, in words; what no period was is said as it was written."""
    try:
        parsed = Period.parse(period)
    except ValueError:
        return period
    if parsed.kind is PeriodKind.YEARS:
        return ngettext("{n} year", "{n} years", parsed.count).format(n=parsed.count)
    if parsed.kind is PeriodKind.MONTHS:
        return ngettext("{n} month", "{n} months", parsed.count).format(n=parsed.count)
    return str(parsed)
