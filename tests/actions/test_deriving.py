"""What is made from classified documents is classified as they are, or the authority is told why not."""

from datetime import date
from typing import Any

import pytest

from app.actions.classifying import AmendProposal, Classify, ProposeClassification
from app.actions.deciding import RefuseSlip
from app.actions.marking import ChangeLevel, Lift
from app.actions.office import ClearPerson
from app.actions.vouchers import CancelSlip
from app.domain.action import Line, Ref, Subject
from app.services.offers import usual_answers
from tests.actions.shelf import document_of, on_shelf
from tests.actions.test_drafting import proposal
from tests.unit import Unit

EARLIER = date(2026, 5, 1)


def source(unit: Unit, level: str = "jimi", **more: Any) -> int:
    """A classified document; where nothing else is said, everybody here may know it."""
    return document_of(unit, on_shelf(unit, 1, level=level, **({"period": "10y"} | more))[0])


def made_from(unit: Unit, *sources: int, **answers: Any) -> ProposeClassification:
    return proposal(sources=sources, basis="", **answers)


def roles(unit: Unit, slip: int | None) -> list[str]:
    assert slip is not None
    return [step.role for step in unit.slip(slip).steps]


def test_it_is_made_as_secret_as_its_sources_and_says_what_it_was_made_from(unit: Unit) -> None:
    one, other = source(unit, "jimi"), source(unit, "mimi")
    receipt = unit.do(made_from(unit, one, other), by="drafter")
    made = receipt.subjects[0].id
    assert unit.document(made).sources == (one, other)
    assert roles(unit, receipt.slip) == ["unit_leader", "classification_authority"]
    unit.do(Classify(issued=unit.today), made, slip=unit.decide(receipt.slip))
    assert unit.document(made).level == "jimi"


def test_what_is_made_from_nothing_is_approved_as_before(unit: Unit) -> None:
    receipt = unit.do(proposal(), by="drafter")
    assert roles(unit, receipt.slip) == ["classification_authority"]
    assert unit.row("documents", receipt.subjects[0].id)["sources"] is None


@pytest.mark.parametrize(
    ("of", "answers", "rule"),
    [
        ({"level": "jimi"}, {"level": "mimi"}, "no_lower_than_its_sources"),
        ({"level": "jimi"}, {"period": "9y"}, "no_shorter_than_its_sources"),
        ({"level": "jimi"}, {"period": "2036-05-10"}, "no_shorter_than_its_sources"),
        ({"level": "mimi", "period": None}, {"level": "mimi", "period": "9y"}, "no_shorter_than_its_sources"),
        ({"caveats": ["RETURN"]}, {}, "keeps_the_caveats_of_its_sources"),
        ({"scope_units": ["plans"]}, {"scope_units": ("plans", "works")}, "no_wider_than_its_sources"),
        ({"scope_units": ["plans"]}, {"scope_units": ("*",)}, "no_wider_than_its_sources"),
    ],
)
def test_less_is_refused_with_its_rule_and_taken_with_a_reason(
    unit: Unit, of: dict[str, Any], answers: dict[str, Any], rule: str
) -> None:
    document = source(unit, **of)
    refused = unit.why_not(made_from(unit, document, **answers), by="drafter")
    assert set(refused) == {rule}
    assert refused[rule].field == "departure"
    assert "实施条例(2024) §18" in refused[rule].citation
    receipt = unit.do(made_from(unit, document, departure="only its table of contents", **answers), by="drafter")
    fact = unit.parts(Ref(Subject.SLIP, receipt.slip))["fact"]["departure"]
    assert unit.words(fact) == "only its table of contents"


@pytest.mark.parametrize(
    "answers", [{}, {"level": "juemi", "period": "20y"}, {"period": "11y"}, {"period": "2036-05-11"}]
)
def test_as_much_and_more_is_taken(unit: Unit, answers: dict[str, Any]) -> None:
    assert unit.why_not(made_from(unit, source(unit), scope_units=("*",), **answers), by="drafter") == {}


