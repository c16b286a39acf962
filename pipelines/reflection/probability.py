"""How probable it is that the label's criteria truly hold: a bootstrap over the respondents of both sides."""

from __future__ import annotations

from typing import Any

import pandas as pd
import sqlalchemy as sa
import structlog

from pipelines.reflection.day import Day
from pipelines.reflection.label import DIMENSION_KEYS
from pipelines.warehouse import Warehouse
from pipelines.warehouse.reflection import Published
from pipelines.warehouse.reflection_patterns import client_patterns, employee_patterns
from symetrie.label import LabelRule
from symetrie.label_probability import label_probability

log = structlog.get_logger(__name__)

STEP = 0.05
"""Probabilities are told in steps of this size: how the marks of one person go together would show in finer ones."""

MANY_UNITS = 500
"""Beyond so many the sites go without a probability: 12,500 of them take seven minutes of processor time."""


def label_probabilities(warehouse: Warehouse, connection: sa.Connection, day: Day, rule: LabelRule) -> dict[str, float]:
    """The probability of each unit whose employees' eleven scores are published to the answer, of enough people.

    In a network of more than 500 units, of those above the sites alone.
    """
    told = _exactly_told(day)
    if len(day.standing) > MANY_UNITS:
        told = told[~told["unit_id"].isin(day.sites)]
    found: dict[str, float] = {}
    for publication_id, scores in told.groupby("publication_id", sort=True):
        found |= _probabilities(warehouse, connection, day, day.published[str(publication_id)], scores, rule)
    return found


def _exactly_told(day: Day) -> pd.DataFrame:
    """The eleven scores of each unit of which all are told to the answer, and may be told even if all were alike."""
    floors = {id_: published.unanimity_floor for id_, published in day.published.items()}
    own = day.shown_figures[
        day.shown_figures["side"].eq("employee") & day.shown_figures["measure"].isin(DIMENSION_KEYS)
    ]
    exact = own[own["precision_count"].eq(0) & own["answer_count"].ge(own["publication_id"].map(floors))]
    return exact[exact.groupby("unit_id")["measure"].transform("nunique").eq(len(DIMENSION_KEYS))]


def _probabilities(
    warehouse: Warehouse,
    connection: sa.Connection,
    day: Day,
    published: Published,
    scores: pd.DataFrame,
    rule: LabelRule,
) -> dict[str, float]:
    with day.asked(warehouse, connection, scores["unit_id"].unique()) as asked:
        employees = employee_patterns(warehouse, connection, asked, published)
        clients = client_patterns(warehouse, connection, asked, day.as_of, day.client_days)
    of_clients = dict(list(clients.groupby("unit_id")))
    of_unit = dict(list(scores.groupby("unit_id")))
    found = {}
    for unit_id, patterns in employees.groupby("unit_id"):
        if not _add_up(patterns, of_unit[unit_id]):
            log.info("reflection.no_probability", unit_id=unit_id, reason="its figures leave answers out")
        elif unit_id in of_clients:
            share = label_probability(of_clients[unit_id], patterns, rule)
            if share is not None:
                found[str(unit_id)] = _coarse(share)
    return found


def _add_up(patterns: pd.DataFrame, scores: pd.DataFrame) -> bool:
    """Whether the people behind the patterns are those behind the published scores, to the answer."""
    told = scores.set_index("measure")
    people = patterns["respondent_count"]
    return all(
        _total(people[patterns[key].notna()]) == told["answer_count"][key]
        and _total(people[patterns[key].eq(1)]) == told["favourable_count"][key]
        for key in DIMENSION_KEYS
    )


def _total(people: pd.Series[Any]) -> int:
    return int(people.sum())


def _coarse(share: float) -> float:
    steps = round(1 / STEP)
    return round(share * steps) / steps
