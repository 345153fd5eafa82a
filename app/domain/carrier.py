"""What the register is about: carriers, documents, people, places, envelopes, as plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from app.domain.words import N_

CarrierId: TypeAlias = int
DocumentId: TypeAlias = int
PersonId: TypeAlias = int
PlaceId: TypeAlias = int
SlipId: TypeAlias = int
EnvelopeId: TypeAlias = int


class State(StrEnum):
    """Where a carrier is in its life (domain.md 5.2); stored words are final."""

    NEW_NUMBER = "new_number"
    IN_PREP = "in_prep"
    IN_STOCK = "in_stock"
    ISSUED = "issued"
    READING = "reading"
    LOAN = "loan"
    CIRCUL = "circul"
    HANDOVER = "handover"
    IN_TRANSIT = "in_transit"
    EXTERNAL = "external"
    RETURNED = "returned"
    CARRIED = "carried"
    REPAIR = "repair"
    RECALL = "recall"
    ARCHIVED = "archived"
    TRANSFERRED = "transferred"
    SEALED = "sealed"
    PEND_DEST = "pend_dest"
    TO_DEST = "to_dest"
    DESTROYED = "destroyed"
    MISSING = "missing"
    LOST = "lost"
    VOID = "void"
    MERGED = "merged"
    RELEASED = "released"


STATE_NAMES: dict[State, str] = {
    State.NEW_NUMBER: N_("number taken"),
    State.IN_PREP: N_("being made"),
    State.IN_STOCK: N_("in stock"),
    State.ISSUED: N_("issued"),
    State.READING: N_("being read in the room"),
    State.LOAN: N_("on loan"),
    State.CIRCUL: N_("in circulation"),
    State.HANDOVER: N_("in handover"),
    State.IN_TRANSIT: N_("on the way"),
    State.EXTERNAL: N_("sent out, receipt back"),
    State.RETURNED: N_("returned to the issuer"),
    State.CARRIED: N_("carried out"),
    State.REPAIR: N_("in repair"),
    State.RECALL: N_("in recall"),
    State.ARCHIVED: N_("archived"),
    State.TRANSFERRED: N_("transferred to the archives"),
    State.SEALED: N_("sealed"),
    State.PEND_DEST: N_("bagged for destruction"),
    State.TO_DEST: N_("on the way to destruction"),
    State.DESTROYED: N_("destroyed"),
    State.MISSING: N_("missing, searched for"),
    State.LOST: N_("lost"),
    State.VOID: N_("void"),
    State.MERGED: N_("bound into another"),
    State.RELEASED: N_("released after declassification"),
}

ENDED = frozenset(
    {
        State.EXTERNAL,
        State.RETURNED,
        State.TRANSFERRED,
        State.DESTROYED,
        State.LOST,
        State.VOID,
        State.MERGED,
        State.RELEASED,
    }
)
"""States with no way out: the carrier is off our charge, with a voucher that says why."""

HELD = frozenset(State) - ENDED - {State.NEW_NUMBER}
"""States that count as on our charge: a custodian answers, and the carrier is in exactly one position."""

OUT = frozenset({State.LOAN, State.CIRCUL, State.IN_TRANSIT, State.CARRIED, State.REPAIR, State.READING, State.TO_DEST})
"""Held, but not where it lives: listed by slip number in a handover, never asked to be on the shelf."""


class CarrierKind(StrEnum):
    """What the secret is carried on (domain.md P04)."""

    PAPER = "paper"
    MAGNETIC = "magnetic"
    OPTICAL = "optical"
    FLASH = "flash"
    FILM = "film"
    EQUIPMENT = "equipment"
    NOTEBOOK = "notebook"


KIND_NAMES: dict[CarrierKind, str] = {
    CarrierKind.PAPER: N_("paper"),
    CarrierKind.MAGNETIC: N_("magnetic medium"),
    CarrierKind.OPTICAL: N_("optical disc"),
    CarrierKind.FLASH: N_("flash medium"),
    CarrierKind.FILM: N_("film"),
    CarrierKind.EQUIPMENT: N_("equipment or product"),
    CarrierKind.NOTEBOOK: N_("registered notebook"),
}


class Label(StrEnum):
    """The life of a label; a printed label that was never affixed is not an item (domain.md 5.4)."""

    RESERVED = "reserved"
    PRINTED = "printed"
    AFFIXED = "affixed"
    VERIFIED = "verified"
    RETIRED = "retired"


LABEL_NAMES: dict[Label, str] = {
    Label.RESERVED: N_("label reserved"),
    Label.PRINTED: N_("label printed"),
    Label.AFFIXED: N_("label affixed"),
    Label.VERIFIED: N_("label verified"),
    Label.RETIRED: N_("label retired"),
}


class DocumentState(StrEnum):
    """Where the content stands, whatever its copies do (domain.md 5.2b)."""

    PROPOSED = "proposed"
    CLASSIFIED = "classified"
    REGISTERED = "registered"
    LIFTED = "lifted"
    DECLASSIFIED = "declassified"


DOCUMENT_STATE_NAMES: dict[DocumentState, str] = {
    DocumentState.PROPOSED: N_("classification proposed"),
    DocumentState.CLASSIFIED: N_("classified"),
    DocumentState.REGISTERED: N_("registered as received"),
    DocumentState.LIFTED: N_("period ended"),
    DocumentState.DECLASSIFIED: N_("declassified"),
}


class EnvelopeState(StrEnum):
    """The life of something sealed, before and after it is opened (domain.md 5.1)."""

    SIGNED_FOR = "signed_for"
    OPENED = "opened"
    RECONCILED = "reconciled"
    DISCREPANCY = "discrepancy"
    SEALED = "sealed"
    HANDED_OVER = "handed_over"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    GIVEN_BACK = "given_back"
    DESTROYED = "destroyed"


ENVELOPE_STATE_NAMES: dict[EnvelopeState, str] = {
    EnvelopeState.SIGNED_FOR: N_("signed for, not opened"),
    EnvelopeState.OPENED: N_("opened"),
    EnvelopeState.RECONCILED: N_("reconciled with its list"),
    EnvelopeState.DISCREPANCY: N_("does not agree with its list"),
    EnvelopeState.SEALED: N_("sealed"),
    EnvelopeState.HANDED_OVER: N_("handed to the courier"),
    EnvelopeState.ACKNOWLEDGED: N_("receipt back"),
    EnvelopeState.RETURNED: N_("came back undelivered"),
    EnvelopeState.GIVEN_BACK: N_("given back unopened"),
    EnvelopeState.DESTROYED: N_("destroyed"),
}


@dataclass(frozen=True, slots=True)
class Carrier:
    """One accountable physical thing: a numbered copy or a medium.

    A held carrier has a custodian and is in exactly one of `place`, `hands`, `container`, `way`
    (a place, somebody's hands, a sealed envelope or bag, a parcel's slip).
    """

    id: CarrierId
    document: DocumentId
    number: str
    state: State
    level: str
    kind: CarrierKind = CarrierKind.PAPER
    copy_no: int | None = None
    copies_of: int | None = None
    pages: int | None = None
    serial_no: str | None = None
    place: PlaceId | None = None
    hands: PersonId | None = None
    container: EnvelopeId | None = None
    way: SlipId | None = None
    custodian: PersonId | None = None
    due: date | None = None
    renewals: int = 0
    back: dict[str, Any] | None = None
    label: Label = Label.RESERVED
    slip: SlipId | None = None
    remark_due: bool = False
    archive_no: str | None = None
    original: CarrierId | None = None
    foreign_code: str | None = None
    purpose: str | None = None

    @property
    def position(self) -> dict[str, Any]:
        """The state and position to go back to after a loan, a handover or a seal."""
        return {
            key: value
            for key in ("state", "place", "hands", "container", "way", "due", "slip")
            if (value := getattr(self, key)) is not None
        }


@dataclass(frozen=True, slots=True)
class Document:
    """The classified content that carriers carry; texts are read where they are shown, not here."""

    id: DocumentId
    regime: str
    level: str
    state: DocumentState
    period: str | None = None
    caveats: tuple[str, ...] = ()
    issued: date | None = None
    lifts: date | None = None
    scope_units: tuple[str, ...] = ()
    scope_people: tuple[PersonId, ...] = ()
    received: bool = False
    may_copy: bool = True
    sources: tuple[DocumentId, ...] = ()
    drafter: PersonId | None = None
    copies_made: int = 0
    slip: SlipId | None = None
    """Its last classification slip, or the receipt it came in with."""


EVERYBODY = "*"
"""In a scope: every unit."""
EVERYBODY_HERE = N_("everybody here")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the register knows: clerk, leader, reader, courier; closed when gone, never deleted."""

    id: PersonId
    name: str
    department: str = ""
    title: str = ""
    badge: str | None = None
    open: bool = True
    clearances: dict[str, str] = field(default_factory=dict)
    duties: dict[str, tuple[date | None, date | None]] = field(default_factory=dict)

    def holds(self, duty: str, on: date) -> bool:
        """Whether the person has the duty on that day (deputies have dates)."""
        if not self.open or duty not in self.duties:
            return False
        since, until = self.duties[duty]
        return (since is None or since <= on) and (until is None or on <= until)


@dataclass(frozen=True, slots=True)
class Place:
    """A room, safe or shelf; `grade` is the protection it gives, compared with what a level asks."""

    id: PlaceId
    name: str
    grade: int = 0
    within: PlaceId | None = None
    keeper: PersonId | None = None
    open: bool = True
    capacity: int | None = None
    """How many carriers it holds; None where nobody counted."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Something sealed with a number of its own: an incoming envelope, a parcel's cover, a destruction bag."""

    id: EnvelopeId
    kind: str
    number: str
    state: EnvelopeState
    seal: str | None = None
    level: str | None = None
    items: int | None = None
    signed_at: datetime | None = None
    signed_by: PersonId | None = None
    opened_at: datetime | None = None
    slip: SlipId | None = None
    intact: bool = True
