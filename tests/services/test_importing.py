"""An existing book taken over: every row comes out once, nothing is guessed, nothing is changed in silence."""

import csv
import re
import time
import zipfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from app.actions.custody import MoveTo, ReturnLoan
from app.actions.imports import VoidImport
from app.actions.office import RegisterPerson
from app.actions.receipts import AcknowledgeReceipt, SendTracer
from app.domain.action import Line, Ref, Subject
from app.domain.carrier import State
from app.i18n import render
from app.paths import resource
from app.services.desk import Refused
from app.services.importing import Mapping, NotImportable, as_data, import_file, load_mapping, values
from app.services.importing.posting import Poster
from app.store.failures import StoreUnavailable
from app.store.proof import verify_full
from app.store.reads import WHOLE, limits_of, slip_lines, today_items
from tests.unit import Unit

DATA = Path(__file__).parent.parent / "data"
CHINESE = resource("sample/chinese-register.xlsx")
PLAIN = {"regime": "cn-state", "constants": {"place": "safe", "level": "秘密"}}


@pytest.fixture
def unit(tmp_path):
    made = Unit(tmp_path / "book")
    yield made
    made.close()


def take(unit, file, mapping=None, **how):
    report = import_file(unit.desk("clerk"), file, mapping, **how)
    assert report.adds_up
    assert report.read == report.total or report.cancelled
    with unit.database.reading() as connection:
        proof = verify_full(connection)
    assert proof.holds, proof
    return report


def table(tmp_path, *rows, name="book.csv"):
    file = tmp_path / name
    with file.open("w", encoding="utf-8", newline="") as open_file:
        csv.writer(open_file).writerows(rows)
    return file


def plain(**changes):
    return Mapping(**{**PLAIN, **changes})


def carriers(unit, **where):
    clause = " AND ".join(f"c.{name} = :{name}" for name in where) or "1"
    sql = (
        "SELECT c.*, t.words AS title_words, d.issued, d.as_written, d.caveats, d.reference FROM carriers c"
        f" JOIN documents d ON d.id = c.document JOIN texts t ON t.digest = d.title WHERE {clause} ORDER BY c.id"
    )
    with unit.database.reading() as connection:
        return connection.exec_driver_sql(sql, where).mappings().all()


def one(unit, **where):
    (row,) = carriers(unit, **where)
    return row


def count(unit, table_name):
    with unit.database.reading() as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM {table_name}").scalar_one()


def reasons(report):
    return {reject.row: (reject.column, render(reject.reason)) for reject in report.rejects}


# --- a Chinese register, as a clerk keeps one --------------------------------------------------------------------


@pytest.fixture
def chinese(unit):
    return take(unit, CHINESE, "chinese-register")


def test_titles_sums_headings_and_signatures_are_no_rows(chinese):
    assert chinese.read == 19
    assert chinese.not_data == (11, 12, 26, 27)


def test_each_wrong_row_comes_back_with_its_number_its_column_and_the_reason(chinese):
    found = reasons(chinese)
    assert {row: column for row, (column, _) in found.items()} == {
        17: "密级", 18: "密级", 19: "份数", 20: "应还日期", 22: "销毁清册号", 23: "密级", 24: "收文号",
    }  # fmt: skip
    assert "内部" in found[17][1]
    assert "Secret" in found[17][1]  # the levels that are known
    assert "30年" in found[23][1]  # longer than the ceiling


@pytest.mark.parametrize("typed", ["１２", "１２份", "12 页"])
def test_a_number_of_a_book_that_was_typed_wide_is_the_number(typed):
    assert values.whole_number(typed) == 12


def test_a_day_and_copy_numbers_that_were_typed_wide_are_read():
    assert values.day_of("２０２６．５．１", ()).day == values.day_of("2026年５月１日", ()).day == date(2026, 5, 1)
    assert values.copy_numbers("０００００１－０００００３") == (1, 2, 3)


def test_a_span_of_copy_numbers_is_one_document_and_as_many_copies(unit, chinese):
    copies = [each for each in carriers(unit) if each["reference"] == "办发〔2026〕3号"]
    assert [each["copy_no"] for each in copies] == list(range(1, 13))
    assert len({each["document"] for each in copies}) == 1
    assert len({each["number"] for each in copies}) == 12


def test_dates_are_read_in_every_way_a_chinese_book_writes_them(unit, chinese):
    with unit.database.reading() as connection:
        sql = "SELECT d.reference, p.value FROM documents d JOIN parts p ON p.subject = d.id AND p.subject_kind = 'D'"
        days = dict(connection.exec_driver_sql(sql).all())
    assert days["保发〔2026〕1号"] == '"2026-01-05"'  # 2026.1.5
    assert days["办发〔2026〕3号"] == '"2026-01-08"'  # 2026年1月8日
    assert days["政办〔2026〕7号"] == '"2026-01-05"'  # a date of the spreadsheet
    assert "档发〔2026〕1号" not in days  # 2026.2.30


def test_an_impossible_date_is_kept_as_written_and_flagged(unit, chinese):
    (flag,) = chinese.flagged
    assert (flag.row, flag.column) == (10, "收文日期")
    assert unit.words(one(unit, number="收2026-006")["as_written"]) == "收文日期: 2026.2.30"


