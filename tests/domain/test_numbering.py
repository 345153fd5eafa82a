"""Numbers come out of their template and are known again; a wrong scan says what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.numbering import (
    LARGEST_SERIAL,
    Code,
    Letter,
    Misread,
    TemplateError,
    Wrong,
    is_goods_code,
    match,
    parse,
    payload,
    preview,
    read,
    read_number,
    render,
    spaced,
)

TEMPLATES = ["{unit}-{level}-{year}-{0001}", "{level} {year}-{0001}".replace(" ", "_"), "{year}{0001}", "{book}/{n}"]


def test_a_control_number_follows_its_template() -> None:
    assert render("{unit}-{level}-{year}-{0001}", 417, unit="CU", level="机", year=2026) == "CU-机-2026-0417"
    assert render("{000000}", 3) == "000003"
    assert render("{parent}/{n}", 2, parent="CU-S-2026-0417") == "CU-S-2026-0417/2"
    assert preview("{level}{year}-{0001}") == "S2026-0001"


def test_a_number_past_its_width_grows_and_is_still_known() -> None:
    grown = render("{year}-{0001}", 12_345, year=2026)
    assert grown == "2026-12345"
    assert match("{year}-{0001}", grown) == 12_345
    assert match("{year}-{0001}", "2026-012345") is None
    assert match("{year}-{0001}", "2026-123") is None


@given(
    st.sampled_from(TEMPLATES),
    st.integers(1, 10**7),
    st.sampled_from(["CU", "计划处", "A1", "院发"]),
    st.sampled_from(["绝", "机", "S", "TS"]),
    st.integers(1900, 2999),
)
def test_every_number_is_known_to_its_series(template: str, number: int, unit: str, level: str, year: int) -> None:
    text = render(template, number, unit=unit, level=level, year=year, book="B")
    assert match(template, text) == number
    known = read_number(template, text)
    assert known is not None
    assert render(template, known.number, **dict(known.fields)) == text


def test_an_imported_number_of_another_series_is_not_known() -> None:
    template = "{level}-{year}-{0001}"
    assert match(template, "机-2026-0102", level="机", year=2026) == 102
    assert match(template, "机-2025-0102", level="机", year=2026) is None
    assert match(template, "收文 102") is None
    assert match(template, "机-2026-0000") is None


@pytest.mark.parametrize(
    ("template", "part"),
    [
        ("{unit}-{year}", "exactly one running number"),
        ("{0001}-{0001}", "exactly one running number"),
        ("{unit}-{nummer}-{0001}", "not a field"),
        ("{unit-{0001}", "no partner"),
        ("{unit}{0001}", "run together"),
        ("{0001}{year}", "run together"),
        ("{unit}{level}-{0001}", "run together"),
        ("{unit} {0001}", "space"),
    ],
)
def test_a_template_that_cannot_work_says_why(template: str, part: str) -> None:
    with pytest.raises(TemplateError) as refused:
        parse(template)
    assert part in refused.value.why.msgid


def test_a_running_number_starts_at_one() -> None:
    with pytest.raises(ValueError, match="starts at 1"):
        render("{0001}", 0)


@given(st.sampled_from(list(Letter)), st.integers(0, 999), st.integers(0, LARGEST_SERIAL))
def test_a_code_reads_back_in_either_case_and_with_spaces(letter: Letter, register: int, serial: int) -> None:
    code = payload(letter, register, serial)
    assert len(code) == 13
    for typed in (code, code.lower(), spaced(code), f"  {spaced(code).lower()}\r\n"):
        read_back = read(typed, register)
        assert read_back == Code(letter, register, serial)
        assert isinstance(read_back, Code)
        assert read_back.payload == code


def test_people_read_a_code_in_groups() -> None:
    assert payload("C", 107, 26041) == "C107000260413"
    assert spaced("C107000260413") == "C 107 00026041 3"


@given(st.integers(0, LARGEST_SERIAL), st.integers(1, 12), st.integers(1, 9))
def test_one_wrong_digit_never_names_another_carrier(serial: int, place: int, shift: int) -> None:
    code = payload("C", 107, serial)
    digit = str((int(code[place]) + shift) % 10)
    misread = read(code[:place] + digit + code[place + 1 :], 107)
    assert isinstance(misread, Misread)
    assert misread.wrong is Wrong.CHECK


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("6901234567892", Wrong.FOREIGN),
        ("", Wrong.FOREIGN),
        ("C10700026041٣", Wrong.FOREIGN),
        ("https://example.invalid", Wrong.FOREIGN),
        ("C107000260417", Wrong.CHECK),
        ("Q107000260413", Wrong.LETTER),
        ("C108" + payload("C", 108, 26041)[4:], Wrong.REGISTER),
    ],
)
def test_a_wrong_scan_says_which_way_it_is_wrong(text: str, wrong: Wrong) -> None:
    misread = read(text, 107)
    assert isinstance(misread, Misread)
    assert misread.wrong is wrong
    assert "{text}" in misread.why.msgid


@pytest.mark.parametrize(("register", "serial"), [(1_000, 1), (1, LARGEST_SERIAL + 1), (-1, 1)])
def test_what_does_not_fit_a_code_is_refused(register: int, serial: int) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        payload("C", register, serial)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("036000291452", True), ("4006381333931", True), ("10614141000415", True),
        ("96385074", False),  # eight digits are too often somebody's own number
        ("4006381333932", False), ("10614141000416", False), ("400638133393x", False),
        ("４００６３８１３３３９３１", False),
    ],
)  # fmt: skip
def test_the_number_of_goods_is_known_by_its_length_and_check_digit(text, is_one):
    assert is_goods_code(text) is is_one
