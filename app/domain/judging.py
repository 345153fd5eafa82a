"""The judgement of an act: cases laid out, standing rules and the act's own, refusals with their remedy. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.action import (
    Action,
    Authority,
    Case,
    Line,
    Ref,
    Refusal,
    Subject,
    answers_of,
    questions,
    refuse,
)
from app.domain.book import Book, Numbers
from app.domain.carrier import STATE_NAMES, Person
from app.domain.characters import RETYPE, unkeepable
from app.domain.checks import act_is_allowed, first_be, is_approved, its_slip_is_open
from app.domain.people import DUTIES
from app.domain.regime import Regime
from app.domain.slip import Slip
from app.domain.words import N_, says

CLOCK_LEAP = timedelta(days=3)
CLOCK_SLACK = timedelta(minutes=2)
"""Ordinary drift of a workstation clock; less than the time between two acts that a rule could tell apart."""


IN_DOUBT = "recover_account"
"""The act done while nobody can sign in, whatever the clock shows; it says nothing about the date."""
WHATEVER_THE_CLOCK = frozenset({"confirm_date", IN_DOUBT})
"""Acts against which a doubtful clock does not stand."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Who acts, when, and with what authority: the part of a case that is the same for every line."""

    actor: Person
    now: datetime
    today: date
    authority: Authority
    book: Book
    numbers: Numbers
    last_at: datetime | None = None
    founding: bool = False


def lay_out(action: Action, given: Sequence[Line], seat: Seat) -> list[Case]:
    """One case for every line; an act that gives birth writes its own lines."""
    if len(given) > 1 and action.subject is Subject.CARRIER:
        numbers = [line.subject.id for line in given if line.subject is not None]
        seat.book.load_carriers(numbers)
        seat.book.load_documents([seat.book.carrier(number).document for number in numbers])
    first = _case(action, given[0] if given else Line(), seat)
    lines = action.lines(given, first) if action.brings_forth() else given
    born = [_born(action, line, seat) for line in (lines or (Line(),))]
    together = tuple(line.subject for line in born if line.subject is not None)
    beside = tuple(born)
    return [replace(_case(action, line, seat), together=together, beside=beside) for line in born]


def _born(action: Action, line: Line, seat: Seat) -> Line:
    """A line of a birth gets a number nobody has, whatever it was given: nothing is born over what is there."""
    if not action.brings_forth():
        return line
    return replace(line, subject=Ref(action.subject, seat.numbers.next_id(action.subject)))


def _case(action: Action, line: Line, seat: Seat) -> Case:
    book, ref = seat.book, line.subject
    carrier = document = slip = regime = None
    known = ref is not None and not action.brings_forth()
    if ref is not None and known and ref.kind is Subject.CARRIER:
        carrier = book.carrier(ref.id)
        document = book.document(carrier.document)
    elif ref is not None and known and ref.kind is Subject.DOCUMENT:
        document = book.document(ref.id)
    elif getattr(action, "document", None) is not None:
        document = book.document(action.document)  # type: ignore[attr-defined]
    elif getattr(action, "original", None) is not None:
        document = book.document(book.carrier(action.original).document)  # type: ignore[attr-defined]
    slip_id = seat.authority.slip
    if ref is not None and known and ref.kind is Subject.SLIP:
        slip_id = ref.id
    if slip_id is not None:
        slip = book.slip(slip_id)
    code = document.regime if document else getattr(action, "regime", None) or (slip.regime if slip else None)
    if isinstance(code, str):
        regime = book.regime(code)
    authority = _authority(action, regime, slip, seat)
    sources = tuple(book.document(number) for number in getattr(action, "sources", ()))
    return Case(
        line, seat.today, seat.now, seat.actor, authority, book, seat.numbers, carrier, document, slip, regime,
        sources=sources,
    )  # fmt: skip


def _authority(action: Action, regime: Regime | None, slip: Slip | None, seat: Seat) -> Authority:
    """What the act rests on; a signature on paper is one that was entered on the slip when the paper came back.

    It is none where the regime asks for everybody's own password.
    """
    authority = seat.authority
    if all(signature.how == "seat" for signature in authority.signatures):
        return authority
    asking = (regime,) if regime is not None else seat.book.regimes()
    at_the_seat = any(each.seat_signature(action.code).value for each in asking)
    came_back = () if slip is None or at_the_seat else tuple(_on_paper(slip))
    return replace(
        authority,
        signatures=tuple(s for s in authority.signatures if s.how == "seat" or (s.person, s.role) in came_back),
    )


