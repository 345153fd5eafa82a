"""What the counter shows in lines: what somebody holds, what waits for them, what crosses the counter now."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.carrier import STATE_NAMES
from app.domain.people import DUTIES
from app.domain.slip import SlipState
from app.domain.words import N_
from app.i18n import _, ngettext
from app.store.reads import CarrierLine, PersonCard, SlipLine
from app.ui.marks import level_words, strip_of
from app.ui.rows import Column
from app.ui.slip_words import kind_words, role_words, state_words
from app.ui.telling import lateness
from app.ui.workplace import Workplace


@dataclass(frozen=True)
class Across:
    """One copy on the counter, and what happens with it."""

    line: CarrierLine
    does: str


DOES = {"return": N_("comes back"), "lend": N_("goes out"), "count": N_("is here")}


def held_columns(workplace: Workplace) -> tuple[Column[CarrierLine], ...]:
    """What is in somebody's hands, the earliest due first."""
    regimes = workplace.regimes

    def due(line: CarrierLine) -> tuple[str, str]:
        today = workplace.today()
        return lateness((today - line.due).days, line.due, today) if line.due else ("", "")

    return (
        Column(N_("Due"), lambda line: due(line)[0], width=84, kind=lambda line: due(line)[1]),
        Column(N_("Number"), lambda line: line.number, width=112),
        Column(
            N_("Level"),
            lambda line: strip_of(line, regimes).words,
            width=104,
            paint=lambda line: strip_of(line, regimes),
        ),
        Column(N_("Title"), lambda line: line.title, width=160),
    )


def slip_columns(workplace: Workplace) -> tuple[Column[SlipLine], ...]:
    """Slips made out to somebody that are still open."""

    def stands(line: SlipLine) -> str:
        if line.state is SlipState.SUBMITTED and line.next_role:
            role = role_words(workplace.regime(line.regime or ""), line.next_role)
            return _("waits for: {role}").format(role=role)
        return state_words(line.state)

    return (
        Column(N_("Number"), lambda line: line.number, width=112),
        Column(N_("Kind"), lambda line: kind_words(line.kind), width=110),
        Column(N_("State"), stands, width=150),
    )


def across_columns(workplace: Workplace) -> tuple[Column[Across], ...]:
    """What lies on the counter."""
    regimes = workplace.regimes
    return (
        Column(N_("What happens"), lambda each: _(DOES[each.does]), width=104),
        Column(N_("Number"), lambda each: each.line.number, width=112),
        Column(
            N_("Level"),
            lambda each: strip_of(each.line, regimes).words,
            width=104,
            paint=lambda each: strip_of(each.line, regimes),
        ),
        Column(N_("Where the book has it"), where, width=160),
    )


def where(each: Across) -> str:
    """Where the book has the copy, to compare with the counter."""
    line = each.line
    state = _(STATE_NAMES[line.state])
    place = line.holder or line.place or line.container or ""
    return f"{state} · {place}" if place else state


def told_person(card: PersonCard, workplace: Workplace) -> str:
    """The person in a few lines: who, with which duties and clearances, what they answer for."""
    line = card.line
    who = " · ".join(part for part in (line.name, line.department, line.title) if part)
    lines = [who if line.is_open else _("{who} · has left").format(who=who)]
    if line.duties:
        lines.append(", ".join(_(DUTIES[duty]) for duty in line.duties if duty in DUTIES))
    cleared = [
        level_words(level, workplace.regimes, code)
        for code, level in line.clearances.items()
        if workplace.regime(code) is not None
    ]
    levels = ", ".join(dict.fromkeys(cleared))
    lines.append(_("Cleared for {levels}").format(levels=levels) if levels else _("Cleared for nothing"))
    held = ngettext("{n} in hand", "{n} in hand", card.in_hands).format(n=f"{card.in_hands:,}")
    late = ngettext("{n} overdue", "{n} overdue", card.overdue).format(n=f"{card.overdue:,}")
    charge = ngettext("{n} on their charge", "{n} on their charge", card.on_charge).format(n=f"{card.on_charge:,}")
    lines.append(" · ".join([held, late, charge] if card.overdue else [held, charge]))
    return "\n".join(lines)
