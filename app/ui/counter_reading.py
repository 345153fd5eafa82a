"""What the counter asks of the register: who is in front, and what was scanned."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.action import Subject
from app.store import reads
from app.store.reads import CarrierLine, PersonCard, SlipFilter, SlipLine
from app.store.reads.carrier_cards import Scanned
from app.ui.workplace import Workplace


@dataclass(frozen=True)
class Met:
    """One person with what waits for them."""

    card: PersonCard
    slips: tuple[SlipLine, ...]


def meet(workplace: Workplace, number: int) -> Met | None:
    """The person with what waits for them; runs beside the window."""
    card = workplace.desk.read(reads.person_card, number, workplace.today(), viewer=workplace.viewer)
    if card is None:
        return None
    waits = SlipFilter(party=number, is_open=True)
    return Met(card, workplace.desk.read(reads.slip_page, waits, viewer=workplace.viewer).lines)


def named_by(workplace: Workplace, code: str) -> tuple[Scanned, CarrierLine | None]:
    """What a code names, and the copy if it is one; runs beside the window."""
    scanned = workplace.desk.read(reads.scan, code, viewer=workplace.viewer)
    if scanned.ref is None or scanned.is_hidden or scanned.ref.kind is not Subject.CARRIER:
        return scanned, None
    return scanned, workplace.desk.read(reads.lines_of, [scanned.ref.id], workplace.viewer)[0]
