"""Clients' answers held against a publication: those of the window that ends with its campaign."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.employee_counts import OWN
from pipelines.warehouse.rolling import COUNTS
from pipelines.warehouse.tables import daily_count, unit, unit_ancestor
from pipelines.warehouse.temporary import temporary_table
from symetrie.windows import window

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def asked_units(
    warehouse: Warehouse, connection: sa.Connection, as_of: date, unit_ids: Collection[str]
) -> Iterator[sa.Table]:
    """The (as_of, unit_id) pairs that clients' answers are wanted of, for the length of a `with` block."""
    import pandas as pd

    columns = (sa.Column("as_of", sa.Date), sa.Column("unit_id", sa.Text))
    with temporary_table(connection, "reflected_unit", *columns) as asked:
        warehouse.load(connection, asked, pd.DataFrame({"as_of": pd.Timestamp(as_of), "unit_id": sorted(unit_ids)}))
        yield asked


def counts_by_cut(
    warehouse: Warehouse, connection: sa.Connection, asked: sa.Table, as_of: date, days: int, cut: str
) -> pd.DataFrame:
    """Counts of each asked unit by the value of a cut: unit_id, cut_value, measure and the three counts."""
    value = {"channel": daily_count.c.channel, "operated_by": sa.func.coalesce(unit.c.operated_by, OWN)}[cut]
    keys = (asked.c.unit_id, value.label("cut_value"), daily_count.c.measure)
    answers: sa.Join = daily_count.join(unit_ancestor, stands_under(daily_count)).join(
        asked, asked.c.unit_id == unit_ancestor.c.ancestor_id
    )
    if cut == "operated_by":  # of the day of the answer: a shop may have changed hands since
        answers = answers.outerjoin(unit, _is_that_day(daily_count))
    totals = (sa.cast(sa.func.sum(daily_count.c[name]), sa.BigInteger).label(name) for name in COUNTS)
    is_counted = sa.and_(daily_count.c.business_date.between(*window(as_of, days)), daily_count.c.is_held.is_(False))
    return warehouse.frame(connection, sa.select(*keys, *totals).select_from(answers).where(is_counted).group_by(*keys))


def stands_under(dated: sa.Table) -> sa.ColumnElement[bool]:
    """Joins a row of a unit and a business date to all that stood above the unit on that very day."""
    return sa.and_(
        unit_ancestor.c.unit_id == dated.c.unit_id,
        dated.c.business_date.between(unit_ancestor.c.valid_from, unit_ancestor.c.valid_to),
    )


def _is_that_day(dated: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(unit.c.unit_id == dated.c.unit_id, dated.c.business_date.between(unit.c.valid_from, unit.c.valid_to))
