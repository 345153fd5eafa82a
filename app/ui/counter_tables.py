"""What the counter shows in lines: what somebody holds, what waits for them, what crosses the counter now."""

from __future__ import annotations

from dataclasses import dataclass

from app.actions.custody import LENDABLE
from app.domain.carrier import STATE_NAMES, State
from app.domain.slip import SlipState
from app.domain.words import N_
from app.i18n import _, ngettext
from app.store.reads import CarrierLine, PersonCard, SlipLine
from app.ui.marks import strip_of
from app.ui.rows import DAY_WIDTH, Column
from app.ui.slip_words import named_words, role_words, state_words
from app.ui.telling import lateness
from app.ui.workplace import Workplace

BRINGS, TAKES, COUNTED = "return", "lend", "count"
"""What happens with a copy on the counter; each is the command that arms it, too."""
DOES = {BRINGS: N_("comes back"), TAKES: N_("goes out"), COUNTED: N_("is here")}


@dataclass(frozen=True)
class Across:
    """One copy on the counter, and what happens with it."""

    line: CarrierLine
    does: str

    @property
    def id(self) -> int:
        """By which it is known again when the list is shown anew."""
        return self.line.id


def meant(line: CarrierLine) -> str:
    """What a copy on the counter means by itself: one that is out comes back, one that is here goes out."""
    if line.state is State.LOAN:
        return BRINGS
    return TAKES if line.state in LENDABLE else ""


def held_columns(workplace: Workplace) -> tuple[Column[CarrierLine], ...]:
    """What is in somebody's hands, the earliest due first."""
    regimes = workplace.regimes

    def due(line: CarrierLine) -> tuple[str, str]:
        today = workplace.today()
        return lateness((today - line.due).days, line.due, today) if line.due else ("", "")

    return (
        Column(N_("Due"), lambda line: due(line)[0], width=DAY_WIDTH, kind=lambda line: due(line)[1]),
        Column(N_("Number"), lambda line: line.number, width=116),
        Column(
            N_("Level"),
            lambda line: strip_of(line, regimes).words,
            width=92,
            paint=lambda line: strip_of(line, regimes),
        ),
        Column(N_("Title"), lambda line: line.title, width=60),
    )


def slip_columns(workplace: Workplace) -> tuple[Column[SlipLine], ...]:
    """Slips made out to somebody that are still open."""

    def stands(line: SlipLine) -> str:
        if line.state is SlipState.SUBMITTED and line.next_role:
            role = role_words(workplace.regime(line.regime or ""), line.next_role)
            return _("waits for: {role}").format(role=role)
        return state_words(line.state)

    return (
        Column(N_("Number"), lambda line: line.number, width=90),
        Column(N_("Kind"), named_words, width=124),
        Column(N_("State"), stands, width=140, grows=True),
    )


def across_columns(workplace: Workplace) -> tuple[Column[Across], ...]:
    """What lies on the counter."""
    regimes = workplace.regimes
    return (
        Column(N_("What happens"), lambda each: _(DOES[each.does]), width=92),
        Column(N_("Number"), lambda each: each.line.number, width=116),
        Column(
            N_("Level"),
            lambda each: strip_of(each.line, regimes).words,
            width=92,
            paint=lambda each: strip_of(each.line, regimes),
        ),
        Column(N_("Where the book has it"), where, width=60),
    )


def where(each: Across) -> str:
    """Where the book has the copy, to compare with the counter."""
    line = each.line
    state = _(STATE_NAMES[line.state])
    place = line.holder or line.place or line.container or ""
    return f"{state} · {place}" if place else state


def told_person(card: PersonCard) -> str:
    """What the field above does not say of the person: their post, what they hold, what they answer for."""
    line = card.line
    parts = [line.title] if line.title else []
    if not line.is_open:
        parts.append(_("has left"))
    parts.append(ngettext("{n} in hand", "{n} in hand", card.in_hands).format(n=f"{card.in_hands:,}"))
    if card.overdue:
        parts.append(ngettext("{n} overdue", "{n} overdue", card.overdue).format(n=f"{card.overdue:,}"))
    if card.on_charge:
        parts.append(
            ngettext("{n} on their charge", "{n} on their charge", card.on_charge).format(n=f"{card.on_charge:,}")
        )
    return " · ".join(parts)
