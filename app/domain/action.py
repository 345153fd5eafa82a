"""The shape every action has: questions, an arc in the life cycle, rules, what the ledger records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias, dataclass_transform, overload

from app.domain.carrier import ENDED, Carrier, Document, Person, PersonId, State
from app.domain.words import Says, says

if TYPE_CHECKING:
    from app.domain.book import Book, Numbers
    from app.domain.regime import Regime
    from app.domain.slip import Slip


class Subject(StrEnum):
    """What an act is on; the letter is the one its barcode starts with where it has one."""

    CARRIER = "C"
    DOCUMENT = "D"
    PERSON = "P"
    PLACE = "L"
    ACCOUNT = "A"
    SLIP = "S"
    SERIES = "N"
    REGIME = "G"
    ENVELOPE = "E"
    PAPER = "F"
    IMPORT = "I"
    REGISTER = "R"


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """One subject of the register, e.g. C12; `str()` is how the ledger writes it."""

    kind: Subject
    id: int

    def __str__(self) -> str:
        return f"{self.kind}{self.id}"

    @classmethod
    def read(cls, text: str) -> Ref:
        """The reference written as `text`, e.g. C12."""
        return cls(Subject(text[0]), int(text[1:]))


class Kind(StrEnum):
    """What sort of answer a question takes; the window builds one field per kind."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CODE = "code"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    PERSON = "person"
    PEOPLE = "people"
    PLACE = "place"
    LEVEL = "level"
    PERIOD = "period"
    CAVEATS = "caveats"
    CHANNEL = "channel"
    CARRIER_KIND = "carrier_kind"
    DUTY = "duty"
    CHOICE = "choice"
    REGIME = "regime"
    DOCUMENT = "document"
    DOCUMENTS = "documents"
    SLIP = "slip"
    ENVELOPE = "envelope"
    UNITS = "units"
    STRUCTURE = "structure"


FREE_TEXT = frozenset({Kind.TEXT, Kind.LONG_TEXT})
"""Kinds whose answers may turn out to be classified: kept beside the ledger under a salted digest."""


@dataclass(frozen=True, slots=True)
class Text:
    """Free text on its way into the register; the ledger seals its salted digest, never the words."""

    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of an action, as the window and the command line put it."""

    kind: Kind
    label: str
    each: bool = False
    suggest: Callable[[Case], Any] | None = None
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    required: bool = True
    late: bool = False
    """Put only once a rule asks for it: most acts have no use for it."""
    leads: bool = False
    """What is proposed for other questions follows from its answer, so it is proposed again after it."""


@overload
def ask(
    kind: Kind,
    label: str,
    *,
    each: Literal[True],
    default: Any = ...,
    suggest: Callable[[Case], Any] | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    hint: str = "",
    init: Literal[False] = False,
) -> Any: ...
@overload
def ask(
    kind: Kind,
    label: str,
    *,
    default: Any = ...,
    suggest: Callable[[Case], Any] | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    hint: str = "",
    init: Literal[True] = True,
    late: bool = ...,
    leads: bool = ...,
) -> Any: ...
def ask(  # noqa: PLR0913 - everything one can say of a question
    kind: Kind,
    label: str,
    *,
    default: Any = MISSING,
    each: bool = False,
    suggest: Callable[[Case], Any] | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    hint: str = "",
    init: bool = True,
    late: bool = False,
    leads: bool = False,
) -> Any:
    """A dataclass field that is a question; `each` puts it once for every line, so it is no part of the act itself."""
    asked = Asked(kind, label, each, suggest, choices, hint, required=default is MISSING, late=late, leads=leads)
    metadata = {"asked": asked}
    if each:
        return field(default=None if default is MISSING else default, init=False, metadata=metadata)
    if isinstance(default, dict):
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, init=init, metadata=metadata)


BACK = "back"
NEW = "new"
SAME = "same"


@dataclass(frozen=True, slots=True)
class Move:
    """An arc in the life cycle: from any of `start` (or NEW) to `end` (or BACK, where it came from; or SAME)."""

    start: frozenset[State] | str
    end: State | str

    def __init__(self, start: set[State] | frozenset[State] | str, end: State | str) -> None:
        object.__setattr__(self, "start", start if isinstance(start, str) else frozenset(start))
        object.__setattr__(self, "end", end)
        if not isinstance(start, str) and frozenset(start) & ENDED:
            raise ValueError("no arc leaves an ended state")


Changes: TypeAlias = dict[str, Any]
"""Fields of one subject with their new values; a key `part.key` is a row of the subject's own list."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an act: its subject (None while it is being born) and the answers given for it alone."""

    subject: Ref | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signature:
    """A person who stands behind an act, and how we know: own password at the seat, or signed paper."""

    person: PersonId
    role: str
    how: str = "seat"
    paper: int | None = None


@dataclass(frozen=True, slots=True)
class Authority:
    """What an act rests on: the approved slip, everybody who signed, and when it happened if not now."""

    slip: int | None = None
    signatures: tuple[Signature, ...] = ()
    happened: datetime | None = None
    corrects: int | None = None


NOBODY = Authority()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason not to: the rule, what it says here, where it is written, what would lift it."""

    rule: str
    reason: Says
    citation: str = ""
    verified: bool = True
    remedy: Says | None = None
    subject: Ref | None = None
    field: str | None = None
    account: str | None = None
    """Where one person's signature is missing: what they sign in with, empty when they cannot."""


