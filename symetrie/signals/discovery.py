"""How many false signals may be made: a share of the true ones, over streams and over time."""

from __future__ import annotations

from dataclasses import dataclass

DAYS_REMEMBERED = 365


@dataclass(frozen=True)
class Tolerance:
    """How much is borne of signals that are false (issue: at most 10 % of new ones, 0.02 per site and year)."""

    false_share: float = 0.10
    """Of the new signals of a year, at most so many may be false."""

    most_per_unit_year: float = 0.02
    """However many true signals there are, no unit gets more false ones a year than this, over all its measures."""

    expected_per_unit_year: float = 0.01
    """Before anything is found, a real change in one unit of a hundred is taken for granted; at least one in all."""


def allowed_per_unit_year(signals_last_year: int, units: int, tolerance: Tolerance = Tolerance()) -> float:
    """How many false signals per unit and year keep their share among a year's new signals as small as is borne.

    As in online control of the false discovery rate (LORD, Javanmard and Montanari 2018), what has been discovered is
    the wealth to spend: a network in which nothing happens hardly ever gets a signal, one in trouble gets them sooner.

    >>> allowed_per_unit_year(0, 2000), allowed_per_unit_year(200, 2000), allowed_per_unit_year(900, 2000)
    (0.001, 0.011, 0.02)
    >>> allowed_per_unit_year(0, 8)
    0.0125
    """
    taken_for_granted = max(1.0, tolerance.expected_per_unit_year * units)
    wealth = tolerance.false_share * (signals_last_year + taken_for_granted) / max(units, 1)
    return min(tolerance.most_per_unit_year, wealth)
