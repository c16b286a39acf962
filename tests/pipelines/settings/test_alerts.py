"""The follow-up of alerts: the method's days, and those of a house."""

from __future__ import annotations

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
