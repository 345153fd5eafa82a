"""What the commands of the command line share: its words in the reader's language, passwords, refusals, exit codes."""

from __future__ import annotations

import getpass
import gettext
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from app import i18n
from app.domain.words import N_, Says, says
from app.paths import content_of, resource

if TYPE_CHECKING:
    from app.services.accounts import SignedIn
    from app.services.desk import Refused

REFUSED, ENVIRONMENT = 1, 3

OF_THE_LIBRARY = (
    N_("Options"), N_("Arguments"), N_("Commands"), N_("Error"), N_("Aborted."), N_("[required]"), N_("[default: {}]"),
    N_("Show this message and exit."), N_("Try [blue]'{command_path} {help_option}'[/] for help."),
    N_("Missing command."), N_("No such command {name!r}."),
)  # fmt: skip
"""What the library says in help and errors, as it asks gettext for it."""
_USAGE_ERRORS = (
    (r"Missing argument '(?P<name>.+)'\.", N_("The argument {name} is missing.")),
    (r"Missing option '(?P<name>.+)'\.", N_("The option {name} is missing.")),
    (r"No such option: (?P<name>.+?) \(Possible options: (?P<known>.+)\)",
     N_("There is no option {name}; perhaps {known} was meant.")),
    (r"No such option: (?P<name>.+?)", N_("There is no option {name}.")),
    (r"Option '(?P<name>.+)' does not take a value\.", N_("The option {name} takes no value.")),
    (r"Option '(?P<name>.+)' requires an argument\.", N_("The option {name} needs a value.")),
    (r"Got unexpected extra argument\(s\) \((?P<words>.+)\)", N_("More was given than is taken: {words}")),
    (r"Invalid value for '?(?P<name>.+?)'?: Input should be a valid integer.*", N_("{name} must be a whole number.")),
    (r"Invalid value for '?(?P<name>.+?)'?: Input should be greater than or equal to (?P<bound>-?\d+)",
     N_("{name} must be at least {bound}.")),
    (r"Invalid value for '?(?P<name>.+?)'?: Input should be less than or equal to (?P<bound>-?\d+)",
     N_("{name} must be at most {bound}.")),
    (r"Invalid value for '?(?P<name>.+?)'?: (?P<why>.+)", N_("{name}: {why}")),
)  # fmt: skip
"""What the library says of a wrong usage in words of its own, never asking gettext, and what is said instead."""


def speak_the_readers_language(command: Any) -> Any:
    """The command, its options and the commands under it with their help in the language that is shown."""
    gettext.bindtextdomain(i18n.DOMAIN, str(resource("locale")))
    gettext.textdomain(i18n.DOMAIN)
    for each in (command, *getattr(command, "commands", {}).values()):
        for explained in (each, *each.params, each.get_help_option(typer.Context(each))):
            if explained.help:
                # A line is broken at blanks alone, and what cannot be broken is cut: Chinese needs some.
                explained.help = re.sub("(?<=[，；：、）”])(?=.)", " ", i18n.translate(explained.help))
        each.format_usage = partial(_tell_usage, each)
    command.make_context, command.invoke = map(_in_our_words, (command.make_context, command.invoke))
    return command


def _tell_usage(command: Any, context: Any, formatter: Any) -> None:
    pieces, prefix = " ".join(command.collect_usage_pieces(context)), i18n.translate(N_("Usage:"))
    formatter.write_usage(context.command_path, pieces, prefix=f"{prefix} ")


def usage_error(said: str) -> str:
    """What is wrong with how a command was called; what the library may yet come to say stays as it says it."""
    for shape, sentence in _USAGE_ERRORS:
        if found := re.fullmatch(shape, said, re.DOTALL):
            return words(sentence, **found.groupdict())
    return said


