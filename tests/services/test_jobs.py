"""Long work in a child process: progress, cancelling, going on; and what a child that is killed leaves behind."""

import csv
import itertools
import os
import signal
import time
from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app import jobs
from app.actions.office import RegisterPerson
from app.i18n import CHINESE
from app.paths import resource
from app.services.importing import import_file
from app.stage import password_of, set_up
from app.store import vault
from app.store.proof import verify_full

CHEAP = vault.Cost(memory_kib=8, passes=1, lanes=1)
ROWS = 1_200
SECRET_TITLE = "绝不外传的标题"


def never():
    return False


def silent(_done, _total):
    pass


class Office:
    """A register with a clerk at the seat, a book to take over, and the key for the child."""

    def __init__(self, above):
        self.folder = above / "book"
        self.stage = set_up(
            self.folder, datetime.now().astimezone() - timedelta(minutes=5), regimes=("cn-state",), cost=CHEAP
        )
        self.key = vault.open_slot(
            vault.read_vault(self.folder), "chen", password_of("chen"), datetime.now().astimezone()
        ).key
        self.file = above / "laws.csv"
        self.rows = self.write()

    def write(self, times=1):
        """The first laws of the sample, `times` over, each time under numbers and titles of their own; gives how many.

        Four times takes most of a second: whatever stops a child then finds it in the middle, on a fast machine too.
        """
        with resource("sample/cn-laws.csv").open(encoding="utf-8-sig", newline="") as file:
            head, *laws = itertools.islice(csv.reader(file), ROWS + 1)
        named = [head.index("编号"), head.index("标题")]
        with self.file.open("w", encoding="utf-8-sig", newline="") as file:
            book = csv.writer(file)
            book.writerow(head)
            for turn in range(times):
                book.writerows(
                    [f"{cell}-{turn}" if turn and place in named else cell for place, cell in enumerate(law)]
                    for law in laws
                )
        return ROWS * times

    def order(self, job, *, language="en", actor=1, key=None, **answers):
        return jobs.Order(job, self.folder, key or self.key, actor, language, answers)

    def take_over(self, progress=silent, cancelled=never, **more):
        order = self.order("import", file=str(self.file), mapping="cn-laws", **more)
        return jobs.run_in_child(order, progress, cancelled)

    @property
    def carriers(self):
        with self.stage.database.reading() as connection:
            return connection.exec_driver_sql("SELECT count(*) FROM carriers").scalar_one()

    def holds(self):
        with self.stage.database.reading() as connection:
            proof = verify_full(connection)
        assert proof.holds, proof.wrong
        return True


@pytest.fixture
def office(tmp_path):
    made = Office(tmp_path)
    yield made
    made.stage.close()


def children():
    """The processes this one has started."""
    return [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]


# --- work that ends ---


def test_an_import_tells_its_progress_and_gives_its_report(office):
    told = []
    report = office.take_over(lambda *each: told.append(each))
    assert (
        report["read"] == ROWS == report["registered"] + report["identical"] + report["differing"] + report["rejected"]
    )
    assert report["registered"] > ROWS * 0.9
    assert told[0] == (0, ROWS)
    assert told[-1] == (ROWS, ROWS)
    assert told == sorted(told)
    assert len(told) >= 4
    assert office.carriers >= report["registered"]
    assert office.holds()
    again = office.take_over()
    assert again["registered"] == 0
    assert again["rejected"] == report["rejected"]
    assert office.carriers == report["carriers"]


def test_a_dry_run_writes_nothing(office):
    before = office.carriers
    report = office.take_over(dry_run=True)
    assert report["registered"] > 0
    assert office.carriers == before


def test_the_seat_goes_on_acting_while_a_child_works(office):
    entered = []

    def act(_done, _total):
        began = time.perf_counter()
        office.stage.clock.now = datetime.now().astimezone()
        office.stage.do(RegisterPerson(name=f"Reader {len(entered)}"))
        entered.append(time.perf_counter() - began)

    office.take_over(act)
    assert len(entered) >= 4
    assert max(entered) < 2  # a busy machine; alone it is some milliseconds
    assert office.holds()


