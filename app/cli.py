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
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import i18n, settings, terminal
from app.domain.words import N_, says, says_n
from app.log import trace_without_words
from app.paths import write_private
from app.terminal import ENVIRONMENT, REFUSED

if TYPE_CHECKING:
    from types import TracebackType

    from app.store.failures import StoreUnavailable

app = typer.Typer(
    name="custos",
    help=N_("Custos keeps the register of classified carriers."),
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback with local variables would print keys and titles
    add_completion=False,
)

Json = Annotated[bool, typer.Option("--json", help=N_("Print the result as JSON."))]
Login = Annotated[str, typer.Option("--login", help=N_("The account to sign in with."))]
PasswordFile = Annotated[
    Path | None,
    typer.Option("--password-file", help=N_("A file whose first line is the password; otherwise it is asked.")),
]
Force = Annotated[bool, typer.Option("--force", help=N_("Write over a file that is there already."))]
Register = Annotated[Path, typer.Argument(help=N_("The folder of the register."))]


def main() -> None:
    """Run the command line; what the rules or the environment refuse becomes sentences and an exit code."""
    terminal.open_the_standard_streams()
    i18n.use(i18n.system_language())
    sys.excepthook = _fault
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name may hold what the terminal cannot say
    # Calling `app` itself would put another excepthook in place of ours.
    command = terminal.speak_the_readers_language(typer.main.get_command(app))
    try:
        command()
    except settings.SettingsUnreadable as error:
        terminal.fail(ENVIRONMENT, error.cause, error.remedy)
    except _store_unavailable() as error:
        terminal.fail(ENVIRONMENT, error.cause, error.remedy)
    except terminal.refused() as error:
        terminal.tell_refusals(error)
        raise SystemExit(REFUSED) from None
    except OSError as error:
        name = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes | os.PathLike) else ""
        from app.store.failures import system_words  # start-up: as above

        if not name:
            lost = says(N_("What this command says cannot be written: {cause}."), cause=system_words(error))
            terminal.fail(ENVIRONMENT, lost, says(N_("Check where its output goes, and the room on that disk.")))
        cause = says(N_("The file {file} cannot be read or written: {cause}."), file=name, cause=system_words(error))
        terminal.fail(ENVIRONMENT, cause, says(N_("Check its path, its owner, and the room on its disk.")))


def _store_unavailable() -> type[StoreUnavailable]:
    from app.store.failures import StoreUnavailable  # start-up: `--help` needs no database

    return StoreUnavailable


