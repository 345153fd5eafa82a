"""Slips as acts open and fill them: number, lines, steps and facts as fields of one new subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.action import Case, Changes, Ref, Subject, Text
from app.domain.ledger import canonical, plain
from app.domain.slip import SLIP_KINDS, SlipState


def slip_number(case: Case, kind: str) -> str:
    """The next number of that kind's yearly series, e.g. L-2026-088."""
    letter = SLIP_KINDS[kind].letter
    return f"{letter}-{case.today.year}-{case.numbers.take(f'slip.{letter}.{case.today.year}'):03d}"


def opened(  # noqa: PLR0913 - everything a slip begins with
    case: Case,
    kind: str,
    state: SlipState,
    *,
    action: str | None = None,
    answers: Mapping[str, Any] | None = None,
    regime: str | None = None,
    level: str | None = None,
    lines: Iterable[Mapping[str, Any]] = (),
    roles: Sequence[str] = (),
    **more: Any,
) -> tuple[Ref, Changes]:
    """A new slip and its fields; `more` is party, due, done, or `facts` as a mapping."""
    facts = more.pop("facts", {})
    changes: Changes = {
        "kind": kind,
        "number": slip_number(case, kind),
        "state": state,
        "action": action,
        "answers": Text(canonical(plain(answers or {}))),
        "opened_by": case.actor.id,
        "opened_at": case.now.isoformat(timespec="seconds"),
        "regime": regime,
        "level": level,
        **more,
    }
    changes |= listed(lines) | steps(roles) | fact(facts)
    changes["listed"] = sum(1 for key in changes if key.startswith("line."))
    changes.setdefault("done", 0)
    given = {name: value for name, value in changes.items() if value is not None}
    return Ref(Subject.SLIP, case.numbers.next_id(Subject.SLIP)), given


def ended(case: Case, state: SlipState = SlipState.CLOSED) -> Changes:
    """A slip that comes to its end in this act: in which state, and when."""
    return {"state": state, "closed_at": case.now.isoformat(timespec="seconds")}


def listed(lines: Iterable[Mapping[str, Any]], start: int = 1) -> Changes:
    """Lines as parts of a slip, numbered on from `start`."""
    given = ({key: value for key, value in plain(line).items() if value is not None} for line in lines)
    return {f"line.{no}": line for no, line in enumerate(given, start)}


def steps(roles: Sequence[str]) -> Changes:
    """The route as parts of a slip, nobody having decided yet."""
    return {f"step.{no}": {"role": role} for no, role in enumerate(roles, 1)}


def fact(facts: Mapping[str, Any]) -> Changes:
    """Facts as parts of a slip."""
    return {f"fact.{name}": plain(value) for name, value in facts.items() if value is not None}


def line_done(case: Case, slip: int, carrier: int, status: str, **more: Any) -> Changes:
    """One line of a slip with its new status and what was noted about it."""
    found = case.book.line_of(slip, carrier)
    if found is None:
        return {}
    no, value = found
    return {f"line.{no}": {**value, "status": status, **{key: item for key, item in more.items() if item is not None}}}


def signed_parts(case: Case) -> Changes:
    """The signatures an act carries, as parts of the slip it rests on; the second in a role stands beside the first."""
    at = case.now.isoformat(timespec="seconds")
    found: Changes = {}
    for role in dict.fromkeys(s.role for s in case.authority.signatures if s.role):
        signers = dict.fromkeys((s.person, s.how) for s in case.authority.signatures if s.role == role)
        for no, (person, how) in enumerate(signers, 1):
            found[f"sign.{role}" if no == 1 else f"sign.{role}_{no}"] = {"person": person, "how": how, "at": at}
    return found
