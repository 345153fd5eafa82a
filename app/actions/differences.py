"""What a file had otherwise, settled line by line: the book was corrected, or our entry stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.actions.corrections import CARRIER_FIELDS, DOCUMENT_FIELDS
from app.domain.action import Action, Case, Changes, Kind, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.opening import ended
from app.domain.slip import SlipState
from app.domain.words import N_, says

OUTCOMES = (("stands", N_("our entry stands")), ("corrected", N_("the book was corrected")))
UNSETTLED = "listed"
BY_LEVEL_ACT = (("level", N_("level")), ("period", N_("period")))
BY_CUSTODY_ACT = (
    ("state", N_("state")), ("holder", N_("holder")), ("place", N_("place")), ("due", N_("due date")),
    ("custodian", N_("custodian")), ("archive_no", N_("archive number")),
)  # fmt: skip
"""What no entry corrects: the act that changes it does."""
REMEDIES = {
    **dict.fromkeys(dict((*CARRIER_FIELDS, *DOCUMENT_FIELDS)), N_("Correct the book first, or say that ours stands.")),
    **dict.fromkeys(
        dict(BY_LEVEL_ACT), N_("Have level or period changed first by whom it is for, or say that ours stands.")
    ),
    **dict.fromkeys(
        dict(BY_CUSTODY_ACT),
        N_("Enter first what happened to it: lent, returned, moved, handed over, filed; or say that ours stands."),
    ),
}


def open_lines(case: Case) -> Mapping[int, Mapping[str, Any]]:
    """The differences of this carrier that nobody has settled yet, by line."""
    lines = case.book.lines_about(case.the_slip.id, case.the_carrier.id)
    return {no: line for no, line in lines.items() if line["status"] == UNSETTLED}


def difference_is_open(_: Action, case: Case) -> Refusal | None:
    """Only what a file had otherwise is settled, and once."""
    slip = case.slip
    if slip is not None and slip.kind == "correction" and slip.state is SlipState.EXECUTING and open_lines(case):
        return None
    return refuse(N_("Nothing about {number} is left to settle on this slip."), number=case.the_carrier.number)


def book_was_corrected(action: SettleDifference, case: Case) -> Refusal | None:
    """What is said to be corrected is in the book as the file has it; what no act changes is taken at its word."""
    if action.outcome != "corrected" or case.slip is None:
        return None
    names = dict((*CARRIER_FIELDS, *DOCUMENT_FIELDS, *BY_LEVEL_ACT, *BY_CUSTODY_ACT))
    for line in open_lines(case).values():
        name, theirs = line["field"], line.get("theirs")
        wanted = (case.book.words(theirs) if isinstance(theirs, str) else None) or theirs
        if name in names and _recorded(case, name) != ("" if wanted is None else str(wanted)):
            return refuse(
                N_("The book still has the {what} of {number} otherwise than the file."),
                what=says(names[name]), number=case.the_carrier.number,
                remedy=says(REMEDIES[name]),
            )  # fmt: skip
    return None


def _recorded(case: Case, name: str) -> str:
    carrier, document, book = case.the_carrier, case.the_document, case.book
    values: dict[str, Any] = {
        "level": document.level, "period": document.period, "state": carrier.state, "due": carrier.due,
        "pages": carrier.pages, "serial_no": carrier.serial_no, "archive_no": carrier.archive_no,
        "holder": carrier.hands and book.person(carrier.hands).name,
        "place": carrier.place and book.place(carrier.place).name,
        "custodian": carrier.custodian and book.person(carrier.custodian).name,
    }  # fmt: skip
    if name in values:
        return "" if values[name] is None else str(values[name])
    return book.search_fields(case.the_carrier.document).get(name, "")


class SettleDifference(Action):
    """Say what became of each difference an import found; the slip closes with the last."""

    code = "settle_difference"
    label = N_("Settle the differences…")
    subject = Subject.CARRIER
    told = N_("difference settled: {outcome}")
    slip_kind = "correction"
    checks = (difference_is_open, book_was_corrected)
    offered = False
    outcome: str = ask(Kind.CHOICE, N_("What became of it"), choices=OUTCOMES)
    reason: str = ask(Kind.TEXT, N_("Reason"))

    def changes(self, case: Case) -> Changes:
        return {}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        slip, first = cases[0].the_slip, cases[0]
        settled: dict[int, Any] = {}
        for case in cases:
            more = {"status": self.outcome, "note": Text(self.reason)}
            settled |= {no: {**line, **more} for no, line in open_lines(case).items()}
        left = [
            no for no, line in first.book.lines_of(slip.id).items() if line["status"] == UNSETTLED and no not in settled
        ]
        changes: Changes = {f"line.{no}": line for no, line in settled.items()} | {"done": slip.done + len(settled)}
        if not left:
            changes |= ended(first)
        return {Ref(Subject.SLIP, slip.id): changes}


ACTIONS = (SettleDifference,)