def test_a_book_comes_with_the_state_it_has(unit, chinese):
    lent = one(unit, number="收2026-003")
    assert (lent["state"], lent["due"]) == ("loan", "2026-06-01")
    assert unit.row("slips", lent["slip"])["kind"] == "loan"
    out = one(unit, number="收2026-007")
    assert out["state"] == "in_transit"
    assert out["way"] == out["slip"]
    assert one(unit, number="收2026-009")["archive_no"] == "2026-永久-0012"
    gone = one(unit, number="收2026-010")
    assert (gone["state"], gone["custodian"], gone["place"]) == ("destroyed", None, None)
    with unit.database.reading() as connection:
        slip = connection.exec_driver_sql("SELECT slip FROM slip_lines WHERE carrier = ?", (gone["id"],)).scalar_one()
    assert unit.slip(slip).facts["voucher"] == "销2026-01"


def test_what_came_on_loan_is_returned_and_what_came_on_the_way_is_acknowledged(unit, chinese):
    lent, out = one(unit, number="收2026-003"), one(unit, number="收2026-007")
    unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, lent["id"]), {"pages": 24}))
    back = unit.carrier(lent["id"])
    assert back.state is State.IN_STOCK
    assert back.place is not None
    assert unit.slip(lent["slip"]).state == "closed"
    unit.do(AcknowledgeReceipt(receiver="王", received=unit.today), out["id"])
    assert unit.carrier(out["id"]).state is State.EXTERNAL


def test_a_receipt_that_was_out_when_the_book_came_is_asked_for_when_its_days_are_over(unit, tmp_path):
    """An old book knows when a parcel went; the day its receipt is due follows from the regime."""
    heading = ("收文号", "标题", "发往机关", "发出日期", "回执", "应还日期")
    sent = (unit.today - timedelta(days=29)).isoformat()
    rows = (heading, ("收1", "one", "市局", sent, "", ""), ("收2", "two", "省局", "2026.2.30", "", ""))
    take(unit, table(tmp_path, *rows), plain())
    dues = {row["number"]: unit.row("slips", row["slip"])["due"] for row in carriers(unit)}
    expected = {"收1": unit.today + timedelta(days=1), "收2": unit.today + timedelta(days=30)}
    assert dues == {number: day.isoformat() for number, day in expected.items()}
    unit.later(days=2)
    slip = Ref(Subject.SLIP, one(unit, number="收1")["slip"])
    limits = limits_of(unit.desk().regimes())
    with unit.database.reading() as connection:
        due = [item for item in today_items(connection, unit.today, limits, viewer=WHOLE) if item.kind == "receipt"]
    assert (due[0].subject, due[0].action) == (slip, "send_tracer")
    unit.do(SendTracer(), slip)
    assert take(unit, tmp_path / "book.csv", plain()).identical == 2, "what the regime adds is no difference"


def test_a_number_that_comes_twice_with_other_content_is_put_on_a_correction_slip(unit, chinese):
    (difference,) = chinese.differences
    assert difference.row == 21
    assert difference.fields["title"] == ("关于做好年度保密工作的通知", "关于做好年度保密工作的通知(更正)")
    assert one(unit, number="收2026-001")["title_words"] == "关于做好年度保密工作的通知"
    (slip,) = chinese.corrections
    assert unit.slip(slip).kind == "correction"
    lines = unit.desk("clerk").read(slip_lines, slip, viewer=WHOLE).lines
    title = next(line for line in lines if line.given["field"] == "title")
    assert title.given["theirs"] == "关于做好年度保密工作的通知(更正)"
    assert title.carrier.number == "收2026-001"


def test_the_same_file_again_registers_nothing(unit, chinese):
    before = {name: count(unit, name) for name in ("carriers", "documents", "persons", "places", "slips")}
    again = take(unit, CHINESE, "chinese-register")
    assert (again.registered, again.identical, again.differing) == (0, 11, 1)
    assert {name: count(unit, name) for name in before} == before
    assert again.corrections == ()


def test_what_acts_have_done_since_is_no_difference(unit, chinese):
    lent = one(unit, number="收2026-003")
    unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, lent["id"]), {"pages": 24}))
    assert take(unit, CHINESE, "chinese-register").identical == 11


def test_rejected_rows_come_back_as_a_spreadsheet_that_can_be_imported_again(unit, tmp_path):
    file = tmp_path / "rejects.xlsx"
    take(unit, CHINESE, "chinese-register", rejects=file)
    head, *rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert head[:3] == ["row", "column", "reason"]
    assert [row[:2] for row in rows][:2] == [[17.0, "密级"], [18.0, "密级"]]
    assert rows[0][8] == "涉密人员名册" or "保密检查情况通报" in rows[0]
    again = take(unit, file, "chinese-register")
    assert (again.read, again.rejected) == (7, 7)
    assert file.stat().st_mode & 0o077 == 0


