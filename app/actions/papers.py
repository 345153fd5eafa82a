"""Paper and files that left the register: what was printed, what was exported, what came back signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from app.domain.action import NEW, Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import PersonId
from app.domain.opening import fact
from app.domain.slip import KEPT, NOT_AWAITED, unsigned_roles
from app.domain.words import N_, says

PRINTED = "printed"

FORM_NAMES: Final = {
    "incoming_register": N_("Incoming register"),
    "discrepancy_notice": N_("Discrepancy notice"),
    "carrier_labels": N_("Labels"),
    "cover_sheet": N_("Cover sheet"),
    "classification_slip": N_("Classification slip"),
    "copy_approval": N_("Copying approval"),
    "delivery_list": N_("Delivery list"),
    "delivery_receipt": N_("Delivery receipt"),
    "envelope_labels": N_("Envelope labels"),
    "tracer": N_("Tracer letter"),
    "loan_slip": N_("Loan slip"),
    "loan_log": N_("Loan log"),
    "handover_list": N_("Handover list"),
    "opening_muster": N_("Opening muster"),
    "archive_list": N_("Filing list"),
    "archive_deed": N_("Transfer deed"),
    "destruction_list": N_("Destruction list"),
    "destruction_certificate": N_("Destruction certificate"),
    "media_labels": N_("Labels of media"),
    "us_cover_sheet": N_("Cover sheet"),
    "recovery_sheet": N_("Recovery sheet"),
    "badges": N_("Badges"),
    "calibration_sheet": N_("Calibration sheet"),
    "command_card": N_("Command card"),
}
"""Every form that is printed, by code."""
VIEW_NAMES: Final = {
    "all": N_("All carriers"),
    "held": N_("On our charge"),
    "loan": N_("On loan"),
    "overdue": N_("Overdue"),
    "ended": N_("ended"),
}
"""What can be written to a file whole, by code."""


class RecordPrint(Action):
    """Note what was printed of what: the lines it shows, its bytes' digest, and where the book stood."""

    code = "record_print"
    label = N_("Print…")
    subject = Subject.PAPER
    told = N_("{form} made")
    move = Move(NEW, PRINTED)
    duties = ()
    offered = False
    form: str = ask(Kind.CODE, N_("Form"), choices=tuple(FORM_NAMES.items()))
    version: int = ask(Kind.NUMBER, N_("Version"))
    of: str = ask(Kind.CODE, N_("Of"))
    lines_kept: str = ask(Kind.LONG_TEXT, N_("Lines"), default="")
    pdf: str = ask(Kind.CODE, N_("Digest of the print"))
    anchor: int = ask(Kind.NUMBER, N_("Anchor"))
    pages: int = ask(Kind.NUMBER, N_("Pages"))
    language: str = ask(Kind.CODE, N_("Language"))
    slip: int | None = ask(Kind.SLIP, N_("Slip"), default=None)
    reprint_of: int | None = ask(Kind.NUMBER, N_("Reprint of"), default=None)
    awaited: bool = ask(Kind.FLAG, N_("Comes back signed"), default=False)
    kept: bool = ask(Kind.FLAG, N_("Only looked at so far"), default=False)

    def changes(self, case: Case) -> Changes:
        found: Changes = {
            "form": self.form, "version": self.version, "of": self.of, "lines": Text(self.lines_kept), "pdf": self.pdf,
            "anchor": self.anchor, "pages": self.pages, "language": self.language, "slip": self.slip,
            "reprint_of": self.reprint_of, "printed_at": case.now.isoformat(timespec="seconds"),
            "returned_at": KEPT if self.kept else None if self.awaited else NOT_AWAITED,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value is not None}


def paper_is_kept(_: PaperLeft, case: Case) -> Refusal | None:
    """A paper leaves once; what happens to it then is not written over."""
    if case.book.paper_is_kept(case.subject.id):
        return None
    return refuse(N_("This paper has left before."))


class PaperLeft(Action):
    """Note that a paper that was only looked at was given to a printer or written to a file: now there is a copy."""

    code = "paper_left"
    label = N_("Print…")
    subject = Subject.PAPER
    told = N_("the paper was sent to {to}")
    checks = (paper_is_kept,)
    duties = ()
    offered = False
    to: str = ask(Kind.CHOICE, N_("Sent to"), choices=(("printer", N_("the printer")), ("file", N_("a file"))))
    awaited: bool = ask(Kind.FLAG, N_("Comes back signed"), default=False)

    def changes(self, _: Case) -> Changes:
        return {"returned_at": None if self.awaited else NOT_AWAITED}


