"""Proof that a carrier left our charge for good: archive transfer deed, destruction certificate."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.platypus import Flowable, Spacer

from app.forms import sentences as s
from app.forms import terms as t
from app.forms.blocks import labelled, note, pages_in_figures_and_words, signatures, totals
from app.forms.fields import Field, field_rows, heading
from app.forms.lines import CarrierLine, Signature, Sum, number
from app.forms.page import Head, compose
from app.forms.sheet import Drawn, Sheet
from app.forms.tables import Column, Rows
from app.forms.text import MM


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveLine:
    """One item filed, its level judged again before filing."""

    archive_number: str
    retention: str = ""
    reference: str = ""
    title: str = ""
    originator: str = ""
    date: str = ""
    pages: int | None = None
    level: str = ""
    period: str = ""
    appraisal: str = ""
    with_drafts: bool | None = None
    remark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveTransfer:
    """The catalogue of what is transferred and the deed of both parties (domain.md 4.19)."""

    head: Head
    giving_unit: str = ""
    receiving_unit: str = ""
    nature: str = ""
    kind: str = "paper"
    years: str = ""
    items: tuple[ArchiveLine, ...] = ()
    catalogues: int = 1
    finding_aids: str = ""
    explanation: str = ""
    signatures: tuple[Signature, ...] = (
        Signature(role="giving_head"),
        Signature(role="giving_clerk"),
        Signature(role="receiving_head"),
        Signature(role="receiving_clerk"),
    )
    deed: bool = True
    """Whether another house takes it over; what is filed in the unit's own archive room is listed only."""


