"""Cards of carriers, documents, slips, people, places and envelopes; scanned codes; both sides of a count."""

from datetime import timedelta

import pytest

from app.actions.custody import Lend
from app.actions.office import RegisterPerson
from app.domain.action import Ref, Subject
from app.domain.carrier import State
from app.domain.numbering import Wrong, payload
from app.domain.slip import SlipState
from app.store import reads
from app.store.reads.scans import count_found, sides_that_found, statuses_of
from tests.store.sample import TODAY, TOP, E, F, carrier, document, put, slip, statements, viewer
from tests.unit import Unit

CLERK, READER = 4, 13


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    made = Unit(tmp_path_factory.mktemp("reads") / "unit")
    put(
        made,
        [
            document(
                1,
                "原件",
                originator="办公厅",
                issued="2026-01-02",
                lifts="2036-01-02",
                drafter=12,
                scope_people=[READER],
            ),
            document(2, "汇编", TOP, sources=[1], short_title="材料乙", remarks="备注"),
            document(3, "另件"),
        ],
    )
    put(
        made,
        [
            carrier(1, 1, copy_no=1, copies_of=2, foreign_code="ABC-1"),
            carrier(2, 1, copy_no=2, copies_of=2, original=1),
            carrier(3, 2, TOP),
            carrier(4, 3, kind="optical", pages=None),
            carrier(5, 3, container=1, state="sealed"),
        ],
    )
    put(made, [(Ref(E, 1), {"kind": "bag", "number": "B-1", "state": "sealed", "seal": "4711", "items": 1})])
    made.do(Lend(borrower=READER, due=made.today + timedelta(days=2), purpose="看"), 1, slip=_approved(made))
    put(
        made,
        [
            slip(
                50,
                "handover",
                "H-2026-050",
                2,
                3,
                4,
                party=CLERK,
                opened_by=10,
                **{
                    "line.2": {"carrier": 3, "status": "scanned"},
                    "fact.giver": CLERK,
                    "fact.receiver": 5,
                    "fact.supervisor": 10,
                    "sign.giver": {"person": CLERK, "how": "seat", "at": "2026-05-11T02:00:00+00:00"},
                },
            ),
            (
                Ref(F, 1),
                {
                    "form": "handover_list",
                    "version": 1,
                    "of": "S50",
                    "slip": 50,
                    "lines": "x",
                    "pdf": "d",
                    "anchor": 1,
                    "pages": 2,
                    "language": "zh",
                    "printed_at": "2026-05-11T02:00:00+00:00",
                },
            ),
        ],
    )
    with made.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO scans (slip, side, code, carrier, verdict, person, at) VALUES"
            " (50, 'giver', 'x', 2, 'found', 4, '2026-05-11T02:00:00+00:00'),"
            " (50, 'giver', 'x', 3, 'found', 4, '2026-05-11T02:00:01+00:00'),"
            " (50, 'receiver', 'x', 3, 'found', 5, '2026-05-11T02:00:02+00:00'),"
            " (50, 'giver', 'zzz', NULL, 'unknown', 4, '2026-05-11T02:00:03+00:00')"
        )
    yield made
    made.close()


def _approved(unit):
    loan = Lend(borrower=READER, due=unit.today + timedelta(days=2), purpose="看")
    return unit.approved(loan, 1, by="drafter", kind="loan", party="reader")


@pytest.fixture
def read(unit):
    with unit.database.reading() as connection:
        yield lambda query, *args, **named: query(connection, *args, **named)


def test_a_lent_copy_says_where_it_is_until_when_and_by_which_slip(read):
    card = read(reads.carrier_card, 1, viewer=reads.WHOLE)
    line = card.line
    assert (line.state, line.holder, line.department, line.place) == (State.LOAN, "reader", "plans", None)
    assert (line.due, line.copy_no, line.copies_of) == (TODAY + timedelta(days=2), 1, 2)
    assert (line.slip, card.document_level, card.may_copy) == ("L-2026-001", line.level, True)


def test_a_card_takes_few_statements(unit):
    with statements(unit) as heard, unit.database.reading() as connection:
        reads.carrier_card(connection, 1, viewer=reads.WHOLE)
    assert len(heard) == 2