def _on_paper(slip: Slip) -> Iterator[tuple[int, str]]:
    """Who has signed a slip on paper, in which role; the second witness is one as well."""
    for role, signed in slip.signed.items():
        if signed.get("how") == "paper":
            yield signed["person"], role.rstrip("0123456789").rstrip("_")


def judge(action: Action, cases: Sequence[Case], seat: Seat) -> list[Refusal]:
    """Every reason not to, each with its rule and subject; an empty list lets the act through."""
    if any(case.line.subject is None for case in cases):
        return [replace(refuse(N_("Nothing is chosen.")), rule="something_is_chosen")]
    found = [*_about_the_act(action, seat), *_of_another_kind(action, cases), *_named_twice(cases)]
    checks = type(action).checks
    if not found and not seat.founding:
        refusals = ((check.__name__, check(action, cases[0])) for check in type(action).whole)
        found += [replace(refusal, rule=refusal.rule or name) for name, refusal in refusals if refusal is not None]
    for case in cases:
        # What is being born has no number to be told by: twelve new copies are refused once, not twelve times.
        about = None if action.brings_forth() else case.line.subject
        about_line = [replace(missing, rule="every_question_is_answered") for missing in _unanswered(action, case)]
        state = _arc_is_open(action, case)
        if state is not None:
            found.append(replace(state, rule="arc_is_open", subject=case.line.subject))
            continue
        if not about_line:
            for check in (*_STANDING, *checks):
                refusal = check(action, case)
                if refusal is not None:
                    about_line.append(replace(refusal, rule=refusal.rule or check.__name__))
        found += [replace(refusal, subject=refusal.subject or about) for refusal in about_line]
    return _once(found)


def _of_another_kind(action: Action, cases: Sequence[Case]) -> Sequence[Refusal]:
    """An act is done on what it is declared for: the numbers of two kinds are alike."""
    others = [case.subject for case in cases if case.subject.kind is not action.subject]
    reason = refuse(N_("This cannot be done on {subject}."), subject=", ".join(map(str, others)))
    return [replace(reason, rule="subject_is_of_the_kind", subject=ref) for ref in others[:1]]


def _named_twice(cases: Sequence[Case]) -> Sequence[Refusal]:
    """A subject stands once in an act: its slip would count it twice."""
    named = Counter(case.line.subject for case in cases if case.line.subject is not None)
    if len(named) == len(cases):
        return ()
    reason = refuse(N_("A carrier stands on the list twice."))
    return [replace(reason, rule="nothing_is_named_twice", subject=ref) for ref, times in named.items() if times > 1]


def texts_can_be_kept(action: Action, given: Sequence[Line]) -> list[Refusal]:
    """Before anything is looked up by it: what was typed or pasted can be kept and read back, sign by sign."""
    answers: list[tuple[str, Any, Ref | None]] = [(name, value, None) for name, value in answers_of(action).items()]
    answers += [(name, value, line.subject) for line in given for name, value in line.answers.items()]
    return [
        Refusal("text_can_be_kept", reason, remedy=says(RETYPE), subject=ref, field=name)
        for name, value, ref in answers
        for text in _texts(value)
        if (reason := unkeepable(text, digest_is_meant=name == "digest")) is not None
    ]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def _once(refusals: Sequence[Refusal]) -> list[Refusal]:
    seen: dict[tuple[object, ...], Refusal] = {}
    for refusal in refusals:
        seen.setdefault((refusal.rule, refusal.reason, refusal.subject), refusal)
    return list(seen.values())


def _about_the_act(action: Action, seat: Seat) -> Sequence[Refusal]:
    found: list[Refusal] = []
    if seat.founding:
        return found
    duties = type(action).duties
    if duties and not any(seat.actor.holds(duty, seat.today) for duty in duties):
        found.append(
            replace(
                refuse(
                    N_("This needs the duty {duty}; {name} does not have it."),
                    duty=says(DUTIES[duties[0]]),
                    name=seat.actor.name,
                    remedy=says(N_("Ask somebody who has it, or have it granted by two of the three administrators.")),
                ),
                rule="actor_has_the_duty",
            )
        )
    if seat.last_at is not None and action.code not in WHATEVER_THE_CLOCK:
        if seat.now < seat.last_at - CLOCK_SLACK:
            found.append(_clock(N_("The clock shows {now}, before the last entry of {last}."), seat))
        elif seat.now > seat.last_at + CLOCK_LEAP:
            found.append(
                _clock(N_("The clock shows {now}, more than three days after the last entry of {last}."), seat)
            )
    happened = seat.authority.happened
    if happened is not None and happened > seat.now + CLOCK_SLACK:
        found.append(replace(refuse(N_("It cannot have happened in the future.")), rule="not_in_the_future"))
    return found


