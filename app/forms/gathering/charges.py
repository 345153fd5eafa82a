"""Whole charges: a handover counted by both sides, the list an imported book begins with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from app.domain.action import Ref, Subject
from app.domain.carrier import OUT, State
from app.forms.gathering.particulars import Gathering, Voucher, carriers_of, day, levels_of, moment, voucher
from app.forms.lines import CarrierLine, Difference, Signature
from app.forms.lists import HandoverList, OpeningMuster
from app.forms.vocabulary import VOCABULARY
from app.store.reads.carrier_lines import CarrierLine as Held

_REASONS = {
    "leaving": ("离岗", "leaving the post"),
    "transfer": ("调动", "transfer to another post"),
    "rotation": ("轮换", "rotation"),
    "abolished": ("机构撤并", "office abolished or merged"),
    "count": ("盘点", "count"),
    "temporary": ("临时离岗", "temporary absence"),
}


def handover_list(g: Gathering, of: Ref) -> HandoverList:
    """Everything on a custodian's charge: what both sides counted, what is out by which slip, what is explained."""
    charge = voucher(g.records, of.id)
    slip, lines = charge.slip, charge.by_carrier()
    g.records.book.load_carriers([held.id for held in charge.helds])
    then = {} if slip.is_open else _as_taken_over(g, slip.id)
    absent = bool(charge.said("absent", default=False))
    place = g.records.place(charge.said("place", default=None))
    givers = charge.said("commission", default=()) if absent else (charge.said("giver", default=None),)
    watching = charge.said("supervisor", default=None)
    signatures = (
        *(
            replace(g.signs(slip, "giver", giver, place=place), role="commissioner" if absent else "giver")
            for giver in givers
        ),
        g.signs(slip, "receiver", charge.said("receiver", default=None), place=place),
        *((g.signs(slip, "supervisor", watching, place=place),) if watching else ()),
        *((Signature(role="unit_seal"),) if g.seals(_regime(g, charge)) else ()),
    )
    reason = str(charge.said("reason"))
    return HandoverList(
        head=g.slip_head(slip, charge.helds),
        reason=g.say(*_REASONS[reason]) if reason in _REASONS else reason,
        giver=g.person(charge.said("giver", default=None)),
        receiver=g.person(charge.said("receiver", default=None)),
        supervisor=g.person(watching),
        place=place,
        begun=moment(charge.said("began")),
        ended=moment(charge.said("ended")),
        lines=tuple(_counted(g, held, lines[held.id], then.get(held.id)) for held in charge.helds),
        differences=_differences(g, charge, lines),
        also=tuple(filter(None, (_keys(g, of),))),
        named_by=_named_by(g, charge),
        unopened=_still_open(charge, "unopened", g.records.book.unopened_of),
        open_slips=_still_open(charge, "open_slips", partial(g.records.book.open_slips_of, but=slip.id)),
        signatures=signatures,
        commission=absent,
    )


def _regime(g: Gathering, charge: Voucher) -> str | None:
    top = g.highest(levels_of(charge.helds))
    return top[0] if top else None


def _still_open(charge: Voucher, fact: str, read: Callable[[int], Sequence[str]]) -> tuple[str, ...]:
    """What stood open in the giver's name when the list closed; what stands open now while it runs."""
    if charge.slip.is_open:
        return tuple(read(charge.said("giver", default=0)))
    return tuple(charge.slip.facts.get(fact) or ())


def _named_by(g: Gathering, charge: Voucher) -> str:
    """Who named the supervisor, and by which order where it was done on paper."""
    named = charge.said("named_by", default=None)
    return g.listed((g.records.name(named), charge.text("order"))) if named else ""


def _keys(g: Gathering, of: Ref) -> str:
    """Keys, seals and books handed over, as the opening of the handover named them."""
    opened = g.records.entries(of, "open_handover")
    return g.records.text(opened[0].q.get("keys")) if opened else ""


