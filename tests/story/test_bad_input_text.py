"""Texts nobody expects, through the whole program: kept to the last character, or refused by their name."""

import csv
import time
from io import BytesIO

import pytest
import xlsxwriter
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from app.actions import CATALOGUE
from app.actions.intake import SignForEnvelope
from app.actions.keeping import RegisterPlace
from app.actions.office import RegisterPerson
from app.actions.vouchers import OpenSlip, Submit
from app.domain.action import Line, Ref, Subject, questions
from app.domain.words import says
from app.forms import FORMS
from app.forms.cover_sheets import CoverSheet
from app.i18n import CHINESE, render
from app.paths import CHECKOUT
from app.services import exporting, printing, slips
from app.services.desk import Refused
from app.services.importing import Mapping, import_file
from app.store import reads
from app.store.search import match_expression
from tests.forms.samples import sheet
from tests.story.kit import NAUGHTY, in_both, nothing_moves, whole
from tests.unit import Unit

LINES = (CHECKOUT / NAUGHTY).read_text(encoding="utf-8").split("\n")
KEPT = tuple(line for line in LINES if line.strip())
BLANK = tuple(dict.fromkeys(line for line in LINES if not line.strip()))
SENTENCES = {code: action.told for code, action in CATALOGUE.items()}
ASKED = {code: questions(action) for code, action in CATALOGUE.items()}
BEYOND = "𠮷野家𪚥🄯😀👩‍👩‍👧‍👦 \U0010fffd"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A register with one carrier for each naughty title, and a person of each naughty name."""
    unit = Unit(tmp_path_factory.mktemp("shelf") / "book")
    envelope = unit.envelope_of("E-1", len(KEPT))
    unit.carriers = [
        unit.received(envelope=envelope, title=line, short_title=line, originator=line, pages=1)[0] for line in KEPT
    ]
    unit.named = [unit.do(RegisterPerson(name=line, department=line, title=line)).subjects[0].id for line in KEPT]
    yield unit
    unit.close()


@pytest.fixture
def unit(tmp_path):
    made = Unit(tmp_path / "book")
    yield made
    made.close()


def lines_of(unit, carriers):
    return unit.desk().read(reads.lines_of, carriers, reads.WHOLE)


def history(unit, ref):
    found = unit.desk().read(reads.history_of, ref, sentences=SENTENCES, questions=ASKED)
    return [(render(line.sentence), render(line.sentence, CHINESE)) for line in found]


# --- every naughty string --------------------------------------------------------------------------------------


def test_the_list_is_the_whole_list():
    assert len(KEPT) > 600
    assert any("\u202e" in line for line in KEPT)
    assert any(ord(sign) > 0xFFFF for line in KEPT for sign in line)


def test_each_title_is_kept_to_the_last_character(shelf):
    lines = {line.id: line for line in lines_of(shelf, shelf.carriers)}
    assert [lines[number].title for number in shelf.carriers] == list(KEPT)
    assert [lines[number].short_title for number in shelf.carriers] == list(KEPT)
    whole(shelf.database)


def test_each_name_is_kept_to_the_last_character(shelf):
    names = shelf.desk().read(reads.names, shelf.named)
    assert [names[number] for number in shelf.named] == list(KEPT)


def test_nothing_of_them_stands_in_the_ledger(shelf):
    with shelf.database.reading() as connection:
        titled = b"".join(
            bytes(body)
            for body in connection.exec_driver_sql(
                "SELECT body FROM ledger WHERE action = 'register_received' AND subject_kind = 'D'"
            ).scalars()
        )
    for line in KEPT:
        if len(line) > 12 and line.isascii() and '"' not in line and "\\" not in line:
            assert line.encode() not in titled


def test_each_is_found_by_itself_or_has_nothing_to_be_found_by(shelf):
    found = 0
    for line, carrier in zip(KEPT, shelf.carriers, strict=True):
        page = shelf.desk().read(
            reads.carrier_page, reads.CarrierFilter(text=line), limit=len(KEPT), viewer=reads.WHOLE
        )
        if match_expression(line) is not None:
            assert carrier in {each.id for each in page.lines}, line
            found += 1
    assert found > 500


def test_each_may_be_looked_for_among_people_places_and_codes(shelf):
    for line, person in zip(KEPT, shelf.named, strict=True):
        people = shelf.desk().read(reads.people_like, line, limit=len(KEPT))
        assert person in {each.id for each in people}, line
        shelf.desk().read(reads.places_like, line)
        assert in_both(shelf.desk().read(reads.scan, line, viewer=reads.WHOLE).why or _FOUND)


_FOUND = says("found")


def test_each_history_is_told_in_both_languages(shelf):
    for number, person in zip(shelf.carriers, shelf.named, strict=True):
        assert history(shelf, Ref(Subject.CARRIER, number))
        assert history(shelf, Ref(Subject.PERSON, person))


def test_an_export_gives_each_back_with_formulas_disarmed(shelf, tmp_path):
    for name in ("list.csv", "list.xlsx"):
        exporting.run(shelf.desk(), {"file": str(tmp_path / name)}, lambda *_: None, lambda: False)
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        written = [row["Title"] for row in csv.DictReader(file)]
    assert sorted(written) == sorted(f"'{line}" if line[0] in "=+-@\t\r\n＝＋－＠" else line for line in KEPT)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in written)
    head, *rows = CalamineWorkbook.from_path(tmp_path / "list.xlsx").get_sheet_by_index(0).to_python()
    assert sorted(row[head.index("Title")] for row in rows) == sorted(map(in_a_spreadsheet, KEPT))


def in_a_spreadsheet(line):
    """XML has no U+FFFE; spreadsheets write it so, and this reader leaves it so."""
    return line.replace("\ufffe", "_xFFFE_")


def test_labels_and_cover_sheets_of_all_of_them_are_drawn(shelf):
    labels = printing.print_form(
        shelf.desk(), "carrier_labels", Ref(Subject.CARRIER, shelf.carriers[0]), more={"carriers": shelf.carriers}
    )
    assert labels.pages >= 10
    assert len(PdfReader(BytesIO(labels.pdf)).pages) == labels.pages
    assert all(missing.startswith("U+") for missing in labels.missing)
    for start in range(0, len(KEPT), 30):
        some = KEPT[start : start + 30]
        cover = CoverSheet(number="1", code="C107000000017", title=" · ".join(some), originator=some[0], scope=some[-1])
        assert FORMS["cover_sheet"].draw(cover, sheet()).pages >= 2
    whole(shelf.database)


def test_each_comes_in_by_a_spreadsheet_and_a_csv(unit, tmp_path):
    rows = [(f"N{number}", line) for number, line in enumerate(KEPT)]
    with (tmp_path / "book.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((("原编号", "标题"), *rows))
    with xlsxwriter.Workbook(str(tmp_path / "book.xlsx"), {"strings_to_urls": False}) as book:
        page = book.add_worksheet()
        for at, cells in enumerate((("原编号", "标题"), *rows)):
            for column, cell in enumerate(cells):
                page.write_string(at, column, cell)
    mapping = Mapping(regime="cn-state", constants={"place": "safe", "level": "秘密"})
    assert import_file(unit.desk(), tmp_path / "book.csv", mapping).registered == len(KEPT)
    with unit.database.reading() as connection:
        titles = connection.exec_driver_sql(
            "SELECT t.words FROM documents d JOIN texts t ON t.digest = d.title ORDER BY d.id"
        ).scalars()
        assert list(titles) == [line.strip() for line in KEPT]
    again = import_file(unit.desk(), tmp_path / "book.xlsx", mapping)
    odd = [number for number, line in enumerate(KEPT) if in_a_spreadsheet(line) != line]
    assert (again.registered, again.identical) == (0, len(KEPT) - len(odd))
    assert [each.number for each in again.differences] == [f"N{number}" for number in odd]


@pytest.mark.parametrize("line", BLANK)
def test_a_title_of_blanks_alone_is_no_answer(unit, line):
    envelope = unit.envelope_of("E-1")
    with nothing_moves(unit.database), pytest.raises(Refused) as refused:
        unit.received(envelope=envelope, title=line)
    assert "Title" in in_both(refused.value.refusals[0].reason)


# --- what cannot be kept ---------------------------------------------------------------------------------------

UNKEEPABLE = {"NUL": ("before\x00after", "U+0000"), "half a character": ("before\ud83dafter", "U+D83D")}


@pytest.mark.parametrize("what", UNKEEPABLE)
def test_what_nothing_could_read_back_is_refused_by_its_name_and_place(unit, what):
    text, name = UNKEEPABLE[what]
    envelope = unit.envelope_of("E-1")
    (carrier,) = unit.copies()
    line = Line(Ref(Subject.CARRIER, carrier), {"scanned": text})
    tries = {
        "a title": lambda: unit.received(envelope=envelope, title=text),
        "a name": lambda: unit.do(RegisterPerson(name=text)),
        "a department": lambda: unit.do(RegisterPerson(name="Reader", department=text)),
        "a place": lambda: unit.do(RegisterPlace(name=text)),
        "an envelope's number": lambda: unit.do(
            SignForEnvelope(number=text, regime="cn-state", sender="A", channel="jiyao_jiaotong", items=1)
        ),
        "units of a scope": lambda: unit.received(envelope=envelope, scope_units=("plans", text)),
        "an answer for one line": lambda: unit.do(CATALOGUE["verify_label"](), line),
        "an answer kept on a slip": lambda: unit.do(
            Submit(slip="loan", act="lend", approval="", given={"purpose": text}, lines_given=[{"carrier": carrier}])
        ),
        "a line kept on a slip": lambda: unit.do(
            Submit(slip="loan", act="lend", approval="", given={}, lines_given=[{"carrier": carrier, "note": text}])
        ),
    }
    for where, attempt in tries.items():
        with nothing_moves(unit.database), pytest.raises(Refused) as refused:
            attempt()
        (refusal,) = refused.value.refusals
        assert refusal.rule == "text_can_be_kept", where
        assert name in in_both(refusal.reason)
        assert "7" in in_both(refusal.reason)
        assert in_both(refusal.remedy)
        assert refusal.field


@pytest.mark.parametrize("what", UNKEEPABLE)
def test_what_cannot_be_kept_may_still_be_looked_for_in_vain(unit, what):
    text, _ = UNKEEPABLE[what]
    viewer = reads.WHOLE
    slip = unit.do(OpenSlip(slip="parcel", act="dispatch")).subjects[0].id
    with nothing_moves(unit.database):
        assert unit.desk().read(reads.carrier_page, reads.CarrierFilter(text=text), viewer=viewer).lines == ()
        assert unit.desk().read(reads.people_like, text) == ()
        assert unit.desk().read(reads.places_like, text) == ()
        assert in_both(unit.desk().read(reads.scan, text, viewer=viewer).why)
        assert in_both(slips.scan(unit.desk(), slip, text).sentence)
        with pytest.raises(printing.NothingToPrint) as nothing:
            printing.print_again(unit.desk(), "cover_sheet", [text])
        in_both(nothing.value.why)


def test_a_row_with_it_is_rejected_and_the_others_come_in(unit, tmp_path):
    file = tmp_path / "book.csv"
    file.write_text("原编号,标题,存放位置\nN1,good,safe\nN2,b\x00d,safe\nN3,good,s\x00fe\n", encoding="utf-8")
    report = import_file(unit.desk(), file, Mapping(regime="cn-state", constants={"level": "秘密"}))
    assert (report.registered, report.rejected) == (1, 2)
    assert [(each.row, each.column) for each in report.rejects] == [(3, "标题"), (4, "存放位置")]
    assert all("U+0000" in in_both(each.reason) for each in report.rejects)
    whole(unit.database)


# --- very long -------------------------------------------------------------------------------------------------


def test_a_title_of_100_000_characters_goes_through_everything(unit, tmp_path):
    title = "关于载体管理的通知" * 11_111 + "𠮷"
    began = time.perf_counter()
    (carrier,) = unit.received(title=title, short_title=title)
    assert lines_of(unit, [carrier])[0].title == title
    for text in ("载体管理", title):
        page = unit.desk().read(reads.carrier_page, reads.CarrierFilter(text=text), viewer=reads.WHOLE)
        assert [line.id for line in page.lines] == [carrier]
    assert history(unit, Ref(Subject.CARRIER, carrier))
    person = unit.do(RegisterPerson(name=title)).subjects[0].id
    assert [each.id for each in unit.desk().read(reads.people_like, title)] == [person]
    for form in ("carrier_labels", "cover_sheet"):
        printed = printing.print_form(unit.desk(), form, Ref(Subject.CARRIER, carrier))
        assert len(PdfReader(BytesIO(printed.pdf)).pages) == printed.pages <= 4
    cut = {}
    for name in ("list.csv", "list.xlsx"):
        report = exporting.run(unit.desk(), {"file": str(tmp_path / name)}, lambda *_: None, lambda: False)
        cut[name] = report["cut"]
    assert cut == {"list.csv": 0, "list.xlsx": 2}, "title and short title"
    csv.field_size_limit(1_000_000)
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["Title"] for row in csv.DictReader(file)] == [title]
    head, row = CalamineWorkbook.from_path(tmp_path / "list.xlsx").get_sheet_by_index(0).to_python()
    assert row[head.index("Title")] == title[:32_767]
    whole(unit.database)
    assert time.perf_counter() - began < 30


# --- outside the Basic Multilingual Plane ----------------------------------------------------------------------


def test_characters_beyond_the_first_plane_go_through_everything(unit, tmp_path):
    (carrier,) = unit.received(title=BEYOND, short_title=BEYOND, originator=BEYOND)
    person = unit.do(RegisterPerson(name=BEYOND)).subjects[0].id
    assert lines_of(unit, [carrier])[0].title == BEYOND
    for text in ("𠮷野", "野家", "𪚥", BEYOND):
        page = unit.desk().read(reads.carrier_page, reads.CarrierFilter(text=text), viewer=reads.WHOLE)
        assert [line.id for line in page.lines] == [carrier], text
    assert [each.id for each in unit.desk().read(reads.people_like, "𪚥🄯")] == [person]
    printed = printing.print_form(unit.desk(), "cover_sheet", Ref(Subject.CARRIER, carrier))
    assert any(missing.startswith("U+10FFFD") for missing in printed.missing)
    for name in ("list.csv", "list.xlsx"):
        exporting.run(unit.desk(), {"file": str(tmp_path / name)}, lambda *_: None, lambda: False)
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["Title"] for row in csv.DictReader(file)] == [BEYOND]
    head, row = CalamineWorkbook.from_path(tmp_path / "list.xlsx").get_sheet_by_index(0).to_python()
    assert row[head.index("Title")] == BEYOND
    whole(unit.database)


def test_a_cell_of_a_spreadsheet_is_cut_between_characters():
    text = "x" + "😀" * 20_000
    fitting = exporting._fitting(text)
    assert text.startswith(fitting)
    assert len(fitting.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert exporting._fitting("😀" * 100) == "😀" * 100
