"""Scan lists over the scans that a slip keeps: drafts, bags, labels, and a handover with its two sides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.actions import CATALOGUE
from app.domain.action import Authority, Line, Ref, Subject
from app.domain.carrier import Label, State
from app.domain.words import N_, Says, says
from app.services import slips
from app.services.desk import Refused
from app.services.slips import GIVER, RECEIVER, Scanned, Verdict
from app.store import reads
from app.store.reads import CarrierLine, ListedLine, Page, ScanLine
from app.store.reads.scans import BAG, carriers_in_bag, count_found, sides_that_found, statuses_of
from app.ui.background import Priority
from app.ui.marks import strip_of
from app.ui.scan_lines import Blocker, ScanListLine, ScanResult, Side, Standing, Sums
from app.ui.workplace import Workplace

Deliver = Callable[[Sequence[ScanListLine], Any], None]
PAGE = 200
BOTH_SIDES = (Side(GIVER, N_("Giver scans")), Side(RECEIVER, N_("Receiver scans")))
IN_ABSENCE = (Side(GIVER, N_("Commission scans")), Side(RECEIVER, N_("Receiver scans")))
"""Two people count for a giver who cannot be there."""
ON_THE_LIST = N_("On the list")


class SlipScans(QObject):
    """What every scan list over a slip shares: scans are stored before they are answered, and read page by page."""

    changed = Signal()
    """Something was scanned: what is next may be another step now."""
    keeps_side: str | None = None
    """Only scans of that side stand at the right; None means all of them."""

    def __init__(self, workplace: Workplace, slip: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workplace, self.slip = workplace, slip
        self._desk = workplace.desk

    def expected(self, after: Any, deliver: Deliver) -> None:
        """Nothing is expected on a draft."""
        deliver((), None)

    def scanned(self, after: Any, deliver: Deliver) -> None:
        """What was scanned so far, newest first."""
        work = partial(
            self._desk.read, reads.scans_of, self.slip, after, PAGE, viewer=self._workplace.viewer, side=self.keeps_side
        )

        def came(page: Page[ScanLine]) -> None:
            deliver([self._kept(line) for line in page.lines], page.next)

        self._workplace.background.read(work, came, owner=self)

    def sums(self, deliver: Callable[[Sums, Sequence[Blocker]], None]) -> None:
        """The sum that must close."""
        self._workplace.background.read(self._sums, lambda sums: deliver(sums, ()), owner=self)

    def scan(self, code: str, side: str, deliver: Callable[[ScanResult], None]) -> None:
        """Store a scan before everything else, then say what it came to."""

        def came(result: ScanResult) -> None:
            deliver(result)
            self.changed.emit()

        self._workplace.background.run(
            partial(self._scan, code, side), came, self._workplace.refused, priority=Priority.SCAN, owner=self
        )

    def take_back(self, done: Callable[[], None]) -> None:
        """Undo the newest scan that counted something."""

        def came(_: object) -> None:
            done()
            self.changed.emit()

        self._workplace.background.run(self._take_back, came, self._workplace.refused, owner=self)

    # --- in the lanes -------------------------------------------------------------------------------------------

    def _scan(self, code: str, side: str) -> ScanResult:
        return self._result(slips.scan(self._desk, self.slip, code, side))

    def _sums(self) -> Sums:
        count = self._desk.read(count_found, self.slip)
        return Sums(count, says(ON_THE_LIST), ((says(N_("Scanned")), count),))

    def _result(self, scanned: Scanned) -> ScanResult:
        carrier = self._carrier(scanned.carrier)
        line = self._line(
            str(scanned.carrier or f"scan {scanned.scan}"), carrier, scanned.number or scanned.code,
            Standing(str(scanned.verdict)), scanned.sentence,
        )  # fmt: skip
        return ScanResult(line, self._sums(), expected=self._now_expected(scanned, carrier))

    def _now_expected(self, scanned: Scanned, carrier: CarrierLine | None) -> ScanListLine | None:
        """How the line at the left stands after this scan."""
        if scanned.verdict is not Verdict.FOUND or carrier is None:
            return None
        return self._line(str(carrier.id), carrier, carrier.number, Standing.FOUND)

    def _take_back(self) -> None:
        for line in self._desk.read(reads.scans_of, self.slip, None, PAGE, viewer=self._workplace.viewer).lines:
            if line.verdict == Verdict.FOUND and (self.keeps_side is None or line.side == self.keeps_side):
                if line.carrier is not None and line.carrier.state is State.HANDOVER:
                    withdraw: Any = CATALOGUE["withdraw_from_handover"]
                    self._desk.perform(withdraw(), [line.carrier.ref], Authority(slip=self.slip))
                slips.forget(self._desk, line.id)
                return

    def _carrier(self, number: int | None) -> CarrierLine | None:
        lines = self._desk.read(reads.lines_of, [number], self._workplace.viewer) if number is not None else ()
        return lines[0] if lines else None

    def _line(
        self, key: str, carrier: CarrierLine | None, number: str, standing: Standing, sentence: Says | None = None
    ) -> ScanListLine:
        strip = strip_of(carrier, self._workplace.regimes) if carrier is not None else None
        words = carrier.title if carrier is not None else ""
        return ScanListLine(key, number, words, standing, sentence, strip)

    def _kept(self, scan: ScanLine) -> ScanListLine:
        number = scan.carrier.number if scan.carrier else scan.code
        key = str(scan.carrier.id) if scan.carrier else f"scan {scan.id}"
        at = f"{scan.at.astimezone():%H:%M}"
        counted = says(N_("scanned at {time} by {name}"), time=at, name=scan.person)
        said = counted if scan.verdict == Verdict.FOUND else None
        return self._line(key, scan.carrier, number, Standing(scan.verdict), said)


class DraftScans(SlipScans):
    """Scans that make the list of a parcel, a filing, a transfer or a destruction."""

    keeps_side = ""


class ExpectedScans(SlipScans):
    """Scans against the lines that stand on the slip."""

    def expected(self, after: Any, deliver: Deliver) -> None:
        """The lines of the slip with how each stands."""

        def came(page: tuple[Sequence[ScanListLine], Any]) -> None:
            deliver(*page)

        self._workplace.background.read(partial(self._expected, after), came, owner=self)

    def _expected(self, after: Any) -> tuple[Sequence[ScanListLine], Any]:
        page = self._desk.read(reads.slip_lines, self.slip, after, PAGE, viewer=self._workplace.viewer)
        known = self._known()
        lines = [self._standing(line, known) for line in page.lines if line.carrier is not None]
        return [line for line in lines if line is not None], page.next

    def _known(self) -> Any:
        """What every line is compared with."""
        return frozenset(self._desk.read(reads.found_carriers, self.slip, self.keeps_side or ""))

    def _standing(self, line: ListedLine, known: Any) -> ScanListLine | None:
        raise NotImplementedError


class HandoverScans(ExpectedScans):
    """Giver and receiver scan face to face; a line counts from its second scan."""

    def __init__(self, workplace: Workplace, slip: int, parent: QObject | None = None, *, absent: bool = False) -> None:
        super().__init__(workplace, slip, parent)
        self._one_counted = says(N_("commission has counted")) if absent else says(N_("giver has counted"))
        self.seal: Callable[[], str] = lambda: ""
        """The seal by which the container at hand was opened, when the giver is absent."""

    def scan(self, code: str, side: str, deliver: Callable[[ScanResult], None]) -> None:
        """The seal is read in the window's thread, the scan stored beside it."""
        seal = self.seal()

        def came(result: ScanResult) -> None:
            deliver(result)
            self.changed.emit()

        def work() -> ScanResult:
            return self._result(slips.scan(self._desk, self.slip, code, side, seal=seal or None))

        self._workplace.background.run(work, came, self._workplace.refused, priority=Priority.SCAN, owner=self)

    def _sums(self) -> Sums:
        statuses = self._desk.read(statuses_of, self.slip)
        return Sums(
            sum(statuses.values()),
            says(ON_THE_LIST),
            (
                (says(N_("Counted by both sides")), statuses.get("scanned", 0)),
                (says(N_("Out, by slip")), statuses.get("out", 0)),
                (says(N_("Difference explained")), statuses.get("explained", 0)),
            ),
        )

    def _known(self) -> Any:
        return tuple(self._desk.read(reads.found_carriers, self.slip, side) for side in (GIVER, RECEIVER))

    def _standing(self, line: ListedLine, known: Any) -> ScanListLine | None:
        carrier = line.carrier
        if carrier is None:
            return None
        standing, said = self._stands(line.status, carrier.id in known[0], carrier.id in known[1])
        return self._line(str(carrier.id), carrier, carrier.number, standing, said)

    def _stands(self, status: str, giver: bool, receiver: bool) -> tuple[Standing, Says | None]:  # noqa: FBT001 - two sides
        if status == "scanned":
            return Standing.FOUND, says(N_("both sides"))
        if status == "out":
            return Standing.ELSEWHERE, says(N_("out, by slip"))
        if status == "explained":
            return Standing.FOUND, says(N_("explained"))
        if giver or receiver:
            return Standing.NOT_YET, self._one_counted if giver else says(N_("receiver has counted"))
        return Standing.NOT_YET, None

    def _now_expected(self, scanned: Scanned, carrier: CarrierLine | None) -> ScanListLine | None:
        if scanned.verdict is not Verdict.FOUND or carrier is None:
            return None
        counted = self._desk.read(sides_that_found, self.slip, carrier.id)
        status = "scanned" if scanned.both else "listed"
        standing, said = self._stands(status, GIVER in counted, RECEIVER in counted)
        return self._line(str(carrier.id), carrier, carrier.number, standing, said)


