"""What a sign-in name and a password may be."""

import unicodedata
from itertools import pairwise

from app.domain.words import Says, says


def password_is_strong_enough(password: str, name: str) -> Says | None:
    """Say what is wrong with a new password, or nothing."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    least = 10
    if len(plain) < least:
        return says("A password has at least {n} characters.", n=least)
    owner = sign_in_name(name)
    # A name of one or two signs is in too many good passwords to be forbidden.
    if owner and (plain == owner or (len(owner) > 2 and len(plain.replace(owner, "")) < least // 2)):
        return says("A password is not the name of its owner.")
    if len(set(plain)) < least // 2 or plain in (plain + plain)[1:-1] or _is_a_row(plain):
        return says("The password repeats itself or follows the keyboard; choose several unrelated words.")
    return None


def login_can_be_typed(login: str) -> Says | None:
    """Say what is wrong with a new sign-in name, or nothing."""
    plain = sign_in_name(login)
    if not plain or not plain.isprintable():
        return says("A login is made of signs that can be seen.")
    longest = 40
    if len(plain) > longest:
        return says("A login has at most {n} characters.", n=longest)
    return None


def sign_in_name(name: str) -> str:
    """A name as it is compared: case, width and outer space do not matter."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def _is_a_row(text: str) -> bool:
    steps = {ord(after) - ord(before) for before, after in pairwise(text)}
    rows = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./"
    return steps in ({1}, {-1}) or text in rows or text in rows[::-1]
