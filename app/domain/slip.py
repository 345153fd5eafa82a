"""A voucher's life: what it carries, who may decide next, when it adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.carrier import PersonId, SlipId
from app.domain.words import N_, Says, says


class SlipState(StrEnum):
    """Applied-for is a state of the slip, never of the carrier (domain.md 5.5)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    EXECUTING = "executing"
    SIGNED = "signed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    REFUSED = "refused"


SLIP_STATE_NAMES: dict[SlipState, str] = {
    SlipState.DRAFT: N_("draft"),
    SlipState.SUBMITTED: N_("submitted"),
    SlipState.APPROVED: N_("approved"),
    SlipState.EXECUTING: N_("being carried out"),
    SlipState.SIGNED: N_("signed"),
    SlipState.CLOSED: N_("closed"),
    SlipState.CANCELLED: N_("cancelled"),
    SlipState.REFUSED: N_("refused"),
}

OPEN = frozenset({SlipState.DRAFT, SlipState.SUBMITTED, SlipState.APPROVED, SlipState.EXECUTING, SlipState.SIGNED})
"""States in which a slip still wants something done."""

READY = frozenset({SlipState.APPROVED, SlipState.EXECUTING})
"""States in which what was approved is carried out."""

NOT_AWAITED = "-"
"""In a paper's `returned_at`: nobody signs it by hand. Nothing there (NULL) means that it should come back signed."""
KEPT = "kept"
"""In a paper's `returned_at`: it was drawn and looked at, and no copy of it has left for a printer or a file."""


@dataclass(frozen=True, slots=True)
class SlipKind:
    """One kind of voucher: its number's letter, its names, the act it carries, the forms it prints."""

    code: str
    letter: str
    label: str
    forms: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()
    """Roles that sign before it closes."""
    scans: bool = False
    """Whether its lines are put on it by scanning."""


SLIP_KINDS: dict[str, SlipKind] = {
    kind.code: kind
    for kind in (
        SlipKind("classification", "C", N_("Classification slip"), ("classification_slip",)),
        SlipKind("printing", "J", N_("Print job"), ("carrier_labels",)),
        SlipKind("receipt", "R", N_("Incoming receipt"), ("incoming_register", "discrepancy_notice")),
        SlipKind("copying", "Y", N_("Copy request"), ("copy_approval",)),
        SlipKind("parcel", "P", N_("Parcel"), ("delivery_list", "envelope_labels", "tracer"), ("sender",), scans=True),
        SlipKind("loan", "L", N_("Loan slip"), ("loan_slip", "tracer"), ("borrower",)),
        SlipKind("handover", "H", N_("Handover"), ("handover_list",), ("giver", "receiver", "supervisor"), scans=True),
        SlipKind("filing", "F", N_("Filing list"), ("archive_list",), ("archivist",), scans=True),
        SlipKind("transfer", "T", N_("Archive transfer"), ("archive_deed",), ("giver",), scans=True),
        SlipKind(
            "destruction",
            "D",
            N_("Destruction list"),
            ("destruction_list", "destruction_certificate"),
            ("destroyer", "witness"),
            scans=True,
        ),
        SlipKind("incident", "M", N_("Incident")),
        SlipKind("correction", "K", N_("Correction slip")),
        SlipKind("change", "V", N_("Change of level or period")),
    )
}


@dataclass(frozen=True, slots=True)
class Step:
    """One approval on the route: whose role, what was decided, by whom, on what paper."""

    no: int
    role: str
    decision: str = ""
    by: PersonId | None = None
    at: str | None = None
    how: str | None = None
    consent: str | None = None
    consented: str | None = None
    """The day the consent from outside bears."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A voucher without its lines (there may be five thousand; they are read page by page)."""

    id: SlipId
    kind: str
    number: str
    state: SlipState
    opened_by: PersonId
    opened_at: datetime | None = None
    action: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    regime: str | None = None
    level: str | None = None
    party: PersonId | None = None
    listed: int = 0
    done: int = 0
    steps: tuple[Step, ...] = ()
    signed: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def next_step(self) -> Step | None:
        """The approval that is asked for now, in the order of the route."""
        return next((step for step in self.steps if step.decision != "approved"), None)

    @property
    def is_open(self) -> bool:
        """Whether it still wants something done."""
        return self.state in OPEN


RENEWAL = "renew_loan"
"""The act whose slips are loan slips by their number only: nothing is handed out on them."""


def signers_of(kind: str, act: str | None) -> tuple[str, ...]:
    """The roles that sign such a slip; for a renewal nobody signs but who approves it (domain.md T10)."""
    return SLIP_KINDS[kind].signers if kind in SLIP_KINDS and act != RENEWAL else ()


def unsigned_roles(slip: Slip, signing: str = "") -> tuple[str, ...]:
    """The roles that sign a slip of this kind and have not; `signing` signs now."""
    signed = {role.rstrip("0123456789").rstrip("._-") for role in (*slip.signed, signing)}
    wanted = (role for role in signers_of(slip.kind, slip.action) if role not in signed)
    # Where no regime asks for a supervisor there is none to wait for.
    return tuple(role for role in wanted if role != "supervisor" or "supervisor" in slip.facts)


def adds_up(parts: Sequence[tuple[Says, int]], whole: int, of: Says) -> Says | None:
    """None when the parts sum to the whole; otherwise the sum written out as it stands on paper."""
    total = sum(count for _, count in parts)
    if total == whole:
        return None
    return says(
        N_("{of}: {whole}, but {total} are accounted for."),
        of=of,
        whole=whole,
        total=total,
    )
