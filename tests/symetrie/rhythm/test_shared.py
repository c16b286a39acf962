"""What the rest of a parent shares is no news of one of its children."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from symetrie.rhythm.shared import falls_shared, rises_shared
from symetrie.rhythm.tree import Tree

SHOPS = Tree(np.array([-1, *[0] * 10]))


def with_root(shops):
    shops = np.asarray(shops, float)[:, None]
    return np.vstack([shops.sum(0, keepdims=True), shops])


USUAL = with_root([100] * 10)


def test_one_silent_shop_excuses_no_other_and_is_not_excused():
    shared = falls_shared(SHOPS, with_root([0] + [100] * 9), USUAL)
    assert shared.round(6).tolist() == [[1.0]] * 11


def test_a_day_on_which_all_are_closed_excuses_all():
    shared = falls_shared(SHOPS, with_root([0] * 10), USUAL)
    assert shared[0, 0] == 1.0
    assert (shared[1:] < 0.03).all()


def test_a_good_day_of_the_others_raises_nothing_that_is_expected():
    assert falls_shared(SHOPS, with_root([1000] * 10), USUAL).max() == 1.0
    assert (rises_shared(SHOPS, with_root([1000] * 10), USUAL)[1:] > 9).all()


def test_one_peak_excuses_no_other_peak():
    assert rises_shared(SHOPS, with_root([1000] + [100] * 9), USUAL).round(6).tolist() == [[1.0]] * 11


def test_a_handful_of_shops_is_no_crowd():
    pair = Tree(np.array([-1, 0, 0]))
    assert falls_shared(pair, with_root([0, 100]), with_root([100, 100])).tolist() == [[1.0]] * 3


def test_a_region_lends_its_excuse_to_shops_with_little_beside_them():
    tree = Tree(np.array([-1, 0, 0, 0, 0, 1, 1]))
    usual = np.array([[400.0], [100], [100], [100], [100], [50], [50]])
    shared = falls_shared(tree, np.zeros((7, 1)), usual)
    assert shared[5, 0] == shared[1, 0] < 0.1


@given(arrays(np.int64, (11, 4), elements=st.integers(0, 500)))
def test_shares_only_ever_excuse(counts):
    counts[0] = counts[1:].sum(0)
    seen, usual = counts.astype(float), np.broadcast_to(USUAL, counts.shape)
    assert (falls_shared(SHOPS, seen, usual) <= 1).all()
    assert (rises_shared(SHOPS, seen, usual) >= 1).all()
