"""Tell the lives of some causes' alerts anew, and write what of it has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING

from pipelines.warehouse.alerts import Changes, chosen_causes, material, write_lives
from pipelines.warehouse.alerts_looked import looked_days
from pipelines.warehouse.tables import alert, alert_event
from symetrie.alerts.life import lives
from symetrie.alerts.living import Life

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.settings import Network, Settings
    from pipelines.warehouse import Warehouse

CAUSES_AT_ONCE = 25_000
"""Causes told in one go, to bound memory: about 10 kB each."""


@dataclass
class Told:
    """What telling lives anew has changed, over all the causes told so far."""

    new: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    opening_days: set[date] = field(default_factory=set)
    event_days: set[date] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)  # of the new alerts

    def add(self, changes: Changes, told: Mapping[str, Sequence[Life]]) -> None:
        """Take over what one portion of causes has changed."""
        self.new += changes.new
        self.gone += changes.gone
        self.differing += changes.differing
        self.opening_days |= changes.opening_days
        self.event_days |= changes.event_days
        new = set(changes.new)
        self.kinds.update(life.cause.kind for each in told.values() for life in each if life.alert_id in new)


def refold(
    warehouse: Warehouse, connection: sa.Connection, settings: Settings, cause_ids: Collection[str], until: date
) -> Told:
    """Tell the alerts of some causes anew, as of the morning after a business date, in the transaction under way."""
    looked, found, above = looked_days(connection), Told(), units_above(settings.network)
    for portion in _portions(sorted(cause_ids)):
        with chosen_causes(warehouse, connection, portion) as chosen:
            told = {
                cause_id: lives(
                    each.cause,
                    each.findings,
                    each.marks,
                    looked.get(each.finder or "", []),
                    settings.alerts.rules_of(each.cause.lane),
                    until,
                    partial(above, each.cause.unit_id),
                )
                for cause_id, each in material(connection, chosen).items()
            }
            found.add(write_lives(warehouse, connection, chosen, told), told)
    warehouse.only_changes(alert.c.opened_on, found.opening_days)
    warehouse.only_changes(alert_event.c.on_date, found.event_days)
    return found


def units_above(network: Network) -> Callable[[str, date], Sequence[str]]:
    """Give what tells the units above one on a day; none above one that the settings no longer know."""

    @cache
    def above(unit_id: str, day: date) -> Sequence[str]:
        found: list[str] = []
        current: str | None = unit_id
        while current in network.unit_ids and (current := network.unit(current, day).parent):
            found.append(current)
        return found

    return above


def _portions(cause_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(cause_ids), CAUSES_AT_ONCE):
        yield cause_ids[start : start + CAUSES_AT_ONCE]
