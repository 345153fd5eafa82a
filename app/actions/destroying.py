"""The end: to the destruction centre, and destruction before witnesses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from app.actions.destruction import DESTROY, list_is_approved, list_took_the_whole_route, stands_on_the_list
from app.domain.action import Action, Case, Changes, Kind, Move, Ref, Refusal, Subject, ask, refuse
from app.domain.carrier import EnvelopeState, PersonId, State
from app.domain.checks import are_different, is_cleared, is_here, level_name, signature_of
from app.domain.opening import ended, fact, line_done
from app.domain.words import N_, says

METHODS = (
    ("shredding", N_("shredding")),
    ("pulping", N_("pulping")),
    ("burning", N_("burning")),
    ("degaussing", N_("degaussing")),
    ("physical", N_("physical destruction")),
    ("chemical", N_("chemical destruction")),
)


def bags_of(case: Case) -> set[int]:
    """The bags in which the items of this act lie."""
    carriers = (case.book.carrier(ref.id) for ref in case.together)
    return {carrier.container for carrier in carriers if carrier.container is not None}


def bags_go_whole(_: Action, case: Case) -> Refusal | None:
    """A sealed bag goes with everything in it."""
    inside = {carrier.id for bag in bags_of(case) for carrier in case.book.in_container(bag)}
    left = inside - {ref.id for ref in case.together}
    if not left:
        return None
    return refuse(
        N_("{number} lies in one of these bags and is not named."),
        number=case.book.carrier(min(left)).number,
        remedy=says(N_("Name everything in the bag.")),
    )


def escorts_are_enough(action: SendToDestruction, case: Case) -> Refusal | None:
    """As many escorts as the regime asks, all different, here and cleared."""
    slip, regime = case.slip, case.regime
    if slip is None or slip.level is None or regime is None:
        return None
    answer = regime.transport_persons(slip.level)
    if len(set(action.escorts)) < answer.value:
        return refuse(
            N_("Escorts needed: {n}; named: {named}."),
            n=answer.value,
            named=len(set(action.escorts)),
            citation=answer.citation,
            verified=answer.verified,
            remedy=says(N_("Name another escort.")),
            field="escorts",
        )
    return are_different(action.escorts, says(N_("The escorts")), "escorts")


def escorts_are_cleared(action: SendToDestruction, case: Case) -> Refusal | None:
    """Every escort is here and cleared for what they carry."""
    for number in action.escorts:
        person = case.book.person(number)
        if refusal := is_here(person, "escorts") or is_cleared(case, person, "escorts"):
            return refusal
    return None


class SendToDestruction(Action):
    """Hand sealed bags to their escorts, on the way to the destruction centre."""

    code = "send_to_destruction"
    label = N_("Send to destruction…")
    subject = Subject.CARRIER
    told = N_("on the way to destruction")
    move = Move({State.PEND_DEST}, State.TO_DEST)
    whole = (list_is_approved, bags_go_whole, escorts_are_enough)
    checks = (stands_on_the_list, escorts_are_cleared)
    slip_kind = "destruction"
    escorts: tuple[PersonId, ...] = ask(Kind.PEOPLE, N_("Escorts"))
    vehicle: str = ask(Kind.CODE, N_("Vehicle"), default="")
    weight: str = ask(Kind.CODE, N_("Weight"), default="")
    receipt: str = ask(Kind.CODE, N_("Number of the centre's receipt"), default="")

    def changes(self, case: Case) -> Changes:
        return {}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first, slip = cases[0], cases[0].the_slip
        sent = fact({
            "escorts": list(self.escorts), "vehicle": self.vehicle or None, "weight": self.weight or None,
            "receipt": self.receipt or None, "handed_over": first.now.isoformat(timespec="seconds"),
        })  # fmt: skip
        for case in cases:
            sent |= line_done(case, slip.id, case.the_carrier.id, "sent")
        bags = {Ref(Subject.ENVELOPE, bag): {"state": EnvelopeState.HANDED_OVER} for bag in sorted(bags_of(first))}
        return {Ref(Subject.SLIP, slip.id): sent, **bags}


def whole_list_is_destroyed(_: Action, case: Case) -> Refusal | None:
    """What is listed, what is bagged and what is destroyed are the same (domain.md 5.5)."""
    if case.slip is None:
        return None
    lines = case.book.lines_of(case.slip.id).values()
    wanted = {line["carrier"] for line in lines if line["status"] not in ("struck", "missing")}
    bagged = {line["carrier"] for line in lines if line["status"] in ("bagged", "sent")}
    destroyed = {ref.id for ref in case.together}
    if wanted == bagged == destroyed:
        return None
    return refuse(
        N_("{listed} are listed, {bagged} are bagged, {destroyed} are to be destroyed; they differ at {number}."),
        listed=len(wanted),
        bagged=len(bagged),
        destroyed=len(destroyed),
        number=case.book.carrier(min((wanted | bagged | destroyed) - (wanted & bagged & destroyed))).number,
        remedy=says(N_("Bag what is still out, or strike it from the list.")),
    )


def seals_are_as_recorded(action: Destroy, case: Case) -> Refusal | None:
    """The seals read on the bags are the seals they were closed with."""
    recorded = {case.book.envelope(bag).seal or "" for bag in bags_of(case)}
    read = {seal for seal in re.split(r"[\s,;、，；]+", action.seals) if seal}
    if recorded == read:
        return None
    if strange := tuple(sorted(read - recorded)):
        reason, seals = N_("No bag of this list was closed with the seal: {seals}."), strange
    else:
        reason, seals = N_("The seal of a bag was not read: {seals}."), tuple(sorted(recorded - read))
    return refuse(
        reason,
        seals=seals,
        remedy=says(N_("Read them again; if a seal was broken, stop and call the secrecy officer.")),
        field="seals",
    )


def witnesses_are_enough(action: Destroy, case: Case) -> Refusal | None:
    """As many witnesses beside the destroyer as the regime asks for the highest level on the list."""
    level = case.slip.level if case.slip else None
    if level is None or case.regime is None:
        return None
    answer = case.regime.witnesses(level)
    if len(set(action.witnesses)) >= answer.value:
        return None
    return refuse(
        N_("Witnesses needed where {level} is destroyed: {n}; named: {named}."),
        level=level_name(case.regime, level),
        n=answer.value,
        named=len(set(action.witnesses)),
        citation=answer.citation,
        verified=answer.verified,
        remedy=says(N_("Name another witness.")),
        field="witnesses",
    )


def destroyer_is_no_witness(action: Destroy, case: Case) -> Refusal | None:
    """Who destroys and who watches are different people, all of them."""
    refusal = are_different(
        [action.destroyer, *action.witnesses], says(N_("The destroyer and the witnesses")), "witnesses"
    )
    if refusal is None or case.regime is None:
        return refusal
    answer = case.regime.destruction_roles_distinct()
    return refuse(
        refusal.reason.msgid,
        what=refusal.reason.values["what"],
        citation=answer.citation,
        verified=answer.verified,
        remedy=refusal.remedy,
        field="witnesses",
    )


def destroyer_and_witnesses_signed(action: Destroy, case: Case) -> Refusal | None:
    """Everybody who stood by signed, at the seat or on paper."""
    if refusal := signature_of(case, action.destroyer, "destroyer", says(N_("destroyer"))):
        return refusal
    unsigned = (signature_of(case, person, "witness", says(N_("witness"))) for person in action.witnesses)
    return next((refusal for refusal in unsigned if refusal is not None), None)


def centre_gave_a_certificate(action: Destroy, case: Case) -> Refusal | None:
    """What went to the destruction centre is destroyed by the centre's certificate."""
    carriers = (case.book.carrier(ref.id) for ref in case.together)
    if action.certificate.strip() or all(carrier.state is not State.TO_DEST for carrier in carriers):
        return None
    return refuse(
        N_("The centre's certificate has no number."),
        remedy=says(N_("Enter the number of the certificate the centre gave.")),
        field="certificate",
    )


