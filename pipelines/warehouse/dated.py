"""The dated network as it stands at the end of some days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.tables import unit_ancestor

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.base import Warehouse


def stands_last(dated: sa.Table, last: date, *, since: date = date.min) -> sa.ColumnElement[bool]:
    """What holds of a unit on a day; of one that has closed before, on its own last day, if that is not too old."""
    any_time = dated.alias("any_time")
    closed = (
        sa.select(sa.func.max(any_time.c.valid_to))
        .where(any_time.c.unit_id == dated.c.unit_id, any_time.c.valid_from <= last)
        .scalar_subquery()
    )
    day = sa.func.least(closed, sa.literal(last, sa.Date))
    return sa.and_(day >= since, dated.c.valid_from <= day, dated.c.valid_to >= day)


def tree_of(warehouse: Warehouse, connection: sa.Connection, last: date, *, since: date = date.min) -> pd.DataFrame:
    """Every unit with itself and all that stands above it on a day: unit_id, ancestor_id, depth."""
    columns = (unit_ancestor.c.unit_id, unit_ancestor.c.ancestor_id, unit_ancestor.c.depth)
    return warehouse.frame(connection, sa.select(*columns).where(stands_last(unit_ancestor, last, since=since)))
