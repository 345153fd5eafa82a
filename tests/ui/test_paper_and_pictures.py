"""Previews print the bytes they show; pictures can be clicked; fault reports say nothing that was entered."""

import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton
from pytestqt.qtbot import QtBot
from reportlab.lib.pagesizes import landscape, letter
from reportlab.pdfgen.canvas import Canvas

from app.domain.words import N_, Says, says
from app.ui import theme
from app.ui.charts import Bar, Segment, holdings_by_level, overdue_by_week
from app.ui.fault import FaultDialog, fault_of
from app.ui.paper import Lie, NotDrawn, Paper, Printing
from app.ui.paper_view import LONG, NOTCH, SLIVER
from app.ui.preview import Preview


def pages_of(many: int) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, invariant=True)
    for page in range(many):
        canvas.drawString(100, 700, f"page {page}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.fixture
def pdf() -> bytes:
    return pages_of(3)


def test_of_a_text_no_font_has_some_letters_are_named_and_the_rest_counted(
    themed: QApplication, qtbot: QtBot, pdf: bytes
) -> None:
    """A title in Tibetan pushed the paper out of its own preview."""
    preview = Preview(Paper(pdf, "List", "list.pdf", tuple(f"U+0F{n:02X}" for n in range(60))), Printing(list))
    qtbot.addWidget(preview)
    assert "U+0F07, … [+52]. They" in preview._missing.text()


@pytest.fixture
def printer(tmp_path: Path) -> Path:
    """A printing system that keeps what it was given."""
    script = tmp_path / "lp"
    script.write_text(
        '#!/bin/sh\necho "$@" > "$(dirname "$0")/args"\n[ "$2" = Jam ] && { echo "no paper" >&2; exit 1; }\n'
        'cat > "$(dirname "$0")/job"\n'
    )
    script.chmod(0o700)
    return script


def test_the_printer_gets_the_bytes_that_were_shown(
    themed: QApplication, qtbot: QtBot, pdf: bytes, printer: Path
) -> None:
    kept: list[object] = []
    preview = Preview(
        Paper(pdf, "Loan slip", "loan.pdf", ("𠮷 U+20BB7",)),
        Printing(
            lambda: ["Office", "Jam"],
            "Office",
            remember=lambda name, lie: kept.append((name, lie)),
            command=str(printer),
        ),
    )
    qtbot.addWidget(preview)
    preview.show()
    assert preview.document.pageCount() == 3
    assert "U+20BB7" in preview._missing.text()
    with qtbot.waitSignal(preview.printed):
        preview.print()
    assert (printer.parent / "job").read_bytes() == pdf
    assert "-d Office" in (printer.parent / "args").read_text()
    assert kept == [("Office", Lie())]
    preview.save_as(printer.parent / "saved.pdf")
    assert (printer.parent / "saved.pdf").stat().st_mode & 0o077 == 0, "others of the machine do not read it"
    assert (printer.parent / "saved.pdf").read_bytes() == pdf


def test_the_pages_are_laid_out_after_the_dialog_and_not_once_it_is_closed(
    themed: QApplication, qtbot: QtBot, pdf: bytes
) -> None:
    for is_closed in (False, True):
        preview = Preview(Paper(pdf, "Slip"), Printing(list))
        qtbot.addWidget(preview)
        preview.show()
        assert preview._view.document() is preview._blank
        if is_closed:
            preview.reject()
        qtbot.wait(20)
        assert preview._view.document() is (preview._blank if is_closed else preview.document)


def test_of_a_long_paper_one_page_is_shown_at_a_time(themed: QApplication, qtbot: QtBot, pdf: bytes) -> None:
    for pages, is_long in ((LONG, False), (LONG + 1, True)):
        preview = Preview(Paper(pages_of(pages), "Slip"), Printing(list))
        qtbot.addWidget(preview)
        preview.show()
        qtbot.waitUntil(lambda shown=preview: shown._view.document() is shown.document)
        at = preview._view.pageNavigator().currentPage
        assert preview._at.isVisible() is is_long
        preview._at.setValue(pages)
        assert at() == (pages - 1 if is_long else 0)
        preview.reject()


@pytest.fixture
def long_one(themed: QApplication, qtbot: QtBot) -> Preview:
    """A paper of more pages than a roll has, each higher than what is seen of it."""
    preview = Preview(Paper(pages_of(LONG + 1), "Slip"), Printing(lambda: ["Office"]))
    qtbot.addWidget(preview)
    preview.show()
    qtbot.waitUntil(lambda: preview._view.document() is preview.document)
    return preview


def push(preview: Preview, delta: int) -> None:
    view = preview._view.viewport()
    at = QPointF(view.rect().center())
    none = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, view.mapToGlobal(at), QPoint(), QPoint(0, delta), *none, False)  # noqa: FBT003 - Qt's
    QApplication.sendEvent(view, event)


