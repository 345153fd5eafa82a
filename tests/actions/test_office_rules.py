"""The office's own acts: what a term may be, who counts as two, and what each entry keeps."""

from datetime import timedelta
from typing import Any

import pytest

from app.actions.accounts import OpenAccount
from app.actions.office import ClearPerson, ClosePerson, GrantDuty, RegisterPerson, TakeDuty
from app.domain.action import Ref, Subject
from app.i18n import ENGLISH, render
from app.services.offers import offers
from tests.actions.shelf import on_shelf
from tests.unit import Unit

TWO: dict[str, Any] = {"by": "sysadmin", "signed": {"administrator": "secadmin"}}


def person(unit: Unit, name: str) -> Ref:
    return Ref(Subject.PERSON, unit.people[name])


def test_a_new_person_has_department_post_and_badge(unit: Unit) -> None:
    new = RegisterPerson(name="王芳", department="plans", title="engineer", badge="B-9")
    row = unit.row("persons", unit.do(new).subjects[0].id)
    assert (row["department"], row["title"], row["badge"]) == ("plans", "engineer", "B-9")
    assert unit.words(row["name"]) == "王芳"


@pytest.mark.parametrize(("since", "until", "ends"), [
    (0, 0, True), (0, 1, True), (-5, 5, True), (0, -1, False), (1, 0, False), (0, None, True), (None, -1, True),
    (None, None, True),
])  # fmt: skip
def test_a_duty_ends_no_earlier_than_it_begins(unit: Unit, since: int | None, until: int | None, *, ends: bool) -> None:
    since_day, until_day = (None if days is None else unit.today + timedelta(days=days) for days in (since, until))
    grant = GrantDuty(duty="archivist", since=since_day, until=until_day)
    assert set(unit.why_not(grant, person(unit, "reader"), **TWO)) == (set() if ends else {"term_has_a_day"})


def test_a_level_that_the_regime_has_not_is_refused_as_that_alone(unit: Unit) -> None:
    on_shelf(unit, 1, "juemi")  # in the safe, whose named keeper it is about
    wrong = ClearPerson(regime="cn-state", level="ts")
    assert set(unit.why_not(wrong, person(unit, "authority"), by="officer")) == {"level_is_known"}


def test_who_is_alone_about_themselves_is_told_that_two_sign(unit: Unit) -> None:
    grant = GrantDuty(duty="registry_clerk")
    (alone,) = unit.why_not(grant, person(unit, "sysadmin"), by="sysadmin").values()
    assert render(alone.reason, ENGLISH) == "Two of the three administrators must sign."
    (with_one,) = unit.why_not(grant, person(unit, "sysadmin"), **TWO).values()
    assert "is not one of the two administrators" in render(with_one.reason, ENGLISH)
    assert {alone.rule, with_one.rule} == {"signature:administrator"}
    signed = {"administrator": "auditor"}
    assert unit.why_not(grant, person(unit, "sysadmin"), by="secadmin", signed=signed) == {}


def test_that_nobody_acts_and_audits_is_cited_as_not_verified(unit: Unit) -> None:
    refused = unit.why_not(GrantDuty(duty="auditor"), person(unit, "sysadmin"), by="secadmin",
                           signed={"administrator": "auditor"})["duties_may_lie_together"]  # fmt: skip
    assert (refused.citation, refused.verified, refused.field) == ("BJ21 §18", False, "duty")


def test_whoever_can_still_sign_in_is_told_by_the_name_of_the_account(unit: Unit) -> None:
    account = OpenAccount(person=unit.people["reader"], login="reader-7")
    unit.do(account, by="sysadmin")
    refused = unit.why_not(ClosePerson(), person(unit, "reader"), by="officer")["account_is_closed_first"]
    assert refused.reason.values["login"] == "reader-7"


def test_what_a_page_begins_is_no_act_of_a_card(unit: Unit) -> None:
    own = {each.code for each in (ClearPerson, GrantDuty, TakeDuty, ClosePerson)}
    for by in ("sysadmin", "secadmin", "officer"):
        assert not own & {each.action.code for each in offers(unit.desk(by), person(unit, "reader"))}
