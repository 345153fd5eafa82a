"""The command line as scripts use it: exit codes, JSON, secrets that stay secret, a register through every command."""

import csv
import json
import os
import pty
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlcipher3 import dbapi2

from app import cli, i18n
from app.domain.action import Ref, Subject
from app.sample import sample_accounts
from app.services import accounts
from app.services.printing import print_form
from app.stage import password_of, set_up
from app.store import database as files
from app.store import vault
from tests.services.simple import Bring

DONE, REFUSED, USAGE, ENVIRONMENT = 0, 1, 2, 3
INTERRUPTED = 130
"""As every shell says that Ctrl+C ended a command."""
CHEAP = vault.Cost(memory_kib=8, passes=1, lanes=1)
TITLES = ("年度计划", "=cmd|' /C calc'!A0", "会议纪要")
TOP = Path(__file__).resolve().parent.parent


class Ran:
    """What a command said, and how it ended."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def data(self):
        return json.loads(self.out)


@pytest.fixture
def run(monkeypatch, capfd):
    """Run a command in this process, as its console script does."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    # The tests go on in this process, whose limits hardening would lower for all of them.
    monkeypatch.setattr(files, "harden_process", lambda: None)

    def ran(*words):
        monkeypatch.setattr(sys, "argv", ["custos", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capfd.readouterr()
        return Ran(ended.value.code or 0, out, err)

    return ran


@pytest.fixture
def folder(tmp_path):
    """A register with the sample's cast and three copies."""
    stage = set_up(tmp_path / "book", cli.clock() - timedelta(minutes=5), regimes=("cn-state",), cost=CHEAP)
    for title in TITLES:
        stage.do(Bring(title=title))
    stage.close()
    return tmp_path / "book"


@pytest.fixture
def login(tmp_path):
    """The options with which the clerk Chen signs in."""
    return ("--login", "chen", "--password-file", secret(tmp_path, password_of("chen")))


def secret(tmp_path, password, name="secret"):
    file = tmp_path / name
    file.write_text(password + "\n", encoding="utf-8")
    return file


def key_of(folder):
    return vault.open_slot(vault.read_vault(folder), "chen", password_of("chen"), cli.clock()).key


def length(folder):
    with files.open_database(folder, key_of(folder)) as database, database.reading() as connection:
        return connection.exec_driver_sql("SELECT seq FROM ledger_head").scalar_one()


BOOK = ("文号", "标题", "密级", "份号", "页数")
ROWS = (
    ("院发〔2026〕1号", "试验大纲", "机密★5年", "1", "12"),
    ("院发〔2026〕2号", "器材清册", "秘密★3年", "2", "4"),
    ("院发〔2026〕3号", "没有密级的一件", "绝顶", "1", "4"),
)


@pytest.fixture
def book(tmp_path):
    file = tmp_path / "book.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        csv.writer(opened).writerows((BOOK, *ROWS))
    return file


@pytest.fixture
def mapping(tmp_path):
    file = tmp_path / "mapping.toml"
    file.write_text('regime = "cn-state"\n[constants]\nplace = "Safe B-2 保险柜"\n', encoding="utf-8")
    return file


# --- usage -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("verify",),
        ("verify", "somewhere"),
        ("setup", "x", "--unit", "U", "--regime", "cn-state", "--account", "nobody"),
        ("setup", "x", "--unit", "U", "--regime", "cn-state", "--account", "a=A", "--number", "1000"),
        ("export", "book", "out.csv", "--login", "chen", "--view", "everything"),
        ("export", "book", "out.doc", "--login", "chen"),
        ("demo", "x", "--carriers", "29"),
        ("tour",),
    ],
)
def test_a_command_that_was_not_understood_ends_with_2_and_does_nothing(run, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    ran = run(*words)
    assert ran.code == USAGE
    assert ran.err
    assert list(tmp_path.iterdir()) == []


def test_help_names_every_command_of_the_contract(run):
    ran = run("--help")
    assert ran.code == DONE
    for command in ("run", "setup", "demo", "tour", "import", "export", "print", "verify"):
        assert f" {command} " in ran.out


def test_help_speaks_the_language_of_the_system_down_to_every_option(tmp_path):
    """In a process of its own: the library reads some of its words once."""
    for command in ("", "run", "setup", "demo", "tour", "import", "export", "print", "verify"):
        words = [sys.executable, "-m", "app", *filter(None, [command]), "--help"]
        said = {}
        for columns in ("80", "200"):
            bare = {**os.environ, "LANG": "zh_CN.UTF-8", "COLUMNS": columns}
            ran = subprocess.run(words, cwd=TOP, env=bare, capture_output=True, text=True, timeout=60, check=False)
            assert ran.returncode == DONE, ran.stderr
            said[columns] = ran.stdout
        explained = [line for line in said["200"].splitlines() if line.startswith(("│", " "))]
        lines = [line for line in explained if line.strip(" │") and "python -m app" not in line]
        english = [line for line in lines if not any("\u4e00" <= sign <= "\u9fff" for sign in line)]
        assert english == []
        assert "选项" in said["80"]
        assert "用法：" in said["80"]
        assert "…" not in said["80"], "nothing is cut"


@pytest.mark.parametrize(
    "wrong",
    [
        ("demo",),
        ("demo", "--carriers", "many", "x"),
        ("demo", "--carriers", "3", "x"),
        ("demo", "--carriers", "9000000", "x"),
        ("verify", "x"),
        ("verify", "x", "--login"),
        ("verify", "x", "--anchr"),
        ("verify", "x", "--nothing-like-it"),
        ("verify", "x", "y", "--login", "chen"),
        ("verify", "x", "--full=3"),
        ("export", "x", "y", "--login", "chen"),
        ("nothing",),
    ],
)
def test_a_wrong_usage_is_told_in_the_language_of_the_system(run, monkeypatch, wrong):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")
    ran = run(*wrong)
    assert ran.code == USAGE
    assert "Usage" not in ran.err
    told = next(line for line in ran.err.splitlines() if line.startswith("│"))
    assert any("\u4e00" <= sign <= "\u9fff" for sign in told), told


# --- environment -----------------------------------------------------------------------------------------------


def test_no_register_a_wrong_password_and_no_such_file_are_environment(run, folder, login, tmp_path):
    there_is_none = run("verify", tmp_path / "nowhere", *login)
    wrong = run("verify", folder, "--login", "chen", "--password-file", secret(tmp_path, "not this one", "wrong"))
    no_file = run("verify", folder, "--login", "chen", "--password-file", tmp_path / "none")
    for ran, words in (
        (there_is_none, "There is no register in this folder"),
        (wrong, "caps lock"),
        (no_file, str(tmp_path / "none")),
    ):
        assert ran.code == ENVIRONMENT
        assert words in ran.err
        assert ran.out == ""
        assert "Traceback" not in ran.err


def test_sentences_come_in_the_language_of_the_system(run, tmp_path, login, monkeypatch):
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    ran = run("verify", tmp_path / "nowhere", *login)
    assert ran.code == ENVIRONMENT
    assert "此文件夹中没有登记簿" in ran.err
    assert any("\u4e00" <= sign <= "\u9fff" for sign in ran.err)


def test_a_register_that_is_open_elsewhere_says_who_holds_it(run, folder, login):
    with files.open_database(folder, key_of(folder)):
        ran = run("verify", folder, *login)
    assert ran.code == ENVIRONMENT
    assert str(os.getpid()) in ran.err


def test_a_clock_nobody_confirmed_ends_a_command_with_the_reason(run, folder, login, tmp_path, monkeypatch):
    before = length(folder)
    monkeypatch.setattr(cli, "clock", lambda: datetime.now().astimezone() + timedelta(days=30))
    ran = run("export", folder, tmp_path / "out.csv", *login)
    assert ran.code == REFUSED
    assert "three days" in ran.err
    assert "second person" in ran.err
    assert not (tmp_path / "out.csv").exists()
    assert length(folder) == before


def test_without_a_display_run_ends_with_3_and_names_the_tour():
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    del bare["QT_QPA_PLATFORM"]
    done = subprocess.run(
        [sys.executable, "-m", "app", "run"], cwd=TOP, env=bare, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == ENVIRONMENT
    assert "make tour" in done.stderr


# --- streams ---------------------------------------------------------------------------------------------------


def through_a_shell(redirected, *words, **how):
    """Run a command in a process of its own with no terminal, its streams redirected as a shell does it.

    They are buffered, as they are for everybody: unbuffered ones hide what is left in them at the end.
    """
    how.setdefault("env", {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"})
    command = ["sh", "-c", f'exec "$@" {redirected}', "sh", sys.executable, "-m", "app", *map(str, words)]
    return subprocess.run(
        command, cwd=TOP, capture_output=True, text=True, timeout=60, check=False, start_new_session=True, **how
    )


@pytest.mark.parametrize(("closed", "code"), [("<&-", DONE), (">&-", DONE), ("2>&-", DONE), ("<&- >&- 2>&-", DONE)])
def test_streams_that_are_closed_do_no_harm(run, folder, login, closed, code):
    before = length(folder)
    ran = through_a_shell(closed, "verify", folder, *login)
    assert ran.returncode == code
    assert ran.stderr == ""
    assert (str(before) in ran.stdout) is (">" not in closed.replace("2>", ""))
    assert run("verify", folder, *login).code == DONE


@pytest.mark.parametrize("stdin", ["<&-", "</dev/null"])
def test_without_a_terminal_a_password_is_asked_for_by_file(folder, stdin):
    ran = through_a_shell(stdin, "verify", folder, "--login", "chen")
    assert ran.returncode == ENVIRONMENT
    assert "There is no terminal here" in ran.stderr
    assert "--password-file" in ran.stderr
    assert "Warning" not in ran.stderr
    assert ran.stdout == ""


AT_A_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.executable, sys.argv[1:])"
)


def test_a_password_is_asked_beside_what_is_printed(folder):
    """A script that reads JSON must not read the question too."""
    keyboard, terminal = pty.openpty()
    command = [sys.executable, "-c", AT_A_TERMINAL, "-m", "app", "verify", folder, "--login", "chen", "--json"]
    command[3:3] = [sys.executable]  # what the program itself finds as its own name
    with subprocess.Popen(
        command, cwd=TOP, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as asking:
        assert os.read(keyboard, 1) == b" ", "the blank after the question; the terminal echoes nothing any more"
        os.write(keyboard, password_of("chen").encode() + b"\n")
        out, err = asking.communicate(timeout=60)
    assert json.loads(out)["holds"] is True
    assert "Password for chen" in err.decode()
    for end in (keyboard, terminal):
        os.close(end)


def test_what_cannot_be_said_ends_with_the_reason_and_3(folder, login):
    ran = through_a_shell(">/dev/full", "verify", folder, *login)
    assert ran.returncode == ENVIRONMENT
    assert "What this command says cannot be written: the disk is full." in ran.stderr
    assert through_a_shell("2>/dev/full", "verify", "nowhere", *login).returncode == ENVIRONMENT
    assert through_a_shell(">/dev/full 2>&1", "verify", folder, *login).returncode == ENVIRONMENT


@pytest.mark.parametrize("name", ["circle", "/", ""])
def test_no_path_is_too_odd_to_hold_no_register(run, login, tmp_path, name):
    (tmp_path / "circle").symlink_to("circle")
    ran = run("verify", tmp_path / name if name == "circle" else name, *login)
    assert ran.code == ENVIRONMENT
    assert "There is no register in this folder" in ran.err


def test_a_circle_of_links_is_named_as_one(run, folder, login, tmp_path):
    (tmp_path / "circle.csv").symlink_to("circle.csv")
    ran = run("import", folder, tmp_path / "circle.csv", *login)
    assert ran.code == ENVIRONMENT
    assert "circle.csv cannot be read: its links lead in a circle" in ran.err
    assert "file . cannot be read: it is a folder" in run("import", folder, ".", *login).err


@pytest.mark.parametrize("option", ["file", "--mapping", "--password-file"])
def test_a_device_that_never_ends_is_not_read(run, folder, login, book, option):
    words = {"file": ("/dev/zero", *login), "--mapping": (book, *login, "--mapping", "/dev/zero")}
    ran = run("import", folder, *words.get(option, (book, "--login", "chen", "--password-file", "/dev/zero")))
    assert ran.code == ENVIRONMENT
    assert "it is no file but a device" in ran.err


# --- set-up ----------------------------------------------------------------------------------------------------

ACCOUNTS = (
    "--account", "chen=陈敏:registry_clerk",
    "--account", "sun=Sun Li:system_administrator",
    "--account", "zhou=Zhou Jing:security_administrator",
    "--account", "zhao=Zhao Qin:auditor",
)  # fmt: skip
LOGINS = ("chen", "sun", "zhou", "zhao")


def setup(run, tmp_path, *more, accounts=ACCOUNTS, regime="cn-state", password=password_of):
    secrets = tmp_path / "secrets"
    secrets.write_text("".join(f"{name}={password(name)}\n" for name in LOGINS), encoding="utf-8")
    options = ("--unit", "第二研究院", "--regime", regime, "--password-file", secrets)
    return run("setup", tmp_path / "new", *options, *accounts, *more)


def test_set_up_makes_a_register_that_can_be_signed_in_to(run, tmp_path, login):
    ran = setup(run, tmp_path)
    assert ran.code == DONE, ran.err
    sheet = tmp_path / "new-recovery.pdf"
    assert str(sheet) in ran.out
    assert sheet.stat().st_mode & 0o777 == 0o600
    assert len(PdfReader(sheet).pages) >= 1
    verified = run("verify", tmp_path / "new", *login, "--full", "--json")
    assert verified.code == DONE
    assert verified.data["holds"] is True
    assert accounts.logins(tmp_path / "new") == LOGINS


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"accounts": ACCOUNTS[:2]}, "At least two accounts"),
        ({"accounts": ACCOUNTS[:-2]}, "auditor"),
        ({"regime": "cn-moon"}, "cn-moon"),
        ({"password": lambda _: "short"}, "at least 10"),
        ({"accounts": (*ACCOUNTS, "--account", "CHEN=Another:archivist")}, "same login"),
        ({"accounts": (*ACCOUNTS[:-1], "zhao=Zhao Qin:auditor,system_administrator")}, "auditor holds neither"),
        ({"accounts": (*ACCOUNTS[:-1], "zhao=Zhao Qin:auditor,gardener")}, "gardener"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_leaves_nothing(run, tmp_path, monkeypatch, how, words):
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "nobody-could-guess-this")
    ran = setup(run, tmp_path, **how)
    assert ran.code == REFUSED
    assert words in ran.err
    assert [path.name for path in tmp_path.iterdir()] == ["secrets"]


def test_the_empty_sheet_that_a_killed_set_up_left_does_not_stop_the_next(run, tmp_path):
    sheet = tmp_path / "new-recovery.pdf"
    sheet.touch()
    assert setup(run, tmp_path).code == DONE
    assert len(PdfReader(sheet).pages) >= 1


def test_a_recovery_sheet_goes_over_no_other_file_and_none_is_lost(run, tmp_path):
    other = tmp_path / "new-recovery.pdf"
    other.write_bytes(b"the sheet of another register")
    assert setup(run, tmp_path).code == REFUSED
    assert other.read_bytes() == b"the sheet of another register"
    unwritable = setup(run, tmp_path, "--recovery-sheet", tmp_path / "no" / "such" / "folder.pdf")
    assert unwritable.code == ENVIRONMENT
    assert not (tmp_path / "new").exists()


def test_a_second_register_is_not_begun_over_the_first(run, tmp_path, login):
    assert setup(run, tmp_path).code == DONE
    again = setup(run, tmp_path, "--recovery-sheet", tmp_path / "second.pdf")
    assert again.code == ENVIRONMENT
    assert "already a register" in again.err
    assert not (tmp_path / "second.pdf").exists()
    assert run("verify", tmp_path / "new", *login).code == DONE


# --- import, export, print -------------------------------------------------------------------------------------


def test_an_import_is_judged_then_done_then_found_identical(run, folder, login, book, mapping, tmp_path):
    before = length(folder)
    rejects = tmp_path / "rejects.csv"
    options = (folder, book, *login, "--mapping", mapping, "--json")
    dry = run("import", *options, "--dry-run", "--rejects", rejects)
    assert dry.code == REFUSED, dry.err  # one row is rejected
    assert {name: dry.data[name] for name in ("read", "registered", "rejected")} == {
        "read": 3, "registered": 2, "rejected": 1,
    }  # fmt: skip
    assert length(folder) == before + 1  # the sign-in
    with rejects.open(encoding="utf-8-sig", newline="") as opened:
        head, only = csv.reader(opened)
    assert head[3:] == list(BOOK)
    assert only[:2] == ["4", "密级"]
    assert only[3:] == list(ROWS[2])
    assert rejects.stat().st_mode & 0o777 == 0o600

    done = run("import", *options)
    assert (done.code, done.data["registered"], done.data["rejected"]) == (REFUSED, 2, 1)
    again = run("import", *options)
    assert (again.data["registered"], again.data["identical"], again.data["rejected"]) == (0, 2, 1)
    assert run("verify", folder, *login, "--full").code == DONE


def test_an_import_without_rejects_ends_with_0(run, folder, login, book, mapping):
    lines = book.read_text(encoding="utf-8").splitlines()[:-1]
    book.write_text("\n".join(lines), encoding="utf-8")
    ran = run("import", folder, book, *login, "--mapping", mapping)
    assert ran.code == DONE, ran.err
    assert "2 rows read = 2 registered" in ran.out


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"nothing,known\n1,2\n"])
def test_a_file_that_is_no_book_is_refused(run, folder, login, tmp_path, content):
    file = tmp_path / "odd.csv"
    file.write_bytes(content)
    before = length(folder)
    ran = run("import", folder, file, *login)
    assert ran.code == REFUSED
    assert ran.err
    assert "Traceback" not in ran.err
    assert length(folder) == before + 1


