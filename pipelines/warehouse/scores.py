"""`mart.score`: which scores a change touches, and how they are replaced."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.warehouse.alerts_looked import note_changed_days
from pipelines.warehouse.base import Warehouse
from pipelines.warehouse.ledger import SCORE, last_scored
from pipelines.warehouse.spans import in_span_of
from pipelines.warehouse.tables import daily_count, run, score, stale_score, unit_ancestor
from pipelines.warehouse.temporary import temporary_table
from symetrie.windows import LONGEST_LOOKBACK

if TYPE_CHECKING:
    import pandas as pd

CLIENT = "client"
SUNDAY = 6
"""The weekday whose scores stay once the daily ones have been given up: a week ends on it."""


@dataclass(frozen=True)
class ScoreSettings:
    """What the stored scores depend on besides the counts: when it changes, they are computed again."""

    windows: list[int]
    daily_for: int
    calendar: str


def last_scoring(connection: sa.Connection) -> tuple[date | None, ScoreSettings | None]:
    """The last business date that scores were computed for, and the settings of the newest scoring."""
    scorings = run.c.pipeline == SCORE
    newest = sa.select(run.c.detail).where(scorings).order_by(run.c.finished_at.desc(), run.c.run_id).limit(1)
    detail = connection.scalar(newest)
    return last_scored(connection), None if detail is None else ScoreSettings(**json.loads(detail)["settings"])


def days_with_answers(connection: sa.Connection, since: date | None = None) -> set[date]:
    """The business dates that have counts, all of them or from one on."""
    days = sa.select(daily_count.c.business_date).distinct()
    return set(connection.scalars(days if since is None else days.where(daily_count.c.business_date >= since)))


def first_answer(connection: sa.Connection) -> date | None:
    """The first business date that has counts."""
    first: date | None = connection.scalar(sa.select(sa.func.min(daily_count.c.business_date)))
    return first


def stale_days(connection: sa.Connection) -> set[date]:
    """The days whose counts changed since the scores were last computed."""
    return set(connection.scalars(sa.select(stale_score.c.business_date).distinct()))


def is_kept(as_of: date, last: date, daily_for: int) -> bool:
    """Whether scores of a day are stored: every day of the last `daily_for`, before that every Sunday."""
    return as_of > last - timedelta(days=daily_for) or as_of.weekday() == SUNDAY


@contextmanager
def affected_scores(connection: sa.Connection, *, new: list[date], known: list[date]) -> Iterator[sa.Table]:
    """The (as_of, unit_id) pairs to compute: every unit on new days, and on known ones what changed below it."""
    with (
        temporary_table(connection, "affected_score", *_affected_columns()) as affected,
        temporary_table(connection, "known_day", sa.Column("as_of", sa.Date)) as known_days,
    ):
        if new:
            _insert_days(connection, known_days, new)
            connection.execute(_all_units_on(known_days, affected))
            connection.execute(sa.delete(known_days))
        if known:
            _insert_days(connection, known_days, known)
            connection.execute(_changed_units_on(known_days, affected))
        yield affected


@contextmanager
def one_score(connection: sa.Connection, unit_id: str, as_of: date) -> Iterator[sa.Table]:
    """The one (as_of, unit_id) pair that somebody asks for."""
    with temporary_table(connection, "affected_score", *_affected_columns()) as affected:
        connection.execute(sa.insert(affected).values(as_of=as_of, unit_id=unit_id))
        yield affected


def _affected_columns() -> tuple[sa.Column[Any], ...]:
    return (sa.Column("as_of", sa.Date), sa.Column("unit_id", sa.Text))


def _insert_days(connection: sa.Connection, table: sa.Table, days: list[date]) -> None:
    connection.execute(sa.insert(table), [{"as_of": day} for day in days])


def _all_units_on(days: sa.Table, affected: sa.Table) -> sa.Insert:
    units = sa.select(unit_ancestor.c.ancestor_id.label("unit_id")).distinct().subquery("units")
    return sa.insert(affected).from_select(
        ["as_of", "unit_id"], sa.select(days.c.as_of, units.c.unit_id).select_from(days.join(units, sa.true()))
    )


def _changed_units_on(days: sa.Table, affected: sa.Table) -> sa.Insert:
    """A changed day reaches every window that contains it, and every unit above: also one that no longer is."""
    relation = sa.and_(
        unit_ancestor.c.unit_id == stale_score.c.unit_id,
        stale_score.c.business_date >= unit_ancestor.c.valid_from,
        stale_score.c.business_date <= unit_ancestor.c.valid_to,
    )
    changed = sa.union(
        sa.select(stale_score.c.business_date, stale_score.c.unit_id),
        sa.select(stale_score.c.business_date, unit_ancestor.c.ancestor_id).select_from(
            stale_score.join(unit_ancestor, relation)
        ),
    ).subquery("changed")
    age = sa.type_coerce(days.c.as_of - changed.c.business_date, sa.Integer)
    pairs = (
        sa.select(days.c.as_of, changed.c.unit_id)
        .select_from(days.join(changed, sa.and_(age >= 0, age < LONGEST_LOOKBACK)))
        .distinct()
    )
    return sa.insert(affected).from_select(["as_of", "unit_id"], pairs)


def replace_scores(warehouse: Warehouse, connection: sa.Connection, affected: sa.Table, scores: pd.DataFrame) -> None:
    """Put the computed scores in the place of the affected ones."""
    same = sa.and_(affected.c.as_of == score.c.as_of, affected.c.unit_id == score.c.unit_id)
    is_affected = in_span_of(connection, score.c.as_of, affected.c.as_of) & sa.exists(
        sa.select(sa.literal(1)).where(same)
    )
    connection.execute(sa.delete(score).where(score.c.side == CLIENT, is_affected))
    warehouse.load(connection, score, scores.assign(side=CLIENT, is_hidden=False))


def clear_stale(connection: sa.Connection) -> None:
    """Forget the changed days: their scores are computed. Whoever looks for alerts still sees that they changed."""
    note_changed_days(connection)
    connection.execute(sa.delete(stale_score))


def prune(connection: sa.Connection, last: date, daily_for: int) -> list[date]:
    """Drop daily scores that are older than the settings keep, except the Sundays; gives the days dropped."""
    limit = last - timedelta(days=daily_for)
    is_old = sa.and_(score.c.side == CLIENT, score.c.as_of <= limit)  # what was published of employees stays
    stored = connection.scalars(sa.select(score.c.as_of).where(is_old).distinct()).all()
    if dropped := [day for day in stored if not is_kept(day, last, daily_for)]:
        connection.execute(sa.delete(score).where(score.c.side == CLIENT, score.c.as_of.in_(dropped)))
    return dropped
