"""What was exported comes back: the same carriers in a new register, nothing new in the old one, in both languages."""

import csv
import random
from datetime import date, timedelta

import pytest

from app import i18n
from app.actions.custody import Lend
from app.domain.carrier import KIND_NAMES, STATE_NAMES, CarrierKind, State
from app.services import exporting
from app.services.importing import Mapping, import_file, load_mapping
from app.services.importing.aliases import COLUMNS, FIELDS, KINDS, STATES
from app.services.importing.files import heading
from app.services.list_columns import COLUMNS as OURS
from app.services.list_columns import tamed, untamed
from app.store.proof import verify_full
from tests.unit import Unit

LEVELS = {
    "cn-state": ("绝密★30年", "机密★10年", "秘密★2031-05-01", "秘密★2年", "机密★解密前"),
    "cn-work": ("内部",),
    "cn-company": ("绝密(企业) 长期", "企业机密", "秘密(企业) 短期"),
    "us-dod": ("SECRET//NOFORN", "TOP SECRET", "CONFIDENTIAL"),
}
TITLES = ("试验大纲", "Plan, with a comma", "=cmd|' /C calc'!A0", "-5 °C", "'=quoted", "两行\n标题", "“引号”", "𠮷野家")
SCOPES = ("", "*", "全体", "plans", "plans；reader2", "drafter、works", "本单位全体", "nobody knows them")
PEOPLE = ("reader", "reader2", "drafter")
STATES_OF_A_BOOK = (
    State.IN_STOCK, State.ISSUED, State.LOAN, State.IN_TRANSIT, State.EXTERNAL, State.RETURNED, State.ARCHIVED,
    State.TRANSFERRED, State.DESTROYED,
)  # fmt: skip


@pytest.fixture(params=i18n.LANGUAGES)
def language(request):
    i18n.use(request.param)
    yield request.param
    i18n.use(i18n.ENGLISH)


@pytest.fixture
def made(tmp_path):
    """Registers of this test, closed at its end."""
    units = []

    def another(name):
        units.append(Unit(tmp_path / name))
        return units[-1]

    yield another
    for unit in units:
        unit.close()


def an_old_book(tmp_path, regime, seed, rows=80):
    """A book with everything that a book can say, in any mixture."""
    chance = random.Random(seed)
    file = tmp_path / "old.csv"
    head = (
        "number", "copy_no", "copies_of", "level", "kind", "state", "title", "reference", "originator", "issued",
        "holder", "place", "custodian", "due", "addressee", "voucher", "pages", "serial_no", "archive_no", "scope",
        "remarks",
    )  # fmt: skip
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, head)
        writer.writeheader()
        for at in range(rows):
            state = chance.choice(STATES_OF_A_BOOK)
            row = {
                "number": f"旧-{at:03d}", "level": chance.choice(LEVELS[regime]), "state": state,
                "kind": chance.choice(tuple(CarrierKind)), "title": chance.choice(TITLES),
                "reference": f"院发〔2026〕{at}号", "originator": chance.choice(("", "某部")),
                "issued": chance.choice(("", "2026-03-01")),
                "place": chance.choice(("safe", "room")), "custodian": "clerk", "addressee": "", "voucher": "",
                "pages": chance.choice(("", "12")), "serial_no": chance.choice(("", f"SN{at}")), "archive_no": "",
                "scope": chance.choice(SCOPES), "remarks": chance.choice(("", "缺第3页", "=1+1; with a sign")),
            }  # fmt: skip
            if chance.random() < 0.7:
                row |= {"copy_no": chance.randint(1, 5), "copies_of": chance.choice(("", 5))}
            if state in (State.LOAN, State.ISSUED):
                row["holder"] = chance.choice(PEOPLE)
            if state is State.LOAN:
                row["due"] = date(2026, 7, 1) + timedelta(days=at)
            if state in (State.IN_TRANSIT, State.EXTERNAL, State.RETURNED):
                row["addressee"] = "某部机关"
            if state in (State.EXTERNAL, State.RETURNED, State.TRANSFERRED, State.DESTROYED):
                row["voucher"] = f"凭-{at}"
            if state is State.ARCHIVED:
                row["archive_no"] = f"档{at}"
            writer.writerow(row)
    states = {state.value: state.value for state in STATES_OF_A_BOOK}
    by_their_fields = Mapping(regime=regime, columns={name: name for name in head}, states=states)
    return file, by_their_fields


def export(unit, tmp_path, ending):
    file = tmp_path / f"list{ending}"
    exporting.run(unit.desk(), {"file": str(file)}, lambda *_: None, lambda: False)
    return file


