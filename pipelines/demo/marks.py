"""From what a site is worth to the marks of its clients: ordered cuts over a latent mood.

A respondent's mood is shared by all their marks, so that marks go together as they do in life. A mark is
favourable exactly when the latent value is above 0, hence a site's true percent favourable is known.
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from pipelines.demo.climate import felt
from pipelines.demo.network import DemoNetwork
from pipelines.demo.rows import MEASURES
from pipelines.demo.seasons import mood
from symetrie.measures import CLIENT_MEASURES, client_measure

POSITION = {key: position for position, key in enumerate(MEASURES)}
DIMENSION_POSITIONS = [position for position, one in enumerate(CLIENT_MEASURES) if one.column.startswith("dim_")]

SHARED_MOOD = 0.62  # share of the variance of a mark that all marks of a respondent have in common

# The latent value from which the next mark is given, by canonical range; 0 is the first favourable mark,
# except for recommendation, where promoters begin at 9 and detractors end at 6.
CUTS = {
    "1-5": (-1.15, -0.60, 0.0, 0.85),
    "1-7": (-1.50, -1.10, -0.60, 0.0, 0.50, 1.10),
    "0-10": (-2.3, -2.1, -1.9, -1.65, -1.4, -1.0, -0.6, -0.15, 0.5, 0.95),
}

# How much easier or harder than overall satisfaction a question is, in standard deviations.
EASE = {
    "overall": 0.0, "nps": 0.0, "ces": 0.10, "autonomy": -0.15, "cooperation": -0.10, "competence": 0.12,
    "conduct": 0.30, "consideration": 0.0, "listening": -0.20, "facilitation": -0.08, "harmony": -0.25, "trust": 0.06,
    "values": 0.02, "environment": -0.35,
}  # fmt: skip

OFFSET_SPREAD = 0.15  # standard deviation over sites of what they are especially good or bad at
LOWEST_SHARE, HIGHEST_SHARE = 0.05, 0.97


def site_levels(network: DemoNetwork, offsets: NDArray[np.float64], day: date) -> NDArray[np.float32]:
    """Give the latent level of each site (rows) and measure (columns) on a day, changes and season included."""
    levels = ndtri(network.quality_pct / 100)[:, None] + offsets
    for change in network.changes:
        if change.start <= day:
            columns = [POSITION[key] for key in change.measures]
            moved = np.clip(ndtr(levels[change.site, columns]) + change.points / 100, LOWEST_SHARE, HIGHEST_SHARE)
            levels[change.site, columns] = ndtri(moved)
    return np.asarray(levels + mood(day), dtype=np.float32)


def site_offsets(network: DemoNetwork, random: np.random.Generator) -> NDArray[np.float64]:
    """Draw what each site is especially good or bad at, in the dimensions after what its team lives."""
    own = random.standard_normal((len(network.sites), len(MEASURES)))
    own[:, DIMENSION_POSITIONS] = felt(network.climate.dimensions, random)
    own[:, POSITION["overall"]] = 0
    return np.asarray(OFFSET_SPREAD * own + np.array([EASE[key] for key in MEASURES]))


def draw_latent(levels: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """Draw one latent value per respondent (rows of `levels`) and measure."""
    shared = random.standard_normal((len(levels), 1), dtype=np.float32)
    latent = random.standard_normal(levels.shape, dtype=np.float32)
    latent *= np.float32(np.sqrt(1 - SHARED_MOOD))
    latent += np.float32(np.sqrt(SHARED_MOOD)) * shared
    latent += levels
    return latent


def marks_of(key: str, latent: NDArray[np.float32]) -> NDArray[np.int8]:
    """Turn latent values of one measure into canonical marks."""
    measure = client_measure(key)
    return (measure.lowest + np.searchsorted(CUTS[measure.onto], latent, side="right")).astype(np.int8)
