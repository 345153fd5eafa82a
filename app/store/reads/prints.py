"""What was printed, what should come back signed, and which print a scanned code belongs to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from app.domain.action import Ref, Subject
from app.domain.numbering import Letter, Misread, read
from app.domain.slip import KEPT
from app.store.reads.paging import first, rows

ENTRIES_OF_A_PRINT = 2_000
"""How far behind its anchor a print's own entry is looked for; what came between was written while it was drawn."""


@dataclass(frozen=True, slots=True)
class PrintLine:
    """One print as it was recorded."""

    id: int
    form: str
    version: int
    of: Ref
    slip: int | None
    lines: str
    pdf: str
    anchor: int
    pages: int
    language: str
    reprint_of: int | None
    printed_at: str
    returned_at: str | None

    @property
    def is_awaited(self) -> bool:
        """Whether it should come back signed and has not."""
        return self.returned_at is None

    @property
    def is_kept(self) -> bool:
        """Whether it was only looked at: no copy of it has left."""
        return self.returned_at == KEPT


_PAPER = (
    'SELECT p.id, p.form, p.version, p."of", p.slip, t.words, p.pdf, p.anchor, p.pages, p.language, p.reprint_of,'
    " p.printed_at, p.returned_at FROM papers p LEFT JOIN texts t ON t.digest = p.lines"
)


def _papers(connection: Connection, where: str, values: Mapping[str, Any]) -> list[PrintLine]:
    return [_print(row) for row in rows(connection, f"{_PAPER} WHERE {where}", values)]


def _print(row: Row[Any]) -> PrintLine:
    number, form, version, of, slip, lines, pdf, *rest = tuple(row)
    anchor, pages, language, reprint_of, printed_at, returned_at = rest
    return PrintLine(
        id=number,
        form=form,
        version=version,
        of=Ref.read(of),
        slip=slip,
        lines=lines or "",
        pdf=pdf,
        anchor=anchor,
        pages=pages,
        language=language,
        reprint_of=reprint_of,
        printed_at=printed_at,
        returned_at=returned_at,
    )


def paper(connection: Connection, number: int) -> PrintLine | None:
    """One print."""
    return next(iter(_papers(connection, "p.id = :id", {"id": number})), None)


def prints_of(connection: Connection, ref: Ref) -> Sequence[PrintLine]:
    """Everything printed of a subject, and on a slip, newest first."""
    slip = ref.id if ref.kind is Subject.SLIP else None
    where = 'p."of" = :of OR (:slip IS NOT NULL AND p.slip = :slip) ORDER BY p.id DESC'
    return _papers(connection, where, {"of": str(ref), "slip": slip})


def paper_at(connection: Connection, seq: int) -> PrintLine | None:
    """The print whose anchor is that entry: it was recorded right behind it."""
    number = first(
        connection,
        "SELECT p.id FROM ledger l JOIN papers p ON p.id = l.subject WHERE l.seq > :seq AND l.seq <= :last"
        " AND l.subject_kind = 'F' AND p.anchor = :seq ORDER BY l.seq LIMIT 1",
        {"seq": seq, "last": seq + ENTRIES_OF_A_PRINT},
    )
    return paper(connection, number[0]) if number else None


_TABLES = {Subject.CARRIER: "carriers", Subject.SLIP: "slips", Subject.ENVELOPE: "envelopes", Subject.PERSON: "persons"}


def named(connection: Connection, text: str) -> Ref | None:
    """The subject a barcode, a control number, a slip's or an envelope's number names; I1 is the first import."""
    register = connection.exec_driver_sql("SELECT number FROM register WHERE id = 1").scalar_one()
    code = read(text, register)
    if not isinstance(code, Misread) and code.letter is not Letter.COMMAND:
        kind = Subject(code.letter.value)
        table = _TABLES.get(kind, "places")
        known = first(connection, f"SELECT id FROM {table} WHERE id = :id", {"id": code.serial})
        return Ref(kind, code.serial) if known else None
    for kind, table in _TABLES.items():
        column = "badge" if kind is Subject.PERSON else "number"
        known = first(connection, f"SELECT id FROM {table} WHERE {column} = :text", {"text": text.strip()})
        if known:
            return Ref(kind, known[0])
    if text[:1] == Subject.IMPORT and text[1:].isdecimal():
        known = first(connection, "SELECT id FROM imports WHERE id = :id", {"id": int(text[1:])})
        return Ref(Subject.IMPORT, known[0]) if known else None
    return None


def kept_lines(line: PrintLine) -> Mapping[str, Any]:
    """What a print kept to be drawn again; empty when it kept nothing or the text was withdrawn."""
    found: Mapping[str, Any] = json.loads(line.lines) if line.lines else {}
    return found
