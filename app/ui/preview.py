"""The real PDF on screen: print it unchanged, save it, remember the printer and how the paper lies in it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QProcess, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.words import N_, Says, says
from app.i18n import _, in_words, ngettext, render
from app.paths import write_private
from app.services import cups
from app.ui import theme
from app.ui.number_boxes import DecimalBox, WholeBox
from app.ui.paper import Lie, Paper, Printing
from app.ui.paper_view import LONG, TURNS, PaperView

PAPERS = (("A4", "A4"), ("Letter", N_("Letter")))
_NAMED = 8
"""Characters no font has that are named before the rest are counted."""
FARTHEST = 50.0
"""Millimetres a printer may be off."""


class Preview(QDialog):
    """Shows a paper and prints exactly these bytes."""

    left = Signal(str)
    """It was given to the `printer` or written to a `file`: there is a copy, however the printer ends."""
    printed = Signal(str)
    """The printer that took it."""
    failed = Signal(object)
    """Says: why the printer did not take it."""

    def __init__(self, paper: Paper, printing: Printing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(paper.title)
        self.paper, self._printing = paper, printing
        self._pdf = paper.pdf
        self._is_printing = False
        self._process = QProcess(self)
        self._process.started.connect(self._on_started)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        # Children go in the order in which they came: the view must still be there when the document says good-bye.
        self.document = QPdfDocument(self)
        self._blank = QPdfDocument(self)
        self._buffer = QBuffer(self)
        self._view = PaperView(self)
        self._pages, self._missing, self._outcome = QLabel(self), QLabel(self), QLabel(self)
        self._printer, self._right, self._down = QComboBox(self), _millimetres(self), _millimetres(self)
        self._at, self._at_words = self._view.box, QLabel(_("Page"), self)
        self._on_paper, self._stock, self._first = QComboBox(self), QComboBox(self), WholeBox(self)
        self._drawn = self._wanted = printing.lie
        self._is_put_back = False
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(300)
        self._redraw.timeout.connect(self._draw_again)
        self._lay_out()
        self._list_paper()
        self._list_printers()
        self._load()
        self._on_lie()

    def _lay_out(self) -> None:
        theme.mark(self._pages, dim=True)
        theme.indent(self._first)
        self._at_words.setBuddy(self._at)
        theme.mark(self._missing, kind="warn")
        self._missing.setWordWrap(True)
        self._outcome.setWordWrap(True)
        self._print, save, self._close = (
            QPushButton(_("Print"), self),
            QPushButton(_("Save…"), self),
            QPushButton(_("Close"), self),
        )
        theme.mark(self._print, primary=True)
        self._print.clicked.connect(self.print)
        save.clicked.connect(self._ask_where)
        self._close.clicked.connect(self.reject)
        bar = QHBoxLayout()
        bar.setSpacing(8)
        bar.addWidget(QLabel(_("Printer"), self))
        bar.addWidget(self._printer)
        bar.addStretch(1)
        for last in (self._at_words, self._at, self._pages, save, self._close, self._print):
            bar.addWidget(last)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self._missing)
        layout.addWidget(self._view, 1)
        layout.addWidget(self._outcome)
        layout.addLayout(self._lie_bar())
        layout.addLayout(bar)
        self._outcome.hide()
        theme.fit(self, theme.size(880), theme.size(680))

    def _lie_bar(self) -> QHBoxLayout:
        """What paper is in the printer and how far off it prints; only where the paper can be drawn again."""
        bar = QHBoxLayout()
        bar.setSpacing(8)
        on_labels = bool(self._printing.stocks)
        fields = (
            (_("Paper size"), self._on_paper, not on_labels),
            (_("Labels on"), self._stock, on_labels),
            (_("from label"), self._first, on_labels),
            (_("mm right"), self._right, True),
            (_("mm down"), self._down, True),
        )
        for words, field_, is_shown in fields:
            label = QLabel(words, self)
            label.setBuddy(field_)
            for widget in (label, field_):
                bar.addWidget(widget)
                widget.setVisible(is_shown and self._printing.arrange is not None)
        bar.addStretch(1)
        return bar

    def _list_paper(self) -> None:
        lie = self._printing.lie
        for size, words in PAPERS:
            self._on_paper.addItem(_(words), size)
        self._on_paper.setCurrentIndex(self._on_paper.findData(lie.paper))
        for code, (name, _labels) in self._printing.stocks.items():
            self._stock.addItem(name, code)
        self._stock.setCurrentIndex(max(0, self._stock.findData(lie.stock)))
        self._on_stock()
        self._first.setValue(lie.first_label)
        self._on_paper.currentTextChanged.connect(self._on_lie)
        self._stock.currentIndexChanged.connect(self._on_stock)
        for box in (self._first, self._right, self._down):
            box.valueChanged.connect(self._on_lie)

    def _on_stock(self) -> None:
        self._fit_first()
        self._on_lie()

    def _fit_first(self) -> None:
        """Another sheet has other labels: as many as lie on it can be left out."""
        _name, labels = self._printing.stocks.get(self._stock.currentData(), ("", 1))
        self._first.setRange(1, labels)
        self._first.setEnabled(labels > 1)

    def print(self) -> None:
        """Give the bytes to the printing system over standard input, unchanged, with no file in between."""
        printer = self._printer.currentText()
        if not printer or self._is_printing or self._drawn != self._wanted:
            return
        if not self._is_put_back:  # else nobody chose that it lies so
            self._printing.remember(printer, self._drawn)
        self._set_printing(is_on=True)
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)  # a button that is off gives its focus to "Save…"
        size = self.document.pagePointSize(0)
        media = {"media": cups.media(size.width(), size.height())} if self.document.pageCount() else {}
        self._process.start(self._printing.command, cups.order(printer, options=media))

    def save_as(self, path: Path) -> None:
        """Write the bytes to a file that only its owner may read."""
        write_private(path, self._pdf)
        self.left.emit("file")

    @property
    def _lie(self) -> Lie:
        return Lie(
            (self._right.value(), self._down.value()),
            str(self._on_paper.currentData()),
            str(self._stock.currentData() or self._printing.lie.stock),
            self._first.value(),
        )

    def _set_printing(self, *, is_on: bool) -> None:
        self._is_printing = is_on
        self._enable_print()

    def _enable_print(self) -> None:
        """What is shown is what is printed: never while it is being drawn anew."""
        is_shown = self._drawn == self._wanted
        self._print.setEnabled(is_shown and not self._is_printing and self._printer.count() > 0)

    def _on_started(self) -> None:
        self.left.emit("printer")
        self._process.write(QByteArray(self._pdf))
        self._process.closeWriteChannel()

    def _on_finished(self, code: int) -> None:
        printer = self._printer.currentText()
        self._set_printing(is_on=False)
        if code == 0:
            self._show_outcome(says(N_("Sent to {printer}."), printer=printer), "good")
            self.printed.emit(printer)
        else:
            reason = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip()
            self._fail(says(N_("The printer {printer} did not take it: {reason}"), printer=printer, reason=reason))

    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._set_printing(is_on=False)
            command = self._printing.command
            self._fail(says(N_("The printing system ({command}) is missing. Save the paper instead."), command=command))

    def _fail(self, why: Says) -> None:
        self._show_outcome(why, "bad")
        self.failed.emit(why)

    def _show_outcome(self, words: Says, kind: str) -> None:
        self._outcome.setText(render(words))
        theme.mark(self._outcome, kind=kind)
        self._outcome.show()

    def _ask_where(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(self, _("Save the paper"), self.paper.file_name, _("PDF (*.pdf)"))
        if name:
            try:
                self.save_as(Path(name))
            except OSError as error:
                reason = error.strerror or str(error)
                self._fail(
                    says(N_("It cannot be saved as {path}: {reason}. Choose another place."), path=name, reason=reason)
                )
            else:
                self._show_outcome(says(N_("Saved as {path}."), path=name), "good")

    def _list_printers(self) -> None:
        self._printer.addItems(list(self._printing.printers()))
        self._printer.setPlaceholderText(_("no printer here: save the paper"))
        self._printer.setEnabled(self._printer.count() > 0)
        self._printer.setCurrentIndex(max(0, self._printer.findText(self._printing.last)))
        self._print.setEnabled(self._printer.count() > 0)
        self._print.setToolTip(
            "" if self._printer.count() else _("This workstation has no printer; save the paper instead.")
        )
        self._printer.currentTextChanged.connect(self._on_printer)
        self._on_printer(self._printer.currentText())

    def _on_printer(self, printer: str) -> None:
        right, down = self._printing.offset_of(printer)
        self._right.setValue(right)
        self._down.setValue(down)

    def _on_lie(self) -> None:
        if self._printing.arrange is not None and self._lie != self._wanted:
            self._wanted = self._lie
            self._enable_print()
            self._redraw.start()

    def _draw_again(self) -> None:
        if self._printing.arrange is None:
            return
        wanted = self._wanted
        fields = (self._on_paper, self._stock, self._first, self._right, self._down)

        def drawn(pdf: bytes) -> None:
            if wanted == self._wanted:  # else a later one is on its way
                self._pdf, self._drawn = pdf, wanted
                if self._is_put_back:
                    self._is_put_back = False
                    self._outcome.hide()  # it said why another could not be drawn
                self._load()
                self._enable_print()
                if not any(field_.hasFocus() for field_ in fields):  # a button that is off gives its focus away
                    self._print.setFocus(Qt.FocusReason.OtherFocusReason)

        def not_drawn(why: Says | None) -> None:
            if wanted == self._wanted:
                self._put_back()
                lies = says(N_("What is shown lies as it did before: print it so, or choose once more."))
                self._show_outcome(
                    says("{why} {lies}", why=why or says(N_("It cannot be drawn so.")), lies=lies), "bad"
                )

        self._printing.arrange(wanted, drawn, not_drawn, self)

    def _put_back(self) -> None:
        """The last paper that could be drawn is what is shown, chosen and printed."""
        lie, self._wanted, self._is_put_back = self._drawn, self._drawn, True
        boxes = (self._on_paper, self._stock, self._first, self._right, self._down)
        for box in boxes:
            box.blockSignals(True)
        self._on_paper.setCurrentIndex(self._on_paper.findData(lie.paper))
        self._stock.setCurrentIndex(max(0, self._stock.findData(lie.stock)))
        self._fit_first()
        self._first.setValue(lie.first_label)
        self._right.setValue(lie.offset[0])
        self._down.setValue(lie.offset[1])
        for box in boxes:
            box.blockSignals(False)
        self._enable_print()

    def _load(self) -> None:
        self._view.setDocument(self._blank)
        self.document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray(self._pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        QTimer.singleShot(1, self, self._show_pages)  # in a turn of its own: every page shown is asked for its size
        count = self.document.pageCount()
        self._at.setRange(1, max(1, count))
        for part in (self._at_words, self._at):
            part.setVisible(count > LONG)
        all_of_them = _("of {n}") if count > LONG else ngettext("{n} page", "{n} pages", count)
        self._pages.setText(all_of_them.format(n=f"{count:,}"))
        missing = self.paper.missing
        more = (f"… [+{len(missing) - _NAMED}]",) if len(missing) > _NAMED else ()
        names = in_words((*missing[:_NAMED], *more))
        self._missing.setText(_("No font here has: {names}. They are printed as code points.").format(names=names))
        self._missing.setVisible(bool(names))

    def _show_pages(self) -> None:
        if self._buffer.isOpen():
            self._view.show_pages(self.document)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """In a field Enter takes what was typed; a button that has the keyboard has taken it before."""
        turns = TURNS.get(Qt.Key(event.key()))
        if turns is not None and self._view.is_long:
            self._view.go_on(turns)
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._print.setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self, result: int) -> None:
        """Let the memory with the paper go at once, after the thread that draws it let go."""
        self._view.setDocument(self._blank)
        self.document.close()
        self._buffer.close()
        super().done(result)


def _millimetres(parent: QWidget) -> DecimalBox:
    box = DecimalBox(parent)
    box.setRange(-FARTHEST, FARTHEST)
    box.setDecimals(1)
    box.setSingleStep(0.5)
    box.setMinimumWidth(theme.size(72))
    theme.indent(box)
    return box
