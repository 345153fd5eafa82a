"""What an approval covers, on what an act may rest, and who may send, decide or give up a slip."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.actions.copying import CopyCarrier
from app.actions.custody import Lend, ReturnLoan
from app.actions.deciding import Approve, RefuseSlip
from app.actions.handover import OfferHandover, OpenHandover
from app.actions.intake import SignForEnvelope
from app.actions.office import AdoptRegime, GrantDuty
from app.actions.papers import SignOnPaper
from app.actions.taking_over import TakeOver
from app.actions.voiding import VoidDraft
from app.actions.vouchers import CancelSlip, OpenSlip, Submit, SubmitDraft
from app.domain.action import Authority, Line, Ref, Signature, Subject
from app.domain.carrier import State
from app.domain.regime import load_regime
from app.domain.slip import SlipState
from app.domain.words import Term
from app.services.founding import shipped_regime
from app.services.offers import usual_answers
from tests.services.simple import bring
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path):
    found = Unit(tmp_path / "book")
    yield found
    found.close()


def lending(unit: Unit, **other) -> Lend:
    return Lend(borrower=unit.people["reader"], due=unit.today, **other)


def test_an_application_that_names_nobody_approves_no_loan(unit):
    carrier = bring(unit)[0]
    lend = lending(unit)
    slip = unit.approved(lend, carrier, leave_out=("borrower", "due"))
    assert unit.why_not(lend, carrier, slip=slip)
    assert unit.why_not(lend, carrier, slip=unit.approved(lend, carrier)) == {}


def test_an_approval_serves_once(unit):
    carriers = bring(unit, copies=2)
    lend = lending(unit)
    slip = unit.approved(lend, *carriers)
    unit.do(lend, *carriers, slip=slip)
    back = Line(Ref(Subject.CARRIER, carriers[0]), {"pages": unit.carrier(carriers[0]).pages})
    unit.do(ReturnLoan(), back)
    assert "is_approved" in unit.why_not(lend, carriers[0], slip=slip)


def test_what_of_a_loan_was_never_fetched_is_given_up(unit):
    fetched, left = bring(unit, copies=2)
    lend = lending(unit)
    slip = unit.approved(lend, fetched, left)
    unit.do(lend, fetched, slip=slip)
    assert "nothing_was_carried_out" in unit.why_not(CancelSlip(reason="not wanted"), slip)
    unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, fetched), {"pages": unit.carrier(fetched).pages}))
    unit.do(CancelSlip(reason="not wanted"), slip)
    statuses = {line["carrier"]: line["status"] for line in unit.slip_lines(slip).values()}
    assert (unit.slip(slip).state, statuses) == (SlipState.CLOSED, {fetched: "returned", left: "struck"})
    assert "is_approved" in unit.why_not(lend, left, slip=slip)


def test_no_act_rests_on_a_slip_that_is_closed_or_of_another_kind(unit):
    first, second = bring(unit, copies=2)
    lend = lending(unit)
    slip = unit.approved(lend, first)
    unit.do(lend, first, slip=slip)
    unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, first), {"pages": unit.carrier(first).pages}))
    assert "its_slip_is_open" in unit.why_not(lend, second, slip=slip)


def test_nobody_approves_what_is_lent_to_them(unit):
    carrier = bring(unit)[0]
    lend = replace(lending(unit), borrower=unit.people["leader"])
    slip = unit.submitted(lend, carrier, by="clerk")
    assert "nobody_approves_their_own" in unit.why_not(Approve(by=unit.people["leader"]), slip, by="leader")


def test_who_has_decided_one_step_does_not_decide_the_next(unit):
    """At 机密 a department leader and the unit leader decide; the unit leader could sign for both alone."""
    carrier = bring(unit, level="jimi")[0]
    slip, chief = unit.submitted(lending(unit), carrier, by="clerk"), unit.people["chief"]
    unit.do(Approve(by=chief), slip, by="chief")
    (refused,) = unit.why_not(Approve(by=chief), slip, by="chief").values()
    assert (refused.rule, refused.field) == ("steps_are_decided_by_different_people", "by")
    assert (bool(refused.citation), refused.verified) == (True, False)
    assert refused.remedy is not None
    assert refused.remedy.values["role"] == Term("主管领导", "unit leader"), "as the regime calls it, in both languages"
    assert not unit.why_not(RefuseSlip(by=chief, reason="after all"), slip, by="chief")
    again = unit.submitted(lending(unit), bring(unit, level="jimi")[0], by="clerk")
    unit.do(Approve(by=chief), again, by="chief")
    assert not unit.why_not(Approve(by=unit.people["boss"]), again, by="boss")


def test_who_is_signed_in_is_proposed_as_decider_only_where_it_is_for_them(unit):
    slip = unit.submitted(lending(unit), bring(unit, level="jimi")[0], by="clerk")

    def proposed(name: str, on: int) -> int | None:
        return usual_answers(unit.desk(name), Approve, [Line(Ref(Subject.SLIP, on))], {}).get("by")

    assert [proposed(name, slip) for name in ("leader", "drafter", "clerk")] == [unit.people["leader"], None, None]
    unit.decide(slip, times=1)
    assert [proposed(name, slip) for name in ("leader", "chief")] == [None, unit.people["chief"]]
    unit.decide(slip)
    assert proposed("chief", slip) is None
    own = unit.submitted(lending(unit), bring(unit, level="jimi")[0], by="leader")
    assert proposed("leader", own) is None, "it is their own request"


def test_who_entered_a_consent_from_outside_may_decide_their_own_step(unit):
    """The number of the originator's consent is no decision of whoever keeps the paper."""
    two = {"administrator": "secadmin"}
    unit.do(GrantDuty(duty="registry_clerk"), unit.people["chief"], by="sysadmin", signed=two)
    original = bring(unit, level="juemi")[0]
    copy = CopyCarrier(original=original, copies=1, reason="for the meeting", place=unit.places["safe"],
                       recipients=(unit.people["reader"],))  # fmt: skip
    slip, chief = unit.submitted(copy), unit.people["chief"]
    unit.do(Approve(by=chief, consent="No. 4", consented=unit.today), slip, by="chief")
    assert not unit.why_not(Approve(by=chief), slip, by="chief")


