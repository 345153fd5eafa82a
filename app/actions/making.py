"""What printing and copying share: the job and its carriers, counting out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.actions.labels import label_is_now
from app.domain.action import Action, Case, Changes, Kind, Line, Move, Ref, Refusal, Subject, ask, refuse
from app.domain.carrier import Carrier, CarrierKind, Label, PersonId, PlaceId, State
from app.domain.checks import (
    is_cleared,
    is_here,
    may_see_it,
    route_of,
    says_what_was_approved,
)
from app.domain.control_numbers import child_number, next_number
from app.domain.opening import ended, fact, line_done, listed, opened, signed_parts
from app.domain.place_checks import is_kept_as_the_level_asks
from app.domain.slip import SLIP_KINDS, Slip, SlipState, adds_up
from app.domain.words import N_, says

MOST_COPIES = 999
"""Of one run; a larger number is a slip of the finger."""
JOBS = frozenset({"printing", "copying"})
PURPOSES = (("keep", N_("to keep")), ("send", N_("to send out")), ("file", N_("to file")))


# --- a run of new copies -----------------------------------------------------------------------------------------


def is_a_number_of_copies(count: Any) -> bool:
    """Whether so many copies can be made in one run."""
    return isinstance(count, int) and 1 <= count <= MOST_COPIES


def too_many(field: str) -> Refusal:
    """The refusal of a number of copies that nobody means."""
    return refuse(N_("The number of copies must be between 1 and {most}."), most=MOST_COPIES, field=field)


def controlled_lines(
    case: Case, given: Sequence[Line], copies: Sequence[int], level: str, *, alone: bool
) -> list[Line]:
    """One line for each copy, numbered under the job's control number; a copy that is `alone` bears it itself."""
    control = case.slip.facts.get("control") if case.slip is not None and case.slip.kind in JOBS else None
    control = control or next_number(case, case.the_regime, level)
    numbers = [control] if alone else [child_number(case.the_regime, control, copy) for copy in copies]
    return [
        Line(None, {**_answers(given, place), "number": number, "copy_no": copy, "control": control})
        for place, (number, copy) in enumerate(zip(numbers, copies, strict=True))
    ]


def _answers(given: Sequence[Line], place: int) -> Mapping[str, Any]:
    return given[place].answers if place < len(given) else {}


def still_standing(case: Case, slip: Slip) -> int:
    """How many copies the job has made that were not spoiled."""
    return sum(line["status"] != "void" for line in case.book.lines_of(slip.id).values())


def rests_on_its_own_slip(action: Action, case: Case) -> Refusal | None:
    """A job is carried by a slip of its own kind; where nobody approves it, by one opened for this document and act."""
    wanted, slip = type(action).slip_kind, case.slip
    if slip is None or wanted is None:
        return None
    if slip.kind != wanted:
        return refuse(
            N_("Slip {slip} is no {kind}."), slip=slip.number, kind=says(SLIP_KINDS[wanted].label),
            remedy=says(N_("Submit it for approval.")),
        )  # fmt: skip
    if route_of(type(action), case)[0]:
        return None
    begun = {"document": case.the_document.id, "original": getattr(action, "original", None)}
    same = case.carrier is not None or all(slip.facts.get(name) in (None, value) for name, value in begun.items())
    if same and slip.action in (None, action.code) and says_what_was_approved(action, slip):
        return None
    return refuse(
        N_("Slip {slip} approves something else."), slip=slip.number,
        remedy=says(N_("Carry out what was approved, or submit a new slip.")),
    )  # fmt: skip


def on_the_job(action: Action, cases: Sequence[Case], **facts: Any) -> dict[Ref, Changes]:
    """The new copies on their slip, the slip being carried out, and the document's count of copies."""
    first, kind = cases[0], type(action).slip_kind or "printing"
    document, slip = first.the_document, first.slip
    lines = [{"carrier": case.subject.id, "status": "making", "copy": case.answer("copy_no")} for case in cases]
    if slip is not None:
        ref = Ref(Subject.SLIP, slip.id)
        changes: Changes = {
            "state": SlipState.EXECUTING, "listed": slip.listed + len(lines), **listed(lines, slip.listed + 1),
        }  # fmt: skip
    else:
        ref, changes = opened(
            first, kind, SlipState.EXECUTING, action=action.code, regime=document.regime, level=document.level,
            lines=lines,
        )  # fmt: skip
    maker = getattr(action, "maker", None) or first.actor.id
    facts = {"document": document.id, "control": first.answer("control"), "maker": maker, **facts}
    found: dict[Ref, Changes] = {case.subject: {"slip": ref.id} for case in cases}
    found[ref] = changes | fact(facts)
    found[Ref(Subject.DOCUMENT, document.id)] = {"copies_made": document.copies_made + len(cases)}
    return found


