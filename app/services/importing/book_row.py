"""A row of an old book as it was understood: what is compared with the register, and what is entered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.carrier import ENDED, CarrierKind, State
from app.domain.words import Says
from app.services.importing.files import Row
from app.services.importing.marks import Unfit

AT_A_PLACE = frozenset({State.IN_STOCK, State.ARCHIVED})


@dataclass(slots=True)
class BookRow:
    """A row as it was understood; people and places still by name."""

    row: int
    cells: Row
    number: str = ""
    source: str = ""
    copies: tuple[int | None, ...] = (None,)
    copies_of: int | None = None
    title: str = ""
    short_title: str = ""
    reference: str = ""
    originator: str = ""
    level: str = ""
    caveats: tuple[str, ...] = ()
    period: str | None = None
    issued: date | None = None
    lifts: date | None = None
    received_on: date | None = None
    remarks: str = ""
    as_written: str = ""
    scope: tuple[str, ...] = ()
    pages: int | None = None
    kind: CarrierKind = CarrierKind.PAPER
    serial_no: str = ""
    archive_no: str = ""
    state: State = State.IN_STOCK
    place: str = ""
    holder: str = ""
    department: str = ""
    custodian: str = ""
    due: date | None = None
    sent: date | None = None
    addressee: str = ""
    voucher: str = ""
    flags: list[tuple[str, Says]] = field(default_factory=list)
    claims: frozenset[str] = frozenset()
    """Fields the file itself speaks of; only these can differ."""
    unfit: Unfit | None = None
    """What is wanting about where it is: it stands in the way of taking it over, not of knowing it again."""

    @property
    def document_key(self) -> str:
        """What rows of the same document have in common."""
        if self.source:
            return f"s {self.source}"
        if self.reference and self.copies != (None,):
            return f"r {self.reference} {self.title}"
        return f"n {self.number}" if self.number else f"row {self.row}"

    def document_fields(self) -> dict[str, Any]:
        """What the document's own row is compared by."""
        return {
            "title": self.title, "short_title": self.short_title or None, "reference": self.reference or None,
            "originator": self.originator or None, "level": self.level, "period": self.period,
            "caveats": list(self.caveats) or None, "issued": self.issued.isoformat() if self.issued else None,
            "as_written": self.as_written or None, "remarks": self.remarks or None,
        }  # fmt: skip

    def carrier_fields(self, copy_no: int | None) -> dict[str, Any]:
        """What one copy is compared by, people and places by name."""
        held = self.state not in ENDED
        return {
            "copy_no": copy_no, "copies_of": self.copies_of, "pages": self.pages, "kind": self.kind.value,
            "serial_no": self.serial_no or None, "foreign_code": self.source or None,
            "archive_no": self.archive_no or None, "state": self.state.value,
            "holder": self.holder or None if held else None,
            "place": self.place or None if self.state in AT_A_PLACE else None,
            "due": self.due.isoformat() if self.due and held else None,
            "custodian": self.custodian or None if held else None,
        }  # fmt: skip
