"""How large a fall of each unit must be to be found in time, from what is remembered of its days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from pipelines.alerts.signal_days import watch_of
from pipelines.warehouse.signals import remembered_before
from symetrie.signals.detectable import detectable_points
from symetrie.signals.packing import unpacked
from symetrie.signals.watch import needed_surprise

if TYPE_CHECKING:
    import sqlalchemy as sa

    from pipelines.settings import Settings


@dataclass(frozen=True)
class Detectable:
    """The smallest fall of a measure of a unit that four times of five is found in time; None where none is."""

    unit_id: str
    measure: str
    answers_a_day: float
    points: float | None


def detectable_falls(connection: sa.Connection, settings: Settings, days: int) -> list[Detectable]:
    """Give it for every unit that has answers, in its measure with most of them; the busiest unit first."""
    last, kept = remembered_before(connection, date.max)
    found = []
    for each in kept.values():
        memory = unpacked(each)
        if memory is None:
            continue
        streams, names = memory
        watch = watch_of(settings, last or date.max, names)
        needed = needed_surprise(streams, watch)
        found_from = watch.scale * detectable_points(streams.rhythm, streams.level + streams.around, days, needed)
        points = np.maximum(found_from, watch.smallest_points)
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
                        None if smallest == float("inf") else smallest,
                    )
                )
    return sorted(found, key=lambda each: (-each.answers_a_day, each.unit_id))
