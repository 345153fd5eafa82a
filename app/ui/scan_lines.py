"""What a scan list shows and asks for: lines of either side, the sum, what blocks it, and where all that is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from app.domain.words import N_, Says
from app.i18n import _, render
from app.ui.rows import Strip
from app.ui.scan import Outcome


class Standing(StrEnum):
    """How a line stands; "not yet" is never called missing before the close."""

    NOT_YET = "not_yet"
    FOUND = "found"
    TWICE = "twice"
    NOT_LISTED = "not_listed"
    ELSEWHERE = "elsewhere"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


STANDING_NAMES = {
    Standing.NOT_YET: N_("not yet counted"),
    Standing.FOUND: N_("found"),
    Standing.TWICE: N_("already counted"),
    Standing.NOT_LISTED: N_("not on this list"),
    Standing.ELSEWHERE: N_("elsewhere"),
    Standing.BLOCKED: N_("blocked"),
    Standing.UNKNOWN: N_("unknown code"),
}
SIGNS = {Standing.NOT_YET: "·", Standing.FOUND: "✓", Standing.TWICE: "=", Standing.UNKNOWN: "?"}
KINDS = {
    Standing.FOUND: "good",
    Standing.TWICE: "",
    Standing.NOT_YET: "",
    Standing.BLOCKED: "bad",
    Standing.UNKNOWN: "bad",
}
HEARD = {Standing.FOUND: Outcome.ACCEPTED, Standing.UNKNOWN: Outcome.UNKNOWN}
"""All else is heard as blocked: look at the screen."""


@dataclass(frozen=True)
class ScanListLine:
    """One line of either side; `key` is the same on both."""

    key: str
    number: str
    words: str
    standing: Standing = Standing.NOT_YET
    says: Says | None = None
    """More than the standing: "already counted at 10:32 by Li", "on loan to Wang, slip L-2026-088"."""
    strip: Strip | None = None
    at: datetime | None = None

    @property
    def stands(self) -> str:
        """How it stands, in words."""
        return render(self.says) if self.says is not None else _(STANDING_NAMES[self.standing])


@dataclass(frozen=True)
class Sums:
    """What must close: the parts beside the whole, each with its words."""

    whole: int
    whole_words: Says | str
    parts: tuple[tuple[Says | str, int], ...] = ()

    @property
    def difference(self) -> int:
        """What is still open."""
        return self.whole - sum(count for _words, count in self.parts)

    @property
    def closes(self) -> bool:
        """Whether the parts are the whole."""
        return self.difference == 0


@dataclass(frozen=True)
class Blocker:
    """What stops the batch, and the step that lifts it."""

    words: Says | str
    step: str = ""
    do: Callable[[], None] | None = None


@dataclass(frozen=True)
class ScanResult:
    """What a scan came to, stored already: the line for the right, how the left line stands now, the new sum."""

    line: ScanListLine
    sums: Sums
    blockers: tuple[Blocker, ...] = ()
    expected: ScanListLine | None = None


@dataclass(frozen=True)
class Side:
    """Who scans: the giver and the receiver of a handover, or one party alone."""

    code: str
    label: str


ONE_PARTY = (Side("", N_("Scan")),)


class ScanListSource(Protocol):
    """Where a scan list keeps its lines; every answer comes later, and a scan is stored before it is answered."""

    def expected(self, after: Any, deliver: Callable[[Sequence[ScanListLine], Any], None]) -> None: ...
    def scanned(self, after: Any, deliver: Callable[[Sequence[ScanListLine], Any], None]) -> None: ...
    def sums(self, deliver: Callable[[Sums, Sequence[Blocker]], None]) -> None: ...
    def scan(self, code: str, side: str, deliver: Callable[[ScanResult], None]) -> None: ...
