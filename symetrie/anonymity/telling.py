"""Telling: how exactly the counts of blocks, and of places made of blocks, may be known.

What is told of a block leaves open the two answers at either end. A place above adds up what was told below; the sum
of what is left open there is told in the same way, exactly unless it lies at an end. So a network is exact where
its teams are not, and no sum, however high, narrows what was told of a team.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from symetrie.anonymity.blocks import Codes, codes
from symetrie.anonymity.rule import AnonymityRule, between


@dataclass(frozen=True, slots=True)
class Pieces:
    """What can be told at one level: of each block the piece that it is part of, and what is told of each piece."""

    piece_of: Codes
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]


def tell_blocks(count: npt.ArrayLike, answered: npt.ArrayLike, rule: AnonymityRule) -> Pieces:
    """Tell each block by itself."""
    low, high = rule.told(count, answered)
    return Pieces(np.arange(len(low), dtype=np.int64), low, high)


def tell_above(count: Codes, below: Pieces, places: Sequence[int] | Codes) -> Pieces:
    """Tell the sum of each place from what was told of its pieces; ``count`` and ``places`` are by block.

    Two teams of eight with six or more contented each, and one with five: of the place it is known already that
    17 to 21 are content, and nothing is added, for whoever knew the sum might know the teams.

    >>> teams = tell_blocks([7, 6, 5], [8, 8, 8], AnonymityRule())
    >>> told = tell_above(np.array([7, 6, 5]), teams, np.array([0, 0, 0]))
    >>> told.low.tolist(), told.high.tolist()
    ([17], [21])
    """
    pieces = pd.DataFrame({"piece": below.piece_of, "place": places}).drop_duplicates("piece")
    node = codes(pieces["place"])
    node_of = np.empty(len(below.low), dtype=np.int64)
    node_of[pieces["piece"].to_numpy()] = node
    low, high = _sum(below.low, node_of), _sum(below.high, node_of)
    piece_of = node_of[below.piece_of]
    open_low, open_high = between(_sum(count, piece_of) - low, high - low)
    return Pieces(piece_of, low + open_low, low + open_high)


def _sum(values: npt.ArrayLike, places: Codes) -> npt.NDArray[np.int64]:
    return np.asarray(np.bincount(places, weights=np.asarray(values, dtype=np.float64)), dtype=np.int64)
