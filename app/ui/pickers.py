"""Fields that name somebody or something of the register: by a few letters of the name, a number, or a scan."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget

from app.domain.action import Kind
from app.domain.words import N_, Says, says
from app.i18n import _
from app.ui import theme
from app.ui.bursts import ACCEPTS
from app.ui.fields import Field
from app.ui.flow import FlowLayout
from app.ui.following import to_next_question
from app.ui.sources import Choice, Sources

LETTERS = {
    Kind.PERSON: "P", Kind.PEOPLE: "P", Kind.PLACE: "L", Kind.SLIP: "S", Kind.ENVELOPE: "E", Kind.DOCUMENT: "C",
    Kind.DOCUMENTS: "C",
}  # fmt: skip
HINTS = {
    Kind.PERSON: N_("Name, number or badge"),
    Kind.PEOPLE: N_("Name, number or badge; several"),
    Kind.PLACE: N_("Place, by name or scan"),
    Kind.DOCUMENT: N_("Document, by number, title or scan of a copy"),
    Kind.DOCUMENTS: N_("Document, by number, title or scan of a copy; several"),
    Kind.SLIP: N_("Slip, by number or scan"),
    Kind.ENVELOPE: N_("Envelope, by number or scan"),
}
PAUSE = 120
"""Milliseconds without a key before the register is asked."""


class Search(QLineEdit):
    """A line with the finds below it; the arrow keys choose among them."""

    found = Signal(object)
    left = Signal()
    """The keyboard went elsewhere, or on to the act: letters that stand there name nobody yet."""

    def __init__(self, kind: Kind, sources: Sources, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._sources = kind, sources
        self._is_open, self._takes_only_find, self._awaited, self._past = False, False, 0, 0
        self.setPlaceholderText(_(HINTS.get(kind, "")))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self._ask)
        self.textEdited.connect(self._on_edited)

    @cached_property
    def list(self) -> QListWidget:
        """The finds; built when there are some, and gone with the line."""
        finds = QListWidget(self)
        finds.setWindowFlags(Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        finds.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        finds.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        finds.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        finds.itemClicked.connect(self._on_item)
        return finds

    @property
    def _is_listed(self) -> bool:
        return "list" in self.__dict__ and self.list.isVisible()

    def _put_away(self) -> None:
        if self._is_listed:
            self.list.hide()

    def show_finds(self, finds: Sequence[Choice]) -> None:
        """Show what the register found, if the clerk is still here; the only one is taken when Enter came first."""
        self._awaited = max(0, self._awaited - 1)
        if self._past:  # asked before somebody was scanned: nobody wants them now
            self._past -= 1
            return
        if self._takes_only_find and not self._is_behind:
            self._takes_only_find = False
            if len(finds) == 1:
                self._take(finds[0])
                return
        self.list.clear()
        for find in finds:
            item = QListWidgetItem(f"{find.words}    {find.detail}".rstrip(), self.list)
            item.setData(Qt.ItemDataRole.UserRole, find)
        self.list.setCurrentRow(0)
        if not (finds and self.hasFocus()):
            self.list.hide()
            return
        below = self.mapToGlobal(self.rect().bottomLeft())
        rows = min(len(finds), 8)
        self.list.setGeometry(
            below.x(),
            below.y() + 2,
            self._width_of_list(below.x()),
            rows * (self.list.sizeHintForRow(0) + 1) + 2 * self.list.frameWidth() + 4,
        )
        self.list.show()

    def settle(self) -> None:
        """It is answered, by a scan or a find: nothing is looked for any more."""
        self._pause.stop()
        self._is_open, self._takes_only_find, self._past = False, False, self._awaited
        self._put_away()

    def _width_of_list(self, left: int) -> int:
        """As wide as its longest line, so that nobody has to guess a duty; never past the screen."""
        wanted = self.list.sizeHintForColumn(0) + theme.size(16)
        room = self.screen().availableGeometry().right() - left - theme.size(8)
        return max(self.width(), min(wanted, room))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move among the finds, Enter takes one, Escape puts them away."""
        key, shown = event.key(), self._is_listed
        # Ctrl+Enter is for the act and takes no find.
        is_for_act = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not is_for_act
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and shown:
            step = 1 if key == Qt.Key.Key_Down else -1
            self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), self.list.count() - 1))
        elif key == Qt.Key.Key_Down:
            self._ask()
        elif enter and shown and not self._is_behind:
            self._on_item(self.list.currentItem())
        elif enter and self._is_open and self.text().strip():
            # Faster than the register: the finds that show are of fewer letters, and none of them was meant.
            self._takes_only_find = True
            if self._pause.isActive() or not self._is_behind:
                self._ask()
        elif key == Qt.Key.Key_Escape and shown:
            self.list.hide()
        else:
            if is_for_act:
                self.left.emit()
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._put_away()
        self.left.emit()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._put_away()
        super().hideEvent(event)

    def _on_edited(self) -> None:
        if not self.text().strip():  # emptied: Enter goes on and takes nobody from a list of everybody
            self.settle()
            return
        self._is_open, self._takes_only_find = True, False
        self._pause.start()

    @property
    def _is_behind(self) -> bool:
        """Whether the letters in the line are not answered yet."""
        return self._pause.isActive() or self._awaited > 0

    def _ask(self) -> None:
        self._pause.stop()
        self._awaited += 1
        self._sources.search(self._kind, self.text().strip(), self.show_finds)

    def _on_item(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._take(item.data(Qt.ItemDataRole.UserRole))

    def _take(self, find: Choice) -> None:
        self.settle()
        self.found.emit(find)


class PickField(Field):
    """One person, place, document, slip or envelope, with what tells it from others."""

    def __init__(self, kind: Kind, sources: Sources) -> None:
        super().__init__()
        self._kind, self._sources = kind, sources
        self._choice: Choice | None = None
        self._proposed: Any = None
        """The answer whose words are being read: whatever is scanned, typed or chosen meanwhile comes before it."""
        self.search = Search(kind, sources, self)
        self._about = QLabel(self)
        self._about.hide()
        self._about.setWordWrap(True)
        theme.mark(self._about, secondary=True)
        self.setProperty(ACCEPTS, LETTERS.get(kind, ""))
        self.search.found.connect(self.choose)
        self.search.textEdited.connect(self._on_typed)
        self.search.left.connect(self._on_left)
        self._hold(self.search, self._about)

    def answer(self) -> Any:
        return None if self._choice is None else self._choice.value

    def set_answer(self, value: Any) -> None:
        self._proposed = value
        if value is None:
            self._forget()
            self.search.clear()
        else:
            self._sources.by_value(self._kind, value, self._on_known)

    @property
    def is_proposed(self) -> bool:
        """Whether its answer is on its way."""
        return self._proposed is not None

    def choose(self, choice: Choice) -> None:
        """Take this one."""
        self._choice, self._proposed = choice, None
        self.search.settle()
        self.search.setText(choice.words)
        self._say(choice.detail)
        self.changed.emit()

    def take_code(self, code: str) -> bool:
        """A scan names it at once, and ends with Enter: the next badge is somebody else's."""
        self._proposed = None
        dialog = self.window()
        if isinstance(dialog, QDialog) and self.search.hasFocus():
            to_next_question(dialog)
        self._sources.by_code(code, self._on_found)
        return True

    def mistake(self) -> Says | None:
        if self._choice is None and self.search.text().strip():
            return says(N_("Choose one from the list, or scan its code."))
        return None

    def _on_known(self, choice: Choice | None) -> None:
        if self._proposed is not None and (choice is None or choice.value == self._proposed):
            self._proposed = None
            self._on_found(choice)
            if self.window().focusWidget() is self.search:
                self.search.selectAll()  # what is proposed is typed over

    def _on_found(self, choice: Choice | None) -> None:
        if choice is None:
            self._say(_("The register does not know this code."))
        else:
            self.choose(choice)

    def _on_typed(self) -> None:
        self._proposed = None
        if self._choice is not None:
            self._forget()

    def _on_left(self) -> None:
        if self.mistake() is not None:
            self.changed.emit()

    def _forget(self) -> None:
        self._choice = None
        self._say("")
        self.changed.emit()

    def _say(self, words: str) -> None:
        self._about.setText(words)
        self._about.setVisible(bool(words))


class PeopleField(Field):
    """Several people or documents, each scanned or found by name; a click takes one off again."""

    reach = True

    def __init__(self, kind: Kind, sources: Sources) -> None:
        super().__init__()
        self._kind, self._sources = kind, sources
        self._chosen: list[Choice] = []
        self.search = Search(kind, sources, self)
        self._chips = QFrame(self)
        self._row = FlowLayout(self._chips)
        self.setProperty(ACCEPTS, LETTERS.get(kind, ""))
        self.search.found.connect(self.add)
        self._is_left = False
        """Whether letters stand there that nobody is looking for any more."""
        self.search.left.connect(self._on_left)
        self.search.textEdited.connect(self._on_typed)
        self._hold(self.search, self._chips)

    def answer(self) -> tuple[Any, ...]:
        return tuple(choice.value for choice in self._chosen)

    def set_answer(self, value: Any) -> None:
        was, self._chosen = self._chosen, []
        self._show()
        if was and not value:
            self.changed.emit()  # else whoever is read again below says it
        for each in value or ():
            self._sources.by_value(self._kind, each, self._on_found)

    def add(self, choice: Choice) -> None:
        """Put one more on the list, once."""
        self.search.settle()
        self.search.clear()
        was_left, self._is_left = self._is_left, False
        is_new = choice.value not in self.answer()
        if is_new:
            self._chosen.append(choice)
            self._show()
        if is_new or was_left:
            self.changed.emit()

    def take_code(self, code: str) -> bool:
        """A badge adds its person, a label the document of its copy."""
        self._sources.by_code(code, self._on_found)
        return True

    def _on_found(self, choice: Choice | None) -> None:
        if choice is not None:
            self.add(choice)

    def mistake(self) -> Says | None:
        return says(N_("Choose one from the list, or scan its code.")) if self._is_left else None

    def _on_left(self) -> None:
        if self.search.text().strip() and not self._is_left:
            self._is_left = True
            self.changed.emit()

    def _on_typed(self) -> None:
        if self._is_left:
            self._is_left = False
            self.changed.emit()

    def _show(self) -> None:
        self._row.clear()
        for choice in self._chosen:
            chip = QPushButton(f"{choice.words}  ✕", self._chips)
            chip.setAutoDefault(False)  # Ctrl+Enter is for the act, also where the focus is on a chip
            chip.setToolTip(choice.detail)
            chip.setAccessibleName(_("Take {name} off").format(name=choice.words))
            chip.clicked.connect(lambda _checked=False, choice=choice: self._drop(choice))
            self._row.addWidget(chip)

    def _drop(self, choice: Choice) -> None:
        # The chip goes with the focus on it; left to itself the focus, and the form after it, would run to the end.
        self.search.setFocus()
        self._chosen.remove(choice)
        self._show()
        self.changed.emit()
