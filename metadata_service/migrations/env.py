"""Alembic's entry: runs the revisions on the connection that `metadata_service.migrations` hands over."""

from alembic import context

from metadata_service.tables import Table

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Table.metadata,
    # SQLite changes a table by rebuilding it, and runs DDL in a transaction only when told so.
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    compare_type=True,
    user_module_prefix="",
)
with context.begin_transaction():
    context.run_migrations()