def test_a_rejected_text_that_no_cell_holds_is_kept_whole_in_a_file_of_another_kind(unit, tmp_path):
    long = "长" * 32_768
    file = table(tmp_path, ("登记号", "标题", "密级"), ("甲1", long, "?"), ("甲2", "短", "?"))
    (tmp_path / "rejects.csv").write_text("somebody's own", encoding="utf-8")
    report = take(unit, file, Mapping(regime="cn-state"), rejects=tmp_path / "rejects.xlsx")
    assert report.rejects_file == str(tmp_path / "rejects-2.csv")
    assert any(report.rejects_file in render(sentence) for sentence in report.sentences())
    with Path(report.rejects_file).open(encoding="utf-8-sig", newline="") as opened:
        assert [row[4] for row in csv.reader(opened)] == ["标题", long, "短"]
    assert not (tmp_path / "rejects.xlsx").exists()
    assert (tmp_path / "rejects.csv").read_text(encoding="utf-8") == "somebody's own"


def test_where_rejected_rows_have_nowhere_to_go_nothing_is_entered(unit, tmp_path):
    before = unit.length()
    with pytest.raises(NotImportable) as told:
        take(unit, CHINESE, "chinese-register", rejects=tmp_path / "no" / "rejects.csv")
    assert "no such file or folder" in render(told.value.reason)
    assert unit.length() == before


def test_a_rejected_formula_is_disarmed_and_comes_back_as_it_was(unit, tmp_path):
    title = "=cmd|' /C calc'!A0"
    file = table(tmp_path, ("登记号", "标题", "密级", "存放位置"), ("甲1", title, "?", "safe"))
    rejects = tmp_path / "rejects.csv"
    take(unit, file, Mapping(regime="cn-state"), rejects=rejects)
    text = rejects.read_text(encoding="utf-8-sig")
    assert f"'{title}" in text
    rejects.write_text(text.replace(",?,", ",秘密,"), encoding="utf-8")
    assert take(unit, rejects, Mapping(regime="cn-state")).registered == 1
    assert one(unit, number="甲1")["title_words"] == title


def test_a_disk_that_is_full_in_the_middle_says_what_stays_and_the_same_file_goes_on(unit, tmp_path):
    rows = [(f"甲{n}", f"试验大纲第{n}号", "秘密", "safe") for n in range(800)]
    file = table(tmp_path, ("登记号", "标题", "密级", "存放位置"), *rows)
    with unit.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    unit.database.writer.dispose()

    def limit(connection, most):
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")

    with unit.database.writer.connect() as connection:
        limit(connection, pages + 120)
    with pytest.raises(StoreUnavailable) as full:
        import_file(unit.desk(), file, Mapping(regime="cn-state"))
    assert full.value.code == "disk_full"
    stays = full.value.remedy.values["n"]
    assert 0 < stays == count(unit, "carriers") < 800
    assert f"{stays} rows were entered before and stay. Free some space" in render(full.value.remedy)
    with unit.database.writer.connect() as connection:
        limit(connection, 100_000)
    report = take(unit, file, Mapping(regime="cn-state"))
    assert (report.registered, report.identical) == (800 - stays, stays)


def test_the_signatures_below_a_list_are_no_row_of_it(unit, tmp_path):
    head, row = ("登记号", "标题", "密级", "份数"), ("甲1", "试验大纲", "秘密", "1")
    below = (("本页合计：", "", "", "（1）份"), ("制表：陈敏", "", "审核：孙立", ""), ("制表:陈敏", "", "", ""))
    report = take(unit, table(tmp_path, head, row, *below), plain())
    assert (report.read, report.registered, report.not_data) == (1, 1, (3, 4, 5))


def test_one_number_for_two_documents_is_a_slip_of_the_pen_and_taken_over_for_neither_twice(unit, tmp_path):
    file = table(
        tmp_path, ("收文号", "来文字号", "文件标题", "密级", "份号"), ("收1", "某〔2025〕3号", "通知", "秘密", "12"),
        ("收1", "某〔2025〕12号", "另一件", "秘密", "1"), ("收1", "某〔2025〕3号", "通知", "秘密", "13"),
    )  # fmt: skip
    report = take(unit, file, plain())
    assert report.registered == 2
    (reject,) = report.rejects
    assert (reject.row, reject.column) == (3, "收文号")
    assert "通知" in render(reject.reason)
    alone = table(tmp_path, ("收文号", "来文字号", "文件标题", "密级", "份号"), ("收2", "某1", "通知", "秘密", "12"),
                  ("收2", "某2", "另一件", "秘密", "1"), name="alone.csv")  # fmt: skip
    assert take(unit, alone, plain()).rejected == 1
    assert one(unit, number="收2")["title_words"] == "通知", "under its own number, not as one of several copies"


def test_the_report_says_what_differs_and_where_that_stands(unit, tmp_path):
    head = ("登记号", "标题", "密级", "页数")
    take(unit, table(tmp_path, head, ("甲1", "试验大纲", "秘密", "3"), ("甲2", "纪要", "秘密", "4")), plain())
    other = table(tmp_path, head, ("甲1", "另一标题", "秘密", "5"), ("甲2", "纪要", "秘密", "6"), name="other.csv")
    report = take(unit, other, plain())
    words = [render(sentence) for sentence in (*report.sentences(), *report.reasons())]
    assert "What differs is on 1 correction slip; nothing of it was changed." in words
    assert {"Differing in title, row 2", "Differing in pages, row 2, 3"} <= set(words)


