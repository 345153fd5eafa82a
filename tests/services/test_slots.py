"""Accounts opened, closed, reset and recovered with their key slots, and what a crash between two steps leaves."""

from datetime import timedelta

import pytest

from app.actions.office import ClosePerson, GrantDuty, RegisterPerson
from app.domain.action import Authority, Ref, Signature, Subject
from app.services import accounts, slots
from app.services.desk import Refused
from app.stage import password_of
from app.store import vault
from app.store.failures import StoreUnavailable
from app.store.proof import verify_full
from tests.services.office import CHEAP, NEW, Crash, crash, office

__all__ = ["office"]

WANG, MA, CHEN, SUN, ZHOU, ZHAO, WU = 8, 10, 1, 3, 4, 5, 7
TWO = Authority(signatures=(Signature(ZHOU, "administrator"),))


def rules(refused):
    return {refusal.rule for refusal in refused.value.refusals}


def of(office, account):
    return {slot for slot in office.slots if slot[0] == account}


def holds(seat):
    with seat.database.reading() as connection:
        return verify_full(connection).holds


# --- opening ---


def test_a_new_account_signs_in_with_what_was_typed_for_it(office):
    admin = office.unlock("sun")
    receipt = slots.open_account(admin, " wang ", WANG, NEW, cost=CHEAP)
    account = receipt.subjects[0].id
    assert of(office, account) == {(account, 1)}
    assert holds(admin)
    office.leave()
    seat = office.unlock("wang", NEW)
    assert seat.account.person.id == WANG
    assert seat.account.generation == 1


@pytest.mark.parametrize(
    ("login", "person", "password", "rule"),
    [
        ("wang", WANG, "short", "password_is_strong_enough"),
        ("wang", WANG, "wangwangwang", "password_is_strong_enough"),
        ("ＣＨＥＮ", WANG, NEW, "login_is_free"),
        ("chen2", CHEN, NEW, "person_has_no_account"),
        ("wa\u200bng", WANG, NEW, "login_can_be_told_apart"),
        ("w" * 41, WANG, NEW, "login_can_be_told_apart"),
        ("  ", WANG, NEW, "every_question_is_answered"),
    ],
)
def test_an_account_that_may_not_be_leaves_no_slot_and_no_entry(office, login, person, password, rule):
    admin = office.unlock("sun")
    before, acts = office.slots, office.acts(admin)
    with pytest.raises(Refused) as refused:
        slots.open_account(admin, login, person, password, cost=CHEAP)
    assert rule in rules(refused)
    assert (office.slots, office.acts(admin)) == (before, acts)


def test_only_the_system_administrator_opens_accounts(office):
    with pytest.raises(Refused) as refused:
        slots.open_account(office.unlock("zhou"), "wang", WANG, NEW, cost=CHEAP)
    assert "actor_has_the_duty" in rules(refused)


def test_who_has_left_gets_no_account(office):
    officer = office.unlock("zhou")
    officer.desk.perform(ClosePerson(), [WANG])
    office.leave()
    with pytest.raises(Refused) as refused:
        slots.open_account(office.unlock("sun"), "wang", WANG, NEW, cost=CHEAP)
    assert "person_stays" in rules(refused)


def test_a_crash_between_slot_and_entry_leaves_no_account(office, monkeypatch):
    admin = office.unlock("sun")
    monkeypatch.setattr(type(admin.desk), "perform", crash)
    with pytest.raises(Crash):
        slots.open_account(admin, "wang", WANG, NEW, cost=CHEAP)
    monkeypatch.undo()
    office.leave()
    assert "wang" in accounts.logins(office.folder)
    with pytest.raises(StoreUnavailable):
        office.unlock("wang", NEW)
    admin = office.unlock("sun")
    assert "wang" not in accounts.logins(office.folder)
    account = slots.open_account(admin, "wang", WANG, "quite another one 5", cost=CHEAP).subjects[0].id
    assert of(office, account) == {(account, 1)}
    office.leave()
    assert office.unlock("wang", "quite another one 5").account.id == account


