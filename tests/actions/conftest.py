"""The unit that every test of the actions plays in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.proof import verify_full
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[Unit]:
    """A founded register with its people, places and regimes; whatever was played in it, its book must hold."""
    unit = Unit(tmp_path / "unit")
    yield unit
    with unit.database.reading() as connection:
        assert verify_full(connection).holds
    unit.close()
