"""What was drawn, shown as the PDF it is; printer, offset, paper and labels are remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer

from app.domain.words import N_, says
from app.i18n import current
from app.services.desk import Refused
from app.services.printing import ON_LABELS, Arrangement, Printed, arranged, has_left, stocks, title_of
from app.ui.notices import Link
from app.ui.paper import Lie, NotDrawn, Offset, Paper, Printing
from app.ui.preview import Preview
from app.ui.reasons import as_sentence
from app.ui.workplace import Workplace

NO_LABEL_LEFT = N_(
    "No label was printed or saved, and yet they count as printed. Show them again and print them, or note them as"
    " spoiled."
)


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
        arrange=partial(_arrange, workplace, printed.paper),
        stocks=stocks() if printed.code in ON_LABELS else {},
        lie=Lie(paper=kept.paper, stock=kept.labels),
    )
    preview = Preview(paper, printing, workplace.window)

    left: list[str] = []

    def note(to: str) -> None:
        left.append(to)
        work = partial(has_left, workplace.desk, printed.paper, to)
        workplace.background.run(work, lambda _: workplace.reload(), workplace.refused, owner=workplace.window)

    def closed() -> None:
        if form_code == "carrier_labels" and not (left or printed.is_reprint):
            again = Link(says(N_("Show the labels again")), partial(workplace.reprint, printed.paper))
            workplace.notices.say(says(NO_LABEL_LEFT), "warn", again)

    preview.left.connect(note)
    preview.finished.connect(closed)
    preview.finished.connect(preview.deleteLater)
    QTimer.singleShot(1, preview, preview.open)  # built in one turn, shown in the next
    return preview


def _offset_of(workplace: Workplace, printer: str) -> Offset:
    right, down = workplace.settings.offsets.get(printer, (0.0, 0.0))
    return right, down


def _remember(workplace: Workplace, form_code: str, printer: str, lie: Lie) -> None:
    kept = workplace.settings
    printers, offsets = {**kept.printers, form_code: printer}, {**kept.offsets, printer: lie.offset}
    workplace.keep_settings(kept.chosen(printers, offsets, paper=lie.paper, labels=lie.stock))


def _arrange(
    workplace: Workplace, paper: int, lie: Lie, done: Callable[[bytes], None], not_drawn: NotDrawn, owner: QObject
) -> None:
    """Draw the print again as it shall lie, beside the window; what cannot be drawn is said in the preview."""
    right, down = lie.offset
    on = Arrangement(
        offset=(right, -down),
        paper="Letter" if lie.paper == "Letter" else "A4",
        stock=lie.stock,
        first_label=lie.first_label,
    )

    def refused(refused: Refused) -> None:
        not_drawn(as_sentence(refused.refusals[0]))

    workplace.background.read(
        lambda: arranged(workplace.desk, paper, on), done, key="arrange", owner=owner,
        on_refused=refused, on_failed=lambda _error: not_drawn(None),
    )  # fmt: skip
