"""Which characters a register can keep: all of Unicode, but for what no program could read back."""

from __future__ import annotations

import re
from typing import Final

from app.domain.words import N_, Says, says

_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")
_DIGEST: Final = re.compile(r"~[\w-]{43}", re.ASCII)
_LONGEST_SHOWN: Final = 60
RETYPE: Final = N_("Delete it, or type the text anew instead of pasting it.")


def unkeepable(text: str, *, digest_is_meant: bool = False) -> Says | None:
    """Why a text cannot be kept as it is: NUL, at which others cut it off, half a character, the guise of a digest."""
    found = _UNKEEPABLE.search(text)
    if found is None:
        if digest_is_meant or not _DIGEST.fullmatch(text):
            return None
        # In the ledger it would stand for a text that nobody wrote, and no proof would hold any more.
        return says(N_("The text looks like the digest by which the book names another text."))
    if found[0] == "\x00":
        sentence = N_("The text holds {code} at position {position}, where other programs would cut it off.")
    else:
        sentence = N_("The text holds {code} at position {position}, half a character that nothing could read back.")
    return says(sentence, code=f"U+{ord(found[0]):04X}", position=found.start() + 1)


_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}


def narrow(text: str) -> str:
    """Letters, digits and signs in their usual width: a Chinese input method types them as wide as its characters."""
    return text.translate(_WIDE)


def bindable(text: str) -> str:
    """A text as it can be looked up and kept in a scan: what cannot be kept stands there by its code point."""
    return _UNKEEPABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def in_short(text: str) -> str:
    """A scanned or typed text as a sentence repeats it: without outer blanks, cut where nobody would read on."""
    plain = bindable(text.strip())
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}…"
