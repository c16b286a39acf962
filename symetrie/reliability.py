"""How much of the differences between sites is real, and what the noise does to a correlation."""

import math

import numpy as np
import numpy.typing as npt

from symetrie.correlation import FEWEST_PAIRS, pearson
from symetrie.measures import MeasureKind
from symetrie.scores import score


def binomial_reliability(
    kind: MeasureKind, favourable: npt.ArrayLike, unfavourable: npt.ArrayLike, answered: npt.ArrayLike
) -> float | None:
    """Give the share of the variance of scores across sites that the chance of who answered does not explain.

    It is 1 - mean sampling variance / observed variance, within 0 and 1, from the counts of one site each;
    the sampling variance, unbiased, is (p + d - (p - d)²) / (n - 1), of which p (1 - p) / (n - 1) is the
    case without detractors. None with fewer than four sites, a site of one answer, or no variance at all.
    Adams, J. L. (2009), The Reliability of Provider Profiling, RAND TR-653.

    >>> round(binomial_reliability("top_two_box", [10, 20, 30, 40], 0, 50), 3)
    0.939
    """
    counts = np.broadcast_arrays(favourable, unfavourable, np.asarray(answered, dtype=np.float64))
    scores, n = score(kind, *counts), counts[2]
    if scores.size < FEWEST_PAIRS or n.min() < 2 or np.ptp(scores) == 0:
        return None
    p, d = counts[0] / n, (counts[1] / n if kind == "nps" else 0.0)
    sampling = 100**2 * (p + d - (p - d) ** 2) / (n - 1)
    return float(np.clip(1 - sampling.mean() / scores.var(ddof=1), 0, 1))


def split_half_reliability(first_half_scores: npt.ArrayLike, second_half_scores: npt.ArrayLike) -> float | None:
    """Give the reliability of a score from the correlation ``r`` of two halves of each site's respondents.

    Half the respondents are less reliable than all of them: the Spearman-Brown correction gives
    2 r / (1 + r), and a negative r counts as 0. The halves are drawn at random, one score of each per site;
    None with fewer than four sites or a half that does not vary.
    Spearman, C. (1910) and Brown, W. (1910), British Journal of Psychology 3, 271-295 and 296-322.

    >>> round(split_half_reliability([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]), 3)
    0.889
    """
    r = pearson(first_half_scores, second_half_scores)
    if r is None:
        return None
    return 2 * r / (1 + r) if r > 0 else 0.0


def disattenuated(
    correlation: float | None, first_reliability: float | None, second_reliability: float | None
) -> float | None:
    """Estimate the correlation that two perfectly reliable sides would show: r / √(reliability x reliability).

    An estimate, always to be marked as such: with poor reliabilities it would exceed 1, and is clipped to
    -1 and 1. None where the correlation or a reliability is missing, or a reliability is 0.
    Spearman, C. (1904), American Journal of Psychology 15, 72-101.

    >>> disattenuated(0.3, 0.5, 0.5), disattenuated(0.6, 0.5, 0.5)
    (0.6, 1.0)
    """
    if correlation is None or not first_reliability or not second_reliability:
        return None
    return max(-1.0, min(1.0, correlation / math.sqrt(first_reliability * second_reliability)))
