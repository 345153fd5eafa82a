"""The one door: all or none, one entry per subject and act, two times, a clock that is believed only when confirmed."""

import json
import threading
from datetime import UTC, timedelta

import pytest

from app.actions.accounts import OpenAccount, SignIn
from app.actions.custody import Lend, ReturnLoan
from app.actions.office import ClearPerson, ClosePerson, ConfirmDate, GrantDuty, RegisterPerson, TakeDuty
from app.actions.recovery import ResetPassword
from app.actions.vouchers import Submit
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import State
from app.domain.words import Says
from app.services.desk import Desk, Refused
from app.store.failures import StoreUnavailable
from app.store.proof import verify_full
from tests.forms.day import Day
from tests.services.simple import Bring, Remark, bring
from tests.unit import Unit

KEPT = (
    "ledger", "ledger_head", "texts", "carriers", "documents", "persons", "slips", "slip_lines", "parts", "series",
    "holdings", "envelopes", "papers",
)  # fmt: skip


@pytest.fixture
def unit(tmp_path):
    made = Unit(tmp_path / "book")
    yield made
    made.close()


def everything(unit):
    with unit.database.reading() as connection:
        found = {}
        for table in KEPT:
            found[table] = sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {table}").all()))
        found["search"] = connection.exec_driver_sql("SELECT count(*) FROM search").scalar()
        return found


def proven(unit):
    with unit.database.reading() as connection:
        proof = verify_full(connection)
    assert proof.holds, proof.wrong
    return True


def lending(unit, *carriers, to="reader"):
    lend = Lend(borrower=unit.people[to], due=unit.today)
    return lend, unit.approved(lend, *carriers)


# --- all or none ---

TABLES = {
    "the second entry": "BEFORE INSERT ON ledger WHEN NEW.seq > (SELECT value FROM settings WHERE name = 'at')",
    "a text": "BEFORE INSERT ON texts",
    "a carrier": "BEFORE UPDATE ON carriers",
    "a counter": "AFTER UPDATE ON holdings",
    "a slip": "AFTER UPDATE ON slips",
    "a part of a slip": "AFTER INSERT ON parts",
    "the last line": "AFTER UPDATE ON slip_lines WHEN NEW.no = 2",
}


@pytest.mark.parametrize("at", TABLES)
def test_a_fault_between_the_first_row_and_the_commit_leaves_nothing(unit, at):
    carriers = bring(unit, copies=2)
    lend, slip = lending(unit, *carriers)
    lend = Lend(borrower=lend.borrower, due=lend.due, purpose="for the meeting")
    with unit.database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO settings VALUES ('at', ?)", (unit.length() + 1,))
        connection.exec_driver_sql(f"CREATE TRIGGER fault {TABLES[at]} BEGIN SELECT RAISE(ABORT, 'a fault'); END")
    before = everything(unit)
    with pytest.raises(Exception, match="a fault"):
        unit.do(lend, *carriers, slip=slip)
    assert everything(unit) == before
    with unit.database.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER fault")
    unit.do(lend, *carriers, slip=slip)
    assert {unit.carrier(c).state for c in carriers} == {State.LOAN}
    assert proven(unit)


@pytest.mark.parametrize("table", ["series", "documents"])
def test_a_fault_while_something_is_born_leaves_no_number_taken(unit, table):
    bring(unit)
    before = everything(unit)
    with unit.database.writing() as connection:
        connection.exec_driver_sql(
            f"CREATE TRIGGER fault BEFORE {'UPDATE' if table == 'series' else 'INSERT'} ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'a fault'); END"
        )
    with pytest.raises(Exception, match="a fault"):
        bring(unit)
    assert everything(unit) == before


def test_a_full_disk_leaves_nothing_and_says_so(unit):
    bring(unit)
    before = everything(unit)
    with unit.database.writing() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailable):
        bring(unit, title="w" * 900_000)
    assert everything(unit) == before


def test_a_refusal_of_one_line_writes_no_line(unit):
    first, second = bring(unit, copies=2)
    lend, slip = lending(unit, first)
    before = everything(unit)
    refused = unit.why_not(lend, first, second, slip=slip)
    assert set(refused) == {"is_approved"}
    assert refused["is_approved"].subject == Ref(Subject.CARRIER, second)
    assert everything(unit) == before


def test_asking_why_not_writes_nothing(unit):
    (carrier,) = bring(unit)
    before = everything(unit)
    lend = Lend(borrower=unit.people["reader"], due=unit.today)
    assert unit.desk().refusals(lend, [carrier])
    assert everything(unit) == before


