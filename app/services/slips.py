"""Scans onto a slip, each kept at once; and the closes that turn them into acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection

from app.actions import CATALOGUE
from app.actions.handover import OfferHandover
from app.actions.taking_over import TakeOver, TakeOverUncounted
from app.actions.vouchers import SubmitDraft
from app.domain.action import Action, Authority, Kind, Line, Ref, Refusal, Signature, Subject, questions
from app.domain.carrier import ENDED, STATE_NAMES, Carrier, State
from app.domain.characters import bindable, in_short
from app.domain.numbering import Letter, Misread, read
from app.domain.slip import Slip, SlipState
from app.domain.words import N_, Says, says
from app.services.desk import Desk, Receipt, Refused
from app.store.lookups import Cached, Lookups
from app.store.reads.carrier_cards import carrier_numbered

GIVER, RECEIVER = "giver", "receiver"
PLAIN = ""


class Verdict(StrEnum):
    """What a scan turned out to be; each has its own sound."""

    FOUND = "found"
    TWICE = "twice"
    NOT_LISTED = "not_listed"
    ELSEWHERE = "elsewhere"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Scanned:
    """One scan and what became of it."""

    verdict: Verdict
    sentence: Says
    """What became of it, without the number: that stands beside it everywhere."""
    code: str
    carrier: int | None = None
    number: str = ""
    scan: int | None = None
    refusals: tuple[Refusal, ...] = ()
    both: bool = False
    """Whether with this scan both sides have counted the line."""


@dataclass(frozen=True, slots=True)
class _Kept:
    carrier: Carrier | None
    verdict: Verdict
    sentence: Says
    refusals: tuple[Refusal, ...] = ()


def carrier_named(connection: Connection, text: str) -> tuple[int | None, Says | None]:
    """The carrier a scanned code, a control number or a bound foreign code names; else why it names none."""
    register = connection.exec_driver_sql("SELECT number FROM register").scalar() or 0
    text = bindable(text)
    code = read(text, register)
    if not isinstance(code, Misread):
        if code.letter is not Letter.CARRIER:
            return None, says(N_("“{text}” is not the code of a carrier."), text=in_short(text))
        known = connection.exec_driver_sql("SELECT id FROM carriers WHERE id = ?", (code.serial,)).scalar()
        return known, None if known else says(N_("No carrier has the code {text}."), text=text.strip())
    known = carrier_numbered(connection, text)
    return known, None if known else code.why


def scan(desk: Desk, slip: int, text: str, side: str = PLAIN, *, seal: str | None = None) -> Scanned:
    """Put a scan on a slip. It is stored before anything else; a scan never creates a carrier."""
    text = bindable(text.strip())
    with desk.database.reading() as connection:
        kept = _judge(desk, connection, slip, text, side)
    number = kept.carrier.number if kept.carrier else ""
    at = desk.now().isoformat(timespec="seconds")
    with desk.database.writing() as connection:
        stored = connection.exec_driver_sql(
            "INSERT INTO scans (slip, side, code, carrier, verdict, person, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (slip, side, text, kept.carrier.id if kept.carrier else None, kept.verdict, desk.actor.id, at),
        ).lastrowid
    result = Scanned(
        kept.verdict,
        kept.sentence,
        text,
        kept.carrier.id if kept.carrier else None,
        number,
        stored,
        kept.refusals,
    )
    if kept.verdict is Verdict.FOUND and side and kept.carrier is not None:
        return _second_side(desk, slip, result, side, seal)
    return result


def _judge(desk: Desk, connection: Connection, slip: int, text: str, side: str) -> _Kept:
    number, why = carrier_named(connection, text)
    if number is None:
        return _Kept(None, Verdict.UNKNOWN, why or says(N_("Nothing here has the code {text}."), text=in_short(text)))
    book = Lookups(connection, Cached())
    carrier = book.carrier(number)
    before = connection.exec_driver_sql(
        "SELECT at, person FROM scans WHERE slip = ? AND carrier = ? AND side = ? AND verdict = 'found' LIMIT 1",
        (slip, number, side),
    ).one_or_none()
    if before is not None:
        at, name = datetime.fromisoformat(before[0]).astimezone(), book.person(before[1]).name
        return _Kept(
            carrier, Verdict.TWICE, says(N_("already counted at {time} by {name}"), time=f"{at:%H:%M}", name=name)
        )
    voucher = book.slip(slip)
    line = book.line_of(slip, number)
    if voucher.kind == "handover":
        return _in_a_handover(book, voucher.facts.get("giver"), carrier, on_list=line is not None)
    if voucher.state is SlipState.DRAFT:
        return _onto_a_draft(desk, book, voucher.action or "", carrier)
    if line is None:
        return _Kept(carrier, Verdict.NOT_LISTED, says(N_("not on this list")))
    return _Kept(carrier, Verdict.FOUND, says(N_("found")))


def _in_a_handover(book: Lookups, giver: int | None, carrier: Carrier, *, on_list: bool) -> _Kept:
    if carrier.custodian != giver:
        return _Kept(carrier, Verdict.NOT_LISTED, says(N_("not on this charge: leave it")))
    if carrier.state not in OfferHandover.move.start and carrier.state is not State.HANDOVER:
        return _elsewhere(book, carrier)
    sentence = N_("found") if on_list else N_("on the charge but not on the list: added to it")
    return _Kept(carrier, Verdict.FOUND, says(sentence))


def _elsewhere(book: Lookups, carrier: Carrier) -> _Kept:
    name = book.person(carrier.hands).name if carrier.hands else ""
    slip = book.slip(carrier.slip).number if carrier.slip else ""
    sentence = N_("elsewhere: {state} ({name}), slip {slip}") if name else N_("elsewhere: {state}")
    return _Kept(
        carrier,
        Verdict.ELSEWHERE,
        says(sentence, state=says(STATE_NAMES[carrier.state]), name=name, slip=slip),
    )


def _onto_a_draft(desk: Desk, book: Lookups, act: str, carrier: Carrier) -> _Kept:
    """Whether the act the draft will apply for could start from where the carrier is."""
    move = CATALOGUE[act].move if act in CATALOGUE else None
    if carrier.state in ENDED or (move and not isinstance(move.start, str) and carrier.state not in move.start):
        return _elsewhere(book, carrier)
    if carrier.slip is not None and (held := book.slip(carrier.slip)).is_open:
        return _Kept(carrier, Verdict.BLOCKED, says(N_("on slip {slip}"), slip=held.number))
    return _Kept(carrier, Verdict.FOUND, says(N_("added")))


def _second_side(desk: Desk, slip: int, first: Scanned, side: str, seal: str | None) -> Scanned:
    """When the other side has counted the same line, the copy is in handover from this scan on."""
    other = RECEIVER if side == GIVER else GIVER
    with desk.database.reading() as connection:
        counted = connection.exec_driver_sql(
            "SELECT 1 FROM scans WHERE slip = ? AND carrier = ? AND side = ? AND verdict = 'found' LIMIT 1",
            (slip, first.carrier, other),
        ).scalar()
        state = connection.exec_driver_sql("SELECT state FROM carriers WHERE id = ?", (first.carrier,)).scalar()
    if not counted or state == State.HANDOVER or first.carrier is None:
        return first
    line = Line(Ref(Subject.CARRIER, first.carrier), {"seal": seal} if seal else {})
    try:
        desk.perform(OfferHandover(), [line], Authority(slip=slip))
    except Refused as refused:
        forget(desk, first.scan)
        return Scanned(
            Verdict.BLOCKED, refused.refusals[0].reason, first.code, first.carrier, first.number, None, refused.refusals
        )
    sentence = says(N_("counted by both sides"))
    return Scanned(Verdict.FOUND, sentence, first.code, first.carrier, first.number, first.scan, both=True)


def forget(desk: Desk, number: int | None) -> None:
    """Take a scan back that has not become an act."""
    with desk.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM scans WHERE id = ?", (number,))


def found_on(connection: Connection, slip: int) -> list[int]:
    """The carriers scanned onto a slip, in order."""
    return list(
        connection.exec_driver_sql(
            "SELECT carrier FROM scans WHERE slip = ? AND verdict = 'found' AND carrier IS NOT NULL"
            " GROUP BY carrier ORDER BY min(id)",
            (slip,),
        ).scalars()
    )


def submit_draft(
    desk: Desk, slip: int, answers: dict[str, object] | None = None, data: dict[int, dict[str, object]] | None = None
) -> Receipt:
    """Submit a draft with what was scanned onto it; `data` holds answers for single carriers."""
    return desk.perform(submission(desk, slip, answers, data), [slip])


def submission(
    desk: Desk, slip: int, answers: dict[str, object] | None = None, data: dict[int, dict[str, object]] | None = None
) -> SubmitDraft:
    """The act of submitting a draft with what was scanned onto it."""
    carriers = desk.read(found_on, slip)
    act = desk.read(lambda connection: Lookups(connection, Cached()).slip(slip).action) or ""
    route = CATALOGUE[act].route if act in CATALOGUE else None
    lines = [{"carrier": number, **(data or {}).get(number, {})} for number in carriers]
    return SubmitDraft(approval=route or "", lines_given=lines, given=answers or {})


def in_handover(connection: Connection, slip: int) -> list[int]:
    """The carriers of a slip that both sides have counted."""
    return list(
        connection.exec_driver_sql(
            "SELECT c.id FROM slip_lines l JOIN carriers c ON c.id = l.carrier"
            " WHERE l.slip = ? AND c.state = 'handover' ORDER BY l.no",
            (slip,),
        ).scalars()
    )


def take_over(desk: Desk, slip: int, signatures: Sequence[Signature]) -> Receipt:
    """Close a handover in one act, however many lines it has."""
    carriers = desk.read(in_handover, slip)
    authority = Authority(slip=slip, signatures=tuple(signatures))
    if not carriers:
        return desk.perform(TakeOverUncounted(), [Ref(Subject.SLIP, slip)], authority)
    return desk.perform(TakeOver(), carriers, authority)


def execute(
    desk: Desk, slip: int, more: dict[str, object], signatures: Sequence[Signature] = (), lines: Sequence[Line] = ()
) -> Receipt:
    """Carry out what an approved slip says: its act, its answers, its lines; `more` are answers asked only now."""
    voucher, listed = desk.read(_slip_and_lines, slip)
    action_type = CATALOGUE[voucher.action or ""]
    action = built(action_type, {**voucher.answers, **more})
    return desk.perform(action, lines or listed, Authority(slip=slip, signatures=tuple(signatures)))


def built(action_type: type[Action], answers: dict[str, object]) -> Action:
    """An action from answers as a slip keeps them: dates as text become dates, lists become tuples."""
    return action_type(**from_plain(action_type, answers))


def from_plain(action_type: type[Action], answers: dict[str, object]) -> dict[str, object]:
    """Answers as an action takes them."""
    asked = questions(action_type)
    found: dict[str, object] = {}
    for name, value in answers.items():
        if name not in asked:
            continue
        if asked[name].kind is Kind.DATE and isinstance(value, str):
            found[name] = date.fromisoformat(value)
        else:
            found[name] = tuple(value) if isinstance(value, list) else value
    return found


def _slip_and_lines(connection: Connection, slip: int) -> tuple[Slip, list[Line]]:
    book = Lookups(connection, Cached())
    voucher = book.slip(slip)
    lines = [
        Line(Ref(Subject.CARRIER, line["carrier"]), {k: v for k, v in line.items() if k not in ("carrier", "status")})
        for line in book.lines_of(slip).values()
        if line.get("carrier")
    ]
    return voucher, lines
