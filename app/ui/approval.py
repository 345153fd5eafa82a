"""Turns an act that lacks its approvals into the application for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.actions import CATALOGUE
from app.domain.action import Action, Kind, Line, Refusal, Subject, answers_of, questions
from app.domain.ledger import plain

NEEDED, SIGNATURE = "needs_approval", "signature:"


def only_approval_is_missing(refusals: Sequence[Refusal]) -> bool:
    """Whether nothing but the approvals stands against the act; who signs it does so when it is done, not now."""
    others = [refusal for refusal in refusals if not refusal.rule.startswith(SIGNATURE)]
    return bool(others) and all(refusal.rule == NEEDED for refusal in others)


def worth_saying(refusals: Sequence[Refusal]) -> list[Refusal]:
    """Without the approvals of what no answer and no approval would help: nobody is sent to apply for it."""
    beyond_help = {
        refusal.subject
        for refusal in refusals
        if refusal.rule != NEEDED and refusal.field is None and not refusal.rule.startswith(SIGNATURE)
    }
    return [refusal for refusal in refusals if refusal.rule != NEEDED or refusal.subject not in beyond_help]


def application_for(action: Action, lines: Sequence[Line]) -> Action:
    """The act of submitting: the act's code, answers and lines, kept on a slip until the route has decided."""
    given = {name: plain(value) for name, value in answers_of(action).items() if value not in (None, "", ())}
    subjects = [line.subject for line in lines if line.subject is not None]
    if action.subject is Subject.DOCUMENT and subjects:
        given["document"] = subjects[0].id
    # Whoever stays beside is not whom it is for.
    people = (
        given.get(name)
        for name, asked in questions(type(action)).items()
        if asked.kind is Kind.PERSON and name != "beside"
    )
    submit: Any = CATALOGUE["submit"]
    application: Action = submit(
        slip=action.slip_kind,
        act=action.code,
        approval=action.route or "",
        given=given,
        lines_given=[
            {"carrier": line.subject.id, **{name: plain(value) for name, value in line.answers.items()}}
            for line in lines
            if line.subject is not None and line.subject.kind is Subject.CARRIER
        ],
        party=next((person for person in people if person), None),
    )
    return application
