"""The two curves: client scores of the sites of a network beside the engagement of their employees."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from symetrie.correlation import fisher_interval, pearson, spearman
from symetrie.curve_sites import CLIENT_MINIMUM, EMPLOYEE_MINIMUM, side_counts, sites_above
from symetrie.intervals import Floats
from symetrie.measures import MeasureKind
from symetrie.reliability import binomial_reliability, disattenuated
from symetrie.scores import score

# Leaders have so many times the engaged employees of laggards: workshop of Le Hub de La Poste, 2018.
PUBLISHED_LEADER_RATIO = 1.5
QUARTILE_MINIMUM = 8  # sites: two at least at either end


@dataclass(frozen=True, slots=True)
class Symmetry:
    """How client scores and engagement move together from site to site; None is what cannot be said.

    ``low`` and ``high`` bound ``pearson``, at 95 %; ``disattenuated`` is no observed correlation but an estimate
    of the one without sampling noise; ``quartile_ratio`` is read beside the published 1.5.
    """

    site_count: int
    pearson: float | None
    low: float | None
    high: float | None
    spearman: float | None
    client_reliability: float | None
    employee_reliability: float | None
    disattenuated: float | None
    quartile_ratio: float | None


def symmetry(
    sites: pd.DataFrame,
    client_kind: MeasureKind,
    client_minimum: int = CLIENT_MINIMUM,
    employee_minimum: int = EMPLOYEE_MINIMUM,
) -> Symmetry:
    """Measure how the two curves go together, over the sites that have both minimum counts; each weighs the same.

    Takes one row per site: unit_id, client_count of answers, client_favourable (and client_unfavourable, of an NPS),
    employee_count and employee_favourable, the engaged; a missing count leaves the site out.
    Coefficients are None with fewer than four sites or a side that does not vary.
    A site given twice, or counts that cannot be, are a ValueError.

    >>> sites = pd.DataFrame({"unit_id": [*"abcde"], "client_count": 40, "client_favourable": [10, 15, 20, 25, 40],
    ...     "client_unfavourable": [20, 15, 10, 5, 0], "employee_count": [10, 10, 10, 10, 4],
    ...     "employee_favourable": [3, 5, 4, 8, 4]})
    >>> found = symmetry(sites, "nps")
    >>> found.site_count, round(found.pearson, 2), round(found.low, 2), round(found.high, 2)
    (4, 0.84, -0.64, 1.0)
    """
    above = sites_above(sites, client_minimum, employee_minimum)
    client, employee = side_counts(above, "client", client_kind), side_counts(above, "employee", "top_two_box")
    client_scores, employee_scores = score(*client), score(*employee)
    reliabilities = binomial_reliability(*client), binomial_reliability(*employee)
    r = pearson(client_scores, employee_scores)
    low, high = (None, None) if r is None else (float(bound) for bound in fisher_interval(r, len(above)))
    return Symmetry(
        site_count=len(above),
        pearson=r,
        low=low,
        high=high,
        spearman=spearman(client_scores, employee_scores),
        client_reliability=reliabilities[0],
        employee_reliability=reliabilities[1],
        disattenuated=disattenuated(r, *reliabilities),
        quartile_ratio=quartile_ratio(client_scores, employee_scores),
    )


def quartile_ratio(client_scores: Floats, employee_scores: Floats) -> float | None:
    """Divide the engagement of the sites whose clients score highest by that of those whose clients score lowest.

    The ends are the sites at or beyond the quartiles of the client scores, ties included; engagement is the plain
    mean over sites, weighted by nothing. None with fewer than eight sites, when the two quartiles are one score, or
    when nobody is engaged at the lower end.

    >>> quartile_ratio(np.arange(8.0), np.array([40.0, 40.0, 1.0, 99.0, 7.0, 50.0, 60.0, 60.0]))
    1.5
    """
    if len(client_scores) < QUARTILE_MINIMUM:
        return None
    lower, upper = np.quantile(client_scores, [0.25, 0.75])
    laggards = float(employee_scores[client_scores <= lower].mean())
    leaders = float(employee_scores[client_scores >= upper].mean())
    return leaders / laggards if lower < upper and laggards else None