# --- entries ---


def test_one_entry_for_each_subject_of_an_act(unit):
    carriers = bring(unit, copies=3)
    lend, slip = lending(unit, *carriers)
    start = unit.length()
    receipt = unit.do(lend, *carriers, slip=slip)
    entries = unit.entries(start)
    assert [entry.o for entry in entries] == [*(f"C{c}" for c in carriers), f"S{slip}"]
    assert {entry.a for entry in entries} == {"lend"}
    assert {entry.s for entry in entries} == {slip}
    assert [entry.l for entry in entries] == [0, *[start + 1] * 3]
    assert (receipt.act, receipt.entries) == (start + 1, 4)
    assert receipt.subjects == tuple(Ref(Subject.CARRIER, c) for c in carriers)


def test_a_carrier_named_twice_in_an_act_is_refused(unit):
    first, second = bring(unit, copies=2)
    lend, slip = lending(unit, first, second)
    assert set(unit.why_not(lend, first, first, slip=slip)) == {"nothing_is_named_twice"}
    unit.do(lend, first, second, slip=slip)
    assert proven(unit)


def test_a_return_that_names_a_carrier_twice_does_not_close_a_slip_with_lines_out(unit):
    carriers = bring(unit, copies=2)
    lend, slip = lending(unit, *carriers)
    unit.do(lend, *carriers, slip=slip)
    back = [counted(carriers[0]), counted(carriers[0])]
    assert unit.why_not(ReturnLoan(), *back)
    unit.do(ReturnLoan(), back[0])
    assert unit.slip(slip).done == 1
    assert unit.slip(slip).state == "executing"
    unit.do(ReturnLoan(), counted(carriers[1]))
    assert unit.slip(slip).state == "closed"


def counted(carrier, pages=12):
    return Line(Ref(Subject.CARRIER, carrier), {"pages": pages})


def test_who_acted_and_who_signed_stand_in_the_entry(unit):
    (carrier,) = bring(unit)
    start = unit.length()
    unit.do(Remark(words="seen"), carrier, signed={"witness": "clerk2"})
    (entry,) = unit.entries(start)
    assert entry.p == unit.people["clerk"]
    assert entry.r == "registry_clerk"
    assert entry.w == [[unit.people["clerk2"], "witness", "seat", 0]]


# --- races and series ---


def at_once(*acts):
    """Do them in threads that start together; what each gave or raised."""
    start, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        start.wait()
        try:
            found[number] = act()
        except (Refused, StoreUnavailable) as error:
            found[number] = error

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def another_desk(unit, name="clerk2"):
    return Desk(unit.database, unit.person(name), lambda: unit.now)


def test_of_two_who_lend_the_same_copy_one_is_told_that_it_is_now_on_loan(unit):
    (carrier,) = bring(unit)
    one, slip_one = lending(unit, carrier)
    two, slip_two = lending(unit, carrier, to="reader2")
    desks = unit.desk(), another_desk(unit)
    found = at_once(
        lambda: desks[0].perform(one, [carrier], unit.rests_on(slip_one)),
        lambda: desks[1].perform(two, [carrier], unit.rests_on(slip_two)),
    )
    refused = [each for each in found if isinstance(each, Refused)]
    assert len(refused) == 1, found
    (refusal,) = refused[0].refusals
    assert refusal.rule == "arc_is_open"
    assert "on loan" in refusal.reason.values["state"].msgid
    assert refusal.reason.values["name"] in {"reader", "reader2"}
    assert proven(unit)


def test_a_race_leaves_one_order_and_no_gap_in_the_series(unit):
    desks = [another_desk(unit, name) for name in ("clerk", "clerk2") * 4]
    found = at_once(*(lambda desk=desk: desk.perform(Bring(title="the same"), ()) for desk in desks))
    assert not [each for each in found if isinstance(each, Exception)]
    with unit.database.reading() as connection:
        numbers = connection.exec_driver_sql("SELECT number FROM carriers ORDER BY id").scalars().all()
        following = connection.exec_driver_sql("SELECT next FROM series WHERE code = 'copies.2026'").scalar()
    assert numbers == [f"2026-{n:04d}" for n in range(1, 9)]
    assert following == 9
    assert proven(unit)


def test_a_refused_act_takes_no_number(unit):
    bring(unit)
    refused = unit.why_not(Bring(title=" "))
    assert set(refused) == {"every_question_is_answered"}
    unit.why_not(Submit(slip="loan", act="lend", lines_given=({"carrier": 1}, {"carrier": 1})), by="drafter")
    (second,) = bring(unit)
    assert unit.carrier(second).number == "2026-0002"
    with unit.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM series WHERE code LIKE 'slip.%'").scalar() == 0


