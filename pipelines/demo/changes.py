"""What really gets worse or better in the demo, so that whatever looks for it can be checked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from pipelines.demo.plan import Plan

SMALLEST_WITH_CHANGES = 10  # sites
SITES_PER_TURN = 1_000  # a larger network has the same changes once per so many sites


@dataclass(frozen=True)
class Change:
    """From a day on, the percent favourable of some measures of a site is moved by so many points."""

    site: int
    start: date
    points: float
    measures: tuple[str, ...]


@dataclass(frozen=True)
class _Recipe:
    day: int  # after the first one
    points: float
    measures: tuple[str, ...]


# The largest first: it takes the site nearest the median, which falls the deepest.
RECIPES = (
    _Recipe(115, -38, ("overall", "nps", "conduct", "competence")),
    _Recipe(84, -28, ("overall", "nps", "ces", "facilitation", "harmony")),
    _Recipe(54, -18, ("overall", "nps", "listening", "consideration")),
    _Recipe(106, -15, ("overall", "trust")),
    _Recipe(72, +20, ("overall", "nps", "ces", "facilitation")),
)


def changes(
    plan: Plan, rates: NDArray[np.float64], quality_pct: NDArray[np.float64], ordinary: Sequence[int]
) -> tuple[Change, ...]:
    """Give each recipe to a busy site of its own: one a little better than most gets worse, the worst gets better."""
    if plan.sites < SMALLEST_WITH_CHANGES:
        return ()
    return tuple(_changes(plan, rates, quality_pct, ordinary))


def _changes(
    plan: Plan, rates: NDArray[np.float64], quality_pct: NDArray[np.float64], ordinary: Sequence[int]
) -> Iterator[Change]:
    order = sorted(ordinary, key=lambda at: float(quality_pct[at]))
    median_rate, median_quality = np.median(rates), np.median(quality_pct)
    for _ in range(max(1, plan.sites // SITES_PER_TURN)):
        for recipe in RECIPES:
            fits = (quality_pct >= median_quality) == (recipe.points < 0)
            site = next((at for at in order if fits[at] and rates[at] >= median_rate), None)
            if site is None:
                return
            order.remove(site)
            yield Change(site, plan.day(recipe.day), recipe.points, recipe.measures)
