"""Which passwords and sign-in names are taken."""

import pytest

from app.domain.passwords import login_can_be_typed, password_is_strong_enough, sign_in_name


@pytest.mark.parametrize(
    ("password", "login"),
    [
        ("green three", "chen"),
        ("abcdeedcba", "chen"),
        ("sample-chen-2026", "chen"),
        ("chen-horse", "chen"),
        ("abxabyabzabw", "ab"),
        ("abcvabcwxyz", "abc"),
        ("correct horse battery", ""),
        ("qwertyuiop]", "chen"),
        ("三只绿色水壶一二三四五", "chen"),
    ],
)
def test_several_words_are_strong_enough(password, login):
    assert password_is_strong_enough(password, login) is None


@pytest.mark.parametrize(
    ("password", "login", "why"),
    [
        ("green kett", "", ""),
        ("green ket", "", "at least"),
        ("chenminchenmin", "ChenMinChenMin", "name of its owner"),
        ("chenmin chenmin x", "chenmin", "name of its owner"),
        ("ＣＨＥＮＭＩＮ1234", "chenmin", "name of its owner"),
        ("abcwabcxabcyz", "abc", "name of its owner"),
        ("abcdabdcab", "chen", "repeats"),
        ("abababababab", "chen", "repeats"),
        ("abcdefabcdef", "chen", "repeats"),
        ("ababcdababcd", "chen", "repeats"),
        ("abcdefghijkl", "chen", "keyboard"),
        ("lkjihgfedcba", "chen", "keyboard"),
        ("qwertyuiop", "chen", "keyboard"),
        ("poiuytrewq", "chen", "keyboard"),
        ("QWERTYUIOP[]", "chen", "keyboard"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(password, login, why):
    wrong = password_is_strong_enough(password, login)
    assert (wrong is None) is (why == "")
    assert wrong is None or why in wrong.msgid


@pytest.mark.parametrize(
    ("login", "why"),
    [
        ("chen", ""), ("陈敏", ""), ("c" * 40, ""), (f" {'c' * 40} ", ""), ("c" * 41, "at most"), ("", "can be seen"),
        ("  ", "can be seen"), ("\u3000", "can be seen"), ("che\u200bn", "can be seen"), ("che\x07n", "can be seen"),
    ],
)  # fmt: skip
def test_a_login_is_what_people_type_and_read(login, why):
    wrong = login_can_be_typed(login)
    assert (wrong is None) is (why == "")
    assert wrong is None or why in wrong.msgid


def test_case_width_and_outer_space_make_no_other_name():
    assert {sign_in_name(each) for each in ("chen", "CHEN", " Chen ", "ｃｈｅｎ", "ＣＨＥＮ\u3000")} == {"chen"}
    assert sign_in_name("chen min") != sign_in_name("chenmin")
