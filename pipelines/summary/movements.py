"""What has moved: signals and news of a day, by unit and rolled up over its tree."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from pipelines.summary.alert_names import AlertNames
from pipelines.summary.figures import Movement, Movements, StandingAlert
from pipelines.summary.tree import Tree

SHOWN_ALERTS = 5

ByUnit = Mapping[str, Sequence[sa.Row[Any]]]


def movements(
    standing: Sequence[sa.Row[Any]],
    recovered: Sequence[sa.Row[Any]],
    tree: Tree,
    asked: Collection[str],
    names: AlertNames,
) -> Mapping[str, Movements]:
    """What has moved in the perimeter of each unit asked for, and above it; nothing where nothing has."""
    moved, over, signals = _rolled_up(standing, tree), _rolled_up(recovered, tree), _of_units(standing, "signal")

    def told(alert: sa.Row[Any]) -> StandingAlert:
        return _alert(alert, tree, names.addresses(alert.alert_id))

    def first(alerts: Sequence[sa.Row[Any]], unit_id: str) -> Iterator[Movement]:
        for together in islice(_together(alerts, unit_id), SHOWN_ALERTS):
            yield Movement(told(together[0]), len(together) - 1)

    found: dict[str, Movements] = {}
    for unit_id in asked:
        here, gone = moved.get(unit_id, ()), over.get(unit_id, ())
        above = [alert for each in tree.above.get(unit_id, ()) for alert in signals.get(each, ())]
        if here or gone or above:
            found[unit_id] = Movements(
                alert_count=len(here),
                first=tuple(first(here, unit_id)),
                recovered_count=len(gone),
                first_recovered=told(gone[0]) if gone else None,
                above_count=len(above),
                first_above=told(above[0]) if above else None,
            )
    return found


def _together(alerts: Sequence[sa.Row[Any]], own_unit_id: str) -> Iterator[Sequence[sa.Row[Any]]]:
    """The alerts of a perimeter in the order of the worst, its own one by one, those of a unit below together."""
    found: dict[tuple[str, str], list[sa.Row[Any]]] = defaultdict(list)
    for alert in alerts:
        found[alert.unit_id, alert.alert_id if alert.unit_id == own_unit_id else ""].append(alert)
    return iter(found.values())


def _rolled_up(alerts: Iterable[sa.Row[Any]], tree: Tree) -> ByUnit:
    """The alerts of each perimeter, in their order; those of units that the day no longer has are in none."""
    found: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    for alert in alerts:
        if alert.unit_id in tree.units:
            for unit_id in (alert.unit_id, *tree.above.get(alert.unit_id, ())):
                found[unit_id].append(alert)
    return found


def _of_units(alerts: Iterable[sa.Row[Any]], lane: str) -> ByUnit:
    found: dict[str, list[sa.Row[Any]]] = defaultdict(list)
    for alert in alerts:
        if alert.lane == lane:
            found[alert.unit_id].append(alert)
    return found


def _alert(alert: sa.Row[Any], tree: Tree, addresses: Mapping[str, str]) -> StandingAlert:
    return StandingAlert(
        alert_id=alert.alert_id,
        lane=alert.lane,
        kind=alert.kind,
        unit_id=alert.unit_id,
        unit_name=tree.units[alert.unit_id].name,
        measure=alert.measure,
        opened_on=alert.opened_on,
        state=alert.state,
        severity=alert.severity,
        size_points=alert.size_points,
        deadline_on=alert.deadline_on,
        evidence=json.loads(alert.evidence),
        addresses=addresses,
    )
