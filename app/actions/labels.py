"""The life of a label: reserved, printed, affixed, verified by scan; a label that lies about is no carrier."""

from __future__ import annotations

from app.domain.action import Action, Case, Changes, Kind, Refusal, Subject, ask, refuse
from app.domain.carrier import LABEL_NAMES, Label, State
from app.domain.numbering import Code, Letter, Misread, read
from app.domain.words import N_, says


def label_is_now(wanted: Label, case: Case, remedy: str) -> Refusal | None:
    """The label is as far as it must be."""
    carrier = case.the_carrier
    if carrier.label is wanted:
        return None
    return refuse(
        N_("{number}: {label}."), number=carrier.number, label=says(LABEL_NAMES[carrier.label]), remedy=says(remedy)
    )


def label_is_reserved(_: Action, case: Case) -> Refusal | None:
    """A label is printed once; a second one would be a carrier that is not there."""
    return label_is_now(Label.RESERVED, case, N_("Destroy the printed label first; then it can be printed again."))


def label_is_printed(_: Action, case: Case) -> Refusal | None:
    """Only a printed label can be affixed."""
    return label_is_now(Label.PRINTED, case, N_("Print the label, or go on with the next step."))


def label_is_affixed(_: Action, case: Case) -> Refusal | None:
    """Only an affixed label is verified."""
    return label_is_now(Label.AFFIXED, case, N_("Affix the label first."))


def label_is_out(_: Action, case: Case) -> Refusal | None:
    """Only a label that was printed can be destroyed."""
    if case.the_carrier.label in (Label.PRINTED, Label.AFFIXED, Label.VERIFIED):
        return None
    return label_is_now(Label.PRINTED, case, N_("There is no label to destroy."))


LABELLED = frozenset({State.NEW_NUMBER, State.IN_PREP, State.IN_STOCK, State.ISSUED, State.ARCHIVED})


def carrier_bears_a_label(_: Action, case: Case) -> Refusal | None:
    """What is out, missing or ended gets no label that would lie about (domain.md 5.4)."""
    carrier = case.the_carrier
    if carrier.state in LABELLED:
        return None
    return refuse(N_("{number} is not there to be labelled."), number=carrier.number)


class PrintLabels(Action):
    """Print the labels of carriers; each is printed once and must be affixed or destroyed."""

    code = "print_labels"
    label = N_("Print labels…")
    subject = Subject.CARRIER
    told = N_("label printed")
    checks = (carrier_bears_a_label, label_is_reserved)
    prints = ("carrier_labels",)

    def changes(self, case: Case) -> Changes:
        return {"label": Label.PRINTED}


def carrier_is_there(_: Action, case: Case) -> Refusal | None:
    """A label is affixed to something; a number alone is no carrier."""
    carrier = case.the_carrier
    if carrier.state in LABELLED - {State.NEW_NUMBER}:
        return None
    return refuse(
        N_("{number} is not there to be labelled."), number=carrier.number,
        remedy=says(N_("Use the number for a carrier, or void it.")),
    )  # fmt: skip


class AffixLabel(Action):
    """Note that the printed label is on its carrier."""

    code = "affix_label"
    label = N_("Label affixed")
    subject = Subject.CARRIER
    told = N_("label affixed")
    checks = (label_is_printed, carrier_is_there)

    def changes(self, case: Case) -> Changes:
        return {"label": Label.AFFIXED}


def scan_is_of_this_carrier(_: Action, case: Case) -> Refusal | None:
    """The code that was scanned is this carrier's own."""
    code = read(str(case.answer("scanned")), case.book.register().number)
    if isinstance(code, Misread):
        return refuse(N_("The label cannot be read: {why}"), why=code.why, field="scanned")
    if code == Code(Letter.CARRIER, code.register, case.subject.id):
        return None
    return refuse(
        N_("This is not the label of {number}."), number=case.the_carrier.number, field="scanned",
        remedy=says(N_("Scan the label on this carrier; if it bears another's, destroy that label.")),
    )  # fmt: skip


class VerifyLabel(Action):
    """Prove by a scan that the label on the carrier is its own."""

    code = "verify_label"
    label = N_("Verify the label…")
    subject = Subject.CARRIER
    told = N_("label verified by scan")
    checks = (carrier_is_there, label_is_affixed, scan_is_of_this_carrier)
    scanned: str = ask(Kind.CODE, N_("Scanned code"), each=True)

    def changes(self, case: Case) -> Changes:
        return {"label": Label.VERIFIED}


class DestroyLabel(Action):
    """Destroy a label that was spoiled or not used, so that none lies about; then it may be printed again."""

    code = "destroy_label"
    label = N_("Label spoiled…")
    subject = Subject.CARRIER
    told = N_("label destroyed")
    checks = (label_is_out,)
    reason: str = ask(Kind.TEXT, N_("Reason"))

    def changes(self, case: Case) -> Changes:
        return {"label": Label.RESERVED}


ACTIONS = (PrintLabels, AffixLabel, VerifyLabel, DestroyLabel)