def test_the_wheel_goes_on_to_the_next_page_where_one_ends(long_one: Preview) -> None:
    """It stopped at the foot of each page: whoever turns 240 of them reached for the box each time."""
    at, bar = long_one._view.pageNavigator().currentPage, long_one._view.verticalScrollBar()
    assert bar.maximum() > 0
    push(long_one, -NOTCH)
    assert at() == 0
    assert bar.value() > 0
    bar.setValue(bar.maximum())
    push(long_one, -NOTCH)
    assert (at(), bar.value(), long_one._at.value()) == (1, 0, 2)
    push(long_one, NOTCH)
    assert (at(), bar.value()) == (0, bar.maximum())
    bar.setValue(0)
    push(long_one, NOTCH)
    assert (at(), bar.value()) == (0, 0)
    bar.setValue(bar.maximum())
    for push_of_a_touchpad in (-NOTCH // 2, -NOTCH // 2):
        assert at() == 0
        push(long_one, push_of_a_touchpad)
    assert at() == 1


@pytest.mark.parametrize("where", ["_print", "_at", "_view"])
def test_a_key_turns_a_page_once_all_of_it_was_seen(long_one: Preview, where: str) -> None:
    """It turned at once, and the lower half of a large page was never shown; in the box it counted ten pages up."""
    at, bar = long_one._view.pageNavigator().currentPage, long_one._view.verticalScrollBar()
    field, height = getattr(long_one, where), long_one._view.viewport().height()
    seen = 0
    while at() == 0:
        assert bar.value() <= seen, "a part was passed over"
        seen = bar.value() + height
        QTest.keyClick(field, Qt.Key.Key_PageDown)
    assert seen >= bar.maximum() + height * (1 - SLIVER)
    assert (at(), bar.value()) == (1, 0)
    QTest.keyClick(field, Qt.Key.Key_PageUp)
    assert (at(), bar.value()) == (0, bar.maximum())


def test_enter_in_a_field_of_the_preview_presses_no_button(long_one: Preview, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number of a page and Enter asked where the paper should be saved."""
    asked: list[object] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: asked.append(words) or ("", ""))
    for field in (long_one._at, long_one._right):
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert not asked


def test_a_paper_that_is_being_printed_has_the_keyboard_on_close(
    themed: QApplication, qtbot: QtBot, pdf: bytes, printer: Path
) -> None:
    """It stood on “Save…” then, and a second Enter asked where to save the paper."""
    preview = Preview(Paper(pdf, "Slip"), Printing(lambda: ["Office"], command=str(printer)))
    qtbot.addWidget(preview)
    preview.show()
    QTest.keyClick(preview._print, Qt.Key.Key_Return)
    assert preview.focusWidget() is preview._close
    qtbot.waitUntil(preview._print.isEnabled)


def test_a_printer_that_jams_says_why(themed: QApplication, qtbot: QtBot, pdf: bytes, printer: Path) -> None:
    preview = Preview(Paper(pdf, "Slip"), Printing(lambda: ["Jam"], command=str(printer)))
    qtbot.addWidget(preview)
    with qtbot.waitSignal(preview.failed) as failed:
        preview.print()
    assert isinstance(failed.args[0], Says)
    assert failed.args[0].values["reason"] == "no paper"


def test_a_missing_printing_system_is_said(themed: QApplication, qtbot: QtBot, pdf: bytes) -> None:
    preview = Preview(Paper(pdf, "Slip"), Printing(lambda: ["Office"], command="/nowhere/lp"))
    qtbot.addWidget(preview)
    with qtbot.waitSignal(preview.failed):
        preview.print()
    assert preview._print.isEnabled()


def test_how_it_lies_is_drawn_into_the_paper(themed: QApplication, qtbot: QtBot, pdf: bytes) -> None:
    drawn: list[Lie] = []

    def arrange(lie: Lie, done: Callable[[bytes], None], _not_drawn: NotDrawn, _owner: QObject) -> None:
        drawn.append(lie)
        done(pdf)

    preview = Preview(Paper(pdf, "Slip"), Printing(lambda: ["Office"], arrange=arrange))
    qtbot.addWidget(preview)
    preview._right.setValue(-1.5)
    assert not preview._print.isEnabled(), "what is shown is not yet what is wanted"
    qtbot.waitUntil(lambda: drawn == [Lie((-1.5, 0.0))])
    assert preview._print.isEnabled()
    preview._on_paper.setCurrentText("Letter")
    qtbot.waitUntil(lambda: drawn[1:] == [Lie((-1.5, 0.0), "Letter")])


def test_a_remembered_offset_is_in_what_is_shown_first(themed: QApplication, qtbot: QtBot, pdf: bytes) -> None:
    drawn: list[Lie] = []
    printing = Printing(
        lambda: ["Office"], offset_of=lambda _name: (2.0, -1.0), arrange=lambda lie, *_told: drawn.append(lie)
    )
    preview = Preview(Paper(pdf, "Slip"), printing)
    qtbot.addWidget(preview)
    assert not preview._print.isEnabled()
    qtbot.waitUntil(lambda: drawn == [Lie((2.0, -1.0))])


def test_a_paper_that_cannot_be_drawn_so_is_said_in_the_preview_and_the_last_one_is_printed(
    themed: QApplication, qtbot: QtBot, pdf: bytes, printer: Path
) -> None:
    asked: list[Lie] = []
    remembered: list[Lie] = []
    stands = [says(N_("It cannot be drawn so."))]

    def arrange(lie: Lie, done: Callable[[bytes], None], not_drawn: NotDrawn, _owner: QObject) -> None:
        asked.append(lie)
        if stands:
            not_drawn(stands[0])
        else:
            done(pdf)

    printing = Printing(
        lambda: ["Office"], arrange=arrange, command=str(printer), remember=lambda _printer, lie: remembered.append(lie)
    )
    preview = Preview(Paper(pdf, "Slip"), printing)
    qtbot.addWidget(preview)
    preview.show()
    preview._on_paper.setCurrentText("Letter")
    preview._down.setValue(2.0)
    qtbot.waitUntil(lambda: asked == [Lie((0.0, 2.0), "Letter")])
    assert preview._outcome.isVisible()
    assert preview._outcome.text().startswith("It cannot be drawn so.")
    assert (preview._on_paper.currentData(), preview._down.value()) == ("A4", 0.0), "what is shown is what is chosen"
    assert preview._print.isEnabled()
    with qtbot.waitSignal(preview.printed):
        preview.print()
    assert remembered == [], "nobody chose that it lies so"
    stands.clear()
    preview._on_paper.setCurrentText("Letter")
    qtbot.waitUntil(lambda: asked[1:] == [Lie(paper="Letter")])
    assert preview._drawn == Lie(paper="Letter")
    assert not preview._outcome.isVisible()


def test_enter_prints_what_was_drawn_anew(themed: QApplication, qtbot: QtBot, pdf: bytes) -> None:
    printing = Printing(
        lambda: ["Office"], offset_of=lambda _name: (2.0, -1.0), arrange=lambda _lie, done, *_told: done(pdf)
    )
    preview = Preview(Paper(pdf, "Slip"), printing)
    qtbot.addWidget(preview)
    with qtbot.waitActive(preview):
        preview.show()
    qtbot.waitUntil(preview._print.isEnabled)
    assert preview._print.hasFocus()


def test_labels_start_at_the_first_free_one(themed: QApplication, qtbot: QtBot, pdf: bytes) -> None:
    drawn: list[Lie] = []
    stocks = {"sheet": ("A4, 3 × 8", 24), "roll": ("Roll, 70 × 40 mm", 1)}
    printing = Printing(
        lambda: ["Office"], arrange=lambda lie, *_told: drawn.append(lie), stocks=stocks, lie=Lie(stock="sheet")
    )
    preview = Preview(Paper(pdf, "Labels"), printing)
    qtbot.addWidget(preview)
    preview.show()
    assert not preview._on_paper.isVisible()
    preview._first.setValue(9)
    qtbot.waitUntil(lambda: drawn == [Lie(stock="sheet", first_label=9)])
    preview._stock.setCurrentIndex(1)
    assert not preview._first.isEnabled(), "a roll has no used places"
    qtbot.waitUntil(lambda: drawn[1:] == [Lie(stock="roll", first_label=1)])


def test_the_job_is_named_after_the_program_and_nothing_scales_it(
    themed: QApplication, qtbot: QtBot, printer: Path
) -> None:
    file = BytesIO()
    canvas = Canvas(file, pagesize=landscape(letter), invariant=True)
    canvas.showPage()
    canvas.save()
    paper = Paper(file.getvalue(), "Handover list", "handover_list-7.pdf")
    preview = Preview(paper, Printing(lambda: ["Office"], command=str(printer)))
    qtbot.addWidget(preview)
    with qtbot.waitSignal(preview.printed):
        preview.print()
    words = (printer.parent / "args").read_text().split()
    assert words == ["-d", "Office", "-n", "1", "-t", "Custos", "-o", "print-scaling=none", "-o", "media=Letter", "-"]


HOLDINGS = (
    Bar("绝密", (Segment("ts/in", "in stock", 40), Segment("ts/out", "out", 8)), "#B3261E"),
    Bar("机密", (Segment("s/in", "in stock", 300), Segment("s/out", "out", 102)), "#B85C00"),
)


def test_a_picture_is_clicked_through_to_what_it_shows(themed: QApplication, qtbot: QtBot) -> None:
    chart = holdings_by_level()
    qtbot.addWidget(chart)
    chart.show_bars(HOLDINGS)
    chart.resize(400, 260)
    chart.show()
    qtbot.waitUntil(lambda: chart.segment_at(QPointF(350, 1)) is not None)  # drawn in a turn of its own
    segment = chart.segment_at(QPointF(350, 1))
    assert segment is not None
    assert segment.key == "s/out"
    assert chart.segment_at(QPointF(350, 0)) is None
    assert "out" in chart._legend.text()


@pytest.mark.parametrize("width", [200, 240, 400])
def test_numbers_of_an_axis_never_read_as_one(themed: QApplication, qtbot: QtBot, width: int) -> None:
    chart = holdings_by_level()
    qtbot.addWidget(chart)
    chart.show_bars([Bar("秘密", (Segment("s", "in stock", 1203),)), Bar("机密", (Segment("j", "in stock", 16),))])
    chart.resize(width, 260)
    chart.show()
    qtbot.waitUntil(lambda: chart.segment_at(QPointF(350, 0)) is not None)
    item = chart._plot.getPlotItem()

    def are_apart() -> bool:
        (low, high), has = item.vb.viewRange()[0], item.vb.width()
        marks = [mark for _step, marks in item.getAxis("bottom").tickValues(low, high, has)[:1] for mark in marks]
        between = min((after - mark for mark, after in pairwise(marks)), default=high)
        return bool(between / (high - low) * has >= chart.fontMetrics().horizontalAdvance("2000") + 8)

    qtbot.waitUntil(are_apart)  # its size is settled in turns of its own


def test_numbers_of_an_axis_are_written_as_beside_the_bars(themed: QApplication, qtbot: QtBot) -> None:
    chart = holdings_by_level()
    qtbot.addWidget(chart)
    chart.show_bars([Bar("秘密", (Segment("s", "in stock", 1_203_000),))])
    chart.resize(400, 260)
    chart.show()
    qtbot.waitUntil(lambda: chart.segment_at(QPointF(350, 0)) is not None)
    axis = chart._plot.getPlotItem().getAxis("bottom")
    assert axis.tickStrings([0, 1_000, 1_000_000], 1.0, 1_000) == ["0", "1,000", "1,000,000"]


def test_without_a_picture_the_words_stay_at_the_top(themed: QApplication, qtbot: QtBot) -> None:
    chart = overdue_by_week()
    qtbot.addWidget(chart)
    chart.show_bars([])
    chart.resize(360, 260)
    chart.show()
    assert chart._nothing.geometry().bottom() < 80


def test_a_picture_follows_the_theme(themed: QApplication, qtbot: QtBot) -> None:
    chart = overdue_by_week()
    qtbot.addWidget(chart)
    chart.show_bars([Bar(str(week), (Segment(str(week), "", week),)) for week in range(1, 9)])
    chart.resize(400, 260)
    chart.show()
    try:
        theme.use("dark")
        ground = theme.DARK.panel
        qtbot.waitUntil(lambda: chart._plot and chart._plot.backgroundBrush().color().name().upper() == ground)
    finally:
        theme.use("light")


def test_the_drawing_library_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, app.ui.charts, app.ui.main_window; sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.expected_log("fault")
def test_a_fault_report_has_a_number_and_nothing_that_was_entered(themed: QApplication, qtbot: QtBot) -> None:
    try:
        raise KeyError("the secret title")  # noqa: TRY301
    except KeyError as error:
        fault = fault_of(error)
    dialog = FaultDialog(fault)
    qtbot.addWidget(dialog)
    next(button for button in dialog.findChildren(QPushButton) if button.text() == "Copy the report").click()
    copied = QGuiApplication.clipboard().text()
    assert fault.number in copied
    assert "KeyError" in copied
    assert "secret title" not in copied
