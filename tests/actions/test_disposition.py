"""Filed in the archive room, transferred to the archives: what must be settled before."""

from typing import Any

import pytest

from app.actions.disposition import FileToArchive, TransferToArchives
from app.actions.marking import Lift, Remark
from app.actions.vouchers import Submit
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import State
from app.domain.slip import SlipState
from tests.actions.shelf import document_of, on_shelf
from tests.unit import Unit

FILED = {"archive_no": "A-1", "retention": "30y", "appraisal": "kept"}


def lines(*carriers: int, **answers: Any) -> list[Line]:
    """One line for each carrier; an archive number that is given is each one's own: A-1 for carrier 1."""
    own = [{"archive_no": f"A-{carrier}"} if answers.get("archive_no") else {} for carrier in carriers]
    return [
        Line(Ref(Subject.CARRIER, carrier), answers | number) for carrier, number in zip(carriers, own, strict=True)
    ]


def filing(unit: Unit, place: str = "room", **other: Any) -> FileToArchive:
    return FileToArchive(place=unit.places[place], **other)


def slip_for(unit: Unit, act: str, *carriers: int, kind: str = "filing", route: str = "archive_file") -> int:
    listed = [{"carrier": carrier} for carrier in carriers]
    submitted = unit.do(Submit(slip=kind, act=act, approval=route, lines_given=listed))
    return unit.decide(submitted.subjects[0].id)


def filed(unit: Unit, *carriers: int, **answers: Any) -> int:
    slip = slip_for(unit, "file_to_archive", *carriers)
    unit.do(filing(unit), *lines(*carriers, **(FILED | answers)), slip=slip)
    return slip


def transfer(unit: Unit, *carriers: int, review: str = "secret") -> dict[str, Any]:
    slip = slip_for(unit, "transfer_to_archives", *carriers, kind="transfer", route="archive_transfer")
    action = TransferToArchives(receiver="市档案馆", received_by="王五", deed="2026-3")
    return unit.why_not(action, *lines(*carriers, review=review), slip=slip)


def test_carrier_is_filed_under_its_number_and_the_list_closes(unit: Unit) -> None:
    first, second = on_shelf(unit)
    slip = filed(unit, first, second)
    carrier = unit.carrier(first)
    assert (carrier.state, carrier.archive_no, carrier.place) == (State.ARCHIVED, "A-1", unit.places["room"])
    assert (carrier.slip, unit.slip(slip).state) == (None, SlipState.CLOSED)
    assert unit.slip_lines(slip)[1] | FILED == unit.slip_lines(slip)[1]
    assert carrier.custodian == unit.people["clerk"]


