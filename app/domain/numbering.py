"""Numbers of the register: control- and copy-number templates, and the typed codes that barcodes carry.

A template is text with fields in braces, e.g. `{unit}-{level}-{year}-{0001}`: the field made of zeros is the
running number and its width. A barcode is never the control number, which may hold Chinese: it is a type letter,
the register, a serial and a check digit, so that nothing is inferred by the order of look-ups.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeAlias

from stdnum import ean
from stdnum.iso7064 import mod_11_10

from app.domain.characters import in_short
from app.domain.words import N_, Says, says

Value: TypeAlias = str | int

_FIELD = re.compile(r"\{([^{}]*)\}")
_RUNNING = re.compile(r"0+1?|n")
_YEAR = "year"
_FIELDS: Final[dict[str, str]] = {
    "unit": r"\S+?",
    "level": r"\S+?",
    "book": r"\S+?",
    "parent": r"\S+",
    _YEAR: r"[0-9]{4}",
}
_SAMPLE: Final[dict[str, Value]] = {"unit": "CU", "level": "S", "year": 2026, "book": "A", "parent": "S-2026-0417"}


class TemplateError(ValueError):
    """A template that would not give numbers that can be told apart; `why` says so to the administrator."""

    def __init__(self, why: Says) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Template:
    """A number template taken apart: literal text and fields in turn, the running number among them."""

    text: str
    parts: tuple[tuple[str, str], ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The named fields a number needs, in order."""
        return tuple(name for kind, name in self.parts if kind == "field")

    @property
    def width(self) -> int:
        """How many digits the running number is padded to; larger numbers grow past it."""
        return next(len(name) if name != "n" else 1 for kind, name in self.parts if kind == "number")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number read back through its template: the running number and the fields around it."""

    number: int
    fields: tuple[tuple[str, str], ...]


@lru_cache(maxsize=64)
def parse(text: str) -> Template:
    """The template written as `text`; raises TemplateError with the sentence for the administrator."""
    parts: list[tuple[str, str]] = []
    for index, piece in enumerate(_FIELD.split(text)):
        if index % 2 == 0:
            if "{" in piece or "}" in piece:
                raise TemplateError(says(N_("A brace in “{template}” has no partner."), template=text))
            if piece:
                parts.append(("text", piece))
        elif _RUNNING.fullmatch(piece):
            parts.append(("number", piece))
        elif piece in _FIELDS:
            parts.append(("field", piece))
        else:
            raise TemplateError(
                says(
                    N_("“{field}” is not a field of a number; the fields are {fields} and the running number."),
                    field=piece,
                    fields=", ".join(_FIELDS),
                )
            )
    _judge(text, parts)
    return Template(text, tuple(parts))


def _judge(text: str, parts: list[tuple[str, str]]) -> None:
    if sum(kind == "number" for kind, _ in parts) != 1:
        raise TemplateError(
            says(N_("“{template}” needs exactly one running number, written as zeros: {{0001}}."), template=text)
        )
    if any(char.isspace() or not char.isprintable() for kind, piece in parts if kind == "text" for char in piece):
        raise TemplateError(says(N_("“{template}” holds a space or an invisible character."), template=text))
    for (kind, name), (next_kind, next_name) in pairwise(parts):
        if _may_run_together(kind, name, next_kind, next_name):
            raise TemplateError(
                says(
                    N_("In “{template}” the fields {first} and {second} run together: put a sign between them."),
                    template=text,
                    first=name,
                    second=next_name,
                )
            )


def _may_run_together(kind: str, name: str, next_kind: str, next_name: str) -> bool:
    """Whether where one part ends and the next begins could not be told; a year has always four digits."""
    if "text" in (kind, next_kind):
        return False
    if kind == "field" and name == _YEAR:
        return False
    return not (kind == "field" and next_name == _YEAR)


def render(template: str, number: int, **fields: Value) -> str:
    """The number that comes out, e.g. CU-S-2026-0417."""
    parsed = parse(template)
    if number < 1:
        raise ValueError(f"a running number starts at 1, not {number}")
    return "".join(
        piece if kind == "text" else f"{number:0{parsed.width}d}" if kind == "number" else str(fields[piece])
        for kind, piece in parsed.parts
    )


def preview(template: str, number: int = 1, **fields: Value) -> str:
    """What numbers will look like, with sample values for what is not given."""
    return render(template, number, **{**_SAMPLE, **fields})


def match(template: str, text: str, **known: Value) -> int | None:
    """The running number in `text`, or None when the text does not follow the template."""
    numbered = read_number(template, text, **known)
    return numbered.number if numbered else None


def read_number(template: str, text: str, **known: Value) -> Numbered | None:
    """A number taken apart, so that an imported one is known to its series; `known` fields must agree."""
    found = _pattern(template, tuple(sorted((name, str(value)) for name, value in known.items()))).fullmatch(text)
    if found is None:
        return None
    named = found.groupdict()
    number = int(named.pop("number"))
    return Numbered(number, tuple(named.items())) if number else None


@lru_cache(maxsize=256)
def _pattern(template: str, known: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    parsed = parse(template)
    values = dict(known)
    pattern = ""
    seen: set[str] = set()
    for kind, piece in parsed.parts:
        if kind == "text":
            pattern += re.escape(piece)
        elif kind == "number":
            pattern += f"(?P<number>[0-9]{{{parsed.width}}}|[1-9][0-9]{{{parsed.width},}})"
        elif piece in seen:
            pattern += f"(?P={piece})"
        else:
            seen.add(piece)
            pattern += f"(?P<{piece}>{re.escape(values[piece]) if piece in values else _FIELDS[piece]})"
    return re.compile(pattern)


# --- codes -------------------------------------------------------------------------------------------------------


class Letter(StrEnum):
    """What a code names; the letter comes first, so that a scan is never looked up by guessing."""

    CARRIER = "C"
    PERSON = "P"
    PLACE = "L"
    SLIP = "S"
    ENVELOPE = "E"
    COMMAND = "X"


COMMANDS = ("lend", "return", "count", "undo_last", "finish", "cancel")
"""What can be told by scanner; the place in this row, counted from one, is the code's serial number."""