def kept_by(action: Action, case: Case) -> PersonId:
    """Who answers for it: the person named, else the clerk who makes or receives it."""
    return getattr(action, "custodian", None) or case.actor.id


def custodian_is_cleared(action: Action, case: Case) -> Refusal | None:
    """Who answers for it is here and cleared for its level."""
    person = case.book.person(kept_by(action, case))
    return is_here(person, "custodian") or is_cleared(case, person, "custodian")


def place_protects(action: Any, case: Case) -> Refusal | None:
    """The place gives the protection the level asks for."""
    return is_kept_as_the_level_asks(case, action.place)


def maker_may_touch_it(action: Any, case: Case) -> Refusal | None:
    """Who prints or copies it sees it: somebody who is here and cleared for its level."""
    return may_see_it(case, action.maker, "maker")


def paper_has_pages(action: Any, case: Case) -> Refusal | None:
    """A paper carrier has its pages counted; nothing has fewer than one."""
    kind = action.kind if hasattr(action, "kind") else case.the_carrier.kind
    if action.pages is None and kind != CarrierKind.PAPER:
        return None
    if isinstance(action.pages, int) and action.pages > 0:
        return None
    return refuse(N_("How many pages has each copy?"), field="pages")


# --- counting out ------------------------------------------------------------------------------------------------


def job_of(case: Case) -> Slip | None:
    """The job a copy is being made on."""
    number = case.the_carrier.slip if case.carrier is not None else None
    slip = case.book.slip(number) if number is not None else case.slip
    return slip if slip is not None and slip.kind in JOBS else None


def copy_is_on_a_job(_: Action, case: Case) -> Refusal | None:
    """What is finished was begun on a print job or a copy request."""
    if job_of(case) is not None:
        return None
    return refuse(N_("{number} is on no print job and no copy request."), number=case.the_carrier.number)


def copies_are_of_one_job(_: Action, case: Case) -> Refusal | None:
    """Each job is counted out by itself: its sheets, its waste, its stamp."""
    job = case.the_carrier.slip
    others = [carrier for carrier in (case.book.carrier(ref.id) for ref in case.together) if carrier.slip != job]
    if not others:
        return None
    return refuse(
        N_("{number} is of another job."), number=others[0].number,
        remedy=says(N_("Count out each job by itself.")),
    )  # fmt: skip


def _unfinished(case: Case) -> list[Carrier]:
    job = job_of(case)
    if job is None:
        return []
    numbers = [line["carrier"] for line in case.book.lines_of(job.id).values() if line["status"] == "making"]
    case.book.load_carriers(numbers)
    return [case.book.carrier(number) for number in numbers]


def every_copy_of_the_job_is_here(_: Action, case: Case) -> Refusal | None:
    """A job ends once, with every copy it made: finished now, or void before."""
    here = {ref.id for ref in case.together}
    others = [carrier for carrier in _unfinished(case) if carrier.id not in here]
    if not others:
        return None
    return refuse(
        N_("{n} copies of the job are not here, the first is {number}."), n=len(others), number=others[0].number,
        remedy=says(N_("Finish them together, or void the spoiled ones first.")),
    )  # fmt: skip


def made_no_more_than_approved(_: Action, case: Case) -> Refusal | None:
    """No more copies stand than were approved."""
    job = job_of(case)
    approved = job.answers.get("copies") if job is not None else None
    if job is None or approved is None or (made := still_standing(case, job)) <= approved:
        return None
    return refuse(
        N_("{made} copies were made, {approved} are approved."), made=made, approved=approved,
        remedy=says(N_("Void what is too much.")),
    )  # fmt: skip


def label_is_verified(_: Action, case: Case) -> Refusal | None:
    """Nothing goes on the shelf whose label was not proved by a scan."""
    return label_is_now(Label.VERIFIED, case, N_("Print, affix and scan its label first."))


def pages_are_as_ordered(_: Action, case: Case) -> Refusal | None:
    """The pages counted are those the job ordered for each copy."""
    carrier, counted = case.the_carrier, case.answer("pages")
    if carrier.pages is None or counted == carrier.pages:
        return None
    if counted is None:
        return refuse(N_("The pages of {number} are not counted yet."), number=carrier.number, field="pages")
    return refuse(
        N_("{number} has {counted} pages, the job says {pages}."), number=carrier.number, counted=counted,
        pages=carrier.pages, field="pages", remedy=says(N_("Count again; void the copy if it is spoiled.")),
    )  # fmt: skip


