"""The mirror: what clients feel, what employees live and what they think that their clients feel, side by side."""

from typing import Literal

import numpy as np
import pandas as pd

from symetrie.counts import ShareCounts, share_counts
from symetrie.dimensions import DIMENSIONS
from symetrie.intervals import Floats, difference
from symetrie.measures import Side
from symetrie.scores import interval, score
from symetrie.verdicts import ENOUGH_ANSWERS, is_solid

Quadrant = Literal["both_solid", "clients_only", "team_only", "neither"]

MIRROR_KEY_COLUMNS = ("as_of", "unit_id", "measure")
LEGS: tuple[Side, ...] = ("client", "employee", "perceived")
MIRROR_MEASURES = ("overall", *(dimension.key for dimension in DIMENSIONS))
QUADRANTS: tuple[Quadrant, ...] = ("both_solid", "clients_only", "team_only", "neither")

# What employees thought of client satisfaction lay so far above it: workshop of Le Hub de La Poste, 2018.
PUBLISHED_PERCEPTION_GAP_POINTS = 20.0

_Estimates = tuple[Floats, Floats, Floats]  # score, low, high


def mirror(counts: pd.DataFrame) -> pd.DataFrame:
    """Set the three legs of each row side by side, with their differences and the quadrant.

    Takes the keys (as_of, unit_id, measure) and, for each leg of client, employee and perceived, ``<leg>_count`` of
    answers and ``<leg>_favourable`` among them, both missing where the leg may not be shown or was not asked.
    Gives the keys and, for each leg, ``<leg>_count``, ``<leg>_score``, ``<leg>_low``, ``<leg>_high`` (percent), then
    asymmetry (client - employee) and perception_gap (perceived - client) each as ``…_points``, ``…_low``,
    ``…_high``, and the quadrant: one row for each row, same index.
    Bounds are Wilson's, and Newcombe's hybrid for a difference; they are nan below five answers of a leg concerned.
    A difference is nan unless both its legs have answers, the quadrant missing unless client and employee have five.
    A measure with no three legs is a LookupError, counts that cannot be are a ValueError.

    >>> row = {"as_of": "2026-03-31", "unit_id": "lyon-1", "measure": "trust",
    ...        "client_count": 70, "client_favourable": 56, "employee_count": 80, "employee_favourable": 48,
    ...        "perceived_count": 10, "perceived_favourable": 9}
    >>> seen = mirror(pd.DataFrame([row])).iloc[0]
    >>> [round(float(seen[name]), 2) for name in ("asymmetry_points", "asymmetry_low", "asymmetry_high")]
    [20.0, 5.24, 33.39]
    >>> round(float(seen["perception_gap_points"]), 2), seen["quadrant"]
    (10.0, 'both_solid')
    """
    _check_measures(counts["measure"])
    legs = {leg: share_counts(counts, f"{leg}_favourable", f"{leg}_count") for leg in LEGS}
    estimates = {leg: _estimates(leg_counts) for leg, leg_counts in legs.items()}
    columns: dict[str, Floats | pd.api.extensions.ExtensionArray] = {}
    for leg in LEGS:
        columns[f"{leg}_count"] = pd.arrays.IntegerArray(legs[leg].answered, legs[leg].is_missing)
        columns |= zip((f"{leg}_score", f"{leg}_low", f"{leg}_high"), estimates[leg], strict=True)
    columns |= _gap("asymmetry", estimates["client"], estimates["employee"])
    columns |= _gap("perception_gap", estimates["perceived"], estimates["client"])
    columns["quadrant"] = _quadrants(legs["client"], legs["employee"])
    return counts[[*MIRROR_KEY_COLUMNS]].assign(**columns)


def _check_measures(measures: "pd.Series[str]") -> None:
    """Refuse what is no share of favourable answers on both sides, such as the NPS."""
    unknown = measures[~measures.isin(MIRROR_MEASURES)]
    if len(unknown):
        raise LookupError(f"the mirror shows no {unknown.iloc[0]!r}; use one of {', '.join(MIRROR_MEASURES)}")


def _estimates(leg: ShareCounts) -> _Estimates:
    low, high = interval("top_two_box", leg.favourable, 0, leg.answered)
    return score("top_two_box", leg.favourable, 0, leg.answered), low, high


def _gap(name: str, one: _Estimates, other: _Estimates) -> dict[str, Floats]:
    """Give the difference of two legs in points, and its bounds."""
    low, high = difference(*one, *other)
    return {f"{name}_points": one[0] - other[0], f"{name}_low": low, f"{name}_high": high}


def _quadrants(client: ShareCounts, employee: ShareCounts) -> pd.api.extensions.ExtensionArray:
    clients_happy = is_solid(client.favourable, client.answered)
    team_happy = is_solid(employee.favourable, employee.answered)
    is_said = np.minimum(client.answered, employee.answered) >= ENOUGH_ANSWERS
    codes = np.where(is_said, 2 * ~clients_happy + ~team_happy, len(QUADRANTS))
    return pd.array(np.array([*QUADRANTS, None], dtype=object)[codes], dtype="str")
