"""Full text: two-character Chinese words, numbers by their parts, and any input at all."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from app.store.database import create, open_database
from app.store.search import (
    COLUMNS,
    CREATE_SEARCH,
    find,
    forget_removed,
    index_text,
    match_expression,
    put,
    put_many,
    remove,
)

KEY = bytes(32)
NAUGHTY = (Path(__file__).parents[1] / "data" / "naughty-strings.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search") / "book.custos"
    create(folder, KEY)
    with open_database(folder, KEY) as opened:
        with opened.writing() as connection:
            connection.exec_driver_sql(CREATE_SEARCH)
        yield opened


@pytest.fixture
def book(database):
    """An index that is taken back after the test."""
    with database.writer.connect() as connection:
        yield connection
        connection.rollback()


def found(book, title, query, **fields):
    put(book, 1, {"title": title, **fields})
    return find(book, query, 10) == [1]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("会议纪要", "会议 议纪 纪要 要"),
        ("要", "要"),
        ("2026年度会议", "2026 年度 度会 会议 议"),
        ("S-2026-0417", "s 2026 0417"),
        ("ＡＢＣ１２ Straße", "abc12 strasse"),
        ("㈠𠮷野", "一 𠮷野 野"),
        ("かな・カナ", "かな な カナ ナ"),
        ("ｶﾅ", "カナ ナ"),
        ("한국어", "한국 국어 어"),
        ("会\u200b议 葛\U000e0100城", "会议 议 葛城 城"),
        ("关于会\r\n  议的通知", "关于 于会 会议 议的 的通 通知 知"),
        ("《》★—— \0", ""),
        ("", ""),
    ],
)
def test_a_text_becomes_pairs_and_words(text, tokens):
    assert index_text(text) == tokens


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("会议", '"会议"'),
        ("会议纪要", '"会议 议纪 纪要"'),
        ("要", '"要"*'),
        ("会议 条例", '"会议" AND "条例"'),
        ("会议2026", '"会议" AND "2026"*'),
        ("2026-0417", '"2026 0417"*'),
        ('AND OR NOT "x" NEAR(', '"and"* AND "or"* AND "not"* AND "x"* AND "near"*'),
        ("会议 会议", '"会议"'),
        ("!? 。", None),
        ("", None),
    ],
)
def test_a_query_becomes_an_expression(query, expression):
    assert match_expression(query) == expression


@pytest.mark.parametrize(
    "query",
    [
        "会议",
        "条例",
        "议纪",
        "关于",
        "要",
        "关",
        "会议纪要",
        "关于 纪要",
        "纪要 关于",
        "２０２６",
        "2026",
        "度会议",
        "办公室",
        "Minut",
        "MINUTES",
    ],
)
def test_what_stands_in_a_title_is_found(book, query):
    assert found(book, "关于印发2026年度会议纪要 条例的通知 minutes", query, originator="省委办公室")


@pytest.mark.parametrize("query", ["会要", "议会", "纪会", "条例会", "会议 税收", "20267", "inutes", "要会"])
def test_what_does_not_stand_there_is_not_found(book, query):
    assert not found(book, "关于印发2026年度会议纪要 条例的通知 minutes", query)


@pytest.mark.parametrize(
    "query", ["2026-0417", "S-2026-0417", "2026", "0417", "s-2026", "S-2026-04", "2026/0417", "417"]
)
def test_a_number_is_found_by_its_parts_and_as_a_phrase(book, query):
    assert found(book, "x", query, reference="S-2026-0417") == (query != "417")


def test_parts_of_a_number_in_another_order_are_another_number(book):
    assert not found(book, "x", "0417-2026", reference="S-2026-0417")
    assert found(book, "x", "0417 2026", reference="S-2026-0417")


@pytest.mark.parametrize("title", ["𠮷野家𪚥文", "\U0002ebf0\U00030000字", "䶿鿿〇々", "\ue000\ue001"])
def test_characters_outside_the_common_plane_are_found(book, title):
    assert found(book, title, title)
    assert found(book, title, title[:2])
    assert found(book, title, title[1])


def test_a_title_that_contains_a_broken_line_is_found_whole(book):
    assert found(book, "关于会\n议的通知", "会议")


def test_newest_first_and_page_by_page(book):
    put_many(book, [(number, {"title": f"会议 {number}"}) for number in range(1, 101)])
    assert find(book, "会议", 3) == [100, 99, 98]
    assert find(book, "会议", 3, after=98) == [97, 96, 95]
    assert find(book, "会议", 3, after=1) == []
    assert find(book, "税收", 3) == []
    assert find(book, "?", 3) == []


def test_who_may_not_see_titles_finds_nothing_by_them(book):
    put(book, 1, {"title": "机场扩建会议", "short_title": "七号工程", "reference": "2026-0417", "remarks": None})
    open_to_all = ("short_title", "reference")
    assert find(book, "会议", 10) == [1]
    assert find(book, "会议", 10, columns=open_to_all) == []
    assert find(book, "会议 七号", 10, columns=open_to_all) == []
    assert find(book, "工程 2026-0417", 10, columns=open_to_all) == [1]


def test_a_corrected_title_is_found_by_its_new_words_only(book):
    assert found(book, "旧的会议", "会议")
    put(book, 1, {"title": "新的条例"})
    assert find(book, "会议", 10) == []
    assert find(book, "条例", 10) == [1]


def test_a_removed_document_is_found_no_longer(book):
    put(book, 2, {"title": "会议"})
    put(book, 1, {"title": "会议"})
    remove(book, 1)
    remove(book, 77)
    assert find(book, "会议", 10) == [2]


def test_a_withdrawn_text_leaves_no_token_in_the_index(book):
    index = lambda: b"".join(book.exec_driver_sql("SELECT block FROM search_data").scalars())
    put(book, 2, {"title": "unrelated"})
    put(book, 1, {"title": "zeppelin"})
    remove(book, 1)
    assert b"eppelin" in index()
    forget_removed(book)
    assert b"eppelin" not in index()
    assert find(book, "unrelated", 10) == [2]


def test_every_naughty_string_can_be_kept_and_looked_for(book):
    put_many(book, [(number, {"title": text, "remarks": text}) for number, text in enumerate(NAUGHTY, start=1)])
    searchable = 0
    for number, text in enumerate(NAUGHTY, start=1):
        if match_expression(text):
            searchable += 1
            assert number in find(book, text, 1000), text
        else:
            assert find(book, text, 1000) == []
    assert searchable > 300


ANYTHING = st.text(st.characters(exclude_categories=())) | st.text('会议纪要a1-"*^():{}+ \n\0\ud800𠮷', max_size=30)


@settings(max_examples=300, deadline=None)
@given(title=ANYTHING, query=ANYTHING)
def test_no_query_is_a_syntax_error_and_every_title_finds_itself(database, title, query):
    with database.writer.connect() as connection:
        put(connection, 1, {"title": title})
        find(connection, query, 10)
        assert find(connection, title, 10) == ([1] if match_expression(title) else [])
        connection.rollback()


@settings(max_examples=200, deadline=None)
@given(data=st.data(), title=st.text("关于会议纪要条例的通知𠮷", min_size=2, max_size=20))
def test_every_part_of_a_chinese_title_finds_it(database, data, title):
    start = data.draw(st.integers(0, len(title) - 1))
    end = data.draw(st.integers(start + 1, len(title)))
    with database.writer.connect() as connection:
        put(connection, 1, {"title": title})
        assert find(connection, title[start:end], 10) == [1]
        connection.rollback()


def test_a_title_of_a_hundred_thousand_characters_is_kept_and_found(book):
    random.seed(7)
    long = "".join(random.choices("关于会议纪要条例的通知办公室文件保密", k=100_000))
    assert found(book, long, long)
    assert find(book, long[50_000:50_006], 10) == [1]
    assert find(book, "x" * 100_000, 10) == []
    assert found(book, "y" * 100_000, "y" * 100_000)


def test_a_query_of_many_words_is_cut_and_not_refused(book):
    assert found(book, "a b c d", " ".join("abcd" * 5000))


def test_the_columns_are_those_of_the_table(book):
    assert [row[1] for row in book.exec_driver_sql("PRAGMA table_info(search)")] == list(COLUMNS)


@pytest.mark.slow
def test_two_characters_are_found_in_nine_milliseconds_among_two_hundred_thousand_titles(tmp_path):
    random.seed(11)
    words = "会议条例税收纪要通知办公保密管理工作方案请示国防教育卫生交通水利林业外事财政审计"
    parts = [words[start : start + 2] for start in range(0, len(words), 2)]
    create(tmp_path / "book.custos", KEY)
    with open_database(tmp_path / "book.custos", KEY) as database:
        with database.writing() as connection:
            connection.exec_driver_sql(CREATE_SEARCH)
            titles = (
                "关于" + "".join(random.choices(parts, k=6)) + "的" + random.choice(parts) for _ in range(200_000)
            )
            put_many(connection, [(number, {"title": title}) for number, title in enumerate(titles, start=1)])
        with database.reading() as connection:
            # With twenty words every second title matches something: harder than any real register.
            for query, limit in {
                "会议": 0.009,
                "税收": 0.009,
                "议税": 0.009,
                "会议 税收": 0.05,
                "会议纪要": 0.05,
            }.items():
                took = min(_seconds(connection, query) for _ in range(5))
                assert took <= limit, (query, took)


def _seconds(connection, query):
    start = time.perf_counter()
    assert len(find(connection, query, 50)) == 50
    return time.perf_counter() - start


def test_the_library_that_ships_can_delete_from_a_table_without_content():
    assert dbapi2.sqlite_version_info >= (3, 43)
