"""Prints that prove something: the lines kept, the bytes the same, the book behind the paper unchanged."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from app.actions.custody import Lend
from app.actions.papers import PaperBack, PaperLeft, SignOnPaper
from app.domain.action import Ref, Subject
from app.domain.anchoring import Standing
from app.domain.ledger import entry_of, read_anchor, seal
from app.domain.numbering import Letter, payload
from app.domain.slip import KEPT, NOT_AWAITED
from app.services import printing, scanned_papers
from app.services.desk import Refused
from app.services.scanned_papers import paper_named
from app.store import proof
from app.store.reads.prints import kept_lines, paper
from tests.actions.shelf import on_shelf
from tests.unit import Unit

TITLE = "第三号工程进度"
CODES = ("loan_slip", "carrier_labels", "cover_sheet")


@pytest.fixture
def unit(tmp_path: Path) -> Iterator[Unit]:
    unit = Unit(tmp_path / "unit")
    yield unit
    unit.close()


@pytest.fixture
def slip(unit: Unit) -> Ref:
    """A loan of two copies, approved and carried out."""
    carriers = on_shelf(unit, 2, title=TITLE, period="10y")
    act = Lend(borrower=unit.people["reader"], due=unit.today + timedelta(days=5), purpose="论证")
    number = unit.approved(act, *carriers, party="reader")
    unit.do(act, *carriers, slip=number)
    return Ref(Subject.SLIP, number)


def text_of(pdf: bytes) -> list[str]:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).splitlines()


def noted(unit: Unit, number: int) -> dict[str, object]:
    return unit.row("papers", number)


# --- the print and what is noted of it ----------------------------------------------------------------------------


def test_print_is_an_entry_that_holds_its_digest_and_where_the_book_stood(unit: Unit, slip: Ref) -> None:
    before = unit.length()
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    row = noted(unit, form.paper)
    assert unit.length() == before + 1
    assert (row["form"], row["of"], row["slip"], row["anchor"]) == ("loan_slip", str(slip), slip.id, before)
    anchor = read_anchor(form.anchor)
    assert anchor is not None
    assert (anchor.register, anchor.seq) == ("107", before)
    (entry,) = unit.entries(before)
    assert (entry.a, entry.s, entry.o) == ("record_print", slip.id, f"F{form.paper}")


def test_title_is_not_sealed_into_the_book_but_kept_beside_it(unit: Unit, slip: Ref) -> None:
    before = unit.length()
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    with unit.database.reading() as connection:
        (body,) = connection.exec_driver_sql("SELECT body FROM ledger WHERE seq > ?", (before,)).scalars()
        kept = kept_lines(paper(connection, form.paper))  # type: ignore[arg-type]
    assert TITLE not in bytes(body).decode()
    assert TITLE in json.dumps(kept, ensure_ascii=False)


def test_book_is_whole_after_prints_and_reprints(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    printing.reprint(unit.desk(), form.paper)
    unit.do(PaperBack(), Ref(Subject.PAPER, form.paper))
    with unit.database.reading() as connection:
        assert proof.verify_full(connection).wrong is None


def test_paper_that_was_only_looked_at_is_awaited_once_it_has_left(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip, kept=True)
    assert noted(unit, form.paper)["returned_at"] == KEPT
    again = printing.shown_again(unit.desk("clerk2"), form.paper)
    assert (again.pdf, again.paper) == (form.pdf, form.paper)
    before = unit.length()
    printing.has_left(unit.desk(), form.paper, "printer")
    assert noted(unit, form.paper)["returned_at"] is None
    printing.has_left(unit.desk(), form.paper, "file")
    assert unit.length() == before + 1
    with pytest.raises(Refused) as refused:
        unit.do(PaperLeft(to="printer"), Ref(Subject.PAPER, form.paper))
    assert refused.value.refusals[0].rule == "paper_is_kept"
    marked = printing.shown_again(unit.desk(), form.paper)
    assert noted(unit, marked.paper)["reprint_of"] == form.paper
    printing.has_left(unit.desk(), marked.paper, "file")
    assert noted(unit, marked.paper)["returned_at"] == NOT_AWAITED
    with unit.database.reading() as connection:
        assert proof.verify_full(connection).wrong is None


def test_form_that_was_only_looked_at_is_printed_anew_and_as_the_first(unit: Unit, slip: Ref) -> None:
    printing.print_form(unit.desk(), "loan_slip", slip, kept=True)
    form = printing.print_again(unit.desk(), "loan_slip", [payload(Letter.SLIP, 107, slip.id)])
    assert noted(unit, form.paper)["reprint_of"] is None


@pytest.mark.parametrize("code", CODES)
def test_first_print_drawn_again_from_what_was_kept_is_the_same_bytes(unit: Unit, slip: Ref, code: str) -> None:
    of = slip if code != "cover_sheet" else Ref(Subject.CARRIER, 1)
    form = printing.print_form(unit.desk(), code, of, offset=(1.5, -0.5), start_label=3, language="zh")
    unit.later(hours=30)
    assert printing.first_print(unit.desk(), form.paper).pdf == form.pdf


def test_lines_that_were_changed_no_longer_give_the_print(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    with unit.database.writing() as connection:
        digest = noted(unit, form.paper)["lines"]
        words = connection.exec_driver_sql("SELECT words FROM texts WHERE digest = ?", (digest,)).scalar_one()
        altered = words.replace("论证", "其他")
        connection.exec_driver_sql("UPDATE texts SET words = ? WHERE digest = ?", (altered, digest))
    with pytest.raises(Refused) as refused:
        printing.first_print(unit.desk(), form.paper)
    assert refused.value.refusals[0].rule == "print_is_the_same"


def test_printer_offset_moves_the_same_print_without_another_entry(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    before = unit.length()
    moved = printing.arranged(unit.desk(), form.paper, printing.Arrangement(offset=(2.0, 1.0)))
    assert moved != form.pdf
    assert text_of(moved) == text_of(form.pdf)
    assert unit.length() == before


def test_the_same_print_lies_on_letter_paper_or_on_a_part_used_sheet_of_labels(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    labels = printing.print_form(unit.desk(), "carrier_labels", slip)
    before = unit.length()
    letter = printing.arranged(unit.desk(), form.paper, printing.Arrangement(paper="Letter"))
    assert {tuple(map(round, page.mediabox[2:])) for page in PdfReader(BytesIO(letter)).pages} == {(612, 792)}
    assert set("".join(text_of(letter))) == set("".join(text_of(form.pdf)))
    last = printing.stocks()["a4-52x29"][1]
    part_used = printing.Arrangement(stock="a4-52x29", first_label=last)
    pages = PdfReader(BytesIO(printing.arranged(unit.desk(), labels.paper, part_used))).pages
    assert len(pages) == 2, "the last label of the first sheet, the first of the next"
    assert unit.length() == before
    assert printing.first_print(unit.desk(), form.paper).pdf == form.pdf


# --- reprints -----------------------------------------------------------------------------------------------------


def body_of(pdf: bytes) -> list[str]:
    """The text without what a reprint has of its own: its marks, its time and its anchor."""
    own = ("登记簿", "印制", "补印", "Reprint")
    return [line for line in text_of(pdf) if not line.startswith(own)]


def test_reprint_shows_what_was_signed_not_what_is_now(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    unit.do(SignOnPaper(role="borrower", person=unit.people["reader"], paper=form.paper), slip)
    unit.later(days=2)
    first, second = (printing.reprint(unit.desk("clerk2"), form.paper) for _ in range(2))
    assert body_of(first.pdf) == body_of(second.pdf) == body_of(form.pdf)
    assert first.pdf != second.pdf, "each reprint has an anchor of its own"
    said = "\n".join(text_of(first.pdf))
    assert "补印" in said
    assert "clerk2" in said
    assert "补印" not in "\n".join(text_of(form.pdf))
    row = noted(unit, first.paper)
    assert (row["reprint_of"], row["returned_at"]) == (form.paper, "-")
    assert printing.first_print(unit.desk(), first.paper).pdf == first.pdf


def test_reprint_of_a_reprint_is_a_reprint_of_the_first(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    again = printing.reprint(unit.desk(), form.paper)
    assert noted(unit, printing.reprint(unit.desk(), again.paper).paper)["reprint_of"] == form.paper


def test_titles_are_not_reprinted_for_who_is_not_cleared(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    with pytest.raises(Refused) as refused:
        printing.reprint(unit.desk("uncleared"), form.paper)
    assert refused.value.refusals[0].rule == "reader_is_cleared"


def test_slip_of_others_is_not_printed_for_who_may_not_see_it(unit: Unit, slip: Ref) -> None:
    with pytest.raises(Refused):
        printing.print_form(unit.desk("stranger"), "loan_slip", slip)


def test_named_by_its_number_a_form_is_printed_first_and_then_again(unit: Unit, slip: Ref) -> None:
    number = unit.slip(slip.id).number
    first = printing.print_again(unit.desk(), "loan_slip", [number])
    again = printing.print_again(unit.desk(), "loan_slip", [payload(Letter.SLIP, 107, slip.id)])
    assert noted(unit, first.paper)["reprint_of"] is None
    assert noted(unit, again.paper)["reprint_of"] == first.paper
    labels = printing.print_again(unit.desk(), "carrier_labels", ["jimi-1-1", "jimi-1-2"])
    assert "jimi-1-2" in "".join(text_of(labels.pdf))
    for form, of in (("loan_slip", ["nowhere"]), ("nothing", [number]), ("loan_slip", [])):
        with pytest.raises(printing.NothingToPrint):
            printing.print_again(unit.desk(), form, of)


# --- the recovery sheet -------------------------------------------------------------------------------------------


def test_recovery_key_is_on_the_paper_and_nowhere_in_the_register(unit: Unit) -> None:
    key = "7K2MX-QW3RT-0A1BC-2D3EF-4G5HJ-6K7MN-8P9QR-STVWX"
    form = printing.print_form(unit.desk(), "recovery_sheet", Ref(Subject.REGISTER, 1), more={"recovery": key})
    text = "".join("".join(text_of(form.pdf)).split())
    assert all(group in text for group in key.split("-"))
    with unit.database.reading() as connection:
        words = connection.exec_driver_sql("SELECT group_concat(words, ' ') FROM texts").scalar_one()
        bodies = connection.exec_driver_sql("SELECT body FROM ledger").scalars().all()
    kept = words + " ".join(bytes(body).decode() for body in bodies)
    assert not [group for group in key.split("-") if group in kept]
    assert noted(unit, form.paper)["pdf"] == "-"
    for again in (printing.reprint, printing.first_print):
        with pytest.raises(Refused):
            again(unit.desk(), form.paper)


def test_recovery_sheet_is_drawn_at_set_up_without_a_desk(unit: Unit) -> None:
    key = "AAAAA-BBBBB"
    pdf = printing.recovery_sheet(unit="院保密室", register=7, recovery=key, language="both", today=unit.today)
    assert "BBBBB" in "".join(text_of(pdf))


# --- anchors ------------------------------------------------------------------------------------------------------


def scanned(pdf: bytes) -> str:
    """The anchor as a scanner reads it off the paper of a 203 dpi printer."""
    ran = subprocess.run(["pdftoppm", "-r", "203", "-gray"], input=pdf, capture_output=True, check=True)
    found = [code.text for code in zxingcpp.read_barcodes(Image.open(BytesIO(ran.stdout)))]
    (anchor,) = [text for text in found if text.startswith("CUSTOS1:")]
    return anchor


def standing(unit: Unit, text: str, *, whole: bool = False) -> Standing:
    return unit.desk().read(printing.verify_anchor, text, whole=whole).standing


def test_anchor_scanned_off_the_paper_holds(unit: Unit, slip: Ref) -> None:
    anchor = scanned(printing.print_form(unit.desk(), "loan_slip", slip).pdf)
    on_shelf(unit, 3)
    assert standing(unit, anchor) is Standing.HOLDS
    assert standing(unit, anchor.lower(), whole=True) is Standing.HOLDS


def defenceless(unit: Unit, *statements: str) -> None:
    """What somebody with the key and a hex editor may do: the triggers gone, then anything."""
    with unit.database.writing() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for name in names:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.exec_driver_sql(statement)


def rewrite(unit: Unit, seq: int, old: bytes, new: bytes) -> None:
    """Change an entry and seal everything after it anew, so that the chain itself is whole again."""
    defenceless(unit)
    with unit.database.writing() as connection:
        rows = connection.exec_driver_sql("SELECT seq, body FROM ledger ORDER BY seq").all()
        previous = bytes(32)
        for number, raw in rows:
            body = bytes(raw).replace(old, new) if number == seq else bytes(raw)
            assert entry_of(body)
            previous = seal(previous, body)
            connection.exec_driver_sql("UPDATE ledger SET body = ?, seal = ? WHERE seq = ?", (body, previous, number))
        connection.exec_driver_sql("UPDATE ledger_head SET seal = ?", (previous,))


def test_anchor_is_refused_after_the_book_was_rewritten_and_sealed_anew(unit: Unit, slip: Ref) -> None:
    anchor = scanned(printing.print_form(unit.desk(), "loan_slip", slip).pdf)
    lent = next(seq for seq, entry in enumerate(unit.entries(), 1) if entry.a == "lend")
    reader, other = (f'"hands":{unit.people[name]}'.encode() for name in ("reader", "reader2"))
    rewrite(unit, lent, reader, other)
    with unit.database.reading() as connection:
        assert proof.verify_chain(connection).wrong is None, "the chain alone does not tell"
    assert standing(unit, anchor) is Standing.REWRITTEN
    verdict = unit.desk().read(printing.verify_anchor, anchor)
    assert not verdict.holds


@pytest.mark.parametrize("kind", ["BLOB", "TEXT"])
def test_whole_check_names_the_entry_that_was_changed_in_place(unit: Unit, slip: Ref, kind: str) -> None:
    anchor = printing.print_form(unit.desk(), "loan_slip", slip).anchor
    granted = next(seq for seq, entry in enumerate(unit.entries(), 1) if entry.a == "grant_duty")
    change = f"CAST(replace(CAST(body AS TEXT), 'grant_duty', 'grant_dutx') AS {kind})"
    defenceless(unit, f"UPDATE ledger SET body = {change} WHERE seq = {granted}")
    assert standing(unit, anchor) is Standing.HOLDS, "seals alone do not tell"
    verdict = unit.desk().read(printing.verify_anchor, anchor, whole=True)
    assert (verdict.standing, verdict.at) == (Standing.REWRITTEN, granted)


def test_anchor_is_refused_after_the_book_was_cut_short(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    last = unit.length() - 5
    defenceless(
        unit,
        f"DELETE FROM ledger WHERE seq > {last}",
        f"UPDATE ledger_head SET seq = {last}, seal = (SELECT seal FROM ledger WHERE seq = {last})",
    )
    verdict = unit.desk().read(printing.verify_anchor, form.anchor)
    assert (verdict.standing, verdict.at) == (Standing.CUT_SHORT, last + 1)


def test_paper_of_another_register_and_a_forged_one_are_told_apart(unit: Unit, slip: Ref, tmp_path: Path) -> None:
    anchor = printing.print_form(unit.desk(), "loan_slip", slip).anchor
    prefix, register, seq, raw = anchor.split(":")
    forged = raw[:50] + ("A" if raw[50] != "A" else "B") + raw[51:]
    assert standing(unit, f"{prefix}:108:{seq}:{raw}") is Standing.OTHER_REGISTER
    assert standing(unit, f"{prefix}:{register}:{int(seq) - 1}:{raw}") is Standing.NOT_SIGNED
    assert standing(unit, f"{prefix}:{register}:{seq}:{forged}") is Standing.NOT_SIGNED
    assert standing(unit, "C107000000013") is Standing.NO_ANCHOR
    # The same number elsewhere, with another key: the paper is not this register's.
    defenceless(unit, f"UPDATE register SET public_key = '{'ab' * 32}'")
    assert standing(unit, anchor) is Standing.NOT_SIGNED


# --- signed paper comes back --------------------------------------------------------------------------------------


def test_code_of_a_signed_form_finds_its_paper_and_who_is_still_to_sign(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    on_shelf(unit, 1)
    by_anchor = unit.desk().read(paper_named, scanned(form.pdf))
    by_slip = unit.desk().read(paper_named, payload(Letter.SLIP, 107, slip.id).lower())
    assert by_anchor is not None
    assert by_slip is not None
    for found in (by_anchor, by_slip):
        assert found.paper is not None
        assert (found.paper.id, found.slip, found.roles) == (form.paper, slip.id, ("borrower",))
    assert by_anchor.verdict is not None
    assert by_anchor.verdict.holds
    assert unit.desk().read(paper_named, "C107000000013") is None
    assert unit.desk().read(paper_named, payload(Letter.SLIP, 107, 999)) is None


def test_paper_is_awaited_until_it_is_back(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    labels = printing.print_form(unit.desk(), "carrier_labels", slip)
    assert noted(unit, form.paper)["returned_at"] is None
    assert noted(unit, labels.paper)["returned_at"] == "-"
    unit.do(SignOnPaper(role="borrower", person=unit.people["reader"], paper=form.paper), slip)
    assert noted(unit, form.paper)["returned_at"] == unit.now.astimezone(UTC).isoformat()
    assert noted(unit, printing.print_form(unit.desk(), "loan_slip", slip).paper)["returned_at"] == "-"


def test_anchor_of_a_book_that_does_not_hold_leads_to_no_paper(unit: Unit, slip: Ref) -> None:
    form = printing.print_form(unit.desk(), "loan_slip", slip)
    rewrite(unit, 3, b'"p":1', b'"p":2')
    found = unit.desk().read(paper_named, form.anchor)
    assert found is not None
    assert found.paper is None
    assert found.verdict is not None
    assert found.verdict.standing is Standing.REWRITTEN


@pytest.mark.parametrize("form", ["destruction_certificate", "archive_deed", "handover_list", "delivery_receipt"])
def test_no_slip_is_printed_as_another_kind_of_paper(unit: Unit, slip: Ref, form: str) -> None:
    before = unit.length()
    with pytest.raises(Refused) as refused:
        printing.print_form(unit.desk(), form, slip)
    assert "is not printed of this" in refused.value.refusals[0].reason.msgid
    assert unit.length() == before


@pytest.fixture
def left_in_place(unit: Unit, slip: Ref) -> str:
    """The code of a form, and a book that was rewritten before it but for the one seal that stands on it."""
    code = printing.print_form(unit.desk(), "loan_slip", slip).anchor
    at = int(code.split(":")[2])
    with unit.database.reading() as connection:
        kept = bytes(connection.exec_driver_sql("SELECT seal FROM ledger WHERE seq = ?", (at,)).scalar_one())
    rewrite(unit, 3, b'"p":1', b'"p":2')
    defenceless(unit, f"UPDATE ledger SET seal = x'{kept.hex()}' WHERE seq = {at}")
    return code


def test_a_scanned_paper_is_not_satisfied_with_a_seal_that_was_left_in_its_place(
    unit: Unit, left_in_place: str
) -> None:
    found = unit.desk().read(paper_named, left_in_place)
    assert found is not None
    assert found.verdict is not None
    assert found.verdict.standing is Standing.REWRITTEN
    assert found.verdict.at == int(left_in_place.split(":")[2])


def test_a_book_too_long_for_that_says_that_only_the_seal_was_looked_at(
    unit: Unit, left_in_place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanned_papers, "MOST_AT_ONCE", 5)
    found = unit.desk().read(paper_named, left_in_place)
    assert found is not None
    assert found.verdict is not None
    assert "whether every entry leads there" in found.verdict.sentence.msgid
