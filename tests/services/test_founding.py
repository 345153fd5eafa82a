"""A register begun: what must be there, what is refused, and that a failure leaves nothing behind."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.control_numbers import unit_in_numbers
from app.domain.people import ADMINISTRATORS
from app.i18n import CHINESE, render
from app.services import accounts, founding
from app.services.founding import Founder, Plan, PlanRefused, found, reasons_against
from app.store import database as files
from app.store import vault
from app.store.failures import StoreUnavailable
from app.store.lookups import Cached, Lookups
from app.store.proof import verify_full
from tests.unit import BEGAN

TOP = Path(__file__).resolve().parents[2]
CHEAP = vault.Cost(memory_kib=8, passes=1, lanes=1)
PASSWORD = "correct horse, battery"
SUN = Founder("Sun Li", ("system_administrator",), "sun", PASSWORD)
ZHOU = Founder("Zhou Jing", ("security_administrator",), "zhou", PASSWORD)
ZHAO = Founder("Zhao Qin", ("auditor",), "zhao", PASSWORD)
CHEN = Founder("陈敏", ("registry_clerk",), "chen", PASSWORD, badge="001")
PLAN = Plan(
    "第二研究院", ("cn-state", "us-dod"), (SUN, ZHOU, ZHAO, CHEN, Founder("Reader")), 107, places=(("Safe", 9),)
)


def clock():
    return BEGAN


def begin(folder, plan=PLAN):
    return found(folder, plan, clock, cost=CHEAP)


def test_a_register_begins_with_its_people_accounts_regimes_and_places(tmp_path):
    made = begin(tmp_path / "deep" / "book")
    assert made.recovery not in repr(made)
    for login in ("sun", "zhou", "zhao", "chen"):
        seat = accounts.unlock(made.folder, login, PASSWORD, clock)
        assert seat.desk.actor.name == next(one.name for one in PLAN.people if one.login == login)
        assert [regime.code for regime in seat.desk.regimes()] == list(PLAN.regimes)
        seat.close()
    seat = accounts.unlock(made.folder, "chen", PASSWORD, clock)
    with seat.database, seat.database.reading() as connection:
        assert verify_full(connection).holds
        assert connection.exec_driver_sql("SELECT number, unit, language FROM register").one() == (
            107, "第二研究院", "both",
        )  # fmt: skip
        assert connection.exec_driver_sql("SELECT count(*) FROM persons").scalar() == 5
    assert made.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in made.folder.iterdir()} == {0o600}


def test_the_recovery_key_is_kept_nowhere(tmp_path):
    made = begin(tmp_path / "book")
    written = b"".join(path.read_bytes() for path in made.folder.iterdir())
    assert made.recovery.encode() not in written
    assert made.recovery.replace("-", "").encode() not in written
    assert vault.open_recovery(vault.read_vault(made.folder), made.recovery, BEGAN).account == vault.RECOVERY


def without(*people):
    return replace(PLAN, people=tuple(one for one in PLAN.people if one not in people))


def but(old, **changes):
    return replace(PLAN, people=tuple(replace(one, **changes) if one is old else one for one in PLAN.people))


REFUSED = {
    "one account": (without(SUN, ZHOU, ZHAO), "At least two accounts"),
    "no unit": (replace(PLAN, unit="  "), "Name the unit"),
    "no regime": (replace(PLAN, regimes=()), "at least one regime"),
    "a regime nobody ships": (replace(PLAN, regimes=("cn-state", "cn-moon")), "cn-moon"),
    "a regime twice": (replace(PLAN, regimes=("cn-state", "cn-state")), "named twice"),
    "a language of the paper nobody reads": (replace(PLAN, language="fr"), "zh, en, both"),
    "number 0": (replace(PLAN, number=0), "between 1 and 999"),
    "number 1000": (replace(PLAN, number=1_000), "between 1 and 999"),
    "a template without its running number": (
        replace(PLAN, numbering={"cn-state": "{level}-{year}"}),
        "running number",
    ),
    "the same login in other letters": (but(CHEN, login="ＳＵＮ"), "same login"),
    "a login of blanks": (but(CHEN, login=" "), "signs that can be seen"),
    "a login that cannot be seen": (but(CHEN, login="che\u200bn\x07"), "signs that can be seen"),
    "a login nobody types whole": (but(CHEN, login="c" * 41), "at most 40 characters"),
    "a person without a name": (but(CHEN, name=" "), "Name the person"),
    "half a character in a name": (but(CHEN, name="Che\ud800n"), "U+D800"),
    "NUL in the unit": (replace(PLAN, unit="Unit\x00"), "U+0000"),
    "a duty that is none": (but(CHEN, duties=("registry_clerk", "gardener")), "gardener"),
    "two with one badge": (but(ZHAO, badge="001"), "Badge 001"),
    "no registry clerk": (without(CHEN), "registry clerk"),
    **{
        f"no {duty}": (without(one), duty.replace("_", " "))
        for duty, one in zip(ADMINISTRATORS, (SUN, ZHOU, ZHAO), strict=True)
    },
    "the auditor administers the system": (but(ZHAO, duties=("auditor", "system_administrator")), "auditor holds"),
    "the auditor administers security": (but(ZHAO, duties=("auditor", "security_administrator")), "auditor holds"),
    "the auditor keeps the register": (but(ZHAO, duties=("auditor", "registry_clerk")), "audits it"),
    "a short password": (but(CHEN, password="short"), "at least 10"),
    "a password that is the name": (but(CHEN, login="chenminchenmin", password="chenminchenmin"), "name of its owner"),
    "a password along the keyboard": (but(CHEN, password="qwertyuiop[]"), "keyboard"),
    "no password": (but(CHEN, password=""), "at least 10"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_plan_that_cannot_be_is_refused_in_words_and_leaves_nothing(tmp_path, why):
    plan, words = REFUSED[why]
    with pytest.raises(PlanRefused) as refused:
        begin(tmp_path / "deep" / "book", plan)
    english = [render(reason) for reason in refused.value.reasons]
    assert any(words in sentence for sentence in english), english
    assert all(render(reason, CHINESE) for reason in refused.value.reasons)
    assert PASSWORD not in " ".join(english)
    assert list(tmp_path.iterdir()) == []


def test_a_login_nobody_types_whole_is_told_while_it_is_typed():
    """The door refused it too, after the register had been begun."""
    (reason,) = reasons_against(but(CHEN, login="c" * 41))
    assert "at most 40 characters" in render(reason)


def test_every_reason_is_told_at_once():
    plan = replace(but(CHEN, password="short"), unit="", regimes=())
    assert len(reasons_against(plan)) >= 3
    assert reasons_against(PLAN) == []


@pytest.mark.parametrize("step", ["files.create", "files.migrate", "_first_entries", "_enter", "vault.add_slot"])
def test_whatever_stops_a_founding_leaves_nothing_behind(tmp_path, monkeypatch, step):
    class Stopped(BaseException):
        pass

    def stopped(*_args, **_more):
        raise Stopped

    owner, _, name = step.rpartition(".")
    monkeypatch.setattr(getattr(founding, owner) if owner else founding, name, stopped)
    with pytest.raises(Stopped):
        begin(tmp_path / "deep" / "book")
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert begin(tmp_path / "deep" / "book").register == 107


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    folder = tmp_path / "book"
    folder.mkdir()
    (folder / "letter.txt").write_text("mine")
    with pytest.raises(StoreUnavailable) as told:
        begin(folder)
    assert told.value.code == "not_free"
    assert [path.name for path in folder.iterdir()] == ["letter.txt"]
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("lost", ["", "vault.toml", "register.db"])
def test_a_register_is_never_begun_over_another_or_over_half_of_one(tmp_path, lost):
    folder = tmp_path / "book"
    begin(folder)
    if lost:
        (folder / lost).unlink()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(StoreUnavailable) as there:
        begin(folder)
    assert there.value.code == "exists"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_beside_an_open_register_nothing_is_begun_and_nothing_taken(tmp_path):
    folder = tmp_path / "book"
    begin(folder)
    key = vault.open_slot(vault.read_vault(folder), "chen", PASSWORD, BEGAN).key
    with files.open_database(folder, key) as database:
        with pytest.raises(StoreUnavailable):
            begin(folder)
        with database.reading() as connection:
            assert verify_full(connection).holds


@pytest.mark.parametrize(
    ("unit", "given", "code"),
    [
        ("第二研究院", "", "第二"),
        ("Second Institute, Registry", "", "SIR"),
        ("Archive", "", "Ar"),
        ("任何", "二院", "二院"),
    ],
)
def test_numbers_bear_the_code_of_the_unit_not_its_name(tmp_path, unit, given, code):
    made = begin(tmp_path / "book", replace(PLAN, unit=unit, unit_code=given))
    seat = accounts.unlock(made.folder, "chen", PASSWORD, clock)
    with seat.database, seat.database.reading() as connection:
        assert unit_in_numbers(Lookups(connection, Cached()).register()) == code


def test_a_code_with_a_space_is_refused(tmp_path):
    reasons = reasons_against(replace(PLAN, unit_code="2 I"))
    assert [render(reason) for reason in reasons] == [
        "The code of the unit stands in every number: write it without spaces."
    ]


def test_before_a_key_is_drawn_the_process_keeps_it_from_core_dumps(tmp_path):
    told = (
        "import resource; from tests.services.test_founding import *; from app.services.founding import vault\n"
        "whole = vault.new_vault\n"
        "def looked(*args, **more):\n"
        "    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "    return whole(*args, **more)\n"
        "vault.new_vault = looked\n"
        f"begin(Path({str(tmp_path)!r}) / 'book')"
    )
    ran = subprocess.run([sys.executable, "-c", told], cwd=TOP, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
