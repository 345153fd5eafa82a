"""The command line: a contract that scripts rely on (DESIGN.md 10).

Exit codes: 0 done, 1 refused or found wrong, 2 wrong usage, 3 environment. Passwords come from a prompt or a file,
never as an argument, where every user of the machine could read them.
"""

from __future__ import annotations

import io
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from app import i18n, settings
from app.domain.words import N_, Says, says, says_n
from app.log import trace_without_words

if TYPE_CHECKING:
    from types import TracebackType

    from app.services.accounts import SignedIn
    from app.services.desk import Refused
    from app.store.failures import StoreUnavailable

REFUSED, ENVIRONMENT = 1, 3

app = typer.Typer(
    name="custos",
    help="Custos keeps the register of classified carriers.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback with local variables would print keys and titles
    add_completion=False,
)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Login = Annotated[str, typer.Option("--login", help="The account to sign in with.")]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", help="A file whose first line is the password; otherwise it is asked.")
]
Register = Annotated[Path, typer.Argument(help="The folder of the register.")]


def main() -> None:
    """Run the command line; what the rules or the environment refuse becomes sentences and an exit code."""
    i18n.use(i18n.system_language())
    sys.excepthook = _fault
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may hold what the terminal cannot say
    command = typer.main.get_command(app)  # calling `app` itself would put another excepthook in place of ours
    try:
        command()
    except settings.SettingsUnreadable as error:
        _fail(ENVIRONMENT, error.cause, error.remedy)
    except _store_unavailable() as error:
        _fail(ENVIRONMENT, error.cause, error.remedy)
    except _refused() as error:
        _tell_refusals(error)
        raise SystemExit(REFUSED) from None
    except OSError as error:
        name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else ""
        cause = says(N_("The file {file} cannot be read or written: {cause}."), file=name, cause=error.strerror or "")
        _fail(ENVIRONMENT, cause, says(N_("Check its path, its owner, and the room on its disk.")))


def _store_unavailable() -> type[StoreUnavailable]:
    from app.store.failures import StoreUnavailable  # start-up: `--help` needs no database

    return StoreUnavailable


def _refused() -> type[Refused]:
    from app.services.desk import Refused  # start-up: as above

    return Refused


def _tell_refusals(refused: Refused) -> None:
    for refusal in refused.refusals:
        sentences = [refusal.reason, *([refusal.remedy] if refusal.remedy else [])]
        typer.echo(" ".join(map(i18n.render, sentences)), err=True)


