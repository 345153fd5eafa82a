"""What a keeper answers for is found by indexes: whoever is named, or cleared anew, is judged for all of it."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes; their text is what `sqlite_master` will hold."""
    bind = op.get_bind()
    # The level beside the number, not in an index of its own: a move has one entry less to write.
    bind.exec_driver_sql("DROP INDEX ix_carriers_place")
    bind.exec_driver_sql("CREATE INDEX ix_carriers_place ON carriers (place, number, level) WHERE place IS NOT NULL")
    bind.exec_driver_sql("CREATE INDEX ix_places_within ON places (within, id) WHERE within IS NOT NULL")
    bind.exec_driver_sql("CREATE INDEX ix_places_keeper ON places (keeper, id) WHERE keeper IS NOT NULL")
