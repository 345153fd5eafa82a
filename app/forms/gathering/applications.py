"""Slips that ask for one thing: classification, copies, a loan; and the reminder of what is overdue."""

from __future__ import annotations

from datetime import date

from app.domain.action import Ref, Subject
from app.domain.numbering import Letter
from app.domain.slip import RENEWAL, Slip
from app.domain.words import N_, says
from app.forms.gathering.carriers import MEDIA
from app.forms.gathering.particulars import (
    Gathering,
    Refusing,
    Voucher,
    address_of,
    answered,
    consent_of,
    copy_of,
    day,
    moment,
    short,
    span,
    voucher,
)
from app.forms.lines import Signature
from app.forms.notices import Tracer, TracerItem
from app.forms.page import Head
from app.forms.slips import ClassificationSlip, CopyApproval, LoanItem, LoanSlip
from app.store.reads.carrier_lines import CarrierLine as Held
from app.store.reads.forms import DocumentFacts


def document_head(g: Gathering, slip: Slip, document: DocumentFacts) -> Head:
    """The head of a form about one document: it bears the document's own mark."""
    return Head(
        number=slip.number,
        code=g.code(Letter.SLIP, slip.id),
        mark=g.mark(document),
        colour=g.colour(document.regime, document.level),
    )


def classification_slip(g: Gathering, of: Ref) -> ClassificationSlip:
    """The proposal of level, period and scope, and what the authority decided; of the slip or of its document."""
    number = of.id if of.kind is Subject.SLIP else g.records.document(of.id).slip
    if number is None:
        raise Refusing(says(N_("This document was classified on no slip of this register.")))
    asked = voucher(g.records, number)
    document = g.records.document(asked.said("document", default=of.id))
    drafter = asked.said("drafter", default=None) or document.drafter
    is_cleared = g.records.viewer.is_cleared(document.regime, document.level)
    units = tuple(g.say("本单位", "the whole unit") if unit == "*" else unit for unit in document.scope_units)
    proposal = g.say("拟定", "Proposed:")
    return ClassificationSlip(
        head=document_head(g, asked.slip, document),
        department=g.department(drafter),
        drafter=g.records.name(drafter),
        title=document.title,
        reference=document.reference,
        form_of_carrier=asked.said("carried_on"),
        level=g.level(document.regime, document.level),
        period=g.period(document.regime, document.period),
        scope=g.listed((*units, *g.records.names(document.scope_people))),
        basis=g.listed(part for part in (_made_from(g, document), document.basis) if part),
        secret_points=asked.text("points") if is_cleared else "",
        copies=asked.said("copies", default=None),
        signatures=(
            Signature(
                role="drafter",
                name=g.records.name(drafter),
                opinion=f"{proposal} {g.mark(document)}",
                signed=_opened(asked.slip) if drafter == asked.slip.opened_by else "",
            ),
            *_reviewed(g, asked.slip),
        ),
        remark=g.listed(part for part in (document.remarks, asked.text("departure") if is_cleared else "") if part),
        state_secret=_is_a_state_secret(g, document),
    )


def _made_from(g: Gathering, document: DocumentFacts) -> str:
    """The documents it is derived from, by number, else by short title, each with its mark."""
    sources = [g.records.document(number) for number in document.sources]
    if not sources:
        return ""
    named = g.listed(f"{source.reference or short(source)} ({g.mark(source)})" for source in sources)
    return f"{g.say('派生自', 'Derived from')} {named}"


def _is_a_state_secret(g: Gathering, document: DocumentFacts) -> bool:
    """Whether the regime marks with the sign that only state secrets bear."""
    regime = g.records.regime(document.regime)
    return any(one.sign in regime.level(document.level).value.mark for one in regime.rules.marks.written_as)


def _reviewed(g: Gathering, slip: Slip) -> tuple[Signature, ...]:
    """The reviewer's box, signed by hand, before the decision; only where the regime's own slip has one."""
    regime = g.records.regime(slip.regime) if slip.regime else None
    chinese = regime is not None and regime.rules.language == "zh"
    return (*((Signature(role="reviewer"),) if chinese else ()), *g.steps(slip))


