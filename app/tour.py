"""One whole life for a set of carriers, headless: every chapter, every form as PDF, verified at the end."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from app.actions.classifying import Classify, ProposeClassification
from app.actions.copying import CopyCarrier
from app.actions.custody import Lend, RenewLoan, ReturnLoan
from app.actions.destroying import Destroy
from app.actions.destruction import BagAndSeal, ProposeDestruction
from app.actions.dispatch import Dispatch
from app.actions.disposition import FileToArchive, TransferToArchives
from app.actions.drafting import PrintCopies
from app.actions.handover import ExplainDifference, OpenHandover
from app.actions.receipts import AcknowledgeReceipt, SendTracer
from app.actions.receiving import RegisterReceived
from app.actions.reconciling import ReportDiscrepancy
from app.actions.vouchers import OpenSlip
from app.domain.action import Line, Ref, Signature, Subject
from app.domain.words import N_, says
from app.i18n import render
from app.paths import private_folder, write_private
from app.sample import take_over
from app.services import printing, slips
from app.stage import ARCHIVE, CAST, SAFE, Stage, set_up
from app.store import proof

Say = Callable[[str], None]
ROWS = 300
"""Of the public list; enough for a handover of several pages."""


@dataclass(slots=True)
class Tour:
    """A stage, the folder its forms go to, and what has been told so far."""

    stage: Stage
    folder: Path
    say: Say
    forms: int = 0
    missing: set[str] = field(default_factory=set)
    codes: list[str] = field(default_factory=list)

    def tell(self, sentence: str, **values: Any) -> None:
        """Say what was done, in a sentence."""
        self.say(render(says(sentence, **values)))

    def form(self, code: str, of: Ref, name: str = "", **more: Any) -> None:
        """Print a form into the folder."""
        printed = printing.print_form(self.stage.desk(), code, of, **more)
        self.forms += 1
        write_private(self.folder / f"{self.forms:02d}-{name or code.replace('_', '-')}.pdf", printed.pdf)
        self.missing |= set(printed.missing)
        if printed.anchor:
            self.codes.append(printed.anchor)


def take_tour(directory: Path, say: Say, *, began: Callable[[], float] = time.monotonic) -> bool:
    """Take the tour; the folder then holds every form. Whether the book proved whole at the end."""
    start = began()
    private_folder(directory)
    with tempfile.TemporaryDirectory(prefix="custos-tour-") as scratch:
        stage = set_up(Path(scratch) / "tour.custos", datetime.now().astimezone() - timedelta(days=60))
        try:
            tour = Tour(stage, directory, say)
            holds = _all_chapters(tour)
            tour.tell(N_("{n} forms in {folder}, {seconds} seconds."), n=tour.forms, folder=str(directory),
                      seconds=round(began() - start))  # fmt: skip
        finally:
            stage.close()
    return holds


def _all_chapters(tour: Tour) -> bool:
    take_over_a_book(tour)
    made = draft(tour)
    receive(tour)
    copy(tour, made[1])
    send(tour, made[2:4])
    lend(tour, made[:2])
    file_away(tour, made[4:6])
    destroy(tour, made[6:8])
    hand_over(tour)
    sheets_of_the_desk(tour)
    return prove(tour)


def take_over_a_book(tour: Tour) -> None:
    """Import: a real register, every row judged; the opening muster list to sign."""
    report = take_over(tour.stage, ROWS)
    tour.tell(
        N_(
            "{read} rows read = {registered} registered + {identical} identical + {differing} differing"
            " + {rejected} rejected."
        ),
        read=report.read,
        registered=report.registered,
        identical=report.identical,
        differing=report.differing,
        rejected=report.rejected,
    )
    if report.import_id is not None:
        tour.form("opening_muster", Ref(Subject.IMPORT, report.import_id))


def draft(tour: Tour) -> list[int]:
    """Drafting: a classification slip decided, a print job of numbered copies, labels affixed and scanned."""
    stage = tour.stage
    proposed = stage.do(
        ProposeClassification(
            regime="cn-state",
            level="jimi",
            title="2026年度综合试验大纲（二稿）",
            short_title="年度大纲 Annual plan, draft 2",
            period="10y",
            scope_units=("*",),
            basis="国家秘密事项一览表第3项",
            points="试验日期与参数",
            copies=8,
            reference="院发〔2026〕17号",
        ),
        by="wang",
    )
    document, slip = proposed.subjects[0].id, proposed.slip
    stage.decide(slip or 0)
    stage.do(Classify(issued=stage.clock.now.date(), reference="院发〔2026〕17号"), [document], slip=slip)
    tour.form("classification_slip", Ref(Subject.SLIP, slip or 0))
    job = PrintCopies(document=document, copies=8, pages=48, place=SAFE)
    approved = stage.approved(job)
    copies = [ref.id for ref in stage.do(job, slip=approved).subjects]
    stage.label(copies)
    stage.finish(copies, spoiled=5)
    tour.form("carrier_labels", Ref(Subject.CARRIER, copies[0]), more={"carriers": copies})
    tour.form("cover_sheet", Ref(Subject.CARRIER, copies[2]))
    tour.tell(N_("Drafting: {n} numbered copies; {made} pages made + {spoiled} spoiled = {sheets} sheets."),
              n=len(copies), made=48 * 8, spoiled=5, sheets=48 * 8 + 5)  # fmt: skip
    return copies


def receive(tour: Tour) -> list[int]:
    """Incoming: an envelope signed for, opened by two, reconciled; another that does not agree."""
    stage = tour.stage
    received = stage.receive_notice("2026-0091")
    copies = [ref.id for ref in received.subjects]
    tour.form("incoming_register", Ref(Subject.SLIP, received.slip or 0))
    stage.label(copies)
    short = stage.envelope("2026-0092", 4, level="jimi")
    told = stage.do(
        ReportDiscrepancy(
            expected=4, found=3, second=stage.people["li"], missing="000021", condition="完好 intact",
            request="请核对并补寄 please check and send",
        ),
        [Ref(Subject.ENVELOPE, short)],
        signed=(("second", "li"),),
    )  # fmt: skip
    tour.form("discrepancy_notice", Ref(Subject.SLIP, told.slip or _slip_of(stage, short)))
    american = stage.envelope("US-0007", 1, regime="us-dod")
    secret = stage.do(
        RegisterReceived(
            envelope=american, regime="us-dod", level="s", title="Test range schedule", short_title="Schedule",
            originator="Plans Division", caveats=("NOFORN",), period="10y", scope_units=("*",), pages=48, first_copy=1,
            last_copy=1, copies_of=5, place=SAFE, issued=stage.clock.now.date(),
        )
    )  # fmt: skip
    tour.form("cover_sheet", secret.subjects[0], "us-cover-sheet")
    tour.tell(
        N_("Incoming: {n} copies from one envelope; a second envelope was one short, and its sender is told."), n=3
    )
    return copies


def _slip_of(stage: Stage, envelope: int) -> int:
    with stage.database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT slip FROM envelopes WHERE id = ?", (envelope,)).scalar_one())


def copy(tour: Tour, original: int) -> None:
    """Copying: approved, made, stamped, numbered as children of their original, waste counted."""
    stage = tour.stage
    wanted = CopyCarrier(
        original=original,
        copies=2,
        pages=48,
        reason="评审会 review meeting",
        place=SAFE,
        recipients=(stage.people["xu"],),
    )
    slip = stage.approved(wanted, by="xu")
    copies = [ref.id for ref in stage.do(wanted, slip=slip).subjects]
    stage.label(copies)
    stage.finish(copies, spoiled=1, stamped=True)
    tour.form("copy_approval", Ref(Subject.SLIP, slip))
    tour.tell(N_("Copying: {n} copies numbered {first} and {last}; approvals: {roles}."), n=len(copies),
              first=stage.carrier(copies[0]).number, last=stage.carrier(copies[1]).number,
              roles=len(stage.slip(slip).steps))  # fmt: skip


def send(tour: Tour, carriers: list[int]) -> None:
    """Transmission: scanned into a parcel, approved, sealed, sent; a receipt back for one, a tracer for the other."""
    stage, desk = tour.stage, tour.stage.desk()
    given = {"addressee": "省军工办 Provincial Industry Office", "channel": "jiyao_jiaotong"}
    parcel = stage.do(OpenSlip(slip="parcel", act="dispatch", given=given)).subjects[0].id
    for number in carriers:
        slips.scan(desk, parcel, stage.carrier(number).number)
    slips.submit_draft(desk, parcel)
    stage.decide(parcel)
    sealed = Dispatch(
        addressee=given["addressee"], channel=given["channel"], envelope="O-2026-033", seal="F-0231",
        couriers=(stage.people["ma"], stage.people["hu"]), receipt_due=stage.clock.now.date() + timedelta(days=30),
        address="省城解放路1号",
    )  # fmt: skip
    stage.do(sealed, carriers, slip=parcel)
    of = Ref(Subject.SLIP, parcel)
    tour.form("delivery_list", of)
    tour.form("delivery_receipt", of)
    tour.form("envelope_labels", of)
    back = AcknowledgeReceipt(receiver="刘洋 Liu Yang", received=stage.clock.now.date())
    stage.do(back, [Line(Ref(Subject.CARRIER, carriers[0]), {"agrees": True})], slip=parcel)
    stage.later(days=31)
    stage.do(SendTracer(), [parcel])
    tour.form("tracer", of)
    stage.do(
        AcknowledgeReceipt(receiver="刘洋 Liu Yang", received=stage.clock.now.date()),
        [Line(Ref(Subject.CARRIER, carriers[1]), {"agrees": True})],
        slip=parcel,
    )
    tour.tell(N_("Transmission: {n} items sent under two couriers, one traced after 31 days; slip {slip} is closed."),
              n=len(carriers), slip=stage.slip(parcel).number)  # fmt: skip


def lend(tour: Tour, carriers: list[int]) -> None:
    """Borrowing: applied for, approved, lent, renewed, returned with pages counted."""
    stage = tour.stage
    due = stage.clock.now.date() + timedelta(days=12)
    loan = Lend(borrower=stage.people["wang"], due=due, purpose="试验准备 test preparation")
    slip = stage.approved(loan, carriers, by="wang", party="wang")
    stage.do(loan, carriers, slip=slip)
    tour.form("loan_slip", Ref(Subject.SLIP, slip))
    longer = RenewLoan(due=due + timedelta(days=5))
    stage.do(longer, carriers[:1], slip=stage.approved(longer, carriers[:1], by="wang", party="wang"))
    stage.do(ReturnLoan(), [Line(Ref(Subject.CARRIER, carriers[0]), {"pages": 48})])
    tour.form("loan_log", Ref(Subject.REGISTER, 1))
    tour.tell(N_("Borrowing: {n} lent to {name}, one renewed and returned with its pages counted."), n=len(carriers),
              name=CAST["wang"].name)  # fmt: skip


def file_away(tour: Tour, carriers: list[int]) -> None:
    """Archiving: appraised again and filed; then transferred to the archives by a deed."""
    stage, archivist = tour.stage, tour.stage.people["li"]
    filing = FileToArchive(place=ARCHIVE, archivist=archivist)
    slip = stage.approved(filing, carriers, by="chen")
    stage.do(
        filing,
        [
            Line(
                Ref(Subject.CARRIER, n),
                {"archive_no": f"2026-永-{i:04d}", "retention": "permanent", "appraisal": "kept"},
            )
            for i, n in enumerate(carriers, 1)
        ],
        slip=slip,
        signed=(("archivist", "li"),),
    )
    tour.form("archive_list", Ref(Subject.SLIP, slip))
    deed = TransferToArchives(receiver="省档案馆 Provincial Archives", received_by="钱红 Qian Hong", deed="交-2026-3")
    moved = stage.approved(deed, carriers[1:], by="li")
    stage.do(deed, [Line(Ref(Subject.CARRIER, carriers[1]), {"review": "secret"})], by="li", slip=moved)
    tour.form("archive_deed", Ref(Subject.SLIP, moved))
    tour.tell(N_("Archiving: {n} filed, one of them transferred by deed."), n=len(carriers))


def destroy(tour: Tour, carriers: list[int]) -> None:
    """Destruction: proposed, office, leader, bagged and sealed by scan, destroyed before two witnesses."""
    stage = tour.stage
    ticks = {"no_recall": True, "record_kept": True}
    lines = [Line(Ref(Subject.CARRIER, number), ticks) for number in carriers]
    slip = stage.do(ProposeDestruction(reason="已归档正本 record copy is filed"), lines, by="li").slip or 0
    stage.decide(slip)
    tour.form("destruction_list", Ref(Subject.SLIP, slip))
    bag = BagAndSeal(bag="D-2026-04", seal="F-0245", count=len(carriers), witness=stage.people["li"])
    stage.do(bag, carriers, slip=slip, signed=(("witness", "li"),))
    done = Destroy(
        reason="已归档正本 record copy is filed",
        method="shredding",
        destroyer=stage.people["ma"],
        witnesses=(stage.people["li"], stage.people["zhou"]),
        seals="F-0245",
        where="省销毁中心",
        permit="销资〔2026〕2号",
        certificate="销证2026-118",
    )
    signed = (("destroyer", "ma"), ("witness", "li"), ("witness", "zhou"))
    stage.do(done, carriers, slip=slip, signed=signed)
    tour.form("destruction_certificate", Ref(Subject.SLIP, slip))
    tour.tell(
        N_("Destruction: {n} bagged, sealed, destroyed before two witnesses; the certificate is printed."),
        n=len(carriers),
    )


def hand_over(tour: Tour) -> None:
    """Handover: everything on the charge listed, scanned by both, one difference explained, three sign."""
    stage = tour.stage
    opened = stage.do(
        OpenHandover(
            giver=stage.people["chen"], receiver=stage.people["li"], supervisor=stage.people["zhou"], reason="rotation",
            named_by=stage.people["wu"], keys="钥匙2把、密码封1个（封号F-0231）、印章1枚", place=SAFE,
        ),
        signed=(("namer", "wu"),),
    )  # fmt: skip
    slip = opened.subjects[0].id
    with stage.database.reading() as connection:
        listed = list(
            connection.exec_driver_sql(
                "SELECT carrier FROM slip_lines WHERE slip = ? AND status = 'listed' ORDER BY no", (slip,)
            ).scalars()
        )
    for side, who in ((slips.GIVER, "chen"), (slips.RECEIVER, "li")):
        for number in listed[:-1]:
            slips.scan(stage.desk(who), slip, stage.carrier(number).number, side)
    stage.do(ExplainDifference(explanation="装订中，保密办在册 at the bindery, on its list"), [listed[-1]], slip=slip)
    signatures = tuple(
        Signature(stage.people[who], role)
        for who, role in (("chen", "giver"), ("li", "receiver"), ("zhou", "supervisor"))
    )
    slips.take_over(stage.desk("chen"), slip, signatures)
    tour.form("handover_list", Ref(Subject.SLIP, slip))
    here, whole = len(listed), stage.slip(slip).listed
    sentence = N_("Handover: {n} lines = {scanned} scanned by both sides + 1 explained + {out} lent out; three signed.")
    tour.tell(sentence, n=whole, scanned=here - 1, out=whole - here)


def sheets_of_the_desk(tour: Tour) -> None:
    """The sheets of the desk: badges, calibration, commands, recovery."""
    register = Ref(Subject.REGISTER, 1)
    for code in ("badges", "calibration_sheet", "command_card"):
        tour.form(code, register)
    tour.form("recovery_sheet", register, more={"recovery": tour.stage.recovery})


def prove(tour: Tour) -> bool:
    """Verify the whole book, and every anchor printed on the way."""
    with tour.stage.database.reading() as connection:
        found = proof.verify_full(connection)
        anchors = [printing.verify_anchor(connection, code) for code in tour.codes]
    good = found.holds and all(verdict.holds for verdict in anchors)
    if found.wrong is not None:
        tour.say(render(found.wrong))
    tour.tell(N_("Verified: {n} entries, {anchors} anchors.") if good else N_("The book does NOT prove whole."),
              n=found.seq, anchors=len(anchors))  # fmt: skip
    for character in sorted(tour.missing):
        tour.tell(N_("No font has the character {character}; it is printed as its code point."), character=character)
    return good
