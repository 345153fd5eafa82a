"""What every form is drawn on: the language, the unit, the anchor to the book, the paper in the printer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal, TypeAlias

from reportlab.lib.pagesizes import A4, letter

from app.domain.figures import chinese_figures, english_words
from app.forms.terms import NO_WORD, YES, Term, Unit
from app.forms.text import BODY, DIM, MM, Span, Style
from app.forms.vocabulary import VOCABULARY

Paper: TypeAlias = Literal["A4", "Letter"]
_SIZES: Final[dict[str, tuple[float, float]]] = {"A4": A4, "Letter": letter}


class Language(StrEnum):
    """The language of a register's paper."""

    ZH = "zh"
    EN = "en"
    BOTH = "both"


def listed(values: Iterable[str], language: Language, *, clauses: bool = False) -> str:
    """Several short texts in one field, divided as the language does it."""
    marks = ("; " if clauses else ", ") if language is Language.EN else ("；" if clauses else "、")
    return marks.join(filter(None, values))


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where the book stood when the form was printed; `qr` is the signed payload, `text` what people compare."""

    register: str
    seq: int
    text: str
    qr: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """The circumstances of one print; what a reprint may have different from the first print."""

    language: Language
    unit: str
    printed_by: str
    printed_at: datetime
    anchor: Anchor | None = None
    reprint: bool = False
    paper: Paper = "A4"
    offset_mm: tuple[float, float] = (0.0, 0.0)
    stock: str = "a4-70x37"
    first_label: int = 1

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page, upright."""
        return _SIZES[self.paper]

    @property
    def offset(self) -> tuple[float, float]:
        """How far this printer has to be shifted, in points, right and up."""
        return self.offset_mm[0] * MM, self.offset_mm[1] * MM

    def say(self, term: Term, joint: str = " ") -> str:
        """The term as running text in the language of the paper."""
        if self.language is Language.ZH:
            return term.zh
        if self.language is Language.EN:
            return term.en
        return f"{term.zh}{joint}{term.en}"

    def spans(self, term: Term, style: Style = BODY, joint: str = " ") -> tuple[Span, ...]:
        """The term as a label: Chinese first where both are asked for, English small and dim behind it."""
        if self.language is not Language.BOTH:
            return (Span(self.say(term), style),)
        return Span(term.zh + joint, style), Span(term.en, Style(style.size * 0.8, DIM))

    def word(self, code: str) -> str:
        """A stored word such as `paper` or `loan` in the language of the paper; any other text as it is."""
        term = VOCABULARY.get(code)
        return self.say(term) if term else code

    def yes_no(self, answer: bool | None) -> str:  # noqa: FBT001 - an answer is what it is
        """Yes or no; nothing where nobody answered."""
        return "" if answer is None else self.say(YES if answer else NO_WORD)

    def listed(self, values: Iterable[str], *, clauses: bool = False) -> str:
        """Several short texts in one field."""
        return listed(values, self.language, clauses=clauses)

    def count(self, count: int, unit: Unit) -> str:
        """A count in words with its unit: 叁件 · three items."""
        english = f"{english_words(count)} {unit.of(count)}"
        return self.say(Term(english, f"{chinese_figures(count)}{unit.zh}"), " · ")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A form as printed: its bytes, the characters no font had, how many pages."""

    pdf: bytes
    missing: tuple[str, ...]
    pages: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """One printed form: what it is called, what fills it, how it is drawn.

    `app.forms.gathering` reads the kept lines (`content`) from the book; a reprint starts from the kept lines and never
    reads again. `version` grows when the same lines would give other bytes.
    """

    code: str
    title: Term
    number: str
    version: int
    content: type[Any]
    draw: Callable[[Any, Sheet], Drawn]
