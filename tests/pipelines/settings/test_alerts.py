"""Alerts as a house sets them: how they are followed up, and which are told of which units and measures."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from pipelines.settings import Settings
from symetrie.alerts.rules import RULES, Rules

Load = Callable[..., Settings]
Lines = Callable[..., list[str]]


def test_the_days_are_those_of_the_method_unless_the_house_sets_its_own(load: Load) -> None:
    """Of a lane what is left out stays as it was, and no house changes how a lane recovers."""
    usual = load().alerts
    assert {lane: usual.rules_of(lane) for lane in RULES} == dict(RULES)
    assert usual.look_back_days == 400
    own = load("alerts: {look_back_days: 91, follow_up: {case: {deadline_days: 2}, news: {escalate_late_days: []}}}\n")
    assert own.alerts.rules_of("case") == Rules("never", 2, (1, 3), 14)
    assert own.alerts.rules_of("news") == Rules("by_absence", 1, (), 28)
    assert own.alerts.look_back_days == 91


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("case: {deadline_days: -1}", "case.deadline_days: must be at least 0"),
        ("signal: {expires_days: 0}", "signal.expires_days: must be at least 1"),
        (
            "news: {escalate_late_days: [3, 1]}",
            (
                "news.escalate_late_days: must be whole days after the deadline, each later than the one before,"
                " as [1, 3]"
            ),
        ),
        ("news: {escalate_late_days: [0]}", None),
        ("cases: {deadline_days: 2}", "cases: is not a known key; did you mean 'case'?"),
    ],
)
def test_what_cannot_be_followed_up_is_refused(problems: Lines, keys: str, message: str | None) -> None:
    found = problems(f"alerts: {{follow_up: {{{keys}}}}}\n")
    assert len(found) == 1
    if message is not None:
        assert found == [f"symetrie.yaml:1: alerts.follow_up.{message}"]


def test_thresholds_and_lanes_are_those_of_the_last_override_that_fits(load: Load) -> None:
    """A kind of unit, a measure, or both; what an override leaves out stays as the ones before it say."""
    alerts = load("""\
network: {units: [{id: chain, timezone: Europe/Paris}, {id: shop, parent: chain}]}
alerts:
  signals: {smallest_points: 4}
  overrides:
    - {measures: [nps], smallest_points: 8}
    - {kinds: [site], lanes: [case, signal], smallest_points: 6}
    - {kinds: [site], measures: [ces], lanes: []}
""").alerts
    points = {
        (kind, key): alerts.smallest_points(kind, key)
        for kind in ("region", "site")
        for key in ("overall", "nps", "ces")
    }
    assert points == {
        ("region", "overall"): 4, ("region", "nps"): 8, ("region", "ces"): 4,
        ("site", "overall"): 6, ("site", "nps"): 6, ("site", "ces"): math.inf,
    }  # fmt: skip
    assert [alerts.is_told(lane, "site") for lane in ("case", "signal", "news")] == [True, True, False]
    assert all(alerts.is_told(lane, "region") for lane in ("case", "signal", "news"))


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("kinds: [site]", "says nothing; add lanes or smallest_points, or take it out"),
        ("measures: [nps], lanes: [case]", "has measures, which only signals have: its lanes can be [signal] or []"),
        ("smallest_points: 0", ".smallest_points: must be more than 0"),
        ("measures: [nsp], smallest_points: 5", ".measures[0]: 'nsp' is not a measure; did you mean 'nps'?"),
        ("kinds: [networks], lanes: []", ".kinds: there is no kind of unit 'networks'; did you mean 'network'?"),
    ],
)
def test_an_override_that_can_have_no_effect_is_refused(problems: Lines, override: str, message: str) -> None:
    [found] = problems(f"alerts:\n  overrides:\n    - {{{override}}}\n")
    assert found.startswith("symetrie.yaml:3: alerts.overrides[0]")
    assert found.endswith(message)
