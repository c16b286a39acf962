"""The curves as drawn: inside their panels, in order, on scales that hold every interval."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.mirror_pages.drawing import PANELS, draw
from pipelines.mirror_pages.records import CurvePoint, Curves, Estimate
from pipelines.mirror_pages.telling.words import MirrorWords
from pipelines.summary.language import language

WORDS = MirrorWords(language("en"))


def estimates(lowest: int) -> st.SearchStrategy[Estimate]:
    bounds = st.tuples(*[st.floats(lowest, 100)] * 3).map(sorted)
    return bounds.map(lambda three: Estimate(three[1], three[0], three[2]))


def points(*pairs: tuple[Estimate, Estimate]) -> tuple[CurvePoint, ...]:
    return tuple(CurvePoint(1, f"Site {place}", *pair) for place, pair in enumerate(pairs))


@given(st.lists(st.tuples(estimates(-100), estimates(0)), min_size=2, max_size=40))
def test_everything_is_drawn_inside_its_panel(pairs):
    chart = draw(Curves("nps", {}, points(*pairs)), WORDS)
    for panel, (top, bottom) in zip(chart.panels, PANELS, strict=True):
        places = [tuple(map(float, place)) for place in re.findall(r"(-?[\d.]+) (-?[\d.]+)", panel.band + panel.line)]
        assert len(places) == 3 * len(pairs)
        assert all(chart.left <= x <= chart.right and top <= y <= bottom for x, y in places)
        assert [x for x, _, _ in panel.dots] == sorted(x for x, _, _ in panel.dots)


@pytest.mark.parametrize(
    ("measure", "low", "high", "ends"),
    [
        ("nps", -33.0, 8.0, ("+10", "−40")),
        ("overall", 61.0, 100.0, ("100%", "60%")),
        ("overall", 70.0, 70.0, ("80%", "70%")),
    ],
)
def test_a_scale_ends_at_whole_tens(measure, low, high, ends):
    same = Estimate(low, low, high), Estimate(50.0, 40.0, 60.0)
    panel = draw(Curves(measure, {}, points(same, same)), WORDS).panels[0]
    assert (panel.top_words, panel.bottom_words) == ends


def test_a_point_names_its_site_and_both_scores():
    pair = Estimate(30.0, 20.0, 40.0), Estimate(62.0, 45.0, 77.0)
    chart = draw(Curves("nps", {}, points(pair, pair)), WORDS)
    assert chart.panels[0].dots[1][2] == "Site 1 · clients +30 (+20 to +40) · teams 62% (45% to 77%)"
