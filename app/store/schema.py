"""All tables: the ledger, the projections of its entries, and the little that lies outside it."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from app.domain.carrier import HELD

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

_HELD = ", ".join(f"'{state}'" for state in sorted(HELD))

ledger = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject", Integer, nullable=False),
    Column("slip", Integer),
    Column("body", LargeBinary, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    Index("ix_ledger_of", "subject_kind", "subject", "seq"),
    Index("ix_ledger_slip", "slip", sqlite_where=text("slip IS NOT NULL")),
)

ledger_head = Table(
    "ledger_head",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("seal", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="one"),
)

texts = Table(
    "texts",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("words", Text),
    Column("withdrawn", Integer),
)
"""Every free text under its salted digest; `words` is NULL once two persons withdrew it."""

carriers = Table(
    "carriers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("copy_no", Integer),
    Column("copies_of", Integer),
    Column("pages", Integer),
    Column("serial_no", Text),
    Column("place", Integer),
    Column("hands", Integer),
    Column("container", Integer),
    Column("way", Integer),
    Column("custodian", Integer),
    Column("due", Text),
    Column("renewals", Integer),
    Column("back", Text),
    Column("label", Text, nullable=False),
    Column("slip", Integer),
    Column("remark_due", Integer),
    Column("archive_no", Text),
    Column("original", Integer),
    Column("foreign_code", Text),
    Column("purpose", Text),
    Column("born", Integer),
    Column("imported", Integer),
    UniqueConstraint("number"),
    CheckConstraint(
        f"state NOT IN ({_HELD}) OR (custodian IS NOT NULL AND"
        " (place IS NOT NULL) + (hands IS NOT NULL) + (container IS NOT NULL) + (way IS NOT NULL) = 1)",
        name="held_is_somewhere",
    ),
    CheckConstraint("state <> 'loan' OR due IS NOT NULL", name="loan_has_a_due_date"),
    Index("ix_carriers_state", "state", "id"),
    Index("ix_carriers_level", "level", "id"),
    Index("ix_carriers_level_state", "level", "state", "id"),
    Index("ix_carriers_document", "document", "copy_no"),
    Index("ix_carriers_hands", "hands", "due", "id", sqlite_where=text("hands IS NOT NULL")),
    Index("ix_carriers_place", "place", "number", "level", sqlite_where=text("place IS NOT NULL")),
    Index("ix_carriers_custodian", "custodian", "id", sqlite_where=text("custodian IS NOT NULL")),
    Index("ix_carriers_due", "due", "id", sqlite_where=text("due IS NOT NULL")),
    Index("ix_carriers_kind", "kind", "id", sqlite_where=text("kind <> 'paper'")),
    Index("ix_carriers_slip", "slip", "id", sqlite_where=text("slip IS NOT NULL")),
    Index("ix_carriers_container", "container", "id", sqlite_where=text("container IS NOT NULL")),
    Index("ix_carriers_remark", "id", sqlite_where=text("remark_due = 1")),
    Index("ix_carriers_foreign", "foreign_code", sqlite_where=text("foreign_code IS NOT NULL")),
    Index("ix_carriers_archive_no", "archive_no", sqlite_where=text("archive_no IS NOT NULL")),
    Index("ix_carriers_imported", "imported", "id", sqlite_where=text("imported IS NOT NULL")),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("regime", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("short_title", Text),
    Column("reference", Text),
    Column("originator", Text),
    Column("period", Text),
    Column("caveats", Text),
    Column("issued", Text),
    Column("as_written", Text),
    Column("lifts", Text),
    Column("scope_units", Text),
    Column("scope_people", Text),
    Column("basis", Text),
    Column("remarks", Text),
    Column("received", Integer),
    Column("may_copy", Integer),
    Column("sources", Text),
    Column("drafter", Integer),
    Column("copies_made", Integer),
    Column("envelope", Integer),
    Column("slip", Integer),
    Column("imported", Integer),
    Index("ix_documents_reference", "reference", sqlite_where=text("reference IS NOT NULL")),
    Index("ix_documents_level", "level", "id"),
    Index(
        "ix_documents_lifts",
        "lifts",
        "id",
        sqlite_where=text("lifts IS NOT NULL AND state IN ('classified', 'registered')"),
    ),
    Index("ix_documents_derived", "id", sqlite_where=text("sources IS NOT NULL")),
    Index("ix_documents_imported", "imported", sqlite_where=text("imported IS NOT NULL")),
)

persons = Table(
    "persons",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("department", Text),
    Column("title", Text),
    Column("badge", Text),
    Column("open", Integer, nullable=False),
    UniqueConstraint("badge"),
)

places = Table(
    "places",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("within", Integer),
    Column("keeper", Integer),
    Column("open", Integer, nullable=False),
    Index("ix_places_within", "within", "id", sqlite_where=text("within IS NOT NULL")),
    Index("ix_places_keeper", "keeper", "id", sqlite_where=text("keeper IS NOT NULL")),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", Text, nullable=False),
    Column("person", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    UniqueConstraint("login"),
)

envelopes = Table(
    "envelopes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("seal", Text),
    Column("level", Text),
    Column("items", Integer),
    Column("sender", Text),
    Column("intact", Integer),
    Column("signed_at", Text),
    Column("signed_by", Integer),
    Column("opened_at", Text),
    Column("opened_by", Integer),
    Column("slip", Integer),
    Column("channel", Text),
    Index("ix_envelopes_state", "state", "id"),
    Index("ix_envelopes_number", "number"),
    Index("ix_envelopes_slip", "slip", sqlite_where=text("slip IS NOT NULL")),
)

slips = Table(
    "slips",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("action", Text),
    Column("answers", Text),
    Column("opened_by", Integer, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("closed_at", Text),
    Column("regime", Text),
    Column("level", Text),
    Column("party", Integer),
    Column("listed", Integer),
    Column("done", Integer),
    Column("due", Text),
    UniqueConstraint("number"),
    Index("ix_slips_kind", "kind", "id"),
    Index("ix_slips_state", "state", "id"),
    Index("ix_slips_party", "party", "id", sqlite_where=text("party IS NOT NULL")),
    Index("ix_slips_opened_by", "opened_by", "id"),
    Index("ix_slips_due", "due", "id", sqlite_where=text("due IS NOT NULL")),
)

slip_lines = Table(
    "slip_lines",
    metadata,
    Column("slip", Integer, primary_key=True),
    Column("no", Integer, primary_key=True),
    Column("carrier", Integer),
    Column("status", Text, nullable=False),
    Column("data", Text),
    Index("ix_slip_lines_carrier", "carrier", "slip"),
    sqlite_with_rowid=False,
)

parts = Table(
    "parts",
    metadata,
    Column("subject_kind", Text, primary_key=True),
    Column("subject", Integer, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Index("ix_parts_part", "part", "key"),
    sqlite_with_rowid=False,
)
"""Small lists of a subject: a slip's steps, signatures and facts; a person's duties and clearances."""

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("next", Integer, nullable=False),
    UniqueConstraint("code"),
)

regimes = Table(
    "regimes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("in_force", Integer, nullable=False),
    UniqueConstraint("code", "version"),
)

papers = Table(
    "papers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("form", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("of", Text, nullable=False),
    Column("slip", Integer),
    Column("lines", Text, nullable=False),
    Column("pdf", Text, nullable=False),
    Column("anchor", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("reprint_of", Integer),
    Column("printed_at", Text, nullable=False),
    Column("returned_at", Text),
    Index("ix_papers_of", "of", "id"),
    Index("ix_papers_awaited", "id", sqlite_where=text("returned_at IS NULL")),
    Index("ix_papers_slip", "slip", sqlite_where=text("slip IS NOT NULL")),
)

imports = Table(
    "imports",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("name", Text),
    Column("state", Text, nullable=False),
    Column("read", Integer),
    Column("registered", Integer),
    Column("identical", Integer),
    Column("differing", Integer),
    Column("rejected", Integer),
    Column("at", Text, nullable=False),
    Index("ix_imports_digest", "digest"),
)

register = Table(
    "register",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("unit", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("public_key", Text, nullable=False),
    Column("created", Text, nullable=False),
    CheckConstraint("id = 1", name="one"),
)

holdings = Table(
    "holdings",
    metadata,
    Column("level", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("custodian", Integer, primary_key=True),
    Column("n", Integer, nullable=False),
    CheckConstraint("n >= 0", name="not_negative"),
    sqlite_with_rowid=False,
)
"""Counters for totals, kept in the act's transaction; custodian 0 is nobody (ended)."""

# Outside the ledger: settings, drafts, saved views and scans not yet closed.

settings = Table("settings", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

secrets = Table(
    "secrets", metadata, Column("name", Text, primary_key=True), Column("value", LargeBinary, nullable=False)
)
"""The register's signing key: inside the encrypted file, in no entry and on no paper."""

SIGNING_KEY = "signing_key"
"""The one row of `secrets`."""

scans = Table(
    "scans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slip", Integer, nullable=False),
    Column("side", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("carrier", Integer),
    Column("verdict", Text, nullable=False),
    Column("person", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Index("ix_scans_slip", "slip", "id"),
    Index("ix_scans_carrier", "slip", "carrier"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("account", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

TRIGGERS = (
    """CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_in_order BEFORE INSERT ON ledger
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
BEGIN SELECT RAISE(ROLLBACK, 'not the next entry'); END""",
)
"""UPDATE and DELETE raise; INSERT OR REPLACE walks past both, so a third refuses any number but the next.

The third rolls back where the others abort: an insert that fires a trigger and may abort keeps a journal of its own,
240 µs an entry against 6 (measured, SQLite 3.53); a second trigger that moved the head cost as much.
"""
