"""Units under units: any depth, several tops."""

import numpy as np

from symetrie.rhythm.tree import Tree

FOREST = Tree(np.array([-1, 0, 1, 1, -1, 4]))


def test_values_add_up_to_every_unit_above():
    ones = np.ones((6, 2))
    assert FOREST.rolled_up(ones)[:, 0].tolist() == [4.0, 3.0, 1.0, 1.0, 2.0, 1.0]


def test_parents_come_before_their_children():
    assert FOREST.depth.tolist() == [0, 1, 2, 2, 0, 1]
    assert list(FOREST.top_down) == [0, 4, 1]
    assert {row: below.tolist() for row, below in FOREST.children.items()} == {0: [1], 1: [2, 3], 4: [5]}
    assert FOREST.leaves.tolist() == [2, 3, 5]


def test_no_unit_is_a_tree_too():
    empty = Tree(np.array([], np.int64))
    assert empty.rolled_up(np.ones((0, 3))).shape == (0, 3)
    assert empty.leaves.tolist() == []
