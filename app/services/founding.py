"""A new register: keys, tables, first people and accounts, regimes and places; each of them already an entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from app.actions.accounts import OpenAccount
from app.actions.keeping import RegisterPlace
from app.actions.office import AdoptRegime, ClearPerson, FoundRegister, GrantDuty, RegisterPerson
from app.domain.action import Authority, Ref, Signature, Subject
from app.domain.carrier import Person, PersonId
from app.domain.characters import unkeepable
from app.domain.control_numbers import suggested_code
from app.domain.numbering import LARGEST_REGISTER, TemplateError, parse
from app.domain.passwords import login_can_be_typed, password_is_strong_enough, sign_in_name
from app.domain.people import ADMINISTRATORS, DUTIES, incompatible
from app.domain.regime import Regime, load_regime
from app.domain.words import N_, Says, says
from app.paths import resource
from app.services.accounts import Clock
from app.services.desk import Desk, Refused
from app.store import database as files
from app.store import vault
from app.store.schema import SIGNING_KEY
from app.store.unfinished import founded_beside

LEAST_ACCOUNTS = 2
SHIPPED_REGIMES = ("cn-state", "cn-work", "cn-company", "us-dod")
LANGUAGES = ("zh", "en", "both")


@dataclass(frozen=True, slots=True)
class Founder:
    """One of the first people: an account when there is a password, otherwise only a name in the register."""

    name: str
    duties: tuple[str, ...] = ()
    login: str = ""
    password: str = field(default="", repr=False)
    department: str = ""
    title: str = ""
    badge: str = ""
    cleared: bool = True
    """Cleared up to the highest level of every regime; others are cleared later, one by one."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What set-up asked: unit, register number, regimes, language of the paper, numbering, people, places."""

    unit: str
    regimes: tuple[str, ...]
    people: tuple[Founder, ...]
    number: int = 1
    language: str = "both"
    numbering: Mapping[str, str] = field(default_factory=dict)
    places: tuple[tuple[str, int] | tuple[str, int, int], ...] = ()
    """Name, grade and, where one is named at once, which of the people keeps it."""
    unit_code: str = ""
    """What stands for the unit in numbers; none given, one is made of its name."""


@dataclass(frozen=True, slots=True)
class Founded:
    """A register that was just begun, and the recovery key that is printed once and kept nowhere."""

    folder: Path
    register: int
    recovery: str = field(repr=False)
    had_leftovers: bool = False
    """Whether a founding that was stopped had left something here, which was cleared."""


class PlanRefused(Exception):
    """The plan cannot become a register; `reasons` say why."""

    def __init__(self, reasons: Sequence[Says]) -> None:
        super().__init__(f"{len(reasons)} reasons")
        self.reasons = tuple(reasons)


def shipped_regime(code: str) -> Regime:
    """A regime as it is shipped, before a register adopts it."""
    text = resource(f"regimes/{code}.toml").read_text(encoding="utf-8")
    return load_regime(text, f"{code}.toml")


def reasons_against(plan: Plan) -> list[Says]:
    """What is missing or wrong in a plan; an empty list lets set-up go on."""
    accounts = [founder for founder in plan.people if founder.login]
    found = _about_the_register(plan)
    if len(accounts) < LEAST_ACCOUNTS:
        found.append(says(N_("At least two accounts are needed before the register begins.")))
    if len({sign_in_name(founder.login) for founder in accounts}) != len(accounts):
        found.append(says(N_("Two accounts have the same login.")))
    for founder in plan.people:
        found += _about_the_person(founder)
    for founder in accounts:
        if weak := password_is_strong_enough(founder.password, founder.login):
            found.append(says(N_("{name}: {reason}"), name=founder.name, reason=weak))
        if reason := incompatible(founder.duties):
            found.append(says(N_("{name}: {reason}"), name=founder.name, reason=reason))
    held = {duty for founder in accounts for duty in founder.duties}
    missing = [duty for duty in (*ADMINISTRATORS, "registry_clerk") if duty not in held]
    if missing:
        found.append(says(N_("Nobody has the duty: {duties}."), duties=tuple(says(DUTIES[duty]) for duty in missing)))
    return found


def _about_the_register(plan: Plan) -> list[Says]:
    found: list[Says] = []
    if not plan.unit.strip():
        found.append(says(N_("Name the unit that keeps the register.")))
    if wrong := unkeepable(plan.unit):
        found.append(wrong)
    if not plan.regimes:
        found.append(says(N_("Choose at least one regime.")))
    if unknown := tuple(code for code in plan.regimes if code not in SHIPPED_REGIMES):
        found.append(says(N_("There is no regime {code}; there are {known}."), code=unknown, known=SHIPPED_REGIMES))
    if len(set(plan.regimes)) != len(plan.regimes):
        found.append(says(N_("A regime is named twice.")))
    if plan.language not in LANGUAGES:
        found.append(says(N_("The language of the paper is one of {known}."), known=LANGUAGES))
    if not 1 <= plan.number <= LARGEST_REGISTER:
        found.append(says(N_("The register's number is between 1 and {largest}."), largest=LARGEST_REGISTER))
    return found + _about_the_numbers(plan)


