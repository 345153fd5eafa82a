"""Documents: found, opened, with copies as small cards, who had them, what was printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.actions.vouchers import CancelSlip
from app.domain.action import Ref, Subject
from app.domain.words import says
from app.services.printing import print_form
from app.ui.action_dialog import ActionDialog
from app.ui.document_view import CopyCard, DocumentView
from app.ui.pages.documents import DocumentsView
from app.ui.session import Session
from tests.actions.test_drafting import proposal
from tests.ui.desk import WAIT, register, session_of, settle
from tests.unit import Unit


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    return register(tmp_path / "unit")


@pytest.fixture
def session(themed: QApplication, qtbot: QtBot, unit: Unit) -> Iterator[Session]:
    with session_of(qtbot, unit) as shown:
        shown.place.go_to(Ref(Subject.DOCUMENT, 1))
        settle(qtbot, shown.background)
        yield shown


def view(session: Session) -> DocumentsView:
    page = session.window.page
    assert page is not None
    assert isinstance(page.widget, DocumentsView)
    return page.widget


def shown(session: Session) -> DocumentView:
    document = view(session)._below.widget()
    assert isinstance(document, DocumentView)
    return document


def words(session: Session) -> str:
    return "\n".join(label.text() for label in shown(session).findChildren(QLabel))


def test_one_document_with_everything_about_it(session: Session) -> None:
    told = words(session)
    for said in ("关于年度保密工作计划的通知", "short title: 计划一", "classified", "everybody here", "reader · plans"):
        assert said in told
    cards = shown(session).findChildren(CopyCard)
    assert cards[0].text().splitlines()[1] == "on loan · reader"
    assert len(cards) == 4


def test_a_small_card_opens_the_card(session: Session, qtbot: QtBot) -> None:
    shown(session).findChildren(CopyCard)[2].click()
    settle(qtbot, session.background)
    assert session.place.card == Ref(Subject.CARRIER, 3)


def test_copies_begin_at_the_document(session: Session, qtbot: QtBot) -> None:
    button = next(each for each in shown(session).findChildren(QPushButton) if each.text().startswith("Make copies"))
    button.click()
    settle(qtbot, session.background)
    dialog = session.window.findChild(ActionDialog)
    assert isinstance(dialog, ActionDialog)
    assert "document" not in dialog.form.asked
    assert dialog.form.answers()["document"] == 1
    dialog.reject()


def test_what_the_book_says_of_a_document_is_corrected_at_its_entry(session: Session, unit: Unit, qtbot: QtBot) -> None:
    """A wrong title could be told by an import, and nothing in the window corrected it."""
    label, correct = next(
        (label, label.actions()[0]) for label in shown(session).findChildren(QLabel) if label.actions()
    )
    assert label.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu
    correct.trigger()
    settle(qtbot, session.background)
    dialog = session.window.findChild(ActionDialog)
    assert isinstance(dialog, ActionDialog)
    answers = {"what": "title", "old": shown(session)._card.line.title, "new": "年度保密计划", "reason": "misread",
               "second": unit.people["clerk2"]}  # fmt: skip
    for name, value in answers.items():
        dialog.form.asked[name].field.set_answer(value)
    qtbot.waitUntil(lambda: "second_clerk" in dialog.signatures.rows, timeout=WAIT)
    assert {refusal.rule for refusal in dialog._refusals} == {"signature:second_clerk"}
    dialog.reject()


def test_filters_narrow_the_list(session: Session, qtbot: QtBot) -> None:
    documents = view(session)
    assert len(documents.rows.lines) == 3
    documents._level.setCurrentIndex(documents._level.findData("juemi"))
    settle(qtbot, session.background)
    assert [line.title for line in documents.rows.lines] == ["Operation Neptune"]
    documents._level.setCurrentIndex(0)
    documents._state.setCurrentIndex(documents._state.findData("registered"))
    settle(qtbot, session.background)
    assert [line.title for line in documents.rows.lines] == ["Circular"]
    documents._state.setCurrentIndex(0)
    documents.search.setText("年度")
    documents._on_filter()
    settle(qtbot, session.background)
    assert len(documents.rows.lines) == 1


def test_what_was_printed_can_be_printed_again(session: Session, unit: Unit, qtbot: QtBot) -> None:
    print_form(unit.desk(), "classification_slip", Ref(Subject.SLIP, 1))
    print_form(unit.desk(), "cover_sheet", Ref(Subject.CARRIER, 2))
    session.place.go_to(Ref(Subject.DOCUMENT, 1))
    settle(qtbot, session.background)
    again = [each.text() for each in shown(session).findChildren(QPushButton) if "print again" in each.text()]
    assert len(again) == 1
    assert "cover sheet" in again[0]


def test_what_was_only_looked_at_is_not_said_to_be_printed(session: Session, unit: Unit, qtbot: QtBot) -> None:
    print_form(unit.desk(), "cover_sheet", Ref(Subject.CARRIER, 2), kept=True)
    session.place.go_to(Ref(Subject.DOCUMENT, 1))
    settle(qtbot, session.background)
    links = [each.text() for each in shown(session).findChildren(QPushButton)]
    assert [words for words in links if "not printed yet" in words]
    assert not [words for words in links if "print again" in words]


def test_a_reader_out_of_scope_sees_no_title(themed: QApplication, qtbot: QtBot, unit: Unit) -> None:
    with session_of(qtbot, unit, "clerk2") as session:
        session.window.go("documents")
        settle(qtbot, session.background)
        for line in view(session).rows.lines:
            assert line.is_cleared or line.title in (line.short_title, "—")


def test_what_is_made_from_a_document_is_proposed_as_that_is_classified(
    themed: QApplication, qtbot: QtBot, unit: Unit
) -> None:
    with session_of(qtbot, unit, "drafter") as shown:
        dialog = shown.place.perform("propose_classification")
        asked = dialog.form.asked

        def answer(name: str, value: object) -> None:
            asked[name].field.set_answer(value)
            settle(qtbot, shown.background)

        settle(qtbot, shown.background)
        answer("title", "摘要")
        answer("short_title", "S")
        assert asked["level"].field.answer() is None
        assert asked["departure"].isHidden()
        answer("sources", (1,))
        said = {name: asked[name].field.answer() for name in ("regime", "level", "period", "scope_units")}
        assert said == {"regime": "cn-state", "level": "mimi", "period": "2031-05-11", "scope_units": ("*",)}
        answer("sources", (1, 2))  # a proposal that nobody changed follows
        assert asked["level"].field.answer() == "juemi"
        answer("level", "jimi")
        qtbot.waitUntil(lambda: not asked["departure"].isHidden(), timeout=WAIT)
        assert "绝密" in "".join(label.text() for label in asked["departure"].findChildren(QLabel))
        answer("sources", (2,))  # what somebody chose stays
        assert asked["level"].field.answer() == "jimi"
        answer("departure", "its title only")
        qtbot.waitUntil(lambda: not dialog._refusals, timeout=WAIT)
        with qtbot.waitSignal(dialog.performed, timeout=WAIT) as done:
            dialog._confirm.click()
        settle(qtbot, shown.background)
        assert unit.document(done.args[0].subjects[0].id).sources == (2,)
        shown.place.go_to(Ref(Subject.SLIP, done.args[0].slip))
        settle(qtbot, shown.background)
        told = "\n".join(label.text() for label in shown.window.findChildren(QLabel))
        assert "Made from" in told
        assert "its title only" in told


def test_a_notice_above_a_document_makes_no_frame_that_scrolls(session: Session, qtbot: QtBot) -> None:
    window = session.window
    window.resize(1366, 748)
    session.place.go_to(Ref(Subject.CARRIER, 1))
    settle(qtbot, session.background)
    session.place.go_to(Ref(Subject.DOCUMENT, 1))
    settle(qtbot, session.background)
    session.place.notices.say(says("Paper {n} is drawn.", n=1), "good")
    settle(qtbot, session.background)
    qtbot.waitUntil(lambda: window._covers.height() == window.room.viewport().height())


def test_a_proposal_made_again_is_offered_its_sources_once(themed: QApplication, qtbot: QtBot, unit: Unit) -> None:
    made = unit.do(proposal(level="juemi", period="20y", sources=(1, 2), basis="", scope_units=("*",)), by="drafter")
    unit.do(CancelSlip(reason="not now"), made.slip, by="drafter")
    with session_of(qtbot, unit, "drafter") as shown:
        dialog = shown.place.perform("amend_proposal", [made.subjects[0]])
        settle(qtbot, shown.background)
        asked = dialog.form.asked
        assert asked["sources"].field.answer() == (1, 2)
        assert asked["level"].field.answer() == "juemi"


def test_confirming_leads_to_the_answer_that_is_missing_or_refused(
    themed: QApplication, qtbot: QtBot, unit: Unit
) -> None:
    """A reason stood below the edge of the dialog, and nothing seemed to happen."""
    with session_of(qtbot, unit, "drafter") as shown:
        dialog = shown.place.perform("propose_classification")
        settle(qtbot, shown.background)
        dialog.resize(dialog.width(), 400)
        asked = dialog.form.asked

        def confirm(at: str) -> str:
            asked[at].field.setFocus()
            QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            settle(qtbot, shown.background)
            now = QApplication.focusWidget()
            assert now is not None
            return next(name for name, each in asked.items() if each.isAncestorOf(now))

        assert confirm("basis") == "title"
        asked["title"].field.set_answer("摘要")
        asked["short_title"].field.set_answer("S")
        asked["sources"].field.set_answer((2,))
        settle(qtbot, shown.background)
        asked["level"].field.set_answer("mimi")
        assert confirm("level") == "departure"
        reasons = asked["departure"].reasons
        qtbot.waitUntil(lambda: not reasons.visibleRegion().isEmpty(), timeout=WAIT)
        assert "is lower" in reasons.text()


def test_a_source_of_another_regime_brings_its_own_level(themed: QApplication, qtbot: QtBot, unit: Unit) -> None:
    american = unit.document_of("s", regime="us-dod", title="Neptune", short_title="N-2")
    with session_of(qtbot, unit, "drafter") as shown:
        dialog = shown.place.perform("propose_classification")
        asked = dialog.form.asked
        for sources, said in (
            ((2,), ("cn-state", "juemi")),
            ((american,), ("us-dod", "s")),
            ((1,), ("cn-state", "mimi")),
        ):
            asked["sources"].field.set_answer(sources)
            settle(qtbot, shown.background)
            assert (asked["regime"].field.answer(), asked["level"].field.answer()) == said


def test_what_followed_from_a_source_goes_with_it(themed: QApplication, qtbot: QtBot, unit: Unit) -> None:
    with session_of(qtbot, unit, "drafter") as shown:
        dialog = shown.place.perform("propose_classification")
        asked = dialog.form.asked

        def made_from(*sources: int) -> list[object]:
            asked["sources"].field.set_answer(sources)
            settle(qtbot, shown.background)
            return [asked[name].field.answer() or None for name in ("level", "period", "scope_units")]

        assert made_from(2) == ["juemi", "2031-05-11", ("*",)]
        assert made_from() == [None, None, None]
        assert made_from(1) == ["mimi", "2031-05-11", ("*",)]
        asked["level"].field.set_answer("jimi")
        assert made_from() == ["jimi", None, None], "what somebody chose stays"