def take(unit, file, regime, mapping=None):
    report = import_file(unit.desk(), file, load_mapping(mapping, regime))
    assert report.adds_up
    with unit.database.reading() as connection:
        assert verify_full(connection).holds
    return report


def carriers(unit):
    with unit.database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT c.number, t.words AS title, d.level, d.period, d.caveats, d.reference, o.words AS originator,"
            " d.issued, m.words AS remarks, d.scope_units, (SELECT json_group_array(n.words)"
            "  FROM json_each(d.scope_people)"
            " s JOIN persons r ON r.id = s.value JOIN texts n ON n.digest = r.name) AS readers,"
            " c.kind, c.copy_no, c.copies_of, c.pages, c.serial_no, c.archive_no, c.state, c.due,"
            " h.words AS holder, k.words AS custodian, l.words AS place FROM carriers c"
            " JOIN documents d ON d.id = c.document LEFT JOIN texts t ON t.digest = d.title"
            " LEFT JOIN texts m ON m.digest = d.remarks LEFT JOIN texts o ON o.digest = d.originator"
            " LEFT JOIN persons p ON p.id = c.hands LEFT JOIN texts h ON h.digest = p.name"
            " LEFT JOIN persons q ON q.id = c.custodian LEFT JOIN texts k ON k.digest = q.name"
            " LEFT JOIN places w ON w.id = c.place LEFT JOIN texts l ON l.digest = w.name ORDER BY c.number"
        ).mappings()
        return [dict(row) for row in rows]


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", i18n.LANGUAGES)
def test_every_word_of_our_lists_is_known_for_what_it_is(shown):
    for field, words in OURS.items():
        assert field in FIELDS
        assert COLUMNS[heading(i18n.translate(words, shown))] == field
    for state, words in STATE_NAMES.items():
        assert STATES[heading(i18n.translate(words, shown))] is state
    for kind, words in KIND_NAMES.items():
        assert KINDS[heading(i18n.translate(words, shown))] is kind


def test_no_two_columns_of_a_list_have_one_name_and_the_due_date_is_no_period():
    for language in i18n.LANGUAGES:
        names = [heading(i18n.translate(words, language)) for words in OURS.values()]
        assert len(set(names)) == len(names)
    assert i18n.translate(OURS["due"], i18n.CHINESE) == "应还日期"


@pytest.mark.parametrize("text", [*TITLES, "", "'", "''=x", "x=1", "＝全角", "'plain", "\tx"])
def test_a_text_that_was_disarmed_is_read_as_it_was(text):
    assert untamed(tamed(text)) == text


# --- there and back --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize(
    ("regime", "seed"), [("cn-state", 1), ("cn-state", 2), ("cn-company", 3), ("us-dod", 4), ("cn-work", 5)]
)
def test_an_exported_list_makes_the_same_register_again(tmp_path, made, language, regime, seed, ending):
    first, second = made("first"), made("second")
    file, mapping = an_old_book(tmp_path, regime, seed)
    assert import_file(first.desk(), file, mapping).rejects == ()
    listed = export(first, tmp_path, ending)
    report = take(second, listed, regime)
    assert report.reasons() == ()
    assert report.registered == report.read == len(carriers(first))
    assert carriers(second) == carriers(first)
    again = export(second, tmp_path, ending)
    for unit in (first, second):
        for exported in (listed, again):
            same = take(unit, exported, regime)
            assert (same.identical, same.read) == (report.read, report.read), same.reasons()


def test_what_was_made_lent_and_ended_here_is_known_again_too(tmp_path, made, language):
    unit = made("book")
    copies = unit.copies(3)
    unit.received(2)
    lend = Lend(borrower=unit.people["reader"], due=unit.today + timedelta(days=7), purpose="x")
    unit.do(lend, copies[0], slip=unit.approved(lend, copies[0]))
    report = take(unit, export(unit, tmp_path, ".xlsx"), "cn-state")
    assert (report.read, report.identical) == (5, 5), report.reasons()


def test_a_list_of_two_regimes_is_taken_over_under_each_and_mixes_nothing(tmp_path, made, language):
    first, second = made("first"), made("second")
    for regime, seed in (("cn-state", 1), ("cn-company", 3)):
        file, mapping = an_old_book(tmp_path, regime, seed, rows=10)
        file.write_text(file.read_text(encoding="utf-8").replace("旧-", f"{regime}-"), encoding="utf-8")
        assert import_file(first.desk(), file, mapping).rejects == ()
    listed = export(first, tmp_path, ".csv")
    for regime in ("cn-state", "cn-company"):
        report = take(second, listed, regime)
        assert (report.registered, report.rejected) == (10, 10)
        assert {reject.column for reject in report.rejects} == {i18n.translate(OURS["regime"])}
    assert carriers(second) == carriers(first)


