"""The running window: how soon it asks for the password, how much memory it takes, how long its thread was held."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measures import Row


def window_figures() -> Iterator[Row]:
    """Figures of the real program, measured by benchmarks.window_probe in a process of its own."""
    yield from ()