def sheets_add_up(action: FinishMaking, case: Case) -> Refusal | None:
    """Sheets used are the sheets of the copies and the spoiled ones; none is left over."""
    if action.sheets is None:
        return None
    if action.spoiled is None:
        return refuse(
            N_("How many sheets were spoiled?"), field="spoiled", remedy=says(N_("Count the waste; 0 if none."))
        )
    copied = sum(case.book.carrier(ref.id).pages or 0 for ref in case.together)
    parts = [(says(N_("in copies")), copied), (says(N_("spoiled")), action.spoiled)]
    if action.spoiled < 0:
        return refuse(N_("The number of spoiled sheets cannot be negative."), field="spoiled")
    wrong = adds_up(parts, action.sheets, says(N_("Sheets used")))
    if wrong is None:
        return None
    return Refusal("", wrong, remedy=says(N_("Count the sheets and the waste again.")), field="sheets")


def void_copies_are_in_the_waste(action: FinishMaking, case: Case) -> Refusal | None:
    """The sheets of copies that were void count as spoiled."""
    job = job_of(case)
    if job is None or action.spoiled is None:
        return None
    void = sum(line.get("pages") or 0 for line in case.book.lines_of(job.id).values() if line["status"] == "void")
    if action.spoiled >= void:
        return None
    return refuse(
        N_("The void copies alone are {n} sheets."), n=void, field="spoiled",
        remedy=says(N_("Count their sheets among the spoiled ones.")),
    )  # fmt: skip


def waste_is_destroyed(action: FinishMaking, case: Case) -> Refusal | None:
    """Spoiled sheets are destroyed at once, and somebody answers for it."""
    if not action.spoiled:
        return None
    if action.waste_by is None:
        return refuse(
            N_("Who destroyed the spoiled sheets?"), field="waste_by",
            remedy=says(N_("Destroy the waste and name who did it.")),
        )  # fmt: skip
    return may_see_it(case, action.waste_by, "waste_by")


def copies_bear_the_stamp(action: FinishMaking, case: Case) -> Refusal | None:
    """A copy of a received carrier bears the copying unit's stamp."""
    job = job_of(case)
    if job is None or job.kind != "copying" or action.stamped:
        return None
    return refuse(
        N_("The copies do not bear the reproduction stamp."), field="stamped",
        remedy=says(N_("Stamp every copy, then finish.")),
    )  # fmt: skip


class FinishMaking(Action):
    """Count a job out: labels verified, sheets and waste add up, the copies go to their place."""

    code = "finish_making"
    label = N_("Count out…")
    subject = Subject.CARRIER
    told = N_("made, {pages} pages counted, put in {place}")
    move = Move({State.IN_PREP}, State.IN_STOCK)
    whole = (
        copy_is_on_a_job,
        copies_are_of_one_job,
        every_copy_of_the_job_is_here,
        made_no_more_than_approved,
        sheets_add_up,
        void_copies_are_in_the_waste,
        waste_is_destroyed,
        copies_bear_the_stamp,
    )
    checks = (label_is_verified, pages_are_as_ordered, place_protects)
    place: PlaceId = ask(Kind.PLACE, N_("Place"), suggest=lambda case: case.the_carrier.place)
    sheets: int | None = ask(Kind.NUMBER, N_("Sheets used"))
    spoiled: int | None = ask(Kind.NUMBER, N_("Spoiled sheets"), default=0)
    waste_by: PersonId | None = ask(Kind.PERSON, N_("Waste destroyed by"), default=None)
    stamped: bool = ask(Kind.FLAG, N_("Reproduction stamp on every copy"), default=False)
    pages: int | None = ask(
        Kind.NUMBER, N_("Pages counted"), each=True, default=None, suggest=lambda case: case.the_carrier.pages
    )

    def changes(self, case: Case) -> Changes:
        return {"place": self.place, "slip": None}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first, job = cases[0], job_of(cases[0])
        if job is None:
            return {}
        changes: Changes = {**ended(first), "done": len(cases), **signed_parts(first)}
        for case in cases:
            changes |= line_done(case, job.id, case.the_carrier.id, "made", pages=case.answer("pages"))
        facts = {
            "sheets": self.sheets, "spoiled": self.spoiled, "waste_by": self.waste_by, "stamped": self.stamped,
            "made": len(cases), "finished": changes["closed_at"],
        }  # fmt: skip
        return {Ref(Subject.SLIP, job.id): changes | fact(facts)}


ACTIONS = (FinishMaking,)
