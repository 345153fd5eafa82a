"""A unit with a register of its own, for tests: real people, places and regimes, and states reached by real acts."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from app.actions.office import ConfirmDate
from app.actions.vouchers import Approve, Submit
from app.domain.action import Action, Authority, Line, Ref, Refusal, Signature, Subject, answers_of
from app.domain.carrier import Carrier, Document, Envelope, Person
from app.domain.ledger import Entry, entry_of
from app.domain.people import ON_PAPER, ROLE_DUTIES
from app.domain.slip import Slip
from app.services.desk import Desk, Receipt, Refused
from app.services.founding import SHIPPED_REGIMES, Founder, Plan, _first_entries, shipped_regime
from app.store import database as files
from app.store.lookups import Cached, Lookups

KEY = bytes(range(32))
BEGAN = datetime(2026, 5, 11, 9, 0, tzinfo=timezone(timedelta(hours=8)))
"""A Monday morning; the founding entries carry it too."""

PEOPLE = (
    Founder("sysadmin", ("system_administrator",)),
    Founder("secadmin", ("security_administrator",)),
    Founder("auditor", ("auditor",)),
    Founder("clerk", ("registry_clerk",), department="registry"),
    Founder("clerk2", ("registry_clerk",), department="registry"),
    Founder("leader", ("department_leader",), department="plans"),
    Founder("chief", ("unit_leader",), department="command"),
    Founder("boss", ("general_manager",), department="command"),
    Founder("authority", ("classification_authority",), department="command"),
    Founder("officer", ("secrecy_officer",), department="secrecy"),
    Founder("archivist", ("archivist",), department="archive"),
    Founder("drafter", department="plans"),
    Founder("reader", department="plans"),
    Founder("reader2", department="plans"),
    Founder("witness", department="registry"),
    Founder("courier", department="registry"),
    Founder("courier2", department="registry"),
    Founder("stranger", department="works"),  # cleared, of a department that no scope names
    Founder("uncleared", department="plans", cleared=False),
)
PLACES = (("safe", 9), ("room", 9), ("cabinet", 1), ("corridor", 0))
"""`safe` keeps every level, `cabinet` only low ones, `corridor` none."""


@cache
def _template() -> Path:
    """One register founded for the whole session; each test gets a copy of its file."""
    above = Path(tempfile.mkdtemp(prefix="custos-unit-"))
    atexit.register(shutil.rmtree, above, ignore_errors=True)
    folder = above / "unit"
    files.create(folder, KEY)
    plan = Plan(unit="CU", regimes=SHIPPED_REGIMES, people=PEOPLE, number=107, places=PLACES)
    with files.open_database(folder, KEY) as database:
        files.migrate(database)
        _first_entries(database, plan, [shipped_regime(code) for code in plan.regimes], lambda: BEGAN)
    return folder


class Unit:
    """The register of a test: `do` what is permitted, read `why_not` it is refused, look at what came of it."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(_template(), folder, ignore=shutil.ignore_patterns("lock"))
        self.folder = folder
        self.database = files.open_database(folder, KEY)
        self.now = BEGAN + timedelta(hours=1)
        self._desks: dict[str, Desk] = {}
        self.people = {founder.name: number for number, founder in enumerate(PEOPLE, 1)}
        self.places = {name: number for number, (name, _) in enumerate(PLACES, 1)}

    def close(self) -> None:
        """Let go of the file."""
        self.database.close()

    # --- acting --------------------------------------------------------------------------------------------------

    def desk(self, name: str = "clerk") -> Desk:
        """The desk at which that person is signed in."""
        if name not in self._desks:
            self._desks[name] = Desk(self.database, self.person(name), lambda: self.now)
        return self._desks[name]

    def do(
        self,
        action: Action,
        *lines: int | Ref | Line,
        by: str = "clerk",
        slip: int | None = None,
        signed: Mapping[str, str] | None = None,
        happened: datetime | None = None,
        corrects: int | None = None,
    ) -> Receipt:
        """Perform it; `signed` names who else signs, by role: {"witness": "clerk2"}."""
        return self.desk(by).perform(action, lines, self.rests_on(slip, signed, happened, corrects))

    def why_not(
        self,
        action: Action,
        *lines: int | Ref | Line,
        by: str = "clerk",
        slip: int | None = None,
        signed: Mapping[str, str] | None = None,
        happened: datetime | None = None,
    ) -> dict[str, Refusal]:
        """Try it: the refusals by rule, {} when it was done. Nothing may have been written by an act that is refused."""
        before = self.length()
        try:
            self.do(action, *lines, by=by, slip=slip, signed=signed, happened=happened)
        except Refused as refused:
            assert self.length() == before
            return {refusal.rule: refusal for refusal in refused.refusals}
        return {}

    def rests_on(
        self,
        slip: int | None = None,
        signed: Mapping[str, str] | None = None,
        happened: datetime | None = None,
        corrects: int | None = None,
    ) -> Authority:
        """An authority; a role may be signed by several people, separated by blanks."""
        signatures = tuple(
            Signature(self.people[name], role) for role, names in (signed or {}).items() for name in names.split()
        )
        return Authority(slip, signatures, happened, corrects)

    def later(self, **passed: float) -> None:
        """Let time pass, e.g. days=40; after a leap two people confirm the date, as at a real desk."""
        self.now += timedelta(**passed)
        if timedelta(**passed) > timedelta(days=3):
            self.do(
                ConfirmDate(today=self.today), Ref(Subject.REGISTER, 1), by="secadmin", signed={"witness": "sysadmin"}
            )

    @property
    def today(self) -> date:
        """The day on the wall."""
        return self.now.date()

    # --- slips ---------------------------------------------------------------------------------------------------

    def submitted(
        self, action: Action, *carriers: int, by: str = "drafter", kind: str | None = None, party: str | None = None,
        leave_out: Iterable[str] = (),
    ) -> int:  # fmt: skip
        """Apply for an act with the answers it was given; the slip's id."""
        given = {
            name: value
            for name, value in answers_of(action).items()
            if value not in (None, "", ()) and name not in set(leave_out)
        }
        receipt = self.do(
            Submit(
                slip=kind or type(action).slip_kind or "correction",
                act=action.code,
                approval=type(action).route or "",
                given=given,
                lines_given=[{"carrier": carrier} for carrier in carriers],
                party=self.people[party] if party else None,
            ),
            by=by,
        )
        return receipt.subjects[0].id

    def decide(self, slip: int, times: int | None = None) -> int:
        """Approve what the slip still waits for, each step by somebody whose duty it is; consents are numbered."""
        while (step := self.slip(slip).next_step) is not None and times != 0:
            name = "clerk" if step.role in ON_PAPER else self._who_may_decide(step.role)
            consent = f"consent {step.no}/2026" if step.role in ON_PAPER else ""
            self.do(Approve(by=self.people[name], consent=consent), slip, by=name)
            times = None if times is None else times - 1
        return slip

    def approved(
        self, action: Action, *carriers: int, by: str = "drafter", kind: str | None = None, party: str | None = None,
        leave_out: Iterable[str] = (),
    ) -> int:  # fmt: skip
        """Apply for an act and have its whole route approve it; the slip's id."""
        return self.decide(self.submitted(action, *carriers, by=by, kind=kind, party=party, leave_out=leave_out))

    def _who_may_decide(self, role: str) -> str:
        duty = ROLE_DUTIES[role][0]
        return next(founder.name for founder in PEOPLE if duty in founder.duties)

    # --- looking -------------------------------------------------------------------------------------------------


    def person(self, name: str) -> Person:
        """Somebody of the unit."""
        with self.database.reading() as connection:
            return Lookups(connection, Cached()).person(self.people[name])

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

    def slip_lines(self, number: int) -> Mapping[int, Mapping[str, Any]]:
        """A slip's lines by number."""
        with self.database.reading() as connection:
            return Lookups(connection, Cached()).lines_of(number)

    def envelope(self, number: int) -> Envelope:
        """An envelope as it stands now."""
        with self.database.reading() as connection:
            return Lookups(connection, Cached()).envelope(number)

    def row(self, table: str, number: int) -> dict[str, Any]:
        """One row of a table, for columns that the values above leave out; texts as their digests."""
        with self.database.reading() as connection:
            found = connection.exec_driver_sql(f"SELECT * FROM {table} WHERE id = ?", (number,)).mappings().one()
            return dict(found)

    def words(self, digest: str | None) -> str | None:
        """The text kept under a digest."""
        with self.database.reading() as connection:
            return Lookups(connection, Cached()).words(digest)

    def parts(self, ref: Ref) -> dict[str, dict[str, Any]]:
        """The parts of a subject: facts, steps, signatures."""
        with self.database.reading() as connection:
            return Lookups(connection, Cached())._parts(ref.kind, ref.id)

    def length(self) -> int:
        """How many entries the ledger has."""
        with self.database.reading() as connection:
            return connection.exec_driver_sql("SELECT seq FROM ledger_head").scalar_one()

    def entries(self, since: int = 0) -> Sequence[Entry]:
        """The entries after a position."""
        with self.database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT body FROM ledger WHERE seq > ? ORDER BY seq", (since,)).scalars()
            return [entry_of(bytes(body)) for body in rows]
