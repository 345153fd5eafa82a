"""A list that leaves the register is an entry first; who may not let it leave gets no file."""

import gc
import hashlib
import resource

import pytest

from app.domain.action import Ref, Subject
from app.i18n import render
from app.services import exporting
from app.services.desk import Refused
from tests.services.simple import bring
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path):
    found = Unit(tmp_path / "book")
    bring(found, copies=3)
    yield found
    found.close()


def export(unit, file, by="clerk"):
    return exporting.run(unit.desk(by), {"file": str(file), "view": "all"}, lambda _done, _total: None, lambda: False)


def entries(unit):
    return unit.desk().read(
        lambda connection: connection.exec_driver_sql(
            "SELECT body FROM ledger WHERE action = 'record_export' ORDER BY seq"
        ).all()
    )


def test_who_may_not_export_gets_no_file_and_leaves_no_entry(unit, tmp_path):
    out = tmp_path / "lists" / "out.csv"
    out.parent.mkdir()
    with pytest.raises(Refused):
        export(unit, out, by="drafter")
    assert list(out.parent.iterdir()) == []
    assert entries(unit) == []


def test_a_file_that_cannot_be_made_is_told_by_its_own_name_and_noted_nowhere(unit, tmp_path):
    (tmp_path / "file").touch()
    for out, why in ((tmp_path / ("x" * 250 + ".csv"), "too long"), (tmp_path / "file" / "out.csv", "no folder")):
        with pytest.raises(exporting.NotExportable) as told:
            export(unit, out)
        assert out.name in render(told.value.reason)
        assert why in render(told.value.reason)
    assert entries(unit) == []


def test_the_entry_names_the_file_by_its_digest(unit, tmp_path):
    out = tmp_path / "out.csv"
    assert export(unit, out)["rows"] == 3
    assert hashlib.sha256(out.read_bytes()).hexdigest().encode() in entries(unit)[0][0]
    assert unit.why_not(exporting.RecordExport(view="all", rows=-1), Ref(Subject.REGISTER, 1))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the library's own scratch files
def test_a_spreadsheet_for_which_the_disk_has_no_room_leaves_nothing(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, before[1]))
    try:
        with pytest.raises(OSError, match="large"):
            exporting._write_xlsx(tmp_path / "list.xlsx", ["Title"], iter([["x"]] * 500))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    gc.collect()
    assert [path.name for path in tmp_path.iterdir()] in ([], ["list.xlsx"])
