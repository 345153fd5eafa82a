"""What every dialog for an act works with, and how one of them begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.action import NOBODY, Action, Authority, Refusal
from app.domain.words import Says
from app.services.desk import Receipt
from app.ui.background import Background
from app.ui.form import Today
from app.ui.lines_model import NamedLine
from app.ui.signing import SecondPerson
from app.ui.sources import Sources


class Judges(Protocol):
    """What the dialog needs of a desk."""

    def perform(self, action: Action, lines: Sequence[Any] = (), authority: Authority = NOBODY) -> Receipt: ...
    def refusals(self, action: Action, lines: Sequence[Any] = (), authority: Authority = NOBODY) -> list[Refusal]: ...


TakeCode = Callable[[str, Callable[[NamedLine | None], None]], None]
"""Turns a scanned code into a line of this act, later; None when it is none."""


@dataclass(frozen=True)
class Workstation:
    """What every dialog at this desk works with."""

    desk: Judges
    background: Background
    sources: Sources
    second_person: SecondPerson
    today: Today


class Beside(QWidget):
    """What an act needs and the ledger never holds, such as a password: asked below the questions."""

    changed = Signal()

    @property
    def is_complete(self) -> bool:
        """Whether it stands in the way no more."""
        raise NotImplementedError


@dataclass(frozen=True)
class Start:
    """How a dialog begins: what it says above, answers to change, answers that are settled, what it rests on."""

    header: Says | str = ""
    initial: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    authority: Authority = NOBODY
    take_line: TakeCode | None = None
    beside: Beside | None = None