def test_an_import_that_was_cut_short_at_its_last_word_still_asks_for_its_muster(unit, tmp_path, monkeypatch):
    file = table(tmp_path, ("登记号", "标题", "密级"), ("甲1", "试验大纲", "秘密"))

    def cut_short(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("app.services.importing._Run.finish", cut_short)
        with pytest.raises(KeyboardInterrupt):
            take(unit, file, plain())
    report = take(unit, file, plain())
    assert (report.registered, report.identical) == (0, 1)
    assert report.muster == report.import_id
    assert take(unit, file, plain()).muster is None


def test_a_dry_run_says_the_same_and_writes_nothing(unit):
    before = unit.length()
    dry = take(unit, CHINESE, "chinese-register", dry_run=True)
    assert unit.length() == before
    real = take(unit, CHINESE, "chinese-register")
    told = {"import", "dry_run", "corrections", "muster", "sentences", "total"}
    assert {k: v for k, v in as_data(dry).items() if k not in told} == {
        k: v for k, v in as_data(real).items() if k not in told
    }
    assert dry.muster is None
    assert real.muster == real.import_id


# --- registers of others -----------------------------------------------------------------------------------------


def test_us_release_of_2022(unit):
    report = take(unit, DATA / "jfk-2022-cut.xlsx", "jfk-2022")
    assert (report.read, report.registered, report.identical, report.differing) == (230, 219, 0, 11)
    assert {each.fields["pages"] for each in report.differences} >= {(2, 3), (47, 57)}
    assert Counter(flag.column for flag in report.flagged)["Doc Date"] > 50
    assert one(unit, foreign_code="104-10120-10323")["title_words"] == "23500"
    impossible = next(each for each in carriers(unit) if each["as_written"])
    assert impossible["issued"] is None
    assert "/00" in unit.words(impossible["as_written"])
    assert one(unit, foreign_code="104-10001-10015")["issued"] == "1964-03-31"


def test_us_release_of_2021_with_dates_that_excel_made(unit):
    report = take(unit, DATA / "jfk-2021-cut.xlsx", "jfk-2021")
    assert report.registered == 81
    turned = [flag for flag in report.flagged if flag.column == "File Number"]
    assert len(turned) == 4
    assert "date" in render(turned[0].reason)


def test_frus_levels_and_caveats(unit):
    report = take(unit, DATA / "frus-cut.csv", "frus-carter")
    why = Counter(render(reject.reason).split(";")[0] for reject in report.rejects)
    assert why["no level"] > 0
    assert why["“No classification marking” is no known level"] > 0
    assert any("Nodis Attachment" in reason for reason in why)
    assert not any("Senst" in reason for reason in why)  # misspelt, and mapped for what it is
    marked = [each["caveats"] for each in carriers(unit) if each["caveats"]]
    assert '["NODIS"]' in marked


def test_chinese_laws_by_their_columns(unit):
    report = take(unit, DATA / "cn-laws-cut.csv", "cn-laws")
    assert report.registered + report.rejected == 118
    assert {reject.column for reject in report.rejects} == {"效力级别"}
    assert report.carriers == count(unit, "carriers")


# --- numbers -----------------------------------------------------------------------------------------------------


def test_the_series_goes_on_after_the_last_number_of_the_book(unit, tmp_path):
    file = table(tmp_path, ("收文号", "标题"), ("CU-秘-2026-0041", "a"), ("CU-秘-2026-0007", "b"))
    take(unit, file, plain())
    take(unit, table(tmp_path, ("原编号", "标题"), ("x1", "c"), name="more.csv"), plain())
    assert one(unit, foreign_code="x1")["number"] == "CU-秘-2026-0042"


@pytest.mark.parametrize("between", [0, 1_500])
def test_a_row_without_a_number_is_not_given_that_of_a_later_row(unit, tmp_path, between):
    others = [(f"other {number}", "", "o") for number in range(between)]
    borne = [("b", "CU-秘-2026-0001", "second"), ("c", "CU-秘-2026-0002", "third")]
    report = take(unit, table(tmp_path, ("原编号", "收文号", "标题"), ("a", "", "first"), *others, *borne), plain())
    assert report.registered == 3 + between
    assert one(unit, foreign_code="b")["number"] == "CU-秘-2026-0001"
    assert one(unit, foreign_code="a")["number"] == "CU-秘-2026-0003"


def test_nothing_is_given_the_number_of_a_row_that_was_rejected(unit, tmp_path):
    head = ("原编号", "收文号", "标题", "密级")
    report = take(unit, table(tmp_path, head, ("a", "", "t", "秘密"), ("b", "CU-秘-2026-0001", "u", "?")), plain())
    assert (report.registered, report.rejected) == (1, 1)
    assert one(unit, foreign_code="a")["number"] == "CU-秘-2026-0002"


def test_a_number_whose_copies_the_book_has_is_no_other_documents(unit, tmp_path):
    book = table(tmp_path, ("原编号", "收文号", "标题"), ("a", "CU-秘-2026-0041/2", "t"), ("b", "", "u"))
    take(unit, book, plain())
    assert one(unit, foreign_code="b")["number"] == "CU-秘-2026-0042"


def test_copies_of_one_document_in_several_rows_are_one_document(unit, tmp_path):
    head = ("收文号", "文号", "标题", "份号")
    file = table(tmp_path, head, ("R-1", "A〔2026〕1号", "t", "000003"), ("R-2", "A〔2026〕1号", "t", "000004"),
                 ("R-3", "A〔2026〕2号", "u", "000004"))  # fmt: skip
    take(unit, file, plain())
    first, second, other = carriers(unit)
    assert first["document"] == second["document"] != other["document"]
    assert (first["copy_no"], second["copy_no"]) == (3, 4)


def test_rows_that_share_a_number_are_told_apart_by_their_copy(unit, tmp_path):
    file = table(tmp_path, ("收文号", "标题", "份号"), ("R-1", "t", "000003"), ("R-1", "t", "000004"))
    report = take(unit, file, plain())
    assert report.registered == 2
    assert [each["number"] for each in carriers(unit)] == ["R-1/3", "R-1/4"]
    assert take(unit, file, plain()).identical == 2


def test_so_many_copies_without_numbers_are_numbered_from_one(unit, tmp_path):
    take(unit, table(tmp_path, ("原编号", "标题", "份数"), ("x", "t", "3份")), plain())
    assert [(each["copy_no"], each["number"][-2:]) for each in carriers(unit)] == [(1, "/1"), (2, "/2"), (3, "/3")]


def test_a_number_that_excel_turned_into_a_date_is_refused(unit, tmp_path):
    file = tmp_path / "turned.xlsx"
    with xlsxwriter.Workbook(file, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ("收文号", "标题"))
        sheet.write_datetime(1, 0, date(2026, 3, 12))
        sheet.write_string(1, 1, "t")
    report = take(unit, file, plain())
    assert "turned this number into a date" in reasons(report)[2][1]


# --- what a book may hold ----------------------------------------------------------------------------------------


def test_naughty_strings_as_titles_come_in_and_come_back(unit, tmp_path):
    lines = (DATA / "naughty-strings.txt").read_text(encoding="utf-8").split("\n")
    titles = [line for line in lines if line.strip() and not line.startswith("#")]
    rows = [(f"N{number}", title) for number, title in enumerate(titles)]
    report = take(unit, table(tmp_path, ("原编号", "标题"), *rows), plain())
    assert report.registered == len(titles)
    assert [each["title_words"] for each in carriers(unit)] == [title.strip() for title in titles]
    assert take(unit, table(tmp_path, ("原编号", "标题"), *rows), plain()).identical == len(titles)


def test_a_title_of_100_000_characters_comes_in_whole(unit, tmp_path):
    title = "密" * 99_999 + "𠮷"
    take(unit, table(tmp_path, ("原编号", "标题"), ("long", title)), plain())
    assert one(unit, foreign_code="long")["title_words"] == title


def test_control_characters_and_broken_lines_stay(unit, tmp_path):
    title = "first\nsecond\x01\x7f\u200bthird"
    rows = ("c", title), ("zero", "cut\x00off")
    report = take(unit, table(tmp_path, ("原编号", "标题"), *rows), plain())
    assert one(unit, foreign_code="c")["title_words"] == title
    assert "U+0000" in reasons(report)[3][1]  # stored, it would end where other programs read it


def test_ambiguous_dates_are_kept_as_written_unless_the_mapping_says_how_to_read_them(unit, tmp_path):
    file = table(tmp_path, ("原编号", "标题", "文件日期"), ("d", "t", "03/04/2026"))
    dry = take(unit, file, plain(), dry_run=True)
    assert "two ways" in render(dry.flagged[0].reason)
    take(unit, file, plain(dates=("DD/MM/YYYY",)))
    assert one(unit, foreign_code="d")["issued"] == "2026-04-03"


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"借阅人": "nobody of ours", "应还日期": "2026-06-01"}, "借阅人", "nobody in the register"),
        ({"位置": "nowhere"}, "位置", "no place in the register"),
        ({"状态": "消失"}, "状态", "no known state"),
        ({"状态": "借出", "应还日期": "2026-06-01"}, "借阅人", "with nobody"),
        ({"借阅人": "reader", "应还日期": "2026-13-01"}, "应还日期", "no day of the calendar"),
        ({"份号": "第三份"}, "份号", "no copy number"),
        ({"份数": "若干"}, "份数", "no number of copies"),
        ({"保密期限": "???"}, "保密期限", "no period"),
        ({"载体类别": "石碑"}, "载体类别", "no known kind"),
        ({"标题": ""}, "标题", "no title"),
        ({"原编号": "9" * 300}, "原编号", "longer than a number"),
    ],
)
def test_a_row_that_cannot_be_understood_is_refused_by_name(unit, tmp_path, cells, column, words):
    row = {"原编号": "x", "标题": "t", "借阅人": "", "应还日期": "", "位置": "safe", **cells}
    report = take(unit, table(tmp_path, tuple(row), tuple(row.values())), plain())
    assert report.registered == 0
    assert reasons(report)[2][0] == column
    assert words in reasons(report)[2][1]