def test_people_and_places_nobody_knows_come_with_the_list_where_that_is_said(tmp_path, made):
    first, second = made("first"), made("second")
    file, mapping = an_old_book(tmp_path, "cn-state", 6, rows=12)
    text = (
        file.read_text(encoding="utf-8")
        .replace(",reader2,", ",新人,")
        .replace(",safe,", ",新柜,")
        .replace(",room,", ",新柜,")
    )
    file.write_text(text, encoding="utf-8")
    told = Mapping(**{**{name: getattr(mapping, name) for name in ("regime", "columns", "states")},
                      "unknown_people": "register", "unknown_places": "register", "place_grade": 9})  # fmt: skip
    assert import_file(first.desk(), file, told).rejects == ()
    listed = export(first, tmp_path, ".csv")
    assert take(second, listed, "cn-state").rejects != ()
    report = take(second, listed, "cn-state", "custos-list")
    assert (report.rejects, report.read) == ((), 12)
    assert carriers(second) == carriers(first)


def test_a_list_of_a_former_version_with_bare_codes_is_understood(tmp_path, made):
    unit = made("book")
    file = tmp_path / "old.csv"
    file.write_text(
        "编号,份号,总份数,密级,种类,状态,标题,文号,持有人,存放位置,页数\n机-1,2,5,jimi,光盘,在库,标题,文1,,safe,4\n",
        encoding="utf-8",
    )
    assert take(unit, file, "cn-state").registered == 1
    row = carriers(unit)[0]
    assert (row["number"], row["copy_no"], row["copies_of"], row["level"], row["kind"]) == (
        "机-1",
        2,
        5,
        "jimi",
        "optical",
    )


@pytest.mark.parametrize("state", [state for state in State if state not in STATES_OF_A_BOOK])
def test_a_state_that_no_book_brings_is_refused_by_its_name(tmp_path, made, language, state):
    unit = made("book")
    file = tmp_path / "list.csv"
    file.write_text(
        f'Number,Level,State,Title,Place\nX-1,秘密,"{i18n.translate(STATE_NAMES[state])}",T,safe\n', encoding="utf-8"
    )
    (reject,) = take(unit, file, "cn-state").rejects
    assert i18n.translate(STATE_NAMES[state]) in i18n.render(reject.reason)
    assert reject.reason.values["state"].msgid == STATE_NAMES[state]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_caveats_and_what_stood_in_the_place_of_a_date_leave_and_come_back(tmp_path, made, language, ending):
    first, second = made("first"), made("second")
    file = tmp_path / "book.csv"
    file.write_text(
        "登记号,标题,密级,附加标志,文件日期,应还日期,页数,位置\n"
        "甲1,t,秘密★2年,阅后清退；不得复制,2026-02-30,,12,safe\n甲2,u,秘密★2年,,2026-03-01,?,三,safe\n",
        encoding="utf-8",
    )
    assert take(first, file, "cn-state").registered == 2
    listed = export(first, tmp_path, ending)
    same = take(first, listed, "cn-state")
    assert (same.read, same.identical) == (2, 2), same.reasons()
    report = take(second, listed, "cn-state")
    assert report.registered == 2
    assert [flag.row for flag in report.flagged] == [2, 3], "to be looked at here too"
    assert carriers(second) == carriers(first)
    kept = {
        unit: [unit.words(unit.row("documents", number)["as_written"]) for number in (1, 2)] for unit in (first, second)
    }
    assert kept[second] == kept[first] == ["文件日期: 2026-02-30", "应还日期: ?; 页数: 三"]


def test_who_is_named_in_a_scope_may_read_it_and_everybody_is_everybody(tmp_path, made):
    unit = made("book")
    file = tmp_path / "book.csv"
    file.write_text(
        "登记号,标题,密级,知悉范围,备注,位置\n甲1,t,秘密★2年,reader2、plans,缺第3页,safe\n甲2,u,秘密★2年,全体人员,,safe\n",
        encoding="utf-8",
    )
    assert take(unit, file, "cn-state").registered == 2
    named, everybody = (unit.document(number) for number in (1, 2))
    assert (named.scope_units, named.scope_people) == (("plans",), (unit.people["reader2"],))
    assert (everybody.scope_units, everybody.scope_people) == (("*",), ())
    with export(unit, tmp_path, ".csv").open(encoding="utf-8-sig", newline="") as listed:
        rows = list(csv.DictReader(listed))
    assert [(row["Access scope"], row["Remarks"]) for row in rows] == [
        ("plans; reader2", "缺第3页"),
        ("everybody here", ""),
    ]
