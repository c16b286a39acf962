"""What signals would have told on one's own history under other settings; nothing is kept of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from pipelines.alerts.signal_days import DaysWatched
from pipelines.alerts.signals import each_day
from pipelines.warehouse.signals import first_day

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.settings import Settings
    from symetrie.alerts.finding import Finding


@dataclass(frozen=True)
class Simulated:
    """What would have been told of some days, and what the history before them allowed one to know."""

    first: date
    last: date
    history_days: int
    falls: list[Finding]
    recoveries: list[Finding]

    def per_week(self) -> dict[date, int]:
        """How many falls would have been told in each week, by its Monday."""
        weeks = {each - timedelta(days=each.weekday()): 0 for each in each_day(self.first, self.last)}
        for fall in self.falls:
            weeks[fall.business_date - timedelta(days=fall.business_date.weekday())] += 1
        return weeks


def simulate(
    connection: sa.Connection,
    settings: Settings,
    days: int,
    last: date,
    *,
    on_progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Simulated:
    """Live the whole history again under some settings from its first answer on, and tell its last days."""
    begins = first_day(connection) or last
    first = max(begins, last - timedelta(days=days - 1))
    watched = DaysWatched(connection, settings, {}, begins, last)
    lived = each_day(begins, last)
    found: list[Finding] = []
    for done, day in enumerate(lived):
        on_progress(f"living {day} again", done, len(lived))
        found += [finding for finding in watched.live(day) if day >= first]
    falls = _first_of_each(found)
    return Simulated(first, last, (first - begins).days, falls, [each for each in found if each.is_over])


def _first_of_each(found: list[Finding]) -> list[Finding]:
    """The findings that would have opened an alert: of a cause that was not down already."""
    down, opened = set(), []
    for finding in found:
        if finding.is_over:
            down.discard(finding.cause)
        elif finding.cause not in down:
            down.add(finding.cause)
            opened.append(finding)
    return opened
