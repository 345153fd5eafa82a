"""Every kind of question has its field, and gives back the answer it was given."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions import CATALOGUE
from app.domain.action import Kind, questions, refuse
from app.domain.words import N_
from app.ui.form import BUILDERS, Form
from app.ui.pickers import PAUSE, PickField
from app.ui.reasons import Reasons
from app.ui.sources import Choice
from tests.ui.kit import TODAY, Everything, Hand, Office

ANSWERS: dict[str, Any] = {
    "text": "a text",
    "long_text": "two\nlines",
    "code_": "SEAL-1",
    "number": 48,
    "on": date(2026, 5, 31),
    "at": datetime(2026, 5, 18, 9, 5, tzinfo=UTC),
    "flag": True,
    "person": 3,
    "people": (3, 4),
    "place": 7,
    "level": "secret",
    "period": "10y",
    "caveats": ("two",),
    "channel": "one",
    "kind": "two",
    "duty": "one",
    "choice": "b",
    "regime": "one",
    "document": 9,
    "documents": (9, 11),
    "slip": 8,
    "envelope": 6,
    "units": ("Dept 1", "Dept 3"),
}


class TwoRegimes(Office):
    """Each regime has levels of its own."""

    def __init__(self, *levels: str) -> None:
        self.levels = levels or ("jimi", "secret")

    def of_regime(self, code: str | None) -> Office:
        return {"one": TwoRegimes("jimi"), "two": TwoRegimes("secret")}.get(code or "", TwoRegimes())

    def choices(self, kind: Kind, name: str) -> Sequence[Choice]:
        return [Choice(level, level) for level in self.levels] if kind is Kind.LEVEL else super().choices(kind, name)


class Slow(Office):
    """A register under load: what is asked is answered when the test says so, in whichever order."""

    def __init__(self) -> None:
        self.code: list[Callable[[], None]] = []
        self.value: list[Callable[[], None]] = []

    def by_code(self, code: str, found: Callable[[Choice | None], None]) -> None:
        self.code.append(lambda: super(Slow, self).by_code(code, found))

    def by_value(self, kind: Kind, value: Any, found: Callable[[Choice | None], None]) -> None:
        self.value.append(lambda: super(Slow, self).by_value(kind, value, found))

    def answer(self, *asked: list[Callable[[], None]]) -> None:
        for each in asked:
            while each:
                each.pop(0)()


BADGE = "P10700000003"


def test_a_proposal_is_too_late_for_who_was_scanned_in_the_same_instant(themed: QApplication, qtbot: QtBot) -> None:
    slow = Slow()
    form = Form(Hand, slow, lambda: TODAY)
    qtbot.addWidget(form)
    borrower = form.asked["borrower"].field
    assert form.take_code(BADGE)
    form.offer({"borrower": 4})
    slow.answer(slow.code, slow.value)
    assert borrower.answer() == 3


@pytest.mark.parametrize("scan_is_first", [True, False])
def test_a_scan_comes_before_a_proposal_whose_words_are_still_being_read(
    themed: QApplication, qtbot: QtBot, *, scan_is_first: bool
) -> None:
    slow = Slow()
    form = Form(Hand, slow, lambda: TODAY)
    qtbot.addWidget(form)
    form.offer({"borrower": 4})
    assert form.take_code(BADGE)
    slow.answer(*((slow.code, slow.value) if scan_is_first else (slow.value, slow.code)))
    assert form.asked["borrower"].field.answer() == 3


def test_a_proposal_takes_no_letters_from_under_the_hand_and_no_day_that_was_emptied(
    themed: QApplication, qtbot: QtBot
) -> None:
    slow = Slow()
    form = Form(Hand, slow, lambda: TODAY, initial={"due": TODAY})
    qtbot.addWidget(form)
    borrower, due, purpose = (form.asked[name].field for name in ("borrower", "due", "purpose"))
    QTest.keyClicks(borrower.search, "wan")
    due.set_answer(None)
    purpose.set_answer("audit")
    purpose.set_answer("")
    form.offer({"borrower": 4, "due": TODAY + timedelta(days=90), "purpose": "to read"})
    slow.answer(slow.value)
    assert borrower.search.text() == "wan"
    assert (borrower.answer(), due.answer(), purpose.answer()) == (None, None, "")


def test_a_later_proposal_replaces_an_earlier_one_and_nothing_that_somebody_answered(
    themed: QApplication, qtbot: QtBot
) -> None:
    form = Form(Everything, Office(), lambda: TODAY)
    qtbot.addWidget(form)
    fields = {name: form.asked[name].field for name in ("text", "number", "caveats", "level")}
    form.offer({"text": "a", "number": 1, "caveats": ("two", "one"), "level": "secret"})
    fields["number"].set_answer(7)
    fields["level"].set_answer(None)
    form.offer({"text": "b", "number": 2, "caveats": ("two",), "level": "top_secret"})
    assert [field.answer() for field in fields.values()] == ["b", 7, ("two",), None]


def test_people_who_are_proposed_no_more_are_a_change(themed: QApplication, qtbot: QtBot) -> None:
    form = Form(Everything, Office(), lambda: TODAY)
    qtbot.addWidget(form)
    form.offer({"people": (3, 4)})
    with qtbot.waitSignal(form.changed, timeout=100):
        form.offer({"people": ()})
    assert form.asked["people"].field.answer() == ()


def test_letters_typed_while_a_proposal_is_read_stay(themed: QApplication, qtbot: QtBot) -> None:
    slow = Slow()
    form = Form(Hand, slow, lambda: TODAY)
    qtbot.addWidget(form)
    form.offer({"borrower": 4})
    search = form.asked["borrower"].field.search
    QTest.keyClicks(search, "wan")
    slow.answer(slow.value)
    assert search.text() == "wan"


def test_a_chosen_regime_offers_only_its_own_levels(themed: QApplication, qtbot: QtBot) -> None:
    form = Form(Everything, TwoRegimes(), lambda: TODAY)
    qtbot.addWidget(form)
    regime, level = form.asked["regime"].field, form.asked["level"].field
    level.set_answer("secret")
    regime.set_answer("one")
    assert [level.box.itemData(at) for at in range(level.box.count())] == [None, "jimi"]
    assert level.answer() is None
    regime.set_answer("two")
    level.set_answer("secret")
    regime.set_answer(None)
    assert level.answer() == "secret"


def test_a_question_that_few_acts_need_is_put_once_a_rule_asks_for_it(themed: QApplication, qtbot: QtBot) -> None:
    form = Form(CATALOGUE["dispatch"], Office(), lambda: TODAY)
    qtbot.addWidget(form)
    form.show()
    receiver = form.asked["receiver"]
    assert not receiver.isVisible()
    assert form.asked["addressee"].isVisible()
    form.show_refusals([refuse(N_("Nothing is chosen."), field="receiver")])
    assert receiver.isVisible()
    receiver.field.set_answer("other")
    form.show_refusals([])
    assert receiver.isVisible(), "an answer can be changed"
    assert "may be left empty" not in receiver.field.accessibleName()
    again = Form(CATALOGUE["dispatch"], Office(), lambda: TODAY, initial={"receiver": "contractor"})
    qtbot.addWidget(again)
    again.show()
    assert again.asked["receiver"].isVisible(), "what was answered before is seen"


def test_the_wheel_scrolls_past_an_answer_and_changes_none(themed: QApplication, qtbot: QtBot) -> None:
    form = Form(Everything, Office(), lambda: TODAY, initial={"level": "secret"})
    qtbot.addWidget(form)
    box = form.asked["level"].field.box
    down = QWheelEvent(
        QPointF(5, 5), QPointF(5, 5), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,  # noqa: FBT003 - Qt's own order
    )  # fmt: skip
    QApplication.sendEvent(box, down)
    assert box.currentData() == "secret"


@pytest.fixture
def form(themed: QApplication, qtbot: QtBot) -> Form:
    shown = Form(Everything, Office(), lambda: TODAY)
    qtbot.addWidget(shown)
    shown.show()
    return shown


def test_only_a_structure_has_no_field() -> None:
    assert set(Kind) - set(BUILDERS) == {Kind.STRUCTURE}
    assert {asked.kind for asked in questions(Everything).values()} == set(BUILDERS)


@pytest.mark.parametrize("name", list(ANSWERS))
def test_a_field_gives_back_the_answer_it_was_given(form: Form, name: str) -> None:
    form.asked[name].field.set_answer(ANSWERS[name])
    assert form.asked[name].field.answer() == ANSWERS[name]


def test_answers_make_the_action(form: Form) -> None:
    assert not form.is_complete
    for name, answer in ANSWERS.items():
        form.asked[name].field.set_answer(answer)
    assert form.is_complete
    action = Everything(**form.answers())
    assert {name: getattr(action, name) for name in ANSWERS} == ANSWERS


@pytest.mark.parametrize("period", ["10y", "6m", "2036-05-01", "cond:the project ends", "permanent", "long"])
def test_every_form_of_a_period_is_kept(form: Form, period: str) -> None:
    form.asked["period"].field.set_answer(period)
    assert form.asked["period"].field.answer() == period


def test_a_person_is_found_by_a_few_letters(form: Form, qtbot: QtBot) -> None:
    field = form.asked["person"].field
    assert isinstance(field, PickField)
    QTest.keyClicks(field.search, "wang")
    assert field.answer() is None
    assert not form.is_complete
    qtbot.waitUntil(lambda: field.search.list.count() == 1)
    field.search.list.itemClicked.emit(field.search.list.item(0))
    assert field.answer() == 3
    QTest.keyClick(field.search, Qt.Key.Key_Backspace)
    assert field.answer() is None


def test_enter_before_the_finds_takes_the_only_one(form: Form) -> None:
    field = form.asked["person"].field
    QTest.keyClicks(field.search, "wang")
    QTest.keyClick(field.search, Qt.Key.Key_Return)
    assert field.answer() == 3


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_enter_never_takes_a_find_of_fewer_letters(form: Form, qtbot: QtBot) -> None:
    field = form.asked["person"].field
    form.show()
    field.search.setFocus()
    QTest.keyClicks(field.search, "a")
    qtbot.waitUntil(lambda: field.search.list.count() == 2)  # Wang first
    QTest.keyClick(field.search, Qt.Key.Key_Home)
    QTest.keyClicks(field.search, "zh")
    QTest.keyClick(field.search, Qt.Key.Key_Return)
    assert field.answer() == 4


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_badge_is_not_overruled_by_a_list_that_was_still_open(form: Form, qtbot: QtBot) -> None:
    field = form.asked["person"].field
    form.show()
    field.search.setFocus()
    QTest.keyClicks(field.search, "zh")
    qtbot.waitUntil(field.search.list.isVisible)
    QTest.keyClick(field.search, Qt.Key.Key_Backspace)  # asks once more, and the badge is quicker
    assert field.take_code("P107000000175")
    assert not field.search.list.isVisible()
    qtbot.wait(PAUSE * 2)
    assert not field.search.list.isVisible()
    QTest.keyClick(field.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert field.answer() == 3


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_ctrl_enter_is_for_the_act_and_takes_no_find(form: Form, qtbot: QtBot) -> None:
    field = form.asked["person"].field
    form.show()
    field.search.setFocus()
    QTest.keyClicks(field.search, "a")
    qtbot.waitUntil(field.search.list.isVisible)
    QTest.keyClick(field.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert field.answer() is None


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("name", ["person", "people"])
def test_enter_in_a_line_that_was_emptied_takes_nobody(form: Form, qtbot: QtBot, name: str) -> None:
    field = form.asked[name].field
    form.show()
    field.search.setFocus()
    QTest.keyClicks(field.search, "wa")
    qtbot.waitUntil(field.search.list.isVisible)
    for _letter in range(2):
        QTest.keyClick(field.search, Qt.Key.Key_Backspace)
    qtbot.wait(PAUSE * 2)
    assert not field.search.list.isVisible()
    QTest.keyClick(field.search, Qt.Key.Key_Return)
    assert field.answer() in (None, ())


@pytest.mark.parametrize("name", ["person", "people"])
def test_letters_that_name_nobody_are_said_and_never_left_out_in_silence(form: Form, qtbot: QtBot, name: str) -> None:
    asked = form.asked[name]
    form.show()
    for leave in (
        lambda: QTest.keyClick(asked.field.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier),
        form.asked["text"].field.setFocus,
    ):
        form.activateWindow()
        asked.field.search.setFocus()
        asked.field.search.clear()
        with qtbot.waitSignal(asked.field.changed):
            QTest.keyClicks(asked.field.search, "Nemo")
            leave()
        assert asked.lacks
        assert asked._mistake.text()
        asked.field.take_code("P107000000175")
        assert asked.field.mistake() is None


def test_a_badge_goes_to_the_first_empty_person_field(form: Form) -> None:
    assert form.take_code("P107000000175")
    assert form.asked["person"].field.answer() == 3
    assert form.take_code("P107000000175")
    assert form.asked["people"].field.answer() == (3,)
    assert not form.take_code("X107000000175")


def test_a_mistyped_answer_is_said_under_its_field(form: Form) -> None:
    form.asked["number"].field.set_answer("forty")
    form.asked["on"].field.set_answer("31 Juny")
    assert form.asked["number"].field.mistake() is not None
    form.asked["number"].field.line.setText("４８")  # type: ignore[attr-defined]
    assert form.asked["number"].field.answer() == 48, "as a Chinese input method types it"
    assert "31 Juny" in form.asked["on"].field.mistake().values["typed"]  # type: ignore[union-attr]
    assert not form.is_complete


def test_a_refusal_stands_beside_its_field_and_the_rest_is_given_back(themed: QApplication, qtbot: QtBot) -> None:
    form = Form(Hand, Office(), lambda: TODAY)
    qtbot.addWidget(form)
    form.show()
    mine, other = refuse("cleared for less", field="borrower", citation="art. 20"), refuse("something else")
    assert form.show_refusals([mine, other]) == (other,)
    assert form.asked["borrower"].reasons.isVisible()
    assert "art. 20" in form.asked["borrower"].reasons.text()
    assert not form.asked["due"].reasons.isVisible()


def test_what_is_asked_for_each_line_is_not_asked_once(themed: QApplication, qtbot: QtBot) -> None:
    form = Form(Hand, Office(), lambda: TODAY, known={"borrower": 3})
    qtbot.addWidget(form)
    assert list(form.asked) == ["due", "purpose"]
    assert form.answers()["borrower"] == 3


def test_what_a_document_is_comes_before_its_copies() -> None:
    """A clerk reads title and level before the numbers of the copies; the incoming register has them so."""
    asked = list(questions(CATALOGUE["register_received"]))
    assert asked.index("title") < asked.index("first_copy") < asked.index("place")


def test_the_third_badge_is_a_second_witness_and_no_other_destroyer(themed: QApplication, qtbot: QtBot) -> None:
    class Badges(Office):
        """Every badge is somebody else's."""

        def by_code(self, code: str, found: Callable[[Choice | None], None]) -> None:
            found(Choice(int(code[1:]), code))

    form = Form(CATALOGUE["destroy"], Badges(), lambda: TODAY)
    qtbot.addWidget(form)
    for code in ("P1", "P2", "P3"):
        assert form.take_code(code)
    assert form.asked["destroyer"].field.answer() == 1
    assert form.asked["witnesses"].field.answer() == (2, 3)


