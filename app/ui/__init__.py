"""Qt only here."""

import ctypes
import sys

_COUNTED_ONES = (None, True, False)
_ENOUGH = 1 << 40


def _outlive_miscounting() -> None:
    """Give None, True and False more references than a day in the window can lose.

    PySide 6.12 counts as if these lived for ever, as they do from Python 3.12 on: each signal that is emitted takes one
    reference to True, each None that a QVariant gives back takes one to None. Under Python 3.11 the program would end
    with "deallocating None" after some thousand signals (tests/ui/test_miscounting.py measures it).
    """
    if sys.version_info < (3, 12):
        for one in _COUNTED_ONES:
            ctypes.c_ssize_t.from_address(id(one)).value += _ENOUGH


_outlive_miscounting()
