"""Reads that may take long and can be stopped: a filter that no index serves, over a million lines."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.services.desk import Desk

P = ParamSpec("P")
T = TypeVar("T")


class SlowRead(Generic[T]):
    """One read and the way to stop it from another thread."""

    def __init__(self) -> None:
        self._driver: Any = None
        self._lock = threading.Lock()
        self.is_stopped = False

    def run(
        self, desk: Desk, query: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """What the query gives; None when it was stopped before."""
        try:
            return desk.read(self._watched, query, args, kwargs)
        except DBAPIError:
            if self.is_stopped:
                return None
            raise
        finally:
            with self._lock:
                self._driver = None

    def stop(self) -> None:
        """Have the database give up at once."""
        with self._lock:
            self.is_stopped = True
            if self._driver is not None:
                self._driver.interrupt()

    def _watched(self, connection: Connection, query: Any, args: Any, kwargs: Any) -> T | None:
        with self._lock:
            if self.is_stopped:
                return None
            self._driver = connection.connection.driver_connection
        found: T = query(connection, *args, **kwargs)
        return found
