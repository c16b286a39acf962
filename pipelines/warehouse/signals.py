"""What signals are computed from: the answers of a day, who stood where on it, and what was remembered before it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.tables import daily_count, signal_state, unit

if TYPE_CHECKING:
    import pandas as pd

    from pipelines.warehouse.typing import AnyRow


def answers_of(connection: sa.Connection, day: date) -> pd.DataFrame:
    """Per unit, measure, channel and version of the questionnaire: answers, favourable and unfavourable ones."""
    import pandas as pd

    counted = daily_count.c
    names = (counted.unit_id, counted.measure, counted.channel, counted.questionnaire_version)
    counts = (counted.answer_count, counted.favourable_count, counted.unfavourable_count)
    chosen = sa.select(*names, *counts).where(counted.business_date == day, counted.is_held.is_(False))
    rows = connection.execute(chosen.order_by(*names))
    return pd.DataFrame(rows.all(), columns=list(rows.keys()))


def partitions(connection: sa.Connection, first: date, last: date) -> Sequence[AnyRow]:
    """The partition of every unit, dated."""
    row = unit.c
    chosen = sa.select(
        row.unit_id, sa.func.coalesce(row.partition_id, "").label("partition_id"), row.valid_from, row.valid_to
    )
    return connection.execute(chosen.where(row.valid_from <= last, row.valid_to >= first)).all()


def remembered_before(connection: sa.Connection, day: date) -> tuple[date | None, dict[str, bytes]]:
    """The last day before this one that is remembered, and the memory of each partition after it."""
    state = signal_state.c
    last: date | None = connection.scalar(sa.select(sa.func.max(state.business_date)).where(state.business_date < day))
    if last is None:
        return None, {}
    kept = connection.execute(sa.select(state.partition_id, state.memory).where(state.business_date == last))
    return last, {partition: bytes(memory) for partition, memory in kept}


def first_day(connection: sa.Connection) -> date | None:
    """The first business date that has counts."""
    day: date | None = connection.scalar(sa.select(sa.func.min(daily_count.c.business_date)))
    return day


def last_day(connection: sa.Connection) -> date | None:
    """The last business date that has counts."""
    day: date | None = connection.scalar(sa.select(sa.func.max(daily_count.c.business_date)))
    return day


def remember(connection: sa.Connection, day: date, memories: dict[str, bytes], forgotten: Collection[date]) -> None:
    """Keep the memories after a day, and nothing that stood for it or for days that are no longer kept."""
    state = signal_state.c
    connection.execute(sa.delete(signal_state).where(state.business_date.in_({day, *forgotten})))
    rows = [{"business_date": day, "partition_id": each, "memory": memory} for each, memory in memories.items()]
    if rows:
        connection.execute(sa.insert(signal_state), rows)


def remembered_days(connection: sa.Connection) -> list[date]:
    """The days after which the memory is kept."""
    return list(connection.scalars(sa.select(signal_state.c.business_date).distinct()))
