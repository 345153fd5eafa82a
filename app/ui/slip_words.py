"""What slips are called on screen: their forms, the roles that sign them, how their lines stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.actions.disposition import APPRAISALS, RETENTIONS, REVIEWS
from app.actions.papers import FORM_NAMES
from app.domain.checks import role_name
from app.domain.regime import Regime
from app.domain.slip import RENEWAL, SLIP_KINDS, SLIP_STATE_NAMES, SlipState
from app.domain.words import N_
from app.i18n import _, in_words, ngettext
from app.services.list_columns import COLUMNS
from app.store.reads import ListedLine, SlipLine

FORMS_OF = {
    **{code: kind.forms for code, kind in SLIP_KINDS.items()},
    "printing": (),
    "parcel": ("delivery_list", "delivery_receipt", "envelope_labels", "tracer"),
}
"""Which forms the page of a slip offers; a print job's labels and cover sheets are printed of its carriers."""

AFTER = {"destruction_certificate": "destroyed", "archive_list": "filed", "archive_deed": "transferred"}
"""Forms that say nothing before that was done."""

SIGNER_NAMES = {
    "borrower": N_("borrower"),
    "giver": N_("giver"),
    "commission": N_("commission"),
    "receiver": N_("receiver"),
    "supervisor": N_("supervisor"),
    "archivist": N_("archivist"),
    "destroyer": N_("destroyer"),
    "witness": N_("witness"),
    "namer": N_("who named the supervisor"),
    "sender": N_("sender"),
    "second": N_("second person"),
    "approver": N_("approver"),
}

LINE_NAMES = {
    "listed": N_("listed"),
    "making": N_("being made"),
    "made": N_("made"),
    "void": N_("void"),
    "out": N_("out"),
    "returned": N_("returned"),
    "renewed": N_("renewed"),
    "sent": N_("sent"),
    "acknowledged": N_("receipt back"),
    "registered": N_("registered"),
    "scanned": N_("counted by both sides"),
    "explained": N_("difference explained"),
    "filed": N_("filed"),
    "transferred": N_("transferred"),
    "bagged": N_("bagged"),
    "destroyed": N_("destroyed"),
    "struck": N_("struck from the list"),
    "missing": N_("missing"),
    "done": N_("done"),
    "changed": N_("changed"),
    "stands": N_("our entry stands"),
    "corrected": N_("the book was corrected"),
}


FIELDS = {**COLUMNS, "as_written": N_("Mark as written"), "caveats": N_("Caveats"), "remarks": N_("Remarks"),
          "foreign_code": N_("Number in the old book")}  # fmt: skip
"""What the fields are called in which a file may have something otherwise."""


def kind_words(kind: str) -> str:
    """What a slip of that kind is called."""
    return _(SLIP_KINDS[kind].label) if kind in SLIP_KINDS else kind


def named_words(slip: SlipLine) -> str:
    """What this slip is called: a renewal is applied for on a slip of its own, and lends nothing."""
    return _("Loan renewal") if slip.action == RENEWAL else kind_words(slip.kind)


def state_words(state: SlipState) -> str:
    """How far a slip is."""
    return _(SLIP_STATE_NAMES[state])


def line_words(status: str) -> str:
    """How a line stands."""
    return _(LINE_NAMES[status]) if status in LINE_NAMES else status.replace("_", " ")


def signer_words(role: str, facts: Mapping[str, Any]) -> str:
    """What somebody who signs is called; several of one role are numbered."""
    if role.startswith("giver") and facts.get("absent"):
        role = role.replace("giver", "commission")  # two others, for a giver who is not there
    name, _mark, number = role.rpartition("_")
    if number.isdecimal() and name in SIGNER_NAMES:
        return f"{_(SIGNER_NAMES[name])} {number}"
    return _(SIGNER_NAMES[role]) if role in SIGNER_NAMES else role


def role_words(regime: Regime | None, role: str) -> str:
    """What the regime calls a role that decides."""
    return in_words(role_name(regime, role))


def form_words(code: str, slip: SlipLine | None = None) -> str:
    """What a form is called; on the slip of a renewal the loan slip is headed as one."""
    if slip is not None and slip.action == RENEWAL and code == "loan_slip":
        return named_words(slip)
    return _(FORM_NAMES[code]) if code in FORM_NAMES else code.replace("_", " ")


NOTED = ("archive_no", "seal", "note", "retention", "appraisal", "review")
"""What is worth a word beside a line."""
CHOSEN = {"retention": dict(RETENTIONS), "appraisal": dict(APPRAISALS), "review": dict(REVIEWS)}
"""Of these, what was chosen and is shown in words."""


def noted(line: ListedLine) -> str:
    """What was answered or noted for this line alone, in short."""
    words = [_difference(line)] if "field" in line.given else []
    words += [
        _(CHOSEN[name][value]) if value in CHOSEN.get(name, ()) else str(value)
        for name in NOTED
        if (value := line.given.get(name)) not in (None, "")
    ]
    counted = line.given.get("pages")
    if isinstance(counted, int) and line.carrier is not None and counted != line.carrier.pages:
        words.append(ngettext("{n} page", "{n} pages", counted).format(n=counted))
    return in_words(tuple(words))


def _difference(line: ListedLine) -> str:
    """What a file had otherwise: the field, what we have, what they have."""
    name = line.given["field"]
    ours, theirs = (str(line.given.get(side) or "—") for side in ("ours", "theirs"))
    words = _("{field}: {ours} → {theirs}")
    return words.format(field=_(FIELDS.get(name, name)), ours=ours, theirs=theirs)
