"""When answers may be told, and how exactly, so that they say nothing certain of anybody."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

FLOOR = 5  # Culture Amp, 15Five; NHS England hides cells of 1 to 4. Never below LOWEST_FLOOR
LOWEST_FLOOR = 3  # Officevibe's, the lowest in use
VERBATIM_FLOOR = 8
UNANIMITY_FLOOR = 30
MARGIN = 2
"""Answers at either end that are told as one. Were all alike, everybody's answer would be known; were all but one,
whoever gave that one would know everybody else's."""


class Range(NamedTuple):
    """What is told of a count: that it lies between two others, both included."""

    low: Integers
    high: Integers


@dataclass(frozen=True, slots=True)
class AnonymityRule:
    """How many answers a group needs to be told, and from how many on they may be told to be all alike."""

    floor: int = FLOOR
    verbatim_floor: int = VERBATIM_FLOOR
    unanimity_floor: int = UNANIMITY_FLOOR

    def __post_init__(self) -> None:
        if self.floor < LOWEST_FLOOR:
            raise ValueError(f"a floor of {self.floor} answers shows who answered what; take {LOWEST_FLOOR} or more")
        if self.verbatim_floor < self.floor or self.unanimity_floor < self.floor:
            raise ValueError("the floors for verbatims and for unanimity may not be below the floor for scores")

    def told(self, count: npt.ArrayLike, answered: npt.ArrayLike) -> Range:
        """Say what may be told of ``count`` among the ``answered`` of groups above the floor.

        From ``unanimity_floor`` answers on it is the count itself; shapes broadcast.

        Of eight answers 3, 4 and 5 are told; 6, 7 and 8 are told as one, and so are 0, 1 and 2:

        >>> low, high = AnonymityRule().told([1, 3, 5, 6, 8], 8)
        >>> low.tolist(), high.tolist()
        ([0, 3, 5, 6, 6], [2, 3, 5, 8, 8])
        """
        low, high = between(count, answered)
        is_large = np.asarray(answered) >= self.unanimity_floor
        return Range(np.where(is_large, count, low), np.where(is_large, count, high))


def between(count: npt.ArrayLike, most: npt.ArrayLike) -> Range:
    """Say what may be told of a count between 0 and ``most``: itself, or that it is one of the three at an end.

    >>> low, high = between([0, 2, 3, 4], [4, 6, 6, 6])
    >>> low.tolist(), high.tolist()
    ([0, 0, 3, 4], [4, 2, 3, 6])
    """
    count, most = np.broadcast_arrays(np.asarray(count, dtype=np.int64), np.asarray(most, dtype=np.int64))
    is_low, is_high = count <= MARGIN, count >= most - MARGIN
    is_untold = most <= 2 * MARGIN
    low = np.where(is_untold | is_low, 0, np.where(is_high, most - MARGIN, count))
    high = np.where(is_untold | (is_high & ~is_low), most, np.where(is_low, MARGIN, count))
    return Range(low, high)
