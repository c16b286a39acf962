"""How probable a count is by chance, given what came before: negative binomial, with all that is uncertain in it."""

import numpy as np
from scipy import special

from symetrie.intervals import Floats


def chance_of_at_most(seen: Floats, expected: Floats, spread: Floats) -> Floats:
    """Give the probability of so few answers or fewer, where ``spread`` is the squared relative error beside chance.

    Negative binomial with mean m and variance m + spread · m²; Poisson where the spread is nothing.

    No answer in seven days of one a day is e⁻⁷; with 20 % of uncertainty about the level four times as much.

    >>> chance_of_at_most(np.array([0.0, 0.0]), np.array([7.0, 7.0]), np.array([0.0, 0.2])).round(5).tolist()
    [0.00091, 0.01256]
    """
    size, share = _size_and_share(expected, spread)
    return np.asarray(np.where(expected > 0, special.betainc(size, seen + 1, share), 1.0))


def chance_of_at_least(seen: Floats, expected: Floats, spread: Floats) -> Floats:
    """Give the probability of so many answers or more, as `chance_of_at_most`."""
    size, share = _size_and_share(expected, spread)
    some = special.betainc(np.maximum(seen, 1.0), size, 1 - share)
    return np.asarray(np.where((expected > 0) & (seen > 0), some, 1.0))


def _size_and_share(expected: Floats, spread: Floats) -> tuple[Floats, Floats]:
    """The two parameters of the distribution, whose tails are incomplete beta functions of them."""
    size = 1 / np.maximum(spread, 1e-9)  # of a billion answers: as good as Poisson
    return size, size / (size + np.maximum(expected, 1e-12))