def test_a_proof_in_the_child_is_the_proof(office):
    told = []
    found = jobs.run_in_child(office.order("verify", full=True), lambda *each: told.append(each), never)
    assert found["holds"]
    assert found["wrong"] == ""
    assert told
    with office.stage.database.reading() as connection:
        assert found["seal"] == verify_full(connection).seal.hex()
    with office.stage.database.writing() as connection:
        connection.exec_driver_sql("UPDATE persons SET department = 'elsewhere' WHERE id = 3")
    wrong = jobs.run_in_child(office.order("verify", full=True, language=CHINESE), silent, never)
    assert not wrong["holds"]
    assert wrong["at"] > 0
    assert str(wrong["at"]) in wrong["wrong"]


def test_an_export_in_the_child_is_the_list(office, tmp_path):
    import_file(office.stage.desk(), office.file, "cn-laws")
    out = tmp_path / "list.csv"
    report = jobs.run_in_child(office.order("export", file=str(out), view="held"), silent, never)
    assert report["rows"] == office.carriers
    assert out.stat().st_mode & 0o777 == 0o600
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == report["rows"]


# --- refusals ---


@pytest.mark.parametrize("language", ["en", CHINESE])
def test_a_refusal_comes_back_in_words(office, tmp_path, language):
    (tmp_path / "no.csv").write_text("a,b\n1,2\n")
    with pytest.raises(jobs.JobRefused) as refused:
        jobs.run_in_child(office.order("import", file=str(tmp_path / "no.csv"), language=language), silent, never)
    assert refused.value.cause
    assert refused.value.remedy
    assert any(sign >= "\u4e00" for sign in refused.value.cause) == (language == CHINESE)


def test_a_wrong_key_is_the_environments_refusal(office):
    with pytest.raises(jobs.JobRefused) as refused:
        jobs.run_in_child(office.order("verify", key=bytes(32)), silent, never)
    assert refused.value.code == "wrong_key"


def test_an_actor_without_the_duty_is_refused_by_the_rules(office):
    order = office.order("import", actor=5, file=str(office.file), mapping="cn-laws")  # the auditor
    with pytest.raises(jobs.JobRefused) as refused:
        jobs.run_in_child(order, silent, never)
    assert refused.value.code == "actor_has_the_duty"
    assert office.carriers == 0


def test_an_export_nowhere_is_refused_with_a_remedy(office, tmp_path):
    with pytest.raises(jobs.JobRefused) as refused:
        jobs.run_in_child(office.order("export", file=str(tmp_path / "no" / "list.xlsx")), silent, never)
    assert "list.xlsx" in refused.value.cause
    assert refused.value.remedy


# --- secrets ---


def test_the_key_is_in_no_argument_and_no_environment(office):
    seen = []

    def look(_done, _total):
        for pid, part in itertools.product(children(), ("cmdline", "environ")):
            with suppress(OSError):  # hardened, its environment is for root's eyes alone; gone, for nobody's
                seen.append(Path(f"/proc/{pid}/{part}").read_bytes())

    office.take_over(look)
    assert any(b"app.jobs" in each for each in seen)
    for each in seen:
        assert office.key not in each
        assert office.key.hex().encode() not in each.lower()
        assert b"laws.csv" not in each
    assert office.key.hex() not in repr(office.order("verify"))


def test_a_fault_in_the_child_comes_back_without_a_word(office, capfd):
    with pytest.raises(jobs.JobFailed) as failed:
        jobs.run_in_child(office.order("import", fil=SECRET_TITLE), silent, never)
    trace = failed.value.trace
    assert "builtins.KeyError" in trace
    assert "app/jobs.py" in trace
    out, err = capfd.readouterr()
    for said in (trace, str(failed.value), out, err):
        assert SECRET_TITLE not in said
        assert office.key.hex() not in said


# --- stopping ---


