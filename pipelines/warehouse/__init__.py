"""The warehouse: one door for DuckDB and PostgreSQL, the tables, their migrations, and what is written to them."""

from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.opening import open_warehouse

__all__ = ["Warehouse", "open_warehouse"]