def _clock(sentence: str, seat: Seat) -> Refusal:
    last = seat.last_at.strftime("%Y-%m-%d %H:%M") if seat.last_at else ""
    remedy = says(N_("Set the clock right, or have a second person confirm the date at sign-in."))
    return replace(
        refuse(sentence, now=seat.now.strftime("%Y-%m-%d %H:%M"), last=last, remedy=remedy), rule="clock_is_confirmed"
    )


def _unanswered(action: Action, case: Case) -> Sequence[Refusal]:
    missing = []
    for name, asked in questions(type(action)).items():
        if not asked.required:
            continue
        answer = case.answer(name) if asked.each else getattr(action, name)
        if answer is None or (isinstance(answer, str) and not answer.strip()) or answer == ():
            missing.append(refuse(N_("“{question}” is not answered."), question=says(asked.label), field=name))
    return missing


def _arc_is_open(action: Action, case: Case) -> Refusal | None:
    move, carrier = type(action).move, case.carrier
    if move is None or carrier is None or isinstance(move.start, str) or carrier.state in move.start:
        return None
    holder = case.book.person(carrier.hands).name if carrier.hands is not None else ""
    sentence = N_("{number} is {state} ({name}).") if holder else N_("{number} is {state}.")
    return refuse(
        sentence,
        number=carrier.number,
        state=says(STATE_NAMES[carrier.state]),
        name=holder,
        remedy=first_be(move.start),
    )


def no_other_slip_holds_it(action: Action, case: Case) -> Refusal | None:
    """A carrier on an open slip moves only by that slip."""
    carrier = case.carrier
    if type(action).move is None or carrier is None or carrier.slip is None:
        return None
    if carrier.slip == case.authority.slip or carrier.slip == getattr(action, "slip", None):
        return None
    slip = case.book.slip(carrier.slip)
    if not slip.is_open or type(action).code in slip_acts(slip.kind):
        return None
    return refuse(
        N_("{number} is on slip {slip}."),
        number=carrier.number,
        slip=slip.number,
        remedy=says(N_("Finish or cancel slip {slip} first."), slip=slip.number),
    )


def slip_acts(kind: str) -> frozenset[str]:
    """Acts that are the ordinary end of what a slip of that kind began, so they need not name it."""
    return _ENDS.get(kind, frozenset()) | {"report_missing"}  # what is missing is reported whatever slip it is on


_ENDS = {
    "loan": frozenset({"return_loan", "renew_loan"}),
    "printing": frozenset({"finish_making", "void_draft", "offer_handover"}),
    "copying": frozenset({"finish_making", "void_draft", "offer_handover"}),
    "parcel": frozenset({"acknowledge_receipt", "return_undelivered"}),
    "destruction": frozenset({"unbag", "offer_handover"}),
    "filing": frozenset({"offer_handover"}),
    "transfer": frozenset({"offer_handover"}),
    "incident": frozenset({"found"}),
}


def happened_in_order(_: Action, case: Case) -> Refusal | None:
    """Nothing is said to have happened before the carrier's last move (domain.md 5.6 no. 4)."""
    happened, carrier = case.authority.happened, case.carrier
    if happened is None or carrier is None or case.authority.corrects is not None:
        return None
    last = case.book.last_moved(carrier.id)
    if last is None or happened >= last - CLOCK_SLACK:
        return None
    return refuse(
        N_("It cannot have happened before {last}, when {number} was last moved."),
        last=last.strftime("%Y-%m-%d %H:%M"),
        number=carrier.number,
        remedy=says(N_("Check the time; if the earlier entry is wrong, correct it.")),
    )


_STANDING = (happened_in_order, no_other_slip_holds_it, its_slip_is_open, act_is_allowed, is_approved)