def test_the_next_year_has_a_series_of_its_own(unit):
    bring(unit)
    unit.later(days=366)
    bring(unit)
    with unit.database.reading() as connection:
        codes = connection.exec_driver_sql("SELECT code, next FROM series WHERE code LIKE 'copies%' ORDER BY 1").all()
    assert codes == [("copies.2026", 2), ("copies.2027", 2)]


# --- time ---


def test_an_entry_holds_when_it_was_entered_and_when_it_happened(unit):
    (carrier,) = bring(unit)
    unit.now += timedelta(hours=6)
    start, before = unit.length(), unit.now - timedelta(hours=5)
    unit.do(Remark(words="seen"), carrier, happened=before)
    (entry,) = unit.entries(start)
    assert entry.t == unit.now.astimezone(UTC).isoformat(timespec="milliseconds")
    assert entry.h == before.astimezone(UTC).isoformat(timespec="milliseconds")


def test_nothing_happened_in_the_future(unit):
    (carrier,) = bring(unit)
    refused = unit.why_not(Remark(words="seen"), carrier, happened=unit.now + timedelta(hours=1))
    assert set(refused) == {"not_in_the_future"}
    assert not unit.why_not(Remark(words="seen"), carrier, happened=unit.now + timedelta(minutes=1))


def test_nothing_happened_before_what_was_entered_of_the_carrier(unit):
    """No event out of time order (5.6 no. 4): what happened cannot lie before the carrier was there."""
    (carrier,) = bring(unit)
    refused = unit.why_not(Remark(words="seen"), carrier, happened=unit.now - timedelta(days=400))
    assert refused


@pytest.mark.parametrize("leap", [timedelta(hours=-1), timedelta(days=-400), timedelta(days=4), timedelta(days=3650)])
def test_a_clock_that_went_back_or_leapt_is_believed_only_when_two_people_confirm(unit, leap):
    (carrier,) = bring(unit)
    unit.now += leap
    assert set(unit.why_not(Remark(words="seen"), carrier)) == {"clock_is_confirmed"}
    register = Ref(Subject.REGISTER, 1)
    confirm = ConfirmDate(today=unit.today)
    assert set(unit.why_not(confirm, register)) == {"signature:witness"}
    assert set(unit.why_not(confirm, register, signed={"witness": "clerk"})) == {"signature:witness"}
    assert not unit.why_not(confirm, register, signed={"witness": "clerk2"})
    assert not unit.why_not(Remark(words="seen"), carrier)
    assert proven(unit)


@pytest.mark.parametrize("passed", [timedelta(minutes=-1), timedelta(days=3), timedelta(days=2, hours=23)])
def test_a_weekend_and_a_minute_of_drift_are_no_leap(unit, passed):
    (carrier,) = bring(unit)
    unit.now += passed
    assert not unit.why_not(Remark(words="seen"), carrier)


def test_a_sign_in_after_a_leap_does_not_confirm_the_date(unit):
    """Signing in is an entry like others; were it taken for a confirmation, the clock guard would guard nothing."""
    (carrier,) = bring(unit)
    account = unit.do(OpenAccount(login="clerk", person=unit.people["clerk"]), by="sysadmin").subjects[0]
    unit.now += timedelta(days=3650)
    assert set(unit.why_not(SignIn(), account)) == {"clock_is_confirmed"}
    assert set(unit.why_not(Remark(words="seen"), carrier)) == {"clock_is_confirmed"}


# --- words ---

SECRET = "绝密会议纪要 the plan of the landing"


def test_no_free_text_stands_in_the_ledger(unit):
    (carrier,) = bring(unit, title=SECRET)
    lend = Lend(borrower=unit.people["reader"], due=unit.today, purpose=SECRET + " purpose")
    slip = unit.approved(lend, carrier)
    unit.do(lend, carrier, slip=slip)
    unit.do(RegisterPerson(name=SECRET + " name", department="plans"))
    bodies = [json.dumps(json.loads(body), ensure_ascii=False) for body in bodies_of(unit)]
    for words in (SECRET, "landing", "会议", "纪要"):
        assert not [body for body in bodies if words in body]
    with unit.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT words FROM texts WHERE words LIKE ?", (SECRET + "%",)).scalars().all()
    assert {SECRET, SECRET + " purpose", SECRET + " name"} <= set(kept)


