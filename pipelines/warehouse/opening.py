"""Opening a warehouse by its URL, its schema brought up to date on first use."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.migrate import migrate


def open_warehouse(url: str, home: Path) -> Warehouse:
    """The warehouse behind a SQLAlchemy URL; its schema is migrated forward where it is older than the code."""
    warehouse = _adapter(url, home)
    try:
        if migrate(warehouse):
            warehouse.keep_private()
    except BaseException:
        warehouse.close()
        raise
    return warehouse


def _adapter(url: str, home: Path) -> Warehouse:
    try:
        dialect = sa.make_url(url).get_backend_name()
    except sa.exc.ArgumentError:
        raise SymetrieError("warehouse: not a SQLAlchemy URL; write duckdb:///file or postgresql+psycopg://…") from None
    if dialect == "duckdb":
        from pipelines.warehouse.on_duckdb import DuckDBWarehouse

        return DuckDBWarehouse(url, home)
    if dialect == "postgresql":
        from pipelines.warehouse.on_postgresql import PostgreSQLWarehouse

        return PostgreSQLWarehouse(_through_psycopg(url), home)
    raise SymetrieError(f"warehouse: engine {dialect} is not supported; use duckdb or postgresql")


def _through_psycopg(url: str) -> str:
    """Name the driver: SQLAlchemy 2.0 and 2.1 read a bare postgresql:// differently."""
    return sa.make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
