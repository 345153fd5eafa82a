"""The shape of a regime file: every rule is a value with the place where it is written and whether that was verified.

A rule that differs by level is a list of rows, each naming its levels; together they name every level once.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Generic, Literal, TypeAlias, TypeVar

from msgspec import Meta, Struct

from app.domain.period import PeriodKind

T = TypeVar("T")

Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Code: TypeAlias = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$")]
Colour: TypeAlias = Annotated[str, Meta(pattern="^#[0-9A-F]{6}$")]
Count: TypeAlias = Annotated[int, Meta(ge=0)]
NoneOr: TypeAlias = T | Literal["none"]
"""TOML has no null; a rule that sets no limit says so in a word instead of being left out."""
Years: TypeAlias = Count | Literal["permanent"]

# Closed lists: a word misspelt here would be asked for by nobody, and the rule would lapse in silence.
SeatAct: TypeAlias = Literal[
    "approve", "correct", "void", "void_import", "change_level", "declassify", "write_off",
    "grant_duty", "take_duty", "adopt_regime", "confirm_date", "withdraw_text",
]  # fmt: skip
LabelField: TypeAlias = Literal["level", "period", "copy", "number", "short_title", "pages", "custodian", "recall"]
CoverTemplate: TypeAlias = Literal["cn_cover", "company_cover", "plain_cover", "us_cover"]
CountTrigger: TypeAlias = Literal["custodian_change", "command_change", "incident"]


class Role(StrEnum):
    """Whose decision a step of a route of approvals is."""

    REGISTRY_CLERK = "registry_clerk"
    DEPARTMENT_LEADER = "department_leader"
    SECRECY_OFFICE = "secrecy_office"
    UNIT_LEADER = "unit_leader"
    GENERAL_MANAGER = "general_manager"
    CLASSIFICATION_AUTHORITY = "classification_authority"
    ARCHIVIST = "archivist"
    ORIGINATOR = "originator"
    COMPETENT_AUTHORITY = "competent_authority"


ACTIONS: Final = (
    "classify", "change_level", "declassify", "lift", "widen_scope",
    "print", "copy", "extract", "compile",
    "distribute", "read", "loan", "loan_outside", "renew", "circulate", "extend", "change_custody", "hand_over",
    "dispatch", "foreign_release", "carry_out", "carry_abroad", "repair", "repair_external",
    "archive_file", "archive_transfer", "destroy", "destroy_archived", "unbag", "release",
    "void", "void_draft", "correct", "change_pages", "register_surplus", "found", "write_off",
)  # fmt: skip
"""What a regime must say who approves, for each of its levels."""


class Demand(StrEnum):
    """What a caveat demands beyond the approvals and prohibitions it names."""

    NO_FOREIGN_RECIPIENT = "no_foreign_recipient"
    NO_CONTRACTOR = "no_contractor"
    WITHIN_DEPARTMENT = "within_department"
    NAMED_READERS_ONLY = "named_readers_only"
    NO_COPYING = "no_copying"
    ORIGINATOR_CONSENT = "originator_consent"
    SEPARATE_ACCOUNT = "separate_account"
    NO_AUTOMATIC_LIFT = "no_automatic_lift"
    RETURN_TO_ORIGINATOR = "return_to_originator"


class Strict(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file; a key that is not known is a mistake, never ignored."""


class Ruling(Strict, frozen=True, kw_only=True):
    """Something an authority decided: where it is written, and whether that was verified."""

    source: Text
    verified: bool


class Rule(Ruling, Generic[T], frozen=True, kw_only=True):
    """One value of the whole regime."""

    value: T


class LevelRule(Rule[T], Generic[T], frozen=True, kw_only=True):
    """One value of some levels."""

    levels: tuple[str, ...]


ByLevel: TypeAlias = tuple[LevelRule[T], ...]


class Names(Strict, frozen=True, kw_only=True):
    """What it is called in both languages."""

    zh: Text
    en: Text


class Level(Ruling, frozen=True, kw_only=True):
    """A degree of secrecy; the higher rank is the more secret."""

    code: Code
    rank: Annotated[int, Meta(ge=1)]
    name: Names
    abbrev: Text
    colour: Colour
    ink: Colour
    mark: Text
    """How it is written: {period} and {caveats} are filled in, a part in brackets falls away without a period."""
    also_marked: tuple[Text, ...] = ()
    """Other ways found in registers; read, never written."""