@dataclass(frozen=True, slots=True)
class Code:
    """One of our codes, read and checked."""

    letter: Letter
    register: int
    serial: int

    @property
    def payload(self) -> str:
        """What the barcode holds."""
        return payload(self.letter, self.register, self.serial)


class Wrong(StrEnum):
    """Why a scan is none of this register's codes."""

    FOREIGN = "foreign"
    LETTER = "letter"
    CHECK = "check"
    REGISTER = "register"


@dataclass(frozen=True, slots=True)
class Misread:
    """A scan that is not one of this register's codes, and the sentence that says which way."""

    wrong: Wrong
    why: Says


_SHAPE = re.compile(r"([A-Z])([0-9]{3})([0-9]{8})([0-9])")
_BLANKS = str.maketrans("", "", " \u00a0\t\r\n")
LARGEST_REGISTER: Final = 999
_LONGEST_TYPED: Final = 64
"""A code has thirteen characters, with blanks between and around them."""
LARGEST_SERIAL: Final = 99_999_999
GOODS_CODES: Final = (12, 13, 14)
"""Digits of the barcodes that shops use; eight are too often somebody's own number."""


def payload(letter: Letter | str, register: int, serial: int) -> str:
    """The thirteen characters of a barcode: type letter, register, serial, check digit (ISO 7064 MOD 11,10)."""
    if not (0 <= register <= LARGEST_REGISTER and 0 <= serial <= LARGEST_SERIAL):
        raise ValueError(f"register {register}, serial {serial} do not fit a code")
    digits = f"{register:03d}{serial:08d}"
    return f"{Letter(letter)}{digits}{mod_11_10.calc_check_digit(digits)}"


def is_goods_code(text: str) -> bool:
    """Whether it is the number of goods (UPC-A, EAN-13, GTIN-14), its check digit right."""
    return len(text) in GOODS_CODES and text.isascii() and text.isdigit() and ean.is_valid(text)


def spaced(code: str) -> str:
    """The code as people read it below the bars: C 107 00026041 3."""
    if _SHAPE.fullmatch(code) is None:
        return code  # somebody else's code, bound to a carrier or a badge
    return f"{code[0]} {code[1:4]} {code[4:12]} {code[12:]}"


def read(text: str, register: int) -> Code | Misread:
    """The code that was scanned or typed, in either case and with spaces or without; else what is wrong with it."""
    shown = in_short(text)
    # Through a Chinese input method a scanner types wide letters and digits.
    typed = unicodedata.normalize("NFKC", text) if len(text) <= _LONGEST_TYPED else ""
    shape = _SHAPE.fullmatch(typed.translate(_BLANKS).upper())
    if shape is None:
        return Misread(Wrong.FOREIGN, says(N_("“{text}” is not a code of this program."), text=shown))
    letter, digits = shape[1], shape[2] + shape[3]
    if mod_11_10.calc_check_digit(digits) != shape[4]:
        return Misread(
            Wrong.CHECK,
            says(N_("“{text}” has a wrong check digit: one of its digits was misread. Scan it again."), text=shown),
        )
    if letter not in set(Letter):
        return Misread(
            Wrong.LETTER,
            says(N_("“{text}” starts with {letter}, which names nothing here."), text=shown, letter=letter),
        )
    if int(shape[2]) != register:
        return Misread(
            Wrong.REGISTER,
            says(
                N_("“{text}” belongs to register {other}; this is register {register}."),
                text=shown,
                other=shape[2],
                register=f"{register:03d}",
            ),
        )
    return Code(Letter(letter), register, int(shape[3]))