def stop_after(rows):
    reached = []
    return (lambda done, _total: reached.append(done)), (lambda: bool(reached) and reached[-1] >= rows)


def completes(office):
    """Whatever stopped an import: the same file again goes on, and then every row is there exactly once."""
    report = office.take_over()
    assert not report["cancelled"]
    assert (
        report["read"]
        == office.rows
        == report["registered"] + report["identical"] + report["differing"] + report["rejected"]
    )
    with office.stage.database.reading() as connection:
        codes = Counter(connection.exec_driver_sql("SELECT foreign_code FROM carriers").scalars())
        states = Counter(connection.exec_driver_sql("SELECT state FROM imports").scalars())
    assert max(codes.values()) == 1
    assert len(codes) == report["registered"] + report["identical"]
    assert states["open"] == 0
    return office.holds()


def test_a_cancelled_import_keeps_what_was_finished_and_goes_on(office):
    office.rows = office.write(times=4)
    report = office.take_over(*stop_after(500))
    assert report["cancelled"]
    assert 500 <= report["read"] < office.rows
    assert office.carriers == report["carriers"] > 0
    assert office.holds()
    assert completes(office)


def test_a_window_that_fails_while_it_listens_stops_the_child(office):
    office.rows = office.write(times=4)

    def broken(done, _total):
        if done >= 250:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        office.take_over(broken)
    assert children() == []
    assert 0 < office.carriers < office.rows * 0.9
    assert completes(office)


def test_a_proof_can_be_stopped(office):
    office.rows = office.write(times=4)
    import_file(office.stage.desk(), office.file, "cn-laws")
    with pytest.raises(jobs.JobRefused) as stopped:
        jobs.run_in_child(office.order("verify", full=True), silent, lambda: True)
    assert stopped.value.code == "stopped"


def test_a_stopped_export_says_so(office, tmp_path):
    import_file(office.stage.desk(), office.file, "cn-laws")
    out = tmp_path / "list.csv"
    report = jobs.run_in_child(office.order("export", file=str(out)), silent, lambda: True)
    assert report["rows"] <= office.carriers


@pytest.mark.parametrize(("after", "wait"), [(0, 0.0), (250, 0.013), (500, 0.04), (750, 0.087)])
def test_a_child_killed_in_the_middle_of_an_import_loses_nothing(office, after, wait):
    """kill -9 between any two instructions: what was committed stays, what was not never was."""
    office.rows = office.write(times=4)
    confirmed = []

    def kill(done, _total):
        confirmed.append(done)
        if done >= after:
            time.sleep(wait)
            for pid in children():
                os.kill(pid, signal.SIGKILL)

    with pytest.raises(jobs.JobFailed) as failed:
        office.take_over(kill)
    assert failed.value.trace == ""
    assert office.holds()
    assert office.carriers >= confirmed[-1] * 0.9  # rows it had told as done, but for those that were rejected
    assert office.carriers < office.rows / 2
    office.stage.clock.now = datetime.now().astimezone()
    office.stage.do(RegisterPerson(name="Reader"))  # the seat was never in the way of it
    assert completes(office)


def test_a_child_that_dies_before_it_listens_is_a_failure_not_a_hang(office, monkeypatch, tmp_path):
    nothing = tmp_path / "nothing"
    nothing.write_text("#!/bin/sh\nexit 1\n")
    nothing.chmod(0o700)
    monkeypatch.setattr(jobs.sys, "executable", str(nothing))
    with pytest.raises(jobs.JobFailed):
        office.take_over()


def test_half_a_word_of_a_dying_child_is_no_result(office, monkeypatch, tmp_path):
    torn = tmp_path / "torn"
    torn.write_text('#!/bin/sh\nread line\nprintf \'{"progress": [1, 2]}\\n{"result": {"read": 1\'\n')
    torn.chmod(0o700)
    monkeypatch.setattr(jobs.sys, "executable", str(torn))
    told = []
    with pytest.raises(jobs.JobFailed):
        office.take_over(lambda *each: told.append(each))
    assert told == [(1, 2)]
