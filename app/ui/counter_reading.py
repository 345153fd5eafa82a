"""What the counter asks of the register: who is in front, and what was scanned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.services.drafts import kept_draft
from app.store import reads
from app.store.reads import PersonCard, SlipFilter, SlipLine
from app.ui.counter_tables import Across
from app.ui.workplace import Workplace

DRAFT = "counter"
"""Under which name an account's half-done counter is kept."""


@dataclass(frozen=True)
class Met:
    """One person with what waits for them."""

    card: PersonCard
    slips: tuple[SlipLine, ...]


@dataclass(frozen=True)
class Kept:
    """What lay on the counter when it was left."""

    met: Met | None = None
    across: tuple[Across, ...] = ()


def kept_counter(workplace: Workplace, state: Mapping[str, Any] | None) -> Kept:
    """The person and the list as they were left; without a state, as the register kept them."""
    desk = workplace.desk
    known = state if state is not None else desk.read(kept_draft, workplace.seat.account.id, DRAFT)
    does = {int(number): str(what) for number, what in known.get("lines", ())}
    lines = desk.read(reads.lines_of, list(does), workplace.viewer)
    person = known.get("person")
    met = meet(workplace, person) if isinstance(person, int) else None
    return Kept(met, tuple(Across(line, does[line.id]) for line in lines))


def meet(workplace: Workplace, number: int) -> Met | None:
    """The person with what waits for them; runs beside the window."""
    card = workplace.desk.read(reads.person_card, number, workplace.today(), viewer=workplace.viewer)
    if card is None:
        return None
    waits = SlipFilter(party=number, is_open=True)
    return Met(card, workplace.desk.read(reads.slip_page, waits, viewer=workplace.viewer).lines)
