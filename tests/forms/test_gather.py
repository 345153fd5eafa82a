"""Forms filled from a register in which a day was worked: what stands on them, and what must not."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from app.actions.copying import CopyCarrier
from app.actions.custody import Lend, RenewLoan, ReturnLoan
from app.actions.destroying import SendToDestruction
from app.actions.destruction import BagAndSeal, ProposeDestruction
from app.actions.dispatch import Dispatch
from app.actions.disposition import FileToArchive, TransferToArchives
from app.actions.imports import BeginImport, BookCarrier, BookDocument, EndImport, ImportRows
from app.actions.receipts import SendTracer
from app.actions.reconciling import GiveBackUnopened
from app.actions.vouchers import OpenSlip, SubmitDraft
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import State
from app.forms import FORMS
from app.forms.cover_sheets import CoverSheet, UsCoverSheet
from app.forms.gathering import PRINTS, Gathering, print_of
from app.forms.gathering.particulars import moment
from app.forms.labels import CarrierLabels
from app.forms.lists import HandoverList
from app.forms.notices import DiscrepancyNotice, Tracer
from app.forms.registers import IncomingRegister, LoanLog
from app.forms.sheet import Language
from app.forms.slips import ClassificationSlip, CopyApproval
from app.services import printing
from app.store.reads.forms import Records
from app.store.reads.visible import WHOLE, Viewer
from tests.actions.shelf import on_shelf
from tests.forms.day import SECRET_POINT, TITLE, Day
from tests.forms.samples import sheet

GATHERED = [code for code in PRINTS if code not in {"recovery_sheet", "opening_muster"}]
"""The recovery sheet is of no subject, the opening list of an import; each has its own test."""


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    day = Day(tmp_path_factory.mktemp("day") / "register")
    yield day
    day.unit.close()


@pytest.fixture
def own_day(tmp_path: Path) -> Iterator[Day]:
    """For whoever lets time pass: what the others print counts the days."""
    day = Day(tmp_path / "register")
    yield day
    day.unit.close()


def gathering(day: Day, viewer: Viewer = WHOLE, language: Language = Language.BOTH, **more: object) -> Gathering:
    connection = day.unit.database.reader.connect()
    return Gathering(Records(connection, viewer), language, day.unit.today, more)


def gathered(day: Day, code: str, of: Ref | None = None, **more: object) -> object:
    g = gathering(day, **more)  # type: ignore[arg-type]
    try:
        subject = of or day.of[code]
        return print_of(code, g, subject).gather(g, subject)
    finally:
        g.records.connection.close()


def text_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def printed(day: Day, code: str, language: str = "both") -> str:
    return text_of(printing.print_form(day.unit.desk(), code, day.of[code], language=language).pdf)


@pytest.mark.parametrize("code", GATHERED)
@pytest.mark.parametrize("language", list(Language))
def test_every_form_is_printed_from_the_register(day: Day, code: str, language: Language) -> None:
    form = printing.print_form(day.unit.desk(), code, day.of[code], language=language)
    assert form.missing == ()
    assert form.pages == len(PdfReader(BytesIO(form.pdf)).pages)
    assert form.code == code


ON_THE_PAPER = {
    "classification_slip": ("机密★10年", TITLE, "院发〔2026〕17号", SECRET_POINT, "范围第3.2项", "authority", "叁份"),
    "carrier_labels": ("机密★10年", "000001", "计划二", "CU-机-2026-0001/1"),
    "cover_sheet": ("机密★10年", "份号1/3", "计划二", "2036-05-02", "reader", "借出"),
    "incoming_register": ("关于开展专项检查的通知", "市保密局", "0231机要通信", "000003–000004", "CU-秘-2026-0001/3–4"),
    "discrepancy_notice": (
        "市保密局",
        "0232/K-7",
        "3件",
        "2件",
        "000005",
        "内封一角破损",
        "请查明并补发",
        "P-12",
        "市府前街2号",
    ),
    "copy_approval": (TITLE, "论证会使用", "复-02", "贰份", "CU-机-2026-0001/1/1–2", "reader", "clerk2"),
    "loan_slip": (TITLE, "编写论证材料", "绝密", "2026-05-21", "L-2026-001", "Departmentleader", "chief"),
    "loan_log": (TITLE, "L-2026-001", "CU-机-2026-0001/2", "全部借阅", "reader", "plans", "2026-05-21", "未还"),
    "delivery_list": ("市政府办公室", "人民路1号", "S-17", "机要交通", "courier", "叁件", "叁拾陆页"),
    "delivery_receipt": ("回执", "市政府办公室", "单位盖章"),
    "envelope_labels": ("市政府办公室", "2026-017/S-17", "由收件单位"),
    "tracer": ("市政府办公室", "2026-05-14", "37", "2026-06-27"),
    "archive_list": ("J-12", "会议纪要", "archivist", "继续保密"),
    "archive_deed": ("市档案馆", "张三", "交2026-3", "案卷目录一册", "贰件", "J-13", "30年"),
    "destruction_list": ("超过保存价值", "作废试验大纲", "officer", "chief", "无清退要求"),
    "destruction_certificate": ("粉碎", "B-1", "S-1", "clerk2", "witness", "销毁中心", "V-3", "证明"),
    "handover_list": (
        "轮换",
        "clerk2",
        "officer",
        "叁件",
        "叁拾陆页",
        "在三楼会议室",
        "保密柜钥匙2把",
        "短少",
        "监交人指定人",
        "leader",
    ),
    "us_cover_sheet": ("SECRET", "NOFORN", "paper", "AfterStandardForm704"),
    "media_labels": ("jimi-7-1",),
    "badges": ("reader", "plans"),
    "calibration_sheet": ("qwertzuy", "打开文本编辑器"),
    "command_card": ("借出Lend",),
}


@pytest.mark.parametrize("code", GATHERED)
def test_what_was_done_stands_on_the_paper(day: Day, code: str) -> None:
    text = printed(day, code)
    missing = [word for word in ON_THE_PAPER[code] if word not in text]
    assert missing == []


def test_codes_of_a_form_are_those_of_its_subject(day: Day) -> None:
    form = printing.print_form(day.unit.desk(), "handover_list", day.of["handover_list"])
    seen = read(form.pdf)
    assert form.anchor in seen
    assert f"S107{day.of['handover_list'].id:08d}" in {code[:-1] for code in seen}


def read(pdf: bytes) -> set[str]:
    first_page = ["pdftoppm", "-r", "203", "-gray", "-f", "1", "-l", "1"]
    ran = subprocess.run(first_page, input=pdf, capture_output=True, check=True)
    return {found.text for found in zxingcpp.read_barcodes(Image.open(BytesIO(ran.stdout)))}


@pytest.mark.parametrize("code", [code for code in GATHERED if not PRINTS[code].titles])
def test_no_title_stands_on_paper_that_leaves(day: Day, code: str) -> None:
    text = printed(day, code)
    assert not [title for title in (TITLE, "关于开展专项检查的通知", "Assaultplan", "数据盘") if title in text]
    assert SECRET_POINT not in text


@pytest.mark.parametrize("code", ["loan_slip", "handover_list", "destruction_certificate", "archive_list"])
def test_who_is_not_cleared_prints_short_titles(day: Day, code: str) -> None:
    stranger = Viewer(99, frozenset({"registry_clerk"}))
    g = gathering(day, stranger)
    content = PRINTS[code].gather(g, day.of[code])
    g.records.connection.close()
    lines = getattr(content, "lines", None) or content.items
    assert {line.title for line in lines} <= {"paper", "计划二"}


def test_handover_ticks_what_was_counted_and_names_what_was_not(day: Day) -> None:
    content = gathered(day, "handover_list")
    assert isinstance(content, HandoverList)
    assert [line.counted for line in content.lines] == [True, True, False]
    assert [one.kind for one in content.differences] == ["short"]
    assert [one.name for one in content.signatures][:3] == ["clerk2", "clerk", "officer"]
    assert all(one.signed for one in content.signatures[:3])
    assert content.head.mark == "机密"


def test_paper_bears_the_mark_of_the_highest_level_on_it(day: Day) -> None:
    content = gathered(day, "delivery_list")
    assert {item.level for item in content.items} == {"机密", "秘密"}  # type: ignore[attr-defined]
    assert content.head.mark == "机密"  # type: ignore[attr-defined]


def test_levels_are_named_in_the_language_of_the_paper(day: Day) -> None:
    levels = {
        language: gathered(day, "loan_slip", language=language).items[0].level  # type: ignore[attr-defined]
        for language in Language
    }
    assert levels[Language.ZH] == levels[Language.BOTH] == "机密"
    assert "机密" not in levels[Language.EN]


def test_regime_decides_which_cover_sheet_is_printed(day: Day) -> None:
    american, chinese = day.of["us_cover_sheet"], day.of["cover_sheet"]
    g = gathering(day)
    assert print_of("cover_sheet", g, american).form.code == "us_cover_sheet"
    assert print_of("cover_sheet", g, chinese).form.code == "cover_sheet"
    g.records.connection.close()


def test_outer_cover_bears_the_level_only_where_the_regime_wants_it(day: Day) -> None:
    unit = day.unit
    carriers = on_shelf(unit, 1, "s", "us-dod")
    given = {"addressee": "Registry, Fort Example", "channel": "cleared_courier"}
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch", given=given)).subjects[0].id
    unit.do(SubmitDraft(approval="dispatch", lines_given=[{"carrier": carriers[0]}]), slip)
    american = gathered(day, "envelope_labels", Ref(Subject.SLIP, slip))
    assert (american.layers, american.inner_marked, american.outer_marked) == (2, True, False)  # type: ignore[attr-defined]
    assert american.mark == "SECRET"  # type: ignore[attr-defined]
    chinese = gathered(day, "envelope_labels")
    assert (chinese.layers, chinese.outer_marked) == (1, True)  # type: ignore[attr-defined]


def test_what_those_who_carry_it_must_know_stands_on_the_outer_cover_only(day: Day) -> None:
    """First class mail goes between agencies marked "do not forward" (domain.md 3.2)."""
    unit = day.unit
    given = {"addressee": "Registry, Fort Example", "channel": "first_class_mail"}
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch", given=given)).subjects[0].id
    unit.do(SubmitDraft(approval="dispatch", lines_given=[{"carrier": on_shelf(unit, 1, "c", "us-dod")[0]}]), slip)
    content = gathered(day, "envelope_labels", Ref(Subject.SLIP, slip))
    labels = FORMS["envelope_labels"].draw(content, sheet()).pdf
    words = "".join(PdfReader(BytesIO(labels)).pages[0].extract_text())
    assert words.count("DO NOT FORWARD") == 1
    assert words.index("DO NOT FORWARD") > words.index("外封")
    assert words.count("CONFIDENTIAL") == 1


def test_labels_of_chosen_carriers_are_printed_together(day: Day) -> None:
    chosen = [day.copies[2], day.copies[0]]
    content = gathered(day, "carrier_labels", Ref(Subject.CARRIER, chosen[0]), carriers=chosen)
    numbers = [label.number for label in content.labels]  # type: ignore[attr-defined]
    assert numbers == ["CU-机-2026-0001/3", "CU-机-2026-0001/1"]


def test_opening_list_holds_what_an_import_registered_and_what_is_still_out(day: Day) -> None:
    unit = day.unit
    begun = unit.do(BeginImport(digest="d", name="旧台账.xlsx")).subjects[0]
    fields = {"regime": "cn-state", "level": "mimi", "state": "registered", "title": "n/a", "received": True}
    carriers = tuple(
        BookCarrier("k", "mimi", state, number=f"旧-{n}", pages=5, place=unit.places["safe"], hands=hands,
                    custodian=unit.people["clerk"], due=unit.today if hands else None)
        for n, (state, hands) in enumerate([(State.IN_STOCK, None), (State.LOAN, unit.people["reader"])], 1)
    )  # fmt: skip
    unit.do(ImportRows(regime="cn-state", rows=2, documents=(BookDocument("k", fields),), carriers=carriers), begun)
    unit.do(EndImport(read=2, registered=2, identical=0, differing=0, rejected=0), begun)
    content = gathered(day, "opening_muster", begun)
    assert content.source == "旧台账.xlsx"  # type: ignore[attr-defined]
    assert [(line.number, line.state, line.keeper) for line in content.lines] == [  # type: ignore[attr-defined]
        ("旧-1", "in_stock", "clerk"),
        ("旧-2", "loan", "reader"),
    ]
    assert any("P-2026-001" in out for out in content.receipts_out)  # type: ignore[attr-defined]
    assert printing.print_form(unit.desk(), "opening_muster", begun).missing == ()
    with unit.database.reading() as connection:
        first = connection.exec_driver_sql("SELECT id FROM carriers WHERE number = '旧-1'").scalar_one()
    cover = gathered(day, "cover_sheet", Ref(Subject.CARRIER, first))
    assert [line.event for line in cover.events] == ["由旧簿登记 from the old book"]  # type: ignore[attr-defined]


def test_a_language_of_the_paper_leaves_nothing_of_the_other(day: Day) -> None:
    english = printed(day, "handover_list", "en")
    assert "移交" not in english
    assert "Handover" in english
    assert "Handover" not in printed(day, "handover_list", "zh")


def test_same_lines_in_another_language_are_the_same_numbers(day: Day) -> None:
    both, zh = gathered(day, "destruction_certificate"), gathered(day, "destruction_certificate", language=Language.ZH)
    assert [line.number for line in both.lines] == [line.number for line in zh.lines]  # type: ignore[attr-defined]
    bare = [replace(line, remark="", keeper="") for line in zh.lines]  # type: ignore[attr-defined]
    assert [line.pages for line in bare] == [12, 12, 12]


def test_only_a_state_secret_is_determined_as_one(day: Day) -> None:
    work = day.unit.document_of("neibu", regime="cn-work")
    texts = [
        text_of(printing.print_form(day.unit.desk(), "classification_slip", of, language="zh").pdf)
        for of in (day.of["classification_slip"], Ref(Subject.DOCUMENT, work))
    ]
    assert ["国家秘密" in text for text in texts] == [True, False]
    assert all("定密审批单" in text or "国家秘密确定审批单" in text for text in texts)


def test_the_classification_slip_says_from_what_it_is_derived_and_why_it_is_less(day: Day) -> None:
    unit = day.unit
    source = unit.document_of("jimi", period="10y", short_title="计划甲", title="关于甲的计划")
    made = unit.proposed("mimi", period="5y", sources=(source,), basis="范围第5项", departure="只用其目录")
    found = gathered(day, "classification_slip", Ref(Subject.DOCUMENT, made))
    assert isinstance(found, ClassificationSlip)
    assert "计划甲 (机密★10年)" in found.basis
    assert found.basis.startswith(("派生自", "Derived from"))
    assert "范围第5项" in found.basis
    assert "只用其目录" in found.remark
    plain = gathered(day, "classification_slip", day.of["classification_slip"])
    assert isinstance(plain, ClassificationSlip)
    assert plain.basis == "范围第3.2项"


def test_the_originators_consent_is_nobodys_signature_at_the_desk(day: Day) -> None:
    """It stands on the originator's own paper; here it has its number and who entered it."""
    unit = day.unit
    original = unit.copies(1, "juemi", period="30y")[0]
    act = CopyCarrier(
        original=original, copies=1, pages=10, reason="meeting", recipients=day.people("reader"),
        place=unit.places["safe"],
    )  # fmt: skip
    slip = unit.approved(act)
    unit.do(act, slip=slip)
    found = gathered(day, "copy_approval", Ref(Subject.SLIP, slip))
    assert isinstance(found, CopyApproval)
    consent = next(box for box in found.signatures if "Originator" in box.role)
    assert (consent.name, consent.signed) == ("", "")
    assert f"consent 1/2026 ({unit.today})" in consent.opinion
    assert "entered by clerk" in consent.opinion
    assert found.consent == f"consent 1/2026 ({unit.today})", "the day the consent bears, not the day it was entered"


