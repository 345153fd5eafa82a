"""The first people of a register: accounts, passwords, duties, and why some of them may not lie in one hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.passwords import password_is_strong_enough
from app.domain.people import DUTIES, incompatible
from app.domain.words import N_, Says, says
from app.i18n import _, render
from app.services.founding import Founder
from app.ui import theme
from app.ui.credentials import PasswordLine
from app.ui.flow import FlowLayout
from app.ui.wizard_steps import Step


class PersonPanel(QFrame):
    """One of the first people: name, account, password, duties, and what speaks against them."""

    changed = Signal()

    def __init__(self, duties: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.mark(self, panel=True)
        self.name, self.department, self.login = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        self.password, self.again = PasswordLine(self), PasswordLine(self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for at, (label, field) in enumerate(
            ((_("Name"), self.name), (_("Department"), self.department), (_("Account"), self.login),
             (_("Password"), self.password), (_("Password again"), self.again))
        ):  # fmt: skip
            words = QLabel(label, self)
            theme.mark(words, dim=True)
            field.setAccessibleName(label)
            field.setPlaceholderText("")
            grid.addWidget(words, 0, at)
            grid.addWidget(field, 1, at)
            field.textChanged.connect(self._on_changed)
        holder = QWidget(self)
        flow = FlowLayout(holder, 10)
        self._duties: dict[str, QCheckBox] = {}
        for duty, words_of_duty in DUTIES.items():
            box = QCheckBox(_(words_of_duty), holder)
            box.setChecked(duty in duties)
            box.toggled.connect(self._on_changed)
            self._duties[duty] = box
            flow.addWidget(box)
        self._wrong = QLabel(self)
        self._wrong.setWordWrap(True)
        policy = self._wrong.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # else the next person moves away below the pointer
        self._wrong.setSizePolicy(policy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(grid)
        layout.addWidget(holder)
        layout.addWidget(self._wrong)
        self._on_changed()

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What is asked, in the order in which it is asked."""
        return (self.name, self.department, self.login, self.password, self.again, *self._duties.values())

    @property
    def last(self) -> QWidget:
        """The last question."""
        return self.fields[-1]

    @property
    def founder(self) -> Founder:
        """The person as set-up takes them."""
        duties = tuple(duty for duty, box in self._duties.items() if box.isChecked())
        return Founder(
            self.name.text().strip(), duties, self.login.text().strip(), self.password.text(),
            self.department.text().strip(),
        )  # fmt: skip

    def wrong(self) -> list[Says]:
        """What speaks against this person as entered."""
        founder, found = self.founder, list[Says]()
        if not founder.name:
            found.append(says(N_("The name is missing.")))
        if not founder.login:
            found.append(says(N_("The account's name is missing.")))
        if reason := password_is_strong_enough(founder.password, founder.login):
            found.append(reason)
        elif self.again.text() != founder.password:
            found.append(says(N_("The two passwords differ.")))
        if reason := incompatible(founder.duties):
            found.append(reason)
        return found

    def _on_changed(self, *_typed: object) -> None:
        wrong = self.wrong()
        is_touched = bool(self.name.text() or self.login.text() or self.password.text())
        self._wrong.setText(" ".join(render(reason) for reason in wrong) if wrong else _("✓ complete"))
        self._wrong.setVisible(is_touched)
        theme.mark(self._wrong, kind="warn" if wrong else "good")
        self.changed.emit()


class PeopleStep(Step):
    """At least two accounts; the three administrators' duties are somebody's, and never all in one hand."""

    def __init__(self, judge: Callable[[Sequence[Founder]], Sequence[Says]]) -> None:
        super().__init__(
            _("People"),
            _("At least two accounts. Granting a duty later takes two of the three administrators; the auditor is"
              " neither of the others, and does not act in the register."),
        )  # fmt: skip
        self._judge = judge
        self.panels: list[PersonPanel] = []
        self._list = QVBoxLayout()
        self._more = QPushButton(_("One more person"), self)
        self._more.clicked.connect(self._add_one)
        self.column.addLayout(self._list)
        self.column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        self.add(("registry_clerk", "system_administrator"))
        self.add(("security_administrator", "secrecy_officer"))
        self.add(("auditor",))

    def add(self, duties: Sequence[str] = ()) -> PersonPanel:
        """One more person."""
        panel = PersonPanel(duties, self)
        panel.changed.connect(self.changed)
        before = self.panels[-1].last if self.panels else None
        self.panels.append(panel)
        self._list.addWidget(panel)
        for field in panel.fields:  # after the person before, and before the button that adds one
            if before is not None:
                QWidget.setTabOrder(before, field)
            before = field
        QWidget.setTabOrder(panel.last, self._more)
        return panel

    def _add_one(self, *_clicked: object) -> None:
        panel = self.add()
        # In a turn of its own: where it stands is known once it is laid out.
        QTimer.singleShot(0, panel, panel.name.setFocus)

    @property
    def founders(self) -> tuple[Founder, ...]:
        """Everybody who was entered; an empty panel is nobody."""
        return tuple(panel.founder for panel in self.panels if panel.founder.name or panel.founder.login)

    def wrong(self) -> list[Says]:
        entered = [panel for panel in self.panels if panel.founder.name or panel.founder.login]
        own = [reason for panel in entered for reason in panel.wrong()]
        return own or list(self._judge(self.founders))
