"""A range of business dates in portions, and which of them an interrupted run has finished already."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from pipelines.warehouse.ledger import CLIENT_FEEDBACK, DONE, HELD
from pipelines.warehouse.tables import run

if TYPE_CHECKING:
    from pipelines.settings.sources import Source

RESUMED_WITHIN = timedelta(hours=24)
"""A range that was interrupted longer ago begins anew: what it read of the source may have changed since."""

RANGE = "range"
"""Key of a ledger row's detail: the first and the last date of the range, then those of the portion."""


@dataclass(frozen=True)
class Days:
    """Business dates, both ends included."""

    first: date
    last: date

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=offset) for offset in range(len(self)))

    def months(self) -> list[Days]:
        """The calendar months of the range, in order, its first and last as far as they belong to it.

        >>> [(str(month.first), str(month.last)) for month in Days(date(2026, 1, 30), date(2026, 3, 2)).months()]
        [('2026-01-30', '2026-01-31'), ('2026-02-01', '2026-02-28'), ('2026-03-01', '2026-03-02')]
        """
        found, first = [], self.first
        while first <= self.last:
            following = (first.replace(day=1) + timedelta(days=31)).replace(day=1)
            found.append(Days(first, min(self.last, following - timedelta(days=1))))
            first = following
        return found


def is_asked_by_window(source: Source) -> bool:
    """Whether a source is asked for a stretch of time; others give whatever they have, and what is new is received."""
    from pipelines.settings.rest_source import RestSource

    return isinstance(source, RestSource) and source.window is not None


def portion_detail(whole: Days, portion: Days) -> Mapping[str, object]:
    """What the ledger keeps of a portion, so that an interrupted range goes on after it."""
    return {RANGE: [str(day) for day in (whole.first, whole.last, portion.first, portion.last)]}


def finished_portions(connection: sa.Connection, source: str, whole: Days, now: datetime) -> set[Days]:
    """The portions that a run of the very same range has finished, unless it has finished the last one too."""
    rows = connection.execute(
        sa.select(run.c.detail)
        .where(
            run.c.pipeline == CLIENT_FEEDBACK,
            run.c.source == source,
            run.c.status.in_((*DONE, HELD)),
            run.c.finished_at > now - RESUMED_WITHIN,
        )
        .order_by(run.c.finished_at)
    )
    finished: set[Days] = set()
    for (detail,) in rows:
        first, last, *portion = map(date.fromisoformat, json.loads(detail).get(RANGE, ("0001-01-01",) * 2))
        if Days(first, last) != whole:
            continue
        finished.add(Days(*portion))
        if portion[-1] == whole.last:
            finished.clear()
    return finished