def test_a_parcels_papers_tell_its_envelope_its_seal_its_haste_and_who_opens_it(day: Day) -> None:
    unit = day.unit
    carrier = on_shelf(unit, 1, "mimi")[0]
    asked = {"addressee": "市档案馆", "channel": "jiyao_jiaotong", "foreign": False}
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch", given=asked)).subjects[0].id
    unit.do(SubmitDraft(approval="dispatch", lines_given=[{"carrier": carrier}]), slip)
    unit.decide(slip)
    act = Dispatch(
        **asked, envelope="2026-099", seal="S-99", receipt_due=unit.today, couriers=day.people("courier"),
        urgency="most_urgent", attention="张科长",
    )  # fmt: skip
    unit.do(act, carrier, slip=slip)
    of = Ref(Subject.SLIP, slip)
    label, listed, receipt = (
        text_of(printing.print_form(unit.desk(), code, of, language="zh").pdf)
        for code in ("envelope_labels", "delivery_list", "delivery_receipt")
    )
    assert all(word in label for word in ("2026-099/S-99", "特急", "张科长"))
    assert "2026-099/S-99" in listed
    assert "回执收讫" in receipt


def test_who_received_an_envelope_stands_on_its_page_of_the_book(day: Day) -> None:
    found = gathered(day, "incoming_register")
    assert isinstance(found, IncomingRegister)
    assert [(box.role, box.name) for box in found.signatures] == [("clerk", "clerk"), ("checked_by", "")]
    assert found.signatures[0].signed


