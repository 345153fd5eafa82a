"""Level, period and scope changed on a notice or lifted at the end, and the marks that follow."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.actions.marking import ChangeLevel, Lift, Remark
from app.domain.carrier import DocumentState
from app.domain.slip import SlipState
from tests.actions.shelf import document_of, on_shelf
from tests.unit import Unit


def changing(document: int, **other: Any) -> ChangeLevel:
    return ChangeLevel(**({"document": document, "level": "mimi"} | other))


def held(unit: Unit, level: str) -> int:
    """How many carriers of the level the counters say there are."""
    with unit.database.reading() as connection:
        return connection.exec_driver_sql("SELECT total(n) FROM holdings WHERE level = ?", (level,)).scalar_one()


def changed(unit: Unit, document: int, **other: Any) -> dict[str, Any]:
    action = changing(document, **other)
    return unit.why_not(action, document, slip=unit.approved(action))


def test_new_level_is_on_every_copy_and_every_copy_is_to_be_marked(unit: Unit) -> None:
    carriers = on_shelf(unit)
    document = document_of(unit, carriers[0])
    action = changing(document)
    slip = unit.approved(action)
    unit.do(action, document, slip=slip)
    assert unit.document(document).level == "mimi"
    assert [(unit.carrier(each).level, unit.carrier(each).remark_due) for each in carriers] == [("mimi", True)] * 2
    assert (held(unit, "jimi"), held(unit, "mimi")) == (0, 2)
    assert unit.slip(slip).state is SlipState.CLOSED


def test_change_is_approved_by_the_authority(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit)[0])
    assert set(unit.why_not(changing(document), document)) == {"needs_approval"}


def test_slip_for_one_document_changes_no_other(unit: Unit) -> None:
    document, other = (document_of(unit, on_shelf(unit)[0]) for _ in range(2))
    action = changing(document)
    slip = unit.approved(action)
    assert "slip_is_for_this_document" in unit.why_not(action, other, slip=slip)
    assert "is_approved" in unit.why_not(changing(other), other, slip=slip)


def test_received_document_is_changed_on_its_originators_notice(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, received=True, state="registered")[0])
    refused = changed(unit, document)
    assert refused["received_is_changed_on_a_notice"].citation == "保守国家秘密法(2024) §23–24"
    assert changed(unit, document, notice="国办密〔2026〕3号") == {}


def test_period_gets_a_new_last_day(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, period="10y", lifts="2036-05-11")[0])
    assert changed(unit, document, level="jimi", period="20y") == {}
    assert unit.document(document).lifts == date(2046, 5, 11)


@pytest.mark.parametrize("period", ["21y", "permanent", "for ever"])
def test_period_is_one_the_regime_allows(unit: Unit, period: str) -> None:
    document = document_of(unit, on_shelf(unit, period="10y")[0])
    assert "period_is_allowed" in changed(unit, document, level="jimi", period=period)


def test_lower_level_has_a_lower_ceiling(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, period="20y")[0])
    assert changed(unit, document, level="mimi")["period_is_allowed"].citation == "保守国家秘密法(2024) §20"
    assert changed(unit, document, level="mimi", period="10y") == {}


@pytest.mark.parametrize(("days", "rule"), [(-1, set()), (0, {"extended_before_it_ends"})])
def test_period_is_extended_before_it_ends(unit: Unit, days: int, rule: set[str]) -> None:
    last = unit.today - timedelta(days=days)
    document = document_of(
        unit, on_shelf(unit, period=last.isoformat(), lifts=last.isoformat(), issued="2020-01-01")[0]
    )
    assert set(changed(unit, document, level="jimi", period="20y")) == rule


def test_change_changes_something(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit)[0])
    assert "something_changes" in changed(unit, document, level="jimi")


def test_level_is_one_of_the_regime(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit)[0])
    assert set(changed(unit, document, level="cosmic")) == {"level_is_known"}


def test_lifted_on_its_day_and_copies_stay_on_charge(unit: Unit) -> None:
    tomorrow = unit.today + timedelta(days=1)
    carriers = on_shelf(unit, period=tomorrow.isoformat(), lifts=tomorrow.isoformat())
    document = document_of(unit, carriers[0])
    assert set(unit.why_not(Lift(), document)) == {"period_has_ended"}
    unit.later(days=1)
    unit.do(Lift(), document)
    assert unit.document(document).state is DocumentState.LIFTED
    assert unit.carrier(carriers[0]).remark_due
    assert unit.carrier(carriers[0]).custodian is not None
    assert "document_is_secret" in unit.why_not(Lift(), document)
    assert "document_is_secret" in changed(unit, document)


def test_slip_for_one_document_lifts_no_other(unit: Unit) -> None:
    document, other = (document_of(unit, on_shelf(unit, lifts="2026-05-11")[0]) for _ in range(2))
    assert set(unit.why_not(Lift(document=document), other)) == {"slip_is_for_this_document"}
    assert unit.why_not(Lift(document=document), document) == {}


def test_condition_is_said_to_have_come_true(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, period="cond:until published")[0])
    assert set(unit.why_not(Lift(), document)) == {"period_has_ended"}
    assert unit.why_not(Lift(condition="published on 11 May"), document) == {}


def test_without_any_period_nothing_is_lifted(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit)[0])
    assert set(unit.why_not(Lift(condition="so it seems"), document)) == {"period_has_ended"}


def test_caveat_keeps_it_from_being_lifted(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, 1, "s", "us-dod", lifts="2026-05-11", caveats=["RD"])[0])
    assert set(unit.why_not(Lift(), document)) == {"act_is_allowed", "it_lifts_by_itself"}


def test_mark_is_changed_once(unit: Unit) -> None:
    carriers = on_shelf(unit)
    assert "mark_is_to_be_changed" in unit.why_not(Remark(), *carriers)
    assert changed(unit, document_of(unit, carriers[0])) == {}
    unit.do(Remark(), *carriers)
    assert not unit.carrier(carriers[0]).remark_due
    assert "mark_is_to_be_changed" in unit.why_not(Remark(), *carriers)
