"""What leaves our charge for good: filing list and transfer deed, destruction list and certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.domain.action import Ref
from app.domain.slip import Slip, SlipState
from app.forms.certificates import ArchiveLine, ArchiveTransfer, Destruction
from app.forms.gathering.particulars import Gathering, Voucher, answered, day, moment, voucher
from app.forms.lines import Signature
from app.forms.vocabulary import VOCABULARY
from app.store.reads.carrier_lines import CarrierLine as Held

_WORDS = {
    "permanent": ("永久", "permanent"),
    "30y": ("30年", "30 years"),
    "10y": ("10年", "10 years"),
    "kept": ("继续保密", "stays classified"),
    "changed": ("已变更", "changed"),
    "lifted": ("已解密", "no secret any more"),
    "declassified": ("已解密", "no secret any more"),
    "secret": ("继续保密", "stays classified"),
    "open": ("未定", "not decided"),
    "shredding": ("粉碎", "shredding"),
    "pulping": ("化浆", "pulping"),
    "burning": ("焚毁", "burning"),
    "degaussing": ("消磁", "degaussing"),
    "physical": ("物理销毁", "physical destruction"),
    "chemical": ("化学销毁", "chemical destruction"),
}


def _word(g: Gathering, code: Any) -> str:
    return g.say(*_WORDS[code]) if code in _WORDS else str(code or "")


# --- archives ----------------------------------------------------------------------------------------------------


def archive_list(g: Gathering, of: Ref) -> ArchiveTransfer:
    """What was filed in the unit's own archive room, its level judged again."""
    filed = voucher(g.records, of.id)
    archivist = filed.said("archivist", default=None)
    acts = g.records.acts_on(filed.slip.id, "file_to_archive")
    return _catalogue(
        g,
        filed,
        receiving=g.records.place(filed.said("place", default=None)),
        explanation=str(filed.said("explanation")),
        signatures=(
            Signature(
                role="giving_clerk",
                name=_actor(g, filed, "file_to_archive"),
                signed=moment(acts[-1].t) if acts else "",
            ),
            replace(g.signs(filed.slip, "archivist", archivist), role="receiving_archivist"),
            *g.steps(filed.slip),
        ),
        deed=False,
    )


def archive_deed(g: Gathering, of: Ref) -> ArchiveTransfer:
    """What was transferred to the archives, and the deed that both sides sign and seal."""
    deed = voucher(g.records, of.id)
    aids = answered(g.records, of.id, "transfer_to_archives", "finding_aids") or deed.text("finding_aids")
    archives = answered(g.records, of.id, "transfer_to_archives", "receiver") or deed.text("receiver")
    received_by = deed.text("received_by") or answered(g.records, of.id, "transfer_to_archives", "received_by")
    return _catalogue(
        g,
        deed,
        receiving=archives,
        finding_aids=aids,
        explanation=f"{g.say('文据号', 'Deed no.')} {deed.said('deed')}" if deed.said("deed") else "",
        signatures=(
            Signature(role="giving_head"),
            Signature(role="giving_clerk", name=_actor(g, deed, "transfer_to_archives")),
            Signature(role="receiving_head"),
            Signature(role="receiving_clerk", name=received_by),
        ),
    )


def _catalogue(g: Gathering, of: Voucher, **more: Any) -> ArchiveTransfer:
    lines = of.by_carrier()
    years = sorted({str(issued.year) for held in of.helds if (issued := g.records.document(held.document).issued)})
    kinds = {str(held.kind) for held in of.helds}
    return ArchiveTransfer(
        head=g.slip_head(of.slip, of.helds),
        giving_unit=g.records.register().unit,
        receiving_unit=more.pop("receiving"),
        nature=g.say("涉密档案", "classified records"),
        kind=kinds.pop() if len(kinds) == 1 else g.listed(_kind(g, kind) for kind in sorted(kinds)),
        years=f"{years[0]}–{years[-1]}" if len(years) > 1 else "".join(years),
        items=tuple(_filed(g, held, lines[held.id]) for held in of.helds),
        **more,
    )


def _kind(g: Gathering, kind: str) -> str:
    return g.say(VOCABULARY[kind].zh, VOCABULARY[kind].en)