# --- what the regime and the acts say, on the paper -----------------------------------------------------------------


def test_a_caveat_against_copying_stands_on_the_cover_sheet(day: Day) -> None:
    copy = on_shelf(day.unit, 1, caveats=["RETURN", "NO_COPY"])[0]
    content = gathered(day, "cover_sheet", Ref(Subject.CARRIER, copy), language=Language.ZH)
    assert isinstance(content, CoverSheet)
    assert content.caveats == "不得复制摘抄、阅后清退"
    assert content.may_copy is False
    text = text_of(printing.print_form(day.unit.desk(), "cover_sheet", Ref(Subject.CARRIER, copy), language="zh").pdf)
    assert "附加标志不得复制摘抄、阅后清退复制、摘录不允许" in text
    plain = gathered(day, "cover_sheet")
    assert isinstance(plain, CoverSheet)
    assert (plain.caveats, plain.may_copy) == ("", True)


def test_an_american_cover_sheet_has_the_regimes_colour_and_its_caveats_in_the_order_of_the_banner(day: Day) -> None:
    copy = on_shelf(day.unit, 1, "ts", "us-dod", caveats=["NOFORN", "ORCON"])[0]
    content = gathered(day, "us_cover_sheet", Ref(Subject.CARRIER, copy))
    assert isinstance(content, UsCoverSheet)
    assert (content.standard_form, content.colour) == ("SF 703", "#FF671F")
    assert content.caveats == "ORCON / NOFORN"