def _in_our_words(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def called(*given: Any, **named: Any) -> Any:
        try:
            return call(*given, **named)
        except typer.TyperException as error:
            if hasattr(error, "format_message"):
                said = usage_error(error.format_message())
                setattr(error, "format_message", lambda: said)  # noqa: B010 - the library asks it once more at the end
            raise

    return called


def words(sentence: str, **values: Any) -> str:
    """A marked sentence with its values, in the language that is shown."""
    return i18n.render(says(sentence, **values))


def open_the_standard_streams() -> None:
    """Put nothing in the place of standard streams that were closed: a register would be opened in their place."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, so this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - as long as we run


# --- how a command ends ----------------------------------------------------------------------------------------------


def tell_refusals(refused: Refused) -> None:
    """Each reason on its line, with what would lift it."""
    for refusal in refused.refusals:
        sentences = [refusal.reason, *([refusal.remedy] if refusal.remedy else [])]
        typer.echo(" ".join(map(i18n.render, sentences)), err=True)


def refuse(reasons: Iterable[Says]) -> NoReturn:
    """End with the reasons of a refusal."""
    for reason in reasons:
        typer.echo(i18n.render(reason), err=True)
    raise typer.Exit(REFUSED)


def fail(code: int, cause: Says, remedy: Says) -> NoReturn:
    """End with a cause and a remedy."""
    with suppress(OSError):  # where nothing can be said, the code says it
        typer.echo(f"{i18n.render(cause)}\n{i18n.render(remedy)}", err=True)
    _forget_what_cannot_be_written()
    raise SystemExit(code)


def _forget_what_cannot_be_written() -> None:
    """Python tries once more at its end what a stream still holds, and ends with a code of its own when that fails."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def wrong(asked: str, sentence: str, **values: Any) -> NoReturn:
    """End with what is wrong about an argument or option."""
    raise typer.BadParameter(words(sentence, **values), param_hint=asked)


def unusable(error: Exception, reason: Says, remedy: Says | None) -> NoReturn:
    """A file that the system does not give or take is environment; one that is no book is refused."""
    if isinstance(error.__cause__, OSError) and remedy is not None:
        fail(ENVIRONMENT, reason, remedy)
    refuse([reason, *([remedy] if remedy else [])])


# --- files and passwords ---------------------------------------------------------------------------------------------


def text_of(file: Path) -> str:
    """A file of text that a person wrote."""
    try:
        return content_of(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(words(N_("{file} is not written in UTF-8"), file=str(file))) from error


def passwords_of(file: Path | None) -> dict[str, str]:
    """Passwords by login, from lines LOGIN=PASSWORD."""
    if file is None:
        return {}
    lines = (line.partition("=") for line in text_of(file).splitlines() if "=" in line)
    return {login.strip(): password for login, _equals, password in lines}


def ask_password(login: str, *, twice: bool = False) -> str:
    """A password typed unseen; asked beside what the command prints, which may go to another program."""
    asked, again = words(N_("Password for {login}"), login=login), words(N_("Once more")) if twice else False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return str(typer.prompt(asked, hide_input=True, confirmation_prompt=again, err=True))
    except getpass.GetPassWarning:
        typer.echo(err=True)  # ends the line of the question
        nowhere = says(N_("There is no terminal here to type a password at."))
        fail(ENVIRONMENT, nowhere, says(N_("Give it in a file that only you may read, with --password-file.")))


def refuse_to_go_over(file: Path | None, *, force: bool) -> None:
    """A file that is there already stays, unless it was said to go over it."""
    if file is not None and file.exists() and not force:
        refuse([
            says(N_("There is already a file {file}; nothing was written."), file=str(file)),
            says(N_("Name another file, or write over this one with --force.")),
        ])  # fmt: skip


# --- a register ------------------------------------------------------------------------------------------------------


def refused() -> type[Refused]:
    """What the rules raise."""
    from app.services.desk import Refused  # start-up: `--help` needs no desk

    return Refused


def seat_at(register: Path, login: str, password_file: Path | None, clock: Callable[[], datetime]) -> SignedIn:
    """A register opened with somebody's password; the sign-in is an entry."""
    from app.services import accounts  # start-up: argon2 and the database only for commands on a register

    seat = accounts.unlock(register, login, password_for(login, password_file), clock)
    try:
        accounts.sign_in(seat)
    except refused():
        seat.close()
        raise
    return seat


def password_for(login: str, password_file: Path | None) -> str:
    """Somebody's password, from a file's first line or typed unseen."""
    from app.store.database import harden_process  # start-up: see above

    harden_process()
    if password_file is None:
        return ask_password(login)
    password, _newline, _rest = text_of(password_file).partition("\n")
    return password.removesuffix("\r")


def bar(done: int, total: int) -> None:
    """How far long work is, where somebody looks."""
    if sys.stderr.isatty():
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r{done:,} / {total:,}{end}")
        sys.stderr.flush()
