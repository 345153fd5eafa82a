"""Long work in a child process, so that the window never waits for it: key over a pipe, progress and result back.

The parent writes one line of JSON to the child's standard input and reads lines from its standard output. Nothing is
in the arguments or the environment, and closing the pipe, or a line saying so, cancels. What was finished stays: an
import goes on where it stopped when it is started again.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from app.domain.words import N_, Says, says
from app.log import trace_without_words

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class JobFailed(Exception):
    """The child ended without a result; `trace` names places in the program and no words of the register."""

    def __init__(self, trace: str) -> None:
        super().__init__(trace.splitlines()[-1] if trace else "no result")
        self.trace = trace


class JobRefused(Exception):
    """The child refused: `cause` and `remedy` are sentences in the language that was asked for."""

    def __init__(self, code: str, cause: str, remedy: str) -> None:
        super().__init__(code)
        self.code, self.cause, self.remedy = code, cause, remedy


class Unusable(Exception):
    """The job cannot be done with what it was given: why, and what to do."""

    def __init__(self, cause: Says, remedy: Says | None, code: str = "unusable") -> None:
        super().__init__()
        self.cause, self.remedy, self.code = cause, remedy, code


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is told: which job, on which register, with whose authority, in which language, and its answers."""

    job: str
    folder: Path
    key: bytes
    actor: int
    language: str
    answers: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"Order({self.job})"


def run_in_child(order: Order, progress: Progress, cancelled: Cancelled) -> dict[str, Any]:
    """Start the child, pass on its progress, and give its result; raises `JobRefused` or `JobFailed`."""
    command = [sys.executable, "-m", "app.jobs"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603
        if child.stdin is None or child.stdout is None:
            raise JobFailed("")
        told = {
            "job": order.job, "folder": str(order.folder), "key": order.key.hex(), "actor": order.actor,
            "language": order.language, "answers": dict(order.answers),
        }  # fmt: skip
        try:
            child.stdin.write(json.dumps(told) + "\n")
            child.stdin.flush()
        except BrokenPipeError as error:  # it died before it could listen
            with suppress(BrokenPipeError):
                child.stdin.close()
            raise JobFailed("") from error
        result: dict[str, Any] | None = None
        told_to_stop = False
        for line in child.stdout:
            if not line.endswith("\n"):
                break  # it was killed in the middle of a word
            said = json.loads(line)
            if "progress" in said:
                progress(*said["progress"])
            elif "refused" in said:
                raise JobRefused(*said["refused"])
            elif "fault" in said:
                raise JobFailed(said["fault"])
            else:
                result = said["result"]
            if not told_to_stop and cancelled():
                told_to_stop = True
                _stop(child.stdin)
    if result is None:
        raise JobFailed("")
    return result


def _stop(pipe: IO[str]) -> None:
    try:
        pipe.write("stop\n")
        pipe.flush()
    except BrokenPipeError:  # it has ended by itself
        with suppress(BrokenPipeError):
            pipe.close()


@dataclass(slots=True)
class _Child:
    """The child's side: a register opened without a claim of its own, and the ways to speak to the parent."""

    told: Mapping[str, Any]
    stopped: threading.Event

    def progress(self, done: int, total: int) -> None:
        _say({"progress": [done, total]})

    def cancelled(self) -> bool:
        return self.stopped.is_set()


def _say(message: Mapping[str, Any]) -> None:
    # ASCII alone: the pipe speaks whatever encoding the system has, and a path may hold half a character.
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _listen(stopped: threading.Event) -> None:
    sys.stdin.readline()  # a line, or the parent is gone
    stopped.set()


def _fault(_: type[BaseException], error: BaseException, __: object) -> None:
    _say({"fault": trace_without_words(error)})


def main() -> None:
    """Do one job as told on standard input."""
    sys.excepthook = _fault
    told = json.loads(sys.stdin.readline())
    stopped = threading.Event()
    threading.Thread(target=_listen, args=(stopped,), daemon=True).start()
    # start-up: the parent imports this module too, and needs none of what the child opens
    from app import i18n  # start-up: see above
    from app.services.desk import Desk, Refused  # start-up: see above
    from app.store import database as files  # start-up: see above
    from app.store.lookups import Cached, Lookups  # start-up: see above

    i18n.use(told["language"])
    files.harden_process()
    child = _Child(told, stopped)
    try:
        with files.open_database(Path(told["folder"]), bytes.fromhex(told["key"]), claimed=True) as database:
            with database.reading() as connection:
                actor = Lookups(connection, Cached()).person(told["actor"])
            desk = Desk(database, actor, lambda: datetime.now().astimezone())
            _say({"result": JOBS[told["job"]](child, desk, told["answers"])})
    except files.StoreUnavailable as error:
        _say({"refused": [error.code, i18n.render(error.cause), i18n.render(error.remedy)]})
    except Unusable as error:
        _say({"refused": [error.code, i18n.render(error.cause), i18n.render(error.remedy) if error.remedy else ""]})
    except Refused as error:
        first = error.refusals[0]
        remedy = i18n.render(first.remedy) if first.remedy else ""
        _say({"refused": [first.rule, i18n.render(first.reason), remedy]})


def _import(child: _Child, desk: Any, answers: Mapping[str, Any]) -> dict[str, Any]:
    from app.services import importing  # start-up: spreadsheet readers only for an import

    try:
        mapping = importing.load_mapping(
            answers.get("mapping"), answers.get("regime") or "", answers.get("place") or "", answers.get("come_along")
        )
        report = importing.import_file(
            desk,
            Path(answers["file"]),
            mapping,
            dry_run=bool(answers.get("dry_run")),
            rejects=Path(answers["rejects"]) if answers.get("rejects") else None,
            progress=child.progress,
            cancelled=child.cancelled,
        )
    except importing.NotImportable as error:
        raise Unusable(error.reason, error.remedy) from error
    return importing.as_data(report)


def _verify(child: _Child, desk: Any, answers: Mapping[str, Any]) -> dict[str, Any]:
    from app import i18n  # start-up: only the child renders
    from app.store import proof, whole  # start-up: only the child proves

    def progress(done: int, total: int) -> None:
        child.progress(done, total)
        if child.cancelled():
            raise Unusable(STOPPED, None, "stopped")

    full = bool(answers.get("full"))
    with desk.database.reading() as connection:
        found = whole.verify_whole(desk.database, connection, progress) if full else proof.verify_quickly(connection)
    return {
        "entries": found.entries, "seq": found.seq, "seal": found.seal.hex(), "holds": found.holds, "at": found.at,
        "wrong": i18n.render(found.wrong) if found.wrong else "",
    }  # fmt: skip


def _export(child: _Child, desk: Any, answers: Mapping[str, Any]) -> dict[str, Any]:
    from app.services import exporting  # start-up: spreadsheet writers only for an export

    try:
        return exporting.run(desk, answers, child.progress, child.cancelled)
    except exporting.NotExportable as error:
        raise Unusable(error.reason, error.remedy) from error


JOBS: Mapping[str, Callable[[_Child, Any, Mapping[str, Any]], dict[str, Any]]] = {
    "import": _import,
    "verify": _verify,
    "export": _export,
}

STOPPED = says(N_("It was stopped; what was finished stays."))

if __name__ == "__main__":
    main()
