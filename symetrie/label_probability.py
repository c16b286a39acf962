"""How probable it is that the label's criteria hold, given who answered: a bootstrap over respondents."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from symetrie.counts import numbers
from symetrie.dimensions import DIMENSIONS
from symetrie.intervals import Floats
from symetrie.label import LabelRule, criteria_hold
from symetrie.verdicts import ENOUGH_ANSWERS, Integers

_KEYS = tuple(dimension.key for dimension in DIMENSIONS)
_DRAWN_AT_ONCE = 4_000_000  # respondents by pattern: 32 MB, however many patterns a network has


class _Patterns(NamedTuple):
    """The distinct ways to answer: ones and zeros by pattern and dimension, and how many respondents chose each."""

    is_favourable: Floats
    is_answered: Floats
    respondents: Integers


def label_probability(
    client: pd.DataFrame, employee: pd.DataFrame, rule: LabelRule, draws: int = 2000, seed: int = 0
) -> float | None:
    """Give the share of bootstrap draws, 0 to 1, in which the label's criteria hold.

    Takes one frame per side with a row per pattern of answers: a column per dimension, 1 favourable, 0 unfavourable,
    missing where unanswered, and respondent_count. Each draw takes as many respondents as answered, with
    replacement, on each side by itself; one person's marks stay together. The order of the rows changes nothing.
    None where a dimension has fewer than five answers on a side, so that ten dimensions never pass for eleven.
    Another mark, a broken count or no draw at all is a ValueError.
    Percentile bootstrap: Efron, B. (1979), Annals of Statistics 7, 1-26. Respondents who all answer alike leave it
    nothing to vary: it is then as sure as they are, however few.

    Of twenty clients 14 are pleased with everything, and so is every employee: the criteria hold when twelve or
    more of the twenty drawn are pleased, which has probability .8867.

    >>> clients = pd.DataFrame([dict.fromkeys(_KEYS, 1) | {"respondent_count": 14},
    ...                         dict.fromkeys(_KEYS, 0) | {"respondent_count": 6}])
    >>> label_probability(clients, clients.iloc[:1], LabelRule("all-1"), draws=20_000)
    0.88...
    """
    if draws < 1:
        raise ValueError(f"a share of {draws} draws cannot be said; ask for one draw or more")
    sides = [_patterns(client), _patterns(employee)]
    if any((side.respondents @ side.is_answered < ENOUGH_ANSWERS).any() for side in sides):
        return None
    streams = np.random.default_rng(seed).spawn(len(sides))
    drawn = [_draw(side, draws, stream) for side, stream in zip(sides, streams, strict=True)]
    favourable, answered = (np.hstack(counts) for counts in zip(*drawn, strict=True))
    return float(criteria_hold(favourable, answered, rule).mean())


def _patterns(marks: pd.DataFrame) -> _Patterns:
    """Read the patterns in an order of their own, each once, so that every engine's rows draw the same."""
    answers = np.column_stack([numbers(marks[key]) for key in _KEYS])
    respondents = numbers(marks["respondent_count"])
    if not (np.isin(answers, (0, 1)) | np.isnan(answers)).all():
        raise ValueError("a mark of a pattern is 1 favourable, 0 unfavourable or missing; map the answers first")
    if not ((respondents >= 0) & (respondents == np.floor(respondents)) & (respondents < np.inf)).all():
        raise ValueError("the respondents of a pattern are a whole number; check respondent_count")
    distinct, places = np.unique(np.nan_to_num(answers, nan=-1), axis=0, return_inverse=True)
    together = np.bincount(places, weights=respondents, minlength=len(distinct)).astype(np.int64)
    return _Patterns((distinct == 1).astype(float), (distinct >= 0).astype(float), together)


def _draw(side: _Patterns, draws: int, stream: np.random.Generator) -> tuple[Integers, Integers]:
    """Draw respondents again and again, and count favourable and answered by draw and dimension."""
    everybody = side.respondents.sum()
    of_patterns = np.hstack([side.is_favourable, side.is_answered])
    at_once = max(1, _DRAWN_AT_ONCE // len(side.respondents))
    counted = [
        # Sums of whole numbers are exact in floats, and a product of floats is many times faster than one of integers.
        stream.multinomial(everybody, side.respondents / everybody, min(at_once, draws - done)) @ of_patterns
        for done in range(0, draws, at_once)
    ]
    favourable, answered = np.hsplit(np.vstack(counted).astype(np.int64), 2)
    return favourable, answered
