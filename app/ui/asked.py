"""What a page can be asked for beyond being shown, and how long work is begun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

from app.domain.action import Ref
from app.store.reads import CarrierFilter


@runtime_checkable
class Opens(Protocol):
    """A page that can be asked to show one thing: Documents a document, Slips a slip, Counter a person."""

    def open(self, ref: Ref) -> None: ...


@runtime_checkable
class Filters(Protocol):
    """A page that can be asked to show a part of its list."""

    def show_filter(self, filters: CarrierFilter) -> None: ...


class Job(Protocol):
    """Starts long work in a child process: which job, its answers, where its progress and result go; gives its stop."""

    def __call__(
        self,
        job: str,
        answers: Mapping[str, Any],
        on_progress: Callable[[int, int], None],
        on_done: Callable[[Mapping[str, Any]], None],
        on_refused: Callable[[str], None],
    ) -> Callable[[], None]: ...


def no_jobs(*_: Any, **__: Any) -> Callable[[], None]:
    """A workplace without child processes."""
    return lambda: None
