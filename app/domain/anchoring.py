"""What a paper's anchor says about the book behind it, once signature, position and seal were compared. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.ledger import Anchor
from app.domain.words import N_, Says, says


class Standing(StrEnum):
    """How a paper and the book agree."""

    HOLDS = "holds"
    NO_ANCHOR = "no_anchor"
    OTHER_REGISTER = "other_register"
    NOT_SIGNED = "not_signed"
    CUT_SHORT = "cut_short"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class AnchorVerdict:
    """What came of checking an anchor: how it stands, in words, the first wrong entry where one is known."""

    standing: Standing
    sentence: Says
    anchor: Anchor | None = None
    at: int | None = None

    @property
    def holds(self) -> bool:
        """Whether the book is, up to the paper's entry, the one the paper was printed from."""
        return self.standing is Standing.HOLDS


@dataclass(frozen=True, slots=True)
class BookBehind:
    """What the register has to compare: its number, whether its key signed, its end, its seal there, a broken entry."""

    register: str
    signed: bool
    last: int
    seal: bytes | None
    broken: int | None = None
    whole: bool = True
    """Whether every entry up to there was sealed anew to compare; the seal alone may have been left in its place."""


def judged(anchor: Anchor | None, book: BookBehind | None) -> AnchorVerdict:
    """Compare a paper with the book; the first thing that does not agree is the verdict."""
    if anchor is None or book is None:
        return AnchorVerdict(Standing.NO_ANCHOR, says(N_("This is not the code of a printed form.")))
    standing, sentence, at = _compared(anchor, book)
    values = {"seq": anchor.seq, "last": book.last, "at": at, "other": anchor.register, "register": book.register}
    told = {name: value for name, value in values.items() if f"{{{name}}}" in sentence}
    return AnchorVerdict(standing, says(sentence, **told), anchor, at)


def _compared(anchor: Anchor, book: BookBehind) -> tuple[Standing, str, int | None]:
    """How they agree, the sentence for it, and the first wrong entry where it is known."""
    if anchor.register != book.register:
        return Standing.OTHER_REGISTER, N_("This paper belongs to register {other}; this is register {register}."), None
    if not book.signed:
        return (
            Standing.NOT_SIGNED,
            N_("This register's key did not sign this paper: the paper is forged, or the register was replaced."),
            None,
        )
    if book.last < anchor.seq:
        return (
            Standing.CUT_SHORT,
            N_("The book was cut short: it ends at entry {last}, and this paper was printed at entry {seq}."),
            book.last + 1,
        )
    if book.broken is not None and book.broken <= anchor.seq:
        return (
            Standing.REWRITTEN,
            N_("The book was rewritten: entry {at} is not what it was when this paper was printed at entry {seq}."),
            book.broken,
        )
    if book.seal != anchor.seal:
        return (
            Standing.REWRITTEN,
            N_("The book was rewritten: up to entry {seq} it is not the one this paper was printed from."),
            None,
        )
    return Standing.HOLDS, _HOLDS if book.whole else _SEAL_HOLDS, None


_HOLDS = N_("The book holds: up to entry {seq} it is the one this paper was printed from.")
_SEAL_HOLDS = N_(
    "The seal of entry {seq} is the one on this paper; “Prove the whole book” says whether every entry leads there."
)