def test_a_regime_may_let_one_person_decide_both_steps(unit):
    text = unit.desk().regimes()[0].text
    one = text.replace("approvers_distinct = { value = true", "approvers_distinct = { value = false")
    assert one != text
    unit.do(AdoptRegime(name="cn-state", version=2, text=one), by="officer", signed={"adopter": "secadmin"})
    slip = unit.submitted(lending(unit), bring(unit, level="jimi")[0], by="clerk")
    unit.do(Approve(by=unit.people["chief"]), slip, by="chief")
    assert not unit.why_not(Approve(by=unit.people["chief"]), slip, by="chief")


def test_a_regime_adopted_before_it_was_asked_wants_two_people():
    text = shipped_regime("cn-state").text
    old = "\n".join(line for line in text.splitlines() if not line.startswith("approvers_distinct"))
    assert load_regime(old, "old").approvers_distinct().value


@pytest.mark.parametrize("decide", [Approve, lambda **given: RefuseSlip(reason="no", **given)])
def test_who_applies_enters_no_decision_on_paper(unit, decide):
    slip = unit.submitted(lending(unit), bring(unit)[0], by="drafter")
    on_paper = decide(by=unit.people["leader"], how="paper")
    assert "paper_is_entered_by_the_registry" in unit.why_not(on_paper, slip, by="drafter")
    assert unit.why_not(on_paper, slip, by="clerk2") == {}


def test_who_submits_a_draft_of_another_does_not_decide_it(unit):
    carrier = bring(unit)[0]
    draft = OpenSlip(slip="destruction", act="propose_destruction", given={"reason": "no longer needed"})
    slip = unit.do(draft).subjects[0].id
    line = {"carrier": carrier, "no_recall": True, "record_kept": True}
    unit.do(SubmitDraft(approval="destroy", lines_given=[line]), slip, by="officer")
    own = Approve(by=unit.people["officer"])
    assert set(unit.why_not(own, slip, by="officer")) == {"nobody_approves_their_own"}


