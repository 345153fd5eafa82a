"""One carrier as every list shows it: on the list of carriers, a slip, a person's card, a document's copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Ref, Subject
from app.domain.carrier import CarrierKind, Label, State
from app.store.reads.paging import day, json_keys, listed, named, rows
from app.store.reads.visible import TITLE, UNTITLED, Viewer, cleared, title_joins


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierLine:
    """One carrier as lists show it; names beside the ids they stand for."""

    id: int
    number: str
    copy_no: int | None
    copies_of: int | None
    level: str
    state: State
    kind: CarrierKind
    label: Label
    title: str
    """What the viewer may read: the title, else the short title, else a dash."""
    short_title: str | None
    is_cleared: bool
    document: int
    regime: str
    reference: str | None
    period: str | None
    caveats: tuple[str, ...]
    holder: str | None
    department: str | None
    """The holder's, else the custodian's."""
    place: str | None
    container: str | None
    way: str | None
    custodian: str | None
    slip: str | None
    due: date | None
    pages: int | None
    remark_due: bool
    serial_no: str | None
    archive_no: str | None
    holder_id: int | None
    place_id: int | None
    slip_id: int | None

    @property
    def ref(self) -> Ref:
        """The carrier as acts name it."""
        return Ref(Subject.CARRIER, self.id)


_LINE = """SELECT c.id, c.number, c.copy_no, c.copies_of, c.level, c.state, c.kind, c.label, {title} AS title,
 short.words AS short_title, {cleared} AS is_cleared, c.document, d.regime, d.reference, d.period, d.caveats,
 holder_words.words AS holder, coalesce(holder.department, keeper.department) AS department, place_words.words AS place,
 e.number AS container, w.number AS way, keeper_words.words AS custodian, s.number AS slip, c.due, c.pages,
 c.remark_due, c.serial_no, c.archive_no, c.hands AS holder_id, c.place AS place_id, c.slip AS slip_id
 FROM carriers c JOIN documents d ON d.id = c.document{joins}
 LEFT JOIN persons holder ON holder.id = c.hands LEFT JOIN texts holder_words ON holder_words.digest = holder.name
 LEFT JOIN persons keeper ON keeper.id = c.custodian LEFT JOIN texts keeper_words ON keeper_words.digest = keeper.name
 LEFT JOIN places l ON l.id = c.place LEFT JOIN texts place_words ON place_words.digest = l.name
 LEFT JOIN envelopes e ON e.id = c.container LEFT JOIN slips w ON w.id = c.way LEFT JOIN slips s ON s.id = c.slip
 WHERE c.id IN (SELECT value FROM json_each(:ids))"""


def lines_of(connection: Connection, ids: Sequence[int], viewer: Viewer) -> tuple[CarrierLine, ...]:
    """The lines of these carriers, in that order, in one statement."""
    if not ids:
        return ()
    sql = _LINE.format(title=TITLE, cleared=cleared(viewer), joins=title_joins(viewer))
    found = {row[0]: _line(row) for row in rows(connection, sql, {"ids": json_keys(ids), **viewer.values})}
    return tuple(found[number] for number in ids if number in found)


def _line(row: Any) -> CarrierLine:
    values = named(row)
    values["state"], values["kind"] = State(values["state"]), CarrierKind(values["kind"])
    values["label"] = Label(values["label"])
    values["title"] = values["title"] or UNTITLED
    values["caveats"] = listed(values["caveats"])
    values["due"] = day(values["due"])
    values["is_cleared"], values["remark_due"] = bool(values["is_cleared"]), bool(values["remark_due"])
    return CarrierLine(**values)
