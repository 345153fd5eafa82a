"""${message}."""

from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Say what changes, in SQL that stays what it is: never by importing app.store.schema."""
    ${upgrades if upgrades else "op.execute()"}


def downgrade() -> None:
    """A register is never taken back; an older program opens the backup made before."""
    raise NotImplementedError