def test_nobody_named_in_its_scope_is_shut_out_of_a_source(unit: Unit) -> None:
    document = source(unit, scope_units=["plans"])
    inside = made_from(unit, document, scope_units=(), scope_people=(unit.people["reader"],))
    assert unit.why_not(inside, by="drafter") == {}
    outside = made_from(unit, document, scope_units=(), scope_people=(unit.people["reader"], unit.people["stranger"]))
    refused = unit.why_not(outside, by="drafter")
    assert set(refused) == {"no_wider_than_its_sources"}
    assert refused["no_wider_than_its_sources"].reason.values["names"] == ("stranger",)


def test_a_reason_that_excuses_nothing_is_not_kept(unit: Unit) -> None:
    receipt = unit.do(made_from(unit, source(unit), departure="a mere habit"), by="drafter")
    assert receipt.slip is not None
    assert "departure" not in unit.parts(Ref(Subject.SLIP, receipt.slip))["fact"]


def test_a_document_that_is_no_secret_any_more_asks_for_nothing(unit: Unit) -> None:
    ended = source(unit, "jimi", lifts="2026-05-11")
    lifted = unit.document_of("jimi", period="1m")
    unit.later(days=40)
    unit.do(Lift(), lifted)
    made = proposal(sources=(ended, lifted), level="mimi", period="1y", scope_units=("*",))
    assert unit.why_not(made, by="drafter") == {}
    assert "basis_is_given" in unit.why_not(made_from(unit, ended, level="mimi", period="1y"), by="drafter")


def test_a_secret_that_a_decision_must_end_binds_after_its_period(unit: Unit) -> None:
    document = source(unit, "c", regime="us-dod", lifts="2026-05-11", caveats=["FRD"])
    assert usual_answers(unit.desk(), ProposeClassification, [], {"sources": (document,)})["level"] == "c"


def test_levels_of_two_regimes_are_not_compared(unit: Unit) -> None:
    state, company = source(unit), source(unit, "company_jimi", regime="cn-company")
    refused = unit.why_not(made_from(unit, state, company), by="drafter")
    assert set(refused) == {"sources_are_of_the_regime"}
    under_another = made_from(unit, state, regime="cn-work", level="neibu", period="")
    assert "sources_are_of_the_regime" in unit.why_not(under_another, by="drafter")


def test_nobody_makes_anything_from_what_they_may_not_know(unit: Unit) -> None:
    narrow = source(unit, scope_units=["works"])
    assert "drafter_may_know_the_sources" in unit.why_not(made_from(unit, narrow), by="drafter")
    assert "drafter_may_know_the_sources" not in unit.why_not(
        made_from(unit, narrow, drafter=unit.people["stranger"]), by="drafter"
    )
    unit.do(ClearPerson(regime="cn-state", level="mimi"), Ref(Subject.PERSON, unit.people["reader"]), by="officer")
    made = made_from(unit, source(unit), level="mimi", departure="no secret of it")
    refused = unit.why_not(made, by="reader")
    assert set(refused) == {"drafter_may_know_the_sources"}
    assert refused["drafter_may_know_the_sources"].field == "sources"


def test_the_originator_is_asked_where_the_law_the_issuer_or_a_caveat_wants_it(unit: Unit) -> None:
    for document in (
        source(unit, "juemi", period="20y"),
        source(unit, "juemi", period="20y", received=True, may_copy=False),
        source(unit, "jimi", caveats=["NO_COPY"]),
        source(unit, "jimi", received=True, may_copy=False),
    ):
        found = unit.document(document)
        made = made_from(unit, document, level=found.level, period="20y", caveats=tuple(found.caveats))
        slip = unit.do(made, by="drafter").slip
        assert roles(unit, slip) == ["originator", "unit_leader", "classification_authority"]


