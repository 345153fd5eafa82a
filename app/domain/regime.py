"""A regime in force: the questions one may ask it, each answered with the place where it is written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from app.domain.period import NamedYears, Period, PeriodKind
from app.domain.regime_answer import Answer, UnknownCodeError, at_level, by_code, limit_at, limit_of, of_rule, ruled
from app.domain.regime_keeping import KeepingQuestions
from app.domain.regime_rules import (
    ACTIONS,
    Approval,
    Caveat,
    Channel,
    CoverSheet,
    Demand,
    Level,
    Names,
    PersonCategory,
    PlaceGrade,
    Role,
    Rules,
    TracerStep,
    Wrapping,
)
from app.domain.regime_text import RegimeError, read_rules

__all__ = [
    "ACTIONS", "Answer", "Caveat", "Channel", "CoverSheet", "Demand", "Level", "Names", "PersonCategory", "PlaceGrade",
    "Regime", "RegimeError", "Role", "TracerStep", "UnknownCodeError", "Wrapping", "load_regime",
]  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Iterable

OUTSIDE = {"loan": "loan_outside", "repair": "repair_external"}
"""The act that a regime judges instead when the other party is not of the unit."""

FOREIGN = {"dispatch": "foreign_release", "distribute": "foreign_release", "carry_out": "carry_abroad"}
"""The act that a regime judges instead when the other party, or the place, is abroad."""

BARRED_BY = {
    Demand.RETURN_TO_ORIGINATOR: {"destroy", "destroy_archived"},
    Demand.NO_FOREIGN_RECIPIENT: {"foreign_release"},
    Demand.NO_AUTOMATIC_LIFT: {"lift"},
}
"""Acts that a demand rules out by itself, whether or not its caveat forbids them by name."""


@dataclass(frozen=True, repr=False)
class Regime(KeepingQuestions):
    """A system of secrecy as one version of its file declares it."""

    rules: Rules
    text: str

    def __repr__(self) -> str:
        return f"Regime({self.code!r}, version {self.version})"

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
        return tuple(ruled(level, level) for level in ordered)

    def level(self, code: str) -> Answer[Level]:
        """The level of that code."""
        return ruled(found := by_code(self.rules.levels, code), found)

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
        return ruled(self.rules.clearance, cleared and self.level(str(clearance)).value.rank >= wanted)

    def person_categories(self) -> tuple[Answer[PersonCategory], ...]:
        """Categories of cleared persons, with their re-vetting and what follows leaving the post."""
        return tuple(ruled(category, category) for category in self.rules.persons)

    def caveats(self) -> tuple[Answer[Caveat], ...]:
        """The closed list of caveats, in the order of the banner line."""
        return tuple(ruled(caveat, caveat) for caveat in sorted(self.rules.caveats, key=lambda each: each.group))

    def caveat(self, code: str) -> Answer[Caveat]:
        """The caveat of that code."""
        return ruled(found := by_code(self.rules.caveats, code), found)

    def derived(self) -> Answer[None]:
        """Where it is written that what is made from a secret is classified as its source is."""
        return ruled(self.rules.derived, None)

    # --- periods -----------------------------------------------------------------------------------------------

    def period_kinds(self) -> Answer[tuple[PeriodKind, ...]]:
        """The kinds of period it knows."""
        return of_rule(self.rules.periods.kinds)

    def kinds_with_basis(self) -> Answer[tuple[PeriodKind, ...]]:
        """The kinds that need a provision which names them expressly."""
        return of_rule(self.rules.periods.only_with_basis)

    def period_start(self) -> Answer[str]:
        """The day a period counts from: issue_date or notice_date."""
        return of_rule(self.rules.periods.start).with_value(str(self.rules.periods.start.value))

    def ceiling(self, level: str) -> Answer[int | None]:
        """The most years a secret of the level is kept; None sets no limit."""
        return limit_at(self.rules.periods.ceiling_years, level)

    def default_period(self, level: str) -> Answer[Period | None]:
        """The period proposed for a new secret; None leaves it to the drafter."""
        found = at_level(self.rules.periods.default, level)
        return found.with_value(None if found.value == "none" else Period.parse(found.value))

    def period_if_missing(self, level: str) -> Answer[Period | None]:
        """The period of a received item that bears none."""
        rule, default, ceiling = self.rules.periods.if_missing, self.default_period(level), self.ceiling(level)
        if rule.value == "default":
            return of_rule(rule).with_value(default.value)
        years = ceiling.value if rule.value == "ceiling" else None
        return of_rule(rule).with_value(Period.years(years) if years else None)

    def named_years(self) -> Answer[NamedYears]:
        """How many years long and short mean; None where no number was set."""
        rules = self.rules.periods
        years = {PeriodKind.LONG: rules.long_years.value, PeriodKind.SHORT: rules.short_years.value}
        known = {kind: count if isinstance(count, int) else None for kind, count in years.items()}
        return of_rule(rules.long_years).with_value(known)

    def auto_lift(self, caveats: Iterable[str] = ()) -> Answer[bool]:
        """Whether secrecy ends by itself when the period does."""
        for code in caveats:
            caveat = self.caveat(code).value
            if Demand.NO_AUTOMATIC_LIFT in caveat.demands:
                return ruled(caveat, value=False)
        return of_rule(self.rules.periods.auto_lift)

    def expiry_notice_days(self) -> Answer[int]:
        """How long before its end a period is listed as ending."""
        return of_rule(self.rules.periods.expiry_notice_days)

    def review_months(self) -> Answer[int | None]:
        """How often the unit looks again at what it classified."""
        return limit_of(self.rules.periods.review_months)

    def draft_days(self) -> Answer[int | None]:
        """After how many days a working paper is made final or destroyed."""
        return limit_of(self.rules.periods.draft_days)

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

    def _approval(self, action: str, level: str) -> Approval:
        try:
            return self._approvals[action, level]
        except KeyError:
            raise UnknownCodeError(f"{action} at {level}") from None

    def _caveat_that_bars(self, action: str, caveats: Iterable[str]) -> Caveat | None:
        held = (self.caveat(code).value for code in caveats)
        return next((caveat for caveat in held if action in caveat.forbids or _is_barred(action, caveat)), None)

    def _caveat_that_asks(self, action: str, caveats: Iterable[str]) -> Caveat | None:
        held = (self.caveat(code).value for code in caveats)
        return next((caveat for caveat in held if action in caveat.consent_for), None)

    def allows(
        self, action: str, level: str, *, foreign: bool = False, outside: bool = False, caveats: Iterable[str] = ()
    ) -> Answer[bool]:
        """Whether anybody in the unit may approve the act; a caveat can forbid it too."""
        act = _judged(action, foreign=foreign, outside=outside)
        row = self._approval(act, level)
        barring = self._caveat_that_bars(act, caveats)
        if row.allowed and barring is not None:
            return ruled(barring, value=False)
        return ruled(row, row.allowed)

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
        act = _judged(action, foreign=foreign, outside=outside)
        row = self._approval(act, level)
        route = row.received if received and row.received is not None else row.route
        asking = self._caveat_that_asks(act, caveats)
        if asking is not None and Role.ORIGINATOR not in route:
            return ruled(asking, (Role.ORIGINATOR, *route))
        return ruled(row, route)

    def originator_consent(
        self, action: str, level: str, *, received: bool = False, caveats: Iterable[str] = ()
    ) -> Answer[bool]:
        """Whether the originator must have agreed in writing."""
        answer = self.route(action, level, received=received, caveats=caveats)
        return answer.with_value(Role.ORIGINATOR in answer.value)

    def seat_signature(self, action: str) -> Answer[bool]:
        """Whether the act is signed with one's own password at the seat, never on paper; `void` names all voiding."""
        rule = self.rules.witness.seat_signatures
        return of_rule(rule).with_value(action in rule.value or action.partition("_")[0] in rule.value)

    # --- ways out and in ---------------------------------------------------------------------------------------

    def channels(self) -> tuple[Answer[Channel], ...]:
        """Every way out of the unit, forbidden ones too."""
        return tuple(ruled(channel, channel) for channel in self.rules.channels)

    def channel(self, code: str) -> Answer[Channel]:
        """The channel of that code."""
        return ruled(found := by_code(self.rules.channels, code), found)

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
        return at_level(self.channel(channel).value.persons, level)

    def wrapping(self, level: str) -> Answer[Wrapping]:
        """How a parcel with the level in it is wrapped, and what may stand on it."""
        found = next((row for row in self.rules.wrapping if level in row.levels), None)
        if found is None:
            raise UnknownCodeError(level)
        return ruled(found, found)

    def receipt_required(self, level: str) -> Answer[bool]:
        """Whether the receiver must send the receipt back."""
        return at_level(self.rules.receipts.required, level)

    def tracer(self) -> Answer[tuple[TracerStep, ...]]:
        """After how many days a missing receipt is asked for, step by step, and who is told."""
        return of_rule(self.rules.receipts.tracer)

    def tracer_days(self) -> Answer[tuple[int, ...]]:
        """The days of the tracer's steps."""
        answer = self.tracer()
        return answer.with_value(tuple(step.days for step in answer.value))

    def unopened_hours(self) -> Answer[int]:
        """How long an envelope may lie signed for and unopened."""
        return of_rule(self.rules.keeping.unopened_hours)

    def recall_notice_days(self) -> Answer[int]:
        """How long before the issuer's deadline a recall is listed."""
        return of_rule(self.rules.keeping.recall_notice_days)


def _judged(action: str, *, foreign: bool, outside: bool) -> str:
    return (FOREIGN if foreign else OUTSIDE if outside else {}).get(action, action)


def _is_barred(action: str, caveat: Caveat) -> bool:
    return any(action in BARRED_BY.get(demand, ()) for demand in caveat.demands)


def load_regime(text: str, name: str) -> Regime:
    """The regime that the TOML text declares; RegimeError says where the file is wrong."""
    return Regime(read_rules(text, name), text)
