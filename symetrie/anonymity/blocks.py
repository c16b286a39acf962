"""Blocks: groups of people large enough to be told, that share nobody, so that nothing can be subtracted.

Every figure that leaves is made of whole blocks. Who stands with whom is decided by numbers of answers alone, never
by what was answered: that a group is in no block of its own says nothing of what its people think.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

Codes = npt.NDArray[np.int64]

IN_NO_BLOCK = -1
COVERAGE = 0.98
"""Share of a group's answers that its figure must stand on: what is left out moves it by two points at most."""


def form_blocks(answered: Codes, subject: Codes, levels: Sequence[Codes], floor: int) -> Codes:
    """Give the block of each group, or -1 where its answers can be part of no figure.

    One row per finest group and subject (what was asked); ``levels`` say, from the finest to the coarsest, where
    each row stands. At each level what is in no block yet is joined; where that is not enough, the smallest block
    beside it is taken in, unless so little is missing that the figure of the place can do without.

    Three and four people of one place make a block; two of another are told with the five beside them:

    >>> places = np.array([0, 0, 1, 1, 1])
    >>> form_blocks(np.array([3, 4, 2, 5, 6]), np.zeros(5, dtype=int), [np.arange(5), places], 5).tolist()
    [5, 5, 3, 3, 4]
    """
    blocks = np.full(len(answered), IN_NO_BLOCK, dtype=np.int64)
    for nodes in levels:
        places = codes(subject, nodes)
        blocks = _joined(answered, blocks, places, floor)
        blocks = _taken_in(answered, blocks, places)
    return blocks


def codes(*columns: npt.ArrayLike) -> Codes:
    """Give one code for each combination of values."""
    frame = pd.DataFrame(dict(enumerate(columns)))
    numbered = frame.groupby(list(frame), sort=False, dropna=False).ngroup()
    return np.asarray(numbered, dtype=np.int64)


def _joined(answered: Codes, blocks: Codes, places: Codes, floor: int) -> Codes:
    """Make a block of what is in none, place by place, where that is enough."""
    is_left = blocks == IN_NO_BLOCK
    left = np.bincount(places, weights=answered * is_left)
    is_new = is_left & (left[places] >= floor)
    return np.where(is_new, places + blocks.max(initial=IN_NO_BLOCK) + 1, blocks)


def _taken_in(answered: Codes, blocks: Codes, places: Codes) -> Codes:
    """Where too much is in no block, join it with the smallest block of the place, which is enough by itself."""
    is_left = blocks == IN_NO_BLOCK
    left, whole = np.bincount(places, weights=answered * is_left), np.bincount(places, weights=answered)
    is_missed = left > (1 - COVERAGE) * whole
    rows = pd.DataFrame({"place": places, "block": blocks, "answered": answered})[is_missed[places] & ~is_left]
    if rows.empty:
        return blocks
    beside = rows.groupby(["place", "block"], as_index=False)["answered"].sum()
    of_block = np.bincount(blocks[~is_left], weights=answered[~is_left])
    inside = beside[beside["answered"] == of_block[beside["block"]]]  # one that reaches beyond the place is not its own
    smallest = inside.sort_values(["place", "answered", "block"]).drop_duplicates("place")
    block_of = pd.Series(smallest["block"].to_numpy(), index=smallest["place"].to_numpy())
    taking = pd.Series(places[is_left]).map(block_of).fillna(IN_NO_BLOCK)
    joined = blocks.copy()
    joined[is_left] = taking.to_numpy(dtype=np.int64)
    return joined
