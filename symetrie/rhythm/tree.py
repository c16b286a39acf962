"""Units under units, as arrays: each row knows its parent's row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from symetrie.intervals import Floats
from symetrie.verdicts import Integers

ROOT = -1


@dataclass(frozen=True, eq=False)
class Tree:
    """The units of one day by row; the parent of a top unit is -1."""

    parent: Integers

    @cached_property
    def depth(self) -> Integers:
        """Steps from the top."""
        depth, above = np.zeros(len(self.parent), dtype=np.int64), self.parent.copy()
        while (above != ROOT).any():
            depth += above != ROOT
            above = np.where(above == ROOT, ROOT, self.parent[above])
        return depth

    @cached_property
    def children(self) -> dict[int, Integers]:
        """The rows just below each row that has any."""
        order = np.argsort(self.parent, kind="stable")
        parents, starts = np.unique(self.parent[order], return_index=True)
        groups = np.split(order, starts[1:])
        return {int(row): group for row, group in zip(parents, groups, strict=True) if row != ROOT}

    @cached_property
    def leaves(self) -> Integers:
        """The rows without anything below."""
        return np.setdiff1d(np.arange(len(self.parent)), self.parent)

    @cached_property
    def top_down(self) -> Sequence[int]:
        """The rows that have others below, parents before their children."""
        return sorted(self.children, key=lambda row: (self.depth[row], row))

    def rolled_up(self, values: Floats) -> Floats:
        """Add the values of every row, (rows, steps), to all rows above it.

        >>> Tree(np.array([-1, 0, 0])).rolled_up(np.array([[1.0], [2.0], [4.0]])).tolist()
        [[7.0], [2.0], [4.0]]
        """
        return np.asarray(self._under @ values)

    @cached_property
    def _under(self) -> sparse.csr_array:
        """Who stands under whom, each row under itself."""
        rows = np.arange(len(self.parent))
        above, pairs = rows, []
        while len(rows):
            pairs.append((above, rows))
            above = self.parent[above]
            rows, above = rows[above != ROOT], above[above != ROOT]
        up, down = (np.concatenate(each) for each in zip(*pairs, strict=True)) if pairs else (rows, rows)
        shape = (len(self.parent), len(self.parent))
        return sparse.csr_array((np.ones(len(up)), (up, down)), shape=shape)
