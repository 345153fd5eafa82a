"""What a scan or a typed number names on a slip."""

import pytest

from app.services import slips
from tests.services.simple import bring
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path):
    made = Unit(tmp_path / "book")
    yield made
    made.close()


def test_a_number_typed_in_small_letters_names_its_carrier_as_at_the_scan_line(unit):
    """The scan line took zm-2026-0001 for ZM-2026-0001; on a slip no carrier was known by it."""
    (carrier,) = bring(unit)
    with unit.database.writing() as connection:
        connection.exec_driver_sql("UPDATE carriers SET number = 'ZM-2026-0001' WHERE id = ?", (carrier,))
    for typed in ("ZM-2026-0001", "zm-2026-0001", " Zm-2026-0001 "):
        assert unit.desk().read(slips.carrier_named, typed) == (carrier, None)
    assert unit.desk().read(slips.carrier_named, "zm-2026-0002")[0] is None
