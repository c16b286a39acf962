"""Units that are unusually quiet or busy, each at the highest level that explains it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from symetrie.alerts.finding import Cause, Finding
from symetrie.rhythm.above import with_units_above
from symetrie.rhythm.highest import Sides, highest
from symetrie.rhythm.pattern import Rhythm, rhythm, since_first
from symetrie.rhythm.quiet import Quiet, quiet
from symetrie.rhythm.rules import DAY_STRETCHES, QuietRule, SurgeRule, chance_per_look
from symetrie.rhythm.shared import falls_shared, rises_shared
from symetrie.rhythm.surge import surge
from symetrie.rhythm.variation import Variation, variation

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.alerts.news_sources import SourceDays
    from pipelines.alerts.news_window import Day
    from pipelines.settings.alert_news import AlertNews
    from symetrie.counts import Booleans
    from symetrie.intervals import Floats
    from symetrie.rhythm.tree import Tree

BLOCK = 28
LISTED_CHILDREN = 20
"""Children listed in the evidence, those that miss or have most first; their number is given beside."""
MONTH = 28


@dataclass(frozen=True, eq=False)
class UnitDays:
    """The rhythm of every unit of a date, at all levels."""

    day: Day
    rows: Rhythm

    @cached_property
    def varies(self) -> Variation:
        """How much more than by chance they vary."""
        return variation(self.rows, self.day.tree.leaves, BLOCK)


def unit_days(day: Day, sources: SourceDays) -> UnitDays:
    """Fit the units' rhythms: closed days, days before the first answer and sources that were missing say nothing."""
    told = day.is_open * since_first(day.seen) * np.clip(1 - day.shares @ sources.excuses, 0, 1)
    return UnitDays(day, with_units_above(day.tree, rhythm(day.seen, told, day.weekdays)))


def find_quiet(units: UnitDays, rules: AlertNews) -> list[Finding]:
    """Units that receive implausibly little, up to the date; a unit without a rhythm is neither quiet nor loud."""
    day, rows = units.day, units.rows
    rule = QuietRule(rules.quiet_below_pct / 100, chance_per_look(rules.false_per_unit_year, len(DAY_STRETCHES)))
    found = quiet(rows, falls_shared(day.tree, rows.seen, rows.expected), units.varies, rule)
    return quiet_findings(day, rows, found, "unit_quiet", rule.share)


def quiet_findings(
    day: Day, rows: Rhythm, found: Quiet, kind: Any, share: float, days_a_step: int = 1
) -> list[Finding]:
    """Tell each quiet at the highest unit that explains it, with what its children received."""

    def sides(row: int) -> Sides:
        steps, below = slice(-int(found.steps[row]), None), day.tree.children[row]
        return Sides(rows.seen[below, steps].sum(1), rows.expected[below, steps].sum(1))

    def is_beyond(seen: Floats, expected: Floats) -> Booleans:
        return np.asarray(seen <= share * expected)

    told = highest(day.tree, found.is_quiet & day.is_told, found.steps, sides, is_beyond)
    return [
        _finding(
            day,
            kind,
            row,
            _quiet_severity(day.tree, row, found),
            _numbers(found.seen[row], found.expected[row], found.chance[row])
            | _when(day, int(found.steps[row]) * days_a_step)
            | (_weekly(day, rows, row) if days_a_step == 1 else {})
            | _children(day, row, sides, is_beyond),
        )
        for row in told
    ]


def find_surge(units: UnitDays, rules: AlertNews) -> list[Finding]:
    """Units that receive many times the usual on the date: their scores of that day weigh more in every window."""
    day, rows = units.day, units.rows
    rule = SurgeRule(rules.surge_above_pct / 100, chance_per_look(rules.false_per_unit_year))
    found = surge(rows, rises_shared(day.tree, rows.seen[:, -1:], rows.usual[:, -1:]), units.varies, rule)

    def sides(row: int) -> Sides:
        below = day.tree.children[row]
        return Sides(rows.seen[below, -1], rows.usual[below, -1])

    def is_beyond(seen: Floats, expected: Floats) -> Booleans:
        return np.asarray(seen >= rule.times * expected)

    told = highest(day.tree, found.is_surge & day.is_told, np.ones(len(rows.seen), np.int64), sides, is_beyond)
    return [
        _finding(
            day,
            "unit_surge",
            row,
            1,
            _numbers(found.seen[row], found.expected[row], found.chance[row])
            | _when(day, 1)
            | _weekly(day, rows, row)
            | {"share_of_28_days_pct": round(100 * float(found.seen[row] / rows.seen[row, -MONTH:].sum()), 1)}
            | _children(day, row, sides, is_beyond),
        )
        for row in told
    ]


def _quiet_severity(tree: Tree, row: int, found: Quiet) -> int:
    """Many units at once are the worst; then one of which nothing comes at all."""
    if row in tree.children:
        return 3
    return 2 if found.seen[row] == 0 else 1


def _numbers(seen: float, expected: float, chance: float) -> dict[str, Any]:
    return {
        "seen": int(seen),
        "expected": round(float(expected), 1),
        "of_usual_pct": round(100 * float(seen / expected), 1),
        "chance": float(f"{chance:.1e}"),
    }


def _when(day: Day, days: int) -> dict[str, Any]:
    return {"days": days, "since": (day.date - timedelta(days=days - 1)).isoformat()}


def _weekly(day: Day, rows: Rhythm, row: int) -> dict[str, Any]:
    """What is usual from Monday to Sunday: the last seven days in the order of the week."""
    usual = np.roll(rows.usual[row, -7:], day.date.weekday() + 1)
    return {"usual_per_day": round(float(usual.mean()), 2), "usual_by_weekday": [round(float(n), 1) for n in usual]}


def _children(
    day: Day, row: int, sides: Callable[[int], Sides], is_beyond: Callable[[Floats, Floats], Booleans]
) -> dict[str, Any]:
    """The children that share in it, those with most of it first."""
    if row not in day.tree.children:
        return {}
    below, (seen, expected) = day.tree.children[row], sides(row)
    share = np.flatnonzero(is_beyond(seen, expected) & (expected > 0))
    first = share[np.lexsort((below[share], -np.abs(expected - seen)[share]))][:LISTED_CHILDREN]
    return {
        "children_count": len(below),
        "children_affected_count": len(share),
        "children": [
            {"unit_id": day.units[below[child]], "seen": int(seen[child]), "expected": round(float(expected[child]), 1)}
            for child in first
        ],
    }


def _finding(day: Day, kind: Any, row: int, severity: Any, evidence: Mapping[str, Any]) -> Finding:
    return Finding(
        business_date=day.date,
        cause=Cause("news", kind, day.units[row]),
        severity=severity,
        size_points=None,
        evidence=evidence,
    )
