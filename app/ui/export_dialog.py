"""An export: where to, then a process of its own with progress and a stop; the export itself is an entry."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QWidget

from app.domain.words import N_, says
from app.i18n import _
from app.services.filters import filter_plain
from app.store.reads import CarrierFilter
from app.ui.long_work import ProgressDialog
from app.ui.workplace import Workplace


def begin_export(workplace: Workplace, filters: CarrierFilter, sort: str, parent: QWidget) -> None:
    """Ask where the list goes, then write it."""
    name, _kind = QFileDialog.getSaveFileName(
        parent, _("Export this list"), "carriers.xlsx", _("Spreadsheet (*.xlsx);;Text with commas (*.csv)")
    )
    if name:
        export_to(workplace, Path(name), filters, sort, parent)


def export_to(workplace: Workplace, file: Path, filters: CarrierFilter, sort: str, parent: QWidget) -> ProgressDialog:
    """Write the list to a file in a child process."""
    dialog = ProgressDialog(_("Export"), parent)
    answers = {"file": str(file), "sort": sort, "filter": filter_plain(filters)}
    done, refused = partial(_on_done, workplace, dialog), partial(_on_refused, workplace, dialog)
    stop = workplace.job("export", answers, dialog.show_progress, done, refused)
    dialog.stopped.connect(stop)
    dialog.open()
    return dialog


def _on_done(workplace: Workplace, dialog: ProgressDialog, result: Mapping[str, Any]) -> None:
    _close(dialog)
    stopped, cut = bool(result.get("stopped")), int(result.get("cut", 0))
    sentence = N_("{n} rows written to {file}.")
    if stopped:
        sentence = N_("Stopped after {n} rows: {file} is not whole.")
    elif cut:
        sentence = N_("{n} rows written to {file}; {cut} texts are cut to what a cell holds. A .csv holds them whole.")
    told = says(sentence, n=f"{result['rows']:,}", file=str(result["file"]), **({"cut": cut} if cut else {}))
    workplace.notices.say(told, "warn" if stopped or cut else "good")
    workplace.reload()


def _on_refused(workplace: Workplace, dialog: ProgressDialog, words: str) -> None:
    _close(dialog)
    workplace.notices.say(words, "bad")


def _close(dialog: ProgressDialog) -> None:
    dialog.hide()
    dialog.deleteLater()
