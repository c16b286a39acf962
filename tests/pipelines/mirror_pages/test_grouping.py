"""The points of the curves: every site once, in the order of engagement, few enough for a telephone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.mirror_pages.grouping import curve_points, mean
from pipelines.mirror_pages.records import CurveSite, Estimate


def site(name: str, engaged: float, client: float = 50.0) -> CurveSite:
    return CurveSite(name, Estimate(client, client - 5, client + 5), Estimate(engaged, engaged - 9, engaged + 8))


def test_sites_come_from_the_least_engaged_team_to_the_most():
    points = curve_points([site("Nice", 60.0), site("Arras", 40.0), site("Lille", 50.0)])
    assert [point.name for point in points] == ["Arras", "Lille", "Nice"]


def test_forty_sites_are_drawn_one_by_one_and_more_in_twentieths():
    assert len(curve_points(site(f"{place}", place) for place in range(40))) == 40
    points = curve_points(site(f"{place}", place) for place in range(41))
    assert len(points) == 20
    assert {point.site_count for point in points} == {2, 3}
    assert {point.name for point in points} == {""}


@given(st.lists(st.floats(0, 100), max_size=300))
def test_every_site_counts_once_and_groups_are_of_one_size(engaged):
    points = curve_points(site(f"{place}", value) for place, value in enumerate(engaged))
    sizes = [point.site_count for point in points]
    assert sum(sizes) == len(engaged)
    assert len(points) <= 40
    assert max(sizes, default=0) - min(sizes, default=0) <= 1
    assert [point.engagement.score for point in points] == sorted(point.engagement.score for point in points)


def test_the_mean_of_four_sites_is_half_as_uncertain_as_one():
    assert mean([Estimate(50.0, 40.0, 56.0)] * 4) == Estimate(50.0, 45.0, 53.0)


def test_no_sites_make_no_points():
    assert curve_points([]) == ()
