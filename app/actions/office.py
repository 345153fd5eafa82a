"""The office itself: the register, people, clearances, duties, regimes, the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from app.domain.action import NEW, Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, Text, ask, refuse
from app.domain.carrier import PersonId
from app.domain.checks import is_here, level_is_known, level_name, somebody_else_signed
from app.domain.people import ADMINISTRATORS, DUTIES, incompatible
from app.domain.place_checks import levels_in_care
from app.domain.regime import RegimeError, load_regime
from app.domain.words import N_, says

OPEN = "open"


class FoundRegister(Action):
    """Begin a register: its number in codes, its unit, the language of its paper, its public key."""

    code = "found_register"
    label = N_("Begin the register")
    subject = Subject.REGISTER
    told = N_("the register was begun")
    move = Move(NEW, OPEN)
    duties = ()
    offered = False
    number: int = ask(Kind.NUMBER, N_("Register number"))
    unit: str = ask(Kind.CODE, N_("Unit"))
    language: str = ask(Kind.CHOICE, N_("Language of the paper"))
    public_key: str = ask(Kind.CODE, N_("Public key"))
    numbering: Mapping[str, str] = ask(Kind.STRUCTURE, N_("Numbering"))
    unit_code: str = ask(Kind.CODE, N_("Code of the unit in numbers"), default="")

    def changes(self, case: Case) -> Changes:
        facts = {f"fact.numbering:{code}": template for code, template in self.numbering.items()}
        if self.unit_code:
            facts["fact.unit_code"] = self.unit_code
        return {
            "number": self.number, "unit": self.unit, "language": self.language, "public_key": self.public_key,
            "created": case.now.isoformat(timespec="seconds"), **facts,
        }  # fmt: skip


def badge_is_free(action: RegisterPerson, case: Case) -> Refusal | None:
    """Two people never share a badge number."""
    if not action.badge or not case.book.badge_is_taken(action.badge):
        return None
    return refuse(N_("Badge {badge} belongs to somebody else."), badge=action.badge, field="badge")


class RegisterPerson(Action):
    """Enter a person the register will name: clerk, leader, reader, courier."""

    code = "register_person"
    label = N_("New person…")
    subject = Subject.PERSON
    told = N_("entered as a person of {department}")
    move = Move(NEW, OPEN)
    checks = (badge_is_free,)
    duties = ("security_administrator", "secrecy_officer", "registry_clerk")
    offered = False
    name: str = ask(Kind.TEXT, N_("Name"))
    department: str = ask(Kind.CODE, N_("Department"), default="")
    title: str = ask(Kind.CODE, N_("Post"), default="")
    badge: str = ask(Kind.CODE, N_("Badge number"), default="")

    def changes(self, case: Case) -> Changes:
        given = {"name": Text(self.name), "department": self.department, "title": self.title, "open": True}
        return given | ({"badge": self.badge} if self.badge else {})


def nobody_clears_themselves(_: Action, case: Case) -> Refusal | None:
    """A clearance is given by somebody else."""
    if case.actor.id not in concerned(case):
        return None
    return refuse(N_("Nobody clears themselves."), remedy=says(N_("Ask somebody else who may.")))


def person_is_here(_: Action, case: Case) -> Refusal | None:
    """Who has left is given nothing more."""
    return is_here(case.book.person(case.subject.id))


def term_has_a_day(action: GrantDuty, _: Case) -> Refusal | None:
    """A duty does not end before it begins."""
    if action.since is None or action.until is None or action.since <= action.until:
        return None
    return refuse(N_("It would end before it begins."), field="until")


def still_may_keep_it(action: ClearPerson, case: Case) -> Refusal | None:
    """A clearance is not narrowed below what its holder answers for as the named keeper of a place."""
    regime, keeper = case.the_regime, case.book.person(case.subject.id)
    if not regime.has_level(action.level):
        return None
    now = keeper.clearances.get(regime.code)
    for place in case.book.places_kept_by(keeper.id):
        for level in levels_in_care(case, place, regime):
            if regime.permits(action.level, level).value or not regime.permits(now, level).value:
                continue
            rule = regime.special_keeper(level)
            return refuse(
                N_("{name} is the keeper of {place}, where {level} lies."), name=keeper.name,
                place=case.book.place(place).name, level=level_name(regime, level), citation=rule.citation,
                verified=rule.verified, field="level", remedy=says(N_("Have another keeper named for it first.")),
            )  # fmt: skip
    return None


class ClearPerson(Action):
    """Clear a person up to a level of one regime."""

    code = "clear_person"
    label = N_("Clearance…")
    subject = Subject.PERSON
    told = N_("cleared up to {level}")
    whole = (nobody_clears_themselves,)
    checks = (level_is_known, person_is_here, still_may_keep_it)
    duties = ("security_administrator", "secrecy_officer")
    offered = False
    regime: str = ask(Kind.REGIME, N_("Regime"))
    level: str = ask(Kind.LEVEL, N_("Cleared up to"))

    def changes(self, case: Case) -> Changes:
        return {f"clearance.{self.regime}": self.level}


def concerned(case: Case) -> frozenset[PersonId]:
    """Whose duty, clearance or account the act is about, on whichever of its lines."""
    people = (ref.id for ref in case.together if ref.kind is Subject.PERSON)
    accounts = (case.book.account(ref.id) for ref in case.together if ref.kind is Subject.ACCOUNT)
    return frozenset((*people, *(account.person for account in accounts if account is not None)))


def two_administrators_sign(_: Action, case: Case) -> Refusal | None:
    """Granting or taking a duty takes two of the three administrators, neither of them about themselves (2.5)."""
    signers = {case.actor.id, *(signature.person for signature in case.authority.signatures)}
    if administrators_among(case, signers - concerned(case)) >= 2:
        return None
    about = sorted(signers & concerned(case))
    if about and administrators_among(case, signers) >= 2:
        name = case.book.person(about[0]).name
        return Refusal(
            "signature:administrator",
            says(N_("{name} is not one of the two administrators when it is about {name}."), name=name),
            remedy=says(N_("Have two other administrators sign, or grant the duty of one to somebody else first.")),
        )
    return Refusal(
        "signature:administrator",
        says(N_("Two of the three administrators must sign.")),
        remedy=says(N_("Have a second administrator sign here with their own password.")),
    )


def administrators_among(case: Case, people: set[PersonId] | set[int]) -> int:
    """How many different administrators' duties so many different people of these hold."""
    held = set()
    for number in people:
        person = case.book.person(number)
        held |= {(duty, number) for duty in ADMINISTRATORS if person.holds(duty, case.today)}
    duties, persons = {duty for duty, _ in held}, {number for _, number in held}
    return min(len(duties), len(persons))


