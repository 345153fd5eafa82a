"""What was done to several is told as each of them had it, or as the first had."""

from datetime import UTC, datetime

import pytest

from app.domain.action import Ref, Subject
from app.domain.words import Says, says
from app.i18n import render
from app.store.reads import HistoryLine
from app.ui.telling import told_done


def entry(act: str, sentence: Says, kind: Subject = Subject.CARRIER) -> HistoryLine:
    return HistoryLine(
        seq=1, at=datetime(2026, 5, 19, tzinfo=UTC), happened=None, action=act, subject=Ref(kind, 1),
        subject_number="2026-7", sentence=sentence, actor="Li", acting_as="", act=1, slip=None,
        slip_number=None, signers=(), corrects=None, answers={},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("act", "sentence", "told"),
    [
        ("affix_label", says("label affixed"), "Done, 2 lines: label affixed."),
        ("lend", says("lent to {borrower}", borrower="Li"), "Done, 2 lines: lent to Li."),
        ("return_loan", says("{pages} pages", pages=4), "Done, 2 lines; the first: 4 pages."),
        ("print_copies", says("copy {copy}", copy=1), "Done, 2 lines; the first: copy 1."),
    ],
)
def test_of_several_only_what_differs_is_told_of_the_first(act: str, sentence: Says, told: str) -> None:
    assert render(told_done(entry(act, sentence), 2)) == told


def test_an_envelope_is_named_as_a_copy_is() -> None:
    opened = entry("open_envelope", says("opened"), Subject.ENVELOPE)
    assert render(told_done(opened, 1)) == "Done: 2026-7 opened."


@pytest.mark.parametrize("kind", [Subject.PERSON, Subject.PLACE])
def test_who_or_what_an_act_was_about_is_named(kind: Subject) -> None:
    cleared = entry("clear_person", says("cleared up to {level}", level="SECRET"), kind)
    assert render(told_done(cleared, 1)) == "Done: 2026-7, cleared up to SECRET."
