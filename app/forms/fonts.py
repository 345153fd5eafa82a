"""Fonts of the paper: the embedded CJK font, then whatever the machine has, then the code point itself.

A character is drawn by the first font that holds it. One that none holds is printed as its code point in small
type and named to the clerk: a blank on a signed form would be a hole in the evidence.
"""

from __future__ import annotations

import os
import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from app.paths import resource

PAPER_FONT: Final = "WenQuanYiMicroHei"
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_STYLED: Final = ("bold", "italic", "oblique", "condensed", "light", "thin", "black", "medium", "extra")
_TRUETYPE: Final = (b"\x00\x01\x00\x00", b"true")

BOX_SCALE: Final = 0.62
"""A code point is set smaller than its line, so that it is seen to be no word of the text."""
_BOX_PADDING: Final = 0.16


class Glyph(NamedTuple):
    """How one character is drawn: the font, its width at size 1, and what is written in its stead if no font has it."""

    font: str
    width: float
    stand_in: str = ""


@cache
def _paper_font() -> TTFont:
    return _registered(PAPER_FONT, resource("fonts/wqy-microhei.ttc"), subfontIndex=0)


def _registered(name: str, path: Path, **more: int) -> TTFont:
    font = TTFont(name, str(path), **more)
    # A list for each glyph, which reportlab fills and never reads: 38,000 objects for every collection to walk through.
    font.face.glyphToChar.clear()
    pdfmetrics.registerFont(font)
    return font


@cache  # a register's texts use a few thousand characters at most
def glyph(char: str) -> Glyph:
    """How the character is drawn on this machine."""
    if unicodedata.category(char) not in _UNPRINTABLE:
        for font in (_paper_font(), _fallback(ord(char))):
            if font is not None and ord(char) in font.face.charToGlyph:
                return Glyph(font.fontName, font.face.getCharWidth(ord(char)) / 1000)
    point = f"U+{ord(char):04X}"
    width = sum(glyph(letter).width for letter in point) * BOX_SCALE + 2 * _BOX_PADDING
    return Glyph(PAPER_FONT, width, point)


def named(char: str) -> str:
    """The character by code point and name, for the notice that some could not be printed."""
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".rstrip()


def _font_folders() -> list[Path]:
    """Where fontconfig looks by default."""
    home = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return [home / "fonts", Path.home() / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]


@cache
def _installed() -> list[Path]:
    """Installed TrueType files, plain cuts first and then by path, so that the choice is always the same."""
    files = [
        path
        for folder in _font_folders()
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.suffix.lower() == ".ttf" and path.is_file()  # from Windows they come as HIMALAYA.TTF
    ]
    return sorted(files, key=lambda path: (any(word in path.name.lower() for word in _STYLED), str(path)))


@cache  # as many entries as characters the paper font lacks
def _fallback(code_point: int) -> TTFont | None:
    for path in _installed():
        if _covers(path, code_point):
            font = _embeddable(path)
            if font is not None:
                return font
    return None


@cache  # as many entries as fonts that were needed
def _embeddable(path: Path) -> TTFont | None:
    """The font, unless its licence forbids embedding or it holds no outlines (colour bitmaps)."""
    try:
        # By its whole path: two folders may hold a font of one name, and names need not be Latin.
        return _registered(f"Installed-{os.fsencode(path).hex()}", path)
    except (TTFError, KeyError, struct.error):
        return None


def _covers(path: Path, code_point: int) -> bool:
    return any(first <= code_point <= last for first, last in _ranges(path))


@cache  # as many entries as installed fonts
def _ranges(path: Path) -> tuple[tuple[int, int], ...]:
    """The code points of the font's character map; empty for files that are no TrueType outlines.

    reportlab takes 50 ms to open a font and hundreds may be installed; the map alone takes a tenth of one.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) not in _TRUETYPE:
                return ()
            (tables,) = struct.unpack(">H6x", file.read(8))
            directory = [struct.unpack(">4s4xLL", file.read(16)) for _ in range(tables)]
            places = {tag: (offset, length) for tag, offset, length in directory}
            if b"cmap" not in places or b"glyf" not in places:
                return ()
            offset, length = places[b"cmap"]
            file.seek(offset)
            return _mapped(file.read(length))
    except (OSError, struct.error):
        return ()


def _mapped(cmap: bytes) -> tuple[tuple[int, int], ...]:
    (count,) = struct.unpack_from(">2xH", cmap)
    ranges: list[tuple[int, int]] = []
    for index in range(count):
        (start,) = struct.unpack_from(">4xL", cmap, 4 + 8 * index)
        (form,) = struct.unpack_from(">H", cmap, start)
        if form == 12:
            (groups,) = struct.unpack_from(">L", cmap, start + 12)
            ranges += [struct.unpack_from(">LL", cmap, start + 16 + 12 * group) for group in range(groups)]
        elif form == 4:
            (doubled,) = struct.unpack_from(">H", cmap, start + 6)
            lasts = struct.unpack_from(f">{doubled // 2}H", cmap, start + 14)
            firsts = struct.unpack_from(f">{doubled // 2}H", cmap, start + 16 + doubled)
            ranges += [pair for pair in zip(firsts, lasts, strict=True) if pair[0] != 0xFFFF]
    return tuple(ranges)