def test_what_a_caveat_forbids_is_not_taken_over_at_all(unit: Unit) -> None:
    document = source(unit, "company_jimi", regime="cn-company", period="long", caveats=["NO_COPY"])
    made = made_from(
        unit,
        document,
        regime="cn-company",
        level="company_jimi",
        period="long",
        exception="as it",
        caveats=("NO_COPY",),
    )
    assert set(unit.why_not(made, by="drafter")) == {"sources_may_be_used"}


def test_the_period_of_its_sources_is_neither_unusual_nor_without_a_basis(unit: Unit) -> None:
    long = source(unit, "jimi", period="long")
    assert unit.why_not(made_from(unit, long, period="long"), by="drafter") == {}
    company = source(unit, "company_jimi", regime="cn-company", period="permanent")
    made = made_from(unit, company, regime="cn-company", level="company_jimi", period="permanent")
    assert unit.why_not(made, by="drafter") == {}


def test_the_dialog_is_offered_what_the_sources_ask_for(unit: Unit) -> None:
    one = source(unit, "mimi", scope_units=["plans", "works"], caveats=["RETURN"])
    two = source(unit, "jimi", issued="2020-01-01", scope_units=["plans"], period="20y")
    known = {"sources": (one, two)}
    assert usual_answers(unit.desk(), ProposeClassification, [], known) == {
        "regime": "cn-state", "level": "jimi", "period": "2040-01-01", "caveats": ("RETURN",),
        "scope_units": ("plans",), "scope_people": (),
    }  # fmt: skip
    assert usual_answers(unit.desk(), ProposeClassification, [], {}).get("level") is None


def test_who_is_named_for_one_source_and_knows_the_other_with_the_unit_is_proposed(unit: Unit) -> None:
    named = [unit.people[name] for name in ("drafter", "reader", "stranger")]
    one, two = source(unit, scope_units=["plans"]), source(unit, scope_units=[], scope_people=named)
    found = usual_answers(unit.desk(), ProposeClassification, [], {"sources": (one, two)})
    assert found["scope_units"] == ()
    assert found["scope_people"] == tuple(named[:2])
    made = made_from(unit, one, two, scope_units=(), scope_people=found["scope_people"])
    assert unit.why_not(made, by="drafter") == {}


def test_a_proposal_made_again_begins_with_its_sources(unit: Unit) -> None:
    document = source(unit)
    receipt = unit.do(made_from(unit, document), by="drafter")
    made = receipt.subjects[0]
    unit.do(RefuseSlip(by=unit.people["chief"], reason="not now"), receipt.slip, by="chief")
    assert usual_answers(unit.desk(), AmendProposal, [Line(made)], {})["sources"] == (document,)
    again = {"regime": "cn-state", "level": "mimi", "title": "Plan", "short_title": "Plan A", "scope_units": ("*",)}
    refused = unit.why_not(AmendProposal(**again, period="10y", sources=(document,)), made, by="drafter")
    assert "no_lower_than_its_sources" in refused
    unit.do(AmendProposal(**again, period="10y", basis="item 3"), made, by="drafter")
    assert unit.document(made.id).sources == ()


def test_what_became_more_secret_meanwhile_is_proposed_again(unit: Unit) -> None:
    document = unit.document_of("mimi", period="5y", issued=date(2026, 5, 11))
    receipt = unit.do(made_from(unit, document, level="mimi", period="5y", scope_units=("*",)), by="drafter")
    excused = unit.do(
        made_from(unit, document, level="mimi", period="4y", scope_units=("*",), departure="half of it"), by="drafter"
    )
    for each in (receipt, excused):
        unit.decide(each.slip)
    change = ChangeLevel(document=document, level="jimi", period="5y")
    unit.do(change, document, slip=unit.approved(change))
    refused = unit.why_not(Classify(issued=unit.today), receipt.subjects[0], slip=receipt.slip)
    assert set(refused) == {"still_as_its_sources"}
    refused = unit.why_not(Classify(issued=unit.today), excused.subjects[0], slip=excused.slip)
    assert set(refused) == {"still_as_its_sources"}, "the reason was given for what its source was"