def test_an_import_says_why_and_which_muster_list_is_to_be_signed(run, folder, login, book, mapping, tmp_path):
    ran = run("import", folder, book, *login, "--mapping", mapping)
    assert "Rejected in 密级, row 4: “绝顶”" in ran.out
    code = ran.out.split("--of ")[1].split()[0]
    muster = tmp_path / "muster.pdf"
    assert run("print", folder, "opening_muster", muster, "--of", code, *login).code == DONE
    assert len(PdfReader(muster).pages) >= 1


def test_a_book_that_is_not_there_is_environment(run, folder, login, tmp_path):
    ran = run("import", folder, tmp_path / "none.xlsx", *login, "--regime", "cn-state")
    assert ran.code == ENVIRONMENT
    assert "none.xlsx" in ran.err


def exported(run, folder, login, out, *more):
    ran = run("export", folder, out, *login, "--json", *more)
    assert ran.code == DONE, ran.err
    assert out.stat().st_mode & 0o777 == 0o600
    return ran.data


def test_lists_are_exported_with_formulas_disarmed(run, folder, login, tmp_path):
    data = exported(run, folder, login, tmp_path / "out.csv")
    assert (data["rows"], data["cut"], data["stopped"]) == (3, 0, False)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as opened:
        found = {row["Title"] for row in csv.DictReader(opened)}
    assert found == {TITLES[0], f"'{TITLES[1]}", TITLES[2]}
    exported(run, folder, login, tmp_path / "out.xlsx", "--view", "held")
    head, *rows = CalamineWorkbook.from_path(tmp_path / "out.xlsx").get_sheet_by_index(0).to_python()
    assert {row[head.index("Title")] for row in rows} == set(TITLES)
    assert exported(run, folder, login, tmp_path / "none.csv", "--view", "loan")["rows"] == 0