def test_there_is_no_card_of_nothing(read):
    for card in (reads.carrier_card, reads.document_card, reads.slip_card, reads.place_card, reads.envelope_card):
        assert read(card, 999, viewer=reads.WHOLE) is None
    assert read(reads.person_card, 999, TODAY, viewer=reads.WHOLE) is None


def test_codes_name_their_subject_by_letter(read, unit):
    clerk = viewer(unit, "clerk")
    for letter, kind in (("C", "C"), ("P", "P"), ("L", "L"), ("S", "S"), ("E", "E")):
        code = payload(letter, 107, 1)
        assert read(reads.scan, f" {code.lower()} ", viewer=clerk).ref == Ref(Subject(kind), 1)
    assert read(reads.scan, payload("X", 107, 3), viewer=clerk).command == 3


def test_other_codes_say_what_is_wrong(read, unit):
    clerk = viewer(unit, "clerk")
    assert read(reads.scan, payload("C", 108, 1), viewer=clerk).wrong is Wrong.REGISTER
    assert read(reads.scan, "C107000000019", viewer=clerk).wrong is Wrong.CHECK
    assert read(reads.scan, "no such thing", viewer=clerk).wrong is Wrong.FOREIGN
    nothing = read(reads.scan, payload("C", 107, 999), viewer=clerk)
    assert nothing.ref is None
    assert nothing.why is not None


def test_typed_numbers_and_bound_foreign_codes_are_known(read, unit):
    clerk = viewer(unit, "clerk")
    for text in ("cu-0001-00001", "ABC-1", "ｃｕ－０００１－００００１", "\u3000ＣＵ-0001-00001"):
        assert read(reads.scan, text, viewer=clerk).ref == Ref(Subject.CARRIER, 1)
    assert read(reads.scan, "l-2026-001", viewer=clerk).ref.kind is Subject.SLIP
    assert read(reads.carrier_numbered, "CU-0001-00002") == 2
    assert read(reads.carriers_numbered, ["CU-0001-00002", "nothing"]) == {"CU-0001-00002": 2}


def test_a_badge_typed_wide_is_the_badge(tmp_path):
    unit = Unit(tmp_path / "book")
    person = unit.do(RegisterPerson(name="Wang", badge="00107")).subjects[0]
    with unit.database.reading() as connection:
        clerk = reads.viewer_of(connection, unit.people["clerk"], unit.today)
        assert reads.scan(connection, "００１０７", viewer=clerk).ref == person
        assert [line.id for line in reads.people_like(connection, "００１")] == [person.id]
    unit.close()


def test_whose_name_begins_as_typed_comes_first(tmp_path):
    unit = Unit(tmp_path / "book")
    for name in ("孙立 Sun Li", "Wang Li", "李娜 Li Na", "Ali Baba", "Li Si"):
        unit.do(RegisterPerson(name=name))
    with unit.database.reading() as connection:
        found = [line.name for line in reads.people_like(connection, "li")]
    assert found == ["Li Si", "李娜 Li Na", "Wang Li", "孙立 Sun Li", "Ali Baba"]
    unit.close()


def test_a_scan_always_answers(read, unit):
    hidden = read(reads.scan, payload("C", 107, 2), viewer=viewer(unit, "uncleared"))
    assert hidden.is_hidden
    assert hidden.why is not None


def test_a_document_with_its_copies_derivation_readers_and_papers(read):
    card = read(reads.document_card, 1, viewer=reads.WHOLE)
    assert [copy.id for copy in card.copies] == [1, 2]
    assert [line.id for line in card.made_into] == [2]
    assert (card.scope_people, card.scope_units, card.drafter) == (((READER, "reader"),), ("*",), "drafter")
    assert [reader.name for reader in card.readers] == ["reader"]
    assert card.history[0].level == "mimi"
    assert card.history[0].lifts.year == 2036
    compiled = read(reads.document_card, 2, viewer=reads.WHOLE)
    assert [line.title for line in compiled.sources] == ["原件"]


def test_a_document_hides_its_words_from_who_is_not_cleared(read, unit):
    blind = reads.Viewer(CLERK, frozenset({"registry_clerk"}))
    card = read(reads.document_card, 2, viewer=blind)
    assert (card.line.title, card.remarks, card.sources[0].title) == ("材料乙", None, reads.UNTITLED)
    assert read(reads.document_card, 2, viewer=reads.WHOLE).remarks == "备注"
    assert read(reads.document_card, 2, viewer=viewer(unit, "uncleared")) is None


