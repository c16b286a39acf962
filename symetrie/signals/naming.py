"""Which unit, channel and measure stands where in the memory, and how the memory follows a network that changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from symetrie.signals.network import WEEKDAYS, Floats, Positions, Watched
from symetrie.signals.state import Streams

ABROAD = 30.0
"""How well a level is known, at most, of a unit that has new siblings."""


@dataclass(frozen=True)
class Names:
    """The names of what is watched: measures, units with the parent of each ("" where there is none), and strata."""

    measures: tuple[str, ...]
    units: tuple[str, ...]
    parents: tuple[str, ...]
    strata: tuple[str, ...]

    @cached_property
    def watched(self) -> Watched:
        """The same as positions."""
        place = {unit: position for position, unit in enumerate(self.units)}
        parents = np.array([place.get(parent, -1) for parent in self.parents], dtype=np.intp)
        return Watched(len(self.measures), parents, len(self.strata))

    @property
    def families(self) -> list[str]:
        """The names of families: the parent's, or the unit's own and a weekday."""
        watched = self.watched
        of_alone = [f"{self.units[unit]}\n{weekday}" for unit in watched.alone for weekday in range(WEEKDAYS)]
        return [self.units[head] for head in watched.heads] + of_alone


def carried_over(streams: Streams, before: Names, now: Names) -> Streams:
    """Carry the memory over to a network that has changed: by names, so that nobody inherits another's past.

    A unit that is new, or a channel, starts with nothing known; one that has gone is forgotten. A unit with a new
    parent keeps its level as it was, told against its new siblings, and what was held against it is dropped.
    """
    if before == now:
        return streams
    fresh = Streams.of(now.watched)
    units, strata = _places(now.units, before.units), _places(now.strata, before.strata)
    for name in (
        "level",
        "known",
        "around",
        "rhythm",
        "busyness",
        "fallen_from",
        "known_then",
        "fallen_on",
        "recovering",
    ):
        _copy(getattr(fresh, name), getattr(streams, name), now, before, (len(now.units),), (len(before.units),), units)
    for name in ("evidence", "answered", "unhappy", "expected", "weighed", "since"):
        for new, old in zip(getattr(fresh, name), getattr(streams, name), strict=True):
            _copy(new, old, now, before, (len(now.units),), (len(before.units),), units)
    families = _places(now.families, before.families)
    shapes = ((len(now.families), len(now.strata)), (len(before.families), len(before.strata)))
    for name in ("usual", "days_seen", "stray"):
        _copy(getattr(fresh, name), getattr(streams, name), now, before, *shapes, families, strata)
    _copy_past(fresh, streams, before, now)
    fresh.spread, fresh.found, fresh.days = streams.spread, streams.found, streams.days
    _settle(fresh, before, now)
    return fresh


def lost_falls(before: Streams, names_before: Names, now: Streams, names: Names) -> dict[tuple[str, str], str]:
    """Give the falls that are remembered no more since the network changed: unit and measure, and why."""
    if names_before == names:
        return {}
    down, units = fallen_in(now, names), set(names.units)
    return {
        (unit, measure): "unit_moved" if unit in units else "unit_closed"
        for unit, measure in sorted(fallen_in(before, names_before))
        if (unit, measure) not in down
    }


def fallen_in(streams: Streams, names: Names) -> set[tuple[str, str]]:
    """The unit and measure of all streams that are down."""
    measures, units = np.divmod(np.flatnonzero(~np.isnan(streams.fallen_from)), len(names.units))
    return {(names.units[unit], names.measures[measure]) for measure, unit in zip(measures, units, strict=True)}


def _places(now: Sequence[str], before: Sequence[str]) -> tuple[Positions, Positions]:
    """Where each name that stayed stands now, and where it stood."""
    place = {name: position for position, name in enumerate(before)}
    stayed = [(position, place[name]) for position, name in enumerate(now) if name in place]
    here, there = np.array(stayed, dtype=np.intp).reshape(-1, 2).T
    return here, there


def _copy(
    new: Floats,
    old: Floats,
    now: Names,
    before: Names,
    shape: tuple[int, ...],
    shape_before: tuple[int, ...],
    *places: tuple[Positions, Positions],
) -> None:
    """Copy the cells of all names that stayed; the first axis are the measures, which never change."""
    here = np.ix_(np.arange(len(now.measures)), *(each for each, _ in places))
    there = np.ix_(np.arange(len(before.measures)), *(each for _, each in places))
    new.reshape(len(now.measures), *shape)[here] = old.reshape(len(before.measures), *shape_before)[there]


def _copy_past(fresh: Streams, streams: Streams, before: Names, now: Names) -> None:
    of_alone = [[names.units[unit] for unit in names.watched.alone] for names in (now, before)]
    here, there = _places(*of_alone)
    shape = (len(now.measures), -1, fresh.past.shape[1])
    if fresh.past.size and streams.past.size:
        fresh.past.reshape(shape)[:, here] = streams.past.reshape(shape)[:, there]


def _settle(fresh: Streams, before: Names, now: Names) -> None:
    """Tell the level of units that have moved against their new siblings."""
    was = dict(zip(before.units, before.parents, strict=True))
    moved = [unit for unit, name in enumerate(now.units) if name in was and was[name] != now.parents[unit]]
    if not moved:
        return
    of_all = (np.arange(len(now.measures))[:, None] * len(now.units) + np.array(moved)).ravel()
    around = fresh.around.reshape(len(now.measures), -1)
    for unit in moved:
        siblings = [each for each, name in enumerate(now.parents) if name == now.parents[unit] and each not in moved]
        new_around = around[:, siblings].mean(axis=1) if siblings else around[:, unit]
        at = np.arange(len(now.measures)) * len(now.units) + unit
        fresh.level[at] += around[:, unit] - new_around
    fresh.known[of_all] = np.minimum(fresh.known[of_all], ABROAD)
    fresh.fallen_from[of_all], fresh.recovering[of_all] = np.nan, 0
    for memory in (fresh.evidence, fresh.answered, fresh.unhappy, fresh.expected, fresh.weighed, fresh.since):
        memory[:, of_all] = 0
