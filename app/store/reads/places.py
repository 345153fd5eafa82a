"""Places: found by a few letters, and one place with what should be there; envelopes beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Ref, Subject
from app.domain.carrier import EnvelopeState
from app.store.reads.carrier_lines import CarrierLine
from app.store.reads.carriers import CarrierFilter, carrier_page
from app.store.reads.finding import numbers_beginning
from app.store.reads.paging import Key, Page, first, moment, rows, up_to
from app.store.reads.visible import Viewer


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """One room, safe or shelf."""

    id: int
    name: str
    grade: int
    within: int | None
    within_name: str | None
    keeper: int | None
    keeper_name: str | None
    is_open: bool
    capacity: int | None = None

    @property
    def ref(self) -> Ref:
        """The place as acts name it."""
        return Ref(Subject.PLACE, self.id)


_LINE = """SELECT l.id, t.words, l.grade, l.within, above.words, l.keeper, keeper.words, l.open,
 (SELECT value FROM parts f WHERE f.subject_kind = 'L' AND f.subject = l.id AND f.part = 'fact' AND f.key = 'capacity')
 FROM places l LEFT JOIN texts t ON t.digest = l.name
 LEFT JOIN places w ON w.id = l.within LEFT JOIN texts above ON above.digest = w.name
 LEFT JOIN persons k ON k.id = l.keeper LEFT JOIN texts keeper ON keeper.digest = k.name"""


def _line(row: Any) -> PlaceLine:
    return PlaceLine(
        row[0], row[1] or "", row[2], row[3], row[4], row[5], row[6], bool(row[7]), int(row[8]) if row[8] else None
    )


def places_like(
    connection: Connection, text: str = "", limit: int = 50, *, also_closed: bool = False
) -> tuple[PlaceLine, ...]:
    """Places whose name holds the text."""
    plain = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    still_there = "" if also_closed else " AND l.open = 1"
    found = rows(
        connection,
        f"{_LINE} WHERE t.words LIKE :inside ESCAPE '\\'{still_there} ORDER BY t.words, l.id LIMIT :limit",
        {"inside": f"%{plain}%", "limit": limit},
    )
    return tuple(_line(row) for row in found)


@dataclass(frozen=True, slots=True)
class PlaceStock:
    """A place with how many carriers should be there, counted no further than 10,000; None for who may not know."""

    line: PlaceLine
    held: int | None


def places_with_stock(
    connection: Connection, text: str = "", limit: int = 500, *, also_closed: bool = True, viewer: Viewer
) -> tuple[PlaceStock, ...]:
    """Places whose name holds the text, each with its count."""
    return tuple(
        PlaceStock(
            line, up_to(connection, "carriers", "place = :place", {"place": line.id}) if viewer.sees_book else None
        )
        for line in places_like(connection, text, limit, also_closed=also_closed)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCard:
    """What should be in a place."""

    line: PlaceLine
    held: int
    """Carriers there, counted no further than 10,000."""
    carriers: Page[CarrierLine]


def place_card(connection: Connection, place: int, limit: int = 100, *, viewer: Viewer) -> PlaceCard | None:
    """One place with what should be there, by number."""
    row = first(connection, f"{_LINE} WHERE l.id = :place", {"place": place})
    if row is None:
        return None
    return PlaceCard(
        line=_line(row),
        held=up_to(connection, "carriers", "place = :place", {"place": place}) if viewer.sees_book else 0,
        carriers=carrier_page(connection, CarrierFilter(place=place), "number", None, limit, viewer=viewer),
    )


@dataclass(frozen=True, slots=True)
class EnvelopeLine:
    """One sealed envelope, cover or bag."""

    id: int
    kind: str
    number: str
    state: EnvelopeState
    seal: str | None
    level: str | None
    items: int | None
    sender: str | None
    intact: bool | None
    signed_at: datetime | None
    signed_by: str | None
    opened_at: datetime | None
    opened_by: str | None
    slip: int | None
    slip_number: str | None
    channel: str | None

    @property
    def ref(self) -> Ref:
        """The envelope as acts name it."""
        return Ref(Subject.ENVELOPE, self.id)


_ENVELOPE = """SELECT e.id, e.kind, e.number, e.state, e.seal, e.level, e.items, sender.words, e.intact, e.signed_at,
 signer.words, e.opened_at, opener.words, e.slip, s.number, e.channel
 FROM envelopes e LEFT JOIN texts sender ON sender.digest = e.sender LEFT JOIN slips s ON s.id = e.slip
 LEFT JOIN persons p ON p.id = e.signed_by LEFT JOIN texts signer ON signer.digest = p.name
 LEFT JOIN persons o ON o.id = e.opened_by LEFT JOIN texts opener ON opener.digest = o.name"""


def _envelope(row: Any) -> EnvelopeLine:
    intact = None if row[8] is None else bool(row[8])
    return EnvelopeLine(
        row[0], row[1], row[2], EnvelopeState(row[3]), row[4], row[5], row[6], row[7], intact, moment(row[9]), row[10],
        moment(row[11]), row[12], row[13], row[14], row[15],
    )  # fmt: skip


def envelope_page(
    connection: Connection,
    states: tuple[str, ...] = (),
    after: Key | None = None,
    limit: int = 100,
    *,
    number: str = "",
    kind: str | None = None,
) -> Page[EnvelopeLine]:
    """Envelopes, newest first; the page of one state is served by an index."""
    where, values = ["e.id < :before"], {"before": after[0] if after else 2**62, "limit": limit + 1, "kind": kind}
    if states:
        where.append(f"e.state IN ({', '.join(f':state{i}' for i in range(len(states)))})")
        values |= {f"state{i}": str(state) for i, state in enumerate(states)}
    if kind:
        where.append("e.kind = :kind")
    if number.strip():
        begins, typed = numbers_beginning(number, "e.number")
        where.append(begins)
        values |= typed
    found = rows(connection, f"{_ENVELOPE} WHERE {' AND '.join(where)} ORDER BY e.id DESC LIMIT :limit", values)
    lines = tuple(_envelope(row) for row in found[:limit])
    return Page(lines, (lines[-1].id,) if len(found) > limit else None)


@dataclass(frozen=True, slots=True)
class EnvelopeCard:
    """One envelope with what is in it."""

    line: EnvelopeLine
    carriers: Page[CarrierLine]


def envelope_card(connection: Connection, envelope: int, limit: int = 100, *, viewer: Viewer) -> EnvelopeCard | None:
    """One envelope; its contents as far as the viewer may know of them."""
    row = first(connection, f"{_ENVELOPE} WHERE e.id = :envelope", {"envelope": envelope})
    if row is None:
        return None
    inside = carrier_page(connection, CarrierFilter(container=envelope), "newest", None, limit, viewer=viewer)
    return EnvelopeCard(_envelope(row), inside)


def envelope_of_slip(connection: Connection, slip: int) -> EnvelopeLine | None:
    """The incoming envelope that was signed for on this slip."""
    row = first(connection, f"{_ENVELOPE} WHERE e.slip = :slip AND e.kind = 'incoming'", {"slip": slip})
    return _envelope(row) if row is not None else None
