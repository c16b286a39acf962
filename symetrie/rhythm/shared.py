"""How the rest of a unit's parent fares: what all of them share is no news of one of them."""

from collections.abc import Callable

import numpy as np

from symetrie.intervals import Floats
from symetrie.rhythm.tree import Tree
from symetrie.verdicts import Integers

STEADY = 20.0  # answers expected of the rest at which it weighs as much as what is known of the parent itself
Worst = Callable[..., Integers]
MANY = 2  # units beside the one that is judged and the worst of the others: fewer are no crowd


def falls_shared(tree: Tree, seen: Floats, expected: Floats) -> Floats:
    """Give, per row and step, the share of the usual that came to the rest of its parent, at most 1.

    The rest is the parent without the row, and without the sibling that misses most: one unit that is silent
    excuses none of the others. A small rest is shrunk to how the parent fares among its own siblings, with the
    weight of ``STEADY`` answers; a top unit shares with nobody.

    Four shops of a hundred answers a day each, of which three got none: for each of the three the rest got half (one
    shop of two, and a little), for the fourth next to nothing.

    >>> tree = Tree(np.array([-1, 0, 0, 0, 0]))
    >>> seen = np.array([[100.0], [0], [0], [0], [100]])
    >>> falls_shared(tree, seen, np.array([[400.0], [100], [100], [100], [100]])).round(2).T.tolist()
    [[1.0, 0.55, 0.55, 0.55, 0.09]]
    """
    return _shared(tree, seen, expected, worst=np.argmax, limit=np.minimum)


def rises_shared(tree: Tree, seen: Floats, expected: Floats) -> Floats:
    """Give, per row and step, how many times the usual came to the rest of its parent, at least 1.

    As `falls_shared`, without the sibling that has most more than usual.
    """
    return _shared(tree, seen, expected, worst=np.argmin, limit=np.maximum)


def _shared(tree: Tree, seen: Floats, expected: Floats, *, worst: Worst, limit: np.ufunc) -> Floats:
    shared = np.ones_like(seen)
    for parent in tree.top_down:
        below = tree.children[parent]
        if len(below) < MANY + 2:
            shared[below] = shared[parent]
            continue
        came, usual = _without_the_worst(seen[below], expected[below], worst)
        mixed = (seen[parent] - came + STEADY * shared[parent]) / (expected[parent] - usual + STEADY)
        shared[below] = limit(mixed, 1.0)
    return shared


def _without_the_worst(seen: Floats, expected: Floats, worst: Worst) -> tuple[Floats, Floats]:
    """What each row and the worst of its siblings received, and what they usually do."""
    missing, steps = expected - seen, np.arange(seen.shape[1])
    first = worst(missing, axis=0)
    others = missing.copy()
    others[first, steps] = -np.inf if worst is np.argmax else np.inf
    second = worst(others, axis=0)
    sibling = np.where(np.arange(len(seen))[:, None] == first, second, first)
    return seen + seen[sibling, steps], expected + expected[sibling, steps]
