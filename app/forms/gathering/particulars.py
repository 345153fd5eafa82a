"""What many forms say: level and mark in the regime's own words, names, dates, copy numbers, boxes to sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.domain.action import Ref, Subject
from app.domain.carrier import State
from app.domain.classification import Mark, Period, copy_line, write_mark, write_period
from app.domain.mark import own_name
from app.domain.numbering import Letter, payload
from app.domain.people import ON_PAPER
from app.domain.period import PeriodKind
from app.domain.regime import Names, Regime, UnknownCodeError
from app.domain.regime_rules import Caveat, Demand
from app.domain.slip import Slip, Step
from app.domain.words import Says
from app.forms.lines import CarrierLine, Signature
from app.forms.page import Head
from app.forms.sheet import Language, listed
from app.forms.text import INK
from app.store.reads.carrier_lines import CarrierLine as Held
from app.store.reads.forms import DocumentFacts, Records
from app.store.reads.visible import UNTITLED


class Refusing(Exception):
    """The form cannot be made of this; `reason` says why and what to choose instead."""

    def __init__(self, reason: Says) -> None:
        super().__init__(reason.msgid)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Gathering:
    """The register as one print asks it: which language, which day, and what was said beside the subject."""

    records: Records
    language: Language
    today: date
    more: Mapping[str, Any] = field(default_factory=dict)

    # --- words ---------------------------------------------------------------------------------------------------

    def named(self, names: Names, regime: Regime) -> str:
        """A regime's own name for something; where both languages are printed, the one it writes its marks in."""
        if self.language is Language.BOTH:
            return own_name(names, regime)
        return names.zh if self.language is Language.ZH else names.en

    def say(self, zh: str, en: str) -> str:
        """A few words in the language of the paper."""
        return {Language.ZH: zh, Language.EN: en, Language.BOTH: f"{zh} {en}"}[self.language]

    def listed(self, values: Iterable[str]) -> str:
        """Several short texts in one field."""
        return listed(values, self.language)

    def role(self, regime: Regime | None, role: str) -> str:
        """What the regime calls a role, in the languages of the paper; a role it has no name for as it is."""
        if regime is None:
            return role
        try:
            names = regime.role_name(role)
        except UnknownCodeError:
            return role
        return self.say(names.zh, names.en[:1].upper() + names.en[1:])

    def level(self, regime: str, level: str | None) -> str:
        """A level's name."""
        if not level:
            return ""
        known = self.records.regime(regime)
        return self.named(known.level(level).value.name, known)

    def period(self, regime: str, period: str | None) -> str:
        """A stored period as the regime writes it; in the paper's words where that is another language."""
        if not period:
            return ""
        parsed, known = Period.parse(period), self.records.regime(regime)
        if self.language is Language.BOTH or str(self.language) == known.rules.language or parsed.kind not in _PERIODS:
            return write_period(parsed, known)
        zh, one, many = _PERIODS[parsed.kind]
        return self.say(zh, one if parsed.count == 1 else many).format(n=parsed.count)

    def mark(self, document: DocumentFacts, level: str | None = None) -> str:
        """The mark that stands on a copy of the document."""
        period = Period.parse(document.period) if document.period else None
        mark = Mark(level or document.level, period, document.caveats)
        return write_mark(mark, self.records.regime(document.regime))

    def colour(self, regime: str, level: str | None) -> str:
        """The colour of a level."""
        return self.records.regime(regime).level(level).value.colour if level else INK

    def code(self, letter: Letter, number: int) -> str:
        """One of this register's barcodes."""
        return payload(letter, self.records.register().number, number)

    def originator(self, document: DocumentFacts) -> str:
        """Who made the document: the sender it came from, or this unit itself."""
        return document.originator or ("" if document.received else self.records.register().unit)

    def caveats(self, regime: str, codes: Iterable[str]) -> list[Caveat]:
        """The caveats of these codes in the order of the banner line."""
        held = set(codes)
        return [one.value for one in self.records.regime(regime).caveats() if one.value.code in held]

    def may_copy(self, document: DocumentFacts) -> bool:
        """Whether copies may be asked for: the issuer has not said no, by a tick or by a caveat."""
        barred = any(Demand.NO_COPYING in one.demands for one in self.caveats(document.regime, document.caveats))
        return document.may_copy and not barred

    def seals(self, regime: str | None) -> bool:
        """Whether papers of the regime bear the seal of a unit beside a hand; only Chinese ones do."""
        return regime is None or self.records.regime(regime).rules.language == "zh"

    def serial(self, held: Held) -> str:
        """Which copy it is, as the regime writes it on the carrier itself."""
        if held.copy_no is None:
            return ""
        return copy_line(held.copy_no, held.copies_of, self.records.regime(held.regime))

    def person(self, number: Any) -> str:
        """A person's name, department and duty behind it in brackets: 陈敏（保密室，保密员）."""
        known = self.records.person(number)
        behind = [each for each in (known.department, known.title) if each] if known else []
        if not known or not behind:
            return known.name if known else ""
        english = self.language is Language.EN
        return f"{known.name} ({', '.join(behind)})" if english else f"{known.name}（{'，'.join(behind)}）"

    def department(self, number: Any) -> str:
        """A person's department."""
        known = self.records.person(number)
        return known.department if known else ""

    # --- heads ---------------------------------------------------------------------------------------------------

    def highest(self, levels: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
        """The highest of these (regime, level); between regimes the rank decides."""
        known = sorted(set(levels))
        return max(known, key=lambda one: self.rank(*one), default=None)

    def rank(self, regime: str, level: str) -> int:
        """How high a level is in its regime."""
        return self.records.regime(regime).level(level).value.rank

    def head(self, number: str, code: str, levels: Iterable[tuple[str, str]]) -> Head:
        """The head of a form that bears the mark of the highest level on it."""
        top = self.highest(levels)
        if top is None:
            return Head(number=number, code=code)
        regime = self.records.regime(top[0])
        return Head(number=number, code=code, mark=write_mark(Mark(top[1]), regime), colour=self.colour(*top))

    def slip_head(self, slip: Slip, helds: Iterable[Held] = ()) -> Head:
        """The head of a slip's form: its number and code, the highest level on it."""
        levels = [(held.regime, held.level) for held in helds]
        if not levels and slip.regime and slip.level:
            levels = [(slip.regime, slip.level)]
        return self.head(slip.number, self.code(Letter.SLIP, slip.id), levels)

    def number_and_serial(self, held: Held) -> str:
        """The number of a carrier, and below it the serial number of a medium: both tell which one it is."""
        if not held.serial_no:
            return held.number
        return f"{held.number}\n{'序列号' if self.language is Language.ZH else 'S/N'} {held.serial_no}"

    # --- lines and signatures ------------------------------------------------------------------------------------

    def row(self, held: Held, **changes: Any) -> CarrierLine:
        """A carrier as lists that stay in the unit show it."""
        document = self.records.document(held.document)
        given: dict[str, Any] = {
            "number": self.number_and_serial(held),
            "title": held.title,
            "reference": held.reference or "",
            "copy": copy_of(held),
            "level": self.level(held.regime, held.level),
            "rank": self.rank(held.regime, held.level),
            "period": self.period(held.regime, held.period),
            "kind": str(held.kind),
            "pages": held.pages,
            "originator": self.originator(document),
            "date": day(document.issued),
            "keeper": held.holder or held.custodian or "",
            "place": held.place or "",
            "state": str(held.state),
            "slip": held.slip or held.way or "" if held.state in _ON_A_SLIP else "",
        }
        return CarrierLine(**{**given, **changes})

    def steps(self, slip: Slip) -> tuple[Signature, ...]:
        """The approvals of a slip: who decided what when, and the boxes of those who have not."""
        regime = self.records.regime(slip.regime) if slip.regime else None
        opinions = self._opinions(slip)
        found = []
        for step in slip.steps:
            words = [opinions.get(step.no, "")]
            if step.decision == "approved" and not words[0]:
                words = [self.say("同意。", "Approved.")]
            elif step.decision == "refused":
                words = [self.say("不同意。", "Refused."), *words]
            outside = step.role in ON_PAPER
            if step.consent:
                words.append(f"{self.say('同意文号', 'Consent no.')} {consent_of(step)}")
            if outside and step.decision:
                words.append(f"({self.say('登记人', 'entered by')} {self.records.name(step.by)} {moment(step.at)})")
            signed = moment(step.at) if step.decision and step.how != "paper" and not outside else ""
            opinion = " ".join(filter(None, words))
            found.append(
                Signature(
                    role=self.role(regime, str(step.role)),
                    name="" if outside else self.records.name(step.by),
                    opinion=opinion,
                    signed=signed,
                )
            )
        return tuple(found)

    def _opinions(self, slip: Slip) -> dict[int, str]:
        found: dict[int, str] = {}
        for action, answer in (("approve", "opinion"), ("refuse_slip", "reason")):
            for entry in self.records.entries(Ref(Subject.SLIP, slip.id), action):
                for key in entry.c:
                    if key.startswith("step.") and answer in entry.q:
                        found[int(key.removeprefix("step."))] = self.records.text(entry.q[answer])
        return found

    def signs(self, slip: Slip, role: str, person: Any = None, *, opinion: str = "", place: str = "") -> Signature:
        """One box: who signs as what, and when it was signed at the desk."""
        given = slip.signed.get(role) or {}
        if person is not None and given.get("person") != person:
            # The second of a commission stands beside the first: giver, giver_2.
            others = (one for key, one in slip.signed.items() if key.startswith(f"{role}_"))
            given = next((one for one in others if one.get("person") == person), given)
        number = person or given.get("person")
        at_desk = given.get("how") == "seat" and number == given.get("person")
        return Signature(
            role=role.rstrip("0123456789").rstrip("_"),
            name=number if isinstance(number, str) else self.records.name(number),
            opinion=opinion,
            signed=moment(given.get("at")) if at_desk else "",
            place=place,
        )


_PERIODS = {
    PeriodKind.YEARS: ("{n}年", "{n} year", "{n} years"),
    PeriodKind.MONTHS: ("{n}个月", "{n} month", "{n} months"),
    PeriodKind.PERMANENT: ("永久", "permanent", "permanent"),
    PeriodKind.LONG: ("长期", "long", "long"),
    PeriodKind.SHORT: ("短期", "short", "short"),
}
_ON_A_SLIP = frozenset(
    {State.LOAN, State.CIRCUL, State.IN_TRANSIT, State.CARRIED, State.REPAIR, State.READING, State.TO_DEST}
)


@dataclass(frozen=True, slots=True)
class Voucher:
    """A slip as a form reads it: its lines and carriers, and what was said of it at application or afterwards."""

    slip: Slip
    lines: tuple[Mapping[str, Any], ...]
    helds: tuple[Held, ...]
    records: Records

    def said(self, *names: str, default: Any = "") -> Any:
        """The first of these that is known: a fact of the slip, else an answer of the application."""
        for name in names:
            for known in (self.slip.facts, self.slip.answers):
                if known.get(name) not in (None, "", [], ()):
                    return known[name]
        return default

    def text(self, *names: str) -> str:
        """The same as words."""
        return self.records.text(self.said(*names))

    def by_carrier(self) -> dict[int, Mapping[str, Any]]:
        """The lines by carrier."""
        return {line["carrier"]: line for line in self.lines if line.get("carrier")}


def voucher(records: Records, number: int) -> Voucher:
    """A slip with its lines and carriers."""
    slip = records.slip(number)
    lines = tuple(records.slip_lines(number).values())
    helds = records.carriers([line["carrier"] for line in lines if line.get("carrier")])
    return Voucher(slip, lines, helds, records)


def answered(records: Records, slip: int, action: str, name: str) -> str:
    """What an act on the slip answered to a question that is kept nowhere else."""
    for entry in reversed(records.acts_on(slip, action)):
        if entry.q.get(name) not in (None, "", []):
            return records.text(entry.q[name])
    return ""


def address_of(parcel: Voucher) -> str:
    """Where a parcel goes: said when it was applied for, or when it was sent."""
    return parcel.text("address") or answered(parcel.records, parcel.slip.id, "dispatch", "address")


def carriers_of(records: Records, of: Ref, more: Mapping[str, Any]) -> tuple[Held, ...]:
    """The carriers a print is of: one, a document's copies, a slip's lines, what lies in an envelope, or a list."""
    if more.get("carriers"):
        return records.carriers(tuple(more["carriers"]))
    if of.kind is Subject.DOCUMENT:
        return records.carriers(records.copies_of(of.id))
    if of.kind is Subject.SLIP:
        return voucher(records, of.id).helds
    if of.kind is Subject.ENVELOPE:
        return records.carriers(records.carriers_in(of.id))
    if of.kind is Subject.IMPORT:
        return records.carriers(records.imported(of.id))
    return (records.carrier(of.id),)


def levels_of(helds: Iterable[Held]) -> list[tuple[str, str]]:
    """The levels of some carriers."""
    return [(held.regime, held.level) for held in helds]


def copy_of(held: Held) -> str:
    """Which copy of how many, briefly."""
    if held.copy_no is None:
        return ""
    return f"{held.copy_no}/{held.copies_of}" if held.copies_of else str(held.copy_no)


def span(numbers: Sequence[str]) -> str:
    """From the first number to the last; what both begin with is written once: CU-S-2026-0417/3–4."""
    known = [number for number in numbers if number]
    if len(known) < 2 or known[0] == known[-1]:
        return "".join(known[:1])
    stem, slash, last = known[-1].rpartition("/")
    return f"{known[0]}–{last if slash and known[0].startswith(stem + slash) else known[-1]}"


def short(held: Held | DocumentFacts) -> str:
    """The unclassified short title; a dash where there is none, never the title."""
    return held.short_title or UNTITLED


def consent_of(step: Step) -> str:
    """The number of a consent from outside and the day it bears; older books kept no day."""
    return f"{step.consent} ({day(step.consented)})" if step.consented else str(step.consent)


def day(value: date | str | None) -> str:
    """A date as it stands in a table."""
    if not value:
        return ""
    if isinstance(value, str) and "T" in value:
        return moment(value)[:10]
    return str(value)[:10]


def moment(value: str | None) -> str:
    """A stored moment in the time of this workstation, to the minute."""
    if not value:
        return ""
    if "T" not in value:
        return value
    return datetime.fromisoformat(value).astimezone().strftime("%Y-%m-%d %H:%M")
