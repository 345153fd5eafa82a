"""The recovery key as people copy it: groups of four characters, each with one that catches a slip of the pen."""

from typing import Final

from stdnum.iso7064 import mod_37_36

# Crockford's alphabet has no I, L, O and U: what looks alike on paper is read as the digit.
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES: Final = str.maketrans("OIL", "011")

KEY_BYTES: Final = 20
GROUPS: Final = 8
_DATA: Final = 4


class MistypedGroup(Exception):
    """One group of a typed recovery key cannot be right; groups count from 1, and 0 means their number."""

    def __init__(self, group: int) -> None:
        super().__init__(f"group {group}")
        self.group = group


def shown(key: bytes) -> str:
    """Write a key as it is printed on the recovery sheet: `7K2MX-…`, eight groups of five."""
    number = int.from_bytes(key, "big")
    count = GROUPS * _DATA
    text = "".join(ALPHABET[number >> 5 * (count - 1 - place) & 31] for place in range(count))
    groups = [text[start : start + _DATA] for start in range(0, count, _DATA)]
    return "-".join(group + _check(position, group) for position, group in enumerate(groups))


def read(typed: str) -> bytes:
    """Read a key back, however it is spaced and cased; MistypedGroup names the group to look at again."""
    groups = [group.translate(_LOOKALIKES) for group in divided(typed)]
    for position, group in enumerate(groups[:GROUPS]):
        if not group_is_right(position, group):
            raise MistypedGroup(position + 1)
    if len(groups) != GROUPS:
        raise MistypedGroup(0)
    number = 0
    for sign in "".join(group[:_DATA] for group in groups):
        number = number << 5 | ALPHABET.index(sign)
    return number.to_bytes(KEY_BYTES, "big")


def divided(typed: str) -> list[str]:
    """What was typed or pasted as the groups of the sheet, without what stands between them."""
    text = "".join(sign for sign in typed.upper() if sign.isalnum())
    return [text[start : start + _DATA + 1] for start in range(0, len(text), _DATA + 1)]


def group_is_right(position: int, typed: str) -> bool:
    """Whether one group, counted from 0, can be as it is printed."""
    group = typed.upper().translate(_LOOKALIKES)
    whole = len(group) == _DATA + 1 and all(sign in ALPHABET for sign in group)
    return whole and group[_DATA] == _check(position, group[:_DATA])


def _check(position: int, group: str) -> str:
    # The position goes into the check, so two groups that changed places are found too.
    return str(mod_37_36.calc_check_digit(ALPHABET[position] + group, ALPHABET))
