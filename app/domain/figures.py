"""Counts in words: the finance figures of a Chinese voucher (大写) and English number words."""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")

_SMALL = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = ("zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((10**9, "billion"), (10**6, "million"), (10**3, "thousand"))

LARGEST = 10**12 - 1
"""More than any register holds; beyond it the words would need places nobody writes by hand."""


def chinese_figures(count: int) -> str:
    """The count in 大写 as a voucher carries it: 12 is 壹拾贰, 10005 is 壹万零伍."""
    _must_be_countable(count)
    if count == 0:
        return _DIGITS[0]
    written = ""
    gap = False
    for power in range(2, -1, -1):
        group = count // 10 ** (4 * power) % 10_000
        if group == 0:
            gap = bool(written)
            continue
        if written and (gap or group < 1_000):
            written += _DIGITS[0]
        written += _group(group) + _GROUPS[power]
        gap = False
    return written


def _group(group: int) -> str:
    """Four digits with their places, one 零 for each run of zeros between digits."""
    written = ""
    zeros = False
    for power in range(3, -1, -1):
        digit = group // 10**power % 10
        if digit == 0:
            zeros = bool(written)
            continue
        written += (_DIGITS[0] if zeros else "") + _DIGITS[digit] + _PLACES[power]
        zeros = False
    return written


def english_words(count: int) -> str:
    """The count in English words: 12 is twelve, 105 is one hundred and five."""
    _must_be_countable(count)
    if count < 100:
        return _below_hundred(count)
    if count < 1_000:
        hundreds, rest = divmod(count, 100)
        tail = f" and {_below_hundred(rest)}" if rest else ""
        return f"{_SMALL[hundreds]} hundred{tail}"
    for scale, name in _SCALES:
        if count >= scale:
            head, rest = divmod(count, scale)
            joint = " and " if 0 < rest < 100 else " "
            tail = joint + english_words(rest) if rest else ""
            return f"{english_words(head)} {name}{tail}"
    raise AssertionError(count)


def _below_hundred(count: int) -> str:
    if count < 20:
        return _SMALL[count]
    tens, ones = divmod(count, 10)
    return _TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")


def _must_be_countable(count: int) -> None:
    if not 0 <= count <= LARGEST:
        raise ValueError(f"a count lies between 0 and {LARGEST}, not {count}")