def duties_may_lie_together(action: GrantDuty, case: Case) -> Refusal | None:
    """The auditor holds neither of the other two; nobody acts and audits."""
    person = case.book.person(case.subject.id)
    if reason := incompatible({*person.duties, action.duty}):
        return Refusal("", reason, citation="BJ21 §18", verified=False, field="duty")
    return None


class GrantDuty(Action):
    """Give a person a duty, for good or between two dates; takes two of the three administrators."""

    code = "grant_duty"
    label = N_("Grant a duty…")
    subject = Subject.PERSON
    told = N_("given the duty of {duty}")
    whole = (two_administrators_sign,)
    checks = (duties_may_lie_together, person_is_here, term_has_a_day)
    duties = ADMINISTRATORS
    offered = False
    duty: str = ask(Kind.DUTY, N_("Duty"), choices=tuple(DUTIES.items()))
    since: date | None = ask(Kind.DATE, N_("From"), default=None)
    until: date | None = ask(Kind.DATE, N_("Until"), default=None)

    def changes(self, case: Case) -> Changes:
        return {f"duty.{self.duty}": [self.since, self.until]}


def duty_is_held(action: TakeDuty, case: Case) -> Refusal | None:
    """Only a duty somebody has can be taken."""
    person = case.book.person(case.subject.id)
    if action.duty in person.duties:
        return None
    return refuse(N_("{name} does not have that duty."), name=person.name, field="duty")


class TakeDuty(Action):
    """End a person's duty; takes two of the three administrators."""

    code = "take_duty"
    label = N_("End a duty…")
    subject = Subject.PERSON
    told = N_("the duty of {duty} ended")
    whole = (two_administrators_sign,)
    checks = (duty_is_held,)
    duties = ADMINISTRATORS
    offered = False
    duty: str = ask(Kind.DUTY, N_("Duty"), choices=tuple(DUTIES.items()))

    def changes(self, case: Case) -> Changes:
        return {f"duty.{self.duty}": None}


def nothing_is_in_the_persons_name(_: Action, case: Case) -> Refusal | None:
    """Nobody leaves while anything is in their name (domain.md 4.28)."""
    person = case.book.person(case.subject.id)
    receipts = case.book.receipts_of(person.id)
    held = case.book.held_by(person.id) or (case.book.slip(receipts[0]).number if receipts else None)
    if held is None:
        return None
    return refuse(
        N_("{name} still answers for {number}."),
        name=person.name,
        number=held,
        remedy=says(N_("Take it back, or hand over the charge.")),
    )