def copy_approval(g: Gathering, of: Ref) -> CopyApproval:
    """Who wants copies of what for whom, who allowed it, and what was made."""
    asked = voucher(g.records, of.id)
    original = g.records.carrier(asked.said("original")) if asked.said("original") else None
    document = g.records.document(original.document if original else asked.said("document"))
    applicant = asked.slip.opened_by
    made = [held for held in asked.helds if original is None or held.id != original.id]
    consents = [consent_of(step) for step in asked.slip.steps if step.consent]
    counted_out = g.records.acts_on(asked.slip.id, "finish_making")
    closed = asked.slip.facts.get("finished")
    return CopyApproval(
        head=document_head(g, asked.slip, document),
        applicant=g.records.name(applicant),
        department=g.department(applicant),
        title=document.title,
        copies=asked.said("copies", default=None),
        pages=asked.said("pages", default=None) or (original.pages if original else None),
        level=g.mark(document),
        permit=asked.slip.number if asked.slip.steps else "",
        made_by_unit=g.say("本单位内部", "within the unit"),
        original=original.number if original else "",
        original_copy=copy_of(original) if original else "",
        originator=g.originator(document),
        originator_permits=g.say("是", "yes") if g.may_copy(document) else g.say("否", "no"),
        extent=asked.text("extent") or g.say("全文", "whole document"),
        purpose=asked.text("reason"),
        recipients=g.listed(g.records.names(asked.said("recipients", default=()))),
        numbers=span([held.number for held in made]),
        consent=g.listed(consents),
        signatures=(
            Signature(role="applicant", name=g.records.name(applicant), signed=_opened(asked.slip)),
            *g.steps(asked.slip),
        ),
        place_and_machine=" ".join(
            filter(None, (g.records.place(asked.said("place", default=None)), asked.text("machine")))
        ),
        operator=g.records.name(asked.said("maker", default=None)),
        made=sum(line.get("status") == "made" for line in asked.lines) if closed else None,
        waste=asked.said("spoiled", default=0) if closed else None,
        waste_destroyed_by=g.records.name(asked.said("waste_by", default=None)),
        stamped=asked.slip.facts.get("stamped"),
        registered_by=g.records.name(counted_out[-1].p) if counted_out else "",
        registered_at=moment(counted_out[-1].t) if counted_out else "",
        taken_over_by=g.listed(sorted({held.custodian or "" for held in made})) if closed else "",
    )


def _opened(slip: Slip) -> str:
    return moment(slip.opened_at.isoformat()) if slip.opened_at else ""


