"""Which characters a register can keep: all of Unicode, but for what no program could read back."""

from __future__ import annotations

import re
from typing import Final

from app.domain.words import N_, Says, says

_UNKEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")
_LONGEST_SHOWN: Final = 60
RETYPE: Final = N_("Delete it, or type the text anew instead of pasting it.")


def unkeepable(text: str) -> Says | None:
    """Why a text cannot be kept as it is: NUL, at which other programs cut it off, or half a character."""
    found = _UNKEEPABLE.search(text)
    if found is None:
        return None
    if found[0] == "\x00":
        sentence = N_("The text holds {code} at position {position}, where other programs would cut it off.")
    else:
        sentence = N_("The text holds {code} at position {position}, half a character that nothing could read back.")
    return says(sentence, code=f"U+{ord(found[0]):04X}", position=found.start() + 1)


def bindable(text: str) -> str:
    """A text as it can be looked up and kept in a scan: what cannot be kept stands there by its code point."""
    return _UNKEEPABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def in_short(text: str) -> str:
    """A scanned or typed text as a sentence repeats it: without outer blanks, cut where nobody would read on."""
    plain = bindable(text.strip())
    return plain if len(plain) <= _LONGEST_SHOWN else f"{plain[:_LONGEST_SHOWN]}…"