def test_people_and_places_come_along_where_that_is_said(run, folder, login, tmp_path):
    file = tmp_path / "old.csv"
    file.write_text("登记号,标题,密级,存放位置\n甲1,t,秘密,新柜\n", encoding="utf-8")
    command = ("import", folder, file, *login, "--regime", "cn-state")
    rejected = run(*command)
    assert rejected.code == REFUSED
    assert "新柜" in rejected.out
    assert run(*command, "--come-along", "-1").code == USAGE
    assert run(*command, "--come-along", "2").code == DONE


def test_the_accounts_of_the_sample_are_told_in_the_language_that_is_shown():
    i18n.use(i18n.CHINESE)
    found = {account.login: account.who for account in sample_accounts()}
    i18n.use(i18n.ENGLISH)
    assert found["li"] == "李娜 Li Na、保密员、档案管理员"
    assert "李娜 Li Na, registry clerk, archivist" in {account.who for account in sample_accounts()}


@pytest.mark.parametrize("is_link", [True, False])
def test_a_device_is_never_replaced_by_a_file(run, folder, login, book, tmp_path, is_link):
    """As root a list went into the place of /dev/null, for every program of the machine."""
    for name in ("list.csv", "paper.pdf", "rejects.csv"):
        at = tmp_path / name
        at.symlink_to("/dev/null") if is_link else os.mkfifo(at)
    before = length(folder)
    for command in (
        ("export", folder, tmp_path / "list.csv"),
        ("print", folder, "badges", tmp_path / "paper.pdf", "--of", "P1"),
        ("import", folder, book, "--rejects", tmp_path / "rejects.csv"),
    ):
        ran = run(*command, *login, "--force")
        assert ran.code == ENVIRONMENT
        assert "it is no file but a device" in ran.err
    assert length(folder) == before + 2, "two signed in, and nothing is noted that was not done"
    for name in ("list.csv", "paper.pdf", "rejects.csv"):
        assert (tmp_path / name).is_symlink() if is_link else (tmp_path / name).is_fifo()


