"""Rolling windows from the daily counts alone, rolled up the tree that each day had."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.tables import daily_count, unit_ancestor
from symetrie.windows import LONGEST_LOOKBACK, WINDOWS

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.typing import AnySelect

COUNTS = ("answer_count", "favourable_count", "unfavourable_count")


def window_counts(
    warehouse: Warehouse, connection: sa.Connection, affected: sa.Table, windows: Sequence[int] = WINDOWS
) -> pd.DataFrame:
    """Counts of every window and of the one before it, for each (as_of, unit_id) of `affected`.

    One row per (as_of, unit_id, measure, window_days) that has answers, with the columns that `judge` takes.
    """
    bounds = connection.execute(sa.select(sa.func.min(affected.c.as_of), sa.func.max(affected.c.as_of))).one()
    wide = warehouse.frame(connection, _wide_windows(affected, *bounds, windows))
    return _one_row_per_window(wide, windows)


def rolled_up_days(first: date, last: date) -> AnySelect:
    """Daily counts of every unit and all that stood above it on that very day, held answers left out."""
    relation = sa.and_(
        unit_ancestor.c.unit_id == daily_count.c.unit_id,
        daily_count.c.business_date >= unit_ancestor.c.valid_from,
        daily_count.c.business_date <= unit_ancestor.c.valid_to,
    )
    keys = (daily_count.c.business_date, unit_ancestor.c.ancestor_id.label("unit_id"), daily_count.c.measure)
    return (
        sa.select(*keys, *(_total(daily_count.c[name]).label(name) for name in COUNTS))
        .select_from(daily_count.join(unit_ancestor, relation))
        .where(daily_count.c.business_date.between(first, last), daily_count.c.is_held.is_(False))
        .group_by(*keys)
    )


def _wide_windows(affected: sa.Table, first: date, last: date, windows: Sequence[int]) -> AnySelect:
    wanted_units = unit_ancestor.c.ancestor_id.in_(sa.select(affected.c.unit_id))
    earliest = first - timedelta(days=LONGEST_LOOKBACK - 1)
    days = rolled_up_days(earliest, last).where(wanted_units).subquery("days")
    age = sa.type_coerce(affected.c.as_of - days.c.business_date, sa.Integer)
    keys = (affected.c.as_of, affected.c.unit_id, days.c.measure)
    totals = [
        _total(sa.case((sa.and_(age >= start, age < start + length), days.c[name]), else_=0)).label(
            _label(prefix, name, length)
        )
        for length in windows
        for prefix, start in (("", 0), ("previous_", length))
        for name in COUNTS
    ]
    in_reach = sa.and_(days.c.unit_id == affected.c.unit_id, age >= 0, age < LONGEST_LOOKBACK)
    return sa.select(*keys, *totals).select_from(affected.join(days, in_reach)).group_by(*keys)


def _total(column: sa.ColumnElement[Any]) -> sa.Cast[int]:
    return sa.cast(sa.func.sum(column), sa.BigInteger)


def _label(prefix: str, name: str, length: int) -> str:
    return f"{prefix}{name}_{length}"


def _one_row_per_window(wide: pd.DataFrame, windows: Sequence[int]) -> pd.DataFrame:
    import pandas as pd

    columns = [f"{prefix}{name}" for prefix in ("", "previous_") for name in COUNTS]
    parts = []
    for length in windows:
        part = wide[["as_of", "unit_id", "measure"]].assign(window_days=length)
        part[columns] = wide[[f"{column}_{length}" for column in columns]]
        parts.append(part[part["answer_count"] > 0])
    return pd.concat(parts, ignore_index=True)
