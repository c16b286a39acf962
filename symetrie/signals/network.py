"""Who is watched, who stands above whom, and who is compared with whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from symetrie.rhythm.tree import Tree

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

WEEKDAYS = 7


@dataclass(frozen=True)
class Watched:
    """The units of a network, of any depth, by the measures that are watched in each.

    A *stream* is a measure of a unit. A *stratum* is a channel and version of the questionnaire. A *family* is the
    children of one parent, or a unit without a parent on one day of the week: who is compared with whom.
    A *group* is a measure of a family in a stratum.
    """

    measures: int
    parents: Positions  # (units,) position of the parent; -1 where there is none
    strata: int

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.parents)

    @property
    def streams(self) -> int:
        """How many streams there are, ordered by measure, then by unit."""
        return self.measures * self.units

    @cached_property
    def above(self) -> Positions:
        """The stream of each stream's parent; -1 where there is none."""
        offset = np.arange(self.measures)[:, None] * self.units
        return np.where(self.parents < 0, -1, self.parents + offset).ravel()

    @property
    def groups(self) -> int:
        """How many groups there are, ordered by measure, then by family, then by stratum."""
        return self.measures * self.families * self.strata

    @cached_property
    def generations(self) -> Sequence[Positions]:
        """The units with a parent, the deepest first: a roll-up that goes through them in order counts each once."""
        depth = Tree(self.parents).depth
        return [np.flatnonzero(depth == level) for level in range(depth.max(initial=0), 0, -1)]

    @cached_property
    def heads(self) -> Positions:
        """The units that have children."""
        return np.unique(self.parents[self.parents >= 0])

    @cached_property
    def alone(self) -> Positions:
        """The units without a parent, which can only be compared with their own past."""
        return np.flatnonzero(self.parents < 0)

    @cached_property
    def only_children(self) -> NDArray[np.bool_]:
        """The units without siblings: what happens to them happens to their parent, who is told of."""
        children = np.bincount(self.parents[self.parents >= 0], minlength=self.units)
        return np.asarray((self.parents >= 0) & (children[self.parents] == 1))

    @property
    def families(self) -> int:
        """How many families there are: those with a parent first."""
        return len(self.heads) + WEEKDAYS * len(self.alone)

    def family_of(self, weekday: int) -> Positions:
        """The family of each unit on a day of the week."""
        family = np.searchsorted(self.heads, self.parents)
        family[self.alone] = len(self.heads) + WEEKDAYS * np.arange(len(self.alone)) + weekday
        return family

    @property
    def is_alone(self) -> NDArray[np.bool_]:
        """Which groups are of a unit without a parent."""
        of_family = np.arange(self.families) >= len(self.heads)
        return np.tile(np.repeat(of_family, self.strata), self.measures)
