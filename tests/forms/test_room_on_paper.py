"""What stands on paper stands whole: no date, number or name is torn, cut or run together with its neighbour."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import qtawesome
from pypdf import PdfReader

from app.domain.numbering import payload
from app.forms import FORMS, fonts, text
from app.forms.cover_sheets import EventLine, ReadingLine
from app.forms.joining import joined_up, turned_round
from app.forms.labels import CarrierLabel, CarrierLabels, MediaLabels
from app.forms.lines import Signature
from app.forms.lists import DeliveryItem
from app.forms.page import Head
from app.forms.sheet import Drawn
from app.forms.slips import LoanItem
from tests.forms import samples
from tests.forms.test_forms import text_of

UNIT = "中国科学院某某研究所保密办公室（驻新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县野外试验站及其附属档案馆）"
NUMBER = "CN-STATE-JIMI-2026-000000000000000012345"


def placed(form: Drawn, page: int = 0) -> list[tuple[str, float, float, float]]:
    """Every run of text with its left end, its base line and its size."""
    found: list[tuple[str, float, float, float]] = []

    def visit(text: str, matrix: Any, line: Any, _font: Any, size: float) -> None:
        if text.strip():
            found.append((text.strip(), matrix[4] + line[4], matrix[5] + line[5], size))

    PdfReader(BytesIO(form.pdf)).pages[page].extract_text(visitor_text=visit)
    return found


def rows_of(form: Drawn, page: int = 0) -> list[str]:
    return PdfReader(BytesIO(form.pdf)).pages[page].extract_text().splitlines()


# --- tables ------------------------------------------------------------------------------------------------------


def test_a_date_in_a_narrow_column_is_not_torn() -> None:
    form = FORMS["archive_transfer"].draw(samples.usual()["archive_transfer"], samples.sheet("en", paper="Letter"))
    assert sum("2025-12-30" in row for page in range(form.pages) for row in rows_of(form, page)) == 8


def test_a_level_in_words_is_not_torn_in_the_incoming_book() -> None:
    content = samples.usual()["incoming_register"]
    lines = tuple(replace(line, level="Confidential (company)") for line in content.lines[:2])
    form = FORMS["incoming_register"].draw(replace(content, lines=lines), samples.sheet("en"))
    assert "Confidential" in "\n".join(rows_of(form))


@pytest.mark.parametrize("code", ["handover_list", "opening_muster", "delivery_list", "loan_slip", "incoming_register"])
def test_a_number_in_two_scripts_is_not_torn(code: str) -> None:
    content, number = samples.usual()[code], "预算处-内-2026-0001/12"
    rows = "items" if hasattr(content, "items") else "lines"
    name = "reference" if code == "delivery_list" else "number"
    changed = tuple(replace(line, **{name: number}) for line in getattr(content, rows)[:2])
    form = FORMS[code].draw(replace(content, **{rows: changed}), samples.sheet(paper="Letter"))
    assert sum(text == number for page in range(form.pages) for text, _, _, _ in placed(form, page)) == len(changed)


def test_a_reference_in_two_scripts_is_not_torn_on_the_slip_of_a_medium() -> None:
    """17 stood over 号 beside a wide column for what a medium holds."""
    content = samples.usual()["loan_slip"]
    item = replace(content.items[0], pages=None, capacity="SN 8F21-0042")
    form = FORMS["loan_slip"].draw(replace(content, media=True, items=(item,)), samples.sheet())
    assert any("院发〔2026〕17号" in row for row in rows_of(form))


def test_figures_stand_off_the_words_behind_them() -> None:
    item = LoanItem(number="1", pages=48, returned="2026-05-30")
    form = FORMS["loan_slip"].draw(replace(samples.usual()["loan_slip"], items=(item,)), samples.sheet("zh"))
    runs = placed(form)
    returned = next(x for text, x, _, _ in runs if text == "2026-05-30")
    end = max(x for text, x, _, _ in runs if text == "48") + 2 * 8 * 0.55
    assert returned - end > 3 / 25.4 * 72


def test_a_table_of_long_words_is_no_wider_than_its_page() -> None:
    wide = dict.fromkeys(("number", "title", "reference", "copy", "level", "period", "place", "remark"), NUMBER)
    lines = tuple(replace(line, **wide) for line in samples.lines(3))
    content = replace(samples.usual()["handover_list"], lines=lines)
    form = FORMS["handover_list"].draw(content, samples.sheet("zh"))
    width = float(PdfReader(BytesIO(form.pdf)).pages[0].mediabox.width)
    assert max(x for _, x, _, _ in placed(form)) < width - 15 / 25.4 * 72


def test_who_read_a_copy_is_named_in_full_on_its_back() -> None:
    names = ("阿不都热合曼·买买提依明", "Alexandra Konstantinopoulou-Wright")
    readers = tuple(ReadingLine(name=name, department="第三研究部军工科研管理处") for name in names)
    content = replace(samples.usual()["cover_sheet"], readers=readers)
    form = FORMS["cover_sheet"].draw(content, samples.sheet(paper="Letter"))
    text = text_of(form)
    assert all("".join(name.split()) in text for name in (*names, "第三研究部军工科研管理处"))
    assert "[+" not in text


def test_a_parcel_whose_pages_nobody_wrote_down_has_none_counted() -> None:
    items = (DeliveryItem(reference="1", pages=None), DeliveryItem(reference="2", pages=12))
    content = replace(samples.usual()["delivery_list"], items=items)
    text = text_of(FORMS["delivery_list"].draw(content, samples.sheet("zh")))
    assert "12(壹拾贰页；1件未登记页数)" in text
    nothing = replace(content, items=items[:1])
    assert "零页" not in text_of(FORMS["delivery_list"].draw(nothing, samples.sheet("zh")))


# --- heads, labels, envelopes --------------------------------------------------------------------------------------


def test_a_long_unit_does_not_hide_which_paper_goes_on() -> None:
    usual = samples.usual()["delivery_list"]
    content = replace(usual, items=usual.items * 12, head=Head(number=NUMBER))
    form = FORMS["delivery_list"].draw(content, samples.sheet(unit=UNIT))
    second = "".join("".join(rows_of(form, 1)).split())
    assert "投递清单Deliverylist" in second
    assert NUMBER in second


def test_a_long_serial_number_and_the_number_of_the_form_are_not_torn() -> None:
    content = replace(samples.usual()["tracer"], head=Head(number=NUMBER))
    rows = rows_of(FORMS["tracer"].draw(content, samples.sheet()))
    assert any("表 4.31 · Form 4.31" in row for row in rows)


@pytest.mark.parametrize("stock", ["a4-70x37", "roll-50x30"])
@pytest.mark.parametrize("number", [NUMBER, "第二研究院-内-2026-0001/12"])
def test_the_number_on_a_label_is_never_cut(stock: str, number: str) -> None:
    label = CarrierLabel(
        number=number, code=payload("C", 107, 1), mark="内部", copy="000012 / 000030", short_title="预算", pages=99999,
        registry=UNIT, holder="预算处", return_by="2026-12-31",
    )  # fmt: skip
    text = text_of(FORMS["carrier_labels"].draw(CarrierLabels(labels=(label,)), samples.sheet(stock=stock)))
    assert number in text
    assert "2026-12-31" in text
    assert "99999" in text


def test_the_addressee_on_an_envelope_is_named_in_full() -> None:
    content = replace(
        samples.usual()["envelope_labels"],
        addressee=UNIT,
        addressee_address=UNIT,
        sender=UNIT,
        sender_address=UNIT,
        seal_number=NUMBER,
    )
    form = FORMS["envelope_labels"].draw(content, samples.sheet())
    text = text_of(form)
    assert text.count(UNIT) == 8
    assert "[+" not in text
    runs = placed(form)
    code = max(y for text, _, y, _ in runs if text.startswith("E 107"))  # the upper of the two labels
    last = min(y for text, x, y, _ in runs if "封口" in text)
    assert last - code > 14 / 25.4 * 72, "the fields end above the code"


def test_boxes_of_a_muster_are_those_of_a_muster() -> None:
    text = text_of(FORMS["opening_muster"].draw(samples.shortest()["opening_muster"], samples.sheet("zh")))
    assert all(role in text for role in ("保管人", "清点人", "监督人", "负责人"))
    assert "监交人" not in text


def test_a_reminder_says_each_thing_once() -> None:
    """A borrower is no receiving unit; the heading over the answer is not its first field again."""
    content = replace(samples.usual()["tracer"], to="王蕾 三部", about="return")
    text = text_of(FORMS["tracer"].draw(content, samples.sheet("zh")))
    assert "催办对象王蕾三部" in text
    assert text.count("处理结果") == 1
    notice = text_of(FORMS["discrepancy_notice"].draw(samples.usual()["discrepancy_notice"], samples.sheet("zh")))
    assert notice.count("对方答复") == 1


def test_several_things_in_one_field_are_divided_as_the_language_does_it() -> None:
    content = samples.usual()["delivery_list"]
    english = text_of(FORMS["delivery_list"].draw(content, samples.sheet("en")))
    assert "王强,刘洋" in english
    assert "王强、刘洋" in text_of(FORMS["delivery_list"].draw(content, samples.sheet("zh")))
    muster = replace(samples.usual()["opening_muster"], last_numbers=("S 2026: 2", "TS 2026: 1"))
    assert "S2026:2;TS2026:1" in text_of(FORMS["opening_muster"].draw(muster, samples.sheet("en")))


# --- letters that join -----------------------------------------------------------------------------------------------


def test_uyghur_letters_join_and_run_from_right_to_left() -> None:
    spoken = joined_up("بابا ئۇيغۇر")
    assert spoken == "\ufe91\ufe8e\ufe91\ufe8e \ufe8b\ufbd8\ufef3\ufed0\ufbd8\ufead"
    assert "".join(turned_round(spoken, str)) == spoken[::-1]


def test_what_runs_from_left_to_right_beside_them_keeps_its_order() -> None:
    text = joined_up("(王) با 2026 سالام Li")
    assert "".join(turned_round(text, str)) == "(王) \ufe8e\ufe91 2026 \ufee1\ufefc\ufeb3 Li".replace(
        "\ufee1\ufefc\ufeb3", "".join(reversed(joined_up("سالام")))
    )
    assert joined_up("لا") == "\ufefb"
    assert turned_round("S-2026-0001", str) == "S-2026-0001"


def test_an_uyghur_name_on_a_box_is_drawn_joined() -> None:
    content = replace(samples.usual()["handover_list"], signatures=(Signature(role="giver", name="ئابدۇرېھىم"),))
    form = FORMS["handover_list"].draw(content, samples.sheet())
    assert form.missing == ()
    assert set(joined_up("ئابدۇرېھىم")) <= set("".join(rows_of(form, form.pages - 1)))


# --- room to sign, room above the foot ------------------------------------------------------------------------------


def test_where_a_hand_signs_no_width_is_taken_for_long_words() -> None:
    usual = samples.usual()["loan_log"]
    long = dict.fromkeys(("borrower", "department", "title", "reference", "number", "remark"), NUMBER)
    wide = replace(usual, lines=tuple(replace(line, **long) for line in usual.lines))
    rooms = []
    for content in (usual, wide):
        runs = placed(FORMS["loan_log"].draw(content, samples.sheet("zh")))
        begin = next(x for text, x, _, _ in runs if text == "借阅人签字")
        rooms.append(next(x for text, x, _, _ in runs if text.startswith("经办")) - begin)
        assert "密级" in {text for text, _, _, _ in runs}, "no heading stands one character on the other"
    assert rooms[1] >= rooms[0] - 1
    assert rooms[1] > 20 / 25.4 * 72


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_a_cover_sheet_of_long_words_ends_above_its_foot(paper: str) -> None:
    long = dict.fromkeys(("title", "reference", "number", "originator", "scope", "issued_to", "caveats"), UNIT * 4)
    content = replace(samples.usual()["cover_sheet"], **long)
    runs = placed(FORMS["cover_sheet"].draw(content, samples.sheet(paper=paper)))
    last = min(y for text, _, y, _ in runs if text == "清退期限")
    foot = max(y for text, _, y, _ in runs if "用毕交回" in text)
    assert last - foot > 12


def test_a_cover_sheet_names_a_long_unit_in_full() -> None:
    unit = f"{UNIT}（第二办公区）附属资料室"
    content = replace(samples.usual()["cover_sheet"], originator=unit, scope=unit * 3, issued_to=f"{unit} 王蕾")
    text = text_of(FORMS["cover_sheet"].draw(content, samples.sheet(paper="Letter")))
    assert text.count(unit) == 5


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_back_of_a_cover_sheet_ends_above_its_footer(paper: str) -> None:
    reader = ReadingLine(name="Alexandra Konstantinopoulou-Wright", department=UNIT)
    event = EventLine(date="2026-05-02", event="归档", person=UNIT, remark=UNIT)
    usual = samples.usual()["cover_sheet"]
    content = replace(usual, readers=(reader,) * 15, events=(event,) * 7, everybody_signs=True)
    form = FORMS["cover_sheet"].draw(content, samples.sheet(paper=paper))
    runs = placed(form, 1)
    last = min(y for text, _, y, _ in runs if text == "2026-05-02")
    foot = max(y for text, _, y, _ in runs if text.startswith("登记簿"))
    assert last - foot > 8 / 25.4 * 72, "the last row, eight millimetres high, ends above the line of the footer"


def test_a_deed_of_eight_lines_begins_on_its_first_page() -> None:
    """Its heading was tied to the whole catalogue: half of the first page stayed empty."""
    drawn = FORMS["archive_transfer"].draw(samples.usual()["archive_transfer"], samples.sheet("zh"))
    first, second = (page.extract_text() for page in PdfReader(BytesIO(drawn.pdf)).pages)
    assert "0107-2025-001" in first
    assert first.count("移交目录") == 2, "in the title, and over the catalogue"
    assert "0107-2025-008" in second


def test_no_page_holds_nothing_but_a_note() -> None:
    """On Letter paper the second page of a copy approval said how many copies to make of it, and no more."""
    sheet = samples.sheet(paper="Letter")
    drawn = FORMS["copy_approval"].draw(samples.usual()["copy_approval"], sheet)
    assert drawn.pages == 2
    assert [row for row in rows_of(drawn) if "复制记录" in row or "复制人" in row] == []
    assert all(told in "".join(rows_of(drawn, 1)) for told in ("复制记录", "加盖复制戳记", "复制人", "一式两份"))
    longer = replace(samples.usual()["classification_slip"], secret_points="密点" * 400)
    pages = FORMS["classification_slip"].draw(longer, sheet).pages
    assert pages == 2
    assert "定密责任人" in "".join(rows_of(FORMS["classification_slip"].draw(longer, sheet), 1))


def test_a_short_label_of_a_column_is_not_torn() -> None:
    """序 stood over 号 as soon as a reference was long."""
    content = samples.usual()["delivery_list"]
    long = "院发〔2026〕1号 Supplementary memorandum on the consolidated accountability"
    items = tuple(replace(item, level="TOP SECRET", reference=long) for item in content.items)
    text = FORMS["delivery_list"].draw(replace(content, items=items), samples.sheet()).pdf
    lines = PdfReader(BytesIO(text)).pages[0].extract_text().splitlines()
    assert any("序号" in line for line in lines)
    assert any("核对相符" in line for line in lines)


def test_whoever_sorts_the_mail_reads_that_it_is_not_forwarded() -> None:
    """It stood as small as the notes to the registry that opens the cover."""
    sizes = {text: size for text, _, _, size in placed(FORMS["envelope_labels"].draw(
        replace(samples.usual()["envelope_labels"], on_the_way=("DO NOT FORWARD",)), samples.sheet("en")
    ))}  # fmt: skip
    assert sizes["DO NOT FORWARD"] >= 14
    assert sizes["只准收件人拆封"] < 10


def test_a_cover_without_seals_is_not_asked_where_they_are() -> None:
    content = samples.usual()["envelope_labels"]
    draw, sheet = FORMS["envelope_labels"].draw, samples.sheet("zh")
    assert "密封章位置" in text_of(draw(content, sheet))
    assert "密封章位置" not in text_of(draw(replace(content, seal_places=""), sheet))


def test_a_medium_says_that_the_name_on_it_is_whoever_answers_for_it() -> None:
    (label,) = samples.usual()["media_labels"].labels
    for language, words in (("zh", "责任人陈敏"), ("en", "Keeper陈敏")):
        assert words in text_of(FORMS["media_labels"].draw(MediaLabels(labels=(label,)), samples.sheet(language)))
    named = replace(label, keeper="Alexandra Konstantinopoulou-Wright")
    assert named.keeper.replace(" ", "") in text_of(
        FORMS["media_labels"].draw(MediaLabels(labels=(named,)), samples.sheet("zh"))
    )


def test_an_envelope_given_back_is_asked_nothing_of_its_contents() -> None:
    """It was signed with ten empty fields about what it should have held, and its sender owed an answer."""
    content = replace(samples.usual()["discrepancy_notice"], expected="", found="", found_at="", found_by=())
    text = text_of(FORMS["discrepancy_notice"].draw(content, samples.sheet("zh")))
    assert "原封退回" in text
    assert not [told for told in ("应有", "缺份号", "发现人(", "请求事项", "对方答复") if told in text]
    both = text_of(FORMS["discrepancy_notice"].draw(samples.usual()["discrepancy_notice"], samples.sheet("zh")))
    assert all(told in both for told in ("应有", "对方答复", "原封退回"))


# --- fonts the machine has ---------------------------------------------------------------------------------------


def font_of(first: int, path: Path, made_of: str = "fontawesome6-regular") -> None:
    """A font whose first glyphs are called `first` and on: one of the icons', with a character map of our own."""
    (icons,) = Path(qtawesome.__file__).parent.glob(f"fonts/{made_of}*.ttf")
    font = bytearray(icons.read_bytes())
    cmap = struct.pack(">HHHHLHHLLLLLL", 0, 1, 3, 10, 12, 12, 0, 28, 0, 1, first, first + 15, 1)
    at = 12 + 16 * next(n for n in range(font[5]) if font[12 + 16 * n : 16 + 16 * n] == b"cmap")
    font[at + 8 : at + 16] = struct.pack(">LL", len(font), len(cmap))
    path.write_bytes(font + cmap)


