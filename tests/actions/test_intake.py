"""From the counter to the shelf: envelopes, what was in them, and whether it was all."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.actions.intake import OpenEnvelope, SignForEnvelope
from app.actions.receiving import RegisterFurther, RegisterReceived
from app.actions.reconciling import GiveBackUnopened, ReconcileEnvelope, ReportDiscrepancy, SettleDiscrepancy
from app.domain.action import Line, Ref, questions
from app.domain.carrier import DocumentState, EnvelopeState, Label, State
from app.domain.slip import SlipState
from tests.unit import Unit


def signing(**answers: Any) -> SignForEnvelope:
    given: dict[str, Any] = {
        "number": "0417", "regime": "cn-state", "sender": "Ministry", "channel": "jiyao_tongxin", "items": 2,
        "level": "jimi", **answers,
    }  # fmt: skip
    return SignForEnvelope(**given)


def signed_for(unit: Unit, **answers: Any) -> Ref:
    return unit.do(signing(**answers)).subjects[0]


def coming_in(unit: Unit, envelope: Ref, **answers: Any) -> RegisterReceived:
    given: dict[str, Any] = {
        "envelope": envelope.id, "regime": "cn-state", "level": "jimi", "title": "Circular", "short_title": "C 5",
        "originator": "Ministry", "pages": 4, "place": unit.places["safe"], "period": "10y",
        "issued": date(2026, 5, 2), **answers,
    }  # fmt: skip
    return RegisterReceived(**given)


def opened(unit: Unit, **answers: Any) -> Ref:
    envelope = signed_for(unit, **answers)
    unit.do(OpenEnvelope(), envelope)
    return envelope


# --- the envelope ------------------------------------------------------------------------------------------------


def test_from_the_counter_to_the_signed_list(unit: Unit) -> None:
    receipt = unit.do(signing(seal="S-9"))
    envelope, slip = receipt.subjects[0], receipt.slip
    assert slip is not None
    assert unit.envelope(envelope.id).state is EnvelopeState.SIGNED_FOR
    assert unit.envelope(envelope.id).signed_at == unit.now
    assert unit.row("slips", slip)["due"] == "2026-05-12"  # the clock runs for 24 hours
    unit.do(OpenEnvelope(seal="S-9"), envelope)
    assert unit.envelope(envelope.id).state is EnvelopeState.OPENED
    assert unit.row("slips", slip)["due"] is None
    copies = unit.do(coming_in(unit, envelope, first_copy=17, last_copy=18, copies_of=30, reference="M 5")).subjects
    unit.do(ReconcileEnvelope(counted=2), envelope)
    assert unit.envelope(envelope.id).state is EnvelopeState.RECONCILED
    assert (unit.slip(slip).state, unit.slip(slip).done) == (SlipState.CLOSED, 2)
    first = unit.carrier(copies[0].id)
    assert (first.state, first.number, first.copy_no, first.copies_of) == (
        State.IN_STOCK, "CU-机-2026-0001/17", 17, 30,
    )  # fmt: skip
    assert (first.custodian, first.place, first.label) == (
        unit.people["clerk"], unit.places["safe"], Label.RESERVED,
    )  # fmt: skip
    document = unit.document(first.document)
    assert (document.state, document.received, document.copies_made) == (DocumentState.REGISTERED, True, 2)
    assert (document.period, document.lifts) == ("10y", date(2036, 5, 2))
    assert [line["carrier"] for line in unit.slip_lines(slip).values()] == [copy.id for copy in copies]


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"level": "ts"}, "marked_level_is_known"),
        ({"channel": "pigeon"}, "channel_is_known"),
        ({"items": 0}, "something_is_listed"),
        ({"sender": " "}, "every_question_is_answered"),
    ],
)
def test_what_is_not_signed_for(unit: Unit, answers: dict[str, Any], rule: str) -> None:
    assert set(unit.why_not(signing(**answers))) == {rule}


def test_only_who_is_authorised_collects(unit: Unit) -> None:
    assert set(unit.why_not(signing(), by="drafter")) == {"actor_has_the_duty"}


def test_an_envelope_that_lies_here_is_not_signed_for_twice(unit: Unit) -> None:
    envelope = signed_for(unit)
    assert set(unit.why_not(signing())) == {"not_signed_for_already"}
    unit.do(OpenEnvelope(), envelope)
    assert unit.why_not(signing()) == {}


def test_what_came_by_a_forbidden_way_is_signed_for_all_the_same(unit: Unit) -> None:
    assert unit.why_not(signing(channel="ordinary_post")) == {}


def test_an_envelope_is_opened_once(unit: Unit) -> None:
    assert "envelope_waits_to_be_opened" in unit.why_not(OpenEnvelope(), opened(unit))


@pytest.mark.parametrize("level", ["juemi", ""])
def test_the_highest_level_and_the_unmarked_are_opened_by_two(unit: Unit, level: str) -> None:
    envelope = signed_for(unit, level=level)
    assert set(unit.why_not(OpenEnvelope(), envelope)) == {"as_many_open_it_as_the_level_asks"}
    alone = OpenEnvelope(second=unit.people["clerk"])
    assert set(unit.why_not(alone, envelope)) == {"openers_are_different"}
    two = OpenEnvelope(second=unit.people["clerk2"])
    assert set(unit.why_not(two, envelope)) == {"signature:second"}
    assert unit.why_not(two, envelope, signed={"second": "clerk2"}) == {}


def test_the_second_person_is_cleared(unit: Unit) -> None:
    two = OpenEnvelope(second=unit.people["uncleared"])
    refusals = unit.why_not(two, signed_for(unit), signed={"second": "uncleared"})
    assert set(refusals) == {"openers_are_cleared"}
    assert refusals["openers_are_cleared"].field == "second"


def test_another_seal_is_a_discrepancy(unit: Unit) -> None:
    envelope = signed_for(unit, seal="S-9")
    assert set(unit.why_not(OpenEnvelope(seal="S-8"), envelope)) == {"seal_is_the_one_signed_for"}


def test_the_seal_is_read_from_the_envelope_and_not_from_the_refusal(unit: Unit) -> None:
    envelope = signed_for(unit, seal="S-9")
    refusal = unit.why_not(OpenEnvelope(), envelope)["seal_is_the_one_signed_for"]
    assert "S-9" not in str(refusal)
    assert refusal.remedy is not None
    assert "Read the number on the seal" in refusal.remedy.msgid


def test_what_came_is_asked_for_before_its_copies() -> None:
    asked = list(questions(RegisterReceived))
    assert asked.index("title") < asked.index("first_copy") < asked.index("place")


def test_a_late_opening_is_explained(unit: Unit) -> None:
    envelope = signed_for(unit)
    unit.later(hours=24)
    assert unit.desk().refusals(OpenEnvelope(), [envelope]) == []
    unit.later(minutes=1)
    refusals = unit.why_not(OpenEnvelope(), envelope)
    assert set(refusals) == {"late_opening_is_explained"}
    assert not refusals["late_opening_is_explained"].verified  # a house rule says so
    assert unit.why_not(OpenEnvelope(reason="the clerk was ill"), envelope) == {}


def test_the_clock_runs_from_when_it_was_signed_for_not_entered(unit: Unit) -> None:
    envelope = unit.do(signing(), happened=unit.now - timedelta(hours=30)).subjects[0]
    assert set(unit.why_not(OpenEnvelope(), envelope)) == {"late_opening_is_explained"}


def test_an_opening_entered_late_is_explained_and_none_is_before_the_signing(unit: Unit) -> None:
    envelope = signed_for(unit)
    before, in_time = unit.now - timedelta(hours=1), unit.now + timedelta(hours=1)
    assert set(unit.why_not(OpenEnvelope(), envelope, happened=before)) == {"after_it_was_signed_for"}
    unit.later(days=2)
    assert set(unit.why_not(OpenEnvelope(), envelope, happened=in_time)) == {"late_opening_is_explained"}
    assert unit.why_not(OpenEnvelope(reason="entered after the leave"), envelope, happened=in_time) == {}


def test_what_two_open_is_not_registered_from_an_envelope_one_opened(unit: Unit) -> None:
    """The mark outside said less than what was in it: that is a discrepancy, and it has a second finder."""
    envelope = opened(unit, items=1)
    inside = coming_in(unit, envelope, level="juemi", period="30y")
    assert set(unit.why_not(inside)) == {"as_many_opened_it_as_the_copies_ask"}
    report = ReportDiscrepancy(expected=1, found=1, second=unit.people["clerk2"], condition="marked too low outside")
    unit.do(report, envelope, signed={"second": "clerk2"})
    assert unit.why_not(inside) == {}


def test_an_envelope_may_hold_a_paper_of_another_regime(unit: Unit) -> None:
    envelope = opened(unit, items=1)
    unit.do(coming_in(unit, envelope, regime="us-dod", level="s"))
    slip = unit.envelope(envelope.id).slip
    assert slip is not None
    assert unit.slip(slip).level == "jimi"  # as marked outside: the levels of two regimes have no order


@pytest.mark.parametrize("when", ["signing", "opening"])
def test_broken_wrapping_is_reported_before_it_is_opened(unit: Unit, when: str) -> None:
    envelope = signed_for(unit, intact=when != "signing")
    attempt = OpenEnvelope(intact=when != "opening")
    assert set(unit.why_not(attempt, envelope)) == {"wrapping_is_intact"}
    report = ReportDiscrepancy(
        expected=2, found=2, second=unit.people["clerk2"], condition="torn at the flap", photo="P-3"
    )
    unit.do(report, envelope, signed={"second": "clerk2"})
    assert unit.envelope(envelope.id).state is EnvelopeState.DISCREPANCY
    assert "envelope_is_open" in unit.why_not(coming_in(unit, envelope))
    assert "discrepancy_is_open" in unit.why_not(
        SettleDiscrepancy(answer="as sent", answered=unit.today, counted=2), envelope
    )
    unit.do(attempt, envelope)
    assert unit.envelope(envelope.id).state is EnvelopeState.DISCREPANCY
    assert unit.why_not(coming_in(unit, envelope)) == {}


# --- what was in it ----------------------------------------------------------------------------------------------


def test_a_missing_period_is_the_longest_of_its_level(unit: Unit) -> None:
    copy = unit.do(coming_in(unit, opened(unit), period="")).subjects[0]
    document = unit.document(unit.carrier(copy.id).document)
    assert (document.period, document.lifts) == ("20y", date(2046, 5, 2))


def test_copies_without_numbers_and_media_with_their_own_codes(unit: Unit) -> None:
    action = coming_in(unit, opened(unit), kind="optical", pages=None, copies=2, due_back=date(2026, 8, 1))
    lines = [
        Line(None, {"serial_no": "WD1", "foreign_code": "M0001"}),
        Line(None, {"serial_no": "WD2", "foreign_code": "M0002"}),
    ]
    discs = [unit.carrier(ref.id) for ref in unit.do(action, *lines).subjects]
    assert [(disc.copy_no, disc.serial_no, disc.foreign_code) for disc in discs] == [
        (None, "WD1", "M0001"), (None, "WD2", "M0002"),
    ]  # fmt: skip
    assert {disc.due for disc in discs} == {date(2026, 8, 1)}


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"level": "ts"}, "level_is_known"),
        ({"period": "soon"}, "period_is_readable"),
        ({"period": "21y"}, "received_period_is_allowed"),
        ({"caveats": ("NOFORN",)}, "caveats_are_known"),
        ({"issued": date(2027, 1, 1)}, "issued_before_it_came"),
        ({"first_copy": 5, "last_copy": 4}, "copy_numbers_make_sense"),
        ({"first_copy": 0}, "copy_numbers_make_sense"),
        ({"first_copy": 1, "last_copy": 99999}, "copy_numbers_make_sense"),
        ({"first_copy": 31, "copies_of": 30}, "copy_numbers_make_sense"),
        ({"copies": 0}, "copy_numbers_make_sense"),
        ({"pages": None}, "paper_has_pages"),
        ({"place": 3}, "place_protects_the_copies"),
        ({"custodian": "uncleared"}, "custodian_may_keep_it"),
        ({"scope_people": "uncleared"}, "people_in_scope_are_cleared"),
        ({"due_back": date(2026, 5, 1)}, "due_back_is_to_come"),
    ],
)
def test_what_is_not_registered_so(unit: Unit, answers: dict[str, Any], rule: str) -> None:
    if answers.get("custodian"):
        answers = {"custodian": unit.people[answers["custodian"]]}
    if answers.get("scope_people"):
        answers = {"scope_people": (unit.people[answers["scope_people"]],)}
    refusals = unit.why_not(coming_in(unit, opened(unit), **answers))
    assert set(refusals) == {rule}


def test_a_period_the_law_does_not_let_be_is_kept_as_it_was_written(unit: Unit) -> None:
    action = coming_in(unit, opened(unit), period="", as_written="机密★50年")
    row = unit.row("documents", unit.carrier(unit.do(action).subjects[0].id).document)
    assert row["period"] == "20y"
    assert unit.words(row["as_written"]) == "机密★50年"


def test_what_is_registered_comes_from_an_opened_envelope(unit: Unit) -> None:
    envelope = signed_for(unit)
    assert set(unit.why_not(coming_in(unit, envelope))) == {"envelope_is_open"}
    unit.do(OpenEnvelope(), envelope)
    unit.do(coming_in(unit, envelope, copies=2))
    unit.do(ReconcileEnvelope(counted=2), envelope)
    assert set(unit.why_not(coming_in(unit, envelope))) == {"envelope_is_open"}


def test_two_documents_of_one_envelope_have_two_control_numbers(unit: Unit) -> None:
    envelope = opened(unit)
    slip = unit.envelope(envelope.id).slip
    numbers = [unit.carrier(unit.do(coming_in(unit, envelope), slip=slip).subjects[0].id).number for _ in range(2)]
    assert numbers == ["CU-机-2026-0001", "CU-机-2026-0002"]


def test_a_receipt_is_as_secret_as_the_highest_of_its_lines(unit: Unit) -> None:
    envelope = opened(unit, level="mimi", items=3)
    slip = unit.envelope(envelope.id).slip
    for level, period in (("jimi", "10y"), ("mimi", "5y")):
        unit.do(coming_in(unit, envelope, level=level, period=period))
    assert unit.slip(slip).level == "jimi"


def test_further_copies_join_the_document_that_is_here(unit: Unit) -> None:
    first = unit.do(coming_in(unit, opened(unit), first_copy=3)).subjects[0].id
    document = unit.carrier(first).document
    envelope = opened(unit)

    def further(**answers: Any) -> RegisterFurther:
        given: dict[str, Any] = {"pages": 4, "place": unit.places["safe"], "document": document, **answers}
        return RegisterFurther(envelope=envelope.id, **given)

    assert set(unit.why_not(further(first_copy=2, last_copy=4))) == {"copy_is_not_here_yet"}
    unit.do(further(first_copy=4, last_copy=5))
    assert unit.document(document).copies_made == 3
    ours = further(document=unit.document_of())
    assert set(unit.why_not(ours)) == {"document_came_from_outside"}


# --- was it all --------------------------------------------------------------------------------------------------


def test_an_envelope_is_reconciled_when_listed_counted_and_registered_agree(unit: Unit) -> None:
    envelope = signed_for(unit)
    assert "envelope_is_opened" in unit.why_not(ReconcileEnvelope(counted=2), envelope)
    unit.do(OpenEnvelope(), envelope)
    unit.do(coming_in(unit, envelope))
    assert set(unit.why_not(ReconcileEnvelope(counted=1), envelope)) == {"counted_is_listed"}
    assert set(unit.why_not(ReconcileEnvelope(counted=2), envelope)) == {"counted_is_registered"}
    assert unit.why_not(ReconcileEnvelope(counted=2, unnumbered=1), envelope) == {}
    more = opened(unit, number="0418", items=1)
    unit.do(coming_in(unit, more, copies=3))
    assert set(unit.why_not(ReconcileEnvelope(counted=1, unnumbered=-2), more)) == {"counted_is_registered"}


def test_a_shortage_is_reported_by_two_and_settled_by_the_senders_answer(unit: Unit) -> None:
    envelope = opened(unit)
    slip = unit.envelope(envelope.id).slip
    assert slip is not None
    unit.do(coming_in(unit, envelope, first_copy=17))
    given: dict[str, Any] = {"expected": 2, "found": 1, "missing": "18", "request": "send copy 18"}
    alone = ReportDiscrepancy(second=unit.people["clerk"], **given)
    assert set(unit.why_not(alone, envelope)) == {"finders_are_two"}
    report = ReportDiscrepancy(second=unit.people["clerk2"], **given)
    assert set(unit.why_not(report, envelope)) == {"signature:second"}
    unit.do(report, envelope, signed={"second": "clerk2"})
    facts = unit.slip(slip).facts
    assert (facts["expected"], facts["found"], facts["missing"]) == (2, 1, "18")
    assert (facts["finder"], facts["second"]) == (unit.people["clerk"], unit.people["clerk2"])
    assert unit.words(facts["request"]) == "send copy 18"
    assert unit.slip(slip).is_open
    assert "envelope_is_opened" in unit.why_not(ReconcileEnvelope(counted=2), envelope)
    answer: dict[str, Any] = {"answer": "never sent", "reference": "M 9"}
    tomorrow = SettleDiscrepancy(answered=unit.today + timedelta(days=1), counted=1, **answer)
    assert set(unit.why_not(tomorrow, envelope)) == {"answered_by_today"}
    nothing_registered = SettleDiscrepancy(answered=unit.today, counted=2, **answer)
    assert set(unit.why_not(nothing_registered, envelope)) == {"counted_is_registered"}
    unit.do(SettleDiscrepancy(answered=unit.today, counted=1, **answer), envelope)
    assert unit.envelope(envelope.id).state is EnvelopeState.RECONCILED
    assert unit.slip(slip).state is SlipState.CLOSED
    assert "envelope_is_not_settled" in unit.why_not(report, envelope, signed={"second": "clerk2"})


def test_nothing_is_reported_that_does_not_differ(unit: Unit) -> None:
    report = ReportDiscrepancy(expected=2, found=2, second=unit.people["clerk2"])
    assert set(unit.why_not(report, opened(unit), signed={"second": "clerk2"})) == {"something_differs"}


def test_a_form_half_filled_is_judged_without_a_fault(unit: Unit) -> None:
    blank = dict.fromkeys(["envelope", "regime", "level", "title", "short_title", "originator", "place"])
    rules = {refusal.rule for refusal in unit.desk().refusals(RegisterReceived(**blank))}  # type: ignore[arg-type]
    assert rules == {"every_question_is_answered"}


# --- not for us ---


def test_an_envelope_for_somebody_else_goes_back_as_it_came(unit: Unit) -> None:
    receipt = unit.do(signing(seal="S-9", address="市学院路7号"))
    envelope, slip = receipt.subjects[0], receipt.slip
    assert slip is not None
    back = GiveBackUnopened(to="the courier", receipt="No. 88", seal="S-9")
    assert set(unit.why_not(replace(back, seal="S-8"), envelope)) == {"seal_is_the_one_signed_for"}
    early = unit.now - timedelta(hours=2)
    assert set(unit.why_not(back, envelope, happened=early)) == {"after_it_was_signed_for"}
    unit.do(back, envelope)
    assert unit.envelope(envelope.id).state is EnvelopeState.GIVEN_BACK
    closed = unit.slip(slip)
    assert (closed.state, closed.facts["back_receipt"]) == (SlipState.CLOSED, "No. 88")
    assert unit.words(closed.facts["given_to"]) == "the courier"
    assert unit.words(closed.facts["sender_address"]) == "市学院路7号"
    assert unit.row("slips", slip)["due"] is None
    for late in (OpenEnvelope(seal="S-9"), back):
        refused = unit.why_not(late, envelope)
        assert refused
        assert all(refusal.remedy for refusal in refused.values())
    again = signed_for(unit, level="mimi")
    assert unit.envelope(again.id).number == unit.envelope(envelope.id).number, "it may come again, rightly addressed"


def test_what_was_opened_does_not_go_back_as_if_it_had_not_been(unit: Unit) -> None:
    envelope = opened(unit)
    assert set(unit.why_not(GiveBackUnopened(to="the courier", receipt="No. 88"), envelope)) == {
        "envelope_lies_unopened"
    }