def test_the_entry_comes_after_the_slot(office, monkeypatch):
    admin, steps = office.unlock("sun"), []
    add, perform = vault.add_slot, admin.desk.perform
    monkeypatch.setattr(vault, "add_slot", lambda *a, **k: (steps.append("slot"), add(*a, **k))[1])
    monkeypatch.setattr(type(admin.desk), "perform", lambda _, *a: (steps.append("entry"), perform(*a))[1])
    slots.open_account(admin, "wang", WANG, NEW, cost=CHEAP)
    assert steps == ["slot", "entry"]


# --- closing ---


def test_a_closed_account_has_no_slot_and_opens_nothing(office):
    admin = office.unlock("sun")
    slots.close_account(admin, CHEN, "moved to Department 3")
    assert of(office, CHEN) == set()
    assert holds(admin)
    office.leave()
    with pytest.raises(vault.Locked):
        office.unlock("chen")


def test_a_crash_before_the_slot_goes_is_mended_by_the_next_who_signs_in(office, monkeypatch):
    admin = office.unlock("sun")
    monkeypatch.setattr(vault, "remove_slot", crash)
    with pytest.raises(Crash):
        slots.close_account(admin, CHEN)
    monkeypatch.undo()
    office.leave()
    assert of(office, CHEN) == {(CHEN, 1)}
    with pytest.raises(StoreUnavailable) as stale:
        office.unlock("chen")
    assert stale.value.code == "stale_slot"
    office.unlock("li")
    assert of(office, CHEN) == set()


def test_a_crash_before_the_entry_closes_nothing(office, monkeypatch):
    admin = office.unlock("sun")
    monkeypatch.setattr(type(admin.desk), "perform", crash)
    with pytest.raises(Crash):
        slots.close_account(admin, CHEN)
    monkeypatch.undo()
    office.leave()
    assert office.unlock("chen").account.id == CHEN


@pytest.mark.parametrize(
    ("who", "account", "rule"),
    [
        ("sun", SUN, "nobody_closes_the_own_account"),
        ("zhou", SUN, "administrators_remain"),
        ("chen", 2, "actor_has_the_duty"),
    ],
)
def test_nobody_locks_themselves_or_the_whole_office_out(office, who, account, rule):
    seat = office.unlock(who)
    with pytest.raises(Refused) as refused:
        slots.close_account(seat, account)
    assert rule in rules(refused)
    assert of(office, account) == {(account, 1)}


def test_an_account_is_closed_once(office):
    admin = office.unlock("sun")
    slots.close_account(admin, CHEN)
    with pytest.raises(Refused) as refused:
        slots.close_account(admin, CHEN)
    assert "account_is_open" in rules(refused)


def test_the_only_system_administrator_can_go_once_there_is_another(office):
    security = office.unlock("zhou")
    two = Authority(signatures=(Signature(SUN, "administrator"),))
    security.desk.perform(GrantDuty(duty="system_administrator"), [Ref(Subject.PERSON, 2)], two)
    slots.close_account(security, SUN)
    assert of(office, SUN) == set()


def test_nobody_leaves_with_an_account(office):
    officer = office.unlock("zhou")
    with pytest.raises(Refused) as refused:
        officer.desk.perform(ClosePerson(), [WU])
    assert "account_is_closed_first" in rules(refused)
    slots.close_account(officer, WU)
    officer.desk.perform(ClosePerson(), [WU])


# --- resetting ---


def test_two_administrators_replace_a_lost_password(office):
    admin = office.unlock("sun")
    slots.reset_password(admin, CHEN, NEW, TWO, cost=CHEAP)
    assert of(office, CHEN) == {(CHEN, 2)}
    assert office.acts(admin)[-1] == "reset_password"
    assert holds(admin)
    office.leave()
    assert office.unlock("chen", NEW).account.generation == 2