def test_papers_of_a_regime_without_seals_ask_for_none(day: Day) -> None:
    unit = day.unit
    carrier = on_shelf(unit, 1, "c", "us-dod")[0]
    given = {"addressee": "Registry, Fort Example", "channel": "cleared_courier"}
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch", given=given)).subjects[0].id
    unit.do(SubmitDraft(approval="dispatch", lines_given=[{"carrier": carrier}]), slip)
    of = Ref(Subject.SLIP, slip)
    for code in ("delivery_receipt", "tracer"):
        american = text_of(printing.print_form(unit.desk(), code, of, language="en").pdf)
        assert "Sealoftheunit" not in american
        assert "sign,seal" not in american
        assert "Sealoftheunit" in printed(day, code, "en")


def test_an_address_said_at_the_dispatch_is_on_its_papers(day: Day) -> None:
    unit = day.unit
    carrier = on_shelf(unit, 1, "mimi")[0]
    asked = {"addressee": "市档案馆", "channel": "jiyao_jiaotong", "foreign": False}
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch", given=asked)).subjects[0].id
    unit.do(SubmitDraft(approval="dispatch", lines_given=[{"carrier": carrier}]), slip)
    unit.decide(slip)
    act = Dispatch(
        **asked, address="和平街9号", envelope="2026-100", seal="S-100", receipt_due=unit.today,
        couriers=day.people("courier"),
    )  # fmt: skip
    unit.do(act, carrier, slip=slip)
    for code in ("delivery_list", "delivery_receipt", "envelope_labels", "tracer"):
        assert "和平街9号" in text_of(printing.print_form(unit.desk(), code, Ref(Subject.SLIP, slip)).pdf)


