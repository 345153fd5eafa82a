"""What somebody signs for in the end: no line more or less than was so, no unknown number printed as nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.actions.custody import Lend
from app.actions.destroying import SendToDestruction
from app.actions.destruction import ProposeDestruction
from app.actions.disposition import FileToArchive
from app.actions.handover import ExplainDifference, OfferHandover, OpenHandover
from app.actions.incident import ReportMissing
from app.actions.taking_over import TakeOver
from app.actions.vouchers import Submit
from app.domain.action import Authority, Line, Ref, Signature, Subject
from app.domain.carrier import CarrierKind
from app.forms import FORMS
from app.forms.certificates import ArchiveLine, ArchiveTransfer, Destruction
from app.forms.gathering import Gathering, print_of
from app.forms.lines import CarrierLine, sum_of
from app.forms.lines import Signature as Box
from app.forms.lists import HandoverList
from app.forms.page import Head
from app.forms.sheet import Language
from app.forms.slips import LoanItem, LoanSlip
from app.store.reads.forms import Records
from tests.actions.shelf import on_shelf
from tests.actions.test_destruction import SIGNED, approved, bag, destroying
from tests.forms import samples
from tests.forms.test_forms import text_of
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[Unit]:
    unit = Unit(tmp_path / "unit")
    yield unit
    unit.close()


def gathered(unit: Unit, code: str, slip: int, language: Language = Language.EN) -> Any:
    of = Ref(Subject.SLIP, slip)
    with unit.database.reader.connect() as connection:
        g = Gathering(Records(connection), language, unit.today, {})
        return print_of(code, g, of).gather(g, of)


def opened(unit: Unit, **other: Any) -> int:
    people = unit.people
    parties = {"giver": people["clerk"], "receiver": people["clerk2"], "supervisor": people["officer"]}
    parties["named_by"] = people["leader"]
    return unit.do(OpenHandover(**(parties | other)), signed={"namer": "leader"}).subjects[0].id


def test_certificate_holds_nothing_that_was_not_destroyed(unit: Unit) -> None:
    there, gone = on_shelf(unit, 2)
    slip = approved(unit, there, gone)
    unit.do(ReportMissing(how="not in its place"), gone)
    bag(unit, slip, there)
    unit.do(destroying(unit), there, slip=slip, signed=SIGNED)
    certificate = gathered(unit, "destruction_certificate", slip)
    assert [line.number for line in certificate.lines] == [unit.carrier(there).number]
    listed = gathered(unit, "destruction_list", slip)
    assert [line.remark for line in listed.lines][1] == "missing"


def test_each_of_a_commission_has_a_box_with_their_own_signature(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    people = unit.people
    slip = opened(unit, absent=True, commission=(people["leader"], people["chief"]))
    unit.do(OfferHandover(), Line(Ref(Subject.CARRIER, carrier), {"seal": "F-1"}), slip=slip)
    names = ("leader", "giver"), ("chief", "giver"), ("clerk2", "receiver"), ("officer", "supervisor")
    signatures = tuple(Signature(people[name], role) for name, role in names)
    unit.desk().perform(TakeOver(), [carrier], Authority(slip=slip, signatures=signatures))
    boxes = gathered(unit, "handover_list", slip).signatures
    assert [(box.role, box.name, bool(box.signed)) for box in boxes[:2]] == [
        ("commissioner", "leader", True), ("commissioner", "chief", True),
    ]  # fmt: skip


def test_difference_says_what_was_found_instead(unit: Unit) -> None:
    thin, gone = on_shelf(unit, 2)
    slip = opened(unit)
    unit.do(OfferHandover(), thin, slip=slip)
    unit.do(ExplainDifference(difference="page_mismatch", explanation="11 counted"), thin, slip=slip)
    unit.do(ExplainDifference(explanation="at the bindery"), gone, slip=slip)
    found = gathered(unit, "handover_list", slip).differences
    assert [(one.kind, one.found, one.explanation) for one in found] == [
        ("page_mismatch", "register: 12 pages", "11 counted"),
        ("short", "not seen; register: in stock", "at the bindery"),
    ]  # fmt: skip


def test_a_list_printed_after_the_handover_shows_what_was_taken_over(unit: Unit) -> None:
    """What was ticked in the safe was not on loan, whoever borrowed it the day after."""
    copy = unit.copies(1)[0]
    slip = opened(unit)
    unit.do(OfferHandover(), copy, slip=slip)
    signed = {"giver": "clerk", "receiver": "clerk2", "supervisor": "officer"}
    unit.do(TakeOver(), copy, slip=slip, signed=signed)
    loan = Lend(borrower=unit.people["reader"], due=unit.today + timedelta(days=3))
    unit.do(loan, copy, slip=unit.approved(loan, copy, party="reader"), by="clerk2")
    (line,) = gathered(unit, "handover_list", slip).lines
    assert (line.state, line.slip, line.place, line.counted) == ("in_stock", "", "safe", True)


def test_list_to_be_signed_names_what_else_is_open_in_the_givers_name(unit: Unit) -> None:
    """Before it is closed, since that is the paper the three sign."""
    other = on_shelf(unit, 1)[0]
    listed = Line(Ref(Subject.CARRIER, other), {"no_recall": True, "record_kept": True})
    proposed = unit.do(ProposeDestruction(reason="over"), listed).slip
    slip = opened(unit)
    assert unit.slip(proposed or 0).number in gathered(unit, "handover_list", slip).open_slips
    content = HandoverList(head=Head(), open_slips=("D-2026-001",), unopened=("E-7",))
    words = text_of(FORMS["handover_list"].draw(content, samples.sheet()))
    assert "D-2026-001" in words
    assert "E-7" in words


def test_pages_nobody_wrote_down_are_not_printed_as_none() -> None:
    lines = (CarrierLine(number="1", pages=12), CarrierLine(number="2"), CarrierLine(number="3", kind="flash"))
    total = sum_of(lines)
    assert (total.items, total.pages, total.paged, total.unpaged) == (3, 12, 1, 1)
    words = text_of(FORMS["handover_list"].draw(HandoverList(head=Head(), lines=lines), samples.sheet()))
    assert "壹拾贰页" in words
    assert "1件未登记页数" in words
    assert "pagesnotonrecord:1item" in words
    unknown = HandoverList(head=Head(), lines=lines[1:])
    assert "零页" not in text_of(FORMS["handover_list"].draw(unknown, samples.sheet()))


def test_deed_is_sealed_by_both_units_and_adds_up_only_pages_that_are_known() -> None:
    items = (ArchiveLine(archive_number="1", pages=12), ArchiveLine(archive_number="2"))
    words = text_of(FORMS["archive_transfer"].draw(ArchiveTransfer(head=Head(), items=items), samples.sheet()))
    assert words.count("签名、盖章") == 2
    assert "壹拾贰页" in words
    assert "1件未登记页数" in words


@pytest.mark.parametrize("language", list(Language))
def test_no_role_or_name_in_a_box_is_cut(language: Language) -> None:
    """Four boxes side by side, each with a long role and a name in two languages."""
    roles = ("giving_head", "giving_clerk", "receiving_head", "receiving_clerk")
    boxes = tuple(Box(role=role, name="钱红 Qian Hong") for role in roles)
    content = ArchiveTransfer(head=Head(), signatures=boxes)
    words = text_of(FORMS["archive_transfer"].draw(content, samples.sheet(language)))
    assert words.count("钱红QianHong") == len(boxes)
    assert "…" not in words
    assert "[+" not in words


def test_certificate_names_the_centres_receipt(unit: Unit) -> None:
    carriers = on_shelf(unit, 2)
    slip = approved(unit, *carriers)
    bag(unit, slip, *carriers)
    escorts = (unit.people["courier"], unit.people["courier2"])
    unit.do(SendToDestruction(escorts=escorts, receipt="R-55"), *carriers, slip=slip)
    unit.do(destroying(unit, certificate="C-1"), *carriers, slip=slip, signed=SIGNED)
    assert gathered(unit, "destruction_certificate", slip).handed_over.endswith(" · R-55")


def test_filing_list_is_signed_by_both_and_says_what_lies_with_it(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    submitted = unit.do(
        Submit(slip="filing", act="file_to_archive", approval="archive_file", lines_given=[{"carrier": carrier}])
    )
    slip = unit.decide(submitted.subjects[0].id)
    answers = {"archive_no": "A-1", "retention": "30y", "appraisal": "kept", "with_drafts": True}
    filing = FileToArchive(place=unit.places["room"], archivist=unit.people["archivist"], fonds="0107")
    unit.do(filing, Line(Ref(Subject.CARRIER, carrier), answers), slip=slip, signed={"archivist": "archivist"})
    paper = gathered(unit, "archive_list", slip)
    assert [(box.role, box.name, bool(box.signed)) for box in paper.signatures[:2]] == [
        ("giving_clerk", "clerk", True), ("receiving_archivist", "archivist", True),
    ]  # fmt: skip
    assert (paper.items[0].retention, paper.items[0].with_drafts) == ("0107 / 2026 / 30 years", True)
    words = text_of(FORMS["archive_transfer"].draw(paper, samples.sheet()))
    assert "归档移交目录" in words
    assert "文据" not in words, "nothing leaves the unit: there is no deed"


def test_lent_medium_is_asked_what_it_was_used_on_and_whether_it_is_clear(unit: Unit) -> None:
    content = LoanSlip(head=Head(), media=True, items=(LoanItem(number="U-1", capacity="SN-7"),))
    words = text_of(FORMS["loan_slip"].draw(content, samples.sheet()))
    for asked in ("使用时间", "连接设备编号及密级", "存储信息主要内容", "返回时信息清除情况", "SN-7"):
        assert asked in words
    on_paper = LoanSlip(head=Head(), items=(LoanItem(number="1", pages=12),))
    assert "使用时间" not in text_of(FORMS["loan_slip"].draw(on_paper, samples.sheet()))
    stick = on_shelf(unit, 1)[0]
    lend = Lend(borrower=unit.people["reader"], due=unit.today)
    assert not gathered(unit, "loan_slip", unit.approved(lend, stick)).media


def test_a_medium_is_told_by_its_serial_number_beside_its_own(unit: Unit) -> None:
    """It stood in the column of pages and capacity, as if the disc held so much (domain.md 4.20)."""
    with unit.database.reader.connect() as connection:
        g = Gathering(Records(connection), Language.ZH, unit.today, {})
        disc = replace(g.records.carrier(on_shelf(unit, 1)[0]), serial_no="WD-7", pages=None, kind=CarrierKind.FLASH)
        line = g.row(disc)
        assert (line.number, line.size) == (f"{disc.number}\n序列号 WD-7", "")
        assert replace(g, language=Language.EN).number_and_serial(disc).endswith("\nS/N WD-7")
    words = text_of(FORMS["destruction"].draw(Destruction(head=Head(), lines=(line,)), samples.sheet("zh")))
    assert f"{disc.number}序列号WD-7" in words
