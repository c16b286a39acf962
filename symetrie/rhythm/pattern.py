"""What a row usually receives on each step of time: its own level, by weekday where the steps are days."""

from typing import NamedTuple

import numpy as np

from symetrie.intervals import Floats
from symetrie.verdicts import Integers

PEAK = 3.0  # a day above so many times the row's mean counts as that: peaks of ten times happen, and are no rhythm
FEW = 5.0  # answers that are no peak of anything, so that rows with few answers are not cut
OWN_WEEKDAY = 8.0  # answers on a weekday at which a row's own pattern weighs as much as that of all rows together


class Rhythm(NamedTuple):
    """Rows by steps: what came, the same with peaks cut, and what usually comes on a step that can be told whole."""

    seen: Floats
    cut: Floats
    usual: Floats
    told: Floats
    """Which share of the row could have been heard on the step: 0 when closed or not yet there, 1 on a usual day."""

    @property
    def expected(self) -> Floats:
        """What usually comes from what could be heard."""
        return self.usual * self.told


def rhythm(seen: Floats, told: Floats, cycle: Integers) -> Rhythm:
    """Give the rhythm of rows of answers, (rows, steps) both, `told` from 0 to 1.

    ``cycle``: the position of each step in what repeats, a day's weekday (0 to 6), or 0 where nothing repeats.
    The expected answers of a row add up to what came of it (peaks cut). The weekday pattern of a row is a
    Gamma-Poisson mean of its own and of the one of all rows; a row without answers has none. Method, section 12:
    weekday with weekday.

    A shop that is told each day, with ten answers on each of two Mondays and none on two Tuesdays:

    >>> days = rhythm(np.array([[10.0, 0, 10, 0]]), np.ones((1, 4)), np.array([0, 1, 0, 1]))
    >>> days.expected.round(1).tolist()
    [[10.0, 0.0, 10.0, 0.0]]
    """
    if seen.shape != told.shape or seen.shape[1:] != cycle.shape:
        raise ValueError(f"answers {seen.shape}, told {told.shape} and cycle {cycle.shape} differ; give one per step")
    heard = np.where(told > 0, seen, 0.0)
    cut = np.minimum(heard, PEAK * _over(heard.sum(1), told.sum(1))[:, None] + FEW)
    places = np.eye(int(cycle.max(initial=0)) + 1)[cycle]
    level = _over(cut.sum(1), told.sum(1))
    came, could_come = cut @ places, level[:, None] * (told @ places)
    of_all = _over(came.sum(0), could_come.sum(0), otherwise=1.0)
    own = (came + OWN_WEEKDAY * of_all) / (could_come + OWN_WEEKDAY)
    shape = own[:, cycle]
    usual = shape * _over(cut.sum(1), (shape * told).sum(1))[:, None]
    return Rhythm(heard, cut, usual, told)


def since_first(seen: Floats) -> Floats:
    """Give 1 from the step after each row's first answer on, else 0.

    The step of the first answer is left out: that it had one is why the row begins there.

    >>> since_first(np.array([[0.0, 2, 0, 1], [0, 0, 0, 0]])).tolist()
    [[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]]
    """
    begun = np.cumsum(seen, axis=1) > 0
    return np.hstack([np.zeros((len(seen), 1)), begun[:, :-1].astype(float)])


def _over(answers: Floats, of: Floats, otherwise: float = 0.0) -> Floats:
    return np.divide(answers, of, out=np.full_like(answers, otherwise), where=of > 0)
