"""Unlocking, signing in, the second person, passwords: and what a crash between two steps leaves."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from app.actions.accounts import ChangePassword, CloseAccount
from app.domain.action import Signature
from app.services import accounts, slots
from app.services.desk import Refused
from app.stage import password_of
from app.store import database as files
from app.store import tries, vault
from app.store.failures import StoreUnavailable
from app.store.proof import verify_full
from tests.services.office import CHEAP, NEW, Crash, crash, office

__all__ = ["office"]

# --- unlocking and signing in ---


def test_each_login_unlocks_its_own_seat(office):
    assert accounts.logins(office.folder) == ("chen", "li", "sun", "zhou", "zhao", "he", "wu")
    seat = office.unlock("wu")
    assert seat.account.login == "wu"
    assert seat.desk.actor.name == seat.account.person.name == "吴涛 Wu Tao"
    assert seat.desk.actor.holds("department_leader", office.now.date())
    assert seat.opened.key.hex() not in repr(seat)


def test_from_unlocking_on_the_process_leaves_no_core_and_cannot_be_read(office):
    """In a process of its own: what is switched off here stays off."""
    code = f"""
import ctypes, resource
from datetime import datetime, UTC
from pathlib import Path
from app.services import accounts
now = datetime.fromisoformat({office.now.isoformat()!r})
accounts.unlock(Path({str(office.folder)!r}), "chen", {password_of("chen")!r}, lambda: now).close()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""
    done = subprocess.run([sys.executable, "-"], input=code, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "(0, 0) 0"


def test_a_name_is_found_in_any_case_and_width(office):
    assert office.unlock(" ＣＨＥＮ ", password_of("chen")).account.login == "chen"


def test_a_sign_in_is_an_entry_of_the_account(office):
    seat = office.unlock()
    before = office.acts(seat)
    accounts.sign_in(seat)
    assert office.acts(seat) == [*before, "sign_in"]


def test_a_wrong_password_slows_the_next_try_even_of_the_right_one(office):
    with pytest.raises(vault.Locked) as wrong:
        office.unlock(password="a guess")
    assert wrong.value.code == "wrong_password"
    with pytest.raises(vault.Locked) as hasty:
        office.unlock()
    assert hasty.value.code == "too_soon"
    assert hasty.value.wait > timedelta(0)
    office.now += hasty.value.wait
    assert office.unlock().account.login == "chen"


def test_the_wait_doubles_and_is_one_accounts_own(office):
    waits = []
    for _ in range(4):
        with pytest.raises(vault.Locked) as wrong:
            office.unlock(password="a guess")
        waits.append(wrong.value.wait)
        office.now += wrong.value.wait
    assert waits == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)]
    office.now -= waits[-1]
    assert office.unlock("li").account.login == "li"


def test_failed_tries_are_told_at_the_next_sign_in_once(office):
    for login in ("chen", "li", "nobody"):
        with pytest.raises(vault.Locked):
            office.unlock(login, "a guess")
    office.now += timedelta(minutes=1)
    seat = office.unlock()
    accounts.sign_in(seat)
    with seat.database.reading() as connection:
        body = connection.exec_driver_sql("SELECT body FROM ledger ORDER BY seq DESC LIMIT 1").scalar_one()
    assert b'"failed":3' in body
    assert {(each.account, each.told) for each in tries.failed_tries(office.folder)} == {(0, True), (2, True)}
    accounts.sign_in(seat)
    with seat.database.reading() as connection:
        body = connection.exec_driver_sql("SELECT body FROM ledger ORDER BY seq DESC LIMIT 1").scalar_one()
    assert b'"failed":0' in body, "what was told once is not told again"


def test_failed_tries_stay_when_the_sign_in_is_refused(office):
    with pytest.raises(vault.Locked):
        office.unlock(password="a guess")
    office.now += timedelta(days=30)
    with pytest.raises(Refused):
        accounts.sign_in(office.unlock())
    assert len(tries.failed_tries(office.folder)) == 1


def test_an_account_that_was_closed_opens_nothing_and_loses_its_slot(office):
    admin = office.unlock("sun")
    admin.desk.perform(CloseAccount(), [1])
    office.leave()
    with pytest.raises(StoreUnavailable) as stale:
        office.unlock("chen")
    assert stale.value.code == "stale_slot"
    office.unlock("li")
    assert not any(account == 1 for account, _ in office.slots)


def test_who_is_refused_leaves_the_register_free_for_the_next(office):
    with pytest.raises(StoreUnavailable):
        office.unlock(password="a guess")
    admin = office.unlock("sun")
    admin.desk.perform(CloseAccount(), [1])
    office.leave()
    with pytest.raises(StoreUnavailable):
        office.unlock("chen")
    assert office.unlock("li").account.login == "li"