class BagScans(ExpectedScans):
    """Scans of approved items into the bag that is open; several bags may be filled one after the other."""

    keeps_side = BAG

    def _scan(self, code: str, side: str) -> ScanResult:
        del side
        return self._result(slips.scan(self._desk, self.slip, code, BAG))

    def _sums(self) -> Sums:
        statuses = self._desk.read(statuses_of, self.slip)
        inside = len(self._desk.read(carriers_in_bag, self.slip))
        parts = (
            (says(N_("In sealed bags")), statuses.get("bagged", 0) + statuses.get("sent", 0)),
            (says(N_("In this bag")), inside),
        )
        return Sums(sum(statuses.values()) - statuses.get("struck", 0), says(ON_THE_LIST), parts)

    def _known(self) -> Any:
        return frozenset(self._desk.read(carriers_in_bag, self.slip))

    def _standing(self, line: ListedLine, known: Any) -> ScanListLine | None:
        if line.carrier is None or line.status == "struck":
            return None
        bagged = line.status in ("bagged", "sent")
        standing = Standing.FOUND if bagged or line.carrier.id in known else Standing.NOT_YET
        said = says(N_("in a sealed bag")) if bagged else None
        return self._line(str(line.carrier.id), line.carrier, line.carrier.number, standing, said)