def _fault(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    """A mistake of ours is told by its place in the program: its words might be a title or a password."""
    typer.echo(trace_without_words(error), err=True)


def clock() -> datetime:
    """The workstation's clock, with its zone."""
    return datetime.now().astimezone()


@app.command()
def run(register: Annotated[Path | None, typer.Option(help="The folder of the register to open.")] = None) -> None:
    """Open the desktop program; the first start offers a new register or the sample register."""
    from app.main import run_window  # start-up: Qt only where there is a window

    raise typer.Exit(run_window(register))


@app.command()
def setup(
    path: Annotated[Path, typer.Argument(help="Where the new register goes: a folder that does not exist yet.")],
    unit: Annotated[str, typer.Option(help="The unit that keeps the register.")],
    regime: Annotated[list[str], typer.Option(help="cn-state, cn-work, cn-company, us-dod; may be repeated.")],
    account: Annotated[
        list[str], typer.Option(help="LOGIN=NAME:duty,duty; at least two, together with all administrators' duties.")
    ],
    number: Annotated[int, typer.Option(min=1, max=999, help="The register's number in every barcode.")] = 1,
    unit_code: Annotated[
        str, typer.Option(help="What stands for the unit in numbers; otherwise made of its name.")
    ] = "",
    language: Annotated[str, typer.Option(help="Language of the paper: zh, en or both.")] = "both",
    password_file: Annotated[
        Path | None, typer.Option(help="Lines LOGIN=PASSWORD; otherwise every password is asked.")
    ] = None,
    recovery_sheet: Annotated[Path | None, typer.Option(help="Where the recovery sheet is written, as PDF.")] = None,
) -> None:
    """Begin a new register with its first accounts and its recovery sheet."""
    from app.services import founding  # start-up: keys and tables only here

    passwords = _passwords(password_file)
    people = tuple(_founder(text, passwords) for text in account)
    plan = founding.Plan(
        unit=unit, regimes=tuple(regime), people=people, number=number, language=language, unit_code=unit_code
    )
    sheet = recovery_sheet or path.parent / f"{path.name}-recovery.pdf"
    if reasons := founding.reasons_against(plan):
        _refuse(reasons)
    # A set-up that was killed leaves an empty sheet: there is nothing in it to lose.
    if sheet.exists() and not (sheet.is_file() and sheet.stat().st_size == 0):
        _refuse([says(N_("There is already a file {file}; the recovery sheet goes over no other."), file=str(sheet))])
    from app.services.printing import recovery_sheet as drawn  # start-up: reportlab only for paper
    from app.store.database import harden_process  # start-up: as above

    # Before anything is founded: a register whose only recovery key could not be written would be lost with it.
    _write_private(sheet, b"")
    harden_process()
    try:
        made = founding.found(path, plan, clock)
        paper = drawn(unit=unit, register=number, recovery=made.recovery, language=language, today=clock().date())
        _write_private(sheet, paper)
    except founding.PlanRefused as refused:
        sheet.unlink()
        _refuse(refused.reasons)
    except BaseException:
        sheet.unlink()  # empty: nothing was founded, or its paper was not drawn
        raise
    typer.echo(_(N_("Register {number} begun in {path}."), number=number, path=str(path)))
    typer.echo(_(N_("Print {sheet}, lock it away, and delete the file."), sheet=str(sheet)))


def _founder(text: str, passwords: dict[str, str]) -> Any:
    from app.services.founding import Founder  # start-up: only set-up needs it

    login, _equals, rest = text.partition("=")
    name, _colon, duties = rest.partition(":")
    if not login or not name:
        raise typer.BadParameter(f"{text!r} is not LOGIN=NAME:duty,duty")
    password = passwords.get(login) or typer.prompt(
        _(N_("Password for {login}"), login=login), hide_input=True, confirmation_prompt=True
    )
    return Founder(name, tuple(duty for duty in duties.split(",") if duty), login, password)


def _passwords(file: Path | None) -> dict[str, str]:
    if file is None:
        return {}
    lines = (line.partition("=") for line in _text(file).splitlines() if "=" in line)
    return {login.strip(): password for login, _equals, password in lines}


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{file} is not written in UTF-8") from error


@app.command()
def demo(
    directory: Annotated[Path, typer.Argument(help="Where the sample register goes.")],
    carriers: Annotated[
        int, typer.Option(min=30, max=1_000_000, help="How many carriers it takes over; a few are made here besides.")
    ] = 1_200,
) -> None:
    """Make a sample register of real public records; prints its accounts and passwords."""
    from app.sample import make_sample  # start-up: only a demo makes one

    made = make_sample(directory, clock, carriers=carriers, progress=_bar)
    typer.echo(_(N_("Sample register in {path}: {n} carriers."), path=str(made.folder), n=made.carriers))
    for account in made.accounts:
        typer.echo(f"  {account.login:<10} {account.password:<28} {account.name}, {account.duties}")


@app.command()
def tour(directory: Annotated[Path, typer.Argument(help="Where every form is written, as PDF.")]) -> None:
    """Take a set of carriers through one whole life, headless; writes every form and verifies at the end."""
    from app.tour import take_tour  # start-up: only the tour needs every chapter

    raise typer.Exit(0 if take_tour(directory, typer.echo) else REFUSED)


@app.command(name="import")
def import_(
    register: Register,
    file: Annotated[Path, typer.Argument(help="The existing book: .xlsx or .csv.")],
    login: Login,
    mapping: Annotated[str, typer.Option(help="A shipped mapping by name, or a TOML file.")] = "auto",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row and write nothing.")] = False,
    rejects: Annotated[Path | None, typer.Option(help="Where rejected rows go, with row, column and reason.")] = None,
    regime: Annotated[
        str, typer.Option(help="The regime of the book, where the register has several and the mapping names none.")
    ] = "",
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Take an existing book into the register; every row is judged, nothing is guessed."""
    from app.services import importing  # start-up: spreadsheet readers only here

    seat = _seat(register, login, password_file)
    try:
        chosen = importing.load_mapping(None if mapping == "auto" else mapping, regime)
        report = importing.import_file(seat.desk, file, chosen, dry_run=dry_run, rejects=rejects, progress=_bar)
    except importing.NotImportable as error:
        _unusable(error, error.reason, error.remedy)
    finally:
        seat.close()
    if as_json:
        typer.echo(json.dumps(importing.as_data(report), ensure_ascii=False))
    else:
        typer.echo("\n".join(i18n.render(sentence) for sentence in (*report.sentences(), *report.reasons())))
        if report.muster is not None:
            signed = N_("Print the opening muster list and have it signed: custos print {register} {form}")
            typer.echo(_(signed, register=str(register), form=f"opening_muster OUT.pdf --of I{report.muster}"))
    if report.rejects:
        raise typer.Exit(REFUSED)


@app.command(name="export")
def export(
    register: Register,
    file: Annotated[Path, typer.Argument(help="Where the list goes: .xlsx or .csv.")],
    login: Login,
    view: Annotated[str, typer.Option(help="all, held, loan, overdue or ended.")] = "all",
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Write the register's carriers as a spreadsheet; the export itself is an entry."""
    from app.services import exporting  # start-up: spreadsheet writers only here

    if file.suffix.lower() not in exporting.ENDINGS:
        raise typer.BadParameter(f"{file.name!r} ends in none of {', '.join(exporting.ENDINGS)}", param_hint="FILE")
    if view not in exporting.VIEWS:
        raise typer.BadParameter(f"{view!r} is not one of {', '.join(exporting.VIEWS)}", param_hint="--view")
    seat = _seat(register, login, password_file)
    try:
        report = exporting.run(seat.desk, {"file": str(file), "view": view}, _bar, lambda: False)
    except exporting.NotExportable as error:
        _unusable(error, error.reason, error.remedy)
    finally:
        seat.close()
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    typer.echo(i18n.render(says_n("{n} carrier written to {file}.", "{n} carriers written to {file}.",
                                  report["rows"], file=report["file"])))  # fmt: skip
    if report["cut"]:
        typer.echo(_(N_("{n} texts were too long for a cell and are cut; a .csv holds them whole."), n=report["cut"]))


@app.command(name="print")
def print_(
    register: Register,
    form: Annotated[str, typer.Argument(help="The form's code, e.g. cover_sheet or handover_list.")],
    out: Annotated[Path, typer.Argument(help="Where the PDF goes.")],
    of: Annotated[list[str], typer.Option("--of", help="Control number, slip number or code it is about.")],
    login: Login,
    password_file: PasswordFile = None,
) -> None:
    """Print a form; one that was printed before is drawn from its kept lines and marked as a reprint."""
    from app.paths import room_for  # start-up: see below
    from app.services import printing  # start-up: reportlab only for paper

    room_for(out)
    seat = _seat(register, login, password_file)
    try:
        printed = printing.print_again(seat.desk, form, of)
    except printing.NothingToPrint as nothing:
        _refuse([nothing.why])
    finally:
        seat.close()
    _write_private(out, printed.pdf)
    for missing in printed.missing:
        typer.echo(_(N_("No font has the character {character}; it is printed as its code point."), character=missing))


@app.command()
def verify(
    register: Register,
    login: Login,
    anchor: Annotated[list[str] | None, typer.Option(help="A scanned anchor of an old form; may be repeated.")] = None,
    full: Annotated[
        bool,
        typer.Option("--full/--chain", help="Replay every entry against every projection, or look at seals alone."),
    ] = True,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Check chain, projections and anchors; says the first entry that is wrong."""
    from app.services import printing  # start-up: keys only where anchors are checked
    from app.store import proof  # start-up: only here

    seat = _seat(register, login, password_file, enter=False)
    try:
        with seat.database.reading() as connection:
            found = proof.verify_full(connection, _bar) if full else proof.verify_chain(connection)
            anchors = [printing.verify_anchor(connection, text) for text in anchor or ()]
    finally:
        seat.close()
    wrong = [found.wrong] if found.wrong else []
    wrong += [verdict.sentence for verdict in anchors if not verdict.holds]
    sentences = [i18n.render(sentence) for sentence in wrong]
    report = {"entries": found.seq, "holds": not wrong, "first_wrong": found.at, "anchors": len(anchors)}
    if as_json:
        typer.echo(json.dumps({**report, "wrong": sentences}, ensure_ascii=False))
    elif wrong:
        typer.echo("\n".join(sentences))
    else:
        typer.echo(_(N_("{n} entries, nothing wrong; {anchors} anchors hold."), n=found.seq, anchors=len(anchors)))
    if wrong:
        raise typer.Exit(REFUSED)


def _seat(register: Path, login: str, password_file: Path | None, *, enter: bool = True) -> SignedIn:
    from app.services import accounts  # start-up: argon2 and the database only for commands on a register
    from app.store.database import harden_process  # start-up: see above

    harden_process()
    if password_file is not None:
        password, _newline, _rest = _text(password_file).partition("\n")
        password = password.removesuffix("\r")
    else:
        password = typer.prompt(_(N_("Password for {login}"), login=login), hide_input=True)
    seat = accounts.unlock(register, login, password, clock)
    if enter:
        try:
            accounts.sign_in(seat)
        except _refused():
            seat.close()
            raise
    return seat


def _bar(done: int, total: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r{done:,} / {total:,}{end}")
        sys.stderr.flush()


def _(sentence: str, **values: Any) -> str:
    return i18n.render(says(sentence, **values))


def _refuse(reasons: Any) -> NoReturn:
    for reason in reasons:
        typer.echo(i18n.render(reason), err=True)
    raise typer.Exit(REFUSED)


def _unusable(error: Exception, reason: Says, remedy: Says | None) -> NoReturn:
    """A file that the system does not give or take is environment; one that is no book is refused."""
    if isinstance(error.__cause__, OSError) and remedy is not None:
        _fail(ENVIRONMENT, reason, remedy)
    _refuse([reason, *([remedy] if remedy else [])])


def _fail(code: int, cause: Says, remedy: Says) -> NoReturn:
    typer.echo(f"{i18n.render(cause)}\n{i18n.render(remedy)}", err=True)
    raise SystemExit(code)


def _write_private(path: Path, content: bytes) -> None:
    from app.paths import write_private  # start-up: see above

    write_private(path, content)
