"""The first tables: ledger, projections, search, triggers. As text, so that it never changes with the program."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    """CREATE TABLE accounts (
    id INTEGER NOT NULL,
    login TEXT NOT NULL,
    person INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    open INTEGER NOT NULL,
    CONSTRAINT pk_accounts PRIMARY KEY (id),
    CONSTRAINT uq_accounts_login UNIQUE (login)
)""",
    """CREATE TABLE carriers (
    id INTEGER NOT NULL,
    document INTEGER NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    copy_no INTEGER,
    copies_of INTEGER,
    pages INTEGER,
    serial_no TEXT,
    place INTEGER,
    hands INTEGER,
    container INTEGER,
    way INTEGER,
    custodian INTEGER,
    due TEXT,
    renewals INTEGER,
    back TEXT,
    label TEXT NOT NULL,
    slip INTEGER,
    remark_due INTEGER,
    archive_no TEXT,
    original INTEGER,
    foreign_code TEXT,
    purpose TEXT,
    born INTEGER,
    imported INTEGER,
    CONSTRAINT pk_carriers PRIMARY KEY (id),
    CONSTRAINT uq_carriers_number UNIQUE (number),
    CONSTRAINT ck_carriers_held_is_somewhere CHECK (state NOT IN ('archived', 'carried', 'circul', 'handover', 'in_prep', 'in_stock', 'in_transit', 'issued', 'loan', 'missing', 'pend_dest', 'reading', 'recall', 'repair', 'sealed', 'to_dest') OR (custodian IS NOT NULL AND (place IS NOT NULL) + (hands IS NOT NULL) + (container IS NOT NULL) + (way IS NOT NULL) = 1)),
    CONSTRAINT ck_carriers_loan_has_a_due_date CHECK (state <> 'loan' OR due IS NOT NULL)
)""",
    """CREATE INDEX ix_carriers_archive_no ON carriers (archive_no) WHERE archive_no IS NOT NULL""",
    """CREATE INDEX ix_carriers_container ON carriers (container, id) WHERE container IS NOT NULL""",
    """CREATE INDEX ix_carriers_custodian ON carriers (custodian, id) WHERE custodian IS NOT NULL""",
    """CREATE INDEX ix_carriers_document ON carriers (document, copy_no)""",
    """CREATE INDEX ix_carriers_due ON carriers (due, id) WHERE due IS NOT NULL""",
    """CREATE INDEX ix_carriers_foreign ON carriers (foreign_code) WHERE foreign_code IS NOT NULL""",
    """CREATE INDEX ix_carriers_hands ON carriers (hands, due, id) WHERE hands IS NOT NULL""",
    """CREATE INDEX ix_carriers_imported ON carriers (imported, id) WHERE imported IS NOT NULL""",
    """CREATE INDEX ix_carriers_kind ON carriers (kind, id) WHERE kind <> 'paper'""",
    """CREATE INDEX ix_carriers_level ON carriers (level, id)""",
    """CREATE INDEX ix_carriers_level_state ON carriers (level, state, id)""",
    """CREATE INDEX ix_carriers_place ON carriers (place, number) WHERE place IS NOT NULL""",
    """CREATE INDEX ix_carriers_remark ON carriers (id) WHERE remark_due = 1""",
    """CREATE INDEX ix_carriers_slip ON carriers (slip, id) WHERE slip IS NOT NULL""",
    """CREATE INDEX ix_carriers_state ON carriers (state, id)""",
    """CREATE TABLE documents (
    id INTEGER NOT NULL,
    regime TEXT NOT NULL,
    level TEXT NOT NULL,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    short_title TEXT,
    reference TEXT,
    originator TEXT,
    period TEXT,
    caveats TEXT,
    issued TEXT,
    as_written TEXT,
    lifts TEXT,
    scope_units TEXT,
    scope_people TEXT,
    basis TEXT,
    remarks TEXT,
    received INTEGER,
    may_copy INTEGER,
    sources TEXT,
    drafter INTEGER,
    copies_made INTEGER,
    envelope INTEGER,
    slip INTEGER,
    imported INTEGER,
    CONSTRAINT pk_documents PRIMARY KEY (id)
)""",
    """CREATE INDEX ix_documents_derived ON documents (id) WHERE sources IS NOT NULL""",
    """CREATE INDEX ix_documents_imported ON documents (imported) WHERE imported IS NOT NULL""",
    """CREATE INDEX ix_documents_level ON documents (level, id)""",
    """CREATE INDEX ix_documents_lifts ON documents (lifts, id)
    WHERE lifts IS NOT NULL AND state IN ('classified', 'registered')""",
    """CREATE INDEX ix_documents_reference ON documents (reference) WHERE reference IS NOT NULL""",
    """CREATE TABLE drafts (
    account INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_drafts PRIMARY KEY (account, name)
)""",
    """CREATE TABLE envelopes (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    seal TEXT,
    level TEXT,
    items INTEGER,
    sender TEXT,
    intact INTEGER,
    signed_at TEXT,
    signed_by INTEGER,
    opened_at TEXT,
    opened_by INTEGER,
    slip INTEGER,
    channel TEXT,
    CONSTRAINT pk_envelopes PRIMARY KEY (id)
)""",
    """CREATE INDEX ix_envelopes_number ON envelopes (number)""",
    """CREATE INDEX ix_envelopes_state ON envelopes (state, id)""",
    """CREATE TABLE holdings (
    level TEXT NOT NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    custodian INTEGER NOT NULL,
    n INTEGER NOT NULL,
    CONSTRAINT pk_holdings PRIMARY KEY (level, state, kind, custodian),
    CONSTRAINT ck_holdings_not_negative CHECK (n >= 0)
)
 WITHOUT ROWID""",
    """CREATE TABLE imports (
    id INTEGER NOT NULL,
    digest TEXT NOT NULL,
    name TEXT,
    state TEXT NOT NULL,
    read INTEGER,
    registered INTEGER,
    identical INTEGER,
    differing INTEGER,
    rejected INTEGER,
    at TEXT NOT NULL,
    CONSTRAINT pk_imports PRIMARY KEY (id)
)""",
    """CREATE INDEX ix_imports_digest ON imports (digest)""",
    """CREATE TABLE ledger (
    seq INTEGER NOT NULL,
    at TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject INTEGER NOT NULL,
    slip INTEGER,
    body BLOB NOT NULL,
    seal BLOB NOT NULL,
    CONSTRAINT pk_ledger PRIMARY KEY (seq)
)""",
    """CREATE INDEX ix_ledger_of ON ledger (subject_kind, subject, seq)""",
    """CREATE INDEX ix_ledger_slip ON ledger (slip) WHERE slip IS NOT NULL""",
    """CREATE TABLE ledger_head (
    id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    seal BLOB NOT NULL,
    CONSTRAINT pk_ledger_head PRIMARY KEY (id),
    CONSTRAINT ck_ledger_head_one CHECK (id = 1)
)""",
    """CREATE TABLE papers (
    id INTEGER NOT NULL,
    form TEXT NOT NULL,
    version INTEGER NOT NULL,
    "of" TEXT NOT NULL,
    slip INTEGER,
    lines TEXT NOT NULL,
    pdf TEXT NOT NULL,
    anchor INTEGER NOT NULL,
    pages INTEGER NOT NULL,
    language TEXT NOT NULL,
    reprint_of INTEGER,
    printed_at TEXT NOT NULL,
    returned_at TEXT,
    CONSTRAINT pk_papers PRIMARY KEY (id)
)""",
    """CREATE INDEX ix_papers_awaited ON papers (id) WHERE returned_at IS NULL""",
    """CREATE INDEX ix_papers_of ON papers ("of", id)""",
    """CREATE INDEX ix_papers_slip ON papers (slip) WHERE slip IS NOT NULL""",
    """CREATE TABLE parts (
    subject_kind TEXT NOT NULL,
    subject INTEGER NOT NULL,
    part TEXT NOT NULL,
    "key" TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_parts PRIMARY KEY (subject_kind, subject, part, "key")
)
 WITHOUT ROWID""",
    """CREATE INDEX ix_parts_part ON parts (part, "key")""",
    """CREATE TABLE persons (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    department TEXT,
    title TEXT,
    badge TEXT,
    open INTEGER NOT NULL,
    CONSTRAINT pk_persons PRIMARY KEY (id),
    CONSTRAINT uq_persons_badge UNIQUE (badge)
)""",
    """CREATE TABLE places (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    grade INTEGER NOT NULL,
    within INTEGER,
    keeper INTEGER,
    open INTEGER NOT NULL,
    CONSTRAINT pk_places PRIMARY KEY (id)
)""",
    """CREATE TABLE regimes (
    id INTEGER NOT NULL,
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    in_force INTEGER NOT NULL,
    CONSTRAINT pk_regimes PRIMARY KEY (id),
    CONSTRAINT uq_regimes_code_version UNIQUE (code, version)
)""",
    """CREATE TABLE register (
    id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    unit TEXT NOT NULL,
    language TEXT NOT NULL,
    public_key TEXT NOT NULL,
    created TEXT NOT NULL,
    CONSTRAINT pk_register PRIMARY KEY (id),
    CONSTRAINT ck_register_one CHECK (id = 1)
)""",
    """CREATE TABLE scans (
    id INTEGER NOT NULL,
    slip INTEGER NOT NULL,
    side TEXT NOT NULL,
    code TEXT NOT NULL,
    carrier INTEGER,
    verdict TEXT NOT NULL,
    person INTEGER NOT NULL,
    at TEXT NOT NULL,
    CONSTRAINT pk_scans PRIMARY KEY (id)
)""",
    """CREATE INDEX ix_scans_carrier ON scans (slip, carrier)""",
    """CREATE INDEX ix_scans_slip ON scans (slip, id)""",
    """CREATE TABLE secrets (
    name TEXT NOT NULL,
    value BLOB NOT NULL,
    CONSTRAINT pk_secrets PRIMARY KEY (name)
)""",
    """CREATE TABLE series (
    id INTEGER NOT NULL,
    code TEXT NOT NULL,
    next INTEGER NOT NULL,
    CONSTRAINT pk_series PRIMARY KEY (id),
    CONSTRAINT uq_series_code UNIQUE (code)
)""",
    """CREATE TABLE settings (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_settings PRIMARY KEY (name)
)""",
    """CREATE TABLE slip_lines (
    slip INTEGER NOT NULL,
    no INTEGER NOT NULL,
    carrier INTEGER,
    status TEXT NOT NULL,
    data TEXT,
    CONSTRAINT pk_slip_lines PRIMARY KEY (slip, no)
)
 WITHOUT ROWID""",
    """CREATE INDEX ix_slip_lines_carrier ON slip_lines (carrier, slip)""",
    """CREATE TABLE slips (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    action TEXT,
    answers TEXT,
    opened_by INTEGER NOT NULL,
    opened_at TEXT NOT NULL,
    closed_at TEXT,
    regime TEXT,
    level TEXT,
    party INTEGER,
    listed INTEGER,
    done INTEGER,
    due TEXT,
    CONSTRAINT pk_slips PRIMARY KEY (id),
    CONSTRAINT uq_slips_number UNIQUE (number)
)""",
    """CREATE INDEX ix_slips_due ON slips (due, id) WHERE due IS NOT NULL""",
    """CREATE INDEX ix_slips_kind ON slips (kind, id)""",
    """CREATE INDEX ix_slips_opened_by ON slips (opened_by, id)""",
    """CREATE INDEX ix_slips_party ON slips (party, id) WHERE party IS NOT NULL""",
    """CREATE INDEX ix_slips_state ON slips (state, id)""",
    """CREATE TABLE texts (
    digest TEXT NOT NULL,
    salt BLOB NOT NULL,
    words TEXT,
    withdrawn INTEGER,
    CONSTRAINT pk_texts PRIMARY KEY (digest)
)""",
    """CREATE VIRTUAL TABLE search USING fts5(title, short_title, reference, originator, remarks, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER ledger_in_order BEFORE INSERT ON ledger
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger)
BEGIN SELECT RAISE(ROLLBACK, 'not the next entry'); END""",
    """INSERT INTO ledger_head (id, seq, seal) VALUES (1, 0, zeroblob(32))""",
)


def upgrade() -> None:
    """Make every object; the text is what `sqlite_master` will hold."""
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement)
