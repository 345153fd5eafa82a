"""Full text over documents, which finds Chinese words of two characters.

FTS5's own trigrams need three characters. Here a run of Chinese, Japanese or Korean characters is kept as overlapping
pairs and its last character alone (会议纪要 → 会议 议纪 纪要 要), so that every character starts exactly one token:
two or more are looked up as a phrase of pairs, one as a prefix. The table keeps no text, only where which token stands.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection

COLUMNS: Final = ("title", "short_title", "reference", "originator", "remarks")

CREATE_SEARCH: Final = (
    "CREATE VIRTUAL TABLE search USING fts5(title, short_title, reference, originator, remarks,"
    " content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')"
)
"""Measured with 200,000 titles: 30 MB; with `prefix='1'`, which saves 2.7 ms on one character, 53 MB."""

_PUT: Final = (
    "INSERT OR REPLACE INTO search(rowid, title, short_title, reference, originator, remarks) VALUES (?, ?, ?, ?, ?, ?)"
)
_FIND: Final = "SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?"
_NEWEST: Final = 2**63 - 1

# Of a pasted title the beginning finds it; FTS5 refuses expressions that are too deep.
_LONGEST_QUERY: Final = 200

# Iteration mark and 〇, kana, bopomofo, hangul, ideographs, their compatibility forms; planes 2 and 3 whole, so that
# characters newer than this Python are words too; and private use, where offices keep their rare names.
_CJK: Final = (
    "\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u1100-\u11ff\ua960-\ua97f\uac00-\ud7ff\u2e80-\u2fd5\u3400-\u4dbf\u4e00-\u9fff\ue000-\ufaff\U00020000-\U0003fffd"
    "\U000f0000-\U0010fffd"
)
_PIECE: Final = re.compile(f"(?P<run>[{_CJK}]+)|(?P<word>(?:(?![{_CJK}])[^\\W_])+)")
# A line broken inside a Chinese sentence, as spreadsheet cells have it, breaks no word.
_BROKEN_LINE: Final = re.compile(f"(?<=[{_CJK}])[ \\t]*[\\r\\n]+[ \\t]*(?=[{_CJK}])")
# Zero-width and formatting signs, variation selectors of both kinds.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)


def index_text(text: str) -> str:
    """The tokens of a text as FTS5 shall see them, separated by spaces."""
    return " ".join(token for run, word in _pieces(_folded(text)) for token in (_pairs(run) if run else (word,)))


def match_expression(query: str, columns: Sequence[str] = COLUMNS) -> str | None:
    """A query that FTS5 always understands, or None when there is nothing in it to look for.

    All parts must be found: a run of Chinese as a phrase, words as beginnings, and words that only punctuation joins
    (2026-0417) as a phrase whose last word may go on.
    """
    terms = tuple(dict.fromkeys(_terms(_folded(query)[:_LONGEST_QUERY])))
    if not terms:
        return None
    expression = " AND ".join(terms)
    return expression if tuple(columns) == COLUMNS else f"{{{' '.join(columns)}}} : ({expression})"


def put(connection: Connection, document: int, fields: Mapping[str, str | None]) -> None:
    """Index a document's texts, in place of what was indexed before."""
    values = tuple(index_text(fields.get(column) or "") for column in COLUMNS)
    connection.exec_driver_sql(_PUT, (document, *values))


def put_many(connection: Connection, documents: Sequence[tuple[int, Mapping[str, str | None]]]) -> None:
    """Index many documents, as an import does."""
    rows = [(number, *(index_text(fields.get(column) or "") for column in COLUMNS)) for number, fields in documents]
    if rows:
        connection.exec_driver_sql(_PUT, rows)


def remove(connection: Connection, document: int) -> None:
    """Find the document no longer; its tokens go when the index is next tidied."""
    connection.exec_driver_sql("DELETE FROM search WHERE rowid = ?", (document,))


def forget_removed(connection: Connection) -> None:
    """Rewrite the index without what was removed or replaced, when a text is withdrawn.

    FTS5's `secure-delete` does nothing for a table without content, whose deletes are tombstones (tried). Rewriting
    takes 0.4 s for 200,000 documents; Database.scrub() then empties the log of the pages before.
    """
    connection.exec_driver_sql("INSERT INTO search(search) VALUES ('optimize')")


def find(
    connection: Connection, query: str, limit: int, after: int | None = None, columns: Sequence[str] = COLUMNS
) -> list[int]:
    """The documents that match, newest first; `after` is the last one of the page before.

    Who may not see titles searches the other columns only, else a match would tell what the title says.
    """
    expression = match_expression(query, columns)
    if expression is None:
        return []
    rows = connection.exec_driver_sql(_FIND, (expression, _NEWEST if after is None else after, limit))
    return list(rows.scalars())


def _folded(text: str) -> str:
    """One form for what a reader takes as the same: width, compatibility forms, case, invisible signs."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text).casefold()))
    return _BROKEN_LINE.sub("", folded)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    for found in _PIECE.finditer(text):
        yield found["run"] or "", found["word"] or ""


def _pairs(run: str) -> Iterator[str]:
    for start in range(len(run) - 1):
        yield run[start : start + 2]
    yield run[-1]


def _terms(query: str) -> Iterator[str]:
    for chunk in query.split():
        joined: list[str] = []
        for run, word in _pieces(chunk):
            if word:
                joined.append(word)
                continue
            yield from _phrase(joined)
            joined = []
            yield f'"{run}"*' if len(run) == 1 else f'"{" ".join(tuple(_pairs(run))[:-1])}"'
        yield from _phrase(joined)


def _phrase(words: list[str]) -> Iterator[str]:
    if words:
        yield f'"{" ".join(words)}"*'
