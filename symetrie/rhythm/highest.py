"""One finding at the highest unit that explains it, what stands below it listed."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from symetrie.counts import Booleans
from symetrie.intervals import Floats
from symetrie.rhythm.tree import ROOT, Tree
from symetrie.verdicts import Integers

REST_SHARE = 0.1
"""Of what is expected of a unit, how much its rest must be to say anything once its worst child is left out."""


class Sides(NamedTuple):
    """What came to the children of a unit over its stretch, and what was expected."""

    seen: Floats
    expected: Floats


def highest(
    tree: Tree,
    found: Booleans,
    steps: Integers,
    of_children: Callable[[int], Sides],
    is_beyond: Callable[..., Booleans],
) -> list[int]:
    """Give the found rows that explain the others: those with nothing found above that explains them.

    A unit explains when its rest, without its worst child, is beyond what is usual as well (``is_beyond(seen,
    expected)``): otherwise the child does. A unit below one that is told stays untold, unless its own news is older:
    that of a shop that was quiet for weeks does not end because its region is closed today.
    """
    told: list[int] = []
    above = np.zeros(len(tree.parent), np.int64)  # steps of the longest news told above each row
    for row in np.argsort(tree.depth, kind="stable"):
        parent = tree.parent[row]
        over = 0 if parent == ROOT else above[parent]
        above[row] = over
        if found[row] and steps[row] > over and _explains(tree, int(row), of_children, is_beyond):
            told.append(int(row))
            above[row] = max(over, _half_as_long_again(int(steps[row])))
    return told


def _half_as_long_again(steps: int) -> int:
    """The stretches of a unit and of what is below it need not be the same: the next longer one is."""
    return steps + steps // 2 + 1


def _explains(tree: Tree, row: int, of_children: Callable[[int], Sides], is_beyond: Callable[..., Booleans]) -> bool:
    if row not in tree.children:
        return True
    seen, expected = of_children(row)
    worst = int(np.argmax(np.abs(expected - seen)))
    rest_seen, rest = seen.sum() - seen[worst], expected.sum() - expected[worst]
    return bool(rest > REST_SHARE * expected.sum() and is_beyond(rest_seen, rest))
