"""What counts as too little or too much: practical size beside chance."""

from dataclasses import dataclass

DAYS_OF_PAST = 182
"""Days that are read for a business date, the date itself included: half a year, whatever stands before it.

Enough that a shop with 0.3 answers a day has 29 of them before twelve weeks of silence."""
DAY_STRETCHES = (1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 42, 56, 70, 84)
"""Stretches that are looked at, in days: each at most half as long again as the one before, from two days on."""
WEEK_STRETCHES = (1, 2, 3, 4, 6, 8)
DAYS_A_YEAR = 365
OVERLAP = 4.0
"""How many looks at one unit are as good as one: stretches of different lengths and of neighbouring days share days.

Measured by benchmarks/alerts/news.py on six quiet years of 2,000 sites: with this, 0.002 a unit-year that are asked for
are 0.0016 (0.0010 to 0.0025 with 95 %); without it they were 0.0003."""


@dataclass(frozen=True, slots=True)
class QuietRule:
    """When a row is quiet: at most this share of the usual came, and chance does so less often than that."""

    share: float
    chance: float
    stretches: tuple[int, ...] = DAY_STRETCHES
    cycle: int = 7  # steps until the rhythm repeats: a shorter stretch knows only its own weekdays of the past
    kept: int = 7  # steps for which a row stays quiet that has not come back since
    back_answers: float = 20.0  # expected answers on whose newest steps it is seen whether a row is back
    back_steps: int = 14  # the most steps waited for these: one answer in two weeks brings a small row back
    least_steps: int = 28  # of its past, of which a row has too little otherwise to have a rhythm
    least_answers: float = 10.0


@dataclass(frozen=True, slots=True)
class SurgeRule:
    """When a row surges: at least so many times the usual came, and chance does so less often than that."""

    times: float
    chance: float
    least_steps: int = 28
    least_answers: float = 10.0


def chance_per_look(false_per_unit_year: float, stretches: int = 1) -> float:
    """Give the chance below which one look may be told, so that looks of a year add up to so many false findings.

    A union bound (Bonferroni) over the days of a year and the stretches looked at on each; where there are several,
    ``OVERLAP`` looks count as one. Two false findings in a thousand years of a unit:

    >>> f"{chance_per_look(0.002):.1e}", f"{chance_per_look(0.002, 14):.1e}"
    ('5.5e-06', '1.6e-06')
    """
    return false_per_unit_year / DAYS_A_YEAR / max(stretches / OVERLAP, 1.0)
