"""Copies of a carrier: approved, numbered under their original, counted out; and every reason not to."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.actions.copying import CopyCarrier
from app.actions.deciding import Approve
from app.actions.imports import BeginImport, BookCarrier, ImportRows
from app.actions.making import FinishMaking
from app.actions.voiding import VoidDraft
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import State
from app.domain.slip import SlipState
from app.store import reads
from tests.unit import Unit


def copying(unit: Unit, original: int, **answers: Any) -> CopyCarrier:
    given: dict[str, Any] = {
        "original": original, "copies": 2, "pages": 4, "reason": "for the meeting", "place": unit.places["safe"],
        "recipients": (unit.people["reader"],), **answers,
    }  # fmt: skip
    return CopyCarrier(**given)


def counted(unit: Unit, carriers: list[int]) -> list[Line]:
    return [Line(Ref(Subject.CARRIER, number), {"pages": unit.carrier(number).pages}) for number in carriers]


def test_approved_copies_are_numbered_under_their_original_and_counted_out(unit: Unit) -> None:
    original = unit.received(level="jimi")[0]
    document = unit.carrier(original).document
    action = copying(unit, original, extent="1-4")
    slip = unit.approved(action)
    made = [ref.id for ref in unit.do(action, slip=slip).subjects]
    copies = [unit.carrier(number) for number in made]
    assert [copy.number for copy in copies] == ["CU-机-2026-0001/1", "CU-机-2026-0001/2"]
    assert [(copy.copy_no, copy.copies_of) for copy in copies] == [(1, 2), (2, 2)]
    assert {(copy.state, copy.level, copy.document, copy.original) for copy in copies} == {
        (State.IN_PREP, "jimi", document, original)
    }
    assert unit.document(document).copies_made == 3
    unit.labelled(made)
    unstamped = FinishMaking(place=unit.places["safe"], sheets=9, spoiled=1, waste_by=unit.people["clerk"])
    assert set(unit.why_not(unstamped, *counted(unit, made))) == {"copies_bear_the_stamp"}
    stamped = FinishMaking(place=unit.places["safe"], sheets=9, spoiled=1, waste_by=unit.people["clerk"], stamped=True)
    unit.do(stamped, *counted(unit, made))
    assert unit.carrier(made[0]).state is State.IN_STOCK
    facts = unit.slip(slip).facts
    assert (facts["stamped"], facts["made"], facts["sheets"], facts["spoiled"]) == (True, 2, 9, 1)
    assert (facts["original"], facts["extent"], facts["recipients"]) == (original, "1-4", [unit.people["reader"]])
    assert unit.slip(slip).state is SlipState.CLOSED


def test_copies_of_one_original_are_numbered_on_and_a_copy_may_be_copied(unit: Unit) -> None:
    original = unit.received()[0]
    first = copying(unit, original)
    unit.do(first, slip=unit.approved(first))
    second = copying(unit, original, copies=1)
    third = unit.do(second, slip=unit.approved(second)).subjects[0].id
    assert (unit.carrier(third).number, unit.carrier(third).copies_of) == ("CU-秘-2026-0001/3", 3)
    unit.labelled([third])
    unit.finish([third], stamped=True)
    again = copying(unit, third, copies=1)
    grandchild = unit.do(again, slip=unit.approved(again)).subjects[0].id
    assert unit.carrier(grandchild).number == "CU-秘-2026-0001/3/1"


def test_a_copy_is_not_given_a_number_that_the_old_book_gave(unit: Unit) -> None:
    original = unit.received()[0]
    book = unit.do(BeginImport(digest="d", name="book.xlsx")).subjects[0]
    number = unit.carrier(original).document
    earlier = tuple(
        BookCarrier(document=number, level="mimi", state=State.IN_STOCK, number=f"CU-秘-2026-0001/{copy}",
                    place=unit.places["safe"], custodian=unit.people["clerk"])
        for copy in (1, 3)
    )  # fmt: skip
    unit.do(ImportRows(regime="cn-state", rows=2, carriers=earlier), book)
    action = copying(unit, original, copies=3)
    made = [unit.carrier(ref.id) for ref in unit.do(action, slip=unit.approved(action)).subjects]
    assert [(copy.copy_no, copy.number[-2:]) for copy in made] == [(2, "/2"), (4, "/4"), (5, "/5")]


def test_nothing_is_copied_that_nobody_approved(unit: Unit) -> None:
    action = copying(unit, unit.received()[0])
    assert [refusal.rule for refusal in unit.desk().refusals(action)] == ["needs_approval"]
    slip = unit.submitted(action)
    assert set(unit.why_not(action, slip=slip)) == {"is_approved"}
    other = copying(unit, unit.received()[0])
    unit.decide(slip)
    assert set(unit.why_not(other, slip=slip)) == {"is_approved"}


def test_the_top_level_needs_the_originators_written_consent(unit: Unit) -> None:
    action = copying(unit, unit.received(level="juemi")[0])
    slip = unit.submitted(action)
    assert [step.role for step in unit.slip(slip).steps] == ["originator", "unit_leader"]
    assert set(unit.why_not(Approve(by=unit.people["clerk"]), slip)) == {"consent_is_written"}
    given = {"by": unit.people["clerk"], "consent": "M [2026] 7"}
    (numberless,) = unit.why_not(Approve(by=given["by"], consented=unit.today), slip).values()
    assert (numberless.rule, numberless.field) == ("consent_is_written", "consent")
    for day in (None, unit.today + timedelta(days=1)):
        (refused,) = unit.why_not(Approve(**given, consented=day), slip).values()
        assert (refused.rule, refused.field, bool(refused.remedy)) == ("consent_is_written", "consented", True)
    unit.do(Approve(**given, consented=unit.today), slip)
    assert set(unit.why_not(action, slip=slip)) == {"is_approved"}
    unit.decide(slip)
    assert unit.why_not(action, slip=slip) == {}


def test_what_the_issuer_forbids_is_not_copied(unit: Unit) -> None:
    action = copying(unit, unit.received(may_copy=False)[0])
    refusals = unit.why_not(action, slip=unit.approved(action))
    assert set(refusals) == {"issuer_lets_it_be_copied"}
    assert refusals["issuer_lets_it_be_copied"].citation


def test_a_caveat_against_copying_yields_to_the_originator_only(unit: Unit) -> None:
    action = copying(unit, unit.received(caveats=("NO_COPY",))[0])
    assert set(unit.why_not(action)) == {"needs_approval", "no_caveat_forbids_copying"}
    slip = unit.submitted(action)
    assert unit.slip(slip).steps[0].role == "originator"
    unit.decide(slip)
    assert unit.why_not(action, slip=slip) == {}


def test_a_company_caveat_forbids_copying_whoever_approves(unit: Unit) -> None:
    original = unit.received(regime="cn-company", level="company_mimi", caveats=("NO_COPY",))[0]
    action = copying(unit, original)
    refusals = unit.why_not(action, slip=unit.approved(action))
    assert {"act_is_allowed", "no_caveat_forbids_copying"} <= set(refusals)


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"copies": 0}, "copies_are_countable"),
        ({"copies": 1000}, "copies_are_countable"),
        ({"pages": None}, "paper_has_pages"),
        ({"pages": 5}, "copy_is_no_longer_than_its_original"),
        ({"place": "corridor"}, "place_protects"),
        ({"custodian": "uncleared"}, "custodian_is_cleared"),
        ({"recipients": "uncleared"}, "recipients_may_have_it"),
        ({"recipients": "stranger"}, "recipients_may_have_it"),
        ({"recipients": (), "purpose": "send"}, "recipients_are_named"),
        ({"reason": ""}, "every_question_is_answered"),
    ],
)
def test_what_may_not_be_copied_so(unit: Unit, answers: dict[str, Any], rule: str) -> None:
    original = unit.received(scope_units=("plans",))[0]
    given = dict(answers)
    if "place" in given:
        given["place"] = unit.places[given["place"]]
    if "custodian" in given:
        given["custodian"] = unit.people[given["custodian"]]
    if isinstance(given.get("recipients"), str):
        given["recipients"] = (unit.people[given["recipients"]],)
    action = copying(unit, original, **given)
    assert set(unit.why_not(action, slip=unit.approved(action))) == {rule}


@pytest.mark.parametrize("answers", [{"purpose": "file"}, {"purpose": "send", "outside": "Works bureau"}])
def test_copies_for_the_file_or_for_outside_name_nobody_of_the_unit(unit: Unit, answers: dict[str, Any]) -> None:
    action = copying(unit, unit.received()[0], recipients=(), **answers)
    assert unit.why_not(action, slip=unit.approved(action)) == {}


def test_what_is_not_here_is_not_copied(unit: Unit) -> None:
    making = unit.making(unit.document_of(), pages=4)[0]
    action = copying(unit, making)
    assert set(unit.why_not(action, slip=unit.approved(action))) == {"original_is_here"}


def test_more_copies_than_approved_are_not_made(unit: Unit) -> None:
    original = unit.received()[0]
    action = copying(unit, original)
    slip = unit.approved(action)
    made = [ref.id for ref in unit.do(action, slip=slip).subjects]
    more = copying(unit, original, now=1)
    assert set(unit.why_not(more, slip=slip)) == {"made_with_these_no_more_than_approved"}
    void = VoidDraft(reason="smeared", second=unit.people["clerk2"], waste_by=unit.people["clerk"])
    unit.do(void, made[1], slip=unit.approved(void, made[1]), signed={"second": "clerk2"})
    third = unit.do(more, slip=slip).subjects[0].id
    assert (unit.carrier(third).copy_no, unit.carrier(third).number) == (3, "CU-秘-2026-0001/3")


def test_every_number_of_a_document_is_accounted_for_once(unit: Unit) -> None:
    document = unit.document_of(issued=date(2026, 5, 1))
    printed = unit.copies(2, document=document, pages=4)
    action = copying(unit, printed[0], copies=3)
    unit.do(action, slip=unit.approved(action))
    unit.making(document, copies=2)
    with unit.database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT number, copy_no, original FROM carriers WHERE document = ?", (document,)
        ).all()
    assert unit.document(document).copies_made == len(rows) == 7
    assert len({row[0] for row in rows}) == 7
    assert sorted(row[1] for row in rows if row[2] is None) == [1, 2, 3, 4]


def test_a_loan_slip_carries_no_copying(unit: Unit) -> None:
    action = copying(unit, unit.received()[0])
    slip = unit.approved(action, kind="loan")
    assert "rests_on_its_own_slip" in unit.why_not(action, slip=slip)


def test_an_original_tells_what_was_applied_for(unit: Unit) -> None:
    original, other = unit.received()[0], unit.received()[0]
    action = copying(unit, original)

    def waiting(number: int) -> list[int]:
        return [slip.id for slip in unit.desk().read(reads.applications_for, number, viewer=reads.WHOLE)]

    slip = unit.submitted(action)
    assert waiting(original) == [slip]
    assert waiting(other) == []
    approved = unit.approved(action)
    unit.do(action, slip=approved)
    assert waiting(original) == [slip]