def test_two_people_of_one_name_are_told_apart_by_department_or_not_at_all(unit, tmp_path):
    for department in ("plans", "works"):
        unit.do(RegisterPerson(name="Li Wei", department=department))
    head = ("原编号", "标题", "借阅人", "部门", "应还日期")
    rows = (("a", "t", "Li Wei", "works", "2026-06-01"), ("b", "t", "Li Wei", "", "2026-06-01"))
    report = take(unit, table(tmp_path, head, *rows), plain())
    assert reasons(report)[3][0] == "借阅人"
    assert unit.row("persons", one(unit, foreign_code="a")["hands"])["department"] == "works"


# --- files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_usual_encoding_and_delimiter_is_understood(unit, tmp_path, encoding, delimiter):
    lines = ["原编号", "标题", "密级"], ["x1", "关于会议的通知", "机密"], ["x2", "第二号文件", "秘密"]
    file = tmp_path / "book.csv"
    file.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    assert import_file(unit.desk("clerk"), file, plain(), dry_run=True).registered == 2


def test_western_letters_are_not_taken_for_chinese(unit, tmp_path):
    file = tmp_path / "western.csv"
    file.write_bytes("Source number;Title\nx1;Übergabe – naïve Façade\n".encode("cp1252"))
    take(unit, file, plain(columns={"Source number": "source"}))
    assert one(unit, foreign_code="x1")["title_words"] == "Übergabe – naïve Façade"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.xlsx", b"PK\x03\x04 broken", "no spreadsheet"),
        ("x.csv", b"", "The file is empty"),
        ("x.xlsx", b"", "The file is empty"),
        ("x.csv", b"%PDF-1.7\n\x00\x01\xd8\x00\xd8\x00" + bytes(100), "no table of text"),
        ("x.csv", b"a,b\n1,2\n", "No row of the first"),
    ],
)
def test_a_file_that_is_no_book_is_refused_with_its_reason(unit, tmp_path, name, content, words):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(NotImportable) as refused:
        import_file(unit.desk("clerk"), file, plain())
    assert words in render(refused.value.reason)
    assert refused.value.remedy is not None
    assert count(unit, "imports") == 0


