"""Two acts that need nothing of any chapter: a document with its copies is there, and a copy gets a remark."""

from collections.abc import Mapping, Sequence

from app.domain.action import NEW, SAME, Action, Case, Changes, Kind, Line, Move, Ref, Subject, Text, ask
from app.domain.carrier import DocumentState, Label, State


class Bring(Action):
    """So many copies of a new document are in the safe."""

    code = "bring"
    label = "Bring"
    subject = Subject.CARRIER
    told = "brought"
    move = Move(NEW, State.IN_STOCK)
    title: str = ask(Kind.TEXT, "Title")
    copies: int = ask(Kind.NUMBER, "Copies", default=1)
    level: str = ask(Kind.LEVEL, "Level", default="mimi")
    regime: str = ask(Kind.REGIME, "Regime", default="cn-state")
    place: int = ask(Kind.PLACE, "Place", default=1)
    number: str = ask(Kind.CODE, "Number", default="")

    def lines(self, given: Sequence[Line], first: Case) -> Sequence[Line]:
        return tuple(Line(answers={"copy_no": n}) for n in range(1, self.copies + 1))

    def changes(self, case: Case) -> Changes:
        number = self.number or f"{case.today.year}-{case.numbers.take(f'copies.{case.today.year}'):04d}"
        return {
            "document": self.document_id(case), "number": number, "level": self.level, "kind": "paper",
            "pages": 12, "copy_no": case.answer("copy_no"), "copies_of": self.copies, "label": Label.VERIFIED,
            "place": self.place, "custodian": case.actor.id,
        }  # fmt: skip

    def document_id(self, case: Case) -> int:
        """All copies of this act carry the same new document."""
        if not self.born_with:
            self.born_with.append(case.numbers.next_id(Subject.DOCUMENT))
        return self.born_with[0]

    @property
    def born_with(self) -> list[int]:
        return self.__dict__.setdefault("_born_with", [])

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        return {
            Ref(Subject.DOCUMENT, self.document_id(cases[0])): {
                "regime": self.regime, "level": self.level, "state": DocumentState.CLASSIFIED,
                "title": Text(self.title), "scope_units": ["plans"], "copies_made": self.copies,
            }
        }  # fmt: skip


class Remark(Action):
    """Say something about a copy; it changes nothing else."""

    code = "say"
    label = "Say"
    subject = Subject.CARRIER
    told = "{words}"
    move = Move({State.IN_STOCK}, SAME)
    words: str = ask(Kind.TEXT, "Words")

    def changes(self, case: Case) -> Changes:
        return {}


def bring(unit, title="Plan of the year", **more):
    """Carriers of a new document, by id."""
    return [ref.id for ref in unit.do(Bring(title=title, **more)).subjects]
