"""Sentences that count or list say it as people do, for one as for many."""

import pytest

from app.domain.carrier import State
from app.domain.checks import first_be
from app.domain.slip import adds_up
from app.domain.words import says
from app.i18n import render
from app.store.reads.today import _submitted


@pytest.mark.parametrize(("listed", "said"), [(0, ""), (1, ", 1 line"), (2, ", 2 lines")])
def test_a_slip_says_how_many_lines_it_has(listed: int, said: str) -> None:
    assert render(_submitted("Wang Lei", listed), "en") == f"submitted by Wang Lei{said}"


def test_several_states_are_a_choice_and_not_a_condition_each() -> None:
    several = first_be({State.IN_STOCK, State.ARCHIVED})
    assert render(several, "en") == "It must first be one of these: archived, in stock."
    assert render(several, "zh_CN") == "须处于下列状态之一：已归档、在库。"
    assert render(first_be({State.LOAN}), "en") == "It must first be: on loan."


def test_a_sum_that_is_open_is_said_in_a_whole_sentence() -> None:
    """What would lift it follows on the same line."""
    said = adds_up([(says("Copies"), 4)], 3, says("Sheets used"))
    assert said is not None
    assert render(said, "en") == "Sheets used: 3, but 4 are accounted for."
    assert render(said, "zh_CN").endswith("。")
