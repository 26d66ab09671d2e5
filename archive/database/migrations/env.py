"""Run by Alembic for each upgrade, on the connection that :func:`archive.database.migrations.upgrade` hands
over."""

from alembic import context

from archive.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
