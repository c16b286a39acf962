"""What may be said of a score: solid or not, on how large a sample, and the answer of the morning."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, overload

import numpy as np
import numpy.typing as npt

from symetrie.measures import client_measure
from symetrie.scores import interval, score
from symetrie.windows import WINDOWS

SampleTier = Literal["insufficient", "fragile", "adequate", "comparable"]
Verdict = Literal["solid", "not_solid"]
Answer = Literal["yes", "no", "mixed", "not_enough"]
Integers = npt.NDArray[np.int64]

ENOUGH_ANSWERS = 5  # below, a client is a case to correct and not a statistic

# From how many answers on each tier begins.
SAMPLE_TIERS: Mapping[SampleTier, int] = MappingProxyType(
    {"insufficient": 0, "fragile": ENOUGH_ANSWERS, "adequate": 30, "comparable": 100}
)

# What the interval of the morning answer is held against: percent for overall, points for the NPS.
MORNING_LINES: Mapping[str, float] = MappingProxyType({"overall": 55.0, "nps": 0.0})


@overload
def is_solid(k: int, n: int) -> bool: ...
@overload
def is_solid(k: Integers, n: Integers) -> npt.NDArray[np.bool_]: ...
def is_solid(k: int | Integers, n: int | Integers) -> bool | npt.NDArray[np.bool_]:
    """Say whether *more than* 55 % of ``n`` answers are favourable, on integers: 20 k > 11 n.

    In floats a share of exactly 0.55 would pass, since ``0.55 * 100 > 55`` is true.

    >>> is_solid(55, 100), is_solid(56, 100)
    (False, True)
    >>> is_solid(np.array([11, 12]), np.array([20, 20])).tolist()
    [False, True]
    """
    return 20 * k > 11 * n


def sample_tier(n: int) -> SampleTier:
    """Say how much a sample of ``n`` answers can carry; it says nothing about solid or not.

    >>> [sample_tier(n) for n in (4, 5, 30, 100)]
    ['insufficient', 'fragile', 'adequate', 'comparable']
    """
    return [tier for tier, least in SAMPLE_TIERS.items() if n >= least][-1]


def verdict(k: int, n: int) -> Verdict | None:
    """Say solid or not_solid of ``k`` favourable among ``n`` answers, and nothing below five.

    >>> verdict(11, 20), verdict(12, 20), verdict(4, 4)
    ('not_solid', 'solid', None)
    """
    if n < ENOUGH_ANSWERS:
        return None
    return "solid" if is_solid(k, n) else "not_solid"


@dataclass(frozen=True, slots=True)
class Counts:
    """The answers of one unit to one measure over one window."""

    answer_count: int
    favourable_count: int
    unfavourable_count: int


NO_ANSWERS = Counts(0, 0, 0)


@dataclass(frozen=True, slots=True)
class MorningAnswer:
    """Whether clients were happy, over which window, from how many answers, and how sure one can be.

    ``score``, ``low`` and ``high`` are percent for overall and points for the NPS; ``score`` is None
    when nobody answered, ``low`` and ``high`` below five answers.
    """

    answer: Answer
    measure: str
    window_days: int
    answer_count: int
    favourable_count: int
    unfavourable_count: int
    score: float | None
    low: float | None
    high: float | None


def morning_measure(asked: Collection[str]) -> str:
    """Choose what the morning answer stands on: the NPS only where overall is not asked at all.

    >>> morning_measure({"overall", "nps"}), morning_measure({"nps", "trust"})
    ('overall', 'nps')
    """
    return "nps" if "nps" in asked and "overall" not in asked else "overall"


def morning_answer(windows: Mapping[int, Counts], measure: str = "overall") -> MorningAnswer:
    """Answer "were my clients happy yesterday?" from the counts of each window, keyed by its days.

    Yesterday alone when it has five answers, else the shortest window that reaches five; *yes* when
    the interval lies wholly above the line (55 % of overall, 0 of the NPS), *no* when wholly below,
    *mixed* otherwise, *not_enough* below five answers in the longest window.
    A window that is absent holds no answer; a measure other than these two is a LookupError.

    >>> today = morning_answer({1: Counts(3, 3, 0), 7: Counts(30, 22, 2)})
    >>> today.answer, today.window_days, round(today.low, 1), round(today.high, 1)
    ('yes', 7, 55.6, 85.8)
    """
    line = _morning_line(measure)
    held = {days: windows.get(days, NO_ANSWERS) for days in WINDOWS}
    enough = [days for days, counts in held.items() if counts.answer_count >= ENOUGH_ANSWERS]
    days = min(enough, default=max(WINDOWS))
    counts = held[days]
    value, low, high = _estimate(counts, measure)
    return MorningAnswer(
        answer=_answer(low, high, line),
        measure=measure,
        window_days=days,
        answer_count=counts.answer_count,
        favourable_count=counts.favourable_count,
        unfavourable_count=counts.unfavourable_count,
        score=value,
        low=low,
        high=high,
    )


def _morning_line(measure: str) -> float:
    if measure not in MORNING_LINES:
        raise LookupError(f"the morning answer stands on {' or '.join(MORNING_LINES)}, not on {measure!r}")
    return MORNING_LINES[measure]


def _estimate(counts: Counts, measure: str) -> tuple[float | None, float | None, float | None]:
    """Give score, low and high of one window, None where there is none to show."""
    kind = client_measure(measure).kind
    numbers = counts.favourable_count, counts.unfavourable_count, counts.answer_count
    estimate = (score(kind, *numbers), *interval(kind, *numbers))
    value, low, high = (None if np.isnan(number) else float(number) for number in estimate)
    return value, low, high


def _answer(low: float | None, high: float | None, line: float) -> Answer:
    if low is None or high is None:
        return "not_enough"
    if low > line:
        return "yes"
    return "no" if high < line else "mixed"
