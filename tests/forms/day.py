"""A day at the registry, by real acts: every form's subject in the state in which the form is printed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from app.actions.classifying import Classify, ProposeClassification
from app.actions.copying import CopyCarrier
from app.actions.custody import Lend, ReturnLoan
from app.actions.destroying import Destroy
from app.actions.destruction import BagAndSeal, ProposeDestruction
from app.actions.dispatch import Dispatch
from app.actions.disposition import FileToArchive, TransferToArchives
from app.actions.drafting import PrintCopies
from app.actions.handover import ExplainDifference, OfferHandover, OpenHandover
from app.actions.intake import OpenEnvelope, SignForEnvelope
from app.actions.labels import AffixLabel, PrintLabels, VerifyLabel
from app.actions.making import FinishMaking
from app.actions.receipts import SendTracer
from app.actions.receiving import RegisterReceived
from app.actions.reconciling import ReconcileEnvelope, ReportDiscrepancy
from app.actions.taking_over import TakeOver
from app.actions.vouchers import OpenSlip, SubmitDraft
from app.domain.action import Line, Ref, Subject
from app.domain.numbering import Letter, payload
from tests.actions.shelf import PutOnShelf, on_shelf
from tests.unit import Unit

TITLE = "年度计划（二稿）"
SECRET_POINT = "第二章指标"


class Day:
    """What was done, by the name of the form that belongs to it."""

    def __init__(self, folder: Path) -> None:
        self.unit = Unit(folder)
        self.of: dict[str, Ref] = {}
        self.classify()
        self.make()
        self.receive()
        self.copy()
        self.lend()
        self.file()
        self.destroy()
        self.hand_over()
        self.americans()
        self.dispatch()  # last: its reminder leaves the day

    def people(self, *names: str) -> tuple[int, ...]:
        return tuple(self.unit.people[name] for name in names)

    def slip(self, *names: str, number: int | None) -> None:
        assert number is not None
        for name in names:
            self.of[name] = Ref(Subject.SLIP, number)

    # --- drafting ------------------------------------------------------------------------------------------------

    def classify(self) -> None:
        unit = self.unit
        proposal = ProposeClassification(
            regime="cn-state",
            level="jimi",
            title=TITLE,
            short_title="计划二",
            period="10y",
            scope_units=("plans", "registry"),
            scope_people=self.people("reader"),
            basis="范围第3.2项",
            points=SECRET_POINT,
            reference="院发〔2026〕17号",
            copies=3,
            drafter=unit.people["drafter"],
        )
        receipt = unit.do(proposal, by="drafter")
        self.document = receipt.subjects[0].id
        slip = unit.decide(receipt.slip or 0)
        unit.do(Classify(issued=date(2026, 5, 2)), Ref(Subject.DOCUMENT, self.document), slip=slip, by="clerk")
        self.slip("classification_slip", number=slip)

    def make(self) -> None:
        unit, safe = self.unit, self.unit.places["safe"]
        job = PrintCopies(document=self.document, copies=3, pages=48, place=safe, maker=unit.people["clerk"])
        slip = unit.approved(job, party="drafter")
        made = unit.do(job, slip=slip)
        self.copies = [ref.id for ref in made.subjects]
        self.finish(self.copies, slip=slip, pages=48, spoiled=2)
        self.of["carrier_labels"] = Ref(Subject.DOCUMENT, self.document)
        self.of["cover_sheet"] = Ref(Subject.CARRIER, self.copies[0])

    def finish(self, copies: list[int], *, slip: int, pages: int, spoiled: int, stamped: bool = False) -> None:
        unit = self.unit
        unit.do(PrintLabels(), *copies)
        unit.do(AffixLabel(), *copies)
        scans = [Line(Ref(Subject.CARRIER, copy), {"scanned": payload(Letter.CARRIER, 107, copy)}) for copy in copies]
        unit.do(VerifyLabel(), *scans)
        finish = FinishMaking(
            place=unit.places["safe"],
            sheets=pages * len(copies) + spoiled,
            spoiled=spoiled,
            waste_by=unit.people["clerk2"],
            stamped=stamped,
        )
        counted = [Line(Ref(Subject.CARRIER, copy), {"pages": pages}) for copy in copies]
        unit.do(finish, *counted, slip=slip)

    # --- incoming ------------------------------------------------------------------------------------------------

    def receive(self) -> None:
        unit = self.unit
        cover = self.envelope("0231", items=2)
        unit.do(OpenEnvelope(seal="K-7"), cover)
        unit.do(
            RegisterReceived(
                envelope=cover.id,
                regime="cn-state",
                level="mimi",
                title="关于开展专项检查的通知",
                short_title="检查通知",
                originator="市保密局",
                reference="保发〔2026〕31号",
                period="5y",
                issued=date(2026, 4, 28),
                copies=2,
                first_copy=3,
                last_copy=4,
                copies_of=30,
                pages=12,
                place=unit.places["safe"],
                scope_units=("*",),
            )
        )
        unit.do(ReconcileEnvelope(counted=2), cover)
        self.of["incoming_register"] = cover
        short = self.envelope("0232", items=3)
        unit.do(OpenEnvelope(seal="K-7"), short)
        unit.do(
            ReportDiscrepancy(
                expected=3, found=2, second=unit.people["clerk2"], missing="000005", photo="P-12",
                condition="封皮完好，内封一角破损", request="请查明并补发",
            ),
            short, signed={"second": "clerk2"},
        )  # fmt: skip
        self.of["discrepancy_notice"] = short

    def envelope(self, number: str, items: int) -> Ref:
        sign = SignForEnvelope(
            number=number, regime="cn-state", sender="市保密局", channel="jiyao_tongxin", items=items, level="mimi",
            address="市府前街2号",
            seal="K-7",
        )  # fmt: skip
        return self.unit.do(sign).subjects[0]

    # --- copies and loans ----------------------------------------------------------------------------------------

    def copy(self) -> None:
        unit = self.unit
        act = CopyCarrier(
            original=self.copies[0], copies=2, pages=48, reason="论证会使用", recipients=self.people("reader"),
            place=unit.places["safe"], maker=unit.people["clerk"], machine="复-02",
        )  # fmt: skip
        slip = unit.approved(act)
        made = [ref.id for ref in unit.do(act, slip=slip).subjects]
        self.finish(made, slip=slip, pages=48, spoiled=1, stamped=True)
        self.slip("copy_approval", number=slip)

    def lend(self) -> None:
        unit = self.unit
        act = Lend(
            borrower=unit.people["reader"], due=unit.today + timedelta(days=10), purpose="编写论证材料", how="out"
        )
        slip = unit.approved(act, *self.copies[:2], party="reader")
        unit.do(act, *self.copies[:2], slip=slip)
        unit.do(ReturnLoan(), Line(Ref(Subject.CARRIER, self.copies[0]), {"pages": 48}))
        self.slip("loan_slip", number=slip)

    # --- out -----------------------------------------------------------------------------------------------------

    def dispatch(self) -> None:
        unit = self.unit
        carriers = [*on_shelf(unit, 2, title=TITLE, period="10y"), *on_shelf(unit, 1, "mimi", title="附件")]
        asked = {"addressee": "市政府办公室", "address": "人民路1号", "channel": "jiyao_jiaotong", "foreign": False}
        slip = unit.do(OpenSlip(slip="parcel", act="dispatch", given=asked)).subjects[0].id
        unit.do(SubmitDraft(approval="dispatch", lines_given=[{"carrier": carrier} for carrier in carriers]), slip)
        unit.decide(slip)
        act = Dispatch(
            **asked, envelope="2026-017", seal="S-17", receipt_due=unit.today + timedelta(days=3),
            couriers=self.people("courier"),
        )  # fmt: skip
        unit.do(act, *carriers, slip=slip)
        self.slip("delivery_list", "delivery_receipt", "envelope_labels", "tracer", number=slip)
        unit.later(days=40)
        unit.do(SendTracer(answer_by=unit.today + timedelta(days=7)), slip)

    def file(self) -> None:
        unit = self.unit
        carriers = on_shelf(unit, 2, "mimi", title="会议纪要", period="5y")
        act = FileToArchive(place=unit.places["room"], archivist=unit.people["archivist"])
        slip = unit.approved(act, *carriers, by="clerk")
        answers = [
            Line(Ref(Subject.CARRIER, carrier), {"archive_no": f"J-{n}", "retention": "30y", "appraisal": "kept"})
            for n, carrier in enumerate(carriers, 12)
        ]
        unit.do(act, *answers, slip=slip, signed={"archivist": "archivist"})
        self.slip("archive_list", number=slip)
        deed = TransferToArchives(receiver="市档案馆", received_by="张三", deed="交2026-3", finding_aids="案卷目录一册")
        slip = unit.approved(deed, *carriers, by="clerk")
        reviewed = [Line(Ref(Subject.CARRIER, carrier), {"review": "secret"}) for carrier in carriers]
        unit.do(deed, *reviewed, slip=slip, by="archivist")
        self.slip("archive_deed", number=slip)

    def destroy(self) -> None:
        unit = self.unit
        carriers = on_shelf(unit, 3, title="作废试验大纲", period="10y")
        ticked = {"no_recall": True, "record_kept": True}
        lines = [Line(Ref(Subject.CARRIER, carrier), ticked) for carrier in carriers]
        slip = unit.decide(unit.do(ProposeDestruction(reason="超过保存价值"), *lines, by="drafter").slip or 0)
        bag = BagAndSeal(bag="B-1", seal="S-1", count=3, witness=unit.people["witness"])
        unit.do(bag, *carriers, slip=slip, signed={"witness": "witness"})
        act = Destroy(
            reason="超过保存价值", method="shredding", destroyer=unit.people["clerk"], seals="S-1",
            witnesses=self.people("clerk2", "witness"), where="销毁中心", permit="京销 01", residue="化浆",
            pictures="V-3",
        )  # fmt: skip
        unit.do(act, *carriers, slip=slip, signed={"destroyer": "clerk", "witness": "clerk2 witness"})
        self.slip("destruction_list", "destruction_certificate", number=slip)

    # --- handover ------------------------------------------------------------------------------------------------

    def hand_over(self) -> None:
        """The charge of clerk2: two counted, one explained."""
        unit = self.unit
        put = PutOnShelf(
            regime="cn-state", level="jimi", title="器材清册", copies=3, place=unit.places["safe"],
            more={"period": "10y"},
        )  # fmt: skip
        born = unit.do(put, by="clerk2").born
        carriers = [ref.id for ref in born if ref.kind is Subject.CARRIER]
        opened = OpenHandover(
            giver=unit.people["clerk2"], receiver=unit.people["clerk"], supervisor=unit.people["officer"],
            named_by=unit.people["leader"], reason="rotation", place=unit.places["safe"],
            keys="保密柜钥匙2把，登记簿3册",
        )  # fmt: skip
        slip = unit.do(opened, signed={"namer": "leader"}).subjects[0].id
        unit.do(OfferHandover(), *carriers[:2], slip=slip)
        unit.do(ExplainDifference(explanation="在三楼会议室，已派人取回"), carriers[2], slip=slip)
        signed = {"giver": "clerk2", "receiver": "clerk", "supervisor": "officer"}
        unit.do(TakeOver(), *carriers[:2], slip=slip, signed=signed)
        self.slip("handover_list", number=slip)

    def americans(self) -> None:
        unit = self.unit
        copy = on_shelf(unit, 2, "s", "us-dod", title="Assault plan", caveats=["NOFORN"], period="10y")[0]
        self.of["us_cover_sheet"] = Ref(Subject.CARRIER, copy)
        disc = on_shelf(unit, 1, title="数据盘")[0]
        self.of["media_labels"] = Ref(Subject.CARRIER, disc)
        self.of["badges"] = Ref(Subject.PERSON, unit.people["reader"])
        self.of["loan_log"] = Ref(Subject.REGISTER, 1)
        self.of["calibration_sheet"] = self.of["command_card"] = Ref(Subject.REGISTER, 1)
