"""What changed of the days told before: since the last summary of each unit, rolled up over the tree of each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from pipelines.summary.among import among
from pipelines.summary.figures import Corrections
from pipelines.summary.tree import stood_under
from pipelines.warehouse.tables import correction, outbox, summary, unit_ancestor

TOLD_DAYS = 28
"""Older days stand in no figure that a summary compares with."""

NOON = time(12, tzinfo=UTC)
"""Between the summary of one morning and the runs before the next, where no summary says when it was written."""

FAR_AHEAD = datetime(9999, 1, 1, tzinfo=UTC)


def read_corrections(
    connection: sa.Connection, business_date: date, asked: Collection[str]
) -> Mapping[str, Corrections]:
    """The corrections that each unit's summary of a day has to name; none where nothing told before has changed."""
    by_unit: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    for row in connection.execute(_corrected(business_date, asked)):
        by_unit[row.ancestor_id].append(row)
    return {unit_id: _added_up(rows) for unit_id, rows in by_unit.items() if unit_id in asked}


def _added_up(rows: list[sa.Row[Any]]) -> Corrections:
    return Corrections(
        late_count=sum(row.late for row in rows),
        edited_count=sum(row.edited for row in rows),
        withdrawn_count=sum(row.withdrawn for row in rows),
        days=tuple(row.business_date for row in rows),
        since=rows[0].since,
    )


def _corrected(business_date: date, asked: Collection[str]) -> sa.Select[Any]:
    """Per unit asked and corrected day: how many answers came late, changed or left after the day was told."""
    earlier, later = summary.c.business_date < business_date, summary.c.business_date > business_date
    before = _told(sa.func.max(summary.c.business_date), earlier, "told_before")
    after = _told(sa.func.min(summary.c.business_date), later, "told_after")
    noon = datetime.combine(business_date, NOON)
    opened = sa.func.coalesce(before.c.told_at, _instant(noon))
    closed = sa.func.coalesce(
        after.c.told_at,
        sa.case((before.c.told_at.is_(None), _instant(noon + timedelta(days=1))), else_=_instant(FAR_AHEAD)),
    )
    unit_id = unit_ancestor.c.ancestor_id
    counts = [(correction.c[f"{kind}_count"], kind) for kind in ("late", "edited", "withdrawn")]
    return (
        sa.select(
            unit_id,
            correction.c.business_date,
            before.c.business_date.label("since"),
            *(sa.cast(sa.func.sum(count), sa.BigInteger).label(kind) for count, kind in counts),
        )
        .select_from(
            correction.join(unit_ancestor, stood_under(correction.c.unit_id, correction.c.business_date))
            .outerjoin(before, before.c.unit_id == unit_id)
            .outerjoin(after, after.c.unit_id == unit_id)
        )
        .where(
            correction.c.business_date > business_date - timedelta(days=TOLD_DAYS),
            correction.c.business_date < business_date,
            correction.c.corrected_at > opened,
            correction.c.corrected_at <= closed,
            among(unit_id, asked),
        )
        .group_by(unit_id, correction.c.business_date, before.c.business_date)
        .order_by(unit_id, correction.c.business_date)
    )


def _told(day: sa.ColumnElement[date], is_asked: sa.ColumnElement[bool], name: str) -> sa.Subquery:
    """The day that the nearest summary of each unit spoke of, and when it was told.

    A summary written anew after its mail was queued is not mailed again: what it says by then, the next one repeats.
    """
    nearest = sa.select(summary.c.unit_id, day.label("business_date")).where(is_asked).group_by(summary.c.unit_id)
    of_day = nearest.subquery(f"{name}_day")
    same_day = sa.and_(summary.c.unit_id == of_day.c.unit_id, summary.c.business_date == of_day.c.business_date)
    mailed = sa.and_(*(outbox.c[key] == summary.c[key] for key in ("business_date", "recipient_id", "unit_id")))
    queued_at = sa.func.coalesce(outbox.c.created_at, summary.c.written_at)
    told_at = sa.func.min(sa.func.least(summary.c.written_at, queued_at))
    return (
        sa.select(of_day.c.unit_id, of_day.c.business_date, told_at.label("told_at"))
        .select_from(of_day.join(summary, same_day).outerjoin(outbox, mailed))
        .group_by(of_day.c.unit_id, of_day.c.business_date)
        .subquery(name)
    )


def _instant(moment: datetime) -> sa.BindParameter[datetime]:
    return sa.literal(moment, correction.c.corrected_at.type)
