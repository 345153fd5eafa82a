"""What a text typed into a filter finds; a match never tells what a title says to whom it is not shown."""

from __future__ import annotations

from typing import Any

from app.domain.characters import narrow
from app.store.reads.visible import Viewer, cleared
from app.store.search import match_expression

UNCLASSIFIED = ("short_title", "reference", "originator")
"""Columns that may be searched without clearance."""


def documents_found(text: str, viewer: Viewer, *, up_to: str = "") -> tuple[str, dict[str, Any]]:
    """A statement for the ids of the documents that match, newest first; `up_to` names a value they do not pass."""
    everything = match_expression(text)
    if everything is None:
        return "SELECT 0 WHERE 0", {}
    reach = f" AND s.rowid <= :{up_to}" if up_to else ""
    if viewer.all_titles:
        sql = f"SELECT s.rowid FROM search s WHERE s.search MATCH :words{reach} ORDER BY s.rowid DESC"
        return sql, {"words": everything}
    sql = (
        "SELECT s.rowid FROM search s CROSS JOIN documents d ON d.id = s.rowid"
        f" WHERE s.search MATCH :words{reach} AND ({cleared(viewer)}"
        " OR s.rowid IN (SELECT rowid FROM search WHERE search MATCH :open_words)) ORDER BY s.rowid DESC"
    )
    return sql, {"words": everything, "open_words": match_expression(text, UNCLASSIFIED), **viewer.values}


def numbers_beginning(text: str, column: str = "c.number") -> tuple[str, dict[str, Any]]:
    """The condition for numbers that begin so, as it was typed or in narrow capitals; an index answers it."""
    typed = text.strip()
    capitals = narrow(typed).upper()
    sql = f"(({column} >= :typed AND {column} < :typed_end) OR ({column} >= :capitals AND {column} < :capitals_end))"
    big = "\U0010ffff"
    return sql, {
        "typed": typed, "typed_end": typed + big, "capitals": capitals, "capitals_end": capitals + big,
    }  # fmt: skip
