"""What happened, in sentences; who had it then and now; the ledger page; totals; what is due today."""

from datetime import date, timedelta

import pytest

from app import i18n
from app.actions import CATALOGUE
from app.actions.corrections import CorrectDocument
from app.actions.custody import Lend, ReturnLoan
from app.actions.office import GrantDuty
from app.domain.action import Line, Ref, Subject, questions
from app.domain.ledger import Entry
from app.domain.regime import load_regime
from app.store import reads
from app.store.posting import Batch, head, post
from app.store.reads import today
from tests.store.sample import SECRET, TODAY, TOP, C, D, E, F, carrier, document, moment, put, slip, statements, viewer
from tests.unit import Unit

READER, CLERK = 13, 4
SENTENCES = {code: action.told for code, action in CATALOGUE.items()}
QUESTIONS = {code: questions(action) for code, action in CATALOGUE.items()}


@pytest.fixture(scope="module")
def unit(tmp_path_factory):
    made = Unit(tmp_path_factory.mktemp("reads") / "unit")
    put(
        made,
        [
            document(1, "通知"),
            document(2, "将满", lifts="2026-05-20"),
            document(3, "已满", lifts="2026-05-01", state="lifted"),
        ],
    )
    put(made, [carrier(1, 1), carrier(2, 2, remark_due=True), carrier(3, 2, TOP, label="printed", state="in_prep")])
    put(
        made,
        [
            carrier(4, 1, state="loan", hands=READER, due="2026-05-01"),
            carrier(5, 1, state="carried", hands=14, due="2026-05-12"),
            carrier(6, 1, state="loan", hands=READER, due="2026-01-05"),
            carrier(7, 1, state="loan", hands=READER, due="2026-09-01"),
            (
                Ref(E, 1),
                {
                    "kind": "incoming",
                    "number": "E-1",
                    "state": "signed_for",
                    "signed_at": "2026-05-08T01:00:00+00:00",
                    "signed_by": CLERK,
                },
            ),
            (Ref(E, 2), {"kind": "incoming", "number": "E-2", "state": "opened"}),
            slip(90, "parcel", "P-90", 5, due="2026-05-02", status="sent", **{"fact.reminders": ["2026-05-04"]}),
            slip(91, "handover", "H-91", 1, party=CLERK),
            slip(92, "destruction", "D-92", state="draft"),
            slip(
                93,
                "copying",
                "Y-93",
                1,
                state="submitted",
                opened_by=12,
                **{
                    "step.1": {"role": "department_leader", "decision": "approved", "by": 6},
                    "step.2": {"role": "unit_leader"},
                },
            ),
            (
                Ref(F, 1),
                {
                    "form": "loan_slip",
                    "version": 1,
                    "of": "S91",
                    "slip": 91,
                    "lines": "x",
                    "pdf": "d",
                    "anchor": 1,
                    "pages": 1,
                    "language": "zh",
                    "printed_at": "2026-05-10T02:00:00+00:00",
                },
            ),
            (
                Ref(F, 2),
                {
                    "form": "label",
                    "version": 1,
                    "of": "C1",
                    "lines": "x",
                    "pdf": "d",
                    "anchor": 1,
                    "pages": 1,
                    "language": "zh",
                    "printed_at": "2026-05-10T02:00:00+00:00",
                    "returned_at": "-",
                },
            ),
        ],
    )
    yield made
    made.close()


@pytest.fixture
def read(unit):
    with unit.database.reading() as connection:
        yield lambda query, *args, **named: query(connection, *args, **named)


@pytest.fixture
def lent(tmp_path):
    """A register of its own in which a copy was lent, renewed and brought back."""
    made = Unit(tmp_path / "unit")
    put(made, [document(1, "通知"), carrier(1, 1)])
    loan = Lend(borrower=READER, due=made.today + timedelta(days=2), purpose="阅办")
    made.do(loan, 1, slip=made.approved(loan, 1, kind="loan", party="reader"), signed={"witness": "witness"})
    made.later(hours=52)
    made.do(ReturnLoan(), Line(Ref(C, 1), {"pages": 12}), happened=moment("2026-05-12 15:00"))
    yield made
    made.close()


