"""Whatever is typed: a command is done, or ends with a documented code and a sentence, and leaves nothing half-made."""

import re
import shutil
import sys
from datetime import timedelta
from random import Random

import pytest

from app import cli
from app.stage import password_of, set_up
from app.store import database as files
from app.store import vault
from app.store.proof import verify_full
from tests.services.simple import Bring

CHEAP = vault.Cost(memory_kib=8, passes=1, lanes=1)
CODES = {0, 1, 2, 3}
WORDS = (
    "",
    "book",
    "cut",
    "novault",
    "nodb",
    "badvault",
    "plain",
    "empty",
    "file",
    "nothing",
    "circle",
    "circle/x.csv",
    "circle.csv",
    "gone",
    "gone/a/b",
    "a b\nc",
    "a b\nc.csv",
    "x\udcff",
    "x\udcff.csv",
    "n" * 300,
    "n" * 250 + ".csv",
    "null",
    "full.csv",
    "full.csv/x.csv",
    "/proc/x",
    "/proc/x.csv",
    ".",
    "..",
    "/",
    "~",
    "-",
    "--",
    "-h",
    "*",
    "😀.csv",
    "out.csv",
    "out.xlsx",
    "out.pdf",
    "book/out.csv",
    "book.csv",
    "m.toml",
    "secret",
    "wrong",
    "binary",
    "file/x.csv",
    "0",
    "-1",
    "9" * 21,
    "chen",
    "cover_sheet",
    "2026-0001",
    "I1",
    "\x1b[31mred",
    "{x}",
    "%s",
    "[/]",
    "[red]x[/red]",
    "\\",
    "\u202e",
    "--help",
    "--json",
    "--force",
)
FORMS = ("cover_sheet", "loan_slip", "destruction_certificate", "opening_muster", "badges", "incoming_register")
SETUP = ("setup", "new", "--unit", "U", "--regime", "cn-state", "--account", "a=A:registry_clerk")


@pytest.fixture
def field(tmp_path, monkeypatch):
    """A folder with a register, what is none, and files of every sort; commands are typed in it."""
    field = tmp_path / "field"
    field.mkdir()
    stage = set_up(field / "book", cli.clock() - timedelta(minutes=5), regimes=("cn-state",), cost=CHEAP)
    stage.do(Bring(title="年度计划"))
    stage.close()
    for name, file, content in (
        ("cut", "register.db", b"\x07" * 5_000),
        ("plain", "register.db", b"SQLite format 3\0" + bytes(8_176)),
        ("badvault", "vault.toml", b"\xff\x00=="),
        ("novault", "vault.toml", None),
        ("nodb", "register.db", None),
    ):
        shutil.copytree(field / "book", field / name)
        (field / name / file).write_bytes(content) if content else (field / name / file).unlink()
    for name, content in {
        "file": b"x",
        "nothing": b"",
        "binary": b"\xff\xfe\x00",
        "wrong": b"not this one\n",
        "m.toml": b'regime = "cn-state"\n',
        "secret": password_of("chen").encode() + b"\n",
        "book.csv": "文号,标题,密级\n院1,试验,机密★5年\n院2,x,绝顶\n".encode(),
    }.items():
        (field / name).write_bytes(content)
    (field / "empty").mkdir()
    for name in ("circle", "circle.csv"):
        (field / name).symlink_to(name)
    # By links: what is put in the place of a device as root is put in the place of the link.
    for name, device in (("null", "/dev/null"), ("full.csv", "/dev/full")):
        (field / name).symlink_to(device)
    monkeypatch.chdir(field)
    return field


def any_command(chance):
    """Mostly what somebody means, with some of it wrong."""
    word = lambda usual, often=6: chance.choice((*usual * often, *WORDS))
    login = ["--login", word(("chen",), 150), "--password-file", word(("secret",), 150)]
    book, more = word(("book",), 150), chance.sample(("--json", "--force"), chance.randrange(3))
    anchor = ["--anchor", word(("A" * 200,))] * chance.randrange(2)
    commands = (
        [
            "import",
            book,
            word(("book.csv",), 60),
            *login,
            *more,
            *["--mapping", word(("m.toml", "auto"))] * chance.randrange(2),
            *["--rejects", word(("out.csv", "out.xlsx"))] * chance.randrange(2),
            *["--dry-run"] * chance.randrange(2),
        ],
        [
            "export",
            book,
            word(("out.csv", "out.xlsx"), 30),
            *login,
            *more,
            *["--view", word(("all", "loan"))] * chance.randrange(2),
        ],
        ["print", book, word(FORMS, 20), word(("out.pdf",), 60), *login, "--of", word(("2026-0001", "I1", "S1"), 30)],
        ["verify", book, *login, *anchor, *["--full"] * chance.randrange(2)],
        [word((each,), 40) if at else each for at, each in enumerate(SETUP)],
        ["demo", word(("book", "file")), "--carriers", word(("29", "x"), 200)],
        ["tour", chance.choice(("file", "circle", "null", "/proc/x", "file/x", "n" * 300))],
        [word(("nonsense",))],
    )
    command = list(chance.choices(commands, (6, 4, 4, 3, 2, 1, 1, 1))[0])
    if chance.random() < 0.05:
        command.insert(chance.randint(1, len(command)), chance.choice(WORDS))
    return command


def lie_here(field):
    return {str(path.relative_to(field)) for path in field.rglob("*")}


@pytest.fixture
def typed(monkeypatch, capfd):
    """Type a command; its code and what it said."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(files, "harden_process", lambda: None)  # the tests go on in this process
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "nobody-could-guess-this")

    def type_(words):
        monkeypatch.setattr(sys, "argv", ["custos", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code or 0, *capfd.readouterr()

    return type_


def go_through(field, typed, chance, steps):
    key = vault.open_slot(vault.read_vault(field / "book"), "chen", password_of("chen"), cli.clock()).key
    for _ in range(steps):
        command = any_command(chance)
        before = lie_here(field)
        code, out, err = typed(command)
        new = lie_here(field) - before - {f"{each}/{name}" for each in WORDS for name in ("lock", "attempts")}
        told = (command, code, out, err, new)
        assert code in CODES, told
        assert code == 0 or (out + err).strip(), told
        assert not re.search(r"Traceback|\.py:\d|Warning", out + err), told
        assert not any("/." in f"/{name}" for name in new), told
        assert not new or code == 0 or command[0] == "import", told
    with files.open_database(field / "book", key) as database, database.reading() as connection:
        assert verify_full(connection).holds


@pytest.mark.parametrize("seed", range(3))
def test_any_command_ends_with_a_code_and_a_sentence(field, typed, seed):
    go_through(field, typed, Random(seed), 60)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 120))
def test_thousands_of_commands_end_with_a_code_and_a_sentence(field, typed, seed):
    go_through(field, typed, Random(seed), 300)
