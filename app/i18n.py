"""One catalogue for screen, paper and history: `N_()` where a text is declared, rendered here where it is shown."""

import gettext
import locale
import os
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Final, Literal

from app.domain.words import Says, Term, Value
from app.paths import resource

DOMAIN = "custos"
ENGLISH: Final = "en"
CHINESE: Final = "zh_CN"
PSEUDO: Final = "qps"  # every message in brackets: a test sees at once what was never given to the catalogue
LANGUAGE_NAMES = {ENGLISH: "English", CHINESE: "中文"}
"""Each in its own words, in every language."""
LANGUAGES = tuple(LANGUAGE_NAMES)

# Not from the C library: its names change with the environment.
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class _Brackets(gettext.NullTranslations):
    """The pseudo-language: English between brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{super().ngettext(msgid1, msgid2, n)}⟧"


class _Current:
    """The language of the window; paper names its own."""

    language = ENGLISH


def use(language: str) -> None:
    """Show the window in this language from now on."""
    translations(language)
    _Current.language = language


def current() -> str:
    """The language the window shows now."""
    return _Current.language


def system_language() -> Literal["en", "zh_CN"]:
    """The language of the operating system's account, if it is one of ours."""
    named = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), None)
    # Only Windows leaves the environment empty; there the C library knows.
    spoken = named or locale.getlocale()[0] or ""
    return CHINESE if spoken.startswith(("zh", "Chinese")) else ENGLISH


@lru_cache
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language; read once."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    if language == PSEUDO:
        return _Brackets()
    if language not in LANGUAGES:
        unknown = f"no catalogue for the language {language!r}"
        raise ValueError(unknown)
    with resource(f"locale/{language}/LC_MESSAGES/{DOMAIN}.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def translate(msgid: str, language: str | None = None) -> str:
    """A text in a language (the window's unless named)."""
    # An empty msgid would answer with the catalogue's header.
    return translations(language or _Current.language).gettext(msgid) if msgid else ""


def _(msgid: str) -> str:
    """A text in the window's language."""
    return translate(msgid)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form that a count asks for, in the window's language."""
    return translations(_Current.language).ngettext(singular, plural, n)


def render(sentence: Says | str, language: str | None = None) -> str:
    """A sentence in words, its values too, in a language (the window's unless named). A plain text is translated."""
    language = language or _Current.language
    if isinstance(sentence, str):
        return translate(sentence, language)
    values = {name: in_words(value, language) for name, value in sentence.values.items()}
    if sentence.plural:
        count = sentence.values["n"]
        if not isinstance(count, int):
            wrong = f"a sentence counts whole numbers, not {type(count).__name__}"
            raise TypeError(wrong)
        return translations(language).ngettext(sentence.msgid, sentence.plural, count).format(**values)
    return translate(sentence.msgid, language).format(**values)


def in_words(value: Value, language: str | None = None) -> str:
    """A value of a sentence as people read it: dates in words, a tuple as a list; a plain text stays as it is."""
    language = language or _Current.language
    if isinstance(value, Says):
        return render(value, language)
    if isinstance(value, Term):
        return value.zh if language == CHINESE else value.en
    if isinstance(value, datetime):
        return moment(value, language)
    if isinstance(value, date):
        return day(value, language)
    if isinstance(value, tuple):
        return ("、" if language == CHINESE else ", ").join(in_words(each, language) for each in value)
    return "" if value is None else str(value)


def _english_day(on: date) -> str:
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def _chinese_day(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


DAYS: dict[str, Callable[[date], str]] = {CHINESE: _chinese_day}


def day(on: date, language: str | None = None) -> str:
    """A date as it stands on paper: 31 May 2026, 2026年5月31日."""
    return DAYS.get(language or _Current.language, _english_day)(on)


def moment(at: datetime, language: str | None = None) -> str:
    """A date with the time of day at this workstation, to the minute."""
    at = at.astimezone() if at.tzinfo else at
    return f"{day(at, language)} {at:%H:%M}"
