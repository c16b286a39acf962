"""The points of the two curves: sites in the order of engagement, many of them together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipelines.mirror_pages.records import CurvePoint, CurveSite, Estimate

MOST_SITES_DRAWN = 40
"""Each as a point of its own: more are too close to be told apart on a telephone."""

GROUPS = 20
"""Twentieths of the sites, where there are more."""


def curve_points(sites: Iterable[CurveSite]) -> tuple[CurvePoint, ...]:
    """The points from the least engaged team to the most engaged; groups differ by one site at most.

    >>> sites = [CurveSite(f"s{n}", Estimate(n, n - 3, n + 4), Estimate(n, n - 4, n + 3)) for n in range(42)]
    >>> points = curve_points(sites)
    >>> len(points), points[-1].site_count, points[-1].client.score
    (20, 2, 40.5)
    """
    ordered = sorted(sites, key=lambda site: (site.engagement.score, site.client.score, site.name))
    count = len(ordered) if len(ordered) <= MOST_SITES_DRAWN else GROUPS
    bounds = (round(place * len(ordered) / count) for place in range(count + 1)) if count else ()
    return tuple(_point(ordered[first:last]) for first, last in pairwise(bounds))


def _point(sites: Sequence[CurveSite]) -> CurvePoint:
    return CurvePoint(
        site_count=len(sites),
        name=sites[0].name if len(sites) == 1 else "",
        client=mean([site.client for site in sites]),
        engagement=mean([site.engagement for site in sites]),
    )


def mean(estimates: Sequence[Estimate]) -> Estimate:
    """The plain mean of independent scores, each site weighing the same, with the interval that theirs leave it.

    MOVER for a sum: Zou, G. Y. & Donner, A. (2008), Statistics in Medicine 27, 1693-1702. Of one it is itself.

    >>> mean([Estimate(50.0, 47.0, 53.0), Estimate(60.0, 56.0, 64.0)])
    Estimate(score=55.0, low=52.5, high=57.5)
    """
    count = len(estimates)
    middle = sum(each.score for each in estimates) / count
    below = math.hypot(*(each.score - each.low for each in estimates)) / count
    above = math.hypot(*(each.high - each.score for each in estimates)) / count
    return Estimate(middle, middle - below, middle + above)
