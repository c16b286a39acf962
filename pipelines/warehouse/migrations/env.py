"""Alembic's entry: runs on the connection it is handed, inside the caller's transaction."""

from alembic import context
from alembic.ddl.impl import DefaultImpl

from pipelines.warehouse.base import VERSION_TABLE
from pipelines.warehouse.tables import METADATA


class DuckDBImpl(DefaultImpl):
    """Alembic finds a dialect's behaviour by this name; DuckDB needs nothing special."""

    __dialect__ = "duckdb"
    transactional_ddl = True


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_schemas=True,
    version_table=VERSION_TABLE.name,
    version_table_schema=VERSION_TABLE.schema,
)
with context.begin_transaction():
    context.run_migrations()