@pytest.fixture
def own_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of fonts that only this test's paper knows."""
    forgotten = (fonts.glyph, fonts._installed, fonts._fallback, fonts._embeddable, text._wrap)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    folder = tmp_path / "fonts"
    folder.mkdir()
    for each in forgotten:
        each.cache_clear()
    yield folder
    for each in forgotten:
        each.cache_clear()


@pytest.mark.parametrize("name", ["tibetan.ttf", "HIMALAYA.TTF", "喜马拉雅.ttf"])
def test_letters_the_paper_font_lacks_come_from_any_font_the_machine_has(own_fonts: Path, name: str) -> None:
    """Fonts copied from Windows or named in Chinese were passed over, and a name was printed as code points."""
    font_of(0x0F40, own_fonts / name)
    content = replace(samples.usual()["handover_list"], giver="ཀཁ王\u0f7f")
    form = FORMS["handover_list"].draw(content, samples.sheet("zh"))
    assert "ཀཁ王" in "".join(rows_of(form))
    assert form.missing == ("U+0F7F TIBETAN SIGN RNAM BCAD",)


def test_two_fonts_of_one_name_are_two_fonts(own_fonts: Path) -> None:
    """The second was written over the first, whose letters were then blank."""
    for folder, first in (("fontawesome6-regular", 0x0F40), ("codicon", 0x0E01)):
        (own_fonts / folder).mkdir()
        font_of(first, own_fonts / folder / "regular.ttf", folder)
    form = FORMS["handover_list"].draw(replace(samples.usual()["handover_list"], giver="ཀ ก ཁ ข"), samples.sheet("zh"))
    assert form.missing == ()
    assert "ཀกཁข" in "".join("".join(rows_of(form)).split())
