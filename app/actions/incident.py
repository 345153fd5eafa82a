"""What cannot be found: reported missing, found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from app.actions.custody import lines_end
from app.actions.receipts import with_the_cover
from app.domain.action import Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, ask, refuse
from app.domain.carrier import HELD, PlaceId, State
from app.domain.checks import are_of_one_regime, first_count, pages_agree
from app.domain.opening import ended, line_done, opened
from app.domain.place_checks import is_kept_as_the_level_asks
from app.domain.slip import SlipState
from app.domain.words import N_, says


def incident_has_one_regime(_: Action, case: Case) -> Refusal | None:
    """The deadlines of an incident are one regime's."""
    return are_of_one_regime(case, says(N_("Report those of each regime by themselves.")))


def last_seen_is_past(action: ReportMissing, case: Case) -> Refusal | None:
    """Nothing was last seen in the future."""
    if action.last_seen is None or action.last_seen <= case.today:
        return None
    return refuse(N_("{day} is still to come."), day=action.last_seen, field="last_seen")


class ReportMissing(Action):
    """Say that a carrier cannot be found: the incident is opened and its clock starts; it stays on our charge."""

    code = "report_missing"
    label = N_("Report missing…")
    subject = Subject.CARRIER
    told = N_("reported missing")
    move = Move(HELD - {State.MISSING}, State.MISSING)
    whole = (incident_has_one_regime, last_seen_is_past)
    duties = ()
    slip_kind = "incident"
    undo = "found"
    how: str = ask(Kind.LONG_TEXT, N_("How it was found out"))
    last_seen: date | None = ask(Kind.DATE, N_("Last seen on"), default=None)

    def changes(self, case: Case) -> Changes:
        return {"due": None}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first = cases[0]
        regime = first.the_regime
        level = regime.highest(case.the_carrier.level for case in cases)
        known = first.authority.happened or first.now
        report_by = known + timedelta(hours=regime.report_hours().value)
        tell_by = known + timedelta(hours=regime.internal_report_hours().value)
        limits = [regime.missing_to_leak_days(case.the_carrier.level).value for case in cases]
        days = min((limit for limit in limits if limit is not None), default=None)
        ref, incident = opened(
            first, "incident", SlipState.EXECUTING, action=Found.code, regime=regime.code, level=level,
            lines=({"carrier": case.subject.id, "status": "missing", "was": case.the_carrier.state} for case in cases),
            due=report_by.date(),
            facts={
                "known": known.isoformat(timespec="seconds"), "report_by": report_by.isoformat(timespec="seconds"),
                "tell_by": tell_by.isoformat(timespec="seconds"),
                "leaked_on": first.today + timedelta(days=days) if days is not None else None,
                "result_by": first.today + timedelta(days=regime.result_days().value), "last_seen": self.last_seen,
            },
        )  # fmt: skip
        on_it = {case.subject: {"slip": ref.id} for case in cases}
        return {**on_it, **_off_their_slips(cases), ref: incident}


def _off_their_slips(cases: Sequence[Case]) -> Mapping[Ref, Changes]:
    """A missing item is accounted for on the slip that moved it; a handover asks again why it is not counted."""
    held = [case for case in cases if case.the_carrier.slip is not None]
    in_handover = [case for case in held if case.the_carrier.state is State.HANDOVER]
    others = [case for case in held if case.the_carrier.state is not State.HANDOVER and _is_open(case)]
    found: dict[Ref, Changes] = dict(with_the_cover(others, lines_end(others, "missing"))) if others else {}
    for case in in_handover:
        number = case.the_carrier.slip
        if number is not None:
            changes = found.setdefault(Ref(Subject.SLIP, number), {"done": case.book.slip(number).done})
            changes |= {"done": changes["done"] - 1, **line_done(case, number, case.the_carrier.id, "listed")}
    return found


def _is_open(case: Case) -> bool:
    slip = case.book.slip(case.the_carrier.slip) if case.the_carrier.slip is not None else None
    return slip is not None and slip.is_open and case.book.line_of(slip.id, case.the_carrier.id) is not None


def found_place_protects(action: Found, case: Case) -> Refusal | None:
    """Where it is put now gives the protection the level asks for."""
    return is_kept_as_the_level_asks(case, action.place)


class Found(Action):
    """A missing carrier is back in the registry, its pages counted; the secrecy office agreed."""

    code = "found"
    label = N_("Found…")
    subject = Subject.CARRIER
    told = N_("found again, {pages} pages counted")
    move = Move({State.MISSING}, State.IN_STOCK)
    checks = (pages_agree, found_place_protects)
    route = "found"
    slip_kind = "incident"
    place: PlaceId = ask(Kind.PLACE, N_("Put in"))
    how: str = ask(Kind.LONG_TEXT, N_("Where and how it was found"))
    seals: str = ask(Kind.CODE, N_("Seals and envelope as found"), default="")
    pages: int = ask(Kind.NUMBER, N_("Pages counted"), each=True, suggest=lambda case: case.the_carrier.pages)

    def changes(self, case: Case) -> Changes:
        return {"place": self.place, "slip": None, **first_count(case)}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first = cases[0]
        found = dict(lines_end(cases, "found"))
        if first.slip is None or Ref(Subject.SLIP, first.slip.id) in found:
            return found
        agreed = ended(first)
        for case in cases:
            agreed |= line_done(case, first.slip.id, case.the_carrier.id, "found")
        return {**found, Ref(Subject.SLIP, first.slip.id): agreed | {"done": first.slip.done + len(cases)}}


ACTIONS = (ReportMissing, Found)
