"""Off the shelf for good: filed in the unit's archive room, transferred to the archives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.domain.action import Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import DocumentState, PersonId, PlaceId, State
from app.domain.caveat_checks import RECEIVERS, caveats_admit_the_receiver, list_is_of_one_account
from app.domain.checks import is_here, signature_of
from app.domain.opening import ended, fact, line_done, opened
from app.domain.place_checks import is_kept_as_the_level_asks
from app.domain.slip import SlipState
from app.domain.words import N_, says

OVER = frozenset({DocumentState.LIFTED, DocumentState.DECLASSIFIED})
RETENTIONS = (("permanent", N_("permanent")), ("30y", N_("30 years")), ("10y", N_("10 years")))
APPRAISALS = (
    ("kept", N_("level and period stay")),
    ("changed", N_("level or period was changed")),
    ("lifted", N_("no secret any more")),
)
REVIEWS = (
    ("declassified", N_("no secret any more")),
    ("secret", N_("stays secret")),
    ("open", N_("not decided yet")),
)


def vouched(
    cases: Sequence[Case], kind: str, code: str, status: str, noted: Callable[[Case], Mapping[str, Any]], **facts: Any
) -> Mapping[Ref, Changes]:
    """The lines done on the slip the act rests on, or on a new one where the regime asks for no approval."""
    first = cases[0]
    closing: Changes = {**ended(first), "due": None}
    if first.slip is None:
        lines = [{"carrier": case.the_carrier.id, "status": status, **noted(case)} for case in cases]
        ref, changes = opened(
            first, kind, SlipState.CLOSED, action=code, regime=first.the_regime.code, lines=lines, done=len(lines),
            level=first.the_regime.highest(case.the_carrier.level for case in cases), facts=facts,
            closed_at=closing["closed_at"],
        )  # fmt: skip
        return {ref: changes}
    slip = first.slip
    done: Changes = {"state": SlipState.EXECUTING, "done": slip.done + len(cases)}
    for case in cases:
        done |= line_done(case, slip.id, case.the_carrier.id, status, **noted(case))
    return {Ref(Subject.SLIP, slip.id): done | (closing if done["done"] >= slip.listed else {}) | fact(facts)}


def archive_place_protects(action: FileToArchive, case: Case) -> Refusal | None:
    """The archive room gives the protection the level asks for."""
    return is_kept_as_the_level_asks(case, action.place)


def archive_number_is_free(_: FileToArchive, case: Case) -> Refusal | None:
    """An archive number finds one carrier: nothing else was ever filed under it, and nothing else is filed now."""
    number = case.answer("archive_no")
    if number is None or number not in case.book.archive_numbers_taken((number,)):
        return None
    return refuse(
        N_("Archive number {number} is taken."),
        number=number,
        remedy=says(N_("Give it the next number of its file.")),
        field="archive_no",
    )


def archive_numbers_differ(_: FileToArchive, case: Case) -> Refusal | None:
    """No two lines of one list are filed under the same number."""
    given = Counter(line.answers.get("archive_no") for line in case.beside)
    twice = next((number for number, times in given.items() if number and times > 1), None)
    if twice is None:
        return None
    return refuse(
        N_("Archive number {number} stands on this list twice."),
        number=twice,
        remedy=says(N_("Give each line the next number of its file.")),
        field="archive_no",
    )


def level_was_appraised_truly(_: Action, case: Case) -> Refusal | None:
    """What the re-appraisal says is what the document is: a period that ended is lifted first (domain.md T30)."""
    document, said = case.the_document, case.answer("appraisal")
    ended = document.lifts is not None and document.lifts <= case.today
    if document.state in OVER:
        return None if said == "lifted" else _appraised_otherwise(case, N_("{number} is no secret any more."))
    if said == "lifted":
        return _appraised_otherwise(case, N_("{number} is still secret in the register."))
    if ended:
        return _appraised_otherwise(case, N_("The period of {number} has ended."))
    return None


def _appraised_otherwise(case: Case, sentence: str) -> Refusal:
    rule = case.the_regime.route("archive_file", case.the_carrier.level)
    return refuse(
        sentence,
        number=case.the_carrier.number,
        citation=rule.citation,
        verified=rule.verified,
        remedy=says(N_("Lift or change the document first, or correct the appraisal.")),
        field="appraisal",
    )


def mark_is_up_to_date(_: Action, case: Case) -> Refusal | None:
    """Nothing leaves the shelf under an old mark."""
    if not case.the_carrier.remark_due:
        return None
    return refuse(
        N_("The mark on {number} is still to be changed."),
        number=case.the_carrier.number,
        remedy=says(N_("Re-mark it first.")),
    )


def archivist_takes_it_over(action: FileToArchive, case: Case) -> Refusal | None:
    """Who takes the charge over is here, is an archivist, and signs."""
    if action.archivist is None:
        return None
    person = case.book.person(action.archivist)
    if refusal := is_here(person, "archivist"):
        return refusal
    if not person.holds("archivist", case.today):
        return refuse(N_("{name} is not an archivist."), name=person.name, field="archivist")
    return signature_of(case, person.id, "archivist", says(N_("archivist")))


class FileToArchive(Action):
    """File a carrier in the unit's archive room under an archive number, its level appraised again."""

    code = "file_to_archive"
    label = N_("File in the archive room…")
    subject = Subject.CARRIER
    told = N_("filed in the archive room as {archive_no}")
    move = Move({State.IN_STOCK}, State.ARCHIVED)
    whole = (archivist_takes_it_over, archive_numbers_differ, list_is_of_one_account)
    checks = (
        archive_number_is_free,
        level_was_appraised_truly,
        mark_is_up_to_date,
        archive_place_protects,
    )
    prints = ("archive_list",)
    duties = ("registry_clerk", "archivist")
    route = "archive_file"
    slip_kind = "filing"
    key = "A"
    place: PlaceId = ask(Kind.PLACE, N_("Place"))
    archivist: PersonId | None = ask(Kind.PERSON, N_("Taken over by"), default=None)
    archive_no: str = ask(Kind.CODE, N_("Archive number"), each=True)
    retention: str = ask(Kind.CHOICE, N_("Kept for"), each=True, choices=RETENTIONS)
    appraisal: str = ask(Kind.CHOICE, N_("Level appraised again"), each=True, choices=APPRAISALS)
    fonds: str = ask(Kind.CODE, N_("Fonds"), default="")
    with_drafts: bool | None = ask(Kind.FLAG, N_("With attachments and drafts"), each=True, default=None)

    def changes(self, case: Case) -> Changes:
        charge = {"custodian": self.archivist} if self.archivist is not None else {}
        return {"place": self.place, "archive_no": case.answer("archive_no"), "slip": None, **charge}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        found = vouched(
            cases, "filing", self.code, "filed", self._filed, place=self.place, archivist=self.archivist
        )  # fmt: skip
        return {ref: changes | self._taken_over(cases[0]) for ref, changes in found.items()}

    def _filed(self, case: Case) -> Mapping[str, Any]:
        given = {name: case.answer(name) for name in ("archive_no", "retention", "appraisal", "with_drafts")}
        return given | {"fonds": self.fonds or None}

    def _taken_over(self, case: Case) -> Changes:
        """The archivist's signature on the list, however it was given."""
        if self.archivist is None:
            return {}
        signatures = case.authority.signatures
        how = next((signature.how for signature in signatures if signature.person == self.archivist), "seat")
        at = case.now.isoformat(timespec="seconds")
        return {"sign.archivist": {"person": self.archivist, "how": how, "at": at}}


