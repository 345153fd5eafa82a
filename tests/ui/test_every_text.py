"""Under the pseudo-language every text in the window stands in brackets, or is data of the register."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app import i18n
from app.domain.regime import Regime
from app.domain.regime_rules import Names, Ruling
from app.paths import resource
from app.services.printing import PRINTS
from app.services.shipped import read_shipped
from tests.ui.conftest import themed
from tests.ui.look import texts_of, unmarked
from tests.ui.visit import Sight, Visitor, dialogs_there_are, everything, sample

__all__ = ["themed"]

COLUMNS = (
    ("persons", ("name", "department", "title")),
    ("places", ("name",)),
    ("carriers", ("number",)),
    ("documents", ("title", "short_title", "reference", "originator", "basis", "remarks")),
    ("slips", ("number",)),
    ("envelopes", ("number", "seal", "sender")),
    ("accounts", ("login",)),
    ("texts", ("words",)),
)
"""Where the register keeps what people wrote; states, kinds and levels are codes, and nobody may see those."""
CODES = (
    r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b",  # a date in the window's language
    r"★\d+[年月]",
    r"\b(?:F\d+|Ctrl\+\w+|Esc|Enter)\b",
    r"\b[A-Z]$",  # the key of an act
    r"\b(?:[A-Z]{1,4}-)*(?:[A-Z\u4e00-\u9fff]-?)?\d[\d/:.-]*\b",
    r"\bCustos\b",
    r"\bEnglish\b",
    "中文",
    r"&nbsp;",
)


@pytest.fixture
def visitor(themed: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Visitor]:
    folder = sample(tmp_path / "sample")
    i18n.use(i18n.PSEUDO)
    came = Visitor(qtbot, folder)
    yield came
    came.close()


def words_of(node: Any) -> Iterator[str]:
    """A regime's own terms and citations."""
    if isinstance(node, Names):
        yield from (node.zh, node.en)
    elif isinstance(node, msgspec.Struct):
        if isinstance(node, Ruling):
            yield node.source
        for name in node.__struct_fields__:
            yield from words_of(getattr(node, name))
    elif isinstance(node, tuple | list):
        for each in node:
            yield from words_of(each)


def terms_of(regime: Regime) -> Iterator[str]:
    yield from words_of(regime.rules)
    for level in regime.levels():
        yield re.split(r"[\[{]", level.value.mark)[0]
        if "{caveats}" in level.value.mark:
            yield from (answer.value.code for answer in regime.caveats())


def data_of(visitor: Visitor) -> re.Pattern[str]:
    """Everything that may stand on the screen as it is."""
    words: set[str] = {"第二研究院", "AAAA - BBBB - CCCC - DDDD - EEEE - FFFF - GGGG - HHHH", "■", "CU-", "第二-"}
    for table, columns in COLUMNS:
        for column in columns:
            words |= {str(each) for each in visitor.ids(f"SELECT DISTINCT {column} FROM {table}") if each}
    for shipped in read_shipped():
        words |= set(terms_of(shipped.regime)) | set(shipped.unverified)
    for form in PRINTS.values():
        words |= {form.form.title.zh, form.form.title.en}
    words |= {path.stem for path in resource("mappings").iterdir()}
    words |= {f"sample-{login}-2026" for login in visitor.stage.people} | {
        str(visitor.folder.parent),
        visitor.folder.name,
    }
    return pattern(words)


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of these words, the longest first, or a code."""
    known = sorted((each for each in words if each), key=len, reverse=True)
    return re.compile("|".join([*(rf"(?<![A-Za-z]){re.escape(each)}(?![A-Za-z])" for each in known), *CODES]))


def faults_in(sight: Sight, data: re.Pattern[str]) -> list[str]:
    name, widget = sight
    return [
        f"{rest!r} of {text[:80]!r}: {where}; {name}"
        for where, text in texts_of(widget)
        for rest in [unmarked(text, data)]
        if any(sign.isalpha() for sign in rest)
    ]


def test_every_text_is_marked_or_data(visitor: Visitor) -> None:
    data = data_of(visitor)
    found: dict[str, None] = {}
    seen: set[str] = set()
    for sight in everything(visitor):
        found |= dict.fromkeys(faults_in(sight, data))
        seen.add(type(sight[1]).__name__)
    assert not found, "\n".join(found)
    assert dialogs_there_are() <= seen


def test_a_text_nobody_marked_is_found(visitor: Visitor) -> None:
    data = data_of(visitor)
    page = visitor.go("carriers").widget
    sight = ("carriers", visitor.window)
    assert not faults_in(sight, data)
    for widget, planted in (
        (QLabel("Loan limit", page), "Loan limit"),
        (QLabel("⟦Loan⟧ limit", page), "limit"),
        (QPushButton("in_stock", page), "in_stock"),
        (QLabel("借出", page), "借出"),
    ):
        widget.show()
        assert [planted in fault for fault in faults_in(sight, data)] == [True]
        widget.setToolTip("Lend")
        assert len(faults_in(sight, data)) == 2
        widget.setParent(None)
        widget.deleteLater()