# --- the clock ---


@pytest.mark.parametrize("leap", [timedelta(days=-1), timedelta(days=3, minutes=20), timedelta(days=3650)])
def test_a_doubtful_clock_lets_nobody_sign_in_alone(office, leap):
    office.now += leap
    seat = office.unlock()
    before = office.acts(seat)
    assert seat.clock_is_doubtful
    with pytest.raises(Refused) as refused:
        accounts.sign_in(seat)
    assert {refusal.rule for refusal in refused.value.refusals} == {"clock_is_confirmed"}
    assert refused.value.refusals[0].remedy is not None
    assert office.acts(seat) == before


def test_nobody_confirms_the_clock_to_themselves(office):
    office.now += timedelta(days=30)
    seat = office.unlock()
    own = accounts.second_person(seat, "chen", password_of("chen"), "witness")
    with pytest.raises(Refused) as refused:
        accounts.sign_in(seat, own)
    assert refused.value.refusals[0].rule == "signature:witness"


@pytest.mark.parametrize("leap", [timedelta(days=-1), timedelta(days=30)])
def test_two_people_confirm_the_clock_and_the_day_goes_on(office, leap):
    office.now += leap
    seat = office.unlock()
    other = accounts.second_person(seat, "li", password_of("li"), "witness")
    assert other == Signature(2, "witness")
    accounts.sign_in(seat, other)
    assert office.acts(seat)[-2:] == ["confirm_date", "sign_in"]
    office.leave()
    again = office.unlock("li")
    assert not again.clock_is_doubtful
    accounts.sign_in(again)


def test_an_ordinary_weekend_asks_nobody(office):
    office.now += timedelta(days=2, hours=22)
    seat = office.unlock()
    assert not seat.clock_is_doubtful
    accounts.sign_in(seat)


# --- the second person, and the idle lock ---


def test_the_second_person_needs_their_own_password(office):
    seat = office.unlock()
    with pytest.raises(vault.Locked):
        accounts.second_person(seat, "li", password_of("chen"), "witness")
    assert len(tries.failed_tries(office.folder)) == 1
    office.now += timedelta(seconds=2)
    assert accounts.second_person(seat, "li", password_of("li"), "witness").person == 2


def test_a_closed_account_signs_nothing(office):
    seat = office.unlock("sun")
    seat.desk.perform(CloseAccount(), [2])
    with pytest.raises(StoreUnavailable) as stale:
        accounts.second_person(seat, "li", password_of("li"), "witness")
    assert stale.value.code == "stale_slot"


def test_the_idle_lock_opens_to_the_person_who_sits_there(office):
    seat = office.unlock()
    assert accounts.same_person(seat, password_of("chen"))
    with pytest.raises(vault.Locked):
        accounts.same_person(seat, password_of("li"))


# --- changing a password ---


def test_a_changed_password_opens_and_the_old_one_no_longer(office):
    slots.change_password(office.unlock(), NEW, cost=CHEAP)
    office.leave()
    assert (1, 2) in office.slots
    assert (1, 1) not in office.slots
    with pytest.raises(vault.Locked):
        office.unlock()
    office.now += timedelta(seconds=2)
    seat = office.unlock(password=NEW)
    assert seat.account.generation == 2
    with seat.database.reading() as connection:
        assert verify_full(connection).holds


def test_a_password_is_changed_twice_from_one_seat(office):
    seat = office.unlock()
    slots.change_password(seat, "an interim password 7", cost=CHEAP)
    slots.change_password(seat, NEW, cost=CHEAP)
    office.leave()
    assert {slot for slot in office.slots if slot[0] == 1} == {(1, 3)}
    assert office.unlock(password=NEW).account.generation == 3


@pytest.mark.parametrize("weak", ["short", "chenchenchen", "1234567890", "aaaaaaaaaaaa"])
def test_a_weak_password_is_refused_and_the_old_one_stays(office, weak):
    seat = office.unlock()
    before, acts = office.slots, office.acts(seat)
    with pytest.raises(Refused):
        slots.change_password(seat, weak, cost=CHEAP)
    assert office.slots == before
    assert office.acts(seat) == acts


def test_a_change_that_may_not_be_entered_leaves_the_old_password_alone(office):
    seat = office.unlock()
    before = office.slots
    office.now += timedelta(days=30)
    with pytest.raises(Refused):
        slots.change_password(seat, NEW, cost=CHEAP)
    assert office.slots == before