class PaperBack(Action):
    """Note that a signed paper came back; who signed it in which role stands on its slip."""

    code = "paper_back"
    label = N_("Paper is back…")
    subject = Subject.PAPER
    told = N_("the signed paper is back")
    duties = ("registry_clerk", "secrecy_officer", "archivist")
    offered = False

    def changes(self, case: Case) -> Changes:
        return {"returned_at": case.now.isoformat(timespec="seconds")}


def rows_are_counted(action: RecordExport, _: Case) -> Refusal | None:
    """An export says how many rows left the register."""
    return None if action.rows >= 0 else refuse(N_("An export cannot hold fewer than no rows."), field="rows")


class RecordExport(Action):
    """Note that rows of the register were written to a file: which list, how many, the file's digest."""

    code = "record_export"
    label = N_("Export…")
    subject = Subject.REGISTER
    told = N_("{rows} rows of {view} exported")
    checks = (rows_are_counted,)
    duties = ("registry_clerk", "secrecy_officer", "auditor", "archivist")
    offered = False
    view: str = ask(Kind.CODE, N_("List"), choices=tuple(VIEW_NAMES.items()))
    rows: int = ask(Kind.NUMBER, N_("Rows"))
    digest: str = ask(Kind.CODE, N_("Digest of the file"), default="")
    titles: bool = ask(Kind.FLAG, N_("With titles"), default=False)

    def changes(self, case: Case) -> Changes:
        return {}


def role_is_unsigned(action: SignOnPaper, case: Case) -> Refusal | None:
    """A signature that stands is not written over by another's."""
    signed = case.the_slip.signed.get(action.role)
    if signed is None:
        return None
    name = case.book.person(signed["person"]).name
    return refuse(N_("{name} has already signed in this role."), name=name, field="role")


def paper_is_of_this_slip(action: SignOnPaper, case: Case) -> Refusal | None:
    """The paper that came back was printed of the slip it is noted on."""
    if not action.paper or case.book.slip_of_paper(action.paper) == case.the_slip.id:
        return None
    return refuse(N_("This paper is not of slip {slip}."), slip=case.the_slip.number, field="paper")


def deed_is_signed_by_both(action: SignOnPaper, case: Case) -> Refusal | None:
    """A deed is back once the archives have signed it; who did is none of ours and is named (domain.md 4.19)."""
    if case.the_slip.kind != "transfer":
        return None
    if not action.received_by or action.received is None:
        return refuse(
            N_("Who signed for the archives, and when, is not noted."),
            remedy=says(N_("Read it off the deed that came back.")),
            field="received" if action.received_by else "received_by",
        )
    if action.received > case.today:
        return refuse(N_("{day} is still to come."), day=action.received, field="received")
    return None


class SignOnPaper(Action):
    """Record that a printed form came back signed: who, in which role, on which paper."""

    code = "sign_on_paper"
    label = N_("Signed paper is back…")
    subject = Subject.SLIP
    told = N_("signed paper is back: {person}")
    checks = (role_is_unsigned, paper_is_of_this_slip, deed_is_signed_by_both)
    role: str = ask(Kind.CHOICE, N_("Signed as"))
    person: PersonId = ask(Kind.PERSON, N_("Signed by"))
    paper: int = ask(Kind.NUMBER, N_("Paper"), default=0)
    received_by: str = ask(Kind.TEXT, N_("Received by"), default="")
    received: date | None = ask(Kind.DATE, N_("Received on"), default=None)

    def changes(self, case: Case) -> Changes:
        signed = {
            "person": self.person,
            "how": "paper",
            "at": case.now.isoformat(timespec="seconds"),
            "paper": self.paper,
        }
        theirs: Changes = {"fact.received_by": Text(self.received_by)} if self.received_by else {}
        return {f"sign.{self.role}": signed, **theirs, **fact({"received": self.received})}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        if not self.paper or unsigned_roles(cases[0].the_slip, self.role):
            return {}
        return {Ref(Subject.PAPER, self.paper): {"returned_at": cases[0].now.isoformat(timespec="seconds")}}


ACTIONS = (SignOnPaper, RecordPrint, PaperLeft, PaperBack, RecordExport)
