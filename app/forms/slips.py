"""Slips: one thing asked for, judged and signed. Classification, copying, loan."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportlab.platypus import Flowable, Spacer

from app.forms import sentences as s
from app.forms import terms as t
from app.forms.blocks import note, signatures
from app.forms.fields import Field, field_rows, heading
from app.forms.lines import Signature, number
from app.forms.page import Head, compose
from app.forms.sheet import Drawn, Sheet
from app.forms.tables import Column, Rows
from app.forms.text import MM


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassificationSlip:
    """A drafter's proposal of level, period and scope, and what the authority decided (domain.md 4.7)."""

    head: Head
    department: str = ""
    drafter: str = ""
    title: str = ""
    reference: str = ""
    form_of_carrier: str = ""
    level: str = ""
    period: str = ""
    scope: str = ""
    basis: str = ""
    secret_points: str = ""
    copies: int | None = None
    signatures: tuple[Signature, ...] = ()
    remark: str = ""
    state_secret: bool = True
    """Whether it may call itself the determination of a state secret; other secrets never do."""


def draw_classification_slip(content: ClassificationSlip, sheet: Sheet) -> Drawn:
    """The slip on which a secret is determined."""
    fields = (
        Field(t.DRAFTING_DEPARTMENT, content.department),
        Field(t.DRAFTER, content.drafter),
        Field(t.TITLE_OR_MATTER, content.title, wide=True),
        Field(t.REFERENCE, content.reference),
        Field(t.FORM_OF_CARRIER, sheet.word(content.form_of_carrier)),
        Field(t.PROPOSED_LEVEL, content.level),
        Field(t.PROPOSED_PERIOD, content.period),
        Field(t.SCOPE, content.scope, wide=True),
        Field(t.BASIS, content.basis, wide=True),
        Field(t.SECRET_POINTS, content.secret_points, wide=True),
        Field(t.COPIES_TO_PRINT, _count(sheet, content.copies)),
        Field(t.REMARKS, content.remark),
    )

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, fields),
            *signatures(sheet, content.signatures, 1),
            Spacer(1, 3 * MM),
            note(sheet, s.COPIES_OF_CLASSIFICATION),
        ]

    title = t.STATE_SECRET_SLIP if content.state_secret else t.CLASSIFICATION_SLIP
    return compose(sheet, content.head, title, "4.7", body)


def _count(sheet: Sheet, copies: int | None) -> str:
    return "" if copies is None else f"{copies} ({sheet.count(copies, t.COPY)})"


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyApproval:
    """Who wants copies of what for whom, who allowed it, and what was made (domain.md 4.10)."""

    head: Head
    applicant: str = ""
    department: str = ""
    title: str = ""
    copies: int | None = None
    pages: int | None = None
    level: str = ""
    permit: str = ""
    made_by_unit: str = ""
    original: str = ""
    original_copy: str = ""
    originator: str = ""
    originator_permits: str = ""
    extent: str = ""
    purpose: str = ""
    recipients: str = ""
    numbers: str = ""
    consent: str = ""
    signatures: tuple[Signature, ...] = ()
    place_and_machine: str = ""
    operator: str = ""
    made: int | None = None
    waste: int | None = None
    waste_destroyed_by: str = ""
    stamped: bool | None = None
    registered_by: str = ""
    registered_at: str = ""
    taken_over_by: str = ""