def _as_taken_over(g: Gathering, slip: int) -> Mapping[int, Mapping[str, Any]]:
    """Where each carrier stood when it was taken over: what became of it later is on no list that was signed before."""
    taken = {entry.subject for entry in g.records.acts_on(slip, "take_over")}
    offered = [entry for entry in g.records.acts_on(slip, "offer_handover") if entry.subject in taken]
    return {entry.subject.id: back for entry in offered if (back := entry.c.get("back"))}


def _counted(g: Gathering, held: Held, line: Mapping[str, Any], then: Mapping[str, Any] | None = None) -> CarrierLine:
    """A line as it stands: ticked when both sides counted it, with its slip when it is out, its seal in the remarks."""
    status = line.get("status")
    back = then or g.records.book.carrier(held.id).back or {}
    in_charge = then is not None or held.state is State.HANDOVER
    state = back.get("state", held.state) if in_charge else held.state
    out = held.state in OUT and then is None
    place = held.place or held.container or ""
    if back.get("place") and (then is not None or (not place and in_charge)):
        place = g.records.place(back["place"])
    seal = line.get("seal")
    return g.row(
        held,
        state=str(state),
        slip=(held.slip or held.way or "") if out else "",
        place=place or (held.holder or "" if out else ""),
        counted=True if status == "scanned" else False if status == "explained" else None,
        remark=f"{g.say('封条', 'seal')} {seal}" if seal else "",
    )


def _differences(g: Gathering, charge: Voucher, lines: Mapping[int, Mapping[str, Any]]) -> tuple[Difference, ...]:
    """What was not there and why, and what was scanned though it is not on the charge."""
    explained = tuple(
        Difference(
            kind=str(lines[held.id].get("difference") or "short"),
            number=held.number,
            found=_instead(g, held, lines[held.id]),
            explanation=g.records.text(lines[held.id].get("note")),
        )
        for held in charge.helds
        if lines[held.id].get("note")
    )
    surplus = tuple(
        Difference(kind="surplus", number=number, found=_found(g, state))
        for number, state in g.records.scanned_off_the_list(charge.slip.id)
    )
    return explained + surplus


def _instead(g: Gathering, held: Held, line: Mapping[str, Any]) -> str:
    """What was found in place of what the register says."""
    if line.get("difference") == "page_mismatch" and held.pages is not None:
        return g.say(f"登记簿载{held.pages}页", f"register: {held.pages} pages")
    if line.get("status") == "scanned":
        return g.say("在场清点", "counted")
    return f"{g.say('未见，登记簿载', 'not seen; register:')} {_found(g, str(held.state))}"


def _found(g: Gathering, state: str) -> str:
    """Where the register has it, in words."""
    return g.say(VOCABULARY[state].zh, VOCABULARY[state].en) if state in VOCABULARY else state


def opening_muster(g: Gathering, of: Ref) -> OpeningMuster:
    """Every carrier an import registered, where it is said to be, and a box to tick; to be counted and signed."""
    helds = carriers_of(g.records, of, g.more)
    book = g.records.import_of(of.id) if of.kind is Subject.IMPORT else {}
    return OpeningMuster(
        head=g.head(f"I-{of.id}", "", levels_of(helds)),
        source=str(book.get("file") or ""),
        reference_day=day(book.get("at")) or str(g.today),
        taken_over=moment(book.get("at")),
        lines=tuple(g.row(held) for held in helds),
        last_numbers=tuple(
            f"{_series(g, code)}: {last}" for code, last in g.records.last_numbers() if code.startswith("number.")
        ),
        receipts_out=tuple(f"{number} ({due})" if due else number for number, due in g.records.parcels_out()),
    )


def _series(g: Gathering, code: str) -> str:
    """A number series in words: number.cn-state.level=秘.year=2026 is 国家秘密 秘 2026."""
    _number, regime, *parts = code.split(".")
    known = g.records.regime(regime)
    return " ".join((g.named(known.name, known), *(part.partition("=")[2] for part in parts)))
