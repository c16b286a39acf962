"""The judgement of many counts at once: scores, intervals, changes, tiers and verdicts, row by row."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from symetrie.intervals import Floats, difference
from symetrie.measures import Measure, MeasureKind, client_measure, measure
from symetrie.scores import interval, score
from symetrie.verdicts import ENOUGH_ANSWERS, SAMPLE_TIERS, Integers, is_solid

KEY_COLUMNS = ("as_of", "unit_id", "measure", "window_days")
COUNT_COLUMNS = ("answer_count", "favourable_count", "unfavourable_count")

_KINDS: tuple[MeasureKind, ...] = ("top_two_box", "nps")


class _Counts(NamedTuple):
    """The answers of every row."""

    answered: Integers
    favourable: Integers
    unfavourable: Integers


class _Estimates(NamedTuple):
    """The score of every row and its bounds, in percent or points."""

    score: Floats
    low: Floats
    high: Floats


def judge(counts: pd.DataFrame) -> pd.DataFrame:
    """Judge each row of counts against the window before it, all measures together.

    Takes the keys (as_of, unit_id, measure, window_days), answer_count, favourable_count,
    unfavourable_count, and the same three counts named ``previous_…``, of which a missing one is zero;
    all three may be left out where nothing came before. A ``side`` among the keys says whose measure it is,
    by default the client's.
    Gives keys and counts with score, low, high, previous_score, change_points, change_low, change_high
    (percent, or points for the NPS), sample_tier and verdict: one row for each row, same index.
    Bounds are nan below five answers, those of the change when either window has fewer; the verdict is
    missing below five answers and for measures of which solid is not said.
    An unknown side or measure is a LookupError, counts that cannot be are a ValueError.

    >>> row = {"as_of": "2026-03-07", "unit_id": "lyon-1", "measure": "overall", "window_days": 28,
    ...        "answer_count": 70, "favourable_count": 56, "unfavourable_count": 4,
    ...        "previous_answer_count": 80, "previous_favourable_count": 48, "previous_unfavourable_count": 9}
    >>> judged = judge(pd.DataFrame([row])).iloc[0]
    >>> [round(float(judged[name]), 2) for name in ("score", "change_points", "change_low", "change_high")]
    [80.0, 20.0, 5.24, 33.39]
    >>> judged["sample_tier"], judged["verdict"]
    ('adequate', 'solid')
    """
    codes, measures = _measures(counts)
    now, before = _counts(counts, prefix=""), _previous(counts)
    current, previous = _estimates(codes, measures, now), _estimates(codes, measures, before)
    change_low, change_high = difference(*current, *previous)
    keys = [*KEY_COLUMNS, "side"] if "side" in counts else [*KEY_COLUMNS]
    return counts[keys].assign(
        **dict(zip(COUNT_COLUMNS, now, strict=True)),
        **current._asdict(),
        previous_score=previous.score,
        change_points=current.score - previous.score,
        change_low=change_low,
        change_high=change_high,
        sample_tier=_sample_tiers(now),
        verdict=_verdicts(codes, measures, now),
    )


def _measures(counts: pd.DataFrame) -> tuple[npt.NDArray[np.intp], list[Measure]]:
    """Find the measures of the rows, each once, and which of them is each row's."""
    codes, keys = pd.factorize(counts["measure"], use_na_sentinel=False)
    if "side" not in counts:
        return codes, [client_measure(key) for key in keys]
    side_codes, sides = pd.factorize(counts["side"], use_na_sentinel=False)
    pairs, pair_codes = np.unique(side_codes * len(keys) + codes, return_inverse=True)
    return pair_codes, [measure(sides[pair // len(keys)], keys[pair % len(keys)]) for pair in pairs]


def _previous(counts: pd.DataFrame) -> _Counts:
    """Read the counts of the window before, none where the frame knows of no window before."""
    if any(f"previous_{name}" in counts for name in COUNT_COLUMNS):
        return _counts(counts, prefix="previous_")
    return _Counts(*np.zeros((len(COUNT_COLUMNS), len(counts)), dtype=np.int64))


def _counts(frame: pd.DataFrame, prefix: str) -> _Counts:
    """Read the counts as integers, whichever type of number the warehouse's driver gave."""
    columns = (pd.to_numeric(frame[prefix + name]).fillna(0) for name in COUNT_COLUMNS)
    counts = _Counts(*(column.to_numpy(dtype=np.int64) for column in columns))
    parts = counts.favourable + counts.unfavourable
    wrong = (counts.favourable < 0) | (counts.unfavourable < 0) | (parts > counts.answered)
    if wrong.any():
        first = frame.iloc[int(wrong.argmax())]
        raise ValueError(
            f"{wrong.sum()} rows have {prefix}counts that cannot be, the first for unit {first['unit_id']!r},"
            f" measure {first['measure']!r}: recompute the daily counts"
        )
    return counts


def _estimates(codes: npt.NDArray[np.intp], measures: list[Measure], counts: _Counts) -> _Estimates:
    """Estimate every row by the formula of its kind of measure."""
    kinds = np.array([_KINDS.index(each.kind) for each in measures], dtype=np.int8)[codes]
    estimates = _Estimates(*np.full((3, len(codes)), np.nan))
    for code, kind in enumerate(_KINDS):
        rows = kinds == code
        numbers = counts.favourable[rows], counts.unfavourable[rows], counts.answered[rows]
        estimates.score[rows] = score(kind, *numbers)
        estimates.low[rows], estimates.high[rows] = interval(kind, *numbers)
    return estimates


def _sample_tiers(counts: _Counts) -> pd.api.extensions.ExtensionArray:
    codes = np.searchsorted([*SAMPLE_TIERS.values()], counts.answered, side="right") - 1
    return _words([*SAMPLE_TIERS], codes)


def _verdicts(
    codes: npt.NDArray[np.intp], measures: list[Measure], counts: _Counts
) -> pd.api.extensions.ExtensionArray:
    is_judged = np.array([each.is_judged for each in measures], dtype=bool)[codes]
    solid = is_solid(counts.favourable, counts.answered).astype(np.intp)
    return _words(["not_solid", "solid", None], np.where(is_judged & (counts.answered >= ENOUGH_ANSWERS), solid, 2))


def _words(words: list[str | None], codes: npt.NDArray[np.intp]) -> pd.api.extensions.ExtensionArray:
    """Write a word for each code; None is a missing word."""
    return pd.array(np.array(words, dtype=object)[codes], dtype="str")