def test_copy_numbers_of_a_regime_that_writes_them_in_words_are_one_span(day: Day) -> None:
    unit = day.unit
    carriers = unit.received(3, "c", regime="us-dod", first_copy=12, last_copy=14, copies_of=40)
    found = gathered(day, "incoming_register", Ref(Subject.CARRIER, carriers[0]))
    assert isinstance(found, IncomingRegister)
    assert found.lines[0].copy_numbers == "12/40–14/40"


def test_the_book_says_when_a_received_copy_went_into_its_volume(day: Day) -> None:
    unit = day.unit
    carrier = unit.received(1, "mimi", period="5y", issued=unit.today)[0]
    unit.labelled([carrier])
    act = FileToArchive(place=unit.places["room"], archivist=unit.people["archivist"], fonds="0107")
    slip = unit.approved(act, carrier, by="clerk")
    filed = {"archive_no": "J-99", "retention": "permanent", "appraisal": "kept"}
    unit.do(act, Line(Ref(Subject.CARRIER, carrier), filed), slip=slip, signed={"archivist": "archivist"})
    found = gathered(day, "incoming_register", Ref(Subject.CARRIER, carrier))
    assert isinstance(found, IncomingRegister)
    assert (found.lines[0].filed, found.lines[0].volume) == (str(unit.today), "J-99")
    deed = TransferToArchives(receiver="市档案馆", received_by="张三", deed="交2026-9")
    slip = unit.approved(deed, carrier, by="clerk")
    unit.do(deed, Line(Ref(Subject.CARRIER, carrier), {"review": "secret"}), slip=slip, by="archivist")
    moved = gathered(day, "archive_deed", Ref(Subject.SLIP, slip), language=Language.ZH)
    assert moved.items[0].retention.startswith("0107 / ")  # type: ignore[attr-defined]


