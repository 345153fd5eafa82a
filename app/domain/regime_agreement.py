"""What the parts of a regime's file must agree on: no year that starts on no day, no mark that names two levels."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from app.domain.period import Period, PeriodKind
from app.domain.regime_rules import Demand, Rules
from app.domain.words import N_, Says, says

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    Finding = tuple[str, Says]

_COPY_PLACE = re.compile(r"\{(n|total)(:0?[1-9][0-9]?)?\}")
_COMMON_YEAR = 2025


def disagreements(rules: Rules) -> Iterator[Finding]:
    """Where in the file, and what was expected there."""
    yield from unique("persons", "code", [category.code for category in rules.persons])
    yield from unique("keeping.grades", "grade", [grade.grade for grade in rules.keeping.grades])
    yield from _marks(rules)
    yield from _caveats(rules)
    yield from _periods(rules)
    for index, category in enumerate(rules.persons):
        if list(category.release_months) != sorted(category.release_months):
            yield f"persons[{index}].release_months", says(N_("expected the least, the usual and the most, in order"))
    if not _every_year(rules.numbering.year_starts.value):
        yield "numbering.year_starts.value", says(N_("expected a month and a day that every year has, as in 01-01"))


def unique(table: str, key: str, values: Sequence[Hashable]) -> Iterator[Finding]:
    """No value may stand twice in that column of the table."""
    for index, value in enumerate(values):
        if value in values[:index]:
            yield f"{table}[{index}].{key}", says(N_("expected each only once; {value} stands twice"), value=str(value))


def _every_year(month_day: str) -> bool:
    try:
        return bool(date.fromisoformat(f"{_COMMON_YEAR}-{month_day}"))
    except ValueError:
        return False


def _marks(rules: Rules) -> Iterator[Finding]:
    known: dict[str, str] = {}
    for index, level in enumerate(rules.levels):
        ways = [("mark", level.mark), *((f"also_marked[{at}]", way) for at, way in enumerate(level.also_marked))]
        for name, way in ways:
            if way.find("]") < way.find("["):
                yield f"levels[{index}].{name}", says(N_("expected the bracket [ before its partner ]"))
            if known.setdefault(way.casefold(), level.code) != level.code:
                yield f"levels[{index}].{name}", _for_two(way, known[way.casefold()])
    places = _COPY_PLACE.sub("", rules.marks.copy_line)
    if "{" in places or "}" in places:
        yield "marks.copy_line", says(N_("expected {{n}} or, with a width, {{n:06}}"))


def _caveats(rules: Rules) -> Iterator[Finding]:
    known: dict[str, str] = {}
    for index, caveat in enumerate(rules.caveats):
        for word in {caveat.code, caveat.name.zh, caveat.name.en, *caveat.also_marked}:
            if known.setdefault(word.casefold(), caveat.code) != caveat.code:
                yield f"caveats[{index}]", _for_two(word, known[word.casefold()])
        if (Demand.ORIGINATOR_CONSENT in caveat.demands) != bool(caveat.consent_for):
            yield (
                f"caveats[{index}].consent_for",
                says(N_("expected the acts that need the originator's consent, and only where that is demanded")),
            )


def _for_two(word: str, other: str) -> Says:
    return says(N_("expected each only once; {value} stands for {other} too"), value=word, other=other)


def _periods(rules: Rules) -> Iterator[Finding]:
    periods = rules.periods
    if not periods.kinds.value:
        yield "periods.kinds.value", says(N_("expected at least one kind of period"))
    yield from _among("periods.only_with_basis", periods.only_with_basis.value, periods.kinds.value)
    ceilings = {level: row.value for row in periods.ceiling_years for level in row.levels}
    for index, row in enumerate(periods.default):
        for level in row.levels:
            ceiling = ceilings.get(level)
            if row.value != "none" and isinstance(ceiling, int) and _years(row.value) > ceiling:
                yield (
                    f"periods.default[{index}].value",
                    says(N_("expected at most {years} years, the ceiling of {level}"), years=ceiling, level=level),
                )


def _among(path: str, kinds: Iterable[PeriodKind], known: Sequence[PeriodKind]) -> Iterator[Finding]:
    for index, kind in enumerate(kinds):
        if kind not in known:
            yield (
                f"{path}.value[{index}]",
                says(N_("expected a period of a kind that periods.kinds names; found {found}"), found=kind.value),
            )


def _years(stored: str) -> float:
    """How many years a default certainly lasts; a word or a condition lasts none that is known here."""
    try:
        period = Period.parse(stored)
    except ValueError:
        return 0
    if period.kind is PeriodKind.PERMANENT:
        return float("inf")
    return {PeriodKind.YEARS: period.count, PeriodKind.MONTHS: period.count / 12}.get(period.kind, 0)
