"""What a paper says of the book: the first thing that does not agree."""

from dataclasses import replace

import pytest

from app.domain.anchoring import BookBehind, Standing, judged
from app.domain.ledger import Anchor

SEAL, OTHER = b"\x01" * 32, b"\x02" * 32
PAPER = Anchor("107", 40, SEAL)
BOOK = BookBehind("107", signed=True, last=90, seal=SEAL)


@pytest.mark.parametrize(("paper", "book"), [(None, BOOK), (PAPER, None), (None, None)])
def test_what_is_no_anchor_says_nothing_of_a_book(paper, book):
    verdict = judged(paper, book)
    assert (verdict.standing, verdict.anchor, verdict.holds) == (Standing.NO_ANCHOR, None, False)


@pytest.mark.parametrize(
    ("book", "standing", "at"),
    [
        (BOOK, Standing.HOLDS, None),
        (replace(BOOK, last=40), Standing.HOLDS, None),
        (replace(BOOK, broken=41), Standing.HOLDS, None),
        (replace(BOOK, whole=False), Standing.HOLDS, None),
        (replace(BOOK, last=39), Standing.CUT_SHORT, 40),
        (replace(BOOK, broken=40), Standing.REWRITTEN, 40),
        (replace(BOOK, broken=7, seal=OTHER), Standing.REWRITTEN, 7),
        (replace(BOOK, seal=OTHER), Standing.REWRITTEN, None),
        (replace(BOOK, seal=None), Standing.REWRITTEN, None),
        (replace(BOOK, signed=False, last=39), Standing.NOT_SIGNED, None),
        (replace(BOOK, register="108", signed=False), Standing.OTHER_REGISTER, None),
    ],
)
def test_the_first_thing_that_does_not_agree_is_the_verdict(book, standing, at):
    verdict = judged(PAPER, book)
    assert (verdict.standing, verdict.at, verdict.holds) == (standing, at, standing is Standing.HOLDS)
    assert verdict.sentence.msgid.count("{") == len(verdict.sentence.values)


def test_a_seal_alone_in_its_place_is_told_from_a_whole_proof():
    told = [judged(PAPER, replace(BOOK, whole=whole)).sentence.msgid for whole in (True, False)]
    assert ["Prove the whole book" in each for each in told] == [False, True]
