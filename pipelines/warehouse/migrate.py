"""Bringing the schema forward: Alembic migrations that run by themselves, under the publication lock."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
import structlog

from pipelines.errors import SymetrieError
from pipelines.warehouse.base import VERSION_TABLE, Warehouse
from pipelines.warehouse.tables import METADATA, SCHEMAS

log = structlog.get_logger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"


def head_revision() -> str:
    """The newest revision that this code knows; revisions are numbered, and their files begin with the number."""
    return max(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def current_revision(warehouse: Warehouse) -> str | None:
    """The revision of the warehouse, or None while it is empty."""
    with warehouse.reading() as connection:
        return _revision(connection)


def migrate(warehouse: Warehouse) -> bool:
    """Bring the schema to this code's revision, under the lock of publications; True when something was done."""
    head = head_revision()
    is_behind = _is_behind(current_revision(warehouse), head)
    if is_behind:
        is_behind = _migrate(warehouse, head)
    warehouse.revision = head
    return is_behind


def _migrate(warehouse: Warehouse, head: str) -> bool:
    with warehouse.publishing() as connection:
        current = _revision(connection)  # another process may have been faster
        if not _is_behind(current, head):
            return False
        _upgrade(connection)
    log.info("warehouse.migrated", before=current, after=head)
    return True


def _is_behind(current: str | None, head: str) -> bool:
    if current is not None and current > head:
        raise SymetrieError(
            f"warehouse: its schema is at revision {current}, newer than this code's {head}; upgrade the code"
        )
    return current != head


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(VERSION_TABLE.name, schema=VERSION_TABLE.schema):
        return None
    return connection.scalar(sa.select(VERSION_TABLE.c.version_num))


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    for schema in SCHEMAS:
        connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    describe(connection)


def describe(connection: sa.Connection) -> None:
    """Put every table's and column's description into the warehouse itself, where BI tools show them."""
    for table in METADATA.sorted_tables:
        connection.execute(sa.schema.SetTableComment(table))
        for column in table.columns:
            connection.execute(sa.schema.SetColumnComment(column))
