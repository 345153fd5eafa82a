"""Contents for every form: as short as they come, as a normal day has them, as long as anybody could make them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

from app.domain.numbering import payload
from app.forms.certificates import ArchiveLine, ArchiveTransfer, Destruction
from app.forms.cover_sheets import CoverSheet, EventLine, ReadingLine, UsCoverSheet
from app.forms.desk_sheets import CalibrationSheet, CodeLine, CommandCard, RecoverySheet, calibration
from app.forms.envelopes import EnvelopeLabels
from app.forms.labels import Badge, Badges, CarrierLabel, CarrierLabels, MediaLabel, MediaLabels
from app.forms.lines import CarrierLine, Difference, Signature
from app.forms.lists import DeliveryItem, DeliveryList, HandoverList, OpeningMuster
from app.forms.notices import DiscrepancyNotice, Tracer, TracerItem
from app.forms.page import Head
from app.forms.registers import IncomingLine, IncomingRegister, LoanLine, LoanLog
from app.forms.sheet import Anchor, Language, Sheet
from app.forms.slips import ClassificationSlip, CopyApproval, LoanItem, LoanSlip

ORANGE, RED, BLUE = "#B85C00", "#B3261E", "#1D5FA8"
ANCHOR = Anchor(
    register="107 保密室",
    seq=10_482,
    text="K4QZ 7VNA 2XHD M3RT",
    qr="CUSTOS1 107 10482 " + "K4QZ7VNA2XHDM3RT" * 10,
)


def sheet(language: Language | str = Language.BOTH, **changes: Any) -> Sheet:
    """A sheet of the sample unit."""
    given: dict[str, Any] = {
        "language": Language(language),
        "unit": "第七研究院保密室",
        "printed_by": "李娜 Li Na",
        "printed_at": datetime(2026, 5, 19, 10, 31, tzinfo=UTC),
        "anchor": ANCHOR,
    }
    return Sheet(**{**given, **changes})


def _head(number: str, serial: int = 12) -> Head:
    return Head(number=number, code=payload("S", 107, serial), mark="机密★10年", colour=ORANGE)


def lines(count: int) -> tuple[CarrierLine, ...]:
    """A shelf of carriers of several levels and kinds."""
    titles = ("年度计划（二稿）", "试验大纲", "会议纪要", "器材清册", "Report on the trials of the second series")
    levels = (("机密", 2, "10年"), ("机密", 2, "10年"), ("秘密", 1, "5年"), ("绝密", 3, "30年"))
    return tuple(
        CarrierLine(
            number=f"{levels[index % 4][0][0]} 2026-{index + 1:04d}",
            title=titles[index % 5],
            reference=f"院发〔2026〕{index + 1}号",
            copy=f"{index % 9 + 1}/12",
            level=levels[index % 4][0],
            rank=levels[index % 4][1],
            period=levels[index % 4][2],
            kind="flash" if index % 7 == 6 else "paper",
            pages=None if index % 7 == 6 else 10 + index % 90,
            capacity="1 TB" if index % 7 == 6 else "",
            originator="计划处",
            date="2026-05-02",
            keeper="陈敏",
            place=f"B-{index % 6 + 1}",
            state="loan" if index % 5 == 3 else "in_stock",
            slip="L-2026-088" if index % 5 == 3 else "",
            due="2026-05-31" if index % 5 == 3 else "",
            counted=True,
        )
        for index in range(count)
    )


_SIGNED = Signature(
    role="department_leader", name="周立", opinion="同意，按拟定密级和期限办理。", signed="2026-05-18 16:02"
)
LONG_ZH = (
    "关于进一步加强涉密载体全过程管理、严格落实清点移交销毁制度并开展专项检查的通知及其附件（第二次征求意见稿）" * 3
)
LONG_EN = "Supplementary memorandum on the consolidated accountability of registered publications and equipment. " * 6
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3


def usual() -> dict[str, Any]:
    """Each form as a normal day fills it."""
    return {
        "incoming_register": IncomingRegister(
            head=_head("收 2026-1"),
            year="2026",
            book="一册",
            span="1–14",
            lines=tuple(
                IncomingLine(
                    number=f"{index}",
                    received="2026-05-02",
                    sender="市保密局",
                    reference=f"保发〔2026〕{index}号",
                    title="关于开展专项检查的通知",
                    attachments="2",
                    copies=1,
                    level="机密",
                    office="计划处",
                    signed_by="李娜",
                    reply="院函12",
                    filed="2026-12-01",
                    volume="J-12",
                    period="10年",
                    copy_numbers="000003–000003",
                    pages=48,
                    envelope="封 0231 机要通信",
                    intact=True,
                    opened_by="李娜、赵强",
                    opened_at="2026-05-02 09:40",
                    stamped=True,
                    return_by="2026-12-31",
                    remark="正本",
                )
                for index in range(1, 15)
            ),
        ),
        "carrier_labels": CarrierLabels(
            labels=tuple(
                CarrierLabel(
                    number=f"{mark[0]} 2026-{index:04d}",
                    code=payload("C", 107, 26_000 + index),
                    mark=mark,
                    colour=colour,
                    copy=f"{index:06d} / 000012",
                    registry="院保密室 107",
                    short_title="年度计划（二稿）",
                    pages=48,
                    holder="三部",
                    return_by="2026-12-31",
                )
                for index, (mark, colour) in enumerate(
                    (("绝密★30年", RED), ("机密★10年", ORANGE), ("秘密★5年", BLUE), ("TOP SECRET//NOFORN", "#F47B20")),
                    1,
                )
            )
        ),
        "media_labels": MediaLabels(
            labels=(
                MediaLabel(
                    number="密盘 2024-07",
                    code=payload("C", 107, 700),
                    mark="机密",
                    colour=ORANGE,
                    serial="SN 8F21-0042",
                    keeper="陈敏",
                    use="仅限三部涉密单机使用",
                ),
            )
        ),
        "cover_sheet": CoverSheet(
            number="机 2026-0102",
            code=payload("C", 107, 26_041),
            serial="000003",
            mark="机密★10年",
            colour=ORANGE,
            copy="3 / 12",
            title="年度计划（二稿）",
            reference="院发〔2026〕17号",
            originator="计划处",
            scope="院领导，计划处、三部负责人",
            pages="48",
            attachments="2",
            issued_to="三部",
            date="2026-05-02",
            lifts="2036-05-02",
            caveats="不得复制摘抄",
            may_copy=False,
            return_by="2026-12-31",
            readers=(ReadingLine(name="王蕾", department="三部", read_at="2026-05-06 09:10", returned="2026-05-06"),),
            events=(EventLine(date="2026-05-02", event="issued", person="李娜"),),
        ),
        "us_cover_sheet": UsCoverSheet(
            standard_form="SF 704",
            colour="#C8102E",
            level="SECRET",
            number="S-2026-0417",
            code=payload("C", 107, 26_041),
            copy="1 of 5",
            date="2 May 2026",
            originator="Plans Division",
            short_title="Annual plan, second draft",
            caveats="NOFORN",
            pages="48",
            declassify_on="2 May 2036",
        ),
        "classification_slip": ClassificationSlip(
            head=_head("D-2026-031"),
            department="计划处",
            drafter="王蕾",
            title="2026 年度计划（二稿）",
            reference="院发〔2026〕17号",
            form_of_carrier="paper",
            level="机密",
            period="10年",
            scope="院领导，计划处、三部负责人",
            basis="《国防科技工业国家秘密范围》第3.2项",
            secret_points="第二章指标、附件二",
            copies=12,
            signatures=(
                Signature(role="drafter", name="王蕾", opinion="拟定机密★10年。"),
                Signature(role="reviewer", name="赵强", opinion="同意。"),
                Signature(role="classification_authority", name="周立", opinion="同意。", signed="2026-05-18 16:02"),
            ),
        ),
        "copy_approval": CopyApproval(
            head=_head("F-2026-008"),
            applicant="王蕾",
            department="三部",
            title="年度计划（二稿）",
            copies=3,
            pages=48,
            level="机密★10年",
            permit="准印 2026-08",
            made_by_unit="内部",
            original="机 2026-0102",
            original_copy="3/12",
            originator="计划处",
            originator_permits="是",
            extent="全文",
            purpose="论证会使用",
            recipients="孙立、陈敏、赵强",
            numbers="机 2026-0102/1–3",
            signatures=(Signature(role="applicant", name="王蕾"), _SIGNED, Signature(role="unit_leader", name="周立")),
            place_and_machine="保密室 复-02",
            operator="李娜",
            made=3,
            waste=2,
            waste_destroyed_by="李娜",
            stamped=True,
            registered_by="李娜",
            taken_over_by="王蕾",
        ),
        "delivery_list": DeliveryList(
            head=_head("T-2026-044"),
            sender="第七研究院保密室",
            sender_address="本市学院路 7 号",
            addressee="市科技局机要室",
            addressee_address="本市解放路 100 号",
            items=tuple(
                DeliveryItem(
                    reference=f"院发〔2026〕{index}号", copy=f"{index}/12", pages=48, date="2026-05-02", level="机密"
                )
                for index in range(1, 6)
            ),
            seal_number="F-0231",
            channel="机要交通",
            couriers=("王强", "刘洋"),
            sent="2026-05-19",
            receipt_due="2026-06-18",
            signatures=(
                Signature(role="sender", name="李娜"),
                Signature(role="addressee"),
                Signature(role="unit_seal"),
            ),
        ),
        "envelope_labels": EnvelopeLabels(
            addressee="市科技局机要室",
            addressee_address="本市解放路 100 号",
            attention="张科长 亲收",
            sender="第七研究院保密室",
            sender_address="本市学院路 7 号",
            mark="机密",
            colour=ORANGE,
            seal_number="F-0231",
            code=payload("E", 107, 231),
            urgency="急件",
            seal_places="封口、中缝两处",
            handling=("只准收件人拆封", "随附回执两份"),
            on_the_way=("请勿转投",),
            layers=2,
        ),
        "loan_slip": LoanSlip(
            head=_head("L-2026-088"),
            borrower="王蕾",
            department="三部",
            clearance="机密",
            telephone="6021",
            items=(
                LoanItem(
                    number="机 2026-0102",
                    title="年度计划（二稿）",
                    reference="院发〔2026〕17号",
                    copy="3/12",
                    level="机密★10年",
                    pages=48,
                ),
            ),
            purpose="编制实施方案",
            manner="taken_out",
            reading_place="三部 302 室",
            lent="2026-05-19",
            due="2026-05-31",
            signatures=(
                Signature(role="borrower", name="王蕾"),
                _SIGNED,
                Signature(role="secrecy_office", name="孙立"),
                Signature(role="clerk", name="李娜"),
            ),
        ),
        "loan_log": LoanLog(
            head=_head(""),
            year="2026 107",
            of="全部借阅",
            lines=tuple(
                LoanLine(
                    slip=f"L-2026-{index:03d}",
                    borrower="王蕾",
                    department="三部",
                    title="年度计划（二稿）",
                    reference="院发〔2026〕17号",
                    number=f"机 2026-0102/{index}",
                    copy=f"{index}/12",
                    level="机密",
                    size="48",
                    manner="taken_out" if index % 2 else "in_room",
                    lent="2026-05-19",
                    due="2026-05-31",
                    signed="2026-05-19 09:12",
                    lent_by="李娜",
                    returned="2026-05-30" if index < 6 else "",
                    intact=True if index < 6 else None,
                    taken_back_by="陈敏" if index < 6 else "",
                    remark="续借至 2026-06-10" if index == 7 else "",
                )
                for index in range(1, 9)
            ),
        ),
        "handover_list": HandoverList(
            head=_head("H-2026-012"),
            reason="leaving",
            giver="陈敏（保密室，保密员）",
            receiver="王蕾（三部，保密员）",
            supervisor="孙立（保密办，主任）",
            place="保密室",
            begun="2026-05-19 09:40",
            ended="10:25",
            lines=lines(23),
            differences=(
                Difference(
                    kind="page_mismatch", number="秘 2026-0003", found="11 页", explanation="原登记笔误，已更正"
                ),
            ),
            also=("钥匙 2 把", "密码封 1 个（封号 F-0231）", "印章 1 枚", "收文登记簿 2026 年一册"),
            signatures=(
                Signature(role="giver", name="陈敏", place="保密室"),
                Signature(role="receiver", name="王蕾", place="保密室"),
                Signature(role="supervisor", name="孙立", place="保密室"),
                Signature(role="unit_seal"),
            ),
        ),
        "archive_transfer": ArchiveTransfer(
            head=_head("G-2026-003"),
            giving_unit="保密室",
            receiving_unit="院档案馆",
            nature="定期移交",
            years="2020–2025",
            items=tuple(
                ArchiveLine(
                    archive_number=f"0107-2025-{index:03d}",
                    retention="0107·2025·永久",
                    reference=f"院发〔2025〕{index}号",
                    title="年度工作总结",
                    originator="计划处",
                    date="2025-12-30",
                    pages=36,
                    level="秘密",
                    period="5年",
                    appraisal="keep",
                    with_drafts=True,
                )
                for index in range(1, 9)
            ),
            finding_aids="案卷目录一册",
            explanation="移交前已完成解密审核。",
        ),
        "destruction": Destruction(
            head=_head("X-2026-002"),
            department="保密室",
            lines=lines(9),
            reason="已超保密期限，正本已归档",
            period_over="是",
            recall_checked="无清退要求",
            method="化浆",
            place="市涉密载体销毁中心",
            permit="XH-07",
            bags="D-01、D-02，共2袋",
            weight="18.4 kg",
            seals="F-0301、F-0302",
            escorts=("刘洋", "王强"),
            vehicle="京A·00107",
            handed_over="2026-05-20 09:00",
            destroyed="2026-05-20 10:30",
            pictures="录像 0520-1",
            residue="全部化浆",
            outside_certificate="销证〔2026〕51号",
            approvals=(
                Signature(role="department_leader", name="赵强"),
                Signature(role="secrecy_office", name="孙立"),
                _SIGNED,
            ),
            signatures=(
                Signature(role="destroyer", name="刘洋"),
                Signature(role="witness", name="孙立"),
                Signature(role="witness", name="王强"),
            ),
            done=True,
        ),
        "discrepancy_notice": DiscrepancyNotice(
            head=_head("C-2026-001"),
            sender="市保密局",
            address="市府前街 2 号",
            seal_number="封 0231",
            expected="院发〔2026〕17号 第3、4份，共2份",
            found="第3份，1份",
            missing_copies="4/12",
            wrapping="完好",
            found_at="2026-05-02 09:40",
            found_by=("李娜", "赵强"),
            photographs="P-0001",
            request="请查明第4份去向并书面答复。",
            given_back="收件单位非本单位 · 交换站 陈平 · 2026-05-02 09:50 · 收据 收0088",
            signatures=(Signature(role="finder", name="李娜"), Signature(role="finder", name="赵强")),
        ),
        "tracer": Tracer(
            head=_head("Z-2026-004"),
            to="市科技局机要室",
            items=(
                TracerItem(number="院发〔2026〕17号", copy="5/12", sent="2026-04-01", due="2026-05-01", days_over=18),
            ),
            reminder=2,
            answer_by="2026-05-26",
            signatures=(Signature(role="clerk", name="李娜"), Signature(role="unit_seal")),
        ),
        "opening_muster": OpeningMuster(
            head=_head("K-2026-001"),
            source="收文登记簿 2025.xlsx",
            reference_day="2026-05-19",
            taken_over="2026-05-19",
            lines=lines(12),
            last_numbers=("机 2026-0102", "秘 2026-0031"),
            receipts_out=("T-2026-040 市科技局",),
        ),
        "recovery_sheet": RecoverySheet(
            register="第七研究院保密室",
            register_number=107,
            made="2026-05-19",
            groups=tuple(f"K4QZ{index:X}7" for index in range(1, 9)),
            check="M3RT",
        ),
        "calibration_sheet": calibration(107),
        "command_card": CommandCard(
            commands=tuple(
                CodeLine(code=payload("X", 107, index), label=label)
                for index, label in enumerate(("lend", "return", "count", "undo_last", "finish", "cancel"), 1)
            )
        ),
        "badges": Badges(
            labels=(
                Badge(name="李娜", code=payload("P", 107, 1), department="保密室", duty="保密员"),
                Badge(
                    name="Alexandra Konstantinopoulou-Wright",
                    code=payload("P", 107, 2),
                    department="Plans",
                    duty="Reader",
                ),
            )
        ),
    }


def shortest() -> dict[str, Any]:
    """Each form with nothing but what it cannot be without."""
    head = Head(number="1")
    code = payload("C", 107, 1)
    return {
        "incoming_register": IncomingRegister(head=head),
        "carrier_labels": CarrierLabels(labels=(CarrierLabel(number="1", code=code),)),
        "media_labels": MediaLabels(labels=(MediaLabel(number="1", code=code),)),
        "cover_sheet": CoverSheet(number="1", code=code),
        "us_cover_sheet": UsCoverSheet(
            standard_form="SF 705", colour="#0032A0", level="CONFIDENTIAL", number="1", code=code
        ),
        "classification_slip": ClassificationSlip(head=head),
        "copy_approval": CopyApproval(head=head),
        "delivery_list": DeliveryList(head=head),
        "envelope_labels": EnvelopeLabels(addressee="A"),
        "loan_slip": LoanSlip(head=head),
        "loan_log": LoanLog(head=head),
        "handover_list": HandoverList(head=head),
        "archive_transfer": ArchiveTransfer(head=head),
        "destruction": Destruction(head=head),
        "discrepancy_notice": DiscrepancyNotice(head=head),
        "tracer": Tracer(head=head),
        "opening_muster": OpeningMuster(head=head),
        "recovery_sheet": RecoverySheet(register="A", register_number=1, groups=("A",)),
        "calibration_sheet": CalibrationSheet(register=1),
        "command_card": CommandCard(),
        "badges": Badges(labels=(Badge(name="A", code=payload("P", 107, 1)),)),
    }


def longest() -> dict[str, Any]:
    """Each form with more than anybody should write: every text long, every list over several pages."""
    return {code: _stretched(content) for code, content in usual().items()}


_CODES = frozenset(
    {"code", "standard_form", "colour", "kind", "role", "about", "state", "appraisal", "manner", "event"}
)
_TUPLES_OF_ROWS = 40


def _stretched(value: Any, name: str = "") -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _stretched(getattr(value, one.name), one.name) for one in fields(value)})
    if isinstance(value, tuple):
        rows = 3 if name in {"signatures", "approvals", "returns", "groups", "tests", "commands"} else _TUPLES_OF_ROWS
        return tuple(_stretched(value[index % len(value)], name) for index in range(rows)) if value else value
    if isinstance(value, str) and name not in _CODES:
        return f"{value} {LONG_ZH}{LONG_EN}{LONG_WORD}"
    return value
