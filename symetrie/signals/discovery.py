"""How many false signals may be made: a share of the true ones, over streams and over time."""

from __future__ import annotations

FALSE_SHARE = 0.10
"""Of the signals of a year, at most so many may be false (issue: at most 10 % false among new signals)."""

MOST_FALSE_PER_UNIT_YEAR = 0.02
"""However many true signals there are, no unit gets more false ones a year than this, over all its measures."""

EXPECTED_PER_UNIT_YEAR = 0.01
"""Before anything has been found, a real change in one unit of a hundred is taken for granted; at least one in all."""


def allowed_per_unit_year(signals_last_year: int, unit_count: int) -> float:
    """How many false signals per unit and year keep their share among a year's signals below `FALSE_SHARE`.

    As in online control of the false discovery rate (LORD, Javanmard and Montanari 2018), what has been discovered is
    the wealth to spend: a network in which nothing happens hardly ever gets a signal, one in trouble gets them sooner.

    >>> allowed_per_unit_year(0, 2000), allowed_per_unit_year(200, 2000), allowed_per_unit_year(900, 2000)
    (0.001, 0.011, 0.02)
    >>> allowed_per_unit_year(0, 8)
    0.0125
    """
    taken_for_granted = max(1.0, EXPECTED_PER_UNIT_YEAR * unit_count)
    return min(MOST_FALSE_PER_UNIT_YEAR, FALSE_SHARE * (signals_last_year + taken_for_granted) / unit_count)