def test_a_stray_cell_in_the_far_corner_is_refused_before_it_eats_the_memory(unit, tmp_path):
    file, ok = tmp_path / "corner.xlsx", tmp_path / "long.xlsx"
    for path, corner in ((file, (1_048_575, 16_383)), (ok, (20_000, 3))):
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ("收文号", "标题"))
            sheet.write_row(1, 0, ("甲1", "t"))
            sheet.write_string(*corner, " ")
    with pytest.raises(NotImportable) as refused:
        import_file(unit.desk("clerk"), file, plain())
    assert "XFD1048576" in render(refused.value.reason)
    assert import_file(unit.desk("clerk"), ok, plain(), dry_run=True).registered == 1


def test_a_workbook_without_a_sheet_is_called_damaged(unit, tmp_path):
    file = tmp_path / "none.xlsx"
    with zipfile.ZipFile(CHINESE) as whole, zipfile.ZipFile(file, "w") as cut:
        for name in whole.namelist():
            content = whole.read(name)
            cut.writestr(name, re.sub(rb"<sheet .*?/>", b"", content) if name == "xl/workbook.xml" else content)
    with pytest.raises(NotImportable) as refused:
        import_file(unit.desk("clerk"), file, plain())
    assert "damaged" in render(refused.value.reason)


def test_a_spreadsheet_with_a_wrong_ending_is_read_all_the_same(unit, tmp_path):
    file = tmp_path / "book.csv"
    file.write_bytes(CHINESE.read_bytes())
    assert import_file(unit.desk("clerk"), file, "chinese-register", dry_run=True).registered == 11


def test_a_date_that_has_not_come_yet_is_flagged(unit, tmp_path):
    file = table(tmp_path, ("原编号", "标题", "文件日期"), ("d", "t", "2099-01-01"))
    assert "lies in the future" in render(take(unit, file, plain(), dry_run=True).flagged[0].reason)


def test_alike_reasons_stand_together_with_their_rows(unit, tmp_path):
    rows = [(f"x{number}", "t", "绝顶") for number in range(20)]
    report = take(unit, table(tmp_path, ("原编号", "标题", "密级"), *rows, ("y", "", "秘密")), plain(), dry_run=True)
    first, second = map(render, report.reasons())
    assert first.startswith("Rejected in 密级, row 2, 3,")
    assert "(20)" in first
    assert second == "Rejected in 标题, row 22: no title"
    many = take(unit, table(tmp_path, ("原编号", "标题", "文件日期"), *((f"z{n}", "t", f"?{n}") for n in range(20))),
                plain(), dry_run=True)  # fmt: skip
    assert render(many.reasons()[-1]) == "… and 12 more."


def test_a_mapping_that_names_a_missing_column_is_refused(unit, tmp_path):
    file = table(tmp_path, ("原编号", "标题"), ("x", "t"))
    with pytest.raises(NotImportable) as refused:
        import_file(unit.desk("clerk"), file, plain(columns={"Nummer": "number", "标题": "title"}))
    assert "Nummer" in render(refused.value.reason)
    assert "标题" in render(refused.value.remedy)