def test_what_a_reason_excuses_may_be_decided_on_another_day(unit: Unit) -> None:
    for more in ({"period": "5y", "issued": None}, {"period": "condition:the end", "issued": EARLIER}):
        document = source(unit, "mimi", **more)
        answers = {"level": "mimi", "period": "4y", "scope_units": ("*",), "departure": "half of it"}
        receipt = unit.do(made_from(unit, document, **answers), by="drafter")
        assert unit.parts(Ref(Subject.SLIP, receipt.slip))["fact"]["excused"]["level"] == "mimi"
        unit.later(days=3)
        unit.do(Classify(issued=unit.today), receipt.subjects[0], slip=unit.decide(receipt.slip))


@pytest.mark.parametrize("departure", ["", "half of it"])
def test_what_fewer_may_know_meanwhile_is_proposed_again(unit: Unit, departure: str) -> None:
    document = source(unit, "mimi", scope_units=["plans", "works"])
    period = "9y" if departure else "10y"
    made = made_from(unit, document, level="mimi", period=period, scope_units=("plans", "works"), departure=departure)
    receipt = unit.do(made, by="drafter")
    unit.decide(receipt.slip)
    change = ChangeLevel(document=document, level="mimi", period="10y", scope=("plans",))
    unit.do(change, document, slip=unit.approved(change))
    refused = unit.why_not(Classify(issued=unit.today), receipt.subjects[0], slip=receipt.slip)
    assert set(refused) == {"still_as_its_sources"}


@pytest.mark.parametrize("period", ["10y", None])
def test_what_is_made_from_a_source_without_a_date_may_be_decided_on_another_day(
    unit: Unit, period: str | None
) -> None:
    document = source(unit, issued=None, period=period)
    until = usual_answers(unit.desk(), ProposeClassification, [], {"sources": (document,)})["period"]
    made, other = (
        unit.do(made_from(unit, document, period=until, scope_units=("*",)), by="drafter") for _each in range(2)
    )
    unit.later(days=3)
    unit.do(Classify(issued=unit.today), made.subjects[0], slip=unit.decide(made.slip))
    change = ChangeLevel(document=document, level="jimi", period="20y" if period else "12y", scope=())
    unit.do(change, document, slip=unit.approved(change))
    unit.decide(other.slip)
    refused = unit.why_not(Classify(issued=unit.today), other.subjects[0], slip=other.slip)
    assert set(refused) == ({"still_as_its_sources"} if period else set())


def test_the_period_proposed_today_is_no_exception_for_an_earlier_date_of_issue(unit: Unit) -> None:
    document = source(unit, "s", regime="us-dod", issued=None, period="25y")
    until = usual_answers(unit.desk(), ProposeClassification, [], {"sources": (document,)})["period"]
    made = made_from(unit, document, regime="us-dod", level="s", period=until, scope_units=("*",), issued=EARLIER)
    assert "another_period_is_explained" not in unit.why_not(made, by="drafter")


def test_nothing_is_made_from_itself_nor_in_a_circle(unit: Unit) -> None:
    again: dict[str, Any] = {
        "regime": "cn-state", "level": "jimi", "title": "Plan", "short_title": "Plan A", "period": "10y",
        "scope_units": ("*",),
    }  # fmt: skip
    first = unit.do(proposal(**again), by="drafter")
    made = first.subjects[0]
    from_it = unit.do(made_from(unit, made.id, period="10y", scope_units=("*",)), by="drafter").subjects[0]
    unit.do(CancelSlip(reason="not now"), first.slip, by="drafter")
    for sources in ((made.id,), (from_it.id,)):
        refused = unit.why_not(AmendProposal(**again, sources=sources), made, by="drafter")
        assert set(refused) == {"no_source_is_made_from_it"}
