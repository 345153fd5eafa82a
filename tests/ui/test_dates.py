"""A clerk types dates the short way."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ui.dates import read_date

TODAY = date(2026, 5, 19)  # a Tuesday


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("5.31", date(2026, 5, 31)),
        ("5/31", date(2026, 5, 31)),
        ("5月31日", date(2026, 5, 31)),
        ("2026-05-31", date(2026, 5, 31)),
        ("2026.5.31", date(2026, 5, 31)),
        ("20260531", date(2026, 5, 31)),
        ("2026年5月31日", date(2026, 5, 31)),
        ("31 May", date(2026, 5, 31)),
        ("31 may 2027", date(2027, 5, 31)),
        ("+7", date(2026, 5, 26)),
        ("+2w", date(2026, 6, 2)),
        ("+1m", date(2026, 6, 19)),
        ("-1", date(2026, 5, 18)),
        ("+1年", date(2027, 5, 19)),
        ("fri", date(2026, 5, 22)),
        ("Friday", date(2026, 5, 22)),
        ("tue", date(2026, 5, 26)),
        ("周五", date(2026, 5, 22)),
        ("下周五", date(2026, 5, 29)),
        ("下星期一", date(2026, 5, 25)),
        ("下个礼拜天", date(2026, 5, 31)),
        ("本周五", date(2026, 5, 22)),
        ("这周二", TODAY),
        ("5月31号", date(2026, 5, 31)),
        ("10天后", date(2026, 5, 29)),
        ("３个月后", date(2026, 8, 19)),
        ("大后天", date(2026, 5, 22)),
        ("today", TODAY),
        ("明天", date(2026, 5, 20)),
        (" 5.31 ", date(2026, 5, 31)),
        ("２０２６－０５－３１", date(2026, 5, 31)),
        ("＋７", date(2026, 5, 26)),
    ],
)
def test_what_was_typed_is_what_was_meant(typed: str, meant: date) -> None:
    assert read_date(typed, TODAY) == meant


@pytest.mark.parametrize("typed", ["", "2.30", "13.1", "t", "fr1", "31 xyz", "+", "20261345", "soon"])
def test_what_is_no_date_is_not_guessed(typed: str) -> None:
    assert read_date(typed, TODAY) is None


def test_a_month_and_day_long_past_means_next_year() -> None:
    assert read_date("1.5", date(2026, 12, 20)) == date(2027, 1, 5)
    assert read_date("12.30", date(2026, 12, 31)) == date(2026, 12, 30)
    assert read_date("+1m", date(2026, 1, 31)) == date(2026, 2, 28)


@given(st.dates(), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_an_iso_date_is_always_read_as_itself(meant: date, today: date) -> None:
    assert read_date(f"{meant.year:04d}-{meant:%m-%d}", today) == meant


@given(st.text(max_size=12))
def test_no_text_breaks_it(typed: str) -> None:
    read_date(typed, TODAY)