class Caveat(Ruling, frozen=True, kw_only=True):
    """A restriction beside the level."""

    code: Annotated[str, Meta(pattern="^[A-Z][A-Z0-9_]*$")]
    name: Names
    group: Count
    """Place in the banner line; those of one group stand together."""
    also_marked: tuple[Text, ...] = ()
    demands: tuple[Demand, ...]
    consent_for: tuple[str, ...] = ()
    """Acts that need the originator's written consent."""
    forbids: tuple[str, ...] = ()
    """Acts that nobody may approve."""


class Sign(Strict, frozen=True, kw_only=True):
    """A sign of a mark, and what stands for it in registers written by hand or by old programs."""

    sign: Text
    found: tuple[Text, ...]


class Marks(Ruling, frozen=True, kw_only=True):
    """How marks are put together and read."""

    forbidden: tuple[Text, ...] = ()
    """Signs of another regime that may never stand on these secrets."""
    written_as: tuple[Sign, ...] = ()
    caveat_opening: str = ""
    caveat_joint: str = ""
    group_joint: str = ""
    copy_line: Text
    """{n} of {total}; a number after a colon is its width."""


class PeriodWords(Strict, frozen=True, kw_only=True):
    """How a kind of period is written, first, and read, all; {n} is the number."""

    years: tuple[Text, ...] = ()
    months: tuple[Text, ...] = ()
    permanent: tuple[Text, ...] = ()
    long: tuple[Text, ...] = ()
    short: tuple[Text, ...] = ()


class Periods(Strict, frozen=True, kw_only=True):
    """How long secrets of this regime may be kept."""

    words: PeriodWords
    kinds: Rule[tuple[PeriodKind, ...]]
    only_with_basis: Rule[tuple[PeriodKind, ...]]
    start: Rule[Literal["issue_date", "notice_date"]]
    auto_lift: Rule[bool]
    if_missing: Rule[Literal["ceiling", "default", "none"]]
    long_years: Rule[NoneOr[Count]]
    short_years: Rule[NoneOr[Count]]
    ceiling_years: ByLevel[NoneOr[Count]]
    default: ByLevel[Text]
    """The stored text of a period, or "none"."""
    expiry_notice_days: Rule[Count]
    review_months: Rule[NoneOr[Count]]
    draft_days: Rule[NoneOr[Count]]


class RoleName(Strict, frozen=True, kw_only=True):
    """What this regime calls a role."""

    role: Role
    short: Text
    name: Names


class Approval(Ruling, frozen=True, kw_only=True):
    """Who approves some acts on some levels, in order; an empty route means that none is needed."""

    actions: tuple[str, ...]
    levels: tuple[str, ...]
    route: tuple[Role, ...]
    received: tuple[Role, ...] | None = None
    """The route where the item was received from another originator, if it differs."""
    allowed: bool = True
    """False: nobody in the unit may approve it."""


class Channel(Ruling, frozen=True, kw_only=True):
    """A way out of the unit; an empty list of levels names a way that is forbidden."""

    code: Code
    name: Names
    allowed: tuple[str, ...]
    persons: ByLevel[Count]
    needs_seal: bool
    needs_receipt: bool
    marked: Names | None = None
    """What stands on the cover for those who carry it."""


class Wrapping(Ruling, frozen=True, kw_only=True):
    """How a parcel of some levels is wrapped and what stands on it."""

    levels: tuple[str, ...]
    layers: Annotated[int, Meta(ge=1)]
    opaque: bool
    sewn: bool
    inner_mark: bool
    outer_mark: bool
    inner_names: bool
    outer_names: bool


class TracerStep(Strict, frozen=True, kw_only=True):
    """When a receipt that is still out is asked for, and who is told."""

    days: Annotated[int, Meta(ge=1)]
    tell: Role


class Receipts(Strict, frozen=True, kw_only=True):
    """Proof that what went out arrived."""

    required: ByLevel[bool]
    tracer: Rule[tuple[TracerStep, ...]]


class Witness(Strict, frozen=True, kw_only=True):
    """How many persons stand behind an act."""

    destroy: ByLevel[Count]
    destroy_roles_distinct: Rule[bool]
    opening: ByLevel[Count]
    transport: ByLevel[Count]
    carry: ByLevel[Count]
    handover_supervisor: Rule[bool]
    handover_commission: Rule[Count]
    correction: Rule[Count]
    two_person_presence: ByLevel[bool]
    seat_signatures: Rule[tuple[SeatAct, ...]]
    approvers_distinct: Rule[bool] = Rule(value=True, source="", verified=False)
    """A text adopted before this was asked is read as it was meant: a second look is another's."""


