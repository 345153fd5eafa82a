"""What is stuck on carriers and laid on top of them: labels and cover sheets."""

from __future__ import annotations

from app.domain.action import Ref, Subject
from app.domain.carrier import CarrierKind
from app.domain.ledger import Entry
from app.domain.numbering import Letter
from app.domain.words import N_, says
from app.forms.cover_sheets import CoverSheet, EventLine, ReadingLine, UsCoverSheet
from app.forms.gathering.particulars import (
    Gathering,
    Refusing,
    carriers_of,
    copy_of,
    day,
    moment,
    short,
)
from app.forms.labels import CarrierLabel, CarrierLabels, MediaLabel, MediaLabels
from app.i18n import ENGLISH
from app.i18n import day as in_words
from app.store.reads.carrier_lines import CarrierLine as Held

MEDIA = frozenset({CarrierKind.MAGNETIC, CarrierKind.OPTICAL, CarrierKind.FLASH, CarrierKind.EQUIPMENT})
US_COVER = "us_cover"
EVENTS = 7
"""Lines on the back of a cover sheet."""


def carrier_labels(g: Gathering, of: Ref) -> CarrierLabels:
    """One label for each carrier that is not a medium."""
    return CarrierLabels(labels=tuple(_label(g, held) for held in carriers_of(g.records, of, g.more)))


def _label(g: Gathering, held: Held) -> CarrierLabel:
    """What the regime wants on a label; the number stands on each, it is what the code is of."""
    document = g.records.document(held.document)
    register = g.records.register()
    wanted = frozenset(g.records.regime(held.regime).label_fields().value)
    return CarrierLabel(
        number=held.number,
        code=g.code(Letter.CARRIER, held.id),
        mark=g.mark(document, held.level),
        colour=g.colour(held.regime, held.level),
        copy=_of_how_many(g.serial(held), held.copies_of) if "copy" in wanted else "",
        registry=f"{register.unit} {register.number:03d}",
        short_title=short(held) if "short_title" in wanted else "",
        pages=held.pages if "pages" in wanted else None,
        holder=held.department or "" if "custodian" in wanted else "",
        return_by=day(held.due) if "recall" in wanted else "",
    )


def _of_how_many(serial: str, copies_of: int | None) -> str:
    """000012 / 000030, as a Chinese label has it; other regimes' copy lines say it themselves."""
    return f"{serial} / {copies_of:0{len(serial)}d}" if serial.isdigit() and copies_of else serial


def media_labels(g: Gathering, of: Ref) -> MediaLabels:
    """One label for each medium: its secrecy number, its serial number, who answers for it."""
    found = []
    for held in carriers_of(g.records, of, g.more):
        document = g.records.document(held.document)
        found.append(
            MediaLabel(
                number=held.number,
                code=g.code(Letter.CARRIER, held.id),
                mark=g.mark(document, held.level),
                colour=g.colour(held.regime, held.level),
                serial=held.serial_no or "",
                keeper=held.custodian or "",
                use=g.listed(document.scope_units) if document.scope_units != ("*",) else g.records.register().unit,
            )
        )
    return MediaLabels(labels=tuple(found))


def cover_sheet(g: Gathering, of: Ref) -> CoverSheet:
    """The sheet on top of one copy, with who read it and what happened to it so far."""
    held = _one(g, of)
    document = g.records.document(held.document)
    return CoverSheet(
        number=held.number,
        code=g.code(Letter.CARRIER, held.id),
        serial=g.serial(held),
        mark=g.mark(document, held.level),
        colour=g.records.regime(held.regime).cover_sheet(held.level).value.colour,
        copy=copy_of(held),
        title=short(held),
        reference=held.reference or "",
        originator=g.originator(document),
        scope=g.listed((*_units(g, document.scope_units), *g.records.names(document.scope_people))),
        pages="" if held.pages is None else str(held.pages),
        issued_to=" · ".join(filter(None, (held.department, held.holder or held.custodian))),
        date=day(document.issued),
        lifts=day(document.lifts) or g.period(held.regime, held.period),
        caveats=g.listed(g.say(one.name.zh, one.name.en) for one in g.caveats(held.regime, document.caveats)),
        may_copy=g.may_copy(document),
        return_by=day(held.due),
        readers=_readers(g, held),
        everybody_signs=g.records.regime(held.regime).disclosure_record(held.level).value,
        events=_events(g, held),
    )