def test_a_slip_is_given_up_by_its_opener_or_the_registry_alone(unit):
    slip = unit.submitted(lending(unit), bring(unit)[0], by="drafter")
    cancel = CancelSlip(reason="no more")
    assert "slip_is_ones_own" in unit.why_not(cancel, slip, by="stranger")
    assert unit.why_not(cancel, slip, by="drafter") == {}


def test_a_draft_is_sent_by_its_opener_or_the_registry_alone(unit):
    carrier = bring(unit)[0]
    slip = unit.do(OpenSlip(slip="loan", act="lend")).subjects[0].id
    send = SubmitDraft(approval="loan", lines_given=[{"carrier": carrier}])
    assert "slip_is_ones_own" in unit.why_not(send, slip, by="stranger")
    assert unit.why_not(send, slip) == {}


def test_the_receipt_of_an_envelope_is_not_given_up(unit):
    signed = SignForEnvelope(
        number="E 7", regime="cn-state", level="jimi", sender="ministry", channel="confidential_communication", items=1
    )
    if unit.why_not(signed):
        signed = replace(signed, channel=unit.desk().regimes()[0].channels()[0].value.code)
    slip = unit.do(signed).slip
    assert "it_stands_for_no_envelope" in unit.why_not(CancelSlip(reason="no"), slip)


def test_a_job_with_copies_half_made_is_not_given_up(unit):
    slip = unit.carrier(unit.making(unit.document_of(), 2)[0]).slip
    assert "nothing_was_carried_out" in unit.why_not(CancelSlip(reason="no"), slip)


def test_nothing_is_held_by_an_application_that_could_not_be_carried_out(unit):
    carrier = bring(unit)[0]
    lend = lending(unit)
    unit.do(lend, carrier, slip=unit.approved(lend, carrier))
    for kind, act in (("filing", "file_to_archive"), ("destruction", "destroy")):
        applied = Submit(slip=kind, act=act, lines_given=[{"carrier": carrier}])
        assert "lines_are_where_it_begins" in unit.why_not(applied)


def test_a_line_is_applied_for_as_waiting_whatever_it_says(unit):
    carrier = bring(unit)[0]
    slip = unit.do(Submit(slip="loan", act="lend", lines_given=[{"carrier": carrier, "status": "destroyed"}])).slip
    status = unit.desk().read(
        lambda connection: connection.exec_driver_sql("SELECT status FROM slip_lines WHERE slip = ?", (slip,)).scalar()
    )
    assert status == "listed"


def running_handover(unit: Unit, *carriers: int) -> int:
    people = unit.people
    opened = OpenHandover(
        giver=people["clerk"], receiver=people["clerk2"], supervisor=people["officer"], named_by=people["leader"]
    )
    slip = unit.do(opened, signed={"namer": "leader"}).subjects[0].id
    unit.do(OfferHandover(), *carriers, slip=slip)
    return slip


def test_a_handover_closes_with_everything_that_was_counted(unit):
    first, second = bring(unit, copies=2)
    slip = running_handover(unit, first, second)
    signed = {"giver": "clerk", "receiver": "clerk2", "supervisor": "officer"}
    assert set(unit.why_not(TakeOver(), first, slip=slip, signed=signed)) == {"all_that_was_counted_is_named"}
    unit.do(TakeOver(), first, second, slip=slip, signed=signed)
    assert {unit.carrier(each).state for each in (first, second)} == {State.IN_STOCK}


def test_both_of_a_commission_stand_on_the_handover(unit):
    carrier = bring(unit)[0]
    people = unit.people
    slip = unit.do(
        OpenHandover(
            giver=people["clerk"], receiver=people["clerk2"], supervisor=people["officer"], absent=True,
            commission=(people["leader"], people["chief"]), named_by=people["leader"],
        ),
        signed={"namer": "leader"},
    ).subjects[0].id  # fmt: skip
    unit.do(OfferHandover(), Line(Ref(Subject.CARRIER, carrier), {"seal": "F-1"}), slip=slip)
    names = ("leader", "giver"), ("chief", "giver"), ("clerk2", "receiver"), ("officer", "supervisor")
    signatures = tuple(Signature(people[name], role) for name, role in names)
    unit.desk().perform(TakeOver(), [carrier], Authority(slip=slip, signatures=signatures))
    signed = unit.slip(slip).signed
    assert {signed["giver"]["person"], signed["giver_2"]["person"]} == {people["leader"], people["chief"]}


