"""The log of the program: numbers and ids only, so that it may be shown to whoever mends a fault.

A title, a person's name or an answer to a form must never reach the file, whoever wrote the log call. Three things see
to it: the message itself is a constant of the source (ruff G refuses f-strings); `WithoutWords` writes only those
arguments that are numbers, dates, codes or ids; and a traceback keeps the types of its exceptions and the lines they
passed, without their messages, which quote data.
"""

import logging
import re
import traceback
from collections.abc import Mapping
from copy import copy
from datetime import date
from enum import Enum
from logging.handlers import RotatingFileHandler
from pathlib import Path
from uuid import UUID

from app import paths

WITHHELD = "‹withheld›"
MEGABYTE = 1_000_000

# A code is one lower-case word of the program (`lend`, `in_stock`); an id has a digit in it (`C00100000417`, `seq-12`).
CODE_OR_ID = re.compile(r"[a-z][a-z0-9_.]{0,63}|(?=[^\d]*\d)[A-Za-z0-9._:/-]{1,64}", re.ASCII)


class WithoutWords(logging.Formatter):
    """Writes a record's constant sentence, its numbers and its ids; withholds everything else."""

    def format(self, record: logging.LogRecord) -> str:
        # A copy: other handlers share the record, and what one of them formatted of a traceback is kept on it.
        bare = copy(record)
        bare.msg = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        bare.exc_text = None
        if isinstance(record.args, Mapping):
            bare.args = {name: _without_words(value) for name, value in record.args.items()}
        elif record.args:
            bare.args = tuple(_without_words(value) for value in record.args)
        return super().format(bare)

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        error = ei[1] if isinstance(ei, tuple) else None
        return trace_without_words(error) if isinstance(error, BaseException) else ""


def set_up(folder: Path | None = None) -> Path:
    """Log to a rotating file that only its owner may read; gives the file's path."""
    path = (folder or paths.state_dir()) / "custos.log"
    handler = _PrivateFile(path, maxBytes=MEGABYTE, backupCount=5, encoding="utf-8", delay=True)
    handler.setFormatter(WithoutWords("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    for earlier in [each for each in root.handlers if isinstance(each, _PrivateFile)]:
        root.removeHandler(earlier)
        earlier.close()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    return path


def trace_without_words(error: BaseException) -> str:
    """An exception and its causes by type and place, fit for a fault report that leaves the room."""
    lines = []
    cause: BaseException | None = error
    while cause is not None:
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        for frame in traceback.extract_tb(cause.__traceback__):
            lines.append(f"  {_place(frame.filename)}:{frame.lineno} {frame.name}")  # noqa: PERF401 - reads as written
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n".join(lines)


class _PrivateFile(RotatingFileHandler):
    """A log file of mode 0600, each file of its rotation too."""

    def _open(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the stub's type is private
        Path(self.baseFilename).touch(paths.PRIVATE_FILE)
        return super()._open()


def _without_words(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | date | UUID):
        return value
    text = str(value.value) if isinstance(value, Enum) else str(value) if isinstance(value, str) else ""
    return text if CODE_OR_ID.fullmatch(text) else WITHHELD


def _place(filename: str) -> str:
    """A source file below the checkout or the packages: a home folder's name is a person's name."""
    path = Path(filename)
    for top in (paths.CHECKOUT, *(each for each in path.parents if each.name == "site-packages")):
        if path.is_relative_to(top):
            return str(path.relative_to(top))
    return path.name
