"""Every form, in every language, with the shortest and the longest lines: it is paper somebody can sign."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from app.domain.numbering import payload
from app.forms import FORMS
from app.forms.labels import STOCKS, CarrierLabel, CarrierLabels
from app.forms.lines import CarrierLine, Difference, Signature
from app.forms.lists import DeliveryItem, HandoverList
from app.forms.page import Head
from app.forms.sheet import Drawn, Language, Sheet
from app.forms.slips import LoanSlip
from app.forms.vocabulary import VOCABULARY
from tests.forms import samples

CONTENTS = {"shortest": samples.shortest(), "usual": samples.usual(), "longest": samples.longest()}
SHEETS = [code for code in FORMS if code not in {"carrier_labels", "media_labels", "badges", "envelope_labels"}]
UNFOOTED = {"carrier_labels", "media_labels", "badges", "envelope_labels", "us_cover_sheet"}
UNPRINTED = {"colour", "code", "standard_form", "about"}
"""Answers that choose how a form looks, or that its bars hold."""
NOT_LISTED = {
    "delivery_list": {"kind"},
    "handover_list": {"originator", "date", "keeper"},
    "opening_muster": {"originator", "date", "kind"},
    "destruction": {"date", "period", "place", "state", "slip", "due"},
}
"""What a line knows of a carrier and this list has no column for."""


@lru_cache(maxsize=256)
def drawn(code: str, size: str, language: Language = Language.BOTH) -> Drawn:
    return FORMS[code].draw(CONTENTS[size][code], samples.sheet(language))


def text_of(form: Drawn) -> str:
    """All text of the paper without the spaces and line ends that wrapping puts in."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(form.pdf)).pages)


def words(value: Any, code: str, name: str = "") -> Iterator[str]:
    """Every text a content holds, as paper shows it."""
    if is_dataclass(value):
        hidden = NOT_LISTED.get(code, set()) if isinstance(value, (CarrierLine, DeliveryItem)) else set()
        for one in fields(value):
            if one.name not in hidden:
                yield from words(getattr(value, one.name), code, one.name)
    elif isinstance(value, tuple):
        for item in value:
            yield from words(item, code, name)
    elif isinstance(value, str) and value and name not in UNPRINTED:
        yield VOCABULARY[value].zh if value in VOCABULARY else value


@pytest.mark.parametrize(("renewal", "title"), [(False, "借阅审批表"), (True, "续借审批表")])
def test_a_renewal_is_headed_as_one(renewal: bool, title: str) -> None:  # noqa: FBT001 - a case
    """It was headed as a loan slip, on which something is handed out."""
    slip = LoanSlip(head=Head(), renewal=renewal)
    assert title in text_of(FORMS["loan_slip"].draw(slip, samples.sheet(Language.ZH)))


def test_samples_cover_every_form() -> None:
    for contents in CONTENTS.values():
        assert contents.keys() == FORMS.keys()
        assert all(isinstance(content, FORMS[code].content) for code, content in contents.items())


@pytest.mark.parametrize("code", FORMS)
@pytest.mark.parametrize("size", CONTENTS)
@pytest.mark.parametrize("language", list(Language))
def test_every_form_is_drawn(code: str, size: str, language: Language) -> None:
    form = drawn(code, size, language)
    assert form.missing == ()
    assert len(PdfReader(BytesIO(form.pdf)).pages) == form.pages
    assert form.pages <= {"shortest": 2, "usual": 3, "longest": 40}[size]


@pytest.mark.parametrize("code", FORMS)
def test_every_field_is_on_the_paper(code: str) -> None:
    text = text_of(drawn(code, "usual"))
    missing = {word for word in words(CONTENTS["usual"][code], code) if "".join(word.split()) not in text}
    assert missing == set()


