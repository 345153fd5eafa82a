"""What holds a carrier and what may end it without naming its slip; what the judgement tells, whatever the act."""

from datetime import timedelta

import pytest

from app.actions.copying import CopyCarrier
from app.actions.corrections import Correct
from app.actions.custody import Lend, ReturnLoan
from app.actions.destroying import SendToDestruction
from app.actions.disposition import FileToArchive
from app.actions.handover import OfferHandover
from app.actions.office import AdoptRegime, ClearPerson, GrantDuty, RegisterPerson
from app.actions.voiding import VoidDraft
from app.actions.vouchers import Submit
from app.domain.action import Action, Authority, Line, Ref, Signature, Subject
from app.domain.carrier import State
from app.domain.judging import CLOCK_LEAP, CLOCK_SLACK
from tests.actions.life_acts import Life
from tests.actions.shelf import on_shelf
from tests.actions.test_handover import opened
from tests.unit import Unit


def applied(unit: Unit, kind: str, act: str, route: str, carrier: int) -> int:
    """A list that holds the carrier from its application on."""
    submit = Submit(slip=kind, act=act, approval=route, lines_given=[{"carrier": carrier}])
    return unit.do(submit).subjects[0].id


def lend(unit: Unit) -> Lend:
    return Lend(borrower=unit.people["reader"], due=unit.today)


def archived(unit: Unit) -> int:
    carrier = on_shelf(unit, 1)[0]
    file = FileToArchive(place=unit.places["room"])
    answers = {"archive_no": "A-1", "retention": "permanent", "appraisal": "kept"}
    unit.do(file, Line(Ref(Subject.CARRIER, carrier), answers), slip=unit.approved(file, carrier))
    return carrier


@pytest.mark.parametrize("kind", ["filing", "transfer"])
def test_what_is_on_a_list_is_handed_over_and_nothing_else_is_done_with_it(unit: Unit, kind: str) -> None:
    is_filing = kind == "filing"
    carrier = on_shelf(unit, 1)[0] if is_filing else archived(unit)
    act, route = ("file_to_archive", "archive_file") if is_filing else ("transfer_to_archives", "archive_transfer")
    held = applied(unit, kind, act, route, carrier)
    assert unit.carrier(carrier).slip == held
    refused = unit.why_not(lend(unit), carrier)["no_other_slip_holds_it"]
    assert refused.remedy is not None
    assert refused.remedy.values["slip"] == unit.slip(held).number
    unit.do(OfferHandover(), carrier, slip=opened(unit))
    assert unit.carrier(carrier).state is State.HANDOVER


def copies_in_prep(unit: Unit) -> list[int]:
    original = on_shelf(unit, 1, level="mimi")[0]
    act = CopyCarrier(
        original=original, copies=2, pages=12, reason="meeting", place=unit.places["safe"],
        recipients=(unit.people["reader"],),
    )  # fmt: skip
    return [ref.id for ref in unit.do(act, slip=unit.approved(act)).subjects]


def test_copies_being_made_are_voided_and_handed_over_without_naming_their_job(unit: Unit) -> None:
    first, second = copies_in_prep(unit)
    void = VoidDraft(reason="smeared", second=unit.people["clerk2"], waste_by=unit.people["clerk"])
    slip = unit.approved(void, first)
    unit.do(void, first, slip=slip, signed={"second": "clerk2"})
    assert unit.carrier(first).state is State.VOID
    unit.do(OfferHandover(), second, slip=opened(unit))
    assert unit.carrier(second).state is State.HANDOVER


def test_drift_is_no_leap_and_two_minutes_are_drift(unit: Unit) -> None:
    carriers = on_shelf(unit, 1)
    last = unit.now
    for moved, believed in (
        (-CLOCK_SLACK, True), (-CLOCK_SLACK - timedelta(seconds=1), False),
        (CLOCK_LEAP, True), (CLOCK_LEAP + timedelta(seconds=1), False),
    ):  # fmt: skip
        unit.now = last + moved
        refused = {each.rule for each in unit.desk().refusals(lend(unit), [Ref(Subject.CARRIER, carriers[0])])}
        assert ("clock_is_confirmed" not in refused) is believed, moved
    unit.now = last


