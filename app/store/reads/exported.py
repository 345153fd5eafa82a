"""A list as it leaves the register: its lines, and beside each what another register would have to know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.store.reads.carrier_lines import CarrierLine
from app.store.reads.carriers import EVERYTHING, CarrierFilter, carrier_page
from app.store.reads.paging import Key, day, json_keys, listed, rows
from app.store.reads.visible import Viewer

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLine:
    """One carrier of a list that leaves, and what no list shows of it."""

    line: CarrierLine
    issued: date | None
    as_written: str | None
    """What stood in the place of a date, a mark or a number of pages."""
    originator: str | None
    holder_department: str | None
    home: str | None
    """Where it lies, or where it goes back to."""
    addressee: str | None
    scope_units: tuple[str, ...]
    scope_people: tuple[str, ...]
    """By name."""
    remarks: str | None
    voucher: str | None
    """What vouches for its end: what an old book referred to, else the slip here."""


_BESIDE = """SELECT c.id, d.issued, kept.words AS as_written, origin.words AS originator,
 remark.words AS remarks, d.scope_units, (SELECT json_group_array(name.words) FROM json_each(d.scope_people) named
  JOIN persons reader ON reader.id = named.value JOIN texts name ON name.digest = reader.name) AS scope_people,
 holder.department AS holder_department, home_words.words AS home, coalesce(json_extract(given.words, '$.addressee'),
  json_extract(given.words, '$.receiver')) AS addressee,
 coalesce(json_extract(fact.value, '$'), ended.number) AS voucher
 FROM carriers c JOIN documents d ON d.id = c.document LEFT JOIN texts origin ON origin.digest = d.originator
 LEFT JOIN texts kept ON kept.digest = d.as_written LEFT JOIN texts remark ON remark.digest = d.remarks
 LEFT JOIN persons holder ON holder.id = c.hands
 LEFT JOIN places l ON l.id = coalesce(c.place, json_extract(c.back, '$.place'))
 LEFT JOIN texts home_words ON home_words.digest = l.name
 LEFT JOIN slips ended ON ended.id = (SELECT max(o.slip) FROM slip_lines o JOIN slips s ON s.id = o.slip
  WHERE o.carrier = c.id AND s.state = 'closed' AND o.status IN ('acknowledged', 'transferred', 'destroyed'))
 LEFT JOIN parts fact ON fact.subject_kind = 'S' AND fact.subject = ended.id AND fact.part = 'fact'
  AND fact.key = 'voucher'
 LEFT JOIN slips went ON went.id = coalesce(c.way, ended.id) LEFT JOIN texts given ON given.digest = went.answers
 WHERE c.id IN (SELECT value FROM json_each(:ids))"""


def export_rows(
    connection: Connection, filters: CarrierFilter = EVERYTHING, sort: str = "number", *, viewer: Viewer
) -> Iterator[ExportLine]:
    """Every line of a list, read page by page inside one view of the register."""
    after: Key | None = None
    while True:
        page = carrier_page(connection, filters, sort, after, AT_ONCE, viewer=viewer)
        beside = {row[0]: row for row in rows(connection, _BESIDE, {"ids": json_keys(line.id for line in page.lines)})}
        yield from (_line(line, beside[line.id]) for line in page.lines)
        if page.next is None:
            return
        after = page.next


def _line(line: CarrierLine, row: Any) -> ExportLine:
    return ExportLine(
        line=line, issued=day(row.issued), as_written=row.as_written if line.is_cleared else None,
        originator=row.originator, holder_department=row.holder_department,
        scope_units=listed(row.scope_units), scope_people=listed(row.scope_people),
        remarks=row.remarks if line.is_cleared else None, home=row.home, addressee=row.addressee, voucher=row.voucher,
    )  # fmt: skip