class LabelScans(ExpectedScans):
    """Proves by scanning that each label is on its own copy; every scan is an act of its own."""

    def scanned(self, after: Any, deliver: Deliver) -> None:
        """Verified labels stand at the left; the right begins empty."""
        deliver((), None)

    def _scan(self, code: str, side: str) -> ScanResult:
        del side
        number, why = self._desk.read(slips.carrier_named, code)
        if number is None:
            unknown = why or says(N_("The register does not know this code."))
            return self._result(Scanned(Verdict.UNKNOWN, unknown, code))
        carrier = self._carrier(number)
        name = carrier.number if carrier else ""
        if carrier is None or not self._desk.read(reads.is_labelled_with, self.slip, number):
            return self._result(Scanned(Verdict.NOT_LISTED, says(N_("not on this slip")), code, number, name))
        if carrier.label is Label.VERIFIED:
            return self._result(Scanned(Verdict.TWICE, says(N_("already verified")), code, number, name))
        verify: Any = CATALOGUE["verify_label"]
        try:
            self._desk.perform(verify(), [Line(Ref(Subject.CARRIER, number), {"scanned": code})])
        except Refused as refused:
            return self._result(Scanned(Verdict.BLOCKED, refused.refusals[0].reason, code, number, name))
        return self._result(Scanned(Verdict.FOUND, says(N_("label verified")), code, number, name))

    def _take_back(self) -> None:
        """A verified label is not taken back; a spoiled one is destroyed by its own act."""

    def _sums(self) -> Sums:
        labels = self._desk.read(reads.labels_of_slip, self.slip)
        verified = labels.get(Label.VERIFIED, 0)
        return Sums(sum(labels.values()), says(N_("Copies on this slip")), ((says(N_("Label verified")), verified),))

    def _known(self) -> Any:
        return None

    def _standing(self, line: ListedLine, known: Any) -> ScanListLine | None:
        carrier = line.carrier
        if carrier is None or not line.is_labelled_here:
            return None
        standing = Standing.FOUND if carrier.label is Label.VERIFIED else Standing.NOT_YET
        return self._line(str(carrier.id), carrier, carrier.number, standing)