def test_a_documents_card_does_not_ask_once_for_each_copy(unit):
    counts = []
    for number in (1, 3):
        with statements(unit) as heard, unit.database.reading() as connection:
            reads.document_card(connection, number, viewer=reads.WHOLE)
        counts.append(len(heard))
    assert counts[0] <= 10
    assert counts[1] <= counts[0]


def test_documents_page_by_page(read):
    first = read(reads.document_page, limit=2, viewer=reads.WHOLE)
    rest = read(reads.document_page, after=first.next, limit=2, viewer=reads.WHOLE)
    assert [line.id for line in first.lines + rest.lines] == [3, 2, 1]
    assert rest.next is None
    assert [line.id for line in read(reads.document_page, sort="lifts", viewer=reads.WHOLE).lines] == [1]
    by_text = read(reads.document_page, reads.DocumentFilter(text="汇编"), viewer=reads.WHOLE)
    assert [(line.id, line.copies) for line in by_text.lines] == [(2, 1)]
    by_number = read(reads.document_page, reads.DocumentFilter(text="cu-0003"), viewer=reads.WHOLE)
    assert [line.id for line in by_number.lines] == [3]


def test_a_slip_with_steps_signatures_and_totals(read):
    loan = read(reads.slip_page, reads.SlipFilter(kinds=("loan",)), viewer=reads.WHOLE).lines[0]
    card = read(reads.slip_card, loan.id, viewer=reads.WHOLE)
    assert (loan.party, loan.state, loan.opened_by) == ("reader", SlipState.EXECUTING, "drafter")
    assert [(step.step.role, step.by) for step in card.steps] == [("department_leader", "leader")]
    assert card.answers["purpose"] == "看"
    assert (card.items, card.pages) == (1, 12)
    assert [(line.role, line.person) for line in card.signatures] == [("borrower", None)]


def test_a_handovers_sums_by_level_kind_and_status(read):
    card = read(reads.slip_card, 50, viewer=reads.WHOLE)
    assert [(t.level, t.kind, t.items, t.pages) for t in card.totals] == [
        ("juemi", "paper", 1, 12),
        ("mimi", "optical", 1, 0),
        ("mimi", "paper", 1, 12),
    ]
    assert card.statuses == {"listed": 2, "scanned": 1}
    assert card.names[5] == "clerk2"
    assert [(s.role, s.name) for s in card.signatures] == [("giver", "clerk"), ("receiver", None), ("supervisor", None)]
    assert [(paper.form, paper.is_awaited) for paper in card.papers] == [("handover_list", True)]
    assert read(statuses_of, 50) == {"listed": 2, "scanned": 1}
    assert read(count_found, 50) == 2
    assert read(sides_that_found, 50, 2) == {"giver"}
    assert read(reads.found_carriers, 50, "giver") - read(reads.found_carriers, 50, "receiver") == {2}


def test_lines_and_scans_page_by_page(read):
    first = read(reads.slip_lines, 50, limit=2, viewer=reads.WHOLE)
    rest = read(reads.slip_lines, 50, first.next, 2, viewer=reads.WHOLE)
    assert [line.carrier.id for line in first.lines + rest.lines] == [2, 3, 4]
    only = read(reads.slip_lines, 50, status="scanned", viewer=reads.WHOLE)
    assert [line.no for line in only.lines] == [2]
    scans = read(reads.scans_of, 50, limit=3, viewer=reads.WHOLE)
    assert [scan.verdict for scan in scans.lines] == ["unknown", "found", "found"]
    assert len(read(reads.scans_of, 50, scans.next, 3, viewer=reads.WHOLE).lines) == 1


def test_slips_by_what_they_are(read, unit):
    def ids(filters, who=reads.WHOLE):
        return {line.number for line in read(reads.slip_page, filters, viewer=who).lines}

    assert ids(reads.SlipFilter(is_open=True)) == {"L-2026-001", "H-2026-050"}
    assert ids(reads.SlipFilter(kinds=("loan", "handover"), states=("executing",))) == {"L-2026-001", "H-2026-050"}
    assert ids(reads.SlipFilter(party=READER)) == ids(reads.SlipFilter(number="l-20")) == {"L-2026-001"}
    assert {line.number for line in read(reads.slips_of_carrier, 2, viewer=reads.WHOLE).lines} == {"H-2026-050"}
    assert ids(reads.ALL_SLIPS, viewer(unit, "reader")) == {"L-2026-001"}
    assert ids(reads.ALL_SLIPS, viewer(unit, "stranger")) == set()
    assert read(reads.open_slips) == {"loan": 1, "handover": 1}


