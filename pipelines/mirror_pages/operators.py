"""Own and partner teams side by side, where both may be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from pipelines.mirror_pages.records import Estimate, OperatorLine, OperatorScore
from pipelines.summary.among import among
from pipelines.warehouse.tables import breakdown
from symetrie.dimensions import DIMENSIONS

OPERATED_BY, OWN = "operated_by", "own"

# In the order they are read: the two that say most, then the dimensions, clients beside teams.
LINES: tuple[tuple[str, str], ...] = (
    ("client", "overall"),
    ("employee", "engagement"),
    *((side, dimension.key) for dimension in DIMENSIONS for side in ("client", "employee")),
)
_PLACES = {line: place for place, line in enumerate(LINES)}


def read_operators(
    connection: sa.Connection, as_of: date, asked: Collection[str]
) -> Mapping[str, tuple[OperatorLine, ...]]:
    """What own teams and partners score in each unit, on both sides, by the campaigns that ended on a day."""
    figure = breakdown.c
    names = "unit_id", "side", "measure", "cut_value", "answer_count", "precision_count", "score", "low", "high"
    select = (
        sa.select(*(figure[name] for name in names))
        .where(
            figure.as_of == as_of,
            figure.cut == OPERATED_BY,
            figure.is_hidden.is_(False),
            figure.low.is_not(None),
            among(figure.unit_id, asked),
        )
        .order_by(figure.unit_id, figure.side, figure.measure, figure.cut_value)
    )
    by_unit: dict[str, list[OperatorLine]] = defaultdict(list)
    rows = (row for row in connection.execute(select) if (row.side, row.measure) in _PLACES)
    for unit_id, line in _lines(rows):
        by_unit[unit_id].append(line)
    return {
        unit_id: tuple(sorted(lines, key=lambda line: _PLACES[line.side, line.measure]))
        for unit_id, lines in by_unit.items()
    }


def _lines(rows: Iterable[sa.Row[Any]]) -> Iterator[tuple[str, OperatorLine]]:
    """One line per measure of which own teams and at least one partner are shown."""
    for (unit_id, side, measure), group in groupby(rows, key=lambda row: (row.unit_id, row.side, row.measure)):
        scores = sorted(map(_score, group), key=lambda each: each.operated_by != OWN)
        if len(scores) > 1 and scores[0].operated_by == OWN:
            yield unit_id, OperatorLine(side, measure, tuple(scores))


def _score(row: sa.Row[Any]) -> OperatorScore:
    estimate = Estimate(row.score, row.low, row.high)
    return OperatorScore(row.cut_value, row.answer_count, row.precision_count or 0, estimate)
