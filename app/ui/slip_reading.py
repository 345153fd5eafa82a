"""Everything the page of one slip says, read in one go beside the window."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.actions import CATALOGUE
from app.domain.action import Asked, Kind, Refusal, questions
from app.domain.carrier import EVERYBODY, EVERYBODY_HERE, Label
from app.domain.regime import Regime
from app.domain.slip import RENEWAL, SlipState
from app.domain.words import N_, Term, Value, says
from app.services.desk import Desk
from app.services.offers import judged
from app.services.slips import found_on
from app.store import reads
from app.store.reads import CarrierLine, EnvelopeLine, ListedLine, SlipCard, Viewer
from app.store.reads.paging import is_digest
from app.store.reads.places import envelope_of_slip
from app.store.reads.scans import carriers_in_bag
from app.store.reads.slip_lines import texts
from app.ui.approval import NEEDED
from app.ui.marks import mark_words, period_words

JOBS = frozenset({"printing", "copying"})
"""Kinds whose lines are being made here."""
PAGE = 500
MORE_FACTS: Mapping[str, tuple[str, Kind]] = {
    "envelope_number": (N_("Envelope number"), Kind.CODE),
    "sent": (N_("Sent on"), Kind.DATE),
    "received": (N_("Received on"), Kind.DATE),
    "opened_at": (N_("Opened"), Kind.MOMENT),
    "began": (N_("Began"), Kind.MOMENT),
    "ended": (N_("Ended"), Kind.MOMENT),
    "reminders": (N_("Reminders sent"), Kind.DATE),
    "document": (N_("Document"), Kind.DOCUMENT),
    "original": (N_("Original"), Kind.STRUCTURE),
    "sheets": (N_("Sheets used"), Kind.NUMBER),
    "spoiled": (N_("Spoiled sheets"), Kind.NUMBER),
    "waste_by": (N_("Waste destroyed by"), Kind.PERSON),
    "stamped": (N_("Reproduction stamp on every copy"), Kind.FLAG),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipRead:
    """One slip as its page shows it."""

    card: SlipCard
    told: tuple[tuple[str, Value], ...] = ()
    """What was asked and what was noted: the question's own label and its answer in words."""
    labels: Mapping[Label, int] = field(default_factory=dict)
    """How far the labels are of what the slip's job still makes."""
    scanned: int = 0
    """Scans on a draft, or into the bag that is open."""
    envelope: EnvelopeLine | None = None
    document: int | None = None
    no_renewal: Refusal | None = None
    """Why nothing that is out on a loan may be renewed; None while any of it may be."""


def read_slip(desk: Desk, slip: int, viewer: Viewer) -> SlipRead | None:
    """The slip with all that its page needs; None when it is not for this viewer."""
    card = desk.read(reads.slip_card, slip, viewer=viewer)
    if card is None:
        return None
    regimes = desk.regimes()
    return SlipRead(
        card=card,
        told=(*_told(desk, card, regimes, viewer), *_proposed(desk, card, regimes, viewer)),
        labels=_labels(desk, card),
        scanned=_scanned(desk, card),
        envelope=_envelope(desk, card),
        document=_document(card),
        no_renewal=_no_renewal(desk, card, viewer),
    )


def every_line(desk: Desk, slip: int, viewer: Viewer, statuses: tuple[str, ...] = ()) -> tuple[ListedLine, ...]:
    """All lines of a slip, or those that stand so; five thousand take a tenth of a second."""
    found: list[ListedLine] = []
    after = None
    while True:
        page = desk.read(reads.slip_lines, slip, after, PAGE, viewer=viewer)
        found += [line for line in page.lines if not statuses or line.status in statuses]
        after = page.next
        if after is None:
            return tuple(found)


def carrier_lines(desk: Desk, numbers: tuple[int, ...] | list[int], viewer: Viewer) -> tuple[CarrierLine, ...]:
    """These carriers as lists show them."""
    return desk.read(reads.lines_of, list(numbers), viewer)


def _no_renewal(desk: Desk, card: SlipCard, viewer: Viewer) -> Refusal | None:
    """The first reason, once each of what is out has one: as a rule the first line has none, and no more are asked."""
    if card.line.kind != "loan" or card.line.state is not SlipState.EXECUTING:
        return None
    reason = None
    for line in every_line(desk, card.line.id, viewer, ("out",)):
        if line.carrier is None:
            return None
        (offered,) = judged(desk, (RENEWAL,), line.carrier.ref)
        # What stands against whoever reads, such as a duty they have not, says nothing about the loan.
        against = [refusal for refusal in offered.refusals if refusal.rule != NEEDED and refusal.subject is not None]
        if not against:
            return None
        reason = reason or against[0]
    return reason


def _document(card: SlipCard) -> int | None:
    number = card.answers.get("document", card.facts.get("document"))
    return number if isinstance(number, int) else None


def _labels(desk: Desk, card: SlipCard) -> Mapping[Label, int]:
    # A receipt closes with the count; its copies may still want their labels then.
    is_job = card.line.kind in JOBS and card.line.state is SlipState.EXECUTING
    if not is_job and card.line.kind != "receipt":
        return {}
    return desk.read(reads.labels_of_slip, card.line.id)


def _scanned(desk: Desk, card: SlipCard) -> int:
    if card.line.state is SlipState.DRAFT:
        return len(desk.read(found_on, card.line.id))
    if card.line.kind == "destruction" and card.line.is_open:
        return len(desk.read(carriers_in_bag, card.line.id))
    return 0


def _envelope(desk: Desk, card: SlipCard) -> EnvelopeLine | None:
    return desk.read(envelope_of_slip, card.line.id) if card.line.kind == "receipt" else None