@pytest.mark.parametrize("code", FORMS)
def test_kept_lines_survive_as_json_and_give_the_same_bytes(code: str) -> None:
    content = CONTENTS["usual"][code]
    kept = msgspec.json.decode(msgspec.json.encode(content), type=FORMS[code].content)
    assert kept == content
    assert FORMS[code].draw(kept, samples.sheet()).pdf == drawn(code, "usual").pdf


def test_another_process_gives_the_same_bytes() -> None:
    script = (
        "import hashlib; from tests.forms import samples; from app.forms import FORMS;"
        "drawn = FORMS['handover_list'].draw(samples.usual()['handover_list'], samples.sheet());"
        "print(hashlib.sha256(drawn.pdf).hexdigest())"
    )
    root = Path(__file__).parents[2]
    prints = {
        subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(prints) == 1


@pytest.mark.parametrize("code", FORMS)
def test_fonts_are_embedded_and_no_name_is_in_the_file(code: str) -> None:
    reader = PdfReader(BytesIO(drawn(code, "usual").pdf))
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].get_object().values():  # type: ignore[index]
            found = font.get_object()
            standard = found["/BaseFont"] == "/Helvetica"  # reportlab opens every page with it and writes nothing in it
            assert standard or "/FontFile2" in found["/FontDescriptor"]
    told = reader.metadata
    assert told is not None
    assert told.author in {"", None}
    assert "李娜" not in str(told)


@pytest.mark.parametrize("code", sorted(set(FORMS) - UNFOOTED))
def test_every_page_says_which_of_how_many_and_where_the_book_stood(code: str) -> None:
    form = drawn(code, "usual" if code != "loan_slip" else "longest")
    for number, page in enumerate(PdfReader(BytesIO(form.pdf)).pages, 1):
        text = "".join(page.extract_text().split())
        assert f"第{number}页共{form.pages}页" in text
        assert "10482" in text
        assert "K4QZ7VNA2XHDM3RT" in text


@pytest.mark.parametrize("code", [code for code in FORMS if code != "envelope_labels"])
def test_a_reprint_says_so(code: str) -> None:
    content = CONTENTS["usual"][code]
    again = text_of(FORMS[code].draw(content, samples.sheet(reprint=True)))
    if code == "badges":
        return
    assert "补印" in again or "补打" in again
    assert "补印" not in text_of(drawn(code, "usual"))


def test_the_language_of_the_register_is_the_language_of_the_paper() -> None:
    chinese, english = (text_of(drawn("tracer", "shortest", language)) for language in (Language.ZH, Language.EN))
    assert "催还、催回执通知" in chinese
    assert "Tracer" not in chinese
    assert "Tracer" in english
    assert "催还" not in english


def handover(count: int, **changes: Any) -> HandoverList:
    return HandoverList(head=Head(number="H-1"), lines=samples.lines(count), **changes)


def test_totals_stand_in_figures_and_in_words() -> None:
    content = HandoverList(
        head=Head(number="H-1"),
        lines=(
            CarrierLine(number="1", level="机密", rank=2, pages=100, kind="paper"),
            CarrierLine(number="2", level="秘密", rank=1, pages=86, kind="paper", copies=1),
            CarrierLine(number="3", level="机密", rank=2, kind="flash", capacity="1 TB"),
        ),
    )
    text = text_of(FORMS["handover_list"].draw(content, samples.sheet()))
    for words_of in ("贰件·twoitems", "壹件·oneitem", "叁件·threeitems", "壹佰捌拾陆页·onehundredandeighty-sixpages"):
        assert words_of in text
    assert text.index("贰件·two") < text.index("壹件·one"), "the higher level comes first"


@pytest.mark.parametrize("count", [0, 1, 2, 12, 13, 14, 15, 16, 30])
def test_nobody_signs_a_page_that_shows_nothing(count: int) -> None:
    form = FORMS["handover_list"].draw(handover(count), samples.sheet())
    pages = [page.extract_text() for page in PdfReader(BytesIO(form.pdf)).pages]
    signed = [index for index, text in enumerate(pages) if "签名 Signature" in text]
    assert signed == [len(pages) - 1]
    assert "总计" in pages[signed[0]]
    assert "".join(pages).count("以下空白") == 1


