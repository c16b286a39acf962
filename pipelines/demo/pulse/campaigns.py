"""When the teams of the demo are asked: every five weeks, from a Monday on, for two weeks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, takewhile

from pipelines.demo.plan import Plan

DAYS_BETWEEN, DAYS_OPEN = 35, 14  # three have closed and one is open after the usual 120 days
DAYS_BEFORE_THE_FIRST = 7
DAYS_AFTER_CLOSING = 3  # on which answers still come, too late

MONTHS = (
    "de janvier", "de février", "de mars", "d'avril", "de mai", "de juin", "de juillet", "d'août", "de septembre",
    "d'octobre", "de novembre", "de décembre",
)  # fmt: skip


@dataclass(frozen=True)
class DemoCampaign:
    """A campaign by its number, from 0 on."""

    number: int
    opens_on: date

    @property
    def closes_on(self) -> date:
        """The last day on which answers count."""
        return self.opens_on + timedelta(days=DAYS_OPEN - 1)

    @property
    def id(self) -> str:
        """Its identifier; no two open in one month."""
        return f"pouls-{self.opens_on:%Y-%m}"

    @property
    def name(self) -> str:
        """Its name for people."""
        return f"Pouls {MONTHS[self.opens_on.month - 1]} {self.opens_on.year}"


def campaign(plan: Plan, number: int) -> DemoCampaign:
    """Give a campaign of a demo."""
    first = plan.day(DAYS_BEFORE_THE_FIRST)
    monday = first + timedelta(days=-first.weekday() % 7)
    return DemoCampaign(number, monday + timedelta(days=number * DAYS_BETWEEN))


def opened(plan: Plan, until: date) -> list[DemoCampaign]:
    """List the campaigns that have opened by a day."""
    return list(takewhile(lambda each: each.opens_on <= until, _all(plan)))


def latest(plan: Plan, day: date) -> DemoCampaign | None:
    """Give the campaign that has opened last by a day."""
    return next(reversed(opened(plan, day)), None)


def _all(plan: Plan) -> Iterator[DemoCampaign]:
    return (campaign(plan, number) for number in count())
