"""What can be printed, by the names that acts and slips give it: who gathers the lines, which form draws them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from app.domain.action import Ref, Subject
from app.domain.slip import SLIP_KINDS
from app.domain.words import N_, Term, says
from app.forms import FORMS
from app.forms.gathering import applications, carriers, charges, desk, endings, loans, parcels
from app.forms.gathering.particulars import Gathering, Refusing, carriers_of
from app.forms.sheet import Form

__all__ = ["PRINTS", "Gathering", "Print", "Refusing", "print_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One thing to print: the form that draws it, who gathers its lines, whether it is signed by hand and comes back.

    `keeps` is False for what may stand nowhere but on the paper; `titles` says that classified titles may be on it.
    `about` names the subjects it is printed of, `slips` the kinds of slip; without either it is of anything.
    """

    code: str
    form: Form
    gather: Callable[[Gathering, Ref], Any]
    signed: bool = False
    titles: bool = False
    keeps: bool = True
    about: tuple[Subject, ...] = ()
    slips: tuple[str, ...] = ()

    def refuse_another(self, g: Gathering, of: Ref) -> None:
        """Refuse to be printed of something else: a certificate of destruction of a loan would say what never was."""
        if of.kind in self.about or not (self.about or self.slips):
            return
        kind = g.records.slip(of.id).kind if of.kind is Subject.SLIP else ""
        if kind not in self.slips:
            known = (*map(_NAMES.__getitem__, self.about), *(SLIP_KINDS[slip].label for slip in self.slips))
            sentence = N_("{form} is not printed of this; name what it is about: {known}.")
            form = Term(self.form.title.zh, self.form.title.en)
            raise Refusing(says(sentence, form=form, known=tuple(map(says, known))))


_NAMES: Final = {
    Subject.CARRIER: N_("carrier"),
    Subject.DOCUMENT: N_("document"),
    Subject.SLIP: N_("slip"),
    Subject.ENVELOPE: N_("envelope"),
    Subject.IMPORT: N_("import"),
    Subject.PERSON: N_("person"),
    Subject.REGISTER: N_("register"),
}
_COPIES: Final = (Subject.CARRIER, Subject.DOCUMENT, Subject.SLIP, Subject.ENVELOPE, Subject.IMPORT)
_RECEIVED: Final = (Subject.ENVELOPE, Subject.DOCUMENT, Subject.CARRIER, Subject.REGISTER)
_LENT: Final = (Subject.REGISTER, Subject.PERSON, Subject.DOCUMENT, Subject.CARRIER)


def _print(code: str, form: str, gather: Callable[[Gathering, Ref], Any], **more: Any) -> Print:
    return Print(code=code, form=FORMS[form], gather=gather, **more)


_ALL: Final = (
    _print(
        "incoming_register",
        "incoming_register",
        parcels.incoming_register,
        about=_RECEIVED,
        slips=("receipt",),
        titles=True,
    ),
    _print(
        "discrepancy_notice",
        "discrepancy_notice",
        parcels.discrepancy_notice,
        about=(Subject.ENVELOPE,),
        slips=("receipt",),
    ),
    _print("carrier_labels", "carrier_labels", carriers.carrier_labels, about=_COPIES),
    _print("media_labels", "media_labels", carriers.media_labels, about=_COPIES),
    _print("cover_sheet", "cover_sheet", carriers.cover_sheet, about=_COPIES),
    _print("us_cover_sheet", "us_cover_sheet", carriers.us_cover_sheet, about=_COPIES),
    _print(
        "classification_slip",
        "classification_slip",
        applications.classification_slip,
        about=(Subject.DOCUMENT,),
        slips=("classification",),
        titles=True,
    ),
    _print("copy_approval", "copy_approval", applications.copy_approval, slips=("copying", "printing"), titles=True),
    _print("delivery_list", "delivery_list", parcels.delivery_list, slips=("parcel",)),
    _print("delivery_receipt", "delivery_list", parcels.delivery_receipt, slips=("parcel",), signed=True),
    _print("envelope_labels", "envelope_labels", parcels.envelope_labels, about=(Subject.ENVELOPE,), slips=("parcel",)),
    _print("tracer", "tracer", applications.tracer, slips=("parcel", "loan")),
    _print("loan_slip", "loan_slip", applications.loan_slip, slips=("loan",), signed=True, titles=True),
    _print("loan_log", "loan_log", loans.loan_log, about=_LENT, titles=True),
    _print("handover_list", "handover_list", charges.handover_list, slips=("handover",), signed=True, titles=True),
    _print(
        "opening_muster", "opening_muster", charges.opening_muster, about=(Subject.IMPORT,), signed=True, titles=True
    ),
    _print("archive_list", "archive_transfer", endings.archive_list, slips=("filing",), signed=True, titles=True),
    _print("archive_deed", "archive_transfer", endings.archive_deed, slips=("transfer",), signed=True, titles=True),
    _print("destruction_list", "destruction", endings.destruction_list, slips=("destruction",), titles=True),
    _print(
        "destruction_certificate",
        "destruction",
        endings.destruction_certificate,
        slips=("destruction",),
        signed=True,
        titles=True,
    ),
    _print("badges", "badges", desk.badges, about=(Subject.PERSON, Subject.REGISTER)),
    _print("calibration_sheet", "calibration_sheet", desk.calibration_sheet),
    _print("command_card", "command_card", desk.command_card),
    _print("recovery_sheet", "recovery_sheet", desk.recovery_sheet, keeps=False),
)
PRINTS: Final = {one.code: one for one in _ALL}


def print_of(code: str, g: Gathering, of: Ref) -> Print:
    """What that name prints of this subject: the regime chooses the cover sheet, the kind of carrier its label."""
    PRINTS[code].refuse_another(g, of)
    if code == "cover_sheet" and carriers.is_american(g, of):
        return PRINTS["us_cover_sheet"]
    if code == "carrier_labels":
        kinds = {held.kind for held in carriers_of(g.records, of, g.more)}
        if kinds and kinds <= carriers.MEDIA:
            return PRINTS["media_labels"]
    return PRINTS[code]
