"""The ledger's text: what is written and read in parts is the text of the whole."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import ledger
from app.domain.ledger import Entry, body_of, entry_of

WORDS = st.text(max_size=8) | st.sampled_from(['",', ',"line.3":{', '\\","line.2":', "会议 ⟦𠮷⟧"])
PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.just("line.9"), inner, max_size=3)
)
NAMES = st.builds("line.{}".format, st.integers(1, 200)) | WORDS
ENTRIES = st.builds(
    Entry,
    a=st.sampled_from(["open_handover", "pack", '","c":{']),
    t=st.just("2026-02-02T12:00:00.000+00:00"),
    p=st.integers(1, 99),
    o=st.just("S7"),
    l=st.integers(0, 9),
    q=st.dictionaries(NAMES, VALUES, max_size=3),
    c=st.dictionaries(NAMES, VALUES, max_size=12),
)


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry is a large one."""
    monkeypatch.setattr(ledger, "PART", 2)
    monkeypatch.setattr(ledger, "LARGE", 12)


@pytest.mark.usefixtures("in_parts")
@given(ENTRIES)
def test_an_entry_written_and_read_in_parts_is_the_same(entry: Entry) -> None:
    whole = msgspec.json.encode(entry, order="sorted")
    assert body_of(entry) == whole
    assert entry_of(whole) == msgspec.json.decode(whole, type=Entry)


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize(
    "changes",
    ['{"a":1,"line.1":2,}', '{"a":1,,"line.1":2}', '{"a":[1,"line.1",2}', '["line.1","line.2","line.3"]', "1", "null"],
)
def test_what_is_no_entry_is_none_in_parts_either(changes: str) -> None:
    body = f'{{"a":"pack","c":{changes},"o":"S7","p":1,"t":"now"}}'.encode()
    with pytest.raises(msgspec.DecodeError):
        entry_of(body)


def test_a_handover_of_thousands_is_one_text() -> None:
    lines: dict[str, Any] = {f"line.{no}": {"carrier": no, "status": "listed", "pages": 4} for no in range(1, 9_000)}
    entry = Entry(a="open_handover", t="now", p=1, o="S7", c=lines)
    body = body_of(entry)
    assert body == msgspec.json.encode(entry, order="sorted")
    assert entry_of(body) == entry