def keeps_no_place(_: Action, case: Case) -> Refusal | None:
    """Nobody leaves as the named keeper of a place."""
    person = case.book.person(case.subject.id)
    kept = case.book.places_kept_by(person.id)
    if not kept:
        return None
    return refuse(
        N_("{name} is the keeper of {place}."), name=person.name, place=case.book.place(kept[0]).name,
        remedy=says(N_("Have another keeper named for it first.")),
    )  # fmt: skip


def account_is_closed_first(_: Action, case: Case) -> Refusal | None:
    """Nobody leaves while they can still sign in."""
    own = case.book.account_of(case.subject.id)
    if own is None:
        return None
    name = case.book.person(case.subject.id).name
    return refuse(
        N_("{name} can still sign in as {login}."),
        name=name,
        login=own.login,
        remedy=says(N_("Close the account first.")),
    )


class ClosePerson(Action):
    """A person leaves: closed, never deleted, so that every old entry keeps its name."""

    code = "close_person"
    label = N_("Left…")
    subject = Subject.PERSON
    told = N_("left")
    checks = (person_is_here, nothing_is_in_the_persons_name, keeps_no_place, account_is_closed_first)
    duties = ("security_administrator", "secrecy_officer")
    offered = False
    reason: str = ask(Kind.TEXT, N_("Reason"), default="")

    def changes(self, case: Case) -> Changes:
        return {"open": False}


def a_second_person_confirms(_: Action, case: Case) -> Refusal | None:
    """The date is confirmed by somebody other than who is signed in."""
    if somebody_else_signed(case):
        return None
    return Refusal(
        "signature:witness",
        says(N_("A second person must confirm the date.")),
        remedy=says(N_("Have somebody else sign here with their own password.")),
    )


def date_is_todays(action: ConfirmDate, case: Case) -> Refusal | None:
    """What two people confirm is the day by which everything is judged from here."""
    if action.today == case.today:
        return None
    return refuse(
        N_("The date does not agree with the clock of this workstation."), field="today",
        remedy=says(N_("Set the clock right first.")),
    )  # fmt: skip


class ConfirmDate(Action):
    """Two people say that the clock's date is right after it went back or leapt ahead."""

    code = "confirm_date"
    label = N_("Confirm the date…")
    subject = Subject.REGISTER
    told = N_("the date {today} was confirmed")
    whole = (a_second_person_confirms, date_is_todays)
    duties = ()
    offered = False
    today: date = ask(Kind.DATE, N_("Today is"))

    def changes(self, case: Case) -> Changes:
        return {}


def a_second_person_adopts(_: Action, case: Case) -> Refusal | None:
    """A new version of a regime is an act of two people."""
    if somebody_else_signed(case):
        return None
    return Refusal(
        "signature:adopter",
        says(N_("A regime is adopted by two people.")),
        remedy=says(N_("Have a second person sign here with their own password.")),
    )


def text_is_that_regime(action: AdoptRegime, _: Case) -> Refusal | None:
    """What judges every act from here can be read, and is the regime it is adopted as: else nothing could be done."""
    try:
        declared = load_regime(action.text, action.name).code
    except RegimeError as error:
        return Refusal("", error.says, field="text")
    if declared == action.name:
        return None
    return refuse(N_("The text declares the regime {code}."), code=declared, field="name")


class AdoptRegime(Action):
    """Copy a regime's text into the register; from here it is what judges."""

    code = "adopt_regime"
    label = N_("Adopt a regime…")
    subject = Subject.REGIME
    told = N_("regime {code} adopted as version {version}")
    move = Move(NEW, OPEN)
    whole = (text_is_that_regime, a_second_person_adopts)
    duties = ("security_administrator", "secrecy_officer")
    offered = False
    name: str = ask(Kind.CODE, N_("Regime"))
    version: int = ask(Kind.NUMBER, N_("Version"), default=1)
    text: str = ask(Kind.LONG_TEXT, N_("Text"))

    def changes(self, case: Case) -> Changes:
        return {"code": self.name, "version": self.version, "text": Text(self.text), "in_force": True}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        former = cases[0].book.regime_id(self.name)
        return {Ref(Subject.REGIME, former): {"in_force": False}} if former is not None else {}


ACTIONS = (
    FoundRegister,
    RegisterPerson,
    ClearPerson,
    GrantDuty,
    TakeDuty,
    ClosePerson,
    ConfirmDate,
    AdoptRegime,
)