def test_a_signature_on_paper_writes_over_no_other_and_belongs_to_its_slip(unit):
    carriers = bring(unit, copies=2)
    slip = running_handover(unit, *carriers)
    unit.do(SignOnPaper(role="giver", person=unit.people["clerk"]), slip)
    again = SignOnPaper(role="giver", person=unit.people["reader"])
    assert set(unit.why_not(again, slip)) == {"role_is_unsigned"}
    foreign = SignOnPaper(role="receiver", person=unit.people["clerk2"], paper=99)
    assert set(unit.why_not(foreign, slip)) == {"paper_is_of_this_slip"}


def test_what_lies_in_a_running_handover_for_days_still_closes(unit):
    carrier = bring(unit)[0]
    slip = running_handover(unit, carrier)
    unit.now += timedelta(days=2)
    signed = {"giver": "clerk", "receiver": "clerk2", "supervisor": "officer"}
    assert unit.why_not(TakeOver(), carrier, slip=slip, signed=signed) == {}


@pytest.mark.parametrize(
    ("regime", "level", "caveat"), [("us-dod", "s", "NODIS"), ("cn-state", "mimi", "NAMED_READERS")]
)
def test_what_only_named_readers_may_read_is_lent_to_no_department(unit, regime, level, caveat):
    reader, other = unit.people["reader"], unit.people["reader2"]
    carrier = unit.received(
        regime=regime, level=level, caveats=(caveat,), scope_units=("*", "plans"), scope_people=(reader,), period=""
    )[0]
    assert "reader_is_in_scope" in unit.why_not(replace(lending(unit), borrower=other), carrier)
    assert "reader_is_in_scope" not in unit.why_not(lending(unit), carrier)


def asking_at_the_seat(unit, act):
    text = unit.desk().regimes()[0].text
    asking = text.replace("seat_signatures = { value = [", f'seat_signatures = {{ value = ["{act}", ')
    assert asking != text
    unit.do(AdoptRegime(name="cn-state", version=2, text=asking), by="officer", signed={"adopter": "secadmin"})


@pytest.mark.parametrize("decide", [Approve, lambda **given: RefuseSlip(reason="no", **given)])
def test_a_regime_may_ask_that_its_leaders_decide_at_the_seat(unit, decide):
    asking_at_the_seat(unit, "approve")
    slip = unit.submitted(lending(unit), bring(unit)[0], by="drafter")
    (refused,) = unit.why_not(decide(by=unit.people["leader"], how="paper"), slip, by="clerk2").values()
    assert (refused.rule, refused.field, refused.citation) == ("decided_where_the_regime_says", "how", "惯例(待确认)")
    assert unit.why_not(decide(by=unit.people["leader"]), slip, by="leader") == {}


def test_a_signature_on_paper_is_none_where_the_regime_asks_for_the_own_password(unit):
    carrier = unit.making(unit.document_of(), pages=4)[0]
    void = VoidDraft(reason="smeared", second=unit.people["clerk2"], waste_by=unit.people["clerk"])
    slip = unit.approved(void, carrier)

    def signed(how):
        signature = Signature(unit.people["clerk2"], "second", how)
        return [
            each.rule for each in unit.desk().refusals(void, [carrier], Authority(slip=slip, signatures=(signature,)))
        ]

    assert signed("paper") == ["signature:second"]
    assert signed("seat") == []
    text = unit.desk().regimes()[0].text
    lenient = text.replace('"correct", "void", "void_import"', '"correct", "void_import"')
    assert lenient != text
    unit.do(AdoptRegime(name="cn-state", version=2, text=lenient), by="officer", signed={"adopter": "secadmin"})
    assert signed("paper") == ["signature:second"], "no paper came back"
    unit.do(SignOnPaper(role="second", person=unit.people["clerk"]), slip)
    assert signed("paper") == ["signature:second"], "somebody else signed it"
    unit.do(SignOnPaper(role="second_2", person=unit.people["clerk2"]), slip)
    assert signed("paper") == []
