"""What forms ask for, answered by the register: people, places, documents, slips, and the words of its regimes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from app.domain.action import Kind, Subject
from app.domain.carrier import EVERYBODY, EVERYBODY_HERE, KIND_NAMES
from app.domain.people import DUTIES
from app.domain.period import PeriodKind
from app.domain.regime import Caveat, Regime
from app.domain.words import N_, Term
from app.i18n import _, in_words
from app.services.desk import Desk
from app.store import reads
from app.store.reads import DocumentFilter, SlipFilter, Viewer
from app.ui.background import Background, owner_of
from app.ui.marks import level_choices, level_words, mark_words
from app.ui.sources import Choice, Chosen, Found

MOST = 12
"""More finds than this nobody reads while typing."""
PERIOD_UNITS: tuple[tuple[PeriodKind, str, str], ...] = (
    (PeriodKind.YEARS, "y", N_("years")),
    (PeriodKind.MONTHS, "m", N_("months")),
    (PeriodKind.DATE, "date", N_("until the day")),
    (PeriodKind.CONDITION, "cond:", N_("until this happens")),
    (PeriodKind.PERMANENT, "permanent", N_("permanent")),
    (PeriodKind.LONG, "long", N_("long")),
    (PeriodKind.SHORT, "short", N_("short")),
)


class DeskSources(QObject):
    """Answers later, from the reading lane; the few fixed answers of the regimes at once."""

    def __init__(
        self,
        desk: Desk,
        background: Background,
        regimes: Sequence[Regime],
        viewer: Viewer,
        departments: Sequence[str] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._desk, self._background, self._viewer = desk, background, viewer
        self._regimes, self._departments = tuple(regimes), tuple(departments)
        self._finds: dict[Kind, Callable[[str], list[Choice]]] = {
            Kind.PERSON: self._people, Kind.PEOPLE: self._people, Kind.PLACE: self._places,
            Kind.DOCUMENT: self._documents, Kind.SLIP: self._slips, Kind.ENVELOPE: self._envelopes,
            Kind.DOCUMENTS: self._documents,
        }  # fmt: skip
        self._knows: dict[Kind, Callable[[int], Choice | None]] = {
            Kind.PERSON: self._person, Kind.PEOPLE: self._person, Kind.PLACE: self._place,
            Kind.DOCUMENT: self._document, Kind.SLIP: self._slip, Kind.ENVELOPE: self._envelope,
            Kind.DOCUMENTS: self._document,
        }  # fmt: skip
        self._fixed: dict[Kind, Callable[[], Sequence[Choice]]] = {
            Kind.LEVEL: self._levels, Kind.PERIOD: self._periods, Kind.CAVEATS: self._caveats,
            Kind.CHANNEL: self._channels, Kind.CARRIER_KIND: self._kinds, Kind.DUTY: self._duties,
            Kind.REGIME: self._regimes_in_force, Kind.UNITS: self._units,
        }  # fmt: skip

    def of_regime(self, code: str | None) -> DeskSources:
        """The same, with the words of one regime only: its levels, caveats, channels and periods."""
        narrowed = [regime for regime in self._regimes if regime.code == code]
        if not narrowed:
            return self
        return DeskSources(self._desk, self._background, narrowed, self._viewer, self._departments, self)

    # --- what is found ------------------------------------------------------------------------------------------

    def search(self, kind: Kind, text: str, found: Chosen) -> None:
        """Find by name, number or badge."""
        if kind in self._finds:
            self._background.read(partial(self._finds[kind], text), found, owner=_owner(found, self))

    def by_code(self, code: str, found: Found) -> None:
        """What a scanned code names; a copy stands for its document."""
        self._background.read(partial(self._named_by, code), found, owner=_owner(found, self))

    def by_value(self, kind: Kind, value: Any, found: Found) -> None:
        """The words of an answer that is already known."""
        if kind in self._knows and isinstance(value, int):
            self._background.read(partial(self._knows[kind], value), found, owner=_owner(found, self))

    def _named_by(self, code: str) -> Choice | None:
        scanned = self._desk.read(reads.scan, code, viewer=self._viewer)
        if scanned.ref is None or scanned.is_hidden:
            return None
        if scanned.ref.kind is Subject.CARRIER:
            card = self._desk.read(reads.carrier_card, scanned.ref.id, viewer=self._viewer)
            return self._document(card.line.document) if card else None
        kind = next((kind for kind, subject in SUBJECTS.items() if subject is scanned.ref.kind), None)
        return self._knows[kind](scanned.ref.id) if kind else None

    def _people(self, text: str) -> list[Choice]:
        return [self._of_person(line) for line in self._desk.read(reads.people_like, text, MOST)]

    def _places(self, text: str) -> list[Choice]:
        return [self._of_place(line) for line in self._desk.read(reads.places_like, text, MOST)]

    def _documents(self, text: str) -> list[Choice]:
        page = self._desk.read(reads.document_page, DocumentFilter(text=text), limit=MOST, viewer=self._viewer)
        return [self._of_document(line) for line in page.lines]

    def _slips(self, text: str) -> list[Choice]:
        page = self._desk.read(reads.slip_page, SlipFilter(number=text), limit=MOST, viewer=self._viewer)
        return [self._of_slip(line) for line in page.lines]

    def _envelopes(self, text: str) -> list[Choice]:
        page = self._desk.read(reads.envelope_page, number=text, limit=MOST)
        return [Choice(line.id, line.number, line.sender or "") for line in page.lines]

    def _person(self, number: int) -> Choice | None:
        card = self._desk.read(reads.person_card, number, self._desk.today(), 1, viewer=self._viewer)
        return self._of_person(card.line) if card else None

    def _place(self, number: int) -> Choice | None:
        card = self._desk.read(reads.place_card, number, 1, viewer=self._viewer)
        return self._of_place(card.line) if card else None

    def _document(self, number: int) -> Choice | None:
        lines = self._desk.read(reads.document_lines, [number], self._viewer)
        return self._of_document(lines[0]) if lines else None

    def _slip(self, number: int) -> Choice | None:
        card = self._desk.read(reads.slip_card, number, viewer=self._viewer)
        return self._of_slip(card.line) if card else None

    def _envelope(self, number: int) -> Choice | None:
        card = self._desk.read(reads.envelope_card, number, 1, viewer=self._viewer)
        return Choice(card.line.id, card.line.number, card.line.sender or "") if card else None

    def _of_person(self, line: reads.PersonLine) -> Choice:
        cleared = [
            level_words(level, self._regimes, code)
            for code, level in line.clearances.items()
            if any(regime.code == code for regime in self._regimes)
        ]
        parts = [line.department, *(_(DUTIES[duty]) for duty in line.duties if duty in DUTIES)]
        if cleared:
            parts.append(_("cleared for {levels}").format(levels=in_words(tuple(dict.fromkeys(cleared)))))
        return Choice(line.id, line.name, " · ".join(part for part in parts if part))

    def _of_place(self, line: reads.PlaceLine) -> Choice:
        parts = [line.within_name or "", _("grade {n}").format(n=line.grade) if line.grade else ""]
        return Choice(line.id, line.name, " · ".join(part for part in parts if part))

    def _of_document(self, line: reads.DocumentLine) -> Choice:
        words = " · ".join(part for part in (line.reference, line.title) if part)
        return Choice(line.id, words, mark_words(line, self._regimes))

    def _of_slip(self, line: reads.SlipLine) -> Choice:
        return Choice(line.id, line.number, line.party or line.opened_by)

    # --- what is fixed ------------------------------------------------------------------------------------------

    def choices(self, kind: Kind, name: str) -> Sequence[Choice]:
        """Levels, periods, caveats, channels, kinds, duties, regimes and units, as the regimes at hand have them."""
        return self._fixed[kind]() if kind in self._fixed else ()

    def _levels(self) -> Sequence[Choice]:
        return level_choices(self._regimes)

    def _periods(self) -> Sequence[Choice]:
        known = {kind for regime in self._regimes for kind in regime.period_kinds().value}
        return [Choice(code, _(words)) for kind, code, words in PERIOD_UNITS if kind in known]

    def _caveats(self) -> Sequence[Choice]:
        return _once(_caveat(regime, answer.value) for regime in self._regimes for answer in regime.caveats())

    def _channels(self) -> Sequence[Choice]:
        return _once(
            Choice(answer.value.code, in_words(Term(answer.value.name.zh, answer.value.name.en)))
            for regime in self._regimes
            for answer in regime.channels()
            if answer.value.allowed
        )

    def _kinds(self) -> Sequence[Choice]:
        return [Choice(kind, _(words)) for kind, words in KIND_NAMES.items()]

    def _duties(self) -> Sequence[Choice]:
        return [Choice(duty, _(words)) for duty, words in DUTIES.items()]

    def _regimes_in_force(self) -> Sequence[Choice]:
        return [Choice(regime.code, in_words(Term(regime.name.zh, regime.name.en))) for regime in self._regimes]

    def _units(self) -> Sequence[Choice]:
        return [Choice(EVERYBODY, _(EVERYBODY_HERE)), *(Choice(name, name) for name in self._departments)]


SUBJECTS = {
    Kind.PERSON: Subject.PERSON, Kind.PLACE: Subject.PLACE, Kind.DOCUMENT: Subject.DOCUMENT, Kind.SLIP: Subject.SLIP,
    Kind.ENVELOPE: Subject.ENVELOPE,
}  # fmt: skip


def _caveat(regime: Regime, caveat: Caveat) -> Choice:
    name = in_words(Term(caveat.name.zh, caveat.name.en))
    # Where marks are written in English everybody knows a caveat by its code: NOFORN, not what it stands for.
    words, also = (caveat.code, name) if regime.rules.language == "en" else (name, "")
    return Choice(caveat.code, words, also)


def _once(choices: Iterable[Choice]) -> list[Choice]:
    """Each value once, where two regimes share it."""
    return list({choice.value: choice for choice in choices}.values())


def _owner(found: Callable[..., Any], otherwise: QObject) -> QObject:
    """The field that asked: an answer for a closed dialog is for nobody."""
    return owner_of(found) or otherwise
