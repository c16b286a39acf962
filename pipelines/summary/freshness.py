"""How fresh each source is at the business date: fresh, late by some days, or stale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from pipelines.summary.figures import SourceFreshness
from pipelines.warehouse.ledger import last_runs
from pipelines.warehouse.tables import client_response, opening_day
from symetrie.windows import WINDOWS, window


def read_freshness(
    connection: sa.Connection, business_date: date, sources: Sequence[str], stale_after_days: int
) -> tuple[SourceFreshness, ...]:
    """The newest day each source has answers of, how late that is, and what came of its last run.

    A day on which every unit of a source was closed makes it no later.
    """
    newest, runs = _newest_days(connection, business_date), last_runs(connection)
    closed = _closed_days(connection, newest, business_date)
    late = {
        source: sum((source, day) not in closed for day in _days_between(last, business_date))
        for source, last in newest.items()
    }
    return tuple(
        SourceFreshness(
            source=source,
            newest_answer_on=newest.get(source),
            days_late=late.get(source),
            last_run_status=runs[source].status if source in runs else None,
            is_stale=late.get(source) is None or late[source] > stale_after_days,
        )
        for source in sources
    )


def _days_between(last: date, business_date: date) -> list[date]:
    """The days after the newest answer, up to the business date."""
    return [last + timedelta(days=number) for number in range(1, (business_date - last).days + 1)]


def _closed_days(connection: sa.Connection, newest: Mapping[str, date], business_date: date) -> set[tuple[str, date]]:
    """Of the sources that are late, the days on which every unit that they speak of is known to have been closed."""
    silent = {source: last for source, last in newest.items() if last < business_date}
    if not silent:
        return set()
    answer, first = client_response.c, min(silent.values())
    speaks_of = (
        sa.select(answer.source, answer.unit_id)
        .where(answer.source.in_(silent), answer.business_date.between(*window(business_date, max(WINDOWS))))
        .distinct()
        .cte("speaks_of")
    )
    units = sa.select(speaks_of.c.source, sa.func.count().label("number")).group_by(speaks_of.c.source).cte("units")
    closed = (
        sa.select(speaks_of.c.source, opening_day.c.business_date)
        .join(opening_day, opening_day.c.unit_id == speaks_of.c.unit_id)
        .join(units, units.c.source == speaks_of.c.source)
        .where(opening_day.c.is_open.is_(False), opening_day.c.business_date.between(first, business_date))
        .group_by(speaks_of.c.source, opening_day.c.business_date, units.c.number)
        .having(sa.func.count() == units.c.number)
    )
    return {(source, day) for source, day in connection.execute(closed)}


def _newest_days(connection: sa.Connection, business_date: date) -> dict[str, date]:
    answer = client_response.c
    found = connection.execute(
        sa.select(answer.source, sa.func.max(answer.business_date).label("newest"))
        .where(answer.business_date.between(*window(business_date, max(WINDOWS))))
        .group_by(answer.source)
    )
    return {row.source: row.newest for row in found}
