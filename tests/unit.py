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

from app.actions.classifying import Classify, ProposeClassification
from app.actions.deciding import Approve
from app.actions.drafting import PrintCopies
from app.actions.intake import OpenEnvelope, SignForEnvelope
from app.actions.labels import AffixLabel, PrintLabels, VerifyLabel
from app.actions.making import FinishMaking
from app.actions.office import ConfirmDate
from app.actions.receiving import RegisterReceived
from app.actions.vouchers import Submit
from app.domain.action import Action, Authority, Line, Ref, Refusal, Signature, Subject, answers_of
from app.domain.carrier import Carrier, Document, Envelope, Person
from app.domain.ledger import Entry, entry_of
from app.domain.numbering import payload
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
PLACES = (("safe", 9, 9), ("room", 9, 9), ("cabinet", 1), ("corridor", 0))
"""`safe` and `room` keep every level, their keeper is `authority`; `cabinet` only low ones, `corridor` none."""
REGISTER_NUMBER = 107
DEFAULT_PERIODS = {"cn-state": "5y", "us-dod": "10y", "cn-company": "short"}


@cache
def _template() -> Path:
    """One register founded for the whole session; each test gets a copy of its file."""
    above = Path(tempfile.mkdtemp(prefix="custos-unit-"))
    atexit.register(shutil.rmtree, above, ignore_errors=True)
    folder = above / "unit"
    files.create(folder, KEY)
    plan = Plan(unit="CU", regimes=SHIPPED_REGIMES, people=PEOPLE, number=REGISTER_NUMBER, places=PLACES)
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
        self.places = {name: number for number, (name, *_) in enumerate(PLACES, 1)}

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
        """Try it: the refusals by rule, {} when it was done. A refused act has written nothing."""
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
            self.do(
                Approve(by=self.people[name], consent=consent, consented=self.today if consent else None), slip, by=name
            )
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

    # --- states, reached by the acts that lead there --------------------------------------------------------------

    def proposed(self, level: str = "mimi", *, regime: str = "cn-state", by: str = "drafter", **answers: Any) -> int:
        """A document whose classification is proposed, for everybody to know; its id."""
        given = {
            "title": f"Plan of {level}", "short_title": "Plan A", "period": DEFAULT_PERIODS.get(regime, ""),
            "scope_units": ("*",), "basis": "item 3 of the list",
            **({"exception": "as the plan runs"} if regime in ("us-dod", "cn-company") else {}), **answers,
        }  # fmt: skip
        return self.do(ProposeClassification(regime=regime, level=level, **given), by=by).subjects[0].id

    def document_of(self, level: str = "mimi", *, regime: str = "cn-state", **answers: Any) -> int:
        """A classified document of our own, issued today; its id."""
        document = self.proposed(level, regime=regime, **answers)
        slip = self.document(document).slip
        assert slip is not None
        self.do(Classify(issued=self.today), document, slip=self.decide(slip))
        return document

    def making(self, document: int, copies: int = 1, pages: int = 10, **answers: Any) -> list[int]:
        """Copies of a document that are being printed; their ids."""
        action = PrintCopies(document=document, copies=copies, pages=pages, place=self.places["safe"], **answers)
        receipt = self.do(action, slip=self.approved(action))
        return [ref.id for ref in receipt.subjects]

    def labelled(self, carriers: Sequence[int]) -> None:
        """Their labels printed, affixed and verified by scan."""
        self.do(PrintLabels(), *carriers)
        self.do(AffixLabel(), *carriers)
        codes = {number: payload("C", REGISTER_NUMBER, number) for number in carriers}
        self.do(
            VerifyLabel(), *(Line(Ref(Subject.CARRIER, number), {"scanned": code}) for number, code in codes.items())
        )

    def finish(self, carriers: Sequence[int], *, place: str = "safe", stamped: bool = False) -> None:
        """A job counted out with no waste."""
        pages = {number: self.carrier(number).pages or 0 for number in carriers}
        self.do(
            FinishMaking(place=self.places[place], sheets=sum(pages.values()), stamped=stamped),
            *(Line(Ref(Subject.CARRIER, number), {"pages": count}) for number, count in pages.items()),
        )

    def copies(
        self, count: int = 1, level: str = "mimi", *, regime: str = "cn-state", pages: int = 10,
        document: int | None = None, place: str = "safe", **answers: Any,
    ) -> list[int]:  # fmt: skip
        """Copies in stock of one document of our own; `answers` go to its proposal. Their ids."""
        of = self.document_of(level, regime=regime, **answers) if document is None else document
        carriers = self.making(of, count, pages)
        self.labelled(carriers)
        self.finish(carriers, place=place)
        return carriers

    def envelope_of(self, number: str = "E-1", items: int = 1, *, regime: str = "cn-state", **answers: Any) -> int:
        """An incoming envelope that was signed for and opened; its id."""
        channel = self.desk().regimes()[SHIPPED_REGIMES.index(regime)].channels()[0].value.code
        given = {"sender": "Ministry", "channel": channel, "items": items, **answers}
        envelope = self.do(SignForEnvelope(number=number, regime=regime, **given)).subjects[0].id
        second = {"second": self.people["clerk2"]}
        self.do(
            OpenEnvelope(seal=answers.get("seal", ""), **second),
            Ref(Subject.ENVELOPE, envelope),
            signed={"second": "clerk2"},
        )
        return envelope

    def received(
        self, count: int = 1, level: str = "mimi", *, regime: str = "cn-state", envelope: int | None = None,
        **answers: Any,
    ) -> list[int]:  # fmt: skip
        """Copies in stock of a document that came in; their ids. Their labels are reserved."""
        of = envelope if envelope is not None else self.envelope_of(f"E-{self.length()}", count, regime=regime)
        given = {
            "title": "Circular", "short_title": "C 5", "originator": "Ministry", "pages": 4, "copies": count,
            "scope_units": ("*",), "place": self.places["safe"], **answers,
        }  # fmt: skip
        receipt = self.do(RegisterReceived(envelope=of, regime=regime, level=level, **given))
        return [ref.id for ref in receipt.subjects]

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
