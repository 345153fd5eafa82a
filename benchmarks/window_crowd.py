"""What is large in one person's hands, opened, scrolled and scanned in the real window; part of the window's probe."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog

from app.actions.handover import OpenHandover
from app.domain.action import Authority, Ref, Signature, Subject
from app.domain.carrier import PersonId
from app.domain.numbering import payload
from app.store import reads
from app.store.reads import CarrierFilter
from app.ui.importing import ImportDialog
from app.ui.table import Table
from benchmarks import builder, crowd
from benchmarks.importing import book_of

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.window_probe import Probe

DIALOG = 1_000
ROWS = 13_000


def go_through(probe: Probe, scratch: Path) -> None:
    """Every large thing once."""
    _handover(probe)
    _receipt(probe)
    _document(probe)
    _dialog(probe)
    _import(probe, scratch)
    _charge(probe)
    _lock(probe)


def _handover(probe: Probe) -> None:
    slip = _number(probe, "SELECT id FROM slips WHERE kind = 'handover'")
    probe.step(
        "open a handover of 5,000",
        lambda: probe.session.place.go_slip(slip),
        lambda: _view(probe).scan_list is not None,
    )
    view = _view(probe)
    codes = [payload("C", 107, number) for number in _numbers(probe, slip, 6)]
    for side in ("giver", "receiver"):
        view.scan_list.choose_side(side)
        for code in codes:
            probe.step(f"a scan in a handover of 5,000, {side}", lambda code=code: view.take_code(code))  # type: ignore[misc]
    _scroll(probe, "a handover of 5,000", view.scan_list.expected_table)
    probe.step("a scan at its end", lambda: view.take_code(payload("C", 107, _numbers(probe, slip, 7)[-1])))
    probe.step("its lines and its side", view._toggle)  # noqa: SLF001 - its button
    probe.step("a handover of 5,000 read again", view.reload)


def _receipt(probe: Probe) -> None:
    slip = _number(probe, "SELECT id FROM slips WHERE kind = 'receipt' AND listed = 5000")
    probe.step(
        "open a receipt of 5,000", lambda: probe.session.place.go_slip(slip), lambda: _view(probe).read is not None
    )
    _scroll(probe, "a receipt of 5,000", _view(probe).table)
    paper = _number(probe, "SELECT id FROM slips WHERE kind = 'handover'")
    probe.step(
        "a paper of 100 pages and more", lambda: probe.session.place.preview("handover_list", Ref(Subject.SLIP, paper)),
        lambda: _dialogs(probe) != [],
    )  # fmt: skip
    shown: Any = _dialogs(probe)[0]
    if shown.document.pageCount() < 100:
        raise ValueError("the paper is too short")
    for page in range(10, 101, 10):
        probe.step("turn the pages of that paper", lambda page=page: shown._at.setValue(page))  # type: ignore[misc] # noqa: SLF001 - its box
    probe.step("put that paper away", shown.reject)


def _document(probe: Probe) -> None:
    number = _number(probe, "SELECT document FROM carriers GROUP BY document ORDER BY count(*) DESC, document LIMIT 1")
    place = probe.session.place
    probe.step("open a document of 500 copies", lambda: place.go_to(Ref(Subject.DOCUMENT, number)))
    probe.step("its copies as a list", lambda: place.go_carriers(CarrierFilter(document=number)))


def _dialog(probe: Probe) -> None:
    place = probe.session.place
    query = "SELECT id FROM carriers WHERE state = 'in_stock' AND custodian = 1 AND place <> 3 LIMIT ?"
    numbers = place.desk.read(lambda connection: list(connection.exec_driver_sql(query, (DIALOG,)).scalars()))
    lines = place.desk.read(reads.lines_of, numbers, place.viewer)
    probe.step("open a dialog on 1,000", lambda: place.perform("move_to", lines))
    dialog: Any = _dialogs(probe)[0]
    probe.step("answer it", lambda: dialog.form.asked["place"].field.set_answer(3), dialog._confirm.isEnabled)  # noqa: SLF001 - its button
    _scroll(probe, "1,000 lines of a dialog", dialog._lines_table)  # noqa: SLF001 - as above
    probe.step("perform an act on 1,000", dialog._confirm.click, lambda: not _dialogs(probe))  # noqa: SLF001 - as above
    probe.step("open a dialog that asks of each of 1,000", lambda: place.perform("propose_destruction", lines))
    asks: Any = _dialogs(probe)[0]
    probe.step("one answer for all 1,000", lambda: asks.lines.fill(1, 0))
    probe.step("put it away", asks.reject)


def _import(probe: Probe, scratch: Path) -> None:
    file = scratch / "book.csv"
    book_of(file, ROWS)
    dialog = ImportDialog(probe.session.place)
    probe.step("open the import", dialog.open)
    dialog.file.setText(str(file))
    probe.step("try a book of 13,000 rows", dialog._try.click, lambda: bool(dialog.outcome.text()))  # noqa: SLF001 - its button
    probe.step("put the import away", dialog.reject)


def _charge(probe: Probe) -> None:
    """Who is signed in answers for all the rest of the book."""
    place, window = probe.session.place, probe.session.window
    probe.step("Today of who has 100,000", lambda: window.go("today"))
    probe.step("Carriers of who has 100,000", lambda: place.go_carriers(CarrierFilter(custodian=1)))
    probe.step("Counter with who has 100,000", lambda: place.go_to(Ref(Subject.PERSON, 1)))
    given: dict[str, Any] = {
        "giver": crowd.CLERK,
        "receiver": crowd.RECEIVER,
        "supervisor": crowd.SECOND,
        "named_by": crowd.LEADER,
    }
    probe.step("ask for a handover of 95,000", lambda: place.perform("open_handover", initial=given))
    dialog: Any = _dialogs(probe)[0]
    probe.step("put that away", dialog.reject)
    done: list[object] = []
    named = Authority(signatures=(Signature(PersonId(crowd.LEADER), "namer"),))
    probe.step(
        "hand over 95,000", lambda: place.do(OpenHandover(**given), authority=named, on_done=done.append),
        lambda: bool(done),
    )  # fmt: skip
    slip = _number(probe, "SELECT max(id) FROM slips WHERE kind = 'handover'")
    probe.step("open a handover of 95,000", lambda: place.go_slip(slip), lambda: _view(probe).scan_list is not None)
    for code in [payload("C", 107, number) for number in _numbers(probe, slip, 4)]:
        probe.step("a scan in a handover of 95,000", lambda code=code: _view(probe).take_code(code))  # type: ignore[misc]


def _lock(probe: Probe) -> None:
    window = probe.session.window
    probe.step("lock", probe.session.lock)
    screen = window._covers.currentWidget()  # noqa: SLF001 - what hides everything
    screen.password.setText(builder.PASSWORD)
    probe.step("unlock", screen.button.click, lambda: not window.is_locked)
    for dialog in _dialogs(probe):
        probe.step("put a dialog away", dialog.reject)


# --- ways ------------------------------------------------------------------------------------------------------------


def _scroll(probe: Probe, what: str, table: Any) -> None:
    model = table.model()

    def to_the_end() -> None:
        while True:
            before = model.rowCount()
            table.scrollToBottom()
            probe.rest(quiet=0.02)
            if isinstance(table, Table) and not table.rows.is_whole:
                continue
            if model.rowCount() == before:
                return

    probe.step(f"scroll through {what}", to_the_end)


def _view(probe: Probe) -> Any:
    return probe.session.window.page.pane.view


def _dialogs(probe: Probe) -> list[QDialog]:
    return [each for each in probe.session.window.findChildren(QDialog) if each.isVisible()]


def _number(probe: Probe, query: str) -> int:
    found: Callable[[Any], Any] = lambda connection: connection.exec_driver_sql(query).scalar_one()  # noqa: E731 - one line
    return int(probe.session.place.desk.read(found))


def _numbers(probe: Probe, slip: int, many: int) -> list[int]:
    query = "SELECT carrier FROM slip_lines WHERE slip = ? AND status = 'listed' ORDER BY no DESC LIMIT ?"
    found: Callable[[Any], Any] = lambda connection: list(connection.exec_driver_sql(query, (slip, many)).scalars())  # noqa: E731 - as above
    return list(probe.session.place.desk.read(found))
