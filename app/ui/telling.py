"""How the register's own facts are told: where a carrier is, how late something is, what an entry says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from app.actions import CATALOGUE
from app.domain.action import Asked, Ref, Subject, questions
from app.domain.carrier import ENDED, KIND_NAMES, STATE_NAMES, State
from app.domain.words import N_, Says, says, says_n
from app.i18n import CHINESE, MONTHS, _, current
from app.services.desk import Desk
from app.store import reads
from app.store.reads import CarrierLine, HistoryLine

SENTENCES: Mapping[str, str] = {code: action.told for code, action in CATALOGUE.items()}
"""What the history says of each act."""
QUESTIONS: Mapping[str, Mapping[str, Asked]] = {code: questions(action) for code, action in CATALOGUE.items()}
"""What each act asks, so that its answers can be told."""


def whereabouts(line: CarrierLine, today: date) -> list[Says]:
    """Where the carrier is, until when, and who answers for it: one sentence each."""
    told = [_position(line)]
    if line.due is not None and line.state not in ENDED:
        told.append(time_left(line.due, today))
    if line.custodian and line.state not in ENDED:
        told.append(says(N_("Custodian {name}."), name=line.custodian))
    if line.pages:
        told.append(says_n("{n} page.", "{n} pages.", line.pages))
    if line.kind != "paper":
        told.append(says(N_("It is a {kind}."), kind=says(KIND_NAMES[line.kind])))
    return told


def _position(line: CarrierLine) -> Says:
    state = says(STATE_NAMES[line.state])
    if line.holder and line.state is State.LOAN:
        return says(N_("On loan to {name}, {department}."), name=line.holder, department=line.department or "—")
    if line.holder:
        whose = line.department or "—"
        return says(N_("{state}: with {name}, {department}."), state=state, name=line.holder, department=whose)
    if line.place:
        return says(N_("{state}: {place}."), state=state, place=line.place)
    if line.container:
        return says(N_("{state}: in {container}."), state=state, container=line.container)
    if line.way:
        return says(N_("{state} with slip {slip}."), state=state, slip=line.way)
    return says(N_("{state}."), state=state)


def time_left(due: date, today: date) -> Says:
    """How long until a day, or how long since."""
    days = (due - today).days
    if days < 0:
        return says_n("Due {due}: {n} day late.", "Due {due}: {n} days late.", -days, due=due)
    if days == 0:
        return says(N_("Due today."))
    return says_n("Until {due}: {n} day left.", "Until {due}: {n} days left.", days, due=due)


def lateness(late_days: int, due: date, today: date) -> tuple[str, str]:
    """The short words before a due item, and their colour."""
    if late_days > 0:
        return _("Late {n} d").format(n=late_days), "bad"
    if late_days == 0:
        return _("Today"), "warn"
    return brief_day(due, today), ""


def brief_day(on: date, today: date) -> str:
    """A day as short as it can be said: 31 May, 5月31日; of another year 31 May 2027, 2027-05-31."""
    if current() == CHINESE:
        return f"{on.month}月{on.day}日" if on.year == today.year else on.isoformat()
    month = MONTHS[on.month - 1][:3]
    return f"{on.day} {month}" if on.year == today.year else f"{on.day} {month} {on.year}"


def brief_moment(at: datetime, today: date) -> str:
    """A moment as short as it can be said."""
    here = at.astimezone()
    return f"{brief_day(here.date(), today)} {here:%H:%M}"


def told_entry(line: HistoryLine) -> Says:
    """One entry as a sentence: what was done, by whom, who else signed, on which slip."""
    return _with_witnesses(says(N_("{what} · {actor}"), what=line.sentence, actor=line.actor or "—"), line)


def told_done(line: HistoryLine, count: int) -> Says:
    """What was just done, for the person who did it: on what, who else signed, on which slip."""
    what = _with_witnesses(line.sentence, line)
    if count > 1:
        differs = any(not _is_of_all(line.action, name) for name in line.sentence.values)
        words = N_("Done, {n} lines; the first: {what}.") if differs else N_("Done, {n} lines: {what}.")
        return says(words, what=what, n=count)
    if line.subject.kind in (Subject.CARRIER, Subject.ENVELOPE) and line.subject_number:
        return says(N_("Done: {number} {what}."), number=line.subject_number, what=what)
    if line.subject.kind in (Subject.PERSON, Subject.PLACE) and line.subject_number:
        return says(N_("Done: {name}, {what}."), name=line.subject_number, what=what)
    return says(N_("Done: {what}."), what=what)


def _is_of_all(act: str, name: str) -> bool:
    """Whether the value was answered once for all lines: a number or a count is each line's own."""
    asked = QUESTIONS.get(act, {}).get(name)
    return asked is not None and not asked.each


def _with_witnesses(sentence: Says, line: HistoryLine) -> Says:
    others = tuple(signer.name for signer in line.signers if signer.name)
    if others:
        sentence = says(N_("{what}; signed: {names}"), what=sentence, names=others)
    if line.slip_number and line.slip_number not in line.sentence.values.values():
        sentence = says(N_("{what}; slip {slip}"), what=sentence, slip=line.slip_number)
    return sentence


def read_history(desk: Desk, ref: Ref, before: int | None, limit: int) -> tuple[HistoryLine, ...]:
    """The newest entries about a subject."""
    regimes = desk.regimes()
    return tuple(
        desk.read(
            reads.history_of, ref, before, limit, sentences=SENTENCES, questions=QUESTIONS, regimes=regimes
        )
    )  # fmt: skip
