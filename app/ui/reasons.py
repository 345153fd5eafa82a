"""Why not: the sentence, where it is written, what would lift it; the same beside a field, a line and in a menu."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.domain.action import Refusal
from app.domain.words import N_, Says, says
from app.i18n import _, render
from app.ui import theme
from app.ui.enter import ENTER


def sentence(refusal: Refusal) -> str:
    """The refusal in plain words, with its citation."""
    words = render(refusal.reason)
    if not refusal.citation:
        return words
    unsure = "" if refusal.verified else _(", wording not verified")
    return f"{words} ({refusal.citation}{unsure})"


def whole(refusal: Refusal) -> str:
    """The refusal with what would lift it."""
    remedy = f" {render(refusal.remedy)}" if refusal.remedy is not None else ""
    return sentence(refusal) + remedy


def as_sentence(refusal: Refusal) -> Says:
    """A reason with where it is written and what would lift it, as one sentence."""
    sentence: Says = refusal.reason
    if refusal.citation:
        sentence = says(N_("{reason} ({citation})"), reason=sentence, citation=refusal.citation)
    if refusal.remedy is not None:
        sentence = says(N_("{reason} {remedy}"), reason=sentence, remedy=refusal.remedy)
    return sentence


class Reasons(QLabel):
    """Refusals one below the other; the citation can be followed to the rule."""

    rule_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, kind: str = "bad") -> None:
        super().__init__(parent)
        self.refusals: tuple[Refusal, ...] = ()
        self._before: dict[Refusal, str] = {}
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.linkActivated.connect(lambda at: self.rule_wanted.emit(self.refusals[int(at)]))
        self._kind = kind
        self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter follows the link; Ctrl+Enter is for the act, also where the focus is on a reason."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.key() in ENTER:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def show_refusals(self, refusals: Sequence[Refusal], named: Sequence[str] = ()) -> None:
        """Show these, each after the name of the act or thing it is about; none hides the label."""
        # One answer may be wrong for many lines; it is said once.
        once = {whole(refusal): refusal for refusal in reversed(refusals)}
        self.refusals = tuple(refusals) if named else tuple(reversed(once.values()))
        names = tuple(named) or ("",) * len(self.refusals)
        self.setText("<br>".join(self._paragraph(at, name) for at, name in enumerate(names)))
        self.setAccessibleName(" ".join(whole(refusal) for refusal in self.refusals))
        # Without a link the keyboard would stand there unseen.
        has_link = any(refusal.citation for refusal in self.refusals)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if has_link else Qt.FocusPolicy.ClickFocus)
        self.setVisible(bool(self.refusals))

    def _paragraph(self, at: int, name: str) -> str:
        refusal, tokens = self.refusals[at], theme.current()
        colour = theme.colour_of(self._kind) if self._kind else tokens.dim
        words = f'<span style="color:{colour}">{escape(render(refusal.reason))}</span>'
        if name:
            words = f'<span style="color:{tokens.ink}">{escape(name)}:</span> {words}'
        if refusal.citation:
            unsure = "" if refusal.verified else _(", wording not verified")
            words += f' <a href="{at}" style="color:{tokens.accent}">({escape(refusal.citation)}{escape(unsure)})</a>'
        if refusal.remedy is not None:
            words += f' <span style="color:{tokens.ink}">{escape(render(refusal.remedy))}</span>'
        return words
