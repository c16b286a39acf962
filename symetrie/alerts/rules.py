"""How long an alert may wait, who hears of it then, and when it ends by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from symetrie.alerts.finding import Lane

Recovery = Literal["by_absence", "by_word", "never"]
"""By a day that was looked at and shows nothing, by a finding that says so, or never."""

NEAR_DAYS = 35
"""Late data move an opening by days, not by months: five weeks cover a month's file that comes a few days late."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The life of the alerts of a lane; days are counted from the business date that opened them."""

    recovery: Recovery
    deadline_days: int  # after the business date; 1 is "today" for whoever reads of it the next morning
    escalate_late_days: tuple[int, ...]  # after the deadline: to the parent, then to its parent, …
    expires_days: int

    def deadline(self, opened_on: date) -> date:
        """Give the last day on which somebody should have reacted.

        >>> RULES["case"].deadline(date(2026, 11, 20))
        datetime.date(2026, 11, 21)
        """
        return opened_on + timedelta(days=self.deadline_days)

    def escalation(self, opened_on: date, level: int) -> date:
        """Give the day on which an open alert reaches the unit so many levels above, from 1; IndexError where none.

        >>> [str(RULES["signal"].escalation(date(2026, 11, 1), level)) for level in (1, 2)]
        ['2026-11-08', '2026-11-15']
        """
        return self.deadline(opened_on) + timedelta(days=self.escalate_late_days[level - 1])

    def expiry(self, opened_on: date) -> date:
        """Give the day on which an alert ends if nobody and nothing else has ended it."""
        return opened_on + timedelta(days=self.expires_days)


RULES: Mapping[Lane, Rules] = MappingProxyType(
    {
        # "Correct today" (method, section 12); after two weeks a client no longer expects a call.
        "case": Rules("never", deadline_days=1, escalate_late_days=(1, 3), expires_days=14),
        # Seen by a week's end by whoever owns it, then a week for the next one up; after a quarter, the longest
        # window, the level has become the unit's own.
        "signal": Rules("by_word", deadline_days=6, escalate_late_days=(1, 8), expires_days=91),
        # What is missing is missed more every day; after four weeks it is no longer news.
        "news": Rules("by_absence", deadline_days=1, escalate_late_days=(1, 4), expires_days=28),
    }
)
"""The rules of the project [P]; a house may set its own days."""
