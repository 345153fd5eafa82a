"""An invented unit and its people, for the sample register and the tour: they do by code what clerks do by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.actions.deciding import Approve
from app.actions.intake import OpenEnvelope, SignForEnvelope
from app.actions.labels import AffixLabel, PrintLabels, VerifyLabel
from app.actions.making import FinishMaking
from app.actions.office import ConfirmDate
from app.actions.receiving import RegisterReceived
from app.actions.reconciling import ReconcileEnvelope
from app.actions.vouchers import Submit
from app.domain.action import Action, Authority, Line, Ref, Signature, Subject, answers_of
from app.domain.carrier import Carrier, Document, PersonId
from app.domain.numbering import payload
from app.domain.people import ON_PAPER, ROLE_DUTIES
from app.domain.slip import Slip
from app.services import accounts, founding
from app.services.desk import Desk, Receipt
from app.services.founding import Founder, Plan
from app.store import database as files
from app.store import vault
from app.store.lookups import Cached, Lookups

CAST: Mapping[str, Founder] = {
    "chen": Founder("陈敏 Chen Min", ("registry_clerk",), "chen", department="Registry", title="Head of the registry"),
    "li": Founder("李娜 Li Na", ("registry_clerk", "archivist"), "li", department="Registry", title="Registry clerk"),
    "sun": Founder("孙立 Sun Li", ("system_administrator",), "sun", department="Office", title="System administrator"),
    "zhou": Founder(
        "周静 Zhou Jing", ("security_administrator", "secrecy_officer"), "zhou", department="Secrecy office"
    ),
    "zhao": Founder("赵勤 Zhao Qin", ("auditor",), "zhao", department="Audit", title="Auditor"),
    "he": Founder("何伟 He Wei", ("unit_leader", "general_manager"), "he", department="Leadership", title="Director"),
    "wu": Founder("吴涛 Wu Tao", ("department_leader", "classification_authority"), "wu", department="Department 3"),
    "wang": Founder("王磊 Wang Lei", department="Department 3", title="Engineer", badge="00107"),
    "xu": Founder("徐洁 Xu Jie", department="Department 1", title="Planner", badge="00112"),
    "ma": Founder("马超 Ma Chao", department="Registry", title="Courier", badge="00121"),
    "hu": Founder("胡兰 Hu Lan", department="Registry", title="Courier", badge="00122"),
    "lin": Founder("林峰 Lin Feng", department="Test hall", title="Test engineer", badge="00130"),
}
"""Invented people; nobody of these names is meant."""

PLACES: tuple[tuple[str, int] | tuple[str, int, int], ...] = (
    ("Safe B-2 保险柜", 9, 1),
    ("Reading room 阅览室", 9, 1),
    ("Archive room 档案室", 9, 1),
    ("Cabinet C-1 文件柜", 4),
)
SAFE, READING, ARCHIVE = 1, 2, 3
UNIT = "第二研究院 Second Institute"
REGISTER = 107
NUMBERING = {
    "cn-state": "{level}{year}-{0001}",
    "cn-company": "{level}{year}-{0001}",
    "us-dod": "{level}-{year}-{0001}",
}


def password_of(login: str) -> str:
    """The password of an account of the sample: printed for everybody to read, so it protects nothing."""
    return f"sample-{login}-2026"


@dataclass(slots=True)
class Moving:
    """A clock that its owner moves, so that a sample has a past."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Stage:
    """A register with the cast at their desks."""

    folder: Path
    database: files.Database
    clock: Moving
    people: Mapping[str, PersonId]
    recovery: str = field(default="", repr=False)
    desks: dict[str, Desk] = field(default_factory=dict)

    def desk(self, name: str = "chen") -> Desk:
        """The desk at which that person sits."""
        if name not in self.desks:
            with self.database.reading() as connection:
                person = Lookups(connection, Cached()).person(self.people[name])
            self.desks[name] = Desk(self.database, person, self.clock)
        return self.desks[name]

    def do(
        self,
        action: Action,
        lines: Sequence[int | Ref | Line] = (),
        *,
        by: str = "chen",
        slip: int | None = None,
        signed: Sequence[tuple[str, str]] = (),
        happened: datetime | None = None,
    ) -> Receipt:
        """Perform it; `signed` is (role, who) for everybody else who signs at the seat."""
        signatures = tuple(Signature(self.people[who], role) for role, who in signed)
        return self.desk(by).perform(action, list(lines), Authority(slip, signatures, happened))

    def later(self, **passed: float) -> None:
        """Let time pass; after a leap two people confirm the date, as at a real desk."""
        self.clock.now += timedelta(**passed)
        if timedelta(**passed) > timedelta(days=3):
            self.do(ConfirmDate(today=self.clock.now.date()), [Ref(Subject.REGISTER, 1)], signed=(("witness", "li"),))

    def submit(
        self, action: Action, carriers: Sequence[int] = (), *, by: str = "wang", party: str | None = None
    ) -> int:
        """Apply for an act with the answers it was given; the slip's id."""
        given = {name: value for name, value in answers_of(action).items() if value not in (None, "", ())}
        kind = type(action).slip_kind or "correction"
        applied = Submit(
            slip=kind,
            act=action.code,
            approval=type(action).route or "",
            given=given,
            lines_given=[{"carrier": number} for number in carriers],
            party=self.people[party] if party else None,
        )
        return self.do(applied, by=by).subjects[0].id

    def decide(self, slip: int) -> list[str]:
        """Approve every step by somebody whose duty it is; the names in order."""
        decided = []
        while (step := self.slip(slip).next_step) is not None:
            outside = step.role in ON_PAPER
            who = "chen" if outside else self._decider(step.role)
            consent = f"函〔2026〕{step.no}号" if outside else ""
            self.do(
                Approve(by=self.people[who], consent=consent, consented=self.clock.now.date() if outside else None),
                [slip],
                by=who,
            )
            decided.append(step.role)
        return decided

    def _decider(self, role: str) -> str:
        duties = set(ROLE_DUTIES[role])
        return [name for name, founder in CAST.items() if duties & set(founder.duties)][-1]

    def approved(
        self, action: Action, carriers: Sequence[int] = (), *, by: str = "wang", party: str | None = None
    ) -> int:
        """Apply and have the whole route approve it; the slip's id."""
        slip = self.submit(action, carriers, by=by, party=party)
        self.decide(slip)
        return slip

    def label(self, carriers: Sequence[int]) -> None:
        """Labels printed, affixed, verified by scan."""
        self.do(PrintLabels(), carriers)
        self.do(AffixLabel(), carriers)
        lines = [Line(Ref(Subject.CARRIER, n), {"scanned": payload("C", REGISTER, n)}) for n in carriers]
        self.do(VerifyLabel(), lines)

    def finish(self, carriers: Sequence[int], *, spoiled: int = 0, stamped: bool = False) -> None:
        """A making job counted out: sheets used are pages made and sheets spoiled."""
        pages = {number: self.carrier(number).pages or 0 for number in carriers}
        action = FinishMaking(
            place=SAFE, sheets=sum(pages.values()) + spoiled, spoiled=spoiled, stamped=stamped,
            waste_by=self.people["li"] if spoiled else None,
        )  # fmt: skip
        self.do(action, [Line(Ref(Subject.CARRIER, n), {"pages": count}) for n, count in pages.items()])

    def envelope(self, number: str, items: int, *, regime: str = "cn-state", opened: bool = True, **more: Any) -> int:
        """An envelope signed for, and opened before a second person."""
        channel = next(r for r in self.desk().regimes() if r.code == regime).channels()[0].value.code
        given = {"sender": "省办公厅 Provincial Office", "channel": channel, "seal": f"F-{number}", **more}
        action = SignForEnvelope(number=number, regime=regime, items=items, **given)
        envelope = self.do(action).subjects[0]
        if opened:
            self.do(OpenEnvelope(seal=f"F-{number}", second=self.people["li"]), [envelope], signed=(("second", "li"),))
        return envelope.id

    def receive_notice(self, number: str) -> Receipt:
        """Three copies of one notice, from an envelope of that number, registered and reconciled with its list."""
        envelope = self.envelope(number, 3, level="mimi")
        received = self.do(
            RegisterReceived(
                envelope=envelope,
                regime="cn-state",
                level="mimi",
                title="关于开展载体清查的通知",
                short_title="通知 Notice",
                originator="省办公厅",
                reference="省办〔2026〕5号",
                period="5y",
                scope_units=("*",),
                pages=6,
                first_copy=12,
                last_copy=14,
                copies_of=40,
                place=SAFE,
                issued=self.clock.now.date(),
            )
        )
        self.do(ReconcileEnvelope(counted=3), [Ref(Subject.ENVELOPE, envelope)])
        return received

    def carrier(self, number: int) -> Carrier:
        """A carrier as it stands now."""
        with self.database.reading() as connection:
            return Lookups(connection, Cached()).carrier(number)

    def document(self, number: int) -> Document:
        """A document as it stands now."""
        with self.database.reading() as connection:
            return Lookups(connection, Cached()).document(number)

    def slip(self, number: int) -> Slip:
        """A slip as it stands now."""
        with self.database.reading() as connection:
            return Lookups(connection, Cached()).slip(number)

    def close(self) -> None:
        """Leave, and let go of the file."""
        self.database.close()


def set_up(
    folder: Path,
    begins: datetime,
    *,
    regimes: Sequence[str] = ("cn-state", "cn-company", "us-dod"),
    language: str = "both",
    cost: vault.Cost = vault.SHIPPED,
) -> Stage:
    """A new register with the cast in it, its clock standing at `begins`."""
    clock = Moving(begins)
    cast = tuple(
        Founder(
            one.name, one.duties, login, password_of(login) if one.duties else "", one.department, one.title, one.badge
        )
        if one.duties
        else Founder(one.name, (), "", "", one.department, one.title, one.badge)
        for login, one in CAST.items()
    )
    numbering = {code: NUMBERING[code] for code in regimes if code in NUMBERING}
    plan = Plan(UNIT, tuple(regimes), cast, REGISTER, language, numbering, PLACES)
    made = founding.found(folder, plan, clock, cost=cost)
    seat = accounts.unlock(folder, "chen", password_of("chen"), clock)
    people = {login: PersonId(number) for number, login in enumerate(CAST, 1)}
    return Stage(folder, seat.database, clock, people, made.recovery)
