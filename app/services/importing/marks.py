"""Levels, periods and caveats as an old book writes them; what is not known is refused with what is."""

from __future__ import annotations

import re

from app.domain.checks import level_name
from app.domain.classification import Mark, Objection, Period, read_mark, read_period
from app.domain.regime import Regime
from app.domain.words import N_, Says, Term, says
from app.services.importing.files import NotImportable, heading
from app.services.importing.mapping import Mapping, Marked


class Unfit(Exception):
    """A row that cannot be taken over: the field it fails in, and why."""

    def __init__(self, field: str, reason: Says) -> None:
        super().__init__(field)
        self.field = field
        self.reason = reason


def refuse_unknown_words(mapping: Mapping, regime: Regime) -> None:
    """A mapping that means a level or a caveat the regime has not is wrong as a whole; raises `NotImportable`."""
    marked = tuple(map(_marked, mapping.levels.values()))
    caveats = {code for each in marked for code in each.caveats} | set(mapping.caveats.values()) - {""}
    spoken = (
        (N_("level"), {each.level for each in marked}, tuple(answer.value.code for answer in regime.levels())),
        (N_("caveats"), caveats, tuple(answer.value.code for answer in regime.caveats())),
    )
    for what, codes, known in spoken:
        if unknown := tuple(sorted(codes - set(known))):
            wrong = N_("The mapping means what the regime {regime} does not have: {field} {codes}.")
            raise NotImportable(
                says(wrong, regime=regime.code, field=says(what), codes=unknown),
                says(N_("Known are: {known}."), known=known),
            )
    if level := mapping.constants.get("level"):
        try:
            Marks(mapping, regime).level(level)
        except Unfit as unfit:
            raise NotImportable(unfit.reason, says(N_("Correct the level that the mapping gives."))) from unfit


class Marks:
    """What the words of one file mean under one regime: the mapping's words first, then the regime's own."""

    def __init__(self, mapping: Mapping, regime: Regime) -> None:
        self._regime = regime
        self._read: dict[str, Mark | Objection | None] = {}
        self._levels = {heading(text): _marked(value) for text, value in mapping.levels.items()}
        for answer in regime.levels():
            for name in (answer.value.code, answer.value.name.zh, answer.value.name.en):
                self._levels.setdefault(heading(name), Marked(answer.value.code))
        self._caveats = {heading(text): code for text, code in mapping.caveats.items()}
        for known in regime.caveats():
            for name in (known.value.code, known.value.name.zh, known.value.name.en, *known.value.also_marked):
                self._caveats.setdefault(heading(name), known.value.code)
        self._split = re.compile(f"[{re.escape(mapping.caveats_split)}]") if mapping.caveats_split else None

    def level(self, text: str) -> Mark:
        """The level, and the period and caveats of a mark written whole, as 机密★10年."""
        if not text:
            raise Unfit("level", says(N_("no level; known are {levels}"), levels=self._known_levels()))
        if text not in self._read:
            self._read[text] = self._mark(text)
        found = self._read[text]
        if isinstance(found, Mark):
            return found
        if isinstance(found, Objection) and found.citation:  # the level is known; the regime objects to the rest
            raise Unfit("level", found.reason)
        reason = says(N_("“{text}” is no known level; known are {levels}"), text=text, levels=self._known_levels())
        raise Unfit("level", reason)

    def _mark(self, text: str) -> Mark | Objection | None:
        if marked := self._levels.get(heading(text)):
            return Mark(marked.level, None, marked.caveats) if self._regime.has_level(marked.level) else None
        return read_mark(text, self._regime)

    def _known_levels(self) -> tuple[Term, ...]:
        return tuple(level_name(self._regime, answer.value.code) for answer in self._regime.levels())

    def period(self, text: str, mark: Mark) -> Period | None:
        """The period written for itself, else the one in the mark."""
        if not text:
            return mark.period
        read = read_period(text, self._regime)
        if isinstance(read, Objection):
            raise Unfit("period", read.reason)
        return read

    def caveats(self, text: str) -> tuple[set[str], list[str]]:
        """The caveats, and the handling words that the mapping says are none."""
        found: set[str] = set()
        handling: list[str] = []
        for piece in self._pieces(text):
            code = self._caveats.get(heading(piece))
            if code is None:
                known = tuple(Term(each.value.name.zh, each.value.name.en) for each in self._regime.caveats())
                reason = says(N_("“{text}” is no known caveat; known are {known}"), text=piece, known=known)
                raise Unfit("caveats", reason)
            if code:
                found.add(code)
            else:
                handling.append(piece)
        return found, handling

    def _pieces(self, text: str) -> list[str]:
        if not text or self._split is None or heading(text) in self._caveats:
            return [text] if text else []
        return [piece.strip() for piece in self._split.split(text) if piece.strip()]


def _marked(value: str | Marked) -> Marked:
    return Marked(value) if isinstance(value, str) else value