def test_carriers_of_several_kinds_are_named_in_the_language_of_the_paper(day: Day) -> None:
    unit = day.unit
    disc = unit.received(1, "mimi", kind="optical", pages=None, period="5y", issued=unit.today)
    unit.labelled(disc)
    carriers = [*on_shelf(unit, 1, "mimi", period="5y"), *disc]
    act = FileToArchive(place=unit.places["room"], archivist=unit.people["archivist"])
    slip = unit.approved(act, *carriers, by="clerk")
    filed = [
        Line(Ref(Subject.CARRIER, n), {"archive_no": f"K-{n}", "retention": "10y", "appraisal": "kept"})
        for n in carriers
    ]
    unit.do(act, *filed, slip=slip, signed={"archivist": "archivist"})
    found = gathered(day, "archive_list", Ref(Subject.SLIP, slip), language=Language.ZH)
    assert found.kind == "光盘、纸质"  # type: ignore[attr-defined]


def test_escorts_and_the_destruction_centre_sign_for_the_bags(day: Day) -> None:
    unit = day.unit
    carriers = on_shelf(unit, 1, period="10y")
    ticked = {"no_recall": True, "record_kept": True}
    lines = [Line(Ref(Subject.CARRIER, carrier), ticked) for carrier in carriers]
    slip = unit.decide(unit.do(ProposeDestruction(reason="作废"), *lines, by="drafter").slip or 0)
    bag = BagAndSeal(bag="B-7", seal="S-7", count=1, witness=unit.people["witness"])
    unit.do(bag, *carriers, slip=slip, signed={"witness": "witness"})
    unit.do(SendToDestruction(escorts=day.people("courier", "courier2")), *carriers, slip=slip)
    content = gathered(day, "destruction_certificate", Ref(Subject.SLIP, slip))
    assert [(box.role, box.name) for box in content.signatures[:3]] == [  # type: ignore[attr-defined]
        ("escort", "courier"), ("escort", "courier2"), ("centre", ""),
    ]  # fmt: skip
    at_home = gathered(day, "destruction_certificate")
    assert {"escort", "centre"}.isdisjoint(box.role for box in at_home.signatures)  # type: ignore[attr-defined]


# --- the log of loans ------------------------------------------------------------------------------------------------


