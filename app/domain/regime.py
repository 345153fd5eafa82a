"""A regime in force: the questions one may ask it, each answered with the place where it is written."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from app.domain.period import NamedYears, Period, PeriodKind
from app.domain.regime_rules import (
    ACTIONS,
    Approval,
    ByLevel,
    Caveat,
    Channel,
    CoverSheet,
    Demand,
    Level,
    Names,
    NoneOr,
    PersonCategory,
    PlaceGrade,
    Role,
    Rule,
    Rules,
    Ruling,
    TracerStep,
    Wrapping,
)
from app.domain.regime_text import RegimeError, read_rules

__all__ = [
    "ACTIONS", "Answer", "Caveat", "Channel", "CoverSheet", "Demand", "Level", "Names", "PersonCategory", "PlaceGrade",
    "Regime", "RegimeError", "Role", "TracerStep", "UnknownCodeError", "Wrapping", "load_regime",
]  # fmt: skip

T = TypeVar("T")
V = TypeVar("V")

OUTSIDE = {"loan": "loan_outside", "repair": "repair_external"}
"""The act that a regime judges instead when the other party is not of the unit."""

FOREIGN = {"dispatch": "foreign_release", "distribute": "foreign_release", "carry_out": "carry_abroad"}
"""The act that a regime judges instead when the other party, or the place, is abroad."""

COPYING = frozenset({"copy", "extract", "compile"})
"""Acts by which a secret comes to stand on one more carrier."""


class UnknownCodeError(LookupError):
    """A code that this regime does not have: a fault of whoever stored it, not of the clerk."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What the regime says, where that is written, and whether somebody verified it there."""

    value: T
    citation: str
    verified: bool

    def __bool__(self) -> bool:
        """Refuse to be a truth value: `if regime.permits(…)` would always let pass."""
        raise TypeError("ask for .value")

    def with_value(self, value: V) -> Answer[V]:
        """Another value that follows from the same rule."""
        return Answer(value, self.citation, self.verified)


