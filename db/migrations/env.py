"""What alembic runs: revisions on the connection that app.store.database.migrate hands over.

There is no address to connect to here: the key of a register is in no URL and no file. A revision never imports
app.store.schema, which goes on changing, while what a revision did must stay what it was.
"""

from alembic import context

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Revisions run through app.store.database.migrate, which holds the key.")

# SQLite's tables can be rolled back too, and a register half migrated is no register.
context.configure(connection=connection, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
