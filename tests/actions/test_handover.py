"""A charge is handed over whole: whoever takes it may have it, and nothing is left behind between two names."""

from datetime import timedelta
from typing import Any

import pytest

from app.actions.custody import Lend, ReturnLoan
from app.actions.destruction import Unbag
from app.actions.disposition import FileToArchive
from app.actions.handover import ExplainDifference, OfferHandover, OpenHandover, WithdrawFromHandover
from app.actions.intake import SignForEnvelope
from app.actions.office import AdoptRegime, ClearPerson, ClosePerson
from app.actions.reconciling import GiveBackUnopened
from app.actions.taking_over import TakeOver, TakeOverUncounted
from app.actions.vouchers import Submit
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import State
from app.domain.slip import SlipState, unsigned_roles
from app.services import slips
from app.store import reads
from tests.actions.shelf import on_shelf
from tests.actions.test_destruction import approved, bag
from tests.unit import Unit

NAMED = {"namer": "leader"}
SIGNED = {"giver": "clerk", "receiver": "clerk2", "supervisor": "leader"}


def handover(unit: Unit, **other: Any) -> OpenHandover:
    people = unit.people
    parties = {"giver": people["clerk"], "receiver": people["clerk2"], "supervisor": people["leader"]}
    parties["named_by"] = people["leader"]
    return OpenHandover(**(parties | other))


def opened(unit: Unit, **other: Any) -> int:
    return unit.do(handover(unit, **other), signed=NAMED).subjects[0].id


def lent(unit: Unit, carrier: int) -> int:
    lend = Lend(borrower=unit.people["reader"], due=unit.today + timedelta(days=3))
    slip = unit.approved(lend, carrier)
    unit.do(lend, carrier, slip=slip)
    return slip


def came_back(unit: Unit, carrier: int) -> None:
    unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, carrier), {"pages": 12}))


def person(unit: Unit, name: str) -> Ref:
    return Ref(Subject.PERSON, unit.people[name])


# --- who may take it ---------------------------------------------------------------------------------------------


def test_who_is_not_cleared_takes_no_charge_over(unit: Unit) -> None:
    uncleared = unit.people["uncleared"]
    assert unit.why_not(handover(unit, receiver=uncleared, giver=unit.people["reader"])) == {}  # there is nothing on it
    on_shelf(unit, 1)
    refused = unit.why_not(handover(unit, receiver=uncleared))
    assert refused["who_takes_or_opens_it_is_cleared"].field == "receiver"
    commission = (unit.people["officer"], uncleared)
    refused = unit.why_not(handover(unit, absent=True, commission=commission))
    assert refused["who_takes_or_opens_it_is_cleared"].field == "commission"


def test_clearance_is_asked_for_the_highest_level_of_every_regime(unit: Unit) -> None:
    on_shelf(unit, 1, "mimi")
    on_shelf(unit, 1, "juemi")
    on_shelf(unit, 1, "s", "us-dod")
    lower = ClearPerson(regime="us-dod", level="c")
    unit.do(lower, person(unit, "clerk2"), by="officer")
    assert set(unit.why_not(handover(unit), signed=NAMED)) == {"who_takes_or_opens_it_is_cleared"}
    unit.do(ClearPerson(regime="us-dod", level="s"), person(unit, "clerk2"), by="officer")
    unit.do(ClearPerson(regime="cn-state", level="jimi"), person(unit, "clerk2"), by="officer")
    assert set(unit.why_not(handover(unit), signed=NAMED)) == {"who_takes_or_opens_it_is_cleared"}


def test_who_has_left_takes_nothing_over_and_watches_nothing(unit: Unit) -> None:
    unit.do(ClosePerson(), person(unit, "reader2"), by="officer")
    gone = unit.people["reader2"]
    for field, named in (("receiver", gone), ("supervisor", gone)):
        assert unit.why_not(handover(unit, **{field: named}))["parties_are_here"].field == field


@pytest.mark.parametrize(
    "lapse", [ClosePerson(), ClearPerson(regime="cn-state", level="mimi")], ids=["left", "cleared for less"]
)
def test_receiver_is_judged_again_when_the_charge_passes(unit: Unit, lapse: ClosePerson | ClearPerson) -> None:
    carrier = on_shelf(unit, 1)[0]
    slip = opened(unit, receiver=unit.people["reader2"])
    unit.do(OfferHandover(), carrier, slip=slip)
    unit.do(lapse, person(unit, "reader2"), by="officer")
    refused = unit.why_not(TakeOver(), carrier, slip=slip, signed=SIGNED | {"receiver": "reader2"})
    assert set(refused) == {"receiver_is_still_here_and_cleared"}


