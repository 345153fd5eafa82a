"""What is next on a slip: one sentence, the step that leads on, and the steps beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.actions import CATALOGUE
from app.domain.carrier import Label
from app.domain.slip import RENEWAL, SLIP_KINDS, SLIP_STATE_NAMES, SlipState
from app.domain.words import N_, Says, Value, says, says_n
from app.ui.reasons import as_sentence
from app.ui.slip_reading import JOBS, SlipRead


@dataclass(frozen=True)
class Step:
    """One button: its words, how it is done, on which act and which lines."""

    label: str
    do: str
    action: str = ""
    statuses: tuple[str, ...] = ()
    """Only lines that stand so; empty means all of them."""
    label_is: Label | None = None
    """Only carriers whose label is as far as that."""
    n: int | None = None
    """Counted in the label."""


@dataclass(frozen=True)
class Next:
    """What a clerk does now, the first step being the one that leads on."""

    words: Says
    steps: tuple[Step, ...] = ()


def next_of(read: SlipRead, role: Value = "") -> Next:
    """What is next; `role` is whose decision it waits for, in words."""
    line = read.card.line
    if line.state is SlipState.DRAFT:
        return _draft(read)
    if line.state is SlipState.SUBMITTED:
        return Next(
            says(N_("Waits for the decision of: {role}."), role=role),
            (Step(N_("Approve…"), "decide", "approve"), Step(N_("Refuse…"), "decide", "refuse_slip")),
        )
    if line.state is SlipState.CLOSED and line.kind == "classification" and read.document is not None:
        return Next(says(N_("It is classified. Now its copies can be printed.")), (NEW_JOB,))
    if not line.is_open:
        return _closed(read)
    return _BY_KIND.get(line.kind, _generic)(read)


def _closed(read: SlipRead) -> Next:
    """Nothing, but for the labels of what came in: a receipt closes with the count."""
    if labelling := _labelling(read, "registered"):
        return Next(labelling[0], (labelling[1],))
    state = says(SLIP_STATE_NAMES[read.card.line.state])
    on_paper = read.card.line.kind in ("loan", "transfer") and read.card.line.done
    if on_paper and any(signature.person is None for signature in read.card.signatures):
        return Next(says(N_("This slip is {state}. Its paper is still to come back signed."), state=state))
    return Next(says(N_("This slip is {state}. Nothing is left to do."), state=state))


NEW_JOB = Step(N_("New print job…"), "print_job", "print_copies")


def _act(code: str, label: str = "", **more: object) -> Step:
    return Step(label or CATALOGUE[code].label, "act", code, **more)  # type: ignore[arg-type]


def _draft(read: SlipRead) -> Next:
    words = says_n("{n} item is on the draft. Scan the rest, then submit.",
                   "{n} items are on the draft. Scan the rest, then submit.", read.scanned)  # fmt: skip
    if not read.scanned:
        return Next(says(N_("Scan what goes on it.")))
    return Next(words, (Step(N_("Submit…"), "submit"), Step(N_("Take the last scan back"), "take_back")))


def _generic(read: SlipRead) -> Next:
    line = read.card.line
    if line.action not in CATALOGUE or line.kind == "incident":
        return Next(says(N_("This slip is being carried out.")))
    return Next(says(N_("It is approved. Carry it out now.")), (_act(line.action or ""),))


def _job(read: SlipRead) -> Next:
    """Copies being made: print, affix, verify, count out; and what is still to be made of what was approved."""
    line = read.card.line
    copies = read.card.answers.get("copies")
    if line.state is SlipState.APPROVED:
        if line.action not in ("print_copies", "copy_carrier"):
            return _generic(read)
        n = copies if isinstance(copies, int) else 1
        one, several = _MAKING[line.action]
        return Next(
            says(N_("It is approved. Print the copies, then enter them here: each gets its number.")),
            (_act(line.action, one if n == 1 else several, n=n),),
        )
    standing = sum(n for status, n in read.card.statuses.items() if status != "void")
    more: tuple[Step, ...] = ()
    if isinstance(copies, int) and standing < copies and line.action in CATALOGUE:
        more = (_act(line.action or "", N_("Enter further copies…")),)
    void = Step(N_("Void a copy…"), "act", "void_draft", ("making",))
    if labelling := _labelling(read, "making"):
        return Next(labelling[0], (labelling[1], void, *more))
    if n := read.labels.get(Label.VERIFIED, 0):
        words = says_n("{n} label is verified. Count the sheets and put the copy away.",
                       "All {n} labels are verified. Count the sheets and put the copies away.", n)  # fmt: skip
        return Next(words, (Step(N_("Count out…"), "act", "finish_making", ("making",)), void, *more))
    return Next(says(N_("Every copy is counted out.")), more)


_MAKING = {
    "print_copies": (N_("Print the copy…"), N_("Print {n} copies…")),
    "copy_carrier": (N_("Make the copy…"), N_("Make {n} copies…")),
}


def _labelling(read: SlipRead, status: str) -> tuple[Says, Step] | None:
    """The next step of the labels that are furthest behind; None when all are verified."""
    if n := read.labels.get(Label.RESERVED, 0):
        words = says_n("{n} copy has no label yet.", "{n} copies have no label yet.", n)
        return words, Step(N_("Print labels"), "labels", "print_labels", (status,), Label.RESERVED)
    if n := read.labels.get(Label.PRINTED, 0):
        words = says_n("{n} label is printed. Affix it to its copy.",
                       "{n} labels are printed. Affix each to its copy.", n)  # fmt: skip
        return words, Step(N_("The labels are affixed"), "at_once", "affix_label", (status,), Label.PRINTED)
    if n := read.labels.get(Label.AFFIXED, 0):
        words = says_n("{n} label is affixed. Scan it where it is stuck.",
                       "{n} labels are affixed. Scan each where it is stuck.", n)  # fmt: skip
        return words, Step(N_("Verify labels by scanning"), "verify")
    return None


def _loan(read: SlipRead) -> Next:
    if read.card.line.state is SlipState.APPROVED and read.card.line.action == RENEWAL:
        return _generic(read)
    if read.card.line.state is SlipState.APPROVED:
        return Next(says(N_("It is approved. Carry it out with the borrower in front of you.")),
                    (_act(read.card.line.action or "lend"),))  # fmt: skip
    words = says_n("{n} item is out.", "{n} items are out.", read.card.statuses.get("out", 0))
    renew: tuple[Step, ...] = ()
    if read.no_renewal is not None:
        words = says(N_("{out} {why}"), out=words, why=as_sentence(read.no_renewal))
    else:
        renew = (_act("renew_loan", statuses=("out",)),)
    return Next(
        words,
        (
            _act("return_loan", statuses=("out",)),
            *renew,
            Step(N_("Send a reminder…"), "slip_act", "send_tracer"),
        ),
    )


def _parcel(read: SlipRead) -> Next:
    if read.card.line.state is SlipState.APPROVED:
        return Next(
            says(N_("It is approved. Pack and seal it, then enter seal and couriers.")),
            (_act("dispatch", N_("Seal and send…")),),
        )
    sent = read.card.statuses.get("sent", 0)
    return Next(
        says_n("{n} receipt is outstanding.", "{n} receipts are outstanding.", sent),
        (
            _act("acknowledge_receipt", statuses=("sent",)),
            Step(N_("Send a reminder…"), "slip_act", "send_tracer"),
            _act("return_undelivered", statuses=("sent",)),
        ),
    )


def _handover(read: SlipRead) -> Next:
    statuses = read.card.statuses
    still = statuses.get("listed", 0)
    if not statuses:
        return Next(
            says(N_("No carrier is on the giver's charge. Sign if an unopened envelope goes along; else cancel this.")),
            (Step(N_("Sign and take over…"), "take_over", "take_over"),),
        )
    words = says_n("{n} line is not counted by both sides yet.", "{n} lines are not counted by both sides yet.", still)
    if not still:
        words = says(N_("Every line is settled. Now sign."))
    return Next(
        words,
        (
            Step(N_("Sign and take over…"), "take_over", "take_over"),
            Step(N_("Explain a difference…"), "explain", "explain_difference", ("listed", "out", "scanned")),
            Step(N_("Take the last scan back"), "take_back"),
        ),
    )


def _destruction(read: SlipRead) -> Next:
    statuses = read.card.statuses
    still, bagged = statuses.get("listed", 0), statuses.get("bagged", 0)
    strike = Step(N_("Strike a line…"), "act", "strike_from_list", ("listed",))
    if still:
        return Next(
            says_n("{n} item is in no bag yet. Scan it into a bag, two people together.",
                   "{n} items are in no bag yet. Scan them into a bag, two people together.", still),
            (Step(N_("Bag and seal…"), "bag", "bag_and_seal", ("listed",)), strike),
        )  # fmt: skip
    send = (_act("send_to_destruction", statuses=("bagged",)),) if bagged else ()
    return Next(
        says(N_("Everything is in sealed bags. Destroy it before the witnesses.")),
        (_act("destroy", statuses=("bagged", "sent")), *send),
    )


def _correction(read: SlipRead) -> Next:
    """What a file had otherwise: the paper is looked at, the book corrected or left, and either is said."""
    still = read.card.statuses.get("listed", 0)
    if read.card.line.state is not SlipState.EXECUTING or not still:
        return _generic(read)
    return Next(
        says_n("{n} difference is open. Look at the carrier; correct the book, or leave it.",
               "{n} differences are open. Look at each carrier; correct the book, or leave it.", still),
        (
            Step(CATALOGUE["settle_difference"].label, "settle", "settle_difference", ("listed",)),
            Step(N_("Correct the book…"), "correct", statuses=("listed",)),
        ),
    )  # fmt: skip


def _receipt(read: SlipRead) -> Next:
    envelope = read.envelope
    if envelope is None:
        return Next(says(N_("This slip is being carried out.")))
    steps = envelope_steps(envelope.state, opened=envelope.opened_at is not None)
    words: Says = says(N_("Envelope {number} from {sender}."), number=envelope.number, sender=envelope.sender or "—")
    if labelling := _labelling(read, "registered"):
        words = says(N_("{envelope} {labels}"), envelope=words, labels=labelling[0])
        steps = (*steps, labelling[1])
    elif n := read.labels.get(Label.VERIFIED, 0):
        labels = says_n("{n} label is verified.", "All {n} labels are verified.", n)
        words = says(N_("{envelope} {labels}"), envelope=words, labels=labels)
    return Next(words, steps)


def envelope_steps(state: str, *, opened: bool) -> tuple[Step, ...]:
    """What is done with an incoming envelope, the usual first."""
    report = Step(N_("Report a discrepancy…"), "envelope", "report_discrepancy")
    if not opened and state in ("signed_for", "discrepancy"):
        back = Step(N_("Give back unopened…"), "envelope", "give_back_unopened")
        unqueried = (report,) if state == "signed_for" else ()
        return (Step(N_("Open the envelope…"), "envelope", "open_envelope"), *unqueried, back)
    inside = (
        Step(N_("Register what is in it…"), "inside", "register_received"),
        Step(N_("More copies of a known document…"), "inside", "register_further"),
    )
    if state == "discrepancy":
        return (Step(N_("The sender answered…"), "envelope", "settle_discrepancy"), *inside)
    if state == "opened":
        return (*inside, Step(N_("Reconcile with the list…"), "envelope", "reconcile_envelope"), report)
    return ()


_BY_KIND: Mapping[str, Callable[[SlipRead], Next]] = {
    **dict.fromkeys(JOBS, _job),
    "receipt": _receipt,
    "loan": _loan,
    "parcel": _parcel,
    "handover": _handover,
    "destruction": _destruction,
    "correction": _correction,
}


MODE_STEPS: Mapping[str, tuple[str, tuple[Step, ...]]] = {
    "bag": (
        N_("Scan each item into the bag, then seal it."),
        (Step(N_("Bag and seal…"), "bag_now", "bag_and_seal"), Step(N_("Take the last scan back"), "take_back"),
         Step(N_("Back to the lines"), "lines")),
    ),
    "verify": (
        N_("Scan each label where it is stuck."),
        (Step(N_("Back to the lines"), "lines"),),
    ),
}  # fmt: skip
"""While something is scanned, the steps are those of the scan list."""


def scans_now(read: SlipRead) -> bool:
    """Whether the page shows the scan list by itself: a draft, and a handover that is counted."""
    line = read.card.line
    kind = SLIP_KINDS.get(line.kind)
    if kind is None or not kind.scans:
        return False
    return line.state is SlipState.DRAFT or (line.kind == "handover" and line.state is SlipState.EXECUTING)