def _fault(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    """A mistake of ours is told by its place in the program: its words might be a title or a password."""
    typer.echo(trace_without_words(error), err=True)


def clock() -> datetime:
    """The workstation's clock, with its zone."""
    return datetime.now().astimezone()


@app.command()
def run(register: Annotated[Path | None, typer.Option(help=N_("The folder of the register to open."))] = None) -> None:
    """Open the desktop program; the first start offers a new register or the sample register."""
    from app.main import run_window  # start-up: Qt only where there is a window

    raise typer.Exit(run_window(register))


@app.command()
def setup(
    path: Annotated[Path, typer.Argument(help=N_("Where the new register goes: a folder that does not exist yet."))],
    unit: Annotated[str, typer.Option(help=N_("The unit that keeps the register."))],
    regime: Annotated[list[str], typer.Option(help=N_("cn-state, cn-work, cn-company, us-dod; may be repeated."))],
    account: Annotated[
        list[str],
        typer.Option(help=N_("LOGIN=NAME:duty,duty; at least two, together with all administrators' duties.")),
    ],
    number: Annotated[
        int, typer.Option(min=1, max=999, metavar="N", help=N_("The register's number in every barcode."))
    ] = 1,
    unit_code: Annotated[
        str, typer.Option(help=N_("What stands for the unit in numbers; otherwise made of its name."))
    ] = "",
    language: Annotated[str, typer.Option(help=N_("Language of the paper: zh, en or both."))] = "both",
    password_file: Annotated[
        Path | None, typer.Option(help=N_("Lines LOGIN=PASSWORD; otherwise every password is asked."))
    ] = None,
    recovery_sheet: Annotated[
        Path | None, typer.Option(help=N_("Where the recovery sheet is written, as PDF."))
    ] = None,
) -> None:
    """Begin a new register with its first accounts and its recovery sheet."""
    from app.services import founding  # start-up: keys and tables only here
    from app.services.recovery_paper import RecoveryPaper, SheetTaken  # start-up: as above
    from app.store.unfinished import refuse_taken  # start-up: as above
    from app.store.vault_file import VAULT_FILE  # start-up: as above

    refuse_taken(path)  # before anybody types eight passwords
    passwords = terminal.passwords_of(password_file)
    people = tuple(_founder(text, passwords) for text in account)
    plan = founding.Plan(
        unit=unit, regimes=tuple(regime), people=people, number=number, language=language, unit_code=unit_code
    )
    sheet = recovery_sheet or path.parent / f"{path.name}-recovery.pdf"
    if reasons := founding.reasons_against(plan):
        terminal.refuse(reasons)
    from app.services.printing import recovery_sheet as drawn  # start-up: reportlab only for paper

    def keep(recovery: str) -> None:
        today = clock().date()
        paper.write(drawn(unit=unit, register=number, recovery=recovery, language=language, today=today))

    try:
        with RecoveryPaper(sheet) as paper:
            try:
                made = founding.found(path, plan, clock, keep=keep)
            except BaseException:
                if not paper.is_written or not (path / VAULT_FILE).exists():  # the sheet of no register
                    paper.take_away()
                raise
    except (SheetTaken, founding.PlanRefused) as refused:
        terminal.refuse(refused.reasons)
    if made.had_leftovers:
        typer.echo(
            terminal.words(N_("What a set-up that was stopped had left here was cleared; there was no register in it."))
        )
    typer.echo(terminal.words(N_("Register {number} begun in {path}."), number=number, path=str(path)))
    typer.echo(terminal.words(N_("Print {sheet}, lock it away, and delete the file."), sheet=str(sheet)))


def _founder(text: str, passwords: dict[str, str]) -> Any:
    from app.services.founding import Founder  # start-up: only set-up needs it

    login, _equals, rest = text.partition("=")
    name, _colon, duties = rest.partition(":")
    if not login or not name:
        raise terminal.wrong("--account", N_("{text} is not LOGIN=NAME:duty,duty"), text=text)
    password = passwords.get(login) or terminal.ask_password(login, twice=True)
    return Founder(name, tuple(duty for duty in duties.split(",") if duty), login, password)


@app.command()
def demo(
    directory: Annotated[Path, typer.Argument(help=N_("Where the sample register goes."))],
    carriers: Annotated[
        int,
        typer.Option(min=30, max=1_000_000, help=N_("How many carriers it takes over; a few are made here besides.")),
    ] = 1_200,
) -> None:
    """Make a sample register of real public records; prints its accounts and passwords."""
    from app.sample import is_sample, make_sample, sample_accounts  # start-up: only a demo makes one

    if is_sample(directory, clock):
        there = N_("The sample register is in {path} already, and stays as it is; for a new one remove that folder.")
        typer.echo(terminal.words(there, path=str(directory)))
    else:
        made = make_sample(directory, clock, carriers=carriers, progress=terminal.bar)
        typer.echo(
            terminal.words(N_("Sample register in {path}: {n} carriers."), path=str(made.folder), n=made.carriers)
        )
    for account in sample_accounts():
        typer.echo(f"  {account.login:<10} {account.password:<28} {account.who}")


@app.command()
def tour(directory: Annotated[Path, typer.Argument(help=N_("Where every form is written, as PDF."))]) -> None:
    """Take a set of carriers through one whole life, headless; writes every form and verifies at the end."""
    from app.tour import take_tour  # start-up: only the tour needs every chapter

    raise typer.Exit(0 if take_tour(directory, typer.echo) else REFUSED)


@app.command(name="import")
def import_(
    register: Register,
    file: Annotated[Path, typer.Argument(help=N_("The existing book: .xlsx or .csv."))],
    login: Login,
    mapping: Annotated[str, typer.Option(help=N_("A shipped mapping by name, or a TOML file."))] = "auto",
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Judge every row and write nothing."))] = False,
    rejects: Annotated[
        Path | None, typer.Option(help=N_("Where rejected rows go, with row, column and reason."))
    ] = None,
    regime: Annotated[
        str, typer.Option(help=N_("The regime of the book, where the register has several and the mapping names none."))
    ] = "",
    place: Annotated[str, typer.Option(help=N_("Where the rows are kept that name no place."))] = "",
    come_along: Annotated[
        int | None,
        typer.Option(help=N_("Enter people and places that are not here yet; places with this protection.")),
    ] = None,
    password_file: PasswordFile = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Take an existing book into the register; every row is judged, nothing is guessed."""
    from app.services import importing  # start-up: spreadsheet readers only here

    terminal.refuse_to_go_over(rejects, force=force)
    if come_along is not None and come_along < 0:
        raise terminal.wrong("--come-along", N_("a protection is 0 or more"))
    seat = terminal.seat_at(register, login, password_file, clock)
    try:
        chosen = importing.load_mapping(None if mapping == "auto" else mapping, regime, place, come_along)
        report = importing.import_file(seat.desk, file, chosen, dry_run=dry_run, rejects=rejects, progress=terminal.bar)
    except importing.NotImportable as error:
        terminal.unusable(error, error.reason, error.remedy)
    finally:
        seat.close()
    if as_json:
        typer.echo(json.dumps(importing.as_data(report), ensure_ascii=False))
    else:
        if dry_run:
            typer.echo(terminal.words(N_("A trial: nothing was written.")))
        typer.echo("\n".join(i18n.render(sentence) for sentence in (*report.sentences(), *report.reasons())))
        if report.muster is not None:
            signed = N_("Print the opening muster list and have it signed: custos print {register} {form}")
            typer.echo(
                terminal.words(signed, register=str(register), form=f"opening_muster OUT.pdf --of I{report.muster}")
            )
    if report.rejects:
        raise typer.Exit(REFUSED)


@app.command(name="export")
def export(
    register: Register,
    file: Annotated[Path, typer.Argument(help=N_("Where the list goes: .xlsx or .csv."))],
    login: Login,
    view: Annotated[str, typer.Option(help=N_("all, held, loan, overdue or ended."))] = "all",
    password_file: PasswordFile = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write the register's carriers as a spreadsheet; the export itself is an entry."""
    from app.services import exporting  # start-up: spreadsheet writers only here

    if file.suffix.lower() not in exporting.ENDINGS:
        raise terminal.wrong("FILE", N_("{text} ends in none of {known}"), text=file.name, known=exporting.ENDINGS)
    if view not in exporting.VIEWS:
        raise terminal.wrong("--view", N_("{text} is not one of {known}"), text=view, known=exporting.VIEWS)
    terminal.refuse_to_go_over(file, force=force)
    seat = terminal.seat_at(register, login, password_file, clock)
    try:
        report = exporting.run(seat.desk, {"file": str(file), "view": view}, terminal.bar, lambda: False)
    except exporting.NotExportable as error:
        terminal.unusable(error, error.reason, error.remedy)
    finally:
        seat.close()
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    typer.echo(i18n.render(says_n("{n} carrier written to {file}.", "{n} carriers written to {file}.",
                                  report["rows"], file=report["file"])))  # fmt: skip
    if report["cut"]:
        typer.echo(
            terminal.words(
                N_("{n} texts were too long for a cell and are cut; a .csv holds them whole."), n=report["cut"]
            )
        )


@app.command(name="print")
def print_(
    register: Register,
    form: Annotated[str, typer.Argument(help=N_("The form's code, e.g. cover_sheet or handover_list."))],
    out: Annotated[Path, typer.Argument(help=N_("Where the PDF goes."))],
    of: Annotated[list[str], typer.Option("--of", help=N_("Control number, slip number or code it is about."))],
    login: Login,
    password_file: PasswordFile = None,
    force: Force = False,
) -> None:
    """Print a form; one that was printed before is drawn from its kept lines and marked as a reprint."""
    from app.paths import room_for  # start-up: see below
    from app.services import printing  # start-up: reportlab only for paper

    room_for(out)
    terminal.refuse_to_go_over(out, force=force)
    seat = terminal.seat_at(register, login, password_file, clock)
    try:
        printed = printing.print_again(seat.desk, form, of)
    except printing.NothingToPrint as nothing:
        terminal.refuse([nothing.why])
    finally:
        seat.close()
    try:
        write_private(out, printed.pdf)
    except OSError as error:
        from app.store.failures import system_words  # start-up: only where it goes wrong

        cause = says(N_("The file {file} cannot be written: {cause}."), file=str(out), cause=system_words(error))
        noted = says(
            N_("The register notes it as printed: print it once more elsewhere, and it is marked as a reprint.")
        )
        terminal.fail(ENVIRONMENT, cause, noted)
    for missing in printed.missing:
        typer.echo(
            terminal.words(
                N_("No font has the character {character}; it is printed as its code point."), character=missing
            )
        )


@app.command()
def verify(
    register: Register,
    login: Login,
    anchor: Annotated[
        list[str] | None, typer.Option(help=N_("A scanned anchor of an old form; may be repeated."))
    ] = None,
    full: Annotated[
        bool,
        typer.Option("--full/--chain", help=N_("Replay every entry against every projection, or look at seals alone.")),
    ] = True,
    password_file: PasswordFile = None,
    as_json: Json = False,
) -> None:
    """Check chain, projections and anchors; says the first entry that is wrong."""
    from app.services import accounts, printing  # start-up: keys only where anchors are checked
    from app.store import proof, shape, whole  # start-up: only here

    password = terminal.password_for(login, password_file)
    with accounts.open_to_prove(register, login, password, clock) as database, database.reading() as connection:
        odd = shape.altered(connection, tables=True)  # without its tables there is nothing to compare with
        if odd is not None:
            found = proof.Proof(0, 0, b"", odd)
        elif full:
            found = whole.verify_whole(database, connection, terminal.bar)
        else:
            found = proof.verify_chain(connection)
        anchors = [printing.verify_anchor(connection, text) for text in anchor or () if odd is None]
    wrong = [found.wrong] if found.wrong else []
    wrong += [verdict.sentence for verdict in anchors if not verdict.holds]
    sentences = [i18n.render(sentence) for sentence in wrong]
    report = {"entries": found.seq, "holds": not wrong, "first_wrong": found.at, "anchors": len(anchors)}
    if as_json:
        typer.echo(json.dumps({**report, "wrong": sentences}, ensure_ascii=False))
    elif wrong:
        typer.echo("\n".join(sentences))
    else:
        typer.echo(
            terminal.words(N_("{n} entries, nothing wrong; {anchors} anchors hold."), n=found.seq, anchors=len(anchors))
        )
    if wrong:
        raise typer.Exit(REFUSED)
