"""No news is news: sources late or silent, units unusually quiet or busy, clients who no longer answer.

Every kind is its own, and none says anything of scores. A finding of a business date is computed from half a year of
days up to that date and none after it, so that a date asked again gives the same findings from the same data.

Only `source_late` is an observation: that a source's answers had not arrived when the morning looked. Once they have,
no data show it any more. So a date is looked at for it once, when it is first looked at, and only where its own
morning looked (a run for the date started within a day of its end): a replay of an older date observes nothing. What
was observed stands in `ops.alert_finding` and is given back, unchanged, whenever the date is asked again; with it the
findings follow from what the warehouse holds, whoever asks, and however often.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipelines.settings.alert_news import AlertNews, NewsKind
from symetrie.rhythm.rules import DAYS_OF_PAST

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.alerts.news_window import Day
    from pipelines.settings import Settings
    from symetrie.alerts.finding import Finding


@dataclass(frozen=True, slots=True)
class News:
    """The finder of absence."""

    rules: AlertNews | None = None
    """Instead of those of the settings."""
    name: str = "news"
    reach_days: int = DAYS_OF_PAST - 1
    """How many days after a day that has changed may show something else: those whose half year holds it."""

    def __call__(self, connection: sa.Connection, settings: Settings, days: Sequence[date]) -> list[Finding]:
        """Find what some business dates show, in the order of dates, units and kinds."""
        from pipelines.alerts.news_window import read_windows, told_of

        found = [
            finding
            for window, together in read_windows(connection, days)
            for each in together
            for finding in self._of_day(connection, settings, told_of(settings, window.day(each)))
        ]
        return sorted(found, key=lambda finding: (finding.business_date, finding.cause))

    def _of_day(self, connection: sa.Connection, settings: Settings, day: Day) -> list[Finding]:
        from pipelines.alerts.news_participation import find_low_participation
        from pipelines.alerts.news_seen import has_looked, seen_late
        from pipelines.alerts.news_sources import find_late, find_silent, pauses, source_days
        from pipelines.alerts.news_units import find_quiet, find_surge, unit_days

        if not day.units:
            return []
        rules = self.rules or settings.alerts.news
        declared = rules.waited_for(settings.names_of("client"))
        sources = source_days(day)
        paused = pauses(connection, day, sources)
        units = unit_days(day, sources)

        def late() -> list[Finding]:
            if has_looked(connection, self.name, day.date):
                return seen_late(connection, self.name, day.date)
            return find_late(connection, day, paused, declared)

        found: dict[NewsKind, Callable[[], list[Finding]]] = {
            "source_silent": lambda: find_silent(connection, day, paused, declared, rules),
            "source_late": late,
            "unit_quiet": lambda: find_quiet(units, rules),
            "unit_surge": lambda: find_surge(units, rules),
            "participation_low": lambda: find_low_participation(connection, day, rules),
        }
        return [finding for kind in rules.kinds for finding in found[kind]()]
