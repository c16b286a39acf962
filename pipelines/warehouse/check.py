"""Is the warehouse consistent? Promises that a query can verify, whatever the engine."""

from __future__ import annotations

import sqlalchemy as sa

from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.counts import recount
from pipelines.warehouse.tables import METADATA, client_response, daily_count, run, stale_score, unit, unit_ancestor


def problems(warehouse: Warehouse) -> list[str]:
    """Every inconsistency found, one line each; none in a healthy warehouse."""
    with warehouse.reading() as connection:
        return [
            *_repeated_keys(connection),
            *_lost_records(connection),
            *_wrong_counts(connection),
            *_stale_scores(connection),
            *joined_partitions(connection),
        ]


def joined_partitions(connection: sa.Connection) -> list[str]:
    """Units under a unit of another partition: its figures would join what must never be joined."""
    below, above = unit.alias("below"), unit.alias("above")
    joined = (
        sa.select(below.c.unit_id, above.c.unit_id.label("above_id"))
        .distinct()
        .select_from(unit_ancestor)
        .join(below, below.c.unit_id == unit_ancestor.c.unit_id)
        .join(above, above.c.unit_id == unit_ancestor.c.ancestor_id)
        .where(below.c.partition_id.is_distinct_from(above.c.partition_id))
        .order_by(below.c.unit_id, above.c.unit_id)
    )
    return [
        f"core.unit_ancestor: {row.unit_id} stands under {row.above_id} of another partition; their figures may never"
        " be joined"
        for row in connection.execute(joined)
    ]


def _repeated_keys(connection: sa.Connection) -> list[str]:
    found = []
    for table in METADATA.sorted_tables:
        repeated = sa.select(sa.literal(1)).select_from(table).group_by(*table.primary_key).having(sa.func.count() > 1)
        if number := connection.scalar(sa.select(sa.func.count()).select_from(repeated.subquery())):
            found.append(f"{table.fullname}: {number} keys stand more than once")
    return found


def _lost_records(connection: sa.Connection) -> list[str]:
    went = (
        run.c.loaded_count + run.c.unchanged_count + run.c.superseded_count + run.c.quarantined_count + run.c.held_count
    )
    lost = connection.execute(sa.select(run.c.run_id, run.c.source).where(run.c.received_count != went)).all()
    return [f"ops.run: run {row.run_id}, source {row.source} does not account for every record" for row in lost]


def _wrong_counts(connection: sa.Connection) -> list[str]:
    days = sa.select(client_response.c.business_date, client_response.c.unit_id).distinct().subquery("days")
    wanted, held = recount(days).subquery(), daily_count
    keys = [column.name for column in held.primary_key]
    same = sa.and_(*(wanted.c[key] == held.c[key] for key in keys))
    differs = sa.or_(*(wanted.c[name] != held.c[name] for name in held.columns.keys() if name not in keys))
    wrong = (
        sa.select(sa.func.count())
        .select_from(wanted.outerjoin(held, same))
        .where(sa.or_(held.c.unit_id.is_(None), differs))
    )
    surplus = sa.select(sa.func.count()).select_from(held).where(~sa.exists(sa.select(sa.literal(1)).where(same)))
    number = (connection.scalar(wrong) or 0) + (connection.scalar(surplus) or 0)
    return [f"mart.daily_count: {number} rows differ from the answers"] if number else []


def _stale_scores(connection: sa.Connection) -> list[str]:
    stale = connection.scalar(sa.select(sa.func.count()).select_from(stale_score))
    return [f"mart.score: {stale} unit-days were loaded but not scored yet; run a day"] if stale else []
