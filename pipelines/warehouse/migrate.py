"""Bringing the schema forward: Alembic migrations that run by themselves, under the publication lock."""

from __future__ import annotations

import logging
from pathlib import Path

import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.tables import METADATA, SCHEMAS

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = sa.Table("schema_version", sa.MetaData(), sa.Column("version_num", sa.Text), schema="ops")


def head_revision() -> str:
    """The newest revision that this code knows; revisions are numbered, and their files begin with the number."""
    return max(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def current_revision(warehouse: Warehouse) -> str | None:
    """The revision of the warehouse, or None while it is empty."""
    with warehouse.reading() as connection:
        if not sa.inspect(connection).has_table(VERSION_TABLE.name, schema=VERSION_TABLE.schema):
            return None
        return connection.scalar(sa.select(VERSION_TABLE.c.version_num))


def migrate(warehouse: Warehouse) -> bool:
    """Bring the schema to this code's revision; True when something was done."""
    current, head = current_revision(warehouse), head_revision()
    if current == head:
        return False
    if current is not None and current > head:
        raise SymetrieError(
            f"warehouse: its schema is at revision {current}, newer than this code's {head}; upgrade the code"
        )
    with warehouse.publishing() as connection:
        _upgrade(connection)
    log.info("warehouse.migrated from=%s to=%s", current, head)
    return True


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    for schema in SCHEMAS:
        connection.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    _describe(connection)


def _describe(connection: sa.Connection) -> None:
    """Put every table's and column's description into the warehouse itself, where BI tools show them."""
    for table in METADATA.sorted_tables:
        connection.execute(sa.schema.SetTableComment(table))
        for column in table.columns:
            connection.execute(sa.schema.SetColumnComment(column))
