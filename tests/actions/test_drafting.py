"""From a proposal to copies in stock: what is permitted once, then every reason not to."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.actions.classifying import AmendProposal, Classify, ProposeClassification
from app.actions.deciding import Approve, RefuseSlip
from app.actions.drafting import PrintCopies, TakeNumber, UseNumber, VoidNumber
from app.actions.labels import AffixLabel, DestroyLabel, PrintLabels, VerifyLabel
from app.actions.making import FinishMaking
from app.actions.voiding import VoidDraft
from app.actions.vouchers import CancelSlip
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import DocumentState, Label, State
from app.domain.control_numbers import number_year
from app.domain.numbering import payload
from app.domain.slip import SlipState
from app.store.proof import verify_full
from tests.unit import REGISTER_NUMBER, Unit


def proposal(**answers: Any) -> ProposeClassification:
    given: dict[str, Any] = {
        "regime": "cn-state", "level": "jimi", "period": "10y", "title": "Plan of the year", "short_title": "Plan A",
        "scope_units": ("plans",), "basis": "item 3 of the list", **answers,
    }  # fmt: skip
    return ProposeClassification(**given)


def counted(unit: Unit, carriers: list[int], **pages: int) -> list[Line]:
    return [
        Line(Ref(Subject.CARRIER, number), {"pages": pages.get(f"c{number}", unit.carrier(number).pages)})
        for number in carriers
    ]


# --- classification ----------------------------------------------------------------------------------------------


def test_a_proposal_is_decided_by_the_authority_and_counts_from_its_issue(unit: Unit) -> None:
    receipt = unit.do(proposal(points="the third chapter"), by="drafter")
    document, slip = receipt.subjects[0].id, receipt.slip
    assert slip is not None
    assert unit.document(document).state is DocumentState.PROPOSED
    assert unit.document(document).slip == slip
    assert unit.slip(slip).next_step.role == "classification_authority"
    assert unit.slip(slip).facts["document"] == document
    unit.decide(slip)
    unit.do(Classify(issued=date(2026, 5, 10), reference="CU [2026] 5"), document, slip=slip)
    after = unit.document(document)
    assert (after.state, after.issued, after.lifts) == (DocumentState.CLASSIFIED, date(2026, 5, 10), date(2036, 5, 10))
    assert unit.slip(slip).state is SlipState.CLOSED
    assert unit.row("documents", document)["reference"] == "CU [2026] 5"
    assert unit.words(unit.row("documents", document)["title"]) == "Plan of the year"


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"level": "ts"}, "level_is_known"),
        ({"period": ""}, "period_is_given"),
        ({"period": "ten years"}, "period_is_readable"),
        ({"period": "21y"}, "period_is_allowed"),
        ({"level": "juemi", "period": "31y"}, "period_is_allowed"),
        ({"level": "mimi", "period": "121m"}, "period_is_allowed"),
        ({"period": "permanent"}, "period_is_allowed"),
        ({"period": "2026-05-11"}, "period_is_allowed"),
        ({"period": "long", "basis": " "}, "express_basis_is_named"),
        ({"basis": ""}, "basis_is_given"),
        ({"scope_units": ()}, "scope_is_given"),
        ({"caveats": ("NOFORN",)}, "caveats_are_known"),
        ({"title": " "}, "every_question_is_answered"),
        ({"short_title": ""}, "every_question_is_answered"),
        ({"regime": "cn-work", "level": "neibu", "period": "", "short_title": "★Plan"}, "no_sign_of_another_regime"),
        (
            {"regime": "cn-company", "level": "company_jimi", "period": "long", "title": "机密★10年"},
            "no_sign_of_another_regime",
        ),
    ],
)
def test_what_may_not_be_proposed(unit: Unit, answers: dict[str, Any], rule: str) -> None:
    refusals = unit.why_not(proposal(**answers), by="drafter")
    assert rule in refusals
    assert refusals[rule].remedy is not None or rule == "every_question_is_answered"


def test_a_ceiling_is_told_with_the_law_it_stands_in(unit: Unit) -> None:
    refusal = unit.why_not(proposal(period="21y"), by="drafter")["period_is_allowed"]
    assert refusal.citation == "保守国家秘密法(2024) §20"
    assert refusal.verified
    assert refusal.field == "period"


def test_a_work_secret_needs_no_period(unit: Unit) -> None:
    assert unit.why_not(proposal(regime="cn-work", level="neibu", period=""), by="drafter") == {}


def test_nobody_without_clearance_drafts_or_is_in_the_scope(unit: Unit) -> None:
    assert set(unit.why_not(proposal(), by="uncleared")) == {"drafter_may_touch_it"}
    people = (unit.people["reader"], unit.people["uncleared"])
    assert set(unit.why_not(proposal(scope_people=people), by="drafter")) == {"people_in_scope_are_cleared"}


def test_the_drafter_does_not_decide_their_own_proposal(unit: Unit) -> None:
    document = unit.proposed(by="authority")
    slip = unit.document(document).slip
    refusals = unit.why_not(Approve(by=unit.people["authority"]), slip, by="authority")
    assert set(refusals) == {"nobody_approves_their_own"}


def test_an_undecided_proposal_is_not_entered_as_a_decision(unit: Unit) -> None:
    document = unit.proposed()
    assert "is_approved" not in unit.why_not(Classify(issued=unit.today), document)  # it names what is needed instead
    assert "needs_approval" in unit.why_not(Classify(issued=unit.today), document)
    slip = unit.document(document).slip
    assert set(unit.why_not(Classify(issued=unit.today), document, slip=slip)) == {"is_approved"}


def test_a_slip_decides_its_own_document_only(unit: Unit) -> None:
    one, other = unit.proposed(), unit.proposed()
    slip = unit.decide(unit.document(one).slip)
    assert set(unit.why_not(Classify(issued=unit.today), other, slip=slip)) == {"slip_is_of_this_document"}


def test_the_date_of_issue_is_neither_to_come_nor_after_the_period(unit: Unit) -> None:
    document = unit.proposed(level="mimi", period="2026-05-20")
    slip = unit.decide(unit.document(document).slip)
    tomorrow = unit.today + timedelta(days=1)
    assert set(unit.why_not(Classify(issued=tomorrow), document, slip=slip)) == {"issued_by_today"}
    unit.later(days=10)
    assert set(unit.why_not(Classify(issued=unit.today), document, slip=slip)) == {"period_outlasts_its_issue"}


def test_what_is_classified_is_not_classified_again(unit: Unit) -> None:
    document = unit.document_of()
    slip = unit.document(document).slip
    assert "document_is_proposed" in unit.why_not(Classify(issued=unit.today), document, slip=slip)


def test_a_refused_proposal_is_made_again_on_a_new_slip(unit: Unit) -> None:
    document = unit.proposed()
    first = unit.document(document).slip
    answers = {
        "regime": "cn-state", "level": "jimi", "period": "10y", "title": "Plan", "short_title": "Plan A",
        "scope_units": ("plans",), "basis": "item 4",
    }  # fmt: skip
    again = AmendProposal(**answers)
    assert set(unit.why_not(again, document, by="drafter")) == {"no_proposal_is_waiting"}
    unit.do(RefuseSlip(by=unit.people["authority"], reason="higher"), first, by="authority")
    other = AmendProposal(**{**answers, "regime": "cn-company", "level": "company_mimi", "period": "short"})
    assert "regime_stays" in unit.why_not(other, document, by="drafter")
    unit.do(again, document, by="drafter")
    assert unit.document(document).level == "jimi"
    assert unit.document(document).slip != first
    slip = unit.decide(unit.document(document).slip)
    unit.do(Classify(issued=unit.today), document, slip=slip)
    assert "document_is_proposed" in unit.why_not(again, document, by="drafter")


# --- printing ----------------------------------------------------------------------------------------------------


def test_a_job_ends_with_numbered_copies_in_stock(unit: Unit) -> None:
    document = unit.document_of("jimi")
    made = unit.making(document, copies=3, pages=12)
    first = unit.carrier(made[0])
    assert (first.state, first.custodian, first.place) == (State.IN_PREP, unit.people["clerk"], unit.places["safe"])
    assert [unit.carrier(number).number for number in made] == [f"CU-机-2026-0001/{copy}" for copy in (1, 2, 3)]
    assert {(unit.carrier(n).copy_no, unit.carrier(n).copies_of) for n in made} == {(1, 3), (2, 3), (3, 3)}
    assert unit.document(document).copies_made == 3
    job = first.slip
    unit.labelled(made)
    action = FinishMaking(place=unit.places["room"], sheets=38, spoiled=2, waste_by=unit.people["witness"])
    unit.do(action, *counted(unit, made))
    done, slip = unit.carrier(made[2]), unit.slip(job)
    assert (done.state, done.place, done.slip, done.pages) == (State.IN_STOCK, unit.places["room"], None, 12)
    assert (slip.state, slip.done, slip.listed) == (SlipState.CLOSED, 3, 3)
    assert {name: slip.facts[name] for name in ("sheets", "spoiled", "waste_by", "made")} == {
        "sheets": 38, "spoiled": 2, "waste_by": unit.people["witness"], "made": 3,
    }  # fmt: skip


def test_a_single_copy_bears_the_control_number_itself(unit: Unit) -> None:
    assert unit.carrier(unit.making(unit.document_of())[0]).number == "CU-秘-2026-0001"


def test_a_second_job_goes_on_with_the_copy_numbers(unit: Unit) -> None:
    document = unit.document_of()
    unit.making(document, copies=2)
    third = unit.carrier(unit.making(document, copies=1)[0])
    assert (third.number, third.copy_no, third.copies_of) == ("CU-秘-2026-0002/3", 3, 3)
    assert unit.document(document).copies_made == 3


def test_where_the_regime_asks_nobody_a_job_opens_its_own_slip(unit: Unit) -> None:
    document = unit.document_of("neibu", regime="cn-work")
    made = unit.do(PrintCopies(document=document, copies=2, pages=3, place=unit.places["safe"]))
    assert unit.slip(made.slip).kind == "printing"
    assert len(unit.slip_lines(made.slip)) == 2


def test_no_job_without_its_approval(unit: Unit) -> None:
    document = unit.document_of("jimi")
    action = PrintCopies(document=document, copies=3, pages=12, place=unit.places["safe"])
    refusals = unit.desk().refusals(action)
    assert [refusal.rule for refusal in refusals] == ["needs_approval"]  # once, not once for each copy
    slip = unit.submitted(action)
    assert set(unit.why_not(action, slip=slip)) == {"is_approved"}
    unit.decide(slip, times=1)
    assert set(unit.why_not(action, slip=slip)) == {"is_approved"}
    unit.decide(slip)
    more = PrintCopies(document=document, copies=4, pages=12, place=unit.places["safe"])
    assert set(unit.why_not(more, slip=slip)) == {"is_approved"}


def test_more_than_approved_is_never_made_but_a_void_copy_may_be_replaced(unit: Unit) -> None:
    document = unit.document_of()
    action = PrintCopies(document=document, copies=2, pages=5, place=unit.places["safe"])
    slip = unit.approved(action)
    made = [ref.id for ref in unit.do(action, slip=slip).subjects]
    one_more = PrintCopies(document=document, copies=2, pages=5, place=unit.places["safe"], now=1)
    assert set(unit.why_not(one_more, slip=slip)) == {"made_with_these_no_more_than_approved"}
    two_of_one = PrintCopies(document=unit.document_of(), copies=1, pages=5, place=unit.places["safe"], now=2)
    assert "made_with_these_no_more_than_approved" in unit.why_not(two_of_one, slip=unit.approved(two_of_one))
    void = VoidDraft(reason="smeared", second=unit.people["clerk2"], waste_by=unit.people["clerk2"])
    unit.do(void, made[0], slip=unit.approved(void, made[0]), signed={"second": "clerk2"})
    again = unit.do(one_more, slip=slip).subjects[0].id
    assert (unit.carrier(again).copy_no, unit.carrier(again).number) == (3, "CU-秘-2026-0001/3")
    assert unit.document(document).copies_made == 3
    unit.labelled([made[1], again])
    short = FinishMaking(place=unit.places["safe"], sheets=10)
    assert set(unit.why_not(short, *counted(unit, [made[1], again]))) == {"void_copies_are_in_the_waste"}
    whole = FinishMaking(place=unit.places["safe"], sheets=15, spoiled=5, waste_by=unit.people["clerk2"])
    assert unit.why_not(whole, *counted(unit, [made[1], again])) == {}
    states = [carrier.state for carrier in (unit.carrier(made[0]), unit.carrier(made[1]), unit.carrier(again))]
    assert states == [State.VOID, State.IN_STOCK, State.IN_STOCK]  # every number made is accounted for once


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"copies": 0}, "copies_are_countable"),
        ({"copies": 100_000}, "copies_are_countable"),
        ({"now": 0}, "copies_are_countable"),
        ({"pages": None}, "paper_has_pages"),
        ({"pages": 0}, "paper_has_pages"),
        ({"place": "corridor"}, "place_protects"),
        ({"custodian": "uncleared"}, "custodian_is_cleared"),
    ],
)
def test_what_may_not_be_printed(unit: Unit, answers: dict[str, Any], rule: str) -> None:
    document = unit.document_of("neibu", regime="cn-work")
    given = {"copies": 1, "pages": 3, "place": "safe", **answers}
    given["place"] = unit.places[given["place"]]
    if "custodian" in given:
        given["custodian"] = unit.people[given["custodian"]]
    refusals = unit.why_not(PrintCopies(document=document, **given))
    assert set(refusals) == {rule}


def test_only_a_classified_document_is_printed(unit: Unit) -> None:
    proposed = PrintCopies(document=unit.proposed(), pages=3, place=unit.places["safe"])
    assert "document_is_classified" in unit.why_not(proposed)
    came = unit.carrier(unit.received()[0]).document
    assert "document_is_classified" in unit.why_not(PrintCopies(document=came, pages=3, place=unit.places["safe"]))


def test_a_job_rests_on_no_slip_of_another_kind(unit: Unit) -> None:
    document = unit.document_of("neibu", regime="cn-work")
    action = PrintCopies(document=document, pages=3, place=unit.places["safe"])
    other = unit.document(document).slip
    assert "rests_on_its_own_slip" in unit.why_not(action, slip=other)


def test_only_a_clerk_enters_a_job(unit: Unit) -> None:
    action = PrintCopies(document=unit.document_of(), pages=3, place=unit.places["safe"])
    assert "actor_has_the_duty" in unit.why_not(action, by="drafter", slip=unit.approved(action))


# --- labels ------------------------------------------------------------------------------------------------------


def test_a_label_goes_its_way_once(unit: Unit) -> None:
    copy = unit.making(unit.document_of())[0]
    scanned = Line(Ref(Subject.CARRIER, copy), {"scanned": payload("C", REGISTER_NUMBER, copy)})
    assert set(unit.why_not(AffixLabel(), copy)) == {"label_is_printed"}
    unit.do(PrintLabels(), copy)
    assert set(unit.why_not(PrintLabels(), copy)) == {"label_is_reserved"}
    assert set(unit.why_not(VerifyLabel(), scanned)) == {"label_is_affixed"}
    unit.do(AffixLabel(), copy)
    unit.do(VerifyLabel(), scanned)
    assert unit.carrier(copy).label is Label.VERIFIED


@pytest.mark.parametrize("code", ["C", "CU-秘-2026-0001", payload("C", 5, 1), payload("C", REGISTER_NUMBER, 2)])
def test_a_label_is_verified_by_its_own_code_only(unit: Unit, code: str) -> None:
    copy = unit.making(unit.document_of())[0]
    assert copy == 1
    unit.do(PrintLabels(), copy)
    unit.do(AffixLabel(), copy)
    line = Line(Ref(Subject.CARRIER, copy), {"scanned": code})
    assert set(unit.why_not(VerifyLabel(), line)) == {"scan_is_of_this_carrier"}


def test_a_spoiled_label_is_destroyed_before_another_is_printed(unit: Unit) -> None:
    copy = unit.making(unit.document_of())[0]
    assert set(unit.why_not(DestroyLabel(reason="torn"), copy)) == {"label_is_out"}
    unit.do(PrintLabels(), copy)
    unit.do(DestroyLabel(reason="torn"), copy)
    assert unit.carrier(copy).label is Label.RESERVED
    assert unit.why_not(PrintLabels(), copy) == {}


# --- counting out ------------------------------------------------------------------------------------------------


def test_a_job_is_finished_whole_with_verified_labels(unit: Unit) -> None:
    made = unit.making(unit.document_of(), copies=2)
    finish = FinishMaking(place=unit.places["safe"], sheets=20)
    assert set(unit.why_not(finish, *counted(unit, made))) == {"label_is_verified"}
    unit.labelled(made)
    part = FinishMaking(place=unit.places["safe"], sheets=10)
    assert set(unit.why_not(part, *counted(unit, made[:1]))) == {"every_copy_of_the_job_is_here"}


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"sheets": 19}, "sheets_add_up"),
        ({"sheets": 22}, "sheets_add_up"),
        ({"sheets": 19, "spoiled": -1}, "sheets_add_up"),
        ({"sheets": 22, "spoiled": 2}, "waste_is_destroyed"),
        ({"sheets": 900, "spoiled": None}, "sheets_add_up"),
        ({"sheets": 20, "place": "corridor"}, "place_protects"),
    ],
)
def test_sheets_and_waste_add_up(unit: Unit, answers: dict[str, Any], rule: str) -> None:
    made = unit.making(unit.document_of(), copies=2)
    unit.labelled(made)
    given = {**answers, "place": unit.places[answers.get("place", "safe")]}
    assert rule in unit.why_not(FinishMaking(**given), *counted(unit, made))


def test_two_jobs_are_not_counted_out_in_one(unit: Unit) -> None:
    """Else the copies of a copy request would go on the shelf without their stamp."""
    printed, second = unit.making(unit.document_of()), unit.making(unit.document_of())
    unit.labelled([*printed, *second])
    both = FinishMaking(place=unit.places["safe"], sheets=20)
    assert set(unit.why_not(both, *counted(unit, [*printed, *second]))) == {"copies_are_of_one_job"}


def test_who_prints_and_who_destroys_the_waste_is_cleared(unit: Unit) -> None:
    document, safe, uncleared = unit.document_of(), unit.places["safe"], unit.people["uncleared"]
    job = PrintCopies(document=document, copies=1, pages=10, place=safe, maker=uncleared)
    assert set(unit.why_not(job, slip=unit.approved(job))) == {"maker_may_touch_it"}
    made = unit.making(document)
    unit.labelled(made)
    finish = FinishMaking(place=safe, sheets=11, spoiled=1, waste_by=uncleared)
    assert set(unit.why_not(finish, *counted(unit, made))) == {"waste_is_destroyed"}
    void = VoidDraft(reason="smeared", second=unit.people["clerk2"], waste_by=uncleared)
    refused = unit.why_not(void, *made, slip=unit.approved(void, *made), signed={"second": "clerk2"})
    assert set(refused) == {"waste_was_destroyed_by_one_cleared"}


def test_a_job_nobody_approves_does_not_ride_on_the_slip_of_another(unit: Unit) -> None:
    safe = unit.places["safe"]
    approved = PrintCopies(document=unit.document_of(), copies=3, pages=5, place=safe)
    slip = unit.approved(approved)
    other = PrintCopies(document=unit.document_of("neibu", regime="cn-work"), copies=50, pages=5, place=safe)
    assert set(unit.why_not(other, slip=slip)) == {"rests_on_its_own_slip"}
    assert unit.why_not(approved, slip=slip) == {}


def test_a_number_is_used_for_something_with_pages(unit: Unit) -> None:
    number = unit.do(TakeNumber(document=unit.document_of())).subjects[0].id
    use = UseNumber(pages=-5, place=unit.places["safe"])
    assert set(unit.why_not(use, number, slip=unit.approved(use, number))) == {"paper_has_pages"}


def test_pages_are_counted_as_ordered(unit: Unit) -> None:
    made = unit.making(unit.document_of(), copies=2)
    unit.labelled(made)
    finish = FinishMaking(place=unit.places["safe"], sheets=20)
    assert set(unit.why_not(finish, *counted(unit, made, c2=9))) == {"pages_are_as_ordered"}


# --- spoiled copies and numbers ----------------------------------------------------------------------------------


def test_a_copy_is_void_by_two_and_leaves_a_voucher(unit: Unit) -> None:
    copy = unit.making(unit.document_of())[0]
    job = unit.carrier(copy).slip
    void = VoidDraft(reason="smeared", second=unit.people["clerk2"], waste_by=unit.people["clerk2"])
    assert set(unit.why_not(void, copy, signed={"second": "clerk2"})) == {"needs_approval"}
    slip = unit.approved(void, copy)
    assert set(unit.why_not(void, copy, slip=slip)) == {"signature:second"}
    unit.do(void, copy, slip=slip, signed={"second": "clerk2"})
    after = unit.carrier(copy)
    assert (after.state, after.label, after.custodian, after.place) == (State.VOID, Label.RETIRED, None, None)
    assert unit.slip(slip).state is SlipState.CLOSED
    assert unit.slip_lines(job)[1]["status"] == "void"
    assert unit.why_not(CancelSlip(reason="nothing left"), job) == {}


def test_nobody_is_their_own_second_person(unit: Unit) -> None:
    copy = unit.making(unit.document_of())[0]
    void = VoidDraft(reason="smeared", second=unit.people["clerk"], waste_by=unit.people["clerk"])
    assert set(unit.why_not(void, copy, slip=unit.approved(void, copy))) == {"two_people_void"}


def test_what_is_in_stock_is_no_draft(unit: Unit) -> None:
    copy = unit.copies()[0]
    void = VoidDraft(reason="smeared", second=unit.people["clerk2"], waste_by=unit.people["clerk2"])
    slip = unit.approved(void, copy)
    assert "arc_is_open" in unit.why_not(void, copy, slip=slip, signed={"second": "clerk2"})


def test_a_number_is_taken_used_and_never_taken_again(unit: Unit) -> None:
    document = unit.document_of()
    number = unit.do(TakeNumber(document=document)).subjects[0].id
    assert unit.carrier(number).state is State.NEW_NUMBER
    assert unit.carrier(number).number == "CU-秘-2026-0001"
    ahead = unit.why_not(TakeNumber(document=document, number="CU-秘-2026-0009"))
    assert set(ahead) == {"number_leaves_no_gap"}
    given = unit.do(TakeNumber(document=document, number="CU-秘-2026-0002")).subjects[0].id
    assert unit.carrier(unit.do(TakeNumber(document=document)).subjects[0].id).number == "CU-秘-2026-0003"
    again = unit.why_not(TakeNumber(document=document, number="CU-秘-2026-0002"))
    assert set(again) == {"number_is_free"}
    assert set(unit.why_not(TakeNumber(document=document, number="CU-机-2026-0009"))) == {"number_is_ours"}
    use = UseNumber(pages=7, place=unit.places["safe"])
    slip = unit.approved(use, number, given)
    assert "needs_approval" in unit.why_not(use, number)
    unit.do(use, number, given, slip=slip)
    used = [unit.carrier(number), unit.carrier(given)]
    assert [(carrier.state, carrier.copy_no) for carrier in used] == [(State.IN_PREP, 1), (State.IN_PREP, 2)]
    assert unit.document(document).copies_made == 2
    unit.labelled([number, given])
    unit.finish([number, given])
    assert unit.carrier(given).state is State.IN_STOCK


def test_a_number_without_a_carrier_takes_no_label(unit: Unit) -> None:
    number = unit.do(TakeNumber(document=unit.document_of())).subjects[0].id
    unit.do(PrintLabels(), number)
    assert set(unit.why_not(AffixLabel(), number)) == {"carrier_is_there"}


def test_a_number_is_void_by_two_once_its_label_is_destroyed(unit: Unit) -> None:
    number = unit.do(TakeNumber(document=unit.document_of())).subjects[0].id
    unit.do(PrintLabels(), number)
    careless = VoidNumber(reason="not needed", second=unit.people["clerk2"])
    slip = unit.approved(careless, number, leave_out=["label_destroyed"])
    signed = {"second": "clerk2"}
    assert set(unit.why_not(careless, number, slip=slip, signed=signed)) == {"printed_label_is_destroyed"}
    assert set(unit.why_not(careless, number, slip=slip)) >= {"signature:second"}
    void = VoidNumber(reason="not needed", second=unit.people["clerk2"], label_destroyed=True)
    unit.do(void, number, slip=slip, signed=signed)
    assert unit.carrier(number).state is State.VOID
    assert "number_is_free" in unit.why_not(
        TakeNumber(document=unit.carrier(number).document, number=unit.carrier(number).number)
    )


def test_a_year_that_starts_in_autumn_bears_the_number_it_ends_in() -> None:
    assert number_year(date(2026, 9, 30), "10-01") == 2026
    assert number_year(date(2026, 10, 1), "10-01") == 2027
    assert number_year(date(2026, 10, 1), "01-01") == 2026


def test_a_proposal_made_again_says_nothing_of_the_former(unit: Unit) -> None:
    """The reason for an unusual period stood on the new slip, whose period was the usual one."""
    document = unit.proposed("jimi", period="15y", exception="a treaty says so", reference="R-1")
    unit.do(RefuseSlip(by=unit.people["authority"], reason="shorter"), unit.document(document).slip, by="authority")
    again = AmendProposal(
        regime="cn-state", level="jimi", period="10y", title="Plan", short_title="Plan A", scope_units=("plans",),
        basis="item 4",
    )  # fmt: skip
    unit.do(again, document, by="drafter")
    with unit.database.reading() as connection:
        row = connection.exec_driver_sql("SELECT remarks, reference, period FROM documents WHERE id = ?", (document,))
        assert row.one() == (None, None, "10y")
        assert verify_full(connection).holds
