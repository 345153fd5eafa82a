"""A paper on its way to the printer: its bytes, how it lies on what is in the printer, how this workstation prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject

from app.domain.words import Says

Offset = tuple[float, float]
NotDrawn = Callable[[Says | None], None]
"""Takes why a print cannot be drawn as it shall lie; None where somebody else says it."""


@dataclass(frozen=True)
class Paper:
    """What is to be shown: the PDF, its name, and what its fonts could not draw."""

    pdf: bytes
    title: str
    file_name: str = "paper.pdf"
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lie:
    """How a print lies on what is in the printer: millimetres right and down, paper, labels, the first free label."""

    offset: Offset = (0.0, 0.0)
    paper: str = "A4"
    stock: str = ""
    first_label: int = 1


@dataclass(frozen=True)
class Printing:
    """How this workstation prints the form: its printers, the one used last, how paper lies in each."""

    printers: Callable[[], Sequence[str]]
    last: str = ""
    offset_of: Callable[[str], Offset] = lambda _printer: (0.0, 0.0)
    remember: Callable[[str, Lie], None] = lambda _printer, _lie: None
    arrange: Callable[[Lie, Callable[[bytes], None], NotDrawn, QObject], None] | None = None
    """Draws the same print as it shall lie and hands over the bytes, or why not; None where it is drawn but once."""
    stocks: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """The labels to choose from, by code: name and how many on a sheet; empty where the form is no label."""
    lie: Lie = field(default_factory=Lie)
    """How it was drawn first."""
    command: str = "lp"