def test_a_reason_that_holds_for_every_line_is_said_once(themed: QApplication, qtbot: QtBot) -> None:
    reasons = Reasons()
    qtbot.addWidget(reasons)
    same = [
        refuse(N_("Copy {copy} stays here."), copy=1, citation="art. 5"),
        refuse(N_("One courier is missing."), citation="art. 27"),
        refuse(N_("One courier is missing."), citation="art. 27"),
    ]
    reasons.show_refusals(same)
    assert [refusal.citation for refusal in reasons.refusals] == ["art. 5", "art. 27"]
    assert reasons.text().count("courier") == 1


def test_a_proposed_answer_is_typed_over(themed: QApplication, qtbot: QtBot) -> None:
    """+10 typed into the proposed day of a renewal made “2027-02-24+10”."""
    form = Form(CATALOGUE["renew_loan"], Office(), lambda: TODAY, initial={"due": TODAY})
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow)
    form.start()
    QTest.keyClicks(QApplication.focusWidget(), "+10")
    assert form.asked["due"].field.answer() == TODAY + timedelta(days=10)


def test_the_cursor_begins_behind_what_is_known_also_while_its_words_are_read(
    themed: QApplication, qtbot: QtBot
) -> None:
    register = Slow()
    form = Form(Hand, register, lambda: TODAY, initial={"borrower": 3})
    qtbot.addWidget(form)
    form.start()  # nothing is shown yet
    borrower = form.asked["borrower"].field
    due = form.asked["due"].field
    assert due.isAncestorOf(form.focusWidget())
    form.offer({"due": TODAY})
    assert due.line.selectedText() == due.line.text() != "", "typed over, not typed behind"
    borrower.setFocus()
    register.value.pop()()
    assert borrower.search.selectedText() == borrower.search.text() != "", "typed over, not typed behind"


def test_the_only_regime_in_force_is_not_asked_for(themed: QApplication, qtbot: QtBot) -> None:
    class OneRegime(TwoRegimes):
        def choices(self, kind: Kind, name: str) -> Sequence[Choice]:
            return [Choice("one", "one")] if kind is Kind.REGIME else super().choices(kind, name)

    form = Form(Everything, OneRegime(), lambda: TODAY)
    qtbot.addWidget(form)
    assert form.asked["regime"].field.answer() == "one"
    level = form.asked["level"].field
    assert [level.box.itemData(row) for row in range(1, level.box.count())] == ["jimi"]
    two = Form(Everything, TwoRegimes(), lambda: TODAY)
    qtbot.addWidget(two)
    assert two.asked["regime"].field.answer() is None


@pytest.mark.parametrize(
    ("typed", "said"), [("+1", "in 1 day"), ("+7", "in 7 days"), ("2026-05-18", "1 day ago"), ("2026-05-19", "today")]
)
def test_a_date_says_how_far_it_is_as_people_do(form: Form, typed: str, said: str) -> None:
    field = form.asked["on"].field
    field.line.setText(typed)
    assert field._meant.text().endswith(said)
