"""The sample register: public titles taken over from a real list, and two invented months at the registry."""

from __future__ import annotations

import csv
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import msgspec

from app.actions.classifying import Classify, ProposeClassification
from app.actions.copying import CopyCarrier
from app.actions.custody import Lend
from app.actions.destruction import ProposeDestruction
from app.actions.dispatch import Dispatch
from app.actions.drafting import PrintCopies
from app.actions.labels import PrintLabels
from app.actions.receiving import RegisterReceived
from app.actions.reconciling import ReconcileEnvelope
from app.actions.vouchers import OpenSlip
from app.domain.action import Line, Ref, Subject
from app.domain.people import DUTIES
from app.domain.words import says
from app.i18n import in_words
from app.paths import resource
from app.services import slips
from app.services.accounts import Clock
from app.services.importing import ImportReport, import_file, load_mapping
from app.stage import CAST, SAFE, Stage, password_of, set_up
from app.store import vault
from app.store.failures import StoreUnavailable

Progress = Callable[[int, int], None]
REGISTER_FILE, MAPPING = "sample/cn-laws.csv", "cn-laws"
YEARS_KEPT = 9
MOST_ROWS = 600
MONTHS = timedelta(days=63)
COPIES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """Somebody who can sign in to the sample, with the password everybody may know."""

    login: str
    password: str = field(repr=False)
    who: str
    """Name and duties, in the language that is shown."""


@dataclass(frozen=True, slots=True)
class Made:
    """The sample register."""

    folder: Path
    carriers: int


def sample_accounts() -> tuple[SampleAccount, ...]:
    """Everybody of the cast who has an account, in the order they are met."""
    return tuple(
        SampleAccount(login, password_of(login), in_words((one.name, *(says(DUTIES[duty]) for duty in one.duties))))
        for login, one in CAST.items()
        if one.duties
    )


def make_sample(
    directory: Path,
    clock: Clock,
    *,
    carriers: int = 1_200,
    progress: Progress | None = None,
    cost: vault.Cost = vault.SHIPPED,
) -> Made:
    """Make the sample in a folder that holds no register yet; ends at the clock's now, with work waiting on Today.

    Whatever stops it leaves nothing behind.
    """
    told = progress or _silent
    steps = 6
    told(0, steps)
    made = [each for each in (directory, *directory.parents) if not each.exists()]
    stage = set_up(directory, clock() - MONTHS, cost=cost)
    try:
        _take_over(stage, carriers)
        told(1, steps)
        for step, month in enumerate((_first_weeks, _fifth_week, _eighth_week, _this_week), 2):
            month(stage)
            told(step, steps)
        stage.clock.now = max(stage.clock.now, clock() - timedelta(minutes=5))
        _last_hour(stage)
        with stage.database.reading() as connection:
            held = connection.exec_driver_sql("SELECT sum(n) FROM holdings").scalar_one()
        told(steps, steps)
    except BaseException:
        stage.close()
        with suppress(OSError):
            for each in directory.iterdir():
                each.unlink()
            for each in made:
                each.rmdir()
        raise
    stage.close()
    return Made(directory, held)


def is_sample(directory: Path, clock: Clock) -> bool:
    """Whether the sample lies there already: its accounts, with the password everybody may know."""
    try:
        kept = vault.read_vault(directory)
        if set(kept.names) != {account.login for account in sample_accounts()}:
            return False
        vault.open_slot(kept, "chen", password_of("chen"), clock())
    except (StoreUnavailable, vault.Locked):
        return False
    return True


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""


def take_over(stage: Stage, rows: int, *, custodian: str = "chen", place: str = "", skip: int = 0) -> ImportReport:
    """The old book: so many of the newest rows of the public list, imported as any other list is."""
    with resource(REGISTER_FILE).open(encoding="utf-8-sig", newline="") as file:
        header, *known = csv.reader(file)
    issued = header.index("公布日期")
    # What was issued long ago would have been lifted long ago: a book that is looked after holds none of it.
    recent = [row for row in known if row[issued] > f"{stage.clock.now.year - YEARS_KEPT}"]
    mapping = load_mapping(MAPPING)
    said = {**mapping.constants, "custodian": CAST[custodian].name} | ({"place": place} if place else {})
    with tempfile.TemporaryDirectory(prefix="custos-sample-") as scratch:
        path = Path(scratch) / "cn-laws.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([header, *recent[skip : skip + rows]])
        return import_file(stage.desk(), path, msgspec.structs.replace(mapping, constants=said))


CHARGES = (("chen", "Safe B-2 保险柜", 0.6), ("wu", "Cabinet C-1 文件柜", 0.25), ("li", "Archive room 档案室", 0.15))


def _take_over(stage: Stage, carriers: int) -> None:
    """The public list in three people's charge, and further copies where it has too few rows."""
    taken = skip = 0
    for custodian, place, share in CHARGES:
        rows = round(min(carriers, MOST_ROWS) * share)
        taken += take_over(stage, rows, custodian=custodian, place=place, skip=skip).carriers
        skip += rows
    for number, count in enumerate(_portions(carriers - taken), 1):
        envelope = stage.envelope(f"2026-7{number:03d}", count, level="mimi")
        stage.do(
            RegisterReceived(
                envelope=envelope, regime="cn-state", level="mimi", title=f"规程汇编 第{number}卷",
                short_title=f"汇编{number} Volume {number}", originator="省办公厅", scope_units=("*",), pages=24,
                copies=count, place=SAFE, period="5y", issued=stage.clock.now.date(),
            )
        )  # fmt: skip
        stage.do(ReconcileEnvelope(counted=count), [Ref(Subject.ENVELOPE, envelope)])


