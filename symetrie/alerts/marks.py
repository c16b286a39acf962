"""The marks that people and messages leave on an alert: they are never recomputed, and outlive what the data show."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias, get_args

from symetrie.alerts.finding import Severity

ActionName = Literal["acknowledge", "correct", "snooze", "close"]
Reason = Literal["opened", "worsened", "escalated", "recovered", "withdrawn"]
"""Why an alert stands in a message."""

ACTIONS: tuple[ActionName, ...] = get_args(ActionName)
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class Action:
    """What a person did about an alert, on their calendar day."""

    action_id: str
    opened_on: date  # of the alert as the person saw it
    name: ActionName
    acted_at: datetime
    acted_on: date
    until_on: date | None = None  # of a snooze: its last day
    severity: Severity | None = None  # as the person saw it
    size_points: float | None = None

    @property
    def on_date(self) -> date:
        """The day it is dated."""
        return self.acted_on

    @property
    def made_at(self) -> datetime:
        """The moment at which it was left."""
        return self.acted_at

    @property
    def place(self) -> str:
        """Its place among the marks of one day."""
        return f"{self.acted_at.isoformat()} {self.action_id}"


@dataclass(frozen=True, slots=True)
class Notice:
    """That an alert was told in a message about a business date."""

    opened_on: date  # of the alert as it was told
    reason: Reason
    business_date: date
    noticed_at: datetime
    severity: Severity | None = None  # as it was told
    size_points: float | None = None

    @property
    def on_date(self) -> date:
        """The day it is dated."""
        return self.business_date

    @property
    def made_at(self) -> datetime:
        """The moment at which it was left."""
        return self.noticed_at

    @property
    def place(self) -> str:
        """Its place among the marks of one day: before what people did on it."""
        return ""


Mark: TypeAlias = Action | Notice


def by_day(mark: Mark) -> tuple[date, str]:
    """Give what puts marks in the order of the days that they are dated, and on one day in that of their moments."""
    return mark.on_date, mark.place


def by_moment(mark: Mark) -> tuple[datetime, date, int, float]:
    """Give what puts marks in the order in which they were left: a later one never comes before an earlier one."""
    return mark.made_at, mark.opened_on, mark.severity or 0, mark.size_points or 0.0