def _about_the_numbers(plan: Plan) -> list[Says]:
    found: list[Says] = []
    if any(char.isspace() or not char.isprintable() for char in plan.unit_code):
        found.append(says(N_("The code of the unit stands in every number: write it without spaces.")))
    for template in plan.numbering.values():
        try:
            parse(template)
        except TemplateError as error:
            found.append(error.why)
    return found


def _about_the_person(founder: Founder) -> list[Says]:
    found: list[Says] = []
    name = founder.name.strip() or founder.login
    if not founder.name.strip():
        found.append(says(N_("Name the person of the account {login}."), login=founder.login))
    texts = (founder.name, founder.login, founder.department, founder.title, founder.badge)
    found += [wrong for text in texts if (wrong := unkeepable(text)) is not None]
    if founder.login and (wrong := login_can_be_typed(founder.login)):
        found.append(says(N_("{name}: {reason}"), name=name, reason=wrong))
    unknown = tuple(duty for duty in founder.duties if duty not in DUTIES)
    if unknown:
        known = tuple(DUTIES)
        found.append(
            says(N_("{name}: there is no duty {duties}; there are {known}."), name=name, duties=unknown, known=known)
        )
    return found


def found(
    folder: Path,
    plan: Plan,
    clock: Clock,
    *,
    cost: vault.Cost = vault.SHIPPED,
    keep: Callable[[str], None] | None = None,
) -> Founded:
    """Begin a register in this folder; raises `PlanRefused` or `StoreUnavailable`, and then leaves nothing behind.

    `keep` takes the recovery key while there is no register yet: one whose only key was lost would be lost with it.
    """
    if reasons := reasons_against(plan):
        raise PlanRefused(reasons)
    files.harden_process()  # from here on this process holds a key
    regimes = [shipped_regime(code) for code in plan.regimes]
    with founded_beside(folder) as beside:
        kept = vault.new_vault(beside.folder, cost=cost)
        files.create(beside.folder, kept.key)
        with files.open_database(beside.folder, kept.key, claimed=True) as database:
            files.migrate(database)
            try:
                _first_entries(database, plan, regimes, clock)
            except Refused as refused:
                raise PlanRefused([refusal.reason for refusal in refused.refusals]) from refused
            slots = kept.vault
            for account, founder in enumerate((one for one in plan.people if one.login), 1):
                slots = vault.add_slot(slots, kept.key, account, founder.login, founder.password, 1, cost=cost)
        if keep is not None:
            keep(kept.recovery)
    return Founded(folder, plan.number, kept.recovery, beside.had_leftovers)


def _first_entries(database: files.Database, plan: Plan, regimes: Sequence[Regime], clock: Clock) -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    first = plan.people[0]
    founder = Person(PersonId(1), first.name, duties=dict.fromkeys(ADMINISTRATORS[:2], (None, None)))
    desk = Desk(database, founder, clock, founding=True)
    numbering = {r.code: plan.numbering.get(r.code) or r.numbering("control_number").value for r in regimes}
    desk.perform(
        FoundRegister(
            number=plan.number,
            unit=plan.unit,
            language=plan.language,
            public_key=public,
            numbering=numbering,
            unit_code=plan.unit_code or suggested_code(plan.unit),
        )
    )
    with database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO secrets (name, value) VALUES (?, ?)",
            (SIGNING_KEY, key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())),
        )
    witness = Authority(signatures=(Signature(PersonId(2), "founder"),))
    for regime in regimes:
        desk.perform(AdoptRegime(name=regime.code, version=regime.version, text=regime.text), authority=witness)
    for person in plan.people:
        _enter(desk, person, regimes, witness)
    for name, grade, *keeper in plan.places:
        named = PersonId(keeper[0]) if keeper else None
        desk.perform(RegisterPlace(name=name, grade=grade, keeper=named))


def _enter(desk: Desk, founder: Founder, regimes: Sequence[Regime], witness: Authority) -> None:
    entered = desk.perform(
        RegisterPerson(name=founder.name, department=founder.department, title=founder.title, badge=founder.badge)
    )
    number = entered.subjects[0].id
    for duty in founder.duties:
        desk.perform(GrantDuty(duty=duty), [Ref(Subject.PERSON, number)], witness)
    if founder.cleared:
        for regime in regimes:
            top = regime.levels()[0].value.code
            desk.perform(ClearPerson(regime=regime.code, level=top), [Ref(Subject.PERSON, number)])
    if founder.login:
        desk.perform(OpenAccount(login=founder.login, person=PersonId(number)))