def test_what_happened_is_no_later_than_now_and_no_earlier_than_the_last_move(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    act = lend(unit)
    slip = unit.approved(act, carrier)
    unit.do(act, carrier, slip=slip)
    moved = unit.now
    unit.now += timedelta(hours=2)
    back = Line(Ref(Subject.CARRIER, carrier), {"pages": 12})
    for happened, rule in (
        (unit.now + CLOCK_SLACK, None), (unit.now + CLOCK_SLACK + timedelta(seconds=1), "not_in_the_future"),
        (moved - CLOCK_SLACK, None), (moved - CLOCK_SLACK - timedelta(seconds=1), "happened_in_order"),
    ):  # fmt: skip
        told = unit.desk().refusals(ReturnLoan(), [back], unit.rests_on(happened=happened))
        assert [each.rule for each in told] == ([rule] if rule else []), happened


def test_who_holds_it_is_told_where_somebody_does(unit: Unit) -> None:
    first, second = on_shelf(unit)
    act = lend(unit)
    unit.do(act, first, slip=unit.approved(act, first))
    told = unit.why_not(Lend(borrower=unit.people["reader2"], due=unit.today), first)["arc_is_open"]
    assert (told.reason.values["name"], "({name})" in told.reason.msgid) == ("reader", True)
    shut = unit.why_not(ReturnLoan(), Line(Ref(Subject.CARRIER, second), {"pages": 12}))["arc_is_open"]
    assert ("({name})" in shut.reason.msgid, shut.reason.values["name"]) == (False, "")


def rules(
    unit: Unit, act: Action, ref: Ref, *signed: Signature, by: str = "clerk", corrects: int | None = None
) -> set[str]:
    authority = Authority(signatures=signed, corrects=corrects)
    return {each.rule for each in unit.desk(by).refusals(act, [ref], authority)}


def test_a_signature_on_paper_is_none_beside_one_at_the_seat_either(unit: Unit) -> None:
    carrier = Ref(Subject.CARRIER, on_shelf(unit, 1)[0])
    second, other = unit.people["clerk2"], Signature(unit.people["witness"], "witness")
    correct = Correct(what="pages", old="12", new="14", reason="miscounted", second=second)
    entry = next(seq for seq, each in enumerate(unit.entries(), 1) if each.o == str(carrier))
    for how, refused in (("paper", {"signature:second_clerk"}), ("seat", set())):
        for signed in ((Signature(second, "second_clerk", how),), (Signature(second, "second_clerk", how), other)):
            assert rules(unit, correct, carrier, *signed, corrects=entry) == refused


def test_where_no_regime_judges_an_act_the_strictest_says_who_signs_at_the_seat(unit: Unit) -> None:
    text = unit.desk().regimes()[0].text
    loose = AdoptRegime(name="cn-state", version=2, text=text.replace('"grant_duty", ', ""))
    assert loose.text != text
    unit.do(loose, by="officer", signed={"adopter": "secadmin"})
    grant, reader = GrantDuty(duty="archivist"), Ref(Subject.PERSON, unit.people["reader"])
    for how, refused in (("paper", {"signature:administrator"}), ("seat", set())):
        signed = Signature(unit.people["secadmin"], "administrator", how)
        assert rules(unit, grant, reader, signed, by="sysadmin") == refused


def test_who_may_not_do_it_at_all_is_told_that_and_not_who_else_should_sign(unit: Unit) -> None:
    grant = GrantDuty(duty="archivist")
    assert set(unit.why_not(grant, Ref(Subject.PERSON, unit.people["reader"]))) == {"actor_has_the_duty"}


def test_a_line_on_nothing_among_others_is_refused_before_any_rule(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    back = {"pages": 12}
    told = unit.why_not(ReturnLoan(), Line(Ref(Subject.CARRIER, carrier), back), Line(None, back))
    assert set(told) == {"something_is_chosen"}


def test_what_is_named_twice_is_said_of_that_alone(unit: Unit) -> None:
    first, second = on_shelf(unit)
    told = unit.desk().refusals(lend(unit), [Ref(Subject.CARRIER, each) for each in (first, second, first)])
    assert [each.subject for each in told if each.rule == "nothing_is_named_twice"] == [Ref(Subject.CARRIER, first)]


@pytest.mark.parametrize("given", [{"reason": "a\x00b"}, {"kept": ["x", "a\x00b"]}, {"deep": {"er": ("a\x00b",)}}])
def test_a_text_that_cannot_be_kept_is_refused_however_deep_it_stands(unit: Unit, given: dict[str, object]) -> None:
    (told,) = unit.desk().refusals(Submit(slip="loan", act="lend", given=given))
    assert (told.rule, told.field) == ("text_can_be_kept", "given")
    assert told.remedy is not None
    (plain,) = unit.desk().refusals(RegisterPerson(name="a\x00b"))
    assert (plain.rule, plain.field) == ("text_can_be_kept", "name")


@pytest.mark.parametrize(("courier", "answered"), [((), False), (("courier",), True)])
def test_nobody_named_is_no_answer_to_a_question_that_wants_somebody(
    unit: Unit, courier: tuple[str, ...], *, answered: bool
) -> None:
    escorts = tuple(unit.people[name] for name in courier)
    carrier = Ref(Subject.CARRIER, Life(unit).carrier("pend_dest"))
    told = unit.desk().refusals(SendToDestruction(escorts=escorts), [carrier])
    assert ("every_question_is_answered" not in {each.rule for each in told}) is answered


def test_what_is_on_no_carrier_may_have_happened_before(unit: Unit) -> None:
    person = Ref(Subject.PERSON, unit.people["reader"])
    cleared = ClearPerson(regime="cn-state", level="jimi")
    unit.do(cleared, person, by="officer", happened=unit.now - timedelta(days=2))
    assert unit.person("reader").clearances["cn-state"] == "jimi"


def test_a_correction_may_say_what_happened_before_the_last_move(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    entry = next(seq for seq, each in enumerate(unit.entries(), 1) if each.o == f"C{carrier}")
    act = lend(unit)
    unit.do(act, carrier, slip=unit.approved(act, carrier))
    correct = Correct(what="pages", old="12", new="14", reason="miscounted", second=unit.people["clerk2"])
    earlier = unit.now - timedelta(days=3)
    unit.do(correct, carrier, signed={"second_clerk": "clerk2"}, corrects=entry, happened=earlier)
    assert unit.carrier(carrier).pages == 14
