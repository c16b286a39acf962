"""One finding at the highest unit that explains it."""

import numpy as np

from symetrie.rhythm.highest import Sides, highest
from symetrie.rhythm.tree import Tree

# A network of two regions: 1 with shops 3 to 5, 2 with shops 6 and 7.
NETWORK = Tree(np.array([-1, 0, 0, 1, 1, 1, 2, 2]))
USUAL = np.array([50.0, 30, 20, 10, 10, 10, 10, 10])


def told(seen, found, steps=None):
    seen = np.array(seen, float)

    def sides(row):
        below = NETWORK.children[row]
        return Sides(seen[below], USUAL[below])

    is_found = np.isin(np.arange(8), found)
    days = np.ones(8, np.int64) if steps is None else np.array(steps)
    return highest(NETWORK, is_found, days, sides, lambda came, usual: came <= 0.5 * usual)


def test_a_silent_region_is_one_finding_not_three():
    assert told([20, 0, 20, 0, 0, 0, 10, 10], [1, 3, 4, 5]) == [1]


def test_a_silent_network_is_one_finding():
    assert told([0] * 8, range(8)) == [0]


def test_one_silent_shop_is_the_shop_even_where_its_region_is_quiet_by_it():
    assert told([40, 30, 10, 10, 10, 10, 0, 10], [2, 6]) == [6]


def test_a_region_that_carries_the_network_is_the_region():
    assert told([20, 0, 20, 0, 0, 0, 10, 10], [0, 1, 3, 4, 5]) == [1]


def test_a_shop_quiet_for_longer_than_its_region_is_told_beside_it():
    assert told([20, 0, 20, 0, 0, 0, 10, 10], [1, 3, 4], steps=[0, 2, 0, 28, 2, 0, 0, 0]) == [1, 3]


def test_nothing_found_is_nothing_told():
    assert told([50, 30, 20, 10, 10, 10, 10, 10], []) == []