@pytest.mark.parametrize(
    ("who", "account", "authority", "rule"),
    [
        ("sun", CHEN, Authority(), "signature:administrator"),
        ("sun", CHEN, Authority(signatures=(Signature(CHEN, "administrator"),)), "signature:administrator"),
        ("sun", SUN, TWO, "account_is_anothers"),
        ("zhao", CHEN, TWO, "actor_has_the_duty"),
    ],
)
def test_nobody_resets_a_password_alone_or_their_own(office, who, account, authority, rule):
    seat = office.unlock(who)
    with pytest.raises(Refused) as refused:
        slots.reset_password(seat, account, NEW, authority, cost=CHEAP)
    assert rule in rules(refused)
    assert of(office, account) == {(account, 1)}


@pytest.mark.parametrize("step", ["entry", "removal"])
def test_a_reset_that_is_cut_short_leaves_exactly_one_password(office, monkeypatch, step):
    admin = office.unlock("sun")
    if step == "entry":
        # The judgement before it has passed; the machine goes off before anything is written.
        monkeypatch.setattr(type(admin.desk), "perform", crash)
    else:
        monkeypatch.setattr(vault, "remove_slot", crash)
    with pytest.raises(Crash):
        slots.reset_password(admin, CHEN, NEW, TWO, cost=CHEAP)
    monkeypatch.undo()
    office.leave()
    office.unlock("li")
    office.leave()
    generation = 1 if step == "entry" else 2
    assert of(office, CHEN) == {(CHEN, generation)}
    password = password_of("chen") if step == "entry" else NEW
    assert office.unlock("chen", password).account.generation == generation


# --- the recovery sheet ---


def recover(office, login="sun", password=NEW, key=None, **more):
    slots.recover(office.folder, key or office.stage.recovery, login, password, lambda: office.now, cost=CHEAP, **more)


def test_the_sheet_gives_an_account_a_new_password_when_nobody_knows_any(office):
    recover(office, " Sun ", key=office.stage.recovery.lower().replace("-", " "))
    seat = office.unlock("sun", NEW)
    assert seat.account.generation == 2
    assert office.acts(seat)[-1] == "recover_account"
    assert of(office, SUN) == {(SUN, 2)}
    assert holds(seat)
    office.leave()
    office.now += timedelta(seconds=5)
    with pytest.raises(vault.Locked):
        office.unlock("sun")


def test_a_mistyped_group_is_named_and_costs_no_wait(office):
    groups = office.stage.recovery.split("-")
    groups[2] = groups[2][:-1] + ("1" if groups[2][-1] != "1" else "2")  # one slip of the pen is always caught
    with pytest.raises(vault.Locked) as mistyped:
        recover(office, key="-".join(groups))
    assert mistyped.value.code == "mistyped_recovery_key"
    assert mistyped.value.cause.values["group"] == 3
    recover(office)


def test_the_sheet_of_another_register_opens_nothing_and_waits(office, tmp_path):
    other = vault.new_vault(tmp_path / "other", cost=CHEAP).recovery
    with pytest.raises(vault.Locked) as wrong:
        recover(office, key=other)
    assert wrong.value.code == "wrong_recovery_key"
    with pytest.raises(vault.Locked) as hasty:
        recover(office)
    assert hasty.value.code == "too_soon"
    office.now += hasty.value.wait
    recover(office)


@pytest.mark.parametrize(
    ("login", "password", "rule"),
    [("nobody", NEW, "account_is_known"), ("sun", "short", "password_is_strong_enough")],
)
def test_what_the_sheet_cannot_do_is_said_and_nothing_moves(office, login, password, rule):
    before = office.slots
    with pytest.raises(Refused) as refused:
        recover(office, login, password)
    assert rule in rules(refused)
    assert office.slots == before
    office.unlock("sun")


