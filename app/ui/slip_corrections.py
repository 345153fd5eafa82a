"""What a file had otherwise, on its slip: settled line by line, the book corrected with both values put in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject

from app.actions.corrections import CARRIER_FIELDS, DOCUMENT_FIELDS
from app.domain.action import Authority
from app.domain.words import N_, Says, Value, says, says_n
from app.store import reads
from app.store.reads import CarrierLine, DocumentLine, ListedLine
from app.ui.beginning import takes_carriers
from app.ui.slip_reading import SlipRead, every_line
from app.ui.slip_steps import Step
from app.ui.slip_words import noted
from app.ui.workplace import Workplace

CORRECTED_BY = {
    **dict.fromkeys(dict(CARRIER_FIELDS), "correct"),
    **dict.fromkeys(dict(DOCUMENT_FIELDS), "correct_document"),
}
"""The act that corrects a field of the book."""
MOST_TOLD = 5
"""So many differences are read above a question; of more the others are counted."""
NONE_IS_READY = N_("No chosen line is ready for this. Choose others, or none: then it is for all of them.")


class SlipCorrections(QObject):
    """The steps of a correction slip."""

    def __init__(self, workplace: Workplace, parent: QObject) -> None:
        super().__init__(parent)
        self._workplace = workplace

    def settle(self, read: SlipRead, step: Step, chosen: set[int] | None, authority: Authority) -> None:
        """The chosen differences, or all that are open; what each is stands above the question."""

        def settle(lines: Sequence[ListedLine]) -> None:
            found = [line for line in lines if line.carrier and (chosen is None or line.carrier.id in chosen)]
            if not found:
                self._workplace.notices.say(says(NONE_IS_READY), "warn")
                return
            self._workplace.perform(
                step.action, [line.carrier for line in each_once(found) if line.carrier],
                authority, header=_differing(read, found),
                take_line=takes_carriers(self._workplace),
            )  # fmt: skip

        work = partial(every_line, self._workplace.desk, read.card.line.id, self._workplace.viewer, step.statuses)
        self._workplace.background.read(work, settle, owner=self)

    def correct(self, read: SlipRead, step: Step, picked: Sequence[ListedLine]) -> None:
        """One difference, with what the book says and what the file had put in already."""
        numbers = {line.no for line in picked}

        def correct(lines: Sequence[ListedLine]) -> None:
            found = [line for line in lines if not numbers or line.no in numbers]
            by_entry = [line for line in found if line.given.get("field") in CORRECTED_BY]
            if len(by_entry) == 1 and len(found) == 1:
                self._correct_one(read, by_entry[0])
            elif found and not by_entry:
                self._workplace.notices.say(
                    says(N_("What differs here no entry corrects: an act of its own changes it.")), "warn"
                )
            else:
                self._workplace.notices.say(says(N_("Choose the one line that is to be corrected first.")), "warn")

        work = partial(every_line, self._workplace.desk, read.card.line.id, self._workplace.viewer, step.statuses)
        self._workplace.background.read(work, correct, owner=self)

    def _correct_one(self, read: SlipRead, line: ListedLine) -> None:
        place, name = self._workplace, str(line.given["field"])

        def entry() -> tuple[CarrierLine | DocumentLine, int | None] | None:
            if line.carrier is None:
                return None
            if CORRECTED_BY[name] == "correct":
                return line.carrier, place.desk.read(reads.wrote_last, line.carrier.ref, name)
            documents = place.desk.read(reads.document_lines, [line.carrier.document], place.viewer)
            return (documents[0], place.desk.read(reads.wrote_last, documents[0].ref, name)) if documents else None

        def ask(found: tuple[CarrierLine | DocumentLine, int | None] | None) -> None:
            if found is not None:
                ours, theirs = (str(line.given.get(side) or "") for side in ("ours", "theirs"))
                place.perform(
                    CORRECTED_BY[name], [found[0]], Authority(corrects=found[1]), header=_differing(read, [line]),
                    initial={"what": name, "old": ours, "new": theirs},
                )  # fmt: skip

        place.background.read(entry, ask, owner=self)


def _differing(read: SlipRead, lines: Sequence[ListedLine]) -> Says:
    """The slip, and what the file had otherwise: it is not read off the list behind the dialog."""
    told: list[Value] = [
        says(N_("{name}: {value}"), name=line.carrier.number, value=noted(line))
        for line in lines[:MOST_TOLD]
        if line.carrier
    ]
    if len(lines) > MOST_TOLD:
        told.append(says_n("… and {n} more.", "… and {n} more.", len(lines) - MOST_TOLD))
    return says(N_("{number} · {told}"), number=read.card.line.number, told=tuple(told))


def each_once(lines: Sequence[ListedLine]) -> Sequence[ListedLine]:
    """One line for each carrier: a file may have several fields of it otherwise."""
    return tuple({line.carrier.id: line for line in lines if line.carrier is not None}.values())