def draw_copy_approval(content: CopyApproval, sheet: Sheet) -> Drawn:
    """The application, the opinions, and the record of what was made."""
    asked = (
        Field(t.APPLICANT, content.applicant),
        Field(t.DEPARTMENT, content.department),
        Field(t.DOCUMENT_TITLE, content.title, wide=True),
        Field(t.COPIES, _count(sheet, content.copies)),
        Field(t.PAGES_EACH, number(content.pages)),
        Field(t.LEVEL, content.level),
        Field(t.PRINT_PERMIT, content.permit),
        Field(t.PURPOSE, content.purpose, wide=True),
        Field(t.MADE_BY_UNIT, content.made_by_unit),
        Field(t.EXTENT, content.extent),
        Field(t.ORIGINAL, content.original),
        Field(t.COPY_NUMBER, content.original_copy),
        Field(t.ORIGINATOR, content.originator),
        Field(t.ORIGINATOR_PERMITS, content.originator_permits),
        Field(t.RECIPIENTS, content.recipients, wide=True),
        Field(t.NUMBERS_OF_COPIES, content.numbers),
        Field(t.CONSENT, content.consent),
    )
    done = (
        Field(t.PLACE_AND_MACHINE, content.place_and_machine),
        Field(t.COPIES_MADE, _count(sheet, content.made)),
        Field(t.WASTE, number(content.waste)),
        Field(t.WASTE_DESTROYED_BY, content.waste_destroyed_by),
        Field(t.STAMPED, sheet.yes_no(content.stamped)),
    )
    closing = (
        Signature(role="operator", name=content.operator),
        Signature(role="registrar", name=content.registered_by, signed=content.registered_at),
        Signature(role="taker", name=content.taken_over_by),
    )

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, asked),
            *signatures(sheet, content.signatures, 2),
            Spacer(1, 2 * MM),
            heading(sheet, t.RECORD_OF_COPYING),
            *field_rows(sheet, done),
            *signatures(sheet, closing, 3),
            Spacer(1, 2 * MM),
            note(sheet, s.COPIES_OF_COPYING),
        ]

    return compose(sheet, content.head, t.COPY_APPROVAL, "4.10", body)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoanItem:
    """One carrier lent."""

    number: str
    title: str = ""
    reference: str = ""
    copy: str = ""
    level: str = ""
    pages: int | None = None
    capacity: str = ""
    due: str = ""
    """Until when, where the lines of the slip differ."""
    returned: str = ""
    intact: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LoanSlip:
    """Who borrows what until when, who allowed it, and how it came back (domain.md 4.14)."""

    head: Head
    borrower: str = ""
    department: str = ""
    clearance: str = ""
    telephone: str = ""
    items: tuple[LoanItem, ...] = ()
    purpose: str = ""
    manner: str = ""
    reading_place: str = ""
    lent: str = ""
    due: str = ""
    media: bool = False
    signatures: tuple[Signature, ...] = ()
    returns: tuple[Signature, ...] = field(default=(Signature(role="returned_by"), Signature(role="taken_back_by")))
    remark: str = ""
    renewal: bool = False
    """Whether it asks for a longer term only; nothing is handed out or taken back on it."""


def draw_loan_slip(content: LoanSlip, sheet: Sheet) -> Drawn:
    """One slip for one borrower, a line for each carrier, and room for the return."""
    back = (
        Column(t.RETURNED_ON, 20, lambda item: item.returned),
        Column(t.PAGES_INTACT, 16, lambda item: sheet.yes_no(item.intact)),
    )
    columns = (
        Column(t.CONTROL_NUMBER, 32, lambda item: item.number, whole=True),
        Column(t.DOCUMENT_TITLE, 46, lambda item: item.title),
        Column(t.REFERENCE, 28, lambda item: item.reference, whole=True),
        Column(t.COPY_NUMBER, 14, lambda item: item.copy),
        Column(t.LEVEL, 20, lambda item: item.level),
        Column(t.PAGES_OR_CAPACITY if content.media else t.PAGES, 12, _size, "right"),
        *((Column(t.DUE_ON, 20, lambda item: item.due),) if any(item.due for item in content.items) else ()),
        *(() if content.renewal else back),
    )
    who = (
        Field(t.BORROWER, content.borrower),
        Field(t.DEPARTMENT, content.department),
        Field(t.CLEARANCE, content.clearance),
        Field(t.TELEPHONE, content.telephone),
    )
    how = (
        Field(t.LOAN_PURPOSE, content.purpose, wide=True),
        Field(t.LOAN_MANNER, sheet.word(content.manner)),
        Field(t.READING_PLACE, content.reading_place),
        Field(t.LENT_ON, content.lent),
        Field(t.NEW_DUE_DATE if content.renewal else t.DUE_ON, content.due),
        Field(t.REMARKS, content.remark, wide=True),
    )

    used = (Field(t.USED_FROM_TO, ""), Field(t.CONNECTED_TO, ""), Field(t.STORED_ON_IT, "", wide=True))
    cleared = (Field(t.CLEARED_ON_RETURN, "", wide=True),)

    def returning() -> list[Flowable]:
        return [
            Spacer(1, 2 * MM),
            heading(sheet, t.RETURN),
            *(field_rows(sheet, cleared) if content.media else []),
            *signatures(sheet, content.returns, 2),
        ]

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, who),
            *field_rows(sheet, how),
            *(field_rows(sheet, used) if content.media and not content.renewal else []),
            Spacer(1, 3 * MM),
            Rows(sheet, columns, content.items),
            *signatures(sheet, content.signatures, 2),
            *([] if content.renewal else returning()),
        ]

    title = t.LOAN_RENEWAL if content.renewal else t.LOAN_SLIP
    return compose(sheet, content.head, title, "4.14", body, short_rule=True)


def _size(item: LoanItem) -> str:
    return item.capacity or number(item.pages)