def _portions(count: int) -> Iterator[int]:
    while count > 0:
        yield min(count, COPIES_AT_ONCE)
        count -= COPIES_AT_ONCE


def _in_stock(stage: Stage, many: int, *, level: str = "mimi", seed: int = 1) -> list[int]:
    with stage.database.reading() as connection:
        found = list(
            connection.exec_driver_sql(
                "SELECT id FROM carriers WHERE state = 'in_stock' AND level = ? AND slip IS NULL ORDER BY id", (level,)
            ).scalars()
        )
    return random.Random(seed).sample(found, min(many, len(found)))  # noqa: S311 - a sample, not a secret


def _lent(stage: Stage, who: str, carriers: list[int], days: int) -> None:
    loan = Lend(borrower=stage.people[who], due=stage.clock.now.date() + timedelta(days=days), purpose="工作需要")
    slip = stage.approved(loan, carriers, by=who, party=who)
    stage.do(loan, carriers, slip=slip)


def _own_document(stage: Stage, title: str, short: str, level: str, copies: int) -> list[int]:
    """A document drafted here, decided, printed, labelled and counted out."""
    proposed = stage.do(
        ProposeClassification(
            regime="cn-state", level=level, title=title, short_title=short, period="10y", scope_units=("*",),
            basis="国家秘密事项一览表第3项", copies=copies,
        ),
        by="wang",
    )  # fmt: skip
    document = proposed.subjects[0].id
    stage.decide(proposed.slip or 0)
    stage.do(Classify(issued=stage.clock.now.date()), [document], slip=proposed.slip)
    job = PrintCopies(document=document, copies=copies, pages=48, place=SAFE)
    slip = stage.approved(job)
    made = [ref.id for ref in stage.do(job, slip=slip).subjects]
    stage.label(made)
    stage.finish(made, spoiled=2)
    return made


def _first_weeks(stage: Stage) -> None:
    stage.later(days=4)
    own = _own_document(stage, "年度综合试验大纲（二稿）", "年度大纲 Annual plan, draft 2", "jimi", 12)
    _lent(stage, "wang", own[:2], 80)
    _lent(stage, "xu", _in_stock(stage, 3, seed=2), 55)
    stage.later(days=9)
    _own_document(stage, "测试场使用日程", "日程 Schedule", "jimi", 4)
    given = {"addressee": "省军工办 Provincial Industry Office", "channel": "jiyao_jiaotong"}
    parcel = stage.do(OpenSlip(slip="parcel", act="dispatch", given=given)).subjects[0].id
    for number in own[4:7]:
        slips.scan(stage.desk(), parcel, stage.carrier(number).number)
    slips.submit_draft(stage.desk(), parcel)
    stage.decide(parcel)
    sent = Dispatch(
        addressee=given["addressee"], channel=given["channel"], envelope="O-2026-033", seal="F-0231",
        couriers=(stage.people["ma"], stage.people["hu"]), receipt_due=stage.clock.now.date() + timedelta(days=30),
    )  # fmt: skip
    stage.do(sent, own[4:7], slip=parcel)


def _fifth_week(stage: Stage) -> None:
    stage.later(days=17)
    _lent(stage, "lin", _in_stock(stage, 2, seed=3), 33)
    stage.receive_notice("2026-0077")


def _eighth_week(stage: Stage) -> None:
    stage.later(days=24)
    _lent(stage, "ma", _in_stock(stage, 4, seed=4), 30)
    ticks = {"no_recall": True, "record_kept": True}
    lines = [Line(Ref(Subject.CARRIER, number), ticks) for number in _in_stock(stage, 6, seed=5)]
    stage.do(ProposeDestruction(reason="已归档正本 record copy is filed"), lines, by="li")


def _this_week(stage: Stage) -> None:
    stage.later(days=6)
    stage.envelope("2026-0091", 4, level="mimi", opened=False)


def _last_hour(stage: Stage) -> None:
    with stage.database.reading() as connection:
        original = connection.exec_driver_sql(
            "SELECT id FROM carriers WHERE level = 'jimi' AND state = 'in_stock' AND slip IS NULL"
            " ORDER BY id DESC LIMIT 1"
        ).scalar_one()
    stage.submit(
        CopyCarrier(
            original=original,
            copies=4,
            pages=48,
            reason="评审会 review meeting",
            place=SAFE,
            recipients=(stage.people["xu"],),
        ),
        by="xu",
    )
    stage.do(
        ProposeClassification(
            regime="cn-state", level="mimi", title="试验设备采购方案", short_title="方案 Proposal", period="5y",
            scope_units=("Department 3",), basis="国家秘密事项一览表第7项", copies=3,
        ),
        by="wang",
    )  # fmt: skip
    stage.do(PrintLabels(), _in_stock(stage, 3, seed=9))