# --- what was answered -------------------------------------------------------------------------------------------


def _told(desk: Desk, card: SlipCard, regimes: tuple[Regime, ...], viewer: Viewer) -> Iterator[tuple[str, Value]]:
    asked = _questions_of(card.line.kind, card.line.action)
    regime = next((each for each in regimes if each.code == card.line.regime), None)
    facts = _worded(desk, card.facts)
    for name, value in {**card.answers, **facts}.items():
        if value in (None, "", [], False):
            continue
        if name in MORE_FACTS:
            label, kind = MORE_FACTS[name]
            question = Asked(kind, label)
        elif name in asked:
            question = asked[name]
        else:
            continue
        words = _answer(desk, card, question, value, regime, viewer)
        if words not in (None, ""):
            yield question.label, words


def _proposed(desk: Desk, card: SlipCard, regimes: tuple[Regime, ...], viewer: Viewer) -> Iterator[tuple[str, Value]]:
    """What the authority is to decide on a classification slip: the mark, who may know, and by which provision."""
    number = _document(card)
    if card.line.kind != "classification" or number is None:
        return
    document = desk.read(reads.document_card, number, viewer=viewer)
    if document is None:
        return
    yield N_("Mark"), mark_words(document.line, regimes)
    if document.line.period:
        yield N_("Period"), period_words(document.line.period)  # not every regime's mark says it
    units = tuple(says(EVERYBODY_HERE) if unit == EVERYBODY else unit for unit in document.scope_units)
    scope = (*units, *(name for _number, name in document.scope_people))
    if scope:
        yield N_("Who may know of it"), scope
    if document.sources:
        named = (f"{mark_words(line, regimes)} {line.reference or line.title}" for line in document.sources)
        yield N_("Made from"), tuple(named)
    if document.basis:
        yield N_("Basis"), document.basis


def _questions_of(kind: str, act: str | None) -> dict[str, Asked]:
    """The questions of the acts on such a slip, those of its own act first."""
    found: dict[str, Asked] = {}
    for action in sorted(CATALOGUE.values(), key=lambda each: each.code != act):
        if action.slip_kind == kind:
            for name, asked in questions(action).items():
                if not asked.each:
                    found.setdefault(name, asked)
    return found


def _worded(desk: Desk, facts: Mapping[str, Any]) -> dict[str, Any]:
    digests = {value for value in facts.values() if is_digest(value)}
    words = desk.read(texts, digests) if digests else {}
    return {name: words.get(value, value) if is_digest(value) else value for name, value in facts.items()}


def _answer(desk: Desk, card: SlipCard, asked: Asked, value: Any, regime: Regime | None, viewer: Viewer) -> Value:
    """One answer in words; empty when it says nothing to people."""
    if isinstance(value, list):
        each = (_answer(desk, card, asked, one, regime, viewer) for one in value)
        return tuple(words for words in each if words not in (None, ""))
    if asked.kind in (Kind.PERSON, Kind.PEOPLE):
        return card.names.get(value, "")
    if asked.kind in (Kind.DATE, Kind.MOMENT):
        return _day(value)
    if asked.kind is Kind.CHANNEL:
        return _channel(desk, value, regime)
    named = _NAMED.get(asked.kind)
    if named is not None:
        return named(desk, value, viewer)
    return says(N_("yes")) if asked.kind is Kind.FLAG else _chosen(asked, value, regime)


def _channel(desk: Desk, value: Any, regime: Regime | None) -> Value:
    """The channel's name; a draft has no regime before something lies on it."""
    regimes = desk.regimes() if regime is None else (regime, *desk.regimes())
    names = (answer.value.name for each in regimes for answer in each.channels() if answer.value.code == value)
    return next((Term(name.zh, name.en) for name in names), str(value))


def _place(desk: Desk, value: Any, viewer: Viewer) -> Value:
    place = desk.read(reads.place_card, value, 1, viewer=viewer)
    return place.line.name if place else ""


def _document_words(desk: Desk, value: Any, viewer: Viewer) -> Value:
    lines = desk.read(reads.document_lines, [value], viewer)
    return " · ".join(part for part in (lines[0].reference, lines[0].title) if part) if lines else ""


def _original(desk: Desk, value: Any, viewer: Viewer) -> Value:
    lines = desk.read(reads.lines_of, [value], viewer)
    return lines[0].number if lines else ""


_NAMED: Mapping[Kind, Callable[[Desk, Any, Viewer], Value]] = {
    Kind.PLACE: _place,
    Kind.DOCUMENT: _document_words,
    Kind.DOCUMENTS: _document_words,
    Kind.STRUCTURE: _original,
}


def _day(value: Any) -> Value:
    if not isinstance(value, str):
        return ""
    return date.fromisoformat(value) if len(value) == len("2026-05-19") else datetime.fromisoformat(value).astimezone()


def _chosen(asked: Asked, value: Any, regime: Regime | None) -> Value:
    declared = next((words for code, words in asked.choices if code == value), None)
    if declared is not None:
        return says(declared)
    if asked.kind is Kind.LEVEL and regime is not None and regime.has_level(value):
        name = regime.level(value).value.name
        return Term(name.zh, name.en)
    is_count = isinstance(value, int) and asked.kind is Kind.NUMBER
    return value if isinstance(value, str) or is_count else ""


def signed_on_paper(card: SlipCard) -> Iterator[tuple[int, str, int | None]]:
    """Who signed on returned paper, in which role, on which paper."""
    for signature in card.signatures:
        if signature.person is not None and signature.how == "paper":
            yield signature.person, signature.role.rstrip("0123456789").rstrip("_"), signature.paper