@pytest.mark.parametrize(
    "text",
    [
        "colums = {}", "columns = 3", "regime = [", '[columns]\n"a" = "nonsense"', '[states]\n"待还" = "flying"',
        'dates = ["DD.MM"]', 'dates = ["YYYY YYYY-MM-DD"]', '[levels]\n"密" = "nolevel"', '[caveats]\n"x" = "NOPE"',
        '[constants]\nlevel = "绝顶"', 'encoding = "klingon"', 'sheet = "nope"', 'regime = "cn-moon"',
    ],
)  # fmt: skip
def test_a_wrong_mapping_file_is_refused(unit, tmp_path, text):
    mapping = tmp_path / "mine.toml"
    # With a regime and a place each, so that what is refused is the mistake itself.
    named = "" if "regime" in text else 'regime = "cn-state"\nunknown_places = "register"\n'
    mapping.write_text(named + text, encoding="utf-8")
    book = table(tmp_path, ("原编号", "标题"), ("x", "t")) if "encoding" in text else CHINESE
    with pytest.raises(NotImportable) as wrong:
        import_file(unit.desk("clerk"), book, mapping)
    assert wrong.value.remedy is not None


def test_only_a_registry_clerk_imports(unit):
    for dry_run in (True, False):
        with pytest.raises(Refused):
            import_file(unit.desk("auditor"), CHINESE, "chinese-register", dry_run=dry_run)


# --- going on, and taking it all back ----------------------------------------------------------------------------


def test_a_cancelled_import_goes_on_where_it_was(unit, monkeypatch):
    monkeypatch.setattr("app.services.importing.ROWS_AT_ONCE", 50)
    seen = []
    first = take(unit, DATA / "jfk-2022-cut.xlsx", "jfk-2022", progress=lambda *at: seen.append(at),
                 cancelled=lambda: len(seen) > 2)  # fmt: skip
    assert first.cancelled
    assert (first.read, first.total) == (100, 230)
    rest = take(unit, DATA / "jfk-2022-cut.xlsx", "jfk-2022")
    assert rest.import_id == first.import_id
    assert first.registered + rest.registered == 219
    assert rest.identical == first.registered
    assert unit.row("imports", rest.import_id)["state"] == "ended"


def test_an_import_is_voided_whole_by_two_and_comes_again_under_the_same_numbers(unit, chinese):
    ref = Ref(Subject.IMPORT, chinese.import_id)
    assert "signature:witness" in unit.why_not(VoidImport(reason="wrong mapping"), ref)
    unit.do(VoidImport(reason="wrong mapping"), ref, signed={"witness": "clerk2"})
    assert {each["state"] for each in carriers(unit)} == {"void"}
    assert {unit.slip(number).state for number in range(1, 7)} == {"cancelled"}
    again = unit.why_not(VoidImport(reason="again"), ref, signed={"witness": "clerk2"})
    assert set(again) == {"import_was_not_voided"}, "that its carriers are void is no other reason"
    again = take(unit, CHINESE, "chinese-register")
    assert (again.registered, again.differing) == (11, 1)
    assert one(unit, number="收2026-004")["state"] == "in_stock"
    assert one(unit, number=f"收2026-004 (void {chinese.import_id})")["state"] == "void"


def test_an_import_is_not_voided_once_something_has_happened_to_it(unit, chinese):
    moved = one(unit, number="收2026-004")
    unit.do(MoveTo(place=unit.places["safe"]), moved["id"])
    refusal = unit.why_not(
        VoidImport(reason="late"), Ref(Subject.IMPORT, chinese.import_id), signed={"witness": "clerk2"}
    )["nothing_has_happened_since"]
    assert "收2026-004" in render(refusal.reason)


def test_entries_of_an_import_name_only_their_own_slip(unit, chinese):
    shelf = one(unit, number="收2026-004")
    lent = one(unit, number="收2026-003")
    entries = {entry.o: entry for entry in unit.entries()}
    assert entries[f"C{shelf['id']}"].s == 0
    assert entries[f"C{lent['id']}"].s == lent["slip"]


def test_no_title_stands_in_the_ledger(unit, chinese):
    with unit.database.reading() as connection:
        bodies = b"".join(connection.exec_driver_sql("SELECT body FROM ledger").scalars()).decode()
    for words in ("关于做好年度保密工作的通知", "更正", "省国家保密局", "方晓晴", "甲柜"):
        assert words not in bodies


