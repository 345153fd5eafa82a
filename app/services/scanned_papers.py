"""Signed forms that come back: which print or slip a scanned code names, and who has not signed it yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from app.domain.action import Ref, Subject
from app.domain.anchoring import AnchorVerdict
from app.domain.numbering import Letter, Misread, read
from app.domain.slip import unsigned_roles
from app.services.remembering import MOST_AT_ONCE
from app.store import anchors, posting
from app.store.reads.forms import Records
from app.store.reads.prints import PrintLine, paper_at, prints_of


@dataclass(frozen=True, slots=True)
class PaperScanned:
    """What a scanned form is: its print where that is known, its slip, who has not signed yet, how the book stands."""

    paper: PrintLine | None
    slip: int | None
    roles: tuple[str, ...]
    verdict: AnchorVerdict | None = None


def paper_named(connection: Connection, scanned: str) -> PaperScanned | None:
    """Which paper or slip a form that came back belongs to, by its anchor or by its slip's code; None for neither."""
    verdict = anchors.verify_anchor(connection, scanned, whole=posting.head(connection).seq <= MOST_AT_ONCE)
    if verdict.anchor is not None:
        line = paper_at(connection, verdict.anchor.seq) if verdict.holds else None
        slip = line.slip if line else None
        return PaperScanned(line, slip, _roles(connection, slip), verdict)
    register = connection.exec_driver_sql("SELECT number FROM register WHERE id = 1").scalar_one()
    code = read(scanned, register)
    if isinstance(code, Misread) or code.letter is not Letter.SLIP:
        return None
    if connection.exec_driver_sql("SELECT 1 FROM slips WHERE id = ?", (code.serial,)).scalar() is None:
        return None
    printed = prints_of(connection, Ref(Subject.SLIP, code.serial))
    awaited = [line for line in printed if line.is_awaited]
    line = next(iter(awaited or printed), None)
    return PaperScanned(line, code.serial, _roles(connection, code.serial))


def _roles(connection: Connection, slip: int | None) -> tuple[str, ...]:
    return unsigned_roles(Records(connection).slip(slip)) if slip else ()
