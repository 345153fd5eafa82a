"""What the window knows of a place in the program, and what a place may know of the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget


@runtime_checkable
class Page(Protocol):
    """One place in the program; `section` and `title` are marked texts, `widget` is built when it is first shown."""

    code: str
    section: str
    title: str
    icon: str
    duties: tuple[str, ...]
    """Who finds it in the rail: any of these duties; empty means everybody."""

    @property
    def widget(self) -> QWidget: ...

    def reload(self) -> None:
        """Read again what is shown; called after every act and when the page comes to the front."""


@runtime_checkable
class Finds(Protocol):
    """A page with a search field of its own: F3 goes there."""

    def find(self) -> None: ...


@runtime_checkable
class Returns(Protocol):
    """A page that opens things one by one: chosen again in the rail, it shows its list."""

    def back(self) -> None: ...


@runtime_checkable
class Keeps(Protocol):
    """A page with half-done work that must survive a change of language or theme."""

    def kept(self) -> object: ...
    def keep(self, state: object) -> None: ...


@dataclass(frozen=True)
class Command:
    """One line of the command palette."""

    label: str
    do: Callable[[], object]
    key: str = ""
    icon: str = "chevron-right"


@dataclass(frozen=True)
class Status:
    """One statement of the status bar; kind is good, warn, bad or nothing."""

    words: str
    kind: str = ""
    do: Callable[[], object] | None = None
