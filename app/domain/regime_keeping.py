"""What a regime says about keeping: persons who stand behind an act, places, loans, counts, losses, records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.regime_answer import Answer, UnknownCodeError, at_level, limit_at, of_rule, ruled

if TYPE_CHECKING:
    from app.domain.regime_rules import CoverSheet, PlaceGrade, Rules


class KeepingQuestions:
    """The part of a regime that the registry asks while it keeps carriers."""

    rules: Rules

    # --- how many persons --------------------------------------------------------------------------------------

    def witnesses(self, level: str) -> Answer[int]:
        """How many persons beside the destroyer watch and sign a destruction."""
        return at_level(self.rules.witness.destroy, level)

    def destruction_roles_distinct(self) -> Answer[bool]:
        """Whether destroyer and witnesses must all be different persons."""
        return of_rule(self.rules.witness.destroy_roles_distinct)

    def opening_persons(self, level: str) -> Answer[int]:
        """How many persons open an envelope."""
        return at_level(self.rules.witness.opening, level)

    def transport_persons(self, level: str) -> Answer[int]:
        """How many persons escort items on their way to destruction."""
        return at_level(self.rules.witness.transport, level)

    def carry_persons(self, level: str) -> Answer[int]:
        """How many persons carry items out together."""
        return at_level(self.rules.witness.carry, level)

    def handover_supervisor(self) -> Answer[bool]:
        """Whether a third person watches a handover."""
        return of_rule(self.rules.witness.handover_supervisor)

    def handover_commission(self) -> Answer[int]:
        """How many persons open and count where the giver cannot."""
        return of_rule(self.rules.witness.handover_commission)

    def correction_persons(self) -> Answer[int]:
        """How many persons stand behind a correction or a void entry."""
        return of_rule(self.rules.witness.correction)

    def approvers_distinct(self) -> Answer[bool]:
        """Whether each step of a route is decided by another person."""
        return of_rule(self.rules.witness.approvers_distinct)

    def two_person_presence(self, level: str) -> Answer[bool]:
        """Whether nobody may be alone with the level."""
        return at_level(self.rules.witness.two_person_presence, level)

    # --- keeping -----------------------------------------------------------------------------------------------

    def place_grades(self) -> tuple[PlaceGrade, ...]:
        """The degrees of protection a place can give, the lowest first."""
        return tuple(sorted(self.rules.keeping.grades, key=lambda grade: grade.grade))

    def place_grade(self, level: str) -> Answer[int]:
        """The least protection a place must give to keep the level."""
        return at_level(self.rules.keeping.place_grade, level)

    def numbered(self, level: str) -> Answer[bool]:
        """Whether every carrier of the level stands in the register under a number."""
        return at_level(self.rules.keeping.numbered, level)

    def copies_numbered(self, level: str) -> Answer[bool]:
        """Whether each copy bears its own number."""
        return at_level(self.rules.keeping.copies_numbered, level)

    def disclosure_record(self, level: str) -> Answer[bool]:
        """Whether everybody who comes to know it is written down."""
        return at_level(self.rules.keeping.disclosure_record, level)

    def special_keeper(self, level: str) -> Answer[bool]:
        """Whether its place needs a named keeper."""
        return at_level(self.rules.keeping.special_keeper, level)

    def cover_sheet(self, level: str) -> Answer[CoverSheet]:
        """The sheet in front of a carrier of the level."""
        found = next((row for row in self.rules.keeping.cover_sheets if level in row.levels), None)
        if found is None:
            raise UnknownCodeError(level)
        return ruled(found, found)

    def label_fields(self) -> Answer[tuple[str, ...]]:
        """What a label says in words, in order."""
        rule = self.rules.keeping.label_fields
        return of_rule(rule).with_value(tuple(map(str, rule.value)))

    # --- loan, circulation, counting ---------------------------------------------------------------------------

    def loan_days(self, level: str) -> Answer[int]:
        """For how many days the level is lent at most."""
        return at_level(self.rules.loan.max_days, level)

    def loan_in_room_only(self, level: str) -> Answer[bool]:
        """Whether the level is read only in a designated place."""
        return at_level(self.rules.loan.room_only, level)

    def same_day_return(self, level: str) -> Answer[bool]:
        """Whether the level comes back the day it was lent."""
        return at_level(self.rules.loan.same_day, level)

    def renewals(self) -> Answer[int]:
        """How often a loan is renewed at most."""
        return of_rule(self.rules.loan.renewals)

    def reminder_days(self) -> Answer[tuple[int, ...]]:
        """How many days before its end a loan is listed as due."""
        return of_rule(self.rules.loan.reminder_days)

    def circulation_direct_only(self) -> Answer[bool]:
        """Whether circulated items come back to the registry between two readers."""
        return of_rule(self.rules.circulation.direct_only)

    def circulation_days(self) -> Answer[int]:
        """For how many days an item circulates at most."""
        return of_rule(self.rules.circulation.max_days)

    def recovery_days(self) -> Answer[int]:
        """How soon after the last reader it is back."""
        return of_rule(self.rules.circulation.recovery_days)

    def inventory_months(self, level: str) -> Answer[int]:
        """How often everything of the level is counted."""
        return at_level(self.rules.inventory.months, level)

    def inventory_triggers(self) -> Answer[tuple[str, ...]]:
        """Events after which everything is counted too."""
        rule = self.rules.inventory.triggers
        return of_rule(rule).with_value(tuple(map(str, rule.value)))

    def spot_check(self, level: str) -> Answer[tuple[int, int]]:
        """What percentage is counted unannounced, every how many days."""
        answer = at_level(self.rules.inventory.spot_check_percent, level)
        return answer.with_value((answer.value, self.rules.inventory.spot_check_days.value))

    # --- incidents, records, numbers ---------------------------------------------------------------------------

    def internal_report_hours(self) -> Answer[int]:
        """How soon a loss is told within the unit."""
        return of_rule(self.rules.incident.internal_hours)

    def report_hours(self) -> Answer[int]:
        """How soon a loss is reported outside; zero means at once."""
        return of_rule(self.rules.incident.report_hours)

    def missing_to_leak_days(self, level: str) -> Answer[int | None]:
        """After how many days a missing item counts as leaked."""
        return limit_at(self.rules.incident.missing_to_leak_days, level)

    def result_days(self) -> Answer[int]:
        """How soon the result of an inquiry is reported."""
        return of_rule(self.rules.incident.result_days)

    def retention(self, record: str, level: str) -> Answer[int | None]:
        """How many years a record is kept; None means for ever.

        Records are register, receipts, loans, destruction, disclosure, incidents.
        """
        if record not in self.rules.retention.__struct_fields__:
            raise UnknownCodeError(record)
        return limit_at(getattr(self.rules.retention, record), level)

    def numbering(self, series: str) -> Answer[str]:
        """The template of a number: control_number, copy_number, child_copy; or year_starts."""
        if series not in self.rules.numbering.__struct_fields__:
            raise UnknownCodeError(series)
        return of_rule(getattr(self.rules.numbering, series))
