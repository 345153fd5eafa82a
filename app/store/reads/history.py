"""What happened to a subject, in sentences: entries with every number in them turned into a name."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from string import Formatter
from typing import Any

from sqlalchemy import Connection

from app.domain.action import Asked, Kind, Ref, Subject
from app.domain.carrier import STATE_NAMES, State
from app.domain.ledger import Entry, entry_of
from app.domain.people import DUTIES
from app.domain.regime import Regime
from app.domain.slip import SLIP_STATE_NAMES, SlipState
from app.domain.words import N_, Says, Term, Value, says
from app.store.reads.paging import is_digest, rows
from app.store.reads.slip_lines import texts
from app.store.reads.visible import fit_to_show

Sentences = Mapping[str, str]
"""An act's `told` by its code."""
Questions = Mapping[str, Mapping[str, Asked]]
"""An act's questions by its code and field: `action.questions(CATALOGUE[code])`."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody else who stood behind an act."""

    person: int
    name: str
    role: str
    how: str
    paper: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One entry as people read it."""

    seq: int
    at: datetime
    """When it was entered."""
    happened: datetime | None
    """When it is said to have taken place, where that differs."""
    action: str
    subject: Ref
    subject_number: str | None
    sentence: Says
    actor: str
    acting_as: str
    act: int
    """The first entry of the same act."""
    slip: int | None
    slip_number: str | None
    signers: tuple[Signer, ...]
    corrects: int | None
    answers: Mapping[str, Value]
    """Every answer given, in words."""


FIELD_KINDS: dict[str, Kind] = {
    "hands": Kind.PERSON, "custodian": Kind.PERSON, "party": Kind.PERSON, "keeper": Kind.PERSON,
    "drafter": Kind.PERSON, "signed_by": Kind.PERSON, "opened_by": Kind.PERSON, "person": Kind.PERSON,
    "place": Kind.PLACE, "within": Kind.PLACE, "container": Kind.ENVELOPE, "envelope": Kind.ENVELOPE,
    "way": Kind.SLIP, "slip": Kind.SLIP, "document": Kind.DOCUMENT, "sources": Kind.DOCUMENTS, "level": Kind.LEVEL,
    "due": Kind.DATE, "issued": Kind.DATE, "lifts": Kind.DATE, "duty": Kind.DUTY,
}  # fmt: skip
"""What the subjects' own fields hold; an answer's kind is told by its question."""
_NAMED = {
    Kind.PERSON: "P", Kind.PEOPLE: "P", Kind.PLACE: "L", Kind.ENVELOPE: "E", Kind.SLIP: "S", Kind.DOCUMENT: "D",
    Kind.DOCUMENTS: "D",
}  # fmt: skip
_ENTRIES = "SELECT seq, body FROM ledger WHERE {where} AND seq < :before ORDER BY seq DESC LIMIT :limit"


def history_of(
    connection: Connection,
    ref: Ref,
    before: int | None = None,
    limit: int = 50,
    *,
    sentences: Sentences,
    questions: Questions,
    regimes: Iterable[Regime] = (),
) -> list[HistoryLine]:
    """The entries about one subject, newest first; `before` is the last `seq` of the page before."""
    found = rows(
        connection,
        _ENTRIES.format(where="subject_kind = :kind AND subject = :subject"),
        {"kind": str(ref.kind), "subject": ref.id, "before": before or 2**62, "limit": limit},
    )
    return told(connection, [(row[0], bytes(row[1])) for row in found], sentences, questions, regimes)


def wrote_last(connection: Connection, ref: Ref, field: str, looks: int = 500) -> int | None:
    """The newest entry about a subject that wrote this field; the oldest that was looked at where none did."""
    found = rows(
        connection,
        _ENTRIES.format(where="subject_kind = :kind AND subject = :subject"),
        {"kind": str(ref.kind), "subject": ref.id, "before": 2**62, "limit": looks},
    )
    wrote = (row[0] for row in found if field in entry_of(bytes(row[1])).c)
    return next(wrote, found[-1][0] if found else None)


def told(
    connection: Connection,
    found: Sequence[tuple[int, bytes]],
    sentences: Sentences,
    questions: Questions,
    regimes: Iterable[Regime] = (),
) -> list[HistoryLine]:
    """Stored entries as people read them, in a constant number of statements."""
    entries = [(seq, entry_of(body)) for seq, body in found]
    words = _Words(questions, {level.value.code: _term(level.value.name) for r in regimes for level in r.levels()})
    answers = _answers(connection, [entry for _, entry in entries], questions)
    for (_, entry), given in zip(entries, answers, strict=True):
        words.note(entry, given)
    words.look_up(connection)
    return [
        _line(seq, entry, given, sentences.get(entry.a, entry.a.replace("_", " ")), words)
        for (seq, entry), given in zip(entries, answers, strict=True)
    ]


def _answers(connection: Connection, entries: Sequence[Entry], questions: Questions) -> list[dict[str, Any]]:
    """What was answered for each entry; answers to an act as a whole stand in its first entry only."""
    wanted = json.dumps(sorted({entry.l for entry in entries if entry.l}))
    sql = "SELECT seq, body FROM ledger WHERE seq IN (SELECT value FROM json_each(:leads))"
    leads = {row[0]: entry_of(bytes(row[1])) for row in rows(connection, sql, {"leads": wanted})}
    found = []
    for entry in entries:
        lead = leads.get(entry.l)
        asked = questions.get(entry.a, {})
        whole = {**lead.c, **lead.q} if lead else {}
        shared = {name: value for name, value in whole.items() if name in asked and not asked[name].each}
        found.append({**shared, **entry.q})
    return found


def _term(name: Any) -> Term:
    return Term(name.zh, name.en)


def _line(seq: int, entry: Entry, answers: Mapping[str, Any], sentence: str, words: _Words) -> HistoryLine:
    given = {**answers, **entry.c}
    wanted = [name for _, name, _, _ in Formatter().parse(sentence) if name]
    values = {name: words.of(entry, name, given.get(name)) for name in wanted}
    return HistoryLine(
        seq=seq,
        at=datetime.fromisoformat(entry.t),
        happened=datetime.fromisoformat(entry.h) if entry.h else None,
        action=entry.a,
        subject=entry.subject,
        subject_number=words.name(entry.o[0], entry.subject.id),
        sentence=Says(sentence, values),
        actor=words.name("P", entry.p) or "",
        acting_as=entry.r,
        act=entry.l or seq,
        slip=entry.s or None,
        slip_number=words.name("S", entry.s),
        signers=tuple(Signer(w[0], words.name("P", w[0]) or "", w[1], w[2], w[3] or None) for w in entry.w),
        corrects=entry.k or None,
        # Who reads a history need not be cleared for what the document says.
        answers={name: words.of(entry, name, value) for name, value in fit_to_show(answers, is_cleared=False).items()},
    )


_LOOK: dict[str, str] = {
    "P": "SELECT p.id, t.words FROM persons p LEFT JOIN texts t ON t.digest = p.name",
    "L": "SELECT p.id, t.words FROM places p LEFT JOIN texts t ON t.digest = p.name",
    "S": "SELECT p.id, p.number FROM slips p",
    "E": "SELECT p.id, p.number FROM envelopes p",
    "C": "SELECT p.id, p.number FROM carriers p",
    "D": "SELECT p.id, p.reference FROM documents p",
}


@dataclass(slots=True)
class _Words:
    """The names of everything that a page of entries mentions, looked up kind by kind."""

    questions: Questions
    levels: Mapping[str, Term]
    wanted: dict[str, set[int]] = field(default_factory=lambda: {letter: set() for letter in _LOOK})
    digests: set[str] = field(default_factory=set)
    names: dict[tuple[str, int], str | None] = field(default_factory=dict)
    words: Mapping[str, str | None] = field(default_factory=dict)

    def kind(self, entry: Entry, name: str) -> Kind | None:
        """What that answer or field holds."""
        asked = self.questions.get(entry.a, {}).get(name)
        return asked.kind if asked else FIELD_KINDS.get(name)

    def note(self, entry: Entry, answers: Mapping[str, Any]) -> None:
        """Remember what the entry mentions."""
        self.wanted["P"] |= {entry.p, *(w[0] for w in entry.w)}
        if entry.s:
            self.wanted["S"].add(entry.s)
        if entry.o[0] in self.wanted:
            self.wanted[entry.o[0]].add(entry.subject.id)
        for name, value in (*answers.items(), *entry.c.items()):
            letter = _NAMED.get(self.kind(entry, name) or Kind.CODE)
            for each in value if isinstance(value, list) else [value]:
                if letter and isinstance(each, int):
                    self.wanted[letter].add(each)
                elif is_digest(each):
                    self.digests.add(each)

    def look_up(self, connection: Connection) -> None:
        """One statement for each kind of subject, one for the texts."""
        for letter, ids in self.wanted.items():
            for row in rows(
                connection,
                f"{_LOOK[letter]} WHERE p.id IN (SELECT value FROM json_each(:ids))",
                {"ids": json.dumps(sorted(ids))},
            ):
                self.names[letter, row[0]] = row[1]
        self.words = texts(connection, self.digests)

    def name(self, letter: str, number: int) -> str | None:
        """The name or number of one subject."""
        return self.names.get((letter, number))

    def of(self, entry: Entry, name: str, value: Any) -> Value:
        """One answer or field as people read it."""
        if value is None or value == "":
            return NOTHING
        if isinstance(value, list):
            return tuple(self.of(entry, name, each) for each in value)
        if isinstance(value, str) and value in self.words:
            return self.words[value] or WITHDRAWN
        return self._known(entry, name, self.kind(entry, name), value)

    def _known(self, entry: Entry, name: str, kind: Kind | None, value: Any) -> Value:
        letter = _NAMED.get(kind or Kind.CODE)
        if letter and isinstance(value, int):
            return self.name(letter, value) or f"{letter}{value}"
        if kind is Kind.LEVEL and value in self.levels:
            return self.levels[value]
        if kind in _DATED:
            return _DATED[kind](value)
        if name == "state":
            return _state(entry, value)
        asked = self.questions.get(entry.a, {}).get(name)
        choices = DUTIES if kind is Kind.DUTY else dict(asked.choices) if asked else {}
        if isinstance(value, str) and value in choices:  # what an application asks for is no word but a whole act
            return says(choices[value])
        return value if isinstance(value, int) else str(value)


_DATED: dict[Kind | None, Callable[[str], date]] = {Kind.DATE: date.fromisoformat, Kind.MOMENT: datetime.fromisoformat}
NOTHING = "—"
WITHDRAWN = says(N_("(text withdrawn)"))


def _state(entry: Entry, value: str) -> Value:
    if entry.subject.kind is Subject.CARRIER and value in set(State):
        return says(STATE_NAMES[State(value)])
    if entry.subject.kind is Subject.SLIP and value in set(SlipState):
        return says(SLIP_STATE_NAMES[SlipState(value)])
    return value
