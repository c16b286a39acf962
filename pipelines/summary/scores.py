"""The scores that summaries stand on: as `mart.score` holds them, else computed from the counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pipelines.summary.among import among
from pipelines.summary.figures import MeasureScore
from pipelines.warehouse import Warehouse
from pipelines.warehouse.rolling import window_counts
from pipelines.warehouse.tables import score
from pipelines.warehouse.temporary import temporary_table
from symetrie.judgement import judge
from symetrie.verdicts import MORNING_LINES
from symetrie.windows import BASELINE_DAYS, WINDOWS

if TYPE_CHECKING:
    import pandas as pd

CLIENT = "client"
CONTEXT_WINDOWS = (28, 91)

COLUMNS = ("as_of", "unit_id", *MeasureScore.__dataclass_fields__)


@dataclass(frozen=True)
class Scores:
    """Scores by unit: of the morning measures by window, of the others, and of the 28 days before each window."""

    morning: Mapping[str, Mapping[tuple[str, int], MeasureScore]]
    context: Mapping[str, Mapping[tuple[str, int], MeasureScore]]
    baseline: Mapping[str, Mapping[tuple[str, int], MeasureScore]]


def read_scores(
    warehouse: Warehouse,
    connection: sa.Connection,
    business_date: date,
    asked: Collection[str],
    perimeter: Collection[str],
) -> Scores:
    """Read what the asked units need, and the morning measures of every unit below them."""
    morning_keys = set(MORNING_LINES)
    baselines = {business_date - timedelta(days=window): window for window in WINDOWS}
    morning: _ByUnit = defaultdict(dict)
    context: _ByUnit = defaultdict(dict)
    baseline: _ByUnit = defaultdict(dict)
    for as_of, unit_id, each in _rows(warehouse, connection, [business_date, *baselines], asked, perimeter):
        if as_of != business_date:
            if each.measure in morning_keys and each.window_days == BASELINE_DAYS:
                baseline[unit_id][each.measure, baselines[as_of]] = each
            continue
        if each.measure in morning_keys:
            morning[unit_id][each.measure, each.window_days] = each
        if each.window_days in CONTEXT_WINDOWS:
            context[unit_id][each.measure, each.window_days] = each
    return Scores(morning, context, baseline)


_ByUnit = dict[str, dict[tuple[str, int], MeasureScore]]


def _rows(
    warehouse: Warehouse,
    connection: sa.Connection,
    days: list[date],
    asked: Collection[str],
    perimeter: Collection[str],
) -> Iterator[tuple[date, str, MeasureScore]]:
    stored = set(connection.scalars(sa.select(score.c.as_of).where(score.c.as_of.in_(days)).distinct()))
    for as_of, unit_id, *held in connection.execute(_stored_scores(days, asked, perimeter)).all():
        yield as_of, unit_id, MeasureScore(*held)
    if missing := [day for day in days if day not in stored]:
        yield from _computed(warehouse, connection, missing, perimeter)


def _stored_scores(days: list[date], asked: Collection[str], perimeter: Collection[str]) -> sa.Select[Any]:
    business_date, *before = days
    is_morning = score.c.measure.in_(sorted(MORNING_LINES))
    wanted = sa.or_(
        sa.and_(score.c.as_of == business_date, is_morning, among(score.c.unit_id, perimeter)),
        sa.and_(
            score.c.as_of == business_date,
            score.c.window_days.in_(CONTEXT_WINDOWS),
            among(score.c.unit_id, asked),
        ),
        sa.and_(
            score.c.as_of.in_(before),
            is_morning,
            score.c.window_days == BASELINE_DAYS,
            among(score.c.unit_id, asked),
        ),
    )
    return sa.select(*(score.c[name] for name in COLUMNS)).where(
        score.c.as_of.in_(days), score.c.side == CLIENT, wanted
    )


def _computed(
    warehouse: Warehouse, connection: sa.Connection, days: list[date], perimeter: Collection[str]
) -> Iterator[tuple[date, str, MeasureScore]]:
    """Scores of days that are not kept, or that nobody has scored yet."""
    import pandas as pd

    pairs = pd.MultiIndex.from_product([pd.to_datetime(days), sorted(perimeter)], names=["as_of", "unit_id"])
    columns: list[sa.Column[Any]] = [sa.Column("as_of", sa.Date), sa.Column("unit_id", sa.Text)]
    with temporary_table(connection, "summary_score", *columns) as affected:
        warehouse.load(connection, affected, pairs.to_frame(index=False))
        judged = judge(window_counts(warehouse, connection, affected))
    return _records(judged)


def _records(judged: pd.DataFrame) -> Iterator[tuple[date, str, MeasureScore]]:
    columns = judged[[*COLUMNS]].astype(object)
    for as_of, unit_id, *rest in columns.where(columns.notna(), None).itertuples(index=False, name=None):
        yield as_of.date(), unit_id, MeasureScore(*rest)
