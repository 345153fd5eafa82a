"""A shelf to take from: documents and their copies put into the register through its own door, for later acts.

What stands here is not how copies come in (app.actions.making and intake); it is one act that puts them where a test
needs them.
"""

from collections.abc import Mapping, Sequence

from app.domain.action import NEW, Action, Case, Changes, Kind, Move, Ref, Subject, Text, ask
from app.domain.carrier import CarrierKind, DocumentState, Label, State
from tests.unit import Unit


class PutOnShelf(Action):
    """Enter a document and so many numbered copies of it, in a place."""

    code = "put_on_shelf"
    label = "Put on the shelf"
    subject = Subject.DOCUMENT
    told = "put on the shelf"
    move = Move(NEW, DocumentState.CLASSIFIED)
    offered = False
    regime: str = ask(Kind.REGIME, "Regime")
    level: str = ask(Kind.LEVEL, "Level")
    title: str = ask(Kind.TEXT, "Title")
    copies: int = ask(Kind.NUMBER, "Copies")
    place: int = ask(Kind.PLACE, "Place")
    more: Mapping[str, object] = ask(Kind.STRUCTURE, "More", default={})

    def changes(self, case: Case) -> Changes:
        return {
            "regime": self.regime, "level": self.level, "title": Text(self.title), "short_title": Text("paper"),
            "reference": "ref-1", "state": DocumentState.CLASSIFIED, "issued": case.today.isoformat(),
            "scope_units": ["*"], **self.more,
        }  # fmt: skip

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        document, case = cases[0].subject.id, cases[0]
        return {
            Ref(Subject.CARRIER, case.numbers.next_id(Subject.CARRIER)): {
                "document": document, "number": f"{self.level}-{document}-{copy}", "state": State.IN_STOCK,
                "level": self.level, "kind": CarrierKind.PAPER, "copy_no": copy, "copies_of": self.copies, "pages": 12,
                "place": self.place, "custodian": case.actor.id, "label": Label.VERIFIED,
            }
            for copy in range(1, self.copies + 1)
        }  # fmt: skip


def on_shelf(
    unit: Unit, copies: int = 2, level: str = "jimi", regime: str = "cn-state", title: str = "plan", **more: object
) -> list[int]:
    """The carriers of one new document, in the safe."""
    put = PutOnShelf(regime=regime, level=level, title=title, copies=copies, place=unit.places["safe"], more=more)
    return [ref.id for ref in unit.do(put).born if ref.kind is Subject.CARRIER]


def document_of(unit: Unit, carrier: int) -> int:
    """The document a carrier carries."""
    return unit.carrier(carrier).document