def test_nothing_is_written_over_a_file_that_is_there_unless_it_is_said(run, folder, login, book, mapping, tmp_path):
    number = f"{cli.clock().year}-0001"
    taken = tmp_path / "taken.csv"
    commands = (
        ("export", folder, taken),
        ("print", folder, "cover_sheet", taken, "--of", number),
        ("import", folder, book, "--mapping", mapping, "--rejects", taken),
    )
    for command in commands:
        taken.write_text("mine", encoding="utf-8")
        before = length(folder)
        ran = run(*command, *login)
        assert ran.code == REFUSED
        assert str(taken) in ran.err
        assert "--force" in ran.err
        assert taken.read_text(encoding="utf-8") == "mine"
        assert length(folder) == before
        assert run(*command, *login, "--force").code == (REFUSED if command[0] == "import" else DONE)
        assert taken.read_bytes() != b"mine"


def test_an_export_that_cannot_be_written_is_refused_and_noted_nowhere(run, folder, login, tmp_path):
    before = length(folder)
    ran = run("export", folder, tmp_path / "no" / "out.xlsx", *login)
    assert ran.code == ENVIRONMENT
    assert "out.xlsx" in ran.err
    assert length(folder) == before + 1


def test_what_has_nowhere_to_go_is_not_noted_as_printed(run, folder, login, tmp_path):
    before = length(folder)
    for out in (tmp_path / "no" / "out.pdf", tmp_path):
        ran = run("print", folder, "cover_sheet", out, "--of", f"{cli.clock().year}-0001", *login)
        assert ran.code == ENVIRONMENT
    assert length(folder) == before