def test_after_a_leap_of_the_clock_the_sheet_lets_in_and_confirms_no_date(office):
    """Whoever holds the sheet alone would else put the clock to 2036 and have everything lifted."""
    office.now += timedelta(days=3650)
    recover(office)
    recover(office, "li")
    seat = office.unlock("sun", NEW)
    assert seat.clock_is_doubtful
    with pytest.raises(Refused) as refused:
        accounts.sign_in(seat)
    assert rules(refused) == {"clock_is_confirmed"}
    accounts.sign_in(seat, accounts.second_person(seat, "li", NEW, "witness"))
    office.leave()
    assert not office.unlock("sun", NEW).clock_is_doubtful


@pytest.mark.parametrize("step", ["entry", "removal"])
def test_a_recovery_that_is_cut_short_can_be_done_again(office, monkeypatch, step):
    if step == "entry":
        monkeypatch.setattr("app.services.slots.Desk.perform", crash)
    else:
        monkeypatch.setattr(vault, "remove_slot", crash)
    with pytest.raises(Crash):
        recover(office)
    monkeypatch.undo()
    if step == "entry":
        recover(office, password="a third password 3")
        assert office.unlock("sun", "a third password 3").account.generation == 2
    else:
        assert office.unlock("sun", NEW).account.generation == 2
    assert of(office, SUN) == {(SUN, 2)}


def test_a_new_sheet_takes_the_place_of_the_old_one(office):
    admin = office.unlock("sun")
    new = slots.draw_sheet(admin, cost=CHEAP)
    assert of(office, 0) == {(0, 0), (0, 1)}
    with pytest.raises(Refused) as alone:
        slots.replace_recovery(admin, Authority())
    assert rules(alone) == {"signature:administrator"}
    slots.replace_recovery(admin, TWO)
    assert of(office, 0) == {(0, 1)}
    assert holds(admin)
    office.leave()
    with pytest.raises(vault.Locked):
        recover(office)
    office.now += timedelta(seconds=2)
    recover(office, key=new)
    again = slots.draw_sheet(office.unlock("sun", NEW), cost=CHEAP)
    assert again not in (new, office.stage.recovery)


def test_a_sheet_that_was_drawn_and_given_up_opens_nothing(office):
    admin = office.unlock("sun")
    given_up = slots.draw_sheet(admin, cost=CHEAP)
    slots.drop_sheet(admin)
    with pytest.raises(Refused) as refused:
        slots.replace_recovery(admin, TWO)
    assert rules(refused) == {"sheet_is_drawn"}
    office.leave()
    with pytest.raises(vault.Locked):
        recover(office, key=given_up)
    office.now += timedelta(seconds=2)
    recover(office)


@pytest.mark.parametrize("step", ["entry", "removal"])
def test_after_a_crash_exactly_one_sheet_counts(office, monkeypatch, step):
    admin = office.unlock("sun")
    new = slots.draw_sheet(admin, cost=CHEAP)
    if step == "removal":
        monkeypatch.setattr(vault, "remove_slot", crash)
        with pytest.raises(Crash):
            slots.replace_recovery(admin, TWO)
        monkeypatch.undo()
    office.leave()
    good, bad = (office.stage.recovery, new) if step == "entry" else (new, office.stage.recovery)
    with pytest.raises(vault.Locked):
        recover(office, key=bad)
    office.now += timedelta(seconds=2)
    recover(office, key=good)
    assert len(of(office, 0)) == 1


def test_a_new_person_gets_an_account_and_keeps_it_apart(office):
    """The id of the slot is the id of the entry, however many accounts were opened and closed before."""
    clerk = office.unlock("zhou")
    person = clerk.desk.perform(RegisterPerson(name="新人 New")).subjects[0].id
    office.leave()
    admin = office.unlock("sun")
    first = slots.open_account(admin, "wang", WANG, NEW, cost=CHEAP).subjects[0].id
    slots.close_account(admin, first)
    second = slots.open_account(admin, "xin", person, "a long new word 9", cost=CHEAP).subjects[0].id
    assert second == first + 1
    office.leave()
    assert office.unlock("xin", "a long new word 9").account.id == second
