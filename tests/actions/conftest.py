"""The unit that every test of the actions plays in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit import Unit


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[Unit]:
    """A founded register with its people, places and regimes."""
    unit = Unit(tmp_path / "unit")
    yield unit
    unit.close()
