"""What was drawn, shown as the PDF it is; printer and offset are remembered for each form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from app.i18n import current
from app.services.printing import Printed, title_of
from app.settings import Settings
from app.ui.preview import Offset, Paper, Preview, Printing
from app.ui.workplace import Workplace


def show_printed(workplace: Workplace, printed: Printed, form_code: str, printers: Sequence[str]) -> Preview:
    """Open the preview of a paper that was just recorded as printed."""
    title = title_of(form_code, current())
    paper = Paper(printed.pdf, title, f"{form_code}-{printed.paper}.pdf", printed.missing)
    kept = workplace.settings
    printing = Printing(
        printers=lambda: printers,
        last=kept.printers.get(form_code, ""),
        offset_of=partial(_offset_of, workplace),
        remember=partial(_remember, workplace, form_code),
    )
    preview = Preview(paper, printing, workplace.window)
    preview.finished.connect(preview.deleteLater)
    preview.open()
    return preview


def _offset_of(workplace: Workplace, printer: str) -> Offset:
    right, down = workplace.settings.offsets.get(printer, (0.0, 0.0))
    return right, down


def _remember(workplace: Workplace, form_code: str, printer: str, offset: Offset) -> None:
    kept: Settings = workplace.settings
    workplace.keep_settings(
        replace(kept, printers={**kept.printers, form_code: printer}, offsets={**kept.offsets, printer: offset})
    )
