"""Every paper that was printed: of a carrier, a document, a slip."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.domain.action import Ref
from app.domain.slip import KEPT, NOT_AWAITED
from app.store.reads.paging import Key, Page, moment, rows


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One printed form: of what, when, and whether it came back signed."""

    id: int
    form: str
    version: int
    of: Ref | None
    slip: int | None
    slip_number: str | None
    pages: int
    language: str
    reprint_of: int | None
    printed_at: datetime
    returned_at: datetime | None
    is_awaited: bool
    """Whether it should come back signed and has not."""
    anchor: int
    is_kept: bool
    """Whether it was only looked at: no copy of it has left."""


def papers_of(
    connection: Connection, refs: Iterable[Ref], after: Key | None = None, limit: int = 50, *, slip: int | None = None
) -> Page[PaperLine]:
    """The papers of these subjects, or of a slip, newest first."""
    found = rows(
        connection,
        'SELECT p.id, p.form, p.version, p."of", p.slip, s.number, p.pages, p.language, p.reprint_of, p.printed_at,'
        " p.returned_at, p.anchor FROM papers p LEFT JOIN slips s ON s.id = p.slip WHERE p.id IN"
        ' (SELECT id FROM papers WHERE "of" IN (SELECT value FROM json_each(:refs))'
        " UNION SELECT id FROM papers WHERE slip = :slip)"
        " AND p.id < :before ORDER BY p.id DESC LIMIT :limit",
        {
            "refs": json.dumps([str(ref) for ref in refs]), "slip": slip,
            "before": after[0] if after else 2**62, "limit": limit + 1,
        },
    )  # fmt: skip
    lines = tuple(
        PaperLine(
            row[0], row[1], row[2], _ref(row[3]), row[4], row[5], row[6], row[7], row[8],
            datetime.fromisoformat(row[9]), moment(None if row[10] in (NOT_AWAITED, KEPT) else row[10]),
            row[10] is None, row[11], row[10] == KEPT,
        )
        for row in found[:limit]
    )  # fmt: skip
    return Page(lines, (lines[-1].id,) if len(found) > limit else None)


def _ref(text: str) -> Ref | None:
    try:
        return Ref.read(text)
    except (ValueError, IndexError):
        return None
