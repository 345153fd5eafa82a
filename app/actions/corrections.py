"""When the book itself is wrong: an entry corrected by two, a text withdrawn by two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.action import Action, Case, Changes, Kind, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import PersonId
from app.domain.checks import are_different, is_here, signature_of, signs_in_as
from app.domain.ledger import entry_of
from app.domain.opening import opened
from app.domain.slip import SlipState
from app.domain.words import N_, says

DOCUMENT_FIELDS = (
    ("title", N_("title")),
    ("short_title", N_("short title")),
    ("reference", N_("reference number")),
    ("originator", N_("originator")),
    ("remarks", N_("remarks")),
)
CARRIER_FIELDS = (("pages", N_("pages")), ("serial_no", N_("serial number")))
TEXTS = (*DOCUMENT_FIELDS[:2], *DOCUMENT_FIELDS[3:], ("as_written", N_("mark as written")), ("basis", N_("basis")))


def second_clerk_signs(action: Correct | CorrectDocument, case: Case) -> Refusal | None:
    """A second clerk, who is somebody else, puts their name to a correction (domain.md T47)."""
    person = case.book.person(action.second)
    rule = case.the_regime.correction_persons()
    if rule.value < 2:
        return None
    if refusal := are_different([case.actor.id, person.id], says(N_("The two clerks")), "second"):
        return refusal
    if refusal := is_here(person, "second"):
        return refusal
    if not any(person.holds(duty, case.today) for duty in ("registry_clerk", "secrecy_officer")):
        return refuse(
            N_("{name} is no registry clerk."),
            name=person.name,
            citation=rule.citation,
            verified=rule.verified,
            field="second",
        )
    return signature_of(case, person.id, "second_clerk", says(N_("second clerk")))


def correction_points_at_its_entry(_: Action, case: Case) -> Refusal | None:
    """A correction names the entry that was wrong, and that entry is about the same subject."""
    seq = case.authority.corrects
    body = case.book.entry(seq) if seq is not None else None
    if body is not None and entry_of(body).subject == case.subject:
        return None
    return refuse(
        N_("The entry that was wrong is not named.") if seq is None else N_("Entry {seq} is about something else."),
        seq=seq,
        remedy=says(N_("Choose the entry in its history.")),
    )


def old_value_is_what_the_book_says(action: Correct | CorrectDocument, case: Case) -> Refusal | None:
    """The old value is written down as it stands, so that nobody corrects what was corrected meanwhile."""
    if recorded(action.what, case) == action.old:
        return None
    return refuse(
        N_("The book says “{value}”, not “{old}”."), value=recorded(action.what, case), old=action.old, field="old"
    )


def new_value_is_another(action: Correct | CorrectDocument, _: Case) -> Refusal | None:
    """A correction changes something."""
    return refuse(N_("Nothing would change."), field="new") if action.new == action.old else None


def pages_are_a_number(action: Correct, _: Case) -> Refusal | None:
    """Pages are counted in whole numbers, one or more."""
    if action.what != "pages" or (action.new.isascii() and action.new.isdigit() and int(action.new) > 0):
        return None
    return refuse(N_("“{value}” is not a number of pages."), value=action.new, field="new")


def field_may_be_corrected(action: Correct | CorrectDocument, _: Case) -> Refusal | None:
    """Custody is never corrected: what happened is undone by its counter-act."""
    allowed = CARRIER_FIELDS if isinstance(action, Correct) else DOCUMENT_FIELDS
    if action.what in dict(allowed):
        return None
    return refuse(N_("“{what}” is not corrected by an entry."), what=action.what, field="what")


def recorded(what: str, case: Case) -> str:
    """What the book says in that field, as text."""
    if case.carrier is not None:
        value = getattr(case.carrier, what, None)
        return "" if value is None else str(value)
    return case.book.search_fields(case.the_document.id).get(what, "")


def correction_slip(action: Correct | CorrectDocument, cases: Sequence[Case], **more: Any) -> Mapping[Ref, Changes]:
    """The correction slip: what was corrected, old and new, why, by whom, which entry."""
    first = cases[0]
    answers = {"what": action.what, "old": action.old, "new": action.new, "reason": action.reason}
    ref, changes = opened(
        first, "correction", SlipState.CLOSED, action=action.code, answers=answers, regime=first.the_regime.code,
        facts={"entry": first.authority.corrects, "second": action.second, "of": str(first.subject)},
        closed_at=first.now.isoformat(timespec="seconds"), **more,
    )  # fmt: skip
    return {ref: changes}


class Correct(Action):
    """Correct what the book says about a carrier; the old value stays in the old entry."""

    code = "correct"
    label = N_("Correct the entry…")
    subject = Subject.CARRIER
    told = N_("entry corrected: {what}")
    whole = (correction_points_at_its_entry, second_clerk_signs)
    checks = (field_may_be_corrected, old_value_is_what_the_book_says, new_value_is_another, pages_are_a_number)
    route = "correct"
    applied_for = ("what", "old", "new")
    slip_kind = "correction"
    what: str = ask(Kind.CHOICE, N_("What is wrong"), choices=CARRIER_FIELDS)
    old: str = ask(Kind.CODE, N_("Old value"), default="")
    new: str = ask(Kind.CODE, N_("New value"))
    reason: str = ask(Kind.TEXT, N_("Reason"))
    second: PersonId = ask(Kind.PERSON, N_("Second clerk"))

    def changes(self, case: Case) -> Changes:
        return {self.what: int(self.new) if self.what == "pages" else self.new}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        lines = [{"carrier": case.the_carrier.id, "status": "done"} for case in cases]
        return correction_slip(self, cases, lines=lines, done=len(lines), level=cases[0].the_carrier.level)


class CorrectDocument(Action):
    """Correct what the book says about a document; the old value stays in the old entry."""

    code = "correct_document"
    label = N_("Correct the entry…")
    subject = Subject.DOCUMENT
    told = N_("entry corrected: {what}")
    whole = (correction_points_at_its_entry, second_clerk_signs)
    checks = (field_may_be_corrected, old_value_is_what_the_book_says, new_value_is_another)
    route = "correct"
    applied_for = ("what", "old", "new")
    slip_kind = "correction"
    what: str = ask(Kind.CHOICE, N_("What is wrong"), choices=DOCUMENT_FIELDS)
    old: str = ask(Kind.TEXT, N_("Old value"), default="")
    new: str = ask(Kind.TEXT, N_("New value"))
    reason: str = ask(Kind.TEXT, N_("Reason"))
    second: PersonId = ask(Kind.PERSON, N_("Second clerk"))

    def changes(self, case: Case) -> Changes:
        return {self.what: self.new if self.what == "reference" else Text(self.new)}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return correction_slip(self, cases, level=cases[0].the_document.level)


def text_is_there(action: WithdrawText, case: Case) -> Refusal | None:
    """There is such a text, and it was not withdrawn before."""
    if _digest(action, case) is not None and case.book.words(_digest(action, case)) is not None:
        return None
    return refuse(N_("There is no such text, or it was withdrawn before."), field="what")


def no_open_slip_needs_it(action: WithdrawText, case: Case) -> Refusal | None:
    """A slip under way keeps the words it was approved with."""
    digest = _digest(action, case)
    slip = case.book.withdrawal_of(digest).open_slip if digest is not None else None
    if slip is None:
        return None
    return refuse(
        N_("Slip {slip} is open and holds this text."),
        slip=slip,
        remedy=says(N_("Finish or cancel slip {slip} first."), slip=slip),
    )


def two_people_withdraw(action: WithdrawText, case: Case) -> Refusal | None:
    """A text is withdrawn by two people, each with their own password where the regime says so."""
    person = case.book.person(action.second)
    if refusal := are_different([case.actor.id, person.id], says(N_("Who withdraws and who confirms")), "second"):
        return refusal
    signed = [signature for signature in case.authority.signatures if signature.person == person.id]
    rule = case.regime.seat_signature(WithdrawText.code) if case.regime else None
    if any(signature.how == "seat" or (rule is not None and not rule.value) for signature in signed):
        return is_here(person, "second")
    return Refusal(
        "signature:second",
        says(N_("{name} has not signed here."), name=person.name),
        rule.citation if rule is not None else "",
        verified=rule is None or rule.verified,
        remedy=says(N_("Have {name} sign here with their own password."), name=person.name),
        field="second",
        account=signs_in_as(case, person.id),
    )


class WithdrawText(Action):
    """Take words that turned out to be classified out of the book; their digest stays, so the chain still verifies."""

    code = "withdraw_text"
    label = N_("Withdraw a text…")
    subject = Subject.DOCUMENT
    told = N_("a text was withdrawn")
    whole = (text_is_there, no_open_slip_needs_it, two_people_withdraw)
    duties = ("secrecy_officer", "registry_clerk")
    what: str = ask(Kind.CHOICE, N_("Text"), choices=TEXTS, default="title")
    digest: str = ask(Kind.CODE, N_("Another text, by its digest"), default="")
    replacement: str = ask(Kind.TEXT, N_("Put in its place"), default="")
    second: PersonId = ask(Kind.PERSON, N_("Second person"))
    reason: str = ask(Kind.TEXT, N_("Reason"))

    def changes(self, case: Case) -> Changes:
        digest = _digest(self, case)
        taken = case.book.withdrawal_of(digest).digests if digest is not None else ()
        put = {self.what: Text(self.replacement)} if self.replacement and not self.digest else {}
        return {**{f"withdrawn.{each}": True for each in taken}, **put}


def _digest(action: WithdrawText, case: Case) -> str | None:
    """The digest of the text meant: named by itself, or by the document's field."""
    if action.digest:
        return action.digest
    return case.book.digest_of(case.the_document.id, action.what) if case.document is not None else None


ACTIONS = (Correct, CorrectDocument, WithdrawText)
