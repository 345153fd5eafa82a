"""Counter: one person in front of you; what they hold, what waits for them, what they bring and what they take."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.action import Ref, Subject
from app.domain.words import N_
from app.ui.counter import CounterDesk
from app.ui.workplace import Workplace


class CounterPage:
    """The place where people come to the registry."""

    code = "counter"
    section = N_("Desk")
    title = N_("Counter")
    icon = "card-account-details-outline"
    duties: tuple[str, ...] = ("registry_clerk", "secrecy_officer", "archivist")

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._desk: CounterDesk | None = None
        self._kept: object = None

    @property
    def widget(self) -> QWidget:
        """What the frame shows."""
        return self.desk

    @property
    def desk(self) -> CounterDesk:
        """Built when it is first shown; what was half done comes back."""
        if self._desk is None:
            self._desk = CounterDesk(self._workplace)
            self._desk.restore(self._kept)
        return self._desk

    def reload(self) -> None:
        """Read the person again."""
        self.desk.reload()

    def open(self, ref: Ref) -> None:
        """Show a person."""
        if ref.kind is Subject.PERSON:
            self.desk.show_person(ref.id)

    def find(self) -> None:
        """F3: to the person."""
        self.desk.person.setFocus()

    def kept(self) -> object:
        """The person and what lies on the counter."""
        return self._desk.state() if self._desk is not None else self._kept

    def keep(self, state: object) -> None:
        """Put them there again when the page is built."""
        self._kept = state

    def take_code(self, code: str) -> bool:
        """Copies, badges and typed numbers belong here; slips, envelopes and places have pages of their own."""
        return self.desk.take_code(code)

    def take_command(self, command: str) -> bool:
        """The command card arms what the next scans mean."""
        return self.desk.take_command(command)
