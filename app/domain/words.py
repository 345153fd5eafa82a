"""Text for people as values: what is to be said, before anybody knows in which language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TypeAlias, Union

Value: TypeAlias = Union[str, int, date, "Says", "Term", tuple["Value", ...], None]  # `|` cannot join a quoted name


def N_(text: str) -> str:  # noqa: N802 - the name gettext's tools look for
    """Mark a text for the catalogue where it is declared; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class Term:
    """A regime's own name for a thing: in no catalogue, because an authority sets it in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Says:
    """A sentence with named places; screen, paper and history each render it in their own language."""

    msgid: str
    values: Mapping[str, Value] = field(default_factory=dict)
    plural: str = ""  # the English plural, when the sentence counts its value `n`

    def __post_init__(self) -> None:
        # Freeze a copy: a sentence that is kept must not change with the caller's dictionary.
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def __hash__(self) -> int:
        return hash((self.msgid, self.plural, frozenset(self.values.items())))

    def __reduce__(self) -> tuple[type["Says"], tuple[str, dict[str, Value], str]]:
        # A mapping proxy cannot be pickled, and sentences come back from child processes.
        return Says, (self.msgid, dict(self.values), self.plural)


def says(msgid: str, /, **values: Value) -> Says:
    """Say a sentence; the catalogue's tools find its text here."""
    return Says(msgid, values)


def says_n(singular: str, plural: str, n: int, /, **values: Value) -> Says:
    """Say a sentence that counts: `n` chooses between the two forms and is itself the value `{n}`."""
    return Says(singular, {"n": n, **values}, plural)
