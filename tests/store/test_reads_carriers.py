"""The list of carriers: every filter and order, keys that skip and repeat nothing, titles only for the cleared."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.carrier import CarrierKind
from app.store import reads
from app.store.reads.carriers import page_statement
from tests.store.sample import TODAY, TOP, C, carrier, document, put, slip, statements, viewer
from tests.unit import Unit

CLERK, READER, UNCLEARED = 4, 13, 19
FILTERS = {
    "states": reads.CarrierFilter(states=("in_stock",)),
    "level": reads.CarrierFilter(level=TOP),
    "kind": reads.CarrierFilter(kind="optical"),
    "custodian": reads.CarrierFilter(custodian=CLERK),
    "hands": reads.CarrierFilter(hands=READER),
    "place": reads.CarrierFilter(place=1),
    "due_before": reads.CarrierFilter(due_before=TODAY),
    "document": reads.CarrierFilter(document=1),
    "remark_due": reads.CarrierFilter(remark_due=True),
    "label": reads.CarrierFilter(label="printed"),
    "regime": reads.CarrierFilter(regime="us-dod"),
    "department": reads.CarrierFilter(department="registry"),
    "text": reads.CarrierFilter(text="会议"),
}


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    made = Unit(tmp_path_factory.mktemp("reads") / "unit")
    put(
        made,
        [
            document(1, "会议纪要", originator="办公厅"),
            document(2, "绝密会议材料", TOP, short_title="材料甲"),
            document(3, "Report on nothing", "s", regime="us-dod", reference="D-3"),
            document(4, "会议通知", scope_units=["plans"]),
            document(5, "外部文件", scope_units=["works"]),
            document(6, "无关", scope_units=["works"]),
            document(7, "待批", TOP, scope_units=["nowhere"]),
        ],
    )
    put(made, [carrier(n, 1, copy_no=n) for n in range(1, 21)])
    put(made, [carrier(n, 2, TOP, copy_no=n - 20, remark_due=n == 22 or None) for n in range(21, 31)])
    put(
        made,
        [
            carrier(31, 3, "s", label="printed", state="in_prep"),
            carrier(32, 4, kind="optical", copy_no=None),
            *(
                carrier(n, 4, state="loan", hands=READER, due=TODAY + timedelta(days=n - 38), copy_no=None)
                for n in range(33, 41)
            ),
            carrier(41, 4, state="issued", hands=READER),
            carrier(42, 5, state="destroyed", place=None, custodian=None),
            carrier(43, 5, place=2),
            carrier(44, 6, state="issued", hands=UNCLEARED),
            carrier(45, 7, TOP, place=2),
        ],
    )
    put(
        made,
        [slip(80, "copying", "Y-80", 45, state="submitted", opened_by=12, **{"step.1": {"role": "department_leader"}})],
    )
    yield made
    made.close()


@pytest.fixture
def read(unit):
    with unit.database.reading() as connection:
        yield lambda query, *args, **named: query(connection, *args, **named)


def everything(read, filters, sort, limit, who=reads.WHOLE):
    pages, after = [], None
    while True:
        page = read(reads.carrier_page, filters, sort, after, limit, viewer=who)
        pages.append(page.lines)
        if page.next is None:
            return [line for lines in pages for line in lines]
        after = page.next


@pytest.mark.parametrize("sort", reads.SORTS)
@pytest.mark.parametrize("name", [None, *FILTERS])
def test_pages_of_three_are_the_whole_list_in_order(read, name, sort):
    filters = FILTERS[name] if name else reads.EVERYTHING
    whole = read(reads.carrier_page, filters, sort, None, 500, viewer=reads.WHOLE)
    assert whole.next is None
    assert [line.id for line in everything(read, filters, sort, 3)] == [line.id for line in whole.lines]


def test_each_filter_keeps_what_it_says(read):
    found = {name: {line.id for line in everything(read, filters, "newest", 100)} for name, filters in FILTERS.items()}
    assert found["level"] == {*range(21, 31), 45}
    assert found["kind"] == {32}
    assert found["hands"] == set(range(33, 42))
    assert found["due_before"] == set(range(33, 38))
    assert found["document"] == set(range(1, 21))
    assert found["remark_due"] == {22}
    assert found["label"] == found["regime"] == {31}
    assert found["states"] == {*range(1, 31), 32, 43, 45}
    assert found["custodian"] == found["department"] == {*range(1, 42), 43, 44, 45}
    assert found["text"] == {*range(1, 31), *range(32, 42)}


def test_orders(read):
    newest = everything(read, reads.EVERYTHING, "newest", 100)
    assert [line.id for line in newest] == list(range(45, 0, -1))
    by_number = everything(read, reads.EVERYTHING, "number", 100)
    assert [line.number for line in by_number] == sorted(line.number for line in newest)
    due = everything(read, reads.EVERYTHING, "due", 100)
    assert [line.id for line in due] == list(range(33, 41))
    held = everything(read, FILTERS["hands"], "due", 4)
    assert held[0].due is None
    assert [line.id for line in held[1:]] == list(range(33, 41))


def test_a_found_text_lists_the_newest_document_first_and_its_copies_in_order(read):
    lines = everything(read, FILTERS["text"], "copy", 7)
    documents = [line.document for line in lines]
    assert documents == sorted(documents, reverse=True)
    assert [line.copy_no for line in lines if line.document == 1] == list(range(1, 21))


def test_a_typed_number_finds_by_its_beginning(read):
    for text in ("cu-0003", "ｃｕ－０００３"):
        lines = everything(read, reads.CarrierFilter(text=text), "copy", 5)
        assert [line.number for line in lines] == ["CU-0003-00031"]


@pytest.mark.parametrize(
    ("narrows", "sort"), reads.FAST_PAIRS, ids=lambda part: "+".join(sorted(part)) if part else "all"
)
@pytest.mark.parametrize("first", [True, False])
def test_an_index_serves_each_of_the_twelve(read, unit, narrows, sort, first):
    filters = reads.CarrierFilter(**{name: getattr(FILTERS[name], name) for name in narrows})
    assert filters.narrows == narrows
    assert reads.is_fast(filters, sort, reads.WHOLE)
    page = read(reads.carrier_page, filters, sort, None, 1, viewer=reads.WHOLE)
    after = None if first else page.next
    sql, values = page_statement(filters, sort, after, 100, reads.WHOLE)
    with unit.database.reading() as connection:
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
    if narrows:
        assert all(
            re.match(r"SEARCH c USING|SCAN c USING (COVERING )?INDEX ix_carriers_remark|CORRELATED|LIST", step)
            for step in plan
        ), plan
    else:
        assert plan in (["SCAN c"], ["SCAN c USING COVERING INDEX sqlite_autoindex_carriers_1"]) or plan[0].startswith(
            "SEARCH c USING"
        )


def test_the_twelve_are_twelve():
    assert len(reads.FAST_PAIRS) == len(set(reads.FAST_PAIRS)) == 12


def test_slow_lists_are_known(unit):
    assert not reads.is_fast(FILTERS["label"], "newest", reads.WHOLE)
    assert not reads.is_fast(FILTERS["level"], "due", reads.WHOLE)
    assert not reads.is_fast(reads.CarrierFilter(states=("loan", "issued")), "newest", reads.WHOLE)
    assert not reads.is_fast(reads.EVERYTHING, "newest", viewer(unit, "reader"))
    assert reads.is_fast(reads.CarrierFilter(hands=READER), "newest", reads.WHOLE)


def test_paper_is_the_rule_and_has_no_index_of_its_own(read):
    paper = reads.CarrierFilter(kind=CarrierKind.PAPER)
    assert len(everything(read, paper, "newest", 100)) == 44
    assert not reads.is_fast(paper, "newest", reads.WHOLE)


@pytest.mark.parametrize("filters", [reads.EVERYTHING, FILTERS["text"]], ids=["all", "text"])
def test_a_page_takes_two_statements_however_long_it_is(unit, filters):
    counts = []
    for limit in (2, 40):
        with statements(unit) as heard, unit.database.reading() as connection:
            reads.carrier_page(connection, filters, "newest", None, limit, viewer=reads.WHOLE)
        counts.append(len(heard))
    assert counts == [2, 2]


def test_titles_are_for_the_cleared(read, unit):
    clerk = replace(viewer(unit, "clerk"), clearances=frozenset({"cn-state/mimi"}))
    secret = read(reads.carrier_page, reads.CarrierFilter(document=1), "copy", None, 1, viewer=clerk).lines[0]
    assert (secret.title, secret.is_cleared) == ("会议纪要", True)
    top = read(reads.carrier_page, reads.CarrierFilter(document=2), "copy", None, 1, viewer=clerk).lines[0]
    assert (top.title, top.short_title, top.is_cleared) == ("材料甲", "材料甲", False)
    foreign = read(reads.carrier_page, reads.CarrierFilter(document=3), "copy", None, 1, viewer=clerk).lines[0]
    assert foreign.title == reads.UNTITLED


@pytest.mark.parametrize("sort", ["copy", "newest"])
def test_a_search_does_not_tell_what_a_hidden_title_says(read, unit, sort):
    clerk = replace(viewer(unit, "clerk"), clearances=frozenset({"cn-state/mimi"}))
    assert {line.document for line in everything(read, FILTERS["text"], sort, 100, clerk)} == {1, 4}
    assert {line.document for line in everything(read, reads.CarrierFilter(text="材料甲"), sort, 100, clerk)} == {2}


def test_a_search_does_not_tell_what_hidden_remarks_say(tmp_path):
    own = Unit(tmp_path / "remarked")
    try:
        put(own, [document(1, "会议纪要", TOP, remarks="海棠行动", originator="海棠部"), carrier(1, 1, TOP)])
        clerk = viewer(own, "clerk")
        with own.database.reading() as connection:
            for who, found in ((clerk, 1), (replace(clerk, clearances=frozenset()), 0)):
                for words in ("海棠行动", "海棠部 行动", "会议"):
                    page = reads.carrier_page(connection, reads.CarrierFilter(text=words), viewer=who)
                    assert len(page.lines) == found, (words, who.clearances)
    finally:
        own.close()


def test_others_see_what_they_hold_or_may_read_and_nothing_else(read, unit):
    reader = viewer(unit, "reader")
    assert not reader.sees_book
    seen = {line.document for line in everything(read, reads.EVERYTHING, "newest", 100, reader)}
    assert seen == {1, 2, 3, 4}
    uncleared = {line.id for line in everything(read, reads.EVERYTHING, "newest", 100, viewer(unit, "uncleared"))}
    assert uncleared == {44}


def test_an_approver_sees_what_waits_for_them(read, unit):
    assert read(reads.carrier_card, 45, viewer=viewer(unit, "leader")).line.id == 45
    assert read(reads.carrier_card, 45, viewer=viewer(unit, "drafter")).line.id == 45
    assert read(reads.carrier_card, 45, viewer=viewer(unit, "reader2")) is None


def test_an_export_has_every_line_once(unit):
    with unit.database.reading() as connection:
        lines = [each.line for each in reads.export_rows(connection, viewer=reads.WHOLE)]
        total = reads.carriers_total(connection)
        only = reads.view_filter("ended", TODAY)
        ended = [each.line for each in reads.export_rows(connection, only, viewer=reads.WHOLE)]
    assert len(lines) == len({line.id for line in lines}) == total
    assert [line.id for line in ended] == [42]


def test_naughty_text_finds_or_not_but_never_fails(read):
    for text in ("'; DROP TABLE carriers", "%", "_", "\x00", '"', "NEAR(", "会", "", "  ", "a" * 10_000, "﷽", "*"):
        for sort in ("newest", "copy"):
            read(reads.carrier_page, reads.CarrierFilter(text=text), sort, viewer=reads.WHOLE)


def test_a_line_speaks_in_names_and_dates(read):
    lines = {line.id: line for line in everything(read, FILTERS["hands"], "newest", 100)}
    line = lines[33]
    assert (line.ref.kind, line.due, line.holder, line.department) == (C, date(2026, 5, 6), "reader", "plans")
    assert (line.custodian, line.place, line.holder_id, line.reference) == ("clerk", None, READER, "CU-0004")
