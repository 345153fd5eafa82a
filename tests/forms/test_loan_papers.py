"""The papers of a loan: the slip, its renewal, the reminder, as the person reads them who must sign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.actions.custody import Lend, RenewLoan, ReturnLoan
from app.actions.receipts import SendTracer
from app.domain.action import Line, Ref, Subject
from app.forms import FORMS
from app.forms.sheet import Language
from tests.actions.shelf import on_shelf
from tests.forms import samples
from tests.forms.test_forms import text_of
from tests.forms.test_lists_signed import gathered
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[Unit]:
    unit = Unit(tmp_path / "unit")
    yield unit
    unit.close()


def drawn(paper: Any, language: Language = Language.ZH) -> str:
    form = "tracer" if hasattr(paper, "reminder") else "loan_slip"
    return text_of(FORMS[form].draw(paper, samples.sheet(language)))


def a_loan_in_part_renewed(unit: Unit) -> tuple[int, int, list[int]]:
    """Three copies lent for twenty days: one renewed for forty, one returned, one left as it was."""
    copies = on_shelf(unit, 3, "mimi")
    act = Lend(borrower=unit.people["reader2"], due=unit.today + timedelta(days=20))
    slip = unit.approved(act, *copies, by="reader2", party="reader2")
    unit.do(act, *copies, slip=slip)
    longer = RenewLoan(due=unit.today + timedelta(days=40))
    renewal = unit.approved(longer, copies[0], by="reader2", party="reader2")
    unit.do(longer, copies[0], slip=renewal)
    unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, copies[2]), {"pages": 12}))
    return slip, renewal, copies


def test_each_line_has_its_own_day_where_the_days_differ(unit: Unit) -> None:
    """One day stood over all lines, though one had been renewed past it."""
    slip, _, _ = a_loan_in_part_renewed(unit)
    paper = gathered(unit, "loan_slip", slip, Language.ZH)
    days = [str(unit.today + timedelta(days=days)) for days in (40, 20)]
    assert [item.due for item in paper.items] == [*days, ""], "what is back is due no more"
    words = drawn(paper)
    assert "应还日期见各件" in words
    assert all(day in words for day in days)


def test_a_day_that_all_lines_share_stands_once(unit: Unit) -> None:
    copies = on_shelf(unit, 2, "mimi")
    act = Lend(borrower=unit.people["reader2"], due=unit.today + timedelta(days=20))
    slip = unit.approved(act, *copies, by="reader2", party="reader2")
    unit.do(act, *copies, slip=slip)
    assert drawn(gathered(unit, "loan_slip", slip, Language.ZH)).count(str(act.due)) == 1


def test_a_renewal_takes_nothing_back(unit: Unit) -> None:
    """It asked for signatures of a return and for a count of pages, though only a day was moved."""
    _, renewal, _ = a_loan_in_part_renewed(unit)
    words = drawn(gathered(unit, "loan_slip", renewal, Language.ZH))
    assert f"新的应还日期{unit.today + timedelta(days=40)}" in words
    assert not [told for told in ("归还", "页数完好") if told in words]
    medium = replace(samples.usual()["loan_slip"], renewal=True, media=True)
    assert not [told for told in ("返回时", "使用时间") if told in drawn(medium)]


def test_the_borrower_signs_first_and_the_clerk_last(unit: Unit) -> None:
    """The order of the paper form (domain.md 4.14)."""
    slip, _, _ = a_loan_in_part_renewed(unit)
    roles = [box.role for box in gathered(unit, "loan_slip", slip).signatures]
    assert (roles[0], roles[-1], len(roles)) == ("borrower", "clerk", 3)


def test_a_reminder_names_borrower_and_department_apart_and_who_sent_it(unit: Unit) -> None:
    slip, _, _ = a_loan_in_part_renewed(unit)
    unit.later(days=30)
    unit.do(SendTracer(), slip)
    assert gathered(unit, "tracer", slip, Language.EN).to.startswith("reader2 (plans")
    letter = gathered(unit, "tracer", slip, Language.ZH)
    assert letter.to.startswith("reader2（plans")
    assert (letter.signatures[0].name, bool(letter.signatures[0].signed)) == ("clerk", True)
    assert "催办对象reader2（plans" in drawn(letter)
