"""The notice strip: what just happened, as a sentence with its next steps; nothing said before it exists is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from app.domain.words import Says
from app.i18n import _, ngettext, render
from app.ui import theme

GOOD, WARN, BAD = "good", "warn", "bad"
SIGNS = {GOOD: "✓", WARN: "!", BAD: "✕"}
KEPT = 200
"""How many notices the history holds."""


@dataclass(frozen=True)
class Link:
    """A step offered with a notice, such as Print slip or Undo."""

    label: Says | str
    do: Callable[[], None]


@dataclass(frozen=True)
class Notice:
    """One sentence for the clerk, with the steps that follow from it."""

    sentence: Says | str
    kind: str = GOOD
    links: tuple[Link, ...] = ()
    at: datetime = field(default_factory=datetime.now)
    is_of_scan: bool = False
    """Whether the next scan takes its place, whatever it comes to."""

    @property
    def words(self) -> str:
        """The sentence in the window's language."""
        return render(self.sentence)


class Notices(QObject):
    """Everything that was said, and what is still unread; strips come and go with the language."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history: list[Notice] = []
        self.unread: list[Notice] = []

    def say(self, sentence: Says | str, kind: str = GOOD, *links: Link) -> Notice:
        """Say something; good news takes the place of good news, a warning stays until it is put away."""
        return self._put(Notice(sentence, kind, links))

    def say_of_scan(self, sentence: Says | str, *, kept: bool = True) -> Notice:
        """Say what was wrong with the newest scan; it stays until the next one, and among the earlier ones if `kept`.

        What quotes a text that is no code is not: it may have been a password, typed into the wrong line.
        """
        return self._put(Notice(sentence, WARN, is_of_scan=True), kept=kept)

    def hear_scan(self) -> None:
        """A new scan: what was said of the one before is past."""
        kept = [each for each in self.unread if not each.is_of_scan]
        if len(kept) < len(self.unread):
            self.unread = kept
            self.changed.emit()

    def _put(self, notice: Notice, *, kept: bool = True) -> Notice:
        if kept:
            self.history = [notice, *self.history][:KEPT]
        self.unread = [notice, *(each for each in self.unread if each.kind != GOOD)]
        self.changed.emit()
        return notice

    def reword(self, notice: Notice, sentence: Says) -> None:
        """Say better what was just said, once more is known; what was said since stays in front."""
        better = replace(notice, sentence=sentence)
        self.history = [better if each is notice else each for each in self.history]
        self.unread = [better if each is notice else each for each in self.unread]
        self.changed.emit()

    def put_away(self) -> None:
        """The newest unread notice has been read."""
        self.unread = self.unread[1:]
        self.changed.emit()

    @property
    def newest(self) -> Notice | None:
        """What the strip shows."""
        return self.unread[0] if self.unread else None


class NoticeStrip(QFrame):
    """Shows the newest unread notice above the page."""

    def __init__(self, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._notices = notices
        self._offered: tuple[Link, ...] = ()
        """The links that are buttons now."""
        self._sign = QLabel(self)
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._links = QHBoxLayout()
        self._links.setSpacing(4)
        self._more = QToolButton(self)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(QMenu(self._more))
        self._more.menu().aboutToShow.connect(self._list_history)
        away = QToolButton(self)
        away.setIcon(theme.icon("close"))
        away.setToolTip(_("Put this notice away"))
        away.setAccessibleName(_("Put this notice away"))
        away.clicked.connect(notices.put_away)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 6, 4)
        layout.setSpacing(8)
        layout.addWidget(self._sign)
        layout.addWidget(self._words, 1)
        layout.addLayout(self._links)
        layout.addWidget(self._more)
        layout.addWidget(away)
        notices.changed.connect(self.show_newest)
        self.show_newest()

    def show_newest(self) -> None:
        """Show what was said last and is not put away."""
        notice = self._notices.newest
        self.setVisible(notice is not None)
        if notice is None:
            return
        theme.mark(self, kind=notice.kind)
        self._sign.setText(SIGNS[notice.kind])
        theme.mark(self._sign, kind=notice.kind, strong=True)
        self._words.setText(notice.words)
        self.setAccessibleName(notice.words)
        if notice.links is not self._offered:
            self._offer(notice.links)
        waiting = len(self._notices.unread) - 1
        self._more.setText(ngettext("{n} more", "{n} more", waiting).format(n=waiting) if waiting else _("Earlier"))
        self._more.setVisible(len(self._notices.history) > 1)

    def _offer(self, links: tuple[Link, ...]) -> None:
        self._offered = links
        while item := self._links.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for link in links:
            button = _link_button(link, self)
            self._links.addWidget(button)
            button.show()

    def _list_history(self) -> None:
        menu = self._more.menu()
        menu.clear()
        for notice in self._notices.history[:20]:
            entry = menu.addAction(f"{notice.at:%H:%M}  {SIGNS[notice.kind]} {notice.words}".replace("&", "&&"))
            entry.triggered.connect(
                lambda _checked=False, notice=notice: self._notices.say(notice.sentence, notice.kind, *notice.links)
            )


def _link_button(link: Link, parent: QWidget) -> QPushButton:
    button = QPushButton(render(link.label), parent)
    theme.mark(button, link=True)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    # The click ends before the step runs: the step may replace this very button.
    button.clicked.connect(lambda: QTimer.singleShot(0, link.do))
    return button
