"""The printers of this machine through CUPS: their names, and a PDF's bytes to one of them, unchanged, in no file."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.words import N_, Says, says

JOB_NAME: Final = "Custos"
"""What the print queue shows; a form's name or a title would be read by whoever may look at the queue."""
AS_DRAWN: Final = {"print-scaling": "none"}
"""Offsets are in the PDF and codes are drawn dot by dot: nothing may scale them."""
PATIENCE: Final = 30.0
_MEDIA: Final = {(595, 842): "A4", (612, 792): "Letter"}


class PrinterUnavailable(Exception):
    """The print did not reach the queue; nothing was printed."""

    def __init__(self, cause: Says, remedy: Says) -> None:
        super().__init__(cause.msgid)
        self.cause, self.remedy = cause, remedy


def printers() -> tuple[str, ...]:
    """The names of this machine's print queues, the default one first; empty when there is no CUPS."""
    try:
        names = _run(["lpstat", "-e"]).decode(errors="replace").split()
        default = _run(["lpstat", "-d"]).decode(errors="replace").rpartition(": ")[2].strip()
    except PrinterUnavailable:
        return ()
    return tuple(sorted(names, key=lambda name: (name != default, name)))


def order(printer: str, *, copies: int = 1, options: Mapping[str, str] | None = None) -> list[str]:
    """The words after `lp` that have it print its standard input as it is drawn."""
    wanted = {**AS_DRAWN, **(options or {})}
    chosen = [part for name, value in wanted.items() for part in ("-o", f"{name}={value}")]
    return ["-d", printer, "-n", str(copies), "-t", JOB_NAME, *chosen, "-"]


def media(width: float, height: float) -> str:
    """What CUPS calls a page of so many points; the paper is named upright, whichever way the page lies."""
    upright = (round(min(width, height)), round(max(width, height)))
    return _MEDIA.get(upright) or f"Custom.{width:g}x{height:g}"


def send(printer: str, pdf: bytes, *, copies: int = 1, options: Mapping[str, str] | None = None) -> str:
    """Hand the PDF to the queue over standard input; gives the job's name, raises `PrinterUnavailable`."""
    said = _run(["lp", *order(printer, copies=copies, options=options)], pdf).decode(errors="replace")
    return next((word for word in said.split() if word.startswith(f"{printer}-")), "")


def _run(command: Sequence[str], given: bytes = b"") -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - no shell, the names are CUPS's own
            command, input=given, capture_output=True, check=False, timeout=PATIENCE, env=os.environ | {"LC_ALL": "C"}
        )
    except FileNotFoundError as error:
        raise PrinterUnavailable(
            says(N_("There is no printing system on this machine.")),
            says(N_("Install CUPS (cups-client), or save the form as a file.")),
        ) from error
    except subprocess.TimeoutExpired as error:
        raise PrinterUnavailable(
            says(N_("The printing system does not answer.")), says(N_("Check that CUPS is running, then print again."))
        ) from error
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()
        raise PrinterUnavailable(
            says(N_("The printer did not take the form: {reason}"), reason=reason),
            says(N_("Choose another printer, or ask who looks after it; the form can be printed again from its slip.")),
        )
    return done.stdout
