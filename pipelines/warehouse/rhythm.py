"""What the rhythm of answers is read from: counts per unit, source and day, of a stretch that is bounded.

Answers are counted one by one in `core.client_response`, not as the largest count of `mart.daily_count`: an answer
counts that has only words, none counts twice for its two questionnaires, and only here is it known which source it
came from, so that a source that is missing is not taken for 12,500 quiet shops.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.ledger import CLIENT_FEEDBACK
from pipelines.warehouse.tables import client_response, invitation_count, opening_day, run, unit_ancestor

if TYPE_CHECKING:
    from pipelines.warehouse.typing import AnyRow

IN_TIME = timedelta(days=2)
"""After the business date began in UTC: a run that started later is no morning of that date, but a replay of it."""

CODE = 4096
"""A day and its count in one number, count · CODE + day: a stretch that is read has fewer days."""


def answers_by_day(connection: sa.Connection, first: date, last: date) -> Sequence[AnyRow]:
    """Per unit and source that has answers in the stretch: how many on which day, as coded numbers."""
    answer = client_response.c
    counted = (
        sa.select(answer.unit_id, answer.source, _day(answer.business_date, first), sa.func.count().label("answer"))
        .where(answer.business_date.between(first, last))
        .group_by(answer.unit_id, answer.source, answer.business_date)
        .subquery("counted")
    )
    return _listed(connection, counted, "unit_id", "source")


def closed_days(connection: sa.Connection, first: date, last: date) -> Sequence[AnyRow]:
    """Per unit with a known calendar: the days on which it was closed, as coded numbers."""
    known = opening_day.c
    closed = sa.select(known.unit_id, _day(known.business_date, first)).where(
        known.is_open.is_(False), known.business_date.between(first, last)
    )
    return _listed(connection, closed.subquery("closed"), "unit_id")


def relations(connection: sa.Connection, first: date, last: date) -> Sequence[AnyRow]:
    """Every unit with itself (depth 0) and its parent (depth 1), as dated as it holds within the stretch."""
    row = unit_ancestor.c
    return connection.execute(
        sa.select(row.unit_id, row.ancestor_id, row.depth, row.valid_from, row.valid_to)
        .where(row.depth <= 1, row.valid_from <= last, row.valid_to >= first)
        .order_by(row.unit_id, row.depth)
    ).all()


def first_runs(connection: sa.Connection) -> dict[str, date]:
    """The business date of each source's first run: since then it is asked for answers."""
    asked = sa.select(run.c.source, sa.func.min(run.c.business_date)).where(run.c.pipeline == CLIENT_FEEDBACK)
    return dict(connection.execute(asked.group_by(run.c.source)).all())


def spoke_before(connection: sa.Connection, source: str, day: date) -> bool:
    """Whether a source has given any answer of a day before this one."""
    answer = client_response.c
    earlier = sa.select(sa.literal(1)).where(answer.source == source, answer.business_date < day).limit(1)
    return connection.scalar(earlier) is not None


def arrivals(connection: sa.Connection, first: date, last: date) -> Sequence[AnyRow]:
    """Per source and day of answers: the business date of the run that brought the first of those that still stand."""
    answer = client_response.c
    brought = sa.and_(run.c.run_id == answer.run_id, run.c.source == answer.source)
    return connection.execute(
        sa.select(answer.source, answer.business_date, sa.func.min(run.c.business_date).label("arrived_on"))
        .select_from(client_response.join(run, brought))
        .where(answer.business_date.between(first, last), run.c.business_date <= last)
        .group_by(answer.source, answer.business_date)
    ).all()


def morning_runs(connection: sa.Connection, day: date) -> dict[str, str]:
    """The status of each source's last run of the morning after a day; none where nobody looked in time."""
    begun = datetime.combine(day, datetime.min.time(), UTC)
    rows = connection.execute(
        sa.select(run.c.source, run.c.status)
        .where(
            run.c.pipeline == CLIENT_FEEDBACK,
            run.c.business_date == day,
            run.c.started_at >= begun,
            run.c.started_at < begun + IN_TIME,
        )
        .order_by(run.c.started_at, run.c.finished_at, run.c.run_id)
    )
    return {row.source: row.status for row in rows}


def invitations_by_day(connection: sa.Connection, first: date, last: date) -> Sequence[AnyRow]:
    """Per unit whose invitations are known: how many all sources sent on which day, as coded numbers."""
    sent = invitation_count.c
    counted = (
        sa.select(sent.unit_id, _day(sent.business_date, first), _whole(sa.func.sum(sent.sent_count)).label("answer"))
        .where(sent.business_date.between(first, last))
        .group_by(sent.unit_id, sent.business_date)
    )
    return _listed(connection, counted.subquery("counted"), "unit_id")


def invited_answers_by_day(
    connection: sa.Connection, first: date, last: date, units: Collection[str]
) -> Sequence[AnyRow]:
    """The same of the answers in channels that the unit has sent invitations in."""
    if not units:
        return []
    answer, sent = client_response.c, invitation_count.c
    invited = sa.exists(
        sa.select(sa.literal(1)).where(
            sent.unit_id == answer.unit_id, sent.channel == answer.channel, sent.business_date.between(first, last)
        )
    )
    counted = (
        sa.select(answer.unit_id, _day(answer.business_date, first), sa.func.count().label("answer"))
        .where(answer.business_date.between(first, last), invited)
        .group_by(answer.unit_id, answer.business_date)
    )
    return _listed(connection, counted.subquery("counted"), "unit_id")


def _day(column: sa.ColumnElement[date], first: date) -> sa.Label[int]:
    return sa.cast(sa.type_coerce(column - sa.literal(first, sa.Date), sa.Integer), sa.Integer).label("day")


def _whole(total: sa.ColumnElement[int]) -> sa.Cast[int]:
    return sa.cast(total, sa.BigInteger)


def _listed(connection: sa.Connection, counted: sa.Subquery, *keys: str) -> Sequence[AnyRow]:
    """One row per key, its days and counts as one list: a hundredth of the rows, whichever driver carries them."""
    answers = counted.c.answer if "answer" in counted.c else sa.literal(1)
    coded = sa.func.array_agg(sa.cast(answers, sa.BigInteger) * CODE + counted.c.day).label("coded")
    by = [counted.c[name] for name in keys]
    return connection.execute(sa.select(*by, coded).group_by(*by).order_by(*by)).all()
