"""The lines of a slip as its page lists them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.regime import Regime
from app.domain.words import N_
from app.store.reads import CarrierLine, ListedLine
from app.ui.marks import strip_of
from app.ui.rows import Column
from app.ui.slip_words import line_words, noted


def line_columns(regimes: Sequence[Regime]) -> tuple[Column[ListedLine], ...]:
    """Which carrier, how the line stands, what was noted; empty where a line is of none that may be seen."""

    def carrier(line: ListedLine, words: Callable[[CarrierLine], str]) -> str:
        return words(line.carrier) if line.carrier is not None else ""

    return (
        Column(N_("No."), lambda line: str(line.no), width=44),
        Column(N_("Number"), lambda line: carrier(line, lambda each: each.number), width=132),
        Column(
            N_("Level"), lambda line: carrier(line, lambda each: strip_of(each, regimes).words), width=195,
            paint=lambda line: strip_of(line.carrier, regimes) if line.carrier is not None else None,
        ),
        Column(N_("Stands"), lambda line: line_words(line.status), width=160),
        Column(N_("Pages"), lambda line: carrier(line, lambda each: str(each.pages or "")), width=56),
        Column(N_("Title"), lambda line: carrier(line, lambda each: each.title), width=130, grows=True),
        Column(N_("Noted"), noted, width=100, grows=True),
    )  # fmt: skip