def test_lines_of_a_slip_take_as_many_statements_for_two_as_for_one(unit):
    counts = []
    for limit in (2, 3):
        with statements(unit) as heard, unit.database.reading() as connection:
            reads.slip_lines(connection, 50, limit=limit, viewer=reads.WHOLE)
            reads.slip_page(connection, limit=limit, viewer=reads.WHOLE)
            reads.scans_of(connection, 50, limit=limit, viewer=reads.WHOLE)
        counts.append(len(heard))
    assert counts[0] == counts[1] == 7


def test_people_are_found_by_a_few_letters(read):
    assert [line.name for line in read(reads.people_like, "eader")] == ["leader", "reader", "reader2"]
    assert read(reads.people_like, "reader")[0].name == "reader"
    assert {line.name for line in read(reads.people_like, "archiv")} == {"archivist"}
    assert read(reads.people_like, "%") == ()
    assert read(reads.names, [READER, 999]) == {READER: "reader"}
    assert "plans" in read(reads.departments)


def test_people_page_by_page(read):
    found, after = [], None
    while True:
        page = read(reads.people_page, "", after, 4)
        found += [line.id for line in page.lines]
        if (after := page.next) is None:
            break
    assert found == sorted(set(found))
    assert len(found) == 19


def test_a_person_with_duties_clearances_and_what_they_hold(read):
    card = read(reads.person_card, READER, TODAY, viewer=reads.WHOLE)
    assert (card.in_hands, card.overdue, card.on_charge, card.waiting) == (1, 0, 0, 1)
    assert [line.id for line in card.holds.lines] == [1]
    assert card.line.clearances["cn-state"]
    late = read(reads.person_card, READER, TODAY + timedelta(days=9), viewer=reads.WHOLE)
    assert late.overdue == 1
    clerk = read(reads.person_card, CLERK, TODAY, viewer=reads.WHOLE)
    assert [held.duty for held in clerk.duties] == ["registry_clerk"]
    assert clerk.on_charge == 5


def test_what_somebody_holds_is_not_everybodys_to_count(read, unit):
    card = read(reads.person_card, READER, TODAY, viewer=viewer(unit, "stranger"))
    assert (card.in_hands, card.waiting) == (0, 0)


def test_places_and_what_should_be_there(read):
    assert [line.name for line in read(reads.places_like, "o")] == ["corridor", "room"]
    card = read(reads.place_card, 1, viewer=reads.WHOLE)
    assert (card.line.name, card.held) == ("safe", 3)
    assert [line.id for line in card.carriers.lines] == [2, 3, 4]


def test_envelopes_and_what_is_in_them(read):
    card = read(reads.envelope_card, 1, viewer=reads.WHOLE)
    assert (card.line.seal, [line.id for line in card.carriers.lines]) == ("4711", [5])
    assert [line.number for line in read(reads.envelope_page, ("sealed",)).lines] == ["B-1"]
    assert read(reads.envelope_page, ("opened",)).lines == ()


def test_accounts_and_regimes(read):
    assert isinstance(read(reads.accounts), tuple)
    assert {line.code for line in read(reads.regime_versions) if line.in_force} == {
        "cn-state",
        "cn-work",
        "cn-company",
        "us-dod",
    }


def test_pages_that_nobody_counted_are_not_none(tmp_path):
    """A disk has no pages; a paper without a count has some, and a sum must not hide it."""
    made = Unit(tmp_path / "unit")
    put(made, [document(1)])
    put(made, [carrier(1, 1), carrier(2, 1, pages=None), carrier(3, 1, kind="optical", pages=None)])
    put(made, [slip(7, "handover", "H-2026-007", 1, 2, 3)])
    with made.database.reading() as connection:
        card = reads.slip_card(connection, 7, viewer=reads.WHOLE)
    assert (card.items, card.pages, card.uncounted) == (3, 12, 1)
