"""Sources that are late or silent, and the days on which each of them was missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.warehouse.rhythm import arrivals, first_runs, morning_runs, spoke_before
from symetrie.alerts.finding import Cause, Finding
from symetrie.rhythm.rules import DAYS_OF_PAST
from symetrie.rhythm.silence import Sources, missing, silence, source_rhythm, together
from symetrie.rhythm.tree import ROOT

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.alerts.news_window import Day
    from pipelines.settings.alert_news import AlertNews
    from symetrie.counts import Booleans
    from symetrie.intervals import Floats

LATE_CHANCE = 1e-4
"""Told as late: a source that by chance gives so little once in 10,000 mornings, 0.04 false a year and source."""
SILENT_CHANCE = 1e-5
"""Told as silent: 0.004 false a year and source, a tenth, as somebody is called for it."""
CLOSED_SHARE = 0.05
"""Below this share of its usual answers in units that are open, a day counts as closed for a source."""
LAG_DAYS = 28
LONGEST_LAG = 7
"""Days after which an answer may usually arrive: what brought more days at once was a backfill, and no rhythm."""
USUAL_LAG_QUANTILE = 0.9  # a weekly file has every lag of 0 to 6 days alike; a daily one keeps 0 after an outage


@dataclass(frozen=True, eq=False)
class SourceDays:
    """The rhythm of the sources on a date, the days each was missing, and those on which all fell silent at once."""

    sources: Sources
    is_missing: Booleans
    is_together: Booleans

    @property
    def excuses(self) -> Floats:
        """Days on which a source's silence explains that of the units: 1 where it was missing, and others were not."""
        return (self.is_missing & ~self.is_together).astype(float)


def source_days(day: Day) -> SourceDays:
    """Fit the sources' rhythms; a day on which all units of a source were closed says nothing of it."""
    weights = day.shares * day.seen.sum(1, keepdims=True)
    open_share = (weights.T @ day.is_open) / np.maximum(weights.sum(0), 1e-12)[:, None]
    told = np.where(open_share > CLOSED_SHARE, open_share, 0.0)
    fitted = source_rhythm(day.of_sources, told, day.weekdays)
    is_missing = missing(fitted)
    return SourceDays(fitted, is_missing, together(fitted, is_missing))


@dataclass(frozen=True, slots=True)
class Pause:
    """A source that has paused for longer than it usually does, while others went on or it is the only one."""

    source: str
    days: int
    chance: float
    evidence: Mapping[str, Any]


def pauses(connection: sa.Connection, day: Day, days: SourceDays) -> list[Pause]:
    """The sources that give nothing on a date, later than their answers usually arrive."""
    lags = _usual_lags(connection, day)
    paused = silence(days.sources, np.array([lags.get(source, 0) for source in day.sources], np.int64))
    found = []
    for row in np.flatnonzero((paused.days > 0) & paused.is_beyond_gaps & ~days.is_together[:, -1]):
        source = day.sources[row]
        newest = day.date - timedelta(days=int(np.argmax(day.of_sources[row, ::-1] > 0)))
        evidence = {
            "newest_answer_on": newest.isoformat(),
            "days": int(paused.days[row]),
            "seen": 0,
            "expected": round(float(paused.expected[row]), 1),
            "usual_per_day": round(float(days.sources.rows.usual[row, -7:].mean()), 1),
            "usual_lag_days": lags.get(source, 0),
        }
        found.append(Pause(source, int(paused.days[row]), float(paused.chance[row]), evidence))
    return found


def find_silent(
    connection: sa.Connection, day: Day, paused: Sequence[Pause], declared: Sequence[str], rules: AlertNews
) -> list[Finding]:
    """Sources of which nothing has come for implausibly long, or not once since they were first asked."""
    found = [
        _finding(day, "source_silent", pause.source, 3, pause.evidence)
        for pause in paused
        if pause.source in declared and pause.days >= rules.silent_after_days and pause.chance <= SILENT_CHANCE
    ]
    unheard = [source for source in declared if source not in day.sources]
    asked_since = first_runs(connection) if unheard else {}
    never = {source: _never(connection, day, source, asked_since.get(source), rules) for source in unheard}
    return found + [_finding(day, "source_silent", source, 3, said) for source, said in never.items() if said]


def find_late(connection: sa.Connection, day: Day, paused: Sequence[Pause], declared: Sequence[str]) -> list[Finding]:
    """Sources whose answers of the date had not arrived when the morning looked, later than they usually are.

    Only for a date whose own morning has looked: a run for it that started within a day of its end.
    """
    late = [pause for pause in paused if pause.source in declared and pause.chance <= LATE_CHANCE]
    statuses = morning_runs(connection, day.date) if late else {}
    return [
        _finding(day, "source_late", pause.source, 2, {**pause.evidence, "last_run_status": statuses.get(pause.source)})
        for pause in late
        if statuses
    ]


def _never(
    connection: sa.Connection, day: Day, source: str, asked_since: date | None, rules: AlertNews
) -> dict[str, Any] | None:
    """Evidence of a source without an answer in all that is read; none where no source speaks: a clock may be wrong."""
    if asked_since is None or (day.date - asked_since).days < rules.never_after_days:
        return None
    if spoke_before(connection, source, day.date - timedelta(days=DAYS_OF_PAST - 1)):
        return {"days": DAYS_OF_PAST, "seen": 0, "is_never": False} if day.of_sources.any() else None
    return {"asked_since": asked_since.isoformat(), "days": (day.date - asked_since).days, "seen": 0, "is_never": True}


def _usual_lags(connection: sa.Connection, day: Day) -> Mapping[str, int]:
    """After how many days the answers of a source usually arrive, from the runs that brought them."""
    lags: dict[str, list[int]] = {}
    rows = arrivals(connection, day.date - timedelta(days=LAG_DAYS - 1), day.date)
    brought = Counter((row.source, row.arrived_on) for row in rows)
    for row in rows:
        lag = max((row.arrived_on - row.business_date).days, 0)
        if brought[row.source, row.arrived_on] <= LONGEST_LAG + 1:
            lags.setdefault(row.source, []).append(lag)
    return {source: int(np.quantile(found, USUAL_LAG_QUANTILE, method="lower")) for source, found in lags.items()}


def _finding(day: Day, kind: Any, source: str, severity: Any, evidence: Mapping[str, Any]) -> Finding:
    return Finding(
        business_date=day.date,
        cause=Cause("news", kind, day.units[_unit_of(day, source)], subject=source),
        severity=severity,
        size_points=None,
        evidence={"source": source, **evidence},
    )


def _unit_of(day: Day, source: str) -> int:
    """The lowest unit that all units of a source stand under; with several tops the one that has most of its units."""
    if source in day.sources:
        speaks = (day.shares[:, day.sources.index(source)] > 0)[:, None].astype(float)
        below = day.tree.rolled_up(speaks)[:, 0]
        order = np.lexsort((-day.tree.depth, -below))
        return int(order[0])
    return int(np.flatnonzero(day.tree.parent == ROOT)[0])
