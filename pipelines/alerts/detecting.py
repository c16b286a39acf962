"""How large a fall of each unit must be to be found in time, from what is remembered of its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pipelines.alerts.signal_days import scale_of
from pipelines.warehouse.signals import remembered_before
from symetrie.signals.detectable import detectable_points
from symetrie.signals.packing import unpacked
from symetrie.signals.watch import Watch, needed_surprise

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.settings.alert_signals import AlertSignals


@dataclass(frozen=True)
class Detectable:
    """The smallest fall of a measure of a unit that four times of five is found in time; None where none is."""

    unit_id: str
    measure: str
    answers_a_day: float
    points: float | None


def detectable_falls(connection: sa.Connection, rules: AlertSignals, days: int) -> list[Detectable]:
    """Give it for every unit that has answers, in its measure with most of them; the busiest unit first."""
    _, kept = remembered_before(connection, date.max)
    found = []
    for each in kept.values():
        memory = unpacked(each)
        if memory is None:
            continue
        streams, names = memory
        scale = scale_of(names)
        watch = Watch(names.watched, scale, rules.smallest_points, rules.tolerance)
        needed = needed_surprise(streams, watch)
        points = scale * detectable_points(streams.rhythm, streams.level + streams.around, days, needed)
        busyness = streams.busyness.reshape(len(names.measures), -1)
        for at, unit_id in enumerate(names.units):
            measure = int(busyness[:, at].argmax())
            smallest = float(points[measure * len(names.units) + at])
            if busyness[measure, at] > 0:
                found.append(
                    Detectable(
                        unit_id,
                        names.measures[measure],
                        float(busyness[measure, at]),
                        None if smallest == float("inf") else max(smallest, rules.smallest_points),
                    )
                )
    return sorted(found, key=lambda each: (-each.answers_a_day, each.unit_id))