def declassification_review_is_settled(_: Action, case: Case) -> Refusal | None:
    """Before the archives take it, it is decided whether it is still a secret (domain.md T32)."""
    review, over = case.answer("review"), case.the_document.state in OVER
    if review == ("declassified" if over else "secret"):
        return None
    rule = case.the_regime.route("archive_transfer", case.the_carrier.level)
    return refuse(
        N_("Whether {number} is still secret is not settled.")
        if review == "open"
        else N_("The review of {number} says something else than the register."),
        number=case.the_carrier.number,
        citation=rule.citation,
        verified=rule.verified,
        remedy=says(N_("Settle the review; lift or declassify the document first.")),
        field="review",
    )


class TransferToArchives(Action):
    """Transfer filed carriers to the archives by a deed; from here the archives answer for them."""

    code = "transfer_to_archives"
    label = N_("Transfer to the archives…")
    subject = Subject.CARRIER
    told = N_("transferred to the archives by deed {deed}")
    move = Move({State.ARCHIVED}, State.TRANSFERRED)
    whole = (list_is_of_one_account,)
    checks = (declassification_review_is_settled, mark_is_up_to_date, caveats_admit_the_receiver)
    prints = ("archive_deed",)
    duties = ("archivist", "registry_clerk")
    route = "archive_transfer"
    slip_kind = "transfer"
    receiver: str = ask(Kind.TEXT, N_("Receiving archives"))
    received_by: str = ask(Kind.TEXT, N_("Received by"))
    deed: str = ask(Kind.CODE, N_("Number of the deed"))
    finding_aids: str = ask(Kind.TEXT, N_("Finding aids"), default="")
    review: str = ask(Kind.CHOICE, N_("Declassification review"), each=True, choices=REVIEWS)
    archives_are: str = ask(Kind.CHOICE, N_("The archives are"), default="", choices=RECEIVERS, late=True)

    def changes(self, case: Case) -> Changes:
        return {}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        found = vouched(
            cases, "transfer", self.code, "transferred", lambda case: {"review": case.answer("review")}, deed=self.deed,
            archives_are=self.archives_are or None,
        )  # fmt: skip
        # Who signs for the archives is none of ours: the name is kept as it was given.
        return {ref: changes | {"fact.received_by": Text(self.received_by)} for ref, changes in found.items()}


ACTIONS = (FileToArchive, TransferToArchives)
