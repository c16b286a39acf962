"""What it is like to work at each site of the demo, and how much of it its clients feel: the known strength."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from pipelines.demo.plan import Plan
from symetrie.dimensions import DIMENSIONS

# Correlation over sites of the teams' climate and of what their clients are given, as a whole and in each dimension.
STRENGTH = 0.6
FEWEST_SITES = 4  # below, no correlation can be given


@dataclass(frozen=True)
class Climate:
    """The climate of each site, and what its team lives better or worse than that; in standard deviations of sites."""

    site: NDArray[np.float64]
    dimensions: NDArray[np.float64]  # sites (rows) by dimensions


def draw_climate(plan: Plan) -> Climate:
    """Draw the climate of the sites: the quantiles of a normal law, so that small networks have every kind."""
    random = plan.random(7)
    quantiles = ndtri((np.arange(plan.sites) + 0.5) / max(plan.sites, 1))
    return Climate(random.permutation(quantiles), random.standard_normal((plan.sites, len(DIMENSIONS))))


def felt(climate: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Draw what clients are given where the climate is such: half theirs, half chance, by exactly the strength."""
    chance = random.standard_normal(climate.shape)
    if len(climate) < FEWEST_SITES:
        return np.asarray(STRENGTH * climate + np.sqrt(1 - STRENGTH**2) * chance)
    centred = climate - climate.mean(axis=0)
    chance -= chance.mean(axis=0)
    chance -= centred * ((centred * chance).sum(axis=0) / (centred**2).sum(axis=0))
    chance *= centred.std(axis=0) / chance.std(axis=0)
    return np.asarray(climate.mean(axis=0) + STRENGTH * centred + np.sqrt(1 - STRENGTH**2) * chance)
