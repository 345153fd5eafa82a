"""What goes out and what comes in: delivery list, receipt, envelope labels, the incoming register, discrepancies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.domain.action import Ref, Subject
from app.domain.numbering import Letter
from app.domain.regime import Channel, Regime, UnknownCodeError
from app.domain.words import N_, says
from app.forms.envelopes import EnvelopeLabels
from app.forms.gathering.particulars import (
    Gathering,
    Refusing,
    Voucher,
    address_of,
    answered,
    copy_of,
    day,
    levels_of,
    moment,
    short,
    span,
    voucher,
)
from app.forms.lines import Signature
from app.forms.lists import DeliveryItem, DeliveryList
from app.forms.notices import DiscrepancyNotice
from app.forms.registers import IncomingLine, IncomingRegister
from app.store.reads.carrier_lines import CarrierLine as Held
from app.store.reads.forms import DocumentFacts, EnvelopeFacts


def delivery_list(g: Gathering, of: Ref) -> DeliveryList:
    """What a parcel holds: numbers and short titles, never a title."""
    return _delivery(g, of, receipt=False)


def delivery_receipt(g: Gathering, of: Ref) -> DeliveryList:
    """The same lines as the copy that comes back signed."""
    return _delivery(g, of, receipt=True)


def _delivery(g: Gathering, of: Ref, *, receipt: bool) -> DeliveryList:
    parcel = voucher(g.records, of.id)
    lines = parcel.by_carrier()
    couriers = g.records.names(parcel.said("couriers", default=()))
    register = g.records.register()
    clerk = g.records.acts_on(of.id, "dispatch")
    received = g.records.acts_on(of.id, "acknowledge_receipt")
    receiver = answered(g.records, of.id, "acknowledge_receipt", "receiver") if received else ""
    sender = Signature(
        role="sender",
        name=g.records.name(clerk[-1].p if clerk else parcel.slip.opened_by),
        signed=moment(clerk[-1].t) if clerk else "",
    )
    carried = tuple(Signature(role="courier", name=name) for name in couriers)
    return DeliveryList(
        head=g.slip_head(parcel.slip, parcel.helds),
        sender=register.unit,
        sender_address=str(register.facts.get("address", "")),
        addressee=parcel.text("addressee"),
        addressee_address=address_of(parcel),
        items=tuple(_item(g, held, lines[held.id]) for held in parcel.helds),
        seal_number=_cover_and_seal(parcel),
        channel=_channel(g, parcel),
        couriers=couriers,
        sent=day(parcel.said("sent")),
        receipt_due=day(parcel.said("receipt_due")),
        signatures=(
            Signature(role="addressee", name=receiver),
            *((Signature(role="unit_seal"),) if g.seals(parcel.slip.regime) else ()),
            Signature(role="receipt_back"),
        )
        if receipt
        else (sender, *carried),
        receipt=receipt,
    )


def _cover_and_seal(parcel: Voucher) -> str:
    """The number of the envelope and that of its seal, as both stand on the parcel."""
    return " / ".join(filter(None, (str(parcel.said("envelope_number")), str(parcel.said("seal")))))


def _item(g: Gathering, held: Held, line: Mapping[str, Any]) -> DeliveryItem:
    agrees = {"acknowledged": True, "returned": False}.get(str(line.get("status")))
    returned = g.say("退回", "returned") if line.get("status") == "returned" else ""
    return DeliveryItem(
        reference="\n".join(filter(None, (held.reference, g.number_and_serial(held)))),
        copy=copy_of(held),
        kind=str(held.kind),
        pages=held.pages,
        short_title=short(held),
        date=day(g.records.document(held.document).issued),
        level=g.level(held.regime, held.level),
        agrees=agrees,
        remark=returned or day(line.get("received")),
    )


def _channel(g: Gathering, parcel: Voucher) -> str:
    code = str(parcel.said("channel"))
    regime = g.records.regime(parcel.slip.regime) if parcel.slip.regime else None
    channel = _known_channel(regime, code)
    return g.named(channel.name, regime) if channel and regime else code


def _known_channel(regime: Regime | None, code: str) -> Channel | None:
    if regime is None or not code:
        return None
    try:
        return regime.channel(code).value
    except UnknownCodeError:
        return None


def envelope_labels(g: Gathering, of: Ref) -> EnvelopeLabels:
    """The inner and the outer label of one parcel, or the one where a single cover is enough: the regime decides."""
    parcel = _parcel(g, of)
    top = g.highest(levels_of(parcel.helds))
    if top is None:
        raise Refusing(says(N_("The parcel is empty; scan what goes into it first.")))
    regime = g.records.regime(top[0])
    wrapping = regime.wrapping(top[1]).value
    covers = g.records.envelopes_of(parcel.slip.id)
    register = g.records.register()
    caveats = g.caveats(top[0], (caveat for held in parcel.helds for caveat in held.caveats))
    channel = _known_channel(regime, str(parcel.said("channel")))
    head = g.slip_head(parcel.slip, parcel.helds)
    return EnvelopeLabels(
        addressee=parcel.text("addressee"),
        addressee_address=address_of(parcel),
        attention=parcel.text("attention"),
        sender=register.unit,
        sender_address=str(register.facts.get("address", "")),
        mark=head.mark,
        colour=head.colour,
        seal_number=_cover_and_seal(parcel),
        code=g.code(Letter.ENVELOPE, covers[-1].id) if covers else head.code,
        urgency=str(parcel.said("urgency")),
        seal_places=g.say("封口及接缝处", "flap and seams") if wrapping.opaque else "",
        handling=(
            *(g.named(caveat.name, regime) for caveat in caveats),
            g.say("由收件单位保密（机要）部门拆封", "To be opened by the addressee's registry only"),
        ),
        on_the_way=(g.named(channel.marked, regime),) if channel is not None and channel.marked is not None else (),
        layers=wrapping.layers,
        inner_marked=wrapping.inner_mark,
        outer_marked=wrapping.outer_mark,
    )


def _parcel(g: Gathering, of: Ref) -> Voucher:
    if of.kind is Subject.ENVELOPE:
        slip = g.records.envelope(of.id).slip
        if slip is None:
            raise Refusing(says(N_("This envelope is no parcel of ours.")))
        return voucher(g.records, slip)
    return voucher(g.records, of.id)


# --- what came in ------------------------------------------------------------------------------------------------


def incoming_register(g: Gathering, of: Ref) -> IncomingRegister:
    """A page of the incoming book: what came in an envelope, one document, or everything of a year."""
    register, year, title = g.records.register(), int(g.more.get("year", g.today.year)), ""
    if of.kind is Subject.DOCUMENT:
        documents: tuple[DocumentFacts, ...] = (g.records.document(of.id),)
    elif of.kind is Subject.CARRIER:
        documents = (g.records.document(g.records.carrier(of.id).document),)
    elif of.kind is Subject.REGISTER:
        documents = g.records.received_in(year)
    else:
        title = g.records.envelope(_envelope(g, of)).number
        documents = g.records.documents_of(_envelope(g, of))
    lines = [_incoming(g, document) for document in documents]
    helds = [held for document in documents for held in g.records.carriers(g.records.copies_of(document.id))]
    return IncomingRegister(
        head=g.head(title, "", levels_of(helds)),
        year=str(year),
        book=f"{register.number:03d}",
        span=span([held.number for held in helds]),
        lines=tuple(lines),
        signatures=_signers(g, documents if title else ()),
    )


def _signers(g: Gathering, documents: Sequence[DocumentFacts]) -> tuple[Signature, ...]:
    """Who received an envelope and who opened it with them; the page of a year is signed by whoever checks it."""
    cover = next((g.records.envelope(each.envelope) for each in documents if each.envelope), None)
    if cover is None or cover.signed_by is None:
        return (Signature(role="clerk"), Signature(role="checked_by"))
    received = g.records.entries(Ref(Subject.ENVELOPE, cover.id), "sign_for_envelope")
    at_desk = moment(received[-1].t) if received else ""
    receiver = Signature(role="clerk", name=g.records.name(cover.signed_by), signed=at_desk)
    opened = g.records.entries(Ref(Subject.ENVELOPE, cover.id), "open_envelope")
    second = next((sign for entry in opened for sign in entry.w if sign[0] != cover.opened_by), None)
    if second is None:
        return (receiver, Signature(role="checked_by"))
    at = moment(opened[-1].t) if second[2] == "seat" else ""
    return (receiver, Signature(role="second_opener", name=g.records.name(second[0]), signed=at))


def _envelope(g: Gathering, of: Ref) -> int:
    if of.kind is Subject.ENVELOPE:
        return of.id
    covers = g.records.envelopes_of(of.id)
    known = covers[-1].id if covers else g.records.slip(of.id).facts.get("envelope")
    if known is None:
        raise Refusing(says(N_("No envelope belongs to this slip.")))
    return int(known)


def _incoming(g: Gathering, document: DocumentFacts) -> IncomingLine:
    helds = g.records.carriers(g.records.copies_of(document.id))
    cover = g.records.envelope(document.envelope) if document.envelope else None
    first = helds[0] if helds else None
    serials = [serial if (serial := g.serial(held)).isdigit() else copy_of(held) for held in helds]
    same = len({held.pages for held in helds}) == 1
    return IncomingLine(
        number=span([held.number for held in helds]),
        received=day(cover.signed_at) if cover else "",
        sender=(cover.sender if cover else "") or document.originator,
        reference=document.reference,
        title=document.title,
        copies=len(helds),
        level=g.level(document.regime, document.level),
        office=first.department or "" if first else "",
        signed_by=g.records.name(cover.signed_by) if cover else "",
        filed=_filed_on(g, first),
        volume=g.listed(sorted({held.archive_no or "" for held in helds})),
        period=g.period(document.regime, document.period),
        copy_numbers=span(serials),
        pages=first.pages if first and same else None,
        envelope=_cover(g, document.regime, cover),
        intact=cover.intact if cover else None,
        opened_by=_opened_by(g, cover),
        opened_at=moment(cover.opened_at) if cover else "",
        stamped=None,
        return_by=day(first.due) if first else "",
        remark=document.remarks or ("" if not document.as_written else document.as_written),
    )


def _filed_on(g: Gathering, held: Held | None) -> str:
    """The day the first copy went into its volume."""
    filed = g.records.entries(Ref(Subject.CARRIER, held.id), "file_to_archive") if held else []
    return day(filed[-1].h or filed[-1].t) if filed else ""


def _opened_by(g: Gathering, cover: EnvelopeFacts | None) -> str:
    """Who opened it: the clerk, and the second person where there was one."""
    if cover is None or not cover.opened_by:
        return ""
    entries = g.records.entries(Ref(Subject.ENVELOPE, cover.id), "open_envelope")
    others = [signer[0] for entry in entries for signer in entry.w if signer[0] != cover.opened_by]
    return g.listed(g.records.names([cover.opened_by, *others]))


def _cover(g: Gathering, regime: str, cover: EnvelopeFacts | None) -> str:
    if cover is None:
        return ""
    known = g.records.regime(regime)
    channel = _known_channel(known, cover.channel)
    return " ".join(filter(None, (cover.number, g.named(channel.name, known) if channel else cover.channel)))


def discrepancy_notice(g: Gathering, of: Ref) -> DiscrepancyNotice:
    """What a sender's parcel should have held and did, or why it goes back unopened; no title stands on it."""
    cover = g.records.envelope(_envelope(g, of))
    if cover.slip is None:
        raise Refusing(says(N_("No discrepancy was reported for this envelope.")))
    report = voucher(g.records, cover.slip)
    reported, back = report.said("found_at") != "", report.said("given_back") != ""
    if not reported and not back:
        raise Refusing(says(N_("No discrepancy was reported for this envelope.")))
    slip = report.slip
    finder, second = report.said("finder", default=None), report.said("second", default=None)
    sealed = g.seals(slip.regime)
    return DiscrepancyNotice(
        head=g.head(slip.number, g.code(Letter.SLIP, slip.id), []),
        sender=cover.sender,
        address=report.text("sender_address"),
        seal_number=" / ".join(filter(None, (cover.number, cover.seal))),
        expected=_items(g, report.said("expected", default=None)),
        found=_items(g, report.said("found", default=None)),
        missing_copies=report.text("missing"),
        surplus_copies=report.text("extra"),
        wrapping=report.text("condition") or _wrapping(g, cover),
        found_at=moment(report.said("found_at")),
        found_by=g.records.names([number for number in (finder, second) if number]),
        photographs=report.text("photo"),
        request=report.text("request"),
        answer=" ".join(filter(None, (report.text("answer_no"), report.text("answer")))),
        answered=day(report.said("answered")),
        given_back=_given_back(g, report) if back else "",
        signatures=(
            *((_found_by(g, report, finder, "clerk"), _found_by(g, report, second, "second")) if reported else ()),
            *(_parted(g, report) if back else ()),
            *((Signature(role="unit_seal"),) if sealed else ()),
        ),
        sealed=sealed,
    )


