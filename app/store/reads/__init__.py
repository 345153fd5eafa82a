"""What lists, cards and forms show: functions (connection, …) that give frozen lines; no read grows its statements."""

from app.store.reads.carrier_cards import CarrierCard, Scanned, carrier_card, carrier_numbered, carriers_numbered, scan
from app.store.reads.carrier_lines import CarrierLine, lines_of
from app.store.reads.carriers import (
    EVERYTHING,
    FAST_PAIRS,
    SORTS,
    CarrierFilter,
    carrier_page,
    is_fast,
    view_filter,
)
from app.store.reads.custody_then import Custody, Known, who_had
from app.store.reads.documents import (
    DocumentCard,
    DocumentFilter,
    DocumentLine,
    Reader,
    Reclassified,
    document_card,
    document_lines,
    document_page,
    readers_of,
)
from app.store.reads.exported import ExportLine, export_rows
from app.store.reads.history import HistoryLine, Signer, history_of, wrote_last
from app.store.reads.ledger import LedgerFilter, LedgerHead, Verified, last_verified, ledger_head, ledger_page
from app.store.reads.paging import MOST_COUNTED, Key, Page
from app.store.reads.papers import PaperLine, papers_of
from app.store.reads.people import (
    AccountLine,
    DutyHeld,
    PersonCard,
    PersonLine,
    accounts,
    departments,
    names,
    people_like,
    people_page,
    person_card,
    person_with_badge,
)
from app.store.reads.places import (
    EnvelopeCard,
    EnvelopeLine,
    PlaceCard,
    PlaceLine,
    PlaceStock,
    envelope_card,
    envelope_page,
    place_card,
    places_like,
    places_with_stock,
)
from app.store.reads.scans import ScanLine, found_carriers, scans_of
from app.store.reads.slip_lines import ListedLine, is_labelled_with, labels_of_slip, slip_lines
from app.store.reads.slips import (
    ALL_SLIPS,
    SignatureLine,
    SlipCard,
    SlipFilter,
    SlipLine,
    StepLine,
    Total,
    applications_for,
    open_slips,
    slip_card,
    slip_page,
    slips_of_carrier,
)
from app.store.reads.today import KINDS, DueItem, Limits, limits_of, today_counts, today_items
from app.store.reads.totals import (
    BookTotals,
    DepartmentHolding,
    Holding,
    ImportLine,
    OverdueWeek,
    RegimeLine,
    RegisterCard,
    book_totals,
    carriers_total,
    holdings,
    holdings_by_department,
    imports,
    overdue_by_week,
    regime_versions,
    register_card,
)
from app.store.reads.visible import UNTITLED, WHOLE, Viewer, viewer_of

__all__ = [
    "ALL_SLIPS", "EVERYTHING", "FAST_PAIRS", "KINDS", "MOST_COUNTED", "SORTS", "UNTITLED", "WHOLE", "AccountLine",
    "BookTotals", "CarrierCard", "CarrierFilter", "CarrierLine", "Custody", "DepartmentHolding", "DocumentCard",
    "DocumentFilter", "DocumentLine", "DueItem", "DutyHeld", "EnvelopeCard", "EnvelopeLine", "ExportLine",
    "HistoryLine", "Holding", "ImportLine", "Key", "Known", "LedgerFilter", "LedgerHead", "Limits", "ListedLine",
    "OverdueWeek", "Page", "PaperLine", "PersonCard", "PersonLine", "PlaceCard", "PlaceLine", "PlaceStock", "Reader",
    "Reclassified",
    "RegimeLine", "RegisterCard", "ScanLine", "Scanned", "SignatureLine", "Signer", "SlipCard", "SlipFilter",
    "SlipLine", "StepLine", "Total", "Verified", "Viewer", "accounts", "applications_for", "book_totals",
    "carrier_card", "carrier_numbered", "carrier_page", "carriers_numbered", "carriers_total", "departments",
    "document_card", "document_lines", "document_page", "envelope_card", "envelope_page", "export_rows",
    "found_carriers", "history_of", "holdings", "holdings_by_department", "imports", "is_fast",
    "is_labelled_with", "labels_of_slip",
    "last_verified", "ledger_head", "ledger_page", "limits_of", "lines_of", "names", "open_slips", "overdue_by_week",
    "papers_of", "people_like", "people_page", "person_card", "person_with_badge", "place_card", "places_like",
    "places_with_stock", "readers_of", "regime_versions", "register_card", "scan", "scans_of", "slip_card",
    "slip_lines", "slip_page", "slips_of_carrier", "today_counts", "today_items", "view_filter", "viewer_of", "who_had",
    "wrote_last",
]  # fmt: skip
