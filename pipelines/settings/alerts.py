"""Alerts: how long they may wait, who hears of them then, and how far back days are looked at."""

import math
from typing import Annotated

from pydantic import AfterValidator, Field

from pipelines.settings.alert_cases import AlertCases
from pipelines.settings.alert_channels import AlertChannels
from pipelines.settings.alert_news import AlertNews
from pipelines.settings.alert_overrides import AlertOverrides
from pipelines.settings.alert_signals import AlertSignals
from pipelines.settings.entry import Entry
from symetrie.alerts.finding import Lane
from symetrie.alerts.rules import RULES, Rules


def _later_each(days: tuple[int, ...]) -> tuple[int, ...]:
    if any(later <= sooner for sooner, later in zip((0, *days), days, strict=False)):
        raise ValueError("must be whole days after the deadline, each later than the one before, as [1, 3]")
    return days


class FollowUp(Entry):
    """How the alerts of a lane are followed up; what is left out is as the method has it."""

    deadline_days: int | None = Field(
        default=None, ge=0, description="Days after the business date by which somebody should react."
    )
    escalate_late_days: Annotated[tuple[int, ...], AfterValidator(_later_each)] | None = Field(
        default=None,
        description="Days after the deadline on which an open alert reaches the parent unit, then its parent, …",
    )
    expires_days: int | None = Field(
        default=None, ge=1, description="Days after the business date after which an alert ends by itself."
    )

    def rules(self, lane: Lane) -> Rules:
        """Give the rules of a lane, with what the house has set for itself."""
        usual = RULES[lane]
        return Rules(
            usual.recovery,
            usual.deadline_days if self.deadline_days is None else self.deadline_days,
            usual.escalate_late_days if self.escalate_late_days is None else self.escalate_late_days,
            usual.expires_days if self.expires_days is None else self.expires_days,
        )


class FollowUps(Entry):
    """The follow-up of each lane."""

    case: FollowUp = Field(default=FollowUp(), description="One unhappy client.")
    signal: FollowUp = Field(default=FollowUp(), description="A measure that has moved.")
    news: FollowUp = Field(default=FollowUp(), description="No news, or too much of it.")


class Alerts(AlertCases, AlertChannels, AlertOverrides):
    """What is looked for, and what becomes of it."""

    signals: AlertSignals = Field(default=AlertSignals(), description="Measures of units that have really moved.")
    news: AlertNews = Field(default=AlertNews(), description="Absence: silence, surges, low participation.")
    follow_up: FollowUps = Field(default=FollowUps(), description="Deadline, escalation and end, by lane.")
    look_back_days: int = Field(
        default=400, ge=1, description="Days for which a change of what was answered is looked at again."
    )

    def smallest_points(self, kind: str, measure: str) -> float:
        """Give the size from which a fall is told of units of a kind and a measure; infinite where none ever is."""
        if not self.is_told("signal", kind, measure):
            return math.inf
        return self.own_smallest_points(kind, measure) or self.signals.smallest_points

    def rules_of(self, lane: Lane) -> Rules:
        """Give the rules of a lane."""
        follow_up: FollowUp = getattr(self.follow_up, lane)
        return follow_up.rules(lane)