@dataclass(frozen=True)
class Regime:
    """A system of secrecy as one version of its file declares it."""

    rules: Rules
    text: str

    # --- itself ------------------------------------------------------------------------------------------------

    @property
    def code(self) -> str:
        """Its stable name, e.g. in a document's row."""
        return self.rules.code

    @property
    def version(self) -> int:
        """Which version of it this is."""
        return self.rules.version

    @property
    def name(self) -> Names:
        """What people call it."""
        return self.rules.name

    @property
    def basis(self) -> Names:
        """What it is founded on."""
        return self.rules.basis

    @cached_property
    def digest(self) -> str:
        """SHA-256 of its text, in hex: what the ledger records when it is put in force."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    # --- levels, persons, caveats ------------------------------------------------------------------------------

    def levels(self) -> tuple[Answer[Level], ...]:
        """Every level, the highest first."""
        ordered = sorted(self.rules.levels, key=lambda level: -level.rank)
        return tuple(_answer(level, level) for level in ordered)

    def level(self, code: str) -> Answer[Level]:
        """The level of that code."""
        return _answer(found := _by_code(self.rules.levels, code), found)

    def has_level(self, code: str) -> bool:
        """Whether the code is one of its levels."""
        return any(level.code == code for level in self.rules.levels)

    def highest(self, codes: Iterable[str]) -> str:
        """The code of the highest of these levels."""
        return max(codes, key=lambda code: self.level(code).value.rank)

    def permits(self, clearance: str | None, level: str) -> Answer[bool]:
        """Whether a person cleared to that level of this regime may touch the other."""
        wanted = self.level(level).value.rank
        cleared = bool(clearance) and self.has_level(str(clearance))
        return _answer(self.rules.clearance, cleared and self.level(str(clearance)).value.rank >= wanted)

    def person_categories(self) -> tuple[Answer[PersonCategory], ...]:
        """Categories of cleared persons, with their re-vetting and what follows leaving the post."""
        return tuple(_answer(category, category) for category in self.rules.persons)

    def caveats(self) -> tuple[Answer[Caveat], ...]:
        """The closed list of caveats, in the order of the banner line."""
        return tuple(_answer(caveat, caveat) for caveat in sorted(self.rules.caveats, key=lambda each: each.group))

    def caveat(self, code: str) -> Answer[Caveat]:
        """The caveat of that code."""
        return _answer(found := _by_code(self.rules.caveats, code), found)

    # --- periods -----------------------------------------------------------------------------------------------

    def period_kinds(self) -> Answer[tuple[PeriodKind, ...]]:
        """The kinds of period it knows."""
        return _of(self.rules.periods.kinds)

    def kinds_with_basis(self) -> Answer[tuple[PeriodKind, ...]]:
        """The kinds that need a provision which names them expressly."""
        return _of(self.rules.periods.only_with_basis)

    def period_start(self) -> Answer[str]:
        """The day a period counts from: issue_date or notice_date."""
        return _of(self.rules.periods.start).with_value(str(self.rules.periods.start.value))

    def ceiling(self, level: str) -> Answer[int | None]:
        """The most years a secret of the level is kept; None sets no limit."""
        return _limit(self.rules.periods.ceiling_years, level)

    def default_period(self, level: str) -> Answer[Period | None]:
        """The period proposed for a new secret; None leaves it to the drafter."""
        found = _at(self.rules.periods.default, level)
        return found.with_value(None if found.value == "none" else Period.parse(found.value))

    def period_if_missing(self, level: str) -> Answer[Period | None]:
        """The period of a received item that bears none."""
        rule = self.rules.periods.if_missing
        if rule.value == "default":
            return _of(rule).with_value(self.default_period(level).value)
        years = self.ceiling(level).value if rule.value == "ceiling" else None
        return _of(rule).with_value(Period.years(years) if years else None)

    def named_years(self) -> Answer[NamedYears]:
        """How many years long and short mean; None where no number was set."""
        rules = self.rules.periods
        years = {PeriodKind.LONG: rules.long_years.value, PeriodKind.SHORT: rules.short_years.value}
        return _of(rules.long_years).with_value({kind: n if isinstance(n, int) else None for kind, n in years.items()})

    def auto_lift(self) -> Answer[bool]:
        """Whether secrecy ends by itself when the period does."""
        return _of(self.rules.periods.auto_lift)

    def expiry_notice_days(self) -> Answer[int]:
        """How long before its end a period is listed as ending."""
        return _of(self.rules.periods.expiry_notice_days)

    def review_months(self) -> Answer[int | None]:
        """How often the unit looks again at what it classified."""
        return _optional(self.rules.periods.review_months)

    def draft_days(self) -> Answer[int | None]:
        """After how many days a working paper is made final or destroyed."""
        return _optional(self.rules.periods.draft_days)

    # --- approvals ---------------------------------------------------------------------------------------------

    def role_name(self, role: str) -> Names:
        """What this regime calls the role."""
        named = next((each for each in self.rules.roles if each.role == role), None)
        if named is None:
            raise UnknownCodeError(role)
        return named.name

    @cached_property
    def _approvals(self) -> dict[tuple[str, str], Approval]:
        rows = self.rules.approvals
        return {(action, level): row for row in rows for action in row.actions for level in row.levels}

    def _approval(self, action: str, level: str, *, foreign: bool, outside: bool) -> Approval:
        judged = (FOREIGN if foreign else OUTSIDE if outside else {}).get(action, action)
        try:
            return self._approvals[judged, level]
        except KeyError:
            raise UnknownCodeError(f"{judged} at {level}") from None

    def _caveat_that(self, table: str, action: str, caveats: Iterable[str]) -> Caveat | None:
        held = (self.caveat(code).value for code in caveats)
        return next((caveat for caveat in held if action in getattr(caveat, table)), None)

    def allows(
        self, action: str, level: str, *, foreign: bool = False, outside: bool = False, caveats: Iterable[str] = ()
    ) -> Answer[bool]:
        """Whether anybody in the unit may approve the act; a caveat can forbid it too."""
        caveats = tuple(caveats)
        row = self._approval(action, level, foreign=foreign, outside=outside)
        barred = self._caveat_that("forbids", action, caveats)
        if barred is None and (foreign or action in FOREIGN.values()):
            barred = next(
                (c for c in map(lambda code: self.caveat(code).value, caveats) if Demand.NO_FOREIGN_RECIPIENT in c.demands),
                None,
            )
        if barred is not None and row.allowed:
            return _answer(barred, value=False)
        return _answer(row, row.allowed)

    def route(
        self,
        action: str,
        level: str,
        *,
        foreign: bool = False,
        outside: bool = False,
        received: bool = False,
        caveats: Iterable[str] = (),
    ) -> Answer[tuple[Role, ...]]:
        """Who approves the act, in order; empty when nobody needs to. Written consents stand in it as steps."""
        row = self._approval(action, level, foreign=foreign, outside=outside)
        route = row.received if received and row.received is not None else row.route
        consent = self._caveat_that("consent_for", action, caveats)
        if consent is not None and Role.ORIGINATOR not in route:
            return _answer(consent, (Role.ORIGINATOR, *route))
        return _answer(row, route)

    def originator_consent(
        self, action: str, level: str, *, received: bool = False, caveats: Iterable[str] = ()
    ) -> Answer[bool]:
        """Whether the originator must have agreed in writing."""
        answer = self.route(action, level, received=received, caveats=caveats)
        return answer.with_value(Role.ORIGINATOR in answer.value)

    def seat_signature(self, action: str) -> Answer[bool]:
        """Whether the act is signed with one's own password at the seat, never on paper."""
        rule = self.rules.witness.seat_signatures
        return _of(rule).with_value(action in rule.value)

    # --- ways out and in ---------------------------------------------------------------------------------------

    def channels(self) -> tuple[Answer[Channel], ...]:
        """Every way out of the unit, forbidden ones too."""
        return tuple(_answer(channel, channel) for channel in self.rules.channels)

    def channel(self, code: str) -> Answer[Channel]:
        """The channel of that code."""
        return _answer(found := _by_code(self.rules.channels, code), found)

    def channels_for(self, level: str) -> tuple[Answer[Channel], ...]:
        """The channels by which the level may go out."""
        self.level(level)
        return tuple(answer for answer in self.channels() if level in answer.value.allowed)

    def channel_allows(self, channel: str, level: str) -> Answer[bool]:
        """Whether the level may go out that way."""
        answer = self.channel(channel)
        return answer.with_value(level in answer.value.allowed)

    def couriers(self, level: str, channel: str) -> Answer[int]:
        """How many named persons carry the level over the channel."""
        return _at(self.channel(channel).value.persons, level)

    def wrapping(self, level: str) -> Answer[Wrapping]:
        """How a parcel with the level in it is wrapped, and what may stand on it."""
        found = next((row for row in self.rules.wrapping if level in row.levels), None)
        if found is None:
            raise UnknownCodeError(level)
        return _answer(found, found)

    def receipt_required(self, level: str) -> Answer[bool]:
        """Whether the receiver must send the receipt back."""
        return _at(self.rules.receipts.required, level)

    def tracer(self) -> Answer[tuple[TracerStep, ...]]:
        """After how many days a missing receipt is asked for, step by step, and who is told."""
        return _of(self.rules.receipts.tracer)

    def tracer_days(self) -> Answer[tuple[int, ...]]:
        """The days of the tracer's steps."""
        answer = self.tracer()
        return answer.with_value(tuple(step.days for step in answer.value))

    def unopened_hours(self) -> Answer[int]:
        """How long an envelope may lie signed for and unopened."""
        return _of(self.rules.keeping.unopened_hours)

    def recall_notice_days(self) -> Answer[int]:
        """How long before the issuer's deadline a recall is listed."""
        return _of(self.rules.keeping.recall_notice_days)

    # --- how many persons --------------------------------------------------------------------------------------

    def witnesses(self, level: str) -> Answer[int]:
        """How many persons beside the destroyer watch and sign a destruction."""
        return _at(self.rules.witness.destroy, level)

    def destruction_roles_distinct(self) -> Answer[bool]:
        """Whether destroyer and witnesses must all be different persons."""
        return _of(self.rules.witness.destroy_roles_distinct)

    def opening_persons(self, level: str) -> Answer[int]:
        """How many persons open an envelope."""
        return _at(self.rules.witness.opening, level)

    def transport_persons(self, level: str) -> Answer[int]:
        """How many persons escort items on their way to destruction."""
        return _at(self.rules.witness.transport, level)

    def carry_persons(self, level: str) -> Answer[int]:
        """How many persons carry items out together."""
        return _at(self.rules.witness.carry, level)

    def handover_supervisor(self) -> Answer[bool]:
        """Whether a third person watches a handover."""
        return _of(self.rules.witness.handover_supervisor)

    def handover_commission(self) -> Answer[int]:
        """How many persons open and count where the giver cannot."""
        return _of(self.rules.witness.handover_commission)

    def correction_persons(self) -> Answer[int]:
        """How many persons stand behind a correction or a void entry."""
        return _of(self.rules.witness.correction)

    def two_person_presence(self, level: str) -> Answer[bool]:
        """Whether nobody may be alone with the level."""
        return _at(self.rules.witness.two_person_presence, level)

    # --- keeping -----------------------------------------------------------------------------------------------

    def place_grades(self) -> tuple[PlaceGrade, ...]:
        """The degrees of protection a place can give, the lowest first."""
        return tuple(sorted(self.rules.keeping.grades, key=lambda grade: grade.grade))

    def place_grade(self, level: str) -> Answer[int]:
        """The least protection a place must give to keep the level."""
        return _at(self.rules.keeping.place_grade, level)

    def numbered(self, level: str) -> Answer[bool]:
        """Whether every carrier of the level stands in the register under a number."""
        return _at(self.rules.keeping.numbered, level)

    def copies_numbered(self, level: str) -> Answer[bool]:
        """Whether each copy bears its own number."""
        return _at(self.rules.keeping.copies_numbered, level)

    def disclosure_record(self, level: str) -> Answer[bool]:
        """Whether everybody who comes to know it is written down."""
        return _at(self.rules.keeping.disclosure_record, level)

    def special_keeper(self, level: str) -> Answer[bool]:
        """Whether its place needs a named keeper."""
        return _at(self.rules.keeping.special_keeper, level)

    def cover_sheet(self, level: str) -> Answer[CoverSheet]:
        """The sheet in front of a carrier of the level."""
        found = next((row for row in self.rules.keeping.cover_sheets if level in row.levels), None)
        if found is None:
            raise UnknownCodeError(level)
        return _answer(found, found)

    def label_fields(self) -> Answer[tuple[str, ...]]:
        """What a label says in words, in order."""
        return _of(self.rules.keeping.label_fields)

    # --- loan, circulation, counting ---------------------------------------------------------------------------

    def loan_days(self, level: str) -> Answer[int]:
        """For how many days the level is lent at most."""
        return _at(self.rules.loan.max_days, level)

    def loan_in_room_only(self, level: str) -> Answer[bool]:
        """Whether the level is read only in a designated place."""
        return _at(self.rules.loan.room_only, level)

    def same_day_return(self, level: str) -> Answer[bool]:
        """Whether the level comes back the day it was lent."""
        return _at(self.rules.loan.same_day, level)

    def renewals(self) -> Answer[int]:
        """How often a loan is renewed at most."""
        return _of(self.rules.loan.renewals)

    def reminder_days(self) -> Answer[tuple[int, ...]]:
        """How many days before its end a loan is listed as due."""
        return _of(self.rules.loan.reminder_days)

    def circulation_direct_only(self) -> Answer[bool]:
        """Whether circulated items come back to the registry between two readers."""
        return _of(self.rules.circulation.direct_only)

    def circulation_days(self) -> Answer[int]:
        """For how many days an item circulates at most."""
        return _of(self.rules.circulation.max_days)

    def recovery_days(self) -> Answer[int]:
        """How soon after the last reader it is back."""
        return _of(self.rules.circulation.recovery_days)

    def inventory_months(self, level: str) -> Answer[int]:
        """How often everything of the level is counted."""
        return _at(self.rules.inventory.months, level)

    def inventory_triggers(self) -> Answer[tuple[str, ...]]:
        """Events after which everything is counted too."""
        return _of(self.rules.inventory.triggers)

    def spot_check(self, level: str) -> Answer[tuple[int, int]]:
        """What percentage is counted unannounced, every how many days."""
        answer = _at(self.rules.inventory.spot_check_percent, level)
        return answer.with_value((answer.value, self.rules.inventory.spot_check_days.value))

    # --- incidents, records, numbers ---------------------------------------------------------------------------

    def internal_report_hours(self) -> Answer[int]:
        """How soon a loss is told within the unit."""
        return _of(self.rules.incident.internal_hours)

    def report_hours(self) -> Answer[int]:
        """How soon a loss is reported outside; zero means at once."""
        return _of(self.rules.incident.report_hours)

    def missing_to_leak_days(self, level: str) -> Answer[int | None]:
        """After how many days a missing item counts as leaked."""
        return _limit(self.rules.incident.missing_to_leak_days, level)

    def result_days(self) -> Answer[int]:
        """How soon the result of an inquiry is reported."""
        return _of(self.rules.incident.result_days)

    def retention(self, record: str, level: str) -> Answer[int | None]:
        """How many years a record is kept; None means for ever.

        Records are register, receipts, loans, destruction, disclosure, incidents.
        """
        if record not in self.rules.retention.__struct_fields__:
            raise UnknownCodeError(record)
        return _limit(getattr(self.rules.retention, record), level)

    def numbering(self, series: str) -> Answer[str]:
        """The template of a number: control_number, copy_number, child_copy; or year_starts."""
        if series not in self.rules.numbering.__struct_fields__:
            raise UnknownCodeError(series)
        return _of(getattr(self.rules.numbering, series))


def load_regime(text: str, name: str) -> Regime:
    """The regime that the TOML text declares; RegimeError says where the file is wrong."""
    return Regime(read_rules(text, name), text)


def _answer(ruling: Ruling, value: T) -> Answer[T]:
    return Answer(value, ruling.source, ruling.verified)


def _of(rule: Rule[T]) -> Answer[T]:
    return Answer(rule.value, rule.source, rule.verified)


def _at(rows: ByLevel[T], level: str) -> Answer[T]:
    for row in rows:
        if level in row.levels:
            return _of(row)
    raise UnknownCodeError(level)


def _limit(rows: ByLevel[NoneOr[int]], level: str) -> Answer[int | None]:
    found = _at(rows, level)
    return found.with_value(found.value if isinstance(found.value, int) else None)


def _optional(rule: Rule[NoneOr[int]]) -> Answer[int | None]:
    return _of(rule).with_value(rule.value if isinstance(rule.value, int) else None)


C = TypeVar("C", Level, Caveat, Channel)


def _by_code(rows: Iterable[C], code: str) -> C:
    for row in rows:
        if row.code == code:
            return row
    raise UnknownCodeError(code)