def _filed(g: Gathering, held: Held, line: Mapping[str, Any]) -> ArchiveLine:
    document = g.records.document(held.document)
    earlier = line if line.get("retention") else g.records.filed_as(held.id)
    year = str(document.issued.year) if document.issued else ""
    drafts = line.get("with_drafts", earlier.get("with_drafts"))
    return ArchiveLine(
        archive_number=held.archive_no or str(line.get("archive_no") or ""),
        retention=" / ".join(filter(None, (earlier.get("fonds"), year, _word(g, earlier.get("retention"))))),
        reference="\n".join(filter(None, (document.reference, g.number_and_serial(held)))),
        title=document.title,
        originator=g.originator(document),
        date=day(document.issued),
        pages=held.pages,
        level=g.level(held.regime, held.level),
        period=g.period(held.regime, held.period),
        appraisal=_word(g, line.get("review") or line.get("appraisal")),
        with_drafts=None if drafts is None else bool(drafts),
    )


# --- destruction -------------------------------------------------------------------------------------------------


def destruction_list(g: Gathering, of: Ref) -> Destruction:
    """What is proposed for destruction, to be approved before anything is bagged."""
    return _destruction(g, of, done=False)


def destruction_certificate(g: Gathering, of: Ref) -> Destruction:
    """The same lines as the certificate: how they went, who destroyed them before whom."""
    return _destruction(g, of, done=True)


def _destruction(g: Gathering, of: Ref, *, done: bool) -> Destruction:
    listed = voucher(g.records, of.id)
    slip, lines = listed.slip, listed.by_carrier()
    # What was struck or is missing was not destroyed: the certificate holds what went through the witnesses' hands.
    kept = [held for held in listed.helds if not done or lines[held.id].get("status") not in ("struck", "missing")]
    bags = [bag for bag in g.records.envelopes_of(of.id) if bag.kind == "bag" and bag.state != "opened"]
    proposer = g.records.person(slip.opened_by)
    regime = g.records.regime(slip.regime) if slip.regime else None
    witnesses = sorted(role for role in slip.signed if role.startswith("witness"))
    wanted = regime.witnesses(slip.level).value if regime and slip.level else 1
    boxes = [g.signs(slip, "destroyer", listed.said("destroyer", default=None))]
    boxes += [g.signs(slip, role) for role in witnesses]
    boxes += [Signature(role="witness")] * max(0, wanted - len(witnesses))
    escorts = g.records.names(listed.said("escorts", default=()))
    taken = [
        *(Signature(role="escort", name=name) for name in escorts),
        *([Signature(role="centre")] if escorts else []),
    ]
    destroyed = listed.said("destroyed")
    recall = bool(kept) and all(lines[held.id].get("no_recall") for held in kept)
    record = bool(kept) and all(lines[held.id].get("record_kept") for held in kept)
    return Destruction(
        head=g.slip_head(slip, kept),
        department=proposer.department if proposer else "",
        lines=tuple(g.row(held, keeper=_keeper(g, held), remark=_remark(g, lines[held.id], bags)) for held in kept),
        reason=listed.text("reason"),
        period_over=g.say("正本已归档", "record copy kept") if record else "",
        recall_checked=g.say("已核对，无清退要求", "checked: not subject to recall") if recall else "",
        method=_word(g, listed.said("method")),
        place=str(listed.said("where")),
        permit=str(listed.said("permit")),
        bags=f"{g.listed([bag.number for bag in bags])} ({len(bags)})" if bags else "",
        weight=str(listed.said("weight")),
        seals=g.listed([bag.seal for bag in bags]),
        escorts=escorts,
        vehicle=str(listed.said("vehicle")),
        handed_over=" · ".join(filter(None, (moment(listed.said("handed_over")), str(listed.said("receipt"))))),
        destroyed=moment(destroyed),
        pictures=str(listed.said("pictures")),
        residue=str(listed.said("residue")),
        outside_certificate=str(listed.said("certificate")),
        approvals=(
            Signature(
                role="applicant",
                name=g.records.name(slip.opened_by),
                signed=_proposed(slip),
            ),
            *g.steps(slip),
        ),
        signatures=(*taken, *boxes),
        done=done,
    )


def _keeper(g: Gathering, held: Held) -> str:
    return held.custodian or g.records.former_custodian(held.id)


def _proposed(slip: Slip) -> str:
    return moment(slip.opened_at.isoformat()) if slip.opened_at and slip.state is not SlipState.DRAFT else ""


def _remark(g: Gathering, line: Mapping[str, Any], bags: list[Any]) -> str:
    if line.get("status") == "struck":
        return g.say("划去", "struck")
    if line.get("status") == "missing":
        return g.say("查找中", "missing")
    number = {bag.id: bag.number for bag in bags}.get(line.get("bag"), "")
    return f"{g.say('袋', 'bag')} {number}" if number else ""


def _actor(g: Gathering, of: Voucher, action: str) -> str:
    acts = g.records.acts_on(of.slip.id, action)
    return g.records.name(acts[-1].p if acts else of.slip.opened_by)
