"""The days that news of a date needs, read once for many dates: bounded, whatever stands before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from pipelines.alerts.network_of_day import parents_on
from pipelines.warehouse.rhythm import CODE, answers_by_day, closed_days, relations
from symetrie.rhythm.rules import DAYS_OF_PAST
from symetrie.rhythm.tree import ROOT, Tree

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.settings import Settings
    from pipelines.warehouse.typing import AnyRow
    from symetrie.counts import Booleans
    from symetrie.intervals import Floats
    from symetrie.verdicts import Integers

DATES_AT_ONCE = 91
"""Span of business dates that are looked at from one reading, to bound memory: 12,500 units make 27 MB per source."""


@dataclass(frozen=True, eq=False)
class Day:
    """What is known of a business date: its units as a tree, and half a year of answers up to it."""

    date: date
    units: tuple[str, ...]
    tree: Tree
    seen: Floats
    """Answers that name the unit itself, (units, days); the last day is the date."""
    is_open: Booleans
    sources: tuple[str, ...]
    of_sources: Floats
    """Answers of each source, (sources, days)."""
    shares: Floats
    """Which share of a unit's answers each source gave in these days, (units, sources)."""
    is_told: Booleans
    """The units of which news is told, (units,)."""

    @property
    def weekdays(self) -> Integers:
        """The weekday of each day, Monday 0."""
        return np.asarray((np.arange(self.seen.shape[1]) - self.seen.shape[1] + 1 + self.date.weekday()) % 7)


@dataclass(frozen=True, eq=False)
class Window:
    """Answers per unit and source on the days of some dates and of their past."""

    first: date
    units: tuple[str, ...]
    sources: tuple[str, ...]
    unit_of: Integers
    source_of: Integers
    cells: Floats
    is_open: Booleans
    relations: Sequence[AnyRow]

    def day(self, business_date: date) -> Day:
        """What is known of a date: nothing of a later day, and the network as it stands on it."""
        end = (business_date - self.first).days + 1
        days = slice(end - DAYS_OF_PAST, end)
        cells = self.cells[:, days]
        place = {unit: row for row, unit in enumerate(self.units)}
        units, tree = _tree_on(business_date, self.relations)
        rows = np.array([place[unit] for unit in units], np.int64)
        of_units = _gathered(self.unit_of, len(self.units))
        shares = of_units @ sparse.csr_array(
            (cells.sum(1), (np.arange(len(cells)), self.source_of)), shape=(len(cells), len(self.sources))
        )
        of_sources = _gathered(self.source_of, len(self.sources)) @ cells
        speak = np.flatnonzero(of_sources.any(1))  # others speak on later dates that were read together with this one
        counts = shares.toarray()[np.ix_(rows, speak)]
        total = np.maximum(counts.sum(1, keepdims=True), 1.0)
        return Day(
            date=business_date,
            units=units,
            tree=tree,
            seen=(of_units @ cells)[rows],
            is_open=self.is_open[rows, days],
            sources=tuple(self.sources[source] for source in speak),
            of_sources=of_sources[speak],
            shares=counts / total,
            is_told=np.ones(len(units), bool),
        )


def read_windows(connection: sa.Connection, days: Sequence[date]) -> Iterator[tuple[Window, list[date]]]:
    """Read the answers of the days in as few stretches as memory allows, oldest first."""
    waiting = sorted(set(days))
    while waiting:
        last = waiting[0] + timedelta(days=DATES_AT_ONCE - 1)
        together = [day for day in waiting if day <= last]
        waiting = waiting[len(together) :]
        yield _read_window(connection, together[0], together[-1]), together


def _read_window(connection: sa.Connection, first_date: date, last: date) -> Window:
    first = first_date - timedelta(days=DAYS_OF_PAST - 1)
    count = (last - first).days + 1
    answers, held = answers_by_day(connection, first, last), relations(connection, first_date, last)
    units = tuple(sorted({row.unit_id for row in held} | {row.unit_id for row in answers}))
    sources = tuple(sorted({row.source for row in answers}))
    place = {name: row for row, name in enumerate(units)}
    number = {name: row for row, name in enumerate(sources)}
    known = [row for row in closed_days(connection, first, last) if row.unit_id in place]
    is_open = np.ones((len(units), count), bool)
    is_open[[place[row.unit_id] for row in known]] = spread_out(known, count) == 0
    return Window(
        first=first,
        units=units,
        sources=sources,
        unit_of=np.array([place[row.unit_id] for row in answers], np.int64),
        source_of=np.array([number[row.source] for row in answers], np.int64),
        cells=spread_out(answers, count),
        is_open=is_open,
        relations=held,
    )


def told_of(settings: Settings, day: Day) -> Day:
    """The same day, as a house that is not told news of some kinds of units looks at it."""
    is_told = [settings.is_told("news", unit_id, day.date) for unit_id in day.units]
    return replace(day, is_told=np.array(is_told, bool))


def spread_out(rows: Sequence[AnyRow], count: int) -> Floats:
    """Give the coded lists of days and counts as an array, a row each, so many days wide."""
    spread = np.zeros((len(rows), count))
    for place, row in enumerate(rows):
        answers, day = np.divmod(np.asarray(row.coded, np.int64), CODE)
        spread[place, day] = answers
    return spread


def _tree_on(day: date, held: Sequence[AnyRow]) -> tuple[tuple[str, ...], Tree]:
    """The units that stand on a day, and what each stands under."""
    parents = parents_on(day, held)
    place = {unit: row for row, unit in enumerate(parents)}
    return tuple(parents), Tree(np.array([place.get(parent, ROOT) for parent in parents.values()], np.int64))


def _gathered(groups: Integers, count: int) -> sparse.csr_array:
    """Adds the rows of each group up."""
    ones = np.ones(len(groups))
    return sparse.csr_array((ones, (groups, np.arange(len(groups)))), shape=(count, len(groups)))
