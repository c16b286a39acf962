"""`mart.daily_count`: the counts of a day are always replaced whole, from the answers themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.tables import client_response, daily_count, stale_score
from symetrie.measures import CLIENT_MEASURES, Measure

if TYPE_CHECKING:
    from pipelines.warehouse.typing import AnyCompoundSelect, AnySelect

COUNTED_STATUSES = ("published", "held")
KEYS = ("business_date", "unit_id", "channel", "questionnaire_version")


def replace_daily_counts(connection: sa.Connection, touched: sa.Table) -> None:
    """Recount the touched (business_date, unit_id) pairs, and note that their scores are stale."""
    connection.execute(sa.delete(daily_count).where(_is_touched(daily_count, touched)))
    connection.execute(sa.insert(daily_count).from_select(daily_count.columns.keys(), recount(touched)))
    connection.execute(sa.delete(stale_score).where(_is_touched(stale_score, touched)))
    connection.execute(
        sa.insert(stale_score).from_select(
            ["business_date", "unit_id"], sa.select(touched.c.business_date, touched.c.unit_id)
        )
    )


def _is_touched(table: sa.Table, touched: sa.Table) -> sa.ColumnElement[bool]:
    return sa.exists(
        sa.select(sa.literal(1)).where(
            touched.c.business_date == table.c.business_date, touched.c.unit_id == table.c.unit_id
        )
    )


def recount(touched: sa.FromClause) -> AnyCompoundSelect:
    """One scan of the answers for all measures, then one row per measure that was answered."""
    wide = _wide_counts(touched)
    return sa.union_all(*(_long_counts(wide, measure) for measure in CLIENT_MEASURES))


def _wide_counts(touched: sa.FromClause) -> sa.CTE:
    answers = client_response
    same_day = (answers.c.business_date == touched.c.business_date) & (answers.c.unit_id == touched.c.unit_id)
    keys = [answers.c[name] for name in KEYS]
    is_held = (answers.c.status == "held").label("is_held")
    counts = [count for measure in CLIENT_MEASURES for count in _counts_of(measure)]
    return (
        sa.select(*keys, is_held, *counts)
        .select_from(answers.join(touched, same_day))
        .where(answers.c.status.in_(COUNTED_STATUSES))
        .group_by(*keys, is_held)
        .cte("wide")
    )


def _counts_of(measure: Measure) -> list[sa.Label[int]]:
    mark = client_response.c[measure.column]
    return [
        sa.func.count(mark).label(f"{measure.key}_answers"),
        _count_where(mark >= measure.favourable_from).label(f"{measure.key}_favourable"),
        _count_where(mark <= measure.unfavourable_to).label(f"{measure.key}_unfavourable"),
        sa.cast(sa.func.coalesce(sa.func.sum(mark), 0), sa.BigInteger).label(f"{measure.key}_sum"),
    ]


def _count_where(condition: sa.ColumnElement[bool]) -> sa.Cast[int]:
    return sa.cast(sa.func.sum(sa.case((condition, 1), else_=0)), sa.BigInteger)


def _long_counts(wide: sa.CTE, measure: Measure) -> AnySelect:
    answers = wide.c[f"{measure.key}_answers"]
    by_name = {
        "measure": sa.literal(measure.key, sa.Text),
        "answer_count": answers,
        "favourable_count": wide.c[f"{measure.key}_favourable"],
        "unfavourable_count": wide.c[f"{measure.key}_unfavourable"],
        "value_sum": wide.c[f"{measure.key}_sum"],
    }
    columns = [(by_name[name] if name in by_name else wide.c[name]).label(name) for name in daily_count.columns.keys()]
    return sa.select(*columns).where(answers > 0)