def history(unit, ref, **more):
    with unit.database.reading() as connection:
        return reads.history_of(
            connection, ref, sentences=SENTENCES, questions=QUESTIONS, regimes=unit.desk().regimes(), **more
        )


def test_history_is_told_in_names_and_dates(lent):
    lines = history(lent, Ref(C, 1))
    told = [i18n.render(line.sentence) for line in lines]
    assert told[0] == "returned, 12 pages counted"
    assert told[1].startswith("lent to reader, due ")
    assert [line.action for line in lines] == ["return_loan", "lend", "import_rows"]
    assert {line.actor for line in lines[:2]} == {"clerk"}
    assert [(signer.name, signer.role) for signer in lines[1].signers] == [("witness", "witness")]
    assert (lines[1].slip_number, lines[1].acting_as) == ("L-2026-001", "registry_clerk")
    assert lines[0].happened == moment("2026-05-12 15:00")
    assert lines[1].answers["purpose"] == "阅办"


def test_answers_to_a_whole_act_are_told_of_each_of_its_lines(unit):
    with unit.database.writing() as connection:
        start, batch = head(connection), Batch("2026-05-11T02:00:00.000+00:00")
        told = {"receiver": batch.text("档案馆"), "received": "2026-05-10", "agrees": False}
        batch.entries += [
            Entry(a="acknowledge_receipt", t=batch.at, p=CLERK, o="C1", q=told),
            Entry(a="acknowledge_receipt", t=batch.at, p=CLERK, o="C2", l=start.seq + 1, q={"agrees": True}),
        ]
        post(connection, batch, start)
    line = history(unit, Ref(C, 2))[0]
    assert i18n.render(line.sentence) == "receipt back, received on 10 May 2026 by 档案馆"
    assert (line.act, line.answers["agrees"]) == (start.seq + 1, True)


def test_an_application_is_told_though_it_holds_a_whole_act(unit):
    with unit.database.writing() as connection:
        batch = Batch("2026-05-11T03:00:00.000+00:00")
        asked = {"slip": "loan", "act": "lend", "given": {"borrower": READER}, "lines_given": [{"carrier": 1}]}
        batch.entries += [Entry(a="submit", t=batch.at, p=CLERK, o="S93", s=93, q=asked)]
        post(connection, batch, head(connection))
    line = history(unit, Ref(Subject.SLIP, 93))[0]
    assert i18n.render(line.sentence) == "submitted for approval"
    assert line.slip_number == "Y-93"


def test_a_history_does_not_tell_what_a_document_says(tmp_path):
    """Everybody who sees the history sees the same: it names the document and quotes nothing of it."""
    own = Unit(tmp_path / "own")
    try:
        document = own.document_of("mimi", title="海棠行动", basis="第七项", points="海棠指标")
        named = own.entries()
        born = next(n for n, entry in enumerate(named, 1) if entry.o == f"D{document}" and "title" in entry.c)
        correct = CorrectDocument(
            what="title", old="海棠行动", new="海棠行动方案", reason="mistyped", second=own.people["clerk2"]
        )
        own.do(correct, Ref(D, document), signed={"second_clerk": "clerk2"}, corrects=born)
        lines = history(own, Ref(D, document))
        words = " ".join(f"{i18n.render(line.sentence)} {dict(line.answers)}" for line in lines)
        assert "mistyped" in words
        assert not [secret for secret in ("海棠", "第七项") if secret in words]
    finally:
        own.close()


def test_history_goes_on_where_a_page_ended(lent):
    whole = [line.seq for line in history(lent, Ref(C, 1))]
    first = history(lent, Ref(C, 1), limit=2)
    rest = history(lent, Ref(C, 1), before=first[-1].seq)
    assert [line.seq for line in first + rest] == whole


def test_a_long_history_takes_no_more_statements_than_a_short_one(lent):
    counts = []
    for limit in (1, 50):
        with statements(lent) as heard, lent.database.reading() as connection:
            reads.history_of(connection, Ref(C, 1), limit=limit, sentences=SENTENCES, questions=QUESTIONS)
        counts.append(len(heard))
    assert counts[0] == counts[1] <= 9