class PlaceGrade(Strict, frozen=True, kw_only=True):
    """A degree of protection that a place gives."""

    grade: Count
    name: Names


class CoverSheet(Ruling, frozen=True, kw_only=True):
    """The sheet in front of a carrier."""

    levels: tuple[str, ...]
    template: CoverTemplate
    form: str = ""
    colour: Colour
    ink: Colour


class Keeping(Strict, frozen=True, kw_only=True):
    """Where and how carriers are kept."""

    grades: tuple[PlaceGrade, ...]
    place_grade: ByLevel[Count]
    numbered: ByLevel[bool]
    copies_numbered: ByLevel[bool]
    disclosure_record: ByLevel[bool]
    special_keeper: ByLevel[bool]
    cover_sheets: tuple[CoverSheet, ...]
    unopened_hours: Rule[Count]
    recall_notice_days: Rule[Count]
    label_fields: Rule[tuple[LabelField, ...]]


class Loan(Strict, frozen=True, kw_only=True):
    """Lending to a reader."""

    max_days: ByLevel[Annotated[int, Meta(ge=1)]]
    room_only: ByLevel[bool]
    same_day: ByLevel[bool]
    renewals: Rule[Count]
    reminder_days: Rule[tuple[Count, ...]]


class Circulation(Strict, frozen=True, kw_only=True):
    """Passing from reader to reader through the registry."""

    direct_only: Rule[bool]
    max_days: Rule[Count]
    recovery_days: Rule[Count]


class Inventory(Strict, frozen=True, kw_only=True):
    """Counting what is there."""

    months: ByLevel[Annotated[int, Meta(ge=1)]]
    triggers: Rule[tuple[CountTrigger, ...]]
    spot_check_percent: ByLevel[Annotated[int, Meta(ge=0, le=100)]]
    spot_check_days: Rule[Count]


class Incident(Strict, frozen=True, kw_only=True):
    """Deadlines when something is missing; zero means at once."""

    internal_hours: Rule[Count]
    report_hours: Rule[Count]
    missing_to_leak_days: ByLevel[NoneOr[Count]]
    result_days: Rule[Count]


class Retention(Strict, frozen=True, kw_only=True):
    """How many years records are kept."""

    register: ByLevel[Years]
    receipts: ByLevel[Years]
    loans: ByLevel[Years]
    destruction: ByLevel[Years]
    disclosure: ByLevel[Years]
    incidents: ByLevel[Years]


class Numbering(Strict, frozen=True, kw_only=True):
    """Templates of numbers; the register may choose its own at set-up."""

    control_number: Rule[Text]
    copy_number: Rule[Text]
    child_copy: Rule[Text]
    year_starts: Rule[Annotated[str, Meta(pattern="^[0-1][0-9]-[0-3][0-9]$")]]


class PersonCategory(Ruling, frozen=True, kw_only=True):
    """A category of cleared persons by what they touch."""

    code: Code
    name: Names
    levels: tuple[str, ...]
    revetting_months: Count
    release_months: tuple[Count, Count, Count]
    """Least, usual, most months of restriction after leaving the post."""


class Rules(Strict, frozen=True, kw_only=True):
    """A whole regime as its file declares it."""

    code: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]*$")]
    version: Annotated[int, Meta(ge=1)]
    name: Names
    basis: Names
    language: Literal["zh", "en"]
    """The language in which marks are written."""
    levels: tuple[Level, ...]
    clearance: Ruling
    derived: Ruling = Ruling(source="", verified=False)
    """That what is made from a secret is classified as its source is; not cited by a text adopted before this was."""
    caveats: tuple[Caveat, ...]
    marks: Marks
    periods: Periods
    roles: tuple[RoleName, ...]
    approvals: tuple[Approval, ...]
    channels: tuple[Channel, ...]
    wrapping: tuple[Wrapping, ...]
    receipts: Receipts
    witness: Witness
    keeping: Keeping
    loan: Loan
    circulation: Circulation
    inventory: Inventory
    incident: Incident
    retention: Retention
    numbering: Numbering
    persons: tuple[PersonCategory, ...]
