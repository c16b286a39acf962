"""The dated network of the settings, written to `core` whenever it differs from what stands there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import sqlalchemy as sa

from pipelines.errors import SymetrieError
from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.check import joined_partitions
from pipelines.warehouse.tables import daily_count, opening_day, stale_score, unit, unit_ancestor, unit_parent
from pipelines.warehouse.temporary import temporary_table

if TYPE_CHECKING:
    from pipelines.settings import Network

DAY = "datetime64[us]"
ONE_DAY = timedelta(days=1)


def synchronise_network(warehouse: Warehouse, network: Network) -> None:
    """Write the network of the settings; days counted under a relation that changed are scored again."""
    frames = {unit: _units(network), unit_parent: _parents(network), unit_ancestor: _ancestors(network)}
    with warehouse.reading() as connection:
        if not _differing(warehouse, connection, frames):
            return
    with warehouse.publishing(refreshes_readers=False) as connection:
        former = warehouse.frame(connection, sa.select(unit_ancestor))
        for table in _differing(warehouse, connection, frames):
            connection.execute(sa.delete(table))
            warehouse.load(connection, table, frames[table])
        if joined := joined_partitions(connection):
            raise SymetrieError(f"{joined[0]}; give each partition a top unit of its own")
        if changed_units := _changed(former, frames[unit_ancestor]):
            _mark_stale(warehouse, connection, former, changed_units)


def _differing(warehouse: Warehouse, connection: sa.Connection, frames: dict[sa.Table, pd.DataFrame]) -> list[sa.Table]:
    return [table for table, frame in frames.items() if not _same(warehouse.frame(connection, sa.select(table)), frame)]


def extend_opening_days(
    warehouse: Warehouse, connection: sa.Connection, network: Network, first: date, last: date
) -> None:
    """Make the known opening days cover `first` to `last` and no more, adding only what is missing at either end."""
    connection.execute(sa.delete(opening_day).where(opening_day.c.business_date < first))
    bounds = sa.select(sa.func.min(opening_day.c.business_date), sa.func.max(opening_day.c.business_date))
    earliest, latest = connection.execute(bounds).one()
    spans = [(first, last)] if earliest is None else [(first, earliest - ONE_DAY), (latest + ONE_DAY, last)]
    for start, end in (portion for span in spans for portion in _portions(*span)):
        days = pd.DataFrame(network.opening_days(start, end), columns=opening_day.columns.keys())
        if not days.empty:
            warehouse.load(connection, opening_day, days.astype({"business_date": DAY}))


def forget_opening_days(connection: sa.Connection) -> None:
    """Give up the known opening days: the calendar of the settings has changed."""
    connection.execute(sa.delete(opening_day))


def calendar_mark(network: Network) -> str:
    """A mark of the opening days that the settings give, to see when they change."""
    calendar = [(unit.id, unit.open_on, unit.closed_dates, unit.valid_from, unit.valid_to) for unit in network.units]
    return hashlib.sha256(repr(calendar).encode()).hexdigest()[:16]


def _portions(first: date, last: date) -> Iterator[tuple[date, date]]:
    """A month at a time, to bound memory: 12,500 units make 387,500 rows."""
    while first <= last:
        end = min(first + timedelta(days=30), last)
        yield first, end
        first = end + ONE_DAY


def _units(network: Network) -> pd.DataFrame:
    rows = [
        (
            version.id,
            version.organisation,
            version.kind,
            version.name,
            version.timezone,
            version.sector,
            version.operated_by,
            version.partition,
            version.valid_from,
            version.valid_to,
        )
        for version in network.units
    ]
    return _frame(rows, unit)


def _parents(network: Network) -> pd.DataFrame:
    rows = [
        (version.id, version.parent, version.valid_from, version.valid_to)
        for version in network.units
        if version.parent is not None
    ]
    return _frame(rows, unit_parent)


def _ancestors(network: Network) -> pd.DataFrame:
    return _frame(network.closure(), unit_ancestor)


def _frame(rows: Sequence[tuple[Any, ...]], table: sa.Table) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=table.columns.keys())
    kinds = {column.name: _dtype(column) for column in table.columns}
    ordered: pd.DataFrame = frame.astype(kinds).sort_values(list(frame.columns), ignore_index=True)
    return ordered


def _dtype(column: sa.Column[Any]) -> str:
    if isinstance(column.type, sa.Date):
        return DAY
    return "int64" if isinstance(column.type, sa.Integer) else "str"


def _same(held: pd.DataFrame, wanted: pd.DataFrame) -> bool:
    ordered = held.astype(wanted.dtypes.to_dict()).sort_values(list(held.columns), ignore_index=True)
    return bool(ordered.equals(wanted))


def _changed(former: pd.DataFrame, wanted: pd.DataFrame) -> list[str]:
    """The units whose relations differ; none while the warehouse is still empty."""
    if former.empty:
        return []
    merged = former.astype(wanted.dtypes.to_dict()).merge(wanted, how="outer", indicator=True)
    return sorted(set(merged.loc[merged["_merge"] != "both", "unit_id"]))


def _mark_stale(warehouse: Warehouse, connection: sa.Connection, former: pd.DataFrame, units: list[str]) -> None:
    """The changed units, and whatever stood above them, on every day that they have counts."""
    pairs = former.loc[former["unit_id"].isin(units), ["unit_id", "ancestor_id"]].drop_duplicates()
    itself = pd.DataFrame({"unit_id": units, "ancestor_id": units})
    columns = (sa.Column("unit_id", sa.Text), sa.Column("ancestor_id", sa.Text))
    with temporary_table(connection, "changed_relation", *columns) as relation:
        warehouse.load(connection, relation, pd.concat([pairs, itself]).drop_duplicates())
        days = (
            sa.select(daily_count.c.business_date, relation.c.ancestor_id.label("unit_id"))
            .select_from(daily_count.join(relation, relation.c.unit_id == daily_count.c.unit_id))
            .distinct()
            .subquery("days")
        )
        known = sa.exists(
            sa.select(sa.literal(1)).where(
                stale_score.c.business_date == days.c.business_date, stale_score.c.unit_id == days.c.unit_id
            )
        )
        connection.execute(
            sa.insert(stale_score).from_select(["business_date", "unit_id"], sa.select(days).where(~known))
        )
