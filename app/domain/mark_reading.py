"""Marks as they are found on carriers and in registers written by hand or by older programs."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.domain.mark import Mark, Objection, objection_to, own_name
from app.domain.period import WORDED, Period, PeriodKind
from app.domain.words import N_, says

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.domain.regime import Regime

_HALF_WIDTH: Final[dict[int, int]] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
"""One sign for one, so that a place in the translated text is the same place in the text as it was written."""
_NUMERALS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_NUMBER: Final = rf"[0-9]+|[{''.join(_NUMERALS)}十]+"
_ANY_NUMERAL: Final = f"0-9{''.join(_NUMERALS)}十百千廿卅半数壹贰叁肆伍陆柒捌玖拾佰"
"""What a number is made of, also in figures that are not read here."""
_AROUND_NUMBERS: Final = "个個又余整至到前止内以日号"
_DAY = re.compile(r"(?P<y>[0-9]{4})\s*[-./年]\s*(?P<m>[0-9]{1,2})\s*[-./月]\s*(?P<d>[0-9]{1,2})\s*日?|[0-9]{8}")


def read_mark(text: str, regime: Regime) -> Mark | Objection:
    """The mark that the text is under this regime, in half or full width; otherwise why it is none."""
    marks = regime.rules.marks
    if sign := next((sign for sign in marks.forbidden if sign in text), None):
        reason = says(
            N_("“{text}” bears {sign}, the sign of state secrets, which may not stand on a carrier under {regime}"),
            text=text,
            sign=sign,
            regime=own_name(regime.name, regime),
        )
        return Objection(reason, marks.source, marks.verified)
    head, copy, copies = _without_copy_line(text.strip(), regime)
    if copy is not None and not 1 <= copy <= (copies or copy):
        return Objection(says(N_("“{text}”: there is no copy {copy} of {copies}"), text=text, copy=copy, copies=copies))
    refused: Objection | None = None
    for level, way in _ways(regime):
        found = _pattern(way, _signs(regime), marks.caveat_opening).fullmatch(head.translate(_HALF_WIDTH))
        if found:
            parts = {name: head[slice(*found.span(name))].strip() for name, part in found.groupdict().items() if part}
            mark = _mark(level, parts, (copy, copies), regime)
            if _bears_a_sign(way, _signs(regime)):
                return mark
            if isinstance(mark, Objection):
                refused = refused or mark  # another way may read what stands in brackets
            elif not _rests_on_a_condition(mark):
                return mark
    return refused or Objection(
        says(
            N_("“{text}” is no mark of {regime}; its levels are {levels}"),
            text=text,
            regime=own_name(regime.name, regime),
            levels=", ".join(own_name(answer.value.name, regime) for answer in regime.levels()),
        )
    )


def read_period(text: str, regime: Regime) -> Period | Objection:
    """The period that the text is under this regime, a condition when it is nothing else."""
    plain = text.translate(_HALF_WIDTH).strip()
    if day := _DAY.fullmatch(plain):
        year, month, number = (day["y"], day["m"], day["d"]) if day["y"] else (plain[:4], plain[4:6], plain[6:])
        read = _stored(f"{year}-{int(month):02d}-{int(number):02d}")
    elif (worded := _worded(plain, regime)) is not None:
        read = _stored(worded)
    elif _is_meant_as_a_number(plain, regime):
        read = None
    else:
        read = Period.when(text) if any(sign.isalpha() for sign in text) else None
    return read or Objection(says(N_("“{text}” is no period and no day of the calendar"), text=text))


def _stored(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except ValueError:
        return None


def _worded(plain: str, regime: Regime) -> str | None:
    """The stored text of a period in the regime's own words."""
    words = regime.rules.periods.words
    for kind in WORDED:
        if any(plain.casefold() == word.casefold() for word in getattr(words, kind)):
            return kind
    for kind, unit in ((PeriodKind.YEARS, "y"), (PeriodKind.MONTHS, "m")):
        for word in getattr(words, kind):
            if found := _counted(word).fullmatch(plain):
                return f"{_number(found[1])}{unit}"
    return None


def _is_meant_as_a_number(plain: str, regime: Regime) -> bool:
    """Whether it says years or months in no way that is read: taken for a condition it would escape the ceiling."""
    words = regime.rules.periods.words
    return _miscounted((*words.years, *words.months)).fullmatch(plain) is not None


@lru_cache(maxsize=16)
def _miscounted(words: tuple[str, ...]) -> re.Pattern[str]:
    units = "|".join(re.escape(part.strip()) for word in words for part in word.split("{n}") if part.strip())
    filling = rf"(?:[{_ANY_NUMERAL}{_AROUND_NUMBERS}]|\W|{units})*"
    return re.compile(rf"{filling}[{_ANY_NUMERAL}]{filling}(?:{units}){filling}", re.IGNORECASE)