def test_a_form_is_printed_and_then_reprinted(run, folder, login, tmp_path):
    first, second = tmp_path / "first.pdf", tmp_path / "second.pdf"
    number = f"{cli.clock().year}-0001"
    for out in (first, second):
        ran = run("print", folder, "cover_sheet", out, "--of", number, *login)
        assert ran.code == DONE, ran.err
        assert out.stat().st_mode & 0o777 == 0o600
    words = [PdfReader(BytesIO(out.read_bytes())).pages[0].extract_text() for out in (first, second)]
    assert "Reprint" in words[1]
    assert "Reprint" not in words[0]


@pytest.mark.parametrize(
    ("form", "of", "words"), [("poem", "2026-0001", "poem"), ("cover_sheet", "no such number", "no such number")]
)
def test_what_cannot_be_printed_is_refused_by_name(run, folder, login, tmp_path, form, of, words):
    ran = run("print", folder, form, tmp_path / "out.pdf", "--of", of, *login)
    assert ran.code == REFUSED
    assert words in ran.err
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize("form", ["destruction_certificate", "loan_slip", "handover_list", "badges", "opening_muster"])
def test_a_form_is_printed_of_nothing_but_what_it_is_about(run, folder, login, tmp_path, form):
    """A carrier and a slip may have the same number inside: a certificate of destruction came out for a copy."""
    before = length(folder)
    ran = run("print", folder, form, tmp_path / "out.pdf", "--of", f"{cli.clock().year}-0001", *login)
    assert ran.code == REFUSED
    assert "is not printed of this; name what it is about" in ran.err
    assert not (tmp_path / "out.pdf").exists()
    assert length(folder) == before + 1, "the sign-in"