def test_a_persons_history_names_duties_and_levels(lent):
    lent.do(
        GrantDuty(duty="archivist"), Ref(Subject.PERSON, READER), by="secadmin", signed={"administrator": "sysadmin"}
    )
    line = history(lent, Ref(Subject.PERSON, READER))[0]
    assert i18n.render(line.sentence) == "given the duty of archivist"


def test_every_sentence_of_every_entry_renders(lent):
    with lent.database.reading() as connection:
        page = reads.ledger_page(
            connection, limit=1000, sentences=SENTENCES, questions=QUESTIONS, regimes=lent.desk().regimes()
        )
    assert len(page.lines) == lent.length()
    for line in page.lines:
        for language in (i18n.ENGLISH, i18n.CHINESE):
            assert "None" not in i18n.render(line.sentence, language)


def test_the_ledger_page_narrows(lent):
    def seqs(**wanted):
        with lent.database.reading() as connection:
            found = reads.ledger_page(
                connection, reads.LedgerFilter(**wanted), sentences=SENTENCES, questions=QUESTIONS
            )
        return [line.action for line in found.lines]

    assert set(seqs(action="lend")) == {"lend"}
    assert set(seqs(subject=Ref(C, 1))) == {"lend", "return_loan", "import_rows"}
    assert {"lend", "return_loan"} <= set(seqs(actor=CLERK))
    assert "lend" not in seqs(since=lent.now)
    assert "return_loan" not in seqs(until=lent.now)


def test_who_had_it_then_and_now(lent):
    def had(day, known):
        with lent.database.reading() as connection:
            found = reads.who_had(connection, 1, day, known=known, zone=lent.now)
        return found and (found.state, found.holder, found.place)

    assert had(date(2026, 5, 10), "now") is None
    assert had(date(2026, 5, 11), "now") == had(date(2026, 5, 11), "then") == ("loan", "reader", None)
    assert had(date(2026, 5, 12), "then") == ("loan", "reader", None)
    assert had(date(2026, 5, 12), "now") == ("in_stock", None, "safe")
    assert had(date(2026, 5, 13), "then") == ("in_stock", None, "safe")


def test_today_lists_what_is_due_oldest_first(read):
    items = read(reads.today_items, TODAY, viewer=reads.WHOLE)
    assert [item.due for item in items] == sorted(item.due for item in items)
    assert {(item.kind, str(item.subject)) for item in items} == {
        ("unopened", "E1"),
        ("approval", "S93"),
        ("receipt", "S90"),
        ("loan", "C4"),
        ("loan", "C6"),
        ("out", "C5"),
        ("lift", "D2"),
        ("remark", "C2"),
        ("paper", "S91"),
        ("handover", "S91"),
        ("label", "C3"),
        ("draft", "S92"),
    }
    assert reads.today_counts(items)["loan"] == 2
    assert set(reads.today_counts(items)) <= set(reads.KINDS)
    late = {str(item.subject): item.late_days for item in items if item.kind in ("loan", "unopened", "lift")}
    assert (late["C4"], late["E1"], late["D2"]) == (10, 2, -9)
    for item in items:
        assert i18n.render(item.title)
        assert i18n.render(item.detail)


def test_today_shows_at_most_so_much_of_each(read):
    items = read(reads.today_items, TODAY, reads.Limits(each=1), viewer=reads.WHOLE)
    assert max(reads.today_counts(items).values()) == 1
    assert [str(item.subject) for item in items if item.kind == "loan"] == ["C6"]


def test_today_is_each_persons_own(read, unit):
    def of(name):
        return {(item.kind, str(item.subject)) for item in read(reads.today_items, TODAY, viewer=viewer(unit, name))}

    chief = read(reads.today_items, TODAY, viewer=viewer(unit, "chief"))
    assert [(item.role, item.action) for item in chief if item.kind == "approval"] == [("unit_leader", "approve")]
    assert ("approval", "S93") not in of("reader2")
    assert ("approval", "S93") in of("drafter")
    assert not {kind for kind, _ in of("uncleared")} & {"unopened", "approval", "loan", "lift"}