def test_an_act_of_an_import_is_short_enough_for_a_scan_to_wait(unit, monkeypatch):
    taken = []
    act = Poster._act

    def timed(poster, rows):
        began = time.perf_counter()
        carriers_entered = act(poster, rows)
        taken.append(time.perf_counter() - began)
        return carriers_entered

    monkeypatch.setattr(Poster, "_act", timed)
    take(unit, resource("sample/cn-laws.csv"), "cn-laws")
    assert len(taken) > 3
    assert sorted(taken)[len(taken) // 2] < 0.2


def test_a_book_without_places_is_kept_where_the_clerk_says(unit, tmp_path):
    """A 收文登记簿 names no shelf; without a place chosen beside it every row came back."""
    book = tmp_path / "book.csv"
    book.write_text("收文号,标题,密级\n2026-1,关于防汛工作的通知,秘密\n", encoding="utf-8")
    assert import_file(unit.desk(), book, load_mapping("", "cn-state"), dry_run=True).rejected == 1
    report = import_file(unit.desk(), book, load_mapping("", "cn-state", "safe"))
    assert (report.registered, report.rejected) == (1, 0)


def test_the_day_an_issuer_wants_a_copy_back_is_taken_over(unit, tmp_path):
    file = table(tmp_path, ("收文号", "标题", "密级", "存放位置", "清退期限"),
                 ("2026-1", "关于防汛工作的通知", "秘密", "safe", "2026-12-31"))  # fmt: skip
    take(unit, file, load_mapping("", "cn-state"))
    assert (one(unit)["state"], one(unit)["due"]) == ("in_stock", "2026-12-31")
    again = table(tmp_path, ("收文号", "标题", "密级", "存放位置", "清退期限", "备注"),
                  ("2026-1", "关于防汛工作的通知", "秘密", "safe", "2026-12-31", ""), name="again.csv")  # fmt: skip
    assert take(unit, again, load_mapping("", "cn-state")).identical == 1


def test_rows_without_a_number_are_not_one_number_twice(unit, tmp_path):
    numberless = [("", f"财〔2026〕{at}号", f"预算{at}", "秘密", "1", "safe") for at in (1, 2, 3)]
    file = table(tmp_path, ("收文号", "文号", "标题", "密级", "份号", "存放位置"), *numberless)
    assert take(unit, file, load_mapping("", "cn-state")).rejected == 0


def test_how_many_were_made_is_not_how_many_are_here(unit, tmp_path):
    file = table(tmp_path, ("收文号", "标题", "密级", "份数", "总份数", "存放位置"),
                 ("2026-1", "关于防汛工作的通知", "秘密", "1", "5", "safe"))  # fmt: skip
    take(unit, file, load_mapping("", "cn-state"))
    assert one(unit)["copies_of"] == 5


def test_a_copy_is_numbered_from_one(unit, tmp_path):
    head = ("收文号", "标题", "份号")
    report = take(unit, table(tmp_path, head, ("收1", "t", "0"), ("收1", "t", "1"), ("收2", "u", "0-3")), plain())
    assert report.registered == 1
    assert {column for column, _ in reasons(report).values()} == {"份号"}


def test_a_parcel_that_a_slip_of_the_pen_sent_in_the_far_future_is_asked_for_all_the_same(unit, tmp_path):
    file = table(tmp_path, ("收文号", "标题", "发往机关", "发出日期", "回执"), ("收1", "t", "市局", "9999-12-31", ""))
    take(unit, file, plain())
    assert unit.row("slips", one(unit)["slip"])["due"] == (unit.today + timedelta(days=30)).isoformat()


def test_what_was_rejected_is_rejected_again_though_a_later_row_brought_its_document(unit, tmp_path):
    head = ("收文号", "原编号", "标题", "份号", "位置")
    file = table(tmp_path, head, ("收1", "旧1", "t", "1", "nowhere"), ("收2", "旧1", "another", "2", "safe"))
    first = take(unit, file, plain())
    again = take(unit, file, plain())
    assert reasons(again) == reasons(first) != {}
    assert (again.differing, again.corrections) == (0, ())


def test_a_row_nobody_knows_the_place_of_is_rejected_again_though_a_later_row_brought_its_number(unit, tmp_path):
    head = ("收文号", "标题", "位置", "保管人")
    for at, (place, keeper) in enumerate((("nowhere", ""), ("safe", "nobody"))):
        file = table(tmp_path, head, (f"收{at}", "t", place, keeper), (f"收{at}", "t", "safe", "clerk"))
        first = take(unit, file, plain())
        again = take(unit, file, plain())
        assert reasons(again) == reasons(first) != {}
        assert (first.registered, again.identical, again.differing) == (1, 1, 0)


def test_the_own_remark_of_a_further_copy_is_told_and_makes_no_difference_when_the_file_comes_again(unit, tmp_path):
    head = ("收文号", "文号", "份号", "标题", "备注")
    file = table(
        tmp_path, head, ("收1", "文1", "1", "t", "缺第3页"), ("收2", "文1", "2", "t", "破损"),
        ("收3", "文1", "3", "t", ""),
        ("收4", "文2", "1", "u", ""), ("收5", "文2", "2", "u", "破损"),
    )  # fmt: skip
    for registered in (5, 0):
        report = take(unit, file, plain())
        assert (report.registered, report.identical, report.corrections) == (registered, 5 - registered, ())
        told = {flag.row: render(flag.reason) for flag in report.flagged}
        assert set(told) == {3, 6}
        assert "破损" in told[3]
        assert "缺第3页" in told[3]
    changed = table(tmp_path, head, ("收1", "文1", "1", "t", "缺第4页"))
    assert list(take(unit, changed, plain()).differences[0].fields) == ["remarks"]


def test_a_number_whose_copies_are_known_is_given_to_no_other_document_by_the_same_file(unit, tmp_path):
    file = table(tmp_path, ("收文号", "标题", "份数"), ("收1", "t", "3"), ("收1", "another", ""))
    for registered in (1, 0):
        report = take(unit, file, plain())
        assert (report.registered, report.differing) == (registered, 1)
        assert len(report.corrections) == registered, "on a slip at once, and on one"
    assert count(unit, "carriers") == 3


def test_a_sign_that_stands_in_every_row_divides_none_of_them(unit, tmp_path):
    """A file of rejected rows: each reason holds a semicolon, and their commas are of any number."""
    rows = ((2, "密级", "?; known are", "甲1", "t, u", "?", "+", "+"), (3, "密级", "?; known are", "甲2", "t"))
    file = table(tmp_path, ("row", "column", "reason", "登记号", "标题", "密级"), *rows)
    assert take(unit, file, plain()).registered == 1