def a_loan(day: Day, *, returned: bool) -> tuple[int, int, int]:
    """A copy lent at the desk for twenty days, renewed for ten, then perhaps returned: copy, reader, slip."""
    unit = day.unit
    copy, reader = on_shelf(unit, 1, "mimi", title="器材清册")[0], unit.people["reader2"]
    act = Lend(borrower=reader, due=unit.today + timedelta(days=20), purpose="清点")
    slip = unit.approved(act, copy, by="reader2", party="reader2")
    unit.later(hours=2)
    unit.do(act, copy, slip=slip)
    longer = RenewLoan(due=unit.today + timedelta(days=30))
    unit.do(longer, copy, slip=unit.approved(longer, copy, by="reader2", party="reader2"))
    if returned:
        unit.later(hours=1)
        unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, copy), {"pages": 12}))
    return copy, reader, slip


def test_the_log_has_one_line_a_loan_from_the_handing_out_to_the_return(own_day: Day) -> None:
    unit = own_day.unit
    copy, _, slip = a_loan(own_day, returned=True)
    log = gathered(own_day, "loan_log", Ref(Subject.CARRIER, copy), language=Language.ZH)
    assert isinstance(log, LoanLog)
    (line,) = log.lines
    assert (line.slip, line.borrower, line.department) == (unit.slip(slip).number, "reader2", "plans")
    assert (line.title, line.level, line.size, line.manner) == ("器材清册", "秘密", "12", "taken_out")
    assert (line.lent, line.due) == (str(unit.today), str(unit.today + timedelta(days=20)))
    assert line.remark == f"续借至 {unit.today + timedelta(days=30)}"
    assert (line.lent_by, line.returned, line.taken_back_by, line.intact) == ("clerk", str(unit.today), "clerk", True)


def test_the_reminder_of_a_loan_asks_its_borrower_for_what_is_late(own_day: Day) -> None:
    """It asked for what was renewed too, gave the day of the application, and wanted the borrower's unit to seal it."""
    unit = own_day.unit
    copies, lent_on = on_shelf(unit, 2, "mimi"), unit.today + timedelta(days=2)
    act = Lend(borrower=unit.people["reader2"], due=unit.today + timedelta(days=20))
    slip = unit.approved(act, *copies, by="reader2", party="reader2")
    unit.later(days=2)
    unit.do(act, *copies, slip=slip)
    longer = RenewLoan(due=unit.today + timedelta(days=60))
    unit.do(longer, copies[0], slip=unit.approved(longer, copies[0], by="reader2", party="reader2"))
    unit.later(days=30)
    unit.do(SendTracer(), slip)
    letter = gathered(own_day, "tracer", Ref(Subject.SLIP, slip), language=Language.ZH)
    assert isinstance(letter, Tracer)
    (item,) = letter.items
    assert item.number.startswith(unit.carrier(copies[1]).number)
    assert (item.sent, item.days_over) == (str(lent_on), 12)
    text = text_of(printing.print_form(unit.desk(), "tracer", Ref(Subject.SLIP, slip), language="zh").pdf)
    assert ("借阅人" in text, text.count("单位盖章")) == (True, 1)


def test_the_log_tells_what_is_still_out_and_how_long_it_is_overdue(own_day: Day) -> None:
    unit = own_day.unit
    copy, reader, _ = a_loan(own_day, returned=False)
    of = Ref(Subject.PERSON, reader)
    unit.later(days=33)
    log = gathered(own_day, "loan_log", of, language=Language.EN)
    assert isinstance(log, LoanLog)
    assert log.of == "reader2 (plans)"
    assert [line.returned for line in log.lines].count("") == 1
    assert log.lines[-1].remark.splitlines()[1] == "3 days overdue"
    text = text_of(printing.print_form(unit.desk(), "loan_log", of, language="zh").pdf)
    assert "借阅人签字" in text
    assert "归还人签字" in text
    assert "未还1(壹件)" in text
    unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, copy), {"pages": 12}))


