"""What can be printed, by the names that acts and slips give it: who gathers the lines, which form draws them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from app.domain.action import Ref
from app.forms import FORMS
from app.forms.gathering import applications, carriers, charges, desk, endings, loans, parcels
from app.forms.gathering.particulars import Gathering, Refusing, carriers_of
from app.forms.sheet import Form

__all__ = ["PRINTS", "Gathering", "Print", "Refusing", "print_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One thing to print: the form that draws it, who gathers its lines, whether it is signed by hand and comes back.

    `keeps` is False for what may stand nowhere but on the paper; `titles` says that classified titles may be on it.
    """

    code: str
    form: Form
    gather: Callable[[Gathering, Ref], Any]
    signed: bool = False
    titles: bool = False
    keeps: bool = True


def _print(code: str, form: str, gather: Callable[[Gathering, Ref], Any], **more: bool) -> Print:
    return Print(code=code, form=FORMS[form], gather=gather, **more)


_ALL: Final = (
    _print("incoming_register", "incoming_register", parcels.incoming_register, titles=True),
    _print("discrepancy_notice", "discrepancy_notice", parcels.discrepancy_notice),
    _print("carrier_labels", "carrier_labels", carriers.carrier_labels),
    _print("media_labels", "media_labels", carriers.media_labels),
    _print("cover_sheet", "cover_sheet", carriers.cover_sheet),
    _print("us_cover_sheet", "us_cover_sheet", carriers.us_cover_sheet),
    _print("classification_slip", "classification_slip", applications.classification_slip, titles=True),
    _print("copy_approval", "copy_approval", applications.copy_approval, titles=True),
    _print("delivery_list", "delivery_list", parcels.delivery_list),
    _print("delivery_receipt", "delivery_list", parcels.delivery_receipt, signed=True),
    _print("envelope_labels", "envelope_labels", parcels.envelope_labels),
    _print("tracer", "tracer", applications.tracer),
    _print("loan_slip", "loan_slip", applications.loan_slip, signed=True, titles=True),
    _print("loan_log", "loan_log", loans.loan_log, titles=True),
    _print("handover_list", "handover_list", charges.handover_list, signed=True, titles=True),
    _print("opening_muster", "opening_muster", charges.opening_muster, signed=True, titles=True),
    _print("archive_list", "archive_transfer", endings.archive_list, signed=True, titles=True),
    _print("archive_deed", "archive_transfer", endings.archive_deed, signed=True, titles=True),
    _print("destruction_list", "destruction", endings.destruction_list, titles=True),
    _print("destruction_certificate", "destruction", endings.destruction_certificate, signed=True, titles=True),
    _print("badges", "badges", desk.badges),
    _print("calibration_sheet", "calibration_sheet", desk.calibration_sheet),
    _print("command_card", "command_card", desk.command_card),
    _print("recovery_sheet", "recovery_sheet", desk.recovery_sheet, keeps=False),
)
PRINTS: Final = {one.code: one for one in _ALL}


def print_of(code: str, g: Gathering, of: Ref) -> Print:
    """What that name prints of this subject: the regime chooses the cover sheet, the kind of carrier its label."""
    if code == "cover_sheet" and carriers.is_american(g, of):
        return PRINTS["us_cover_sheet"]
    if code == "carrier_labels":
        kinds = {held.kind for held in carriers_of(g.records, of, g.more)}
        if kinds and kinds <= carriers.MEDIA:
            return PRINTS["media_labels"]
    return PRINTS[code]
