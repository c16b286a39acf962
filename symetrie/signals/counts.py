"""The answers of one business date, rolled up to every unit of the network."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from symetrie.signals.network import Floats, Positions, Watched


@dataclass(frozen=True)
class Answers:
    """What came in on a day, a row per measure, unit and stratum that had answers.

    `unhappy` counts answers that are not favourable; of an NPS, detractors and half of the passives, so that the score
    is 100 (1 - 2 unhappy / answers).
    """

    day: date
    measure: Positions
    unit: Positions
    stratum: Positions
    answers: Floats
    unhappy: Floats


@dataclass(frozen=True)
class DayCounts:
    """A row per stream and stratum that had answers, those of everybody below a unit included."""

    stream: Positions
    group: Positions
    answers: Floats
    unhappy: Floats
    alike: Floats  # how many other answers of its own site and day an answer has, on average
    mix: Floats  # the mean level of those who answered, of everybody below the unit


def rolled_up(came: Answers, level: Floats, watched: Watched) -> DayCounts:
    """Add the answers of a day up over the network, and with them the levels of those who gave them.

    A region whose harshest site had a busy day is expected to do worse: that is its mix, not the region.
    """
    shape = (watched.measures, watched.units, watched.strata)
    cell = np.ravel_multi_index((came.measure, came.unit, came.stratum), shape)
    answers, unhappy = (_table(cell, each, shape) for each in (came.answers, came.unhappy))
    pairs, mix = answers * (answers - 1), np.zeros(shape)
    own = level.reshape(watched.measures, watched.units, 1)
    for children in watched.generations:
        above: Any = (slice(None), watched.parents[children])
        np.add.at(mix, above, mix[:, children] + answers[:, children] * own[:, children])
        for each in (answers, unhappy, pairs):
            np.add.at(each, above, each[:, children])
    measure, unit, stratum = np.nonzero(answers)
    came_in = answers[measure, unit, stratum]
    family = watched.family_of(came.day.weekday())[unit]
    return DayCounts(
        stream=measure * watched.units + unit,
        group=(measure * watched.families + family) * watched.strata + stratum,
        answers=came_in,
        unhappy=unhappy[measure, unit, stratum],
        alike=pairs[measure, unit, stratum] / came_in,
        mix=mix[measure, unit, stratum] / came_in,
    )


def _table(cell: Positions, values: Floats, shape: tuple[int, int, int]) -> Floats:
    return np.bincount(cell, values, math.prod(shape)).astype(np.float64).reshape(shape)
