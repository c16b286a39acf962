"""What each team lives, in standard deviations of a person's mood: a mark is favourable where the latent is above 0."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from pipelines.demo.answers import Company
from pipelines.demo.marks import CUTS, EASE, OFFSET_SPREAD, SHARED_MOOD
from pipelines.demo.pulse.questions import ITEMS, MEASURES, QUESTIONS
from pipelines.demo.rows import MEASURES as CLIENT_MEASURES
from pipelines.demo.towns import REGIONS
from symetrie.dimensions import DIMENSIONS

CLIMATE_SPREAD = 0.45  # of the sites' climates; that of one dimension adds OFFSET_SPREAD
PARTNER_SHIFT = -0.35  # what teams of partners live less well than own ones

# How easily people agree, by measure.
TEAM_EASE = {
    "enps": -0.05, "engagement": 0.50, "autonomy": 0.20, "cooperation": 0.30, "competence": 0.35, "conduct": 0.60,
    "consideration": 0.25, "listening": -0.10, "facilitation": 0.15, "harmony": 0.00, "trust": 0.45, "values": 0.30,
    "environment": 0.10,
}  # fmt: skip

# What teams see of what their own clients feel, against clients as a whole; and by how much they think it better.
SIGHT = 0.5
BLIND_SPOT = {
    "overall": 0.45, "autonomy": 0.25, "cooperation": 0.35, "competence": 0.40, "conduct": 0.20, "consideration": 0.40,
    "listening": 0.70, "facilitation": 0.55, "harmony": 0.50, "trust": 0.30, "values": 0.15, "environment": -0.10,
}  # fmt: skip

MOST_LATENT, GRID_STEPS = 5.0, 501
MOODS_SEEN = 41  # nodes of the quadrature over a person's mood


def team_levels(company: Company) -> NDArray[np.float32]:
    """Give the latent level of each unit (rows) and question (columns)."""
    columns = {("employee", key): _lived(company, key) for key in TEAM_EASE}
    columns |= {("perceived", key): _perceived(company, key) for key in BLIND_SPOT}
    levels = [columns[_measure_of(key)] for key in QUESTIONS]
    return np.column_stack(levels).astype(np.float32)


def true_pct(company: Company) -> dict[tuple[str, str], NDArray[np.float64]]:
    """Give what each unit would score if everybody like its people answered, in percent; in points for eNPS."""
    levels = dict(zip(QUESTIONS, team_levels(company).T.astype(np.float64), strict=True))
    found = {_measure_of(key): 100 * ndtr(level) for key, level in levels.items()}
    promoted, neutral = CUTS["0-10"][8], CUTS["0-10"][6]
    found["employee", "enps"] = 100 * (ndtr(levels["enps"] - promoted) - ndtr(neutral - levels["enps"]))
    found["employee", "engagement"] = 100 * _engaged(levels[ITEMS[0]])
    return {measure: found[measure] for measure in MEASURES}


def _measure_of(question: str) -> tuple[str, str]:
    side, _, key = question.partition("_")
    return {"own": ("employee", key), "perceived": ("perceived", key)}.get(side, ("employee", side))


def _lived(company: Company, key: str) -> NDArray[np.float64]:
    climate = company.network.climate
    sites = CLIMATE_SPREAD * climate.site
    for position, dimension in enumerate(DIMENSIONS):
        if dimension.key == key:
            sites = sites + OFFSET_SPREAD * climate.dimensions[:, position]
    units = np.concatenate([sites, np.zeros(len(REGIONS))])
    return TEAM_EASE[key] + units + PARTNER_SHIFT * company.teams.is_partner


def _perceived(company: Company, key: str) -> NDArray[np.float64]:
    offsets = company.offsets[:, CLIENT_MEASURES.index(key)]
    felt = ndtri(company.network.quality_pct / 100) + offsets
    usual = float(felt.mean()) if len(felt) else EASE[key]
    units = np.concatenate([usual + SIGHT * (felt - usual), np.full(len(REGIONS), usual)])
    return np.asarray(BLIND_SPOT[key] + units)


def _engaged(levels: NDArray[np.float64]) -> NDArray[np.float64]:
    grid, shares = _engaged_shares()
    return np.interp(levels, grid, shares)


@cache
def _engaged_shares() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Tabulate by level the share of people whose mean over the items is 4 or more.

    Given a person's mood their items are independent, so that the sum has the law of five times one item's; moods
    are then weighed by Gauss and Hermite's quadrature.
    """
    grid = np.linspace(-MOST_LATENT, MOST_LATENT, GRID_STEPS)
    nodes, weights = np.polynomial.hermite_e.hermegauss(MOODS_SEEN)
    centre = grid[:, None] + np.sqrt(SHARED_MOOD) * nodes
    below = ndtr((np.array(CUTS["1-5"]) - centre[..., None]) / np.sqrt(1 - SHARED_MOOD))
    one = np.diff(below, prepend=0, append=1, axis=-1)  # chances of the marks 1 to 5
    total = one
    for _ in ITEMS[1:]:
        wider = np.zeros((*total.shape[:-1], total.shape[-1] + one.shape[-1] - 1))
        for mark in range(one.shape[-1]):
            wider[..., mark : mark + total.shape[-1]] += one[..., mark, None] * total
        total = wider
    sums = np.arange(total.shape[-1]) + len(ITEMS)
    engaged = total[..., sums >= 4 * len(ITEMS)].sum(axis=-1)
    return grid, np.asarray(engaged @ weights / weights.sum())