@dataclass(frozen=True, slots=True)
class Case:
    """One line of an act laid before the rules: everything they may look at, and nothing they may change."""

    line: Line
    today: date
    now: datetime
    actor: Person
    authority: Authority
    book: Book
    numbers: Numbers
    carrier: Carrier | None = None
    document: Document | None = None
    slip: Slip | None = None
    regime: Regime | None = None
    together: tuple[Ref, ...] = ()
    """Every subject of the act, this one among them: a bag is counted whole, a list destroyed whole."""
    sources: tuple[Document, ...] = ()
    """The documents that a new one is made from."""
    beside: tuple[Line, ...] = ()
    """Every line of the act with the answers given for it, this one among them: no number is given out twice."""

    def answer(self, name: str, default: Any = None) -> Any:
        """The answer given for this line alone."""
        return self.line.answers.get(name, default)

    @property
    def subject(self) -> Ref:
        """The subject of this line; a line that is being born has it once it was numbered."""
        if self.line.subject is None:
            raise LookupError("the line has no subject yet")
        return self.line.subject

    @property
    def the_carrier(self) -> Carrier:
        """The carrier this line is on; a rule that asks without one is a fault in the declaration."""
        if self.carrier is None:
            raise LookupError("this act is not on a carrier")
        return self.carrier

    @property
    def the_document(self) -> Document:
        """The document this line is on or carries."""
        if self.document is None:
            raise LookupError("this act is not on a document")
        return self.document

    @property
    def the_slip(self) -> Slip:
        """The slip this act is on or rests on."""
        if self.slip is None:
            raise LookupError("this act rests on no slip")
        return self.slip

    @property
    def the_regime(self) -> Regime:
        """The regime in force for this line, as it was copied into the register."""
        if self.regime is None:
            raise LookupError("no regime judges this act")
        return self.regime


Check: TypeAlias = "Callable[[Any, Case], Refusal | None]"
"""A rule: reads as the sentence that should be true, returns the refusal when it is not."""


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(ask,))
class Action:
    """One thing that can be done, declared whole: questions, arc, rules, record, paper, history sentence."""

    code: ClassVar[str]
    label: ClassVar[str]
    subject: ClassVar[Subject]
    told: ClassVar[str]
    """History sentence; placeholders are answers and changed fields by name."""
    move: ClassVar[Move | None] = None
    """From which states to which; None leaves the subject's state alone."""
    checks: ClassVar[tuple[Check, ...]] = ()
    whole: ClassVar[tuple[Check, ...]] = ()
    """Rules about the act as a whole, asked once with its first line."""
    prints: ClassVar[tuple[str, ...]] = ()
    """Forms that are offered when it is done, by code."""
    route: ClassVar[str | None] = None
    """The regime's key under which approvals for this act are looked up by level; None needs none."""
    applied_for: ClassVar[tuple[str, ...]] = ()
    """Answers an approval covers even where the application left them out; the others are given when it is done."""
    duties: ClassVar[tuple[str, ...]] = ("registry_clerk",)
    """Who may do it: any of these duties; empty means everybody who is signed in."""
    slip_kind: ClassVar[str | None] = None
    """The kind of slip that carries this act while it is applied for or executed."""
    undo: ClassVar[str | None] = None
    """The counter-act offered as 'Undo…', by code."""
    begins_where: ClassVar[frozenset[State]] = frozenset()
    """In which states a carrier can bring forth something new by this act; empty where it is no birth from one."""
    offered: ClassVar[bool] = True
    """Whether menus offer it by itself, or it belongs to a slip's page or to set-up."""
    key: ClassVar[str] = ""
    """Single key printed on its button."""

    @classmethod
    def brings_forth(cls) -> bool:
        """Whether its subject comes into the book by it."""
        return cls.move is not None and cls.move.start == NEW

    def __init_subclass__(cls) -> None:
        """Make every declaration a frozen keyword-only dataclass without saying so each time."""
        dataclass(frozen=True, kw_only=True)(cls)

    def changes(self, case: Case) -> Changes:
        """The subject's own fields after the act."""
        raise NotImplementedError(f"{type(self).__name__} records nothing")

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        """Changes to other subjects, once for the whole act: its slip, its document, a new envelope."""
        return {}

    def lines(self, given: Sequence[Line], first: Case) -> Sequence[Line]:
        """The lines of the act; an act that creates several carriers writes one line for each."""
        return given


_QUESTIONS: dict[type[Action], Mapping[str, Asked]] = {}


def questions(action: type[Action]) -> Mapping[str, Asked]:
    """The questions an action asks, by field name, in order: its own, then those it shares with others."""
    known = _QUESTIONS.get(action)
    if known is None:
        asked = {f.name: f.metadata["asked"] for f in fields(action) if "asked" in f.metadata}  # type: ignore[arg-type]
        shared = asked.keys() - action.__annotations__.keys()
        known = {name: asked[name] for name in sorted(asked, key=lambda name: name in shared)}
        _QUESTIONS[action] = known
    return known


def answers_of(action: Action) -> dict[str, Any]:
    """The answers an action was given, without those put once for each line."""
    return {name: getattr(action, name) for name, asked in questions(type(action)).items() if not asked.each}


def refuse(
    reason: str,
    /,
    *,
    citation: str = "",
    verified: bool = True,
    remedy: Says | None = None,
    field: str | None = None,
    **values: Any,
) -> Refusal:
    """A refusal with its sentence; the door adds which rule and which subject."""
    return Refusal("", says(reason, **values), citation, verified, remedy, None, field)