def loan_slip(g: Gathering, of: Ref) -> LoanSlip:
    """Who borrows what until when, who allowed it, and how it came back."""
    loan = voucher(g.records, of.id)
    slip = loan.slip
    borrower = g.records.person(slip.party or loan.said("borrower", default=None))
    lent = _lent_on(g, loan) if slip.action == RENEWAL else loan
    lends = g.records.acts_on(lent.slip.id, "lend")
    acts = g.records.acts_on(slip.id, RENEWAL) if lent is not loan else lends
    back = {entry.subject.id: entry for entry in g.records.acts_on(slip.id, "return_loan")}
    lines = loan.by_carrier()
    clearance = borrower.clearances.get(slip.regime or "") if borrower else None
    how = str(lent.said("how", default="out"))
    clerk = acts[-1].p if acts else None
    returned = sorted(entry.h or entry.t for entry in back.values())
    taken_back = {entry.p for entry in back.values()}
    due = {held.id: day(held.due) for held in loan.helds if lines[held.id].get("status") == "out"}
    several = len(set(due.values())) > 1  # some of it was renewed, the rest was not
    return LoanSlip(
        head=g.slip_head(slip, loan.helds),
        borrower=borrower.name if borrower else "",
        department=borrower.department if borrower else "",
        clearance=g.level(slip.regime or "", clearance),
        items=tuple(
            LoanItem(
                number=g.number_and_serial(held),
                title=held.title,
                reference=held.reference or "",
                copy=copy_of(held),
                level=g.level(held.regime, held.level),
                pages=held.pages,
                due=due.get(held.id, "") if several else "",
                returned=moment(back[held.id].h or back[held.id].t)[:10] if held.id in back else "",
                intact=True if lines[held.id].get("status") == "returned" else None,
            )
            for held in loan.helds
        ),
        purpose=lent.text("purpose") or answered(g.records, lent.slip.id, "lend", "purpose"),
        manner="in_room" if how == "room" else "taken_out",
        reading_place=g.records.place(lent.said("room", default=None)),
        lent=moment(lends[-1].h or lends[-1].t)[:10] if lends else "",
        due=g.say("见各件", "see each line") if several else day(g.records.slip_due(slip.id) or loan.said("due")),
        media=any(held.kind in MEDIA for held in loan.helds),
        signatures=(
            *((g.signs(slip, "borrower", borrower.id if borrower else None),) if lent is loan else ()),
            *g.steps(slip),
            Signature(role="clerk", name=g.records.name(clerk), signed=moment(acts[-1].t) if acts else ""),
        ),
        returns=(
            Signature(role="returned_by"),
            Signature(
                role="taken_back_by",
                name=g.listed(sorted(g.records.name(person) for person in taken_back)),
                signed=moment(returned[-1]) if returned else "",
            ),
        ),
        remark=""
        if lent is loan
        else g.say(f"续借，原借阅单{lent.slip.number}", f"renewal of loan {lent.slip.number}"),
        renewal=slip.action == RENEWAL,
    )


def _lent_on(g: Gathering, renewal: Voucher) -> Voucher:
    """The loan that is renewed; the renewal itself where the book knows of none."""
    held = [Ref(Subject.CARRIER, each.id) for each in renewal.helds]
    slips = [entry.s for each in held for entry in g.records.entries(each, "lend") if entry.s]
    return voucher(g.records, slips[-1]) if slips else renewal


def tracer(g: Gathering, of: Ref) -> Tracer:
    """The reminder of a receipt or a loan that is overdue: what is still out on the slip."""
    slip = voucher(g.records, of.id)
    lines = slip.by_carrier()
    out = [held for held in slip.helds if lines[held.id].get("status") in ("sent", "out")]
    parcel = slip.slip.kind == "parcel"
    sent = slip.said("sent") or _opened(slip.slip)[:10]
    lent = {entry.subject.id: entry.h or entry.t for entry in g.records.acts_on(slip.slip.id, "lend")}
    if not parcel:  # what was renewed on the same slip is not asked back
        out = [held for held in out if held.due is not None and held.due < g.today] or out
    to = [slip.text("addressee"), address_of(slip)] if parcel else [g.person(slip.slip.party)]
    acts = g.records.entries(of, "send_tracer")
    clerk = Signature(
        role="clerk", name=g.records.name(acts[-1].p) if acts else "", signed=moment(acts[-1].t) if acts else ""
    )
    sealed = g.seals(slip.slip.regime)
    return Tracer(
        head=g.slip_head(slip.slip, out),
        to="\n".join(filter(None, to)),
        about="receipt" if parcel else "return",
        items=tuple(_traced(g, held, day(lent.get(held.id, sent)), g.records.slip_due(of.id)) for held in out),
        reminder=max(1, len(slip.said("reminders", default=()))),
        answer_by=day(slip.said("answer_by")),
        signatures=(clerk, *((Signature(role="unit_seal"),) if sealed else ())),
        sealed=sealed,
        answering="receiver" if parcel else "borrower",
    )


def _traced(g: Gathering, held: Held, sent: str, due: str) -> TracerItem:
    wanted = day(held.due) or due
    over = (g.today - date.fromisoformat(wanted)).days if wanted else 0
    shown = " · ".join(filter(None, (held.number, held.reference)))
    return TracerItem(number=shown, copy=copy_of(held), sent=sent, due=wanted, days_over=max(0, over))
