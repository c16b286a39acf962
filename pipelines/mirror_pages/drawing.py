"""The two curves as paths: one above the other over the same sites, each on its own scale.

Not on one scale of two axes: where such curves cross depends on who drew the axes, and a reader takes it for a finding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipelines.mirror_pages.page import Chart, Panel
from pipelines.mirror_pages.records import CurvePoint, Curves, Estimate
from pipelines.mirror_pages.telling.words import MirrorWords
from symetrie.measures import Measure, measure

WIDTH, HEIGHT = 320.0, 246.0
LEFT, RIGHT = 34.0, 312.0
PANELS = ((26.0, 106.0), (138.0, 218.0))  # of clients above, of teams below: from top to bottom
STEP = 10.0
"""Scales end at whole tens that hold every interval."""


def draw(curves: Curves, words: MirrorWords) -> Chart:
    """The curves of two points or more."""
    client, engagement = measure("client", curves.client_measure), measure("employee", "engagement")
    names = words.language.say(f"mirror.curves.client.{client.key}"), words.language.say("mirror.curves.engagement")
    titles = [_title(point, client, engagement, words) for point in curves.points]
    sides = (
        ("client", names[0], client, [point.client for point in curves.points]),
        ("employee", names[1], engagement, [point.engagement for point in curves.points]),
    )
    return Chart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=RIGHT,
        panels=tuple(
            _panel(side, name, of, estimates, titles, place, words)
            for (side, name, of, estimates), place in zip(sides, PANELS, strict=True)
        ),
        less=words.language.say("mirror.curves.less"),
        more=words.language.say("mirror.curves.more"),
        words=_words(curves, names, client, engagement, words),
    )


def _panel(
    side: str,
    name: str,
    of: Measure,
    estimates: Sequence[Estimate],
    titles: Sequence[str],
    place: tuple[float, float],
    words: MirrorWords,
) -> Panel:
    top, bottom = place
    lowest = STEP * math.floor(min(each.low for each in estimates) / STEP)
    highest = max(STEP * math.ceil(max(each.high for each in estimates) / STEP), lowest + STEP)

    def height(value: float) -> float:
        return round(bottom - (value - lowest) / (highest - lowest) * (bottom - top), 1)

    across = _across(len(estimates))
    scores = [(x, height(each.score)) for x, each in zip(across, estimates, strict=True)]
    highs = [(x, height(each.high)) for x, each in zip(across, estimates, strict=True)]
    lows = [(x, height(each.low)) for x, each in zip(across, estimates, strict=True)]
    return Panel(
        side=side,
        name=name,
        top=top,
        bottom=bottom,
        top_words=words.score(of, highest),
        bottom_words=words.score(of, lowest),
        band=f"{_path([*highs, *reversed(lows)])}Z",
        line=_path(scores),
        dots=tuple((x, y, title) for (x, y), title in zip(scores, titles, strict=True)),
    )


def _across(count: int) -> list[float]:
    """The places of so many points from left to right, at even distances: their order counts, not how far apart."""
    return [round(LEFT + place * (RIGHT - LEFT) / (count - 1), 1) for place in range(count)]


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in places)


def _title(point: CurvePoint, client: Measure, engagement: Measure, words: MirrorWords) -> str:
    """What a point says of itself: its site or how many, and both scores."""
    name = point.name or words.language.count("unit.sites", point.site_count)
    said = [
        words.language.say(
            "mirror.alt.leg",
            leg=words.language.say(f"mirror.leg_short.{of.side}"),
            score=words.score(of, estimate.score),
            range=words.range(of, estimate),
        )
        for of, estimate in ((client, point.client), (engagement, point.engagement))
    ]
    return " · ".join((name, *said))


def _words(curves: Curves, names: tuple[str, str], client: Measure, engagement: Measure, words: MirrorWords) -> str:
    first, last = curves.points[0], curves.points[-1]
    return words.language.say(
        "mirror.alt.curves",
        points=words.language.count("mirror.curves.points", len(curves.points)),
        client=names[0],
        engagement=names[1],
        client_first=words.score(client, first.client.score),
        client_last=words.score(client, last.client.score),
        engagement_first=words.score(engagement, first.engagement.score),
        engagement_last=words.score(engagement, last.engagement.score),
    )
