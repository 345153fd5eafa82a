"""Every rule that an act names refuses something: each is provoked here where no test of its chapter does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.actions import CATALOGUE
from app.actions.accounts import ChangePassword, CloseAccount, OpenAccount, SignIn, SignOut
from app.actions.classifying import AmendProposal
from app.actions.corrections import CorrectDocument
from app.actions.custody import Lend
from app.actions.deciding import Approve, RefuseSlip
from app.actions.destroying import Destroy, SendToDestruction
from app.actions.destruction import ProposeDestruction, StrikeFromList
from app.actions.disposition import TransferToArchives
from app.actions.drafting import TakeNumber, UseNumber, VoidNumber
from app.actions.handover import ExplainDifference, OfferHandover, OpenHandover, WithdrawFromHandover
from app.actions.imports import BeginImport, BookCarrier, EndImport, ImportRows
from app.actions.intake import SignForEnvelope
from app.actions.labels import PrintLabels, VerifyLabel
from app.actions.making import FinishMaking
from app.actions.marking import Remark
from app.actions.office import AdoptRegime, ClearPerson, ClosePerson, ConfirmDate, GrantDuty, TakeDuty
from app.actions.papers import RecordExport
from app.actions.receiving import RegisterFurther, RegisterReceived
from app.actions.recovery import RecoverAccount, ReplaceRecovery, ResetPassword
from app.actions.taking_over import TakeOver
from app.actions.vouchers import CancelSlip, OpenSlip, Submit, SubmitDraft
from app.domain.action import Line, Ref, Subject
from app.forms.gathering import PRINTS
from tests.actions.life_acts import Life
from tests.actions.shelf import document_of, on_shelf
from tests.unit import Unit


def person(unit: Unit, name: str) -> Ref:
    return Ref(Subject.PERSON, unit.people[name])


def gone(unit: Unit, name: str) -> int:
    """Somebody who has left."""
    unit.do(ClosePerson(), person(unit, name), by="officer")
    return unit.people[name]


def lending(unit: Unit, **other: Any) -> Lend:
    return Lend(**({"borrower": unit.people["reader"], "due": unit.today} | other))


def lent(unit: Unit) -> int:
    carrier = on_shelf(unit, 1, level="mimi")[0]
    unit.do(lending(unit), carrier, slip=unit.approved(lending(unit), carrier))
    return carrier


# --- drafting and making ---


def test_a_proposal_made_again_is_judged_like_the_first(unit: Unit) -> None:
    document = unit.proposed("jimi", period="10y", by="drafter")
    slip = unit.document(document).slip
    assert slip is not None
    refusing = RefuseSlip(by=unit.people["authority"], reason="too long")
    unit.do(refusing, slip, by="authority")
    given: dict[str, Any] = {
        "regime": "cn-state", "level": "jimi", "period": "10y", "title": "Plan", "short_title": "Plan A",
        "scope_units": ("plans",), "basis": "item 3 of the list",
    }  # fmt: skip
    for wrong, rule in (
        ({"level": "ts"}, "level_is_known"),
        ({"period": "ten years"}, "period_is_readable"),
        ({"period": "21y"}, "period_is_allowed"),
        ({"period": ""}, "period_is_given"),
        ({"period": "long", "basis": " "}, "express_basis_is_named"),
        ({"basis": ""}, "basis_is_given"),
        ({"scope_units": ()}, "scope_is_given"),
        ({"scope_people": (unit.people["uncleared"],)}, "people_in_scope_are_cleared"),
        ({"caveats": ("NOFORN",)}, "caveats_are_known"),
        ({"drafter": unit.people["uncleared"]}, "drafter_may_touch_it"),
    ):
        assert rule in unit.why_not(AmendProposal(**(given | wrong)), document, by="drafter"), rule
    assert unit.why_not(AmendProposal(**given), document, by="drafter") == {}


def test_the_sign_of_state_secrets_stands_on_no_proposal_made_again_and_on_nothing_received(unit: Unit) -> None:
    document = unit.proposed("neibu", regime="cn-work")
    again = AmendProposal(
        regime="cn-work", level="neibu", title="机密★10年", short_title="Plan A", scope_units=("plans",)
    )
    assert "no_sign_of_another_regime" in unit.why_not(again, document, by="drafter")
    envelope = unit.envelope_of(regime="cn-work")
    received = RegisterReceived(
        envelope=envelope, regime="cn-work", level="neibu", title="机密★10年", short_title="C 5", originator="Ministry",
        pages=4, scope_units=("*",), place=unit.places["safe"],
    )  # fmt: skip
    assert "no_sign_of_another_regime" in unit.why_not(received)


def test_a_number_becomes_a_copy_by_every_rule_of_a_print_job(unit: Unit) -> None:
    number = unit.do(TakeNumber(document=unit.proposed())).subjects[0].id
    use = UseNumber(pages=3, place=unit.places["corridor"], custodian=unit.people["uncleared"])
    loan = unit.submitted(lending(unit), on_shelf(unit, 1, level="mimi")[0])
    refused = unit.why_not(use, number, slip=loan)
    rules = {"document_is_classified", "rests_on_its_own_slip", "place_protects", "custodian_is_cleared"}
    assert rules <= set(refused)


def test_nobody_makes_a_number_void_alone(unit: Unit) -> None:
    number = unit.do(TakeNumber(document=unit.document_of())).subjects[0].id
    assert "two_people_void" in unit.why_not(VoidNumber(reason="a slip", second=unit.people["clerk"]), number)


def test_nothing_that_is_out_gets_a_label(unit: Unit) -> None:
    carrier = lent(unit)
    assert "carrier_bears_a_label" in unit.why_not(PrintLabels(), carrier)
    assert "carrier_is_there" in unit.why_not(VerifyLabel(), Line(Ref(Subject.CARRIER, carrier), {"scanned": "C1"}))


def test_only_what_is_on_a_job_is_counted_out(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    finish = FinishMaking(place=unit.places["safe"], sheets=12)
    assert "copy_is_on_a_job" in unit.why_not(finish, Line(Ref(Subject.CARRIER, carrier), {"pages": 12}))


def test_further_copies_are_judged_like_the_first(unit: Unit) -> None:
    document = document_of(unit, unit.received()[0])
    channel = unit.desk().regimes()[0].channels()[0].value.code
    closed = SignForEnvelope(number="E 9", regime="cn-state", sender="Ministry", channel=channel, items=1)
    further = RegisterFurther(
        envelope=unit.do(closed).subjects[0].id, document=document, first_copy=9, last_copy=3,
        place=unit.places["corridor"], custodian=unit.people["uncleared"], due_back=unit.today - timedelta(days=1),
    )  # fmt: skip
    assert {"envelope_is_open", "paper_has_pages", "due_back_is_to_come"} <= set(unit.why_not(further))
    wrong = replace(further, first_copy=5, last_copy=5, copies_of=4)
    rules = {"copy_numbers_make_sense", "place_protects_the_copies", "custodian_may_keep_it"}
    assert rules <= set(unit.why_not(wrong))


# --- custody ---


def test_nobody_who_left_is_lent_anything_and_no_open_corridor_is_a_reading_room(unit: Unit) -> None:
    carrier = on_shelf(unit, 1, level="mimi")[0]
    lend = lending(unit, borrower=gone(unit, "reader2"), how="room", room=unit.places["corridor"])
    assert {"reader_is_here", "room_protects_enough"} <= set(unit.why_not(lend, carrier))


def handover(unit: Unit, **other: Any) -> OpenHandover:
    people = unit.people
    return OpenHandover(
        **(
            {
                "giver": people["clerk"],
                "receiver": people["clerk2"],
                "supervisor": people["leader"],
                "named_by": people["leader"],
            }
            | other
        )
    )


def test_without_a_running_handover_nothing_is_counted_in_one(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    for action in (OfferHandover(), ExplainDifference(explanation="in repair")):
        assert "handover_is_running" in unit.why_not(action, carrier)
    slip = unit.do(handover(unit), signed={"namer": "leader"}).subjects[0].id
    assert "giver_has_no_open_handover" in unit.why_not(handover(unit))
    unit.do(OfferHandover(), carrier, slip=slip)
    for last in (WithdrawFromHandover(), TakeOver()):
        assert "handover_is_running" in unit.why_not(last, carrier)


def test_a_commission_is_as_large_as_the_strictest_regime_asks(unit: Unit) -> None:
    text = unit.desk().regimes()[0].text
    of_two, of_three = "handover_commission = { value = 2", "handover_commission = { value = 3"
    assert of_two in text
    adopt = AdoptRegime(name="cn-state", version=2, text=text.replace(of_two, of_three))
    two = handover(unit, absent=True, commission=(unit.people["officer"], unit.people["archivist"]))
    unit.do(adopt, by="officer", signed={"adopter": "secadmin"})
    assert "absent_giver_has_a_commission" in unit.why_not(two)
    assert unit.why_not(replace(two, commission=(*two.commission, unit.people["chief"]))) == {}


def test_in_an_absent_givers_count_each_line_names_its_seal(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    commission = (unit.people["officer"], unit.people["archivist"])
    absent = handover(unit, absent=True, commission=commission)
    slip = unit.do(absent, signed={"namer": "leader"}).subjects[0].id
    assert "container_seal_is_known" in unit.why_not(OfferHandover(), carrier, slip=slip)


# --- slips ---


def test_what_a_slip_may_hold(unit: Unit) -> None:
    first, second = on_shelf(unit, 2, level="juemi")
    foreign = on_shelf(unit, 1, level="s", regime="us-dod")[0]
    out = lent(unit)
    mixed = [{"carrier": first}, {"carrier": foreign}]
    assert "lines_share_a_regime" in unit.why_not(Submit(slip="loan", act="lend", lines_given=mixed))
    post = {"channel": "exchange_station"}
    parcel = Submit(slip="parcel", act="dispatch", given=post, lines_given=[{"carrier": first}])
    assert "channel_will_allow_the_level" in unit.why_not(parcel)

    draft = unit.do(OpenSlip(slip="filing", act="file_to_archive")).subjects[0].id
    held = Submit(slip="filing", act="file_to_archive", approval="archive_file", lines_given=[{"carrier": second}])
    unit.do(held)
    for lines, rule in (
        (mixed, "lines_share_a_regime"),
        ([{"carrier": first}, {"carrier": first}], "no_line_twice"),
        ([{"carrier": second}], "lines_are_free"),
        ([{"carrier": out}], "lines_are_where_it_begins"),
    ):
        assert rule in unit.why_not(SubmitDraft(approval="archive_file", lines_given=lines), draft), rule
    send = SubmitDraft(approval="archive_file", lines_given=[{"carrier": first}])
    assert unit.why_not(send, draft) == {}
    assert "slip_is_a_draft" in unit.why_not(send, draft)


def test_who_decides_a_slip_and_when(unit: Unit) -> None:
    carrier = on_shelf(unit, 1, level="mimi")[0]
    slip = unit.submitted(lending(unit), carrier)
    left = gone(unit, "boss")
    for decide in (lambda by: Approve(by=by), lambda by: RefuseSlip(by=by, reason="no")):
        assert "decider_has_the_role" in unit.why_not(decide(unit.people["archivist"]), slip, by="archivist")
        assert "decider_is_here" in unit.why_not(decide(left), slip)
        assert "signature:approver" in unit.why_not(decide(unit.people["leader"]), slip)
    refused = unit.submitted(lending(unit), carrier)
    unit.do(RefuseSlip(by=unit.people["leader"], reason="no"), refused, by="leader")
    assert "slip_is_open" in unit.why_not(CancelSlip(reason="no more"), refused)
    unit.decide(slip)
    for late in (Approve(by=unit.people["leader"]), RefuseSlip(by=unit.people["leader"], reason="no")):
        assert "slip_waits_for_approval" in unit.why_not(late, slip, by="leader")


# --- the office ---


def test_duties_and_clearances(unit: Unit) -> None:
    reader, clerk = person(unit, "reader"), person(unit, "clerk")
    two = {"administrator": "secadmin"}
    unknown = ClearPerson(regime="cn-state", level="ts")
    assert "level_is_known" in unit.why_not(unknown, reader, by="officer")
    grant = GrantDuty(duty="auditor")
    assert "duties_may_lie_together" in unit.why_not(grant, clerk, by="sysadmin", signed=two)
    assert "signature:administrator" in unit.why_not(grant, reader, by="sysadmin")
    take = TakeDuty(duty="registry_clerk")
    assert "duty_is_held" in unit.why_not(take, reader, by="sysadmin", signed=two)
    assert "signature:administrator" in unit.why_not(take, clerk, by="sysadmin")


def test_nobody_leaves_twice_or_with_anything_in_their_name(unit: Unit) -> None:
    lent(unit)
    assert "nothing_is_in_the_persons_name" in unit.why_not(ClosePerson(), person(unit, "reader"), by="officer")
    gone(unit, "reader2")
    assert "person_is_here" in unit.why_not(ClosePerson(), person(unit, "reader2"), by="officer")


def test_nobody_adopts_a_regime_alone(unit: Unit) -> None:
    adopt = AdoptRegime(name="cn-state", version=2, text=unit.desk().regimes()[0].text)
    assert "signature:adopter" in unit.why_not(adopt, by="officer")


def test_accounts_are_ones_own_and_their_keys_follow_each_other(unit: Unit) -> None:
    opened = [
        unit.do(OpenAccount(login=name, person=unit.people[name]), by="sysadmin").subjects[0]
        for name in ("clerk", "reader")
    ]
    own, other = opened
    two = {"administrator": "secadmin"}
    for action in (SignIn(), SignOut(), ChangePassword(generation=2), RecoverAccount(generation=2)):
        assert "account_is_ones_own" in unit.why_not(action, other)
    assert "generation_is_the_next" in unit.why_not(ChangePassword(generation=5), own)
    assert "generation_is_the_next" in unit.why_not(RecoverAccount(generation=1), own)
    yesterday = ConfirmDate(today=unit.today - timedelta(days=1))
    register = Ref(Subject.REGISTER, 1)
    assert "date_is_todays" in unit.why_not(yesterday, register, by="reader", signed={"witness": "clerk"})
    reset = ResetPassword(generation=3)
    assert "generation_follows" in unit.why_not(reset, other, by="sysadmin", signed=two)
    unit.do(OpenAccount(login="sysadmin", person=unit.people["sysadmin"]), by="sysadmin")
    unit.do(OpenAccount(login="secadmin", person=unit.people["secadmin"]), by="sysadmin")
    unit.do(CloseAccount(), other, by="sysadmin")
    closed = unit.why_not(replace(reset, generation=2), other, by="sysadmin", signed=two)
    assert "account_is_open" in closed
    assert "account_is_open" in unit.why_not(RecoverAccount(generation=2), other, by="reader")
    sheet = ReplaceRecovery(generation=7)
    assert "sheet_follows" in unit.why_not(sheet, Ref(Subject.REGISTER, 1), by="sysadmin", signed=two)


def test_an_import_is_added_to_while_it_is_open_and_takes_no_number_twice(unit: Unit) -> None:
    book = unit.do(BeginImport(digest="d", name="book.xlsx")).subjects[0]
    taken = unit.carrier(on_shelf(unit, 1)[0])
    line = BookCarrier(document=taken.document, level="jimi", state=taken.state, number=taken.number)
    rows = ImportRows(regime="cn-state", carriers=(line,))
    assert "numbers_are_free" in unit.why_not(rows, book)
    end = EndImport(read=0, registered=0, identical=0, differing=0, rejected=0)
    unit.do(end, book)
    for late in (rows, end):
        assert "import_is_open" in unit.why_not(late, book)


def test_an_export_counts_what_leaves(unit: Unit) -> None:
    assert "rows_are_counted" in unit.why_not(RecordExport(view="carriers", rows=-1), Ref(Subject.REGISTER, 1))


# --- the end ---


def test_nothing_is_handed_to_the_archives_under_an_old_mark(unit: Unit) -> None:
    life = Life(unit)
    carrier = life.carrier("archived")
    life.perform(life.ready("change_level", of=unit.carrier(carrier).document, period="4y"))
    deed = TransferToArchives(receiver="the archives", received_by="Qian", deed="Deed 1")
    line = Line(Ref(Subject.CARRIER, carrier), {"review": "secret"})
    assert "mark_is_up_to_date" in unit.why_not(deed, line, by="archivist")


def test_what_is_on_no_list_is_neither_sent_nor_destroyed(unit: Unit) -> None:
    carrier, people = Life(unit).carrier("pend_dest"), unit.people
    send = SendToDestruction(escorts=(people["courier"], people["courier2"]))
    burn = Destroy(
        reason="old", method="burning", destroyer=people["clerk2"], witnesses=(people["witness"], people["officer"]),
        seals="none",
    )  # fmt: skip
    loan = unit.approved(lending(unit), on_shelf(unit, 1, level="mimi")[0])
    for action in (send, burn):
        assert "list_is_approved" in unit.why_not(action, carrier)
        assert "stands_on_the_list" in unit.why_not(action, carrier, slip=loan)
    assert "route_was_decided" in unit.why_not(burn, carrier, slip=loan)


def test_only_what_waits_on_an_approved_list_is_struck_from_it(unit: Unit) -> None:
    carrier, strike = Life(unit).carrier("pend_dest"), StrikeFromList(reason="kept after all")
    other = on_shelf(unit, 1, level="mimi")[0]
    assert "line_is_not_bagged" in unit.why_not(strike, other, slip=unit.carrier(carrier).slip)
    propose = ProposeDestruction(reason="old")
    ticks = Line(Ref(Subject.CARRIER, other), {"no_recall": True, "record_kept": True})
    slip = unit.do(propose, ticks, by="clerk2").slip
    assert "list_is_approved" in unit.why_not(strike, other, slip=slip)


def test_what_has_ended_is_not_marked(unit: Unit) -> None:
    assert "carrier_can_be_marked" in unit.why_not(Remark(), Life(unit).carrier("void"))


def test_a_document_is_corrected_by_every_rule_of_a_carrier(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, 1)[0])
    given = {"what": "title", "old": "plan", "new": "work plan", "reason": "typing", "second": unit.people["clerk2"]}
    signed = {"second_clerk": "clerk2"}
    refused = unit.why_not(CorrectDocument(**given), document)
    assert {"correction_points_at_its_entry", "signature:second_clerk"} <= set(refused)
    for wrong, rule in (
        ({"what": "level"}, "field_may_be_corrected"),
        ({"old": "plain"}, "old_value_is_what_the_book_says"),
        ({"new": "plan"}, "new_value_is_another"),
    ):
        assert rule in unit.why_not(CorrectDocument(**(given | wrong)), document, signed=signed), rule


# --- the paper an act hands over ---


@pytest.mark.parametrize(
    ("act", "forms"),
    [
        ("propose_classification", {"classification_slip"}),
        ("print_labels", {"carrier_labels"}),
        ("print_copies", {"cover_sheet"}),
        ("report_discrepancy", {"discrepancy_notice"}),
        ("copy_carrier", {"copy_approval"}),
        ("dispatch", {"delivery_list", "envelope_labels"}),
        ("send_tracer", {"tracer"}),
        ("lend", {"loan_slip"}),
        ("take_over", {"handover_list"}),
        ("take_over_uncounted", {"handover_list"}),
        ("file_to_archive", {"archive_list"}),
        ("transfer_to_archives", {"archive_deed"}),
        ("destroy", {"destruction_certificate"}),
    ],
)
def test_each_act_hands_over_its_paper(act: str, forms: set[str]) -> None:
    """domain.md 4: one path through each chapter ends on its form."""
    assert set(CATALOGUE[act].prints) == forms
    assert forms <= PRINTS.keys()
