"""The mirror: what clients feel, what employees live and what they think that their clients feel, side by side."""

from typing import Literal, NamedTuple

import numpy as np
import pandas as pd

from symetrie.counts import ShareCounts, share_counts
from symetrie.dimensions import DIMENSIONS
from symetrie.intervals import Floats, difference
from symetrie.measures import Side
from symetrie.precision import Ends, ends
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


class _Leg(NamedTuple):
    """The counts of one leg, and how far they may be off."""

    counts: ShareCounts
    ends: Ends


def mirror(counts: pd.DataFrame) -> pd.DataFrame:
    """Set the three legs of each row side by side, with their differences and the quadrant.

    Takes the keys (as_of, unit_id, measure) and, for each leg of client, employee and perceived, ``<leg>_count`` of
    answers and ``<leg>_favourable`` among them, both missing where the leg may not be shown or was not asked; and
    ``<leg>_precision`` where the favourable ones are only known to within so many answers either way, 0 if left out.
    Gives the keys and, for each leg, ``<leg>_count``, ``<leg>_score``, ``<leg>_low``, ``<leg>_high`` (percent), then
    asymmetry (client - employee) and perception_gap (perceived - client) each as ``…_points``, ``…_low``,
    ``…_high``, and the quadrant: one row for each row, same index.
    Bounds are Wilson's, the lower one of the fewest favourable answers that there can be and the upper one of the
    most, and Newcombe's hybrid for a difference; they are nan below five answers of a leg concerned.
    A difference is nan unless both its legs have answers, the quadrant missing unless client and employee have five
    and are solid, or not, whatever their precision leaves open.
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
    legs = {leg: _leg(counts, leg) for leg in LEGS}
    estimates = {name: _estimates(leg) for name, leg in legs.items()}
    columns: dict[str, Floats | pd.api.extensions.ExtensionArray] = {}
    for leg in LEGS:
        columns[f"{leg}_count"] = pd.arrays.IntegerArray(legs[leg].counts.answered, legs[leg].counts.is_missing)
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


def _leg(counts: pd.DataFrame, name: Side) -> _Leg:
    told = share_counts(counts, f"{name}_favourable", f"{name}_count")
    return _Leg(told, ends(counts, told, f"{name}_precision"))


def _estimates(leg: _Leg) -> _Estimates:
    answered = leg.counts.answered
    low, _ = interval("top_two_box", leg.ends.fewest, 0, answered)
    _, high = interval("top_two_box", leg.ends.most, 0, answered)
    return score("top_two_box", leg.counts.favourable, 0, answered), low, high


def _gap(name: str, one: _Estimates, other: _Estimates) -> dict[str, Floats]:
    """Give the difference of two legs in points, and its bounds."""
    low, high = difference(*one, *other)
    return {f"{name}_points": one[0] - other[0], f"{name}_low": low, f"{name}_high": high}


def _quadrants(client: _Leg, employee: _Leg) -> pd.api.extensions.ExtensionArray:
    clients_happy, team_happy = (is_solid(leg.ends.fewest, leg.counts.answered) for leg in (client, employee))
    is_said = np.minimum(client.counts.answered, employee.counts.answered) >= ENOUGH_ANSWERS
    for leg, is_happy in ((client, clients_happy), (employee, team_happy)):
        is_said &= is_happy == is_solid(leg.ends.most, leg.counts.answered)
    codes = np.where(is_said, 2 * ~clients_happy + ~team_happy, len(QUADRANTS))
    return pd.array(np.array([*QUADRANTS, None], dtype=object)[codes], dtype="str")
