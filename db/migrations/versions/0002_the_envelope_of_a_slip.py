"""The receipt's page finds its envelope by an index: a long book made it search them all."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index; the text is what `sqlite_master` will hold."""
    op.get_bind().exec_driver_sql("""CREATE INDEX ix_envelopes_slip ON envelopes (slip) WHERE slip IS NOT NULL""")