def test_the_supervisor_is_named_by_a_leader_who_takes_no_part(unit: Unit) -> None:
    """T29: the leader names who watches; giver and receiver choose nobody for themselves."""
    on_shelf(unit, 1)
    for named, by in ((None, "clerk"), ("officer", "clerk"), ("leader", "clerk")):
        number = unit.people[named] if named else None
        receiver = unit.people["leader" if named == "leader" else "clerk2"]
        tried = handover(unit, named_by=number, receiver=receiver, supervisor=unit.people["officer"])
        (refused,) = unit.why_not(tried, by=by, signed={"namer": named} if named else {}).values()
        assert (refused.rule, refused.field) == ("supervisor_is_named_by_a_leader", "named_by")
        assert (refused.citation, bool(refused.remedy)) == ("惯例(待确认)", True)
    assert set(unit.why_not(handover(unit))) == {"signature:namer"}
    assert unit.why_not(handover(unit), signed=NAMED) == {}


def test_a_third_person_watches_where_the_regime_asks_for_one(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    (refused,) = unit.why_not(handover(unit, supervisor=None)).values()
    assert (refused.rule, refused.field, refused.citation, bool(refused.remedy)) == (
        "a_third_person_watches", "supervisor", "监交人在场(惯例, 待确认)", True
    )  # fmt: skip
    text = unit.desk().regimes()[0].text
    asked = "handover_supervisor = { value = true"
    assert asked in text
    two = AdoptRegime(name="cn-state", version=2, text=text.replace(asked, asked.replace("true", "false")))
    unit.do(two, by="officer", signed={"adopter": "secadmin"})
    slip = unit.do(handover(unit, supervisor=None, named_by=None)).subjects[0].id
    unit.do(OfferHandover(), carrier, slip=slip)
    both = {"giver": "clerk", "receiver": "clerk2"}
    unit.do(TakeOver(), carrier, slip=slip, signed=both)
    assert unit.carrier(carrier).custodian == unit.people["clerk2"]
    assert unsigned_roles(unit.slip(slip)) == ()


def test_a_written_order_names_the_supervisor_when_neither_party_enters_it(unit: Unit) -> None:
    on_shelf(unit, 1)
    ordered = handover(unit, order="保密办〔2026〕3号")
    assert set(unit.why_not(ordered)) == {"signature:namer"}, "the giver sits at the desk"
    slip = unit.do(ordered, by="officer").subjects[0].id
    assert unit.slip(slip).facts["named_by"] == unit.people["leader"]
    assert unit.slip(slip).facts["order"] == "保密办〔2026〕3号"


def test_where_the_regime_asks_nobody_the_supervisor_is_simply_chosen(unit: Unit) -> None:
    text = unit.desk().regimes()[0].text
    row = '"change_custody", "hand_over", "void_draft"'
    assert row in text
    free = text.replace(row, '"change_custody", "void_draft"') + (
        '\n[[approvals]]\nactions = ["hand_over"]\nlevels = ["juemi", "jimi", "mimi"]\nroute = []\n'
        'source = "本单位规定"\nverified = true\n'
    )
    unit.do(AdoptRegime(name="cn-state", version=2, text=free), by="officer", signed={"adopter": "secadmin"})
    on_shelf(unit, 1)
    assert unit.why_not(handover(unit, named_by=None)) == {}


# --- nothing is left behind --------------------------------------------------------------------------------------


def test_what_comes_back_while_the_list_is_open_is_counted_too(unit: Unit) -> None:
    away, here = on_shelf(unit, 2)
    lent(unit, away)
    slip = opened(unit)
    unit.do(OfferHandover(), here, slip=slip)
    came_back(unit, away)
    assert set(unit.why_not(TakeOver(), here, slip=slip, signed=SIGNED)) == {"every_line_is_settled"}
    unit.do(OfferHandover(), away, slip=slip)
    unit.do(TakeOver(), here, away, slip=slip, signed=SIGNED)
    assert {unit.carrier(each).custodian for each in (away, here)} == {unit.people["clerk2"]}


def test_charge_that_is_all_out_is_handed_over_by_its_slips(unit: Unit) -> None:
    away = on_shelf(unit, 1)[0]
    lent(unit, away)
    slip = opened(unit)
    assert set(unit.why_not(TakeOverUncounted(), slip, slip=slip)) == {"signature:receiver"}
    receipt = slips.take_over(unit.desk(), slip, unit.rests_on(signed=SIGNED).signatures)
    carrier = unit.carrier(away)
    assert (carrier.state, carrier.custodian) == (State.LOAN, unit.people["clerk2"])
    assert unit.slip(slip).state is SlipState.CLOSED
    assert receipt.prints == ("handover_list",)
    came_back(unit, away)
    assert unit.carrier(away).custodian == unit.people["clerk2"]


def test_uncounted_handover_leaves_behind_nothing_that_was_counted(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    slip = opened(unit)
    assert "every_line_is_settled" in unit.why_not(TakeOverUncounted(), slip, slip=slip, signed=SIGNED)
    unit.do(OfferHandover(), carrier, slip=slip)
    refused = unit.why_not(TakeOverUncounted(), slip, slip=slip, signed=SIGNED)
    assert set(refused) == {"all_that_was_counted_is_named"}


def test_what_another_answers_for_by_now_stays_theirs(unit: Unit) -> None:
    """Filed under the archivist's charge while the list was open, then lent: the receiver has no part in it."""
    carrier, here = on_shelf(unit, 2)
    slip = opened(unit)
    listed = [{"carrier": carrier}]
    filing = unit.do(Submit(slip="filing", act="file_to_archive", approval="archive_file", lines_given=listed))
    answers = {"archive_no": "A-1", "retention": "10y", "appraisal": "kept"}
    unit.do(
        FileToArchive(place=unit.places["room"], archivist=unit.people["archivist"]),
        Line(Ref(Subject.CARRIER, carrier), answers), slip=unit.decide(filing.subjects[0].id),
        signed={"archivist": "archivist"},
    )  # fmt: skip
    lent(unit, carrier)
    unit.do(OfferHandover(), here, slip=slip)
    unit.do(TakeOver(), here, slip=slip, signed=SIGNED)
    assert unit.carrier(carrier).custodian == unit.people["archivist"]


def test_what_waits_for_its_destruction_is_handed_over_and_goes_on_waiting(unit: Unit) -> None:
    bagged, listed = on_shelf(unit, 2)
    destruction = approved(unit, bagged, listed)
    bag(unit, destruction, bagged)
    before = unit.carrier(bagged)
    slip = opened(unit)
    unit.do(OfferHandover(), bagged, listed, slip=slip)
    assert "arc_is_open" in unit.why_not(Unbag(reason="kept after all"), bagged)
    unit.do(TakeOver(), bagged, listed, slip=slip, signed=SIGNED)
    for carrier, state in ((bagged, State.PEND_DEST), (listed, State.IN_STOCK)):
        after = unit.carrier(carrier)
        assert (after.state, after.slip, after.custodian) == (state, destruction, unit.people["clerk2"])
    assert (unit.carrier(bagged).container, unit.carrier(bagged).back) == (before.container, before.back)
    bag(unit, destruction, listed, bag="B-2", seal="S-2")
    opening = Unbag(reason="kept after all")
    unit.do(opening, bagged, slip=unit.approved(opening, bagged))
    assert unit.carrier(bagged).place == unit.places["safe"]


# --- what differs ------------------------------------------------------------------------------------------------


def line_of(unit: Unit, slip: int, carrier: int) -> dict[str, Any]:
    return next(dict(line) for line in unit.slip_lines(slip).values() if line["carrier"] == carrier)


def test_what_was_counted_may_differ_in_its_pages_but_is_not_short(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    slip = opened(unit)
    unit.do(OfferHandover(), carrier, slip=slip)
    short = ExplainDifference(explanation="gone")
    assert set(unit.why_not(short, carrier, slip=slip)) == {"what_was_counted_is_there"}
    unit.do(ExplainDifference(difference="page_mismatch", explanation="11 counted"), carrier, slip=slip)
    line = line_of(unit, slip, carrier)
    assert (line["status"], line["difference"]) == ("scanned", "page_mismatch")
    unit.do(WithdrawFromHandover(), carrier, slip=slip)
    assert line_of(unit, slip, carrier) == {"carrier": carrier, "status": "listed"}


def test_what_could_not_be_counted_and_turns_up_is_no_difference_any_more(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    slip = opened(unit)
    unit.do(ExplainDifference(explanation="at the bindery"), carrier, slip=slip)
    assert line_of(unit, slip, carrier)["difference"] == "short"
    unit.do(OfferHandover(), carrier, slip=slip)
    assert line_of(unit, slip, carrier) == {"carrier": carrier, "status": "scanned"}


def test_only_a_line_of_the_list_is_explained(unit: Unit) -> None:
    slip = opened(unit)
    other = on_shelf(unit, 1)[0]
    assert "it_stands_on_the_list" in unit.why_not(ExplainDifference(explanation="?"), other, slip=slip)


# --- what else is in the giver's name ----------------------------------------------------------------------------


def test_list_names_the_envelopes_and_slips_that_stay_open(unit: Unit) -> None:
    carrier, other = on_shelf(unit, 2)
    unit.do(SignForEnvelope(number="E-1", regime="cn-state", sender="省办", channel="jiyao_tongxin", items=1))
    loan = unit.submitted(Lend(borrower=unit.people["reader"], due=unit.today), other, by="clerk")
    slip = opened(unit)
    unit.do(OfferHandover(), carrier, other, slip=slip)
    unit.do(TakeOver(), carrier, other, slip=slip, signed=SIGNED)
    facts = unit.slip(slip).facts
    assert facts["unopened"] == ["E-1"]
    assert unit.slip(loan).number in facts["open_slips"]
    assert unit.slip(slip).number not in facts["open_slips"]


def test_who_takes_the_charge_over_answers_for_its_envelopes(unit: Unit) -> None:
    """Signed for and unopened, or opened and not settled: it does not stay in the name of somebody who leaves."""
    sign = SignForEnvelope(
        number="0417", regime="cn-state", sender="Ministry", channel="jiyao_tongxin", items=1, level="mimi"
    )
    done = unit.do(sign)
    envelope, receipt = done.subjects[0], done.slip
    assert receipt is not None
    assert "nothing_is_in_the_persons_name" in unit.why_not(ClosePerson(), person(unit, "clerk"), by="officer")
    carrier = on_shelf(unit, 1)[0]
    slip = opened(unit)
    unit.do(OfferHandover(), carrier, slip=slip)
    unit.do(TakeOver(), carrier, slip=slip, signed=SIGNED)
    assert unit.slip(receipt).party == unit.people["clerk2"]
    assert unit.envelope(envelope.id).signed_by == unit.people["clerk"], "who signed for it stays written"
    assert unit.slip(slip).facts["unopened"] == ["0417"]
    assert unit.why_not(ClosePerson(), person(unit, "clerk"), by="officer") == {}
    unit.do(GiveBackUnopened(to="the courier", receipt="No. 88"), envelope, by="clerk2")
    assert "0417" not in str(unit.why_not(ClosePerson(), person(unit, "clerk2"), by="officer"))


def test_today_says_to_whom_an_unopened_envelope_was_handed_over(unit: Unit) -> None:
    sign = SignForEnvelope(number="0417", regime="cn-state", sender="Ministry", channel="jiyao_tongxin", items=1)
    unit.do(sign)
    slip = opened(unit)
    slips.take_over(unit.desk(), slip, unit.rests_on(signed=SIGNED).signatures)
    with unit.database.reading() as connection:
        viewer = reads.viewer_of(connection, unit.people["clerk2"], unit.today)
        items = reads.today_items(connection, unit.today, viewer=viewer)
    (unopened,) = [item for item in items if item.kind == "unopened"]
    assert (unopened.detail.values["name"], unopened.detail.values["keeper"]) == ("clerk", "clerk2")


def test_each_line_counted_or_taken_back_is_in_the_sums_of_the_list(unit: Unit) -> None:
    first, second = on_shelf(unit, 2)
    slip = opened(unit)

    def sums() -> tuple[int, int]:
        return unit.slip(slip).listed, unit.slip(slip).done

    assert sums() == (2, 0)
    unit.do(OfferHandover(), first, slip=slip)
    unit.do(OfferHandover(), second, slip=slip)
    assert sums() == (2, 2)
    late = on_shelf(unit, 1)[0]  # came on the charge since the list was opened
    unit.do(OfferHandover(), late, slip=slip)
    assert sums() == (3, 3)
    unit.do(WithdrawFromHandover(), first, slip=slip)
    assert sums() == (3, 2)
    assert [line["carrier"] for line in unit.slip_lines(slip).values()] == [first, second, late]


def test_for_an_absent_giver_both_of_the_commission_sign_and_nobody_asks_the_giver(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    slip = opened(unit, absent=True, commission=(unit.people["officer"], unit.people["archivist"]))
    unit.do(OfferHandover(), Line(Ref(Subject.CARRIER, carrier), {"seal": "F-7"}), slip=slip)
    for givers in ("clerk", "officer", "archivist", "clerk officer"):
        refused = unit.why_not(TakeOver(), carrier, by="leader", slip=slip, signed=SIGNED | {"giver": givers})
        assert set(refused) == {"signature:giver"}, givers
    unit.do(TakeOver(), carrier, by="leader", slip=slip, signed=SIGNED | {"giver": "officer archivist"})
    assert unit.carrier(carrier).custodian == unit.people["clerk2"]
    assert unsigned_roles(unit.slip(slip)) == ()