def test_what_its_issuer_wants_back_is_listed_as_early_as_the_regime_says(tmp_path):
    """Not after the three days of a loan: it has to be looked for, packed and sent."""
    unit = Unit(tmp_path / "book")
    (carrier,) = unit.received(due_back=unit.today + timedelta(days=15))
    later = unit.received(due_back=unit.today + timedelta(days=16))
    limits = reads.limits_of(unit.desk().regimes())
    with unit.database.reading() as connection:
        items = reads.today_items(connection, unit.today, limits, viewer=reads.WHOLE)
    assert later
    (recall,) = [item for item in items if item.subject.kind is Subject.CARRIER and item.subject.id in (carrier, *later)
                 and item.kind in ("recall", "out")]  # fmt: skip
    assert (recall.kind, recall.subject.id, recall.late_days) == ("recall", carrier, -15)
    assert recall.detail.values == {"place": "safe", "name": "clerk"}
    unit.close()


def test_a_working_paper_is_made_final_or_destroyed_in_the_days_of_its_regime(tmp_path):
    unit = Unit(tmp_path / "book")
    (paper,) = unit.making(unit.document_of("s", regime="us-dod"))
    unit.making(unit.document_of("mimi"))  # this regime gives no days
    due = unit.today + timedelta(days=180)
    limits = reads.limits_of(unit.desk().regimes())
    with unit.database.reading() as connection:

        def working(day):
            items = reads.today_items(connection, day, limits, viewer=reads.WHOLE)
            return [(item.subject.id, item.due) for item in items if item.kind == "working"]

        assert working(due - timedelta(days=limits.due_ahead + 1)) == []
        assert working(due - timedelta(days=limits.due_ahead)) == [(paper, due)]
        assert working(due + timedelta(days=9)) == [(paper, due)]
    unit.close()


def test_today_asks_eleven_times_however_much_is_due(unit):
    with statements(unit) as heard, unit.database.reading() as connection:
        reads.today_items(connection, TODAY, viewer=reads.WHOLE)
    assert len(heard) == 11


@pytest.mark.parametrize("name", ["_lifts", "_out", "_recalls", "_receipts", "_papers", "_remarks", "_unopened"])
def test_an_index_serves_what_today_asks(unit, name):
    with statements(unit) as heard, unit.database.reading() as connection:
        getattr(today, name)(today._Asked(connection, TODAY, reads.Limits(), reads.WHOLE))
        values = {"limit": 9, "horizon": "2026-06-01", "me": 0}
        plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {heard[0]}", values)]
    assert not [step for step in plan if "TEMP B-TREE" in step], plan
    assert all(
        "INDEX" in step or "INTEGER PRIMARY KEY" in step or "SUBQUERY" in step or "PRIMARY KEY" in step for step in plan
    ), plan


def test_the_limits_are_what_the_regimes_say(unit):
    limits = reads.limits_of(unit.desk().regimes())
    assert limits.unopened_hours > 0
    assert limits.lifts_ahead > 0
    assert limits.tracer_days
    early = load_regime(
        unit.desk().regimes()[0].text.replace("reminder_days = { value = [3]", "reminder_days = { value = [5]"), ""
    )
    assert reads.limits_of([early]).due_ahead == 5
    assert limits.recall_ahead == 15
    assert limits.draft_days == (("us-dod", 180),)
    assert reads.limits_of([]) == reads.Limits()


def test_totals_close(read):
    held = {(line.level, line.state): line.n for line in read(reads.holdings)}
    assert held[SECRET, "loan"] == 3
    totals = read(reads.book_totals)
    assert totals.held + totals.ended + totals.reserved == read(reads.carriers_total) == 7
    assert [(line.department, line.level, line.n) for line in read(reads.holdings_by_department)] == [
        ("registry", TOP, 1),
        ("registry", SECRET, 6),
    ]


def test_overdue_by_week(read):
    weeks = read(reads.overdue_by_week, TODAY)
    assert len(weeks) == 12
    assert weeks[-1].week == date(2026, 5, 11)
    assert {line.week: line.n for line in weeks if line.n} == {date(2026, 2, 23): 1, date(2026, 4, 27): 1}


def test_the_register_itself(read, unit):
    card = read(reads.register_card)
    assert (card.number, card.unit) == (107, "CU")
    assert "numbering:cn-state" in " ".join(card.facts)
    assert read(reads.ledger_head).seq == unit.length()
    assert read(reads.last_verified) is None
    assert read(reads.imports) == ()
