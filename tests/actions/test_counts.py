"""Pages counted when something comes back: against the book, or for the first time where the book has no count."""

import pytest

from app.actions.corrections import Correct
from app.actions.custody import Lend, ReturnLoan
from app.actions.incident import Found, ReportMissing
from app.domain.action import Action, Case, Changes, Kind, Line, Ref, Subject, ask
from app.domain.carrier import State
from tests.actions.shelf import on_shelf
from tests.actions.test_dispatch import came_back, sent
from tests.unit import Unit


class Uncounted(Action):
    """A carrier as an import brings it: of a kind, its pages never counted."""

    code = "uncounted"
    label = "Uncounted"
    subject = Subject.CARRIER
    told = "uncounted"
    kind: str = ask(Kind.CARRIER_KIND, "Kind")

    def changes(self, case: Case) -> Changes:
        return {"pages": None, "kind": self.kind}


def out(unit: Unit, kind: str = "paper") -> int:
    """A carrier without a count, on loan."""
    carrier = on_shelf(unit, 1)[0]
    unit.do(Uncounted(kind=kind), carrier)
    lend(unit, carrier)
    return carrier


def lend(unit: Unit, carrier: int) -> None:
    act = Lend(borrower=unit.people["reader"], due=unit.today)
    unit.do(act, carrier, slip=unit.approved(act, carrier))


def back(unit: Unit, carrier: int, pages: int) -> set[str]:
    return set(unit.why_not(ReturnLoan(), Line(Ref(Subject.CARRIER, carrier), {"pages": pages})))


@pytest.mark.parametrize("pages", [-1, 0, 2_001, 9_999])
def test_a_first_count_that_nobody_can_have_meant_is_refused(unit: Unit, pages: int) -> None:
    carrier = out(unit)
    refused = unit.why_not(ReturnLoan(), Line(Ref(Subject.CARRIER, carrier), {"pages": pages}))["pages_agree"]
    assert (refused.field, refused.reason.values["counted"]) == ("pages", pages)
    assert refused.remedy is not None


@pytest.mark.parametrize("pages", [1, 2_000])
def test_the_first_count_is_the_book_s_from_then_on(unit: Unit, pages: int) -> None:
    carrier = out(unit)
    assert back(unit, carrier, pages) == set()
    assert unit.carrier(carrier).pages == pages
    lend(unit, carrier)
    assert back(unit, carrier, pages + 1) == {"pages_agree"}
    assert back(unit, carrier, pages) == set()


def test_what_has_more_is_corrected_by_two_and_then_returned(unit: Unit) -> None:
    carrier = out(unit)
    correct = Correct(what="pages", old="", new="2400", reason="a bound volume", second=unit.people["clerk2"])
    entry = next(seq for seq, each in enumerate(unit.entries(), 1) if each.o == f"C{carrier}")
    unit.do(correct, carrier, signed={"second_clerk": "clerk2"}, corrects=entry)
    assert back(unit, carrier, 2_400) == set()


def test_of_a_disc_any_count_is_taken_and_none_is_kept(unit: Unit) -> None:
    carrier = out(unit, "optical")
    assert back(unit, carrier, -1) == {"pages_agree"}
    assert back(unit, carrier, 0) == set()
    assert unit.carrier(carrier).pages is None
    lend(unit, carrier)
    assert back(unit, carrier, 1) == set()
    assert unit.carrier(carrier).pages is None


def test_what_came_back_undelivered_is_counted_for_the_first_time_too(unit: Unit) -> None:
    carrier = on_shelf(unit, 1)[0]
    unit.do(Uncounted(kind="paper"), carrier)
    sent(unit, carrier)
    assert set(came_back(unit, carrier, pages=0)) == {"pages_agree"}
    assert came_back(unit, carrier, pages=9) == {}
    assert unit.carrier(carrier).pages == 9


def test_what_is_found_again_is_counted_for_the_first_time_too(unit: Unit) -> None:
    carrier = out(unit)
    unit.do(ReportMissing(how="not returned"), carrier)
    found = Found(place=unit.places["room"], how="behind the cabinet")
    slip = unit.approved(found, carrier)
    line = Line(Ref(Subject.CARRIER, carrier), {"pages": 7})
    assert "pages_agree" in unit.why_not(found, Line(line.subject, {"pages": 0}), slip=slip)
    unit.do(found, line, slip=slip)
    assert (unit.carrier(carrier).pages, unit.carrier(carrier).state) == (7, State.IN_STOCK)
