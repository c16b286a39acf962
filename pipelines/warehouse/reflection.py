"""What reflections are made of: the newest publications, what they tell, and the network of their last day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.dated import stands_last
from pipelines.warehouse.tables import campaign, publication, publication_score, stale_score, unit

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Published:
    """The newest publication of a campaign; `previous_id` is that of the campaign before it of the same source."""

    publication_id: str
    ids: frozenset[str]  # of all publications of the campaign
    campaign_id: str
    previous_id: str | None
    opens_on: date
    closes_on: date
    dimension_count: int
    unanimity_floor: int

    @property
    def window_days(self) -> int:
        """Days of the campaign, both ends included."""
        return (self.closes_on - self.opens_on).days + 1


def newest_publications(connection: sa.Connection) -> list[Published]:
    """The newest publication of every campaign, by its last day."""
    ordered = sa.select(publication).order_by(publication.c.campaign_id, publication.c.number)
    rows = connection.execute(ordered).all()
    by_campaign = {id_: list(found) for id_, found in groupby(rows, lambda row: row.campaign_id)}
    newest_ids = {id_: found[-1].publication_id for id_, found in by_campaign.items()}
    before = _campaigns_before(connection)
    newest = [
        Published(
            publication_id=found[-1].publication_id,
            ids=frozenset(row.publication_id for row in found),
            campaign_id=id_,
            previous_id=newest_ids.get(before.get(id_, "")),
            opens_on=found[-1].opens_on,
            closes_on=found[-1].closes_on,
            dimension_count=found[-1].dimension_count,
            unanimity_floor=found[-1].unanimity_floor,
        )
        for id_, found in by_campaign.items()
    ]
    return sorted(newest, key=lambda each: (each.closes_on, each.publication_id))


def _campaigns_before(connection: sa.Connection) -> dict[str, str]:
    """The campaign of the same source that closed last before each one, published or not: a gap is not skipped."""
    held = campaign.c
    ordered = sa.select(held.source, held.closes_on, held.campaign_id).order_by(
        held.source, held.closes_on, held.opens_on, held.campaign_id
    )
    before: dict[str, str] = {}
    for _, of_source in groupby(connection.execute(ordered).all(), lambda row: row.source):
        closings = [list(same_day) for _, same_day in groupby(of_source, lambda row: row.closes_on)]
        for earlier, later in pairwise(closings):
            before |= {row.campaign_id: earlier[-1].campaign_id for row in later}
    return before


def touched_publications(connection: sa.Connection, client_days: int) -> list[str]:
    """The newest publications of campaigns against which a day of clients' answers is held that has changed."""
    age = sa.type_coerce(publication.c.closes_on - stale_score.c.business_date, sa.Integer)
    is_held_against = sa.and_(age >= 0, age < client_days)
    newest = (
        sa.select(publication.c.campaign_id, sa.func.max(publication.c.number).label("number"))
        .group_by(publication.c.campaign_id)
        .subquery("newest")
    )
    is_newest = sa.and_(newest.c.campaign_id == publication.c.campaign_id, newest.c.number == publication.c.number)
    found = (
        sa.select(publication.c.publication_id)
        .select_from(publication.join(newest, is_newest))
        .where(sa.exists(sa.select(sa.literal(1)).select_from(stale_score).where(is_held_against)))
        .order_by(publication.c.closes_on, publication.c.publication_id)
    )
    return list(connection.scalars(found))


def told_by(warehouse: Warehouse, connection: sa.Connection, publication_ids: Collection[str]) -> pd.DataFrame:
    """Every figure of some publications, hidden ones with their reason."""
    chosen = publication_score.c.publication_id.in_(sorted(publication_ids))
    return _typed(warehouse.frame(connection, sa.select(publication_score).where(chosen)))


def _typed(told: pd.DataFrame) -> pd.DataFrame:
    """The same types whatever the engine's driver makes of a column with nulls."""
    import pandas as pd

    for column in publication_score.columns:
        if isinstance(column.type, sa.BigInteger):
            told[column.name] = pd.to_numeric(told[column.name]).astype("Int64")
        elif isinstance(column.type, sa.Double):
            told[column.name] = pd.to_numeric(told[column.name]).astype("float64")
        elif isinstance(column.type, sa.Boolean):
            told[column.name] = told[column.name].astype(bool)
        else:
            told[column.name] = told[column.name].astype("str")
    return told


def units_on(warehouse: Warehouse, connection: sa.Connection, day: date) -> pd.DataFrame:
    """The units of a day with what they belong to: unit_id, organisation_id, sector, partition_id."""
    columns = (unit.c.unit_id, unit.c.organisation_id, unit.c.sector, unit.c.partition_id)
    return warehouse.frame(connection, sa.select(*columns).where(stands_last(unit, day, since=day)))


def replace_day(
    warehouse: Warehouse, connection: sa.Connection, table: sa.Table, as_of: date, rows: pd.DataFrame
) -> None:
    """Put rows in the place of all that a table of `mart` held of a day."""
    connection.execute(sa.delete(table).where(table.c.as_of == as_of))
    if not rows.empty:
        warehouse.load(connection, table, rows[_columns(table)])


def _columns(table: sa.Table) -> Sequence[Any]:
    return list(table.columns.keys())