# --- verify ----------------------------------------------------------------------------------------------------


def test_verify_says_how_many_entries_hold(run, folder, login):
    before = length(folder)
    ran = run("verify", folder, *login)
    assert ran.code == DONE
    assert str(before) in ran.out.replace(",", "")
    assert length(folder) == before, "to look is no act"


def anchor_of(folder):
    seat = accounts.unlock(folder, "chen", password_of("chen"), cli.clock)
    with seat.database:
        with seat.database.reading() as connection:
            carrier = connection.exec_driver_sql("SELECT min(id) FROM carriers").scalar_one()
        return print_form(seat.desk, "cover_sheet", Ref(Subject.CARRIER, carrier)).anchor


def test_an_anchor_of_an_old_paper_holds_and_a_forged_one_does_not(run, folder, login):
    anchor = anchor_of(folder)
    good = run("verify", folder, *login, "--anchor", anchor, "--json")
    assert (good.code, good.data["holds"], good.data["anchors"]) == (DONE, True, 1)
    for text in (anchor[:-4] + "AAAA", "not an anchor", ""):
        bad = run("verify", folder, *login, "--anchor", text, "--anchor", anchor, "--json")
        assert (bad.code, bad.data["holds"], bad.data["anchors"]) == (REFUSED, False, 2)
        assert len(bad.data["wrong"]) == 1