def test_a_years_log_holds_that_years_loans(day: Day) -> None:
    register = Ref(Subject.REGISTER, 1)
    this = gathered(day, "loan_log", register)
    assert isinstance(this, LoanLog)
    assert len({line.slip for line in this.lines}) < len(this.lines), "a slip of two copies is two loans"
    assert all(line.lent.startswith("2026") for line in this.lines)
    last = gathered(day, "loan_log", register, year=2025)
    assert isinstance(last, LoanLog)
    assert (last.lines, last.year) == ((), "2025 107")


def test_who_read_a_copy_is_on_its_back_once_at_the_hour_it_was_handed_out(own_day: Day) -> None:
    copy, _, slip = a_loan(own_day, returned=True)
    content = gathered(own_day, "cover_sheet", Ref(Subject.CARRIER, copy))
    assert isinstance(content, CoverSheet)
    (reader,) = content.readers
    lent = next(entry for entry in own_day.unit.entries() if entry.a == "lend" and entry.s == slip)
    assert reader.read_at == moment(lent.t)


def test_the_notice_of_an_envelope_given_back_is_signed_by_who_takes_it(day: Day) -> None:
    envelope = day.envelope("0233", items=1)
    day.unit.do(GiveBackUnopened(to="交换站 陈平", receipt="收0088", seal="K-7"), envelope)
    found = gathered(day, "discrepancy_notice", envelope, language=Language.ZH)
    assert isinstance(found, DiscrepancyNotice)
    assert [part in found.given_back for part in ("误投", "交换站 陈平", "收0088")] == [True] * 3
    assert [(box.role, box.name) for box in found.signatures][:2] == [("giver", "clerk"), ("receiver", "交换站 陈平")]
    form = printing.print_form(day.unit.desk(), "discrepancy_notice", envelope, language="both")
    assert "原封退回" in text_of(form.pdf)


def test_a_secret_without_a_last_day_says_so_on_its_cover_sheet(day: Day) -> None:
    copy = on_shelf(day.unit, 1, "company_juemi", "cn-company", period="permanent")[0]
    content = gathered(day, "cover_sheet", Ref(Subject.CARRIER, copy))
    assert isinstance(content, CoverSheet)
    assert content.lifts == "永久"


def test_a_label_says_what_its_regime_wants_on_it(day: Day) -> None:
    ours, theirs = on_shelf(day.unit, 1, "mimi")[0], on_shelf(day.unit, 1, "s", "us-dod")[0]
    labels = []
    for carrier in (ours, theirs):
        found = gathered(day, "carrier_labels", Ref(Subject.CARRIER, carrier))
        assert isinstance(found, CarrierLabels)
        labels.append(found.labels[0])
    assert [bool(label.holder) for label in labels] == [True, False], "no custodian on an American label"
    assert [bool(label.pages and label.short_title and label.number) for label in labels] == [True, True]


def test_a_cover_sheet_says_so_where_everybody_who_knows_is_written_down(day: Day) -> None:
    said = {}
    for level in ("juemi", "jimi", "mimi"):
        of = Ref(Subject.CARRIER, on_shelf(day.unit, 1, level)[0])
        found = gathered(day, "cover_sheet", of)
        assert isinstance(found, CoverSheet)
        said[level] = found.everybody_signs
        text = text_of(printing.print_form(day.unit.desk(), "cover_sheet", of, language="zh").pdf)
        assert ("凡知悉本件内容的人员" in text) is found.everybody_signs
    assert said == {"juemi": True, "jimi": True, "mimi": False}


def test_periods_are_named_in_the_language_of_the_paper_as_levels_are(day: Day) -> None:
    shelf = {
        "10y": on_shelf(day.unit, 1, period="10y")[0],
        "permanent": on_shelf(day.unit, 1, "company_juemi", "cn-company", period="permanent")[0],
        "8y": on_shelf(day.unit, 1, "c", "us-dod", period="8y")[0],
    }
    words = {}
    for language in Language:
        g = gathering(day, language=language)
        helds = [g.records.carrier(copy) for copy in shelf.values()]
        words[language] = [g.period(held.regime, held.period) for held in helds]
        g.records.connection.close()
    assert words[Language.EN] == ["10 years", "permanent", "8 years"]
    assert words[Language.ZH] == ["10年", "永久", "8年"]
    assert words[Language.BOTH] == ["10年", "永久", "8 years"]
