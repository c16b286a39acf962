"""The label's criteria: each dimension above 55 % on both sides, and a global mean above 70 %.

The project says whether criteria are met; the label itself is l'Académie du Service's to award.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from symetrie.counts import Booleans, share_counts
from symetrie.dimensions import DIMENSIONS
from symetrie.intervals import wilson
from symetrie.precision import Ends, ends
from symetrie.verdicts import ENOUGH_ANSWERS, Integers, is_solid

LabelSide = Literal["client", "employee"]
LabelState = Literal["met", "met_with_margin", "not_met"]
MeanOver = Literal["all_scores", "each_side"]
Objects = npt.NDArray[np.object_]

LABEL_SIDES: tuple[LabelSide, ...] = ("client", "employee")

# Interview of Thierry Spencer, podcast « Le Client », episode 9: more than 55 % each, more than 70 % on the whole.
SOLID_LINE = 0.55  # for bounds alone: counts are held against it by is_solid
MEAN_LINE = Fraction(7, 10)

_KEYS = tuple(dimension.key for dimension in DIMENSIONS)
_SCORES = tuple((side, key) for side in LABEL_SIDES for key in _KEYS)  # the 22, in the order in which ties are settled
_CLIENT, _EMPLOYEE = slice(0, len(_KEYS)), slice(len(_KEYS), None)
_MEANS: Mapping[MeanOver, tuple[slice, ...]] = MappingProxyType(
    {"all_scores": (slice(None),), "each_side": (_CLIENT, _EMPLOYEE)}
)

# Twenty-two quotients and their sum in floats are wrong by less than 1e-13: further than this they decide.
_FLOATS_DECIDE = 1e-9


@dataclass(frozen=True, slots=True)
class LabelRule:
    """What the text leaves open, as a versioned setting: over what the mean is taken.

    *all_scores* is the mean of the 22 scores; *each_side* wants both sides' means above the line.
    """

    version: str
    mean_over: MeanOver = "all_scores"


class _Scores(NamedTuple):
    """The 22 scores of every unit: counts, how far they may be off, and whether there are answers enough."""

    favourable: Integers
    answered: Integers
    ends: Ends
    is_known: Booleans

    @property
    def is_open(self) -> Booleans:
        """Whether it cannot be said of a score if it is solid."""
        fewest, most = (is_solid(end, self.answered) for end in self.ends)
        return np.asarray(~self.is_known | (fewest != most))


@dataclass(frozen=True, slots=True)
class Label:
    """Where one unit stands; means are percent, and None where one of their scores cannot be said."""

    state: LabelState | None
    binding_side: LabelSide
    binding_measure: str
    mean_pct: float | None
    client_mean_pct: float | None
    employee_mean_pct: float | None


def label_state(
    client: Mapping[str, tuple[int, int] | None], employee: Mapping[str, tuple[int, int] | None], rule: LabelRule
) -> Label:
    """Say where one unit stands, from (favourable, answered) by dimension on each side, as ``labels`` says it of many.

    A dimension that is absent or None may not be shown or was not asked.

    >>> solid = {dimension.key: (8, 10) for dimension in DIMENSIONS}
    >>> label = label_state(solid, solid | {"trust": (11, 20)}, LabelRule("all-1"))
    >>> label.state, label.binding_side, label.binding_measure, round(label.mean_pct, 2)
    ('not_met', 'employee', 'trust', 78.86)
    """
    rows = [
        ("asked for", side, measure, *(counts or (None, None)))
        for side, given in zip(LABEL_SIDES, (client, employee), strict=True)
        for measure, counts in {**dict.fromkeys(_KEYS), **given}.items()
    ]
    columns = ["unit_id", "side", "measure", "favourable_count", "answer_count"]
    (row,) = labels(pd.DataFrame(rows, columns=columns), rule).to_dict("records")
    said: dict[str, Any] = {name: None if pd.isna(row[name]) else row[name] for name in Label.__slots__}
    return Label(**said)


def labels(counts: pd.DataFrame, rule: LabelRule) -> pd.DataFrame:
    """Say where each unit stands on the label's criteria, all units together.

    Takes long rows (unit_id, side, measure, answer_count, favourable_count) of the eleven dimensions on both sides;
    a row that is absent, or whose counts are missing, may not be shown or was not asked. With a precision_count the
    favourable ones are only known to within so many answers either way.
    Gives one row per unit, in the order in which they first come: unit_id, state, binding_side, binding_measure,
    mean_pct, client_mean_pct, employee_mean_pct (percent, nan where one of their scores cannot be said) and
    settings_version.
    A score is said from five answers on. The state is *not_met* as soon as what is known fails, were every other
    score 100 % and every count the highest that its precision allows; else missing while a score cannot be said, so
    that ten dimensions never pass for eleven, or while the lowest counts fail; else *met*, *with margin* when every
    Wilson lower bound, of the lowest counts, is above 55 %.
    What binds is the weakest score known; where the state is missing, the first of which it cannot be said whether
    it is solid, if there is one. Ties go to the client, then to the order of the dimensions.
    Another side or measure is a LookupError; a score given twice, or counts that cannot be, a ValueError.

    >>> rows = [("lyon-1", side, each.key, 10, 8) for side in LABEL_SIDES for each in DIMENSIONS]
    >>> columns = ["unit_id", "side", "measure", "answer_count", "favourable_count"]
    >>> label = labels(pd.DataFrame(rows, columns=columns), LabelRule("all-1")).iloc[0]
    >>> label["state"], label["binding_side"], label["binding_measure"], float(label["mean_pct"])
    ('met', 'client', 'autonomy', 80.0)
    """
    units, unit_ids = pd.factorize(counts["unit_id"], use_na_sentinel=False)
    given = _laid_out(counts, units, len(unit_ids))
    states = _states(given, rule)
    scores = np.full(given.answered.shape, np.nan)
    np.divide(100 * given.favourable, given.answered, out=scores, where=given.is_known)
    binding = _binding(given, states)
    return pd.DataFrame(
        {
            "unit_id": unit_ids,
            "state": pd.array(states, dtype="str"),
            "binding_side": pd.array([side for side, _ in binding], dtype="str"),
            "binding_measure": pd.array([measure for _, measure in binding], dtype="str"),
            "mean_pct": scores.mean(axis=1),
            "client_mean_pct": scores[:, _CLIENT].mean(axis=1),
            "employee_mean_pct": scores[:, _EMPLOYEE].mean(axis=1),
            "settings_version": rule.version,
        }
    )


def criteria_hold(favourable: Integers, answered: Integers, rule: LabelRule) -> Booleans:
    """Say of each row whether the criteria hold, exactly: the eleven client scores, then the eleven of employees.

    Takes two arrays of shape (rows, 22); with a score of no answers the criteria do not hold.

    >>> answered = np.full((2, 22), 10)
    >>> criteria_hold(np.where(np.arange(22) < [[22], [21]], 7, 8), answered, LabelRule("all-1")).tolist()
    [False, True]
    """
    hold: Booleans = np.asarray(is_solid(favourable, answered).all(axis=1))
    for part in _MEANS[rule.mean_over]:
        hold &= _mean_is_above_line(favourable[:, part], answered[:, part])
    return hold


def _laid_out(counts: pd.DataFrame, units: Integers, unit_count: int) -> _Scores:
    """Lay the long rows out, one row per unit and one column per score."""
    places = {score: place for place, score in enumerate(_SCORES)}
    named = [*zip(counts["side"], counts["measure"], strict=True)]
    unknown = [score for score in named if score not in places]
    if unknown:
        raise LookupError(
            f"the label has no {unknown[0][1]!r} of side {unknown[0][0]!r};"
            f" use {' or '.join(LABEL_SIDES)} and one of {', '.join(_KEYS)}"
        )
    cells = units * len(_SCORES) + np.fromiter((places[score] for score in named), np.int64, len(named))
    twice = pd.Series(cells).duplicated()
    if twice.any():
        first = counts.iloc[int(twice.argmax())]
        raise ValueError(
            f"{twice.sum()} scores are given twice, the first for unit {first['unit_id']!r}, side {first['side']!r},"
            f" measure {first['measure']!r}: hand in one row each"
        )
    told = share_counts(counts, "favourable_count", "answer_count")
    by_row = told.favourable, told.answered, *ends(counts, told, "precision_count")
    laid_out = np.zeros((len(by_row), unit_count * len(_SCORES)), dtype=np.int64)
    laid_out[:, cells] = by_row
    favourable, answered, fewest, most = laid_out.reshape(len(by_row), unit_count, len(_SCORES))
    return _Scores(favourable, answered, Ends(fewest, most), answered >= ENOUGH_ANSWERS)


def _states(given: _Scores, rule: LabelRule) -> Objects:
    """Give every row's state; what is not known could still be 100 %, so a row that fails even then has failed."""
    at_best, of_all = np.where(given.is_known, given.ends.most, 1), np.where(given.is_known, given.answered, 1)
    low, _ = wilson(given.ends.fewest, given.answered)
    states = np.full(len(given.answered), "met", dtype=object)
    states[(low > SOLID_LINE).all(axis=1)] = "met_with_margin"
    states[~(given.is_known.all(axis=1) & criteria_hold(given.ends.fewest, given.answered, rule))] = None
    states[~criteria_hold(at_best, of_all, rule)] = "not_met"
    return states


