"""Whatever stands in a book: each row is judged once, nothing is lost or done twice, and it can be taken back whole."""

import csv
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from app import i18n
from app.actions.imports import VoidImport
from app.domain.action import Ref, Subject
from app.services import exporting
from app.services.importing import NotImportable, as_data, import_file, load_mapping
from app.store.proof import verify_full
from tests.services.any_book import any_book
from tests.services.test_round_trip import carriers
from tests.unit import Unit

TOLD = (
    "read",
    "registered",
    "identical",
    "differing",
    "rejected",
    "carriers",
    "not_data",
    "rejects",
    "flagged",
    "reasons",
)


def told(report):
    """What a report says of the file, without where that went."""
    return {name: as_data(report)[name] for name in TOLD}


def proven(unit):
    with unit.database.reading() as connection:
        proof = verify_full(connection)
    assert proof.holds, proof


def counted(unit):
    tables = ("carriers", "documents", "persons", "places", "slips")
    with unit.database.reading() as connection:
        return {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in tables}


def cells_of(file):
    if file.suffix == ".xlsx":
        return CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


def take(unit, book, **how):
    before = unit.length()
    report = import_file(unit.desk(), how.pop("file", book.file), how.pop("mapping", book.mapping), **how)
    assert report.adds_up
    assert report.read == report.total
    assert unit.length() == before or not how.get("dry_run")
    proven(unit)
    return report


def rejects_come_back(unit, book, report):
    """The file of rejected rows holds them and nothing else, and none of them is lost when it is imported."""
    if not report.rejects:
        assert report.rejects_file is None
        return
    head, *rows = cells_of(Path(report.rejects_file))
    assert head[:3] == [i18n.translate(word) for word in ("row", "column", "reason")]
    assert [int(row[0]) for row in rows] == [reject.row for reject in report.rejects]
    assert [row[2] for row in rows] == [i18n.render(reject.reason) for reject in report.rejects]
    assert take(unit, book, file=Path(report.rejects_file), dry_run=True).read == report.rejected


def a_list_comes_back(unit, book, folder):
    """What was exported is known again here, and makes the same carriers elsewhere."""
    file = folder / ("list.csv" if book.file.suffix == ".csv" else "list.xlsx")
    listed = exporting.run(unit.desk(), {"file": str(file)}, lambda *_: None, lambda: False)
    if not listed["rows"] or listed["cut"]:
        return
    same = take(unit, book, file=file, mapping=load_mapping("", book.regime), dry_run=True)
    assert (same.read, same.identical) == (listed["rows"], listed["rows"]), same.reasons()
    other = Unit(folder / "other")
    try:
        there = take(other, book, file=file, mapping=load_mapping("custos-list", book.regime))
        ours, theirs = carriers(unit), carriers(other)
        # Documents of one reference and title that differ elsewhere are one to whoever has only the list.
        assert there.registered + there.differing == listed["rows"], there.reasons()
        assert [row for row in ours if row in theirs] == theirs
    finally:
        other.close()


def live_through(seed, folder):
    """One book from its trial to the day it is taken back, and comes again."""
    folder.mkdir()
    book = any_book(seed, folder)
    i18n.use(book.language)
    unit = Unit(folder / "unit")
    empty = counted(unit)
    try:
        trial = take(unit, book, dry_run=True)
    except NotImportable:
        with pytest.raises(NotImportable) as refused:
            take(unit, book)
        assert refused.value.remedy is not None
        assert counted(unit) == empty
    else:
        is_whole(book, trial)
        taken_over(unit, book, trial, folder)
    finally:
        unit.close()


def is_whole(book, report):
    """Every row below the heading was read, or is told as blank or no data; blank rows at the end are no rows."""
    found = report.read + report.blank + len(report.not_data)
    assert found == book.below or (book.file.suffix == ".xlsx" and found < book.below)


def taken_over(unit, book, trial, folder):
    before = counted(unit)["carriers"]
    report = take(unit, book, rejects=folder / "rejects.xlsx")
    assert told(report) == told(trial)
    assert report.identical <= book.repeated, "nothing else is known in an empty register"
    assert bool(report.corrections) == bool(report.differing)
    whole = counted(unit)
    assert whole["carriers"] - before == report.carriers
    rejects_come_back(unit, book, report)
    again = take(unit, book)
    assert (again.registered, again.identical) == (0, report.registered + report.identical)
    assert (told(again)["rejects"], again.differing) == (told(report)["rejects"], report.differing)
    assert counted(unit) == whole
    a_list_comes_back(unit, book, folder)
    void = Ref(Subject.IMPORT, report.import_id)
    assert "signature:witness" in unit.why_not(VoidImport(reason="x"), void)
    unit.do(VoidImport(reason="x"), void, signed={"witness": "clerk2"})
    assert {row["state"] for row in carriers(unit)} <= {"void"}
    assert told(take(unit, book)) == told(report), "the right numbers are free again"


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_any_book_is_taken_over_once_and_taken_back_whole(tmp_path, first):
    for seed in range(first, first + 10):
        live_through(seed, tmp_path / str(seed))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1_000, 5_000, 500))
def test_thousands_of_books_are_taken_over_once_and_taken_back_whole(tmp_path, first):
    for seed in range(first, first + 500):
        live_through(seed, tmp_path / str(seed))