def test_the_same_words_twice_have_two_digests(unit):
    """A salt of its own for each: nobody tells from the book that two documents have the same title."""
    bring(unit, title=SECRET)
    bring(unit, title=SECRET)
    with unit.database.reading() as connection:
        digests = connection.exec_driver_sql("SELECT title FROM documents").scalars().all()
        salts = connection.exec_driver_sql("SELECT salt FROM texts WHERE words = ?", (SECRET,)).scalars().all()
    assert len(set(digests)) == len(set(map(bytes, salts))) == 2


def bodies_of(unit):
    with unit.database.reading() as connection:
        return [bytes(body) for body in connection.exec_driver_sql("SELECT body FROM ledger").scalars()]


# --- refusals ---


def test_a_refusal_names_rule_citation_subject_and_remedy(unit):
    (carrier,) = bring(unit, level="jimi")
    refused = unit.why_not(Lend(borrower=unit.people["uncleared"], due=unit.today), carrier)
    assert set(refused) >= {"reader_is_cleared", "needs_approval"}
    for rule in ("reader_is_cleared", "needs_approval"):
        refusal = refused[rule]
        assert refusal.citation
        assert isinstance(refusal.reason, Says)
        assert isinstance(refusal.remedy, Says)
        assert refusal.subject == Ref(Subject.CARRIER, carrier)


def test_who_lacks_the_duty_is_told_whom_to_ask(unit):
    (carrier,) = bring(unit)
    refused = unit.why_not(Remark(words="seen"), carrier, by="reader")
    assert set(refused) == {"actor_has_the_duty"}
    assert refused["actor_has_the_duty"].remedy


def test_every_reason_is_told_at_once(unit):
    first, second = bring(unit, copies=2)
    unit.now += timedelta(days=40)
    refused = []
    try:
        far = Lend(borrower=unit.people["stranger"], due=unit.today + timedelta(days=9999))
        unit.do(far, first, second, by="reader")
    except Refused as caught:
        refused = [(refusal.rule, refusal.subject) for refusal in caught.refusals]
    rules = {rule for rule, _ in refused}
    assert rules >= {"actor_has_the_duty", "clock_is_confirmed", "reader_is_in_scope", "due_date_is_allowed"}
    for carrier in (first, second):
        assert ("reader_is_in_scope", Ref(Subject.CARRIER, carrier)) in refused


def test_an_act_on_something_the_register_does_not_know_is_no_silent_success(unit):
    before = unit.length()
    with pytest.raises(LookupError):
        unit.do(Remark(words="seen"), 99_999)
    assert unit.length() == before


def test_who_left_or_lost_the_duty_meanwhile_is_refused_at_the_open_desk(unit):
    (carrier,) = bring(unit)
    desk = unit.desk("clerk")
    taken = TakeDuty(duty="registry_clerk")
    unit.do(taken, unit.people["clerk"], by="secadmin", signed={"administrator": "sysadmin"})
    with pytest.raises(Refused) as caught:
        desk.perform(Remark(words="seen"), [carrier])
    assert {refusal.rule for refusal in caught.value.refusals} == {"actor_has_the_duty"}


# --- counters ---


def test_counters_are_what_a_count_gives_after_every_kind_of_change(unit):
    carriers = bring(unit, copies=3)
    lend, slip = lending(unit, *carriers[:2])
    unit.do(lend, *carriers[:2], slip=slip)
    unit.do(ReturnLoan(), counted(carriers[0]))
    with unit.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT level, state, kind, custodian, n FROM holdings WHERE n <> 0").all()
        found = connection.exec_driver_sql(
            "SELECT level, state, kind, custodian, count(*) FROM carriers GROUP BY 1, 2, 3, 4"
        ).all()
    assert sorted(kept) == sorted(found)


def test_no_answer_poses_as_the_digest_of_a_text(unit):
    posing = "~" + "a" * 43
    assert set(unit.why_not(Submit(slip="loan", act="lend", given={"reference": posing}))) == {"text_can_be_kept"}
    assert set(unit.why_not(Bring(title="plan", number=posing))) == {"text_can_be_kept"}


def test_a_whole_day_with_a_charge_handed_over_is_proven_with_its_counters(tmp_path):
    day = Day(tmp_path / "day")
    try:
        with day.unit.database.reading() as connection:
            moved = "SELECT count(*) FROM ledger WHERE action = 'take_over' AND instr(body, '\"custodian\"')"
            assert connection.exec_driver_sql(moved).scalar()
        assert proven(day.unit)
    finally:
        day.unit.close()


