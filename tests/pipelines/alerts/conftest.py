"""A world whose days show what a test says, and the house that is told of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines.alerts.alerting import AlertReport, alert
from pipelines.settings import Settings
from pipelines.warehouse import Warehouse
from pipelines.warehouse.network import synchronise_network
from pipelines.warehouse.tables import alert as alert_table
from pipelines.warehouse.tables import alert_event
from symetrie.alerts.finding import Cause, Finding

FIRST = date(2026, 11, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


@dataclass
class Seer:
    """A finder that sees what a test has put before it."""

    name: str = "seer"
    shown: dict[tuple[date, Cause], Finding] = field(default_factory=dict)
    asked: list[date] = field(default_factory=list)
    reach_days: int = 0

    def __call__(self, connection: sa.Connection, settings: Settings, days: Sequence[date]) -> list[Finding]:
        """What the days show."""
        self.asked += days
        return [finding for (on, _), finding in self.shown.items() if on in days]

    def show(
        self, cause: Cause, *numbers: int, severity: Any = 2, size: float | None = None, is_over: bool = False
    ) -> None:
        """Let days show a cause."""
        for number in numbers:
            evidence = {"answer_count": number, "source": "survey"}
            self.shown[day(number), cause] = Finding(day(number), cause, severity, size, evidence, is_over)

    def hide(self, cause: Cause, *numbers: int) -> None:
        """Let late data take it back."""
        for number in numbers:
            self.shown.pop((day(number), cause), None)


@dataclass
class Watch:
    """A warehouse with its settings, and one who looks at days."""

    warehouse: Warehouse
    settings: Settings
    seer: Seer

    def look(self, *numbers: int, until: int | None = None) -> AlertReport:
        """Look at some days."""
        last = day(until or max(numbers))
        return alert(self.warehouse, self.settings, [day(number) for number in numbers], last, [self.seer])

    def rows(self, *columns: Any) -> list[tuple[Any, ...]]:
        """What stands in a table, in the order of its texts."""
        with self.warehouse.reading() as connection:
            return sorted((tuple(row) for row in connection.execute(sa.select(*columns))), key=repr)

    def told(self) -> list[list[tuple[Any, ...]]]:
        """All that `mart` says of alerts."""
        return [self.rows(alert_table), self.rows(alert_event)]

    def states(self) -> list[tuple[int, str]]:
        """The day of November on which each alert opened, and how it stands."""
        found = self.rows(alert_table.c.opened_on, alert_table.c.state)
        return [((opened_on - FIRST).days + 1, state) for opened_on, state in found]


@pytest.fixture
def seer() -> Seer:
    return Seer()


@pytest.fixture
def watch(warehouse: Warehouse, configure: Callable[..., Settings], seer: Seer) -> Watch:
    """A house of two shops on each engine."""
    settings = configure(str(warehouse.engine.url))
    synchronise_network(warehouse, settings.network)
    return Watch(warehouse, settings, seer)