def test_a_list_repeats_its_header_and_loses_no_row() -> None:
    form = FORMS["handover_list"].draw(handover(300), samples.sheet())
    pages = ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(form.pdf)).pages]
    assert all("载体类别" in page for page in pages[:-1])
    assert all(f"2026-{number:04d}" in "".join(pages) for number in range(1, 301))


def test_a_difference_is_printed_with_its_explanation_and_none_is_said_in_words() -> None:
    told = handover(2, differences=(Difference(kind="short", number="机 1", explanation="在三部"),))
    assert "短少short" in text_of(FORMS["handover_list"].draw(told, samples.sheet()))
    assert "差异情况Differences" in text_of(FORMS["handover_list"].draw(handover(2), samples.sheet()))
    assert "无none" in text_of(FORMS["handover_list"].draw(handover(2), samples.sheet()))


def test_a_character_no_font_has_is_printed_as_its_code_point_and_named() -> None:
    content = handover(0, giver="\U00020bb7 \U0010fffd 陈\x07敏", signatures=(Signature(role="giver", name="\ue000"),))
    form = FORMS["handover_list"].draw(content, samples.sheet())
    assert "U+0007" in form.missing
    assert "U+10FFFD" in form.missing
    assert "U+E000" in form.missing
    text = text_of(form)
    for point in ("U+0007", "U+10FFFD", "U+E000"):
        assert point in text
    has_it = "U+20BB7 CJK UNIFIED IDEOGRAPH-20BB7" not in form.missing
    assert has_it or "U+20BB7" in text


def test_a_text_that_is_too_long_says_how_much_is_left_out() -> None:
    line = CarrierLine(number="1", title="长" * 100_000)
    form = FORMS["handover_list"].draw(HandoverList(head=Head(), lines=(line,)), samples.sheet())
    assert form.pages <= 2
    assert "…[+99," in text_of(form)


def test_outer_envelope_shows_no_level_where_the_regime_forbids_it() -> None:
    content = replace(samples.usual()["envelope_labels"], mark="绝密★30年", handling=("只准收件人拆封",))
    two = text_of(FORMS["envelope_labels"].draw(content, samples.sheet()))
    assert two.count("绝密★30年") == 1
    assert two.index("绝密★30年") < two.index("外封")
    one = FORMS["envelope_labels"].draw(replace(content, layers=1, outer_marked=True), samples.sheet())
    assert text_of(one).count("绝密★30年") == 1
    bare = FORMS["envelope_labels"].draw(replace(content, layers=1, outer_marked=False), samples.sheet())
    assert "绝密" not in text_of(bare)
    assert "只准收件人拆封" not in text_of(bare)


def test_a_delivery_list_has_no_place_for_a_classified_title() -> None:
    names = {one.name for one in fields(type(samples.usual()["delivery_list"].items[0]))}
    assert "title" not in names


@pytest.mark.parametrize("stock", STOCKS)
def test_a_label_sheet_starts_at_any_label(stock: str) -> None:
    per_page = STOCKS[stock].per_page
    labels = tuple(
        CarrierLabel(number=f"N{index}", code=payload("C", 107, index), mark="秘密") for index in range(per_page)
    )
    sheet = samples.sheet(stock=stock, first_label=per_page)
    form = FORMS["carrier_labels"].draw(CarrierLabels(labels=labels), sheet)
    pages = [page.extract_text() for page in PdfReader(BytesIO(form.pdf)).pages]
    assert form.pages == (2 if per_page > 1 else 1)
    assert "N0" in pages[0]
    assert ("N1" in pages[0]) is False
    assert not labels[1:] or "N1" in pages[1]