def test_archivist_who_takes_over_signs(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = slip_for(unit, "file_to_archive", *carriers)
    over = filing(unit, archivist=unit.people["archivist"])
    assert "signature:archivist" in unit.why_not(over, *lines(*carriers, **FILED), slip=slip)
    unit.do(over, *lines(*carriers, **FILED), slip=slip, signed={"archivist": "archivist"})
    assert unit.carrier(carriers[0]).custodian == unit.people["archivist"]


def test_only_an_archivist_takes_over(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = slip_for(unit, "file_to_archive", *carriers)
    over = filing(unit, archivist=unit.people["reader"])
    refused = unit.why_not(over, *lines(*carriers, **FILED), slip=slip, signed={"archivist": "reader"})
    assert "archivist_takes_it_over" in refused


def test_archivists_signature_stands_on_the_list(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = slip_for(unit, "file_to_archive", *carriers)
    over = filing(unit, archivist=unit.people["archivist"])
    unit.do(over, *lines(*carriers, **FILED), slip=slip, signed={"archivist": "archivist"})
    signed = unit.slip(slip).signed["archivist"]
    assert (signed["person"], signed["how"]) == (unit.people["archivist"], "seat")


def test_archive_number_finds_one_carrier(unit: Unit) -> None:
    first, second, third = on_shelf(unit, 3)
    slip = slip_for(unit, "file_to_archive", first, second, third)
    same = [Line(Ref(Subject.CARRIER, each), FILED) for each in (first, second)]
    refused = unit.why_not(filing(unit), *same, slip=slip)
    assert refused["archive_numbers_differ"].field == "archive_no"
    unit.do(filing(unit), same[0], slip=slip)
    refused = unit.why_not(filing(unit), *same[1:], slip=slip)
    assert (set(refused), refused["archive_number_is_free"].field) == ({"archive_number_is_free"}, "archive_no")
    assert unit.why_not(filing(unit), *lines(second, third, **FILED), slip=slip) == {}


def test_filing_needs_the_archivists_approval(unit: Unit) -> None:
    carriers = on_shelf(unit)
    assert "needs_approval" in unit.why_not(filing(unit), *lines(*carriers, **FILED))


def test_list_that_nobody_decided_files_nothing(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = slip_for(unit, "file_to_archive", *carriers, route="")
    assert unit.slip(slip).state is SlipState.APPROVED
    assert set(unit.why_not(filing(unit), *lines(*carriers, **FILED), slip=slip)) == {"route_was_decided"}


@pytest.mark.parametrize("name", FILED)
def test_every_line_has_its_answers(unit: Unit, name: str) -> None:
    carriers = on_shelf(unit)
    slip = slip_for(unit, "file_to_archive", *carriers)
    answers = {key: value for key, value in FILED.items() if key != name}
    refused = unit.why_not(filing(unit), *lines(*carriers, **answers), slip=slip)
    assert refused["every_question_is_answered"].field == name


def test_period_that_ended_is_lifted_before_filing(unit: Unit) -> None:
    carriers = on_shelf(unit, lifts="2026-05-11", period="2026-05-11")
    slip = slip_for(unit, "file_to_archive", *carriers)
    refused = unit.why_not(filing(unit), *lines(*carriers, **FILED), slip=slip)
    assert refused["level_was_appraised_truly"].citation


def test_what_is_secret_is_not_filed_as_free(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = slip_for(unit, "file_to_archive", *carriers)
    refused = unit.why_not(filing(unit), *lines(*carriers, **FILED | {"appraisal": "lifted"}), slip=slip)
    assert "level_was_appraised_truly" in refused


def test_nothing_is_filed_under_an_old_mark(unit: Unit) -> None:
    carriers = on_shelf(unit, lifts="2026-05-11", period="2026-05-11")
    unit.do(Lift(), document_of(unit, carriers[0]))
    slip = slip_for(unit, "file_to_archive", *carriers)
    answers = FILED | {"appraisal": "lifted"}
    assert set(unit.why_not(filing(unit), *lines(*carriers, **answers), slip=slip)) == {"mark_is_up_to_date"}
    unit.do(Remark(), *carriers)
    assert unit.why_not(filing(unit), *lines(*carriers, **answers), slip=slip) == {}


def test_place_must_protect_enough(unit: Unit) -> None:
    carriers = on_shelf(unit)
    slip = slip_for(unit, "file_to_archive", *carriers)
    refused = unit.why_not(filing(unit, "corridor"), *lines(*carriers, **FILED), slip=slip)
    assert "archive_place_protects" in refused


def test_transfer_ends_our_charge(unit: Unit) -> None:
    carriers = on_shelf(unit)
    filed(unit, *carriers)
    assert transfer(unit, *carriers) == {}
    carrier = unit.carrier(carriers[0])
    assert (carrier.state, carrier.custodian, carrier.place) == (State.TRANSFERRED, None, None)


@pytest.mark.parametrize("review", ["open", "declassified"])
def test_review_is_settled_before_transfer(unit: Unit, review: str) -> None:
    carriers = on_shelf(unit)
    filed(unit, *carriers)
    assert "declassification_review_is_settled" in transfer(unit, *carriers, review=review)


def test_only_what_was_filed_is_transferred(unit: Unit) -> None:
    listed = [{"carrier": carrier} for carrier in on_shelf(unit)]
    applied = Submit(slip="transfer", act="transfer_to_archives", approval="archive_transfer", lines_given=listed)
    assert set(unit.why_not(applied)) == {"lines_are_where_it_begins"}
