"""Beside the lines of a slip: what was asked, who decided, who signed, how it adds up, what was printed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.action import Ref, Subject
from app.domain.carrier import KIND_NAMES, CarrierKind
from app.domain.slip import SlipState, Step
from app.i18n import _, in_words, ngettext
from app.store.reads import PaperLine, SignatureLine, SlipCard, SlipLine, StepLine, Total
from app.ui import theme
from app.ui.flow import FlowLayout
from app.ui.marks import level_words
from app.ui.parts import flush_title, link, plain
from app.ui.slip_reading import SlipRead
from app.ui.slip_words import AFTER, FORMS_OF, form_words, line_words, role_words, signer_words
from app.ui.telling import brief_day, brief_moment
from app.ui.workplace import Workplace


class SlipSide(QScrollArea):
    """The right half of the paper form on screen."""

    paper_back = Signal(object)
    """The id of a print that came back signed, or None when only the slip is known."""

    def __init__(self, workplace: Workplace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workplace = workplace
        self._shown: tuple[SlipRead, date] | None = None
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(theme.size(280))
        theme.mark(self, plain=True)

    def show_slip(self, read: SlipRead) -> None:
        """Everything anew, if any of it says something else now."""
        now = read, self._workplace.today()
        if now == self._shown:
            return
        self._shown = now
        inner = QWidget(self)
        self.setWidget(inner)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(4)
        self._column = column
        self._answers(read)
        self._steps(read)
        self._signatures(read)
        self._totals(read)
        self._forms(read)
        self._papers(read)
        column.addStretch(1)

    # --- the parts ----------------------------------------------------------------------------------------------

    def _section(self, words: str) -> None:
        self._column.addWidget(flush_title(words))

    def _answers(self, read: SlipRead) -> None:
        if not read.told:
            return
        self._section(_("What was asked"))
        for label, value in read.told:
            self._column.addWidget(plain(_("{name}: {value}").format(name=_(label), value=in_words(value))))

    def _steps(self, read: SlipRead) -> None:
        if not read.card.steps:
            return
        self._section(_("Approvals"))
        regime = self._workplace.regime(read.card.line.regime or "")
        waits = next((line.step.no for line in read.card.steps if line.step.decision != "approved"), None)
        for line in read.card.steps:
            role = role_words(regime, line.step.role)
            words, kind = self._decided(line, role, is_next=line.step.no == waits, state=read.card.line.state)
            self._column.addWidget(plain(words, kind=kind))

    def _decided(self, line: StepLine, role: str, *, is_next: bool, state: SlipState) -> tuple[str, str]:
        step: Step = line.step
        at = brief_moment(line.at, self._workplace.today()) if line.at else ""
        if step.decision == "approved":
            consent = f" · {step.consent}" if step.consent else ""
            if step.consented:
                consent += f", {brief_day(date.fromisoformat(step.consented), self._workplace.today())}"
            return _("✓ {role}: {name}, {at}").format(role=role, name=line.by or "—", at=at) + consent, "good"
        if step.decision == "refused":
            return _("✕ {role}: {name}, {at}").format(role=role, name=line.by or "—", at=at), "bad"
        if is_next and state is SlipState.SUBMITTED:
            return _("… waits for: {role}").format(role=role), "warn"
        return f"· {role}", ""

    def _signatures(self, read: SlipRead) -> None:
        if not read.card.signatures:
            return
        self._section(_("Signatures"))
        # Two who signed as witness 1 and witness 2 leave no witness wanting.
        numbered = {each.role.rpartition("_")[0] for each in read.card.signatures if each.person is not None}
        for signature in read.card.signatures:
            if signature.person is None and signature.role in numbered:
                continue
            words, kind = self._signed(signature, read.card.facts)
            self._column.addWidget(plain(words, kind=kind))
        if read.card.line.state in (SlipState.APPROVED, SlipState.EXECUTING, SlipState.SIGNED, SlipState.CLOSED):
            back = link(_("Signed paper is back…"), lambda: self.paper_back.emit(None))
            self._column.addWidget(back, 0, Qt.AlignmentFlag.AlignLeft)

    def _signed(self, line: SignatureLine, facts: Mapping[str, Any]) -> tuple[str, str]:
        role = signer_words(line.role, facts)
        if line.person is None:
            return _("· {role}: not signed yet").format(role=role), ""
        at = brief_moment(line.at, self._workplace.today()) if line.at else ""
        how = _("on paper") if line.how == "paper" else _("own password")
        return _("✓ {role}: {name}, {at}, {how}").format(role=role, name=line.name or "—", at=at, how=how), "good"

    def _totals(self, read: SlipRead) -> None:
        card = read.card
        if not card.totals:
            return
        self._section(_("Sum"))
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        rows: list[tuple[str, Total | SlipCard]] = [
            (f"{self._level(read, total.level)} · {_(KIND_NAMES[CarrierKind(total.kind)])}", total)
            for total in card.totals
        ]
        for at, (words, sums) in enumerate([*rows, (_("together"), card)]):
            last = at == len(rows)
            for column, text in enumerate((words, f"{sums.items:,}", _pages(sums))):
                label = plain(text)
                theme.mark(label, strong=last)
                if column:
                    label.setWordWrap(False)
                    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
                grid.addWidget(label, at, column)
        self._column.addWidget(holder)
        standing = in_words(tuple(f"{line_words(status)} {count:,}" for status, count in card.statuses.items()))
        self._column.addWidget(plain(standing, dim=True))

    def _level(self, read: SlipRead, level: str) -> str:
        return level_words(level, self._workplace.regimes, read.card.line.regime)

    def _forms(self, read: SlipRead) -> None:
        line = read.card.line
        forms = [form for form in FORMS_OF.get(line.kind, ()) if may_be_printed(form, read)]
        if not forms:
            return
        self._section(_("Print"))
        row = QWidget()
        flow = FlowLayout(row, 4)
        ref = Ref(Subject.SLIP, line.id)
        for form in forms:
            flow.addWidget(link(form_words(form, line), partial(self._workplace.preview, form, ref)))
        self._column.addWidget(row)

    def _papers(self, read: SlipRead) -> None:
        if not read.card.papers:
            return
        self._section(_("Papers made"))
        for paper in read.card.papers[:8]:
            self._column.addWidget(plain(self._paper(paper, read.card.line), kind="warn" if paper.is_awaited else ""))
            row = QWidget()
            flow = FlowLayout(row, 4)
            again = _("Print…") if paper.is_kept else _("Reprint")
            flow.addWidget(link(again, partial(self._workplace.reprint, paper.id)))
            if paper.is_awaited:
                flow.addWidget(link(_("It is back…"), partial(self.paper_back.emit, paper.id)))
            self._column.addWidget(row)

    def _paper(self, paper: PaperLine, slip: SlipLine) -> str:
        at = brief_moment(paper.printed_at, self._workplace.today())
        words = f"{form_words(paper.form, slip)} · {at}"
        if paper.reprint_of is not None:
            words = _("{form}, reprint").format(form=words)
        if paper.is_kept:
            return _("{form}: not printed yet").format(form=words)
        if paper.is_awaited:
            return _("{form}: not back yet").format(form=words)
        if paper.returned_at is not None:
            return _("{form}: back, signed").format(form=words)
        return words


def may_be_printed(form: str, read: SlipRead) -> bool:
    """Whether the form already has something to say."""
    line = read.card.line
    if line.state in (SlipState.DRAFT, SlipState.CANCELLED, SlipState.REFUSED):
        return False
    facts, statuses = read.card.facts, read.card.statuses
    special = {
        "discrepancy_notice": "expected" in facts or "given_back" in facts,
        "incoming_register": bool(statuses),
        "loan_slip": line.state is not SlipState.SUBMITTED,
        "tracer": bool(facts.get("reminders")),
        **dict.fromkeys(("delivery_list", "delivery_receipt", "envelope_labels"), "sent" in facts),
    }
    needs = AFTER.get(form)
    return special.get(form, needs is None or needs in statuses)


def _pages(sums: Total | SlipCard) -> str:
    """The pages that are known; what nobody has counted is not nothing."""
    known = ngettext("{n} page", "{n} pages", sums.pages).format(n=f"{sums.pages:,}") if sums.pages else ""
    if not sums.uncounted:
        return known
    unknown = ngettext("{n} uncounted", "{n} uncounted", sums.uncounted).format(n=f"{sums.uncounted:,}")
    return f"{known} + {unknown}" if known else unknown