@lru_cache(maxsize=64)
def _counted(word: str) -> re.Pattern[str]:
    before, after = (re.escape(part.strip()) for part in word.split("{n}"))
    return re.compile(rf"{before}\s*({_NUMBER})\s*{after}", re.IGNORECASE)


def _number(text: str) -> int:
    """A number in digits or in Chinese numerals below a hundred."""
    if text.isascii():
        return int(text)
    tens, ten, ones = text.partition("十")
    if ten:
        return _figures(tens or "一") * 10 + _figures(ones)
    return _figures(text)


def _figures(text: str) -> int:
    return int("".join(str(_NUMERALS.get(sign, "")) for sign in text) or 0)


def _mark(level: str, parts: dict[str, str], which: tuple[int | None, int | None], regime: Regime) -> Mark | Objection:
    period = read_period(parts["period"], regime) if "period" in parts else None
    if isinstance(period, Objection):
        return period
    if objection := objection_to(level, period, None, regime):
        return objection
    caveats: set[str] = set()
    for word in filter(None, map(str.strip, re.split(r"[/／,，;；]+", parts.get("caveats", "")))):
        code = _caveat(word, regime)
        if code is None:
            return Objection(
                says(N_("“{word}” is no caveat of {regime}"), word=word, regime=own_name(regime.name, regime))
            )
        caveats.add(code)
    return Mark(level, period, tuple(sorted(caveats)), *which)


def _caveat(word: str, regime: Regime) -> str | None:
    plain = word.translate(_HALF_WIDTH).casefold()
    for caveat in regime.rules.caveats:
        ways = (caveat.code, caveat.name.zh, caveat.name.en, *caveat.also_marked)
        if plain in {way.casefold() for way in ways}:
            return caveat.code
    return None


# --- patterns made of the regime's templates ---------------------------------------------------------------------


def _ways(regime: Regime) -> Iterator[tuple[str, str]]:
    """Levels with the templates of their marks: first those that are written, then those that are only read."""
    levels = [answer.value for answer in regime.levels()]
    yield from ((level.code, level.mark) for level in levels)
    yield from ((level.code, way) for level in levels for way in level.also_marked)


def _signs(regime: Regime) -> tuple[tuple[str, str], ...]:
    return tuple((sign.sign, "".join(sign.found)) for sign in regime.rules.marks.written_as)


def _bears_a_sign(template: str, signs: tuple[tuple[str, str], ...]) -> bool:
    return any(f"[{sign}{{period}}]" in template for sign, _ in signs)


def _rests_on_a_condition(mark: Mark) -> bool:
    """Whether it is a level's name with any words behind it, as in a title: without a sign that is no mark."""
    return mark.period is not None and mark.period.kind is PeriodKind.CONDITION


@lru_cache(maxsize=256)
def _pattern(template: str, signs: tuple[tuple[str, str], ...], opening: str) -> re.Pattern[str]:
    found = dict(signs)
    pattern = ""
    for piece in re.split(r"(\{period\}|\{caveats\}|[\[\]])", template):
        match piece:
            case "[":
                pattern += "(?:"
            case "]":
                pattern += ")?"
            case "{period}":
                pattern += "(?P<period>.*)"
            case "{caveats}":
                pattern += rf"(?:\s*{re.escape(opening)}\s*(?P<caveats>.+))?"
            case _:
                pattern += "".join(_literal(sign, found) for sign in piece)
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


def _literal(sign: str, found: dict[str, str]) -> str:
    if sign.isspace():
        return r"\s*"
    if sign in found:
        return rf"\s*[{re.escape(sign + found[sign])}]\s*"
    return re.escape(sign) if sign.isascii() else rf"{re.escape(sign)}\s*"  # 机  密, spread to fill a column


def _without_copy_line(text: str, regime: Regime) -> tuple[str, int | None, int | None]:
    """The mark without the number of the copy behind it, and that number."""
    found = _copy_pattern(regime.rules.marks.copy_line).fullmatch(text.translate(_HALF_WIDTH))
    if found is None:
        return text, None, None
    named = found.groupdict()
    return text[: found.end("mark")], int(named["n"]), int(named["total"]) if named.get("total") else None


@lru_cache(maxsize=16)
def _copy_pattern(template: str) -> re.Pattern[str]:
    pattern = ""
    for index, piece in enumerate(re.split(r"\{([^}]*)\}", template)):
        if index % 2 == 0:
            pattern += re.sub(r"(\\ )+", r"\\s+", re.escape(piece))
        else:
            name, _, width = piece.partition(":")
            pattern += rf"(?P<{name}>[0-9]{{{int(width)}}})" if width else rf"(?P<{name}>[0-9]+)"
    return re.compile(rf"(?P<mark>.*?\S)[\s,;/]+{pattern}", re.IGNORECASE | re.DOTALL)