def destroyer_and_witnesses_are_cleared(action: Destroy, case: Case) -> Refusal | None:
    """Destroyer and witnesses are here and cleared for every level on the list."""
    named = [(action.destroyer, "destroyer"), *((person, "witnesses") for person in action.witnesses)]
    for number, field in named:
        person = case.book.person(number)
        if refusal := is_here(person, field) or is_cleared(case, person, field):
            return refusal
    return None


def approved_reason(case: Case) -> str | None:
    """The reason the list was approved with."""
    return case.slip.answers.get("reason") if case.slip else None


class Destroy(Action):
    """Destroy everything on an approved list before its witnesses; the list closes and becomes the certificate."""

    code = DESTROY
    label = N_("Destroy…")
    subject = Subject.CARRIER
    told = N_("destroyed by {destroyer} before {witnesses}")
    move = Move({State.PEND_DEST, State.TO_DEST}, State.DESTROYED)
    whole = (
        list_is_approved,
        whole_list_is_destroyed,
        seals_are_as_recorded,
        witnesses_are_enough,
        destroyer_is_no_witness,
        centre_gave_a_certificate,
        destroyer_and_witnesses_signed,
    )
    checks = (stands_on_the_list, list_took_the_whole_route, destroyer_and_witnesses_are_cleared)
    prints = ("destruction_certificate",)
    route = "destroy"
    slip_kind = "destruction"
    key = "X"
    reason: str = ask(Kind.TEXT, N_("Reason"), suggest=approved_reason)
    method: str = ask(Kind.CHOICE, N_("Method"), choices=METHODS)
    destroyer: PersonId = ask(Kind.PERSON, N_("Destroyed by"))
    witnesses: tuple[PersonId, ...] = ask(Kind.PEOPLE, N_("Witnesses"), default=())
    seals: str = ask(Kind.CODE, N_("Seals read on the bags"), hint=N_("divided by commas"))
    where: str = ask(Kind.CODE, N_("Place or destruction unit"), default="")
    permit: str = ask(Kind.CODE, N_("The unit's permit"), default="")
    certificate: str = ask(Kind.CODE, N_("The unit's certificate"), default="")
    residue: str = ask(Kind.CODE, N_("Residue"), default="")
    pictures: str = ask(Kind.CODE, N_("Photographs or video"), default="")

    def changes(self, case: Case) -> Changes:
        return {}

    def also(self, cases: Sequence[Case]) -> Mapping[Ref, Changes]:
        first, slip = cases[0], cases[0].the_slip
        now = first.now.isoformat(timespec="seconds")
        closed: Changes = {
            **ended(first), "due": None, "done": slip.done + len(cases),
            **_signed(self, first, now),
            **fact({
                "method": self.method, "where": self.where or None, "permit": self.permit or None,
                "certificate": self.certificate or None, "residue": self.residue or None,
                "pictures": self.pictures or None, "destroyed": now,
                "destroyer": self.destroyer, "witnesses": list(self.witnesses),
            }),
        }  # fmt: skip
        for case in cases:
            closed |= line_done(case, slip.id, case.the_carrier.id, "destroyed")
        bags = {Ref(Subject.ENVELOPE, bag): {"state": EnvelopeState.DESTROYED} for bag in sorted(bags_of(first))}
        return {Ref(Subject.SLIP, slip.id): closed, **bags}


def _signed(action: Destroy, case: Case, now: str) -> Changes:
    """One signature for the destroyer and one for each witness, with how it was given."""
    how = {signature.person: signature.how for signature in case.authority.signatures}
    roles = [("destroyer", action.destroyer), *((f"witness_{n}", who) for n, who in enumerate(action.witnesses, 1))]
    return {f"sign.{role}": {"person": who, "how": how.get(who, "seat"), "at": now} for role, who in roles}


ACTIONS = (SendToDestruction, Destroy)