def test_the_order_is_new_slot_then_entry_then_old_slot(office, monkeypatch):
    seat = office.unlock()
    steps = []
    add, remove = vault.add_slot, vault.remove_slot
    monkeypatch.setattr(vault, "add_slot", lambda *a, **k: (steps.append("new"), add(*a, **k))[1])
    monkeypatch.setattr(vault, "remove_slot", lambda *a: (steps.append("old"), remove(*a))[1])
    perform = seat.desk.perform
    monkeypatch.setattr(type(seat.desk), "perform", lambda _, *a: (steps.append("entry"), perform(*a))[1])
    slots.change_password(seat, NEW, cost=CHEAP)
    assert steps == ["new", "entry", "old"]


def test_a_crash_before_the_new_slot_is_written_leaves_everything(office, monkeypatch):
    before = office.slots
    seat = office.unlock()
    monkeypatch.setattr(vault, "written", crash)
    with pytest.raises(Crash):
        slots.change_password(seat, NEW, cost=CHEAP)
    monkeypatch.undo()
    office.leave()
    assert office.slots == before
    assert office.unlock().account.generation == 1


def test_after_a_crash_before_the_entry_the_old_password_holds_and_the_new_slot_goes(office, monkeypatch):
    seat = office.unlock()
    monkeypatch.setattr(type(seat.desk), "perform", crash)
    with pytest.raises(Crash):
        slots.change_password(seat, NEW, cost=CHEAP)
    monkeypatch.undo()
    office.leave()
    assert {(1, 1), (1, 2)} <= office.slots
    with pytest.raises(StoreUnavailable) as unfinished:
        office.unlock(password=NEW)
    assert unfinished.value.code == "unfinished_change"
    seat = office.unlock()
    assert {slot for slot in office.slots if slot[0] == 1} == {(1, 1)}
    slots.change_password(seat, NEW, cost=CHEAP)
    office.leave()
    assert office.unlock(password=NEW).account.generation == 2


def test_after_a_crash_before_the_old_slot_goes_the_new_password_holds_and_it_is_removed(office, monkeypatch):
    seat = office.unlock()
    monkeypatch.setattr(vault, "remove_slot", crash)
    with pytest.raises(Crash):
        slots.change_password(seat, NEW, cost=CHEAP)
    monkeypatch.undo()
    office.leave()
    assert {(1, 1), (1, 2)} <= office.slots
    with pytest.raises(StoreUnavailable) as stale:
        office.unlock()
    assert stale.value.code == "stale_slot"
    assert office.unlock(password=NEW).account.generation == 2
    assert {slot for slot in office.slots if slot[0] == 1} == {(1, 2)}


def test_another_persons_sign_in_mends_it_too(office, monkeypatch):
    seat = office.unlock()
    monkeypatch.setattr(vault, "remove_slot", crash)
    with pytest.raises(Crash):
        slots.change_password(seat, NEW, cost=CHEAP)
    monkeypatch.undo()
    office.leave()
    office.unlock("li")
    assert {slot for slot in office.slots if slot[0] == 1} == {(1, 2)}


def test_the_recovery_slot_survives_every_mending(office):
    office.unlock()
    assert any(account == vault.RECOVERY for account, _ in office.slots)


# --- the recovery sheet, and a vault of another day ---


def test_the_recovery_key_opens_the_register(office):
    kept = vault.read_vault(office.folder)
    opened = vault.open_recovery(kept, office.stage.recovery.lower().replace("-", " "), office.now)
    with files.open_database(office.folder, opened.key) as database, database.reading() as connection:
        assert verify_full(connection).holds


def test_a_vault_from_before_the_change_of_a_password_lets_that_account_in_no_more(office):
    old = (office.folder / "vault.toml").read_bytes()
    slots.change_password(office.unlock(), NEW, cost=CHEAP)
    office.leave()
    (office.folder / "vault.toml").write_bytes(old)
    with pytest.raises(StoreUnavailable) as stale:
        office.unlock()
    assert stale.value.code == "stale_slot"
    assert office.unlock("li").account.login == "li"


def test_a_generation_is_bound_into_its_slot(office):
    kept = vault.read_vault(office.folder)
    from msgspec.structs import replace as other

    forged = replace(kept, slots=tuple(other(slot, generation=2) if slot.account == 1 else slot for slot in kept.slots))
    with pytest.raises(vault.Locked):
        vault.open_slot(forged, "chen", password_of("chen"), office.now)


def test_a_change_is_only_ever_an_entry_of_ones_own_account(office):
    """Whoever sits at the seat cannot raise another's generation and lock them out."""
    seat = office.unlock("wu")
    with pytest.raises(Refused):
        seat.desk.perform(ChangePassword(generation=7), [1])
