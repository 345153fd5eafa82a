"""Which characters a register keeps, and how a text that was scanned is repeated."""

import pytest

from app.domain.characters import bindable, in_short, narrow, unkeepable


@pytest.mark.parametrize(
    "text", ["", "机密★10年", "𠮷野家 😀", "line\nbreak\ttab", "~" + "a" * 42, "a" + "~" + "a" * 43]
)
def test_all_of_unicode_is_kept(text):
    assert unkeepable(text) is None
    assert bindable(text) == text


@pytest.mark.parametrize(
    ("text", "code", "position", "why"),
    [("\x00", "U+0000", 1, "cut it off"), ("ab\x00c", "U+0000", 3, "cut it off"), ("\ud800", "U+D800", 1, "half"),
     ("x\udfff", "U+DFFF", 2, "half"), ("x\udc80\x00", "U+DC80", 2, "half")],
)  # fmt: skip
def test_what_nothing_reads_back_is_named_with_its_place(text, code, position, why):
    wrong = unkeepable(text)
    assert wrong is not None
    assert dict(wrong.values) == {"code": code, "position": position}
    assert why in wrong.msgid
    assert unkeepable(bindable(text)) is None


def test_the_guise_of_a_digest_is_kept_only_where_one_is_meant():
    digest = "~" + "Az09_-" * 7 + "x"
    assert len(digest) == 44
    assert "digest" in str(unkeepable(digest).msgid)
    assert unkeepable(digest, digest_is_meant=True) is None
    assert unkeepable("\x00", digest_is_meant=True) is not None


def test_what_is_typed_wide_is_read_in_its_usual_width():
    assert narrow("ＺＭ－２０２６　１／２～！") == "ZM-2026 1/2~!"
    assert narrow("机密，秘密。") == "机密,秘密。"


def test_a_text_is_repeated_as_far_as_somebody_reads_on():
    assert in_short("  abc ") == "abc"
    assert in_short("a" * 60) == "a" * 60
    assert in_short("a" * 61) == "a" * 60 + "…"
    assert in_short("x\ud800") == "x\\ud800"
