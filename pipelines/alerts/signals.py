"""Signals: measures of units that have really moved, day by day from what was remembered of the day before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.settings import Settings
    from symetrie.alerts.finding import Finding

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SignalFinder:
    """The finder of signals. What a day shows depends on all days before it, so every later one is looked at again."""

    name: str = "signals"
    reach_days: int = 100_000

    def __call__(self, connection: sa.Connection, settings: Settings, days: Sequence[date]) -> list[Finding]:
        """Find what some business dates show; the days between them and the last one remembered are lived again."""
        from pipelines.alerts.signal_days import DaysWatched
        from pipelines.warehouse.signals import first_day, remembered_before
        from symetrie.signals.packing import unpacked

        first = first_day(connection)
        if not days or first is None:
            return []
        last_kept, kept = remembered_before(connection, min(days))
        memories = {partition: memory for partition, each in kept.items() if (memory := unpacked(each))}
        if last_kept is None or len(memories) < len(kept):
            start, memories = first, {}
        else:
            start = last_kept + ONE_DAY
        watched = DaysWatched(connection, settings, memories, start, max(days))
        found: list[Finding] = []
        asked = set(days)
        for day in each_day(start, max(days)):
            shown = watched.live(day)
            watched.remember(day)
            found += shown if day in asked else []
        return found


def each_day(first: date, last: date) -> list[date]:
    """The days of a stretch, both ends included."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