@pytest.mark.parametrize("signer", [None, "sysadmin", "clerk", "officer"])
def test_one_administrator_grants_and_takes_nothing(unit, signer):
    signed = {"administrator": signer} if signer else None
    reader, clerk = unit.people["reader"], unit.people["clerk"]
    for act, whom in ((GrantDuty(duty="archivist"), reader), (TakeDuty(duty="registry_clerk"), clerk)):
        assert set(unit.why_not(act, whom, by="sysadmin", signed=signed)) == {"signature:administrator"}
        assert not unit.why_not(act, whom, by="sysadmin", signed={"administrator": "secadmin"})
        unit.do(opposite(act), whom, by="secadmin", signed={"administrator": "auditor"})


def opposite(act):
    return TakeDuty(duty=act.duty) if isinstance(act, GrantDuty) else GrantDuty(duty=act.duty)


def test_two_administrators_are_two_people_with_two_duties_of_that_day(unit):
    two = {"by": "secadmin", "signed": {"administrator": "sysadmin"}}
    unit.do(
        GrantDuty(duty="security_administrator"), unit.people["sysadmin"], by="secadmin",
        signed={"administrator": "auditor"},
    )  # fmt: skip
    grant, reader = GrantDuty(duty="archivist"), unit.people["reader"]
    assert unit.why_not(grant, reader, by="sysadmin"), "two duties in one pair of hands sign once"
    deputy = GrantDuty(duty="system_administrator", until=unit.today)
    unit.do(deputy, unit.people["officer"], **two)
    assert not unit.why_not(grant, reader, by="secadmin", signed={"administrator": "officer"})
    unit.later(days=2)
    late = unit.why_not(grant, reader, by="secadmin", signed={"administrator": "officer"})
    assert set(late) == {"signature:administrator"}


def test_nobody_is_one_of_the_two_about_themselves(unit):
    """Granted, taken, reset: two others of the three sign, or it is not done; a second line hides nobody."""
    own = {"by": "secadmin", "signed": {"administrator": "sysadmin"}}
    grant, secadmin, reader = GrantDuty(duty="archivist"), unit.people["secadmin"], unit.people["reader"]
    (refused,) = unit.why_not(grant, secadmin, **own).values()
    assert refused.reason.values["name"] == "secadmin"
    assert refused.remedy is not None
    assert set(unit.why_not(grant, reader, secadmin, **own)) == {"signature:administrator"}
    take = TakeDuty(duty="security_administrator")
    assert set(unit.why_not(take, secadmin, **own)) == {"signature:administrator"}
    assert not unit.why_not(take, secadmin, by="auditor", signed={"administrator": "sysadmin"})


def test_a_password_is_reset_by_two_others(unit):
    unit.do(OpenAccount(login="auditor", person=unit.people["auditor"]), by="sysadmin")
    account = unit.do(OpenAccount(login="secadmin", person=unit.people["secadmin"]), by="sysadmin").subjects[0]
    reset = ResetPassword(generation=2)
    own = unit.why_not(reset, account, by="sysadmin", signed={"administrator": "secadmin"})
    assert set(own) == {"signature:administrator"}
    assert not unit.why_not(reset, account, by="sysadmin", signed={"administrator": "auditor"})


def test_nobody_clears_themselves_on_a_second_line(unit):
    clear = ClearPerson(regime="cn-state", level="juemi")
    refused = unit.why_not(clear, unit.people["reader"], unit.people["officer"], by="officer")
    assert set(refused) == {"nobody_clears_themselves"}


def test_nobody_clears_themselves_and_who_left_is_given_nothing(unit):
    officer, stranger = unit.people["officer"], unit.people["stranger"]
    clear = ClearPerson(regime="cn-state", level="juemi")
    assert set(unit.why_not(clear, officer, by="officer")) == {"nobody_clears_themselves"}
    unit.do(ClosePerson(), stranger, by="officer")
    assert set(unit.why_not(clear, stranger, by="officer")) == {"person_is_here"}
    two = {"by": "sysadmin", "signed": {"second": "secadmin"}}
    assert "person_is_here" in unit.why_not(GrantDuty(duty="registry_clerk"), stranger, **two)
    backwards = GrantDuty(duty="registry_clerk", since=unit.today, until=unit.today - timedelta(days=1))
    assert set(unit.why_not(backwards, unit.people["reader"], **two)) == {"term_has_a_day"}


def test_an_act_on_nothing_is_refused(unit):
    assert list(unit.why_not(ReturnLoan())) == ["something_is_chosen"]
