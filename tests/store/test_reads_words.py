"""What a document says is for the cleared alone: on its slips, in its history, on its forms."""

import pytest

from app.actions import CATALOGUE
from app.actions.corrections import CorrectDocument
from app.actions.imports import BeginImport, Difference, OpenCorrection
from app.actions.office import GrantDuty
from app.domain.action import Ref, Subject, questions
from app.forms.gathering import Gathering, print_of
from app.forms.sheet import Language
from app.store.reads import history_of, slip_card, slip_lines, viewer_of
from app.store.reads.forms import Records
from tests.unit import Unit

SECRET = "the plan of the northern bridge"
POINTS = "its load and its length"


@pytest.fixture
def unit(tmp_path):
    found = Unit(tmp_path / "book")
    yield found
    found.close()


def seen(unit, who, query, *args, **more):
    with unit.database.reading() as connection:
        return query(connection, *args, viewer=viewer_of(connection, unit.people[who], unit.today), **more)


def uncleared_officer(unit):
    """Somebody who sees the book by duty and is cleared for nothing."""
    unit.do(GrantDuty(duty="secrecy_officer"), unit.people["uncleared"], by="sysadmin", signed={"x": "secadmin"})
    return "uncleared"


def test_a_corrected_title_is_not_read_off_its_slip(unit):
    document = unit.document_of(title="plan")
    last = unit.desk().read(
        lambda c: c.exec_driver_sql("SELECT max(seq) FROM ledger WHERE subject_kind = 'D'").scalar()
    )
    act = CorrectDocument(what="title", old="plan", new=SECRET, reason="cut off", second=unit.people["clerk2"])
    done = unit.do(act, Ref(Subject.DOCUMENT, document), signed={"second_clerk": "clerk2"}, corrects=last)
    slip = done.slip
    assert seen(unit, "clerk", slip_card, slip).answers["new"] == SECRET
    assert SECRET not in str(seen(unit, uncleared_officer(unit), slip_card, slip))


def test_what_in_it_is_secret_is_not_read_off_its_slip_nor_its_form(unit):
    document = unit.proposed(title=SECRET, points=POINTS)
    slip = unit.document(document).slip
    officer = uncleared_officer(unit)
    assert "points" in seen(unit, "clerk", slip_card, slip).facts
    assert "points" not in seen(unit, officer, slip_card, slip).facts
    for who, shown in (("clerk", True), (officer, False)):
        with unit.database.reading() as connection:
            records = Records(connection, viewer_of(connection, unit.people[who], unit.today))
            g = Gathering(records, Language("en"), unit.today, {})
            ref = Ref(Subject.SLIP, slip)
            content = print_of("classification_slip", g, ref).gather(g, ref)
        assert ((POINTS in str(content)), (SECRET in str(content))) == (shown, shown), who


def test_a_differing_title_of_an_old_book_is_not_read_off_its_slip(unit):
    carrier = unit.copies()[0]
    imported = unit.do(BeginImport(digest="00", name="book.csv")).subjects[0].id
    differs = Difference(carrier, 1, "title", "plan", SECRET, free=True)
    slip = unit.do(OpenCorrection(imported=imported, differences=(differs,))).subjects[0].id
    assert seen(unit, "clerk", slip_lines, slip).lines[0].given["theirs"] == SECRET
    assert SECRET not in str(seen(unit, uncleared_officer(unit), slip_lines, slip))


def test_a_history_tells_no_title(unit):
    document = unit.proposed(title=SECRET)
    asked = {code: questions(action) for code, action in CATALOGUE.items()}
    with unit.database.reading() as connection:
        told = history_of(connection, Ref(Subject.DOCUMENT, document), sentences={}, questions=asked)
    assert told
    assert SECRET not in str(told)