def tamper(folder, *statements):
    """What somebody does who has the key and a database tool."""
    connection = dbapi2.connect(str(folder / files.DATABASE_FILE), isolation_level=None)
    connection.set_key(f"x'{key_of(folder).hex()}'")
    for name in [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


EDITS = {
    "a date": "UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), '202', '201') AS BLOB) WHERE seq = {n}",
    "a body, as text": "UPDATE ledger SET body = replace(CAST(body AS TEXT), '202', '201') WHERE seq = {n}",
    "a body, left empty": "UPDATE ledger SET body = x'' WHERE seq = {n}",
    "a seal": "UPDATE ledger SET seal = 'nonsense' WHERE seq = {n}",
    "one removed": "DELETE FROM ledger WHERE seq = {n}",
    "the time": "UPDATE ledger SET at = '1999-01-01T00:00:00.000+00:00' WHERE seq = {n}",
}


@pytest.mark.parametrize("edit", EDITS)
def test_verify_finds_an_entry_that_was_edited_and_names_it(run, folder, login, edit):
    seq = length(folder) - 2
    tamper(folder, EDITS[edit].format(n=seq))
    ran = run("verify", folder, *login, "--json", "--full")
    assert ran.code == REFUSED, ran.err
    assert ran.data["first_wrong"] == seq
    assert str(seq) in ran.data["wrong"][0]
    if edit != "the time":  # a column for searching; the chain alone does not look at it
        plain = run("verify", folder, *login, "--chain")
        assert plain.code == REFUSED
        assert str(seq) in plain.out


def test_verify_finds_a_head_that_was_edited(run, folder, login):
    tamper(folder, "UPDATE ledger_head SET seal = 'nonsense'")
    ran = run("verify", folder, *login, "--json")
    assert (ran.code, ran.data["holds"]) == (REFUSED, False)


def test_verify_finds_a_projection_that_was_edited(run, folder, login):
    tamper(folder, "UPDATE carriers SET state = 'destroyed' WHERE id = 2")
    assert run("verify", folder, *login, "--chain").code == DONE, "the chain alone is whole"
    for full in ([], ["--full"]):
        ran = run("verify", folder, *login, *full, "--json")
        assert ran.code == REFUSED
        assert ran.data["wrong"]


# --- secrets ---------------------------------------------------------------------------------------------------


def test_no_password_comes_as_an_argument(run):
    for command in ("setup", "import", "export", "print", "verify"):
        words = run(command, "--help").out
        assert "--password-file" in words
        assert "--password " not in words


def test_a_fault_is_told_without_a_word_of_what_was_entered(run, folder, login, monkeypatch, tmp_path):
    def broken(*_args, **_more):
        raise ZeroDivisionError(f"{TITLES[0]} {password_of('chen')}")

    monkeypatch.setattr("app.store.whole.verify_whole", broken)
    monkeypatch.setattr(sys, "argv", ["custos", "verify", str(folder), *map(str, login)])
    with pytest.raises(ZeroDivisionError) as fault:
        cli.main()
    told = []
    monkeypatch.setattr("typer.echo", lambda words, **_: told.append(words))
    sys.excepthook(fault.type, fault.value, fault.tb)
    assert "ZeroDivisionError" in told[0]
    assert "app/cli.py" in told[0]
    assert TITLES[0] not in told[0]
    assert password_of("chen") not in told[0]


def test_in_a_process_of_its_own_no_secret_is_said_or_kept(folder, login, tmp_path, home):
    key = key_of(folder).hex()
    command = [sys.executable, "-m", "app", "export", folder, tmp_path / "out.xlsx", *login]
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == DONE, done.stderr
    written = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    for said in (done.stdout.encode(), done.stderr.encode(), written):
        assert password_of("chen").encode() not in said
        assert key.encode() not in said
        assert TITLES[0].encode() not in said


# --- demo and tour ---------------------------------------------------------------------------------------------


def test_the_sample_register_opens_with_the_passwords_that_were_printed(run, tmp_path):
    ran = run("demo", tmp_path / "demo", "--carriers", "40")
    assert ran.code == DONE, ran.err
    login, password = next(line.split()[:2] for line in ran.out.splitlines() if line.startswith("  chen"))
    secrets = secret(tmp_path, password)
    verified = run("verify", tmp_path / "demo", "--login", login, "--password-file", secrets, "--full", "--json")
    assert (verified.code, verified.data["holds"]) == (DONE, True)
    before = length(tmp_path / "demo")
    again = run("demo", tmp_path / "demo", "--carriers", "40")
    assert again.code == DONE, "whoever asks for it wants to have it"
    assert "already" in again.out
    assert [line for line in again.out.splitlines() if line.startswith("  ")] == [
        line for line in ran.out.splitlines() if line.startswith("  ")
    ]
    assert length(tmp_path / "demo") == before


def test_a_register_that_is_no_sample_is_not_taken_for_one(run, tmp_path):
    assert setup(run, tmp_path).code == DONE
    ran = run("demo", tmp_path / "new")
    assert ran.code == ENVIRONMENT
    assert "already a register" in ran.err


def test_a_sample_that_was_stopped_leaves_nothing(run, tmp_path, monkeypatch):
    def stopped(_stage):
        raise KeyboardInterrupt

    monkeypatch.setattr("app.sample._fifth_week", stopped)
    (tmp_path / "empty").mkdir()
    for name in ("demo", "empty", "above/it"):
        assert run("demo", tmp_path / name, "--carriers", "30").code == INTERRUPTED
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]


@pytest.fixture
def without_network():
    """The words that start a program on a machine with no network at all, where that is allowed."""
    words = ["unshare", "--net"]
    allowed = (
        shutil.which("unshare") and not subprocess.run([*words, "true"], capture_output=True, check=False).returncode
    )
    return words if allowed else []


def test_the_tour_writes_every_form_and_proves_the_book_where_there_is_no_network(tmp_path, without_network):
    command = [*without_network, sys.executable, "-m", "app", "tour", tmp_path / "tour"]
    ran = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=110, check=False)
    assert ran.returncode == DONE, ran.stderr + ran.stdout
    papers = sorted((tmp_path / "tour").glob("*.pdf"))
    assert len(papers) >= 20
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in papers)
    assert len(ran.stdout.splitlines()) >= 8
