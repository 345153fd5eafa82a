"""Values of a regime that an act asks: who stays beside the highest level, and what another period than usual takes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.actions.classifying import ProposeClassification
from app.actions.copying import CopyCarrier
from app.actions.custody import Lend
from app.actions.drafting import PrintCopies, TakeNumber, UseNumber
from app.domain.action import Action
from tests.services.simple import bring
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[Unit]:
    found = Unit(tmp_path / "book")
    yield found
    found.close()


# --- nobody is alone with the highest level of the United States ---


def lending(unit: Unit, level: str, **more: Any) -> tuple[Action, list[int]]:
    places, people = unit.places, unit.people
    lend = Lend(borrower=people["reader"], due=unit.today, how="room", room=places["room"], **more)
    return lend, bring(unit, level=level, regime="us-dod")


def printing(unit: Unit, level: str, **more: Any) -> tuple[Action, list[int]]:
    of = unit.document_of(level, regime="us-dod")
    job = PrintCopies(document=of, copies=1, pages=9, place=unit.places["safe"], maker=unit.people["reader"], **more)
    return job, []


def copying(unit: Unit, level: str, **more: Any) -> tuple[Action, list[int]]:
    original = bring(unit, level=level, regime="us-dod")[0]
    recipients = (unit.people["reader2"],)
    copy = CopyCarrier(original=original, reason="a meeting", pages=9, place=unit.places["safe"], recipients=recipients,
                       maker=unit.people["reader"], **more)  # fmt: skip
    return copy, []


def using(unit: Unit, level: str, **more: Any) -> tuple[Action, list[int]]:
    number = unit.do(TakeNumber(document=unit.document_of(level, regime="us-dod"))).subjects[0].id
    return UseNumber(pages=9, place=unit.places["safe"], maker=unit.people["reader"], **more), [number]


@pytest.mark.parametrize("act", [lending, printing, copying, using])
def test_somebody_stays_beside_whoever_has_the_highest_level(unit: Unit, act: Any) -> None:
    action, on = act(unit, "ts")
    slip = unit.approved(action, *on)
    for name in (None, "reader", "uncleared"):
        beside = unit.people[name] if name else None
        (why,) = unit.why_not(replace(action, beside=beside), *on, slip=slip).values()
        assert (why.rule, why.field, bool(why.remedy)) == ("nobody_is_alone_with_it", "beside", True)
        if name is None:
            assert (why.citation, why.verified) == ("Navy training manual; AR 380-5 VII", True)
            assert why.reason.values["name"] == "reader"
    done = unit.do(replace(action, beside=unit.people["witness"]), *on, slip=slip)
    assert unit.slip(done.slip or 0).facts["beside"] == unit.people["witness"]


@pytest.mark.parametrize("act", [lending, printing, copying, using])
def test_one_may_be_alone_with_what_lies_below(unit: Unit, act: Any) -> None:
    action, on = act(unit, "s")
    assert unit.why_not(action, *on, slip=unit.approved(action, *on)) == {}


# --- the highest level is read in a room that is named ---


@pytest.mark.parametrize(("how", "named", "allowed"), [
    ("room", True, True), ("room", False, False), ("out", True, False), ("out", False, False),
])  # fmt: skip
def test_what_does_not_leave_its_room_is_read_in_a_room_that_is_named(
    unit: Unit, how: str, *, named: bool, allowed: bool
) -> None:
    room = unit.places["room"] if named else None
    lend = Lend(borrower=unit.people["reader"], due=unit.today, how=how, room=room)
    carrier = bring(unit, level="juemi")[0]
    refused = unit.why_not(lend, carrier, slip=unit.approved(lend, carrier))
    assert set(refused) == (set() if allowed else {"may_leave_the_room"})


# --- another period than usual at its level ---


def proposing(**more: Any) -> ProposeClassification:
    given: dict[str, Any] = {
        "regime": "cn-company", "level": "company_jimi", "title": "Price list", "short_title": "List",
        "scope_units": ("*",), "period": "long", "basis": "item 3", **more,
    }  # fmt: skip
    return ProposeClassification(**given)


def test_another_period_than_usual_has_its_reason_and_it_stands_with_the_document(unit: Unit) -> None:
    """P28: the period is tied to the level; an exception is marked."""
    assert unit.why_not(proposing(), by="drafter") == {}
    (why,) = unit.why_not(proposing(period="short"), by="drafter").values()
    assert (why.rule, why.field, why.verified) == ("another_period_is_explained", "period", True)
    assert (why.citation, why.reason.values["period"]) == ("公司保密制度 2.4: 期限一般与密级对应", "长期")
    assert why.remedy is not None
    done = unit.do(proposing(period="short", exception="the tender closes in June"), by="drafter")
    assert unit.words(unit.row("documents", done.subjects[0].id)["remarks"]) == "the tender closes in June"


def test_where_a_level_has_no_usual_period_none_is_explained(unit: Unit) -> None:
    state = {"regime": "cn-state", "level": "mimi", "basis": "item 3", "period": "7y"}
    assert unit.why_not(proposing(**state), by="drafter") == {}