def us_cover_sheet(g: Gathering, of: Ref) -> UsCoverSheet:
    """The coloured sheet of the United States; nothing on it is classified."""
    held = _one(g, of)
    document, regime = g.records.document(held.document), g.records.regime(held.regime)
    cover = regime.cover_sheet(held.level).value
    return UsCoverSheet(
        standard_form=cover.form or "SF 705",
        colour=cover.colour,
        level=regime.level(held.level).value.name.en,
        number=held.number,
        code=g.code(Letter.CARRIER, held.id),
        copy=copy_of(held).replace("/", " of "),
        date=in_words(document.issued, ENGLISH) if document.issued else "",
        originator=g.originator(document),
        short_title=short(held),
        caveats=" / ".join(one.code for one in g.caveats(held.regime, document.caveats)),
        pages="" if held.pages is None else str(held.pages),
        declassify_on=in_words(document.lifts, ENGLISH) if document.lifts else g.period(held.regime, held.period),
    )


def is_american(g: Gathering, of: Ref) -> bool:
    """Whether the regime of the carrier asks for the coloured sheet."""
    held = _one(g, of)
    return g.records.regime(held.regime).cover_sheet(held.level).value.template == US_COVER


def _one(g: Gathering, of: Ref) -> Held:
    helds = carriers_of(g.records, of, g.more)
    if len(helds) != 1:
        raise Refusing(says(N_("A cover sheet belongs to one copy; choose the copy.")))
    return helds[0]


def _units(g: Gathering, units: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(g.say("本单位", "the whole unit") if unit == "*" else unit for unit in units)


def _readers(g: Gathering, held: Held) -> tuple[ReadingLine, ...]:
    ref = Ref(Subject.CARRIER, held.id)
    back = {entry.s: moment(entry.h or entry.t)[:10] for entry in g.records.entries(ref, "return_loan")}
    lent = {entry.s: moment(entry.h or entry.t) for entry in g.records.entries(ref, "lend")}
    return tuple(
        ReadingLine(
            name=g.records.name(one.person),
            department=g.department(one.person),
            read_at=lent.get(one.slip, moment(one.since)),
            returned=back.get(one.slip, ""),
        )
        for one in g.records.readers(held.id)
    )


_TOLD = {
    "register_received": ("登记", "registered"),
    "lend": ("借出", "lent"),
    "renew_loan": ("续借", "renewed"),
    "return_loan": ("归还", "returned"),
    "take_over": ("移交", "handed over"),
    "finish_making": ("制作完成", "made"),
    "move_to": ("移位", "moved"),
    "remark": ("改标", "re-marked"),
    "file_to_archive": ("归档", "filed"),
    "dispatch": ("发出", "dispatched"),
    "return_undelivered": ("退回", "came back"),
    "found": ("找回", "found"),
    "import_rows": ("由旧簿登记", "from the old book"),
}


def _events(g: Gathering, held: Held) -> tuple[EventLine, ...]:
    """The last events that a holder of the copy has to know; labels and prints are none."""
    told = [entry for entry in g.records.last_entries(Ref(Subject.CARRIER, held.id), 3 * EVENTS) if entry.a in _TOLD]
    return tuple(_event(g, entry) for entry in told[-EVENTS:])


def _event(g: Gathering, entry: Entry) -> EventLine:
    zh, en = _TOLD[entry.a]
    return EventLine(date=moment(entry.h or entry.t)[:10], event=g.say(zh, en), person=g.records.name(entry.p))