def test_an_offset_moves_the_print_and_nothing_else() -> None:
    plain = FORMS["tracer"].draw(samples.usual()["tracer"], samples.sheet())
    moved = FORMS["tracer"].draw(samples.usual()["tracer"], samples.sheet(offset_mm=(-1.5, 2.0)))
    assert plain.pdf != moved.pdf
    assert text_of(plain) == text_of(moved)


def test_letter_paper_for_those_who_have_it() -> None:
    form = FORMS["tracer"].draw(samples.usual()["tracer"], samples.sheet(paper="Letter"))
    box = PdfReader(BytesIO(form.pdf)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (612, 792)


def test_a_cover_sheet_turns_as_many_backs_as_there_were_readers() -> None:
    content = samples.usual()["cover_sheet"]
    readers = tuple(replace(content.readers[0], name=f"读者{index}") for index in range(40))
    form = FORMS["cover_sheet"].draw(replace(content, readers=readers), samples.sheet())
    assert form.pages == 4
    text = text_of(form)
    assert all(f"读者{index}" in text for index in range(40))


def test_without_an_anchor_there_is_no_code_to_scan() -> None:
    sheet: Sheet = samples.sheet(anchor=None)
    text = text_of(FORMS["recovery_sheet"].draw(samples.usual()["recovery_sheet"], sheet))
    assert "扫描右侧" not in text
    assert "李娜" in text


def test_a_number_of_the_incoming_book_is_not_torn() -> None:
    """秘2026-0301/12–14 stands on one line of its column."""
    content = samples.usual()["incoming_register"]
    line = replace(content.lines[0], number="秘2026-0301/12–14")
    form = FORMS["incoming_register"].draw(replace(content, lines=(line,)), samples.sheet())
    rows = PdfReader(BytesIO(form.pdf)).pages[0].extract_text().splitlines()
    assert any("秘2026-0301/12–14" in row.replace(" ", "") for row in rows)


def test_a_level_in_words_stands_on_one_line_of_a_delivery_list() -> None:
    content = samples.usual()["delivery_list"]
    items = tuple(replace(item, level="TOP SECRET") for item in content.items)
    form = FORMS["delivery_list"].draw(replace(content, items=items), samples.sheet())
    rows = PdfReader(BytesIO(form.pdf)).pages[0].extract_text().splitlines()
    assert sum("TOP SECRET" in row for row in rows) == len(items)


def test_the_lines_of_a_reading_record_are_numbered() -> None:
    back = PdfReader(BytesIO(drawn("cover_sheet", "shortest").pdf)).pages[1].extract_text().split()
    assert {str(number) for number in range(1, 16)} <= set(back)


def test_an_american_cover_sheet_is_english_with_chinese_beside_it() -> None:
    chinese, english = (text_of(drawn("us_cover_sheet", "usual", one)) for one in (Language.ZH, Language.EN))
    assert "登记号" in chinese
    assert "Controlnumber" in chinese
    assert "登记号" not in english


def test_a_sheet_kept_before_the_regime_said_its_colour_has_that_of_its_standard_form() -> None:
    kept = CONTENTS["usual"]["us_cover_sheet"]
    draw, sheet = FORMS["us_cover_sheet"].draw, samples.sheet(Language.EN)
    assert draw(replace(kept, colour=""), sheet).pdf == draw(kept, sheet).pdf
    assert draw(replace(kept, colour="#123456"), sheet).pdf != draw(kept, sheet).pdf


def test_a_drawn_form_leaves_nothing_to_collect() -> None:
    FORMS["handover_list"].draw(CONTENTS["longest"]["handover_list"], samples.sheet())  # fonts and codes, once
    gc.collect()
    gc.disable()
    try:
        FORMS["handover_list"].draw(CONTENTS["longest"]["handover_list"], samples.sheet())
        left = [each for each in gc.get_objects() if type(each).__name__ in ("PDFDocument", "PDFPage", "PaperCanvas")]
    finally:
        gc.enable()
    assert left == []
