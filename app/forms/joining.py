"""Letters that join and run from right to left: an Uyghur or Arabic name as people of that script read it.

A PDF draws glyphs from left to right as it is told. So each letter is first replaced by its form beside its neighbours
(Unicode has a code point for every one), and each line then turns its right-to-left runs round.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, TypeVar

from app.forms.fonts import glyph

C = TypeVar("C")
_FORMS: Final = (*range(0xFB50, 0xFDFC), *range(0xFE80, 0xFEFD))
_UYGHUR_E: Final = "\u06d5"
"""Unicode gives this letter no forms of its own: they look as those of heh."""
_JOINING: Final = re.compile(r"[\u0600-\u08ff]+")
_TURNED: Final = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_LINKS: Final = frozenset(" \u00b7-.،")
"""What may stand inside a name without ending its run."""


@cache
def _forms() -> dict[str, dict[str, str]]:
    """Each letter (or lam with alef) with its forms by kind: isolated, initial, medial, final."""
    forms: dict[str, dict[str, str]] = {_UYGHUR_E: {"<isolated>": "\ufee9", "<final>": "\ufeea"}}
    for point in _FORMS:
        kind, _, points = unicodedata.decomposition(chr(point)).partition(" ")
        letters = "".join(chr(int(each, 16)) for each in points.split())
        if kind.startswith("<") and (len(letters) == 1 or (len(letters) == 2 and letters[0] == "\u0644")):
            forms.setdefault(letters, {}).setdefault(kind, chr(point))
    return forms


def joined_up(text: str) -> str:
    """The text with each letter in its form beside its neighbours, still in the order in which it is spoken."""
    return _JOINING.sub(lambda word: _joined(word[0]), text)


def _joined(word: str) -> str:
    forms = _forms()
    letters: list[str] = []
    for char in word:
        pair = letters[-1] + char if letters else ""
        if len(pair) == 2 and pair in forms and char in "\u0622\u0623\u0625\u0627":
            letters[-1] = pair  # lam and alef are one letter
        else:
            letters.append(char)
    shown = []
    for place, letter in enumerate(letters):
        before = _neighbour(letters[:place][::-1])
        after = _neighbour(letters[place + 1 :])
        own = forms.get(letter, {})
        from_before = "<final>" in own and "<initial>" in forms.get(before, {})
        to_after = "<initial>" in own and "<final>" in forms.get(after, {})
        kind = ("<medial>" if to_after else "<final>") if from_before else "<initial>" if to_after else "<isolated>"
        form = own.get(kind, letter)
        shown.append(letter if glyph(form).stand_in else form)
    return "".join(shown)


def _neighbour(letters: Sequence[str]) -> str:
    """The next letter, past the marks that stand on one."""
    return next((letter for letter in letters if not unicodedata.combining(letter[0])), "")


def turned_round(line: Sequence[C], char: Callable[[C], str]) -> Sequence[C]:
    """The line as it is drawn from left to right: its right-to-left runs reversed, marks behind their letters."""
    if not _TURNED.search("".join(map(char, line))):
        return line
    drawn: list[C] = []
    run: list[list[C]] = []
    loose: list[C] = []
    for each in line:
        of = char(each)
        if _TURNED.match(of):
            run += [[link] for link in loose]
            loose = []
            if run and unicodedata.combining(of):
                run[-1].append(each)
            else:
                run.append([each])
        elif run and of in _LINKS:
            loose.append(each)
        else:
            drawn += [*_reversed(run), *loose, each]
            run, loose = [], []
    return [*drawn, *_reversed(run), *loose]


def _reversed(run: Sequence[Sequence[C]]) -> list[C]:
    return [each for cluster in reversed(run) for each in cluster]
