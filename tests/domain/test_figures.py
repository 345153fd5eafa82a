"""Counts in words can be read back, so nobody can sign for another number than the figure says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.figures import LARGEST, chinese_figures, english_words

DIGITS = {char: value for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1_000}
GROUPS = {"万": 10**4, "亿": 10**8}
SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
ENGLISH = {word: value for value, word in enumerate(SMALL.split())} | {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}


def read_chinese(words: str) -> int:
    total = group = digit = 0
    for char in words:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in PLACES:
            group, digit = group + digit * PLACES[char], 0
        else:
            total, group, digit = total + (group + digit) * GROUPS[char], 0, 0
    return total + group + digit


def read_english(words: str) -> int:
    total = group = 0
    for word in words.replace("-", " ").split():
        if word == "hundred":
            group *= 100
        elif word in ("thousand", "million", "billion"):
            total += group * {"thousand": 10**3, "million": 10**6, "billion": 10**9}[word]
            group = 0
        elif word != "and":
            group += ENGLISH[word]
    return total + group


@pytest.mark.parametrize(
    ("count", "chinese", "english"),
    [
        (0, "零", "zero"),
        (3, "叁", "three"),
        (10, "壹拾", "ten"),
        (12, "壹拾贰", "twelve"),
        (105, "壹佰零伍", "one hundred and five"),
        (1_010, "壹仟零壹拾", "one thousand and ten"),
        (10_005, "壹万零伍", "ten thousand and five"),
        (100_000, "壹拾万", "one hundred thousand"),
        (100_500, "壹拾万零伍佰", "one hundred thousand five hundred"),
        (100_000_001, "壹亿零壹", "one hundred million and one"),
        (186, "壹佰捌拾陆", "one hundred and eighty-six"),
    ],
)
def test_counts_as_a_voucher_writes_them(count: int, chinese: str, english: str) -> None:
    assert chinese_figures(count) == chinese
    assert english_words(count) == english


@given(st.one_of(st.integers(0, LARGEST), st.integers(0, 20_000)))
def test_words_read_back_to_the_count(count: int) -> None:
    assert read_chinese(chinese_figures(count)) == count
    assert read_english(english_words(count)) == count


@given(st.integers(0, LARGEST))
def test_zeros_are_written_once(count: int) -> None:
    words = chinese_figures(count)
    assert "零零" not in words
    assert count == 0 or not (words.startswith("零") or words.endswith("零"))


@pytest.mark.parametrize("count", [-1, LARGEST + 1])
def test_what_no_register_holds_is_refused(count: int) -> None:
    for words in (chinese_figures, english_words):
        with pytest.raises(ValueError, match="between 0"):
            words(count)