def draw_archive_transfer(content: ArchiveTransfer, sheet: Sheet) -> Drawn:
    """The deed's facts, the catalogue, and four signatures."""
    columns = (
        Column(t.ARCHIVE_NUMBER, 30, lambda item: item.archive_number, whole=True),
        Column(t.FONDS_YEAR_RETENTION, 26, lambda item: item.retention),
        Column(t.REFERENCE, 28, lambda item: item.reference, whole=True),
        Column(t.DOCUMENT_TITLE, 56, lambda item: item.title),
        Column(t.ORIGINATOR, 24, lambda item: item.originator),
        Column(t.DATE, 18, lambda item: item.date),
        Column(t.PAGES, 11, lambda item: number(item.pages), "right"),
        Column(t.LEVEL, 16, lambda item: item.level),
        Column(t.PERIOD, 16, lambda item: item.period),
        Column(t.APPRAISAL, 24, lambda item: sheet.word(item.appraisal)),
        Column(t.WITH_DRAFTS, 14, lambda item: sheet.yes_no(item.with_drafts), "center"),
        Column(t.REMARKS, 18, lambda item: item.remark),
    )
    items = len(content.items)
    known = [item.pages for item in content.items if item.pages is not None]
    pages = Sum("total", items, sum(known), len(known), items - len(known) if content.kind == "paper" else 0)
    fields = (
        Field(t.GIVING_UNIT, content.giving_unit),
        Field(t.RECEIVING_UNIT, content.receiving_unit),
        Field(t.NATURE, content.nature),
        Field(t.KIND, sheet.word(content.kind)),
        Field(t.YEARS, content.years),
        Field(t.VOLUMES_OR_ITEMS, f"{items} ({sheet.count(items, t.ITEM)})"),
        Field(t.PAGES, pages_in_figures_and_words(sheet, pages)),
        Field(t.CATALOGUES, str(content.catalogues)),
        Field(t.FINDING_AIDS, content.finding_aids, wide=True),
        Field(t.TRANSFER_EXPLANATION, content.explanation, wide=True),
    )

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, fields, 0.26),
            Spacer(1, 2 * MM),
            Rows(sheet, columns, content.items, size=7.4, numbered=True, head=heading(sheet, t.CATALOGUE_OF_ITEMS)),
            *signatures(sheet, content.signatures, 4),
            note(sheet, s.COPIES_OF_DEED),
        ]

    title = t.ARCHIVE_TRANSFER if content.deed else t.ARCHIVE_FILING
    return compose(sheet, content.head, title, "4.19", body, landscape=True, short_rule=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Destruction:
    """The approved list, the way of the bags, and who destroyed before whom (domain.md 4.20)."""

    head: Head
    department: str = ""
    lines: tuple[CarrierLine, ...] = ()
    reason: str = ""
    period_over: str = ""
    recall_checked: str = ""
    method: str = ""
    place: str = ""
    permit: str = ""
    bags: str = ""
    weight: str = ""
    seals: str = ""
    escorts: tuple[str, ...] = ()
    vehicle: str = ""
    handed_over: str = ""
    destroyed: str = ""
    pictures: str = ""
    residue: str = ""
    outside_certificate: str = ""
    approvals: tuple[Signature, ...] = ()
    signatures: tuple[Signature, ...] = (
        Signature(role="destroyer"),
        Signature(role="witness"),
        Signature(role="witness"),
    )
    done: bool = False


def draw_destruction(content: Destruction, sheet: Sheet) -> Drawn:
    """The list to approve before, the certificate after: the same lines, so that nothing slips in between."""
    columns = (
        Column(t.DOCUMENT_TITLE, 58, lambda line: line.title),
        Column(t.ORIGINATOR, 30, lambda line: line.originator),
        Column(t.KIND, 18, lambda line: sheet.word(line.kind)),
        Column(
            (t.CONTROL_NUMBER, t.REFERENCE),
            44,
            lambda line: "\n".join(filter(None, (line.number, line.reference))),
            whole=True,
        ),
        Column(t.COPY_NUMBER, 14, lambda line: line.copy),
        Column(t.LEVEL, 20, lambda line: line.level),
        Column(t.PAGES_OR_CAPACITY, 20, lambda line: line.size, "right"),
        Column(t.QUANTITY, 12, lambda line: str(line.copies), "right"),
        Column(t.KEEPER, 22, lambda line: line.keeper),
        Column(t.REMARKS, 24, lambda line: line.remark),
    )
    asked = (
        Field(t.DEPARTMENT, content.department),
        Field(t.DESTRUCTION_REASON, content.reason),
        Field(t.PERIOD_OVER, content.period_over),
        Field(t.RECALL_CHECKED, content.recall_checked),
        Field(t.METHOD, content.method),
        Field(t.PLACE_AND_PERMIT, " ".join(filter(None, (content.place, content.permit)))),
    )
    way = (
        Field(t.BAGS, content.bags),
        Field(t.WEIGHT, content.weight),
        Field(t.SEALS, content.seals),
        Field(t.ESCORTS, sheet.listed(content.escorts)),
        Field(t.VEHICLE, content.vehicle),
        Field(t.HANDED_OVER_AT, content.handed_over),
        Field(t.DESTROYED_AT, content.destroyed),
        Field(t.PICTURES, content.pictures),
        Field(t.RESIDUE, content.residue),
        Field(t.OUTSIDE_CERTIFICATE, content.outside_certificate),
    )
    title = t.DESTRUCTION_CERTIFICATE if content.done else t.DESTRUCTION_LIST

    def body() -> list[Flowable]:
        return [
            *field_rows(sheet, asked, 0.26),
            *signatures(sheet, content.approvals, 3),
            *([Spacer(1, 2 * MM), heading(sheet, t.WAY_AND_DESTRUCTION)] if content.done else []),
            *(field_rows(sheet, way, 0.26) if content.done else []),
            Spacer(1, 2 * MM),
            Rows(sheet, columns, content.lines, size=7.6, numbered=True),
            *totals(sheet, content.lines),
            *([labelled(sheet, t.CERTIFIED, sheet.say(s.CERTIFICATE_SENTENCE))] if content.done else []),
            *(signatures(sheet, content.signatures, 4) if content.done else []),
        ]

    return compose(sheet, content.head, title, "4.20", body, landscape=True, short_rule=True)