def _given_back(g: Gathering, report: Voucher) -> str:
    """Why, to whom, when and against which receipt an envelope went back as it came."""
    why = g.say(*_WHY_BACK[str(report.said("why_back"))])
    receipt = f"{g.say('收据', 'receipt')} {report.said('back_receipt')}"
    return " · ".join((why, report.text("given_to"), moment(report.said("given_back")), receipt))


_WHY_BACK = {
    "addressee": ("误投，收件单位不是本单位", "addressed to somebody else"),
    "damaged": ("到件破损", "it came damaged"),
    "recalled": ("发件单位要求退回", "the sender asks for it"),
}


def _parted(g: Gathering, report: Voucher) -> tuple[Signature, ...]:
    """Who gave it and, signing this paper, who took it."""
    acts = g.records.acts_on(report.slip.id, "give_back_unopened")
    giver = Signature(role="giver", name=g.records.name(report.said("given_by")), signed=moment(acts[-1].t))
    return (giver, Signature(role="receiver", name=report.text("given_to")))


def _found_by(g: Gathering, report: Voucher, person: int | None, role: str) -> Signature:
    """A finder's box: the clerk signed by acting, the second with a signature of their own."""
    acts = [entry for entry in g.records.acts_on(report.slip.id, "report_discrepancy") if entry.p == person]
    if role == "clerk" and acts:
        return Signature(role="finder", name=g.records.name(person), signed=moment(acts[-1].t))
    return replace(g.signs(report.slip, role, person), role="finder")


def _items(g: Gathering, count: int | None) -> str:
    return "" if count is None else f"{count} {g.say('件', 'item' if count == 1 else 'items')}"


def _wrapping(g: Gathering, cover: EnvelopeFacts) -> str:
    if cover.intact is None:
        return ""
    return g.say("完好", "intact") if cover.intact else g.say("破损", "damaged")
