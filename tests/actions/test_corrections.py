"""The book corrected by two, and words withdrawn from it so that the chain still verifies."""

from dataclasses import replace
from typing import Any

import pytest

from app.actions.corrections import Correct, CorrectDocument, WithdrawText
from app.actions.vouchers import OpenSlip
from app.domain.action import Action, Signature
from app.domain.slip import SlipState
from app.services.desk import Refused
from app.store.proof import verify_full
from app.store.search import find
from tests.actions.shelf import document_of, on_shelf
from tests.unit import Unit


def correcting(unit: Unit, **other: Any) -> Correct:
    given = {"what": "pages", "old": "12", "new": "13", "reason": "miscounted", "second": unit.people["clerk2"]}
    return Correct(**(given | other))


def renaming(unit: Unit, **other: Any) -> CorrectDocument:
    given = {"what": "title", "old": "plan", "new": "work plan", "reason": "typing", "second": unit.people["clerk2"]}
    return CorrectDocument(**(given | other))


def refused(unit: Unit, action: Action, subject: int, corrects: int | None, signed: str = "clerk2") -> set[str]:
    authority = unit.rests_on(signed={"second_clerk": signed} if signed else {}, corrects=corrects)
    try:
        unit.desk().perform(action, [subject], authority)
    except Refused as why:
        return {refusal.rule for refusal in why.refusals}
    return set()


@pytest.fixture
def carrier(unit: Unit) -> int:
    return on_shelf(unit, 1)[0]


@pytest.fixture
def born(unit: Unit, carrier: int) -> int:
    """The entry by which the carrier came into the book."""
    return next(seq for seq, entry in enumerate(unit.entries(), 1) if entry.o == f"C{carrier}")


@pytest.fixture
def named(unit: Unit, carrier: int) -> int:
    """The entry by which its document came into the book."""
    return next(seq for seq, entry in enumerate(unit.entries(), 1) if entry.o == f"D{document_of(unit, carrier)}")


def test_correction_points_at_the_entry_and_the_old_value_stays_there(unit: Unit, carrier: int, born: int) -> None:
    assert refused(unit, correcting(unit), carrier, born) == set()
    assert unit.carrier(carrier).pages == 13
    entry = next(entry for entry in unit.entries() if entry.a == "correct" and entry.o == f"C{carrier}")
    assert (entry.k, entry.q["old"], entry.c["pages"]) == (born, "12", 13)
    assert unit.entries()[born - 1].c["pages"] == 12
    slip = unit.slip(entry.s)
    assert (slip.kind, slip.state, slip.facts["entry"]) == ("correction", SlipState.CLOSED, born)


def test_document_is_found_by_its_corrected_title(unit: Unit, carrier: int, named: int) -> None:
    document = document_of(unit, carrier)
    assert refused(unit, renaming(unit), document, named) == set()
    with unit.database.reading() as connection:
        assert find(connection, "work", 10) == [document]
    reference = {"what": "reference", "old": "ref-1", "new": "ref-2"}
    assert refused(unit, renaming(unit, **reference), document, named) == set()
    assert unit.row("documents", document)["reference"] == "ref-2"


def test_second_clerk_is_another_who_signs(unit: Unit, carrier: int, born: int) -> None:
    assert refused(unit, correcting(unit, second=unit.people["clerk"]), carrier, born) == {"second_clerk_signs"}
    assert refused(unit, correcting(unit, second=unit.people["reader"]), carrier, born) == {"second_clerk_signs"}
    assert refused(unit, correcting(unit), carrier, born, signed="") == {"signature:second_clerk"}


def test_entry_corrected_is_named_and_about_the_same(unit: Unit, carrier: int, named: int) -> None:
    for wrong in (None, named, 10_000):
        assert refused(unit, correcting(unit), carrier, wrong) == {"correction_points_at_its_entry"}


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"old": "11"}, "old_value_is_what_the_book_says"),
        ({"new": "12"}, "new_value_is_another"),
        ({"new": "0"}, "pages_are_a_number"),
        ({"new": "twelve"}, "pages_are_a_number"),
        ({"what": "custodian", "old": "4", "new": "5"}, "field_may_be_corrected"),
    ],
)
def test_what_may_be_corrected(unit: Unit, carrier: int, born: int, answers: dict[str, str], rule: str) -> None:
    assert refused(unit, correcting(unit, **answers), carrier, born) == {rule}


# --- withdrawing -------------------------------------------------------------------------------------------------


def withdrawing(unit: Unit, **other: Any) -> WithdrawText:
    return WithdrawText(**({"second": unit.people["officer"], "reason": "says too much"} | other))


def kept(unit: Unit, words: str) -> int:
    """How many texts of the book hold the words."""
    with unit.database.reading() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM texts WHERE instr(words, ?)", (words,)).scalar_one()


def test_words_are_gone_everywhere_and_the_book_still_verifies(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, 1, title="潜艇基地")[0])
    other = document_of(unit, on_shelf(unit, 1, title="潜艇基地")[0])
    assert kept(unit, "潜艇基地") >= 2
    unit.do(withdrawing(unit), document, signed={"second": "officer"})
    assert kept(unit, "潜艇基地") == 0
    for each in (document, other):
        digest = unit.row("documents", each)["title"]
        assert digest
        assert unit.words(digest) is None
    with unit.database.reading() as connection:
        assert find(connection, "潜艇", 10) == []
        assert find(connection, "paper", 10) == [other, document]
        assert verify_full(connection).holds


def test_withdrawn_title_can_be_replaced_at_once(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, 1, title="潜艇基地")[0])
    unit.do(withdrawing(unit, replacement="代号一〇一"), document, signed={"second": "officer"})
    assert unit.words(unit.row("documents", document)["title"]) == "代号一〇一"
    with unit.database.reading() as connection:
        assert find(connection, "潜艇", 10) == []
        assert find(connection, "代号", 10) == [document]
        assert verify_full(connection).holds


def test_text_that_slips_quote_goes_with_it_unless_one_is_open(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, 1, title="潜艇基地")[0])
    unit.do(OpenSlip(slip="parcel", act="dispatch", given={"addressee": "潜艇基地"}))
    assert set(unit.why_not(withdrawing(unit), document, signed={"second": "officer"})) == {"no_open_slip_needs_it"}


def test_two_people_withdraw(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, 1)[0])
    assert set(unit.why_not(withdrawing(unit), document)) == {"signature:second"}
    alone = withdrawing(unit, second=unit.people["clerk"])
    assert set(unit.why_not(alone, document, signed={"second": "clerk"})) == {"two_people_withdraw"}
    on_paper = unit.rests_on()
    on_paper = replace(on_paper, signatures=(Signature(unit.people["officer"], "second", "paper", 1),))
    with pytest.raises(Refused, match="signature:second"):
        unit.desk().perform(withdrawing(unit), [document], on_paper)


def test_text_is_withdrawn_once(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, 1)[0])
    unit.do(withdrawing(unit), document, signed={"second": "officer"})
    assert set(unit.why_not(withdrawing(unit), document, signed={"second": "officer"})) == {"text_is_there"}
    assert set(unit.why_not(withdrawing(unit, what="basis"), document, signed={"second": "officer"})) == {
        "text_is_there"
    }


def test_names_of_people_are_never_taken_along(unit: Unit) -> None:
    document = document_of(unit, on_shelf(unit, 1, title="courier")[0])
    unit.do(withdrawing(unit), document, signed={"second": "officer"})
    assert unit.person("courier").name == "courier"
