"""What the tests of the kit share: two acts, a desk that keeps nothing, a small office to choose from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from app.domain.action import NOBODY, Action, Authority, Kind, Line, Ref, Refusal, Signature, Subject, ask, refuse
from app.domain.words import N_, says
from app.services.desk import Receipt, Refused
from app.ui.sources import Choice

TODAY = date(2026, 5, 19)
COPY = Ref(Subject.CARRIER, 12)


class Hand(Action):
    """Give a copy to somebody until a day."""

    code = "hand"
    label = N_("Hand over…")
    subject = Subject.CARRIER
    told = N_("handed over")
    undo = "take"
    slip_kind = "loan"
    route = "lend"
    key = "H"
    borrower: int = ask(Kind.PERSON, N_("Borrower"))
    due: date = ask(Kind.DATE, N_("Due"))
    purpose: str = ask(Kind.TEXT, N_("Purpose"), default="")
    pages: int | None = ask(Kind.NUMBER, N_("Pages counted"), each=True)


class Everything(Action):
    """Ask one question of every kind that a person can answer."""

    code = "everything"
    label = N_("Everything…")
    subject = Subject.DOCUMENT
    told = N_("asked everything")
    text: str = ask(Kind.TEXT, N_("Text"))
    long_text: str = ask(Kind.LONG_TEXT, N_("Long text"))
    code_: str = ask(Kind.CODE, N_("Code"))
    number: int = ask(Kind.NUMBER, N_("Number"))
    on: date = ask(Kind.DATE, N_("Date"))
    at: Any = ask(Kind.MOMENT, N_("Moment"))
    flag: bool = ask(Kind.FLAG, N_("Flag"), default=False)
    person: int = ask(Kind.PERSON, N_("Person"))
    people: tuple[int, ...] = ask(Kind.PEOPLE, N_("People"))
    place: int = ask(Kind.PLACE, N_("Place"))
    level: str = ask(Kind.LEVEL, N_("Level"))
    period: str = ask(Kind.PERIOD, N_("Period"))
    caveats: tuple[str, ...] = ask(Kind.CAVEATS, N_("Caveats"), default=())
    channel: str = ask(Kind.CHANNEL, N_("Channel"))
    kind: str = ask(Kind.CARRIER_KIND, N_("Kind"))
    duty: str = ask(Kind.DUTY, N_("Duty"))
    choice: str = ask(Kind.CHOICE, N_("Choice"), choices=(("a", N_("first")), ("b", N_("second"))))
    regime: str = ask(Kind.REGIME, N_("Regime"))
    document: int = ask(Kind.DOCUMENT, N_("Document"))
    documents: tuple[int, ...] = ask(Kind.DOCUMENTS, N_("Documents"))
    slip: int = ask(Kind.SLIP, N_("Slip"))
    envelope: int = ask(Kind.ENVELOPE, N_("Envelope"))
    units: tuple[str, ...] = ask(Kind.UNITS, N_("Units"))


PEOPLE = (
    Choice(3, "王磊 Wang Lei", "Dept 3 · reader · cleared for 机密"),
    Choice(4, "Zhao Qin", "Dept 1 · registry clerk · cleared for 绝密"),
)


class Office:
    """Two people and a few words of a regime; answers at once, as a quick register would soon."""

    def search(self, kind: Kind, text: str, found: Callable[[Sequence[Choice]], None]) -> None:
        found([choice for choice in PEOPLE if text.lower() in choice.words.lower()])

    def choices(self, kind: Kind, name: str) -> Sequence[Choice]:
        if kind is Kind.LEVEL:
            return (Choice("secret", "秘密", colour="#1D5FA8"), Choice("top_secret", "绝密", colour="#B3261E"))
        return () if kind in (Kind.PERIOD, Kind.UNITS) else (Choice("one", "one"), Choice("two", "two"))

    def of_regime(self, code: str | None) -> Office:
        return self

    def by_code(self, code: str, found: Callable[[Choice | None], None]) -> None:
        found(PEOPLE[0] if code.startswith("P") else None)

    def by_value(self, kind: Kind, value: Any, found: Callable[[Choice | None], None]) -> None:
        found(next((choice for choice in PEOPLE if choice.value == value), Choice(value, f"no. {value}")))


class FewRules:
    """A desk with three rules: forty pages, Zhao signs, and approval when it is told to."""

    def __init__(self, *, approval: bool = False, signed: bool = False, account: str | None = None) -> None:
        self.approval, self.signed, self.account = approval, signed, account
        self.done: list[tuple[Action, Sequence[Line], Authority]] = []

    def refusals(self, action: Action, lines: Sequence[Line] = (), authority: Authority = NOBODY) -> list[Refusal]:
        """Every reason not to."""
        found = []
        if getattr(action, "borrower", 0) == 4:
            found.append(
                refuse(
                    N_("Zhao has something overdue."),
                    citation="art. 30",
                    field="borrower",
                    remedy=says(N_("Take it back first.")),
                )
            )
        found += [
            Refusal("pages_agree", says(N_("The book says 40 pages.")), subject=line.subject, field="pages")
            for line in lines
            if line.answers.get("pages") not in (None, 40)
        ]
        if self.approval and action.code != "submit":
            found.append(Refusal("needs_approval", says(N_("The director approves this.")), "art. 27"))
        if self.signed and not authority.signatures and action.code != "submit":
            words = says(N_("Wang has not signed as borrower."))
            found.append(Refusal("signature:borrower", words, account=self.account))
        return found

    def perform(self, action: Action, lines: Sequence[Line] = (), authority: Authority = NOBODY) -> Receipt:
        """Do it or say why not."""
        if refusals := self.refusals(action, lines, authority):
            raise Refused(refusals)
        self.done.append((action, lines, authority))
        return Receipt(action.code, 1, 1, tuple(line.subject for line in lines if line.subject))


def second_person(login: str, password: str, role: str) -> Signature:
    """Wang's password is a word."""
    if (login, password) != ("wang", "word"):
        raise Refused([refuse(N_("The account or the password is wrong."))])
    return Signature(3, role)