def _binding(given: _Scores, states: Objects) -> list[tuple[LabelSide, str]]:
    """Find the weakest score known or, where the state is not said, the first score that leaves it open.

    A score that fails is weak at its best, one that passes at its worst. Equal shares are equal floats, and unequal
    ones of less than 90 million answers are not: ties are true ties.
    """
    is_said, has_failed = pd.notna(states)[:, None], (states == "not_met")[:, None]
    decisive = np.where(has_failed, given.ends.most, np.where(is_said, given.ends.fewest, given.favourable))
    shares = np.full(given.answered.shape, np.inf)
    np.divide(decisive, given.answered, out=shares, where=given.is_known)
    is_open = given.is_open & ~is_said
    places = np.where(is_open.any(axis=1), is_open.argmax(axis=1), shares.argmin(axis=1))
    return [_SCORES[place] for place in places]


def _mean_is_above_line(favourable: Integers, answered: Integers) -> Booleans:
    """Say of each row whether the mean of its scores is above 70 %, on integers wherever floats come near."""
    with np.errstate(divide="ignore", invalid="ignore"):
        above = (favourable / answered).mean(axis=1) - float(MEAN_LINE)
    is_above: Booleans = above > 0
    for row in np.flatnonzero(np.abs(above) < _FLOATS_DECIDE):
        k, n = favourable[row].tolist(), answered[row].tolist()
        common = math.lcm(*n)
        total = sum(part * (common // whole) for part, whole in zip(k, n, strict=True))
        is_above[row] = MEAN_LINE.denominator * total > MEAN_LINE.numerator * common * len(n)
    return is_above
