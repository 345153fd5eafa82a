"""The columns of every list of carriers; a column is one line."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.carrier import KIND_NAMES, LABEL_NAMES, STATE_NAMES
from app.domain.words import N_
from app.i18n import _
from app.store.reads import CarrierLine
from app.ui.marks import mark_words, strip_of
from app.ui.rows import DAY_WIDTH, MARK_WIDTH, RIGHT, Column
from app.ui.telling import brief_day
from app.ui.workplace import Workplace

USUALLY_HIDDEN = (
    N_("Custodian"), N_("Kind"), N_("Pages"), N_("Reference"), N_("Slip"), N_("Label"), N_("Archive number"),
    N_("Serial number"),
)  # fmt: skip


def usually_hidden() -> tuple[str, ...]:
    """Titles of columns that are put away until somebody wants them."""
    return USUALLY_HIDDEN


def columns_of(workplace: Workplace) -> Sequence[Column[CarrierLine]]:
    """Mark, number, title, state, where, due, and the rest."""
    regimes = workplace.regimes

    def due(line: CarrierLine) -> str:
        return brief_day(line.due, workplace.today()) if line.due else ""

    def lateness(line: CarrierLine) -> str:
        return "bad" if line.due is not None and line.due < workplace.today() else ""

    return (
        Column(
            N_("Mark"),
            lambda line: mark_words(line, regimes),
            width=MARK_WIDTH,
            paint=lambda line: strip_of(line, regimes),
        ),
        Column(N_("Number"), lambda line: line.number, "number", width=142, one_way=True),
        Column(N_("Copy"), copy_words, "copy", width=50, align=RIGHT, one_way=True),
        Column(N_("Title"), lambda line: line.title, width=166, grows=True),
        Column(N_("State"), lambda line: _(STATE_NAMES[line.state]), width=80),
        Column(N_("Where"), where_words, width=104, grows=True),
        Column(N_("Due"), due, "due", width=DAY_WIDTH, kind=lateness, one_way=True),
        Column(N_("Department"), lambda line: line.department or "", width=96, grows=True),
        Column(N_("Custodian"), lambda line: line.custodian or "", width=96),
        Column(N_("Kind"), lambda line: _(KIND_NAMES[line.kind]), width=90),
        Column(N_("Pages"), lambda line: str(line.pages or ""), width=60, align=RIGHT),
        Column(N_("Reference"), lambda line: line.reference or "", width=120),
        Column(N_("Slip"), lambda line: line.slip or "", width=100),
        Column(N_("Label"), lambda line: _(LABEL_NAMES[line.label]), width=110),
        Column(N_("Archive number"), lambda line: line.archive_no or "", width=110),
        Column(N_("Serial number"), lambda line: line.serial_no or "", width=110),
    )


def copy_words(line: CarrierLine) -> str:
    """Which copy of how many."""
    if line.copy_no is None:
        return ""
    return f"{line.copy_no}/{line.copies_of}" if line.copies_of else str(line.copy_no)


def where_words(line: CarrierLine) -> str:
    """Somebody's hands, a place, an envelope, or the slip it travels with."""
    return line.holder or line.place or line.container or line.way or ""
