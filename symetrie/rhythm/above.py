"""The rhythm of the units above, from that of the units that answers name."""

import numpy as np

from symetrie.rhythm.pattern import FEW, PEAK, Rhythm
from symetrie.rhythm.tree import Tree


def with_units_above(tree: Tree, own: Rhythm) -> Rhythm:
    """Give every row what came to it and to all below it, and what is usual of those that could be heard.

    A unit's rhythm is that of the units it has today: one that moves takes its rhythm along, one that is new adds
    nothing before its first answers, and one that has closed is no longer missed. A peak of all at once is cut again.

    >>> rows = Rhythm(*(np.array([[0.0, 0], [4, 0], [2, 0]]) for _ in range(3)), np.array([[0.0, 0], [1, 1], [1, 0]]))
    >>> with_units_above(Tree(np.array([-1, 0, 0])), rows).expected.tolist()
    [[6.0, 0.0], [4.0, 0.0], [2.0, 0.0]]
    """
    usual = tree.rolled_up(own.usual)
    expected = tree.rolled_up(own.expected)
    told = np.divide(expected, usual, out=np.zeros_like(usual), where=usual > 0)
    cut = np.minimum(tree.rolled_up(own.cut), PEAK * usual + FEW)
    return Rhythm(tree.rolled_up(own.seen), cut, usual, told)
