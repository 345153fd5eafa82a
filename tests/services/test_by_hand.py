"""Acts made by hand and given straight to the door, as no window gives them: nothing is born over what is there."""

from random import Random

import pytest
from sqlalchemy.exc import IntegrityError

from app.actions import CATALOGUE
from app.actions.accounts import OpenAccount, SignOut
from app.actions.custody import MoveTo
from app.actions.keeping import RegisterPlace
from app.actions.office import AdoptRegime, ConfirmDate, FoundRegister, RegisterPerson
from app.actions.papers import PaperBack, SignOnPaper
from app.actions.vouchers import OpenSlip
from app.domain.action import Authority, Kind, Line, Ref, Signature, Subject, questions
from app.services.desk import Refused
from app.store.proof import verify_full
from tests.services.simple import bring
from tests.unit import Unit

BIRTHS = {
    "a person": (RegisterPerson(name="somebody else"), Ref(Subject.PERSON, 5), "clerk"),
    "a place": (RegisterPlace(name="elsewhere", grade=9), Ref(Subject.PLACE, 4), "officer"),
    "an account": (OpenAccount(login="other", person=9), Ref(Subject.ACCOUNT, 1), "sysadmin"),
    "a slip": (OpenSlip(slip="parcel", act="dispatch"), Ref(Subject.SLIP, 1), "clerk"),
    "the register": (
        FoundRegister(number=9, unit="mine", language="zh", public_key="ab" * 32, numbering={}),
        Ref(Subject.REGISTER, 1), "reader",
    ),
}  # fmt: skip


@pytest.fixture
def unit(tmp_path):
    unit = Unit(tmp_path / "unit")
    unit.do(OpenAccount(login="first", person=unit.people["clerk"]), by="sysadmin")
    unit.do(OpenSlip(slip="parcel", act="dispatch"))
    yield unit
    with unit.database.reading() as connection:
        assert verify_full(connection).holds
    unit.close()


def stood(unit, ref):
    with unit.database.reading() as connection:
        table = {"P": "persons", "L": "places", "A": "accounts", "S": "slips", "R": "register"}[str(ref)[0]]
        return tuple(connection.exec_driver_sql(f"SELECT * FROM {table} WHERE id = ?", (ref.id,)).one())


@pytest.mark.parametrize("what", BIRTHS)
def test_nothing_is_born_over_what_is_there(unit, what):
    act, ref, by = BIRTHS[what]
    before = stood(unit, ref)
    if what == "the register":
        with pytest.raises(IntegrityError):  # there is one, whatever number a second would have
            unit.do(act, ref, by=by)
    else:
        assert unit.do(act, ref, by=by).subjects != (ref,)
    assert stood(unit, ref) == before


@pytest.mark.parametrize(
    ("act", "ref"),
    [
        (MoveTo(place=2), Ref(Subject.DOCUMENT, 1)),
        (SignOut(), Ref(Subject.PERSON, 1)),
        (SignOnPaper(role="borrower", person=5), Ref(Subject.ACCOUNT, 1)),
    ],
)
def test_an_act_on_another_kind_of_thing_is_no_act(unit, act, ref):
    bring(unit)
    before = unit.length()
    with pytest.raises((Refused, LookupError)):
        unit.do(act, ref)
    assert unit.length() == before


@pytest.mark.parametrize("ref", [Ref(Subject.PAPER, 77), Ref(Subject.PAPER, -1)])
def test_nothing_is_entered_of_what_is_not_there(unit, ref):
    before = unit.length()
    with pytest.raises(LookupError):
        unit.do(PaperBack(), ref)
    assert unit.length() == before


@pytest.mark.parametrize("text", ["x", "", "code = 1", "us-dod"])
def test_a_text_that_is_not_that_regime_is_not_adopted(unit, text):
    if text == "us-dod":
        text = next(each.text for each in unit.desk().regimes() if each.code == text)
    act = AdoptRegime(name="cn-state", version=2, text=text)
    told = unit.why_not(act, by="officer", signed={"adopter": "secadmin"})
    assert set(told) <= {"text_is_that_regime", "every_question_is_answered"}
    assert told


def test_who_has_left_confirms_nothing(unit):
    confirm, register = ConfirmDate(today=unit.today), Ref(Subject.REGISTER, 1)
    unit.do(CATALOGUE["close_person"](), Ref(Subject.PERSON, unit.people["reader"]), by="officer")
    assert set(unit.why_not(confirm, register, signed={"witness": "reader"})) == {"signature:witness"}
    assert unit.why_not(confirm, register, signed={"witness": "reader2"}) == {}


ODD = (0, -1, 1, 7, 999, 2**53)
TEXTS = ("", "x", "\ud800", "~" + "A" * 43, "a.b", "{x}", "2026-02-30")
ROLES = ("", "witness", "administrator", "second", "giver", "receiver", "destroyer", "approver", "adopter")


def any_answer(asked, chance):
    """Something of the right type at best, and of no right value."""
    if asked.kind is Kind.FLAG:
        return chance.choice((True, False))
    if asked.kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.CODE, Kind.LEVEL, Kind.PERIOD, Kind.CHANNEL, Kind.DUTY):
        return chance.choice(TEXTS)
    if asked.choices:
        return chance.choice(asked.choices)[0]
    return chance.choice((*ODD, None, ()))


@pytest.mark.parametrize("seed", range(3))
def test_whatever_one_person_gives_to_the_door_the_book_holds(unit, seed):
    """Alone: own signatures in every role, and papers that never came back. What takes two is never done."""
    chance, numbers = Random(seed), list(unit.people.values())
    bring(unit, copies=2)
    start = unit.length()
    for _ in range(220):
        kind = CATALOGUE[chance.choice(sorted(CATALOGUE))]
        asked = questions(kind)
        try:
            act = kind(**{name: any_answer(each, chance) for name, each in asked.items() if not each.each})
        except (TypeError, ValueError):
            continue
        name = chance.choice(sorted(unit.people))
        signed = tuple(
            Signature(chance.choice(numbers), chance.choice(ROLES), "paper", chance.choice((None, 0, 1)))
            if chance.random() < 0.5 else Signature(unit.people[name], chance.choice(ROLES))
            for _ in range(chance.randrange(4))
        )  # fmt: skip
        each = {word: any_answer(one, chance) for word, one in asked.items() if one.each}
        lines = [Line(Ref(kind.subject, chance.choice((*ODD, 1, 2))), each)] if chance.random() < 0.9 else []
        before = unit.length()
        try:
            unit.desk(name).perform(act, lines, Authority(slip=chance.choice((None, 1)), signatures=signed))
        except Exception:  # noqa: BLE001 - a dataclass of nonsense may be a fault; what it may not do is write
            assert unit.length() == before
    two = {"grant_duty", "take_duty", "confirm_date", "adopt_regime", "reset_password", "replace_recovery", "correct",
           "correct_document", "withdraw_text", "void_import", "take_over", "destroy", "found_register"}  # fmt: skip
    assert not two & {entry.a for entry in unit.entries(start)}
