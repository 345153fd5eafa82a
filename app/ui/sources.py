"""What a form may ask of the register while it is being filled; answers come later, never at once from a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.action import Kind


@dataclass(frozen=True)
class Choice:
    """One possible answer: the value kept, its words, and what helps to tell it from its neighbours."""

    value: Any
    words: str
    detail: str = ""
    """A person's duty and clearance, a place's grade, a document's level."""
    colour: str = ""
    """A level's own colour."""


Chosen = Callable[[Sequence[Choice]], None]
Found = Callable[["Choice | None"], None]


class Sources(Protocol):
    """Where a form finds people, places, documents, slips, and the words of the regime at hand."""

    def search(self, kind: Kind, text: str, found: Chosen) -> None:
        """Find what matches by name or number, and hand it over later; an empty text gives the likeliest."""

    def choices(self, kind: Kind, name: str) -> Sequence[Choice]:
        """The few fixed answers of a question: levels, caveats, channels, kinds, duties, regimes, units."""

    def by_code(self, code: str, found: Found) -> None:
        """What a scanned code names, handed over later."""

    def of_regime(self, code: str | None) -> Sources:
        """The same, with the words of one regime only; of all of them where none is named."""

    def by_value(self, kind: Kind, value: Any, found: Found) -> None:
        """The words of an answer that is already known, handed over later."""
